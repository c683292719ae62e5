"""Read an Excel workbook's sheet as text. Nothing in it is worked out, and no bomb goes off.

The parts are read with the standard library's own parser, several times faster than through a spreadsheet library.
That is safe because a part that declares anything (a DTD, an entity) is refused before it is parsed, and because of
every part only so much is kept in memory at once as a list of pupils or marks can need.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser, fromstring

from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.sheet import LONGEST_CELL, MOST_COLUMNS, Sheet, SheetSize, too_large

_MOST_UNPACKED_BYTES: Final = 200_000_000
_MOST_PACKING: Final = 300
_SMALL_PART: Final = 10_000_000
_MOST_SHEETS: Final = 100
_LAST_LINE: Final = 1_048_576
"""No spreadsheet program has a row below it."""
_PACKINGS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_PIECE: Final = 2_000_000
"""Bytes of XML given to the parser at a time: older ones begin an unfinished tag anew with each piece."""
_MOST_KEPT: Final = 600_000
"""Elements in memory at once."""
_DECLARATION: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DATE_FORMATS: Final = frozenset({14, 15, 16, 17, 22, 27, 30, 36, 50, 57})
_NOT_FORMAT_LETTERS: Final = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_DAY_ZERO: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
_FAULTS: Final = (
    zipfile.BadZipFile, zlib.error, ParseError, LookupError, ValueError, OverflowError, EOFError, OSError,
    RuntimeError,
)  # fmt: skip
_COLUMN_LETTERS: Final = re.compile(r"^[A-Z]{1,3}")


def read_workbook(data: bytes) -> Sheet:
    """Read the first sheet that holds rows; a formula stays text beginning with an equals sign."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _refuse_bombs(archive)
            book = _Book(archive)
            rows, lines, left_out = book.first_filled()
    except _FAULTS as error:
        raise _damaged() from error
    if not rows:
        raise BadInputError("The workbook is empty.", remedy="Export it again, and check that it holds rows.")
    warnings = (f"Only the first sheet with rows was read; {left_out} left out.",) if left_out else ()
    return Sheet("xlsx", hashlib.sha256(data).hexdigest(), rows, lines, warnings)


