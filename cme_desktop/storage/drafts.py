"""What somebody has typed and not saved yet, kept for them alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from cme_desktop.domain.drafts import DraftKey
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.tables import DraftRow


@dataclass(frozen=True, slots=True)
class StoredDraft:
    """What was typed, in the fields by name; ``title`` is what the dialog is called, without a name of a child."""

    key: DraftKey
    title: str
    typed: dict[str, str]
    typed_at: datetime


def store_draft(
    db: Session, key: DraftKey, *, user_id: int, role: str, title: str, typed: dict[str, str], at: datetime
) -> None:
    """Keep what stands in a dialog now, in place of what was kept of it before."""
    fresh = {"role": role, "pupil_id": key.pupil_id, "title": title, "typed": typed, "typed_at": at}
    where = {"user_id": user_id, "place": key.place, "dialog": key.dialog, "about": key.about}
    row = insert(DraftRow).values(fresh | where)
    db.execute(row.on_conflict_do_update(index_elements=[*where], set_=fresh))


def list_stored_drafts(db: Session, *, user_id: int, role: str) -> tuple[StoredDraft, ...]:
    """List what a person typed in this role and has not saved, the newest first."""
    mine = select(DraftRow).where(DraftRow.user_id == user_id, DraftRow.role == role)
    return tuple(_stored(row) for row in db.scalars(mine.order_by(DraftRow.typed_at.desc(), DraftRow.id.desc())))


def find_stored_draft(db: Session, key: DraftKey, *, user_id: int, role: str) -> StoredDraft | None:
    """Find what a person typed in this dialog and has not saved."""
    where = (DraftRow.place == key.place, DraftRow.dialog == key.dialog, DraftRow.about == key.about)
    mine = select(DraftRow).where(DraftRow.user_id == user_id, DraftRow.role == role, *where)
    row = db.scalars(mine).one_or_none()
    return None if row is None else _stored(row)


def delete_draft(db: Session, key: DraftKey, *, user_id: int) -> None:
    """Take away what a person typed in this dialog."""
    where = (DraftRow.place == key.place, DraftRow.dialog == key.dialog, DraftRow.about == key.about)
    db.execute(delete(DraftRow).where(DraftRow.user_id == user_id, *where))


def delete_drafts_of(db: Session, user_id: int) -> None:
    """Take away all that a person typed and never saved."""
    db.execute(delete(DraftRow).where(DraftRow.user_id == user_id))


def delete_old_drafts(db: Session, *, before: datetime) -> None:
    """Take away what nobody went on with since a moment."""
    db.execute(delete(DraftRow).where(DraftRow.typed_at < before))


def _stored(row: DraftRow) -> StoredDraft:
    pupil_id = None if row.pupil_id is None else PupilId(row.pupil_id)
    return StoredDraft(DraftKey(row.place, row.dialog, row.about, pupil_id), row.title, dict(row.typed), row.typed_at)
