"""What comes from outside goes through few doors, each with a bound; nothing of it ever becomes SQL or a formula."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

PROJECT: Final = Path(__file__).parents[2]
PROGRAM: Final = PROJECT / "cme_desktop"

_TRIGGER: Final = (
    'f"""CREATE TEMP TRIGGER "{name}_{table}" AFTER {event} ON main."{table}" BEGIN '
    'INSERT OR IGNORE INTO touched VALUES (\'{table}\', {which}.{key}); END"""'
)
_TOUCH: Final = "f'''INSERT OR IGNORE INTO touched SELECT DISTINCT '{table}', {key} FROM \"{table}\"'''"
_OF_DESTROYING: Final = "names of our tables and texts of the module; the values are parameters"
_KEPT_MARKS: Final = (
    "f\"SELECT m.pupil_id, count(*), min(m.session_no), max(m.session_no), max(b.made_at), sum(m.code = 'N') "
    'FROM mark m JOIN import_batch b ON b.id = m.batch_id WHERE {MARKS_MADE} GROUP BY m.pupil_id"'
)
_PROTECTED: Final = (
    "f'SELECT pupil_id FROM circumstance WHERE name IN ({_places(names)}) UNION SELECT pupil_id FROM pupil_event "
    "WHERE kind IN ({_places(kinds)}) UNION SELECT pupil_id FROM outside_report WHERE kind = ?'"
)
BUILT_SQL: Final = {
    ("storage/backup.py", "f'SELECT count(*) FROM {table}'"): "three names of our tables, written beside it",
    ("storage/ready_statements.py", "f'INSERT INTO {row.__tablename__} ({names}) VALUES ({places})'"):
        "names of a mapped class's table and columns; the values are parameters",
    ("storage/row_seals.py", _TRIGGER):
        "names of our tables and words of the module",
    ("storage/row_seals.py", _TOUCH):
        "names of our tables",
    ("storage/row_seals.py", "f'SELECT * FROM \"{table}\" WHERE id IN ({places})'"):
        "names of our tables and question marks; the values are parameters",
    ("storage/row_seals.py", "f'SELECT * FROM \"{table}\" ORDER BY id'"): "names of our tables",
    ("storage/schema.py", "f'SELECT count(*) FROM \"{safe}\"'"): "names of the file's own catalogue, quoted",
    ("storage/database.py", "f'''PRAGMA key = \"x'{key.hex()}'\"'''"):
        "hexadecimal digits of 32 bytes; a pragma takes no parameters",
    ("storage/marks.py", "query + ' AND pupil_id = ?'"): "two texts of the module; the values are parameters",
    ("storage/marks.py", "sql + order"): "texts of the module; the values are parameters",
    ("storage/marks.py", "f'{sql} AND pupil_id = ?{order}'"): "texts of the module; the values are parameters",
    ("storage/destroying.py", "f'SELECT id FROM {table} WHERE {where}'"): _OF_DESTROYING,
    ("storage/destroying.py", "f'DELETE FROM {table} WHERE {where}'"): _OF_DESTROYING,
    ("storage/destroying.py", "f'SELECT * FROM {table} WHERE {where} ORDER BY {order}'"): _OF_DESTROYING,
    ("storage/kept_records.py", _KEPT_MARKS): "a text of the module; the values are parameters",
    ("storage/kept_records.py", _PROTECTED): "question marks; the values are parameters",
}  # fmt: skip
"""Every statement put together from pieces, and why no piece of it can come from outside."""

_SQL: Final = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE|PRAGMA|CREATE|DROP|ALTER|ATTACH|DETACH|VACUUM|WITH|SAVEPOINT)\b"
)
_RUNS_SQL: Final = frozenset({"execute", "executemany", "executescript", "exec_driver_sql"})


def _sources(folder: Path = PROGRAM) -> Iterator[tuple[str, ast.AST]]:
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        if not name.startswith("storage/migrations/versions/"):
            yield name, ast.parse(path.read_text("utf-8"))


