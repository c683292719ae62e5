"""Who at a school can do what a policy asks: a duty that is given to somebody who can't do it is never done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.domain.cases import Role
from cme_desktop.policy.rule import Act

if TYPE_CHECKING:
    from cme_desktop.policy.rule import Duty


def why_not_owner(duty: Duty, *, is_of_pupil: bool) -> str:
    """Say why whoever a duty is given to can't do it; empty where they can."""
    if duty.by is Role.CARETAKER:
        return (
            "The caretaker of the records keeps the records and has no duty to a pupil or the school: choose another."
        )
    if duty.by is Role.GOVERNOR and is_of_pupil:
        return "A governor knows of no single pupil: choose somebody on the staff, or make it a standing duty."
    if duty.by is Role.OFFICE and duty.act is Act.DECIDE:
        return "The office decides nothing: choose the headteacher, the safeguarding lead or a senior leader."
    return ""
