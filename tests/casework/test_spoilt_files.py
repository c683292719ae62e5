"""A byte that flips on the disk, or a file that was copied by half: all is as before, or it is told what to do."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.casework.restoring import list_people_in, look_into
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage import vault
from cme_desktop.storage.backup import examine
from cme_desktop.storage.database import connect, open_database
from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.key_file import KdfCost, read_key_file
from cme_desktop.storage.log_end import LogCutShortError
from cme_desktop.storage.sqlite_errors import in_the_offices_words
from tests.casework.test_opening import ME, PASSWORD, now, paths, template
from tests.office import KEY, LUCJA, an_office

__all__ = ["paths", "template"]  # fixtures

PAGE: Final = 4096
OTHER: Final = "another odd phrase"


def flipped(data: bytes, place: int, bit: int) -> bytes:
    spoilt = bytearray(data)
    spoilt[place] ^= 1 << bit
    return bytes(spoilt)


def dump(records: Path) -> list[Any]:
    """Read every row of every table, as the program reads them; raise ``CmeError`` where it can't."""
    database = open_database(records, KEY)
    database.close()
    with in_the_offices_words(), closing(connect(records, KEY)) as raw:
        tables = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return [raw.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in tables]


# -- the records -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Any], Path]:
    office = an_office(tmp_path_factory.mktemp("whole"))
    office.database.close()
    return office.paths.records.read_bytes(), dump(office.paths.records), tmp_path_factory.mktemp("spoilt")


def is_right_or_told(data: bytes, whole: tuple[bytes, list[Any], Path]) -> None:
    """What can be read of spoilt records is what was written, and their check says that they are spoilt."""
    records = whole[2] / "records.cme"
    for left in whole[2].iterdir():
        left.unlink()
    records.write_bytes(data)
    try:
        assert dump(records) == whole[1]
        with in_the_offices_words(), closing(connect(records, KEY)) as raw:
            assert not examine(raw)
    except CmeError as told:
        assert told.remedy  # noqa: PT017  either end is right


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_a_flipped_byte_of_the_records_is_noticed_wherever_it_is(
    whole: tuple[bytes, list[Any], Path], place: int, bit: int
) -> None:
    is_right_or_told(flipped(whole[0], place % len(whole[0]), bit), whole)


