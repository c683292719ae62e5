"""A file's cells as text, whatever it was stored as, and the faults found in its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cme_desktop.domain.errors import BadInputError

MOST_ROWS: Final = 400_000
"""More than a register of 900 pupils with a row a session, for a whole year."""
MOST_COLUMNS: Final = 2_000
MOST_CELLS: Final = 4_000_000
LONGEST_CELL: Final = 32_767
"""Characters: no spreadsheet program holds more in a cell."""
MOST_CHARACTERS: Final = 100_000_000

_PROTECTED_TEXT: Final = re.compile(r'^="([^"]*)"$')
_APOSTROPHE: Final = re.compile(r"^'([+\-@].*)$")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows of text. ``lines`` gives each row's line in the file, as an editor or a spreadsheet counts it."""

    format: str
    sha256: str
    rows: list[list[str]]
    lines: list[int]
    warnings: tuple[str, ...] = ()
    encoding: str = ""

    def samples(self, column: int, *, after: int, count: int = 3) -> tuple[str, ...]:
        """The first different values of a column below a row, blanks left out."""
        found: list[str] = []
        for row in self.rows[after + 1 : after + 200]:
            text = row[column].strip() if column < len(row) else ""
            if text and text not in found:
                found.append(text)
            if len(found) == count:
                break
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Rejected:
    """A problem of one row: where it is, what was found there, what was expected, so what to do.

    ``personal`` says that ``found`` may name somebody, and is shown on screen only.
    """

    line: int
    column: str
    found: str
    expected: str
    personal: bool = False


@dataclass(slots=True)
class SheetSize:
    """Counts what is read of a sheet, and refuses what no school's list has, before the memory is full."""

    rows: int = 0
    cells: int = 0
    characters: int = 0

    def add_row(self, cells: int, characters: int) -> None:
        """Count a row; raise ``BadInputError`` where the sheet is too large by it."""
        self.rows += 1
        self.cells += cells
        self.characters += characters
        if cells > MOST_COLUMNS:
            raise too_large("columns", MOST_COLUMNS)
        if self.rows > MOST_ROWS:
            raise too_large("rows", MOST_ROWS)
        if self.cells > MOST_CELLS:
            raise too_large("cells", MOST_CELLS)
        if self.characters > MOST_CHARACTERS:
            raise too_large("characters", MOST_CHARACTERS)


def too_large(what: str, most: int) -> BadInputError:
    """Say that a sheet has more of something than any school's list."""
    return BadInputError(
        f"The file has more {what} than any school’s list.",
        detail=f"Up to {most:,} are read. Nothing was imported.",
        remedy="Export one class, or one term, at a time.",
    )


def is_formula(text: str) -> bool:
    """Whether a cell holds a formula. It is never worked out, and never taken for a value."""
    return text.startswith("=") and len(text) > 1 and not _PROTECTED_TEXT.match(text)


def unprotect(text: str) -> str:
    """Take off the quoting some systems, ours too, put round a text so that a spreadsheet leaves it as it is."""
    found = _PROTECTED_TEXT.match(text) or _APOSTROPHE.match(text)
    return found.group(1) if found else text
