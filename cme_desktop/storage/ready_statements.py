"""Statements worked out once and handed to the driver, for what is read or saved while somebody waits.

An outcome is written down between two telephone calls. Through the mapped classes its two lines took several times as
long as the disk did; ready statements take a tenth of that. Values pass through the same column types as everywhere
else, and everything happens inside the session's own transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.orm import DeclarativeBase, Session

_DIALECT: Final = dialect()


class ReadyInsert:
    """The insert of one row into a mapped table: every column is given but the id, which the records choose."""

    def __init__(self, row: type[DeclarativeBase]) -> None:
        columns = [column for column in row.metadata.tables[row.__tablename__].columns if not column.primary_key]
        names = ", ".join(f'"{column.name}"' for column in columns)
        places = ", ".join("?" for _ in columns)
        self._sql = f"INSERT INTO {row.__tablename__} ({names}) VALUES ({places})"  # noqa: S608  names of our tables
        self._in_order: Callable[[Mapping[str, Any]], tuple[Any, ...]] = itemgetter(*(one.name for one in columns))
        as_stored = (_as_stored(column) for column in columns)
        self._as_stored = tuple((place, store) for place, store in enumerate(as_stored) if store is not None)

    def run(self, db: Session, values: Mapping[str, Any]) -> int:
        """Write the row, and give its id."""
        row = list(self._in_order(values))
        for place, store in self._as_stored:
            if row[place] is not None:
                row[place] = store(row[place])
        return int(driver_cursor(db).execute(self._sql, row).lastrowid)


def ready_select(query: Select[Any]) -> str:
    """Work out a query's text once; its values come as the driver gives them, its parameters go by position."""
    return str(query.compile(dialect=_DIALECT))


def stored_form(row: type[DeclarativeBase], name: str) -> Callable[[Any], Any]:
    """Give what turns a value into the form in which a column stores it."""
    store = _as_stored(row.metadata.tables[row.__tablename__].columns[name])
    assert store is not None, f"{name} is stored as it is"
    return store


def driver_cursor(db: Session) -> Any:
    """Give the driver's own cursor, inside the session's transaction and after what the session holds."""
    db.flush()
    connection = db.get_bind()
    assert isinstance(connection, Connection), "a session of the records is bound to its transaction's connection"
    return connection.connection.cursor()


def _as_stored(column: ColumnElement[Any]) -> Callable[[Any], Any] | None:
    return column.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
