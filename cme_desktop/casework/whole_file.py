"""A file that leaves the program is written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.durable import put_in_place

if TYPE_CHECKING:
    from pathlib import Path


def write_whole_file(target: Path, data: bytes) -> Path:
    """Write the bytes to ``target`` and give it back; where they can't be written, what stood there stays.

    Raises :class:`CmeError`, with what to do, where the disk or the folder refuses.
    """
    beside = target.with_name(target.name + ".new")  # so that a full disk leaves neither half a file nor none
    try:
        beside.write_bytes(data)
        put_in_place(beside, target)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise CmeError(
            "The file can’t be written.",
            detail=say_why(error),
            remedy="Free some space, choose another folder, or close the file where it is open.",
        ) from None
    return target
