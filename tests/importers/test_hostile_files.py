"""Files made to do harm, or spoilt by accident: refused with a sentence, soon and without filling the memory."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from cme_desktop.domain.errors import BadInputError
from cme_desktop.importers.aliases import load_aliases
from cme_desktop.importers.calendar_file import read_icalendar
from cme_desktop.importers.calendars import read_calendar
from cme_desktop.importers.csv_file import read_csv
from cme_desktop.importers.dates import DateOrder
from cme_desktop.importers.mapping import suggest_mapping
from cme_desktop.importers.marks import read_marks
from cme_desktop.importers.sheet import LONGEST_CELL, MOST_COLUMNS, Sheet
from cme_desktop.importers.terms import read_terms
from cme_desktop.importers.workbook import read_workbook
from cme_desktop.outside_file import read_outside_file
from tests.seconds import within

RESOURCES = Path(__file__).parents[2] / "resources"
TODAY = date(2026, 11, 10)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATIONS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'


def a_workbook(rows: str, *, texts: str = "", packing: int = zipfile.ZIP_STORED, sheets: int = 1) -> bytes:
    """A workbook of one sheet's XML, as a program that means harm would write it."""
    stream = io.BytesIO()
    listed = '<sheet name="a" r:id="r1"/>' * sheets
    with zipfile.ZipFile(stream, "w", packing) as archive:
        archive.writestr("xl/workbook.xml", f"<workbook {_MAIN} {_RELATIONS}><sheets>{listed}</sheets></workbook>")
        archive.writestr("xl/_rels/workbook.xml.rels", '<R><Relationship Id="r1" Target="worksheets/a.xml"/></R>')
        archive.writestr("xl/worksheets/a.xml", f"<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>")
        if texts:
            archive.writestr("xl/sharedStrings.xml", f"<sst {_MAIN}>{texts}</sst>")
    return stream.getvalue()


def _terms_in(text: str) -> Sheet:
    return read_csv(f"Term,First day,Last day\n{text}".encode())


# -- text ------------------------------------------------------------------------------------------------------


def test_a_file_of_empty_lines_is_refused_before_it_fills_the_memory() -> None:
    with within(seconds=5), pytest.raises(BadInputError, match="more rows") as caught:
        read_csv(b"UPN,Date,AM\n" + b"\n" * 1_000_000)

    assert "Export one class" in caught.value.remedy


def test_a_row_of_nothing_but_separators_is_refused_before_its_cells_are_made() -> None:
    with within(seconds=5), pytest.raises(BadInputError, match="more columns"):
        read_csv(b"UPN,Date,AM\n" + b"," * 20_000_000)


def test_a_row_that_never_ends_is_refused() -> None:
    with within(seconds=5), pytest.raises(BadInputError, match="more columns"):
        read_csv(b"UPN,Date,AM\n" + b'"\n",' * 2_000_000)


def test_as_many_columns_as_may_be_are_read_and_one_more_is_refused() -> None:
    assert len(read_csv(b"a" + b"," * (MOST_COLUMNS - 1)).rows[0]) == MOST_COLUMNS

    with pytest.raises(BadInputError, match="more columns"):
        read_csv(b"a" + b"," * MOST_COLUMNS)


def test_more_cells_than_any_list_has_are_refused() -> None:
    with within(seconds=15), pytest.raises(BadInputError, match="more cells"):
        read_csv((b"/," * 1999 + b"\n") * 2_100)


def test_short_rows_below_a_wide_header_count_as_if_they_were_filled() -> None:
    header = "UPN," + ",".join(f"{day:02d}/11/2026 AM" for day in range(1, 29)) + ",x" * 1_900
    sheet = read_csv((header + "\n" + "A\n" * 3_000).encode())

    with pytest.raises(BadInputError, match="more cells"):
        suggest_mapping(sheet, load_aliases((RESOURCES / "import-aliases.toml").read_text("utf-8")), on=TODAY)


def test_a_nought_byte_in_text_of_two_byte_characters_is_no_text() -> None:
    with pytest.raises(BadInputError, match="not a CSV file"):
        read_csv("UPN,Date,AM\r\nA\0,1/9/2026,/\r\n".encode("utf-16"))


