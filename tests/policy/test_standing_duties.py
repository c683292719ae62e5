"""Standing duties of the school, and the rules made from a policy's steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest

from cme_desktop.casework.situations import list_supplied_policies
from cme_desktop.policy.policy_rules import StandingRule, rules_of
from cme_desktop.policy.record import Judgement, SchoolRecord
from cme_desktop.policy.review import review_school
from cme_desktop.policy.rule import Flag
from cme_desktop.policy.rulebook import PARAMETERS, read_policies
from cme_desktop.policy.school_policy import Interval, SchoolPolicy, StricterNumber, TriggerKind, tighten
from tests.builders import RESOURCES, a_calendar, a_calendar_of_two_years, a_rulebook, close_of, day

MEETING = "randal-cremer.inclusion-meeting"
WEEKLY = "randal-cremer.weekly-monitoring"
TERMLY = "randal-cremer.monitoring"
HALF_TERMLY = "all-saints.case-review"
YEARLY = "all-saints.review"
MONTHLY = "east-sussex.monthly-update"


@cache
def policies() -> dict[str, SchoolPolicy]:
    names = list_supplied_policies(RESOURCES)
    texts = {name: (RESOURCES / "policies" / f"{name}.toml").read_text("utf-8") for name in names}
    texts[PARAMETERS] = (RESOURCES / "parameters.toml").read_text("utf-8")
    return {policy.id: policy for policy in read_policies(texts, policies=names)}


def flags_on(
    when: str | date, *done: tuple[str, str | date], begin: str | None = None, two_years: bool = False
) -> dict[str, Flag]:
    on = when if isinstance(when, date) else day(when)
    last_done = tuple((rule, on_ if isinstance(on_, date) else day(on_)) for rule, on_ in done)
    school = SchoolRecord(last_done=last_done, records_begin=day(begin) if begin else None)
    calendar = a_calendar_of_two_years() if two_years else a_calendar()
    judged = Judgement.close_of(on, calendar, school=school)
    found = review_school(judged, a_rulebook("randal-cremer", "all-saints", "east-sussex"))
    return {flag.rule_id: flag for flag in found}


def due(rule: str, when: str | date, *done: str | date, two_years: bool = True) -> date | None:
    found = flags_on(when, *((rule, each) for each in done), two_years=two_years).get(rule)
    return None if found is None or found.due is None else found.due.on


# -- when a duty is due --------------------------------------------------------------------------------------------


def test_a_duty_never_done_is_due_on_the_first_pupil_day_of_the_records() -> None:
    found = flags_on("3 Sep")[MEETING]

    assert found.finding.sentence == f"{found.title}: never recorded as done; due on 3 September 2026."
    assert found.finding.parameters[0].value == 1
    assert found.finding.parameters[0].unit == "fortnightly"
    assert flags_on("3 Sep")[HALF_TERMLY].finding.parameters[0].unit == "half termly"
    assert MEETING not in flags_on("2 Sep")
    assert MEETING not in flags_on("9 Sep", begin="10 Sep")
    assert flags_on("14 Sep", begin="12 Sep")[MEETING].finding.since == day("14 Sep")
    assert MEETING not in flags_on("21 Jul", begin="22 Jul")


def test_what_was_done_last_counts_and_what_is_of_tomorrow_does_not() -> None:
    assert due(WEEKLY, "17 Sep", "3 Sep", "10 Sep") == day("17 Sep")
    assert due(WEEKLY, "17 Sep", "10 Sep", "3 Sep") == day("17 Sep")
    assert due(WEEKLY, "17 Sep", "17 Sep") is None
    assert due(WEEKLY, "17 Sep", "3 Sep", "18 Sep") == day("10 Sep")
    said = flags_on("17 Sep", (WEEKLY, "10 Sep"))[WEEKLY].finding.sentence
    assert "last done on 10 September 2026; due on 17 September 2026." in said


@pytest.mark.parametrize(
    ("rule", "done", "falls_due"),
    [
        (WEEKLY, "16 Oct", "23 Oct"),
        (WEEKLY, "19 Oct", "3 Nov"),
        (MEETING, "9 Oct", "23 Oct"),
        (MEETING, "12 Oct", "3 Nov"),
        (MONTHLY, "14 Sep", "14 Oct"),
        (MONTHLY, "24 Sep", "3 Nov"),
        (YEARLY, date(2025, 9, 10), "10 Sep"),
        (YEARLY, date(2025, 9, 12), "14 Sep"),
        (HALF_TERMLY, "31 Aug", "23 Oct"),
        (HALF_TERMLY, "1 Sep", "18 Dec"),
        (HALF_TERMLY, "23 Oct", "18 Dec"),
        (HALF_TERMLY, "2 Nov", "12 Feb"),
        (TERMLY, "31 Aug", "18 Dec"),
        (TERMLY, "1 Sep", "25 Mar"),
        (TERMLY, "18 Dec", "25 Mar"),
        (TERMLY, "4 Jan", "21 Jul"),
    ],
)
def test_a_duty_falls_due_on_its_day_and_not_the_day_before(rule: str, done: str | date, falls_due: str) -> None:
    first = day(falls_due)
    last = done if isinstance(done, date) else day(done, year=2026 if done == "31 Aug" else None)
    before = a_calendar().school_day_before(first)
    assert before is not None

    assert due(rule, before, last) is None
    assert due(rule, first, last) == first
    late = flags_on(date.fromordinal(first.toordinal() + 1), (rule, last), two_years=True)[rule]
    assert late.overdue
    assert not flags_on(first, (rule, last), two_years=True)[rule].overdue


def test_where_the_calendar_ends_first_the_day_itself_counts() -> None:
    assert due(WEEKLY, "28 Jul", "21 Jul", two_years=False) == day("28 Jul")
    assert due(TERMLY, date(2027, 12, 17), "12 Apr") == date(2027, 12, 17)


def test_a_policy_holds_from_its_first_day() -> None:
    policy = replace(policies()["randal-cremer"], in_force_from=day("14 Sep"))
    rule = StandingRule(policy, policy.standing[0])

    assert [rule.is_in_force(day(each)) for each in ("13 Sep", "14 Sep", "15 Sep")] == [False, True, True]
    assert rule.title == policy.standing[0].title


# -- rules made of steps ---------------------------------------------------------------------------------------------


def test_a_rule_of_two_steps_is_called_after_the_first() -> None:
    policy = policies()["aspire-academy"]
    first, second = (step for step in policy.steps if step.id.endswith("whereabouts-unknown"))
    other = replace(second, title="Other", about="Other.", settled_by="Another end.")

    (rule,) = rules_of(replace(policy, steps=(first, other)))

    assert (rule.title, rule.severity, rule.about, rule.settled_by) == (
        first.title,
        first.severity,
        first.about,
        first.settled_by,
    )
    assert len(rule.limbs) == 2


def test_a_rule_outlasts_the_leaving_where_any_of_its_steps_may() -> None:
    policy = policies()["aspire-academy"]
    missing = next(step for step in policy.steps if step.trigger is TriggerKind.MISSING_UNTRACED)
    ladder = replace(next(step for step in policy.steps if step.trigger is TriggerKind.LADDER_DAY), id=missing.id)

    assert [rule.after_leaving for rule in rules_of(replace(policy, steps=(missing, ladder)))] == [True]
    assert [rule.after_leaving for rule in rules_of(replace(policy, steps=(ladder,)))] == [False]


def test_rules_that_nobody_is_flagged_for_are_known() -> None:
    east_sussex = policies()["east-sussex"]

    assert set(east_sussex.never_raised) == {
        *(duty.id for duty in east_sussex.standing if duty.interval is Interval.ON_REQUEST),
        *(rule.id for rule in east_sussex.cited),
    }
    assert "east-sussex.register-inspection" in east_sussex.never_raised
    assert MONTHLY not in east_sussex.never_raised


def test_a_number_is_as_strict_as_the_law_from_the_day_the_policy_holds() -> None:
    parameters = a_rulebook().parameters
    name = "england.attendance-return.sessions"
    law = parameters.by_name[name]
    tightened = replace(
        law,
        values=(
            replace(law.values[0], until_day=day("31 Dec")),
            replace(law.values[0], value=15, from_day=day("1 Jan")),
        ),
    )
    policy = replace(
        policies()["aspire-academy"],
        in_force_from=day("4 Jan"),
        stricter=(StricterNumber(name, 15, "cover"),),
    )

    found = tighten(replace(parameters, by_name={**parameters.by_name, name: tightened}), (policy,))

    assert found.value_on(name, day("5 Jan")) == 15
    assert close_of("5 Jan").on == day("5 Jan")
