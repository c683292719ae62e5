"""Two policies told apart, part by part, and written so that nothing is said twice."""

from __future__ import annotations

import tomllib
from dataclasses import replace

from cme_desktop.policy.parameters import load_parameters
from cme_desktop.policy.policy_changes import Part, add_part, blank_policy, move_part, put_part
from cme_desktop.policy.policy_differences import ChangeKind, compare_policies
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.school_policy import SchoolPolicy, StricterNumber
from tests.builders import RESOURCES, day

LAW = load_parameters((RESOURCES / "parameters.toml").read_text("utf-8"))


def a_policy() -> SchoolPolicy:
    policy = blank_policy("oak-tree", title="Oak Tree", from_day=day("1 Sep"))
    for part in (Part.CLAUSE, Part.STEP, Part.STANDING):
        policy, _ = add_part(policy, part, LAW)
    clause = replace(policy.clauses[0], title="1", says="Ring.", program="Rings.", rules=(policy.steps[0].id,))
    step, duty = policy.steps[0], policy.standing[0]
    return replace(
        policy,
        clauses=(clause,),
        steps=(replace(step, title="Ring", about="Ring", clauses=(clause.id,), duty=replace(step.duty, what="Ring.")),),
        standing=(
            replace(duty, title="Meet", about="Meet", clauses=(clause.id,), duty=replace(duty.duty, what="Meet.")),
        ),
    )


# -- told apart ----------------------------------------------------------------------------------------------------


def test_a_new_title_is_one_difference_of_the_policy_itself() -> None:
    (found,) = compare_policies(a_policy(), replace(a_policy(), title="Oak"))

    assert (found.part, found.name, found.kind) == (Part.ABOUT, "Oak Tree", ChangeKind.CHANGED)
    assert (found.field, found.before, found.after) == ("Title", "Oak Tree", "Oak")


def test_a_part_added_or_gone_is_told_in_short() -> None:
    policy = a_policy()
    number = StricterNumber("england.not-seen.days", 5, policy.clauses[0].id)
    empty = replace(policy, clauses=(), steps=(), standing=())

    gone = {one.part: one.before for one in compare_policies(replace(policy, stricter=(number,)), empty)}
    added = {one.part: one.after for one in compare_policies(empty, replace(policy, stricter=(number,)))}

    assert gone == added
    assert added == {
        Part.CLAUSE: "Ring.",
        Part.STEP: "ladder day 1 or later, unexplained: Ring.",
        Part.STANDING: "termly: Meet.",
        Part.NUMBER: "5",
    }


def test_limbs_of_one_rule_are_told_apart_by_their_place() -> None:
    policy = a_policy()
    step = policy.steps[0]
    second = replace(step, numbers={"n": 2})
    both = replace(policy, steps=(step, second))

    (found,) = compare_policies(both, put_part(both, Part.STEP, 1, replace(second, numbers={"n": 3})))

    assert (found.field, found.before, found.after) == (
        "When",
        "ladder day 2 or later, unexplained",
        "ladder day 3 or later, unexplained",
    )
    (gone,) = compare_policies(both, replace(policy, steps=(step,)))
    assert (gone.kind, gone.before) == (ChangeKind.REMOVED, "ladder day 2 or later, unexplained: Ring.")
    three = replace(policy, steps=(step, second, replace(step, numbers={"n": 3})))
    assert [one.kind for one in compare_policies(policy, three)] == [ChangeKind.ADDED, ChangeKind.ADDED]


def test_another_order_is_told_by_the_titles_of_those_in_both() -> None:
    policy = a_policy()
    other = replace(policy.steps[0], id="oak-tree.visit", title="Visit")
    new = replace(policy.steps[0], id="oak-tree.write", title="Write")
    old = replace(policy.steps[0], id="oak-tree.wait", title="Wait")
    before = replace(policy, steps=(policy.steps[0], old, other))
    moved, _ = move_part(replace(policy, steps=(policy.steps[0], other)), Part.STEP, 0, by=1)
    after = replace(moved, steps=(*moved.steps, new))

    order = next(one for one in compare_policies(before, after) if one.field == "Order")

    assert (order.before, order.after) == ("Ring; Visit", "Visit; Ring")


# -- written -------------------------------------------------------------------------------------------------------


def test_a_document_says_nothing_that_goes_without_saying() -> None:
    text = write_policy_document(a_policy())
    document = tomllib.loads(text)

    assert text.startswith("# Oak Tree: a policy for CME Desktop, version 1.\n")
    (step,) = document["rule"]
    assert "about" not in step
    assert "hours" not in step
    assert "settled" not in step
    assert step["id"] == step["id"].rpartition(".")[2]
    assert document["clause"][0]["rules"] == [step["id"]]


def test_what_a_step_is_about_is_written_where_it_says_more_than_its_title() -> None:
    said = put_part(a_policy(), Part.STEP, 0, replace(a_policy().steps[0], about="Ring both parents."))
    nothing = put_part(a_policy(), Part.STEP, 0, replace(a_policy().steps[0], about=""))

    assert tomllib.loads(write_policy_document(said))["rule"][0]["about"] == "Ring both parents."
    assert "about" not in tomllib.loads(write_policy_document(nothing))["rule"][0]


def test_a_title_of_several_lines_stands_on_one() -> None:
    text = write_policy_document(replace(a_policy(), title="Oak\n Tree\tSchool"))

    assert text.splitlines()[0] == "# Oak Tree School: a policy for CME Desktop, version 1."
    assert tomllib.loads(text)["title"] == "Oak\n Tree\tSchool"
