"""One row of each table changed with SQL and the key: the journal's check names that row, whichever table it is in."""

from __future__ import annotations

from contextlib import closing
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import JSON, insert

from cme_desktop.casework.phone_codes import code_at, step_at
from cme_desktop.casework.second_factor import offer_phone, switch_on
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.storage.database import connect
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.row_seals import MARKS, TABLES
from cme_desktop.storage.tables import Base
from tests.keeping import HEADS, NOW, a_school_with_old_records, add_closed_case, add_long_gone, sit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cme_desktop.casework.office import Office


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Records with a row in every table, whose head is asked for codes."""
    office = sit(a_school_with_old_records(tmp_path_factory.mktemp("sealed")))
    add_closed_case(office, add_long_gone(office), closed_on=date(2019, 7, 1))
    offer = offer_phone(office)
    switch_on(office, offer, password=HEADS, code=code_at(offer.secret, step_at(office.now())))
    numbers: dict[str, int] = {}
    with office.database.transaction() as db:
        for table in (each for each in Base.metadata.sorted_tables if each.name in TABLES):
            if db.execute(table.select().limit(1)).first() is None:
                db.execute(insert(table).values({column.name: _value(column, numbers) for column in table.columns}))
            found = db.execute(table.select().limit(1)).mappings().one()
            numbers[table.name] = found.get("id", 0)
        write_journal(db, at=office.now(), by=office.user.id, act="filled", subject="school", details={})
    assert examine_records(office).journal.ok
    yield office
    leave_desk(office)


def _value(column: Any, numbers: dict[str, int]) -> Any:
    parent = next((key.column.table.name for key in column.foreign_keys), "")
    if parent:
        return numbers.get(parent, 1)
    if isinstance(column.type, JSON):
        return {"said": "zz"}
    kinds: dict[type, Any] = {
        str: f"zz {column.name}", int: 7, bool: True, bytes: b"zz", date: NOW.date(), datetime: NOW, object: NOW,
    }  # fmt: skip
    return kinds[column.type.python_type]


def _one_column(table: str) -> str:
    """A column that says something, rather than one by which rows refer to each other."""
    columns = [each for each in Base.metadata.tables[table].columns if not each.primary_key and not each.foreign_keys]
    words = [each for each in columns if each.type.python_type is str]
    return str((words or columns)[-1].name)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_changed_with_sql_is_named_in_every_table(table: str, filled: Office) -> None:
    column = "code" if table == MARKS else _one_column(table)
    with closing(connect(filled.database.path, filled.database.key)) as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("BEGIN")
        where = "ROWID = (SELECT min(ROWID) FROM {table})"
        if table == MARKS:
            where = "(session_no, pupil_id) = (SELECT session_no, pupil_id FROM mark LIMIT 1)"
        ((number, before),) = raw.execute(
            f"SELECT {'session_no / 2' if table == MARKS else 'id'}, {column} FROM {table} "
            f"WHERE {where.format(table=table)}"
        ).fetchall()
        change = f"UPDATE {table} SET {column} = ? WHERE {where.format(table=table)}"
        raw.execute(change, ("X",))
        raw.execute("COMMIT")
        try:
            found = examine_records(filled).journal
        finally:
            raw.execute(change, (before,))

    assert not found.ok
    assert found.row == (f"marks of day {number}" if table == MARKS else f"{table} {number}")
    assert examine_records(filled).journal.ok


@pytest.mark.parametrize("name", ["second_factor.1", "second_factor.1.unused", "second_factor.1.last", "journal.key.1"])
def test_what_the_records_know_of_codes_and_keys_can_not_be_changed_unseen(name: str, filled: Office) -> None:
    with closing(connect(filled.database.path, filled.database.key)) as raw:
        ((number, before),) = raw.execute("SELECT id, value FROM setting WHERE name = ?", (name,)).fetchall()
        raw.execute("UPDATE setting SET value = ? WHERE id = ?", ('""', number))
        try:
            found = examine_records(filled).journal
        finally:
            raw.execute("UPDATE setting SET value = ? WHERE id = ?", (before, number))

    assert found.row == f"setting {number}"
