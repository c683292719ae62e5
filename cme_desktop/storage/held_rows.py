"""Everything that the tables hold about one pupil, or one contact, found by following the references between tables.

Nothing here names a table: whatever refers to a pupil, or to something that does, is found, so that a table added later
can't be forgotten. ``casework.held.shelves`` says how each is told; a test fails for one that it does not know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import JSON, LargeBinary, Text, or_, select

from cme_desktop.storage.tables import Base, ContactNumberRow, ContactRow, DocumentRow, PaperRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Table
    from sqlalchemy.orm import Session

JOURNAL: Final = "journal"


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row as it stands, by the names of its columns; what holds a whole file is left out."""

    table: str
    values: dict[str, Any]

    @property
    def id(self) -> int:
        """Its number; nought for a mark, which has none."""
        return int(self.values.get("id") or 0)


def tables_about(root: str) -> tuple[str, ...]:
    """Name every table from which a way leads to ``root``, the root first, parents before children."""
    reached = [root]
    for table in Base.metadata.sorted_tables:
        if table.name not in reached and any(parent in reached for parent, _ in _references(table)):
            reached.append(table.name)
    return tuple(reached)


def columns_of(table: str) -> frozenset[str]:
    """Name the columns of a table."""
    return frozenset(Base.metadata.tables[table].columns.keys())


def read_about(db: Session, root: str, numbers: Iterable[int]) -> dict[str, tuple[HeldRow, ...]]:
    """Read every row that refers to these rows of ``root``, directly or through others, with those rows themselves."""
    tables = Base.metadata.tables
    found = {root: _read(db, tables[root], tables[root].c.id.in_(tuple(numbers)))}
    for name in tables_about(root)[1:]:
        table = tables[name]
        wanted = [
            column.in_([row.id for row in found[parent]]) for parent, column in _references(table) if found.get(parent)
        ]
        found[name] = _read(db, table, or_(*wanted)) if wanted else ()
    return found


def read_texts(db: Session, tables: Iterable[str]) -> tuple[HeldRow, ...]:
    """Read the rows of these tables in which somebody wrote words."""
    found: list[HeldRow] = []
    for name in tables:
        table = Base.metadata.tables[name]
        words = [column for column in table.columns if _holds_words(column)]
        if words and "id" in table.columns:
            found += _read(db, table, or_(*(column != "" for column in words)))
    return tuple(found)


def read_same_person(db: Session, contact_id: int) -> tuple[int, ...]:
    """Find the same person on other children's lists: by the number of the school's system, or by name and number."""
    mine = db.get(ContactRow, contact_id)
    if mine is None:
        return ()
    digits = select(ContactNumberRow.digits).where(ContactNumberRow.contact_id == contact_id)
    with_number = select(ContactNumberRow.contact_id).where(ContactNumberRow.digits.in_(digits))
    named = (ContactRow.surname == mine.surname) & (ContactRow.forename == mine.forename)
    alike = named & ContactRow.id.in_(with_number)
    same = or_(alike, ContactRow.mis_id == mine.mis_id) if mine.mis_id else alike
    return tuple(db.scalars(select(ContactRow.id).where(same, ContactRow.id != contact_id)))


def read_file(db: Session, table: str, number: int) -> bytes:
    """Read the bytes of a paper or a document."""
    if table == PaperRow.__tablename__:
        return db.scalars(select(PaperRow.content).where(PaperRow.id == number)).one()
    return db.scalars(select(DocumentRow.pdf).where(DocumentRow.id == number)).one()


def _references(table: Table) -> list[tuple[str, Any]]:
    return [(key.column.table.name, column) for column in table.columns for key in column.foreign_keys]


def _read(db: Session, table: Table, where: Any) -> tuple[HeldRow, ...]:
    columns = [column for column in table.columns if not isinstance(column.type, LargeBinary)]
    order = list(table.primary_key.columns)
    rows = db.execute(select(*columns).where(where).order_by(*order)).mappings()
    return tuple(HeldRow(table.name, dict(row)) for row in rows)


def _holds_words(column: Any) -> bool:
    return isinstance(column.type, Text | JSON)
