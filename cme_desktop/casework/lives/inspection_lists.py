"""Who stands on the three lists of a register inspection over a stretch of days, and what is recorded of it.

Removed without notice, allocated but not started, on a part-time timetable: worked out from the facts whenever they are
asked for, of pupils on the roll and of those who have left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Final

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.casework.lives.life import LifeDesk
from cme_desktop.casework.lives.part_time_spans import Span, spans_of
from cme_desktop.casework.lives.removal_desk import read_grounds
from cme_desktop.casework.lives.starting_steps import is_never_come
from cme_desktop.documents.wording import write_short_date
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.events import Event, EventKind, ReturnKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy import runs
from cme_desktop.policy.departure import events_of_removal
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.removal_grounds import Grounds
from cme_desktop.policy.rules.leave import PART_TIME
from cme_desktop.policy.rules.leaving import is_spared_leaver, tells_authority

_NONE_RECORDED: Final = "none recorded"


class InspectionList(StrEnum):
    """The three lists, in the order in which an inspector asks for them."""

    REMOVED = "removed"
    NOT_STARTED = "not_started"
    PART_TIME = "part_time"

    @property
    def in_words(self) -> str:
        """The list's title."""
        return _TITLES[self]

    @property
    def columns(self) -> tuple[str, ...]:
        """What is told of each child, in the order of ``InspectionLine.entries``."""
        return _COLUMNS[self]


_TITLES: Final = {
    InspectionList.REMOVED: "Removed without notice",
    InspectionList.NOT_STARTED: "Allocated but not started",
    InspectionList.PART_TIME: "Part-time timetable",
}
_COLUMNS: Final = {
    InspectionList.REMOVED: ("Removed on", "Ground", "Deletion return"),
    InspectionList.NOT_STARTED: ("Place from", "Since then", "Authority told"),
    InspectionList.PART_TIME: ("Agreed for", "Review", "Authority told", "Code C2"),
}


@dataclass(frozen=True, slots=True)
class Period:
    """The days that the lists are of, both ends included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """A child on one of the lists: in brief, and column by column with an entry to each agreement, place or removal."""

    which: InspectionList
    pupil_id: PupilId
    name: str
    class_name: str
    brief: str
    entries: tuple[tuple[str, ...], ...]


def this_year(desk: LifeDesk) -> Period:
    """The school year so far."""
    years = desk.roll.judgement.calendar.years
    return Period(max(year.first_day for year in years if year.first_day <= desk.today), desk.today)


def check_period(first: date, last: date, *, today: date) -> Period:
    """Take two days for a period; refuse what is the wrong way round or has not been yet."""
    if first > last:
        raise BadInputError("The first day comes after the last.", remedy="Change one of the two days.")
    if last > today:
        raise BadInputError("The last day is still to come.", remedy="Choose today, or an earlier day.")
    return Period(first, last)


def list_lines(desk: LifeDesk, period: Period, *, only: PupilId | None = None) -> tuple[InspectionLine, ...]:
    """List every child of the three lists over a period, list by list and by name; or the lines of one child."""
    moment = Moment(desk.roll.judgement)
    grounds = cache(lambda: read_grounds(desk.office.paths.resources))  # read only where a name has gone
    found = [
        line
        for record in desk.roll.records
        if only is None or record.pupil.id == only
        for line in _lines_of(desk, Facts(record, moment), period, grounds)
    ]
    order = list(InspectionList)
    return tuple(sorted(found, key=lambda line: (order.index(line.which), line.name)))


# -- private -----------------------------------------------------------------------------------------------------

_Told = tuple[str, tuple[tuple[str, ...], ...]]
"""In brief, and entry by entry."""


def _lines_of(desk: LifeDesk, facts: Facts, period: Period, grounds: Callable[[], Grounds]) -> Iterator[InspectionLine]:
    pupil = desk.roll.pupils[facts.record.pupil.id]
    told = {
        InspectionList.REMOVED: _tell_removed(facts, period, grounds),
        InspectionList.NOT_STARTED: _tell_not_started(facts, period),
        InspectionList.PART_TIME: _tell_part_time(facts, period),
    }
    for which, words in told.items():
        if words is not None:
            yield InspectionLine(which, pupil.id, pupil.known_as, pupil.class_name, *words)


def _tell_removed(facts: Facts, period: Period, grounds: Callable[[], Grounds]) -> _Told | None:
    """A name that went in the period with no deletion return by the day it went, and how late one came."""
    removed_on = facts.removed_on
    if (
        removed_on is None
        or not period.holds(removed_on)
        or facts.pupil.was_never_entered
        or is_spared_leaver(facts, removed_on)
    ):
        return None
    events = events_of_removal(facts)
    sent = [event.on for event in events if event.return_ is ReturnKind.DELETION]
    if any(on <= removed_on for on in sent):
        return None
    late = f"{count_of((min(sent) - removed_on).days, 'day')} late" if sent else ""
    notice = f"sent {write_short_date(min(sent))}, {late}" if sent else _NONE_RECORDED
    brief = f"{say_day(removed_on)}, {f'return {late}' if sent else 'no return recorded'}"
    return brief, ((write_short_date(removed_on), _say_ground(events, removed_on, grounds), notice),)


def _say_ground(events: tuple[Event, ...], removed_on: date, grounds: Callable[[], Grounds]) -> str:
    letter = next((event.ground for event in reversed(events) if event.kind is EventKind.REMOVED), None)
    if not letter:
        return _NONE_RECORDED
    ground = grounds().by_letter(letter, on=removed_on)
    return f"({letter}) {ground.title}" if ground is not None else f"({letter})"


def _tell_not_started(facts: Facts, period: Period) -> _Told | None:
    """A place for a day of the period that was given up, or whose child had not come by the period's end."""
    pupil = facts.pupil
    if pupil.was_never_entered:
        if pupil.left_on is None or not period.holds(pupil.left_on):
            return None
        since, short = f"place given up {write_short_date(pupil.left_on)}", f"place given up {say_day(pupil.left_on)}"
    else:
        through = facts.moment.calendar.count_sessions_through(period.last)
        starting_day = pupil.starting_day
        if (
            starting_day is None
            or not period.holds(starting_day)
            or runs.count_of(facts.record.line[:through], runs.ATTENDED)
        ):
            return None
        since = _say_first_came(facts)
        short = f"was to start {say_day(starting_day)}, {since}"
    place = write_short_date(pupil.starting_day) if pupil.starting_day else "not known"
    told = next((event.on for event in facts.events_of_stay if tells_authority(event)), None)
    return short, ((place, since, _say_told(told)),)


