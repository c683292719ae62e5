"""Columns are recognised by their names and places, and a file's kind by its columns."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.aliases import Aliases, load_aliases
from cme_desktop.importers.csv_file import read_csv
from cme_desktop.importers.dates import DateOrder
from cme_desktop.importers.fields import Field, FileKind, MarkLayout
from cme_desktop.importers.formats import read_sheet
from cme_desktop.importers.mapping import Mapping, suggest_mapping
from cme_desktop.importers.marks import MarksIn, read_marks
from cme_desktop.paths import find_paths

_ON = date(2026, 11, 10)
_DATA = Path(__file__).parents[1] / "data"


def _aliases() -> Aliases:
    return load_aliases((find_paths().resources / "import-aliases.toml").read_text("utf-8"))


def _mapping(text: str) -> Mapping:
    return suggest_mapping(read_csv(text.encode()), _aliases(), on=_ON)


def _marks(text: str, answers: dict[str, str] | None = None) -> MarksIn:
    sheet = read_csv(text.encode())
    mapping = suggest_mapping(sheet, _aliases(), on=_ON)
    return read_marks(sheet, mapping, order=DateOrder.DAY_FIRST, answers=answers or {}, year_of=_ON)


def _told(found: MarksIn) -> list[tuple[str, str, str]]:
    return [
        (found.keys[key].upn, f"{found.sessions[place].on:%d%b}{found.sessions[place].half}", letter)
        for _, _, key, place, letter in found.marks
    ]


@pytest.mark.parametrize(
    ("name", "kind", "layout"),
    [
        ("bromcom-pupils-contacts.csv", FileKind.PUPILS, None),
        ("bromcom-marks.csv", FileKind.MARKS, MarkLayout.DAY_ROWS),
        ("sims-pupils-contacts.csv", FileKind.PUPILS, None),
        ("sims-register.csv", FileKind.MARKS, MarkLayout.GRID),
        ("scholarpack-pupils-contacts.xlsx", FileKind.PUPILS, None),
        ("scholarpack-marks.xlsx", FileKind.MARKS, MarkLayout.LONG),
    ],
)
def test_each_products_export_is_recognised_whole(name: str, kind: FileKind, layout: MarkLayout | None) -> None:
    mapping = suggest_mapping(read_sheet(_DATA / name), _aliases(), on=_ON)

    assert (mapping.kind, mapping.layout, mapping.missing, mapping.uncertain) == (kind, layout, (), ())
    assert all(use.field for use in mapping.columns)


def test_a_second_surname_belongs_to_the_contact() -> None:
    mapping = _mapping(
        "Student ID,Forename,Surname,Parent ID,(Contact) Priority,Parental responsibility (T/F),Title,Forename,Surname,"
        "Main Telephone\n1,Ann,Lee,9,1,T,Mrs,Jo,Lee,07700 900100\n"
    )

    assert mapping.column(Field.SURNAME) == 2
    assert mapping.column(Field.CONTACT_SURNAME, block=1) == 8
    assert mapping.column(Field.CONTACT_MOBILE, block=1) == 9
    assert mapping.kind is FileKind.CONTACTS


@pytest.mark.parametrize(
    "head", ["Contact 2 Surname", "Priority 2 Surname", "Parent/Carer 2 Surname", "Contact Surname 2"]
)
def test_a_numbered_contact_keeps_its_number(head: str) -> None:
    mapping = _mapping(f"UPN,Surname,Forename,DOB,{head}\nM830220124001,Lee,Ann,13/04/2018,Lee\n")

    assert mapping.column(Field.CONTACT_SURNAME, block=2) == 4


def test_a_header_under_title_rows_is_found() -> None:
    mapping = _mapping("Our School\nAttendance for November\n\nUPN,Date,AM,PM\nM830220124001,13/11/2026,/,\\\n")

    assert mapping.kind is FileKind.MARKS
    assert mapping.columns[0].samples == ("M830220124001",)


def test_a_file_without_a_header_is_refused() -> None:
    with pytest.raises(BadInputError, match="header"):
        _mapping("1,2,3\n4,5,6\n")


def test_a_whole_name_alone_is_too_little_to_be_sure() -> None:
    mapping = _mapping("Name,Date,AM,PM\nAnn Lee,13/11/2026,/,\\\n")

    assert [use.header for use in mapping.uncertain] == ["Name"]


def test_a_column_of_upns_is_guessed_but_asked_about() -> None:
    mapping = _mapping("Pupil code,Date,AM,PM\nM830220124001,13/11/2026,/,\\\n")

    assert (mapping.columns[0].field, [use.header for use in mapping.uncertain]) == (Field.UPN, ["Pupil code"])


def test_next_weeks_grid_has_the_header_of_this_weeks() -> None:
    this_week = _mapping("UPN,Mon 9 Nov am,Mon 9 Nov pm\nM830220124001,/,\\\n")
    next_week = _mapping("UPN,Mon 16 Nov am,Mon 16 Nov pm,Tue 17 Nov am\nM830220124001,/,\\,/\n")

    assert this_week.header_hash == next_week.header_hash


def test_long_day_and_grid_say_the_same() -> None:
    long = _marks("UPN,Date,Session,Mark\nA,13/11/2026,AM,/\nA,13/11/2026,PM,N\n")
    days = _marks("UPN,Date,AM,PM\nA,13/11/2026,/,N\n")
    grid = _marks("UPN,Surname,Forename,13/11/2026 AM,13/11/2026 PM\nA,x,y,/,N\n")
    named = _marks("UPN,Surname,Forename,Fri 13 Nov am,Fri 13 Nov pm\nA,x,y,/,N\n")
    two_rows = _marks(",,13/11/2026,\nUPN,Surname,AM,PM\nA,x,/,N\n")

    expected = [("A", "13Novam", "/"), ("A", "13Novpm", "N")]
    assert [_told(found) for found in (long, days, grid, named, two_rows)] == [expected] * 5


def test_a_weeks_text_cell_is_five_days() -> None:
    found = _marks("UPN,Surname,Forename,Week beginning 09/11/2026\nA,x,y,/\\ /\\ I I N N /\\\n")

    assert [letter for _, _, letter in _told(found)] == ["/", "\\", "/", "\\", "I", "I", "N", "N", "/", "\\"]
    assert found.sessions[-1] == SchoolSession(date(2026, 11, 13), Half.PM)


def test_an_unknown_code_is_reported_with_its_line() -> None:
    found = _marks("UPN,Date,Session,Code\nA,13/11/2026,AM,/\nA,13/11/2026,PM,Ø\n")

    problem = found.rejected[0]
    assert (problem.line, problem.column, problem.found) == (3, "Code", "Ø")
    assert "code" in problem.expected


def test_a_withdrawn_code_waits_for_an_answer() -> None:
    text = "UPN,Date,AM,PM\nA,13/11/2026,H,H\n"

    unanswered, answered = _marks(text), _marks(text, {"code:H": "G"})

    assert (len(unanswered.rejected), unanswered.marks, unanswered.dead["H"]) == (2, [], 2)
    assert [letter for _, _, letter in _told(answered)] == ["G", "G"]


def test_minutes_late_are_kept_beside_the_mark() -> None:
    found = _marks("UPN,Date,Session,Mark,Minutes Late\nA,13/11/2026,AM,L(5),\nA,13/11/2026,PM,L,7\n")

    assert sorted(found.comments.values()) == ["5 minutes late", "7 minutes late"]


def test_a_formula_for_a_code_is_rejected() -> None:
    found = _marks("UPN,Date,AM,PM\nA,13/11/2026,=B2,/\n")

    assert "formula" in found.rejected[0].expected
