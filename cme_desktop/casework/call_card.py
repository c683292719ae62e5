"""The call card: whom to ring in which order, what was tried, when the child was last seen, what is still to do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cme_desktop.casework.attempts import is_tried
from cme_desktop.casework.family_in_peace import say_peace
from cme_desktop.casework.history import HistoryEntry, tell_history
from cme_desktop.casework.in_words import capital, say_clock, say_day, say_due, say_moment, say_session
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import number_to_ring
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.today.pupil_day import PupilDay, pupil_day
from cme_desktop.casework.today.rows import Shape
from cme_desktop.casework.today.state import TodayState, as_seen, load_today_state
from cme_desktop.casework.veil import for_reader, lines_for
from cme_desktop.domain.attendance import (
    CODE_OF_SYMBOL,
    OUTSIDE_SYMBOL,
    Half,
    Presence,
    SchoolSession,
    presence_of_symbol,
)
from cme_desktop.domain.contacts import AgencyKind, Household
from cme_desktop.domain.events import AttemptOutcome, EventKind
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.domain.pupils import Circumstance, birthday
from cme_desktop.domain.rights import Right
from cme_desktop.policy import runs
from cme_desktop.policy.endings import death_in
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.rule import Act, Flag, Severity, Task
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.events import WrittenEvent, list_events
from cme_desktop.storage.holds import is_held
from cme_desktop.storage.pupils import list_siblings


@dataclass(frozen=True, slots=True)
class SessionMark:
    """One session as drawn: a register-line symbol, or an empty one to come; ``counted`` where a finding counts it."""

    session: SchoolSession
    symbol: str
    counted: bool = False


@dataclass(frozen=True, slots=True)
class DayMarks:
    """A school day's two sessions."""

    on: date
    am: SessionMark
    pm: SessionMark


@dataclass(frozen=True, slots=True)
class CardChip:
    """A short fact beside the name; ``kind`` is one of plain, now, today, unknown."""

    text: str
    kind: str = "plain"
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Rung:
    """One person of the ladder. A person who must not be contacted has no number here."""

    contact_id: ContactId
    position: int
    relation: str
    name: str
    household: str
    number: str
    dead: bool
    do_not_contact: bool
    ground: str
    voicemail_warning: str
    language: str
    history: str
    tried_today: bool
    answered_today: bool

    @property
    def can_be_rung(self) -> bool:
        """Whether an outcome can be written down for them."""
        return not self.do_not_contact and bool(self.number)


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency's number on a row that needs it."""

    name: str
    phone: str
    beside: str


@dataclass(frozen=True, slots=True)
class SiblingLine:
    """A brother or sister, and where they are today; ``shape`` stands beside the words."""

    pupil_id: PupilId
    name: str
    words: str
    shape: Shape


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing still to do today."""

    text: str
    due: str
    shape: Shape
    by: str
    recipient: str
    act: str


@dataclass(frozen=True, slots=True)
class CallCard:
    """Everything the card shows of a row's pupils; the first is the one it is headed by.

    ``flags`` begins with the one the reason tells of. ``warning`` stands above it: the family is bereaved.
    """

    pupils: tuple[PupilId, ...]
    name: str
    initials: str
    beside: str
    chips: tuple[CardChip, ...]
    reason: str
    reason_detail: str
    rungs: tuple[Rung, ...]
    tried: int
    to_try: int
    agencies: tuple[AgencyLine, ...]
    attempts: tuple[HistoryEntry, ...]
    last_seen: str
    last_seen_detail: str
    last_days: tuple[DayMarks, ...]
    siblings: tuple[SiblingLine, ...]
    steps: tuple[StepLine, ...]
    case_number: str
    flags: tuple[Flag, ...]
    guard: str
    warning: str = ""

    @property
    def next_rung(self) -> int:
        """Where in ``rungs`` to begin: the first untried that works, else one that works, else any, else -1."""
        any_one = [i for i, rung in enumerate(self.rungs) if rung.can_be_rung]
        working = [i for i in any_one if not self.rungs[i].dead]
        untried = [i for i in working if not self.rungs[i].tried_today]
        return next(iter((*untried, *working, *any_one)), -1)


@needs(Right.SEE_NAMES)
def load_call_card(
    office: Office, pupils: PupilId | tuple[PupilId, ...], *, state: TodayState | None = None
) -> CallCard:
    """Read the card of a row's pupils, judged as the state is."""
    listed = pupils if isinstance(pupils, tuple) else (PupilId(pupils),)
    held = state or load_today_state(office)
    head = listed[0]
    with office.database.reading() as db:
        events = lines_for(office, db, list_events(db, pupil_id=head))
        siblings = tuple(one.id for one in list_siblings(db, head) if one.id in held.records)
        records_held = (CardChip("Records held", icon="lock"),) if is_held(db, head) else ()
    card = card_of(as_seen(held), listed, events=events, siblings=siblings)
    note_reading(office, card, pupil_id=head, where="card", lines=events)
    return for_reader(office, replace(card, chips=(*card.chips, *records_held)))


