"""Changing a policy part by part: a policy is a frozen value, and every change gives another.

``policy_document_text`` writes it, ``policy_faults`` says what is wrong with it, ``policy_differences`` tells two from
each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from cme_desktop.domain.cases import Role
from cme_desktop.policy import policy_in_words as words
from cme_desktop.policy.parameters import Parameters
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.rule import Act, Duty, Severity
from cme_desktop.policy.school_policy import (
    Clause,
    DueKind,
    Interval,
    PolicyKind,
    SchoolPolicy,
    StandingDuty,
    Step,
    StricterNumber,
    Treatment,
    TriggerKind,
)
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.triggers import TRIGGERS

PartT = TypeVar("PartT", Step, StandingDuty)
_NEW: Final = "new-"


class Part(StrEnum):
    """The kinds of part that a policy has; each is the name of its table in a document."""

    ABOUT = "about"
    CLAUSE = "clause"
    STEP = "rule"
    STANDING = "standing"
    NUMBER = "stricter"

    @property
    def in_words(self) -> str:
        """One such part, as the editor calls it."""
        return _PART_WORDS[self]


_PART_WORDS: Final = {
    Part.ABOUT: "The policy itself",
    Part.CLAUSE: "Clause",
    Part.STEP: "Step",
    Part.STANDING: "Standing duty",
    Part.NUMBER: "Stricter number of the law",
}
_FIELD_OF: Final = {
    Part.CLAUSE: "clauses",
    Part.STEP: "steps",
    Part.STANDING: "standing",
    Part.NUMBER: "stricter",
}


# -- a policy's parts ------------------------------------------------------------------------------------------


def blank_policy(policy_id: str, *, title: str, from_day: date) -> SchoolPolicy:
    """A school's own policy in which nothing stands yet: the law alone is in force."""
    return SchoolPolicy(policy_id, title, PolicyKind.SCHOOL, "Children missing education policy", from_day)


def copy_as_own(policy: SchoolPolicy, *, policy_id: str) -> SchoolPolicy:
    """A copy of a policy that a school may call its own.

    A school's policy keeps its name and those of its rules. An authority's gets the name given: the authority's own may
    hold beside it.
    """
    if policy.kind is PolicyKind.SCHOOL:
        return policy
    text = write_policy_document(policy)  # in which a policy's own rules are named without the policy
    for key, word in (("id", policy_id), ("kind", PolicyKind.SCHOOL.value)):
        text = re.sub(rf"^{key} = .*$", f'{key} = "{word}"', text, count=1, flags=re.MULTILINE)
    read = read_school_policy(text)
    assert read.policy is not None, read.problems
    return read.policy


def parts_of(policy: SchoolPolicy, part: Part) -> tuple[Any, ...]:
    """The policy's parts of a kind, in their order; the policy itself is its own only one."""
    return (policy,) if part is Part.ABOUT else getattr(policy, _FIELD_OF[part])


def put_part(policy: SchoolPolicy, part: Part, index: int, value: Any) -> SchoolPolicy:
    """The policy with another value in place of one of its parts."""
    if part is Part.ABOUT:
        assert isinstance(value, SchoolPolicy)
        return value
    parts = [*parts_of(policy, part)]
    parts[index] = value
    return _with(policy, part, parts)


def add_part(policy: SchoolPolicy, part: Part, law: Parameters) -> tuple[SchoolPolicy, int]:
    """The policy with an empty part of the kind at its end, and where it stands."""
    parts = [*parts_of(policy, part), _new_part(policy, part, law)]
    return _with(policy, part, parts), len(parts) - 1


def remove_part(policy: SchoolPolicy, part: Part, index: int) -> SchoolPolicy:
    """The policy without the part, which nothing else names any more."""
    gone = parts_of(policy, part)[index]
    left = _with(policy, part, [one for place, one in enumerate(parts_of(policy, part)) if place != index])
    if part is Part.CLAUSE:
        return _without_clause(left, gone.id)
    if part is Part.NUMBER or gone.id in left.rule_ids:
        return left
    clauses = tuple(
        replace(clause, rules=tuple(rule for rule in clause.rules if rule != gone.id)) for clause in left.clauses
    )
    return replace(left, clauses=clauses)


def move_part(policy: SchoolPolicy, part: Part, index: int, *, by: int) -> tuple[SchoolPolicy, int]:
    """The policy with the part moved up or down among its kind, and where it stands then."""
    parts = [*parts_of(policy, part)]
    place = max(0, min(len(parts) - 1, index + by))
    parts.insert(place, parts.pop(index))
    return _with(policy, part, parts), place


def say_part(policy: SchoolPolicy, part: Part, index: int, law: Parameters) -> str:
    """What a part is called in the list: its title, or what it is before it has one; limbs of one rule are counted."""
    value = parts_of(policy, part)[index]
    if part is Part.NUMBER:
        return f"{words.name_of_number(value, law)}: {value.value}" if value.parameter else "New number"
    if part is Part.ABOUT:
        return "Title and document"
    name = value.title.strip() or f"New {part.in_words.casefold()}"
    if part is Part.STEP:
        limbs = [place for place, step in enumerate(policy.steps) if step.id == value.id]
        if len(limbs) > 1:
            return f"{name} ({limbs.index(index) + 1} of {len(limbs)})"
    return name


