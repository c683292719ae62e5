"""A policy's document read: each key is needed or may be left out, and each fault is told on its line."""

from __future__ import annotations

import tomllib

import pytest

from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import EventKind, Form, Recipient
from cme_desktop.policy.parameters import load_parameters
from cme_desktop.policy.record import SchoolType
from cme_desktop.policy.rule import Act, Severity
from cme_desktop.policy.school_policy import (
    DueKind,
    Interval,
    PolicyKind,
    SchoolPolicy,
    Settlement,
    Treatment,
    TriggerKind,
)
from cme_desktop.policy.school_policy_text import read_school_policy
from tests.builders import RESOURCES, day

DOCUMENT = """id = "oak-tree"
title = "Oak Tree"
kind = "school"
document = "Policy of 2026"
in_force_from = 2026-09-01

[[clause]]
id = "one"
title = "1"
says = "Ring."
treatment = "rule"
program = "Rings."
rules = ["ring", "meet", "look"]

[[rule]]
id = "ring"
title = "Ring"
clauses = ["one"]
severity = "today"
trigger = "ladder_day"
n = 1
because = "Day {day} since {since}."
act = "contact_family"
duty = "Ring the parents."
by = "office"
recipient = "family"
due = "hours"
hours = 2
settled_by = "Contact."

[[standing]]
id = "meet"
title = "Meet"
clauses = ["one"]
severity = "this_week"
interval = "monthly"
act = "review"
duty = "Meet."
by = "head"
settled_by = "A record."

[[cited]]
id = "look"
title = "Look"
clauses = ["one"]
beside = "england.not-seen"

[[stricter]]
parameter = "england.attendance-return.sessions"
value = 18
clause = "one"
"""
LAW = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))


def problems(text: str) -> list[tuple[int, str]]:
    return [(each.line, each.message) for each in read_school_policy(text, parameters=LAW).problems]


def read(text: str) -> SchoolPolicy:
    found = read_school_policy(text, parameters=LAW)
    assert found.policy is not None, found.problems
    return found.policy


def line_of(piece: str, text: str = DOCUMENT) -> int:
    return text[: text.index(piece)].count("\n") + 1


def changed(old: str, new: str) -> str:
    assert DOCUMENT.count(old) == 1, old
    return DOCUMENT.replace(old, new)


# -- what is read --------------------------------------------------------------------------------------------------


def test_a_document_is_read_whole() -> None:
    policy = read(DOCUMENT)
    (clause,), (step,), (duty,), (cited,), (number,) = (
        policy.clauses,
        policy.steps,
        policy.standing,
        policy.cited,
        policy.stricter,
    )

    assert (policy.id, policy.title, policy.kind) == ("oak-tree", "Oak Tree", PolicyKind.SCHOOL)
    assert (policy.document, policy.in_force_from, policy.version, policy.about) == (
        "Policy of 2026",
        day("1 Sep"),
        1,
        "",
    )
    assert (clause.id, clause.title, clause.says, clause.program) == ("one", "1", "Ring.", "Rings.")
    assert clause.treatment is Treatment.RULE
    assert clause.rules == ("oak-tree.ring", "oak-tree.meet", "oak-tree.look")
    assert (step.id, step.title, step.about, step.clauses) == ("oak-tree.ring", "Ring", "Ring", ("one",))
    assert (step.severity, step.trigger, step.numbers) == (Severity.TODAY, TriggerKind.LADDER_DAY, {"n": 1})
    assert (step.due, step.hours, step.settled_by) == (DueKind.HOURS, 2, "Contact.")
    assert step.settled == Settlement()
    assert (step.duty.act, step.duty.what, step.duty.by, step.duty.recipient) == (
        Act.CONTACT_FAMILY,
        "Ring the parents.",
        Role.OFFICE,
        "family",
    )
    assert not step.contact_made
    assert (duty.id, duty.title, duty.about, duty.interval) == ("oak-tree.meet", "Meet", "Meet", Interval.MONTHLY)
    assert (duty.severity, duty.settled_by, duty.clauses) == (Severity.THIS_WEEK, "A record.", ("one",))
    assert (cited.id, cited.title, cited.about, cited.beside) == ("oak-tree.look", "Look", "Look", "england.not-seen")
    assert cited.clauses == ("one",)
    assert (number.parameter, number.value, number.clause) == ("england.attendance-return.sessions", 18, "one")


