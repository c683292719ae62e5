"""The rulebook of a school: the English rules, and those of the policies it has chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.policy.parameters import Parameters, load_parameters
from cme_desktop.policy.policy_rules import citing, rules_of, school_rules_of
from cme_desktop.policy.rules import RULES
from cme_desktop.policy.rules.register_copy import RegisterCopyRule
from cme_desktop.policy.school_policy import SchoolPolicy, tighten
from cme_desktop.policy.school_policy_text import read_school_policy

if TYPE_CHECKING:
    from cme_desktop.policy.rule import PupilRule, SchoolRule

PARAMETERS: Final = "parameters"
"""The name under which ``load_rulebook`` is given the text of ``parameters.toml``."""


@dataclass(frozen=True)
class Rulebook:
    """The rules in force at a school, with the numbers they read and the policies they come from.

    ``policies`` names those in force besides ``england``, which always is: each chosen one, after those it adopts.
    ``never_raised`` are the rules that are only cited beside another, or only carried out when somebody asks.
    """

    rules: tuple[PupilRule, ...]
    parameters: Parameters
    policies: tuple[str, ...] = ()
    school_rules: tuple[SchoolRule, ...] = ()
    never_raised: frozenset[str] = frozenset()

    @cached_property
    def ids(self) -> frozenset[str]:
        """Every rule's id, the pupils' and the school's, and those that are only cited."""
        return self.never_raised.union(rule.id for rule in self.rules).union(rule.id for rule in self.school_rules)

    def find_rule(self, rule_id: str) -> PupilRule | None:
        """The pupil rule with an id; None where there is none."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)


def load_rulebook(texts: Mapping[str, str], *, policies: tuple[str, ...] = ()) -> Rulebook:
    """Join the English rules and the chosen policies' rules.

    ``texts`` maps ``"parameters"`` to the text of ``parameters.toml``, and each chosen policy's id to the text of its
    document; a policy that a chosen one adopts is in force too, and needs its text as well. No file is read here. A
    policy without a text, or a document with a fault, raises ``CmeError``.
    """
    parameters = load_parameters(_text_of(PARAMETERS, texts))
    return make_rulebook(parameters, read_policies(texts, policies=policies))


def make_rulebook(parameters: Parameters, chosen: tuple[SchoolPolicy, ...]) -> Rulebook:
    """Join the English rules and those of policies already read, the law's numbers tightened where they ask for it."""
    numbers = tighten(parameters, chosen)
    return Rulebook(
        rules=(*(citing(rule, chosen) for rule in RULES), *(rule for policy in chosen for rule in rules_of(policy))),
        parameters=numbers,
        policies=tuple(policy.id for policy in chosen),
        school_rules=(RegisterCopyRule(numbers), *(rule for policy in chosen for rule in school_rules_of(policy))),
        never_raised=frozenset(rule_id for policy in chosen for rule_id in policy.never_raised),
    )


def read_policies(texts: Mapping[str, str], *, policies: tuple[str, ...]) -> tuple[SchoolPolicy, ...]:
    """Read the chosen policies and those that they adopt, each once, an adopted one before the one that adopts it.

    ``texts`` are those of ``load_rulebook``, and the same ``CmeError`` is raised.
    """
    parameters = load_parameters(_text_of(PARAMETERS, texts))
    found: dict[str, SchoolPolicy] = {}
    order: dict[str, None] = {}

    def read(policy_id: str) -> None:
        if policy_id in found:
            return
        found[policy_id] = _read_policy(policy_id, _text_of(policy_id, texts), parameters)
        for adopted in found[policy_id].adopts:
            read(adopted)
        order[policy_id] = None

    for policy_id in policies:
        read(policy_id)
    return tuple(found[policy_id] for policy_id in order)


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
