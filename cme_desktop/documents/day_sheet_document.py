"""The sheet of one day's work as a PDF: what was written down, how far the journal had come, and room to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Spacer, Table, TableStyle

from cme_desktop.documents import house_style as look
from cme_desktop.documents.list_pages import Cell, build_list_pages, set_table
from cme_desktop.documents.wording import FormWording, write_clock, write_date

_WIDTHS: Final = (14, 16, 40, 62, 42)
_GROUP: Final = 8


@dataclass(frozen=True, slots=True)
class SheetEntry:
    """One entry of the journal, as it stands in a row."""

    number: int
    at: datetime
    who: str
    what: str
    about: str


@dataclass(frozen=True, slots=True)
class DaySheet:
    """What is printed; ``head_number`` and ``head_hash`` say how far the journal had come by ``made_at`` (local)."""

    school: str
    laestab: str
    day: date
    by: str
    made_at: datetime
    entries: tuple[SheetEntry, ...]
    head_number: int
    head_hash: str


def render_day_sheet(sheet: DaySheet, wording: FormWording, *, fonts: Path) -> bytes:
    """Set the sheet on A4 pages; the same sheet gives the same bytes."""
    look.register_fonts(fonts)
    text, day = wording.text, write_date(sheet.day)
    made = sheet.made_at
    lines = (
        text["school"].format(school=sheet.school, laestab=sheet.laestab) if sheet.laestab else sheet.school,
        text["day"].format(day=day),
        text["made"].format(by=sheet.by, on=write_date(made.date()), at=write_clock(made)),
    )
    story: list[Flowable] = [look.set_text(wording.title, look.TITLE)]
    story += [look.set_text(line, look.BODY_SECOND) for line in lines]
    rows: list[tuple[Cell, ...]] = [
        ((str(one.number),), (write_clock(one.at),), (one.who,), (one.what,), (one.about,)) for one in sheet.entries
    ]
    (section,) = wording.sections
    story += set_table(section, wording, rows, widths=_WIDTHS, strong=3)
    story.append(KeepTogether([*_anchor(sheet, wording), *_room_to_sign(wording)]))
    return build_list_pages(
        story, title=wording.title, subject=day, foot=text["foot"].format(school=sheet.school, day=day)
    )  # fmt: skip


def group_hash(text: str) -> str:
    """Write a hash in groups of eight, so that it can be compared by eye."""
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def _anchor(sheet: DaySheet, wording: FormWording) -> list[Flowable]:
    text = wording.text
    return [
        Spacer(1, 6 * mm),
        look.set_text(text["anchor"].format(number=sheet.head_number), look.BODY),
        Spacer(1, 1.5 * mm),
        look.set_text(group_hash(sheet.head_hash), look.BODY_STRONG),
        Spacer(1, 1.5 * mm),
        look.set_text(text["anchor_use"], look.CAPTION),
    ]


def _room_to_sign(wording: FormWording) -> list[Flowable]:
    text = wording.text
    labels = [look.set_text(text[name], look.HEAD_CELL) for name in ("signed", "signature", "date")]
    table = Table([["", "", ""], labels] * 2, colWidths=[70 * mm, 70 * mm, 34 * mm], rowHeights=[14 * mm, 6 * mm] * 2)
    lines = [("LINEBELOW", (0, row), (-1, row), 0.6, look.INK) for row in (0, 2)]
    table.setStyle(TableStyle([*lines, ("LEFTPADDING", (0, 0), (-1, -1), 0), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return [Spacer(1, 4 * mm), table]
