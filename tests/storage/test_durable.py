"""A file takes its place whole, waits for a virus scanner that holds it, and says in words why it can't."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import nullcontext
from pathlib import Path

import pytest

from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.key_file import KeyFile, read_key_file, write_key_file
from tests.disk import Disk

SHARING_VIOLATION = 32


class Scanner:
    """Holds a file for so many tries, as Windows tells it; ``waited`` adds up the pauses."""

    def __init__(self, tries: int) -> None:
        self.tries, self.waited = tries, 0.0
        self._replace = Path.replace

    def replace(self, fresh: Path, target: Path) -> Path:
        if self.tries > 0:
            self.tries -= 1
            held = PermissionError(errno.EACCES, "The process cannot access the file")
            vars(held)["winerror"] = SHARING_VIOLATION  # Windows' own
            raise held
        return self._replace(fresh, target)

    def sleep(self, seconds: float) -> None:
        self.waited += seconds


def hold(monkeypatch: pytest.MonkeyPatch, tries: int) -> Scanner:
    scanner = Scanner(tries)
    monkeypatch.setattr(Path, "replace", lambda fresh, target: scanner.replace(fresh, target))  # noqa: PLW0108  bound
    monkeypatch.setattr("cme_desktop.storage.durable.time.sleep", scanner.sleep)
    return scanner


def test_a_file_held_for_a_moment_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scanner = hold(monkeypatch, tries=3)

    write_whole_file(tmp_path / "record.pdf", b"new")

    assert (tmp_path / "record.pdf").read_bytes() == b"new"
    assert 0 < scanner.waited < 1


@pytest.mark.parametrize("what", ["keys", "document"])
def test_a_file_held_for_good_is_told_and_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    keys, document = tmp_path / "keys.json", tmp_path / "record.pdf"
    write_key_file(keys, KeyFile("old", ()))
    document.write_bytes(b"old")
    scanner = hold(monkeypatch, tries=99)

    with pytest.raises(CmeError, match="virus scanner") as told:
        write_key_file(keys, KeyFile("new", ())) if what == "keys" else write_whole_file(document, b"new")

    assert told.value.remedy
    assert 1 < scanner.waited < 2
    assert (read_key_file(keys).database_id, document.read_bytes()) == ("old", b"old")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["keys.json", "record.pdf"]


def test_a_full_disk_leaves_the_key_file_that_was_there_and_no_half_file(small_disk: Disk) -> None:
    keys = small_disk.folder / "keys.json"
    write_key_file(keys, KeyFile("old", ()))

    with small_disk.full(), pytest.raises(CmeError, match=r"disk is full|takes no file") as told:
        write_key_file(keys, KeyFile("new" * 5000, ()))

    assert "not full" in told.value.remedy
    assert read_key_file(keys).database_id == "old"
    assert [file.name for file in small_disk.folder.iterdir()] == ["keys.json"]


def test_a_full_disk_leaves_the_document_that_was_there_and_no_half_file(small_disk: Disk) -> None:
    pdf = small_disk.folder / "record.pdf"
    pdf.write_bytes(b"old")

    with small_disk.full(), pytest.raises(CmeError, match=r"disk is full|takes no file") as told:
        write_whole_file(pdf, b"new" * 5000)

    assert "Free some space" in told.value.remedy
    assert [(file.name, file.read_bytes()) for file in small_disk.folder.iterdir()] == [("record.pdf", b"old")]


@pytest.mark.parametrize(("number", "is_told"), [(errno.EINVAL, False), (errno.ENOTSUP, False), (errno.EIO, True)])
def test_a_share_that_cannot_be_asked_to_keep_a_folder_is_believed_and_a_disk_that_fails_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, *, is_told: bool
) -> None:
    if os.name != "posix":
        pytest.skip("only here a folder is asked for")
    real = os.fsync

    def keep(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", keep)

    with pytest.raises(CmeError) if is_told else nullcontext():
        write_whole_file(tmp_path / "record.pdf", b"new")
    assert (tmp_path / "record.pdf").read_bytes() == b"new"


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(CmeError, match="not there"):
        write_whole_file(tmp_path / "stick" / "record.pdf", b"new")
    with pytest.raises(CmeError, match="not there"):
        write_key_file(tmp_path / "stick" / "keys.json", KeyFile("new", ()))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full."),
        (errno.EROFS, "The disk is read-only."),
        (errno.EIO, "The disk did not answer: it may be loose, taken out or worn."),
        (errno.ENODEV, "The disk is not there any more."),
        (errno.EXDEV, "Invalid cross-device link."),
    ],
)
def test_what_the_system_says_is_told_in_words(number: int, words: str) -> None:
    assert say_why(OSError(number, os.strerror(number))) == words


def test_an_error_without_words_says_nothing() -> None:
    assert say_why(OSError()) == ""
