"""The journal's entries about one pupil as items of a pack: who did what and when, without the names beside the act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from cme_desktop.casework.held.item import HeldItem, Section
from cme_desktop.casework.in_words import say_clock
from cme_desktop.casework.journal_reading import read_whole
from cme_desktop.documents.wording import write_short_date

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.storage.journal_entries import EntryRead

_TABLES: Final = {
    "events": "pupil_event", "struck": "pupil_event", "tasks": "task", "ended": "task", "papers": "paper",
    "contacts": "contact", "reports": "outside_report", "cases": "case_file", "sharing": "sharing",
    "requests": "information_request",
}  # fmt: skip


def read_journal_items(db: Session, pupil_id: int, people: Mapping[int, str]) -> list[HeldItem]:
    """Tell every entry about the pupil; whom else it was about is not told."""
    del people
    items = []
    for entry, line in read_whole(db, pupil_id=pupil_id):
        who = f"{line.by}, {line.role}" if line.role else line.by
        when = f"{write_short_date(line.at.date())}, {say_clock(line.at)}"
        lines = (("When", when), ("Who", who))
        items.append(
            HeldItem(
                f"journal:{entry.number}", Section.JOURNAL, line.said, line.at.date(), lines, tells=tells_of(entry)
            )
        )
    return items


def tells_of(entry: EntryRead) -> tuple[str, ...]:
    """Name the items of a pack that an entry tells of."""
    found = [f"{table}:{_first(one)}" for name, table in _TABLES.items() for one in _listed(entry, name)]
    if "document" in entry.details:
        found.append(f"document:{entry.details['document']}")
    kind, _, number = entry.subject.partition(":")
    if kind == "report" and number.isdigit():
        found.append(f"outside_report:{number}")
    return tuple(dict.fromkeys(found))


def _listed(entry: EntryRead, name: str) -> list[Any]:
    listed = entry.details.get(name)
    return listed if isinstance(listed, list) else []


def _first(one: Any) -> Any:
    return one[0] if isinstance(one, list) else one
