"""Moments, days and small numbers as the office says them: 9:45, Tue 10 Nov, two."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

from cme_desktop.domain.attendance import SchoolSession
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.day_names import day_name, month_name, short_day_name, short_month_name
from cme_desktop.domain.errors import BadInputError

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def say_clock(at: time | datetime) -> str:
    """9:45."""
    return f"{at.hour}:{at.minute:02d}"


def say_day(on: date) -> str:
    """Tue 10 Nov."""
    return f"{short_day_name(on)} {on.day} {short_month_name(on)}"


def say_dated(on: date) -> str:
    """Tue 10 Nov 2026."""
    return f"{say_day(on)} {on.year}"


def say_long_day(on: date) -> str:
    """Tuesday 10 November."""
    return f"{day_name(on)} {on.day} {month_name(on)}"


def say_near_day(on: date, *, today: date) -> str:
    """Thu 12 within two weeks of today, Thu 12 Nov beyond."""
    return f"{short_day_name(on)} {on.day}" if abs((on - today).days) < 15 else say_day(on)


def say_moment(at: datetime, *, today: date) -> str:
    """9:18 today, Mon 9:18 within the week, Mon 2 Nov 9:18 before."""
    if at.date() == today:
        return say_clock(at)
    day = short_day_name(at) if 0 <= (today - at.date()).days < 7 else say_day(at.date())
    return f"{day} {say_clock(at)}"


def say_due(due: Deadline, *, at: datetime) -> str:
    """Say when something is due, seen from a moment: 10:30, today, Thu 12; late before it where it has passed."""
    today = say_clock(due.by) if due.by else "today"
    words = today if due.on == at.date() else say_near_day(due.on, today=at.date())
    return f"late, {words}" if due.is_overdue(at) else words


def say_session(session: SchoolSession, *, today: date) -> str:
    """Mon am within the week, Mon 2 Nov am before."""
    day = short_day_name(session.on) if 0 <= (today - session.on).days < 7 else say_day(session.on)
    return f"{day} {session.half.value}"


def say_number(number: int) -> str:
    """Spell a number below ten."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def count_of(number: int, one: str, many: str = "") -> str:
    """Put a number beside its noun: 1 pupil, 27 pupils."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def capital(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]


def read_day(text: str, *, today: date) -> date | None:
    """Read a typed day, 12/11, 12/11/26 or 12/11/2026, the year left out being the nearest; None where empty."""
    parts = text.strip().replace(".", "/").replace("-", "/").split("/")
    if parts == [""]:
        return None
    try:
        day, month, *rest = (int(part) for part in parts)
        year = rest[0] + (2000 if rest[0] < 100 else 0) if rest else today.year
        found = date(year, month, day)
    except ValueError:
        raise BadInputError("This is not a day.", remedy="Type it as 12/11 or 12/11/2026.") from None
    return found.replace(year=year + 1) if not rest and (today - found).days > 180 else found
