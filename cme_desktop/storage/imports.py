"""Imports in the records: what came in, the saved mappings, and what is needed to take an import back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from cme_desktop.domain.identifiers import ImportId
from cme_desktop.storage.marks import CorrectionTuple, write_corrections
from cme_desktop.storage.ready_statements import driver_cursor
from cme_desktop.storage.tables import (
    Base,
    CaseRow,
    CircumstanceRow,
    ContactNumberRow,
    ContactRow,
    ImportBatchRow,
    ImportProfileRow,
    MarkCorrectionRow,
    MarkRow,
    PupilEventRow,
    PupilRow,
    UserRow,
)

_TABLES: Final[dict[str, Table]] = {
    row.__tablename__: Base.metadata.tables[row.__tablename__]
    for row in (PupilRow, ContactRow, ContactNumberRow, CircumstanceRow)
}
_UNDO_ORDER: Final = ("contact_number", "contact", "circumstance", "pupil")


@dataclass(frozen=True, slots=True)
class ImportProfile:
    """A saved mapping of columns: by header, with the answers given once."""

    id: int
    name: str
    kind: str
    header_hash: str
    mapping: dict[str, Any]
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ImportBatch:
    """One act of bringing in data."""

    id: ImportId
    kind: str
    source: str
    counts: dict[str, int]
    made_at: datetime
    made_by_name: str
    undone_at: datetime | None


@dataclass(slots=True)
class UndoNote:
    """What an import added and changed, row by row, so that it can be taken back exactly."""

    added: list[tuple[str, int]] = field(default_factory=list)
    changed: list[tuple[str, int, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    began_records: bool = False
    years: list[dict[str, Any]] = field(default_factory=list)

    def pack(self) -> bytes:
        """Write it small."""
        note = {"added": self.added, "changed": self.changed, "began": self.began_records, "years": self.years}
        return zlib.compress(json.dumps(note).encode("utf-8"))

    @classmethod
    def unpack(cls, packed: bytes | None) -> UndoNote:
        """Read it back."""
        if packed is None:
            return cls()
        note = json.loads(zlib.decompress(packed))
        added = [(str(table), int(row)) for table, row in note["added"]]
        return cls(added, [tuple(change) for change in note["changed"]], note["began"], note["years"])

    @property
    def pupils_added(self) -> tuple[int, ...]:
        """The pupils who came in by this import."""
        return tuple(row_id for table, row_id in self.added if table == "pupil")

    @property
    def contacts_added(self) -> tuple[int, ...]:
        """The contacts who came in by this import."""
        return tuple(row_id for table, row_id in self.added if table == "contact")


@dataclass(frozen=True, slots=True)
class MarksUndone:
    """What undoing did to the register: marks taken out, earlier ones restored, later ones left standing."""

    removed: int
    restored: int
    left: int


# -- rows of people --------------------------------------------------------------------------------------------


def add_row(db: Session, note: UndoNote, table: str, values: Mapping[str, Any]) -> int:
    """Add a row, and note that it was added."""
    columns = _TABLES[table]
    row_id = int(db.execute(insert(columns).values(dict(values)).returning(columns.c.id)).scalar_one())
    note.added.append((table, row_id))
    return row_id


def change_row(db: Session, note: UndoNote, table: str, row_id: int, values: Mapping[str, Any]) -> None:
    """Change columns of a row, and note what stood in them."""
    columns = _TABLES[table]
    wanted = [columns.c[name] for name in values]
    old = db.execute(select(*wanted).where(columns.c.id == row_id)).mappings().one()
    note.changed.append((table, row_id, _plain(dict(old)), _plain(dict(values))))
    db.execute(update(columns).where(columns.c.id == row_id).values(dict(values)))


def restore_rows(db: Session, note: UndoNote) -> None:
    """Take added rows out and put changed columns back, unless somebody changed them again since."""
    for table, row_id, old, new in reversed(note.changed):
        columns = _TABLES[table]
        standing = db.execute(select(columns).where(columns.c.id == row_id)).mappings().one_or_none()
        if standing is None:
            continue
        back = {name: _typed(columns, name, old[name]) for name in old if _plain_value(standing[name]) == new[name]}
        if back:
            db.execute(update(columns).where(columns.c.id == row_id).values(back))
    for table in _UNDO_ORDER:
        ids = [row_id for name, row_id in note.added if name == table]
        for start in range(0, len(ids), 500):
            db.execute(delete(_TABLES[table]).where(_TABLES[table].c.id.in_(ids[start : start + 500])))


def count_later_work(db: Session, import_id: int, note: UndoNote) -> int:
    """Count marks of others, events and cases that rest on pupils or contacts this import added."""
    pupils, contacts = note.pupils_added, note.contacts_added
    found = 0
    for start in range(0, len(pupils), 500):
        some = pupils[start : start + 500]
        queries = (
            select(func.count()).select_from(MarkRow).where(MarkRow.pupil_id.in_(some), MarkRow.batch_id != import_id),
            select(func.count()).select_from(PupilEventRow).where(PupilEventRow.pupil_id.in_(some)),
            select(func.count()).select_from(CaseRow).where(CaseRow.pupil_id.in_(some)),
        )
        found += sum(int(db.scalar(query) or 0) for query in queries)
    for start in range(0, len(contacts), 500):
        some = contacts[start : start + 500]
        found += int(
            db.scalar(select(func.count()).select_from(PupilEventRow).where(PupilEventRow.contact_id.in_(some))) or 0
        )
    return found


# -- batches ---------------------------------------------------------------------------------------------------


def find_standing_batch(db: Session, sha256: str) -> ImportBatch | None:
    """Find the import that brought in this very file and was not undone."""
    found = [batch for batch in _batches(db, ImportBatchRow.sha256 == sha256) if batch.undone_at is None]
    return found[0] if found and sha256 else None


def list_batches(db: Session) -> tuple[ImportBatch, ...]:
    """List the files brought in, the latest first."""
    return tuple(_batches(db, ImportBatchRow.sha256 != ""))


def load_undo_note(db: Session, import_id: int) -> UndoNote:
    """Read what is needed to take an import back."""
    return UndoNote.unpack(db.scalar(select(ImportBatchRow.undo).where(ImportBatchRow.id == import_id)))


def finish_batch(
    db: Session, import_id: int, *, counts: Mapping[str, int], undo: UndoNote, profile_id: int | None
) -> None:
    """Write down what an import did, and how to take it back."""
    values = {"counts": dict(counts), "undo": undo.pack(), "profile_id": profile_id}
    db.execute(update(ImportBatchRow).where(ImportBatchRow.id == import_id).values(values))


def mark_batch_undone(db: Session, import_id: int, *, at: datetime, by: int | None) -> None:
    """Note that an import was taken back; its own line stays."""
    db.execute(update(ImportBatchRow).where(ImportBatchRow.id == import_id).values({"undone_at": at, "undone_by": by}))


def _batches(db: Session, where: Any) -> list[ImportBatch]:
    row = ImportBatchRow
    query = (
        select(row.id, row.kind, row.source, row.counts, row.made_at, UserRow.name, row.undone_at)
        .outerjoin(UserRow, UserRow.id == row.made_by)
        .where(where)
        .order_by(row.id.desc())
    )
    return [
        ImportBatch(ImportId(number), kind, source, counts, made_at, name or "", undone_at)
        for number, kind, source, counts, made_at, name, undone_at in db.execute(query)
    ]


# -- marks -----------------------------------------------------------------------------------------------------


def undo_marks(db: Session, import_id: int, *, reason: str, at: datetime, by: int | None) -> MarksUndone:
    """Put the register back as it stood before an import; each step is kept as a correction, nothing is erased."""
    standing = db.execute(
        select(MarkRow.session_no, MarkRow.pupil_id, MarkRow.code).where(MarkRow.batch_id == import_id)
    ).all()
    before = {
        (session, pupil): (code, batch)
        for session, pupil, code, batch in db.execute(
            select(
                MarkCorrectionRow.session_no, MarkCorrectionRow.pupil_id, MarkCorrectionRow.old_code,
                MarkCorrectionRow.old_batch_id,
            ).where(MarkCorrectionRow.new_batch_id == import_id).order_by(MarkCorrectionRow.id.desc())
        )
    }  # fmt: skip
    notes: list[CorrectionTuple] = []
    removed: list[tuple[int, int]] = []
    restored: list[tuple[str, int, int, int]] = []
    for session, pupil, code in standing:
        old, batch = before.get((session, pupil), (None, None))
        notes.append((session, pupil, code, import_id, old, batch))
        if old is None or batch is None:
            removed.append((session, pupil))
        else:
            restored.append((old, batch, session, pupil))
    cursor = driver_cursor(db)
    cursor.executemany("DELETE FROM mark WHERE session_no = ? AND pupil_id = ?", removed)
    cursor.executemany(
        "UPDATE mark SET code = ?, batch_id = ?, comment = NULL WHERE session_no = ? AND pupil_id = ?", restored
    )
    write_corrections(db, notes, reason=reason, at=at, by=by)
    left = db.scalar(
        select(func.count())
        .select_from(MarkCorrectionRow)
        .where(MarkCorrectionRow.old_batch_id == import_id, MarkCorrectionRow.new_batch_id != import_id)
    )
    return MarksUndone(len(removed), len(restored), max(0, int(left or 0) - len(restored)))


def write_comments(db: Session, comments: Iterable[tuple[str, int, int]]) -> None:
    """Note minutes late and the like beside marks: comment, session's number, pupil."""
    cursor = driver_cursor(db)
    cursor.executemany("UPDATE mark SET comment = ? WHERE session_no = ? AND pupil_id = ?", list(comments))


