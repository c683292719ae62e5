"""Who did what, in order: each entry carries the hash of the one before, and the signature of whoever did it.

An entry says who, in which role, when, what, about what, and what the rows were that it tells of (``row_seals``). It is
written at the end of its transaction, when that is known, and signed with its author's own private key, which the key
of the records does not open. ``journal_check`` reads it all again.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cme_desktop.storage.ready_statements import ReadyInsert, driver_cursor
from cme_desktop.storage.row_seals import forget_touched, take_touched, write_seals
from cme_desktop.storage.tables import JournalRow

if TYPE_CHECKING:
    from cme_desktop.storage.row_seals import Seal

BEFORE_THE_FIRST: Final = "0" * 64
_QUEUE: Final = "journal entries"
_as_text: Final = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode
_LAST: Final = "SELECT id, hash FROM journal ORDER BY id DESC LIMIT 1"
_ADD_ENTRY: Final = ReadyInsert(JournalRow)


@dataclass(frozen=True, slots=True)
class Author:
    """Who sits at the desk: signs every entry written there. ``role`` is a role's value."""

    user_id: int
    role: str
    now: Callable[[], datetime]
    sign: Callable[[bytes], bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one entry tells; ``by`` is None where the program did it by itself."""

    at: datetime
    by: int | None
    act: str
    subject: str
    details: dict[str, Any]


def write_journal(
    db: Session, *, at: datetime, by: int | None, act: str, subject: str, details: dict[str, Any]
) -> None:
    """Add one entry at the end of this transaction; each use case that writes does so once, in its own."""
    db.info.setdefault(_QUEUE, []).append(Entry(at, by, act, subject, details))


def begin_entries(db: Session) -> None:
    """Begin a transaction of which nothing is told yet."""
    db.info[_QUEUE] = []


def write_entries(db: Session, author: Author | None) -> None:
    """Write down what the transaction told, with the seals of the rows that it touched, signed by the author.

    Without an author, as in records that nobody unlocked, entries stand unsigned and rows unsealed.
    """
    entries: list[Entry] = db.info.get(_QUEUE, [])
    db.info[_QUEUE] = []
    cursor = driver_cursor(db)
    if author is None:
        forget_touched(cursor)
        _add(db, cursor, entries, None, ())
        return
    seals = take_touched(cursor)
    if seals and not entries:
        entries = [Entry(author.now(), author.user_id, "written", "records", {})]
    _add(db, cursor, entries, author, seals)


def _add(db: Session, cursor: Any, entries: list[Entry], author: Author | None, seals: tuple[Seal, ...]) -> None:
    if not entries:
        return
    last = cursor.execute(_LAST).fetchone()
    previous = last[1] if last else BEFORE_THE_FIRST
    for entry in entries:
        values = _values(entry, previous, author, rows=write_seals(seals) if entry is entries[-1] else "")
        _ADD_ENTRY.run(db, values)
        previous = values["hash"]


def _values(entry: Entry, previous: str, author: Author | None, *, rows: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "at": entry.at, "by": entry.by, "act": entry.act, "subject": entry.subject, "details": entry.details,
        "role": author.role if author else "", "signed_by": author.user_id if author else None, "rows": rows,
    }  # fmt: skip
    digest = hash_of(previous, **told)
    signature = b64encode(author.sign(digest.encode("ascii"))).decode("ascii") if author else ""
    return {**told, "previous_hash": previous, "hash": digest, "signature": signature}


def list_slot_marks(db: Session) -> frozenset[str]:
    """The marks of all slots of the key file whose making the journal tells."""
    return frozenset(str(details["slot"]) for details in db.scalars(select(JournalRow.details)) if "slot" in details)


def find_last_time(db: Session, act: str, *, until: datetime) -> datetime | None:
    """Say when an act was last done; None where it never was. What a clock that ran ahead dated later is left out."""
    return db.scalar(select(func.max(JournalRow.at)).where(JournalRow.act == act, JournalRow.at <= until))


def find_latest_moment(db: Session, *, among: int, after: str) -> datetime | None:
    """The latest moment that so many of the newest entries tell, of those made after the newest of an act."""
    newest = db.execute(select(JournalRow.at, JournalRow.act).order_by(JournalRow.id.desc()).limit(among))
    return max((at for at, _ in takewhile(lambda entry: entry.act != after, newest)), default=None)


def find_newest_act(db: Session) -> str:
    """What the newest entry tells of; empty before the first."""
    return db.scalar(select(JournalRow.act).order_by(JournalRow.id.desc()).limit(1)) or ""


def find_hash(db: Session, number: int) -> str:
    """The hash of an entry; empty where there is none of this number."""
    return db.scalar(select(JournalRow.hash).where(JournalRow.id == number)) or ""


def is_first_signed(db: Session) -> bool:
    """Whether the first entry is signed; in records that an older version made it is not."""
    return db.scalar(select(JournalRow.signed_by).order_by(JournalRow.id).limit(1)) is not None


def newest_entry(db: Session) -> tuple[int, str]:
    """The number and the hash of the newest entry; nought and noughts before the first."""
    last = driver_cursor(db).execute(_LAST).fetchone()
    return (int(last[0]), str(last[1])) if last else (0, BEFORE_THE_FIRST)


def count_entries(db: Session) -> int:
    """Count the journal's entries."""
    return db.scalar(select(JournalRow.id).order_by(JournalRow.id.desc()).limit(1)) or 0


def hash_of(
    previous: str,
    *,
    at: datetime,
    by: int | None,
    act: str,
    subject: str,
    details: dict[str, Any],
    role: str,
    signed_by: int | None,
    rows: str,
) -> str:
    """The hash of an entry, in hex, over all that it says and the hash of the one before."""
    entry: list[Any] = [previous, at.astimezone(UTC).isoformat(timespec="microseconds"), by, act, subject, details]
    if signed_by is not None:
        # older entries were not signed, and keep the hash that they had
        entry += [role, signed_by, rows]
    return hashlib.sha256(_as_text(entry).encode("ascii")).hexdigest()
