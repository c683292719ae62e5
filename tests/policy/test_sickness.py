"""Illness of a school year, had and expected: when the return falls due, and when a later spell asks for another."""

from __future__ import annotations

from datetime import date

import pytest

from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, ReturnKind, With
from cme_desktop.policy.rule import Flag
from tests.builders import a_calendar_of_two_years, a_record, an_event, at, close_of, day, flags_of

RULE = "england.sickness-return"
NEARLY = "england.sickness-approaching"


def raised(
    when: str, marks: dict[str, str], *events: Event, rule: str = RULE, calendar: SchoolCalendar | None = None
) -> Flag | None:
    judged = close_of(when, calendar)
    return flags_of(a_record(marks, judged=judged, events=events), judged).get(rule)


def due(when: str, marks: dict[str, str], *events: Event) -> date | None:
    found = raised(when, marks, *events)
    assert found is not None
    assert found.due is not None
    return found.due.on


def ill_until(back: str, *, said: str = "14 Sep", clock: str = "09:00", reason: str = "illness") -> Event:
    return an_event(
        EventKind.CONTACT_ATTEMPT,
        said,
        clock,
        with_=With.MOTHER,
        outcome=AttemptOutcome.EXPLAINED,
        reason=reason,
        expected_back=day(back),
    )


def sent(when: str) -> Event:
    return an_event(EventKind.RETURN_SENT, when, "16:00", return_=ReturnKind.SICKNESS)


FIFTEEN_DAYS = {"14 Sep..2 Oct": "I"}


# -- had -------------------------------------------------------------------------------------------------------------


def test_the_return_is_due_on_the_fifteenth_day_of_illness() -> None:
    assert raised("1 Oct", FIFTEEN_DAYS) is None
    found = raised("2 Oct", FIFTEEN_DAYS)
    assert found is not None
    assert found.finding.sentence == "15 school days of illness this school year."
    assert found.finding.progress == "15 school days of 15"
    assert due("2 Oct", FIFTEEN_DAYS) == day("2 Oct")
    assert due("7 Oct", FIFTEEN_DAYS) == day("2 Oct")
    assert due("7 Oct", {"14 Sep..7 Oct": "I"}) == day("2 Oct")


def test_half_a_day_short_is_short_though_a_reason_has_run_out() -> None:
    short = {**FIFTEEN_DAYS, "2 Oct pm": "O"}

    assert raised("2 Oct", short) is None
    assert raised("5 Oct", {**short, "5 Oct": "O"}, ill_until("2 Oct")) is None
    found = raised("5 Oct", {**FIFTEEN_DAYS, "5 Oct": "O"}, ill_until("2 Oct"))
    assert found is not None
    assert found.finding.progress == "15 school days of 15"


# -- expected --------------------------------------------------------------------------------------------------------


def test_an_illness_said_to_last_fifteen_days_asks_at_once() -> None:
    found = raised("14 Sep", {"14 Sep": "I"}, ill_until("5 Oct"))

    assert found is not None
    assert found.finding.sentence == (
        "1 school day of illness this school year, and 14 school days more expected: 15 school days in all."
    )
    assert raised("14 Sep", {"14 Sep": "I"}, ill_until("2 Oct")) is None
    assert due("14 Sep", {"14 Sep": "I"}, ill_until("5 Oct")) == day("14 Sep")


def test_saying_it_again_does_not_put_it_off_and_the_day_is_the_first_on_which_it_sufficed() -> None:
    ill = {"14 Sep..16 Sep": "I"}

    assert due("16 Sep", ill, ill_until("5 Oct"), ill_until("6 Oct", said="16 Sep")) == day("14 Sep")
    assert due("16 Sep", ill, ill_until("18 Sep"), ill_until("5 Oct", said="16 Sep")) == day("16 Sep")
    assert due("2 Oct", FIFTEEN_DAYS, ill_until("5 Oct")) == day("14 Sep")


def test_a_call_on_a_sunday_counts_from_the_sunday() -> None:
    found = raised("15 Sep", {"14 Sep..15 Sep": "I"}, ill_until("5 Oct", said="13 Sep"))

    assert found is not None
    assert found.finding.since == day("13 Sep")


