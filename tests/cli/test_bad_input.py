"""Whatever is brought in wrong, a sentence says what it is and what to do, and the records hold what they held."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cme_desktop.__main__ import main
from cme_desktop.casework.imports import PreparedImport, accept_import, open_import, prepare_import
from cme_desktop.casework.opening import open_office
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import UserId, expected_check_letter
from cme_desktop.paths import find_paths
from cme_desktop.storage import vault
from cme_desktop.storage.database import connect
from tests.cli.test_commands import PASSWORD, SCHOOL

DATA = Path(__file__).parents[1] / "data"
PUPILS, WORKBOOK = DATA / "bromcom-pupils-contacts.csv", DATA / "scholarpack-pupils-contacts.xlsx"
DAY = "2026-11-10"
ZOE, DANIEL, NEW = "M830220124001", "E830220122002", "A830220124011"
HEADER = "Last Name,First Name,UPN,Date of Birth,Year Group,Tutor Group,Admission Date\n"
GOOD = f"Marsden,Robin,{NEW},14/10/2017,Year 4,Oak,05/09/2023\n"
MARKS = "UPN,Last Name,First Name,Tutor Group,Date,AM,PM\n"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'

pytestmark = pytest.mark.usefixtures("_password")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A school with ten pupils."""
    return make_school_with_pupils(tmp_path_factory.mktemp("school"))


@pytest.fixture
def data(tmp_path: Path, template: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "data"))


def make_school_with_pupils(folder: Path) -> Path:
    """Set up a school with ten pupils by the commands, and give the folder of its records."""
    (folder / "school.toml").write_text(SCHOOL, "utf-8")
    data = folder / "data"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CME_DESKTOP_PASSWORD", PASSWORD)
        assert main(["--data", str(data), "init", "--school", str(folder / "school.toml")]) == 0
        assert main(["--data", str(data), "import", "--accept", "--on", DAY, str(PUPILS)]) == 0
    return data


def held(data: Path) -> dict[str, list[Any]]:
    """All that the records hold, table by table."""
    key = vault.unlock(data / "keys.json", user_id=1, password=PASSWORD)
    with closing(connect(data / "records.cme", key)) as raw:
        names = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: raw.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names}


def upns(data: Path) -> set[str]:
    key = vault.unlock(data / "keys.json", user_id=1, password=PASSWORD)
    with closing(connect(data / "records.cme", key)) as raw:
        return {upn for (upn,) in raw.execute("SELECT upn FROM pupil").fetchall()}


def bring_in(data: Path, file: Path) -> int:
    return main(["--data", str(data), "import", "--accept", "--on", DAY, str(file)])


def in_the_window(data: Path, file: Path) -> PreparedImport:
    """The same as the window does it: open, look, and, where nothing stands in the way, accept."""
    office = open_office(
        find_paths(data), user_id=UserId(1), password=PASSWORD, now=lambda: datetime(2026, 11, 10, 9, 40, tzinfo=UTC)
    )
    with closing(office.database):
        prepared = prepare_import(office, open_import(office, file))
        if prepared.can_accept:
            accept_import(office, prepared)
    return prepared


# -- files that can't be used ----------------------------------------------------------------------------------


