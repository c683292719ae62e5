"""Read pupils and their contacts from rows: one row a pupil, one row a contact, or both at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

from cme_desktop.domain.contacts import Household
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.events import With
from cme_desktop.domain.identifiers import Upn
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.importers.dates import DateOrder, parse_date, settle_order
from cme_desktop.importers.fields import PERSONAL, Field, FileKind
from cme_desktop.importers.mapping import Mapping
from cme_desktop.importers.marks import PupilKey, read_key
from cme_desktop.importers.phones import NumberIn, read_number
from cme_desktop.importers.sheet import Rejected, Sheet, is_formula, unprotect
from cme_desktop.importers.values import (
    postcode_of_text,
    relation_of_text,
    sen_of_text,
    sex_of_text,
    small_number,
    split_name,
    split_title,
    truth_of_text,
    year_group_of_text,
)

_ValueT = TypeVar("_ValueT")

_OLDEST: Final = 13
"""Nobody older than this is at a primary school."""
_FURTHEST: Final = 5
"""Nobody's first or last day is known more years ahead."""

_TICKED: Final = {
    Field.LOOKED_AFTER: Circumstance.LOOKED_AFTER,
    Field.CHILD_PROTECTION: Circumstance.CHILD_PROTECTION_PLAN,
    Field.CHILD_IN_NEED: Circumstance.CHILD_IN_NEED,
    Field.SOCIAL_WORKER: Circumstance.SOCIAL_WORKER,
    Field.DISADVANTAGED: Circumstance.DISADVANTAGED,
    Field.SERVICE_CHILD: Circumstance.SERVICE_CHILD,
    Field.TRAVELLER: Circumstance.TRAVELLER,
    Field.YOUNG_CARER: Circumstance.YOUNG_CARER,
}
_NUMBER_KINDS: Final = (
    (Field.CONTACT_MOBILE, "mobile"),
    (Field.CONTACT_HOME_PHONE, "home"),
    (Field.CONTACT_WORK_PHONE, "work"),
)


@dataclass(frozen=True, slots=True)
class ContactIn:
    """A contact as a file gives it; what the file does not say is empty or None."""

    surname: str
    forename: str
    title: str = ""
    mis_id: str = ""
    rank: int | None = None
    relation: With | None = None
    relation_said: str = ""
    household: Household | None = None
    parental_responsibility: bool | None = None
    court_order: bool = False
    numbers: tuple[NumberIn, ...] = ()
    email: str = ""
    address: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class PupilIn:
    """A row's pupil, or only how the row names one, with the contacts on the same row."""

    line: int
    key: PupilKey
    is_temporary: bool = False
    former_upn: str = ""
    preferred_surname: str = ""
    preferred_forename: str = ""
    middle_names: str = ""
    sex: str = ""
    year_group: YearGroup | None = None
    class_name: str = ""
    starting_day: date | None = None
    left_on: date | None = None
    address: str = ""
    postcode: str = ""
    language: str = ""
    circumstances: tuple[Circumstance, ...] = ()
    contacts: tuple[ContactIn, ...] = ()


@dataclass(frozen=True, slots=True)
class PeopleIn:
    """Every row of people a file holds, and the rows that could not be read."""

    rows: tuple[PupilIn, ...]
    rejected: tuple[Rejected, ...]


class _RowProblemError(Exception):
    """A cell of the row can't be used."""

    def __init__(self, what: Field, found: str, expected: str) -> None:
        super().__init__(expected)
        self.what, self.found, self.expected = what, found, expected


def settle_people_dates(sheet: Sheet, mapping: Mapping, *, on: date) -> DateOrder | None:
    """Say in which order the file's dates are written, by all its date columns; None where somebody must be asked."""
    columns = [
        column
        for what in (Field.BORN, Field.STARTING_DAY, Field.LEFT_ON)
        if (column := mapping.column(what)) is not None
    ]
    texts = [row[at] for row in sheet.rows[mapping.header_row + 1 :] for at in columns if at < len(row)]
    return settle_order(texts, plausible=lambda day: day.year > on.year - _OLDEST - 1)


