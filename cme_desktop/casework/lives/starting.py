"""Starting: who is expected, who started this half term, who never came, and which facts the register lacks.

A child whose place is given up before the starting day stays on the list until another school or whoever teaches the
child confirms it, or the authority has been told.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.casework.lives.life import Fact, LifeDesk, LifeFile, LifeRow
from cme_desktop.casework.lives.reading import (
    flags_of,
    pupil_row,
    read_events,
    read_papers,
    read_pupil,
    record_of,
    standing,
    tell_life,
)
from cme_desktop.casework.lives.starting_steps import has_come, list_steps, never_came
from cme_desktop.domain.events import Destination, Event, EventKind, ReturnKind
from cme_desktop.policy import runs
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.rule import Severity
from cme_desktop.policy.rules.leaving import tells_authority
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.pupils import PupilDetails

PAPERS: Final = "starting"
DID_NOT_START: Final = "did-not-start"
"""The rule, of whichever policy, that asks for a visit and a decision about a police check."""

BRINGS: Final = (
    "never-started", "new-pupil-return", "missing-fact", "in-year-joiner", "place-under-order",
    "pre-admission-meeting", DID_NOT_START,
)  # fmt: skip
"""A flag of these puts a child on the list, however long ago the starting day was."""

_OF_THE_NEW: Final = ("emergency-contacts", "unexplained-absence")
_OF_THE_GIVEN_UP: Final = ("unknown-destination", "arrival-confirmed", "referral", "no-named-school", "welfare-concern")
RULES: Final = (*BRINGS, *_OF_THE_NEW)

_KINDS: Final = frozenset({
    EventKind.START_AGREED, EventKind.JOINER_ENTERED, EventKind.RETURN_SENT, EventKind.ORDER_MADE,
    EventKind.ORDER_REVOKED, EventKind.ORDER_CONSENT, EventKind.MEETING_BOOKED, EventKind.MEETING_HELD,
    EventKind.MEETING_MISSED, EventKind.CONTACT_ATTEMPT, EventKind.HOME_VISIT, EventKind.CHILD_SEEN, EventKind.TOLD,
    EventKind.REFERRED, EventKind.FORM_SENT, EventKind.DECISION, EventKind.LEAVING, EventKind.REMOVED,
    EventKind.ARRIVAL_CONFIRMED, EventKind.NOTE,
})  # fmt: skip
_SOON: Final = timedelta(days=7)


# -- reading -----------------------------------------------------------------------------------------------------


def list_rows(desk: LifeDesk) -> tuple[LifeRow, ...]:
    """List the expected, those started this half term, those something stands open for, and places given up."""
    since = _half_term_began(desk)
    found = []
    records = {record.pupil.id: record for record in desk.roll.records}
    for pupil in desk.roll.pupils.values():
        record = records.get(pupil.id)
        if _belongs_here(desk, pupil, record, since=since):
            found.append((pupil, _row(desk, pupil, record)))
    return tuple(row for _, row in sorted(found, key=_worst_then_soonest))


def load_file(desk: LifeDesk, key: str) -> LifeFile:
    """Read a child's start: the day agreed, what is due before and after it, and what happened."""
    pupil = read_pupil(desk, key)
    record = record_of(desk, pupil.id)
    events = read_events(desk, pupil.id)
    contacts = desk.roll.contacts.get(pupil.id, ())
    return LifeFile(
        row=_row(desk, pupil, record),
        pupil=pupil,
        about=pupil.class_name,
        chips=_chips(desk, pupil, record),
        warning=_warning(pupil, events),
        flags=flags_of(desk, pupil.id, _rules_for(pupil)),
        steps=list_steps(desk, pupil, record, events, contacts),
        facts=_facts(desk, pupil, events, contacts),
        papers=read_papers(desk, pupil.id, PAPERS),
        papers_about=PAPERS,
        history=tell_life(desk, pupil.id, events, belongs=_is_told, since=_since(pupil, events)),
        acts=_acts(desk, pupil, record, events),
    )


def is_expected(pupil: PupilDetails, *, today: date) -> bool:
    """Whether the child's first day is still to come and the place is kept."""
    if pupil.gave_up_place:
        return False
    return pupil.awaits_start or (pupil.starting_day is not None and pupil.starting_day > today)


# -- private: who --------------------------------------------------------------------------------------------------


def _half_term_began(desk: LifeDesk) -> date:
    """The first day of this half term, or of the one before the holiday that today is in."""
    begun = [term.first_day for year in desk.roll.judgement.calendar.years for term in year.terms]
    return max((day for day in begun if day <= desk.today), default=desk.today)


