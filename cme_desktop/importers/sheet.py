"""A file's cells as text, whatever it was stored as, and the faults found in its rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PROTECTED_TEXT: Final = re.compile(r'^="([^"]*)"$')


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


def is_formula(text: str) -> bool:
    """Whether a cell holds a formula. It is never worked out, and never taken for a value."""
    return text.startswith("=") and len(text) > 1 and not _PROTECTED_TEXT.match(text)


def unprotect(text: str) -> str:
    """Take off the quoting some systems put round numbers so that a spreadsheet keeps their zeros."""
    found = _PROTECTED_TEXT.match(text)
    return found.group(1) if found else text
