"""Read an Excel workbook's sheet as text. Nothing in it is worked out, and no bomb goes off."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.sheet import Sheet

_MOST_UNPACKED_BYTES: Final = 400_000_000
_MOST_PACKING: Final = 300
_SMALL_PART: Final = 10_000_000
_MOST_ROWS: Final = 400_000
_MOST_COLUMNS: Final = 2_000
_DECLARATION: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)


def read_workbook(data: bytes) -> Sheet:
    """Read the first sheet that holds rows; a formula stays text beginning with an equals sign."""
    _refuse_bombs(data)
    rows, lines, ignored = _read(data)
    if not rows:
        raise BadInputError("The workbook is empty.", remedy="Export it again, and check that it holds rows.")
    warnings = (f"Only the first sheet with rows was read; {ignored} left out.",) if ignored else ()
    return Sheet("xlsx", hashlib.sha256(data).hexdigest(), rows, lines, warnings)


def _refuse_bombs(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if sum(part.file_size for part in parts) > _MOST_UNPACKED_BYTES or any(map(_is_bomb, parts)):
                raise _unsafe("It unpacks to far more than any school's list.")
            for part in parts:
                if part.filename.endswith((".xml", ".rels", ".vml")) and _declares(archive, part):
                    raise _unsafe("It declares XML entities, which no spreadsheet program writes.")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise _damaged() from error


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    return part.file_size > _SMALL_PART and part.file_size > _MOST_PACKING * max(part.compress_size, 1)


def _declares(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with archive.open(part) as stream:
        return bool(_DECLARATION.search(stream.read(65_536)))


def _read(data: bytes) -> tuple[list[list[str]], list[int], int]:
    # 77 ms, and most files are CSV
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415  loaded with openpyxl, on first use
    from openpyxl import load_workbook  # noqa: PLC0415  77 ms, on first use
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415  as above

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        try:
            return _first_filled(book.worksheets)
        finally:
            book.close()
    except DefusedXmlException as error:
        raise _unsafe("It declares XML entities, which no spreadsheet program writes.") from error
    except (KeyError, ValueError, TypeError, ParseError, InvalidFileException, zipfile.BadZipFile, EOFError) as error:
        raise _damaged() from error


def _first_filled(sheets: Iterable[Any]) -> tuple[list[list[str]], list[int], int]:
    every = list(sheets)
    for position, sheet in enumerate(every):
        sheet.reset_dimensions()
        rows, lines = _cells_of(sheet.iter_rows(values_only=True))
        if rows:
            return rows, lines, len(every) - position - 1
    return [], [], 0


def _cells_of(values: Iterator[tuple[Any, ...]]) -> tuple[list[list[str]], list[int]]:
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, row in enumerate(values, start=1):
        if line > _MOST_ROWS or len(row) > _MOST_COLUMNS:
            raise _unsafe("It has more rows or columns than any school's list.")
        cells = [value if type(value) is str else _as_text(value) for value in row]
        if any(cells):
            rows.append(cells)
            lines.append(line)
    return rows, lines


def _as_text(value: object) -> str:  # noqa: PLR0911  one line a kind of cell
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(getattr(value, "text", value))


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