def _belongs_here(desk: LifeDesk, pupil: PupilDetails, record: PupilRecord | None, *, since: date) -> bool:
    if pupil.gave_up_place:
        return record is None or not _is_followed_to_the_end(record.events)
    if pupil.left_on is not None and pupil.left_on < desk.today:
        return bool(flags_of(desk, pupil.id, ("new-pupil-return",)))
    if is_expected(pupil, today=desk.today) or flags_of(desk, pupil.id, BRINGS):
        return True
    begin = desk.roll.judgement.school.records_begin
    started = pupil.starting_day
    return started is not None and started >= since and (begin is None or started >= begin)


def _is_followed_to_the_end(events: Iterable[Event]) -> bool:
    """Whether it is known where a child who gave up the place is taught, or the authority has been told of it."""
    given_up = next((each for each in reversed(tuple(events)) if each.kind is EventKind.LEAVING), None)
    if given_up is None:
        return False
    if given_up.confirmed and given_up.destination is not Destination.UNKNOWN:
        return True
    later = [each for each in events if each.on >= given_up.on]
    has_arrived = any(each.kind is EventKind.ARRIVAL_CONFIRMED for each in later)
    return has_arrived or any(tells_authority(each) for each in later)


def _rules_for(pupil: PupilDetails) -> tuple[str, ...]:
    return (*RULES, *_OF_THE_GIVEN_UP) if pupil.gave_up_place else RULES


def _row(desk: LifeDesk, pupil: PupilDetails, record: PupilRecord | None) -> LifeRow:
    return pupil_row(
        desk, pupil, detail=_say(desk, pupil, record), rules=_rules_for(pupil), when=_say_when(desk, pupil)
    )


def _say(desk: LifeDesk, pupil: PupilDetails, record: PupilRecord | None) -> str:
    start = pupil.starting_day
    if pupil.gave_up_place:
        is_said = record is not None and any(event.kind is EventKind.LEAVING for event in record.events)
        return "Place not taken up" if is_said else "Leaves before the start: check the days"
    if pupil.awaits_start:
        return "A place is held, no day agreed"
    missing = [fact for fact, value in (("starting day", start), ("date of birth", pupil.born)) if value is None]
    if start is None or (missing and start <= desk.today):
        return f"Missing: {' and '.join(missing)}"
    return f"Expected on {say_day(start)}" if start > desk.today else _say_started(desk, pupil, record, start)


def _say_started(desk: LifeDesk, pupil: PupilDetails, record: PupilRecord | None, start: date) -> str:
    if flags_of(desk, pupil.id, ("never-started", DID_NOT_START)):
        return f"Was to start on {say_day(start)}, {_say_not_come(desk, record)}"
    return f"{'Started on' if has_come(record) else 'Due since'} {say_day(start)}"


def _say_not_come(desk: LifeDesk, record: PupilRecord | None) -> str:
    """Say what the register knows of a child who has not been marked present."""
    if never_came(desk, record):
        return "never came"
    return "not all marked" if record is not None and runs.count_of(record.line, runs.ABSENT) else "not marked"


def _say_when(desk: LifeDesk, pupil: PupilDetails) -> str:
    if pupil.gave_up_place or pupil.starting_day is None:
        return ""
    days = (pupil.starting_day - desk.today).days
    if days == 1:
        return "tomorrow"
    return f"in {count_of(days, 'day')}" if 0 < days <= _SOON.days else ""


def _worst_then_soonest(found: tuple[PupilDetails, LifeRow]) -> tuple[int, date, str]:
    pupil, row = found
    urgency = Severity.WATCH + 1 if row.severity is None else row.severity
    return (urgency, pupil.starting_day or date.max, row.name)


def _chips(desk: LifeDesk, pupil: PupilDetails, record: PupilRecord | None) -> tuple[str, ...]:
    chips = ["Not taken up"] if pupil.gave_up_place else []
    if is_expected(pupil, today=desk.today):
        chips.append("Expected")
    elif not pupil.gave_up_place:
        chips.append("On roll")
        if flags_of(desk, pupil.id, ("never-started", DID_NOT_START)):
            chips.append("Never came" if never_came(desk, record) else "Not marked")
        elif has_come(record):
            chips.append("Started")
    return tuple(chips)


# -- private: the file -----------------------------------------------------------------------------------------------