def card_of(
    state: TodayState, pupils: tuple[PupilId, ...], *, events: tuple[WrittenEvent, ...], siblings: tuple[PupilId, ...]
) -> CallCard:
    """Make the card from what is in hand."""
    head = pupils[0]
    pupil = state.pupil(head)
    facts = state.facts(head)
    day = pupil_day(state, head)
    since = facts.absence.began_on if facts.absence else state.on
    of_absence = tuple(one for one in events if one.event.on >= since)
    contacts = state.contacts.get(head, ())
    rungs = _rungs(state, contacts, of_absence)
    waiting = tuple(rung for rung in rungs if rung.can_be_rung and not rung.dead)
    case = state.cases.get(head)
    sentence, detail = _reason(state, day)
    seen, seen_detail = _last_seen(state, head)
    return CallCard(
        pupils=pupils,
        name=" and ".join(state.pupil(one).known_as for one in pupils),
        initials=pupil.initials,
        beside=_beside(state, pupils),
        chips=_chips(state, head, day, contacts),
        reason=sentence,
        reason_detail=detail,
        rungs=rungs,
        tried=sum(rung.tried_today for rung in waiting),
        to_try=len(waiting),
        agencies=_agencies(state, day),
        attempts=tell_history((one for one in of_absence if one.event.kind not in _NOT_TOLD), contacts=contacts),
        last_seen=seen,
        last_seen_detail=seen_detail,
        last_days=last_school_days(state, head, count=8),
        siblings=tuple(_sibling(state, one) for one in siblings if one not in pupils and not _has_died(state, one)),
        steps=_steps(state, pupils, day),
        case_number=case.number if case else "",
        flags=tuple(flag for task in day.tasks for flag in task.flags) if day else state.flags.get(head, ()),
        guard=" and ".join(f"{state.pupil(one).known_as}, {state.pupil(one).class_name}" for one in pupils),
        warning=say_peace(state.roll.in_peace.get(pupil.family_id)) if pupil.family_id is not None else "",
    )


_NOT_TOLD: Final = frozenset({EventKind.FLAG_RAISED, EventKind.FLAG_SETTLED})


# -- the head of the card --------------------------------------------------------------------------------------


def _beside(state: TodayState, pupils: tuple[PupilId, ...]) -> str:
    if len(pupils) > 1:
        return ", ".join(state.pupil(one).class_name for one in pupils)
    pupil = state.pupil(pupils[0])
    parts = [pupil.class_name]
    if pupil.born:
        parts.append(f"age {age_on(pupil.born, state.on)}")
    if state.facts(pupil.id).has(Circumstance.WALKS_ALONE):
        parts.append("walks alone")
    if case := state.cases.get(pupil.id):
        parts.append(f"case {case.number}")
    return ", ".join(part for part in parts if part)


