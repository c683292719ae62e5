"""No document, however bent, ends the program: it is explained line by line, or every pupil can be judged by it."""

from __future__ import annotations

import random
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.policy_faults import read_document
from cme_desktop.policy.review import review_pupil, review_school
from cme_desktop.policy.rulebook import make_rulebook
from cme_desktop.policy.school_policy import SchoolPolicy
from cme_desktop.policy.school_policy_text import read_school_policy
from tests.builders import RESOURCES
from tests.policy.any_policy import LAW, any_policy, the_roll

DOCUMENTS = tuple(file.read_text("utf-8") for file in sorted((RESOURCES / "policies").glob("*.toml")))
JUDGED_EACH = 12

VALUES = (
    "0", "-1", "1", "2", "999", "1000", "99999999999999999999", "1e400", "nan", "true", "false", '""', '" "', '"one"',
    '"england"', '"england.twenty-days"', '"a|b"', '"{"', '"{n}"', '"{visits_below}"', '"{since!r}"', '"{since:d}"',
    '"{day.x}"', '"{}"', "[]", "[1]", '[""]', '["one", 1]', "{}", "{ told = [] }", "{ a = { b = [1, {}] } }",
    "2026-02-01", "0001-01-01", "9999-12-31", "2026-02-01T00:00:00Z", "07:32:00", '"""\nx\n"""', "'a'", '"hours"',
    '"last_day"', '"this_week"', '"none"', '"before_leave"', '"day_judged"', '"governor"', '"caretaker"', '"now"',
    '"on_request"', '"fortnightly"', '"absence_day"', '"leaving_abroad"', '"start_not_kept"', '"missing_episodes"',
    '"persistently_absent"', '"authority_told_before"', '"absent_whereabouts_unknown"', '"in_group"',
)  # fmt: skip
KEYS = (
    "id", "title", "hours", "n", "visits_below", "days", "by_day", "school_days", "episodes", "percent", "possible",
    "attempts", "version", "because", "due", "trigger", "who", "settled", "clauses", "interval", "by", "stricter",
    "codes_left_out", "adopts", "parameter", "value", "beside",
)  # fmt: skip


def judge(policy: SchoolPolicy, chosen: random.Random, *, pupils: int = JUDGED_EACH) -> None:
    """Judge some of the roll by the policy; whatever a document made of it must not end in an exception."""
    rulebook = make_rulebook(LAW, (policy,))
    for record, judgement in chosen.sample(the_roll(), pupils):
        review_pupil(record, judgement, rulebook)
        review_school(judgement, rulebook)


def read_or_explain(text: str) -> SchoolPolicy | None:
    """Read a document by both doors: each problem has a line of the document and words."""
    read = read_school_policy(text, parameters=LAW)
    lines = text.count("\n") + 1
    assert (read.policy is None) is bool(read.problems)
    assert all(1 <= problem.line <= lines and problem.message for problem in read.problems)
    explained = read_document(text.encode("utf-8", "replace"), LAW)
    assert all(1 <= fault.line <= lines and fault.says and fault.remedy for fault in explained.faults)
    return read.policy


@st.composite
def bent_lines(draw: st.DrawFn) -> str:
    """A supplied document in which a few lines say something else, are gone, stand twice or stand elsewhere."""
    lines = draw(st.sampled_from(DOCUMENTS)).splitlines()
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(("value", "value", "value", "key", "gone", "twice", "swapped", "added"))):
            case "value":
                lines[place] = re.sub(r"= .*", lambda _: f"= {draw(st.sampled_from(VALUES))}", lines[place])
            case "key":
                lines[place] = re.sub(r"^\w+ =", lambda _: f"{draw(st.sampled_from(KEYS))} =", lines[place])
            case "gone":
                del lines[place]
            case "twice":
                lines.insert(place, lines[place])
            case "swapped":
                other = draw(st.integers(0, len(lines) - 1))
                lines[place], lines[other] = lines[other], lines[place]
            case _:
                lines.insert(place, f"{draw(st.sampled_from(KEYS))} = {draw(st.sampled_from(VALUES))}")
    return "\n".join(lines) + "\n"


@given(bent_lines(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_a_document_with_bent_lines_is_explained_or_judges_everybody(text: str, chosen: random.Random) -> None:
    policy = read_or_explain(text)

    if policy is not None:
        judge(policy, chosen)


@given(any_policy(), st.randoms(use_true_random=False))
@settings(max_examples=120, deadline=None)
def test_any_policy_that_is_read_judges_everybody(drawn: SchoolPolicy, chosen: random.Random) -> None:
    policy = read_or_explain(write_policy_document(drawn))

    if policy is not None:
        judge(policy, chosen, pupils=40)


@given(st.sampled_from(DOCUMENTS), st.integers(0), st.integers(0, 40), st.binary(max_size=12))
@settings(max_examples=80, deadline=None)
def test_a_file_torn_anywhere_is_explained(document: str, place: int, length: int, instead: bytes) -> None:
    data = document.encode()
    place %= len(data)
    torn = data[:place] + instead + data[place + length :]

    explained = read_document(torn, LAW)

    assert (explained.policy is None) is bool(explained.faults)
    assert all(fault.line >= 1 and fault.says for fault in explained.faults)


@given(st.recursive(st.sampled_from(("[", "{", "'", '"', "=", ".", "\n", "a", "1", "]", "}", ",", "#")), st.lists))
@settings(max_examples=50, deadline=None)
def test_no_heap_of_signs_ends_the_reading(signs: object) -> None:
    text = "".join(str(sign) for sign in signs) if isinstance(signs, list) else str(signs)

    assert read_school_policy(text).problems


def test_brackets_nested_without_end_are_explained() -> None:
    for depth in (50, 150, 300, 500, 900, 5000):
        read = read_school_policy(f"id = {'[' * depth}{']' * depth}\n")

        assert read.policy is None
        assert read.problems[0].line == 1


def test_every_supplied_document_judges_everybody() -> None:
    for document in DOCUMENTS:
        policy = read_or_explain(document)

        assert policy is not None
        rulebook = make_rulebook(LAW, (policy,))
        for record, judgement in the_roll():
            review_pupil(record, judgement, rulebook)
