"""Each child absent on a first day back: what was known of leave, who was reached, whom to ring before whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives.leave_matter import LeaveMatter, LeaveState, matters_of
from cme_desktop.casework.lives.life import LifeDesk
from cme_desktop.casework.lives.sweep import Sweep
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import SAFEGUARDING_CONCERNS
from cme_desktop.policy import runs
from cme_desktop.policy.absence import is_contact_made
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.record import PupilRecord
from cme_desktop.storage.events import WrittenEvent, list_events
from cme_desktop.storage.pupils import PupilDetails

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Absent:
    """One child absent on the first day back, with what is known of leave, contact and return."""

    pupil: PupilDetails
    record: PupilRecord
    codes: tuple[str, ...]
    leave: LeaveMatter | None
    reached: WrittenEvent | None
    tried: WrittenEvent | None
    attended_on: date | None
    is_granted: bool
    is_at_risk: bool
    siblings: tuple[PupilId, ...]

    @property
    def is_settled(self) -> bool:
        """Whether the child is accounted for: leave granted, somebody reached, or back in school."""
        return self.is_granted or self.reached is not None or self.attended_on is not None


def read_absent(desk: LifeDesk, sweep: Sweep) -> tuple[Absent, ...]:
    """Read everybody absent on a first day back."""
    families: defaultdict[int, list[PupilId]] = defaultdict(list)
    for pupil_id in sweep.absent:
        family = desk.roll.pupils[pupil_id].family_id
        if family is not None:
            families[family].append(pupil_id)
    with desk.office.database.reading() as db:
        return tuple(
            _absent(db, desk, sweep, record, families)
            for record in desk.roll.records
            if record.pupil.id in sweep.absent
        )


def _absent(
    db: Session, desk: LifeDesk, sweep: Sweep, record: PupilRecord, families: dict[int, list[PupilId]]
) -> Absent:
    pupil = desk.roll.pupils[record.pupil.id]
    events = list_events(db, pupil_id=pupil.id)
    since = [each for each in events if each.retracted_at is None and each.event.on >= sweep.on]
    facts = Facts(record, Moment(desk.roll.judgement))
    leave = _leave_about(matters_of(events), sweep.on)
    # a C beside a refusal is a mark to be corrected, not leave
    is_refused = leave is not None and leave.state is LeaveState.REFUSED and leave.shares_days(sweep.on, sweep.on)
    is_granted = facts.is_leave_granted_on(sweep.on) and not is_refused
    has_concern = not facts.circumstances.isdisjoint(SAFEGUARDING_CONCERNS)
    return Absent(
        pupil=pupil,
        record=record,
        codes=sweep.absent[pupil.id],
        leave=leave,
        reached=next((each for each in reversed(since) if is_contact_made(each.event)), None),
        tried=next((each for each in reversed(since) if each.event.kind in _TRIED), None),
        attended_on=_attended_since(desk, record, sweep),
        is_granted=is_granted or set(sweep.absent[pupil.id]) <= {"E"},
        is_at_risk=facts.has_social_worker or facts.is_looked_after or has_concern,
        siblings=tuple(each for each in families.get(pupil.family_id or 0, ()) if each != pupil.id),
    )


_TRIED: Final = frozenset({EventKind.CONTACT_ATTEMPT, EventKind.HOME_VISIT})


def _leave_about(matters: Iterable[LeaveMatter], on: date) -> LeaveMatter | None:
    """The latest leave in question: over this day, ended in the holiday or the weeks before it, or begun since."""
    near = [each for each in matters if each.last is not None and abs((on - each.last).days) < _NEAR]
    return max(near, key=lambda each: (each.shares_days(on, on), each.begun_on, each.root), default=None)


_NEAR: Final = 60
"""Days round a first day back within which a leave may have to do with it."""


def _attended_since(desk: LifeDesk, record: PupilRecord, sweep: Sweep) -> date | None:
    calendar = desk.roll.judgement.calendar
    absent = runs.indexes_of(
        record.line, runs.ABSENT, first=calendar.count_sessions_before(sweep.on),
        last=calendar.count_sessions_through(sweep.on),
    )  # fmt: skip
    found = runs.indexes_of(record.line, runs.ATTENDED, first=absent[0]) if absent else ()
    return calendar.sessions[found[0]].on if found else None


def first_to_ring(absent: Absent) -> tuple[bool, bool, bool, int, int, str]:
    """Sort whom to ring first.

    A child known to be at risk; then one for whom nobody was tried; then by what was known of leave; families together.
    """
    known = LeaveState.CLOSED if absent.leave is None else absent.leave.state
    family = min((int(absent.pupil.id), *(int(each) for each in absent.siblings)))
    return (
        absent.is_settled, not absent.is_at_risk, absent.tried is not None, _BY_LEAVE[known], family,
        absent.pupil.sort_name,
    )  # fmt: skip


_BY_LEAVE: Final = {
    LeaveState.CLOSED: 0,
    LeaveState.ADMITTED: 1,
    LeaveState.ASKED: 1,
    LeaveState.GRANTED: 2,
    LeaveState.REFUSED: 3,
}
"""A child of whom nobody knows anything comes before one whose family asked and was refused."""
