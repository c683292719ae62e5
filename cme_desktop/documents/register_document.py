"""A copy of both registers as a PDF: everybody on roll, every mark by class and week, every amended mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, LongTable, TableStyle

from cme_desktop.documents import house_style as look
from cme_desktop.documents.list_pages import Cell, build_list_pages, set_table
from cme_desktop.documents.wording import FormWording, write_clock, write_date
from cme_desktop.domain.day_names import month_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_ADMISSION: Final = (38, 32, 40, 42, 22)
_CORRECTIONS: Final = (44, 32, 14, 14, 70)
_NAME: Final = 46 * mm
_DAYS_ACROSS: Final = 20
"""Four weeks of school days stand beside each other."""
_HALF: Final = 3.2 * mm
_ROOM: Final = 40 * mm
_NO_MARK: Final = "."


@dataclass(frozen=True, slots=True)
class RegisteredChild:
    """A child of the admission register, each cell as its paragraphs."""

    cells: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ClassMarks:
    """A class's marks: ``rows`` are a name and a letter for each morning and afternoon of ``days``; "" is not due."""

    name: str
    days: tuple[date, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class RegisterPages:
    """What is printed: the days, both included, and what the registers hold of them; ``made_at`` is local."""

    school: str
    laestab: str
    first: date
    last: date
    made_at: datetime
    by: str
    children: tuple[RegisteredChild, ...]
    classes: tuple[ClassMarks, ...]
    corrections: tuple[tuple[str, ...], ...]


def render_registers(pages: RegisterPages, wording: FormWording, *, fonts: Path) -> bytes:
    """Set the registers on A4 pages; the same registers give the same bytes."""
    look.register_fonts(fonts)
    text = wording.text
    days = text["days"].format(first=write_date(pages.first), last=write_date(pages.last))
    lines = (
        text["school"].format(school=pages.school, laestab=pages.laestab) if pages.laestab else pages.school,
        days,
        text["made"].format(by=pages.by, on=write_date(pages.made_at.date()), at=write_clock(pages.made_at)),
        text["source"],
    )
    admission, corrections = wording.sections
    story: list[Flowable] = [look.set_text(wording.title, look.TITLE)]
    story += [look.set_text(line, look.BODY_SECOND) for line in lines]
    story += set_table(admission, wording, [child.cells for child in pages.children], widths=_ADMISSION)
    for one in pages.classes:
        story += _class(one, wording)
    rows: list[tuple[Cell, ...]] = [tuple((cell,) for cell in row) for row in pages.corrections]
    story += set_table(corrections, wording, rows, widths=_CORRECTIONS)
    foot = text["foot"].format(school=pages.school, days=days)
    return build_list_pages(story, title=wording.title, subject=days, foot=foot)


def _class(one: ClassMarks, wording: FormWording) -> Iterator[Flowable]:
    text = wording.text
    for start in range(0, len(one.days), _DAYS_ACROSS):
        days = one.days[start : start + _DAYS_ACROSS]
        yield CondPageBreak(_ROOM)
        heading = text["class"].format(name=one.name or text["no_class"])
        said = text["weeks"].format(first=write_date(days[0]), last=write_date(days[-1]))
        yield look.set_text(f"{heading}: {said}", look.HEADING)
        if start == 0:
            yield look.set_text(text["unmarked"], look.CAPTION)
        yield _grid(one, days, start)


def _grid(one: ClassMarks, days: Sequence[date], start: int) -> Flowable:
    head = ["", *(f"{day.day}" if half == 0 else "" for day in days for half in range(2))]
    months = ["", *_months(days)]
    rows = [
        [look.set_text(name, look.CELL_STRONG), *marks[2 * start : 2 * (start + len(days))]] for name, marks in one.rows
    ]
    table = LongTable([months, head, *rows], colWidths=[_NAME] + [_HALF] * (2 * len(days)), repeatRows=2, hAlign="LEFT")
    table.setStyle(TableStyle([*_LOOK, *_spans(days)]))
    return table


def _months(days: Sequence[date]) -> Iterator[str]:
    """The month over its first day, and nothing over the others."""
    for _, of_month in groupby(days, key=lambda day: (day.year, day.month)):
        first, *others = of_month
        yield month_name(first)
        yield from [""] * (2 * len(others) + 1)


def _spans(days: Sequence[date]) -> Iterator[tuple[object, ...]]:
    for at, day in enumerate(days):
        yield ("SPAN", (1 + 2 * at, 1), (2 + 2 * at, 1))
        if at and day.weekday() < days[at - 1].weekday():
            yield ("LINEBEFORE", (1 + 2 * at, 1), (1 + 2 * at, -1), 0.6, look.SECOND)


_LOOK: Final = (
    ("FONTNAME", (1, 0), (-1, -1), look.REGULAR),
    ("FONTSIZE", (1, 0), (-1, -1), 6.6),
    ("TEXTCOLOR", (1, 0), (-1, 1), look.SECOND),
    ("ALIGN", (1, 1), (-1, -1), "CENTER"),
    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 1.4),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8),
    ("LINEBELOW", (0, 1), (-1, -1), 0.3, look.LINE),
    ("LINEBELOW", (0, 1), (-1, 1), 0.8, look.INK),
)
