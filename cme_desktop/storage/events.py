"""What happened to a pupil, as lines that are only ever added; undoing strikes a line out and keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from enum import Enum
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cme_desktop.domain.events import (
    AttemptOutcome,
    Destination,
    EnquiryResult,
    Event,
    EventKind,
    Form,
    Method,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.identifiers import CaseId, ContactId, EventId, PupilId
from cme_desktop.policy.endings import death_in
from cme_desktop.storage.ready_statements import ReadyInsert
from cme_desktop.storage.tables import PupilEventRow, UserRow

_ADD_EVENT: Final = ReadyInsert(PupilEventRow)
_OF_EVERY_EVENT: Final = frozenset({"kind", "on", "at"})
_FACT_FIELDS: Final = tuple(field.name for field in fields(Event) if field.name not in _OF_EVERY_EVENT)
_FACTS: Final = tuple(name.rstrip("_") for name in _FACT_FIELDS)
_facts_in: Final = attrgetter(*_FACT_FIELDS)
_DATES: Final = frozenset({
    "expected_back", "from_", "until", "leaving_on", "review_on", "meeting_on",
})  # fmt: skip
_ENUMS: Final[dict[str, type[Enum]]] = {
    "with_": With, "method": Method, "who": Recipient, "return_": ReturnKind, "destination": Destination, "form": Form,
}  # fmt: skip
_OUTCOMES: Final[dict[EventKind, type[Enum]]] = {
    EventKind.CONTACT_ATTEMPT: AttemptOutcome,
    EventKind.HOME_VISIT: VisitOutcome,
    EventKind.JOINT_ENQUIRIES: EnquiryResult,
}


@dataclass(frozen=True, slots=True)
class WrittenEvent:
    """An event as it stands in the records: the words beside it, the contact and number used, who wrote it and when.

    ``details`` is what a screen keeps beside the rules' facts, ``answers`` the line this one answers.
    ``retracted_at`` is set where it was struck out.
    """

    id: EventId
    pupil_id: PupilId
    event: Event
    words: str
    contact_id: ContactId | None
    number_used: str
    case_id: CaseId | None
    written_at: datetime
    written_by: int | None
    written_by_name: str
    retracted_at: datetime | None
    details: Mapping[str, str] = field(default_factory=dict)
    answers: EventId | None = None


def add_event(
    db: Session,
    *,
    pupil_id: int,
    event: Event,
    words: str = "",
    case_id: int | None = None,
    contact_id: int | None = None,
    number_used: str = "",
    details: Mapping[str, str] | None = None,
    answers: int | None = None,
    written_at: datetime,
    written_by: int | None,
) -> EventId:
    """Write down that something happened."""
    row = {
        "pupil_id": pupil_id, "case_id": case_id, "contact_id": contact_id, "kind": event.kind.value,
        "happened_on": event.on, "happened_at": event.at.isoformat() if event.at else None,
        "facts": facts_of(event), "words": words, "number_used": number_used,
        "details": dict(details) if details else None, "answers_id": answers,
        "written_at": written_at, "written_by": written_by, "retracted_at": None, "retracted_by": None,
    }  # fmt: skip
    return EventId(_ADD_EVENT.run(db, row))


def list_events(db: Session, *, pupil_id: int, since: date | None = None) -> tuple[WrittenEvent, ...]:
    """List what happened to a pupil, in the order it happened, struck-out lines too."""
    query = _events().where(PupilEventRow.pupil_id == pupil_id)
    return tuple(_written(row) for row in db.execute(_since(query, since)))


def load_event(db: Session, event_id: int) -> WrittenEvent:
    """Read one event."""
    return _written(db.execute(_events().where(PupilEventRow.id == event_id)).one())


def find_events(db: Session, event_ids: Iterable[int]) -> dict[int, WrittenEvent]:
    """Read these events, by their number; one that is not there is left out."""
    wanted = tuple(event_ids)
    return {row[0].id: _written(row) for row in db.execute(_events().where(PupilEventRow.id.in_(wanted)))}


def load_events_by_pupil(db: Session, *, since: date | None) -> dict[PupilId, tuple[Event, ...]]:
    """Read every event that stands, by pupil, each pupil's in the order they happened."""
    return _by_pupil(db, _since(_standing(), since))


