"""A policy's steps, duties and numbers in the office's words: for the editor, the comparison and the printed policy.

The words of the vocabulary are looked up by their value, so that a trigger or a deadline that is new to this page is
still said, if less well, by its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from enum import Enum
from typing import Any, Final

from cme_desktop.domain.attendance import CODE_OF_SYMBOL
from cme_desktop.domain.calendar import DayKind
from cme_desktop.domain.events import Recipient
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.parameters import Parameter, Parameters
from cme_desktop.policy.rule import Act, Authority, Duty, Severity
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.school_policy import (
    Clause,
    DueKind,
    PolicyKind,
    SchoolPolicy,
    Settlement,
    StandingDuty,
    Step,
    StricterNumber,
    TriggerKind,
)
from cme_desktop.policy.triggers import GROUPS, TRIGGERS
from cme_desktop.policy.wording import say_count, say_list

Fact = tuple[str, str]
"""A label and what stands there."""

VISITS_BELOW: Final = "visits_below"

_DUE: Final = {
    "same_day": "the same day",
    "day_judged": "each day, by the close of that day",
    "this_week": "the last school day of the week",
    "before_leave": "the last school day before the leave",
    "hours": "so many hours after it happened, day or night",
    "last_day": "the last day that its trigger reckons, in school days",
    "none": "no deadline",
}
_ACTS: Final = {
    Act.TAKE_REGISTER: "have the register taken",
    Act.CONTACT_FAMILY: "contact the family",
    Act.VISIT_HOME: "visit the home",
    Act.TELL: "tell somebody",
    Act.SEND_RETURN: "send a return",
    Act.SEND_FORM: "send a form",
    Act.REFER: "refer the child",
    Act.ASK_OTHER_SCHOOL: "ask another school",
    Act.ESTABLISH_REASON: "establish the reason",
    Act.SEE_THE_CHILD: "see the child",
    Act.BEGIN_JOINT_ENQUIRIES: "begin joint enquiries",
    Act.DECIDE: "decide",
    Act.SUPPORT: "support the family",
    Act.GET_CONTACTS: "get contacts",
    Act.SUPPLY_FACT: "supply a missing fact",
    Act.REVIEW: "review",
    Act.ASK: "ask somebody",
}
_RECIPIENTS: Final = {recipient.value: recipient.in_words for recipient in Recipient}
RECIPIENTS: Final = ("family", "head", *_RECIPIENTS, "found_child", "authority_absence_form", "leadership", "policy")
"""Whom a duty may concern; a document may name others."""

_SEVERITIES: Final = {
    Severity.NOW: "now: a child may be at risk",
    Severity.TODAY: "today",
    Severity.THIS_WEEK: "this week",
    Severity.INCOMPLETE: "a fact is missing",
    Severity.WATCH: "to be watched",
}
_GROUPS: Final = {
    "any_social_worker": "any child with a social worker",
    "any_safeguarding_concern": "any safeguarding concern",
}
_SETTLED: Final = {
    "told": "word to {}",
    "told_one_of": "word to one of {}",
    "form": "the form {}",
    "events": "records of {}",
    "events_one_of": "a record of one of {}",
    "referral": "a referral to the authority's team",
    "decision": "a decision about it, which is enough by itself",
    "or_referral": "a referral, which is enough by itself",
}
_RECORD_KINDS: Final = {
    "told": "Word to each of these",
    "told_one_of": "Word to one of these",
    "referral": "A referral to the authority’s team",
    "form": "A form sent",
    "events": "Records of each of these",
    "events_one_of": "A record of one of these",
    "decision": "A decision is enough by itself",
    "or_referral": "A referral is enough by itself",
}
_SAID_NUMBER: Final = {
    "n": "Day n",
    "days": "Days",
    "reviews": "Reviews",
    "school_days": "School days",
    "episodes": "Episodes",
    "working_days": "Working days",
    VISITS_BELOW: "Only with fewer visits than",
}


def plain(word: str) -> str:
    """A word of a document as people write it: ``social_worker`` is social worker."""
    return word.replace("_", " ").replace("-", " ")


def say_act(act: Act) -> str:
    """What a duty asks for, in a few words."""
    return _ACTS.get(act, plain(act.value))


def say_severity(severity: Severity) -> str:
    """How soon somebody must act."""
    return _SEVERITIES[severity]


def say_due_kind(due: DueKind) -> str:
    """A kind of deadline, with the kind of day it is reckoned in."""
    return _DUE.get(due.value, plain(due.value))


def say_due(step: Step) -> str:
    """A step's deadline."""
    if step.due is DueKind.HOURS:
        return f"within {say_count(step.hours, 'hour')}, day or night"
    return say_due_kind(step.due)


