"""Days and months by name, spelled here and not asked of the machine: a Welsh or Polish office PC reads the same."""

from __future__ import annotations

from datetime import date
from typing import Final

_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def day_name(on: date) -> str:
    """Tuesday."""
    return _DAYS[on.weekday()]


def short_day_name(on: date) -> str:
    """Tue."""
    return _DAYS[on.weekday()][:3]


def month_name(on: date) -> str:
    """November."""
    return _MONTHS[on.month - 1]


def short_month_name(on: date) -> str:
    """Nov."""
    return _MONTHS[on.month - 1][:3]
