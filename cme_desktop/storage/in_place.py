"""Whether the records are still where they were opened.

A file that is deleted or moved while it is open can be written for hours on some systems, and nothing of it is kept.
So what was saved is told as saved only while the file and its log still stand in their folder.
"""

from __future__ import annotations

import os
from pathlib import Path

from cme_desktop.storage.sqlite_errors import RecordsError


class RecordsGoneError(RecordsError):
    """The records were moved, deleted, or are on a disk that was taken out."""


class InPlace:
    """Knows the file by what the system calls it, not by its name."""

    def __init__(self, path: Path) -> None:
        self._records, self._log = os.fspath(path), os.fspath(path) + "-wal"
        self._known = _identity(self._records)

    def refuse_gone(self) -> None:
        """Raise ``RecordsGoneError`` where the file is no longer the one that was opened."""
        try:
            is_there = _identity(self._records) == self._known
        except OSError:
            is_there = False
        if not is_there:
            raise _gone()

    def refuse_unkept(self) -> None:
        """Raise ``RecordsGoneError`` where what was just saved went into a file that is gone."""
        self.refuse_gone()
        try:
            _identity(self._log)
        except OSError:
            raise _gone() from None


def _identity(path: str) -> tuple[int, int]:
    found = os.stat(path)  # noqa: PTH116  a path object would take half as long again, twice in each transaction
    return found.st_dev, found.st_ino


def _gone() -> RecordsGoneError:
    return RecordsGoneError(
        "The records are no longer where they were opened.",
        detail="Their folder was moved or deleted, or the disk was taken out. Nothing is saved until then.",
        remedy="Put the folder or the disk back, then lock the window and unlock it. If the records are gone, choose"
        " “Bring a backup back…” where the password is asked for.",
    )