def _refuse_bombs(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if sum(part.file_size for part in parts) > _MOST_UNPACKED_BYTES or any(map(_is_bomb, parts)):
        raise _unsafe("It unpacks to far more than any school's list.")
    if any(part.compress_type not in _PACKINGS for part in parts):
        raise _unsafe("It is packed in a way that no spreadsheet program uses.")


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL_PART and part.file_size > _MOST_PACKING * max(part.compress_size, 1)


class _Book:
    """An open workbook: its shared texts, which styles mean dates, and its sheets."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        workbook = fromstring(self._small_part("xl/workbook.xml"))  # noqa: S314  refused before if it declares anything
        properties = workbook.find(f"{_MAIN}workbookPr")
        self._day_zero = _DAY_ZERO[properties is not None and properties.get("date1904") in {"1", "true"}]
        self._sheets = self._sheet_parts(workbook)
        self._texts = self._shared_texts()
        self._date_styles = self._styles_of_dates()
        self._columns: dict[str, int] = {}
        self._size = SheetSize()

    def first_filled(self) -> tuple[list[list[str]], list[int], int]:
        """The first sheet with anything in it: rows, their lines, and how many sheets come after."""
        for position, name in enumerate(self._sheets):
            rows, lines = self._cells_of(name)
            if rows:
                return rows, lines, len(self._sheets) - position - 1
        return [], [], 0

    # -- the parts ---------------------------------------------------------------------------------------------

    def _part(self, name: str) -> bytes:
        data = self._archive.read(name)
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:64] or _DECLARATION.search(data):
            raise _unsafe("It declares XML entities, which no spreadsheet program writes.")
        return data

    def _small_part(self, name: str) -> bytes:
        if self._archive.getinfo(name).file_size > _SMALL_PART:
            raise _unsafe("It unpacks to far more than any school's list.")
        return self._part(name)

    def _elements(self, name: str, tag: str) -> Iterator[Element]:
        """Each element with the tag, emptied after use; refused where more is kept than a list can need."""
        data = self._part(name)
        parser: XMLPullParser[Any] = XMLPullParser(("end",))
        begun = freed = 0
        for at in range(0, len(data), _PIECE):
            piece = data[at : at + _PIECE]
            parser.feed(piece)
            begun += piece.count(b"<") - piece.count(b"</")
            ended: Iterator[Any] = parser.read_events()
            for _, element in ended:
                if element.tag == tag:
                    freed += sum(1 for _inside in element.iter()) - 1
                    yield element
                    element.clear()
            if begun - freed > _MOST_KEPT:
                raise _unsafe("It holds far more than a list.")
        parser.close()

    def _sheet_parts(self, workbook: Element) -> list[str]:
        relations = fromstring(self._small_part("xl/_rels/workbook.xml.rels"))  # noqa: S314  as above
        target_of = {relation.get("Id"): relation.get("Target", "") for relation in relations}
        found = (target_of.get(sheet.get(_RELATION_ID), "") for sheet in workbook.iter(f"{_MAIN}sheet"))
        parts = (name.lstrip("/") if name.startswith("/") else f"xl/{name}" for name in found if name)
        once = dict.fromkeys(name for name in parts if name in self._names and "chartsheets" not in name)
        return list(once)[:_MOST_SHEETS]

    def _shared_texts(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._names:
            return []
        return [_text_in(item) for item in self._elements("xl/sharedStrings.xml", f"{_MAIN}si")]

    def _styles_of_dates(self) -> frozenset[str]:
        if "xl/styles.xml" not in self._names:
            return frozenset()
        root = fromstring(self._small_part("xl/styles.xml"))  # noqa: S314  as above
        own = {
            number.get("numFmtId", ""): _NOT_FORMAT_LETTERS.sub("", number.get("formatCode", "")).lower()
            for number in root.iter(f"{_MAIN}numFmt")
        }
        dated = {str(number) for number in _DATE_FORMATS} | {key for key, code in own.items() if set(code) & set("dy")}
        styles = root.find(f"{_MAIN}cellXfs")
        listed = enumerate(styles if styles is not None else ())
        return frozenset(str(place) for place, style in listed if style.get("numFmtId") in dated)

    # -- the cells ---------------------------------------------------------------------------------------------

    def _cells_of(self, name: str) -> tuple[list[list[str]], list[int]]:
        rows: list[list[str]] = []
        lines: list[int] = []
        for line, row in self._rows(name):
            cells = self._row(row)
            lengths = [len(cell) for cell in cells]
            self._size.add_row(len(cells), sum(lengths))
            if max(lengths, default=0) > LONGEST_CELL:
                raise too_large("characters in one cell", LONGEST_CELL)
            if any(cells):
                rows.append(cells)
                lines.append(line)
        return rows, lines

    def _rows(self, name: str) -> Iterator[tuple[int, Element]]:
        line = 0
        for element in self._elements(name, f"{_MAIN}row"):
            line = int(element.get("r") or line + 1)
            if not 1 <= line <= _LAST_LINE:
                raise ValueError("a row outside every sheet")
            yield line, element

    def _row(self, row: Element) -> list[str]:
        if len(row) > MOST_COLUMNS:
            raise too_large("columns", MOST_COLUMNS)
        cells: list[str] = []
        columns = self._columns
        for cell in row:
            place = cell.get("r")
            if place is not None:
                letters = place.rstrip("0123456789")
                at = columns.get(letters)
                if at is None:
                    at = columns[letters] = _column_number(letters)
                if at > len(cells):
                    cells.extend([""] * (at - len(cells)))
            cells.append(self._text_of(cell))
        return cells

    def _text_of(self, cell: Element) -> str:
        value = formula = None
        for child in cell:
            if child.tag == f"{_MAIN}v":
                value = child.text
            elif child.tag == f"{_MAIN}f":
                formula = child.text or "formula"
        if formula is not None:
            return f"={formula}"
        kind = cell.get("t")
        if kind == "inlineStr":
            return _text_in(cell)
        if value is None or kind == "e":
            return ""
        if kind == "s":
            return self._texts[_place(value)]
        if kind == "b":
            return "TRUE" if value == "1" else "FALSE"
        return value if kind in {"str", "d"} else self._number(value, cell.get("s", ""))

    def _number(self, value: str, style: str) -> str:
        number = float(value)
        if style in self._date_styles:
            return (self._day_zero + timedelta(days=int(number))).isoformat()
        return str(int(number)) if number.is_integer() else value


def _text_in(element: Element) -> str:
    texts = [part.text or "" for part in element.iter(f"{_MAIN}t")]
    return texts[0] if len(texts) == 1 else "".join(texts)


def _place(value: str) -> int:
    number = int(value)
    if number < 0:
        raise IndexError("a text before the first")
    return number


def _column_number(letters: str) -> int:
    if not _COLUMN_LETTERS.fullmatch(letters):
        raise ValueError("a cell without a column")
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    if number > MOST_COLUMNS:
        raise too_large("columns", MOST_COLUMNS)
    return number - 1


def _unsafe(detail: str) -> BadInputError:
    return BadInputError(
        "This workbook is not safe to open.",
        detail=detail,
        remedy="Export the list again from the school's system, and bring in the new file.",
    )


def _damaged() -> BadInputError:
    return BadInputError(
        "The workbook is damaged, or only half of it is there.",
        detail="Nothing was imported.",
        remedy="Export it again from the school's system, or save it in Excel as CSV.",
    )
