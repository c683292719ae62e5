"""How findings say counts and days in plain British English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cme_desktop.domain.day_names import month_name


def say_day(day: date) -> str:
    """Write a day as people do: 9 November 2026."""
    return f"{day.day} {month_name(day)} {day.year}"


def say_count(count: int, thing: str) -> str:
    """Write a count with its unit: 1 session, 20 sessions."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def say_as_days(sessions: int) -> str:
    """Write a number of sessions as school days, halves included: 10 school days, 10½ school days."""
    whole, half = divmod(sessions, 2)
    if not half:
        return say_count(whole, "school day")
    return "half a school day" if whole == 0 else f"{whole}½ school days"


def say_list(words: Sequence[str]) -> str:
    """Join words as in speech: carer, social worker and designated teacher."""
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + " and " + words[-1]
