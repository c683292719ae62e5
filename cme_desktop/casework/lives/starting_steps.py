"""The steps of a start, each with the day it is due or was done: agreement, meeting, first day, returns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from cme_desktop.casework.in_words import say_day, say_near_day
from cme_desktop.casework.lives.life import LifeDesk, Step, StepState
from cme_desktop.casework.lives.reading import flags_of, standing
from cme_desktop.domain.events import Event, EventKind, Form, Recipient, ReturnKind
from cme_desktop.policy import runs
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.rule import Flag
from cme_desktop.policy.rules.leaving import tells_authority
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.pupils import PupilDetails

_RETURN_DAYS: Final = "england.new-pupil-return.days"
_RETURN_CLAUSE: Final = "SI 2024/208, regulation 13(1) to (3)"
_START_CLAUSE: Final = "SI 2024/208, regulation 8(1)"


def list_steps(
    desk: LifeDesk,
    pupil: PupilDetails,
    record: PupilRecord | None,
    events: tuple[WrittenEvent, ...],
    contacts: tuple[ContactDetails, ...],
) -> tuple[Step, ...]:
    """List the steps of this child's start in their order."""
    if pupil.gave_up_place:
        return _steps_of_given_up(desk, pupil, events)
    return (
        *_order_steps(desk, pupil, events),
        _agreement(pupil, events),
        _contact(contacts),
        _first_day(desk, pupil, record),
        *_followed_up(desk, pupil, events),
        _return(desk, pupil, events),
        *_joiner(desk, pupil, events),
    )


def has_come(record: PupilRecord | None) -> bool:
    """Whether the child attended a session that is on the register line."""
    return record is not None and bool(runs.count_of(record.line, runs.ATTENDED))


def never_came(desk: LifeDesk, record: PupilRecord | None) -> bool:
    """Whether the register says that the child never came: absent at least once, and no day before today unmarked."""
    today = desk.roll.judgement.calendar.count_sessions_before(desk.today)
    return record is not None and is_never_come(record.line, today=today)


def is_never_come(line: bytes, *, today: int) -> bool:
    """Whether a register line says so; ``today`` is the index of the day's first session."""
    return (
        not runs.count_of(line, runs.ATTENDED)
        and runs.UNKNOWN not in line[:today]
        and bool(runs.count_of(line, runs.ABSENT))
    )