def read_people(sheet: Sheet, mapping: Mapping, *, order: DateOrder, on: date) -> PeopleIn:
    """Read every row; a row with one unusable cell is left out whole, and said."""
    reader = _RowReader(sheet, mapping, order, on)
    rows: list[PupilIn] = []
    rejected: list[Rejected] = []
    start = mapping.header_row + 1
    for line, row in zip(sheet.lines[start:], sheet.rows[start:], strict=True):
        if not any(cell.strip() for cell in row):
            continue
        try:
            rows.append(reader.read(line, row))
        except _RowProblemError as problem:
            rejected.append(
                Rejected(line, reader.header_of(problem.what), problem.found[:40], problem.expected,
                         personal=problem.what in PERSONAL)
            )  # fmt: skip
    return PeopleIn(tuple(rows), tuple(rejected))


class _RowReader:
    def __init__(self, sheet: Sheet, mapping: Mapping, order: DateOrder, on: date) -> None:
        self._mapping = mapping
        self._order = order
        self._on = on
        self._row: list[str] = []
        self._at = {(use.field, use.block): use.index for use in mapping.columns if use.field}
        self._headers = {use.field: use.header for use in reversed(mapping.columns) if use.field}
        self._needed = max((use.index for use in mapping.columns if use.field), default=0)
        self._may_be_cut = sheet.lines[-1] if sheet.format == "csv" and sheet.warnings else -1

    def header_of(self, what: Field) -> str:
        return self._headers.get(what, "")

    def read(self, line: int, row: list[str]) -> PupilIn:
        if line == self._may_be_cut and len(row) <= self._needed:
            raise _RowProblemError(Field.COMMENT, "half a row", "a whole row: export the file again")
        self._row = row
        self._refuse_formulas()
        key = self._key()
        if self._mapping.kind is FileKind.CONTACTS:
            return PupilIn(line, key, contacts=self._contacts())
        return self._pupil(line, key)

    def _pupil(self, line: int, key: PupilKey) -> PupilIn:
        self._check_pupil(key)
        return PupilIn(
            line,
            key,
            is_temporary=bool(key.upn) and key.upn[-1].isalpha(),
            former_upn="".join(self._text(Field.FORMER_UPN).split()).upper(),
            preferred_surname=self._text(Field.PREFERRED_SURNAME),
            preferred_forename=self._text(Field.PREFERRED_FORENAME),
            middle_names=self._text(Field.MIDDLE_NAMES),
            sex=self._value(Field.SEX, sex_of_text, "M or F") or "",
            year_group=self._value(Field.YEAR_GROUP, year_group_of_text, "nursery, Reception, or a year from 1 to 6"),
            class_name=self._text(Field.CLASS_NAME),
            starting_day=self._day_of_life(Field.STARTING_DAY, key),
            left_on=self._day_of_life(Field.LEFT_ON, key),
            address=self._address(0),
            postcode=postcode_of_text(self._text(Field.POSTCODE)),
            language=self._text(Field.LANGUAGE),
            circumstances=self._circumstances(),
            contacts=self._contacts(),
        )

    # -- the pupil ---------------------------------------------------------------------------------------------

    def _key(self) -> PupilKey:
        key = read_key(self._row, self._mapping, order=self._order)
        if key.upn:
            try:
                Upn.parse(key.upn)
            except BadInputError as error:
                wanted = f"a UPN. {error.title} Correct it in the school's system and export again"
                raise _RowProblemError(Field.UPN, key.upn, wanted) from error
        return replace(key, born=self._date(Field.BORN))

    def _check_pupil(self, key: PupilKey) -> None:
        if not key.surname:
            raise _RowProblemError(Field.SURNAME, "", "a surname")
        if not key.forename:
            raise _RowProblemError(Field.FORENAME, "", "a forename")
        if not (key.upn or key.mis_id):
            raise _RowProblemError(Field.UPN, "", "a UPN, or the pupil's number in the school's system")
        if key.born is None:
            raise _RowProblemError(Field.BORN, "", "a date of birth")
        if not self._on.year - _OLDEST <= key.born.year <= self._on.year or key.born > self._on:
            wanted = f"the birthday of a child at primary school, from {self._on.year - _OLDEST} to {self._on.year}"
            raise _RowProblemError(Field.BORN, key.born.strftime("%d/%m/%Y"), wanted)

    def _circumstances(self) -> tuple[Circumstance, ...]:
        found = [circumstance for what, circumstance in _TICKED.items() if self._is_ticked(what)]
        if sen := sen_of_text(self._text(Field.SEN)):
            found.append(Circumstance(sen))
        return tuple(found)

    def _is_ticked(self, what: Field) -> bool:
        text = self._text(what)
        ticked = truth_of_text(text)
        # a social worker's name in that column says that there is one
        return bool(text) and ticked is not False if what is Field.SOCIAL_WORKER else bool(ticked)

    # -- contacts ----------------------------------------------------------------------------------------------

    def _contacts(self) -> tuple[ContactIn, ...]:
        read = (self._contact(block) for block in self._mapping.blocks)
        return tuple(contact for contact in read if contact is not None)

    def _contact(self, block: int) -> ContactIn | None:
        title, surname, forename = self._contact_name(block)
        numbers = self._numbers(block)
        if not (surname or forename) and not numbers:
            return None
        said = self._text(Field.CONTACT_RELATION, block)
        lives_with = truth_of_text(self._text(Field.CONTACT_LIVES_WITH, block) or "?")
        ranked = self._text(Field.CONTACT_RANK, block)
        return ContactIn(
            surname=surname,
            forename=forename,
            title=title,
            mis_id=self._text(Field.CONTACT_MIS_ID, block),
            rank=self._rank_of_block(block) if (rank := small_number(ranked)) is None else rank,
            relation=relation_of_text(said) if said else None,
            relation_said=said,
            household=None if lives_with is None else (Household.HOME if lives_with else Household.ELSEWHERE),
            parental_responsibility=truth_of_text(self._text(Field.CONTACT_RESPONSIBILITY, block) or "?"),
            court_order=bool(truth_of_text(self._text(Field.CONTACT_COURT_ORDER, block))),
            numbers=numbers,
            email=", ".join(self._texts(Field.CONTACT_EMAIL, block)),
            address=", ".join(self._texts(Field.CONTACT_ADDRESS, block)),
            language=self._text(Field.CONTACT_LANGUAGE, block),
        )

    def _rank_of_block(self, block: int) -> int | None:
        return block if len(self._mapping.blocks) > 1 else None

    def _contact_name(self, block: int) -> tuple[str, str, str]:
        title = self._text(Field.CONTACT_TITLE, block)
        surname = self._text(Field.CONTACT_SURNAME, block)
        forename = self._text(Field.CONTACT_FORENAME, block)
        whole = self._text(Field.CONTACT_FULL_NAME, block)
        if whole and not (surname or forename):
            found_title, rest = split_title(whole)
            surname, forename = split_name(rest)
            title = title or found_title
        return title, surname, forename

    def _numbers(self, block: int) -> tuple[NumberIn, ...]:
        found: dict[str, NumberIn] = {}
        for what, kind in _NUMBER_KINDS:
            for text in self._texts(what, block):
                number = read_number(text, kind=kind)
                if number is not None:
                    found.setdefault(number.digits, number)
        return tuple(found.values())

    # -- cells -------------------------------------------------------------------------------------------------

    def _text(self, what: Field, block: int = 0) -> str:
        at = self._at.get((what, block))
        if at is None or at >= len(self._row):
            return ""
        return " ".join(unprotect(self._row[at]).split())

    def _texts(self, what: Field, block: int) -> list[str]:
        columns = self._mapping.columns_of(what, block=block)
        texts = (" ".join(unprotect(self._row[at]).split()) for at in columns if at < len(self._row))
        return [text for text in texts if text]

    def _address(self, block: int) -> str:
        number = self._text(Field.HOUSE_NUMBER, block)
        lines = ", ".join(self._texts(Field.ADDRESS, block))
        return f"{number} {lines}".strip()

    def _date(self, what: Field) -> date | None:
        text = self._text(what)
        if not text:
            return None
        day = parse_date(text, order=self._order)
        if day is None:
            raise _RowProblemError(what, text, "a date such as 05/09/2018")
        return day

    def _day_of_life(self, what: Field, key: PupilKey) -> date | None:
        day = self._date(what)
        latest = date(self._on.year + _FURTHEST, 12, 31)
        if day is not None and key.born is not None and not key.born < day <= latest:
            wanted = f"a day after the pupil was born, and not after {latest.year}: correct it and export again"
            raise _RowProblemError(what, f"{day:%d/%m/%Y}", wanted)
        return day

    def _value(self, what: Field, read: Callable[[str], _ValueT | None], expected: str) -> _ValueT | None:
        text = self._text(what)
        if not text:
            return None
        value = read(text)
        if value is None:
            raise _RowProblemError(what, text, expected)
        return value

    def _refuse_formulas(self) -> None:
        for use in self._mapping.columns:
            if use.field and use.index < len(self._row) and is_formula(self._row[use.index].strip()):
                raise _RowProblemError(
                    use.field, "a formula", "a value; a formula is never worked out: paste the values and save again"
                )
