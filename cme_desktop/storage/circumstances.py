"""The dated circumstances of a pupil, each with who noted it; one that is over is ended, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance
from cme_desktop.storage.tables import CircumstanceRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class NotedCircumstance:
    """A circumstance as it stands in the records."""

    id: int
    pupil_id: PupilId
    dated: DatedCircumstance


def list_circumstances(db: Session, pupil_id: PupilId) -> tuple[NotedCircumstance, ...]:
    """List a pupil's circumstances, in the order noted."""
    wanted = select(CircumstanceRow).where(CircumstanceRow.pupil_id == pupil_id).order_by(CircumstanceRow.id)
    return tuple(_noted(row) for row in db.scalars(wanted))


def load_circumstance(db: Session, circumstance_id: int) -> NotedCircumstance:
    """Read one circumstance."""
    row = db.get(CircumstanceRow, circumstance_id)
    if row is None:
        raise BadInputError("There is no such circumstance.", remedy="Choose one from the list.")
    return _noted(row)


def add_circumstance_row(
    db: Session, *, pupil_id: PupilId, dated: DatedCircumstance, at: datetime, by: int | None
) -> int:
    """Note a circumstance of a pupil."""
    row = CircumstanceRow(
        pupil_id=pupil_id,
        name=dated.name.value,
        from_day=dated.from_day,
        until_day=dated.until_day,
        noted_at=at,
        noted_by=by,
    )
    db.add(row)
    db.flush()
    return row.id


def set_last_day(db: Session, circumstance_id: int, *, last_day: date | None) -> None:
    """Write the last day on which a circumstance holds; None where it goes on."""
    db.execute(update(CircumstanceRow).where(CircumstanceRow.id == circumstance_id).values(until_day=last_day))


def _noted(row: CircumstanceRow) -> NotedCircumstance:
    dated = DatedCircumstance(Circumstance(row.name), row.from_day, row.until_day)
    return NotedCircumstance(row.id, PupilId(row.pupil_id), dated)
