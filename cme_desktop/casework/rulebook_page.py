"""The page that lists every rule: the law's with its sources and numbers, then each policy clause by clause."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from cme_desktop.casework.situations import list_supplied_policies, supplied_rulebook
from cme_desktop.domain.calendar import DayKind
from cme_desktop.policy.parameters import SWITCH, Parameter, Parameters
from cme_desktop.policy.policy_rules import rules_of
from cme_desktop.policy.removal import load_grounds
from cme_desktop.policy.removal_conditions import OF_EVERY_GROUND, say_condition
from cme_desktop.policy.rule import Reference, Rule
from cme_desktop.policy.rules import RULES, register_copy
from cme_desktop.policy.school_policy import Clause, PolicyKind, SchoolPolicy
from cme_desktop.policy.school_policy_text import read_school_policy
from cme_desktop.policy.triggers import TRIGGERS
from cme_desktop.policy.wording import say_count, say_day

_OPENING: Final = """# Rules

Every rule that the program judges by. This page is written by `cme-desktop export rules`; a test keeps it current.

A rule that is true raises a flag under its own name. *Severity* says how soon somebody must act: `now` (a child may be
at risk), `today`, `this_week`, `watch`. `incomplete` means that a fact is missing, so that it can't be judged. Where
several rules ask for the same act, the task list shows it once, under the earliest deadline, with every clause.
"""


def write_rulebook_page(resources: Path) -> str:
    """Write the page in Markdown, from the rulebook that comes with the program."""
    law = supplied_rulebook(resources, ()).parameters
    policies = [_load_policy(resources, policy_id, law) for policy_id in list_supplied_policies(resources)]
    lines = [*_opening(), *_law(), *_numbers(law), *_removal(resources)]
    for policy in policies:
        lines += _policy(policy)
    lines += _triggers()
    return "\n".join(lines) + "\n"


_OF_A_STEP: Final = {
    "`who`, `not_who`": "circumstances: one of them must hold, or none may; `any_social_worker` and "
    "`any_safeguarding_concern` stand for several",
    "`school_types`": "the kinds of school it concerns",
    "`causes`": "for `whereabouts_unknown`: why they are unknown",
    "`codes_left_out`, `contact_made`, `asks`": "codes that do not count, contact that must have been made, facts that "
    "are asked for: for the triggers about absence and about a move",
    "`due`": "`same_day` (the day it was first true), `day_judged`, `this_week` (the week's last school day), "
    "`before_leave` (the last school day before it), `hours`, `last_day` (reckoned by the trigger), `none`",
    "`settled`": "`told` (everyone named), `told_one_of`, `referral`, `form`, `events` (one of each), `events_one_of`; "
    "`decision` and `or_referral` settle by themselves",
}

_WHOSE: Final = {PolicyKind.SCHOOL: "a school", PolicyKind.AUTHORITY: "a local authority"}
_USED: Final = {
    PolicyKind.SCHOOL: "A school starts from a copy and edits it",
    PolicyKind.AUTHORITY: "A school of the authority adopts it beside its own",
}


def _load_policy(resources: Path, policy_id: str, law: Parameters) -> SchoolPolicy:
    text = (resources / "policies" / f"{policy_id}.toml").read_text("utf-8")
    policy = read_school_policy(text, parameters=law).policy
    assert policy is not None, "a supplied policy is read by every test"
    return policy


def _opening() -> Iterator[str]:
    yield from _OPENING.splitlines()


def _law() -> Iterator[str]:
    yield from ("", "## English law and statutory guidance", "")
    yield "In force at every school; it can't be switched off or loosened."
    yield ""
    yield from _row("rule", "what it is about", "where it stands", "severity", "what settles it")
    yield from _row(*["---"] * 5)
    for rule in RULES:
        sources = "; ".join(_say_source(reference) for reference in rule.references)
        yield from _row(f"`{rule.id}`", f"**{rule.title}.** {rule.about}", sources, rule.severity.word, rule.settled_by)
    about = f"**{register_copy.TITLE}.** {register_copy.ABOUT} The school's duty."
    source = _say_source(register_copy.REFERENCE)
    yield from _row(
        f"`{register_copy.REGISTER_COPY}`", about, source, register_copy.SEVERITY.word, register_copy.SETTLED_BY
    )


def _say_source(reference: Reference) -> str:
    return f"[{reference}]({reference.url})" if reference.url else str(reference)


def _numbers(law: Parameters) -> Iterator[str]:
    yield from ("", "### Numbers", "")
    yield "Each with its unit, its source and the day it holds from. A school may set a stricter one, never a looser."
    yield ""
    yield from _row("number", "value", "source", "read in full")
    yield from _row(*["---"] * 4)
    for parameter in law.by_name.values():
        verified = "yes" if parameter.verified else "no: check before relying on it"
        yield from _row(f"`{parameter.name}`", _say_values(parameter), _say_reference(parameter), verified)


def _removal(resources: Path) -> Iterator[str]:
    yield from ("", "### Removal from roll", "")
    yield "The program never proposes a removal. A person names a ground and a day, and brings evidence; what is"
    yield "missing is said in words. Every condition of the ground must hold, and each of these for any ground:"
    yield ""
    yield from (f"- {(test.__doc__ or '').strip()}" for test in OF_EVERY_GROUND.values())
    yield ""
    yield "Two people sign, each with a password, one of them the headteacher or a senior leader; any change voids what"
    yield "was signed. No name goes before its day, or before the deletion return is recorded, and at that moment every"
    yield "condition is tested again. A removal is undone only by a new entry, which two people sign as well."
    yield ""
    yield from _row("ground", "regulation", "conditions", "read in full")
    yield from _row(*["---"] * 4)
    for ground in load_grounds((resources / "removal-grounds.toml").read_text("utf-8")).grounds:
        letters = ", ".join(f"({dated.letter}) from {say_day(dated.from_day)}" for dated in ground.letters)
        conditions = " ".join(say_condition(name) for name in ground.conditions)
        verified = "yes" if ground.verified else "no: check before relying on it"
        yield from _row(ground.title, f"{ground.regulation} {letters or '(letter not known)'}", conditions, verified)


def _say_reference(parameter: Parameter) -> str:
    waits = f"; it waits for {parameter.waits_for}" if parameter.waits_for else ""
    text = f"{parameter.source.value}: {parameter.reference}{waits}"
    return f"[{text}]({parameter.url})" if parameter.url else text


def _say_values(parameter: Parameter) -> str:
    return "; ".join(
        f"{_say_number(value.value, parameter.unit)} from {say_day(value.from_day)}"
        + (f" to {say_day(value.until_day)}" if value.until_day else "")
        for value in parameter.values
    )


def _say_number(value: int, unit: DayKind | str) -> str:
    if isinstance(unit, DayKind):
        return say_count(value, unit.value)
    if unit == SWITCH:
        return "on" if value else "off"
    return f"{value} {unit}"


def _policy(policy: SchoolPolicy) -> Iterator[str]:
    rules = rules_of(policy)
    yield from ("", f"## {policy.title}", "")
    begins = say_day(policy.in_force_from)
    yield f"`{policy.id}`, a policy of {_WHOSE[policy.kind]}: {policy.document}; in force from {begins}."
    adopted = "".join(f" It adopts `{adopted}`, which comes with it." for adopted in policy.adopts)
    yield f"{policy.about}{adopted} {_USED[policy.kind]} (`resources/policies/{policy.id}.toml`)."
    yield from ("", "### Its rules", "")
    yield from _row("rule", "what it is about", "clauses", "severity", "what settles it")
    yield from _row(*["---"] * 5)
    for rule in rules:
        yield from _row(
            f"`{rule.id}`", _say_rule(rule), _say_clauses(rule), _severities(policy, rule.id), rule.settled_by
        )
    for duty in policy.standing:
        clauses = "; ".join(policy.clause(clause).title for clause in duty.clauses)
        about = f"**{duty.title}.** {duty.about} The school's duty, {duty.interval.in_words}."
        yield from _row(f"`{duty.id}`", about, clauses, duty.severity.word, duty.settled_by)
    for named in policy.cited:
        clauses = "; ".join(policy.clause(clause).title for clause in named.clauses)
        about = f"**{named.title}.** {named.about} Never raised by itself: it is cited with `{named.beside}`."
        yield from _row(f"`{named.id}`", about, clauses, "–", f"What settles `{named.beside}`.")
    yield from ("", "### Its clauses, in order", "")
    yield from _row("clause", "what it asks", "treated as", "what the program does")
    yield from _row(*["---"] * 4)
    for clause in policy.clauses:
        yield from _row(clause.title, clause.says, f"**{clause.treatment.in_words}**", _say_program(clause))


def _say_rule(rule: Rule) -> str:
    return f"**{rule.title}.** {rule.about}"


def _say_clauses(rule: Rule) -> str:
    return "; ".join(reference.clause for reference in rule.references)


def _severities(policy: SchoolPolicy, rule_id: str) -> str:
    words = dict.fromkeys(step.severity.word for step in policy.steps if step.id == rule_id)
    return " or ".join(words)


def _say_program(clause: Clause) -> str:
    parts = [clause.program]
    if clause.because:
        parts.append(f"Why: {clause.because}")
    if clause.rules:
        parts.append(", ".join(f"`{rule_id}`" for rule_id in clause.rules))
    return " ".join(parts)


def _triggers() -> Iterator[str]:
    yield from ("", "## What may set off a policy's step", "")
    yield "A policy's document chooses from these; the words in braces may stand in its wording."
    yield ""
    yield from _row("trigger", "true when", "numbers", "words")
    yield from _row(*["---"] * 4)
    for kind, trigger in TRIGGERS.items():
        numbers = ", ".join(
            f"`{name}` ({_say_numbered(unit)}{', may be left out' if name in trigger.optional else ''})"
            for name, unit in trigger.numbers.items()
        )
        words = ", ".join(f"`{{{word}}}`" for word in ("since", *trigger.words))
        yield from _row(f"`{kind}`", trigger.about, numbers, words)
    yield from ("", "What else a step may say:", "")
    yield from _row("key", "says")
    yield from _row(*["---"] * 2)
    for key, says in _OF_A_STEP.items():
        yield from _row(key, says)


def _say_numbered(unit: DayKind | str) -> str:
    word = unit.value if isinstance(unit, DayKind) else unit
    return word if word.startswith("per ") else f"{word}s"


def _row(*cells: str) -> Iterator[str]:
    yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