@pytest.mark.parametrize("within", [0, 16, 100, PAGE - 81, PAGE - 80, PAGE - 64, PAGE - 1])
@pytest.mark.parametrize("page", [0, 1, -1])
def test_a_flipped_byte_in_each_part_of_a_page_is_noticed(
    whole: tuple[bytes, list[Any], Path], page: int, within: int
) -> None:
    """The salt of the file, its header, what is encrypted, and what proves it."""
    is_right_or_told(flipped(whole[0], page % (len(whole[0]) // PAGE) * PAGE + within, 3), whole)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.one_of(st.integers(0, 10**9), st.integers(0, 10**5).map(lambda pages: pages * PAGE)))
def test_records_copied_by_half_are_told_whatever_their_length(
    whole: tuple[bytes, list[Any], Path], length: int
) -> None:
    records = whole[2] / "records.cme"
    for left in whole[2].iterdir():
        left.unlink()
    records.write_bytes(whole[0][: length % len(whole[0])])

    with pytest.raises(CmeError) as told:
        dump(records)

    assert told.value.remedy


# -- the log beside the records ----------------------------------------------------------------------------------------

FRAME: Final = 24 + PAGE
ACTS: Final = 12


@pytest.fixture(scope="module")
def cut_off(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, Path]:
    """Records and their log, as a program that was killed leaves them after a dozen notes."""
    office = an_office(tmp_path_factory.mktemp("cut-off"))
    for number in range(ACTS):
        record_note(office, pupils=(LUCJA,), words=f"note {number}")
    log = office.paths.records.with_name("records.cme-wal")
    left = office.paths.records.read_bytes(), log.read_bytes(), tmp_path_factory.mktemp("log")
    office.database.close()
    return left


def open_with_log(log: bytes, cut_off: tuple[bytes, bytes, Path]) -> set[str]:
    """Open the records with this log, as the window does, and give the notes."""
    data = cut_off[2]
    for left in data.iterdir():
        left.unlink()
    (data / "records.cme").write_bytes(cut_off[0])
    (data / "records.cme-wal").write_bytes(log)
    return read_notes(data / "records.cme")


def read_notes(records: Path) -> set[str]:
    lock = take_lock(records.with_name("records.lock"))
    try:
        database = open_database(records, KEY, lock=lock)
    except CmeError:
        lock.release()
        raise
    try:
        with database.reading() as db:
            assert check_journal(db).ok
            return set(db.scalars(text("SELECT words FROM pupil_event")))
    finally:
        database.close()


def test_a_whole_log_is_read_and_one_whose_last_act_is_half_written_too(cut_off: tuple[bytes, bytes, Path]) -> None:
    log = cut_off[1]
    ends = [
        number for number in range((len(log) - 32) // FRAME) if log[32 + number * FRAME + 4 : 32 + number * FRAME + 8]
        != bytes(4)
    ]  # fmt: skip
    half = log[: 32 + (ends[-2] + 1) * FRAME + 500]

    assert open_with_log(log, cut_off) == {f"note {number}" for number in range(ACTS)}
    assert open_with_log(half, cut_off) == {f"note {number}" for number in range(ACTS - 1)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_a_flipped_byte_of_the_log_never_loses_an_act_in_silence(
    cut_off: tuple[bytes, bytes, Path], place: int, bit: int
) -> None:
    """But for the last act of all: there, a byte that flipped and a power cut while it was saved look the same."""
    try:
        found = open_with_log(flipped(cut_off[1], place % len(cut_off[1]), bit), cut_off)
    except LogCutShortError as told:
        assert "enter again what is missing" in told.remedy  # noqa: PT017  either end is right
        found = read_notes(cut_off[2] / "records.cme")  # told once; then it opens with what is whole
        assert found < {f"note {number}" for number in range(ACTS)}
    else:
        assert found >= {f"note {number}" for number in range(ACTS - 1)}


# -- the key file ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, Path]:
    file = tmp_path_factory.mktemp("keys") / "keys.json"
    made = vault.create_vault(file, user_id=1, name="Pat Mellor", password=PASSWORD, cost=KdfCost(64, 1, 1))
    return file.read_bytes(), made.key, file


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.integers(0, 10**9), bit=st.integers(0, 7))
def test_a_flipped_byte_of_the_key_file_opens_as_before_or_is_told(
    keys: tuple[bytes, bytes, Path], place: int, bit: int
) -> None:
    whole, key, file = keys
    file.write_bytes(flipped(whole, place % len(whole), bit))
    try:
        found = vault.unlock(file, user_id=1, password=PASSWORD)
    except CmeError as told:
        assert any(word in told.remedy for word in ("backup", "newer version", "add you"))  # noqa: PT017  as above
    else:
        assert found == key


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(length=st.integers(0, 10**9))
def test_a_key_file_copied_by_half_is_told(keys: tuple[bytes, bytes, Path], length: int) -> None:
    whole, _, file = keys
    file.write_bytes(whole[: length % (len(whole) - 1)])

    with pytest.raises(CmeError, match="can't be read") as told:
        read_key_file(file)

    assert "backup" in told.value.remedy


def test_a_right_password_that_a_spoilt_key_file_refuses_is_not_called_wrong_alone(paths: Paths) -> None:
    told = paths.keys.read_text("utf-8")
    salt = told.index('"salt": "') + 9
    paths.keys.write_text(told[:salt] + ("A" if told[salt] != "A" else "B") + told[salt + 1 :], "utf-8")

    with pytest.raises(vault.WrongPasswordError, match="key file is damaged") as refused:
        open_office(paths, user_id=ME, password=PASSWORD, now=now)

    assert "bring back a backup" in refused.value.remedy


def test_a_key_file_found_spoilt_stays_so_until_it_is_brought_back(paths: Paths) -> None:
    """The recovery key's slot was hit: who opens with a password, and leaves, does not make it whole."""
    told = paths.keys.read_text("utf-8")
    salt = told.rindex('"salt": "') + 9
    paths.keys.write_text(told[:salt] + ("A" if told[salt] != "A" else "B") + told[salt + 1 :], "utf-8")

    leave_desk(open_office(paths, user_id=ME, password=PASSWORD, now=now))
    office = open_office(paths, user_id=ME, password=PASSWORD, now=now)
    said = examine_records(office).attention
    leave_desk(office)

    assert said[0].startswith("The key file is damaged.")
    with pytest.raises(vault.WrongPasswordError):
        open_office(paths, user_id=ME, password=OTHER, now=now)


# -- a backup --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory, template: tuple[Path, str]) -> tuple[bytes, Any, Path]:
    folder = tmp_path_factory.mktemp("backup")
    shutil.copytree(template[0], folder / "data")
    office = open_office(find_paths(folder / "data"), user_id=ME, password=PASSWORD, now=now)
    made = make_backup(office, to=folder)
    leave_desk(office)
    return made.file.read_bytes(), made.held, folder


@pytest.mark.parametrize("number", range(24))
def test_a_backup_with_a_flipped_byte_is_the_same_or_is_told(backup: tuple[bytes, Any, Path], number: int) -> None:
    whole, _, _ = backup
    chance = Random(number)
    spoil: Callable[[], int] = [
        lambda: chance.randrange(len(whole)),
        lambda: chance.randrange(len(whole) - 600, len(whole)),
        lambda: whole.index(b"keys.json") + chance.randrange(2000),
    ][number % 3]

    _same_or_told(flipped(whole, spoil(), chance.randrange(8)), backup)


@pytest.mark.parametrize("number", range(12))
def test_a_backup_copied_by_half_is_told(backup: tuple[bytes, Any, Path], number: int) -> None:
    whole, _, folder = backup
    length = [0, 1, 100, len(whole) - 1, *(Random(number).randrange(len(whole)) for _ in range(8))][number]
    file = folder / "half.cmebackup"
    file.write_bytes(whole[:length])

    assert list_people_in(file) == ()
    with pytest.raises(CmeError) as told:
        look_into(find_paths(folder / "data"), file, user_name=None, password=PASSWORD, now=now)
    assert told.value.remedy


def _same_or_told(data: bytes, backup: tuple[bytes, Any, Path]) -> None:
    _, held, folder = backup
    file = folder / "spoilt.cmebackup"
    file.write_bytes(data)
    try:
        found = look_into(find_paths(folder / "data"), file, user_name=None, password=PASSWORD, now=now)
    except CmeError as told:
        assert told.remedy  # noqa: PT017  either end is right
    else:
        assert (found.held.pupils, found.held.marks, found.held.entries) == (
            held.pupils, held.marks, held.journal_entries
        )  # fmt: skip
