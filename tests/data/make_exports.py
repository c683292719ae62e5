"""Writes the exports beside it: one made-up school, as three schools' systems would give it.

Run it again after changing the school: ``python tests/data/make_exports.py``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from openpyxl import Workbook

from cme_desktop.domain.identifiers import expected_check_letter

HERE: Final = Path(__file__).parent
_FIRST: Final = date(2026, 11, 3)
_LAST: Final = date(2026, 11, 13)


@dataclass(frozen=True)
class Child:
    """One made-up pupil with the people to ring."""

    number: int
    surname: str
    forename: str
    preferred: str
    born: date
    sex: str
    year: int
    class_name: str
    home: str
    contacts: tuple[tuple[str, str, str, str, str, bool], ...]
    marks: str
    started: date = date(2023, 9, 5)

    @property
    def upn(self) -> str:
        """A UPN with its right check letter."""
        digits = f"83022012{self.year}{self.number:03d}"
        return expected_check_letter("A" + digits) + digits


def _people(surname: str, *numbers: int, other: str = "") -> tuple[tuple[str, str, str, str, str, bool], ...]:
    mother = ("Mrs", "Helen", surname, "Mother", f"07700 900{numbers[0]:03d}", True)
    if len(numbers) == 1:
        return (mother,)
    return mother, ("Mr", "Peter", other or surname, "Grandfather", f"07700 900{numbers[1]:03d}", False)


_PRESENT: Final = "." * 18
SCHOOL: Final = (
    Child(1, "Ashworth", "Zoë", "", date(2017, 10, 14), "F", 4, "Oak", "2 Mill Lane", _people("Ashworth", 101, 102),
          _PRESENT),
    Child(2, "Ashworth", "Daniel", "Dan", date(2020, 2, 25), "M", 2, "Beech", "2 Mill Lane",
          _people("Ashworth", 101, 102), _PRESENT[:16] + "II"),
    Child(3, "O'Brien", "Niamh", "", date(2017, 11, 30), "F", 4, "Oak", "9 Chapel Walk", _people("O'Brien", 103, 104),
          "OOOOOOOOOOOOOOOOOO"),
    Child(4, "Brière", "José", "", date(2018, 1, 17), "M", 4, "Oak", "14 Station Road", _people("Brière", 105),
          _PRESENT[:12] + "NNNNNN"),
    Child(5, "Pryce", "Siân", "", date(2018, 6, 3), "F", 4, "Oak", "31 Station Road", _people("Pryce", 106, 107),
          "L" + _PRESENT[1:]),
    Child(6, "Marsden", "Robin", "", date(2018, 3, 21), "M", 4, "Oak", "5 Top Row", _people("Marsden", 108, 109),
          "GGGGGGGGGG" + _PRESENT[:8]),
    Child(7, "Fielding", "Chloë", "", date(2020, 5, 29), "F", 2, "Beech", "6 Top Row", _people("Fielding", 110, 111),
          _PRESENT[:4] + "MM" + _PRESENT[:12]),
    Child(8, "Hussain", "Bilal", "", date(2020, 1, 8), "M", 2, "Beech", "40 Lark Hill", _people("Hussain", 112, 113),
          _PRESENT[:10] + "U" + _PRESENT[:7]),
    Child(9, "Castell", "Rhys", "", date(2019, 12, 24), "M", 2, "Beech", "1 Lark Hill", _people("Castell", 114, 115),
          _PRESENT[:16] + "  "),
    Child(10, "Nowak", "Hanna", "", date(2020, 4, 16), "F", 2, "Beech", "3 Lark Hill", _people("Nowak", 116, 117),
          "CC" + _PRESENT[:16]),
)  # fmt: skip


def days() -> list[date]:
    """The school days of the files."""
    span = (_FIRST + timedelta(days=offset) for offset in range((_LAST - _FIRST).days + 1))
    return [day for day in span if day.weekday() < 5]


def mark_of(child: Child, place: int) -> str:
    """A child's code in the session at a place: ``.`` in the story is present."""
    letter = child.marks[place].strip()
    return ("/", "\\")[place % 2] if letter == "." else letter


def _write_csv(name: str, rows: Iterable[Sequence[str]], *, encoding: str, separator: str) -> None:
    with (HERE / name).open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=separator, lineterminator="\r\n").writerows(rows)


