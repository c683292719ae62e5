"""The days of a leave: how many school days it takes, when the child is due back, and which days can't be asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.casework.lives.leave_matter import LeaveMatter, LeaveState
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.errors import BadInputError, CalendarError, RefusedError

_LONGEST: Final = timedelta(days=366)
_LONG: Final = 20
"""School days from which the screen says that this is a long leave."""


@dataclass(frozen=True, slots=True)
class LeaveDays:
    """The days of a leave, both included. ``back_on`` is None where the calendar does not reach so far."""

    first: date
    last: date
    school_days: int
    back_on: date | None
    is_known: bool
    """Whether the calendar knows every one of the days."""


def days_of_leave(calendar: SchoolCalendar, first: date, last: date) -> LeaveDays:
    """Count the school days between two days, and give the first school day after them; half terms are skipped."""
    return LeaveDays(
        first,
        last,
        len(calendar.school_days_between(first, last)),
        back_after(calendar, last),
        is_known=calendar.year_of(first) is not None and calendar.year_of(last) is not None,
    )


def back_after(calendar: SchoolCalendar, last: date, *, count: int = 1) -> date | None:
    """Give the so-manieth school day after a day; None where the calendar does not reach so far."""
    try:
        return calendar.school_day_after(last, count=count)
    except CalendarError:
        return None


def say_span(first: date | None, last: date | None) -> str:
    """Say the days: "Mon 14 Sep to Thu 24 Sep"; "days not said" where they were not."""
    if first is None or last is None:
        known = first or last
        return say_day(known) if known is not None else "days not said"
    return say_day(first) if first == last else f"{say_day(first)} to {say_day(last)}"


def say_days(calendar: SchoolCalendar, first: date, last: date) -> str:
    """Say how many school days lie between two days and when school begins again, or what is wrong with them."""
    if last < first:
        return "The last day lies before the first."
    days = days_of_leave(calendar, first, last)
    if not days.is_known:
        return "The calendar does not know all of these days: enter the next school year’s term dates."
    if not days.school_days:
        return "There is no school on these days."
    back = f"back on {say_day(days.back_on)}" if days.back_on else "the day of return is not in the calendar yet"
    long = ". This is a long leave" if days.school_days >= _LONG else ""
    return f"{count_of(days.school_days, 'school day')}, {back}{long}."


def refuse_wrong_days(calendar: SchoolCalendar, first: date, last: date) -> None:
    """Refuse days in the wrong order, more than a year of them, and days on which there is no school."""
    if last < first:
        raise BadInputError("The last day lies before the first.", remedy="Correct the days.")
    if last - first > _LONGEST:
        raise BadInputError(
            "This leave would be longer than a year.", remedy="Check the years of both days. Leave has an end in sight."
        )
    days = days_of_leave(calendar, first, last)
    if days.is_known and not days.school_days:
        raise BadInputError(
            "There is no school on these days.",
            detail="Weekends, holidays, bank holidays and INSET days need no leave.",
            remedy="Check the days, or the school’s calendar.",
        )


def refuse_days_in_question(matters: Iterable[LeaveMatter], first: date, last: date, *, but: str = "") -> None:
    """Refuse days that another request asks for already, or that are granted; ``but`` is the request itself."""
    for matter in matters:
        if matter.key == but or not matter.shares_days(first, last):
            continue
        said = say_span(matter.granted_first or matter.first, matter.granted_last or matter.last)
        if matter.state is LeaveState.ASKED:
            raise RefusedError(
                "Leave for some of these days is asked for already.",
                detail=f"A request for {said} waits for its decision.",
                remedy="Correct that request, or have it decided first.",
            )
        if matter.state is LeaveState.GRANTED and _is_granted_within(matter, first, last):
            raise RefusedError(
                "Leave for some of these days is granted already.",
                detail=f"It is granted for {said}.",
                remedy="Ask only for the other days.",
            )


def _is_granted_within(matter: LeaveMatter, first: date, last: date) -> bool:
    granted_first, granted_last = matter.granted_first, matter.granted_last
    return granted_first is not None and granted_last is not None and granted_first <= last and first <= granted_last
