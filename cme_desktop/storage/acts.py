"""The last act of a user that may be taken back, read from the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from cme_desktop.domain.identifiers import EventId, UserId
from cme_desktop.storage.tables import JournalRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

UNDO: Final = "undo"


@dataclass(frozen=True, slots=True)
class Act:
    """What one journal entry wrote, so that it can be taken back.

    ``numbers`` holds each number's id with the quality it had; ``reviews`` the words of the head; ``tasks`` the steps
    added, ``ended`` those ended. ``cases`` holds each case's id, the status it had ("" before it was opened) and the
    one it was given; ``duties`` the notes that a duty of the school was done; ``papers`` the papers kept.
    ``struck`` are the lines that the act itself struck out: they stand again once it is taken back.
    """

    journal_id: int
    act: str
    at: datetime
    pupils: tuple[int, ...]
    events: tuple[EventId, ...]
    numbers: tuple[tuple[int, str], ...]
    reviews: tuple[int, ...]
    tasks: tuple[int, ...]
    ended: tuple[int, ...] = ()
    cases: tuple[tuple[int, str, str], ...] = ()
    duties: tuple[int, ...] = ()
    papers: tuple[int, ...] = ()
    struck: tuple[EventId, ...] = ()


def act_details(
    *,
    pupils: tuple[int, ...],
    events: tuple[EventId, ...] = (),
    numbers: tuple[tuple[int, str], ...] = (),
    reviews: tuple[int, ...] = (),
    tasks: tuple[int, ...] = (),
    ended: tuple[int, ...] = (),
    cases: tuple[tuple[int, str, str], ...] = (),
    duties: tuple[int, ...] = (),
    papers: tuple[int, ...] = (),
    struck: tuple[EventId, ...] = (),
) -> dict[str, Any]:
    """Write an act as the journal's details: ids only, never a name."""
    details: dict[str, Any] = {"undoable": True, "pupils": list(pupils), "events": list(events)}
    if numbers:
        details["numbers"] = [list(number) for number in numbers]
    if reviews:
        details["reviews"] = list(reviews)
    if tasks:
        details["tasks"] = list(tasks)
    if ended:
        details["ended"] = list(ended)
    if cases:
        details["cases"] = [list(case) for case in cases]
    if duties:
        details["duties"] = list(duties)
    if papers:
        details["papers"] = list(papers)
    if struck:
        details["struck"] = list(struck)
    return details


def find_last_act(db: Session, *, by: UserId, since: datetime) -> Act | None:
    """Find the user's latest act since the moment that can be taken back and has not been."""
    wanted = (
        select(JournalRow).where(JournalRow.by == by, JournalRow.at >= since).order_by(JournalRow.id.desc()).limit(500)
    )
    undone: set[int] = set()
    for row in db.scalars(wanted):
        if row.act == UNDO:
            undone.add(row.details["of"])
        elif row.details.get("undoable") and row.id not in undone:
            return _act_of(row)
    return None


def _act_of(row: JournalRow) -> Act:
    details = row.details
    return Act(
        journal_id=row.id,
        act=row.act,
        at=row.at,
        pupils=tuple(details["pupils"]),
        events=tuple(EventId(event) for event in details["events"]),
        numbers=tuple((number, quality) for number, quality in details.get("numbers", ())),
        reviews=tuple(details.get("reviews", ())),
        tasks=tuple(details.get("tasks", ())),
        ended=tuple(details.get("ended", ())),
        cases=tuple((case, was, became) for case, was, became in details.get("cases", ())),
        duties=tuple(details.get("duties", ())),
        papers=tuple(details.get("papers", ())),
        struck=tuple(EventId(event) for event in details.get("struck", ())),
    )
