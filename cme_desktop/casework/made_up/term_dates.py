"""Term dates by rule: six half terms around the real bank holidays, 190 days for pupils and five INSET days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from cme_desktop.domain.calendar import SchoolCalendar, SchoolYear, Term, monday_of
from cme_desktop.importers.calendars import bank_holidays

DAYS_WITH_INSET: Final = 195
_FRIDAY: Final = timedelta(days=4)
_WEEK: Final = timedelta(days=7)


def make_calendar(*, first: int, last: int) -> SchoolCalendar:
    """Make the school years that begin in September of these years, both included."""
    holidays = bank_holidays(range(first, last + 3))
    return SchoolCalendar(tuple(make_year(september, holidays) for september in range(first, last + 1)), holidays)


def make_year(september: int, holidays: frozenset[date]) -> SchoolYear:
    """Make the school year that begins in September of this year."""
    spring = september + 1
    october, february = monday_of(date(september, 10, 29)), monday_of(date(spring, 2, 18))
    easter, may = _monday_from(date(spring, 3, 29)), monday_of(date(spring, 5, 31))
    before_summer = [
        Term(_weekday_from(date(september, 9, 1)), october - _WEEK + _FRIDAY),
        Term(october + _WEEK, _last_friday_through(date(september, 12, 21))),
        Term(_monday_from(date(spring, 1, 2)), february - _WEEK + _FRIDAY),
        Term(february + _WEEK, easter - _WEEK + _FRIDAY),
        Term(easter + 2 * _WEEK, may - _WEEK + _FRIDAY),
    ]
    taught = sum(1 for term in before_summer for _ in _open_days(term.first_day, term.last_day, holidays))
    summer = list(_open_days(may + _WEEK, date(spring, 8, 31), holidays))[: DAYS_WITH_INSET - taught]
    terms = (*before_summer, Term(summer[0], summer[-1]))
    starts = [list(_open_days(term.first_day, term.last_day, holidays)) for term in terms]
    inset = frozenset({*starts[0][:2], starts[1][0], starts[2][0], starts[5][0]})
    return SchoolYear(terms[0].first_day, summer[-1], terms, inset)


def _open_days(first: date, last: date, holidays: frozenset[date]) -> Iterator[date]:
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return (day for day in days if day.weekday() < 5 and day not in holidays)


def _monday_from(day: date) -> date:
    return day + timedelta(days=-day.weekday() % 7)


def _weekday_from(day: date) -> date:
    return day if day.weekday() < 5 else _monday_from(day)


def _last_friday_through(day: date) -> date:
    return day - timedelta(days=(day.weekday() - 4) % 7)
