"""What the office does about a child who is expected or has just started, each act one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives.new_pupil import StartAgreement, refuse_unfit_birth, refuse_unfit_start, write_agreement
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import (
    clock_of,
    record_happening,
    refuse_moment_ahead,
    require,
    write_line,
)
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Destination, Event, EventKind, Form, Recipient, ReturnKind, VisitOutcome
from cme_desktop.domain.identifiers import EventId, PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.entries import set_days
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import PupilDetails, load_pupil

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

NEVER_STARTED: Final = "england.never-started"
_ORDERS: Final = frozenset({EventKind.ORDER_MADE, EventKind.ORDER_REVOKED, EventKind.ORDER_CONSENT})


class MissingFact(Enum):
    """A fact of the register that may be missing: its column, and how the office says it."""

    BORN = ("born", "date of birth")
    STARTING_DAY = ("starting_day", "starting day")

    @property
    def column(self) -> str:
        """The column that holds it."""
        return self.value[0]

    @property
    def in_words(self) -> str:
        """What the office says."""
        return self.value[1]


class JoinerWay(Enum):
    """How the authority hears of a joiner."""

    SCHOOL2SCHOOL = "Entered in school2school"
    FORM = "Form SR2b sent"
    WORD = "Told by telephone or e-mail"


@dataclass(frozen=True, slots=True)
class Meeting:
    """What came of a meeting before admission; ``start`` where a first day was agreed at it."""

    on: date
    words: str
    start: StartAgreement | None = None
    has_consented: bool = False


@needs(Right.WORK_ON_ROLL)
def agree_start(office: Office, *, pupil_id: PupilId, start: StartAgreement, why: str = "") -> Changes:
    """Agree a starting day, or another one before it has come: from that day the child is on roll, come or not."""
    refuse_unfit_start(start, office)
    if start.day is None:
        raise BadInputError("The starting day is missing.", remedy="Enter the day that was agreed.")
    with office.database.transaction() as db:
        pupil = load_pupil(db, pupil_id)
        _refuse_started(pupil, office)
        refuse_unfit_birth(office, born=pupil.born, starting_day=start.day)
        if pupil.starting_day is not None:
            require("The starting day can’t be changed yet.", {"why it is changed": why})
        events = write_agreement(db, office, pupil_id, start, why=why)
        _set_days(db, office, pupil, act="start agreed", events=events, starting_day=start.day)
    return _changes(pupil_id)


@needs(Right.WORK_ON_ROLL)
def give_up_place(
    office: Office,
    *,
    pupil_id: PupilId,
    said_by: str,
    where_to: str,
    destination: Destination,
    confirmed: bool = False,
    words: str = "",
) -> Changes:
    """Write down that a place is not taken up: the child is never on roll, and followed until taught elsewhere."""
    facts = {"who said so": said_by}
    if destination is not Destination.UNKNOWN:
        facts["where the child goes"] = where_to
    require("The place can’t be given up yet.", facts)
    if confirmed and destination is Destination.UNKNOWN:
        raise BadInputError("An unknown place can’t be confirmed.", remedy="Say where the child goes.")
    event = Event(
        EventKind.LEAVING, office.today, clock_of(office, office.today), leaving_on=office.today,
        destination=destination, confirmed=confirmed,
    )  # fmt: skip
    details = {"said_by": said_by, "where_to": where_to, "place": "not taken up"}
    with office.database.transaction() as db:
        pupil = load_pupil(db, pupil_id)
        _refuse_started(pupil, office)
        event_id = write_line(
            db, office, pupil_id, event, words=_say_given_up(said_by, where_to, words), details=details
        )
        last = office.today if pupil.starting_day is None else pupil.starting_day - timedelta(days=1)
        _set_days(db, office, pupil, act="place given up", events=(event_id,), left_on=last)
    return _changes(pupil_id)


@needs(Right.WORK_ON_ROLL)
def record_arrival_elsewhere(office: Office, *, pupil_id: PupilId, on: date, by: str, where: str) -> Changes:
    """Write down that another school, or whoever teaches the child, confirmed that the child is there."""
    require("This can’t be saved yet.", {"who confirmed it": by, "where the child is": where})
    words = f"{where.strip()}, said by {by.strip()}."
    event = Event(EventKind.ARRIVAL_CONFIRMED, on, clock_of(office, on))
    return record_happening(
        office, pupil_id=pupil_id, event=event, act="arrival confirmed", words=words,
        details={"by": by, "where": where},
    )  # fmt: skip


@needs(Right.WORK_ON_ROLL)
def send_new_pupil_return(office: Office, *, pupil_id: PupilId, on: date, reference: str, words: str = "") -> Changes:
    """Write down that the new pupil return went to the authority, under its reference."""
    event = Event(
        EventKind.RETURN_SENT, on, clock_of(office, on), return_=ReturnKind.NEW_PUPIL,
        reference=reference.strip() or None,
    )  # fmt: skip
    return record_happening(office, pupil_id=pupil_id, event=event, act="new pupil return", words=words)


@needs(Right.WORK_ON_ROLL)
def enter_joiner(office: Office, *, pupil_id: PupilId, way: JoinerWay, on: date, reference: str = "") -> Changes:
    """Write down that a joiner was entered, and how the authority heard of it on that day."""
    at = clock_of(office, on)
    entered = Event(EventKind.JOINER_ENTERED, on, at)
    told = (
        Event(EventKind.FORM_SENT, on, at, form=Form.SR2B)
        if way is JoinerWay.FORM
        else Event(EventKind.TOLD, on, at, who=Recipient.AUTHORITY_CME, reference=reference.strip() or None)
    )
    refuse_moment_ahead(entered, office)
    with office.database.transaction() as db:
        events = (
            write_line(db, office, pupil_id, entered),
            write_line(db, office, pupil_id, told, words=way.value, details={"reference": reference}),
        )
        _journal(db, office, "joiner entered", pupil_id, events)
    return Changes.to(Area.EVENTS, pupil=pupil_id)


@needs(Right.WORK_ON_ROLL)
def record_order(office: Office, *, pupil_id: PupilId, kind: EventKind, on: date, words: str = "") -> Changes:
    """Write down that an attendance order names this school, was revoked, or that the parent agrees to the place."""
    if kind not in _ORDERS:
        raise RefusedError("This is not about an order.", remedy="Write a note instead.")
    meeting_on = None if kind is EventKind.ORDER_CONSENT else on
    event = Event(kind, on, clock_of(office, on), meeting_on=meeting_on)
    return record_happening(office, pupil_id=pupil_id, event=event, act=kind.value.replace("_", " "), words=words)


@needs(Right.WORK_ON_ROLL)
def book_meeting(office: Office, *, pupil_id: PupilId, on: date, words: str = "") -> Changes:
    """Book the meeting before admission for a day."""
    if on < office.today:
        raise BadInputError("This day has passed.", remedy="Write the meeting down as held or missed.")
    event = Event(EventKind.MEETING_BOOKED, office.today, clock_of(office, office.today), meeting_on=on)
    return record_happening(office, pupil_id=pupil_id, event=event, act="meeting booked", words=words)


@needs(Right.WORK_ON_ROLL)
def hold_meeting(office: Office, *, pupil_id: PupilId, meeting: Meeting) -> Changes:
    """Write down a meeting before admission, with the start and the consent that came of it, in one act."""
    require("The meeting can’t be saved yet.", {"what was said": meeting.words})
    at = clock_of(office, meeting.on)
    held = Event(EventKind.MEETING_HELD, meeting.on, at, meeting_on=meeting.on)
    refuse_moment_ahead(held, office)
    if meeting.start is not None:
        refuse_unfit_start(meeting.start, office)
    with office.database.transaction() as db:
        pupil = load_pupil(db, pupil_id)
        events = [write_line(db, office, pupil_id, held, words=meeting.words)]
        if meeting.has_consented:
            events.append(write_line(db, office, pupil_id, Event(EventKind.ORDER_CONSENT, meeting.on, at)))
        if meeting.start is None or meeting.start.day is None:
            _journal(db, office, "meeting held", pupil_id, tuple(events))
            return Changes.to(Area.EVENTS, pupil=pupil_id)
        _refuse_started(pupil, office)
        refuse_unfit_birth(office, born=pupil.born, starting_day=meeting.start.day)
        events += write_agreement(db, office, pupil_id, meeting.start, why="Agreed at the meeting before admission.")
        _set_days(db, office, pupil, act="meeting held", events=tuple(events), starting_day=meeting.start.day)
    return _changes(pupil_id)


@needs(Right.WORK_ON_ROLL)
def miss_meeting(office: Office, *, pupil_id: PupilId, on: date, words: str = "") -> Changes:
    """Write down that the parent did not come to the meeting before admission."""
    event = Event(EventKind.MEETING_MISSED, on, clock_of(office, on), meeting_on=on)
    return record_happening(office, pupil_id=pupil_id, event=event, act="meeting missed", words=words)


@needs(Right.WORK_ON_ROLL)
def record_visit(office: Office, *, pupil_id: PupilId, on: date, outcome: VisitOutcome, words: str) -> Changes:
    """Write down a visit to the home of a child who did not come."""
    event = Event(EventKind.HOME_VISIT, on, clock_of(office, on), outcome=outcome)
    return record_happening(office, pupil_id=pupil_id, event=event, act="home visit", words=words)


@needs(Right.WORK_ON_ROLL)
def decide(office: Office, *, pupil_id: PupilId, about: str, choice: str, reason: str) -> Changes:
    """Write down what was decided about a child who did not come: a police welfare check, or how to go on."""
    require("The decision can’t be saved yet.", {"what was decided": choice, "why": reason})
    event = Event(
        EventKind.DECISION, office.today, clock_of(office, office.today), about=about, choice=choice.strip(),
        reason=reason.strip(),
    )  # fmt: skip
    return record_happening(office, pupil_id=pupil_id, event=event, act="decision")


@needs(Right.WORK_ON_ROLL)
def supply_fact(office: Office, *, pupil_id: PupilId, fact: MissingFact, day: date, source: str) -> Changes:
    """Supply a date of birth or a starting day that the register lacks; how it is known is written down."""
    require("The fact can’t be saved yet.", {"how it is known": source})
    if day > office.today:
        refused = "This day is still to come." if fact is MissingFact.BORN else "This starting day is still to come."
        raise BadInputError(refused, remedy="Enter the day as the papers give it.")
    with office.database.transaction() as db:
        pupil = load_pupil(db, pupil_id)
        if pupil.awaits_start and fact is MissingFact.STARTING_DAY:
            raise RefusedError(
                "The starting day is not agreed yet.", detail="Nothing was saved.", remedy="Agree it with the parent."
            )
        if getattr(pupil, fact.column) is not None:
            raise RefusedError(
                f"The {fact.in_words} is recorded already.",
                detail="Nothing was saved.",
                remedy="Correct it in the school’s system and import the pupils again.",
            )
        days = {"born": pupil.born, "starting_day": pupil.starting_day} | {fact.column: day}
        refuse_unfit_birth(office, born=days["born"], starting_day=days["starting_day"])
        note = Event(EventKind.NOTE, office.today, clock_of(office, office.today))
        words = f"The {fact.in_words} was supplied. Known from: {source.strip()}"
        event_id = write_line(db, office, pupil_id, note, words=words, details={"fact": fact.column})
        _set_days(db, office, pupil, act="fact supplied", events=(event_id,), **{fact.column: day})
    return _changes(pupil_id)


# -- private -----------------------------------------------------------------------------------------------------


def _refuse_started(pupil: PupilDetails, office: Office) -> None:
    """Refuse to alter a start that has come: the name is on the register, whether or not the child came."""
    if pupil.gave_up_place:
        raise RefusedError(
            "The place was given up.", detail="Nothing was saved.", remedy="Enter the child again as a new pupil."
        )
    if pupil.awaits_start or (pupil.starting_day is not None and pupil.starting_day > office.today):
        return
    raise RefusedError(
        "The starting day has come.",
        detail="From that day the child is on roll, present or not, and the name is not taken off again like this.",
        remedy="Follow the absence up. A name leaves the register only on a ground of the law, under Removal.",
    )


def _say_given_up(said_by: str, where_to: str, words: str) -> str:
    to = f" The child goes to: {where_to.strip()}." if where_to.strip() else " Where to is not known."
    return f"The place is not taken up, said by {said_by.strip()}.{to} {words.strip()}".strip()


def _set_days(
    db: Session, office: Office, pupil: PupilDetails, *, act: str, events: tuple[EventId, ...], **days: date | None
) -> None:
    """Write a pupil's days and the journal's line; a day of birth stands in no journal, and is supplied only once."""
    columns = tuple((int(pupil.id), name, _as_text(getattr(pupil, name))) for name in days)
    set_days(db, pupil.id, **days)
    _journal(db, office, act, pupil.id, events, columns=columns)


def _as_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _journal(
    db: Session,
    office: Office,
    act: str,
    pupil_id: PupilId,
    events: tuple[EventId, ...],
    *,
    columns: tuple[tuple[int, str, str | None], ...] = (),
) -> None:
    details: Mapping[str, object] = act_details(pupils=(int(pupil_id),), events=events, columns=columns)
    write_journal(db, at=office.now(), by=office.user.id, act=act, subject=f"pupil:{pupil_id}", details=dict(details))


def _changes(pupil_id: PupilId) -> Changes:
    return Changes.to(Area.PUPILS, Area.EVENTS, pupil=pupil_id)
