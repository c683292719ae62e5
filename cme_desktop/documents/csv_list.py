"""Write a list as CSV for a spreadsheet, in which no cell is ever worked out: the one place where a list is written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Give the rows as CSV that any spreadsheet program opens as UTF-8; a cell that looks like a formula is inert.

    A name such as ``=HYPERLINK(…)``, brought in with a list, would otherwise run on the computer of whoever opens ours.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([[inert(cell) for cell in row] for row in rows])
    return stream.getvalue().encode("utf-8-sig")


def inert(cell: str) -> str:
    """Give a cell's text so that no spreadsheet program works it out: with an apostrophe before it where one might."""
    tidy = "".join(letter for letter in cell if letter >= " " or letter in "\t\r\n")
    begins = tidy.lstrip(" \u00a0")
    return f"'{tidy}" if begins.startswith(_STARTS_A_FORMULA) else tidy
