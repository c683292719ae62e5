"""What is wrong with a policy, and where: field by field for a draft, line by line for a document from elsewhere.

What may stand in a policy is decided by the reader of documents: a draft is checked by writing it as a document and
reading that back, so that the screen and the file never disagree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from cme_desktop.policy.duty_owners import why_not_owner
from cme_desktop.policy.located_toml import LocatedToml, Path, Problem, read_toml
from cme_desktop.policy.looser_than_law import list_looser_steps
from cme_desktop.policy.parameters import Parameters
from cme_desktop.policy.policy_changes import Part, parts_of
from cme_desktop.policy.policy_document_text import write_policy_document
from cme_desktop.policy.school_policy import (
    DueKind,
    PolicyKind,
    SchoolPolicy,
    Treatment,
)
from cme_desktop.policy.school_policy_text import read_school_policy


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
    own = (*_left_empty(policy), *_doubled(policy), *_owned_by_nobody(policy), *_looser(policy, law))
    read = (fault for fault in _refused_by_reader(policy, law) if not _is_echo(fault, own))
    return (*own, *read)


def _is_echo(fault: Fault, told: tuple[Fault, ...]) -> bool:
    """Whether the reader only says of a document what was said of the field, or misses what the field left empty."""
    of_part = [one.field for one in told if (one.part, one.index) == (fault.part, fault.index)]
    return fault.field in of_part or (bool(of_part) and fault.says.endswith(("is missing", "is empty")))


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
    if part is Part.CLAUSE and value.treatment is Treatment.SUPERSEDED and not value.because.strip():
        yield Fault(part, index, "because", "Say which law or guidance stands above it.")
    if part is Part.NUMBER and value.value < 1:
        yield Fault(part, index, "value", "Type a number, 1 or more.")


def _doubled(policy: SchoolPolicy) -> Iterator[Fault]:
    names = Counter(number.parameter for number in policy.stricter)
    for index, number in enumerate(policy.stricter):
        if names[number.parameter] > 1:
            yield Fault(Part.NUMBER, index, "parameter", "This number of the law stands here twice: keep one.")


def _owned_by_nobody(policy: SchoolPolicy) -> Iterator[Fault]:
    for part in (Part.STEP, Part.STANDING):
        for index, value in enumerate(parts_of(policy, part)):
            says = why_not_owner(value.duty, is_of_pupil=part is Part.STEP)
            if says:
                yield Fault(part, index, "by", says)


def _looser(policy: SchoolPolicy, law: Parameters) -> Iterator[Fault]:
    for looser in list_looser_steps(policy, law):
        yield Fault(Part.STEP, looser.index, looser.field, looser.says, is_law=True)


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
        field = "title" if field == "id" else field  # on the screen a part goes by its title
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
    if message.startswith("there are two rules"):
        return "Another step or standing duty has the same name: one of them needs another."
    if message.endswith("is left out"):
        return f"{message[:1].upper()}{message[1:]}: type it above, or take the word out."
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


_NO_RULE: Final = re.compile(r'there is no rule "(?:[^"]*\.)?([^"]*)"')


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
    if fault.is_law:
        return DocumentFault(
            line, _line(lines, line), fault.says, "Write what the law asks for, or something stricter."
        )
    name = f'"{fault.field}" of this {fault.part.in_words.casefold()} is missing or can\'t be used.'
    return DocumentFault(line, _line(lines, line), name, fault.says)


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1].strip() if 0 < number <= len(lines) else ""


_REMEDIES: Final[tuple[tuple[str, str], ...]] = (
    (r'the nearest is "(.*)"$', "Write “{0}” if that is what is meant; otherwise take the word out."),
    (r'^"(\w+)" is missing', "Add a line below this one: {0} = … (a supplied policy shows what may stand there)."),
    (r'^"(\w+)" is empty', "Type what “{0}” is to say."),
    (r"that number is left out", "Add the number to the step, or take the word out of the sentence."),
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
    document = read_toml(text)
    if isinstance(document, Problem):
        return DocumentHead()
    kind, title = document.values.get("kind"), document.values.get("title")
    return DocumentHead(
        PolicyKind(kind) if isinstance(kind, str) and kind in {*PolicyKind} else None,
        title if isinstance(title, str) else "",
    )
