"""The rulebook of a school: the English rules, and those of the policies it has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.policy.parameters import Parameters, load_parameters
from cme_desktop.policy.policy_rules import rules_of, school_rules_of
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.school_policy import SchoolPolicy, tighten
from cme_desktop.policy.school_policy_text import read_school_policy

if TYPE_CHECKING:
    from cme_desktop.policy.rule import PupilRule, SchoolRule

PARAMETERS: Final = "parameters"
"""The name under which ``load_rulebook`` is given the text of ``parameters.toml``."""


@dataclass(frozen=True)
class Rulebook:
    """The rules in force at a school, with the numbers they read and the policies they come from.

    ``policies`` names those chosen besides ``england``, which is always in force.
    """

    rules: tuple[PupilRule, ...]
    parameters: Parameters
    policies: tuple[str, ...] = ()
    school_rules: tuple[SchoolRule, ...] = ()

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every rule's id, the pupils' and the school's."""
        return frozenset([rule.id for rule in self.rules] + [rule.id for rule in self.school_rules])

    def find_rule(self, rule_id: str) -> PupilRule | None:
        """The pupil rule with an id; None where there is none."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def load_rulebook(texts: Mapping[str, str], *, policies: tuple[str, ...] = ()) -> Rulebook:
    """Join the English rules and the chosen policies' rules.

    ``texts`` maps ``"parameters"`` to the text of ``parameters.toml``, and each chosen policy's id to the text of its
    document. No file is read here. A policy without a text, or a document with a fault, raises ``CmeError``.
    """
    parameters = load_parameters(_text_of(PARAMETERS, texts))
    chosen = tuple(_read_policy(policy, _text_of(policy, texts), parameters) for policy in policies)
    return make_rulebook(parameters, chosen)


def make_rulebook(parameters: Parameters, chosen: tuple[SchoolPolicy, ...]) -> Rulebook:
    """Join the English rules and those of policies already read, the law's numbers tightened where they ask for it."""
    return Rulebook(
        rules=(*RULES, *(rule for policy in chosen for rule in rules_of(policy))),
        parameters=tighten(parameters, chosen),
        policies=tuple(policy.id for policy in chosen),
        school_rules=tuple(rule for policy in chosen for rule in school_rules_of(policy)),
    )


def _read_policy(policy_id: str, text: str, parameters: Parameters) -> SchoolPolicy:
    read = read_school_policy(text, parameters=parameters)
    if read.policy is None:
        raise BadInputError(
            "A policy's document can't be read.",
            detail=f"{policy_id}: {read.problems[0]}",
            remedy="Correct the document, or choose the supplied one again.",
        )
    return read.policy


def _text_of(name: str, texts: Mapping[str, str]) -> str:
    try:
        return texts[name]
    except KeyError:
        raise CmeError(
            "A policy that the school has chosen is not supplied.",
            detail=f"There is no document for the policy {name}.",
            remedy="Choose a supplied policy, or put the missing document back.",
        ) from None
