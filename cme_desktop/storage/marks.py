"""The register's marks, and the corrections that keep what stood before.

A school session is one whole number here, twice the days since 1 January 2000, plus one in the afternoon, so that a
school year lies together on disk. Marks go past the mapped objects: a school keeps a million of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from cme_desktop.domain.attendance import CODE_OF_LETTER, Half, SchoolSession
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.ready_statements import driver_cursor, stored_form
from cme_desktop.storage.tables import MarkCorrectionRow, UserRow

_DAY_ZERO: Final = date(2000, 1, 1)

MarkTuple = tuple[int, int, str]
"""A session's number, a pupil's id, and the official letter of the code."""

CorrectionTuple = tuple[int, int, str | None, int | None, str | None, int | None]
"""A session's number, a pupil's id, the letter and batch that stood, the letter and batch that stand instead."""

_PUPIL_THEN_SESSION: Final = itemgetter(1, 0)
_as_stored: Final = stored_form(MarkCorrectionRow, "made_at")


@dataclass(frozen=True, slots=True)
class MarkCounts:
    """What a batch of marks did to the register."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class MarkCorrection:
    """A mark that was changed: what stood, what stands instead, why, when and by whom."""

    session: SchoolSession
    pupil_id: PupilId
    old_code: str | None
    new_code: str | None
    reason: str
    made_at: datetime
    made_by: int | None
    made_by_name: str


def session_no(session: SchoolSession) -> int:
    """Give the session's number in the records."""
    return (session.on - _DAY_ZERO).days * 2 + (1 if session.half is Half.PM else 0)


def session_of(number: int) -> SchoolSession:
    """Give the session back from its number."""
    day, afternoon = divmod(number, 2)
    return SchoolSession(_DAY_ZERO + timedelta(days=day), Half.PM if afternoon else Half.AM)


def write_marks(
    db: Session, marks: Iterable[MarkTuple], *, batch_id: int, reason: str, at: datetime, by: int | None
) -> MarkCounts:
    """Set marks, keeping a correction for each that stood differently; the last of two for one session counts."""
    wanted = {(session, pupil): letter for session, pupil, letter in marks}
    if not wanted:
        return MarkCounts()
    _refuse_unknown_codes(set(wanted.values()))
    cursor = driver_cursor(db)
    standing = _standing(cursor, wanted)
    new = [(*key, letter, batch_id) for key, letter in wanted.items() if key not in standing]
    changed = sorted(
        (*key, *standing[key], letter)
        for key, letter in wanted.items()
        if key in standing and standing[key][0] != letter
    )
    # In the order in which the tables lie on the disk: each page is then written once.
    cursor.executemany("INSERT INTO mark (session_no, pupil_id, code, batch_id) VALUES (?, ?, ?, ?)", sorted(new))
    cursor.executemany(
        "UPDATE mark SET code = ?, batch_id = ? WHERE session_no = ? AND pupil_id = ?",
        [(letter, batch_id, session, pupil) for session, pupil, _, _, letter in changed],
    )
    write_corrections(
        db,
        [(session, pupil, old, old_batch, letter, batch_id) for session, pupil, old, old_batch, letter in changed],
        reason=reason, at=at, by=by,
    )  # fmt: skip
    return MarkCounts(len(new), len(changed), len(wanted) - len(new) - len(changed))


def write_corrections(
    db: Session, corrections: Iterable[CorrectionTuple], *, reason: str, at: datetime, by: int | None
) -> None:
    """Keep what stood before marks were changed, each pupil's in the order of the sessions."""
    made = (reason, _as_stored(at), by)
    driver_cursor(db).executemany(
        "INSERT INTO mark_correction (session_no, pupil_id, old_code, old_batch_id, new_code, new_batch_id, reason, "
        "made_at, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*correction, *made) for correction in sorted(corrections, key=_PUPIL_THEN_SESSION)],
    )


def load_marks(db: Session, *, first: date, last: date, pupil_id: int | None = None) -> list[MarkTuple]:
    """Read the marks between two days, both included, for one pupil or all; by session, then pupil."""
    return list(read_marks(db, first=first, last=last, pupil_id=pupil_id))


