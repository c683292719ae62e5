"""Read comma, semicolon or tab separated text, in the encodings schools' systems write."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Iterator
from typing import Final

from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.sheet import LONGEST_CELL, MOST_COLUMNS, Sheet, SheetSize, too_large

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS: Final = (",", ";", "\t", "|")
_SAMPLE_LINES: Final = 40
_SAMPLE_CHARACTERS: Final = 400_000
_LONGEST_ROW: Final = 1_000_000
"""Characters, so that a row of nothing but separators is refused before its cells are made."""


def read_csv(data: bytes) -> Sheet:
    """Read the text of a file into rows; a backslash and a slash are ordinary characters."""
    text, encoding = decode(data)
    if not text.strip():
        raise BadInputError("The file is empty.", remedy="Export it again, and check that it holds rows.")
    rows, lines = _rows_of(text, separator_of(text[:_SAMPLE_CHARACTERS]))
    cut = _cut_off_warning(text, rows)
    return Sheet("csv", hashlib.sha256(data).hexdigest(), rows, lines, (cut,) if cut else (), encoding)


def decode(data: bytes) -> tuple[str, str]:
    """Turn bytes into text: by the byte order mark, else strictly as UTF-8, else as Windows-1252."""
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), "") or _utf16_without_bom(data)
    if marked:
        return _decode_as(data, marked), marked
    if b"\x00" in data or _is_mostly_control(data):
        raise _not_text()
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "cp1252"


def separator_of(text: str) -> str:
    """Find the character that splits the lines most evenly into cells."""
    sample = text.splitlines()[:_SAMPLE_LINES]
    return max(_SEPARATORS, key=lambda separator: _evenness(sample, separator))


def _evenness(sample: list[str], separator: str) -> int:
    counts = [line.count(separator) for line in sample]
    usual = max(set(counts), key=lambda count: (counts.count(count) if count else 0, count))
    return usual * counts.count(usual)


class _Lines:
    """The lines of a text, as long as those of one row together stay within reason."""

    def __init__(self, text: str) -> None:
        self._source = io.StringIO(text, newline="")
        self.of_row = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._source:
            self.of_row += len(line)
            if self.of_row > _LONGEST_ROW:
                raise too_large("columns", MOST_COLUMNS)
            yield line


def _rows_of(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    csv.field_size_limit(LONGEST_CELL)
    source, size = _Lines(text), SheetSize()
    reader = csv.reader(source, delimiter=separator, doublequote=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        for row in reader:
            size.add_row(len(row), source.of_row)
            source.of_row = 0
            rows.append(row)
            lines.append(reader.line_num)
    except csv.Error as error:
        raise BadInputError(
            f"The file could not be read after line {reader.line_num}.",
            detail="A quotation mark opens there and is never closed, or a cell is far too long.",
            remedy="Export the file again, whole, and bring in the new one.",
        ) from error
    return rows, lines


def _cut_off_warning(text: str, rows: list[list[str]]) -> str:
    whole = [row for row in rows if any(row)]
    if len(whole) < 3 or text.endswith(("\n", "\r")):
        return ""
    usual = len(whole[-2])
    if len(whole[-1]) >= usual:
        return ""
    return "The file ends in the middle of a row: it may be half a file. Export it again and compare."


def _utf16_without_bom(data: bytes) -> str:
    head = data[:400]
    if len(head) < 8:
        return ""
    if head[1::2].count(0) > len(head) * 0.4 and not head[0::2].count(0):
        return "utf-16-le"
    if head[0::2].count(0) > len(head) * 0.4 and not head[1::2].count(0):
        return "utf-16-be"
    return ""


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _not_text() from error
    if "\0" in text:
        raise _not_text()
    return text


def _is_mostly_control(data: bytes) -> bool:
    head = data[:4096]
    strange = sum(1 for byte in head if byte < 32 and byte not in {9, 10, 13})
    return bool(head) and strange > len(head) * 0.02


def _not_text() -> BadInputError:
    return BadInputError(
        "This is not a CSV file, whatever its name says.",
        detail="It holds bytes that are no text.",
        remedy="Export again from the school's system as CSV or as an Excel workbook.",
    )