def say_recipient(word: str) -> str:
    """Whom a duty concerns; words that are no recipient's own are said as they stand."""
    return _RECIPIENTS.get(word) or plain(word)


def say_unit(unit: DayKind | str) -> str:
    """The unit of a number, for many of it."""
    word = unit.value if isinstance(unit, DayKind) else unit
    return word if word.endswith(("s", "people", "cent", "percent")) else f"{word}s"


def say_number_name(name: str) -> str:
    """What a trigger's number is called beside its field."""
    return _SAID_NUMBER.get(name, plain(name).capitalize())


def say_trigger_kind(kind: TriggerKind) -> str:
    """What a trigger asks, with its numbers left open."""
    return TRIGGERS[kind].about.replace("`asks`", "the step")


def say_trigger(step: Step) -> str:
    """What sets a step off, with its numbers, the circumstances it concerns and the codes it leaves out."""
    words = [_with_numbers(say_trigger_kind(step.trigger), step.numbers)]
    if VISITS_BELOW in step.numbers:
        words.append(_say_visits_below(step.numbers[VISITS_BELOW]))
    if step.contact_made:
        words.append("contact was made")
    if step.causes:
        words.append(f"because {' or '.join(say_cause(name) for name in step.causes)}")
    if step.codes_left_out:
        words.append(f"not with the codes {say_list(say_codes(step.codes_left_out))}")
    if step.who:
        words.append(f"only for: {say_circumstances(step.who)}")
    if step.not_who:
        words.append(f"not for: {say_circumstances(step.not_who)}")
    return "; ".join(words)


def _say_visits_below(visits: int) -> str:
    return "no visit made in this absence" if visits == 1 else f"fewer than {visits} visits made in this absence"


def say_trigger_open(kind: TriggerKind, names: Iterable[str]) -> str:
    """What a trigger asks, with the names of its numbers in braces, as a sentence of a step says them."""
    return _with_numbers(say_trigger_kind(kind), {name: f"{{{name}}}" for name in names})


def _with_numbers(about: str, numbers: Mapping[str, object]) -> str:
    """Put the numbers where the words leave room for them: ``day n`` and ``so many``.

    Where the only number is one that may be left out, and is, what is said of it after a semicolon is left out too.
    """
    left = {name: value for name, value in numbers.items() if name != VISITS_BELOW}
    if "n" in left:
        about = re.sub(r"\bn(-th)?\b", lambda found: f"{left['n']}{'th' if found[1] else ''}", about, count=1)
        del left["n"]
    elif not left:
        about = about.partition("; due so many")[0]
    for value in [*left.values()] if about.count("so many") == len(left) else ():
        about = about.replace("so many", str(value), 1)
        left.pop(next(iter(left)))
    return about + "".join(f", {plain(name)} {value}" for name, value in left.items())


def say_cause(name: str) -> str:
    """Why a child's whereabouts are unknown."""
    return Cause[name.upper()].value


def say_codes(symbols: bytes) -> list[str]:
    """The letters of codes kept by their symbols."""
    return [CODE_OF_SYMBOL[symbol].letter for symbol in symbols.decode("ascii")]


def say_circumstance(word: str) -> str:
    """A circumstance, or a group of several."""
    return _GROUPS.get(word, plain(word)) if word in GROUPS else Circumstance(word).in_words


def say_circumstances(words: Iterable[str]) -> str:
    """Circumstances, any one of which is enough."""
    return " or ".join(say_circumstance(word) for word in words)


def say_settlement(settled: Settlement) -> str:
    """The records that end a step; empty where only the end of its cause does."""
    said = []
    for one in fields(Settlement):
        value = getattr(settled, one.name)
        if value and value is not True:
            words = say_list([_say_record(word) for word in (value if isinstance(value, tuple) else (value,))])
            said.append(_SETTLED.get(one.name, plain(one.name) + " {}").format(words))
        elif value:
            said.append(_SETTLED.get(one.name, plain(one.name)))
    return "; ".join(said)


def say_record_kind(name: str) -> str:
    """A kind of record that may end a step, as it stands beside its field."""
    return _RECORD_KINDS.get(name, plain(name).capitalize())


def _say_record(word: Any) -> str:
    if isinstance(word, Recipient):
        return word.in_words
    return plain(str(word.value if isinstance(word, Enum) else word))


