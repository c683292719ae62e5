"""The moment judged, with what every pupil's judging needs of it worked out once: indexes, windows, deadlines."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.errors import CalendarError

if TYPE_CHECKING:
    from cme_desktop.policy.record import Judgement

LATE_AFTER_CLOSE_SYMBOL = ord("U")


class Moment:
    """A judgement's shared facts. One is made for a whole roll."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement
        self.calendar = judgement.calendar
        self.at: datetime = judgement.at
        self.on: date = judgement.on
        self.today_first = self.calendar.count_sessions_before(self.on)
        self.today_due = judgement.sessions_due()
        self.is_school_day = self.calendar.is_school_day(self.on)
        self._first_of_weeks: dict[int, int] = {}
        self._skipped: dict[tuple[date, date], tuple[tuple[date, str], ...]] = {}

    @cached_property
    def year_first(self) -> int:
        """The index of the first session of the school year judged; after the last known year, of that one."""
        begun = [year.first_day for year in self.calendar.years if year.first_day <= self.on]
        return self.calendar.count_sessions_before(max(begun)) if begun else 0

    @cached_property
    def year_end(self) -> int:
        """The index one past the last session of the school year judged."""
        begun = [year for year in self.calendar.years if year.first_day <= self.on]
        return self.calendar.count_sessions_through(begun[-1].last_day) if begun else 0

    @cached_property
    def is_day_over(self) -> bool:
        """Whether every session of the day judged is due, so that the day counts as a whole."""
        return self.today_due == self.calendar.count_sessions_through(self.on)

    def first_of_weeks(self, count: int) -> int:
        """The index of the first session of the ``count`` most recent school weeks, the current one included."""
        known = self._first_of_weeks.get(count)
        if known is None:
            known = self._first_of_weeks[count] = self.calendar.count_sessions_before(self.weeks_before(self.on, count))
        return known

    def weeks_before(self, day: date, count: int) -> date:
        """The Monday on which the ``count`` most recent school weeks began, as seen on a day; its own week included."""
        weeks = self.calendar.school_weeks
        through = bisect_right(weeks, day)
        return weeks[max(0, through - count)] if through else day

    def session(self, index: int) -> SchoolSession:
        """The session at an index of a register line."""
        return self.calendar.sessions[index]

    def sessions(self, indexes: tuple[int, ...]) -> tuple[SchoolSession, ...]:
        """The sessions at these indexes."""
        axis = self.calendar.sessions
        return tuple([axis[index] for index in indexes])

    def day(self, index: int) -> date:
        """The day of the session at an index."""
        return self.calendar.sessions[index].on

    def count_days(self, indexes: tuple[int, ...]) -> int:
        """How many days the sessions at these indexes lie on."""
        return len(set(map(self.calendar.day_of_session.__getitem__, indexes)))

    def moment_of(self, index: int, symbol: int) -> datetime:
        """When a session's mark counts. A child who came after the register closed was there by the afternoon."""
        session = self.session(index)
        morning = session.half is Half.AM and symbol != LATE_AFTER_CLOSE_SYMBOL
        return datetime.combine(session.on, self.judgement.register_close if morning else self.judgement.afternoon)

    # -- deadlines: None where the calendar does not reach so far, never a guess -------------------------------

    def due_on(self, day: date) -> Deadline | None:
        """The close of the day, or of the next school day where it is none."""
        try:
            return Deadline(self.calendar.school_day_from(day))
        except CalendarError:
            return None

    def due_after(self, day: date, *, school_days: int) -> Deadline | None:
        """The close of the so-manieth school day after the day."""
        try:
            return Deadline(self.calendar.school_day_after(day, count=school_days))
        except CalendarError:
            return None

    def due_this_week(self, day: date) -> Deadline | None:
        """The close of the last school day of the day's week."""
        try:
            return Deadline(self.calendar.last_school_day_of_week(day))
        except CalendarError:
            return None

    def skipped(self, first: date, last: date) -> tuple[tuple[date, str], ...]:
        """The weekdays without a session between two days, each with the reason; plain weekends are left out."""
        known = self._skipped.get((first, last))
        if known is None:
            days = self.calendar.days_skipped(first, last)
            known = tuple((day, why.value) for day, why in days if day.weekday() < 5)
            self._skipped[first, last] = known
        return known
