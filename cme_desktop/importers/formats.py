"""The formats of file that can be brought in. What a file holds decides, not its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.calendar_file import looks_like_icalendar, read_icalendar
from cme_desktop.importers.csv_file import read_csv
from cme_desktop.importers.sheet import Sheet
from cme_desktop.importers.workbook import read_workbook
from cme_desktop.outside_file import read_outside_file

LARGEST_FILE_BYTES: Final = 60_000_000
"""About 200 times the largest list a primary school exports."""

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_KNOWN_OTHERS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"MZ", b"\x7fELF", b"SQLite format 3")


@dataclass(frozen=True, slots=True)
class ImportFormat:
    """A format: how to know it by its first bytes, and how to read it."""

    name: str
    recognises: Callable[[bytes], bool]
    read: Callable[[bytes], Sheet]


FORMATS: Final = (
    ImportFormat("xlsx", lambda data: data.startswith(b"PK\x03\x04"), read_workbook),
    ImportFormat("ics", looks_like_icalendar, read_icalendar),
    ImportFormat("csv", bool, read_csv),
)
"""Tried in this order; the last takes any text."""


def read_sheet(path: Path) -> Sheet:
    """Read a file into rows of text, or say in a sentence why it can't be."""
    return sheet_of(_bytes_of(path))


def sheet_of(data: bytes) -> Sheet:
    """Read a file's bytes into rows of text, or say in a sentence why they can't be."""
    if not data:
        raise BadInputError("The file is empty.", remedy="Export it again, and check that it holds rows.")
    if data.startswith(_OLD_OFFICE):
        raise BadInputError(
            "This is a workbook of the old kind (.xls), or one locked with a password.",
            remedy="Open it in Excel, save it as .xlsx or CSV without a password, and bring that in.",
        )
    if data.startswith(_KNOWN_OTHERS):
        raise BadInputError(
            "This is neither a CSV file nor a workbook, whatever its name says.",
            remedy="Export again from the school's system as CSV or as an Excel workbook.",
        )
    return next(found for found in FORMATS if found.recognises(data)).read(data)


def _bytes_of(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE_BYTES:
            raise BadInputError(
                f"The file is {size // 1_000_000} MB, too large to be a school's list.",
                detail=f"Up to {LARGEST_FILE_BYTES // 1_000_000} MB are read.",
                remedy="Export one school year at a time.",
            )
        data = read_outside_file(path, largest=LARGEST_FILE_BYTES, what="The file", remedy="Choose another file.")
    except FileNotFoundError as error:
        raise BadInputError("The file is not there.", remedy="Look for it again.") from error
    except OSError as error:
        raise BadInputError(
            "The file can't be opened.",
            detail="Another program may hold it, or it is not yours to read.",
            remedy="Close it in Excel and try again.",
        ) from error
    return data
