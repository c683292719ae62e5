"""The power goes, and with it all that was not surely on the disk: nothing that was shown as saved is lost."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Final

import pytest

from cme_desktop.casework.opening import change_own_password, open_office
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import find_paths
from cme_desktop.storage.database import connect, open_database
from cme_desktop.storage.schema import SCHEMA_VERSION
from tests.casework.test_opening import ME, PASSWORD, now, template
from tests.journeys.killing_commands import Bench
from tests.journeys.power_cuts import cut_a_command, cut_a_morning
from tests.journeys.recorded_disk import Recording, record, why_not_here
from tests.office import KEY

__all__ = ["template"]  # a fixture

pytestmark = pytest.mark.skipif(bool(why_not_here()), reason=why_not_here())

NEW_PASSWORD: Final = "four entirely odd words"
_SAVE_A_FILE: Final = """
import os, sys
from pathlib import Path
from cme_desktop.casework.whole_file import write_whole_file
write_whole_file(Path(sys.argv[1]), b"new" * 2000)
print("saved", flush=True)
"""
_CHANGE_PASSWORD: Final = """
import sys
from pathlib import Path
from tests.journeys.test_power_cuts import change_password
change_password(Path(sys.argv[1]))
print("changed", flush=True)
"""
_UPGRADE: Final = """
import sys
from pathlib import Path
from cme_desktop.storage.database import open_database
from tests.office import KEY
open_database(Path(sys.argv[1]), KEY).close()
print("upgraded", flush=True)
"""
_CARELESS_DATABASE: Final = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("PRAGMA journal_mode = WAL")
db.execute("PRAGMA synchronous = " + sys.argv[2])
db.execute("CREATE TABLE said (number)")
for number in range(20):
    db.execute("INSERT INTO said VALUES (?)", (number,))
    print(number, flush=True)
"""


def left_after(recording: Recording, moment: int, to: Path, chance: Random | None = None) -> str:
    """Cut the power after so many requests; give what had been said by then."""
    for request in recording.requests[:moment]:
        recording.before.take(request)
    recording.before.cut(to, chance)
    return "".join(one.data.decode() for one in recording.requests[:moment] if one.what == ">")


# -- the disk that forgets -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("then", "is_left"),
    [("", False), ("os.fsync(f.fileno())", False), ("os.fsync(f.fileno()); os.fsync(os.open(sys.argv[1], 0))", True)],
    ids=["nothing synced", "the file synced", "file and folder synced"],
)
def test_only_what_was_synced_is_sure_and_a_name_only_with_its_folder(
    tmp_path: Path, then: str, *, is_left: bool
) -> None:
    disk, left = tmp_path / "disk", tmp_path / "left"
    disk.mkdir()
    write = f"import os, sys\nf = open(sys.argv[1] + '/note', 'wb')\nf.write(b'words')\nf.flush()\n{then}"

    recording = record(disk, ["-c", write, str(disk)])
    left_after(recording, len(recording.requests), left)

    assert (left / "note").exists() is is_left
    assert not is_left or (left / "note").read_bytes() == b"words"


@pytest.mark.parametrize(("synchronous", "is_lost"), [("NORMAL", True), ("FULL", False)])
def test_a_database_that_does_not_wait_for_the_disk_is_caught(
    tmp_path: Path, synchronous: str, *, is_lost: bool
) -> None:
    """What the records are kept from by ``synchronous = FULL``, on plain SQLite: the disk would notice."""
    import sqlite3

    disk, left = tmp_path / "disk", tmp_path / "left"
    disk.mkdir()
    recording = record(disk, ["-c", _CARELESS_DATABASE, str(disk / "said.db"), synchronous])
    moment = max(number for number, one in enumerate(recording.requests, 1) if one.what == ">")

    said = left_after(recording, moment, left)
    database = sqlite3.connect(left / "said.db")
    try:
        found = {number for (number,) in database.execute("SELECT number FROM said")}
    except sqlite3.DatabaseError:
        found = set()
    database.close()

    assert (found != {int(number) for number in said.split()}) is is_lost


# -- the program on it -----------------------------------------------------------------------------------------------


