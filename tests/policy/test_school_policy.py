"""A policy is a document: what is wrong with one is named with its line, and what is looser than the law is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cme_desktop.domain.errors import RefusedError
from cme_desktop.policy.parameters import load_parameters
from cme_desktop.policy.policy_rules import rules_of, school_rules_of
from cme_desktop.policy.rule import Authority
from cme_desktop.policy.school_policy import PolicyKind, SchoolPolicy, StricterNumber, Treatment, tighten
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.triggers import TRIGGERS

RESOURCES = Path(__file__).parents[2] / "resources"
LAW = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))
ASPIRE = (RESOURCES / "policies" / "aspire-academy.toml").read_text("utf-8")

SUPPLIED = {
    path.stem: policy
    for path in sorted((RESOURCES / "policies").glob("*.toml"))
    if (policy := read_school_policy(path.read_bytes(), parameters=LAW).policy) is not None
}

HEAD = """id = "larkfield"
title = "Larkfield Primary School"
kind = "school"
document = "Attendance policy"
in_force_from = 2026-09-01

[[clause]]
id = "one"
title = "1"
says = "Ring on the first day."
treatment = "rule"
program = "A call."
"""
STEP = """
[[rule]]
id = "ring"
title = "Ring"
clauses = ["one"]
severity = "today"
trigger = "ladder_day"
n = 1
because = "Day {day} since {since}."
act = "contact_family"
duty = "Ring."
by = "office"
due = "same_day"
settled_by = "Contact."
"""
STANDING = """
[[standing]]
id = "meeting"
title = "Meeting"
clauses = ["one"]
severity = "watch"
interval = "weekly"
act = "review"
duty = "Meet."
by = "head"
settled_by = "Done."
"""
STRICTER = """
[[stricter]]
parameter = "england.attendance-return.sessions"
value = 16
clause = "one"
"""
CITED = """
[[cited]]
id = "twenty-days"
title = "Twenty days"
clauses = ["one"]
beside = "england.twenty-days"
"""


def the_policy(text: str) -> SchoolPolicy:
    read = read_school_policy(text, parameters=LAW)
    assert read.policy is not None, read.problems
    return read.policy


def test_a_policy_is_read_with_its_steps_and_standing_duties() -> None:
    policy = the_policy(HEAD + STEP + STANDING + STRICTER)

    assert policy.rule_ids == ("larkfield.ring", "larkfield.meeting")
    assert policy.version == 1
    assert [rule.id for rule in school_rules_of(policy)] == ["larkfield.meeting"]


def test_its_rules_cite_its_clauses_and_speak_as_the_school() -> None:
    (rule,) = rules_of(the_policy(HEAD + STEP))

    assert rule.authority is Authority.SCHOOL
    assert [str(reference) for reference in rule.references] == ["Larkfield Primary School, 1"]
    assert rule.is_in_force(date(2026, 9, 1))
    assert not rule.is_in_force(date(2026, 8, 31))


def test_an_authority_speaks_as_the_authority() -> None:
    (rule,) = rules_of(the_policy(HEAD.replace('"school"', '"authority"') + STEP))

    assert rule.authority is Authority.LOCAL_AUTHORITY


def test_steps_of_one_id_are_limbs_of_one_rule() -> None:
    (rule,) = rules_of(the_policy(HEAD + STEP + STEP.replace("n = 1", "n = 3").replace('"today"', '"now"')))

    assert len(rule.limbs) == 2


def test_the_supplied_policy_has_every_rule_it_is_named_for() -> None:
    policy = the_policy(ASPIRE)

    assert len(rules_of(policy)) == 25
    assert len(policy.standing) == 2
    assert {clause.treatment for clause in policy.clauses} >= {
        Treatment.RULE,
        Treatment.SUPERSEDED,
        Treatment.CHECKLIST,
    }


def test_every_superseded_clause_says_why() -> None:
    superseded = [clause for clause in the_policy(ASPIRE).clauses if clause.treatment is Treatment.SUPERSEDED]

    assert superseded
    assert all(clause.because for clause in superseded)


@pytest.mark.parametrize("policy_id", SUPPLIED)
def test_every_rule_of_a_supplied_policy_stands_in_the_clauses_it_cites(policy_id: str) -> None:
    policy = SUPPLIED[policy_id]
    cited = {(clause, step.id) for step in policy.steps for clause in step.clauses}
    cited |= {(clause, duty.id) for duty in policy.standing for clause in duty.clauses}
    cited |= {(clause, rule.id) for rule in policy.cited for clause in rule.clauses}
    named = {
        (clause.id, rule_id) for clause in policy.clauses for rule_id in clause.rules if rule_id in policy.rule_ids
    }

    assert {rule_id for _, rule_id in named} == set(policy.rule_ids)
    assert named <= cited


@pytest.mark.parametrize("policy_id", SUPPLIED)
def test_a_clause_that_is_a_rule_or_a_duty_names_one_and_the_others_say_what_is_done(policy_id: str) -> None:
    for clause in SUPPLIED[policy_id].clauses:
        assert clause.says
        assert clause.program
        if clause.treatment in {Treatment.RULE, Treatment.STANDING_DUTY}:
            assert clause.rules, clause.id
        if clause.treatment is Treatment.SUPERSEDED:
            assert clause.because, clause.id


def test_no_trigger_gives_a_word_that_is_also_one_of_its_numbers() -> None:
    for kind, trigger in TRIGGERS.items():
        assert set(trigger.words).isdisjoint({*trigger.numbers, "since"}), kind
        assert trigger.optional <= set(trigger.numbers), kind


def test_every_trigger_is_used_and_says_what_it_is_about() -> None:
    used = {step.trigger for policy in SUPPLIED.values() for step in policy.steps}

    assert used == set(TRIGGERS)
    assert all(trigger.about and trigger.find.__doc__ for trigger in TRIGGERS.values())


def test_a_stricter_number_takes_the_place_of_the_laws() -> None:
    tightened = tighten(LAW, (the_policy(HEAD + STRICTER),))

    assert tightened.value_on("england.attendance-return.sessions", date(2026, 9, 14)) == 16
    assert LAW.value_on("england.attendance-return.sessions", date(2026, 9, 14)) == 20


def test_of_two_policies_the_stricter_number_holds_whichever_comes_first() -> None:
    school = the_policy(HEAD + STRICTER)
    authority = the_policy(
        HEAD.replace('"school"', '"authority"').replace('"larkfield"', '"shire"') + STRICTER.replace("16", "12")
    )

    for policies in ((school, authority), (authority, school)):
        tightened = tighten(LAW, policies)
        assert tightened.value_on("england.attendance-return.sessions", date(2026, 9, 14)) == 12
        assert tightened.by_name["england.attendance-return.sessions"].source is Authority.LOCAL_AUTHORITY


def test_a_looser_number_is_refused_with_the_laws_words() -> None:
    found = read_school_policy(HEAD + STRICTER.replace("16", "24"), parameters=LAW)

    assert found.policy is None
    assert [(problem.line, "regulation 13" in problem.message) for problem in found.problems] == [(16, True)]


def test_a_looser_number_is_refused_whoever_made_the_policy() -> None:
    looser = SchoolPolicy(
        id="larkfield",
        title="Larkfield",
        kind=PolicyKind.SCHOOL,
        document="",
        in_force_from=date(2026, 9, 1),
        stricter=(StricterNumber("england.attendance-return.sessions", 24, "one"),),
    )

    with pytest.raises(RefusedError, match="never looser"):
        tighten(LAW, (looser,))


FAULTS = {
    "no TOML": ("id = ", 1, "not TOML"),
    "unknown key": (HEAD.replace("document =", "documents ="), 4, 'the nearest is "document"'),
    "no kind": (HEAD.replace('kind = "school"\n', ""), 1, '"kind" is missing'),
    "unknown kind": (HEAD.replace('"school"', '"scool"'), 3, 'the nearest is "school"'),
    "unknown treatment": (HEAD.replace('"rule"', '"rules"'), 11, 'the nearest is "rule"'),
    "superseded without a reason": (HEAD.replace('"rule"', '"superseded"'), 7, '"because" is missing'),
    "the same clause twice": (HEAD + HEAD[HEAD.index("[[clause]]") :], 8, "two clauses"),
    "a clause that names no rule": (HEAD + 'rules = ["rung"]\n' + STEP, 13, 'the nearest is "larkfield.ring"'),
    "unknown trigger": (HEAD + STEP.replace("ladder_day", "ladder_days"), 19, 'the nearest is "ladder_day"'),
    "a number that another trigger has": (HEAD + STEP + "reviews = 2\n", 27, 'no key "reviews"'),
    "a number missing": (HEAD + STEP.replace("n = 1\n", ""), 14, '"n" is missing'),
    "a number below one": (HEAD + STEP.replace("n = 1", "n = 0"), 20, "1 or more"),
    "a number as truth": (HEAD + STEP.replace("n = 1", "n = true"), 20, "whole number"),
    "a number larger than any school counts": (HEAD + STEP.replace("n = 1", "n = 1000"), 20, "999 or less"),
    "an empty title": (HEAD.replace('"Larkfield Primary School"', '"  "'), 2, '"title" is empty'),
    "a step without words for its title": (HEAD + STEP.replace('"Ring"', '""'), 16, '"title" is empty'),
    "a step without words for its duty": (HEAD + STEP.replace('"Ring."', '""'), 23, '"duty" is empty'),
    "a duty without words for its title": (HEAD + STANDING.replace('"Meeting"', '" "'), 16, '"title" is empty'),
    "a clause that says nothing": (HEAD.replace('"Ring on the first day."', '""'), 10, '"says" is empty'),
    "no clause named": (HEAD + STEP.replace('["one"]', "[]"), 17, '"clauses" is empty'),
    "a version below one": (HEAD.replace("in_force_from", "version = -1\nin_force_from"), 5, "1 or more"),
    "hours below one": (HEAD + STEP.replace("same_day", "hours") + "hours = 0\n", 27, "1 or more"),
    "more hours than any deadline has": (HEAD + STEP.replace("same_day", "hours") + "hours = 9999\n", 27, "or less"),
    "a number of the law below one": (HEAD + STRICTER.replace("16", "0"), 16, "1 or more"),
    "a switch of the law at two": (
        HEAD + STRICTER.replace("attendance-return.sessions",
        "deletion-return.asked-of-all").replace("16", "2"), 16, "turned on by 1",
    ),
    "a number of the law twice": (HEAD + STRICTER + STRICTER, 20, "two numbers"),
    "a number that the sentence says and the step leaves out": (
        HEAD + STEP.replace("{day}", "{visits_below}"), 21, "{visits_below}, and that number is left out",
    ),
    "a shape beside a word": (HEAD + STEP.replace("{day}", "{day:d}"), 21, "only the word itself"),
    "a word turned into another": (HEAD + STEP.replace("{day}", "{day!r}"), 21, "only the word itself"),
    "braces around nothing": (HEAD + STEP.replace("{day}", "{}"), 21, "no word for this trigger"),
    "a rule of the law": (HEAD + STEP.replace('"ring"', '"england.twenty-days"'), 15, "regulation 9"),
    "another policy's rule": (HEAD + STEP.replace('"ring"', '"shire.ring"'), 15, "another policy"),
    "a name that is no name": (HEAD + STEP.replace('"ring"', '"ring|1"'), 15, "letters"),
    "the law's own name": (HEAD.replace('"larkfield"', '"england"'), 1, "name of the law"),
    "a policy's name with a way in it": (HEAD.replace('"larkfield"', '"../larkfield"'), 1, "letters"),
    "a duty named like a step": (HEAD + STEP + STANDING.replace('"meeting"', '"ring"'), 29, "two rules"),
    "two duties of one name": (HEAD + STANDING + STANDING, 15, "two rules"),
    "a number too long to be read": (HEAD + STEP.replace("n = 1", "n = 1" + "0" * 5000), 20, "too long"),
    "unknown clause": (HEAD + STEP.replace('["one"]', '["two"]'), 17, 'there is no clause "two"'),
    "unknown word in the sentence": (HEAD + STEP.replace("{day}", "{days}"), 21, 'the nearest is "day"'),
    "half a brace in the sentence": (HEAD + STEP.replace("{day}", "{day"), 21, "brace"),
    "unknown act": (HEAD + STEP.replace("contact_family", "contact_famly"), 22, 'the nearest is "contact_family"'),
    "unknown role": (HEAD + STEP.replace('"office"', '"officer"'), 24, 'the nearest is "office"'),
    "unknown deadline": (HEAD + STEP.replace("same_day", "some_day"), 25, 'the nearest is "same_day"'),
    "hours not said": (HEAD + STEP.replace("same_day", "hours"), 14, '"hours" is missing'),
    "unknown severity": (HEAD + STEP.replace('"today"', '"tomorrow"'), 18, "there is no severity"),
    "unknown circumstance": (HEAD + STEP + 'who = ["looked_atfer"]\n', 27, 'the nearest is "looked_after"'),
    "unknown cause": (HEAD + STEP + 'causes = ["unawares"]\n', 27, 'the nearest is "unaware"'),
    "unknown code": (HEAD + STEP + 'codes_left_out = ["C3"]\n', 27, 'there is no code "C3"'),
    "unknown recipient": (HEAD + STEP + 'settled = { told = ["polis"] }\n', 27, 'the nearest is "police"'),
    "unknown interval": (HEAD + STANDING.replace("weekly", "weakly"), 19, 'the nearest is "weekly"'),
    "a last day that the trigger does not reckon": (
        HEAD + STEP.replace("same_day", "last_day"), 25, "reckons no last day",
    ),
    "unknown school type": (HEAD + STEP + 'school_types = ["acadmy"]\n', 27, 'the nearest is "academy"'),
    "unknown fact to ask for": (HEAD + STEP + 'asks = ["adress"]\n', 27, 'the nearest is "address"'),
    "cited beside nothing": (HEAD + CITED.replace("beside", "besides"), 14, '"beside" is missing'),
    "cited for an unknown clause": (HEAD + CITED.replace('["one"]', '["two"]'), 17, 'there is no clause "two"'),
    "unknown number of the law": (
        HEAD + STRICTER.replace("return.sessions", "return.session"), 15, "england.attendance-return.sessions",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_its_line(fault: str) -> None:
    text, line, words = FAULTS[fault]

    found = read_school_policy(text, parameters=LAW)

    assert found.policy is None
    assert (line, True) in [(problem.line, words in problem.message) for problem in found.problems]
