"""Older records are brought up to date after a checked backup, all or nothing; newer ones are refused."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from cme_desktop.casework.office import Office
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage import schema
from cme_desktop.storage.database import connect, open_database
from cme_desktop.storage.schema import NewerRecordsError, UpgradeError, bring_up_to_date
from cme_desktop.storage.tables import Base
from tests.disk import Disk
from tests.office import KEY

DATA = Path(__file__).parents[1] / "data"
_HEAD = 'import sqlalchemy as sa\nfrom alembic import op\nrevision = "0006"\ndown_revision = "0005"\n\ndef upgrade():\n'


@pytest.fixture
def closed(office: Office) -> Path:
    office.database.close()
    return office.paths.records


@pytest.fixture
def migrations(tmp_path: Path) -> Callable[[str], Path]:
    def write(body: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(Path(schema.__file__).parent / "migrations", folder)
        (folder / "versions" / "0006_next.py").write_text(_HEAD + body)
        return folder

    return write


def upgrade(records: Path, migrations: Path) -> None:
    bring_up_to_date(
        records,
        connect=lambda: connect(records, KEY),
        connect_to=lambda to: connect(to, KEY),
        version="0006",
        migrations=migrations,
    )


def ask(records: Path, sql: str) -> list[Any]:
    with closing(connect(records, KEY)) as raw:
        found: list[Any] = raw.execute(sql).fetchall()
        return found


def test_the_migrations_make_exactly_the_tables_the_program_knows(closed: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    raw = connect(closed, KEY)
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)

    with engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), Base.metadata)

    raw.close()
    assert differences == []


def test_an_upgrade_keeps_children_of_a_rebuilt_parent(closed: Path, migrations: Callable[[str], Path]) -> None:
    marks = ask(closed, "SELECT count(*) FROM mark")
    folder = migrations(
        '    with op.batch_alter_table("pupil") as batch:\n        batch.add_column(sa.Column("extra", sa.Text()))\n'
        '        batch.alter_column("sex", new_column_name="sex_or_gender")\n'
    )

    upgrade(closed, folder)

    assert ask(closed, "SELECT version_num FROM alembic_version") == [("0006",)]
    assert ask(closed, "SELECT count(*) FROM mark") == marks
    assert ask(closed, "PRAGMA foreign_key_check") == []


def test_an_upgrade_leaves_an_encrypted_backup_that_opens(closed: Path, migrations: Callable[[str], Path]) -> None:
    upgrade(closed, migrations("    pass\n"))

    (backup,) = (closed.parent / "backups").iterdir()
    assert ask(backup, "SELECT version_num FROM alembic_version") == [("0005",)]
    assert ask(backup, "SELECT count(*) FROM pupil") == ask(closed, "SELECT count(*) FROM pupil")
    assert b"Okafor" not in backup.read_bytes()


def test_an_upgrade_that_fails_leaves_everything_as_it_was(closed: Path, migrations: Callable[[str], Path]) -> None:
    before = ask(closed, "SELECT sql FROM sqlite_master ORDER BY name")
    folder = migrations(
        '    op.add_column("pupil", sa.Column("extra", sa.Text()))\n    raise RuntimeError("half way")\n'
    )

    with pytest.raises(RuntimeError, match="half way"):
        upgrade(closed, folder)

    assert ask(closed, "SELECT version_num FROM alembic_version") == [("0005",)]
    assert ask(closed, "SELECT sql FROM sqlite_master ORDER BY name") == before


def test_an_upgrade_that_would_lose_rows_is_undone(closed: Path, migrations: Callable[[str], Path]) -> None:
    contacts = ask(closed, "SELECT count(*) FROM contact_number")

    with pytest.raises(UpgradeError, match="could not be brought up to date"):
        upgrade(closed, migrations('    op.execute("DELETE FROM contact_number")\n'))

    assert ask(closed, "SELECT count(*) FROM contact_number") == contacts


def test_an_upgrade_without_room_for_its_backup_is_told_and_leaves_everything_as_it_was(small_disk: Disk) -> None:
    records = small_disk.folder / "records.cme"
    shutil.copy(DATA / "records-0001.cme", records)
    before = records.read_bytes()

    with small_disk.full(), pytest.raises(CmeError) as told:
        open_database(records, KEY)

    assert told.value.remedy
    assert records.read_bytes() == before
    open_database(records, KEY).close()
    assert ask(records, "SELECT version_num FROM alembic_version") == [(schema.SCHEMA_VERSION,)]


def test_the_records_of_every_released_schema_are_kept() -> None:
    """Made once by that release with ``python -m tests.data.make_records``; this version's are made when it is out."""
    migrations = sorted((Path(schema.__file__).parent / "migrations" / "versions").glob("0*.py"))
    kept = {file.stem.removeprefix("records-") for file in DATA.glob("records-*.cme")}

    assert {file.name[:4] for file in migrations} - {schema.SCHEMA_VERSION} <= kept


def test_records_of_a_newer_version_are_refused_and_left_alone(closed: Path) -> None:
    with closing(connect(closed, KEY)) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9001'")

    with pytest.raises(NewerRecordsError, match="newer version") as error:
        open_database(closed, KEY)

    assert "Install" in error.value.remedy
    assert not (closed.parent / "backups").exists()


def test_opening_current_records_needs_no_migration_tool(closed: Path) -> None:
    for name in [name for name in sys.modules if name.startswith("alembic")]:
        del sys.modules[name]

    open_database(closed, KEY).close()

    assert "alembic" not in sys.modules


@pytest.mark.parametrize(
    ("version", "duties"),
    [
        ("0001", [("aspire-academy.review", "2026-09-03", 0)]),
        ("0002", [("aspire-academy.review", "2026-09-03", 0), ("randal-cremer.inclusion-meeting", "2026-11-09", 1)]),
        ("0003", [("aspire-academy.review", "2026-09-03", 0), ("randal-cremer.inclusion-meeting", "2026-11-09", 1)]),
        ("0004", [("aspire-academy.review", "2026-09-03", 0), ("randal-cremer.inclusion-meeting", "2026-11-09", 1)]),
    ],
)
def test_records_of_an_earlier_schema_open_with_all_that_was_in_them(
    version: str, duties: list[Any], tmp_path: Path
) -> None:
    records = tmp_path / "records.cme"
    shutil.copy(DATA / f"records-{version}.cme", records)

    open_database(records, KEY).close()

    assert ask(records, "SELECT version_num FROM alembic_version") == [(schema.SCHEMA_VERSION,)]
    assert ask(records, "SELECT count(*) FROM mark") == [(1020,)]
    assert ask(records, "SELECT rule_id, done_on, retracted_at IS NOT NULL FROM standing_duty ORDER BY id") == duties
    assert ask(records, "PRAGMA integrity_check") == [("ok",)]
