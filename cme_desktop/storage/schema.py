"""The version of the records' tables, and bringing older records up to date.

An upgrade backs the records up first and checks the copy. It runs with foreign keys off, because rebuilding a parent
table would delete its children by their cascade, and in one explicit transaction, because the driver's own would leave
a failed upgrade half done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from cme_desktop.domain.errors import CmeError

SCHEMA_VERSION: Final = "0005"
_COPIES: Final = "backups"
_COPY: Final = "before-upgrade-from-{}.cme"
_MIGRATIONS: Final = Path(__file__).parent / "migrations"

Connect = Callable[[], Any]


class NewerRecordsError(CmeError):
    """The records were written by a later version of the program."""


class UpgradeError(CmeError):
    """The records could not be brought up to date; they are as they were."""


def build_schema(*, connect: Connect) -> None:
    """Make all tables in a new file."""
    _upgrade(connect, to=SCHEMA_VERSION, migrations=_MIGRATIONS)


def bring_up_to_date(
    path: Path,
    *,
    connect: Connect,
    connect_to: Callable[[Path], Any],
    version: str = SCHEMA_VERSION,
    migrations: Path = _MIGRATIONS,
) -> None:
    """Upgrade the records to this program's version; refuse newer ones, leave current ones alone.

    ``connect`` opens the records, ``connect_to`` a copy with the same key.
    """
    found = read_version(connect)
    if found == version:
        return
    refuse_newer(found, version=version)
    from cme_desktop.storage.backup import copy_records  # noqa: PLC0415  only an upgrade needs it

    copy = path.parent / _COPIES / _COPY.format(found)
    copy.unlink(missing_ok=True)
    copy_records(connect=connect, connect_to=connect_to, to=copy)
    _upgrade(connect, to=version, migrations=migrations)


def forget_copies_before_upgrades(path: Path) -> None:
    """Delete the copies that upgrades of these records left: what is disposed of later stands in them still.

    They are no backups, so that none of them would ever age out; by now the upgrade has held.
    """
    for copy in (path.parent / _COPIES).glob(_COPY.format("*")):
        with suppress(OSError):  # held by a virus scanner: it goes with the next disposal
            copy.unlink()


def refuse_newer(found: str, *, version: str = SCHEMA_VERSION) -> None:
    """Raise ``NewerRecordsError`` for a version that this program does not know yet."""
    if found > version:
        raise NewerRecordsError(
            "These records were written by a newer version of the program.",
            detail=f"They have version {found}; this program knows up to {version}.",
            remedy="Install the newer version of CME Desktop, then open them again.",
        )


def read_version(connect: Connect) -> str:
    """Say which version the records' tables have; raises the driver's error where the key does not fit."""
    connection = connect()
    try:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
        if tables.fetchone()[0] == 0:
            raise UpgradeError(
                "This file holds no records of this program.",
                detail="The key fits, but the tables are not ours.",
                remedy="Choose the right file, or bring back a backup.",
            )
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else ""
    finally:
        connection.close()


def _upgrade(connect: Connect, *, to: str, migrations: Path) -> None:
    from alembic import command  # noqa: PLC0415  a quarter of a second to import, needed here only
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import create_engine, event  # noqa: PLC0415
    from sqlalchemy.pool import StaticPool  # noqa: PLC0415

    raw = connect()
    try:
        raw.execute("PRAGMA foreign_keys = OFF")
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool, module=_driver())
        event.listen(engine, "connect", lambda opened, _entry: setattr(opened, "isolation_level", None))
        event.listen(engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))
        with engine.begin() as connection:
            before = _count_rows(raw)
            config = Config()
            config.set_main_option("script_location", str(migrations).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            _refuse_losses(raw, before)
    finally:
        raw.close()


def _driver() -> Any:
    import sqlcipher3.dbapi2  # noqa: PLC0415  beside the only function that needs it

    return sqlcipher3.dbapi2


def _count_rows(raw: Any) -> dict[str, int]:
    names = raw.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'alembic_version'"
    ).fetchall()
    quoted = ((name, name.replace('"', '""')) for (name,) in names)
    return {name: raw.execute(f'SELECT count(*) FROM "{safe}"').fetchone()[0] for name, safe in quoted}  # noqa: S608  names come from the file's own catalogue


def _refuse_losses(raw: Any, before: dict[str, int]) -> None:
    after = _count_rows(raw)
    lost = [name for name, count in before.items() if after.get(name, count) < count]
    if lost or raw.execute("PRAGMA foreign_key_check").fetchall():
        raise UpgradeError(
            "The records could not be brought up to date.",
            detail="The upgrade would have lost rows" + (f" of {', '.join(lost)}." if lost else "."),
            remedy="Nothing was changed. Keep using the version you had, and report this.",
        )
