"""An encrypted copy of the records, opened and checked before anybody relies on it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2

from cme_desktop.storage.sqlite_errors import RecordsError


@dataclass(frozen=True, slots=True)
class RecordsCount:
    """How much the records hold."""

    pupils: int
    marks: int
    journal_entries: int


def copy_records(*, connect: Callable[[], Any], connect_to: Callable[[Path], Any], to: Path) -> RecordsCount:
    """Write a copy under the same key, open it, and compare; a copy that fails the check is not left behind."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with closing(connect()) as records:
        wanted = count_records(records)
        # VACUUM INTO writes under the same key; a parameter keeps the path out of any message.
        records.execute("VACUUM INTO ?", (str(to),))
    return _make_sure(connect_to, to, wanted)


def _make_sure(connect_to: Callable[[Path], Any], to: Path, wanted: RecordsCount) -> RecordsCount:
    try:
        with closing(connect_to(to)) as copy:
            found = count_records(copy)
            sound = examine(copy)
    except BaseException:
        to.unlink(missing_ok=True)
        raise
    if found != wanted or not sound:
        to.unlink(missing_ok=True)
        raise RecordsError(
            "The copy of the records is not sound.",
            detail="It was opened and compared, and is not what was written.",
            remedy="Check the disk, and make the copy again.",
        )
    return found


def copy_under_key(
    *, connect: Callable[[], Any], connect_to: Callable[[Path], Any], to: Path, key: bytes
) -> RecordsCount:
    """Write a copy under another key, open it, and compare; a copy that fails the check is not left behind."""
    with closing(connect()) as records:
        wanted = count_records(records)
        records.execute("ATTACH DATABASE ? AS fresh KEY ?", (str(to), f"x'{key.hex()}'"))
        try:
            records.execute("SELECT sqlcipher_export('fresh')")
        except sqlcipher3.dbapi2.OperationalError as error:  # it gives a full disk no code of its own
            raise RecordsError(
                "The records could not be written anew.",
                detail=f"{str(error).capitalize()}. Everything saved before is safe.",
                remedy="Make sure that the disk has as much free space as the records take up.",
            ) from None
        records.execute("DETACH DATABASE fresh")
    return _make_sure(connect_to, to, wanted)


def count_records(connection: Any) -> RecordsCount:
    """Count pupils, marks and journal entries on a raw connection."""
    counts = (
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  our own table names
        for table in ("pupil", "mark", "journal")
    )
    return RecordsCount(*counts)


@dataclass(frozen=True, slots=True)
class Contents:
    """Whose records they are, how much they hold, and when their newest journal entry was written; None without one."""

    school: str
    pupils: int
    marks: int
    contacts: int
    entries: int
    newest_at: datetime | None


def read_contents(connection: Any) -> Contents:
    """Read on a raw connection what tells one copy of the records from another."""
    held = count_records(connection)
    school = connection.execute("SELECT name FROM school ORDER BY id LIMIT 1").fetchone()
    newest = connection.execute("SELECT at FROM journal ORDER BY id DESC LIMIT 1").fetchone()
    return Contents(
        str(school[0]) if school else "", held.pupils, held.marks,
        int(connection.execute("SELECT count(*) FROM contact").fetchone()[0]), held.journal_entries,
        datetime.fromisoformat(newest[0]).replace(tzinfo=UTC) if newest else None,
    )  # fmt: skip


def role_in(connection: Any, user_id: int) -> str:
    """Read on a raw connection in which role a person opens the records; empty where they are not among its people."""
    row = connection.execute("SELECT role FROM user WHERE id = ?", (user_id,)).fetchone()
    return str(row[0]) if row else ""


def examine(connection: Any) -> bool:
    """Whether every page is whole and every table and key consistent."""
    damaged_pages = connection.execute("PRAGMA cipher_integrity_check").fetchall()
    told = connection.execute("PRAGMA integrity_check").fetchall()
    orphans = connection.execute("PRAGMA foreign_key_check").fetchall()
    return not damaged_pages and told == [("ok",)] and not orphans
