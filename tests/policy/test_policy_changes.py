"""A policy as editable values: written and read back the same, changed part by part, checked, told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.parameters import load_parameters
from cme_desktop.policy.policy_changes import (
    Part,
    add_part,
    blank_policy,
    copy_as_own,
    is_optional_number,
    move_part,
    parts_of,
    put_part,
    remove_part,
    settle_new_ids,
    take_number,
    take_title,
    take_trigger,
    usual_sentence,
)
from cme_desktop.policy.policy_differences import ChangeKind, compare_policies
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_faults import check_policy, read_document
from cme_desktop.policy.policy_in_words import say_due, say_settlement, say_trigger
from cme_desktop.policy.rule import Severity
from cme_desktop.policy.school_policy import (
    DueKind,
    PolicyKind,
    SchoolPolicy,
    StricterNumber,
    Treatment,
    TriggerKind,
)
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.triggers import TRIGGERS
from tests.builders import RESOURCES

LAW = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))
SUPPLIED = sorted((RESOURCES / "policies").glob("*.toml"))
NAMES = [file.stem for file in SUPPLIED]


def read(text: str) -> SchoolPolicy:
    found = read_school_policy(text, parameters=LAW)
    assert found.policy is not None, found.problems
    return found.policy


def supplied(file: Path) -> SchoolPolicy:
    return read(file.read_text("utf-8"))


def aspire() -> SchoolPolicy:
    return supplied(RESOURCES / "policies" / "aspire-academy.toml")


def a_policy() -> SchoolPolicy:
    """A blank policy with one clause and one step, both complete."""
    policy, _ = add_part(blank_policy("own", title="Larkfield", from_day=date(2026, 11, 10)), Part.CLAUSE, LAW)
    clause = replace(policy.clauses[0], title="2.1", says="Ring.", program="A call.")
    policy, _ = add_part(put_part(policy, Part.CLAUSE, 0, clause), Part.STEP, LAW)
    step = policy.steps[0]
    done = replace(step, title="Ring home", clauses=(clause.id,), duty=replace(step.duty, what="Ring home."))
    return settle_new_ids(put_part(policy, Part.STEP, 0, done))


# -- written and read back -------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", SUPPLIED, ids=NAMES)
def test_a_supplied_policy_written_as_a_document_is_read_back_the_same(file: Path) -> None:
    policy = supplied(file)

    assert read(write_policy_document(policy)) == policy


@pytest.mark.parametrize("file", SUPPLIED, ids=NAMES)
def test_a_supplied_policy_has_nothing_to_correct(file: Path) -> None:
    assert check_policy(supplied(file), LAW) == ()


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_whatever_is_typed_into_a_clause_is_read_back_as_it_was_typed(words: str) -> None:
    policy = a_policy()
    clause = replace(policy.clauses[0], says=words, title=words)

    changed = put_part(policy, Part.CLAUSE, 0, clause)

    assert read(write_policy_document(changed)).clauses[0] == clause


@pytest.mark.parametrize("kind", TriggerKind)
def test_a_step_of_every_trigger_is_written_and_read_back(kind: TriggerKind) -> None:
    policy = a_policy()
    assert policy.steps[0].about == "Ring home"
    step = take_trigger(replace(policy.steps[0], because=""), kind)
    step = replace(step, who=(Circumstance.LOOKED_AFTER.value,), severity=Severity.NOW, due=DueKind.HOURS, hours=3)

    changed = put_part(policy, Part.STEP, 0, step)

    assert check_policy(changed, LAW) == ()
    assert read(write_policy_document(changed)).steps == (step,)
    assert say_trigger(step)
    assert say_due(step) == "within 3 hours, day or night"


# -- changed part by part --------------------------------------------------------------------------------------


def test_a_new_part_gets_its_name_for_good_from_its_title() -> None:
    policy, _ = add_part(a_policy(), Part.STEP, LAW)
    policy = put_part(policy, Part.STEP, 1, replace(policy.steps[1], title="Ring home"))
    policy, _ = add_part(policy, Part.STANDING, LAW)
    policy = put_part(policy, Part.STANDING, 0, replace(policy.standing[0], title="Look through: all!"))
    clause = replace(policy.clauses[0], rules=(policy.steps[1].id, policy.standing[0].id))

    settled = settle_new_ids(put_part(policy, Part.CLAUSE, 0, clause))

    assert [step.id for step in settled.steps] == ["own.ring-home", "own.ring-home-2"]
    assert settled.standing[0].id == "own.look-through-all"
    assert settled.clauses[0].rules == ("own.ring-home-2", "own.look-through-all")
    assert settle_new_ids(settled) == settled


def test_a_step_taken_out_is_named_by_no_clause_any_more() -> None:
    policy = aspire()
    index = next(place for place, step in enumerate(policy.steps) if step.id.endswith("referring-school"))

    left = remove_part(policy, Part.STEP, index)

    assert not [clause.id for clause in left.clauses if "aspire-academy.referring-school" in clause.rules]
    assert check_policy(left, LAW) == ()


def test_one_limb_of_two_taken_out_leaves_the_rule_in_its_clauses() -> None:
    policy = aspire()
    index = next(place for place, step in enumerate(policy.steps) if step.id.endswith("whereabouts-unknown"))

    left = remove_part(policy, Part.STEP, index)

    assert [clause.id for clause in left.clauses if "aspire-academy.whereabouts-unknown" in clause.rules]


def test_a_clause_taken_out_leaves_its_step_to_be_given_another() -> None:
    left = remove_part(a_policy(), Part.CLAUSE, 0)

    (fault,) = check_policy(left, LAW)

    assert (fault.part, fault.field) == (Part.STEP, "clauses")
    assert "no clause yet" in fault.says


def test_a_part_moves_among_its_kind_and_never_beyond_its_end() -> None:
    policy = aspire()

    moved, place = move_part(policy, Part.CLAUSE, 0, by=1)
    same, first = move_part(policy, Part.CLAUSE, 0, by=-1)

    assert (place, moved.clauses[1]) == (1, policy.clauses[0])
    assert (first, same) == (0, policy)


def test_what_is_about_its_title_alone_follows_the_title() -> None:
    step = a_policy().steps[0]

    assert take_title(step, "Ring").about == "Ring"
    assert take_title(replace(step, about="The first call."), "Ring").about == "The first call."


def test_another_trigger_keeps_the_school_s_own_sentence_and_changes_the_usual_one() -> None:
    step = a_policy().steps[0]
    assert step.because == usual_sentence(TriggerKind.LADDER_DAY)

    own = take_trigger(replace(step, because="We ring."), TriggerKind.ABSENCE_DAY)
    usual = take_trigger(step, TriggerKind.ABSENCE_DAY)

    assert own.because == "We ring."
    assert usual.because == usual_sentence(TriggerKind.ABSENCE_DAY)
    assert usual.numbers == {"n": 1}


def test_a_number_that_may_be_left_out_is_left_out_by_nothing() -> None:
    step = take_number(a_policy().steps[0], "visits_below", 2)

    assert step.numbers == {"n": 1, "visits_below": 2}
    assert take_number(step, "visits_below", 0).numbers == {"n": 1}
    assert take_number(step, "n", 0).numbers == {"n": 0, "visits_below": 2}
    assert [name for name in TRIGGERS[step.trigger].numbers if is_optional_number(step.trigger, name)] == [
        "visits_below",
    ]  # fmt: skip


def test_an_authority_s_policy_becomes_a_school_s_under_another_name() -> None:
    policy = aspire()
    authority = replace(policy, kind=PolicyKind.AUTHORITY)

    own = copy_as_own(authority, policy_id="own")

    assert (own.id, own.kind) == ("own", PolicyKind.SCHOOL)
    assert [step.id for step in own.steps] == [step.id.replace("aspire-academy.", "own.") for step in policy.steps]
    assert copy_as_own(policy, policy_id="own") == policy


# -- checked ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (StricterNumber("england.attendance-return.sessions", 21, "one"), "regulation 13"),
        (StricterNumber("england.penalty-threshold.weeks", 9, "one"), "national framework"),
        (StricterNumber("england.penalty-threshold.decide-within", 6, "one"), "own limit for the decision"),
        (StricterNumber("england.persistent-absence.possible", 400, "one"), "sets 40; 400 would be looser"),
        (StricterNumber("england.not-seen.days", 0, "one"), "1 or more"),
        (StricterNumber("england.not-seen.days", 5, ""), "Choose the clause"),
    ],
)  # fmt: skip
def test_a_number_that_is_no_stricter_one_is_said_with_its_place(number: StricterNumber, says: str) -> None:
    policy = a_policy()
    number = replace(number, clause=policy.clauses[0].id if number.clause else "")

    faults = check_policy(replace(policy, stricter=(number,)), LAW)

    assert says in faults[0].says
    assert (faults[0].part, faults[0].index) == (Part.NUMBER, 0)
    assert faults[0].is_law is ("looser" in faults[0].says)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("england.attendance-return.sessions", 20),
        ("england.attendance-return.sessions", 1),
        ("england.penalty-threshold.weeks", 11),
        ("england.sickness-approaching.days", 9),
    ],
)
def test_a_number_like_the_law_s_or_stricter_may_stand(name: str, value: int) -> None:
    policy = a_policy()

    assert check_policy(replace(policy, stricter=(StricterNumber(name, value, policy.clauses[0].id),)), LAW) == ()


def test_the_same_number_twice_is_said_at_both() -> None:
    policy = a_policy()
    number = StricterNumber("england.not-seen.days", 5, policy.clauses[0].id)

    faults = check_policy(replace(policy, stricter=(number, replace(number, value=6))), LAW)

    assert [(fault.index, fault.field) for fault in faults] == [(0, "parameter"), (1, "parameter")]


def test_a_clause_above_which_the_law_stands_says_why() -> None:
    policy = a_policy()
    clause = replace(policy.clauses[0], treatment=Treatment.SUPERSEDED)

    (fault,) = check_policy(put_part(policy, Part.CLAUSE, 0, clause), LAW)

    assert (fault.part, fault.field) == (Part.CLAUSE, "because")


@pytest.mark.parametrize(
    ("because", "says"), [("Day {days}.", "no word {days}. Write {day}"), ("Day {day.", "needs a }"), (" ", "Type the")]
)
def test_a_sentence_that_can_not_be_said_is_said_beside_it(because: str, says: str) -> None:
    policy = a_policy()

    faults = check_policy(put_part(policy, Part.STEP, 0, replace(policy.steps[0], because=because)), LAW)

    assert [(fault.part, fault.index, fault.field) for fault in faults] == [(Part.STEP, 0, "because")]
    assert says in faults[0].says


def test_a_sentence_that_says_a_number_left_out_is_told() -> None:
    policy = a_policy()
    step = replace(policy.steps[0], because="Fewer than {visits_below}.")

    (fault,) = check_policy(put_part(policy, Part.STEP, 0, step), LAW)

    assert (fault.field, "{visits_below}" in fault.says) == ("because", True)
    assert check_policy(put_part(policy, Part.STEP, 0, take_number(step, "visits_below", 1)), LAW) == ()


@pytest.mark.parametrize("kind", TriggerKind)
def test_the_usual_sentence_of_a_trigger_can_be_said(kind: TriggerKind) -> None:
    step = take_trigger(replace(a_policy().steps[0], because=""), kind)

    said = step.because.format(since="1 May 2026", **step.numbers)

    assert said.startswith("Since 1 May 2026: ")
    assert "so many" not in said or "school_days" in TRIGGERS[kind].numbers


# -- documents from elsewhere ----------------------------------------------------------------------------------


def test_a_document_that_could_be_read_but_not_adopted_is_explained_by_its_line() -> None:
    text = write_policy_document(a_policy()).replace('title = "Ring home"', 'title = ""')
    line = next(number for number, words in enumerate(text.splitlines(), start=1) if words == 'title = ""')

    (fault,) = read_document(text.encode(), LAW).faults

    assert (fault.line, fault.found) == (line, 'title = ""')
    assert fault.remedy == "Type what “title” is to say."


def test_a_step_with_a_fault_is_told_once_and_not_wherever_a_clause_names_it() -> None:
    text = write_policy_document(aspire()).replace('act = "contact_family"', 'act = "contact_famly"', 1)

    (fault,) = read_document(text.encode(), LAW).faults

    assert "contact_famly" in fault.found


# -- told apart ------------------------------------------------------------------------------------------------


def test_a_policy_does_not_differ_from_itself() -> None:
    assert compare_policies(aspire(), aspire()) == ()


def test_a_renamed_clause_is_one_difference_though_steps_cite_it() -> None:
    policy = aspire()
    index = next(place for place, clause in enumerate(policy.clauses) if clause.id == "ladder-2")
    renamed = put_part(policy, Part.CLAUSE, index, replace(policy.clauses[index], title="4.2"))

    (found,) = compare_policies(policy, renamed)

    assert (found.name, found.kind, found.before, found.after) == (
        "No contact, step 2", ChangeKind.CHANGED, "No contact, step 2", "4.2",
    )  # fmt: skip


def test_parts_added_removed_and_in_another_order_are_told() -> None:
    policy = aspire()
    moved, _ = move_part(policy, Part.STANDING, 0, by=1)
    added = replace(moved, stricter=(StricterNumber("england.not-seen.days", 5, "cover"),), clauses=policy.clauses[1:])

    found = [(one.part, one.kind, one.field) for one in compare_policies(policy, added)]

    assert (Part.STANDING, ChangeKind.CHANGED, "Order") in found
    assert (Part.NUMBER, ChangeKind.ADDED, "") in found
    assert (Part.CLAUSE, ChangeKind.REMOVED, "") in found


def test_a_change_of_one_limb_is_told_of_that_limb() -> None:
    policy = aspire()
    index = [place for place, step in enumerate(policy.steps) if step.id.endswith("whereabouts-unknown")][1]
    changed = put_part(policy, Part.STEP, index, replace(policy.steps[index], severity=Severity.NOW))

    (found,) = compare_policies(policy, changed)

    assert (found.field, found.before, found.after) == ("How soon", "today", "now: a child may be at risk")


def test_what_ends_a_step_is_said_in_words() -> None:
    steps = {step.id.rpartition(".")[2]: step for step in aspire().steps}

    assert say_settlement(steps["day-3-police"].settled) == "word to police"
    assert say_settlement(steps["day-1-contact"].settled) == ""
    assert say_trigger(steps["missing-episodes"]).startswith("3 missing episodes that begin within 90 days")
    assert parts_of(aspire(), Part.ABOUT) == (aspire(),)


def test_each_kind_of_part_has_a_name_of_its_own() -> None:
    assert len({part.in_words for part in Part}) == len(Part)
    assert Part.ABOUT.in_words == "The policy itself"
