"""School attendance orders: whether one names this school on the day judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.domain.events import EventKind
from cme_desktop.domain.pupils import Circumstance

if TYPE_CHECKING:
    from cme_desktop.policy.facts import Facts


def names_this_school(facts: Facts) -> bool:
    """Whether an order is recorded, and no later word that it was revoked or names another school."""
    stands = facts.has(Circumstance.ATTENDANCE_ORDER)
    for event in facts.events:
        if event.kind is EventKind.ORDER_MADE:
            stands = True
        elif event.kind is EventKind.ORDER_REVOKED:
            stands = False
    return stands
