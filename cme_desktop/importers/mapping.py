"""Find the header of a file, say what each column means and how sure that is, and what kind of file it makes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping as Table
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cme_desktop.domain.attendance import Half
from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.aliases import Aliases, Meaning, normalise_header
from cme_desktop.importers.dates import parse_date
from cme_desktop.importers.fields import MANY_COLUMNS, TO_CONTACT, Field, FileKind, MarkLayout
from cme_desktop.importers.sheet import MOST_CELLS, Sheet, too_large

CERTAIN: Final = 0.75
"""A suggestion below this is put to the user."""

_FIRST_ROWS: Final = 40
_FEWEST_HITS: Final = 3
_HALF_WORD: Final = re.compile(r"(?i)(?<![a-z])(am|pm|a\.m\.|p\.m\.)(?![a-z])")
_WEEK_WORDS: Final = re.compile(r"(?i)^(week\s*(beginning|commencing|of)?|w/?c|w/?b)\s*:?\s*")
_UPN_SHAPE: Final = re.compile(r"^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$")
_OF_PUPIL: Final = re.compile(r"^(pupil|student|child|learner|legal)")
_IDENTITY: Final = (Field.UPN, Field.MIS_ID)
_NAME_PARTS: Final = (Field.SURNAME, Field.FORENAME)
_LATEST_LEAD: Final = 7


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """What one column means: ``block`` is 0 for the pupil, n for contact n.

    ``day`` and ``half`` are those at the head of a register grid's column.
    """

    index: int
    header: str
    field: Field | None
    block: int
    confidence: float
    samples: tuple[str, ...]
    day: str = ""
    half: Half | None = None

    @property
    def target(self) -> str:
        """The meaning as scripts read it, such as ``upn`` or ``contact_mobile 2``."""
        if self.field is None:
            return ""
        return f"{self.field.value} {self.block}" if self.block else self.field.value


@dataclass(frozen=True, slots=True)
class Mapping:
    """What every column of a file means. ``header_row`` is the place of the last header row among the sheet's rows."""

    kind: FileKind
    layout: MarkLayout | None
    header_row: int
    columns: tuple[ColumnUse, ...]

    def column(self, field: Field, *, block: int = 0) -> int | None:
        """The place of the column with this meaning, or None."""
        return next((use.index for use in self.columns if use.field is field and use.block == block), None)

    def columns_of(self, field: Field, *, block: int = 0) -> tuple[int, ...]:
        """The places of all columns with this meaning, in order."""
        return tuple(use.index for use in self.columns if use.field is field and use.block == block)

    @property
    def blocks(self) -> tuple[int, ...]:
        """The numbers of the contacts that have columns."""
        return tuple(sorted({use.block for use in self.columns if use.field is not None and use.field.is_contact}))

    @property
    def header_hash(self) -> str:
        """The same for every file of this shape: dates at the head of a grid count as one."""
        names: list[str] = []
        for use in self.columns:
            name = "<session>" if use.day else normalise_header(use.header)
            if not (name == "<session>" and names and names[-1] == name):
                names.append(name)
        return hashlib.sha256("|".join(names).encode()).hexdigest()

    @property
    def missing(self) -> tuple[str, ...]:
        """What the file must hold and no column is said to hold, in words."""
        has = {use.field for use in self.columns if use.field is not None}
        return _MISSING[self.kind](has)

    @property
    def uncertain(self) -> tuple[ColumnUse, ...]:
        """The columns whose suggested meaning matters and should be looked at by a person."""
        return tuple(use for use in self.columns if use.field and use.confidence < CERTAIN and self._matters(use))

    def _matters(self, use: ColumnUse) -> bool:
        if use.field is not Field.FULL_NAME:
            return True
        has_name = all(self.column(part) is not None for part in _NAME_PARTS)
        has_key = any(self.column(key) is not None for key in _IDENTITY)
        return not has_name and not (has_key and self.kind is not FileKind.PUPILS)

    def with_uses(self, uses: Table[int, tuple[Field | None, int]]) -> Mapping:
        """The mapping as somebody corrected it: by column, its meaning and contact number."""
        columns = tuple(
            replace(use, field=uses[use.index][0], block=uses[use.index][1], confidence=1.0)
            if use.index in uses
            else use
            for use in self.columns
        )
        return replace(self, columns=columns, layout=_layout_of(columns) if self.kind is FileKind.MARKS else None)

    def as_kind(self, kind: FileKind) -> Mapping:
        """The mapping read as another kind of file."""
        return replace(self, kind=kind, layout=_layout_of(self.columns) if kind is FileKind.MARKS else None)