def test_what_may_be_said_beside_is_read_too() -> None:
    policy = read(
        changed(
            'settled_by = "Contact."\n',
            'settled_by = "Contact."\nabout = "More."\nvisits_below = 2\nwho = ["looked_after", "any_social_worker"]\n'
            'not_who = ["young_carer"]\ncauses = ["unaware"]\ncodes_left_out = ["C2", "E"]\ncontact_made = true\n'
            'school_types = ["academy"]\nasks = ["address"]\n'
            'settled = { told = ["police"], told_one_of = ["social_care"], referral = true, form = "absence", '
            'events = ["review_held"], events_one_of = ["found"], decision = true, or_referral = true }\n',
        ).replace(
            "in_force_from = 2026-09-01\n", 'in_force_from = 2026-09-01\nversion = 3\nabout = "All."\nadopts = ["x"]\n'
        )
    )
    (step,) = policy.steps

    assert (policy.version, policy.about, policy.adopts) == (3, "All.", ("x",))
    assert (step.about, step.numbers) == ("More.", {"n": 1, "visits_below": 2})
    assert (step.who, step.not_who) == (("looked_after", "any_social_worker"), ("young_carer",))
    assert (step.causes, step.codes_left_out, step.contact_made) == (("unaware",), b"2E", True)
    assert (step.school_types, step.asks) == ((SchoolType.ACADEMY,), ("address",))
    assert step.settled == Settlement(
        told=(Recipient.POLICE,),
        told_one_of=(Recipient.SOCIAL_CARE,),
        referral=True,
        form=Form.ABSENCE,
        events=(EventKind.REVIEW_HELD,),
        events_one_of=(EventKind.FOUND,),
        decision=True,
        or_referral=True,
    )


# -- what is missing -----------------------------------------------------------------------------------------------

MAY_BE_LEFT_OUT = {"rules", "recipient"}


def pairs() -> list[tuple[int, str]]:
    lines = DOCUMENT.splitlines()
    return [(number, line.split(" = ")[0]) for number, line in enumerate(lines) if " = " in line]


@pytest.mark.parametrize(("number", "key"), pairs())
def test_each_key_that_is_needed_is_told_once_by_the_head_of_its_table(number: int, key: str) -> None:
    lines = DOCUMENT.splitlines()
    head = next((at for at in range(number, -1, -1) if lines[at].startswith("[[")), 0)
    without = "\n".join([*lines[:number], *lines[number + 1 :]])
    found = [(line, message) for line, message in problems(without) if message.endswith("is missing")]

    assert found == ([] if key in MAY_BE_LEFT_OUT else [(head + 1, f'"{key}" is missing')])


@pytest.mark.parametrize("table", ["", "[[clause]]", "[[rule]]", "[[standing]]", "[[cited]]", "[[stricter]]"])
def test_a_key_that_is_not_known_is_told_on_its_line(table: str) -> None:
    text = DOCUMENT.replace(f"{table}\n", f'{table}\ncolour = "red"\n', 1) if table else f'colour = "red"\n{DOCUMENT}'

    found = problems(text)

    assert len(found) == 1
    assert found[0][0] == line_of("colour", text)
    assert found[0][1].startswith('there is no key "colour"')


def test_an_unknown_key_of_what_settles_a_step_is_told() -> None:
    found = problems(changed('settled_by = "Contact."\n', 'settled_by = "Contact."\nsettled = { tell = ["police"] }\n'))

    assert [message.partition(";")[0] for _, message in found] == ['there is no key "tell"']


# -- what is wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('kind = "school"', 'kind = "scool"', 'there is no kind of policy "scool"; the nearest is "school"'),
        ('treatment = "rule"', 'treatment = "rul"', 'there is no treatment "rul"; the nearest is "rule"'),
        ('trigger = "ladder_day"', 'trigger = "lader_day"', 'there is no trigger "lader_day"'),
        ('due = "hours"', 'due = "hour"', 'there is no deadline "hour"; the nearest is "hours"'),
        ('severity = "today"', 'severity = "tody"', 'there is no severity "tody"; the nearest is "today"'),
        ('act = "contact_family"', 'act = "contact_famly"', 'there is no act "contact_famly"'),
        ('by = "office"', 'by = "offic"', 'there is no role "offic"; the nearest is "office"'),
        ('interval = "monthly"', 'interval = "monthy"', 'there is no interval "monthy"; the nearest is "monthly"'),
        ("n = 1", "n = 0", '"n" must be 1 or more'),
        ("{day}", "{dya}", 'there is no word for this trigger "dya"; the nearest is "day"'),
        ("{day}", "{day", "a brace in the wording has no partner"),
        ("{day}", "{}", 'there is no word for this trigger ""'),
        ('due = "hours"', 'due = "last_day"', "this trigger reckons no last day"),
        ('clause = "one"', 'clause = "two"', 'there is no clause "two"; the nearest is "one"'),
        ("attendance-return.sessions", "attendance-return.sesions", "there is no number of the law"),
        ("value = 18", "value = 21", "A school's rule may be stricter than the law, never looser."),
        ('"look"]', '"lok"]', 'there is no rule "oak-tree.lok"; the nearest is "oak-tree.look"'),
        ("in_force_from = 2026-09-01", 'in_force_from = "1 Sep"', '"in_force_from" must be a date'),
    ],
)
def test_a_fault_is_told_on_its_own_line(old: str, new: str, says: str) -> None:
    text = changed(old, new)

    found = problems(text)

    assert len([message for _, message in found if message.startswith(says)]) == 1, found
    assert line_of(new, text) in {line for line, _ in found}


