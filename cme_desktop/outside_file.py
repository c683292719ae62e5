"""Read a file that came from outside, never more of it than makes sense."""

from __future__ import annotations

from pathlib import Path

from cme_desktop.domain.errors import BadInputError

_MEGABYTE = 1_000_000


def read_outside_file(path: Path, *, largest: int, what: str, remedy: str) -> bytes:
    """Give a file's bytes; ``BadInputError`` where it is no file or has more than ``largest``, ``OSError`` unread.

    ``what`` is the file in the user's words, such as "The school's file". No more than ``largest`` is ever taken into
    memory, whatever the disk says of the size; a device or a pipe, which never ends, is not opened.
    """
    if path.exists() and not path.is_file():
        raise BadInputError(f"{what} is no file.", remedy=remedy)
    with path.open("rb") as file:
        data = file.read(largest + 1)
    if len(data) > largest:
        raise BadInputError(
            f"{what} is too large.",
            detail=f"Up to {largest // _MEGABYTE} MB are read." if largest >= _MEGABYTE else "",
            remedy=remedy,
        )
    return data