def list_standing_events(db: Session, *, pupil_id: int) -> tuple[Event, ...]:
    """Read every event of a pupil that stands, in the order they happened."""
    query = _since(_standing().where(PupilEventRow.pupil_id == pupil_id), None)
    return _by_pupil(db, query).get(PupilId(pupil_id), ())


def load_deaths(db: Session) -> dict[PupilId, date]:
    """Read on which day each child died of whom that is written down, and not taken back."""
    told = PupilEventRow.kind.in_((EventKind.DIED.value, EventKind.REMOVAL_UNDONE.value))
    found = _by_pupil(db, _since(_standing().where(told), None))
    days = {pupil_id: death_in(events) for pupil_id, events in found.items()}
    return {pupil_id: on for pupil_id, on in days.items() if on is not None}


def retract_event(db: Session, event_id: int, *, at: datetime, by: int | None) -> None:
    """Strike an event out; its line stays."""
    standing = (PupilEventRow.id == event_id, PupilEventRow.retracted_at.is_(None))
    db.execute(update(PupilEventRow).where(*standing).values(retracted_at=at, retracted_by=by))


def is_answered(db: Session, event_ids: tuple[EventId, ...]) -> bool:
    """Whether a line that stands, none of these, answers one of these."""
    row = PupilEventRow
    answer = (row.answers_id.in_(event_ids), row.id.not_in(event_ids), row.retracted_at.is_(None))
    return db.scalar(select(row.id).where(*answer).limit(1)) is not None


def restore_event(db: Session, event_id: int) -> None:
    """Let a line that was struck out stand again: the act that struck it out was taken back."""
    db.execute(update(PupilEventRow).where(PupilEventRow.id == event_id).values(retracted_at=None, retracted_by=None))


def facts_of(event: Event) -> dict[str, Any]:
    """Give what an event says beside its kind and moment, as JSON holds it; what was not said is left out."""
    return {name: _as_json(value) for name, value in zip(_FACTS, _facts_in(event), strict=True) if value is not None}


def event_from(kind: str, *, on: date, at: str | None, facts: Mapping[str, Any]) -> Event:
    """Read an event back from its columns."""
    known = EventKind(kind)
    values = {_field(name): _from_json(known, _field(name), value) for name, value in facts.items()}
    return Event(known, on, time.fromisoformat(at) if at else None, **values)


def _field(name: str) -> str:
    return name + "_" if name in {"with", "from", "return"} else name


def _as_json(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _from_json(kind: EventKind, field: str, value: Any) -> Any:
    if field in _DATES:
        return date.fromisoformat(value)
    if field == "to":
        return Recipient(value) if kind is EventKind.REFERRED else date.fromisoformat(value)
    if field == "outcome":
        return _OUTCOMES[kind](value)
    return _ENUMS[field](value) if field in _ENUMS else value


def _standing() -> Any:
    row = PupilEventRow
    columns = select(row.pupil_id, row.kind, row.happened_on, row.happened_at, row.facts)
    return columns.where(row.retracted_at.is_(None), row.pupil_id.is_not(None))


def _by_pupil(db: Session, query: Any) -> dict[PupilId, tuple[Event, ...]]:
    found: defaultdict[PupilId, list[Event]] = defaultdict(list)
    for pupil_id, kind, on, at, facts in db.execute(query):
        found[PupilId(pupil_id)].append(event_from(kind, on=on, at=at, facts=facts))
    return {pupil_id: tuple(events) for pupil_id, events in found.items()}


def _events() -> Any:
    return select(PupilEventRow, UserRow.name).outerjoin(UserRow, UserRow.id == PupilEventRow.written_by)


def _since(query: Any, since: date | None) -> Any:
    if since is not None:
        query = query.where(PupilEventRow.happened_on >= since)
    # An event of which only the day is known counts at the day's close, after those with a time.
    return query.order_by(PupilEventRow.happened_on, PupilEventRow.happened_at.asc().nulls_last(), PupilEventRow.id)


def _written(row: Any) -> WrittenEvent:
    line, name = row
    return WrittenEvent(
        EventId(line.id),
        PupilId(line.pupil_id),
        event_from(line.kind, on=line.happened_on, at=line.happened_at, facts=line.facts),
        line.words,
        None if line.contact_id is None else ContactId(line.contact_id),
        line.number_used,
        None if line.case_id is None else CaseId(line.case_id),
        line.written_at,
        line.written_by,
        name or "",
        line.retracted_at,
        line.details or {},
        None if line.answers_id is None else EventId(line.answers_id),
    )