def read_marks_of(db: Session, pupils: Iterable[int], *, first: date, last: date) -> Iterator[MarkTuple]:
    """Read the marks of some pupils between two days, both included, in one sweep; by session, then pupil."""
    sql = (
        "SELECT session_no, pupil_id, code FROM mark WHERE session_no BETWEEN ? AND ? "
        "AND pupil_id IN (SELECT value FROM json_each(?)) ORDER BY session_no, pupil_id"
    )
    cursor = driver_cursor(db)
    cursor.execute(sql, (*_span(first, last), json.dumps(sorted(pupils))))
    rows: Iterator[MarkTuple] = iter(cursor)
    return rows


def read_marks(db: Session, *, first: date, last: date, pupil_id: int | None = None) -> Iterator[MarkTuple]:
    """Read the same marks one by one, while the session is open."""
    sql = "SELECT session_no, pupil_id, code FROM mark WHERE session_no BETWEEN ? AND ?"
    return _read(db, sql, _span(first, last), pupil_id, order=" ORDER BY session_no, pupil_id")


def read_still_n(db: Session, *, before: date, pupil_id: int | None = None) -> Iterator[MarkTuple]:
    """Read the marks of days before one that are N to this day, one by one; an index keeps them at hand."""
    # Named, for asked about one pupil SQLite would rather walk through all their years.
    sql = "SELECT session_no, pupil_id, code FROM mark INDEXED BY mark_still_n WHERE code = 'N' AND session_no < ?"
    return _read(db, sql, (session_no(SchoolSession(before, Half.AM)),), pupil_id)


def count_marks(db: Session) -> int:
    """Count all marks of the records."""
    return int(driver_cursor(db).execute("SELECT count(*) FROM mark").fetchone()[0])


def first_marked_day(db: Session) -> date | None:
    """Give the day of the earliest mark, or None where there is none."""
    (number,) = driver_cursor(db).execute("SELECT min(session_no) FROM mark").fetchone()
    return None if number is None else session_of(number).on


def list_corrections(db: Session, pupil_id: int) -> tuple[MarkCorrection, ...]:
    """List a pupil's corrected marks, in the order they were made."""
    return _list_corrections(db, MarkCorrectionRow.pupil_id == pupil_id)


def list_corrections_made(db: Session, *, since: datetime, before: datetime) -> tuple[MarkCorrection, ...]:
    """List everybody's corrected marks from one moment up to, not including, another, in the order they were made."""
    return _list_corrections(db, MarkCorrectionRow.made_at >= since, MarkCorrectionRow.made_at < before)


def _list_corrections(db: Session, *where: ColumnElement[bool]) -> tuple[MarkCorrection, ...]:
    query = (
        select(MarkCorrectionRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == MarkCorrectionRow.made_by)
        .where(*where)
        .order_by(MarkCorrectionRow.id)
    )
    return tuple(
        MarkCorrection(
            session_of(row.session_no), PupilId(row.pupil_id), row.old_code, row.new_code, row.reason, row.made_at,
            row.made_by, name or "",
        )
        for row, name in db.execute(query)
    )  # fmt: skip


def _standing(cursor: Any, wanted: dict[tuple[int, int], str]) -> dict[tuple[int, int], tuple[str, int]]:
    sessions = [session for session, _ in wanted]
    span = (min(sessions), max(sessions))
    pupils = {pupil for _, pupil in wanted}
    query = "SELECT session_no, pupil_id, code, batch_id FROM mark WHERE session_no BETWEEN ? AND ?"
    if len(pupils) == 1:
        rows = cursor.execute(query + " AND pupil_id = ?", (*span, pupils.pop()))
    else:
        rows = cursor.execute(query, span)
    return {(session, pupil): (code, batch) for session, pupil, code, batch in rows if (session, pupil) in wanted}


def _refuse_unknown_codes(letters: set[str]) -> None:
    if unknown := letters - CODE_OF_LETTER.keys():
        raise ValueError(f"not an attendance code: {', '.join(sorted(unknown))}")


def _span(first: date, last: date) -> tuple[int, int]:
    return session_no(SchoolSession(first, Half.AM)), session_no(SchoolSession(last, Half.PM))


def _read(
    db: Session, sql: str, numbers: tuple[int, ...], pupil_id: int | None, *, order: str = ""
) -> Iterator[MarkTuple]:
    cursor = driver_cursor(db)
    if pupil_id is None:
        cursor.execute(sql + order, numbers)
    else:
        cursor.execute(f"{sql} AND pupil_id = ?{order}", (*numbers, pupil_id))
    rows: Iterator[MarkTuple] = iter(cursor)
    return rows