def half_a_workbook(file: Path) -> None:
    whole = WORKBOOK.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def a_hundred_megabytes(file: Path) -> None:
    line = GOOD.encode() * 1000
    with file.open("wb") as opened:
        opened.write(HEADER.encode())
        for _ in range(100_000_000 // len(line) + 1):
            opened.write(line)


def a_workbook_whose(part: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        with zipfile.ZipFile(WORKBOOK) as whole, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
            for name in whole.namelist():
                out.writestr(name, change(whole.read(name)) if name == part else whole.read(name))

    return write


def unpacks_to_half_a_gigabyte(sheet: bytes) -> bytes:
    return sheet.replace(b"</sheetData>", b"<row/>" * 80_000_000 + b"</sheetData>")


def holds(content: str | bytes) -> Callable[[Path], None]:
    def write(file: Path) -> None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    return write


SHEET = "xl/worksheets/sheet1.xml"
UNUSABLE: dict[str, tuple[str, Callable[[Path], None], str, str]] = {
    "half a workbook": ("a.xlsx", half_a_workbook, "only half of it is there", "Export it again"),
    "random bytes": ("a.csv", holds(bytes(range(256)) * 40), "not a CSV file", "Export again"),
    "a photograph": ("a.csv", holds(b"\xff\xd8\xff\xe0" + bytes(range(256))), "neither a CSV", "Export again"),
    "nothing": ("a.csv", holds(b""), "file is empty", "Export it again"),
    "blank lines": ("a.csv", holds("\r\n \r\n"), "file is empty", "Export it again"),
    "column names alone": ("a.csv", holds(HEADER), "no rows below its column names", "Export it again"),
    "a hundred megabytes": ("a.csv", a_hundred_megabytes, "100 MB", "one school year at a time"),
    "an XML bomb": ("a.xml", holds(ENTITY + b"<l>&b;</l>"), "looks like a header", "Export the list"),
    "an XML bomb named .csv": ("a.csv", holds(ENTITY + b"<l>&b;</l>"), "looks like a header", "Export the list"),
    "an XML bomb in a workbook": (
        "a.xlsx", a_workbook_whose(SHEET, lambda sheet: ENTITY + sheet.partition(b"?>")[2]), "XML entities",
        "Export the list again",
    ),
    "a workbook that unpacks to far more": (
        "a.xlsx", a_workbook_whose(SHEET, unpacks_to_half_a_gigabyte), "unpacks to far more", "Export the list again",
    ),
    "another year's marks": (
        "a.csv", holds(MARKS + f"{ZOE},Ashworth,Zoë,Oak,2024-11-13,/,\\\n"), "a day without school",
        "correct the term dates",
    ),
    "terms in 1813": (
        "a.csv", holds("Term,Start,End\nAutumn 1,13/09/1813,22/10/1813\n"), "1813", "Check the dates",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", UNUSABLE)
def test_a_file_that_can_not_be_used_is_told_and_nothing_is_written(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    name, write, what, remedy = UNUSABLE[fault]
    file = tmp_path / name
    write(file)
    before = held(data)

    status = bring_in(data, file)

    told = capsys.readouterr()
    assert status == 2
    assert what in told.err
    assert remedy in told.err
    assert "Saved" not in told.out
    assert held(data) == before

    said = words_of_refusal(data, file)
    assert what in said
    assert remedy in said
    assert held(data) == before


def words_of_refusal(data: Path, file: Path) -> str:
    try:
        prepared = in_the_window(data, file)
    except CmeError as error:
        return f"{error.title} {error.detail} {error.remedy}"
    assert not prepared.can_accept
    return " ".join(prepared.preview.stops)


@pytest.mark.parametrize("name", ["none.csv", "."])
def test_a_file_that_is_none_is_told(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    before = held(data)

    assert bring_in(data, tmp_path / name) == 2

    assert "The file " in capsys.readouterr().err
    assert held(data) == before


# -- rows that can't be used -----------------------------------------------------------------------------------


def half_a_file(file: Path) -> None:
    whole = (HEADER + GOOD * 2 + f"Heaton,Lily,{DANIEL},14/10/2017,Year 4,Oak,05/09/2023\n").encode()
    file.write_bytes(whole[: len(HEADER + GOOD) + len("Marsden,Robin,A8302")])


def a_formula_in_a_workbook(file: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.strip().split(","))
    sheet.append(GOOD.strip().split(","))
    sheet.append(
        ['=HYPERLINK("http://x.example")', "Lily", "P830220124012", "14/10/2017", "Year 4", "Oak", "05/09/2023"]
    )
    book.save(file)


ROWS: dict[str, tuple[str, Callable[[Path], None], int, str, str]] = {
    "half a file": ("a.csv", half_a_file, 3, "half a row", "export the file again"),
    "born in 1813": ("a.csv", holds(HEADER + GOOD + "Heaton,Lily,P830220124012,14/10/1813,Year 4,Oak,05/09/2023\n"),
                     3, "14/10/1813", "the birthday of a child at primary school"),
    "started in 1813": ("a.csv", holds(HEADER + GOOD + "Heaton,Lily,P830220124012,14/10/2017,Year 4,Oak,05/09/1813\n"),
                        3, "05/09/1813", "a day after the pupil was born"),
    "the same pupil twice": ("a.csv", holds(HEADER + GOOD + GOOD), 3, NEW, "each pupil once; line 2 is the same pupil"),
    "a wrong check letter": ("a.csv",
                             holds(HEADER + GOOD + "Heaton,Lily,B830220124012,14/10/2017,Year 4,Oak,05/09/2023\n"), 3,
                             "B830220124012", "Correct it in the school's system"),
    "a formula": ("a.csv", holds(HEADER + GOOD + "Heaton,Lily,P830220124012,14/10/2017,Year 4,=1+1,05/09/2023\n"),
                  3, "a formula", "paste the values"),
    "a formula in a workbook": ("a.xlsx", a_formula_in_a_workbook, 3, "a formula", "paste the values"),
}  # fmt: skip


@pytest.mark.parametrize("fault", ROWS)
def test_a_row_that_can_not_be_used_is_left_out_whole_and_told_with_its_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    name, write, line, found, remedy = ROWS[fault]
    file = tmp_path / name
    write(file)
    before = upns(data)
    again = shutil.copytree(data, tmp_path / "in-the-window")

    status = main(["--data", str(data), "import", "--accept", "--on", DAY, "--names", str(file)])

    told = " ".join(capsys.readouterr().out.split())
    assert status == 1
    assert f"Line {line}" in told
    assert "Line 3, :" not in told
    assert found in told
    assert remedy in told
    assert upns(data) - before == {NEW}

    prepared = in_the_window(again, file)
    assert [
        (problem.line, found in problem.found, remedy in problem.expected) for problem in prepared.preview.rejected
    ] == [(line, True, True)]
    assert upns(again) - before == {NEW}


@pytest.mark.parametrize("children", [2, 3])
def test_children_who_share_numbers_at_home_are_one_family(data: Path, tmp_path: Path, children: int) -> None:
    file = tmp_path / "families.csv"
    contact = ",".join(
        f"Contact 1 {what}" for what in ("Last Name", "Relationship", "Mobile Phone", "Home Phone", "Lives With Pupil")
    )
    robin, lily, jo = NEW, "P830220124012", upn_of("830220124013")
    rows = (
        f"Marsden,Robin,{robin},14/10/2017,Year 4,Oak,05/09/2023,Marsden,Mother,07700 900901,01632 960901,Yes\n",
        f"Marsden,Lily,{lily},14/10/2018,Year 3,Oak,05/09/2023,Marsden,Mother,07700 900901,01632 960901,Yes\n",
        f"Heaton,Jo,{jo},14/10/2016,Year 5,Oak,05/09/2023,Heaton,Father,07700 900902,01632 960901,Yes\n",
    )
    file.write_text(HEADER.strip() + f",{contact}\n" + "".join(rows[:children]), "utf-8")

    assert bring_in(data, file) == 0

    key = vault.unlock(data / "keys.json", user_id=1, password=PASSWORD)
    with closing(connect(data / "records.cme", key)) as raw:
        asked = raw.execute("SELECT DISTINCT family_id FROM pupil WHERE upn IN (?, ?, ?)", (robin, lily, jo))
        families = asked.fetchall()
    assert len(families) == 1
    assert families[0][0] is not None


def upn_of(digits: str) -> str:
    return expected_check_letter("A" + digits) + digits


def test_a_mark_in_1813_is_left_out_and_told(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(MARKS + f"{ZOE},A,Z,Oak,1813-11-10,/,\\\n{ZOE},A,Z,Oak,2026-11-10,/,\\\n", "utf-8")

    assert bring_in(data, file) == 1

    assert (
        "Line 2, AM: found “10/11/1813 am”, expected a day within the school years entered" in capsys.readouterr().out
    )
    assert len(held(data)["mark"]) == 2


def test_a_file_that_brings_nothing_new_is_not_said_to_be_saved(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "marks.csv"
    file.write_text(MARKS + f"{NEW},Marsden,Robin,Oak,2026-11-10,/,\\\n", "utf-8")
    before = held(data)

    assert bring_in(data, file) == 1

    told = capsys.readouterr().out
    assert "Saved" not in told
    assert "Nothing in it was new" in told
    assert told.count("Line 2, UPN") == 1
    assert held(data) == before
