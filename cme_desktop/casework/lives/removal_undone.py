"""A removal from roll taken back, in words: given up before the name went, or undone after that."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from cme_desktop.casework.office import Office
from cme_desktop.casework.pupil_entry import clock_of, write_line
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import EventId
from cme_desktop.policy.endings import death_in
from cme_desktop.storage.events import WrittenEvent, list_events, retract_event
from cme_desktop.storage.removals import StoredRemoval

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def write_undone(
    db: Session, office: Office, removal: StoredRemoval, reason: str, *, answers: EventId | None
) -> EventId:
    """Write down that a removal is taken back, and with it the death that was written with it, but no other word of it.

    A removal taken back takes a death back; where somebody else has written the death down, the lines of the removal
    are struck out instead, so that the child is not asked after again.
    """
    undone = Event(EventKind.REMOVAL_UNDONE, office.today, clock_of(office, office.today))
    if not _has_died_otherwise(list_events(db, pupil_id=removal.pupil_id), removal):
        return write_line(db, office, removal.pupil_id, undone, words=reason, answers=answers)
    for event_id in (removal.proposed_event_id, removal.removed_event_id):
        if event_id is not None:
            retract_event(db, event_id, at=office.now(), by=office.user.id)
    note = replace(undone, kind=EventKind.NOTE)
    return write_line(db, office, removal.pupil_id, note, words=f"Removal taken back: {reason}", answers=answers)


def _has_died_otherwise(events: Iterable[WrittenEvent], removal: StoredRemoval) -> bool:
    """Whether the child's death is written down by another word than the proposal of this removal."""
    standing = (each for each in events if each.retracted_at is None)
    return (
        death_in(
            each.event
            for each in standing
            if not (each.event.kind is EventKind.DIED and each.answers == removal.proposed_event_id)
        )
        is not None
    )
