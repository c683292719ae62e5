"""The English rules, one module for each family of duty. A new family is a module and a line in ``RULES``."""

from __future__ import annotations

from typing import Final

from cme_desktop.policy.rule import Rule
from cme_desktop.policy.rules import (
    concerns,
    first_day,
    home_education,
    joining,
    known_facts,
    leave,
    leaving,
    levels,
    long_absence,
    penalty,
    register,
    returns,
)

RULES: Final[tuple[Rule, ...]] = (
    *first_day.RULES,
    *register.RULES,
    *long_absence.RULES,
    *returns.RULES,
    *penalty.RULES,
    *levels.RULES,
    *joining.RULES,
    *leave.RULES,
    *leaving.RULES,
    *home_education.RULES,
    *concerns.RULES,
    *known_facts.RULES,
)
