"""Persistent and severe absence: shares of the sessions possible in the school year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.domain.cases import Role
from cme_desktop.policy import runs
from cme_desktop.policy.evidence import finding_of_sessions
from cme_desktop.policy.rule import Act, Authority, Duty, Raised, Rule, Severity
from cme_desktop.policy.rules.sources import IN_FORCE_FROM, working_together
from cme_desktop.policy.wording import say_count

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts
    from cme_desktop.policy.parameters import Numbers

_PERSISTENT: Final = "england.persistent-absence.percent"
_SEVERE: Final = "england.severe-absence.percent"
_POSSIBLE: Final = "england.persistent-absence.possible"


def is_persistently_absent(facts: Facts, numbers: Numbers) -> Raised | None:
    """Absence is a tenth or more of the possible sessions of the school year."""
    if not _reaches(facts, numbers, _PERSISTENT):
        return None
    return _raised(
        facts,
        numbers,
        _PERSISTENT,
        Duty(Act.SUPPORT, "Agree a support plan with the family and review it.", Role.SENIOR, "family"),
    )


def is_severely_absent(facts: Facts, numbers: Numbers) -> Raised | None:
    """Absence is half or more of them."""
    if not _reaches(facts, numbers, _SEVERE):
        return None
    return _raised(
        facts, numbers, _SEVERE, Duty(Act.SUPPORT, "Agree joint support with the authority.", Role.SENIOR, "authority")
    )


def _reaches(facts: Facts, numbers: Numbers, percent: str) -> bool:
    """Compare whole numbers, so that exactly 10% is 10%."""
    absent = facts.sessions_absent
    if not absent:
        return False
    possible = facts.sessions_possible
    return possible >= numbers[_POSSIBLE] and 100 * absent >= numbers[percent] * possible


def _raised(facts: Facts, numbers: Numbers, percent: str, duty: Duty) -> Raised:
    absent, possible = facts.sessions_absent, facts.sessions_possible
    sentence = (
        f"Absent for {absent} of {say_count(possible, 'possible session')} this school year, "
        f"{100 * absent / possible:.1f}%: {numbers[percent]}% or more."
    )
    return Raised(
        finding_of_sessions(
            facts,
            sentence,
            counted=runs.indexes_of(facts.line, runs.ABSENCE, first=facts.year_first),
            progress=f"{absent} of {possible} sessions",
            parameters=numbers.used(percent, _POSSIBLE),
        ),
        duty,
    )


RULES: Final = (
    Rule(
        id="england.persistent-absence",
        title="Persistently absent",
        authority=Authority.GUIDANCE,
        references=(working_together("persistent absence"),),
        severity=Severity.WATCH,
        settled_by="The share of absence falls below the threshold.",
        about="Absence of any kind, explained or not, that reaches a tenth of the sessions possible this school year.",
        limbs=(is_persistently_absent,),
        in_force_from=IN_FORCE_FROM,
    ),
    Rule(
        id="england.severe-absence",
        title="Severely absent",
        authority=Authority.GUIDANCE,
        references=(working_together("severe absence"),),
        severity=Severity.THIS_WEEK,
        settled_by="The share of absence falls below the threshold.",
        about="The pupil misses more school than the pupil attends: school and authority support the family together.",
        limbs=(is_severely_absent,),
        in_force_from=IN_FORCE_FROM,
    ),
)
