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
FINAL: Final = "final"
"""In a journal entry's details: an act that is never taken back by a key, nor is anything done before it."""


@dataclass(frozen=True, slots=True)
class Act:
    """What one journal entry wrote, so that it can be taken back.

    ``numbers`` holds each number's id with the quality it had; ``reviews`` the words of the head; ``tasks`` the steps
    added, ``ended`` those ended. ``cases`` holds each case's id, the status it had ("" before it was opened) and the
    one it was given; ``duties`` the notes that a duty of the school was done; ``papers`` the papers kept.
    ``columns`` holds a pupil's id, a column and what it held, a day or None; ``entered`` the pupils entered;
    ``reports`` what was written into reports from outside; ``contacts`` the contacts added;
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
    columns: tuple[tuple[int, str, str | None], ...] = ()
    entered: tuple[int, ...] = ()
    reports: tuple[tuple[int, str], ...] = ()
    struck: tuple[EventId, ...] = ()
    contacts: tuple[int, ...] = ()


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
    columns: tuple[tuple[int, str, str | None], ...] = (),
    entered: tuple[int, ...] = (),
    reports: tuple[tuple[int, str], ...] = (),
    struck: tuple[EventId, ...] = (),
    contacts: tuple[int, ...] = (),
) -> dict[str, Any]:
    """Write an act as the journal's details: ids only, never a name."""
    details: dict[str, Any] = {"undoable": True, "pupils": list(pupils), "events": list(events)}
    lists: dict[str, tuple[Any, ...]] = {
        "numbers": numbers, "reviews": reviews, "tasks": tasks, "ended": ended, "cases": cases, "duties": duties,
        "papers": papers, "columns": columns, "entered": entered, "reports": reports, "struck": struck,
        "contacts": contacts,
    }  # fmt: skip
    for name, each in lists.items():
        if each:
            details[name] = [list(one) if isinstance(one, tuple) else one for one in each]
    return details


def find_last_act(db: Session, *, by: UserId, since: datetime) -> Act | None:
    """Find the user's latest act since the moment that can be taken back and has not been.

    An act that is final hides those before it: whoever asks to undo it must not undo something else unawares.
    """
    wanted = (
        select(JournalRow).where(JournalRow.by == by, JournalRow.at >= since).order_by(JournalRow.id.desc()).limit(500)
    )
    undone: set[int] = set()
    for row in db.scalars(wanted):
        if row.act == UNDO:
            undone.add(row.details["of"])
        elif row.details.get(FINAL):
            return None
        elif row.details.get("undoable") and row.id not in undone:
            return _act_of(row)
    return None


def is_final_since(db: Session, act: Act) -> bool:
    """Whether somebody, whoever it was, has done something final about one of the act's pupils since."""
    return any(details.get(FINAL) for details in _details_since(db, act))


def are_columns_altered_since(db: Session, act: Act) -> bool:
    """Whether somebody has written a column anew that the act wrote, and that stands."""
    own = {(pupil, column) for pupil, column, _ in act.columns}
    return any(
        own & {(pupil, column) for pupil, column, _ in details.get("columns", ())}
        for details in _details_since(db, act)
    )


def _details_since(db: Session, act: Act) -> list[dict[str, Any]]:
    """Read what was done about the act's pupils since and was not taken back."""
    later = db.execute(
        select(JournalRow.id, JournalRow.act, JournalRow.subject, JournalRow.details).where(
            JournalRow.id > act.journal_id
        )
    ).all()
    undone = {row.details["of"] for row in later if row.act == UNDO}
    subjects = {f"pupil:{pupil}" for pupil in act.pupils}
    return [row.details for row in later if row.subject in subjects and row.id not in undone]


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
        columns=tuple((pupil, column, was) for pupil, column, was in details.get("columns", ())),
        entered=tuple(details.get("entered", ())),
        reports=tuple((report, step) for report, step in details.get("reports", ())),
        struck=tuple(EventId(event) for event in details.get("struck", ())),
        contacts=tuple(details.get("contacts", ())),
    )
