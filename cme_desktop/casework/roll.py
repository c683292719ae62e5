"""The roll as the rules read it: every pupil's register line, contacts and history, at one moment.

A child who is expected is judged too once something of it is written, with a line that is empty until the starting
day: an order, a meeting or a place given up does not wait for it. One who is only known by an import is named, and not
judged before that day.

A child who has left since the records begin is judged on, through the next school year: the return, the destination,
the arrival and the files outlast the name on the register. One who left before that is, where something of the leaving
is recorded.

Only the marks that a judgement can turn on are read: this school year's, those of the weeks that a rule looks back
over, any N that still stands from before, and earlier years for the pupils whose absence reaches back that far. So the
time does not grow with the years kept, and what is judged is the same as if everything had been read. Earlier
sessions that nobody marked are not brought up again each morning once their school year has ended.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.judged_sessions import JudgedSessions
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.attendance import CODE_OF_LETTER, OUTSIDE_SYMBOL, UNKNOWN_SYMBOL
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.errors import CalendarError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.policy import runs
from cme_desktop.policy.endings import death_in, peace_until
from cme_desktop.policy.record import Judgement, PupilRecord, SchoolRecord
from cme_desktop.policy.rulebook import PARAMETERS, Rulebook, load_rulebook
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.contacts import ContactDetails, list_contacts, load_contacts_by_pupil
from cme_desktop.storage.events import list_standing_events, load_events_by_pupil
from cme_desktop.storage.marks import MarkTuple, first_marked_day, read_marks, read_marks_of, read_still_n, session_of
from cme_desktop.storage.policies import list_adopted_policies, list_adoption_days
from cme_desktop.storage.pupils import PupilDetails, list_expected, list_leavers, list_pupils, load_pupil
from cme_desktop.storage.school import load_school
from cme_desktop.storage.settings import load_clock_times
from cme_desktop.storage.standing_duties import load_last_done

LOOK_BACK_WEEKS: Final = 12
"""School weeks that are always read: more than any rule's window (the penalty framework looks back over ten)."""

_OF_LEAVING: Final = frozenset({
    EventKind.LEAVING, EventKind.REMOVAL_PROPOSED, EventKind.REMOVED, EventKind.HOME_EDUCATION_LETTER,
    EventKind.CONCERN_REPORTED, EventKind.MISSING, EventKind.DIED,
})  # fmt: skip
_UNKNOWN: Final = UNKNOWN_SYMBOL.encode("ascii")
_OUTSIDE: Final = OUTSIDE_SYMBOL.encode("ascii")
_SYMBOL_BYTE: Final = {letter: ord(code.symbol) for letter, code in CODE_OF_LETTER.items()}


@dataclass(frozen=True)
class Roll:
    """Everybody to be judged at a moment: on roll, expected, or left and still followed.

    ``pupils`` names them, and the expected of whom nothing is written yet.

    ``contacts`` are the people to ring about each, as the records were made from them.
    """

    judgement: Judgement
    records: tuple[PupilRecord, ...]
    pupils: Mapping[PupilId, PupilDetails]
    rulebook: Rulebook
    contacts: Mapping[PupilId, tuple[ContactDetails, ...]]

    @cached_property
    def in_peace(self) -> Mapping[int, date]:
        """The bereaved families that are left in peace, each with the last day of it."""
        found: dict[int, date] = {}
        for record in self.records:
            until = peace_until(record.events, on=self.judgement.on) if record.events else None
            family = self.pupils[record.pupil.id].family_id if until is not None else None
            if until is not None and family is not None:
                found[family] = max(until, found.get(family, until))
        return found

    @cached_property
    def dead(self) -> frozenset[PupilId]:
        """The children who have died."""
        return frozenset(each.pupil.id for each in self.records if each.events and death_in(each.events) is not None)

    @cached_property
    def living(self) -> Mapping[PupilId, PupilDetails]:
        """The pupils without the children who have died: those whom something can be asked or written down about."""
        return {pupil_id: pupil for pupil_id, pupil in self.pupils.items() if pupil_id not in self.dead}

    @cached_property
    def on_roll(self) -> tuple[PupilDetails, ...]:
        """Those who are on the register on the day judged."""
        return tuple(pupil for pupil in self.pupils.values() if pupil.is_on_roll(self.judgement.on))


