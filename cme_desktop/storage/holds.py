"""Legal holds as somebody set them, and what was decided of records whose time was over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import CaseId, HoldId, PupilId
from cme_desktop.domain.keeping import HoldGround
from cme_desktop.policy.retention import Decision, RecordKind
from cme_desktop.storage.kept_records import LOCAL
from cme_desktop.storage.tables import CaseRow, KeepingDecisionRow, LegalHoldRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class StoredHold:
    """A hold on a pupil (by a case of theirs, where one is named), or on the whole school where no pupil is."""

    id: HoldId
    pupil_id: PupilId | None
    case_number: str
    ground: HoldGround
    reason: str
    set_at: datetime
    set_by_name: str
    lifted_at: datetime | None
    lifted_by_name: str
    lifted_reason: str

    @property
    def stands(self) -> bool:
        """Whether nobody has lifted it."""
        return self.lifted_at is None


def add_hold(
    db: Session,
    *,
    pupil_id: PupilId | None,
    case_id: CaseId | None,
    ground: HoldGround,
    reason: str,
    at: datetime,
    by: int | None,
) -> HoldId:
    """Enter a hold."""
    row = {
        "pupil_id": pupil_id, "case_id": case_id, "ground": ground.value, "reason": reason, "set_at": at, "set_by": by,
        "lifted_at": None, "lifted_by": None, "lifted_reason": "",
    }  # fmt: skip
    return HoldId(db.scalars(insert(LegalHoldRow).values(row).returning(LegalHoldRow.id)).one())


def end_hold(db: Session, hold_id: HoldId, *, reason: str, at: datetime, by: int | None) -> None:
    """Write down that a hold was lifted, and why."""
    values = {"lifted_at": at, "lifted_by": by, "lifted_reason": reason}
    db.execute(update(LegalHoldRow).where(LegalHoldRow.id == hold_id).values(values))


def load_hold(db: Session, hold_id: HoldId) -> StoredHold:
    """Read one hold; refuse one that is not there."""
    found = next((hold for hold in list_holds(db) if hold.id == hold_id), None)
    if found is None:
        raise BadInputError("This hold is no longer there.", remedy="Read the list again.")
    return found


def list_holds(db: Session) -> tuple[StoredHold, ...]:
    """List every hold, those that stand first, each part in the order they were set."""
    names = {user: name for user, name in db.execute(select(UserRow.id, UserRow.name))}  # noqa: C416  rows are no pairs to the type checker
    query = select(LegalHoldRow, CaseRow.number, CaseRow.pupil_id).outerjoin(
        CaseRow, CaseRow.id == LegalHoldRow.case_id
    )
    holds = [_hold(row, number, pupil, names) for row, number, pupil in db.execute(query.order_by(LegalHoldRow.id))]
    return tuple(sorted(holds, key=lambda hold: not hold.stands))


def is_held(db: Session, pupil_id: int) -> bool:
    """Whether a hold that somebody set stands on a pupil, on a case of theirs, or on the whole school."""
    return any(hold.stands and hold.pupil_id in {None, pupil_id} for hold in list_holds(db))


def add_decision(
    db: Session, *, kind: RecordKind, key: str, pupil_id: int | None, decision: Decision, at: datetime, by: int | None
) -> None:
    """Keep what was decided of a record; an earlier decision stays."""
    row = {
        "kind": kind.value, "key": key, "pupil_id": pupil_id, "may_go": decision.may_go,
        "until_day": decision.until_day, "reason": decision.reason, "made_at": at, "made_by": by,
    }  # fmt: skip
    db.execute(insert(KeepingDecisionRow).values(row))


def load_decisions(db: Session) -> dict[tuple[str, str], Decision]:
    """Read the latest decision on each record, by its kind and key."""
    rows = db.scalars(select(KeepingDecisionRow).order_by(KeepingDecisionRow.id))
    return {(row.kind, row.key): _decision(row) for row in rows}


def _decision(row: KeepingDecisionRow) -> Decision:
    made_on: date = row.made_at.astimezone(LOCAL).date()
    return Decision(row.may_go, row.until_day, made_on, row.reason)


def _hold(row: LegalHoldRow, number: str | None, case_pupil: int | None, names: dict[int, str]) -> StoredHold:
    pupil = row.pupil_id if row.pupil_id is not None else case_pupil
    return StoredHold(
        id=HoldId(row.id),
        pupil_id=None if pupil is None else PupilId(pupil),
        case_number=number or "",
        ground=HoldGround(row.ground),
        reason=row.reason,
        set_at=row.set_at,
        set_by_name=names.get(row.set_by or 0, ""),
        lifted_at=row.lifted_at,
        lifted_by_name=names.get(row.lifted_by or 0, ""),
        lifted_reason=row.lifted_reason,
    )