def _warning(pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> str:
    if pupil.gave_up_place and not _is_followed_to_the_end([e.event for e in events if e.retracted_at is None]):
        return "Nobody has confirmed where this child is taught. The child stays here until somebody has."
    return ""


def _facts(
    desk: LifeDesk, pupil: PupilDetails, events: tuple[WrittenEvent, ...], contacts: tuple[ContactDetails, ...]
) -> tuple[Fact, ...]:
    agreed = _last(events, EventKind.START_AGREED) or _last(events, EventKind.DECISION, about="place-held")
    details = agreed.details if agreed is not None else {}
    born = pupil.born
    group = f"Year {pupil.year_group}" if pupil.year_group is not None else ""
    return (
        _start_fact(desk, pupil),
        *_agreement_facts(agreed),
        Fact("Date of birth", f"{born:%d/%m/%Y}" if born else "missing", is_missing=born is None),
        _fact("Class", ", ".join(part for part in (pupil.class_name, group) if part)),
        Fact("UPN", pupil.upn or "not known yet"),
        _fact("Address", ", ".join(part for part in (pupil.address, pupil.postcode) if part)),
        _fact("Last school", details.get("last_school", ""), empty="not written down; a file may come from it"),
        *((Fact("Home authority", pupil.home_authority),) if pupil.home_authority else ()),
        _ringable(contacts),
        *_given_up_facts(pupil, events),
    )


def _start_fact(desk: LifeDesk, pupil: PupilDetails) -> Fact:
    if pupil.awaits_start:
        return Fact("Starting day", "not agreed yet", is_missing=True)
    if pupil.starting_day is None:
        return Fact("Starting day", "missing", is_missing=True)
    come = "" if pupil.starting_day > desk.today else ", on roll from that day"
    return Fact("Starting day", f"{say_day(pupil.starting_day)} {pupil.starting_day.year}{come}")


def _agreement_facts(agreed: WrittenEvent | None) -> tuple[Fact, ...]:
    if agreed is None or agreed.event.kind is not EventKind.START_AGREED:
        return ()
    by, with_ = agreed.details.get("by", ""), agreed.details.get("with", "")
    return (_fact("Agreed", f"{say_day(agreed.event.on)}, by {by} with {with_}" if by and with_ else ""),)


def _fact(label: str, value: str, *, empty: str = "not written down") -> Fact:
    return Fact(label, value or empty, is_missing=not value)


def _ringable(contacts: tuple[ContactDetails, ...]) -> Fact:
    count = sum(1 for contact in contacts if contact.works and not contact.do_not_contact)
    return Fact("To ring", count_of(count, "person", "people") if count else "nobody", is_missing=not count)


def _given_up_facts(pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> tuple[Fact, ...]:
    leaving = _last(events, EventKind.LEAVING)
    if not pupil.gave_up_place or leaving is None:
        return ()
    where = leaving.details.get("where_to", "")
    return (
        Fact("Place given up", f"{say_day(leaving.event.on)}, said by {leaving.details.get('said_by', '')}"),
        _fact("Goes to", where, empty="not known"),
    )


def _last(events: Iterable[WrittenEvent], kind: EventKind, *, about: str | None = None) -> WrittenEvent | None:
    found = [each for each in standing(events, kind) if about is None or each.event.about == about]
    return found[-1] if found else None


def _since(pupil: PupilDetails, events: tuple[WrittenEvent, ...]) -> date:
    """From when the history belongs to this start: the first word of it, or a month before the first day."""
    agreed = [each.event.on for each in standing(events, EventKind.START_AGREED, EventKind.ORDER_MADE)]
    start = pupil.starting_day or date.max
    return min([*agreed, start - timedelta(days=31) if start is not date.max else start], default=date.min)


def _is_told(written: WrittenEvent) -> bool:
    if written.event.kind is EventKind.RETURN_SENT:
        return written.event.return_ is ReturnKind.NEW_PUPIL
    return written.event.kind in _KINDS


# -- private: what may be done ---------------------------------------------------------------------------------------


def _acts(
    desk: LifeDesk, pupil: PupilDetails, record: PupilRecord | None, events: tuple[WrittenEvent, ...]
) -> tuple[str, ...]:
    born = ("born",) if pupil.born is None else ()
    if pupil.gave_up_place:
        return ("arrival", "told", "visit", "letter", *born)
    if is_expected(pupil, today=desk.today):
        ordered = _is_ordered(events)
        start = ("agree",) if pupil.awaits_start else ("change",)
        order = ("meeting", "held", "missed", "consent", "revoked") if ordered else ("order",)
        first = (*order[:1], *start, *order[1:]) if ordered and pupil.awaits_start else (*start, *order)
        return (*born, *first, "give_up", "joiner", "told", "letter")
    missing = ("starting_day",) if pupil.starting_day is None else ()
    come = has_come(record)
    flagged = flags_of(desk, pupil.id, ("never-started", DID_NOT_START))
    police = ("police",) if flags_of(desk, pupil.id, (DID_NOT_START,)) else ()
    never = ("visit", *police, "told", "decide", "letter") if flagged and not come else ()
    return (*born, *missing, *never, "return", "joiner", *(() if never else ("told", "letter")))


def _is_ordered(events: Iterable[WrittenEvent]) -> bool:
    orders = standing(events, EventKind.ORDER_MADE, EventKind.ORDER_REVOKED)
    return bool(orders) and orders[-1].event.kind is EventKind.ORDER_MADE
