"""Until when a request is answered and the regulator told: by calendar months and by hours of the clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cme_desktop.policy.information_deadlines import (
    InformationNumbers,
    answer_due_on,
    counted_from,
    is_too_late,
    numbers_on,
    regulator_due_at,
)
from cme_desktop.policy.parameters import load_parameters
from tests.builders import RESOURCES

LONDON = ZoneInfo("Europe/London")
NUMBERS = InformationNumbers()
BANK_HOLIDAYS = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 3, 26), date(2027, 3, 29)}


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in BANK_HOLIDAYS


def due(received: date, *, more: int = 0, numbers: InformationNumbers = NUMBERS) -> date:
    return answer_due_on(received, numbers, months_more=more, is_working_day=is_working_day)


@pytest.mark.parametrize(
    ("received", "until"),
    [
        (date(2026, 9, 3), date(2026, 10, 5)),  # the third is a Saturday
        (date(2026, 11, 9), date(2026, 12, 9)),
        (date(2026, 11, 10), date(2026, 12, 10)),
        (date(2026, 11, 11), date(2026, 12, 11)),
        (date(2026, 11, 25), date(2026, 12, 29)),  # Christmas Day, a weekend, and the day in place of Boxing Day
        (date(2027, 1, 28), date(2027, 3, 1)),  # 28 February 2027 is a Sunday
        (date(2027, 1, 31), date(2027, 3, 1)),  # the last of a shorter month, that Sunday too
        (date(2028, 1, 31), date(2028, 2, 29)),  # a leap year
        (date(2027, 2, 26), date(2027, 3, 30)),  # Good Friday, a weekend and Easter Monday
        (date(2028, 2, 29), date(2028, 3, 29)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2026, 7, 24), date(2026, 8, 24)),  # through the summer holiday
    ],
)
def test_a_month_ends_on_the_same_day_of_the_next_or_the_working_day_after(received: date, until: date) -> None:
    assert due(received) == until


def test_an_extension_counts_from_the_same_day_and_not_from_the_shorter_month() -> None:
    assert due(date(2027, 1, 31), more=2) == date(2027, 4, 30)
    assert due(date(2027, 1, 31), more=1) == date(2027, 3, 31)
    assert due(date(2026, 11, 30), more=2) == date(2027, 3, 1)  # 28 February 2027, a Sunday


def test_an_end_stays_on_a_weekend_where_the_school_says_so() -> None:
    stays = InformationNumbers(moves_to_working_day=False)

    assert due(date(2026, 9, 3), numbers=stays) == date(2026, 10, 3)


def test_the_month_begins_with_proof_of_identity_only_where_it_was_asked_for_promptly() -> None:
    received, asked, proven = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 9)

    assert counted_from(received_on=received, identity_asked_on=asked, identity_on=proven) == proven
    assert counted_from(received_on=received, identity_asked_on=None, identity_on=proven) == received
    assert counted_from(received_on=received, identity_asked_on=asked, identity_on=None) == received
    assert counted_from(received_on=received, identity_asked_on=asked, identity_on=received) == received


@pytest.mark.parametrize(
    ("passed", "late"),
    [
        (timedelta(hours=71, minutes=59), False),
        (timedelta(hours=72), False),
        (timedelta(hours=72, seconds=1), True),
        (timedelta(hours=72, minutes=1), True),
    ],
)
@pytest.mark.parametrize(
    "noticed",
    [
        datetime(2026, 11, 6, 17, 0, tzinfo=LONDON),  # a Friday afternoon
        datetime(2026, 10, 24, 9, 30, tzinfo=LONDON),  # the clocks go back in the night after
        datetime(2027, 3, 27, 9, 30, tzinfo=LONDON),  # and forward in this one
        datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=0),
        datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=1),
    ],
)
def test_the_hours_are_those_of_the_clock_whatever_the_day(noticed: datetime, passed: timedelta, *, late: bool) -> None:
    now = datetime.fromtimestamp(noticed.timestamp() + passed.total_seconds(), tz=LONDON)

    assert is_too_late(noticed, NUMBERS, now=now) is late


def test_noticed_on_a_friday_at_five_ends_on_monday_at_five() -> None:
    assert regulator_due_at(datetime(2026, 11, 6, 17, 0, tzinfo=LONDON), NUMBERS) == datetime(
        2026, 11, 9, 17, 0, tzinfo=LONDON
    )


def test_over_the_change_of_the_clocks_the_wall_shows_another_hour() -> None:
    back = regulator_due_at(datetime(2026, 10, 24, 9, 30, tzinfo=LONDON), NUMBERS)
    forward = regulator_due_at(datetime(2027, 3, 27, 9, 30, tzinfo=LONDON), NUMBERS)

    assert (back.hour, back.minute, back.date()) == (8, 30, date(2026, 10, 27))
    assert (forward.hour, forward.minute, forward.date()) == (10, 30, date(2027, 3, 30))


def test_the_numbers_are_those_of_the_rulebook_and_hold_for_a_day_before_the_earliest_law() -> None:
    parameters = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))

    assert numbers_on(parameters, date(2026, 11, 10)) == InformationNumbers(1, 2, True, 7, 72)  # noqa: FBT003  as the table reads
    assert numbers_on(parameters, date(2020, 1, 1)) == InformationNumbers()
