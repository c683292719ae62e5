"""One act about a pupil: its lines in the history and its line in the journal, always written together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time
from typing import TYPE_CHECKING

from cme_desktop.casework.case_entry import refuse_future
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import journal_act
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, MissingFactsError
from cme_desktop.domain.events import Event
from cme_desktop.domain.identifiers import EventId, PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.cases import find_open_case
from cme_desktop.storage.events import add_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@needs(Right.WORK_ON_ROLL)
def record_happening(
    office: Office,
    *,
    pupil_id: PupilId,
    event: Event,
    act: str,
    words: str = "",
    details: Mapping[str, str] | None = None,
    answers: EventId | None = None,
) -> Changes:
    """Write down one thing that happened to a pupil, never one still to come; it can be taken back."""
    refuse_moment_ahead(event, office)
    with office.database.transaction() as db:
        event_id = write_line(db, office, pupil_id, event, words=words, details=details, answers=answers)
        journal_act(db, office, act, (pupil_id,), events=(event_id,))
    return Changes.to(Area.EVENTS, pupil=pupil_id)


def write_line(
    db: Session,
    office: Office,
    pupil_id: PupilId,
    event: Event,
    *,
    words: str = "",
    details: Mapping[str, str] | None = None,
    answers: EventId | None = None,
) -> EventId:
    """Write a line of the pupil's history, into the open case where there is one; the journal is the caller's."""
    case = find_open_case(db, pupil_id)
    said = {name: text.strip() for name, text in (details or {}).items() if text.strip()}
    return add_event(
        db, pupil_id=pupil_id, event=event, words=words.strip(), case_id=None if case is None else case.id,
        details=said, answers=answers, written_at=office.now(), written_by=office.user.id,
    )  # fmt: skip


def refuse_moment_ahead(event: Event, office: Office) -> None:
    """Refuse an event that is still to come."""
    refuse_future(event.on, office)
    if event.at is not None and event.moment > office.local_now:
        raise BadInputError("This time is still to come.", remedy="Enter the time at which it happened.")


@needs(Right.WORK_ON_ROLL)
def clock_of(office: Office, on: date) -> time | None:
    """The minute to write beside a day: now for today, none for an earlier day."""
    return office.local_now.time().replace(second=0, microsecond=0) if on == office.today else None


def require(title: str, facts: Mapping[str, object]) -> None:
    """Refuse with the names of the facts that are empty."""
    missing = tuple(name for name, value in facts.items() if not (value.strip() if isinstance(value, str) else value))
    if missing:
        raise MissingFactsError(title, missing=missing, remedy="Fill them in and save again.")
