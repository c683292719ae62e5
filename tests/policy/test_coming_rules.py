"""What comes next: the day on which each further rule would be raised, should the absence simply go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

import pytest

from cme_desktop.domain.events import AttemptOutcome, EventKind, Method, With
from cme_desktop.policy.coming_rules import coming_rules
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Severity
from tests.builders import a_calendar, a_record, a_rulebook, an_event, at, close_of, day

ASPIRE = "aspire-academy"
MORNING = at("10 Nov", "09:40")


def coming(record: PupilRecord, judged: Judgement = MORNING, *policies: str) -> dict[str, str]:
    """The rules to come, with their days as people write them."""
    found = coming_rules(record, judged, a_rulebook(*policies))
    return {one.flag.rule_id: f"{one.on.day} {one.on:%b}" for one in found}


def test_the_ladder_of_a_first_day_is_told_step_by_step() -> None:
    found = coming(a_record({"10 Nov": "N"}, judged=MORNING), MORNING, ASPIRE)

    assert found == {
        "aspire-academy.day-2-visit": "11 Nov",
        "aspire-academy.day-3-second-visit": "12 Nov",
        "aspire-academy.day-3-police": "12 Nov",
        "england.unresolved-n": "17 Nov",
        "england.not-seen": "23 Nov",
        "england.attendance-return": "23 Nov",
        "aspire-academy.ten-days-absent": "23 Nov",
    }


def test_half_term_and_an_inset_day_are_passed_over() -> None:
    friday = at("23 Oct", "09:40")

    found = coming(a_record({"23 Oct": "O"}, judged=friday), friday, ASPIRE)

    assert found["aspire-academy.day-2-visit"] == "3 Nov"


def test_what_is_raised_already_is_not_told_again() -> None:
    judged = at("11 Nov", "09:40")
    record = a_record({"10 Nov..11 Nov": "O"}, judged=judged)
    raised = {flag.rule_id for flag in review_pupil(record, judged, a_rulebook(ASPIRE))}

    found = coming(record, judged, ASPIRE)

    assert "aspire-academy.day-2-visit" in raised
    assert raised.isdisjoint(found)


def test_only_what_is_for_now_or_today_is_told() -> None:
    found = coming_rules(a_record({"10 Nov": "O"}, judged=MORNING), MORNING, a_rulebook(ASPIRE), days=25)

    assert {one.flag.severity for one in found} == {Severity.NOW, Severity.TODAY}
    assert "england.penalty-threshold" not in {one.flag.rule_id for one in found}


def test_what_the_afternoon_brings_is_told_first() -> None:
    judged = at("27 Nov", "09:40")
    record = a_record({"16 Nov..27 Nov": "O"}, judged=judged)

    found = coming(record, judged)

    assert next(iter(found.items())) == ("england.not-seen", "27 Nov")
    assert found["england.attendance-return"] == "27 Nov"


def test_the_days_told_are_those_on_which_the_rules_are_really_raised() -> None:
    said = coming(a_record({"10 Nov": "N"}, judged=MORNING), MORNING, ASPIRE)

    for rule_id, on in said.items():
        first = day(on)
        lasting = {"10 Nov": "N", f"11 Nov..{on}": "O"}
        before = a_calendar().school_day_before(first)
        assert before is not None
        close, eve = close_of(first), close_of(before)
        assert rule_id in {
            flag.rule_id for flag in review_pupil(a_record(lasting, judged=close), close, a_rulebook(ASPIRE))
        }
        quiet = review_pupil(a_record(lasting, judged=eve), eve, a_rulebook(ASPIRE))
        assert rule_id not in {flag.rule_id for flag in quiet if flag.severity <= Severity.TODAY}


def test_an_illness_goes_on_as_an_illness() -> None:
    found = coming(a_record({"2 Nov..10 Nov": "I"}, judged=MORNING), MORNING, ASPIRE)

    assert found["england.sickness-return"] == "23 Nov"
    assert "england.attendance-return" not in found
    assert "aspire-academy.day-2-visit" not in found


def test_a_reason_with_an_end_puts_the_ladder_off_until_then() -> None:
    told = an_event(
        EventKind.CONTACT_ATTEMPT,
        "10 Nov",
        "09:20",
        with_=With.MOTHER,
        method=Method.PHONE,
        outcome=AttemptOutcome.EXPLAINED,
        reason="illness",
        expected_back=day("13 Nov"),
    )

    found = coming(a_record({"10 Nov": "O"}, judged=MORNING, events=(told,)), MORNING, ASPIRE)

    assert found["aspire-academy.day-1-contact"] == "13 Nov"
    assert found["aspire-academy.day-2-visit"] == "13 Nov"  # the days explained are ladder days too
    assert "england.unexplained-absence" in found


def test_a_pupil_of_mornings_only_is_not_expected_in_the_afternoons() -> None:
    part_time = {"1 Sep..10 Nov pm": ".", "10 Nov am": "O"}

    found = coming(a_record(part_time, judged=MORNING), MORNING)

    assert found["england.not-seen"] == "23 Nov"
    assert "england.attendance-return" not in found


@pytest.mark.parametrize("marks", [{}, {"9 Nov": "O"}, {"10 Nov am": "?"}])
def test_nothing_comes_for_who_is_not_absent_today(marks: dict[str, str]) -> None:
    assert coming(a_record(marks, judged=MORNING), MORNING, ASPIRE) == {}


def test_nothing_comes_on_a_day_without_school() -> None:
    saturday = at("14 Nov", "09:40")

    assert coming(a_record({"13 Nov": "O"}, judged=saturday), saturday, ASPIRE) == {}


def test_nobody_is_said_to_be_absent_after_leaving() -> None:
    record = a_record({"10 Nov": "O"}, judged=MORNING, left_on=day("11 Nov"))

    assert "england.attendance-return" not in coming(record)


def test_nothing_is_said_beyond_the_end_of_the_calendar() -> None:
    judged = replace(MORNING, at=datetime.combine(day("20 Jul"), time(9, 40)))

    found = coming(a_record({"20 Jul": "O"}, judged=judged), judged, ASPIRE)

    assert found == {"aspire-academy.day-2-visit": "21 Jul"}


def test_the_pupil_s_own_record_is_left_as_it_was() -> None:
    record = a_record({"10 Nov": "N"}, judged=MORNING)
    before = record.line

    coming(record, MORNING, ASPIRE)

    assert record.line == before