def _steps_of_given_up(desk: LifeDesk, pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> tuple[Step, ...]:
    leavings = standing(events, EventKind.LEAVING)
    if not leavings:
        return ()
    given_up = leavings[-1].event
    later = [each for each in events if each.retracted_at is None and each.event.on >= given_up.on]
    arrived = next((each.event for each in later if each.event.kind is EventKind.ARRIVAL_CONFIRMED), None)
    told = next((each.event for each in later if tells_authority(each.event)), None)
    confirmed = arrived or (given_up if given_up.confirmed else None)
    asked = flags_of(desk, pupil.id, ("unknown-destination", "arrival-confirmed"))
    where = _done("Next place confirmed", confirmed) if confirmed else _due(
        desk, "Next place confirmed", asked
    )  # fmt: skip
    return (
        _done("Place given up", given_up),
        where,
        _done("Authority told", told) if told else _authority_step(desk, confirmed, asked),
    )


def _authority_step(desk: LifeDesk, confirmed: Event | None, asked: tuple[Flag, ...]) -> Step:
    if confirmed is not None:
        return Step("Authority told", StepState.NOT_NEEDED, "place known")
    return _due(desk, "Authority told", asked)


def _order_steps(desk: LifeDesk, pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> tuple[Step, ...]:
    orders = standing(events, EventKind.ORDER_MADE, EventKind.ORDER_REVOKED)
    if not orders:
        return ()
    made = [each.event for each in orders if each.event.kind is EventKind.ORDER_MADE]
    if orders[-1].event.kind is EventKind.ORDER_REVOKED:
        return (_done("Attendance order revoked", orders[-1].event),)
    consent = standing(events, EventKind.ORDER_CONSENT, EventKind.START_AGREED)
    return (
        _done("Order names this school", made[-1]),
        _meeting(desk, pupil, events),
        _done("Parent agrees to the place", consent[-1].event) if consent else Step(
            "Parent agrees to the place", StepState.LATER
        ),
    )  # fmt: skip


def _meeting(desk: LifeDesk, pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> Step:
    meetings = standing(events, EventKind.MEETING_BOOKED, EventKind.MEETING_HELD, EventKind.MEETING_MISSED)
    flags = flags_of(desk, pupil.id, ("pre-admission-meeting",))
    if not meetings:
        return _due(desk, "Meeting before admission", flags)
    last = meetings[-1].event
    if last.kind is EventKind.MEETING_HELD:
        return _done("Meeting held", last)
    if last.kind is EventKind.MEETING_MISSED:
        return _due(desk, "Meeting missed: tell authority", flags)
    booked = last.meeting_on or last.on
    if flags:
        return _due(desk, "Meeting: say what came of it", flags)
    return Step("Meeting booked", StepState.LATER, say_day(booked))


def _agreement(pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> Step:
    agreed = standing(events, EventKind.START_AGREED)
    if pupil.starting_day is None:
        return Step("Agree the starting day", StepState.DUE, why=_START_CLAUSE)
    if agreed:
        return _done("Starting day agreed", agreed[-1].event)
    return Step("Starting day known", StepState.DONE, say_day(pupil.starting_day))


def _contact(contacts: tuple[ContactDetails, ...]) -> Step:
    can_ring = any(contact.works and not contact.do_not_contact for contact in contacts)
    return Step(
        "Somebody to ring", StepState.DONE if can_ring else StepState.DUE, "" if can_ring else "before the start"
    )


def _first_day(desk: LifeDesk, pupil: PupilDetails, record: PupilRecord | None) -> Step:
    start = pupil.starting_day
    if start is None:
        return Step("First day", StepState.LATER, "once agreed")
    if start > desk.today:
        return Step("First day, on roll come or not", StepState.LATER, say_day(start), _START_CLAUSE)
    came = _came_on(desk, record)
    if came is not None:
        return Step("Came to school", StepState.DONE, say_day(came))
    if never_came(desk, record):
        return Step("First day: never came", StepState.LATE, say_day(start), _START_CLAUSE)
    return Step("First day: not every session marked", StepState.DUE, say_day(start))


def _came_on(desk: LifeDesk, record: PupilRecord | None) -> date | None:
    if record is None:
        return None
    attended = runs.indexes_of(record.line, runs.ATTENDED, first=0)
    return desk.roll.judgement.calendar.sessions[attended[0]].on if attended else None


def _followed_up(desk: LifeDesk, pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> tuple[Step, ...]:
    flags = flags_of(desk, pupil.id, ("never-started", "did-not-start"))
    if not flags or pupil.starting_day is None:
        return ()
    since = [each for each in events if each.retracted_at is None and each.event.on >= pupil.starting_day]
    visit = next((each.event for each in since if each.event.kind is EventKind.HOME_VISIT), None)
    decided = next((each.event for each in since if _is_police_settled(each.event)), None)
    told = next((each.event for each in since if tells_authority(each.event)), None)
    urgent = flags_of(desk, pupil.id, ("did-not-start",))
    return (
        _done("Home visit", visit) if visit else _due(desk, "Home visit", urgent or flags),
        *_police(decided, is_asked=bool(urgent), is_visited=visit is not None),
        _done("Authority told", told) if told else Step("Authority told, if not found", StepState.LATER),
    )


def _police(decided: Event | None, *, is_asked: bool, is_visited: bool) -> tuple[Step, ...]:
    words = "Police check considered"
    if decided is not None:
        return (_done(words, decided),)
    return (Step(words, StepState.DUE if is_visited else StepState.LATER),) if is_asked else ()


def _is_police_settled(event: Event) -> bool:
    is_decided = event.kind is EventKind.DECISION and (event.about or "").endswith(".did-not-start")
    return is_decided or (event.kind is EventKind.TOLD and event.who is Recipient.POLICE)


def _return(desk: LifeDesk, pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> Step:
    words, start = "New pupil return", pupil.starting_day
    sent = [
        each.event
        for each in standing(events, EventKind.RETURN_SENT)
        if each.event.return_ is ReturnKind.NEW_PUPIL and _is_of_this_stay(each, events)
    ]
    if sent:
        reference = f", reference {sent[-1].reference}" if sent[-1].reference else ""
        return Step(f"{words} sent{reference}", StepState.DONE, say_day(sent[-1].on), _RETURN_CLAUSE)
    flags = flags_of(desk, pupil.id, ("new-pupil-return",))
    if flags:
        return _due(desk, words, flags, why=_RETURN_CLAUSE)
    if start is None:
        return Step(words, StepState.LATER, "once started", _RETURN_CLAUSE)
    if start > desk.today:
        days = desk.roll.rulebook.parameters.value_on(_RETURN_DAYS, desk.today)
        return Step(words, StepState.LATER, f"by {say_day(start + timedelta(days=days))}", _RETURN_CLAUSE)
    return Step(words, StepState.NOT_NEEDED, "not owed", _RETURN_CLAUSE)


def _is_of_this_stay(written: WrittenEvent, events: Iterable[WrittenEvent]) -> bool:
    ended = [each.event.moment for each in standing(events, EventKind.REMOVED)]
    return not ended or written.event.moment > ended[-1]


def _joiner(desk: LifeDesk, pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> tuple[Step, ...]:
    words = "Joiner entered"
    flags = flags_of(desk, pupil.id, ("in-year-joiner",))
    if flags:
        return (_due(desk, words, flags),)
    entered = standing(events, EventKind.JOINER_ENTERED)
    forms = [each for each in standing(events, EventKind.FORM_SENT) if each.event.form is Form.SR2B]
    done = (*entered, *forms)
    return (_done(words, done[-1].event),) if done else ()


def _done(words: str, event: Event) -> Step:
    reference = f", reference {event.reference}" if event.reference else ""
    return Step(f"{words}{reference}", StepState.DONE, say_day(event.on))


def _due(desk: LifeDesk, words: str, flags: tuple[Flag, ...], *, why: str = "") -> Step:
    flag = next((each for each in flags if each.due is not None), None)
    if flag is None or flag.due is None:
        return Step(words, StepState.DUE, why=why)
    state = StepState.LATE if flag.overdue else StepState.DUE
    when = "today" if flag.due.on == desk.today else say_near_day(flag.due.on, today=desk.today)
    return Step(words, state, when, why)
