"""Changing a policy part by part, saying what is wrong with it and where, and telling two policies apart.

A policy is a frozen value; every change gives another. What may stand in one is decided by the reader of documents:
a draft is checked by writing it as a document and reading that back, so that the screen and the file never disagree.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from string import Formatter
from typing import Any, Final, TypeVar

from cme_desktop.domain.cases import Role
from cme_desktop.policy import policy_in_words as words
from cme_desktop.policy.located_toml import LocatedToml, Path, Problem, read_toml
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
    optional: frozenset[str] = getattr(TRIGGERS[kind], "optional", frozenset({words.VISITS_BELOW}))
    return name in optional


def adopted_with(policy: SchoolPolicy) -> tuple[str, ...]:
    """The policies that come with this one and hold beside it."""
    return tuple(getattr(policy, "adopts", ()))


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


# -- what is wrong with it -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in one field of one part, in words; ``is_law`` where it is looser than the law."""

    part: Part
    index: int
    field: str
    says: str
    is_law: bool = False


def check_policy(policy: SchoolPolicy, law: Parameters) -> tuple[Fault, ...]:
    """List what is wrong with a policy, part by part; empty when it may be adopted."""
    own = (*_left_empty(policy), *_doubled(policy))
    told = {(fault.part, fault.index) for fault in own}
    read = (fault for fault in _refused_by_reader(policy, law) if not _is_echo(fault, told))
    return (*own, *read)


def _is_echo(fault: Fault, told: set[tuple[Part, int]]) -> bool:
    """Whether the reader only misses what an empty field left out of the document."""
    return fault.says.endswith("is missing") and (fault.part, fault.index) in told


_NEEDED: Final[dict[Part, tuple[tuple[str, str], ...]]] = {
    Part.ABOUT: (
        ("title", "Type the title under which the school knows its policy."),
        ("document", "Type which document it is, and of when."),
    ),
    Part.CLAUSE: (
        ("title", "Type the clause's number or title: flags cite it."),
        ("says", "Say what the clause asks for."),
        ("program", "Say what the program does about it."),
    ),
    Part.STEP: (
        ("title", "Type a title: it stands on the list each morning."),
        ("because", "Type the sentence that says why a pupil is on the list."),
        ("settled_by", "Say what ends it."),
        ("clauses", "Choose the clause that asks for it."),
    ),
    Part.STANDING: (
        ("title", "Type a title: it stands on the list when it is due."),
        ("settled_by", "Say what ends it."),
        ("clauses", "Choose the clause that asks for it."),
    ),
    Part.NUMBER: (("clause", "Choose the clause that asks for it."),),
}


_NO_CLAUSE: Final = "The policy has no clause yet: add the one that asks for it."


def _left_empty(policy: SchoolPolicy) -> Iterator[Fault]:
    for part, needed in _NEEDED.items():
        for index, value in enumerate(parts_of(policy, part)):
            for field, says in needed:
                found = getattr(value, field)
                if not (found.strip() if isinstance(found, str) else found):
                    yield Fault(part, index, field, _NO_CLAUSE if "clause" in field and not policy.clauses else says)
            yield from _left_empty_in(part, index, value)


def _left_empty_in(part: Part, index: int, value: Any) -> Iterator[Fault]:
    if part in {Part.STEP, Part.STANDING} and not value.duty.what.strip():
        yield Fault(part, index, "duty", "Say what is to be done.")
    if part is Part.STEP and value.due is DueKind.HOURS and value.hours < 1:
        yield Fault(part, index, "hours", "Type how many hours, 1 or more.")
    if part is Part.STEP and (name := _number_left_out(value)):
        says = f"The sentence says {{{name}}}, and that number is left out: type it above, or take the word out."
        yield Fault(part, index, "because", says)
    if part is Part.CLAUSE and value.treatment is Treatment.SUPERSEDED and not value.because.strip():
        yield Fault(part, index, "because", "Say which law or guidance stands above it.")
    if part is Part.NUMBER and value.value < 1:
        yield Fault(part, index, "value", "Type a number, 1 or more.")


def _number_left_out(step: Step) -> str:
    """A number that the sentence says though the step leaves it out: the flag could not be worded."""
    try:
        named = [name for _, name, _, _ in Formatter().parse(step.because) if name]
    except ValueError:
        return ""  # the reader tells of the brace
    return next((name for name in named if name in TRIGGERS[step.trigger].numbers and name not in step.numbers), "")


def _doubled(policy: SchoolPolicy) -> Iterator[Fault]:
    names = Counter(number.parameter for number in policy.stricter)
    for index, number in enumerate(policy.stricter):
        if names[number.parameter] > 1:
            yield Fault(Part.NUMBER, index, "parameter", "This number of the law stands here twice: keep one.")
    standing = {duty.id for duty in policy.standing}
    for index, step in enumerate(policy.steps):
        if step.id in standing:
            yield Fault(Part.STEP, index, "title", "A standing duty has the same name: one of them needs another.")


def _refused_by_reader(policy: SchoolPolicy, law: Parameters) -> Iterator[Fault]:
    text = write_policy_document(policy)
    read = read_school_policy(text, parameters=law)
    if not read.problems:
        return
    document = read_toml(text)
    assert isinstance(document, LocatedToml), "what is written here is TOML"
    places = _places(document)
    for problem in read.problems:
        part, index, field = places.get(problem.line, (Part.ABOUT, 0, "title"))
        yield Fault(part, index, field, _for_a_field(problem.message), is_law=_LOOSER in problem.message)


_LOOSER: Final = "stricter than the law, never looser"