@needs(Right.SEE_NAMES)
def load_roll(office: Office, *, at: datetime | None = None) -> Roll:
    """Read everybody on roll, expected, or left and still followed, at a local moment; now, unless said."""
    moment = at or office.local_now
    rulebook = load_school_rulebook(office, on=moment.date())
    with office.database.reading() as db:
        judgement = load_judgement(db, moment)
        events = _up_to(moment, load_events_by_pupil(db, since=None))
        followed = _list_followed(db, judgement, events)
        expected = list_expected(db, on=moment.date())
        awaited = tuple(pupil for pupil in expected if events.get(pupil.id))
        pupils = (*list_pupils(db, on=moment.date()), *awaited, *followed)
        contacts = dict(load_contacts_by_pupil(db, on=moment.date()))
        contacts |= {pupil.id: list_contacts(db, pupil.id) for pupil in followed}
        records = _records(db, judgement, pupils, contacts=contacts, events=events)
    named = {pupil.id: pupil for pupil in (*pupils, *expected)}
    return Roll(judgement, records, named, rulebook, contacts)


def _list_followed(
    db: Session, judgement: Judgement, events: Mapping[PupilId, tuple[Event, ...]]
) -> tuple[PupilDetails, ...]:
    """List who left in this school year or the one before it and is still followed."""
    leavers = list_leavers(db, since=followed_since(judgement), before=judgement.on)
    return tuple(pupil for pupil in leavers if is_followed(pupil, events.get(pupil.id, ()), judgement))


def followed_since(judgement: Judgement) -> date:
    """The day from which a child who left may still be followed: the first of the school year before this one."""
    begun = [year.first_day for year in judgement.calendar.years if year.first_day <= judgement.on]
    return begun[-2:][0]


def is_followed(pupil: PupilDetails, events: Iterable[Event], judgement: Judgement) -> bool:
    """Whether a child who left is still judged: gone since the records begin, or something of the leaving is written.

    A leaving date that only an import brought, with not a word of where to, is followed too: nobody has said where
    the child is.
    """
    begin = judgement.school.records_begin
    if pupil.left_on is None or pupil.left_on < followed_since(judgement):
        return False
    return (begin is not None and pupil.left_on >= begin) or any(event.kind in _OF_LEAVING for event in events)


@needs(Right.SEE_NAMES)
def read_again(office: Office, roll: Roll, pupils: Iterable[PupilId]) -> Roll:
    """Read these pupils again as they are now; everybody, where another session or day has become due since.

    What was just saved happened after the roll was read, so the roll comes up to this moment with it.
    """
    moment = office.local_now
    judgement = replace(roll.judgement, at=moment)
    if moment.date() != roll.judgement.on or judgement.sessions_due() != roll.judgement.sessions_due():
        return load_roll(office)
    roll = replace(roll, judgement=judgement)
    for pupil_id in pupils:
        roll = reload_record(office, roll, pupil_id)
    return roll


@needs(Right.SEE_NAMES)
def reload_record(office: Office, roll: Roll, pupil_id: PupilId) -> Roll:
    """Read one pupil again, and leave everyone else as they were."""
    with office.database.reading() as db:
        pupil = load_pupil(db, pupil_id)
        contacts = list_contacts(db, pupil_id)
        events = list_standing_events(db, pupil_id=pupil_id)
        (record,) = _records(
            db,
            roll.judgement,
            (pupil,),
            contacts={pupil_id: contacts},
            events=_up_to(roll.judgement.at, {pupil_id: events}),
        )
    records = tuple(record if known.pupil.id == pupil_id else known for known in roll.records)
    if pupil_id in roll.pupils and events and record not in records:
        records = (*records, record)  # the first word of a child who is expected
    return replace(
        roll, records=records, pupils={**roll.pupils, pupil_id: pupil}, contacts={**roll.contacts, pupil_id: contacts}
    )


