"""Taking a record out for good: every row of it, digested before it goes; and what an import remembered of it.

The rows go with ``PRAGMA secure_delete``: what they held is overwritten in the file's own pages. The journal's triggers
note each row, so that the entry of the disposal says which are gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select, update

from cme_desktop.policy.retention import RecordKind
from cme_desktop.storage.imports import UndoNote
from cme_desktop.storage.kept_records import MARKS_MADE, marks_made_by, moment_after
from cme_desktop.storage.ready_statements import driver_cursor
from cme_desktop.storage.row_seals import digest_of
from cme_desktop.storage.tables import ImportBatchRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_OF_CASE: Final = (
    ("pupil_event", "case_id = ?"),
    ("enquiry", "case_id = ?"),
    ("task", "case_id = ?"),
    ("document", "case_id = ?"),
    ("legal_hold", "case_id = ?"),
    ("case_file", "id = ?"),
)
_CASES: Final = "(SELECT id FROM case_file WHERE pupil_id = ?)"
_OF_PUPIL: Final = (
    ("contact_number", "contact_id IN (SELECT id FROM contact WHERE pupil_id = ?)"),
    ("flag_review", "flag_id IN (SELECT id FROM flag WHERE pupil_id = ?)"),
    ("removal_signature", "removal_id IN (SELECT id FROM removal WHERE pupil_id = ?)"),
    ("paper", "pupil_id = ?"),
    ("paper", "report_id IN (SELECT id FROM outside_report WHERE pupil_id = ?)"),
    ("pupil_event", f"case_id IN {_CASES}"),
    ("pupil_event", "pupil_id = ?"),
    ("enquiry", f"case_id IN {_CASES}"),
    ("task", f"case_id IN {_CASES}"),
    ("task", "pupil_id = ?"),
    ("document", f"case_id IN {_CASES}"),
    ("legal_hold", f"case_id IN {_CASES}"),
    ("legal_hold", "pupil_id = ?"),
    ("keeping_decision", "pupil_id = ?"),
    ("case_file", "pupil_id = ?"),
    ("contact", "pupil_id = ?"),
    ("flag", "pupil_id = ?"),
    ("removal", "pupil_id = ?"),
    ("outside_report", "pupil_id = ?"),
    ("circumstance", "pupil_id = ?"),
    ("session_pattern", "pupil_id = ?"),
    ("mark_correction", "pupil_id = ?"),
    ("mark", "pupil_id = ?"),
    ("pupil", "id = ?"),
)
_OF_PAPER: Final = (("paper", "id = ?"),)
_MARKS_OF: Final = (
    f"pupil_id = ? AND (session_no, pupil_id) IN (SELECT m.session_no, m.pupil_id FROM mark m "  # noqa: S608  our own words
    f"JOIN import_batch b ON b.id = m.batch_id WHERE m.pupil_id = ? AND {MARKS_MADE})"
)


@dataclass(slots=True)
class Gone:
    """The rows that were taken out, by table: what an import remembered of them is struck out after."""

    rows: dict[str, set[int]] = field(default_factory=dict)

    def add(self, table: str, rows: Iterable[int]) -> None:
        """Note rows as gone."""
        self.rows.setdefault(table, set()).update(rows)


Parts = tuple[tuple[str, str, tuple[Any, ...]], ...]
"""What a record is made of: the table, which of its rows, and what stands for the marks in that."""


def digest_record(
    db: Session, kind: RecordKind, key: str, *, through: date, spares_n: bool
) -> tuple[str, int]:  # fmt: skip
    """Give a record's digest over all its rows as they stand, and how many rows they are.

    ``through`` is the last day on which an entry of the register may have been made; ``spares_n`` leaves marks that are
    N to this day.
    """
    parts = _parts(kind, key, through=through, spares_n=spares_n)
    lines = [line for table, where, values in parts for line in _digests(db, table, where, values)]
    whole = hashlib.sha256("\n".join(dict.fromkeys(lines)).encode("ascii")).hexdigest()
    return whole, len(set(lines))


def destroy_record(
    db: Session, kind: RecordKind, key: str, *, through: date, spares_n: bool, gone: Gone
) -> None:  # fmt: skip
    """Take every row of a record out, overwriting what it held; call ``begin_destroying`` first."""
    cursor = driver_cursor(db)
    for table, where, values in _parts(kind, key, through=through, spares_n=spares_n):
        if table != "mark":
            rows = cursor.execute(f"SELECT id FROM {table} WHERE {where}", values).fetchall()  # noqa: S608  our own words
            gone.add(table, (row for (row,) in rows))
        cursor.execute(f"DELETE FROM {table} WHERE {where}", values)  # noqa: S608  as above


def begin_destroying(db: Session) -> None:
    """Have this connection overwrite what it deletes."""
    driver_cursor(db).execute("PRAGMA secure_delete = ON").fetchall()


def forget_in_imports(db: Session, gone: Gone) -> None:
    """Strike out what imports remembered of the rows, so that nothing can bring it back."""
    wanted = select(ImportBatchRow.id, ImportBatchRow.undo).where(ImportBatchRow.undo.is_not(None))
    for number, packed in db.execute(wanted).all():
        note = UndoNote.unpack(packed)
        kept = [change for change in note.changed if change[1] not in gone.rows.get(change[0], ())]
        added = [(table, row) for table, row in note.added if row not in gone.rows.get(table, ())]
        if len(kept) != len(note.changed) or len(added) != len(note.added):
            fresh = UndoNote(added, kept, note.began_records, note.years).pack()
            db.execute(update(ImportBatchRow).where(ImportBatchRow.id == number).values(undo=fresh))


def _parts(kind: RecordKind, key: str, *, through: date, spares_n: bool) -> Parts:
    number = int(key.partition(":")[2])
    pieces: tuple[tuple[str, str], ...]
    match kind:
        case RecordKind.REGISTER_ENTRY:
            where = f"{_MARKS_OF} AND code <> 'N'" if spares_n else _MARKS_OF
            return (("mark", where, (number, number, *marks_made_by(through))),)
        case RecordKind.CORRECTION:
            return (("mark_correction", "pupil_id = ? AND made_at < ?", (number, moment_after(through))),)
        case RecordKind.ABSENCE_LETTER:
            pieces = _OF_PAPER
        case RecordKind.CASE_FILE:
            decision = ("keeping_decision", "kind = ? AND key = ?", (kind.value, key))
            return (*((table, where, (number,)) for table, where in _OF_CASE), decision)
        case RecordKind.PUPIL_FILE | RecordKind.SAFEGUARDING:
            pieces = _OF_PUPIL
        case _:
            raise ValueError(f"nothing of the kind {kind} is ever disposed of")
    return tuple((table, where, (number,)) for table, where in pieces)


def _digests(db: Session, table: str, where: str, values: tuple[Any, ...]) -> Iterator[str]:
    order = "session_no, pupil_id" if table == "mark" else "id"
    cursor = driver_cursor(db)
    cursor.execute(f"SELECT * FROM {table} WHERE {where} ORDER BY {order}", values)  # noqa: S608  as above
    names = [column[0] for column in cursor.description]
    at = names.index("session_no" if table == "mark" else "id")
    for row in cursor.fetchall():
        yield f"{table} {row[at]} {digest_of(names, row).hex()}"
