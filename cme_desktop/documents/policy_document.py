"""A school's policy as a PDF to read and print: its clauses in order, its steps as a table, who adopted it and when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    LongTable,
    PageTemplate,
    Paragraph,
    TableStyle,
)

from cme_desktop.documents import house_style as look
from cme_desktop.documents.wording import FormSection, FormWording
from cme_desktop.policy import policy_in_words as words
from cme_desktop.policy.parameters import Parameters
from cme_desktop.policy.school_policy import SchoolPolicy, Treatment

_ROOM_UNDER_HEADING: Final = 32 * mm
_LONGEST_CELL: Final = 1400
"""Longer words run on into a further row: a row never splits, and must fit on a page."""

_TOP: Final = 16 * mm
_FOOT_LINE: Final = 9.6
_ROW_LOOK: Final = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ("TOPPADDING", (0, 0), (-1, -1), 4.6),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4.6),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, look.LINE),
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, look.INK),
    ("BOTTOMPADDING", (0, 0), (-1, 0), 2.5),
    ("TOPPADDING", (0, 0), (-1, 0), 2),
)


@dataclass(frozen=True, slots=True)
class PolicyPages:
    """A policy and what is printed about it: ``version`` in words, since when, by whom, why, or that it is a draft."""

    policy: SchoolPolicy
    law: Parameters
    version: str
    adopted: str
    by: str
    why: str
    is_draft: bool


def render_policy(pages: PolicyPages, wording: FormWording, *, fonts: Path) -> bytes:
    """Set the policy on A4 pages; the same policy gives the same bytes."""
    look.register_fonts(fonts)
    story = [*_title(pages, wording)]
    for section in wording.sections:
        story += _PARTS[section.holds](pages, section, wording)
    into = BytesIO()
    template = BaseDocTemplate(
        into, pagesize=(look.PAGE_WIDTH, look.PAGE_HEIGHT), title=pages.policy.title, subject=pages.policy.document,
        creator="CME Desktop", lang="en-GB", invariant=1, pageCompression=1, allowSplitting=1,
    )  # fmt: skip
    bottom = look.FOOT + 3 * _FOOT_LINE
    frame = Frame(
        look.MARGIN, bottom, look.TEXT_WIDTH, look.PAGE_HEIGHT - _TOP - bottom, leftPadding=0, rightPadding=0,
        topPadding=0, bottomPadding=0,
    )  # fmt: skip
    template.addPageTemplates([PageTemplate("page", [frame])])
    version = f"{pages.version}. {pages.adopted}".strip(" .")
    foot = wording.text["foot"].format(title=pages.policy.title, version=version)

    def make_canvas(*args: Any, **options: Any) -> _CountedCanvas:
        return _CountedCanvas(*args, foot=foot, **{**options, "initialFontName": look.REGULAR})

    template.build(story, canvasmaker=make_canvas)
    return into.getvalue()


class _CountedCanvas(Canvas):  # type: ignore[misc]  # the PDF library has no types
    """Keeps every page until the last is known, so that each can say how many there are."""

    def __init__(self, *args: Any, foot: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.setViewerPreference("DisplayDocTitle", "true")
        self._words = foot
        self._kept: list[dict[str, Any]] = []

    def showPage(self) -> None:  # noqa: N802  the library's own name
        """Keep the page for later."""
        self._kept.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Finish every page, then the file."""
        for number, page in enumerate(self._kept, start=1):
            self.__dict__.update(page)
            self._draw_foot(number, of=len(self._kept))
            super().showPage()
        super().save()

    def _draw_foot(self, number: int, *, of: int) -> None:
        right = look.PAGE_WIDTH - look.MARGIN
        self.setStrokeColor(look.LINE)
        self.setLineWidth(0.5)
        self.line(look.MARGIN, look.FOOT + 11, right, look.FOOT + 11)
        count = f"Page {number} of {of}"
        width = look.measure(count, font=look.STRONG, size=7.5)
        self.setFillColor(look.SECOND)
        said = look.shorten(self._words, font=look.REGULAR, size=7.5, width=look.TEXT_WIDTH - width - 12)
        look.draw_text(self, said, x=look.MARGIN, y=look.FOOT, font=look.REGULAR, size=7.5)
        self.setFillColor(look.INK)
        look.draw_text(self, count, x=right - width, y=look.FOOT, font=look.STRONG, size=7.5)


# -- the parts ---------------------------------------------------------------------------------------------------


def _title(pages: PolicyPages, wording: FormWording) -> list[Flowable]:
    policy, text = pages.policy, wording.text
    lines = [
        text["subtitle"].format(document=policy.document),
        ". ".join(part for part in (pages.version, pages.adopted) if part),
        ". ".join(part for part in (pages.by, text["why"].format(why=pages.why) if pages.why else "") if part),
        text["draft"] if pages.is_draft else "",
        policy.about,
        text["law"],
    ]
    title = look.set_text(wording.title.format(title=policy.title), look.TITLE)
    return [title, *(look.set_text(line, look.BODY_SECOND) for line in lines if line)]


