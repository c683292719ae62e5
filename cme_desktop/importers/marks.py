"""Read register marks from any of the three layouts: a row a session, a row a day, a row a pupil.

An empty cell, ``-`` or ``*`` is a session nobody marked: it is left out, and never becomes an absence.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import MAXYEAR, date, timedelta
from typing import Final

from cme_desktop.domain.attendance import CODE_OF_LETTER, DEAD_CODES, Half, SchoolSession
from cme_desktop.importers.dates import DateOrder, parse_date, settle_order
from cme_desktop.importers.fields import Field, MarkLayout
from cme_desktop.importers.mapping import ColumnUse, Mapping
from cme_desktop.importers.sheet import Rejected, Sheet, is_formula, unprotect
from cme_desktop.importers.values import small_number, split_name

NOT_TAKEN: Final = ""
LEAVE_OUT: Final = "leave_out"

MarkIn = tuple[int, int, int, int, str]
"""Line, column, place in ``keys``, place in ``sessions``, letter (empty: not taken)."""

_NOT_TAKEN_SIGNS: Final = frozenset({"", "-", "*", "?", "–", "—", "--", "@"})
_LATE: Final = re.compile(r"^([LU])\s*[(\[]?\s*(\d{1,3})\s*[)\]]?$")
_TOKENS: Final = re.compile(r"C[12]|J1|Y[1-7]|[LU]\s*\(\d{1,3}\)|[A-Z#/\\*?\-]")
_MORNING: Final = frozenset(
    {"am", "a", "1", "morning", "m", "session 1", "a.m.", "am session", "am roll call", "am reg"}
)
_AFTERNOON: Final = frozenset(
    {"pm", "p", "2", "afternoon", "session 2", "p.m.", "pm session", "pm roll call", "pm reg"}
)
_CLOCK: Final = re.compile(r"^(\d{1,2})[:.](\d{2})")
_CODES_WANTED: Final = "a code of the register, such as / \\ L N I O C1"


@dataclass(frozen=True, slots=True)
class PupilKey:
    """How a row names its pupil: whatever of these the file has."""

    upn: str = ""
    mis_id: str = ""
    surname: str = ""
    forename: str = ""
    born: date | None = None


@dataclass(slots=True)
class MarksIn:
    """Every mark a file holds, with the pupils and sessions it names, and the cells that could not be read."""

    keys: list[PupilKey] = field(default_factory=list)
    sessions: list[SchoolSession] = field(default_factory=list)
    marks: list[MarkIn] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    dead: Counter[str] = field(default_factory=Counter)
    comments: dict[tuple[int, int], str] = field(default_factory=dict)


def dead_code_question_id(letter: str) -> str:
    """The name of the question what a withdrawn code stands for."""
    return f"code:{letter}"


def settle_mark_dates(sheet: Sheet, mapping: Mapping, *, plausible: Callable[[date], bool]) -> DateOrder | None:
    """Say in which order the file's dates are written; None where somebody must be asked."""
    texts = [use.day for use in mapping.columns if use.day]
    if (column := mapping.column(Field.DATE)) is not None:
        texts += [row[column] for row in sheet.rows[mapping.header_row + 1 :] if column < len(row)]
    return settle_order(texts, plausible=plausible)


def read_marks(sheet: Sheet, mapping: Mapping, *, order: DateOrder, answers: Table[str, str], year_of: date) -> MarksIn:
    """Read every mark.

    ``answers`` says what withdrawn codes stand for; ``year_of`` lends its school year to dates without one.
    """
    reader = _Reader(sheet, mapping, order, answers, year_of)
    if mapping.layout is MarkLayout.GRID:
        reader.read_grid()
    elif mapping.layout is MarkLayout.DAY_ROWS:
        reader.read_days()
    else:
        reader.read_long()
    return reader.found


