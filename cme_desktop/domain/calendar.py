"""The school's calendar: which sessions are held, and counting in each kind of day.

A session is half a school day. A school day is a day on which the school holds at least one session for pupils
(Education Act 1996, section 579). A school week is a week from Monday to Sunday with at least one session. A working
day is Monday to Friday without bank holidays, and runs through school holidays. A school year runs from the start of
the first term that begins after July (Education Act 1996, section 579).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cached_property
from itertools import pairwise
from typing import Final

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.day_names import day_name
from cme_desktop.domain.errors import CalendarError

ONE_DAY = timedelta(days=1)
EARLIEST_YEAR: Final = 2000
LATEST_YEAR: Final = 2100
_MOST_TERMS: Final = 60
LONGEST_YEAR: Final = 400
"""Days from a school year's first to its last: a year, and some for a calendar that begins in summer."""


class DayKind(Enum):
    """The unit of a deadline or a count. No number of days stands without one."""

    SCHOOL_SESSION = "session"
    SCHOOL_DAY = "school day"
    SCHOOL_WEEK = "school week"
    WORKING_DAY = "working day"
    CALENDAR_DAY = "calendar day"
    CALENDAR_MONTH = "calendar month"


class NoSchool(Enum):
    """Why the school holds no session on a day."""

    WEEKEND = "weekend"
    BANK_HOLIDAY = "bank holiday"
    HOLIDAY = "holiday"
    INSET = "INSET day"
    CLOSURE = "closure"
    OUTSIDE_CALENDAR = "outside the calendar"


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of weeks between two holidays, both ends included; a year of six half terms has six."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Closure:
    """A day, or half of one when ``half`` is given, on which the whole school was closed unexpectedly (code Y4)."""

    on: date
    half: Half | None = None
    code: str = "Y4"


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """One school year as the school entered it. INSET days and closures are taken out of its terms."""

    first_day: date
    last_day: date
    terms: tuple[Term, ...]
    inset: frozenset[date] = frozenset()
    closures: tuple[Closure, ...] = ()

    @property
    def name(self) -> str:
        """The year as people write it: 2026/27."""
        return f"{self.first_day.year}/{(self.first_day.year + 1) % 100:02d}"

    def problems(self) -> tuple[str, ...]:
        """Say in sentences what is wrong with the dates as entered; empty when nothing is."""
        found: list[str] = []
        years = (self.first_day.year, self.last_day.year)
        if min(years) < EARLIEST_YEAR or max(years) > LATEST_YEAR:
            found.append(
                f"The school year {self.name} lies before {EARLIEST_YEAR} or after {LATEST_YEAR}. Check the dates."
            )
        if (self.last_day - self.first_day).days > LONGEST_YEAR:
            found.append("The school year is longer than a year. Check its first and its last day.")
        if self.first_day > self.last_day:
            found.append("The school year ends before it begins.")
        if not self.terms:
            found.append("There is no term. Enter the first and last day of each half term.")
        if len(self.terms) > _MOST_TERMS:
            found.append(f"There are more terms than a year can hold: up to {_MOST_TERMS} are read.")
        for term in self.terms:
            if term.first_day > term.last_day:
                found.append(f"The term from {term.first_day:%d/%m/%Y} ends before it begins.")
            if term.first_day < self.first_day or term.last_day > self.last_day:
                found.append(f"The term from {term.first_day:%d/%m/%Y} lies outside the school year.")
        found += [
            f"The term from {later.first_day:%d/%m/%Y} begins before the one before it ends."
            for earlier, later in pairwise(self.terms)
            if later.first_day <= earlier.last_day
        ]
        if (self.last_day - self.first_day).days > LONGEST_YEAR or len(self.terms) > _MOST_TERMS:
            return tuple(found)  # the days of terms of a thousand years are not counted
        inside = (term for term in self.terms if self.first_day <= term.first_day and term.last_day <= self.last_day)
        in_term = {day for term in inside for day in _days(term.first_day, term.last_day) if day.weekday() < 5}
        found += [
            f"{day_name(day)} {day:%d/%m/%Y} is entered as an INSET day, but it lies in no term or on a weekend."
            for day in sorted(self.inset - in_term)
        ]
        found += [
            f"{day_name(day)} {day:%d/%m/%Y} is entered as a closure, but it lies in no term or on a weekend."
            for day in (closure.on for closure in self.closures)
            if day not in in_term
        ]
        return tuple(found)


