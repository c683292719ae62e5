"""Calendars come with the program, and a written one is read strictly."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.calendars import (
    bank_holidays,
    list_supplied_calendars,
    load_supplied_calendar,
    read_calendar,
)

RESOURCES = Path(__file__).parents[2] / "resources"


def test_the_test_calendar_has_190_days_for_pupils() -> None:
    calendar = load_supplied_calendar(RESOURCES, "test-2026-27")

    assert len(calendar.school_days) == 190
    assert calendar.school_days[0] == date(2026, 9, 3)
    assert calendar.school_days[-1] == date(2027, 7, 21)
    assert not calendar.is_school_day(date(2027, 5, 3))


@pytest.mark.parametrize(
    ("calendar_id", "days"),
    [("derbyshire-2024-25", 195), ("derbyshire-2025-26", 195), ("east-sussex-2024-25", 195),
     ("east-sussex-2025-26", 195), ("worcestershire-2024-25", 194)],
)  # fmt: skip
def test_the_authorities_calendars_hold_their_days_and_say_that_inset_is_unknown(calendar_id: str, days: int) -> None:
    supplied = {calendar.id: calendar for calendar in list_supplied_calendars(RESOURCES)}

    assert len(load_supplied_calendar(RESOURCES, calendar_id).school_days) == days
    assert not supplied[calendar_id].inset_known
    assert "INSET days are not known" in supplied[calendar_id].note


def test_bank_holidays_are_the_weekdays_on_which_they_are_observed() -> None:
    assert sorted(bank_holidays([2026, 2027])) == [
        date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25), date(2026, 8, 31),
        date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1), date(2027, 3, 26), date(2027, 3, 29),
        date(2027, 5, 3), date(2027, 5, 31), date(2027, 8, 30), date(2027, 12, 27), date(2027, 12, 28),
    ]  # fmt: skip


def test_an_unknown_calendar_names_the_nearest() -> None:
    with pytest.raises(BadInputError, match="derbyshire-2024-25"):
        load_supplied_calendar(RESOURCES, "derbyshire-2024")


YEAR = "[calendar]\nfirst_day = 2026-09-01\nlast_day = 2027-07-21\n"
TERM = YEAR + "terms = [{ from = 2026-09-01, to = 2026-10-23 }]\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("x = 1\n", 1, '"calendar" is missing'),
        ("[calendar]\nfirst_day = 2026-09-01\n", 1, '"last_day" is missing'),
        ("[calendar]\nfirst_day = 2026-09-01\nlast_day = 2026-08-01\nterms = []\n", 3, "ends before it begins"),
        (YEAR + "terms = [\n{ from = 2026-09-01, till = 2026-10-01 },\n]\n", 5, 'the nearest is "to"'),
        (TERM + "inset = [2026-12-01]\n", 5, "INSET day"),
        (TERM + 'closed = [{ on = 2026-09-09, code = "Y5" }]\n', 5, "closure code"),
    ],
)
def test_a_fault_in_a_calendar_is_named_with_its_line(text: str, line: int, words: str) -> None:
    found = read_calendar(text)

    assert found.calendar is None
    assert (line, True) in [(problem.line, words in problem.message) for problem in found.problems]
