"""What SQLite and SQLCipher say when something goes wrong, in the office's words: the one place for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import sqlcipher3.dbapi2
from sqlalchemy.exc import DBAPIError

from cme_desktop.domain.errors import CmeError


class RecordsError(CmeError):
    """The records could not be opened, read or written."""


class RecordsInUseError(RecordsError):
    """Somebody else holds the records."""


class NotOpenedError(RecordsError):
    """A database file could not be opened or made in its folder."""


_DISK_FULL: Final = (
    "The disk is full.",
    "Nothing of this step was saved; everything saved before is safe.",
    "Free some space on the disk, then do the step again.",
)
_READ_ONLY: Final = (
    "The records can't be written.",
    "The folder or the file is read-only for you, or the disk does not answer. Nothing of this step was saved.",
    "Check that the disk is connected; else ask whoever looks after the computer to let you write to the folder.",
)
_LOCKED: Final = (
    "The records are busy.",
    "Another program, such as a virus scanner or a second copy of this one, holds them and has not finished.",
    "Wait a moment and do the step again. Nothing of this step was saved; everything saved before is safe.",
)
_NOT_RECORDS: Final = (
    "This file can't be opened as records.",
    "Either the key does not fit, or the file is not a records file of this program.",
    "Check that the records and their key file belong together, or bring back a backup.",
)
_DAMAGED: Final = (
    "The records file is damaged, or its disk does not answer.",
    "A part of it can't be read. Nothing of this step was saved.",
    (
        "Check that the disk is connected, lock the window and unlock it. If it is said again, choose"
        " “Bring a backup back…” where the password is asked for; the damaged file is kept beside."
    ),
)
_NOT_FOUND: Final = (
    "The records file can't be opened.",
    "It is not there, or its folder can't be used or written to.",
    (
        "Check that the folder is there, that you may write to the folder, and that the disk is connected and not full;"
        " if the file is gone, bring back a backup."
    ),
)
_DISK_TROUBLE: Final = (
    "The disk did not do what was asked.",
    "Reading or writing failed. Nothing of this step was saved.",
    "Check that the disk is connected, lock the window, unlock it, and do the step again.",
)

_WORDS_OF: Final = {
    "SQLITE_FULL": _DISK_FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_NOTADB": _NOT_RECORDS,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_CANTOPEN": _NOT_FOUND,
    "SQLITE_IOERR": _DISK_TROUBLE,
}
_KIND_OF: Final = {
    "SQLITE_BUSY": RecordsInUseError,
    "SQLITE_LOCKED": RecordsInUseError,
    "SQLITE_CANTOPEN": NotOpenedError,
}


@contextmanager
def in_the_offices_words() -> Iterator[None]:
    """Turn the database's own errors into ones people can act on; a broken promise of ours stays a bug."""
    try:
        yield
    except (DBAPIError, sqlcipher3.dbapi2.Error) as error:
        explained = _explain(error)
        if explained is None:
            raise
        raise explained from None


def _explain(error: DBAPIError | Exception) -> RecordsError | None:
    cause = error.orig if isinstance(error, DBAPIError) else error
    name = str(getattr(cause, "sqlite_errorname", ""))
    for known, (title, detail, remedy) in _WORDS_OF.items():
        if name == known or name.startswith(known + "_"):
            return _KIND_OF.get(known, RecordsError)(title, detail=detail, remedy=remedy)
    return None
