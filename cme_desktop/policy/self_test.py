"""What the made-up pupils of the self-test are judged by: the rulebook of a day, as if it had always been in force."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.policy.parameters import Parameter, Parameters, ParameterValue
from cme_desktop.policy.policy_rules import StandingRule
from cme_desktop.policy.rule import Rule
from cme_desktop.policy.rules.register_copy import RegisterCopyRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cme_desktop.policy.rule import PupilRule, SchoolRule
    from cme_desktop.policy.rulebook import Rulebook


def held_always(rulebook: Rulebook, on: date) -> Rulebook:
    """Give what is in force on a day, its rules and its numbers, as if it had always been.

    The made-up pupils live in a year of their own; what is tested is the law and the policies of today. A rule that is
    switched off is not in force.
    """
    numbers = {name: found for name, one in rulebook.parameters.by_name.items() if (found := _number(one, on))}
    held = Parameters(numbers)
    return replace(
        rulebook,
        rules=tuple(
            _pupil_rule(rule) for rule in rulebook.rules if rule.is_in_force(on) and _is_switched_on(rule, numbers)
        ),
        school_rules=tuple(_school_rule(rule, held) for rule in rulebook.school_rules if rule.is_in_force(on)),
        parameters=held,
    )


def _number(parameter: Parameter, on: date) -> Parameter | None:
    values = tuple(ParameterValue(value.value, date.min) for value in parameter.values if value.holds_on(on))
    return replace(parameter, values=values) if values else None


def _is_switched_on(rule: PupilRule, numbers: Mapping[str, Parameter]) -> bool:
    if not isinstance(rule, Rule) or not rule.switch:
        return True
    found = numbers.get(rule.switch)
    return found is not None and bool(found.values[0].value)


def _pupil_rule(rule: PupilRule) -> PupilRule:
    return replace(rule, in_force_from=date.min, in_force_to=None) if isinstance(rule, Rule) else rule


def _school_rule(rule: SchoolRule, held: Parameters) -> SchoolRule:
    if isinstance(rule, StandingRule):
        return replace(rule, policy=replace(rule.policy, in_force_from=date.min))
    if isinstance(rule, RegisterCopyRule):
        return replace(rule, parameters=held, in_force_from=date.min)
    return rule