@pytest.mark.parametrize(
    "latest",
    [
        ill_until("18 Sep", said="15 Sep"),
        ill_until("5 Oct", said="15 Sep", reason="holiday"),
    ],
    ids=["back sooner", "no illness"],
)
def test_the_latest_word_says_how_long(latest: Event) -> None:
    ill = {"14 Sep..15 Sep": "I"}

    assert raised("15 Sep", ill, ill_until("5 Oct")) is not None
    assert raised("15 Sep", ill, ill_until("5 Oct"), latest) is None
    assert raised("15 Sep", ill, latest, ill_until("5 Oct", said="15 Sep", clock="15:00")) is not None


def test_what_was_expected_before_a_later_word_counts_no_more_once_that_word_fell_short() -> None:
    back_sooner = ill_until("18 Sep", said="16 Sep")

    assert raised("1 Oct", FIFTEEN_DAYS, ill_until("5 Oct"), back_sooner) is None
    assert due("2 Oct", FIFTEEN_DAYS, ill_until("5 Oct"), back_sooner) == day("2 Oct")


def test_an_illness_announced_by_a_child_who_is_here_is_not_yet_missed() -> None:
    announced = ill_until("12 Oct", said="14 Sep", clock="14:00")

    assert raised("14 Sep", {}, announced) is None
    assert raised("15 Sep", {"15 Sep": "I"}, announced) is not None


def test_what_lies_beyond_the_school_year_is_not_of_it() -> None:
    calendar = a_calendar_of_two_years()

    assert raised("9 Jul", {"9 Jul": "I"}, ill_until("30 Jul", said="9 Jul"), calendar=calendar) is None
    back_late = an_event(EventKind.EXPECTED_ABSENCE, "9 Jul", "09:00", until=date(2027, 9, 30), because="illness")
    assert raised("9 Jul", {"9 Jul": "I"}, back_late, calendar=calendar) is None


# -- answered, and a later spell -------------------------------------------------------------------------------------

SECOND = {**FIFTEEN_DAYS, "3 Nov..23 Nov": "I"}
"""A second spell of fifteen days after half term."""


def test_a_later_spell_asks_when_it_makes_fifteen_days_by_itself() -> None:
    assert raised("2 Oct", SECOND, sent("2 Oct")) is None
    assert raised("20 Nov", SECOND, sent("2 Oct")) is None
    found = raised("23 Nov", SECOND, sent("2 Oct"))
    assert found is not None
    assert found.finding.sentence == (
        "30 school days of illness this school year. "
        "The spell after the return or decision of 2 October 2026 makes 15 school days by itself."
    )
    assert due("25 Nov", SECOND, sent("2 Oct")) == day("23 Nov")
    over = raised("25 Nov", SECOND, sent("2 Oct"))
    assert over is not None
    assert over.finding.sentence.endswith("makes 15 school days by itself.")
    from_the_afternoon = {**FIFTEEN_DAYS, "3 Nov pm": "I", "4 Nov..24 Nov": "I"}
    assert due("24 Nov", from_the_afternoon, sent("2 Oct")) == day("24 Nov")
    assert due("25 Nov", {**SECOND, "24 Nov..25 Nov": "I"}, sent("2 Oct")) == day("23 Nov")


def test_a_later_spell_said_to_last_asks_at_once() -> None:
    marks = {**FIFTEEN_DAYS, "3 Nov..4 Nov": "I"}
    said = ill_until("24 Nov", said="4 Nov")

    assert due("4 Nov", marks, sent("2 Oct"), said) == day("4 Nov")
    found = raised("4 Nov", marks, sent("2 Oct"), said)
    assert found is not None
    assert found.finding.sentence.endswith("makes 15 school days by itself.")
    assert raised("4 Nov", marks, sent("2 Oct"), ill_until("23 Nov", said="4 Nov")) is None
    assert due("25 Nov", {**SECOND, "24 Nov..25 Nov": "I"}, sent("2 Oct"), said) == day("4 Nov")
    assert due("5 Nov", {**marks, "5 Nov": "Y4"}, sent("2 Oct"), said) == day("4 Nov")


