"""The forms of the policy itself, its clauses, its standing duties and the law's numbers that it makes stricter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cme_desktop.casework.in_words import capital
from cme_desktop.domain.cases import Role
from cme_desktop.policy import policy_in_words as words
from cme_desktop.policy.policy_changes import take_title
from cme_desktop.policy.rule import Act, Severity
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.school_policy import Interval, Treatment
from cme_desktop.ui.policies.part_form import PartForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cme_desktop.policy.parameters import Parameters
    from cme_desktop.policy.rule import Duty
    from cme_desktop.policy.school_policy import Clause, SchoolPolicy, StandingDuty, StricterNumber
    from cme_desktop.ui.style.theme import Theme

_SEVERITIES = (Severity.NOW, Severity.TODAY, Severity.THIS_WEEK, Severity.WATCH)


class AboutForm(PartForm):
    """The policy's title and document."""

    def __init__(self, theme: Theme, policy: SchoolPolicy) -> None:
        super().__init__(theme, policy)
        self.add_line(
            "title", "Title", policy.title, lambda text: self.change(title=text),
            hint="Flags and letters cite the policy by it.",
        )  # fmt: skip
        self.add_line(
            "document", "Document", policy.document, lambda text: self.change(document=text),
            hint="The paper that the governors agreed, and its date.",
        )  # fmt: skip
        self.add_words("about", "About it", policy.about, lambda text: self.change(about=text))
        self.finish()


class ClauseForm(PartForm):
    """One clause: its number, its words, and what the program does about it."""

    def __init__(self, theme: Theme, clause: Clause, policy: SchoolPolicy) -> None:
        super().__init__(theme, clause)
        self.add_line(
            "title", "Number or title", clause.title, lambda text: self.change(title=text),
            hint="As it stands in the document, for example 4.2. Every flag cites it.",
        )  # fmt: skip
        self.add_words("says", "What it asks", clause.says, lambda text: self.change(says=text), lines=5)
        self.add_choice(
            "treatment", "Treated as", ((capital(one.in_words), one) for one in Treatment), clause.treatment,
            self._treat, hint="Superseded: the law or its guidance stands above it.",
        )  # fmt: skip
        if clause.treatment is Treatment.SUPERSEDED:
            self.add_words("because", "Why superseded", clause.because, lambda text: self.change(because=text))
        self.add_words("program", "What the program does", clause.program, lambda text: self.change(program=text))
        self.add_checks(
            "rules", "Its steps and duties", rule_choices(policy), clause.rules,
            lambda ticked: self.change(rules=_kept_order(clause.rules, ticked, rule_choices(policy))),
            hint="Space ticks one. Those of the law are always in force.",
        )  # fmt: skip
        self.finish()

    def _treat(self, treatment: Treatment) -> None:
        self.take(replace(self.value, treatment=treatment), reshapes=True)


class StandingForm(PartForm):
    """A duty of the school that comes round."""

    def __init__(self, theme: Theme, duty: StandingDuty, policy: SchoolPolicy) -> None:
        super().__init__(theme, duty)
        self.add_line("title", "Title", duty.title, lambda text: self.take(take_title(self.value, text)))
        add_clauses(self, policy, duty.clauses)
        self.add_choice(
            "interval", "How often", ((capital(one.in_words), one) for one in Interval), duty.interval,
            lambda interval: self.change(interval=interval), hint="In school time: it falls due on a school day.",
        )  # fmt: skip
        add_duty(self, duty.duty)
        add_severity(self, duty.severity)
        self.add_line("settled_by", "What ends it", duty.settled_by, lambda text: self.change(settled_by=text))
        self.add_words("about", "What it is about", duty.about, lambda text: self.change(about=text), lines=2)
        self.finish()


