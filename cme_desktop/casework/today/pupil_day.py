"""One pupil's day: what has to be done, in which order, and whom to ring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Final

from cme_desktop.casework.attempts import can_be_rung, is_tried
from cme_desktop.casework.today.registers import NOT_TAKEN
from cme_desktop.casework.today.state import TodayState
from cme_desktop.domain.events import Recipient
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.review import join_duties
from cme_desktop.policy.rule import Act, Flag, Severity, Task
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.flags import key_of

# -- pupils ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PupilDay:
    """One pupil's day: the flags to act on, the tasks they make, the contacts to ring and who was tried today."""

    pupil_id: PupilId
    facts: Facts
    flags: tuple[Flag, ...]
    tasks: tuple[Task, ...]
    ring: tuple[tuple[ContactDetails, bool], ...]
    to_ring: bool

    @property
    def severity(self) -> Severity:
        """The worst of its flags; where a parent does not know where the child is, always now."""
        return Severity.NOW if self.is_unaware else min(flag.severity for flag in self.flags)

    @property
    def is_unaware(self) -> bool:
        """Whether a parent was reached who does not know where the child is."""
        return any(one.cause is Cause.UNAWARE for one in self.facts.whereabouts_unknown)

    @property
    def is_for_police_or_care(self) -> bool:
        """Whether the police or social care are to be told and have not been."""
        if any(is_for_police_or_care(task) for task in self.tasks):
            return True
        return self.is_unaware and self.facts.told.isdisjoint({Recipient.POLICE, Recipient.SOCIAL_CARE})

    @property
    def is_unexplained(self) -> bool:
        """Whether a session of the absence's latest day is N or O with no reason recorded, or its reason has lapsed."""
        return self.facts.ladder_day > 0 or bool(self.facts.unexplained_now())

    @property
    def nobody_reached(self) -> bool:
        """Whether the ladder runs and no adult was reached since it began."""
        return self.to_ring and self.facts.ladder_day > 0


def pupil_day(state: TodayState, pupil_id: PupilId, *, covered: bool = False) -> PupilDay | None:
    """Gather a pupil's day; None where nobody has to act. ``covered`` leaves unknown sessions to the register's row."""
    flags = tuple(
        flag
        for flag in state.flags.get(pupil_id, ())
        if flag.severity is not Severity.WATCH
        and flag.rule_id != NOT_TAKEN
        and key_of(flag) not in state.away
        and not (covered and flag.severity is Severity.INCOMPLETE and flag.finding.ask)
    )
    if not flags:
        return None
    facts = state.facts(pupil_id)
    joined = join_duties(flags)
    lines = state.todays.get(pupil_id, ())
    ring = tuple(
        (one, is_tried(one, lines, since=state.on)) for one in state.contacts.get(pupil_id, ()) if can_be_rung(one)
    )
    calls = any(task.duty.act is Act.CONTACT_FAMILY and task.severity <= Severity.TODAY for task in joined)
    to_ring = calls and not facts.is_contact_made_today
    # On the first day the calls come before the visit; from the second, or when all were tried, the visit does.
    rings_first = to_ring and facts.ladder_day <= 1 and any(not tried for _, tried in ring)
    tasks = tuple(sorted(joined, key=lambda task: _task_order(task, rings_first=rings_first)))
    return PupilDay(pupil_id, facts, flags, tasks, ring, to_ring)


def _task_order(task: Task, *, rings_first: bool) -> tuple[object, ...]:
    due = task.due.sort_key if task.due else (date.max, time.max)
    if rings_first and task.duty.act is Act.CONTACT_FAMILY:
        return (Severity.NOW, -1, due)
    return (task.severity, _ACT_ORDER.index(task.duty.act) if task.duty.act in _ACT_ORDER else 99, due)


_ACT_ORDER: Final = (
    Act.VISIT_HOME, Act.CONTACT_FAMILY, Act.SEE_THE_CHILD, Act.TELL, Act.REFER, Act.SEND_RETURN, Act.SEND_FORM,
    Act.ESTABLISH_REASON,
)  # fmt: skip


def is_for_police_or_care(task: Task) -> bool:
    """Whether a task is to tell or refer to the police or social care."""
    told = set(task.duty.recipient.split())
    return task.duty.act in {Act.TELL, Act.REFER} and not told.isdisjoint(_POLICE_OR_CARE)


_POLICE_OR_CARE: Final = frozenset({"police", "social_care"})