def test_a_later_illness_that_is_not_yet_coded_as_one_is_expected_all_the_same() -> None:
    marks = {**FIFTEEN_DAYS, "3 Nov": "O"}

    found = raised("3 Nov", marks, sent("2 Oct"), ill_until("25 Nov", said="3 Nov"))

    assert found is not None
    assert found.finding.sentence.endswith("makes 15 school days by itself.")
    assert raised("3 Nov", marks, sent("2 Oct"), ill_until("24 Nov", said="3 Nov")) is None


def test_a_third_illness_that_is_not_yet_coded_as_one_is_expected_all_the_same() -> None:
    marks = {**FIFTEEN_DAYS, "3 Nov..4 Nov": "I", "9 Nov": "O"}

    assert due("9 Nov", marks, sent("2 Oct"), ill_until("1 Dec", said="9 Nov")) == day("9 Nov")
    assert raised("9 Nov", marks, sent("2 Oct"), ill_until("30 Nov", said="9 Nov")) is None


def test_a_day_not_yet_coded_as_illness_does_not_take_back_what_is_expected_of_a_later_spell() -> None:
    marks = {**FIFTEEN_DAYS, "3 Nov..4 Nov": "I", "5 Nov": "N"}

    assert due("5 Nov", marks, sent("2 Oct"), ill_until("24 Nov", said="4 Nov")) == day("4 Nov")
    assert raised("5 Nov", marks, sent("2 Oct"), ill_until("23 Nov", said="4 Nov")) is None


def test_a_later_illness_announced_by_a_child_who_is_here_is_not_yet_missed() -> None:
    announced = ill_until("25 Nov", said="3 Nov", clock="14:00")

    assert raised("3 Nov", FIFTEEN_DAYS, sent("2 Oct"), announced) is None
    assert raised("4 Nov", {**FIFTEEN_DAYS, "4 Nov": "I"}, sent("2 Oct"), announced) is not None
    after_ten_days = {**FIFTEEN_DAYS, "3 Nov..16 Nov": "I"}
    assert raised("17 Nov", after_ten_days, sent("2 Oct"), ill_until("1 Dec", said="17 Nov", clock="14:00")) is None


def test_the_one_session_had_counts_with_those_expected_of_a_later_spell() -> None:
    """At ten the afternoon of the third is still to come: without the morning had, a session would be short."""
    judged = at("3 Nov", "10:00")
    said = ill_until("24 Nov", said="3 Nov")
    record = a_record({**FIFTEEN_DAYS, "3 Nov": "I"}, judged=judged, events=(sent("2 Oct"), said))

    assert RULE in flags_of(record, judged)
    from_the_afternoon = {**FIFTEEN_DAYS, "3 Nov pm": "I"}
    assert raised("3 Nov", from_the_afternoon, sent("2 Oct"), said) is None


def test_an_illness_said_to_last_after_its_return_is_the_same_spell() -> None:
    later = an_event(EventKind.EXPECTED_ABSENCE, "2 Oct", "17:00", until=day("13 Nov"), because="illness")

    assert raised("2 Oct", FIFTEEN_DAYS, sent("2 Oct"), later) is None
    assert raised("5 Oct", {**FIFTEEN_DAYS, "5 Oct": "I"}, sent("2 Oct"), later) is None


def test_a_holiday_said_to_last_is_no_illness_expected_though_it_is_coded_as_one() -> None:
    holiday = ill_until("5 Oct", reason="holiday")

    assert raised("1 Oct", FIFTEEN_DAYS, holiday) is None
    assert due("2 Oct", FIFTEEN_DAYS, holiday) == day("2 Oct")


def test_two_spells_with_a_day_in_school_between_them_are_two() -> None:
    apart = {**FIFTEEN_DAYS, "3 Nov..27 Nov": "I", "13 Nov": "/"}
    half_a_day = {**FIFTEEN_DAYS, "3 Nov..27 Nov": "I", "13 Nov am": "/"}
    closed_to_the_child = {**FIFTEEN_DAYS, "3 Nov..24 Nov": "I", "13 Nov": "Y4"}

    assert raised("27 Nov", apart, sent("2 Oct")) is None
    assert raised("27 Nov", half_a_day, sent("2 Oct")) is None
    assert due("24 Nov", closed_to_the_child, sent("2 Oct")) == day("24 Nov")