@needs(Right.SEE_NAMES)
def load_school_rulebook(office: Office, *, on: date) -> Rulebook:
    """Read the law's numbers and the version of each policy that holds on a day."""
    with office.database.reading() as db:
        adopted = list_adopted_policies(db, on=on)
    parameters = (office.paths.resources / "parameters.toml").read_text(encoding="utf-8")
    texts = {policy.policy_id: policy.document for policy in adopted}
    return load_rulebook({PARAMETERS: parameters, **texts}, policies=tuple(texts))


def load_judgement(db: Session, moment: datetime) -> Judgement:
    """Read what is known of the school at a moment; raise ``CalendarError`` for one before every known year."""
    school = load_school(db)
    clock = load_clock_times(db, on=moment.date())
    calendar = load_calendar(db)
    if not calendar.years or moment.date() < calendar.years[0].first_day:
        raise CalendarError(
            "The calendar does not know this day.",
            detail=f"No school year has been entered that holds {moment:%d/%m/%Y}.",
            remedy="Enter the school year's term dates.",
        )
    # Until a mark is there the records have not begun: nothing before today is unknown.
    begins = school.records_begin or first_marked_day(db) or moment.date()
    return Judgement(
        calendar=calendar,
        at=moment,
        register_close=clock.register_close,
        afternoon=clock.afternoon,
        school=SchoolRecord(
            school.type,
            load_last_done(db, on=moment.date()),
            begins,
            adopted=list_adoption_days(db, on=moment.date()),
        ),
    )


def _records(
    db: Session,
    judgement: Judgement,
    pupils: Sequence[PupilDetails],
    *,
    contacts: Mapping[PupilId, tuple[ContactDetails, ...]],
    events: Mapping[PupilId, tuple[Event, ...]],
) -> tuple[PupilRecord, ...]:
    lines = load_lines(db, judgement, pupils)
    begin = judgement.school.records_begin
    return tuple(
        PupilRecord(
            pupil=pupil.for_rules(),
            line=_until_death(lines[pupil.id], events.get(pupil.id, ()), judgement),
            contacts=tuple(contact.for_rules() for contact in contacts.get(pupil.id, ())),
            events=events.get(pupil.id, ()),
            line_begins_at_records=begin is not None and pupil.starting_day is not None and pupil.starting_day < begin,
        )
        for pupil in pupils
    )


def _until_death(line: bytes, events: Iterable[Event], judgement: Judgement) -> bytes:
    """Take the sessions after a death for outside: no count and no list holds the child any more."""
    died_on = death_in(events)
    if died_on is None:
        return line
    kept = min(judgement.calendar.count_sessions_through(died_on), len(line))
    return line[:kept] + _OUTSIDE * (len(line) - kept)


def _up_to(moment: datetime, events: Mapping[PupilId, tuple[Event, ...]]) -> dict[PupilId, tuple[Event, ...]]:
    """Leave out what happened after the moment. A day without a time counts from its close; today's counts already."""
    return {
        pupil_id: tuple(event for event in theirs if event.on < moment.date() or _has_happened(event, moment))
        for pupil_id, theirs in events.items()
    }


def _has_happened(event: Event, moment: datetime) -> bool:
    return event.on == moment.date() and (event.at is None or event.at <= moment.time())


# -- register lines --------------------------------------------------------------------------------------------


def load_lines(db: Session, judgement: Judgement, pupils: Sequence[PupilDetails]) -> dict[PupilId, bytes]:
    """Read each pupil's register line, as far back as a judgement can turn on it."""
    if not pupils:
        return {}
    only = pupils[0].id if len(pupils) == 1 else None
    first = first_day_read(judgement)
    marks = chain(
        read_marks(db, first=first, last=judgement.on, pupil_id=only), read_still_n(db, before=first, pupil_id=only)
    )
    lines = build_lines(judgement, pupils, marks, first=first)
    for year in reversed(judgement.calendar.years):
        if year.first_day < first:
            back = [pupil for pupil in pupils if reaches_back(lines[pupil.id], pupil, judgement, first=first)]
            if not back:
                break
            first = year.first_day
            lines |= _load_lines_from(db, judgement, back, first=first)
    return lines