# -- profiles --------------------------------------------------------------------------------------------------


def find_profile(db: Session, *, header_hash: str = "", name: str = "") -> ImportProfile | None:
    """Find the latest saved mapping for a header, or of a name."""
    where = ImportProfileRow.name == name if name else ImportProfileRow.header_hash == header_hash
    row = db.scalars(select(ImportProfileRow).where(where).order_by(ImportProfileRow.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return ImportProfile(row.id, row.name, row.kind, row.header_hash, row.mapping, row.values)


def save_profile(
    db: Session,
    *,
    name: str,
    kind: str,
    header_hash: str,
    mapping: dict[str, Any],
    values: dict[str, Any],
    at: datetime,
) -> int:
    """Save a mapping under the header it fits, in place of the one known for it."""
    known = find_profile(db, header_hash=header_hash)
    facts = {"name": name, "kind": kind, "header_hash": header_hash, "mapping": mapping, "values": values}
    if known is not None and known.kind == kind:
        db.execute(update(ImportProfileRow).where(ImportProfileRow.id == known.id).values(facts))
        return known.id
    query = insert(ImportProfileRow).values({**facts, "made_at": at}).returning(ImportProfileRow.id)
    return int(db.execute(query).scalar_one())


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(table: Table, name: str, value: Any) -> Any:
    if value is None:
        return None
    wanted = table.c[name].type.python_type
    if wanted is datetime:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if wanted is date else value
