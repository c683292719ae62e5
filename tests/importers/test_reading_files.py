"""Files of every shape become rows, or a sentence with a remedy."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.csv_file import read_csv
from cme_desktop.importers.formats import LARGEST_FILE_BYTES, read_sheet
from cme_desktop.importers.sheet import is_formula, unprotect


def _file(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def _workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        assert book.active is not None
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _with_part(workbook: bytes, name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            new.writestr(part, data if part == name else old.read(part))
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_name_survives_every_encoding_schools_use(encoding: str) -> None:
    data = "UPN,Surname,Forename\r\n1,O’Brien,Zoë\r\n".encode(encoding)

    sheet = read_csv(data)

    assert sheet.rows[1] == ["1", "O’Brien", "Zoë"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str) -> None:
    data = "\r\n".join(separator.join(row) for row in (["UPN", "Date", "AM"], ["1", "3/11/2026", "\\"])).encode()

    sheet = read_csv(data)

    assert sheet.rows[1] == ["1", "3/11/2026", "\\"]


def test_slashes_and_backslashes_are_ordinary_characters() -> None:
    sheet = read_csv(b'UPN,AM,PM\r\n1,/,\\\r\n2,"/","\\"\r\n')

    assert sheet.rows[1:] == [["1", "/", "\\"], ["2", "/", "\\"]]


def test_half_a_file_says_so() -> None:
    sheet = read_csv(b"UPN,Date,AM\r\n1,3/11/2026,/\r\n2,3/11")

    assert "half a file" in sheet.warnings[0]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="empty"):
        read_sheet(_file(tmp_path, "marks.csv", b""))


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", bytes(range(256)) * 20, b"SQLite format 3\x00"])
def test_a_binary_file_named_csv_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInputError, match="whatever its name says"):
        read_sheet(_file(tmp_path, "marks.csv", data))


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)

    with pytest.raises(BadInputError, match="100 MB") as caught:
        read_sheet(path)
    assert str(LARGEST_FILE_BYTES // 1_000_000) in caught.value.detail


def test_a_workbook_is_read_as_text_with_its_dates(tmp_path: Path) -> None:
    from datetime import datetime

    data = _workbook(["UPN", "Date", "Number"], ["1", datetime(2026, 11, 3), 7700900123])  # noqa: DTZ001  a cell

    sheet = read_sheet(_file(tmp_path, "marks.xlsx", data))

    assert sheet.rows == [["UPN", "Date", "Number"], ["1", "2026-11-03", "7700900123"]]


def test_a_workbook_with_gaps_keeps_its_columns(tmp_path: Path) -> None:
    sheet = read_sheet(_file(tmp_path, "a.xlsx", _workbook(["A", None, "C"], [None, None, None], [None, "b", True])))

    assert sheet.rows == [["A", "", "C"], ["", "b", "TRUE"]]
    assert sheet.lines == [1, 3]


def test_a_formula_in_a_cell_is_never_worked_out(tmp_path: Path) -> None:
    sheet = read_sheet(_file(tmp_path, "a.xlsx", _workbook(["UPN"], ["=1+1"])))

    assert sheet.rows[1] == ["=1+1"]
    assert is_formula(sheet.rows[1][0])


def test_text_protected_for_spreadsheets_is_no_formula() -> None:
    assert not is_formula('="00123"')
    assert unprotect('="00123"') == "00123"


def test_an_xml_bomb_is_refused(tmp_path: Path) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><worksheet>&c;</worksheet>'
    data = _with_part(_workbook(["UPN"]), "xl/worksheets/sheet1.xml", bomb)

    with pytest.raises(BadInputError, match="not safe"):
        read_sheet(_file(tmp_path, "bomb.xlsx", data))


def test_a_bomb_hidden_in_another_encoding_is_refused(tmp_path: Path) -> None:
    bomb = '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY b "b">]><worksheet/>'.encode("utf-16")
    data = _with_part(_workbook(["UPN"]), "xl/worksheets/sheet1.xml", bomb)

    with pytest.raises(BadInputError, match="not safe"):
        read_sheet(_file(tmp_path, "bomb.xlsx", data))


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    data = _with_part(_workbook(["UPN"]), "xl/worksheets/sheet1.xml", b" " * 30_000_000)

    with pytest.raises(BadInputError, match="not safe"):
        read_sheet(_file(tmp_path, "bomb.xlsx", data))


def test_half_a_workbook_is_refused(tmp_path: Path) -> None:
    data = _workbook(["UPN"], ["1"])

    with pytest.raises(BadInputError, match="damaged"):
        read_sheet(_file(tmp_path, "half.xlsx", data[: len(data) // 2]))


def test_a_workbook_of_the_old_kind_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="old kind"):
        read_sheet(_file(tmp_path, "a.xls", b"\xd0\xcf\x11\xe0" + bytes(600)))


def test_a_file_that_is_gone_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="not there"):
        read_sheet(tmp_path / "gone.csv")


def test_term_dates_of_an_icalendar_file_end_the_day_before_its_own_end(tmp_path: Path) -> None:
    text = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Autumn 1\r\nDTSTART;VALUE=DATE:20260903\r\n"
        "DTEND;VALUE=DATE:20261024\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )

    sheet = read_sheet(_file(tmp_path, "terms.ics", text.encode()))

    assert sheet.rows[1] == ["Autumn 1", "2026-09-03", "2026-10-23"]
