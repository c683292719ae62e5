"""Only one copy of the program works on the same records, and a copy that died locks nobody out."""

from __future__ import annotations

import errno
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.sqlite_errors import RecordsError, RecordsInUseError

_HOLD = """
import sys, time
from pathlib import Path
from cme_desktop.storage.instance_lock import take_lock
lock = take_lock(Path(sys.argv[1]))
print("held", flush=True)
time.sleep(60)
"""


def test_a_second_copy_is_refused_politely(tmp_path: Path) -> None:
    first = take_lock(tmp_path / "records.lock")

    with pytest.raises(RecordsInUseError, match="already open") as error:
        take_lock(tmp_path / "records.lock")

    assert "close it" in error.value.remedy
    first.release()


def test_the_records_are_free_again_when_the_first_copy_is_closed(tmp_path: Path) -> None:
    take_lock(tmp_path / "records.lock").release()

    take_lock(tmp_path / "records.lock").release()


def test_a_copy_that_was_killed_leaves_no_lock_behind(tmp_path: Path) -> None:
    lock = tmp_path / "records.lock"
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(lock)], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RecordsInUseError):
            take_lock(lock)

        other.kill()
        other.wait()

    take_lock(lock).release()


def test_a_copy_of_the_folder_is_another_school_and_has_a_lock_of_its_own(tmp_path: Path) -> None:
    """The lock's file is copied with the folder; the lock is not."""
    first = take_lock(tmp_path / "data" / "records.lock")
    shutil.copytree(tmp_path / "data", tmp_path / "copy")

    take_lock(tmp_path / "copy" / "records.lock").release()

    first.release()


def test_a_folder_reached_by_two_names_has_one_lock(tmp_path: Path) -> None:
    first = take_lock(tmp_path / "data" / "records.lock")
    (tmp_path / "link").symlink_to(tmp_path / "data")

    with pytest.raises(RecordsInUseError):
        take_lock(tmp_path / "link" / "records.lock")

    first.release()


def test_a_disk_that_knows_no_locks_is_refused_and_not_called_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("cme_desktop.storage.instance_lock._lock", refuse)

    with pytest.raises(RecordsError, match="can't be locked") as told:
        take_lock(tmp_path / "records.lock")

    assert not isinstance(told.value, RecordsInUseError)
    assert "own disk" in told.value.remedy


def test_a_folder_that_can_not_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way")

    with pytest.raises(RecordsError, match="can't be written"):
        take_lock(tmp_path / "data" / "records.lock")