def age_on(born: date, on: date) -> int:
    """Say how old a child is in whole years."""
    years = on.year - born.year
    return years if birthday(born, age=years) <= on else years - 1


def _chips(
    state: TodayState, pupil_id: PupilId, day: PupilDay | None, contacts: tuple[ContactDetails, ...]
) -> tuple[CardChip, ...]:
    facts = state.facts(pupil_id)
    chips: list[CardChip] = []
    if facts.absence:
        chips.append(CardChip(f"Day {facts.absence.day} of absence"))
    if facts.is_whereabouts_unknown:
        chips.append(CardChip("Whereabouts unknown", "now", "triangle-alert"))
    elif day and day.nobody_reached:
        chips.append(CardChip("Nobody reached", "now" if facts.ladder_day > 1 else "today"))
    elif facts.contacts_made:
        last = facts.contacts_made[-1]
        who = capital(last.with_.in_words) if last.with_ else "Contact"
        chips.append(CardChip(f"{who} reached {say_day(last.on) if last.on != state.on else 'today'}"))
    language = next((one.language for one in contacts if one.language), state.pupil(pupil_id).language)
    if language and language.casefold() != "english":
        chips.append(CardChip(language, icon="languages"))
    return tuple(chips)


def _reason(state: TodayState, day: PupilDay | None) -> tuple[str, str]:
    if day is None:
        return "Nothing to do for this pupil now.", "No flag holds, or the head dismissed those that do."
    task = day.tasks[0]
    flag = task.flags[0]
    detail = (counted_words(flag, today=state.on), _clauses(task))
    return _sentence(state, day, task), " ".join(part for part in detail if part)


def _sentence(state: TodayState, day: PupilDay, task: Task) -> str:
    due = task.due
    clock = f" by {say_clock(due.by)}" if due and due.by and due.on == state.on else ""
    number = max(1, day.facts.ladder_day)
    if task.duty.act is Act.VISIT_HOME and day.nobody_reached:
        return f"Home visit{clock or ' today'}, because it is day {number} and no contact has answered."
    if task.duty.act is Act.CONTACT_FAMILY and day.to_ring:
        limit = state.clock.register_close if day.severity is Severity.NOW else state.clock.contacts_tried
        known = "the policy asks for contact on each day of an absence"
        because = f"it is day {number} and no reason is recorded" if day.is_unexplained else known
        return f"Ring every contact by {say_clock(limit)}, because {because}."
    return f"{capital(task.duty.what.rstrip('.'))}{clock}."


def _clauses(task: Task) -> str:
    references = task.references
    if not references:
        return ""
    more = f", and {len(references) - 1} more" if len(references) > 1 else ""
    return f"{references[0]}{more}."


def counted_words(flag: Flag, *, today: date) -> str:
    """Say which sessions a finding counted: each of up to six, else how many and from when."""
    counted = flag.finding.counted
    if not counted:
        return ""
    noun = "session" if len(counted) == 1 else "sessions"
    unmarked = len(set(counted) & set(flag.finding.ask))
    gaps = f" {unmarked} of them unmarked." if unmarked else ""
    if len(counted) <= 6:
        return f"{len(counted)} {noun} counted: {', '.join(say_session(one, today=today) for one in counted)}.{gaps}"
    first, last = say_session(counted[0], today=today), say_session(counted[-1], today=today)
    return f"{len(counted)} {noun} counted, {first} to {last}.{gaps}"


# -- the ladder ------------------------------------------------------------------------------------------------

_OUTCOMES: Final = {
    AttemptOutcome.EXPLAINED: "gave a reason",
    AttemptOutcome.ANSWERED_NO_REASON: "answered, no reason",
    AttemptOutcome.NO_ANSWER: "no answer",
    AttemptOutcome.LEFT_MESSAGE: "voicemail",
    AttemptOutcome.SENT: "text sent",
    AttemptOutcome.NUMBER_DEAD: "number dead",
    AttemptOutcome.WRONG_PERSON: "wrong person",
    AttemptOutcome.REFUSED: "refused",
    AttemptOutcome.UNAWARE: "did not know",
}
_ANSWERED: Final = frozenset(
    {AttemptOutcome.EXPLAINED, AttemptOutcome.ANSWERED_NO_REASON, AttemptOutcome.REFUSED, AttemptOutcome.UNAWARE}
)


