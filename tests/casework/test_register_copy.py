"""The month's copy of both registers opens without the program, holds what the registers hold, and settles the duty."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.register import set_mark
from cme_desktop.casework.register_copy import (
    SHORTEST_PASSWORD,
    make_register_copy,
    propose_days,
    propose_name,
)
from cme_desktop.casework.today.screen import load_today
from cme_desktop.documents.locked_archive import open_locked
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, CmeError
from tests.casework.test_permissions import by
from tests.office import HEAD, LUCJA, MANAGER, TODAY, YESTERDAY, add_marks, add_pupil, at, seen_by

PASSWORD = "otter lamp tuesday gravel"
MONDAY = date(2026, 11, 2)


def read_back(file: Path) -> dict[str, bytes]:
    return open_locked(file.read_bytes(), password=PASSWORD)


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def a_copy(office: Office, folder: Path, *, first: date = MONDAY, last: date = TODAY) -> Path:
    name = propose_name(last)
    return make_register_copy(office, first=first, last=last, password=PASSWORD, to=folder / name).file


def test_the_attendance_register_stands_in_it_mark_by_mark(office: Office, tmp_path: Path) -> None:
    add_marks(office, LUCJA, "O", YESTERDAY)

    found = read_back(a_copy(office, tmp_path))

    assert set(found) == {
        "read-me.txt", "admission-register.csv", "attendance-register.csv", "amended-marks.csv", "registers.pdf",
    }  # fmt: skip
    (lucja,) = [row for row in rows_of(found["attendance-register.csv"]) if row["Surname"] == "Wiśniewska"][:1]
    assert lucja[str(SchoolSession(YESTERDAY, Half.AM))] == "O"
    assert lucja[str(SchoolSession(MONDAY + timedelta(days=1), Half.PM))] == "\\"
    assert lucja[str(SchoolSession(TODAY, Half.PM))] == "."  # nobody marked it yet
    assert str(SchoolSession(date(2026, 11, 7), Half.AM)) not in lucja  # a Saturday


def test_the_admission_register_names_who_was_on_roll_in_these_days_and_their_families(
    office: Office, tmp_path: Path
) -> None:
    gone = add_pupil(office, surname="Early", left_on=MONDAY - timedelta(days=1))
    going = add_pupil(office, surname="Later", left_on=MONDAY)
    coming = add_pupil(office, surname="Tomorrow", starting_day=TODAY + timedelta(days=1))
    assert len({gone, going, coming}) == 3

    rows = rows_of(read_back(a_copy(office, tmp_path))["admission-register.csv"])

    surnames = {row["Surname in law"] for row in rows}
    assert "Later" in surnames
    assert {"Early", "Tomorrow"}.isdisjoint(surnames)
    (lucja,) = [row for row in rows if row["Forename in law"] == "Łucja"]
    assert lucja["Born"]
    assert lucja["UPN"]
    assert "07700 900" in lucja["Contacts"]
    assert "mother" in lucja["Contacts"]


def test_an_amended_mark_stands_in_it_with_what_stood_before_why_when_and_by_whom(
    office: Office, tmp_path: Path
) -> None:
    add_marks(office, LUCJA, "N", YESTERDAY)
    set_mark(
        office,
        pupil_id=LUCJA,
        session=SchoolSession(YESTERDAY, Half.AM),
        code=AttendanceCode.ILLNESS,
        reason="Mother rang",
    )

    rows = rows_of(read_back(a_copy(office, tmp_path))["amended-marks.csv"])
    (made,) = [row for row in rows if row["To"] == "I"]

    assert (made["From"], made["To"], made["Why"], made["By"]) == ("N", "I", "Mother rang", MANAGER.name)
    assert made["Session"] == str(SchoolSession(YESTERDAY, Half.AM))
    assert made["When"].startswith(TODAY.isoformat())


def test_a_name_that_a_spreadsheet_would_work_out_is_inert(office: Office, tmp_path: Path) -> None:
    add_pupil(office, surname='=HYPERLINK("http://example.org")')

    rows = rows_of(read_back(a_copy(office, tmp_path))["admission-register.csv"])

    assert [row["Surname in law"][:2] for row in rows if "HYPERLINK" in row["Surname in law"]] == ["'="]


def test_nothing_in_it_is_readable_without_the_password_and_its_names_name_nobody(
    office: Office, tmp_path: Path
) -> None:
    file = a_copy(office, tmp_path)
    raw = file.read_bytes()

    assert file.name == "register-copy-2026-11-10.zip"
    for secret in ("Wiśniewska", "Łucja", "07700", "registers of"):
        assert secret.encode("utf-8") not in raw
    with pytest.raises(CmeError, match="can’t be opened"):
        open_locked(raw, password="otter lamp tuesday grave")
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [file.name]


@pytest.mark.parametrize("place", [40, 400, -40])
def test_a_changed_byte_is_noticed(office: Office, tmp_path: Path, place: int) -> None:
    raw = bytearray(a_copy(office, tmp_path).read_bytes())
    raw[place] ^= 1

    try:
        found = open_locked(bytes(raw), password=PASSWORD)
    except CmeError:
        return
    assert found == read_back(tmp_path / propose_name(TODAY))


def test_it_settles_the_months_duty_and_stands_in_the_journal(office: Office, tmp_path: Path) -> None:
    later = at(office, datetime(2026, 12, 9, 9, 12, tzinfo=LOCAL_ZONE))
    assert "Monthly copy of the registers" in str(load_today(later))

    a_copy(later, tmp_path, first=propose_days(later).first, last=propose_days(later).last)

    assert "Monthly copy of the registers" not in str(load_today(later))
    assert propose_days(later).last_made == date(2026, 12, 9)
    assert load_journal(seen_by(later, HEAD)).lines[0].said == "Made the copy of the registers"


def test_the_next_copy_begins_on_the_day_of_the_last_so_that_no_day_is_left_out(office: Office) -> None:
    proposed = propose_days(office)

    assert (proposed.first, proposed.last) == (YESTERDAY, TODAY)  # the office's records were copied yesterday


@pytest.mark.parametrize(
    ("first", "last", "password", "told"),
    [
        (TODAY, YESTERDAY, PASSWORD, "can’t be copied"),
        (TODAY, TODAY + timedelta(days=1), PASSWORD, "can’t be copied"),
        (TODAY - timedelta(days=400), TODAY, PASSWORD, "more than a school year"),
        (MONDAY, TODAY, "x" * (SHORTEST_PASSWORD - 1), "too short"),
    ],
)
def test_what_can_not_be_is_refused_and_nothing_is_written(
    office: Office, tmp_path: Path, first: date, last: date, password: str, told: str
) -> None:
    with pytest.raises(BadInputError, match=told):
        make_register_copy(office, first=first, last=last, password=password, to=tmp_path / "copy.zip")

    assert not (tmp_path / "copy.zip").exists()


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.CARETAKER])
def test_it_is_not_for_those_who_see_no_names(office: Office, tmp_path: Path, role: Role) -> None:
    with pytest.raises(NotYoursError):
        a_copy(by(office, role), tmp_path)


def test_days_without_any_school_make_a_copy_without_a_mark(office: Office, tmp_path: Path) -> None:
    saturday = date(2026, 11, 7)

    made = make_register_copy(
        office, first=saturday, last=saturday, password=PASSWORD, to=tmp_path / propose_name(saturday)
    )

    assert made.marks == 0
    assert made.pupils == 12
    assert read_back(made.file)["registers.pdf"].startswith(b"%PDF")
