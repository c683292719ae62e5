"""When the school last did what it must do again and again, such as a fortnightly meeting."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from cme_desktop.storage.tables import StandingDutyRow


def note_duty_done(db: Session, *, rule_id: str, done_on: date, at: datetime, by: int | None) -> int:
    """Write down that a standing duty was done, and give the note's number."""
    row = {"rule_id": rule_id, "done_on": done_on, "written_at": at, "written_by": by}
    return db.scalars(insert(StandingDutyRow).values(row).returning(StandingDutyRow.id)).one()


def retract_duty(db: Session, duty_id: int, *, at: datetime) -> None:
    """Strike out a note that a duty was done; the line stays."""
    db.execute(update(StandingDutyRow).where(StandingDutyRow.id == duty_id).values(retracted_at=at))


def load_last_done(db: Session, *, on: date) -> tuple[tuple[str, date], ...]:
    """Give each duty's rule with the last day it was done, up to a day."""
    query = (
        select(StandingDutyRow.rule_id, func.max(StandingDutyRow.done_on))
        .where(StandingDutyRow.done_on <= on, StandingDutyRow.retracted_at.is_(None))
        .group_by(StandingDutyRow.rule_id)
        .order_by(StandingDutyRow.rule_id)
    )
    return tuple((rule_id, day) for rule_id, day in db.execute(query))