class NumberForm(PartForm):
    """A number of the law that the school makes stricter, with the law's own beside it."""

    def __init__(self, theme: Theme, number: StricterNumber, policy: SchoolPolicy, law: Parameters) -> None:
        super().__init__(theme, number)
        parameter = law.by_name.get(number.parameter)
        self.add_choice(
            "parameter", "Number of the law", ((words.say_parameter(one), one.name) for one in
            law.by_name.values()), number.parameter, self._take_parameter,
            hint=f"The law: {words.say_law(parameter)}" if parameter else "",
        )  # fmt: skip
        hint = ""
        if parameter:
            hint = "Stricter means fewer." if parameter.stricter == "fewer" else "Stricter means more."
        unit = words.say_unit(parameter.unit) if parameter else "number"
        self.add_number(
            "value", f"The school’s, in {unit}", number.value, lambda value: self.change(value=value), hint=hint
        )
        self.add_choice(
            "clause", "Clause that asks for it", [("Choose a clause", ""), *_clause_choices(policy)], number.clause,
            lambda clause: self.change(clause=clause),
        )  # fmt: skip
        self.finish()

    def _take_parameter(self, name: str) -> None:
        self.take(replace(self.value, parameter=name), reshapes=True)


# -- fields that several parts have ------------------------------------------------------------------------------


def add_clauses(form: PartForm, policy: SchoolPolicy, chosen: tuple[str, ...]) -> None:
    """Add the clauses that ask for it."""
    form.add_checks(
        "clauses", "Clauses that ask for it", _clause_choices(policy), chosen,
        lambda ticked: form.change(clauses=_kept_order(chosen, ticked, _clause_choices(policy))),
        hint="Space ticks one." if policy.clauses else "The policy has no clause yet: add one first.",
    )  # fmt: skip


def add_duty(form: PartForm, duty: Duty) -> None:
    """Add what is to be done, by whom, for whom."""

    def change(**changes: Any) -> None:
        form.change(duty=replace(form.value.duty, **changes))

    form.add_words("duty", "What to do", duty.what, lambda text: change(what=text), lines=2)
    form.add_choice(
        "act", "Kind of act", ((capital(words.say_act(one)), one) for one in Act), duty.act,
        lambda act: change(act=act),
        hint="Acts of one kind for the same recipient are one task, under the earliest deadline.",
    )  # fmt: skip
    form.add_choice(
        "by", "Who does it", ((capital(one.in_words), one) for one in Role), duty.by, lambda role: change(by=role)
    )
    form.add_choice(
        "recipient", "For whom", _recipient_choices(duty.recipient), duty.recipient,
        lambda recipient: change(recipient=recipient),
    )  # fmt: skip


def add_severity(form: PartForm, severity: Severity) -> None:
    """Add how soon somebody must act."""
    form.add_choice(
        "severity", "How soon", ((capital(words.say_severity(one)), one) for one in _SEVERITIES), severity,
        lambda chosen: form.change(severity=chosen),
    )  # fmt: skip


def rule_choices(policy: SchoolPolicy) -> list[tuple[str, str]]:
    """The policy's own steps and duties, then the law's rules."""
    own = {step.id: step.title or "New step" for step in policy.steps}
    own |= {duty.id: duty.title or "New standing duty" for duty in policy.standing}
    cited = {rule_id: rule_id for rule_id in policy.rule_ids if rule_id not in own}
    law = {rule.id: f"The law: {rule.title}" for rule in RULES}
    return [(title, rule_id) for rule_id, title in {**own, **cited, **law}.items()]


def _clause_choices(policy: SchoolPolicy) -> list[tuple[str, str]]:
    return [(clause.title or "New clause", clause.id) for clause in policy.clauses]


def _recipient_choices(chosen: str) -> list[tuple[str, str]]:
    offered = dict.fromkeys((chosen, *words.RECIPIENTS))
    return [(capital(words.say_recipient(word)) or "Nobody else", word) for word in offered]


def _kept_order(before: Iterable[str], ticked: tuple[str, ...], choices: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """What is ticked: what stood there before keeps its place, and what the list does not offer stays."""
    offered = {value for _, value in choices}
    kept = [one for one in before if one in ticked or one not in offered]
    return (*kept, *(one for one in ticked if one not in kept))