def test_a_cell_longer_than_any_spreadsheet_holds_is_refused() -> None:
    with pytest.raises(BadInputError, match="could not be read after line 2"):
        read_csv(b"UPN,Date,AM\n" + b"x" * (LONGEST_CELL + 1) + b",1,2\n")


def test_a_week_at_the_end_of_time_is_a_problem_of_its_row() -> None:
    sheet = read_csv(b"UPN,Surname,Week beginning 28/12/9999\nA1,Ash,/\\/\\/\\/\\/\\\n")
    mapping = suggest_mapping(sheet, load_aliases((RESOURCES / "import-aliases.toml").read_text("utf-8")), on=TODAY)

    read = read_marks(sheet, mapping, order=DateOrder.DAY_FIRST, answers={}, year_of=TODAY)

    assert [(problem.line, problem.expected) for problem in read.rejected] == [(2, "the week's first day")]


# -- workbooks -------------------------------------------------------------------------------------------------


def test_rows_with_one_far_cell_are_refused_before_they_fill_the_memory() -> None:
    rows = "".join(f'<row><c r="BXX{line}"><v>{line}</v></c></row>' for line in range(1, 30_000))

    with within(seconds=10), pytest.raises(BadInputError, match="more cells"):
        read_workbook(a_workbook(rows))


@pytest.mark.parametrize(
    "rows",
    ["<a/>" * 1_000_000, "<row>" + "<c><v>1</v></c>" * 500_000 + "</row>", "<a>" * 1_000_000 + "</a>" * 1_000_000],
    ids=["elements that are no rows", "a row without end", "elements in elements"],
)
def test_more_elements_than_a_list_needs_are_refused(rows: str) -> None:
    with within(seconds=20), pytest.raises(BadInputError, match="not safe"):
        read_workbook(a_workbook(rows))


def test_a_row_with_more_cells_than_columns_may_be_is_refused() -> None:
    with pytest.raises(BadInputError, match="more columns"):
        read_workbook(a_workbook("<row>" + "<c><v>1</v></c>" * (MOST_COLUMNS + 1) + "</row>"))


def test_a_sheet_named_ten_thousand_times_is_read_once() -> None:
    with within(seconds=5), pytest.raises(BadInputError, match="empty"):
        read_workbook(a_workbook(" " * 1_000_000, sheets=10_000))


def test_a_tag_of_forty_megabytes_is_read_in_seconds() -> None:
    with within(seconds=10), pytest.raises(BadInputError, match="empty"):
        read_workbook(a_workbook('<row a="' + "x" * 40_000_000 + '"/>'))


def test_a_text_of_megabytes_in_every_cell_is_refused() -> None:
    text = "x " * 500_000
    with within(seconds=5), pytest.raises(BadInputError, match="more characters in one cell"):
        read_workbook(a_workbook('<row><c t="s"><v>0</v></c></row>' * 1_000, texts=f"<si><t>{text}</t></si>"))


def test_many_cells_of_long_text_are_refused() -> None:
    row = '<row><c t="s"><v>0</v></c></row>'
    with within(seconds=5), pytest.raises(BadInputError, match="more characters"):
        read_workbook(a_workbook(row * 3_200, texts=f"<si><t>{'x' * LONGEST_CELL}</t></si>"))


@pytest.mark.parametrize("packing", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_workbook_packed_as_none_ever_is_refused_unread(packing: int) -> None:
    with pytest.raises(BadInputError, match="not safe"):
        read_workbook(a_workbook("<row><c><v>1</v></c></row>", packing=packing))


@pytest.mark.parametrize("encoding", ["cpq252", "rot13", "cp037", "utf-7", "idna", "hex"])
def test_a_part_in_an_encoding_that_xml_does_not_have_is_damage(encoding: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(a_workbook(""))) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, f"<?xml version='1.0' encoding='{encoding}'?>".encode() + old.read(name))

    with pytest.raises(BadInputError, match="damaged"):
        read_workbook(stream.getvalue())


@pytest.mark.parametrize("line", ["0", "-3", "1048577", "9" * 30, "9" * 5_000])
def test_a_row_outside_every_sheet_is_damage(line: str) -> None:
    with pytest.raises(BadInputError, match="damaged"):
        read_workbook(a_workbook(f'<row r="{line}"><c><v>1</v></c></row>'))


