"""One copy of the program at a time on the same records.

The lock is the operating system's, held on a small file: it is let go when the program ends, however it ends, so that
a crash never locks anybody out.
"""

from __future__ import annotations

import errno
import sys
from pathlib import Path
from typing import IO, Final

from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.sqlite_errors import RecordsError, RecordsInUseError

_HELD: Final = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
"""What the systems say where another program holds the lock."""


class InstanceLock:
    """The lock, held until ``release``."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def release(self) -> None:
        """Let the records go."""
        self._file.close()


def take_lock(path: Path) -> InstanceLock:
    """Take the lock on the records in this folder; raise ``RecordsInUseError`` where another copy holds it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("ab")
    except OSError as error:
        raise RecordsError(
            "The folder of the records can't be written.",
            detail=say_why(error),
            remedy="Ask whoever looks after the computer to let you write to it, or choose another folder.",
        ) from None
    try:
        _lock(file)
    except OSError as error:
        file.close()
        if error.errno not in _HELD:
            raise RecordsError(
                "The records can't be locked here.",
                detail="This disk can't keep a second copy of the program out, so that two could write at once.",
                remedy="Move the folder of the records to this computer's own disk.",
            ) from None
        raise RecordsInUseError(
            "CME Desktop is already open on these records.",
            detail="Another window, perhaps another person's, has them open.",
            remedy="Use that window, or close it and try again.",
        ) from None
    return InstanceLock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
