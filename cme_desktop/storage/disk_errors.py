"""What the system says when a file can't be read or written, in the office's words: the one place for it."""

from __future__ import annotations

import errno
from typing import Final

_WORDS_OF: Final = {
    errno.ENOSPC: "The disk is full.",
    errno.EDQUOT: "Your share of the disk is used up.",
    errno.EFBIG: "The disk takes no file as large as this.",
    errno.EACCES: "You may not use this file or folder, or another program holds it.",
    errno.EPERM: "You may not use this file or folder, or another program holds it.",
    errno.EROFS: "The disk is read-only.",
    errno.ENOENT: "The folder or the file is not there.",
    errno.ENOTDIR: "The folder or the file is not there.",
    errno.EISDIR: "There is a folder of this name.",
    errno.EEXIST: "There is a file of this name.",
    errno.ENAMETOOLONG: "The name is too long.",
    errno.EIO: "The disk did not answer: it may be loose, taken out or worn.",
    errno.ENXIO: "The disk is not there any more.",
    errno.ENODEV: "The disk is not there any more.",
    errno.ESTALE: "The folder is not there any more.",
    errno.ETIMEDOUT: "The disk did not answer in time.",
    errno.EBUSY: "Another program holds the file.",
}
_HELD: Final = (32, 33)
"""Windows: another program has the file open."""


def say_why(error: OSError) -> str:
    """Say in a sentence why a file could not be read or written; the system's own words where we know no better."""
    if getattr(error, "winerror", None) in _HELD:
        return "Another program, such as a virus scanner, holds the file."
    known = _WORDS_OF.get(error.errno or 0)
    return known or (f"{error.strerror}." if error.strerror else "")
