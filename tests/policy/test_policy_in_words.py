"""A policy read aloud: what sets a step off, by when, and what ends it, in words that an office understands."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from cme_desktop.casework.situations import list_supplied_policies
from cme_desktop.domain.calendar import DayKind
from cme_desktop.domain.events import Recipient
from cme_desktop.policy.parameters import load_parameters
from cme_desktop.policy.policy_in_words import (
    RECIPIENTS,
    facts_of_clause,
    facts_of_number,
    facts_of_policy,
    facts_of_standing,
    facts_of_step,
    name_of_number,
    say_act,
    say_circumstances,
    say_clauses,
    say_due,
    say_due_kind,
    say_law,
    say_number_name,
    say_parameter,
    say_recipient,
    say_record_kind,
    say_rules,
    say_settlement,
    say_severity,
    say_trigger,
    say_trigger_open,
    say_unit,
)
from cme_desktop.policy.rule import Act, Authority, Severity
from cme_desktop.policy.rulebook import PARAMETERS, read_policies
from cme_desktop.policy.school_policy import DueKind, SchoolPolicy, Settlement, Step, StricterNumber, TriggerKind
from tests.builders import RESOURCES


@cache
def policies() -> dict[str, SchoolPolicy]:
    names = list_supplied_policies(RESOURCES)
    texts = {name: (RESOURCES / "policies" / f"{name}.toml").read_text("utf-8") for name in names}
    texts[PARAMETERS] = (RESOURCES / "parameters.toml").read_text("utf-8")
    return {policy.id: policy for policy in read_policies(texts, policies=names)}


def step(rule_id: str, number: int = 0) -> Step:
    policy = policies()[rule_id.partition(".")[0]]
    return [each for each in policy.steps if each.id == rule_id][number]


# -- what sets a step off ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule_id", "number", "says"),
    [
        ("aspire-academy.day-1-contact", 0, "ladder day 1 or later, unexplained"),
        (
            "aspire-academy.day-1-visit",
            0,
            (
                "ladder day 1 or later, unexplained; no visit made in this absence; "
                "only for: looked after or any safeguarding concern"
            ),
        ),
        (
            "aspire-academy.day-3-second-visit",
            0,
            "ladder day 3 or later, unexplained; fewer than 2 visits made in this absence",
        ),
        (
            "aspire-academy.day-5-visit",
            0,
            "day 5 of absence or later, whatever the codes; no visit made in this absence; contact was made",
        ),
        (
            "aspire-academy.daily-contact",
            0,
            "absent today with a known reason, no contact today; not with the codes C, C1, C2 and E",
        ),
        (
            "aspire-academy.whereabouts-unknown",
            0,
            "whereabouts unknown; because a parent or carer does not know where the child is",
        ),
        (
            "aspire-academy.missing-episodes",
            0,
            "3 missing episodes that begin within 90 days; not for: any child with a social worker",
        ),
        (
            "derbyshire.referral-by-day-11",
            0,
            "day 10 of absence or later with the whereabouts unknown; due by another day of it, by day 11",
        ),
        (
            "all-saints.prolonged-or-repeated",
            1,
            "10 per cent of the year's possible sessions missed, once 40 were possible",
        ),
        (
            "randal-cremer.twenty-days-after-leave",
            0,
            "not back by the 20th school day after leave, or of an absence for which leave was in question",
        ),
        (
            "derbyshire.leaving-england",
            0,
            "moving outside England, and something that the step names is not known; due 10 school days after the move",
        ),
        (
            "east-sussex.emigration",
            0,
            "moving outside England, and something that the step names is not known",
        ),
    ],
)
def test_what_sets_a_step_off(rule_id: str, number: int, says: str) -> None:
    assert say_trigger(step(rule_id, number)) == says


def test_a_trigger_with_its_numbers_left_open_names_them() -> None:
    assert say_trigger_open(TriggerKind.LADDER_DAY, ("n",)) == "ladder day {n} or later, unexplained"
    assert say_trigger_open(TriggerKind.MISSING_EPISODES, ("episodes", "days")) == (
        "{episodes} missing episodes that begin within {days} days"
    )
    assert say_trigger_open(TriggerKind.LEAVE_OVERRUN, ("n",)).startswith("not back by the {n}th school day")
    assert say_number_name("n") == "Day n"
    assert say_number_name("per_cent") == "Per cent"


# -- duty, deadline, end -------------------------------------------------------------------------------------------


def test_by_when_a_step_is_due() -> None:
    assert say_due(step("aspire-academy.day-1-contact")) == say_due_kind(DueKind.SAME_DAY) == "the same day"
    assert say_due(step("aspire-academy.found")) == "within 24 hours, day or night"
    assert say_due(replace(step("aspire-academy.found"), hours=1)) == "within 1 hour, day or night"


@pytest.mark.parametrize(
    ("due", "says"),
    [
        (DueKind.DAY_JUDGED, "each day, by the close of that day"),
        (DueKind.THIS_WEEK, "the last school day of the week"),
        (DueKind.BEFORE_LEAVE, "the last school day before the leave"),
        (DueKind.HOURS, "so many hours after it happened, day or night"),
        (DueKind.LAST_DAY, "the last day that its trigger reckons, in school days"),
        (DueKind.NONE, "no deadline"),
    ],
)
def test_a_kind_of_deadline_says_from_when_it_is_reckoned(due: DueKind, says: str) -> None:
    assert say_due_kind(due) == says


@pytest.mark.parametrize(
    ("severity", "says"),
    [
        (Severity.NOW, "now: a child may be at risk"),
        (Severity.INCOMPLETE, "a fact is missing"),
        (Severity.WATCH, "to be watched"),
    ],
)
def test_how_soon_somebody_must_act(severity: Severity, says: str) -> None:
    assert say_severity(severity) == says


@pytest.mark.parametrize(
    ("act", "says"),
    [
        (Act.TAKE_REGISTER, "have the register taken"),
        (Act.CONTACT_FAMILY, "contact the family"),
        (Act.VISIT_HOME, "visit the home"),
        (Act.TELL, "tell somebody"),
        (Act.SEND_RETURN, "send a return"),
        (Act.SEND_FORM, "send a form"),
        (Act.REFER, "refer the child"),
        (Act.ASK_OTHER_SCHOOL, "ask another school"),
        (Act.ESTABLISH_REASON, "establish the reason"),
        (Act.SEE_THE_CHILD, "see the child"),
        (Act.BEGIN_JOINT_ENQUIRIES, "begin joint enquiries"),
        (Act.DECIDE, "decide"),
        (Act.SUPPORT, "support the family"),
        (Act.GET_CONTACTS, "get contacts"),
        (Act.SUPPLY_FACT, "supply a missing fact"),
        (Act.REVIEW, "review"),
        (Act.ASK, "ask somebody"),
    ],
)
def test_what_a_duty_asks_for_says_of_whom_or_what(act: Act, says: str) -> None:
    assert say_act(act) == says


def test_a_step_may_be_for_anybody_that_may_be_told_and_for_those_nobody_is_told_of() -> None:
    of_school = {"family", "head", "leadership", "policy"}

    assert of_school | {"found_child", "authority_absence_form"} <= {*RECIPIENTS}
    assert {one.value for one in Recipient} <= {*RECIPIENTS}
    assert all(say_recipient(one) for one in RECIPIENTS)
    assert len({*RECIPIENTS}) == len(RECIPIENTS)


def test_children_with_any_concern_are_one_group() -> None:
    assert say_circumstances(("any_safeguarding_concern", "young_carer")) == ("any safeguarding concern or young carer")


def test_whom_a_duty_concerns_and_what_it_asks() -> None:
    assert say_recipient("authority_cme") == "authority's children missing education team"
    assert say_recipient("found_child") == "found child"
    assert say_act(Act.SEE_THE_CHILD) == "see the child"
    assert all(say_act(act) for act in Act)


@pytest.mark.parametrize(
    ("rule_id", "says"),
    [
        ("aspire-academy.day-1-contact", ""),
        ("aspire-academy.day-3-police", "word to police"),
        ("aspire-academy.ten-days-absent", "the form absence"),
        (
            "aspire-academy.protection-plan",
            "word to one of social worker and social care; a decision about it, which is enough by itself",
        ),
        (
            "aspire-academy.found",
            (
                "records of safe and well check, return interview held and review held; "
                "a decision about it, which is enough by itself"
            ),
        ),
        (
            "derbyshire.in-year-leaver",
            (
                "a record of one of transfer file sent; a decision about it, which is enough by itself; "
                "a referral, which is enough by itself"
            ),
        ),
        (
            "east-sussex.support-referral",
            (
                "word to one of education welfare officer, authority's children missing education team "
                "and social care; "
                "a decision about it, which is enough by itself"
            ),
        ),
    ],
)
def test_the_records_that_end_a_step(rule_id: str, says: str) -> None:
    assert say_settlement(step(rule_id).settled) == says


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("told_one_of", "Word to one of these"),
        ("referral", "A referral to the authority’s team"),
        ("form", "A form sent"),
        ("events", "Records of each of these"),
        ("events_one_of", "A record of one of these"),
        ("decision", "A decision is enough by itself"),
        ("or_referral", "A referral is enough by itself"),
    ],
)
def test_a_field_of_records_says_whether_all_or_one_of_them_is_needed(name: str, says: str) -> None:
    assert say_record_kind(name) == says


def test_a_step_that_a_referral_ends_says_to_whom_it_goes() -> None:
    assert say_settlement(Settlement(referral=True)) == "a referral to the authority's team"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("n", "Day n"),
        ("days", "Days"),
        ("reviews", "Reviews"),
        ("school_days", "School days"),
        ("episodes", "Episodes"),
        ("working_days", "Working days"),
        ("visits_below", "Only with fewer visits than"),
    ],
)
def test_a_number_of_a_trigger_stands_beside_its_field(name: str, says: str) -> None:
    assert say_number_name(name) == says


def test_a_kind_of_record_stands_beside_its_field() -> None:
    assert say_record_kind("told") == "Word to each of these"
    assert say_record_kind("something_new") == "Something new"


# -- clauses, rules and numbers --------------------------------------------------------------------------------------


def test_clauses_and_rules_are_named_by_their_titles() -> None:
    aspire = policies()["aspire-academy"]
    first = aspire.clauses[0]

    assert say_clauses(aspire, (first.id, aspire.clauses[1].id, "gone")) == "Cover; Expectation 1; gone"
    assert (
        say_rules(
            aspire,
            (
                "england.unexplained-absence",
                "aspire-academy.day-1-contact",
                "england.unexplained-absence",
                "derbyshire.part-time",
            ),
        )
        == "the law: Unexplained absence; Text, then ring every contact; derbyshire.part-time"
    )


def test_units_are_said_of_many() -> None:
    assert say_unit(DayKind.SCHOOL_DAY) == "school days"
    assert say_unit("visit") == "visits"
    assert [say_unit(each) for each in ("people", "per cent", "days")] == ["people", "per cent", "days"]


def test_a_number_of_the_law_is_said_with_its_source() -> None:
    law = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))
    sessions = law.by_name["england.attendance-return.sessions"]
    own = next(each for each in law.by_name.values() if each.source is Authority.SCHOOL)
    dated = replace(sessions, values=(*sessions.values, replace(sessions.values[0], value=18)))

    assert say_parameter(sessions) == "Attendance return: sessions"
    assert say_law(sessions) == f"20 sessions ({sessions.source.value}): {sessions.reference}"
    assert say_law(dated).startswith("18 sessions")
    assert "(program's own)" in say_law(own)
    assert name_of_number(StricterNumber(sessions.name, 18, "clause"), law) == "Attendance return: sessions"
    assert name_of_number(StricterNumber("england.gone", 18, "clause"), law) == "england.gone"


# -- the facts of each part --------------------------------------------------------------------------------------------


def test_the_head_of_a_policy_says_whose_it_is_and_leaves_out_what_it_has_not() -> None:
    assert dict(facts_of_policy(policies()["derbyshire"]))["Whose"] == "a local authority's"
    kings = dict(facts_of_policy(policies()["kings-academy-ringmer"]))
    assert kings["Whose"] == "a school's"
    assert kings["Comes with"] == "east-sussex"
    assert "Comes with" not in dict(facts_of_policy(policies()["derbyshire"]))


def test_every_part_says_all_it_holds_once() -> None:
    aspire = policies()["aspire-academy"]

    assert [label for label, _ in facts_of_step(aspire, step("aspire-academy.day-1-visit"))] == [
        "Title",
        "What it is about",
        "Clauses",
        "When",
        "Act",
        "What to do",
        "Who does it",
        "For whom",
        "By when",
        "How soon",
        "Sentence on the list",
        "What ends it",
        "Records that end it",
    ]
    abroad = dict(facts_of_step(policies()["derbyshire"], step("derbyshire.leaving-england")))
    assert set(abroad["Asks"].replace(" and ", ", ").split(", ")) <= {"address", "school", "date"}
    types = dict(facts_of_step(policies()["derbyshire"], step("derbyshire.in-year-joiner")))
    assert types["School types"]
    daily = dict(facts_of_step(aspire, step("aspire-academy.daily-contact")))
    assert {"Who", "Not who", "Causes", "Codes left out", "Numbers", "Id"}.isdisjoint(daily)
    for rule_id in ("aspire-academy.missing-episodes", "aspire-academy.whereabouts-unknown"):
        labels = [label for label, _ in facts_of_step(aspire, step(rule_id))]
        assert {"Not who", "Causes"}.isdisjoint(labels)
    assert dict(facts_of_clause(aspire, aspire.clauses[0]))["Its steps and duties"] == "Review of the policy"
    assert dict(facts_of_standing(aspire, aspire.standing[0]))["How often"]
    number = StricterNumber("england.attendance-return.sessions", 18, aspire.clauses[0].id)
    assert facts_of_number(aspire, number) == (
        ("Number of the law", "england.attendance-return.sessions"),
        ("The school's", "18"),
        ("Clause", "Cover"),
    )
