"""A policy's parts as a school changes them: added, moved, named and taken out, and what each is called."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from cme_desktop.policy.parameters import Parameters, load_parameters
from cme_desktop.policy.policy_changes import (
    Part,
    add_part,
    adopted_with,
    blank_policy,
    move_part,
    parts_of,
    put_part,
    remove_part,
    say_part,
    settle_new_ids,
)
from cme_desktop.policy.rule import Severity
from cme_desktop.policy.school_policy import SchoolPolicy, StricterNumber
from tests.builders import RESOURCES, day

OURS = "oak-tree"


@cache
def law() -> Parameters:
    return load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))


def a_policy(*parts: Part) -> SchoolPolicy:
    policy = blank_policy(OURS, title="Oak Tree", from_day=day("1 Sep"))
    for part in parts:
        policy, _ = add_part(policy, part, law())
    return policy


def entitled(policy: SchoolPolicy, part: Part, *titles: str) -> SchoolPolicy:
    """The policy with these titles on its parts, in their order."""
    for index, title in enumerate(titles):
        policy = put_part(policy, part, index, replace(parts_of(policy, part)[index], title=title))
    return policy


def titles(policy: SchoolPolicy, part: Part) -> list[str]:
    return [value.title for value in parts_of(policy, part)]


# -- adding, putting, moving ---------------------------------------------------------------------------------------


def test_a_part_is_added_at_the_end_and_says_where_it_stands() -> None:
    one, first = add_part(a_policy(), Part.CLAUSE, law())
    two, second = add_part(one, Part.CLAUSE, law())

    assert (first, second) == (0, 1)
    assert len(two.clauses) == 2
    assert len({clause.id for clause in two.clauses}) == 2


def test_the_head_of_a_policy_is_put_whole() -> None:
    policy = a_policy(Part.STEP)
    renamed = replace(policy, title="Oak Tree Primary")

    assert put_part(policy, Part.ABOUT, 0, renamed) is renamed
    assert parts_of(policy, Part.ABOUT) == (policy,)


def test_a_part_moves_up_and_down_and_no_further_than_the_ends() -> None:
    policy = entitled(a_policy(*[Part.CLAUSE] * 3), Part.CLAUSE, "one", "two", "three")

    def moved(index: int, by: int) -> tuple[list[str], int]:
        changed, place = move_part(policy, Part.CLAUSE, index, by=by)
        return titles(changed, Part.CLAUSE), place

    assert moved(0, 1) == (["two", "one", "three"], 1)
    assert moved(2, -1) == (["one", "three", "two"], 1)
    assert moved(1, 1) == (["one", "three", "two"], 2)
    assert moved(2, 1) == (["one", "two", "three"], 2)
    assert moved(0, -1) == (["one", "two", "three"], 0)


def test_new_steps_are_for_today_and_new_duties_for_this_week() -> None:
    policy = a_policy(Part.STEP, Part.STANDING)

    assert policy.steps[0].severity is Severity.TODAY
    assert policy.standing[0].severity is Severity.THIS_WEEK


def test_a_new_number_is_the_first_that_is_not_there_yet_as_the_law_has_it_now() -> None:
    names = list(law().by_name)
    policy = a_policy(Part.CLAUSE, Part.CLAUSE, Part.NUMBER, Part.NUMBER)

    assert [number.parameter for number in policy.stricter] == names[:2]
    assert [number.value for number in policy.stricter] == [law().by_name[name].values[-1].value for name in names[:2]]
    assert {number.clause for number in policy.stricter} == {policy.clauses[0].id}
    assert a_policy(Part.NUMBER).stricter[0].clause == ""
    dated = law().by_name[names[0]]
    raised = replace(dated, values=(*dated.values, replace(dated.values[-1], value=99)))
    assert add_part(a_policy(), Part.NUMBER, Parameters({names[0]: raised}))[0].stricter[0].value == 99
    assert add_part(a_policy(), Part.NUMBER, Parameters({}))[0].stricter == (StricterNumber("", 1, ""),)


# -- taking out ----------------------------------------------------------------------------------------------------


def test_a_number_is_taken_out_by_itself() -> None:
    policy = a_policy(Part.CLAUSE, Part.NUMBER, Part.NUMBER)

    left = remove_part(policy, Part.NUMBER, 0)

    assert left.stricter == policy.stricter[1:]
    assert left.clauses == policy.clauses


def test_a_clause_taken_out_is_named_by_nothing_any_more() -> None:
    policy = a_policy(Part.CLAUSE, Part.CLAUSE, Part.NUMBER)
    first, second = (clause.id for clause in policy.clauses)
    policy = replace(policy, stricter=(policy.stricter[0], replace(policy.stricter[0], clause=second)))

    left = remove_part(policy, Part.CLAUSE, 0)

    assert [clause.id for clause in left.clauses] == [second]
    assert [number.clause for number in left.stricter] == ["", second]
    assert policy.stricter[0].clause == first


# -- what a part is called -------------------------------------------------------------------------------------------


def test_each_part_has_a_name_in_the_list() -> None:
    policy = a_policy(Part.CLAUSE, Part.STEP, Part.STANDING, Part.NUMBER)

    def said(part: Part, index: int = 0, of: SchoolPolicy = policy) -> str:
        return say_part(of, part, index, law())

    assert said(Part.ABOUT) == "Title and document"
    assert said(Part.CLAUSE).startswith("New ")
    assert said(Part.STEP).startswith("New ")
    number = policy.stricter[0]
    assert said(Part.NUMBER).endswith(f": {number.value}")
    nameless = replace(policy, stricter=(StricterNumber("", 1, ""),))
    assert said(Part.NUMBER, of=nameless) == "New number"
    named = entitled(entitled(policy, Part.STEP, "Ring "), Part.STANDING, "Meet")
    assert (said(Part.STEP, of=named), said(Part.STANDING, of=named)) == ("Ring", "Meet")


def test_limbs_of_one_rule_are_counted_and_only_those() -> None:
    step = entitled(a_policy(Part.STEP), Part.STEP, "Ring").steps[0]
    other = replace(step, id=f"{OURS}.other", title="Visit")
    policy = replace(a_policy(), steps=(step, other, step))

    assert [say_part(policy, Part.STEP, index, law()) for index in range(3)] == [
        "Ring (1 of 2)",
        "Visit",
        "Ring (2 of 2)",
    ]


# -- names for good ------------------------------------------------------------------------------------------------


def test_a_new_part_gets_a_name_of_its_title_for_good() -> None:
    policy = a_policy(Part.CLAUSE, Part.CLAUSE, Part.STEP, Part.STEP, Part.STANDING, Part.NUMBER)
    policy = entitled(policy, Part.CLAUSE, "1. Ring", "1: ring!")
    policy = entitled(policy, Part.STEP, "Ring at once", "Ring at once")
    clause = policy.clauses[0]
    policy = put_part(policy, Part.STEP, 0, replace(policy.steps[0], clauses=(clause.id,)))
    policy = put_part(policy, Part.CLAUSE, 0, replace(clause, rules=(policy.steps[0].id,)))

    settled = settle_new_ids(policy)

    assert [each.id for each in settled.clauses] == ["1-ring", "1-ring-2"]
    assert [each.id for each in settled.steps] == [f"{OURS}.ring-at-once", f"{OURS}.ring-at-once-2"]
    assert [each.id for each in settled.standing] == [f"{OURS}.{Part.STANDING.value}"]
    assert settled.steps[0].clauses == ("1-ring",)
    assert settled.clauses[0].rules == (f"{OURS}.ring-at-once",)
    assert settled.stricter[0].clause == "1-ring"
    assert settle_new_ids(settled) == settled


def test_a_new_part_is_about_what_its_title_says_unless_it_says_more() -> None:
    policy = entitled(a_policy(Part.STEP, Part.STANDING, Part.STANDING), Part.STANDING, "Meet", "Review")
    policy = put_part(policy, Part.STEP, 0, replace(policy.steps[0], title="Ring", about="Ring both parents."))
    policy = put_part(policy, Part.STANDING, 1, replace(policy.standing[1], about="Look at every case."))

    settled = settle_new_ids(policy)

    assert [each.about for each in settled.steps] == ["Ring both parents."]
    assert [each.about for each in settled.standing] == ["Meet", "Look at every case."]


def test_two_limbs_added_under_one_passing_name_keep_one_name() -> None:
    step = entitled(a_policy(Part.STEP), Part.STEP, "Ring").steps[0]

    settled = settle_new_ids(replace(a_policy(), steps=(step, step)))

    assert [each.id for each in settled.steps] == [f"{OURS}.ring"] * 2


def test_a_name_is_cut_after_sixty_letters() -> None:
    long = "a" * 59 + " b" + "c" * 20
    policy = entitled(a_policy(Part.CLAUSE, Part.CLAUSE, Part.CLAUSE), Part.CLAUSE, long, "d" * 61, "e" * 60)

    assert [each.id for each in settle_new_ids(policy).clauses] == ["a" * 59, "d" * 60, "e" * 60]


def test_what_a_policy_adopts_comes_with_it() -> None:
    assert adopted_with(replace(a_policy(), adopts=("east-sussex",))) == ("east-sussex",)