@pytest.mark.parametrize(
    ("key", "word", "what"),
    [
        ("who", "looked_aftr", "circumstance"),
        ("not_who", "looked_aftr", "circumstance"),
        ("causes", "unawre", "cause"),
        ("codes_left_out", "ZZ", "code"),
        ("school_types", "academi", "school type"),
        ("asks", "adress", "fact"),
    ],
)
def test_a_word_of_a_list_is_told_by_itself(key: str, word: str, what: str) -> None:
    text = changed('settled_by = "Contact."\n', f'settled_by = "Contact."\n{key} = [\n  "{word}",\n]\n')

    found = problems(text)

    assert len(found) == 1
    assert found[0][0] == line_of(f'"{word}"', text)
    assert found[0][1].startswith(f'there is no {what} "{word}"')


def test_a_clause_that_is_superseded_says_why_and_stands_once() -> None:
    superseded = changed('treatment = "rule"', 'treatment = "superseded"')
    twice = DOCUMENT + '\n[[clause]]\nid = "one"\ntitle = "2"\nsays = "x"\ntreatment = "rule"\nprogram = "y"\n'

    assert [message for _, message in problems(superseded)] == ['"because" is missing']
    assert [message for _, message in problems(twice)] == ['there are two clauses "one"'] * 2
    assert problems(superseded.replace('program = "Rings."', 'program = "Rings."\nbecause = "The law."')) == []


def test_a_rule_of_another_policy_may_be_named() -> None:
    assert problems(changed('"look"]', '"look", "england.not-seen"]')) == []


def test_problems_are_told_in_the_order_of_the_lines() -> None:
    text = (
        DOCUMENT.replace('title = "Oak Tree"\n', "").replace("n = 1\n", "n = 0\n").replace("value = 18", 'value = "x"')
    )
    text = text.replace('program = "Rings."\n', 'program = "Rings."\ncolour = "red"\n')

    found = problems(text)

    assert [line for line, _ in found] == sorted(line for line, _ in found)
    assert len({line for line, _ in found}) >= 4


def test_a_number_left_out_where_it_may_be_is_no_fault() -> None:
    assert "visits_below" not in tomllib.loads(DOCUMENT)["rule"][0]
    assert read(DOCUMENT).steps[0].numbers == {"n": 1}


def test_without_the_law_a_number_is_not_compared() -> None:
    looser = changed("value = 18", "value = 21")

    assert read_school_policy(looser).policy is not None
    assert read_school_policy(looser, parameters=LAW).policy is None


def test_a_rule_of_the_policy_s_own_may_be_named_in_full() -> None:
    assert read(changed('id = "ring"', 'id = "oak-tree.ring"')) == read(DOCUMENT)


def test_a_deadline_that_is_not_in_hours_has_none() -> None:
    (step,) = read(changed('due = "hours"\nhours = 2', 'due = "same_day"')).steps

    assert step.hours == 0


def test_an_empty_name_is_told_once() -> None:
    for old in ('id = "oak-tree"', 'id = "ring"'):
        text = changed(old, 'id = ""')
        assert [said for line, said in problems(text) if line == line_of('id = ""', text)] == ['"id" is empty']


def test_a_fault_of_a_rule_is_told_there_and_not_again_where_a_clause_names_the_rule() -> None:
    text = changed('treatment = "rule"', 'treatment = "guess"').replace('interval = "monthly"', 'interval = "never"')

    assert [line for line, _ in problems(text)] == [line_of('"guess"', text), line_of('"never"', text)]
