"""Until when a request to see what is held is answered, and until when the regulator is told of a breach.

A request is counted in calendar months from the day of receipt, through weekends and school holidays; a breach in hours
of the clock from the moment somebody became aware of it. Both numbers stand in ``resources/parameters.toml``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from cme_desktop.domain.calendar import add_calendar_months
from cme_desktop.policy.parameters import EARLIEST_LAW, Parameters

MONTHS: Final = "england.subject-access.months"
EXTENSION: Final = "england.subject-access.extension"
WORKING_DAY: Final = "england.subject-access.working-day"
REMINDER: Final = "england.subject-access.reminder"
HOURS: Final = "england.breach.hours"


@dataclass(frozen=True, slots=True)
class InformationNumbers:
    """The numbers that hold on a day: months, months more, whether an end moves on, days ahead shown, hours."""

    months: int = 1
    extension: int = 2
    moves_to_working_day: bool = True
    reminder: int = 7
    hours: int = 72


def numbers_on(parameters: Parameters, on: date) -> InformationNumbers:
    """Read the numbers that hold on a day."""
    day = max(on, EARLIEST_LAW)
    value: Mapping[str, int] = {name: parameters.by_name[name].value_on(day).value for name in _NAMES}
    return InformationNumbers(
        value[MONTHS], value[EXTENSION], bool(value[WORKING_DAY]), value[REMINDER], value[HOURS]
    )  # fmt: skip


_NAMES: Final = (MONTHS, EXTENSION, WORKING_DAY, REMINDER, HOURS)


def counted_from(*, received_on: date, identity_asked_on: date | None, identity_on: date | None) -> date:
    """The day a request is counted from: of receipt; of proof of identity, where that was asked for promptly.

    Until the proof is there it is counted from receipt, so that nobody leans on a day that is not fixed.
    """
    if identity_asked_on is None or identity_on is None:
        return received_on
    return max(received_on, identity_on)


def answer_due_on(
    counted: date, numbers: InformationNumbers, *, months_more: int = 0, is_working_day: Callable[[date], bool]
) -> date:
    """The last day on which a request is answered in time (UK GDPR, article 12(3)).

    The corresponding day of the month, or the last day of a shorter one; moved on to the next working day.
    """
    due = add_calendar_months(counted, count=numbers.months + months_more)
    while numbers.moves_to_working_day and not is_working_day(due):
        due += timedelta(days=1)
    return due


def regulator_due_at(noticed_at: datetime, numbers: InformationNumbers) -> datetime:
    """The moment by which the regulator is told (UK GDPR, article 33(1)): hours of the clock, whatever day it is.

    ``noticed_at`` is aware; the answer has its zone, so that a change of the clocks makes no hour more or less.
    """
    utc = noticed_at.timestamp() + numbers.hours * 3600
    return datetime.fromtimestamp(utc, tz=noticed_at.tzinfo)


def is_too_late(noticed_at: datetime, numbers: InformationNumbers, *, now: datetime) -> bool:
    """Whether the hours are over; at their very end they are not yet."""
    return now.timestamp() > regulator_due_at(noticed_at, numbers).timestamp()
