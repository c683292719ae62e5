"""The English rules, one module for each family of duty. A new family is a module and a line in ``RULES``.

The rules about joining, leaving and removal from roll take their place here as families of their own.
"""

from __future__ import annotations

from typing import Final

from cme_desktop.policy.rule import Rule
from cme_desktop.policy.rules import first_day, known_facts, levels, long_absence, penalty, register, returns

RULES: Final[tuple[Rule, ...]] = (
    *first_day.RULES,
    *register.RULES,
    *long_absence.RULES,
    *returns.RULES,
    *penalty.RULES,
    *levels.RULES,
    *known_facts.RULES,
)
