"""A school year in figures while its dates are typed: school days by half term, INSET days, and the 195-day check."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from cme_desktop.domain.calendar import SchoolCalendar, SchoolYear, Term

USUAL_DAYS = 195
"""190 school days for pupils and five INSET days are usual."""


@dataclass(frozen=True, slots=True)
class YearInFigures:
    """How many days of each kind the dates come to; ``by_term`` follows the half terms."""

    school_days: int
    inset_days: int
    closures: int
    bank_holidays: int
    by_term: tuple[int, ...]

    @property
    def is_usual(self) -> bool:
        """Whether pupils' days, INSET days and closures come to the usual 195."""
        return self.school_days + self.inset_days + self.closures == USUAL_DAYS


def count_year(year: SchoolYear) -> YearInFigures:
    """Count the year's days, with the bank holidays of England taken out."""
    holidays = _bank_holidays(year.first_day.year)
    calendar = SchoolCalendar((year,), holidays)
    by_term = tuple(len(calendar.school_days_between(term.first_day, term.last_day)) for term in year.terms)
    in_term = sum(1 for day in holidays if calendar.term_of(day) is not None)
    whole = sum(1 for closure in year.closures if closure.half is None)
    return YearInFigures(sum(by_term), len(year.inset), whole, in_term, by_term)


def take_in_inset(year: SchoolYear) -> SchoolYear:
    """Stretch each half term over the INSET days that touch it: schools publish the first day for pupils."""
    terms = tuple(_stretch(term, year.inset) for term in year.terms)
    if not terms:
        return year
    first, last = min(term.first_day for term in terms), max(term.last_day for term in terms)
    return replace(year, terms=terms, first_day=min(year.first_day, first), last_day=max(year.last_day, last))


def _stretch(term: Term, inset: frozenset[date]) -> Term:
    first, last = term.first_day, term.last_day
    while (before := _weekday(first, step=-1)) in inset:
        first = before
    while (after := _weekday(last, step=1)) in inset:
        last = after
    return Term(first, last)


def _weekday(day: date, *, step: int) -> date:
    found = day + timedelta(days=step)
    while found.weekday() >= 5:
        found += timedelta(days=step)
    return found


@cache
def _bank_holidays(first_year: int) -> frozenset[date]:
    from cme_desktop.importers.calendars import bank_holidays  # noqa: PLC0415  a slow library, once the dates are whole

    return bank_holidays((first_year, first_year + 1))