def test_a_power_cut_in_a_busy_morning_loses_nothing_that_was_shown_as_saved(tmp_path: Path) -> None:
    cuts = list(cut_a_morning(tmp_path, acts=140, times=16, chance=Random(2026)))

    assert max(cut.found.said for cut in cuts) > 100
    assert {cut.is_torn for cut in cuts} == {True, False}
    assert [cut for cut in cuts if cut.found.lost or not cut.found.whole] == []


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize(
    ("command", "share"),
    [("init", 1.0), ("import --accept", 1.0), ("backup", 1.0), ("restore --replace", 0.8), ("restore --replace", 1.0)],
)
def test_a_command_that_the_power_cuts_short_leaves_all_or_nothing(
    tmp_path: Path, bench: Bench, command: str, share: float
) -> None:
    """Cut at its end, all of it is there: it had said that it was done."""
    is_done = cut_a_command(bench, command, tmp_path, Random(7), torn=share < 1, share=share)

    assert is_done is (share == 1.0)


def test_a_saved_file_is_the_old_one_or_the_new_one_and_the_new_one_once_it_is_said(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    (disk / "record.pdf").write_bytes(b"old")
    moments = range(1, len(record(disk, ["-c", _SAVE_A_FILE, str(disk / "record.pdf")]).requests) + 1)

    for moment in moments:
        for chance in (None, Random(moment)):
            (disk / "record.pdf").write_bytes(b"old")
            recording = record(disk, ["-c", _SAVE_A_FILE, str(disk / "record.pdf")])
            left = tmp_path / "left"
            said = left_after(recording, moment, left, chance)

            found = (left / "record.pdf").read_bytes()
            assert found in {b"old", b"new" * 2000}
            assert "saved" not in said or found == b"new" * 2000
            shutil.rmtree(left)


def test_an_upgrade_cut_short_leaves_the_old_records_or_the_new(tmp_path: Path) -> None:
    disk, kept = tmp_path / "disk", Path(__file__).parents[1] / "data" / "records-0001.cme"
    disk.mkdir()
    shutil.copy(kept, disk / "records.cme")
    recording = record(disk, ["-c", _UPGRADE, str(disk / "records.cme")])
    assert recording.said == "upgraded\n", recording.err
    chance, total, taken = Random(5), len(recording.requests), 0

    for number, moment in enumerate([*sorted(chance.sample(range(1, total), 12)), total]):
        for request in recording.requests[taken:moment]:
            recording.before.take(request)
        taken = moment
        left = tmp_path / f"left-{number}"
        recording.before.cut(left, chance if number % 2 else None)
        with closing(connect(left / "records.cme", KEY)) as raw:
            (version,) = raw.execute("SELECT version_num FROM alembic_version").fetchone()
        open_database(left / "records.cme", KEY).close()
        with closing(connect(left / "records.cme", KEY)) as raw:
            assert raw.execute("SELECT count(*) FROM mark").fetchone() == (1020,)
            assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (SCHEMA_VERSION,)
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert version in ({SCHEMA_VERSION} if moment == total else {"0001", SCHEMA_VERSION})


def change_password(data: Path) -> None:
    """Change the password and leave the desk, as the program does."""
    office = open_office(find_paths(data), user_id=ME, password=PASSWORD, now=now)
    change_own_password(office, old=PASSWORD, new=NEW_PASSWORD)
    leave_desk(office)


def opens(data: Path, password: str) -> bool:
    """Whether the records open with a password."""
    try:
        office = open_office(find_paths(data), user_id=UserId(ME), password=password, now=now)
    except CmeError:
        return False
    leave_desk(office)
    return True


def test_a_change_of_password_cut_short_leaves_one_of_the_two_that_opens(
    tmp_path: Path, template: tuple[Path, str]
) -> None:
    data = tmp_path / "disk" / "data"
    shutil.copytree(template[0], data)
    recording = record(tmp_path / "disk", ["-c", _CHANGE_PASSWORD, str(data)])
    assert recording.said == "changed\n", recording.err
    chance = Random(3)
    total = len(recording.requests)
    moments = [*sorted(chance.sample(range(1, total), 9)), total]

    taken = 0
    for number, moment in enumerate(moments):
        for request in recording.requests[taken:moment]:
            recording.before.take(request)
        taken = moment
        left = tmp_path / f"left-{number}"
        recording.before.cut(left, chance if number % 2 else None)
        old, new = opens(left / "data", PASSWORD), opens(left / "data", NEW_PASSWORD)
        assert (old, new) == (False, True) if moment == total else old is not new, (number, moment, total)