class _Reader:
    """Walks the rows once, with every text it meets looked up rather than worked out twice."""

    def __init__(
        self, sheet: Sheet, mapping: Mapping, order: DateOrder, answers: Table[str, str], year_of: date
    ) -> None:
        self.found = MarksIn()
        self._sheet = sheet
        self._mapping = mapping
        self._order = order
        self._answers = answers
        self._year_of = year_of
        self._names = {use.index: use.header for use in mapping.columns}
        self._key_columns = [
            column
            for what in (Field.UPN, Field.MIS_ID, Field.SURNAME, Field.FORENAME, Field.FULL_NAME, Field.BORN)
            if (column := mapping.column(what)) is not None
        ]
        self._key_at: dict[str | tuple[str, ...], int] = {}
        self._session_at: dict[tuple[str, str], int | str] = {}
        self._place_of: dict[SchoolSession, int] = {}
        self._letters: dict[Half, dict[str, str | None]] = {Half.AM: {}, Half.PM: {}}
        self._letters_at: list[dict[str, str | None]] = []
        self._width = max((use.index for use in mapping.columns if use.field), default=0) + 1

    # -- the three layouts -------------------------------------------------------------------------------------

    def read_long(self) -> None:
        date_at, half_at = self._column(Field.DATE), self._column(Field.SESSION)
        mark_at, minutes_at = self._column(Field.MARK), self._mapping.column(Field.MINUTES_LATE)
        comment_at = self._mapping.column(Field.COMMENT)
        sessions, marks = self._session_at, self.found.marks
        letters = (self._letters[Half.AM], self._letters[Half.PM])
        for line, row in self._rows():
            place = sessions.get((row[date_at], row[half_at]))
            if place is None:
                place = self._new_session(row[date_at], row[half_at])
            if type(place) is not int:
                self._reject_session(line, row, date_at, half_at, str(place))
                continue
            text = row[mark_at]
            letter = letters[self.found.sessions[place].half is Half.PM].get(text)
            if letter is None:
                letter = self._new_letter(text, self.found.sessions[place].half)
            if letter is None:
                self._reject_code(line, mark_at, text)
                continue
            key = self._key_of(row)
            marks.append((line, mark_at, key, place, letter))
            if minutes_at is not None or comment_at is not None or "(" in text:
                self._note(key, place, text, row, minutes_at, comment_at)

    def read_days(self) -> None:
        date_at = self._column(Field.DATE)
        halves = [
            (half.value, column)  # as text: an enum's member takes longer to look up, and there are many marks
            for half, what in ((Half.AM, Field.AM_MARK), (Half.PM, Field.PM_MARK))
            if (column := self._mapping.column(what)) is not None
        ]
        for line, row in self._rows():
            key = self._key_of(row)
            for half, column in halves:
                place = self._session_at.get((row[date_at], half))
                if place is None:
                    place = self._new_session(row[date_at], half)
                if type(place) is not int:
                    self._reject_session(line, row, date_at, date_at, str(place))
                    continue
                self._add(line, column, key, place, row[column])

    def read_grid(self) -> None:
        columns = [use for use in self._mapping.columns if use.field in {Field.SESSION_MARK, Field.WEEK_MARKS}]
        date_at = self._mapping.column(Field.DATE)
        for line, row in self._rows():
            key = self._key_of(row)
            for use in columns:
                text = row[use.index]
                if use.half is not None:
                    self._add_at(line, use.index, key, use.day, use.half, text)
                else:
                    day = use.day or (row[date_at] if date_at is not None else "")
                    self._add_week(line, use, key, day, text)

    # -- one mark ----------------------------------------------------------------------------------------------

    def _add_at(self, line: int, column: int, key: int, day: str, half: Half, text: str) -> None:
        place = self._session_at.get((day, half.value))
        if place is None:
            place = self._new_session(day, half.value)
        if type(place) is not int:
            self.found.rejected.append(Rejected(line, self._names[column], day, str(place)))
            return
        self._add(line, column, key, place, text)

    def _add_week(self, line: int, use: ColumnUse, key: int, day: str, text: str) -> None:
        first = parse_date(day, order=self._order, year_of=self._year_of)
        if first is not None and first.year == MAXYEAR:
            first = None  # its fifth day may lie after the last there is
        tokens = _TOKENS.findall(text.upper())
        if first is None:
            self.found.rejected.append(Rejected(line, use.header, day, "the week's first day"))
            return
        if not tokens and not text.strip():
            return
        if len(tokens) not in {2, 10} or "".join(tokens) != "".join(text.upper().split()):
            self.found.rejected.append(Rejected(line, use.header, text, "two codes a day, for one day or for five"))
            return
        for number, token in enumerate(tokens):
            on = first + timedelta(days=number // 2)
            self._add_at(line, use.index, key, on.isoformat(), (Half.AM, Half.PM)[number % 2], token)

    def _add(self, line: int, column: int, key: int, place: int, text: str) -> None:
        letter = self._letters_at[place].get(text)
        if letter is None:
            letter = self._new_letter(text, self.found.sessions[place].half)
        if letter is None:
            self._reject_code(line, column, text)
            return
        self.found.marks.append((line, column, key, place, letter))
        if len(text) > 1 and (late := _LATE.match(text.strip().upper())):
            self.found.comments[key, place] = f"{int(late[2])} minutes late"

    def _note(
        self, key: int, place: int, text: str, row: list[str], minutes_at: int | None, comment_at: int | None
    ) -> None:
        late = _LATE.match(text.strip().upper())
        minutes = late[2] if late else (row[minutes_at].strip() if minutes_at is not None else "")
        words = row[comment_at].strip() if comment_at is not None else ""
        late_by = small_number(minutes)
        said = f"{late_by} minutes late" if late_by else ""
        if note := ". ".join(part for part in (said, words) if part):
            self.found.comments[key, place] = note

    # -- looked up once ----------------------------------------------------------------------------------------

    def _rows(self) -> list[tuple[int, list[str]]]:
        start = self._mapping.header_row + 1
        width = self._width
        return [
            (line, row if len(row) >= width else row + [""] * (width - len(row)))
            for line, row in zip(self._sheet.lines[start:], self._sheet.rows[start:], strict=True)
            if any(row) and self._whole(line, row)
        ]

    def _whole(self, line: int, row: list[str]) -> bool:
        if len(row) >= self._width or self._sheet.format != "csv" or line != self._sheet.lines[-1]:
            return True
        if not self._sheet.warnings:
            return True
        self.found.rejected.append(Rejected(line, "", "half a row", "a whole row: export the file again"))
        return False

    def _key_of(self, row: list[str]) -> int:
        columns = self._key_columns
        text: str | tuple[str, ...] = row[columns[0]] if len(columns) == 1 else tuple([row[at] for at in columns])
        known = self._key_at.get(text)
        if known is None:
            known = self._key_at[text] = len(self.found.keys)
            self.found.keys.append(read_key(row, self._mapping, order=self._order))
        return known

    def _new_session(self, day_text: str, half_text: str) -> int | str:
        place = self._work_out_session(day_text, half_text)
        self._session_at[day_text, half_text] = place
        return place

    def _work_out_session(self, day_text: str, half_text: str) -> int | str:
        on = parse_date(day_text, order=self._order, year_of=self._year_of)
        half = half_of_text(half_text)
        if on is None:
            return "a date such as 09/11/2026"
        if half is None:
            return "AM or PM"
        session = SchoolSession(on, half)
        if session not in self._place_of:
            self._place_of[session] = len(self.found.sessions)
            self.found.sessions.append(session)
            self._letters_at.append(self._letters[half])
        return self._place_of[session]

    def _new_letter(self, text: str, half: Half) -> str | None:
        letter = letter_of_text(text, half=half)
        if letter in DEAD_CODES:
            self.found.dead[letter] += 1
            answer = self._answers.get(dead_code_question_id(letter), "")
            return answer if answer in DEAD_CODES[letter] else None
        if letter is not None:
            self._letters[half][text] = letter
        return letter

    # -- problems ----------------------------------------------------------------------------------------------

    def _column(self, what: Field) -> int:
        column = self._mapping.column(what)
        if column is None:
            raise AssertionError(f"the mapping was checked to have {what}")
        return column

    def _reject_session(self, line: int, row: list[str], date_at: int, half_at: int, wanted: str) -> None:
        column = half_at if wanted == "AM or PM" else date_at
        self.found.rejected.append(Rejected(line, self._names[column], row[column], wanted))

    def _reject_code(self, line: int, column: int, text: str) -> None:
        tidy = text.strip().upper()
        wanted = _CODES_WANTED
        if is_formula(text):
            wanted = "a code; this cell holds a formula, which is never worked out"
        elif tidy in DEAD_CODES:
            wanted = (
                f"a code in force; {tidy} was withdrawn on 19 August 2024: say which of {' '.join(DEAD_CODES[tidy])}"
            )
        self.found.rejected.append(Rejected(line, self._names[column], text[:40], wanted))


def letter_of_text(text: str, *, half: Half) -> str | None:
    """Read a cell as a letter of the register, a withdrawn letter, nothing (not taken), or None where it is no code."""
    tidy = unprotect(text).strip().upper()
    if tidy in _NOT_TAKEN_SIGNS:
        return NOT_TAKEN
    if tidy in {"/", "\\"}:
        return "/" if half is Half.AM else "\\"
    if tidy in CODE_OF_LETTER or tidy in DEAD_CODES:
        return tidy
    late = _LATE.match(tidy)
    return late[1] if late else None


def half_of_text(text: str) -> Half | None:
    """Read ``AM``, ``1``, ``Morning`` or a clock time as a half of the day."""
    tidy = " ".join(text.lower().split())
    if tidy in _MORNING:
        return Half.AM
    if tidy in _AFTERNOON:
        return Half.PM
    clock = _CLOCK.match(tidy)
    if not clock:
        return None
    is_afternoon = int(clock[1]) >= 12 or "pm" in tidy
    return Half.PM if is_afternoon else Half.AM


def read_key(row: list[str], mapping: Mapping, *, order: DateOrder) -> PupilKey:
    """Read how a row names its pupil."""

    def text(what: Field) -> str:
        column = mapping.column(what)
        return unprotect(row[column]).strip() if column is not None and column < len(row) else ""

    surname, forename = text(Field.SURNAME), text(Field.FORENAME)
    if not (surname or forename) and (whole := text(Field.FULL_NAME)):
        surname, forename = split_name(whole)
    born = parse_date(text(Field.BORN), order=order)
    return PupilKey("".join(text(Field.UPN).split()).upper(), text(Field.MIS_ID), surname, forename, born)
