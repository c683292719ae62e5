"""A file that leaves the program is written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from cme_desktop.domain.errors import CmeError

if TYPE_CHECKING:
    from pathlib import Path


def write_whole_file(target: Path, data: bytes) -> Path:
    """Write the bytes to ``target`` and give it back; where they can't be written, what stood there stays.

    Raises :class:`CmeError`, with what to do, where the disk or the folder refuses.
    """
    beside = target.with_name(target.name + ".new")  # so that a full disk leaves neither half a file nor none
    try:
        beside.write_bytes(data)
        beside.replace(target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise CmeError(
            "The file can’t be written.",
            detail=error.strerror or "",
            remedy="Choose another folder, or close the file where it is open.",
        ) from None
    return target
