"""Pages of headed tables about one thing, in a form’s words: a pack, the sharing log, a breach, the journal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Spacer

from cme_desktop.documents import house_style as look
from cme_desktop.documents.list_pages import Cell, build_list_pages, set_table
from cme_desktop.documents.wording import FormWording

_WIDTHS: Final = {
    2: (52, 122),
    3: (27, 52, 95),
    4: (27, 36, 62, 49),
    5: (22, 52, 34, 40, 26),
    6: (34, 28, 28, 28, 28, 28),
}
"""The columns of a table by how many there are, in millimetres."""

_STRONG: Final = {6: 0, 4: 2, 2: 0}
_ROOM_UNDER_HEADING: Final = 64 * mm
"""A heading goes to the next page rather than stand alone: a first row is often tall."""


@dataclass(frozen=True, slots=True)
class RecordPages:
    """What is printed: lines under the title, the rows of each section by what it holds, and lines at the end.

    A section of the form that ``tables`` does not name is left out. ``subject`` and ``foot`` name no child.
    """

    lines: tuple[str, ...]
    tables: Mapping[str, tuple[tuple[Cell, ...], ...]]
    subject: str
    foot: str
    closing: tuple[str, ...] = ()


def render_record(pages: RecordPages, wording: FormWording, *, fonts: Path) -> bytes:
    """Set the pages on A4; the same record gives the same bytes."""
    look.register_fonts(fonts)
    story: list[Flowable] = [look.set_text(wording.title, look.TITLE)]
    story += [look.set_text(line, look.BODY_SECOND) for line in pages.lines if line]
    for section in wording.sections:
        if section.holds in pages.tables:
            rows = pages.tables[section.holds]
            columns = len(section.columns)
            story.append(CondPageBreak(_ROOM_UNDER_HEADING))
            story += set_table(
                section, wording, rows, widths=_WIDTHS[columns], strong=_STRONG.get(columns, 1)
            )  # fmt: skip
    if pages.closing:
        story.append(Spacer(1, 14))
        story += [look.set_text(line, look.BODY) for line in pages.closing]
    return build_list_pages(story, title=wording.title, subject=pages.subject, foot=pages.foot)