def _rungs(
    state: TodayState, contacts: tuple[ContactDetails, ...], events: tuple[WrittenEvent, ...]
) -> tuple[Rung, ...]:
    forbidden = [one for one in contacts if one.do_not_contact]
    others = [one for one in contacts if not one.do_not_contact]
    outside = [one for one in others if one.household is Household.ELSEWHERE]
    return tuple(
        _rung(state, one, position, events, only_outside=len(outside) == 1 and one is outside[0])
        for position, one in [*((0, one) for one in forbidden), *enumerate(others, start=1)]
    )


def _rung(
    state: TodayState,
    contact: ContactDetails,
    position: int,
    events: tuple[WrittenEvent, ...],
    *,
    only_outside: bool,
) -> Rung:
    number = number_to_ring(contact)
    theirs = [one for one in events if _is_attempt_at(one, contact)]
    todays = [one for one in theirs if one.event.on == state.on]
    return Rung(
        contact_id=contact.id,
        position=position,
        relation=capital(contact.relation_said or contact.relation.in_words),
        name=contact.name,
        household="same home" if contact.household is Household.HOME else "another home",
        number=number.text if number and not contact.do_not_contact else "",
        dead=not contact.works,
        do_not_contact=contact.do_not_contact,
        ground=contact.do_not_contact_ground,
        voicemail_warning=contact.voicemail_warning,
        language=contact.language,
        history=_history(state, theirs, only_outside=only_outside),
        tried_today=is_tried(contact, events, since=state.on),
        answered_today=any(one.event.outcome in _ANSWERED for one in todays),
    )


def _is_attempt_at(written: WrittenEvent, contact: ContactDetails) -> bool:
    event = written.event
    if event.kind is not EventKind.CONTACT_ATTEMPT or written.retracted_at is not None:
        return False
    return written.contact_id == contact.id if written.contact_id is not None else event.with_ is contact.relation


def _history(state: TodayState, theirs: list[WrittenEvent], *, only_outside: bool) -> str:
    outside = " The only one outside the home." if only_outside else ""
    if not theirs:
        return f"Not tried in this absence.{outside}"
    said = ", ".join(
        f"{say_moment(one.event.moment, today=state.on) if one.event.at else say_day(one.event.on)} "
        f"{_OUTCOMES[one.event.outcome]}"
        for one in theirs[-3:]
        if isinstance(one.event.outcome, AttemptOutcome)
    )
    return f"{said}." + ("" if theirs[-1].event.on == state.on else " Not tried today.")


# -- the side column -------------------------------------------------------------------------------------------


def _last_seen(state: TodayState, pupil_id: PupilId) -> tuple[str, str]:
    seen = state.facts(pupil_id).last_seen
    if seen is not None and not seen.is_known:
        return _last_known_seen(state, pupil_id)
    if seen is None:
        return "Not known", "Nobody is recorded as having seen the child."
    return say_day(seen.on), capital(seen.how)


def _last_known_seen(state: TodayState, pupil_id: PupilId) -> tuple[str, str]:
    """Leave the sessions that nobody marked out: they say neither that the child was in nor that it was not."""
    seen = Facts(state.facts(pupil_id).record, state.moment, assume=runs.ASSUMED_ABSENT).last_seen
    if seen is None:
        return "Not known", "No mark says so; some sessions have no mark."
    return say_day(seen.on), f"{capital(seen.how)}. Some later sessions have no mark."


def last_school_days(state: TodayState, pupil_id: PupilId, *, count: int) -> tuple[DayMarks, ...]:
    """Draw the last so many school days, today included."""
    calendar = state.moment.calendar
    days = [day for day in calendar.school_days if day <= state.on][-count:]
    return tuple(day_marks(state, pupil_id, day) for day in days)


