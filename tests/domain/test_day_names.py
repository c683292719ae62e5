"""Days are said in English whatever the machine speaks."""

from __future__ import annotations

import locale
from datetime import date, timedelta

from cme_desktop.casework.in_words import say_day, say_long_day


def test_every_day_of_a_year_is_named_as_in_english() -> None:
    locale.setlocale(locale.LC_TIME, "C")  # the one locale every machine has, and it speaks English
    first = date(2026, 1, 1)

    for day in (first + timedelta(days=n) for n in range(365)):
        assert say_day(day) == f"{day:%a} {day.day} {day:%b}"
        assert say_long_day(day) == f"{day:%A} {day.day} {day:%B}"
