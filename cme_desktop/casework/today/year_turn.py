"""What Today says of a school year that ends soon, or has ended, while the next one is not set up."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.new_year.plan import FIRST_MONTH
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.storage.new_years import list_new_years

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FROM_SCHOOL_DAYS: Final = 20
"""From so many school days before the end it is said."""

_LAST_MONTH: Final = 9
"""Once the new year has begun it is said to the end of September; after that an import has brought the classes."""


def say_year_turn(db: Session, calendar: SchoolCalendar, *, on: date) -> str:
    """Say that the calendar or the school year ends; empty while it is far off, or the next year is set up."""
    days = calendar.school_days
    if days and len(days) - bisect_right(days, on) <= FROM_SCHOOL_DAYS:
        return f"The calendar {'ends' if on <= days[-1] else 'ended'} on {say_day(days[-1])}"
    said = _say_old_year(calendar, on)
    is_set_up = said and any(act.undone_at is None and act.note.first_day.year == on.year for act in list_new_years(db))
    return "" if is_set_up else said


def _say_old_year(calendar: SchoolCalendar, on: date) -> str:
    """Of a year whose successor the calendar holds already: it still wants its classes moved up."""
    old = next((year for year in calendar.years if year.first_day.year == on.year - 1), None)
    if old is None or on.month > _LAST_MONTH or on.month < FIRST_MONTH:
        return ""
    last_day = max(calendar.school_days_between(old.first_day, old.last_day), default=old.last_day)
    left = calendar.count_school_days_after(on, through=last_day)
    if left > FROM_SCHOOL_DAYS:
        return ""
    return f"The school year {old.name} {'ends' if on <= last_day else 'ended'} on {say_day(last_day)}"