def test_a_spell_that_runs_on_after_the_return_is_the_same_spell() -> None:
    runs_on = {"14 Sep..23 Oct": "I", "3 Nov..6 Nov": "I"}

    assert raised("6 Nov", runs_on, sent("14 Sep")) is None
    assert raised("6 Nov", {**runs_on, "25 Sep": "Y4"}, sent("25 Sep")) is None


def test_a_spell_that_begins_the_day_after_the_return_is_another() -> None:
    back_for_a_day = {"7 Sep..25 Sep": "I", "29 Sep..19 Oct": "I"}

    assert raised("25 Sep", back_for_a_day) is not None
    assert raised("16 Oct", back_for_a_day, sent("28 Sep")) is None
    assert due("19 Oct", back_for_a_day, sent("28 Sep")) == day("19 Oct")


def test_the_first_of_two_later_spells_asks_and_only_the_last_goes_on() -> None:
    marks = {**FIFTEEN_DAYS, "3 Nov..23 Nov": "I", "26 Nov": "I"}

    assert due("26 Nov", marks, sent("2 Oct"), ill_until("30 Nov", said="26 Nov")) == day("23 Nov")
    short = {**FIFTEEN_DAYS, "3 Nov..13 Nov": "I", "26 Nov": "I"}
    assert raised("26 Nov", short, sent("2 Oct"), ill_until("4 Dec", said="26 Nov")) is None
    assert raised("26 Nov", short, sent("2 Oct"), ill_until("8 Dec", said="26 Nov")) is None
    lasts = raised("26 Nov", short, sent("2 Oct"), ill_until("17 Dec", said="26 Nov"))
    assert lasts is not None
    assert lasts.finding.since == day("26 Nov")
    assert lasts.finding.sentence.endswith("makes 15 school days by itself.")


def test_the_later_of_return_and_decision_is_the_answer() -> None:
    decided = an_event(EventKind.DECISION, "16 Nov", about="england.sickness-return", choice="not needed")

    assert raised("23 Nov", SECOND, sent("2 Oct")) is not None
    assert raised("23 Nov", SECOND, sent("2 Oct"), decided) is None
    assert raised("23 Nov", SECOND, decided) is None


# -- the reminder ----------------------------------------------------------------------------------------------------


def test_the_reminder_comes_with_the_tenth_day_and_goes_when_a_return_is_expected() -> None:
    ill = {"14 Sep..29 Sep": "I"}

    assert raised("24 Sep", ill, rule=NEARLY) is None
    found = raised("25 Sep", ill, rule=NEARLY)
    assert found is not None
    assert found.finding.sentence == (
        "10 school days of illness this school year, and no day recorded on which the pupil is expected back."
    )
    assert found.finding.since == day("25 Sep")
    assert found.due is not None
    assert found.due.on == day("25 Sep")
    from_the_afternoon = raised("28 Sep", {"14 Sep pm": "I", "15 Sep..28 Sep": "I"}, rule=NEARLY)
    assert from_the_afternoon is not None
    assert from_the_afternoon.finding.since == day("28 Sep")
    later = raised("29 Sep", ill, rule=NEARLY)
    assert later is not None
    assert later.finding.since == day("25 Sep")
    assert raised("28 Sep", ill, ill_until("29 Sep"), rule=NEARLY) is None
    assert raised("29 Sep", ill, ill_until("29 Sep"), rule=NEARLY) is not None


def test_a_new_illness_after_ten_days_of_it_begins_the_week_anew() -> None:
    found = raised("7 Oct", {"14 Sep..28 Sep": "I", "6 Oct..7 Oct": "I"}, rule=NEARLY)

    assert found is not None
    assert found.finding.since == day("6 Oct")
    assert len(found.finding.counted) == 26