def write_bromcom() -> None:
    """UTF-8 with its mark, numbered contacts, Male and Female, a row a day."""
    header = ["Last Name", "First Name", "Preferred First Name", "Admission Number", "UPN", "Gender", "Date of Birth",
              "Year Group", "Tutor Group", "Admission Date", "Address", "Postcode"]  # fmt: skip
    for number in (1, 2):
        header += [f"Contact {number} {name}" for name in
                   ("Title", "First Name", "Last Name", "Relationship", "Mobile Phone",
                    "Lives With Pupil")]  # fmt: skip
    rows = [header]
    for child in SCHOOL:
        row = [child.surname, child.forename, child.preferred, f"{child.number:06d}", child.upn,
               {"M": "Male", "F": "Female"}[child.sex], f"{child.born:%d/%m/%Y}", f"Year {child.year}",
               child.class_name,
               f"{child.started:%d/%m/%Y}", f"{child.home}, Larkfield", "DE4 3AG"]  # fmt: skip
        for contact in child.contacts:
            row += [*contact[:5], "Yes" if contact[5] else "No"]
        rows.append(row + [""] * (len(header) - len(row)))
    _write_csv("bromcom-pupils-contacts.csv", rows, encoding="utf-8-sig", separator=",")
    marks = [["UPN", "Last Name", "First Name", "Tutor Group", "Date", "AM", "PM"]]
    for child in SCHOOL:
        for index, day in enumerate(days()):
            marks.append([child.upn, child.surname, child.forename, child.class_name, f"{day:%d/%m/%Y}",
                          mark_of(child, 2 * index) or "-", mark_of(child, 2 * index + 1) or "-"])  # fmt: skip
    _write_csv("bromcom-marks.csv", marks, encoding="utf-8-sig", separator=",")


def write_sims() -> None:
    """Windows-1252, semicolons, title rows, months in letters, a register grid under two header rows."""
    header = ["Adno", "UPN", "Legal Surname", "Legal Forename", "Preferred Forename", "DOB", "Gender", "Year",
              "Reg Group", "DOA"]  # fmt: skip
    for number in (1, 2):
        header += [f"Priority {number} {name}" for name in ("Surname", "Forename", "Relationship", "Mobile")]
    rows = [["Larkfield Primary School"], ["Pupils and contacts, 13 November 2026"], [], header]
    for child in SCHOOL:
        row = [f"{child.number:06d}", child.upn, child.surname, child.forename, child.preferred,
               f"{child.born:%d-%b-%y}", child.sex, str(child.year), child.class_name,
               f"{child.started:%d-%b-%y}"]  # fmt: skip
        for _, forename, surname, relation, number_text, _ in child.contacts:
            row += [surname, forename, relation, number_text]
        rows.append(row + [""] * (len(header) - len(row)))
    _write_csv("sims-pupils-contacts.csv", rows, encoding="cp1252", separator=";")
    top, below = ["", "", "", ""], ["Adno", "Surname", "Forename", "Reg Group"]
    for day in days():
        top += [f"{day:%d/%m/%Y}", ""]
        below += ["AM", "PM"]
    grid = [["Larkfield Primary School"], ["Register, weeks of 2 and 9 November 2026"], top, below]
    for child in SCHOOL:
        codes = [mark_of(child, place) or "-" for place in range(2 * len(days()))]
        codes = [f"{code}(12)" if code == "L" else code for code in codes]
        grid.append([f"{child.number:06d}", child.surname, child.forename, child.class_name, *codes])
    _write_csv("sims-register.csv", grid, encoding="cp1252", separator=";")


def write_scholarpack() -> None:
    """A workbook with a row a contact, numbers that lost their zero, and one with a row a session."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Pupil ID", "UPN", "Forename", "Surname", "PreferredForename", "Date of Birth", "Gender",
                  "Year Group", "Class", "Start Date", "Parent ID", "Priority", "Parental responsibility",
                  "Lives with Pupil", "Relationship", "Title", "Forename", "Surname", "Main Telephone"])  # fmt: skip
    for child in SCHOOL:
        for rank, (title, forename, surname, relation, number, at_home) in enumerate(child.contacts, start=1):
            sheet.append([
                child.number, child.upn, child.forename, child.surname, child.preferred, _moment(child.born), child.sex,
                f"Y{child.year}", child.class_name, _moment(child.started),
                child.number * 10 + rank, rank, "T" if at_home else "F", "T" if at_home else "F",
                relation, title, forename, surname, int(number.replace(" ", "")),
            ])  # fmt: skip
    book.save(HERE / "scholarpack-pupils-contacts.xlsx")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Pupil ID", "UPN", "Attendance Date", "Session", "Attendance Code", "Minutes Late"])
    for index, day in enumerate(days()):
        for half in (0, 1):
            for child in SCHOOL:
                code = mark_of(child, 2 * index + half)
                sheet.append([child.number, child.upn, _moment(day), ("AM", "PM")[half], code or None,
                              12 if code == "L" else None])  # fmt: skip
    book.save(HERE / "scholarpack-marks.xlsx")


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001  a spreadsheet's cell has no zone


if __name__ == "__main__":
    write_bromcom()
    write_sims()
    write_scholarpack()