def settle_new_ids(policy: SchoolPolicy) -> SchoolPolicy:
    """Give parts that were added since, under a passing name, a name made of their title that stays for good.

    A step or duty that says nothing more about itself is about what its title says, as a document has it.
    """
    known = {clause.id for clause in policy.clauses} | set(policy.rule_ids)
    renamed: dict[str, str] = {}
    for part in (Part.CLAUSE, Part.STEP, Part.STANDING):
        prefix = "" if part is Part.CLAUSE else f"{policy.id}."
        for value in parts_of(policy, part):
            if _is_new(value.id) and value.id not in renamed:
                renamed[value.id] = _free_name(prefix + (_slug(value.title) or part.value), known)
                known.add(renamed[value.id])

    def settle(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(renamed.get(name, name) for name in names)

    return replace(
        policy,
        clauses=tuple(replace(one, id=renamed.get(one.id, one.id), rules=settle(one.rules)) for one in policy.clauses),
        steps=tuple(
            replace(one, id=renamed.get(one.id, one.id), clauses=settle(one.clauses), about=one.about or one.title)
            for one in policy.steps
        ),
        standing=tuple(
            replace(one, id=renamed.get(one.id, one.id), clauses=settle(one.clauses), about=one.about or one.title)
            for one in policy.standing
        ),
        stricter=tuple(replace(one, clause=renamed.get(one.clause, one.clause)) for one in policy.stricter),
    )


def is_optional_number(kind: TriggerKind, name: str) -> bool:
    """Whether a step may leave a number of its trigger out."""
    return name in TRIGGERS[kind].optional


def adopted_with(policy: SchoolPolicy) -> tuple[str, ...]:
    """The policies that come with this one and hold beside it."""
    return policy.adopts


def _with(policy: SchoolPolicy, part: Part, parts: list[Any]) -> SchoolPolicy:
    changed: dict[str, Any] = {_FIELD_OF[part]: tuple(parts)}
    return replace(policy, **changed)


def _without_clause(policy: SchoolPolicy, clause_id: str) -> SchoolPolicy:
    def keep(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name != clause_id)

    return replace(
        policy,
        steps=tuple(replace(step, clauses=keep(step.clauses)) for step in policy.steps),
        standing=tuple(replace(duty, clauses=keep(duty.clauses)) for duty in policy.standing),
        stricter=tuple(
            replace(number, clause="" if number.clause == clause_id else number.clause) for number in policy.stricter
        ),
    )


def _new_part(policy: SchoolPolicy, part: Part, law: Parameters) -> Any:
    if part is Part.NUMBER:
        used = {number.parameter for number in policy.stricter}
        free = next((name for name in law.by_name if name not in used), "")
        value = law.by_name[free].values[-1].value if free else 1
        return StricterNumber(free, value, policy.clauses[0].id if policy.clauses else "")
    name = _free_name(f"{_NEW}{part.value}", {one.id.removeprefix(f"{policy.id}.") for one in parts_of(policy, part)})
    if part is Part.CLAUSE:
        return Clause(name, "", "", Treatment.RULE, "")
    rule_id = f"{policy.id}.{name}"
    if part is Part.STANDING:
        duty = Duty(Act.REVIEW, "", Role.OFFICE, "policy")
        return StandingDuty(
            rule_id, "", "", (), Severity.THIS_WEEK, Interval.TERMLY, duty, "A record that it was done."
        )
    duty = Duty(Act.CONTACT_FAMILY, "", Role.OFFICE, "family")
    kind = TriggerKind.LADDER_DAY
    return Step(
        id=rule_id, title="", about="", clauses=(), severity=Severity.TODAY, trigger=kind,
        because=usual_sentence(kind), duty=duty, due=DueKind.SAME_DAY,
        settled_by="Contact made, or the pupil's arrival.", numbers=usual_numbers(kind),
    )  # fmt: skip


def usual_numbers(kind: TriggerKind) -> dict[str, int]:
    """Numbers to begin with for a trigger: one of each that it can't do without."""
    return {name: 1 for name in TRIGGERS[kind].numbers if not is_optional_number(kind, name)}


def usual_sentence(kind: TriggerKind) -> str:
    """A sentence to begin with for a trigger, which the school may word anew."""
    return f"Since {{since}}: {words.say_trigger_open(kind, usual_numbers(kind))}."


def take_title(value: PartT, title: str) -> PartT:
    """A step or duty under another title; one that is about no more than its title follows it."""
    return replace(value, title=title, about=title if value.about == value.title else value.about)


def take_trigger(step: Step, kind: TriggerKind) -> Step:
    """The step set off by another trigger: it keeps the numbers that this one has too, and a sentence of its own."""
    trigger = TRIGGERS[kind]
    numbers = usual_numbers(kind) | {name: value for name, value in step.numbers.items() if name in trigger.numbers}
    is_own = step.because.strip() and step.because != usual_sentence(step.trigger)
    return replace(
        step, trigger=kind, numbers=numbers, because=step.because if is_own else usual_sentence(kind),
    )  # fmt: skip


def take_number(step: Step, name: str, value: int) -> Step:
    """The step with another number of its trigger; nothing, written 0, takes one away that may be left out."""
    numbers = {**step.numbers, name: value}
    if value < 1 and is_optional_number(step.trigger, name):
        del numbers[name]
    in_order = {one: numbers[one] for one in TRIGGERS[step.trigger].numbers if one in numbers}
    return replace(step, numbers=in_order)


def _is_new(name: str) -> bool:
    return name.rpartition(".")[2].startswith(_NEW)


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.casefold()))[:60].strip("-")


def _free_name(wanted: str, known: set[str]) -> str:
    if wanted not in known:
        return wanted
    return next(name for number in range(2, len(known) + 3) if (name := f"{wanted}-{number}") not in known)
