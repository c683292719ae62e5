"""Pages of tables to read and print: a title, headed tables whose rows never split, a foot that counts the pages."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
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

Cell = tuple[str, ...]
"""Paragraphs of one cell: the first in the ink, the others in the second ink."""

_ROOM_UNDER_HEADING: Final = 32 * mm
_LONGEST_CELL: Final = 1400
"""Longer words run on into a further row: a row never splits, and must fit on a page."""

_TOP: Final = 16 * mm
_FOOT_LINE: Final = 9.6
_GAP: Final = 8
_ROW_LOOK: Final = (
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), _GAP),
    ("TOPPADDING", (0, 0), (-1, -1), 4.6),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 4.6),
    ("LINEBELOW", (0, 0), (-1, -1), 0.4, look.LINE),
    ("LINEBELOW", (0, 0), (-1, 0), 0.8, look.INK),
    ("BOTTOMPADDING", (0, 0), (-1, 0), 2.5),
    ("TOPPADDING", (0, 0), (-1, 0), 2),
)


def build_list_pages(story: list[Flowable], *, title: str, subject: str, foot: str) -> bytes:
    """Lay the story out on A4 pages, ``foot`` under each; the same story gives the same bytes."""
    into = BytesIO()
    template = BaseDocTemplate(
        into, pagesize=(look.PAGE_WIDTH, look.PAGE_HEIGHT), title=title, subject=subject, creator="CME Desktop",
        lang="en-GB", invariant=1, pageCompression=1, allowSplitting=1,
    )  # fmt: skip
    bottom = look.FOOT + 3 * _FOOT_LINE
    frame = Frame(
        look.MARGIN, bottom, look.TEXT_WIDTH, look.PAGE_HEIGHT - _TOP - bottom, leftPadding=0, rightPadding=0,
        topPadding=0, bottomPadding=0,
    )  # fmt: skip
    template.addPageTemplates([PageTemplate("page", [frame])])

    def make_canvas(*args: Any, **options: Any) -> _CountedCanvas:
        return _CountedCanvas(*args, foot=foot, **{**options, "initialFontName": look.REGULAR})

    template.build(story, canvasmaker=make_canvas)
    return into.getvalue()


def set_table(
    section: FormSection, wording: FormWording, rows: Sequence[tuple[Cell, ...]], *, widths: tuple[int, ...],
    strong: int = 0,
) -> list[Flowable]:  # fmt: skip
    """Set a headed table with a column to each width, in millimetres; the section's word for none where it is empty."""
    under = [CondPageBreak(_ROOM_UNDER_HEADING), look.set_text(section.heading, look.HEADING)]
    if not rows:
        return [*under, look.set_text(wording.text["nothing"], look.BODY_SECOND)]
    if section.note:
        under.append(look.set_text(section.note, look.CAPTION))
    head = [look.set_text(column, look.HEAD_CELL) for column in section.columns]
    set_rows = [
        [_set_cell(cell, width=widths[at] * mm - _GAP, strong=at == strong) for at, cell in enumerate(part)]
        for row in rows
        for part in _short_rows(row)
    ]
    table = LongTable([head, *set_rows], colWidths=[width * mm for width in widths], repeatRows=1)
    table.setStyle(TableStyle([*_ROW_LOOK]))
    return [*under, table]


def _set_cell(cell: Cell, *, width: float, strong: bool) -> Flowable:
    style = look.CELL_STRONG if strong else look.CELL
    said = [look.break_words(part, font=style.fontName, size=style.fontSize, width=width) for part in cell if part]
    first, *others = said or [""]
    marked = [look.mark_up(first, font=style.fontName)]
    colour = f"#{look.SECOND.hexval()[2:]}"
    marked += [
        f'<font name="{look.REGULAR}" color="{colour}">{look.mark_up(part, font=look.REGULAR)}</font>'
        for part in others
    ]
    return Paragraph("<br/>".join(marked), style)


def _short_rows(row: tuple[Cell, ...]) -> list[tuple[Cell, ...]]:
    """Break a row whose words would not fit on one page into several."""
    pieces = [_pieces(cell) for cell in row]
    most = max(len(cell) for cell in pieces)
    return [tuple(cell[at] if at < len(cell) else ("",) for cell in pieces) for at in range(most)]


def _pieces(cell: Cell) -> list[Cell]:
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
