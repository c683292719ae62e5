"""The pupils move up on the new year's first day, with the first look at the list."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.rights import Right
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.new_years import NewYearAct, NewYearNote, change_pupil, keep_note, list_new_years, stands

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@needs(Right.SET_UP)
def move_up_when_due(office: Office) -> Changes:
    """Move the pupils up whose new year has begun; one whose class somebody changed meanwhile keeps that class."""
    with office.database.reading() as db:
        due = [act.id for act in list_new_years(db) if _is_due(act, office.today)]
    for act_id in due:
        with office.database.transaction() as db:
            act = next(one for one in list_new_years(db) if one.id == act_id)
            waiting = len(act.note.waiting)
            moved = move_up(db, act.note)
            keep_note(db, act.id, act.note)
            write_journal(
                db, at=office.now(), by=office.user.id, act="pupils_moved_up", subject=f"school year {act.year}",
                details={"id": act.id, "moved": moved, "left_as_they_are": waiting - moved},
            )  # fmt: skip
    return Changes(frozenset({Area.PUPILS, Area.FLAGS})) if due else Changes()


def _is_due(act: NewYearAct, on: date) -> bool:
    return act.undone_at is None and bool(act.note.waiting) and act.note.moves_on <= on


def move_up(db: Session, note: NewYearNote) -> int:
    """Move those up who still are where they were when the year was set up, and say how many."""
    moved = [change for change in note.waiting if stands(db, change.pupil_id, change.before)]
    for change in moved:
        change_pupil(db, change.pupil_id, change.after)
    note.changed += moved
    note.waiting = []
    return len(moved)