def test_a_text_before_the_first_is_damage_and_not_the_last() -> None:
    with pytest.raises(BadInputError, match="damaged"):
        read_workbook(a_workbook('<row><c t="s"><v>-1</v></c></row>', texts="<si><t>Somebody</t></si>"))


def test_a_part_that_names_a_place_outside_the_archive_is_never_looked_for(tmp_path: Path) -> None:
    (tmp_path / "outside.xml").write_text("<worksheet/>", "utf-8")
    data = a_workbook("<row><c><v>1</v></c></row>").replace(b"worksheets/a.xml", b"../../outside.xm")

    with pytest.raises(BadInputError):
        read_workbook(data)
    assert [path.name for path in tmp_path.iterdir()] == ["outside.xml"]


# -- dates -----------------------------------------------------------------------------------------------------


def test_an_event_on_the_first_day_of_time_is_a_row_like_others() -> None:
    sheet = read_icalendar(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Autumn\nDTSTART:00010101\nDTEND:00010101\nEND:VEVENT\n"
    )

    assert sheet.rows[1] == ["Autumn", "0001-01-01", "0001-01-01"]


def test_a_diary_of_megabytes_is_no_calendar_of_terms() -> None:
    event = b"BEGIN:VEVENT\nDTSTART:20260901\nEND:VEVENT\n"
    with within(seconds=5), pytest.raises(BadInputError, match="far more than a school’s dates"):
        read_icalendar(b"BEGIN:VCALENDAR\n" + event * 10_001)
    with within(seconds=5), pytest.raises(BadInputError, match="far more than a school’s dates"):
        read_icalendar(b"BEGIN:VCALENDAR\n" + b"\n" * 5_000_001)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("Autumn,01/02/0001,01/06/0001", "a date from 2000 to 2100"),
        ("Autumn,01/09/1999,20/12/1999", "a date from 2000 to 2100"),
        ("Autumn,01/09/2026,20/12/9999", "a date from 2000 to 2100"),
        ("Autumn,01/09/2026,20/12/2099", "in the same school year"),
        ("INSET,01/02/2001,01/06/2099", "in the same school year"),
    ],
)
def test_terms_of_no_school_are_problems_of_their_rows(row: str, expected: str) -> None:
    sheet = _terms_in(row + "\nSpring,04/01/2027,25/03/2027\n")
    mapping = suggest_mapping(sheet, load_aliases((RESOURCES / "import-aliases.toml").read_text("utf-8")), on=TODAY)

    with within(seconds=2):
        read = read_terms(sheet, mapping, order=DateOrder.DAY_FIRST)

    assert [problem.line for problem in read.rejected] == [2]
    assert expected in read.rejected[0].expected


@pytest.mark.parametrize(
    "dates",
    [
        "first_day=0001-01-01\nlast_day=9999-12-31\nterms=[" + "{from=0001-01-01,to=9999-12-31}," * 300 + "]\n",
        "first_day=2001-01-01\nlast_day=2050-12-31\nterms=[" + "{from=2001-01-01,to=2050-12-31}," * 3000 + "]\n",
        "first_day=2026-09-01\nlast_day=2027-07-31\nterms=[" + "{from=2026-09-01,to=2027-07-31}," * 20000 + "]\n",
    ],
    ids=["all time", "fifty years", "the same term over and over"],
)
def test_a_calendar_of_ages_is_refused_in_a_moment(dates: str) -> None:
    with within(seconds=5):
        read = read_calendar(f"[calendar]\n{dates}")

    assert read.calendar is None
    assert read.problems


# -- files -----------------------------------------------------------------------------------------------------


def test_a_folder_or_a_pipe_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="is no file"):
        read_outside_file(tmp_path, largest=10, what="The list", remedy="Choose a file.")


def test_no_more_of_a_file_is_read_than_makes_sense(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"x" * 11)

    with pytest.raises(BadInputError, match="too large"):
        read_outside_file(path, largest=10, what="The list", remedy="Choose a file.")
    assert read_outside_file(path, largest=11, what="The list", remedy="Choose a file.") == b"x" * 11
