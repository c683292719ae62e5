"""The three lists of a register inspection as a PDF: one table to each, who made them, when, and of which days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from reportlab.platypus import Flowable

from cme_desktop.documents import house_style as look
from cme_desktop.documents.list_pages import Cell, build_list_pages, set_table
from cme_desktop.documents.wording import FormSection, FormWording, write_date

_WIDTHS: Final = {4: (48, 30, 48, 48), 5: (44, 44, 32, 28, 26)}
"""The columns of a table by how many there are, in millimetres; the first is the child's."""


@dataclass(frozen=True, slots=True)
class ListedChild:
    """A child of a list with one or more entries, each told column by column."""

    name: str
    about: str
    entries: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class InspectionPages:
    """What is printed: the days, both included, since when there are records, and each list by its name in the form."""

    school: str
    laestab: str
    first: date
    last: date
    records_begin: date
    made_on: date
    by: str
    lists: Mapping[str, tuple[ListedChild, ...]]


def render_lists(pages: InspectionPages, wording: FormWording, *, fonts: Path) -> bytes:
    """Set the lists on A4 pages; the same lists give the same bytes."""
    look.register_fonts(fonts)
    text = wording.text
    days = text["days"].format(first=write_date(pages.first), last=write_date(pages.last))
    lines = [
        text["school"].format(school=pages.school, laestab=pages.laestab) if pages.laestab else pages.school,
        days,
        text["begin"].format(begin=write_date(pages.records_begin)) if pages.first < pages.records_begin else "",
        text["made"].format(by=pages.by, on=write_date(pages.made_on)),
        text["source"],
    ]
    story: list[Flowable] = [look.set_text(wording.title, look.TITLE)]
    story += [look.set_text(line, look.BODY_SECOND) for line in lines if line]
    for section in wording.sections:
        story += _list(pages.lists.get(section.holds, ()), section, wording)
    foot = text["foot"].format(school=pages.school, days=days)
    return build_list_pages(story, title=wording.title, subject=days, foot=foot)


def _list(children: tuple[ListedChild, ...], section: FormSection, wording: FormWording) -> list[Flowable]:
    rows: list[tuple[Cell, ...]] = []
    for child in children:
        for place, entry in enumerate(child.entries):
            who: Cell = (child.name, child.about) if place == 0 else ("",)
            rows.append((who, *((value,) for value in entry)))
    counted = FormSection(section.holds, f"{section.heading}: {len(children)}", section.note, columns=section.columns)
    return set_table(counted, wording, rows, widths=_WIDTHS[len(section.columns)])