def _places(document: LocatedToml) -> dict[int, tuple[Part, int, str]]:
    """The part and the field on each line of a document that this program wrote: one field a line."""
    found: dict[int, tuple[Part, int, str]] = {}
    for path, line in document.lines.items():
        place = _place(path)
        if place is not None and (line not in found or not found[line][2]):
            found[line] = place
    return found


def _place(path: Path) -> tuple[Part, int, str] | None:
    match path:
        case (str(table), int(index), *rest) if table in {*Part}:
            return Part(table), index, str(rest[0]) if rest else ""
        case (str(key),) if key not in {*Part}:
            return Part.ABOUT, 0, key
        case _:
            return None


def _for_a_field(message: str) -> str:
    """A problem of a document as it is said beside a field."""
    word = re.match(r'there is no word for this trigger "(.*?)"(?:; the nearest is "(.*)")?', message)
    if word:
        use = f" Write {{{word[2]}}} instead, or leave it out." if word[2] else " Leave it out."
        return f"This trigger has no word {{{word[1]}}}.{use}"
    if message.startswith("a brace"):
        return "Each { needs a } after the word. Close it, or take it out."
    return message[:1].upper() + message[1:]


# -- a document from elsewhere ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """A fault in a document: its line, what stands there, what is wrong, and what to do."""

    line: int
    found: str
    says: str
    remedy: str


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document from elsewhere: the policy, or its faults line by line."""

    policy: SchoolPolicy | None
    faults: tuple[DocumentFault, ...] = ()


def read_document(data: bytes, law: Parameters) -> DocumentRead:
    """Read a policy's document; where it can't be used, explain each line that stands in the way."""
    read = read_school_policy(data, parameters=law)
    lines = data.decode("utf-8-sig", "replace").splitlines()
    if read.policy is None:
        problems = _without_echoes(read.problems, read_toml(data))
        return DocumentRead(None, tuple(_explain(problem, lines) for problem in problems))
    wrong = check_policy(read.policy, law)
    if not wrong:
        return DocumentRead(read.policy)
    document = read_toml(data)
    assert isinstance(document, LocatedToml), "it has just been read"
    faults = (_explain_fault(fault, document, lines) for fault in wrong)
    return DocumentRead(None, tuple(sorted(faults, key=lambda fault: fault.line)))


_NO_RULE: Final = re.compile(r'there is no rule "(?:.*\.)?(.*?)"')


def _without_echoes(problems: tuple[Problem, ...], document: LocatedToml | Problem) -> tuple[Problem, ...]:
    """Leave out that a clause names a step which stands there but has a fault of its own."""
    if isinstance(document, Problem):
        return problems
    rows = (row for table in ("rule", "standing", "cited") for row in _rows(document, table))
    there = {str(row.get("id", "")).rpartition(".")[2] for row in rows}
    echoes = [problem for problem in problems if (found := _NO_RULE.match(problem.message)) and found[1] in there]
    return tuple(problem for problem in problems if problem not in echoes) or problems


def _rows(document: LocatedToml, table: str) -> list[dict[str, Any]]:
    rows = document.values.get(table, [])
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _explain(problem: Problem, lines: list[str]) -> DocumentFault:
    says = problem.message[:1].upper() + problem.message[1:]
    return DocumentFault(problem.line, _line(lines, problem.line), says.rstrip(".") + ".", _remedy(problem.message))


def _explain_fault(fault: Fault, document: LocatedToml, lines: list[str]) -> DocumentFault:
    path: Path = (fault.field,) if fault.part is Part.ABOUT else (fault.part.value, fault.index, fault.field)
    line = document.line_of(path)
    name = f'"{fault.field}" of this {fault.part.in_words.casefold()} is missing or can\'t be used.'
    return DocumentFault(line, _line(lines, line), name, fault.says)


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


_REMEDIES: Final[tuple[tuple[str, str], ...]] = (
    (r'the nearest is "(.*)"$', "Write “{0}” if that is what is meant; otherwise take the word out."),
    (r'^"(\w+)" is missing', "Add a line below this one: {0} = … (a supplied policy shows what may stand there)."),
    (r'^"(\w+)" must be (.*)$', "Correct “{0}” so that it is {1}."),
    (r"^this is not UTF-8", "Save the file as UTF-8 text in the editor it was written with."),
    (r"^this is not TOML", "Look at this line and the one above: a quote, a bracket or an equals sign is missing."),
    (r"^the brackets", "Take the brackets out that nothing closes."),
    (r"^a brace", "Close the brace after the word, or take it out."),
    (r"sets (\d+); .* would be looser", "Write {0}, or a stricter number: the law can't be loosened."),
    (r"^there are two", "Give one of them another name."),
    (r"^there is no", "Take the word out, or write one that the supplied policies use."),
    (r"reckons no last day", "Choose another deadline for this trigger."),
)


def _remedy(message: str) -> str:
    for pattern, remedy in _REMEDIES:
        if found := re.search(pattern, message):
            return remedy.format(*found.groups())
    return "Compare the line with the same one of a supplied policy."


@dataclass(frozen=True, slots=True)
class DocumentHead:
    """Whose policy a document is, and its title; None and empty where it doesn't say, or can't be read at all."""

    kind: PolicyKind | None = None
    title: str = ""


@lru_cache(maxsize=64)
def read_head(text: str) -> DocumentHead:
    """Read the head of a document, however faulty the rest of it may be."""
    try:
        head = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return DocumentHead()
    kind = head.get("kind")
    return DocumentHead(PolicyKind(str(kind)) if kind in {*PolicyKind} else None, str(head.get("title", "")))


# -- telling two policies apart --------------------------------------------------------------------------------


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
