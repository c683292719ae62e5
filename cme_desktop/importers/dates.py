"""Read dates as English schools write them. The American order is never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

_ISO: Final = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$")
_NUMBERS: Final = re.compile(r"^(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})(?:[T ]\d.*)?$")
_WITH_MONTH: Final = re.compile(
    r"^(?:[A-Za-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s/-]+([A-Za-z]{3,9})\.?(?:[\s/,-]+(\d{4}|\d{2}))?$"
)
_SERIAL: Final = re.compile(r"^(\d{5})(?:\.\d+)?$")
_EXCEL_DAY_ZERO: Final = date(1899, 12, 30)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class DateOrder(StrEnum):
    """Which number of 03/04/2026 is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


def parse_date(text: str, *, order: DateOrder = DateOrder.DAY_FIRST, year_of: date | None = None) -> date | None:
    """Read a date, or return None. ``year_of`` lends its school year to a date written without a year."""
    tidy = text.strip()
    try:
        return _from_iso(tidy) or _from_numbers(tidy, order) or _from_month_name(tidy, year_of) or _from_serial(tidy)
    except (ValueError, OverflowError):
        return None


def settle_order(texts: Iterable[str], *, plausible: Callable[[date], bool]) -> DateOrder | None:
    """Say which order a column is written in; None where both fit, so that somebody must be asked.

    A number above 12 settles it; failing that, readings that ``plausible`` refuses do, in favour of the day first.
    """
    pairs = {(int(found[1]), int(found[2])) for text in set(texts) if (found := _NUMBERS.match(text.strip()))}
    if any(first > 12 for first, _ in pairs):
        return DateOrder.DAY_FIRST
    if any(second > 12 for _, second in pairs):
        return DateOrder.MONTH_FIRST
    if all(first == second for first, second in pairs):
        return DateOrder.DAY_FIRST
    return _settle_by_sense(set(texts), plausible)


def _settle_by_sense(texts: set[str], plausible: Callable[[date], bool]) -> DateOrder | None:
    written = [text for text in texts if _NUMBERS.match(text.strip())]
    day_first = all(_makes_sense(text, DateOrder.DAY_FIRST, plausible) for text in written)
    month_first = all(_makes_sense(text, DateOrder.MONTH_FIRST, plausible) for text in written)
    return DateOrder.DAY_FIRST if day_first and not month_first else None


def _makes_sense(text: str, order: DateOrder, plausible: Callable[[date], bool]) -> bool:
    day = parse_date(text, order=order)
    return day is not None and plausible(day)


def _from_iso(text: str) -> date | None:
    found = _ISO.match(text)
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None


def _from_numbers(text: str, order: DateOrder) -> date | None:
    found = _NUMBERS.match(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[2]), _whole_year(found[3])
    return date(year, second, first) if order is DateOrder.DAY_FIRST else date(year, first, second)


def _from_month_name(text: str, year_of: date | None) -> date | None:
    found = _WITH_MONTH.match(text)
    if not found or found[2][:3].lower() not in _MONTHS:
        return None
    month = _MONTHS.index(found[2][:3].lower()) + 1
    if found[3]:
        return date(_whole_year(found[3]), month, int(found[1]))
    if year_of is None:
        return None
    september = year_of.year if year_of.month >= 8 else year_of.year - 1
    return date(september if month >= 8 else september + 1, month, int(found[1]))


def _from_serial(text: str) -> date | None:
    found = _SERIAL.match(text)
    if not found:
        return None
    return _EXCEL_DAY_ZERO + timedelta(days=int(found[1]))


def _whole_year(text: str) -> int:
    year = int(text)
    if len(text) == 4:
        return year
    return year + (2000 if year < 80 else 1900)
