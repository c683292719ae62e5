"""What was written is on the disk and not only on its way there, and a file stands whole in its place or not at all.

Standard library only: the first window reads the key file before anything heavy is loaded.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from pathlib import Path
from typing import Final

_HELD_BY_ANOTHER: Final = (5, 32, 33)
"""What Windows says while another program, such as a virus scanner, has a file open."""

_CANNOT_BE_ASKED: Final = (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS, errno.EBADF)
"""What a file system says that can't be asked to keep a folder, as some shares: it does so by itself."""

_PAUSES: Final = (0.05, 0.1, 0.2, 0.4, 0.8)
"""Seconds between one try and the next: a scanner lets go well within them."""


def put_in_place(fresh: Path, target: Path) -> None:
    """Let a file that was written beside take the place of ``target``: whatever cuts it short, one of them is whole."""
    flush_file(fresh)
    take_place(fresh, target)
    flush_folder(target.parent)


def take_place(fresh: Path, target: Path) -> None:
    """Give a file another's name; another program that holds either is waited for, a second and a half in all."""
    for pause in (*_PAUSES, None):
        try:
            fresh.replace(target)
        except OSError as error:
            if pause is None or getattr(error, "winerror", None) not in _HELD_BY_ANOTHER:
                raise
            time.sleep(pause)
        else:
            return


def flush_file(file: Path) -> None:
    """See that a file's bytes are on the disk."""
    with file.open("rb+") as opened:
        flush(opened.fileno())


def flush_folder(folder: Path) -> None:
    """See that what was renamed in a folder is on the disk, where the system can be asked to."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _CANNOT_BE_ASKED:
            raise
    finally:
        os.close(opened)


if sys.platform == "darwin":
    import fcntl

    def flush(descriptor: int) -> None:
        """See that what was written to an open file is on the disk, and not in the disk's own memory."""
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:
            os.fsync(descriptor)  # a file system that does not know how

else:

    def flush(descriptor: int) -> None:
        """See that what was written to an open file is on the disk."""
        os.fsync(descriptor)
