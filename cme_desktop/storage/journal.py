"""Who did what, in order: each entry carries the hash of the one before, so that an altered one shows.

The chain shows an entry changed, taken out or put in between. It can't show that the newest entries were cut off:
for that, a backup's count of entries is the witness.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cme_desktop.storage.ready_statements import ReadyInsert, driver_cursor
from cme_desktop.storage.tables import JournalRow

_BEFORE_THE_FIRST: Final = "0" * 64
_as_text: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode
_LAST_HASH: Final = "SELECT hash FROM journal ORDER BY id DESC LIMIT 1"
_ADD_ENTRY: Final = ReadyInsert(JournalRow)


@dataclass(frozen=True, slots=True)
class JournalCheck:
    """How many entries there are, whether the chain holds, and the first entry at which it does not."""

    entries: int
    ok: bool
    broken_at: int | None


def write_journal(
    db: Session, *, at: datetime, by: int | None, act: str, subject: str, details: dict[str, Any]
) -> None:
    """Add one entry to the chain; each use case that writes does so once, in its own transaction."""
    last = driver_cursor(db).execute(_LAST_HASH).fetchone()
    previous = last[0] if last else _BEFORE_THE_FIRST
    entry: dict[str, Any] = {"at": at, "by": by, "act": act, "subject": subject, "details": details}
    _ADD_ENTRY.run(db, {**entry, "previous_hash": previous, "hash": _hash(previous, **entry)})


def list_slot_marks(db: Session) -> frozenset[str]:
    """The marks of all slots of the key file whose making the journal tells."""
    return frozenset(str(details["slot"]) for details in db.scalars(select(JournalRow.details)) if "slot" in details)


def check_journal(db: Session) -> JournalCheck:
    """Reckon the whole chain again."""
    previous, expected_id, entries = _BEFORE_THE_FIRST, 1, 0
    broken_at: int | None = None
    for row in db.scalars(select(JournalRow).order_by(JournalRow.id).execution_options(yield_per=500)):
        entries += 1
        wanted = _hash(previous, at=row.at, by=row.by, act=row.act, subject=row.subject, details=row.details)
        intact = (row.id, row.previous_hash, row.hash) == (expected_id, previous, wanted)
        if not intact and broken_at is None:
            broken_at = row.id
        previous, expected_id = row.hash, row.id + 1
    return JournalCheck(entries=entries, ok=broken_at is None, broken_at=broken_at)


def find_last_time(db: Session, act: str) -> datetime | None:
    """Say when an act was last done; None where it never was."""
    return db.scalar(select(func.max(JournalRow.at)).where(JournalRow.act == act))


def count_entries(db: Session) -> int:
    """Count the journal's entries."""
    return db.scalar(select(JournalRow.id).order_by(JournalRow.id.desc()).limit(1)) or 0


def _hash(previous: str, *, at: datetime, by: int | None, act: str, subject: str, details: dict[str, Any]) -> str:
    entry = [previous, at.astimezone(UTC).isoformat(timespec="microseconds"), by, act, subject, details]
    return hashlib.sha256(_as_text(entry).encode("ascii")).hexdigest()