def _say_first_came(facts: Facts) -> str:
    """Say when the child first came; of sessions that nobody marked it is not known."""
    line = facts.record.line
    came = next((index for index, symbol in enumerate(line) if symbol in runs.ATTENDED), None)
    if came is not None:
        return f"first came {write_short_date(facts.moment.day(came))}"
    if is_never_come(line, today=facts.moment.today_first):
        return "never came"
    open_still = runs.count_of(line[: facts.moment.today_first], runs.UNKNOWN)
    return f"not seen, {_say_sessions(open_still)} not marked" if open_still else "not marked yet"


def _tell_part_time(facts: Facts, period: Period) -> _Told | None:
    """Each agreement with a day in the period; code C2 or a note in the pupil's record without one."""
    spans = [span for span in spans_of(facts.events) if span.touches(period.first, period.last)]
    calendar = facts.moment.calendar
    first, through = calendar.count_sessions_before(period.first), calendar.count_sessions_through(period.last)
    coded = runs.indexes_of(facts.line, PART_TIME, first=first, last=through)
    if not spans and not coded and not _is_noted(facts, period):
        return None
    entries = [_tell_span(facts, span, coded) for span in spans]
    outside = [index for index in coded if not any(span.holds(facts.moment.day(index)) for span in spans)]
    if outside or not spans:
        entries.append(("no agreement recorded", "", "", _say_sessions(len(outside))))
    brief = f"{say_day(spans[-1].agreed_on)} to {_say_until(spans[-1], say_day)}" if spans else "no agreement recorded"
    return f"{brief}; C2 in {_say_sessions(len(coded))}", tuple(entries)


def _tell_span(facts: Facts, span: Span, coded: tuple[int, ...]) -> tuple[str, ...]:
    told = next((each.on for each in facts.events if tells_authority(each) and span.holds(each.on)), None)
    count = sum(span.holds(facts.moment.day(index)) for index in coded)
    days = f"{write_short_date(span.agreed_on)} to {_say_until(span, write_short_date)}"
    return (
        days,
        _say_review(facts, span),
        _say_told(told),
        _say_sessions(count),
    )


def _say_until(span: Span, say: Callable[[date], str]) -> str:
    return say(span.until) if span.until is not None else "no end said"


def _say_review(facts: Facts, span: Span) -> str:
    held = [event.on for event in facts.events_of(EventKind.REVIEW_HELD) if span.holds(event.on)]
    if held:
        return f"held {write_short_date(held[-1])}"
    if span.review_on is None:
        return "no day set"
    due = write_short_date(span.review_on)
    if span.review_on > facts.on:
        return f"due {due}"
    return f"ended before {due}" if span.until is not None and span.until < span.review_on else f"due {due}, not held"


def _is_noted(facts: Facts, period: Period) -> bool:
    return any(
        held.name is Circumstance.PART_TIME_TIMETABLE
        and (held.from_day is None or held.from_day <= period.last)
        and (held.until_day is None or held.until_day >= period.first)
        for held in facts.pupil.circumstances
    )


def _say_told(on: date | None) -> str:
    return write_short_date(on) if on is not None else _NONE_RECORDED


def _say_sessions(count: int) -> str:
    return count_of(count, "session")