def day_marks(
    state: TodayState, pupil_id: PupilId, on: date, counted: frozenset[SchoolSession] = frozenset()
) -> DayMarks:
    """Draw one school day of a pupil."""
    am, pm = (session_mark(state, pupil_id, SchoolSession(on, half), counted) for half in (Half.AM, Half.PM))
    return DayMarks(on, am, pm)


def session_mark(
    state: TodayState, pupil_id: PupilId, session: SchoolSession, counted: frozenset[SchoolSession] = frozenset()
) -> SessionMark:
    """Draw one session of a pupil."""
    index = state.moment.calendar.index_of(session)
    line = state.records[pupil_id].line
    if index is None:
        return SessionMark(session, OUTSIDE_SYMBOL)
    symbol = chr(line[index]) if index < len(line) else ""
    return SessionMark(session, symbol, session in counted)


def _has_died(state: TodayState, pupil_id: PupilId) -> bool:
    return death_in(state.records[pupil_id].events) is not None


def _sibling(state: TodayState, pupil_id: PupilId) -> SiblingLine:
    pupil = state.pupil(pupil_id)
    line = state.records[pupil_id].line
    due = state.roll.judgement.sessions_due()
    symbol = chr(line[due - 1]) if due > state.moment.today_first and len(line) >= due else ""
    if not symbol:
        name = f"{pupil.known_as}, {pupil.class_name}"
        return SiblingLine(pupil_id, name, "Register not due yet", Shape.WATCH)
    letter = CODE_OF_SYMBOL[symbol].letter if symbol in CODE_OF_SYMBOL else ""
    words, shape = {
        Presence.ATTENDED: ("In school today", Shape.SETTLED),
        Presence.ABSENT: (f"Absent today, {letter}", Shape.TODAY),
        Presence.UNKNOWN: ("No mark today", Shape.UNKNOWN),
        Presence.OUTSIDE: ("Not expected today", Shape.WATCH),
    }[presence_of_symbol(symbol)]
    return SiblingLine(pupil_id, f"{pupil.known_as}, {pupil.class_name}", words, shape)


_STEP_SHAPES: Final = {Severity.NOW: Shape.NOW, Severity.TODAY: Shape.TODAY, Severity.THIS_WEEK: Shape.WEEK}


def _steps(state: TodayState, pupils: tuple[PupilId, ...], day: PupilDay | None) -> tuple[StepLine, ...]:
    lines = [
        StepLine(
            text=capital(task.duty.what.rstrip(".")),
            due=say_due(task.due, at=state.at) if task.due else "",
            shape=_STEP_SHAPES.get(task.severity, Shape.UNKNOWN),
            by=task.duty.by.in_words,
            recipient=task.duty.recipient,
            act=task.duty.act.value,
        )
        for task in (day.tasks if day else ())
        if not (task.duty.act is Act.CONTACT_FAMILY and day and day.to_ring)
    ]
    lines += [
        StepLine(
            step.text, say_due(step.due, at=state.at) if step.due else "", Shape.TODAY, step.owner.in_words, "", ""
        )
        for step in state.steps
        if step.pupil_id in pupils
    ]
    return tuple(lines)


def _agencies(state: TodayState, day: PupilDay | None) -> tuple[AgencyLine, ...]:
    if day is None or day.severity is not Severity.NOW:
        return ()
    wanted = (AgencyKind.POLICE, AgencyKind.SOCIAL_CARE, AgencyKind.SOCIAL_CARE_OUT_OF_HOURS)
    lines = [
        AgencyLine(one.name, one.phone, f"out of hours {one.out_of_hours}" if one.out_of_hours else one.person)
        for one in state.agencies
        if one.kind in wanted
    ]
    if not any(one.kind is AgencyKind.POLICE for one in state.agencies):
        lines.insert(0, AgencyLine("Police", "999 or 101", "999 where a child is in danger"))
    return tuple(lines)