def say_clauses(policy: SchoolPolicy, clause_ids: Iterable[str]) -> str:
    """The numbers of clauses, as the policy counts them."""
    titles = {clause.id: clause.title for clause in policy.clauses}
    return "; ".join(titles.get(clause_id, clause_id) for clause_id in clause_ids)


def say_rules(policy: SchoolPolicy, rule_ids: Iterable[str]) -> str:
    """Rules by their titles, the law's too; one of another policy by its id."""
    titles = {rule.id: f"the law: {rule.title}" for rule in RULES}
    titles |= {step.id: step.title for step in policy.steps} | {duty.id: duty.title for duty in policy.standing}
    return "; ".join(titles.get(rule_id) or rule_id for rule_id in dict.fromkeys(rule_ids))


def say_parameter(parameter: Parameter) -> str:
    """A number of the law by what it counts: ``attendance return: sessions``."""
    rule, _, name = parameter.name.removeprefix("england.").partition(".")
    return f"{plain(rule).capitalize()}: {plain(name)}"


def say_law(parameter: Parameter) -> str:
    """What the law sets now, and where."""
    newest = parameter.values[-1]
    word = "program's own" if parameter.source is Authority.SCHOOL else parameter.source.value
    return f"{newest.value} {say_unit(parameter.unit)} ({word}): {parameter.reference}"


# -- the facts of each part ------------------------------------------------------------------------------------


def facts_of_policy(policy: SchoolPolicy) -> tuple[Fact, ...]:
    """What stands at the head of a policy."""
    whose = "a local authority's" if policy.kind is PolicyKind.AUTHORITY else "a school's"
    adopts = ", ".join(policy.adopts)
    facts = (("Title", policy.title), ("Document", policy.document), ("About", policy.about), ("Whose", whose),
             ("Comes with", adopts))  # fmt: skip
    return tuple(fact for fact in facts if fact[1])


def facts_of_clause(policy: SchoolPolicy, clause: Clause) -> tuple[Fact, ...]:
    """What a clause says and what the program does about it."""
    return (
        ("Number or title", clause.title),
        ("What it asks", clause.says),
        ("Treated as", clause.treatment.in_words),
        ("What the program does", clause.program),
        ("Its steps and duties", say_rules(policy, clause.rules)),
        ("Why superseded", clause.because),
    )


def facts_of_step(policy: SchoolPolicy, step: Step) -> tuple[Fact, ...]:
    """Everything that a step says, in the order a reader asks."""
    known = {"title", "about", "clauses", "trigger", "numbers", "because", "duty", "due", "hours", "severity", "id",
             "settled_by", "settled", "who", "not_who", "causes", "codes_left_out", "contact_made"}  # fmt: skip
    more = [(plain(one.name).capitalize(), getattr(step, one.name)) for one in fields(step) if one.name not in known]
    return (
        ("Title", step.title),
        ("What it is about", step.about),
        ("Clauses", say_clauses(policy, step.clauses)),
        ("When", say_trigger(step)),
        *_facts_of_duty(step.duty),
        ("By when", say_due(step)),
        ("How soon", say_severity(step.severity)),
        ("Sentence on the list", step.because),
        ("What ends it", step.settled_by),
        ("Records that end it", say_settlement(step.settled)),
        *((label, say_list([_say_record(word) for word in value])) for label, value in more if value),
    )


def facts_of_standing(policy: SchoolPolicy, duty: StandingDuty) -> tuple[Fact, ...]:
    """Everything that a standing duty says."""
    return (
        ("Title", duty.title),
        ("What it is about", duty.about),
        ("Clauses", say_clauses(policy, duty.clauses)),
        ("How often", duty.interval.in_words),
        *_facts_of_duty(duty.duty),
        ("How soon", say_severity(duty.severity)),
        ("What ends it", duty.settled_by),
    )


def facts_of_number(policy: SchoolPolicy, number: StricterNumber) -> tuple[Fact, ...]:
    """A number of the law that the school makes stricter."""
    return (
        ("Number of the law", number.parameter),
        ("The school's", str(number.value)),
        ("Clause", say_clauses(policy, (number.clause,))),
    )


def _facts_of_duty(duty: Duty) -> tuple[Fact, ...]:
    return (
        ("Act", say_act(duty.act)),
        ("What to do", duty.what),
        ("Who does it", duty.by.in_words),
        ("For whom", say_recipient(duty.recipient)),
    )


def name_of_number(number: StricterNumber, law: Parameters) -> str:
    """A stricter number by what it counts."""
    parameter = law.by_name.get(number.parameter)
    return say_parameter(parameter) if parameter else number.parameter
