"""How days, counts and lists are said."""

from __future__ import annotations

from datetime import date

import pytest

from cme_desktop.policy.wording import say_as_days, say_count, say_day, say_list


def test_a_day_is_said_as_people_do() -> None:
    assert say_day(date(2026, 11, 9)) == "9 November 2026"


@pytest.mark.parametrize(("count", "says"), [(0, "0 visits"), (1, "1 visit"), (2, "2 visits"), (20, "20 visits")])
def test_one_is_one_and_everything_else_is_many(count: int, says: str) -> None:
    assert say_count(count, "visit") == says


@pytest.mark.parametrize(
    ("sessions", "says"),
    [
        (0, "0 school days"),
        (1, "half a school day"),
        (2, "1 school day"),
        (3, "1½ school days"),
        (4, "2 school days"),
        (21, "10½ school days"),
    ],
)
def test_sessions_are_said_as_days_and_halves(sessions: int, says: str) -> None:
    assert say_as_days(sessions) == says


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], ""),
        (["one"], "one"),
        (["one", "two"], "one and two"),
        (["one", "two", "three"], "one, two and three"),
    ],
)
def test_a_list_is_joined_as_in_speech(words: list[str], says: str) -> None:
    assert say_list(words) == says
