"""Telling two policies apart, part by part, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from cme_desktop.policy import policy_in_words as words
from cme_desktop.policy.policy_changes import Part, parts_of
from cme_desktop.policy.school_policy import (
    SchoolPolicy,
)


class ChangeKind(StrEnum):
    """What became of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: of which part, what of it, and from what to what. An added part has no before."""

    part: Part
    name: str
    kind: ChangeKind
    field: str
    before: str
    after: str


def compare_policies(before: SchoolPolicy, after: SchoolPolicy) -> tuple[Difference, ...]:
    """Tell the second policy's differences from the first, in the order of its parts."""
    found: list[Difference] = []
    names = _with_names_of(before, after)
    for part in Part:
        found += _compare_parts(part, _described(part, before, before), _described(part, after, names))
    return tuple(found)


def _with_names_of(before: SchoolPolicy, after: SchoolPolicy) -> SchoolPolicy:
    """The second policy under the first one's titles: a part renamed is told once, not wherever it is named."""
    clauses = {clause.id: clause.title for clause in before.clauses}
    rules = {step.id: step.title for step in before.steps} | {duty.id: duty.title for duty in before.standing}
    return replace(
        after,
        clauses=tuple(replace(one, title=clauses.get(one.id, one.title)) for one in after.clauses),
        steps=tuple(replace(one, title=rules.get(one.id, one.title)) for one in after.steps),
        standing=tuple(replace(one, title=rules.get(one.id, one.title)) for one in after.standing),
    )


_Described = dict[tuple[str, int], tuple[str, tuple[words.Fact, ...]]]
"""By name and by which limb of it: the part's title, and its facts."""

_TELL: Final[dict[Part, Callable[..., tuple[words.Fact, ...]]]] = {
    Part.CLAUSE: words.facts_of_clause,
    Part.STEP: words.facts_of_step,
    Part.STANDING: words.facts_of_standing,
    Part.NUMBER: words.facts_of_number,
}


def _described(part: Part, policy: SchoolPolicy, names: SchoolPolicy) -> _Described:
    """The parts of a kind; ``names`` lends the titles under which they name each other."""
    if part is Part.ABOUT:
        return {("", 0): (policy.title, words.facts_of_policy(policy))}
    found: _Described = {}
    seen: Counter[str] = Counter()
    for value in parts_of(policy, part):
        name = value.parameter if part is Part.NUMBER else value.id.rpartition(".")[2]
        title = words.plain(name) if part is Part.NUMBER else value.title
        found[name, seen[name]] = (title, _TELL[part](names, value))
        seen[name] += 1
    return found


def _compare_parts(part: Part, before: _Described, after: _Described) -> Iterator[Difference]:
    for key, (title, facts) in after.items():
        if key not in before:
            yield Difference(part, title, ChangeKind.ADDED, "", "", _in_short(facts))
            continue
        was = dict(before[key][1])
        for label, now in facts:
            if was.get(label, "") != now:
                yield Difference(part, before[key][0], ChangeKind.CHANGED, label, was.get(label, ""), now)
    for key, (title, facts) in before.items():
        if key not in after:
            yield Difference(part, title, ChangeKind.REMOVED, "", _in_short(facts), "")
    if [key for key in before if key in after] != [key for key in after if key in before]:
        yield Difference(part, "All", ChangeKind.CHANGED, "Order", *_orders(before, after))


def _orders(before: _Described, after: _Described) -> tuple[str, str]:
    both = [key for key in before if key in after]
    return "; ".join(before[key][0] for key in both), "; ".join(after[key][0] for key in after if key in before)


def _in_short(facts: tuple[words.Fact, ...]) -> str:
    """A whole part in one line: what it asks, or when and what."""
    told = dict(facts)
    parts = [told.get(label, "") for label in ("What it asks", "When", "How often", "What to do", "The school's")]
    return ": ".join(part for part in parts if part)