@dataclass(frozen=True)
class SchoolCalendar:
    """Every school year that is known, in order, and the bank holidays of England and Wales.

    Answers are exact inside the known years. A question that needs a later year raises ``CalendarError``,
    whose remedy is to enter next year's dates: a deadline is never guessed.
    """

    years: tuple[SchoolYear, ...]
    bank_holidays: frozenset[date] = field(default_factory=frozenset)

    # -- what the axis of sessions is made of ------------------------------------------------------------------

    @cached_property
    def sessions(self) -> tuple[SchoolSession, ...]:
        """Every session the school holds, in order. A register line has one symbol for each."""
        return tuple(
            SchoolSession(day, half)
            for day in self._days_with_session
            for half in Half
            if (day, half) not in self._closed_halves
        )

    @cached_property
    def school_days(self) -> tuple[date, ...]:
        """Every day on which at least one session is held, in order."""
        return tuple(self._days_with_session)

    @cached_property
    def day_of_session(self) -> tuple[int, ...]:
        """For each session, the position of its day in ``school_days``."""
        position = {day: index for index, day in enumerate(self.school_days)}
        return tuple(position[session.on] for session in self.sessions)

    @cached_property
    def _closed_days(self) -> frozenset[date]:
        return frozenset(closure.on for year in self.years for closure in year.closures if closure.half is None)

    @cached_property
    def _closed_halves(self) -> frozenset[tuple[date, Half]]:
        return frozenset(
            (closure.on, closure.half) for year in self.years for closure in year.closures if closure.half is not None
        )

    @cached_property
    def _days_with_session(self) -> list[date]:
        days = [
            day
            for year in self.years
            for term in year.terms
            for day in _days(term.first_day, term.last_day)
            if self._why_closed(day, year) is None
        ]
        return [day for day in days if not all((day, half) in self._closed_halves for half in Half)]

    def _why_closed(self, day: date, year: SchoolYear) -> NoSchool | None:
        if day.weekday() >= 5:
            return NoSchool.WEEKEND
        if day in self.bank_holidays:
            return NoSchool.BANK_HOLIDAY
        if day in year.inset:
            return NoSchool.INSET
        if day in self._closed_days:
            return NoSchool.CLOSURE
        return None

    # -- days and sessions -------------------------------------------------------------------------------------

    def is_school_day(self, day: date) -> bool:
        """Whether the school holds at least one session on the day."""
        return day in self._position_of_day

    def holds(self, session: SchoolSession) -> bool:
        """Whether the school holds the session."""
        return session in self._position_of_session

    def index_of(self, session: SchoolSession) -> int | None:
        """The position of the session in ``sessions``, or None where the school holds none."""
        return self._position_of_session.get(session)

    def count_sessions_before(self, day: date) -> int:
        """How many sessions lie before the day: the index of the first session on or after it."""
        return bisect_left(self._session_days, day)

    def count_sessions_through(self, day: date) -> int:
        """How many sessions lie on or before the day."""
        return bisect_right(self._session_days, day)

    @cached_property
    def _session_days(self) -> list[date]:
        # plain dates compare many times faster than sessions, and judging a roll asks thousands of times
        return [session.on for session in self.sessions]

    @cached_property
    def _position_of_session(self) -> dict[SchoolSession, int]:
        return {session: index for index, session in enumerate(self.sessions)}

    @cached_property
    def _position_of_day(self) -> dict[date, int]:
        return {day: index for index, day in enumerate(self.school_days)}

    def why_no_school(self, day: date) -> NoSchool | None:
        """Why the school holds no session on the day; None when it holds one."""
        if self.is_school_day(day):
            return None
        year = self.year_of(day)
        if year is None:
            return NoSchool.WEEKEND if day.weekday() >= 5 else NoSchool.OUTSIDE_CALENDAR
        closed = self._why_closed(day, year)
        if closed is not None:
            return closed
        both_halves = all((day, half) in self._closed_halves for half in Half)
        return NoSchool.CLOSURE if both_halves else NoSchool.HOLIDAY

    # -- years, terms and weeks --------------------------------------------------------------------------------

    def year_of(self, day: date) -> SchoolYear | None:
        """The school year a day belongs to: from its first day until the day before the next one's first day.

        After the last known year's last day the answer is None.
        """
        index = bisect_right([year.first_day for year in self.years], day) - 1
        if index < 0:
            return None
        is_last = index == len(self.years) - 1
        if is_last and day > self.years[index].last_day:
            return None
        return self.years[index]

    def term_of(self, day: date) -> Term | None:
        """The term that holds the day, or None in a holiday."""
        for year in self.years:
            for term in year.terms:
                if term.first_day <= day <= term.last_day:
                    return term
        return None

    def school_day_number(self, day: date) -> int | None:
        """The day's number among its year's school days, from 1; None where it is no school day."""
        year = self.year_of(day)
        if year is None or not self.is_school_day(day):
            return None
        return self._position_of_day[day] - bisect_left(self.school_days, year.first_day) + 1

    def count_school_days(self, year: SchoolYear) -> int:
        """How many school days the year holds."""
        return bisect_right(self.school_days, year.last_day) - bisect_left(self.school_days, year.first_day)

    def is_first_after_gap(self, day: date) -> bool:
        """Whether the day is the first school day after a gap between two terms, or of a year.

        A weekend or a bank holiday between two terms is no gap.
        """
        return day in self._firsts_after_gap

    @cached_property
    def _firsts_after_gap(self) -> frozenset[date | None]:
        terms = [term for year in self.years for term in year.terms]
        before = [None, *terms]
        return frozenset(
            self._first_school_day_from(term)
            for earlier, term in zip(before, terms, strict=False)
            if earlier is None or self.count_working_days_after(earlier.last_day, through=term.first_day - ONE_DAY)
        )

    def _first_school_day_from(self, term: Term) -> date | None:
        index = bisect_left(self.school_days, term.first_day)
        if index == len(self.school_days) or self.school_days[index] > term.last_day:
            return None
        return self.school_days[index]

    @cached_property
    def school_weeks(self) -> tuple[date, ...]:
        """The Monday of every week with at least one session, in order."""
        return tuple(sorted({monday_of(day) for day in self.school_days}))

    def last_school_day_of_week(self, day: date) -> date:
        """The week's last school day; where the week holds none left to come, the next school day."""
        sunday = monday_of(day) + timedelta(days=6)
        index = bisect_right(self.school_days, sunday) - 1
        if index >= 0 and self.school_days[index] >= day:
            return self.school_days[index]
        return self.school_day_from(day)

    # -- counting ----------------------------------------------------------------------------------------------

    def school_days_between(self, first: date, last: date) -> tuple[date, ...]:
        """The school days from the first to the last, both included."""
        return self.school_days[bisect_left(self.school_days, first) : bisect_right(self.school_days, last)]

    def count_school_days_after(self, day: date, *, through: date) -> int:
        """How many school days lie after the one and on or before the other; 0 when none does."""
        return max(0, bisect_right(self.school_days, through) - bisect_right(self.school_days, day))

    def school_day_from(self, day: date) -> date:
        """The day itself where it is a school day, else the next one."""
        index = bisect_left(self.school_days, day)
        if index >= len(self.school_days):
            raise self._too_short(day)
        return self.school_days[index]

    def school_day_before(self, day: date) -> date | None:
        """The last school day before the day; None where there is none."""
        index = bisect_left(self.school_days, day) - 1
        return self.school_days[index] if index >= 0 else None

    def school_day_after(self, day: date, *, count: int) -> date:
        """The count-th school day after the day: 1 is the next one."""
        index = bisect_right(self.school_days, day) + count - 1
        if index >= len(self.school_days):
            raise self._too_short(day)
        return self.school_days[index]

    def is_working_day(self, day: date) -> bool:
        """Whether the day is Monday to Friday and no bank holiday, in term or out of it."""
        return day.weekday() < 5 and day not in self.bank_holidays

    def working_day_after(self, day: date, *, count: int) -> date:
        """The count-th working day after the day: 1 is the next one."""
        found = day
        for _ in range(count):
            found += ONE_DAY
            while not self.is_working_day(found):
                found += ONE_DAY
        return found

    def count_working_days_after(self, day: date, *, through: date) -> int:
        """How many working days lie after the one and on or before the other; 0 when none does."""
        return sum(self.is_working_day(each) for each in _days(day + ONE_DAY, through))

    def days_skipped(self, first: date, last: date) -> tuple[tuple[date, NoSchool], ...]:
        """The days without a session between two days, both included, each with the reason."""
        reasons = ((day, self.why_no_school(day)) for day in _days(first, last))
        return tuple((day, why) for day, why in reasons if why is not None)

    def _too_short(self, day: date) -> CalendarError:
        return CalendarError(
            "The calendar does not reach far enough.",
            detail=f"A deadline counted from {day:%d/%m/%Y} falls after the last school day entered.",
            remedy="Enter the next school year's term dates.",
        )


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which an act is due: the close of a day, or a clock time on it."""

    on: date
    by: time | None = None

    def is_overdue(self, at: datetime) -> bool:
        """Whether the moment has passed; a deadline without a clock time lasts to the close of its day."""
        if self.by is None:
            return at.date() > self.on
        return (at.date(), at.time()) > (self.on, self.by)

    @property
    def sort_key(self) -> tuple[date, time]:
        """Earliest first; within a day, clock times before the close."""
        return (self.on, self.by or time.max)


def monday_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def add_calendar_months(day: date, *, count: int) -> date:
    """The same day of the month, so many months later; the last day of a shorter month."""
    month_index = day.year * 12 + day.month - 1 + count
    year, month = divmod(month_index, 12)
    for last_try in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last_try)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
