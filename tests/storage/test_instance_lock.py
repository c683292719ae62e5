"""Only one copy of the program works on the same records, and a copy that died locks nobody out."""

from __future__ import annotations

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


def test_a_folder_that_can_not_be_written_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file in the way")

    with pytest.raises(RecordsError, match="can't be written"):
        take_lock(tmp_path / "data" / "records.lock")
