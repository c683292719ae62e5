"""One entry of a case: its event and its line in the journal, always written together."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.casework.office import Office
from cme_desktop.domain.cases import CaseStatus
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import ContactId, EventId
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.cases import CaseDetails
from cme_desktop.storage.events import add_event
from cme_desktop.storage.journal import write_journal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def write_entry(
    db: Session,
    office: Office,
    case: CaseDetails,
    event: Event,
    *,
    act: str,
    words: str = "",
    contact_id: ContactId | None = None,
) -> EventId:
    """Write what happened into the case, and into the journal who wrote it."""
    event_id = add_event(
        db,
        pupil_id=case.pupil_id,
        event=event,
        words=words,
        case_id=case.id,
        contact_id=contact_id,
        written_at=office.now(),
        written_by=office.user.id,
    )
    write_case_journal(db, office, case, act=act, event=event_id, kind=event.kind.value)
    return event_id


def write_act(
    db: Session,
    office: Office,
    case: CaseDetails,
    event: Event,
    *,
    act: str,
    words: str = "",
    contact_id: ContactId | None = None,
    details: Mapping[str, str] | None = None,
    parts: tuple[EventId, ...] = (),
    became: CaseStatus | None = None,
) -> None:
    """Write what a person did to the case so that they can take it back.

    ``parts`` are the entries already written that belong to the same act; ``became`` is the status it gave the case,
    where it gave one.
    """
    event_id = add_event(
        db, pupil_id=case.pupil_id, event=event, words=words, case_id=case.id, contact_id=contact_id,
        details=details, written_at=office.now(), written_by=office.user.id,
    )  # fmt: skip
    was = "" if event.kind is EventKind.CASE_OPENED else case.status.value
    cases = () if became is None else ((int(case.id), was, became.value),)
    undo = act_details(pupils=(case.pupil_id,), events=(*parts, event_id), cases=cases)
    write_case_journal(db, office, case, act=act, event=event_id, kind=event.kind.value, **undo)


def write_case_journal(db: Session, office: Office, case: CaseDetails, *, act: str, **details: object) -> None:
    """Write into the journal that somebody did something to the case."""
    write_journal(db, at=office.now(), by=office.user.id, act=act, subject=case.number, details=details)


def event_now(
    kind: EventKind,
    office: Office,
    *,
    about: str | None = None,
    choice: str | None = None,
    reason: str | None = None,
) -> Event:
    """Make an event that happens at this minute."""
    clock = office.local_now.time().replace(second=0, microsecond=0)
    return Event(kind, office.today, clock, about=about, choice=choice, reason=reason)


def refuse_future(day: date, office: Office) -> date:
    """Give the day back; refuse one that is still to come."""
    if day > office.today:
        raise BadInputError("This day is still to come.", remedy="Enter the day on which it happened.")
    return day


def changes_to(case: CaseDetails) -> Changes:
    """Say that the case and its pupil's history changed."""
    return Changes.to(Area.CASES, Area.EVENTS, pupil=case.pupil_id, case=case.id)