def _clauses(pages: PolicyPages, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = []
    for clause in pages.policy.clauses:
        does = [clause.program]
        if clause.treatment is Treatment.SUPERSEDED:
            does = [f"Superseded. {clause.because}", *does]
        if clause.rules:
            does.append(words.say_rules(pages.policy, clause.rules))
        rows.append(((clause.title,), (clause.says,), tuple(does)))
    return _table(section, wording, rows, widths=(38, 68, 68))


def _steps(pages: PolicyPages, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = [
        (
            (_capital(words.say_trigger(step)), f"Clause: {words.say_clauses(pages.policy, step.clauses)}"),
            (step.title, step.duty.what, f"Ends with: {step.settled_by}"),
            (
                _capital(step.duty.by.in_words),
                f"to: {words.say_recipient(step.duty.recipient)}" if step.duty.recipient else "",
            ),
            (_capital(words.say_due(step)), f"Urgency: {words.say_severity(step.severity)}"),
        )
        for step in pages.policy.steps
    ]
    return _table(section, wording, rows, widths=(52, 66, 28, 28), strong=1)


def _standing(pages: PolicyPages, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = [
        (
            (_capital(duty.interval.in_words), f"Clause: {words.say_clauses(pages.policy, duty.clauses)}"),
            (duty.title, duty.duty.what),
            (_capital(duty.duty.by.in_words),),
            (duty.settled_by,),
        )
        for duty in pages.policy.standing
    ]
    return _table(section, wording, rows, widths=(40, 62, 28, 44), strong=1)


def _numbers(pages: PolicyPages, section: FormSection, wording: FormWording) -> list[Flowable]:
    rows = []
    for number in pages.policy.stricter:
        parameter = pages.law.by_name.get(number.parameter)
        law = words.say_law(parameter) if parameter else ""
        unit = words.say_unit(parameter.unit) if parameter else ""
        clause = words.say_clauses(pages.policy, (number.clause,))
        rows.append(
            ((words.name_of_number(number, pages.law),), (f"{number.value} {unit}".strip(),), (law,), (clause,))
        )
    return _table(section, wording, rows, widths=(44, 28, 70, 32))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_PARTS: Final[dict[str, Callable[[PolicyPages, FormSection, FormWording], list[Flowable]]]] = {
    "clauses": _clauses,
    "steps": _steps,
    "standing": _standing,
    "numbers": _numbers,
}

_Cell = tuple[str, ...]
"""Paragraphs of one cell: the first in the ink, the others in the second ink."""


def _table(
    section: FormSection, wording: FormWording, rows: Sequence[tuple[_Cell, ...]], *, widths: tuple[int, ...],
    strong: int = 0,
) -> list[Flowable]:  # fmt: skip
    under = [CondPageBreak(_ROOM_UNDER_HEADING), look.set_text(section.heading, look.HEADING)]
    if not rows:
        return [*under, look.set_text(wording.text["nothing"], look.BODY_SECOND)]
    if section.note:
        under.append(look.set_text(section.note, look.CAPTION))
    head = [look.set_text(column, look.HEAD_CELL) for column in section.columns]
    set_rows = [
        [_set_cell(cell, strong=at == strong) for at, cell in enumerate(part)]
        for row in rows
        for part in _short_rows(row)
    ]
    table = LongTable([head, *set_rows], colWidths=[width * mm for width in widths], repeatRows=1)
    table.setStyle(TableStyle([*_ROW_LOOK]))
    return [*under, table]


def _set_cell(cell: _Cell, *, strong: bool) -> Flowable:
    first, *others = [part for part in cell if part] or [""]
    style = look.CELL_STRONG if strong else look.CELL
    marked = [look.mark_up(first, font=style.fontName)]
    colour = f"#{look.SECOND.hexval()[2:]}"
    marked += [
        f'<font name="{look.REGULAR}" color="{colour}">{look.mark_up(part, font=look.REGULAR)}</font>'
        for part in others
    ]
    return Paragraph("<br/>".join(marked), style)


def _short_rows(row: tuple[_Cell, ...]) -> list[tuple[_Cell, ...]]:
    """Break a row whose words would not fit on one page into several."""
    pieces = [_pieces(cell) for cell in row]
    most = max(len(cell) for cell in pieces)
    return [tuple(cell[at] if at < len(cell) else ("",) for cell in pieces) for at in range(most)]


def _pieces(cell: _Cell) -> list[_Cell]:
    if sum(map(len, cell)) <= _LONGEST_CELL:
        return [cell]
    return [(piece,) for part in cell for piece in _cut(part)]


def _cut(text: str) -> list[str]:
    found = []
    while len(text) > _LONGEST_CELL:
        at = text.rfind(" ", 0, _LONGEST_CELL)
        at = at if at > 0 else _LONGEST_CELL
        found.append(text[:at])
        text = text[at:].lstrip()
    return [*found, text]