def suggest_mapping(sheet: Sheet, aliases: Aliases, *, on: date, kind: FileKind | None = None) -> Mapping:
    """Suggest what each column means; raise where no row looks like a header, or none stands below it."""
    header_row, headers = _find_header(sheet, aliases, on)
    if len(headers) * len(sheet.rows) > MOST_CELLS:  # short rows are read as if filled up to the header's width
        raise too_large("cells", MOST_CELLS)
    if not any(any(row) for row in sheet.rows[header_row + 1 :]):
        raise BadInputError(
            "The file holds no rows below its column names.",
            remedy="Export it again, and check that it is for the right class and dates.",
        )
    meanings = _meanings(headers, aliases, on)
    columns = tuple(
        _column(sheet, header_row, index, header, meanings[index], on) for index, header in enumerate(headers)
    )
    found = kind or _kind_of(columns)
    return Mapping(found, _layout_of(columns) if found is FileKind.MARKS else None, header_row, columns)


# -- the header ------------------------------------------------------------------------------------------------


def _find_header(sheet: Sheet, aliases: Aliases, on: date) -> tuple[int, list[str]]:
    best = (0, -1)
    for index, row in enumerate(sheet.rows[:_FIRST_ROWS]):
        if index and (merged := _two_row_header(sheet.rows[index - 1], row, on)):
            return index, merged
        hits = _hits(row, aliases, on)
        follows_dates = index + 1 < len(sheet.rows) and _two_row_header(row, sheet.rows[index + 1], on)
        if hits >= _FEWEST_HITS and not follows_dates:
            return index, [cell.strip() for cell in row]
        best = max(best, (hits, -index))
    hits, position = best
    if hits < 2:
        raise BadInputError(
            "No row of this file looks like a header.",
            detail="The program looks for column names such as UPN, Surname, Date or Mark in the first rows.",
            remedy="Export the list with its column names, or choose another report.",
        )
    return -position, [cell.strip() for cell in sheet.rows[-position]]


def _hits(row: list[str], aliases: Aliases, on: date) -> int:
    named = {(meaning.field, meaning.block) for cell in row if (meaning := aliases.meaning_of(cell)) and len(cell) < 60}
    sessions = sum(1 for cell in row if session_of_header(cell, on)[1] is not None)
    return len(named) + min(sessions, _FEWEST_HITS - 1)


def _two_row_header(above: list[str], below: list[str], on: date) -> list[str] | None:
    halves = sum(1 for cell in below if cell.strip().lower() in {"am", "pm"})
    if halves < 2 or not any(parse_date(cell, year_of=on) for cell in above):
        return None
    day = ""
    merged: list[str] = []
    for index, cell in enumerate(below):
        top = above[index].strip() if index < len(above) else ""
        day = top if parse_date(top, year_of=on) else day
        is_half = cell.strip().lower() in {"am", "pm"}
        merged.append(f"{day} {cell.strip().upper()}" if is_half and day else cell.strip() or top)
    return merged


def session_of_header(text: str, on: date) -> tuple[str, Half | None]:
    """Read ``01/09/2026 AM`` or ``Mon 1 Sep am`` as the day's text and the half; an empty text where it is neither."""
    found = _HALF_WORD.search(text)
    rest = _HALF_WORD.sub(" ", text) if found else _WEEK_WORDS.sub("", text.strip())
    day = " ".join(rest.replace("(", " ").replace(")", " ").split()).strip(" -,:")
    if not day or parse_date(day, year_of=on) is None or day.isdigit():
        return "", None
    return day, (Half(found.group(1).replace(".", "").lower()) if found else None)


# -- what the columns mean -------------------------------------------------------------------------------------


def _meanings(headers: list[str], aliases: Aliases, on: date) -> list[Meaning | None]:
    placed = _Placing()
    return [
        None if session_of_header(header, on)[0] else placed.place(header, aliases.meaning_of(header))
        for header in headers
    ]


class _Placing:
    """Give each column to the pupil or to a contact by its place: the pupil's columns come first."""

    def __init__(self) -> None:
        self._running = 0
        self._used: set[tuple[Field, int]] = set()

    def place(self, header: str, meaning: Meaning | None) -> Meaning | None:
        if meaning is None:
            return None
        field, block = self._where(header, meaning)
        if (field, block) in self._used and field not in MANY_COLUMNS:
            return None
        self._used.add((field, block))
        return replace(meaning, field=field, block=block)

    def _where(self, header: str, meaning: Meaning) -> tuple[Field, int]:
        field = meaning.field
        if meaning.block:
            self._running = meaning.block
            return field, meaning.block
        if field.is_contact:
            return field, self._next_block(field)
        if field not in TO_CONTACT or _OF_PUPIL.match(normalise_header(header)):
            return field, 0
        return self._of_anybody(field)

    def _of_anybody(self, field: Field) -> tuple[Field, int]:
        of_contact = TO_CONTACT[field]
        taken = (of_contact, self._running) in self._used and of_contact not in MANY_COLUMNS
        if self._running and taken and (field, 0) not in self._used:
            return field, 0
        if not self._running and ((field, 0) not in self._used or field in MANY_COLUMNS):
            return field, 0
        return of_contact, self._next_block(of_contact)

    def _next_block(self, field: Field) -> int:
        block = self._running or 1
        if (field, block) in self._used and field not in MANY_COLUMNS:
            block += 1
        self._running = block
        return block


