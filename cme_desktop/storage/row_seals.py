"""A seal on every row that is written: its digest, bound to the journal entry that tells of it.

Whoever holds the key of the records can change a row with a tool of their own. What they can't do is sign the entry of
the journal anew, so that a row which is no longer what its last seal says gives itself away.

Which rows a transaction touches is noted by triggers of our own connections (SQLite, CREATE TEMP TRIGGER), so that no
use case has to think of it. The register holds a million marks: one seal covers all marks of one day.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from cme_desktop.storage.tables import Base

DIGEST_BYTES: Final = 16
MARKS: Final = "mark"
UNSEALED: Final = frozenset({"journal", "draft"})
"""The journal is chained by itself. A draft is no record: it is written at every pause of the hands, only its typist is
shown it, and what becomes of it is sealed when it is saved; a seal of each would bury the journal in half sentences."""

TABLES: Final = tuple(sorted(set(Base.metadata.tables) - UNSEALED))
"""Every table that holds something of the school; ``mark`` is sealed by the day."""

_as_text: Final = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
_MARKS_OF_DAY: Final = (
    "SELECT session_no, pupil_id, code, batch_id, comment FROM mark WHERE session_no BETWEEN ? AND ? "
    "ORDER BY session_no, pupil_id"
)


@dataclass(frozen=True, slots=True)
class Seal:
    """What a row was: table, number (of a day's marks: twice that is the morning session), digest; None when gone."""

    table: str
    row: int
    digest: bytes | None


def watch_rows(connection: Any) -> None:
    """Have a connection note which rows it touches."""
    connection.execute("CREATE TEMP TABLE touched(tab TEXT, row INTEGER, PRIMARY KEY (tab, row)) WITHOUT ROWID")
    for table in TABLES:
        key = "session_no / 2" if table == MARKS else "id"
        for name, event, which in (("new", "INSERT", "NEW"), ("changed", "UPDATE", "NEW"), ("gone", "DELETE", "OLD")):
            connection.execute(
                f'CREATE TEMP TRIGGER "{name}_{table}" AFTER {event} ON main."{table}" BEGIN '  # noqa: S608  our own table names
                f"INSERT OR IGNORE INTO touched VALUES ('{table}', {which}.{key}); END"
            )


def touch_all(cursor: Any) -> None:
    """Note every row there is as touched: for records made before rows were sealed, or of an older version."""
    for table in TABLES:
        key = "session_no / 2" if table == MARKS else "id"
        cursor.execute(f"INSERT OR IGNORE INTO touched SELECT DISTINCT '{table}', {key} FROM \"{table}\"")  # noqa: S608  as above


def take_touched(cursor: Any) -> tuple[Seal, ...]:
    """Seal the rows that the transaction touched, and begin anew; in the order of tables and numbers."""
    found = cursor.execute("SELECT tab, row FROM touched ORDER BY tab, row").fetchall()
    if not found:
        return ()
    by_table: dict[str, list[int]] = {}
    for table, row in found:
        by_table.setdefault(table, []).append(row)
    seals = [seal for table, rows in by_table.items() for seal in _seal_rows(cursor, table, rows)]
    cursor.execute("DELETE FROM touched")
    return tuple(seals)


def forget_touched(cursor: Any) -> None:
    """Begin anew without sealing."""
    cursor.execute("DELETE FROM touched")


def seal_everything(cursor: Any) -> Iterator[Seal]:
    """Seal every row that there is, without writing anything down."""
    for table in TABLES:
        if table == MARKS:
            days = [day for (day,) in cursor.execute("SELECT DISTINCT session_no / 2 FROM mark ORDER BY 1").fetchall()]
            yield from _seal_rows(cursor, table, days)
            continue
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY id')  # noqa: S608  as above
        names = [column[0] for column in cursor.description]
        at = names.index("id")
        yield from (Seal(table, values[at], digest_of(names, values)) for values in cursor.fetchall())


def write_seals(seals: Iterable[Seal]) -> str:
    """Write seals as the text that stands in the journal: a line each of table, number and digest."""
    return "\n".join(
        f"{seal.table} {seal.row} {'-' if seal.digest is None else seal.digest.hex()}" for seal in seals
    )  # fmt: skip


def read_seals(text: str) -> Iterator[Seal]:
    """Read seals from the text in the journal."""
    for line in text.splitlines():
        table, row, digest = line.split(" ")
        yield Seal(table, int(row), None if digest == "-" else bytes.fromhex(digest))


def digest_of(names: Iterable[str], values: Iterable[Any]) -> bytes:
    """A row's digest; columns that hold nothing do not count, so that a later version may add some."""
    held = sorted((name, _plain(value)) for name, value in zip(names, values, strict=True) if value is not None)
    return hashlib.sha256(_as_text(held).encode("ascii")).digest()[:DIGEST_BYTES]


def _seal_rows(cursor: Any, table: str, rows: list[int]) -> Iterator[Seal]:
    if table == MARKS:
        for day in rows:
            marks = cursor.execute(_MARKS_OF_DAY, (2 * day, 2 * day + 1)).fetchall()
            digest = hashlib.sha256(_as_text(marks).encode("ascii")).digest()[:DIGEST_BYTES] if marks else None
            yield Seal(table, day, digest)
        return
    found: dict[int, bytes] = {}
    for start in range(0, len(rows), 500):
        part = rows[start : start + 500]
        places = ",".join("?" * len(part))
        cursor.execute(f'SELECT * FROM "{table}" WHERE id IN ({places})', part)  # noqa: S608  as above
        names = [column[0] for column in cursor.description]
        at = names.index("id")
        found |= {values[at]: digest_of(names, values) for values in cursor.fetchall()}
    yield from (Seal(table, row, found.get(row)) for row in rows)


def _plain(value: Any) -> Any:
    return {"bytes": hashlib.sha256(value).hexdigest()} if isinstance(value, bytes) else value
