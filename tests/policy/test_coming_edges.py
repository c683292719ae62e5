"""What comes next, where it begins and ends: today's last code, the pupil's own pattern, the last day on roll."""

from __future__ import annotations

from cme_desktop.policy.coming_rules import coming_rules
from cme_desktop.policy.record import Judgement, PupilRecord
from tests.builders import a_calendar, a_calendar_of_two_years, a_record, a_rulebook, at, day

ASPIRE = "aspire-academy"
MORNING = at("10 Nov", "09:40")


def coming(record: PupilRecord, judged: Judgement = MORNING, *, days: int = 15) -> dict[str, str]:
    found = coming_rules(record, judged, a_rulebook(ASPIRE), days=days)
    return {one.flag.rule_id: f"{one.on.day} {one.on:%b}" for one in found}


def test_the_last_code_of_the_absence_goes_on_and_not_its_first() -> None:
    missed = coming(a_record({"9 Nov": "I", "10 Nov": "O"}, judged=MORNING))
    ill = coming(a_record({"9 Nov": "O", "10 Nov": "I"}, judged=MORNING))

    assert missed["england.attendance-return"] == "23 Nov"
    assert "england.attendance-return" not in ill


def test_one_day_ahead_is_the_next_school_day() -> None:
    assert set(coming(a_record({"10 Nov": "N"}, judged=MORNING), days=1).values()) == {"11 Nov"}


def test_what_comes_after_the_summer_is_told_where_the_next_year_is_known() -> None:
    judged = at("20 Jul", "09:40", a_calendar_of_two_years())

    found = coming(a_record({"20 Jul": "O"}, judged=judged), judged)

    assert found["aspire-academy.day-2-visit"] == "21 Jul"
    assert found["aspire-academy.day-3-police"] == "2 Sep"


def test_the_last_day_on_roll_may_bring_something_and_the_day_after_no_absence() -> None:
    found = coming(a_record({"10 Nov": "O"}, judged=MORNING, left_on=day("11 Nov")))

    assert found["aspire-academy.day-2-visit"] == "11 Nov"
    assert "aspire-academy.day-3-police" not in found


def test_the_pattern_is_that_of_the_last_week() -> None:
    mornings_lately = {"2 Nov..10 Nov pm": ".", "10 Nov am": "O"}
    mornings_once = {"12 Oct..23 Oct pm": ".", "10 Nov": "O"}
    judged = at("10 Nov", "14:00")

    assert "england.attendance-return" not in coming(a_record(mornings_lately, judged=judged), judged)
    assert coming(a_record(mornings_once, judged=judged), judged)["england.attendance-return"] == "23 Nov"


def test_after_a_holiday_the_pattern_is_that_of_the_week_before_it() -> None:
    judged = at("5 Jan", "09:40")  # two weeks of holiday, and the Monday an INSET day
    mornings = {"3 Sep..18 Dec pm": ".", "5 Jan am": "O"}
    three_weeks = at("12 Apr", "09:40")

    assert coming(a_record(mornings, judged=judged), judged)["england.not-seen"] == "18 Jan"
    assert "england.attendance-return" not in coming(a_record(mornings, judged=judged), judged)
    easter = {"3 Sep..25 Mar pm": ".", "12 Apr am": "O"}
    assert "england.attendance-return" not in coming(a_record(easter, judged=three_weeks), three_weeks)


def test_a_pupil_without_an_earlier_week_is_expected_every_session() -> None:
    new = a_record({"10 Nov": "O"}, judged=MORNING, starting_day=day("10 Nov"))

    found = coming(new)

    assert found["aspire-academy.day-2-visit"] == "11 Nov"
    assert found["england.attendance-return"] == "23 Nov"
    assert a_calendar().is_school_day(day("11 Nov"))