def _column(sheet: Sheet, header_row: int, index: int, header: str, meaning: Meaning | None, on: date) -> ColumnUse:
    samples = sheet.samples(index, after=header_row)
    day, half = session_of_header(header, on)
    if day:
        field = Field.WEEK_MARKS if half is None else Field.SESSION_MARK
        return ColumnUse(index, header, field, 0, 1.0, samples, day, half)
    if meaning is None:
        return _guess_by_values(index, header, samples)
    sureness = _sureness(meaning, samples)
    return ColumnUse(index, header, meaning.field, meaning.block, sureness, samples)


def _guess_by_values(index: int, header: str, samples: tuple[str, ...]) -> ColumnUse:
    if samples and all(_UPN_SHAPE.match(text.upper()) for text in samples):
        return ColumnUse(index, header, Field.UPN, 0, 0.7, samples)
    return ColumnUse(index, header, None, 0, 0.0, samples)


def _sureness(meaning: Meaning, samples: tuple[str, ...]) -> float:
    fits = _FITS.get(meaning.field)
    if not samples or fits is None:
        return meaning.weight
    share = sum(1 for text in samples if fits.search(text.strip())) / len(samples)
    if meaning.field is Field.FULL_NAME:
        return max(meaning.weight, 0.8) if share == 1 else meaning.weight
    return meaning.weight if share else meaning.weight * 0.5


_FITS: Final = {
    Field.UPN: re.compile(r"(?i)^[A-Z]\d{6}"),
    Field.BORN: re.compile(r"\d"),
    Field.DATE: re.compile(r"\d"),
    Field.SEX: re.compile(r"(?i)^(m|f|b|g)"),
    Field.FULL_NAME: re.compile(","),
    Field.CONTACT_RANK: re.compile(r"\d"),
    Field.MARK: re.compile(r"^.{1,6}$"),
    Field.AM_MARK: re.compile(r"^.{1,6}$"),
    Field.PM_MARK: re.compile(r"^.{1,6}$"),
}


# -- what kind of file it is -----------------------------------------------------------------------------------


def _kind_of(columns: tuple[ColumnUse, ...]) -> FileKind:
    has = {use.field for use in columns if use.field is not None}
    if _layout_of(columns) is not None and (Field.DATE in has or {Field.SESSION_MARK, Field.WEEK_MARKS} & has):
        return FileKind.MARKS
    if {Field.FIRST_DAY, Field.LAST_DAY} <= has and not has & {Field.UPN, Field.MIS_ID, Field.SURNAME}:
        return FileKind.CALENDAR
    if any(field.is_contact for field in has) and _missing_pupils(has):
        return FileKind.CONTACTS
    return FileKind.PUPILS


def _layout_of(columns: tuple[ColumnUse, ...]) -> MarkLayout | None:
    has = {use.field for use in columns}
    if has & {Field.SESSION_MARK, Field.WEEK_MARKS}:
        return MarkLayout.GRID
    if has & {Field.AM_MARK, Field.PM_MARK}:
        return MarkLayout.DAY_ROWS
    return MarkLayout.LONG if Field.MARK in has else None


def _has_name(has: set[Field]) -> bool:
    return Field.FULL_NAME in has or set(_NAME_PARTS) <= has


def _has_key(has: set[Field]) -> bool:
    return bool(has & set(_IDENTITY)) or _has_name(has)


def _missing_pupils(has: set[Field]) -> tuple[str, ...]:
    wanted = (
        ("UPN or the pupil's number in the school's system", bool(has & set(_IDENTITY))),
        ("surname and forename", _has_name(has)),
        ("date of birth", Field.BORN in has),
    )
    return tuple(words for words, there in wanted if not there)


def _missing_contacts(has: set[Field]) -> tuple[str, ...]:
    wanted = (
        ("UPN, number or name of the pupil", _has_key(has)),
        ("name of the contact", bool(has & {Field.CONTACT_SURNAME, Field.CONTACT_FULL_NAME, Field.CONTACT_FORENAME})),
    )
    return tuple(words for words, there in wanted if not there)


def _missing_marks(has: set[Field]) -> tuple[str, ...]:
    in_grid = Field.SESSION_MARK in has or Field.WEEK_MARKS in has
    wanted = (
        ("UPN, number or name of the pupil", _has_key(has)),
        ("date", in_grid or Field.DATE in has),
        ("code", in_grid or bool(has & {Field.MARK, Field.AM_MARK, Field.PM_MARK})),
        ("morning or afternoon", in_grid or Field.MARK not in has or Field.SESSION in has),
    )
    return tuple(words for words, there in wanted if not there)


def _missing_calendar(has: set[Field]) -> tuple[str, ...]:
    wanted = (("first day", Field.FIRST_DAY in has), ("last day", Field.LAST_DAY in has))
    return tuple(words for words, there in wanted if not there)


_MISSING: Final = {
    FileKind.PUPILS: _missing_pupils,
    FileKind.CONTACTS: _missing_contacts,
    FileKind.MARKS: _missing_marks,
    FileKind.CALENDAR: _missing_calendar,
}