def find_built_sql(tree: ast.AST) -> set[str]:
    """Find every text put together from pieces that begins like SQL, or is run as SQL."""
    found = {ast.unparse(node) for node in ast.walk(tree) if _is_built(node) and _SQL.match(_begins(node))}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _RUNS_SQL:
            found |= {ast.unparse(first) for first in node.args[:1] if _is_built(first)}
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"text", "sqlalchemy.text", "sa.text"}:
            found |= {ast.unparse(node) for first in node.args[:1] if _SQL.match(_begins(first)) and _is_built(first)}
    return found


def _is_built(node: ast.AST) -> bool:
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(part, ast.FormattedValue) for part in node.values)
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Add | ast.Mod)
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {
        "format", "format_map", "join", "replace",
    }  # fmt: skip


def _begins(node: ast.AST) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return _begins(node.values[0]) if node.values else ""
    if isinstance(node, ast.BinOp):
        return _begins(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _begins(node.func.value)
    return ""


def test_sql_is_put_together_nowhere_but_where_it_is_said_why() -> None:
    found = {(name, text) for name, tree in _sources() for text in find_built_sql(tree)}

    assert found == set(BUILT_SQL)


@pytest.mark.parametrize(
    "code",
    [
        "db.execute(f'SELECT * FROM pupil WHERE name = {name}')",
        "query = f'DELETE FROM {table}'",
        "query = 'SELECT * FROM pupil WHERE name = ' + name",
        "query = 'UPDATE pupil SET name = %s' % name",
        "query = 'SELECT {}'.format(name)",
        "cursor.execute(sql + name)",
        "cursor.executemany(f'{sql} {name}', rows)",
    ],
)
def test_sql_put_together_from_pieces_would_be_found(code: str) -> None:
    assert find_built_sql(ast.parse(code))


@pytest.mark.parametrize("code", ["db.execute('SELECT 1')", "db.execute(select(Pupil))", "say(f'Select {n} rows')"])
def test_sql_written_out_and_sentences_are_let_be(code: str) -> None:
    assert not find_built_sql(ast.parse(code))


READS_WHOLE_FILES: Final = {
    "importers/calendars.py": "the calendars that come with the program",
    "casework/self_test.py": "the made-up pupils that come with the program",
    "storage/log_end.py": "the log beside the records, which SQLite reads whole as well",
}
"""Where a file is read without a bound, and why it is none from outside."""


def test_files_from_outside_are_read_with_a_bound() -> None:
    found = {name for name, tree in _sources() if "read_bytes" in {_name_of(node) for node in ast.walk(tree)}}

    assert found == set(READS_WHOLE_FILES)


def _name_of(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else ""


ONLY_HERE: Final = {
    "csv": {"importers/csv_file.py", "documents/csv_list.py"},
    "xml.etree.ElementTree": {"importers/workbook.py"},
    "zipfile": {"importers/workbook.py", "storage/backup_file.py"},
    "pickle": set(),
    "marshal": set(),
    "shelve": set(),
    "yaml": set(),
    "lxml": set(),
    "openpyxl": set(),
    "xml.sax": set(),
    "xml.dom": set(),
    "PySide6.QtXml": set(),
}
"""What reads or writes formats in which harm can hide, and the modules that may use it."""


@pytest.mark.parametrize("module", ONLY_HERE)
def test_a_format_in_which_harm_can_hide_is_used_where_it_is_guarded(module: str) -> None:
    found = set()
    for name, tree in _sources():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import) and module in {alias.name for alias in node.names}:
                found.add(name)
            if isinstance(node, ast.ImportFrom) and node.module == module:
                found.add(name)

    assert found == ONLY_HERE[module]


def test_no_text_is_ever_run_as_a_program() -> None:
    found = [
        (name, node.func.id)
        for name, tree in _sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"eval", "exec", "compile"}
    ]

    assert found == []
