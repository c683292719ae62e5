"""Reading the journal's entries back, the newest first: all of them, of one person, or about one pupil."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select, text

from cme_desktop.storage.tables import CaseRow, JournalRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class EntryRead:
    """An entry of the journal; ``by`` is None where the program did it by itself."""

    number: int
    at: datetime
    by: int | None
    role: str
    act: str
    subject: str
    details: dict[str, Any]
    is_signed: bool


def read_entries(
    db: Session, *, most: int, before: int | None = None, by: int | None = None, pupil_id: int | None = None
) -> tuple[EntryRead, ...]:
    """Read the newest entries with a number below ``before``; of one user, or about one pupil and their cases."""
    query = select(JournalRow).order_by(JournalRow.id.desc()).limit(most)
    if before is not None:
        query = query.where(JournalRow.id < before)
    if by is not None:
        query = query.where(JournalRow.by == by)
    if pupil_id is not None:
        numbers = select(CaseRow.number).where(CaseRow.pupil_id == pupil_id)
        named = text("EXISTS (SELECT 1 FROM json_each(journal.details, '$.pupils') WHERE json_each.value = :pupil)")
        query = query.where(
            or_(
                named.bindparams(pupil=pupil_id),
                JournalRow.subject.in_((f"pupil:{pupil_id}", f"pupil {pupil_id}")),
                JournalRow.subject.in_(numbers),
            )
        )
    return tuple(map(_read, db.scalars(query)))


def read_between(db: Session, *, first: datetime, last: datetime) -> tuple[EntryRead, ...]:
    """Read the entries from one moment up to, not including, another, in their order."""
    query = select(JournalRow).where(JournalRow.at >= first, JournalRow.at < last).order_by(JournalRow.id)
    return tuple(map(_read, db.scalars(query)))


def _read(row: JournalRow) -> EntryRead:
    return EntryRead(row.id, row.at, row.by, row.role, row.act, row.subject, row.details, bool(row.signature))