def _load_lines_from(
    db: Session, judgement: Judgement, pupils: Sequence[PupilDetails], *, first: date
) -> dict[PupilId, bytes]:
    """Read the lines of some pupils in one sweep from a day on, with what is still N from before."""
    ids = [pupil.id for pupil in pupils]
    marks = chain(read_marks_of(db, ids, first=first, last=judgement.on), read_still_n(db, before=first))
    return build_lines(judgement, pupils, marks, first=first)


def first_day_read(judgement: Judgement) -> date:
    """The first day whose marks are read of everybody."""
    year = max(year.first_day for year in judgement.calendar.years if year.first_day <= judgement.on)
    weeks = judgement.calendar.school_weeks
    through = bisect_right(weeks, judgement.on)
    return min(year, weeks[max(0, through - LOOK_BACK_WEEKS)]) if through else year


def reaches_back(line: bytes, pupil: PupilDetails, judgement: Judgement, *, first: date) -> bool:
    """Whether the pupil never attended in what was read, though there may be more before it."""
    begun_before = pupil.starting_day is None or pupil.starting_day < first
    attended = runs.count_of(line, runs.ATTENDED)
    return begun_before and not attended and judgement.calendar.count_sessions_before(first) > 0


def load_whole_line(db: Session, judgement: Judgement, pupil: PupilDetails) -> bytes:
    """Read one pupil's line from the first known year on."""
    return _load_lines_from(db, judgement, (pupil,), first=judgement.calendar.years[0].first_day)[pupil.id]


def build_lines(
    judgement: Judgement, pupils: Iterable[PupilDetails], marks: Iterable[MarkTuple], *, first: date
) -> dict[PupilId, bytes]:
    """Lay the marks on the axis of sessions as they are read; what is unmarked before ``first`` is left outside."""
    length = judgement.sessions_due()
    spans = {pupil.id: _judged_span(pupil, judgement, length) for pupil in pupils}
    lines = {pupil.id: _unmarked_line(pupil, spans[pupil.id], judgement, length, first=first) for pupil in pupils}
    places: dict[int, tuple[bytearray, int, int]] = {pupil: (lines[pupil], *span) for pupil, span in spans.items()}
    position = _Positions(judgement.calendar)
    for number, pupil_id, letter in marks:
        index, place = position[number], places.get(pupil_id)
        if index is not None and place is not None and place[1] <= index < place[2]:
            place[0][index] = _SYMBOL_BYTE[letter]
    return {pupil_id: bytes(line) for pupil_id, line in lines.items()}


class _Positions(dict[int, int | None]):
    """Where each session that marks are read of lies on the axis, worked out when it is first met."""

    def __init__(self, calendar: SchoolCalendar) -> None:
        super().__init__()
        self._calendar = calendar

    def __missing__(self, number: int) -> int | None:
        self[number] = index = self._calendar.index_of(session_of(number))
        return index


def _unmarked_line(
    pupil: PupilDetails, span: tuple[int, int], judgement: Judgement, length: int, *, first: date
) -> bytearray:
    calendar = judgement.calendar
    judged_from, judged_to = span
    read_from = min(max(judged_from, calendar.count_sessions_before(first)), judged_to)
    line = bytearray(_OUTSIDE * read_from + _UNKNOWN * (judged_to - read_from) + _OUTSIDE * (length - judged_to))
    if pupil.patterns:
        _leave_out_pattern(line, pupil, calendar, JudgedSessions(judgement.school.records_begin))
    return line


def _judged_span(pupil: PupilDetails, judgement: Judgement, length: int) -> tuple[int, int]:
    calendar = judgement.calendar
    if pupil.awaits_start:
        return length, length
    begins = [day for day in (pupil.starting_day, judgement.school.records_begin) if day is not None]
    judged_from = min(calendar.count_sessions_before(max(begins)), length) if begins else 0
    judged_to = length if pupil.left_on is None else min(calendar.count_sessions_through(pupil.left_on), length)
    return judged_from, max(judged_from, judged_to)


def _leave_out_pattern(line: bytearray, pupil: PupilDetails, calendar: SchoolCalendar, judged: JudgedSessions) -> None:
    for index, symbol in enumerate(line):
        if symbol == _UNKNOWN[0] and not judged.holds(pupil, calendar.sessions[index]):
            line[index] = _OUTSIDE[0]
