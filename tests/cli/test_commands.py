"""The commands as scripts see them: one document, an exit status, and a sentence that says what to do."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cme_desktop.__main__ import main
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.cli.arguments import COMMANDS
from cme_desktop.paths import Paths
from cme_desktop.storage.journal_entries import read_entries
from tests.keeping import LONG_GONE, OFFICE, OFFICES, a_school_with_old_records, add_long_gone, sit

PASSWORD = "three odd words"
SCHOOL = """
calendar = "test-2026-27"
policies = ["aspire-academy"]
[school]
name = "Larkfield Primary School"
laestab = "8302201"
urn = "112500"
address = ["School Lane", "Larkfield", "DE4 3AG"]
head = "Dr Ann Teal"
safeguarding_lead = "Sam Rook"
[authority]
name = "Derbyshire"
cme_email = "cme@derbyshire.example"
cme_phone = "01632 960110"
[user]
name = "Pat Mellor"
role = "office"
"""
IN_1813 = """
[calendar]
first_day = 1813-09-01
last_day = 1814-07-21
terms = [{ from = 1813-09-03, to = 1814-07-21 }]
"""

pytestmark = pytest.mark.usefixtures("_password")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up school's records, for commands that only read."""
    data = tmp_path_factory.mktemp("cli") / "data"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("CME_DESKTOP_PASSWORD", PASSWORD)
        assert main(["--data", str(data), "init", "--demo", "--pupils", "70", "--years", "1", "--json"]) == 0
    return data


@pytest.fixture
def school_file(tmp_path: Path) -> Path:
    file = tmp_path / "school.toml"
    file.write_text(SCHOOL, "utf-8")
    return file


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_init_makes_records_and_prints_the_recovery_key_once(
    tmp_path: Path, school_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["--data", str(tmp_path / "data"), "init", "--school", str(school_file), "--json"])

    told = said(capsys)
    assert status == 0
    assert set(told) == {"school", "pupils", "marks", "calendar", "policies", "users", "recovery_key"}
    assert (told["pupils"], told["marks"], told["users"]) == (0, 0, ["Pat Mellor"])
    assert len(told["recovery_key"].split("-")) == 8

    assert main(["--data", str(tmp_path / "data"), "check", "--json"]) == 0
    assert said(capsys)["ok"] is True

    assert main(["--data", str(tmp_path / "data"), "init", "--school", str(school_file), "--json"]) == 2
    assert "already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (SCHOOL.replace("test-2026-27", "test-2026-28"), "no such calendar"),
        (SCHOOL.replace('"8302201"', '"83"'), "LAESTAB"),
        (SCHOOL.replace('role = "office"', 'role = "boss"'), "role"),
        (SCHOOL.replace("aspire-academy", "aspire"), "no policy called aspire"),
        (SCHOOL.replace('name = "Pat Mellor"', ""), "no name in [user]"),
        ("not = toml = at all", "no TOML"),
        (SCHOOL.replace('urn = "112500"', 'urn = "112500"\nrecords_begin = 1813-01-01'), "01/01/1813 lies outside"),
        (SCHOOL.replace('calendar = "test-2026-27"', "") + IN_1813, "lies before 2000"),
    ],
)
def test_a_wrong_school_file_is_told_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str, words: str
) -> None:
    file = tmp_path / "school.toml"
    file.write_text(wrong, "utf-8")

    status = main(["--data", str(tmp_path / "data"), "init", "--school", str(file)])

    assert status == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "data" / "records.cme").exists()


def test_flags_judges_the_whole_roll_and_names_nobody(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from cme_desktop.app import read_clock
    from cme_desktop.casework.made_up_school import find_this_morning

    day = find_this_morning(read_clock()).date().isoformat()

    status = main(["--data", str(made), "--user", "Pat Mellor", "flags", "--on", day, "--at", "09:12", "--json"])

    text = capsys.readouterr().out
    told = json.loads(text)
    keys = {
        "rule", "policy", "authority", "pupil", "severity", "because", "evidence", "clauses", "duty", "due", "overdue",
    }  # fmt: skip
    assert status == 0
    assert (told["on"], told["roll"]) == (day, 70)
    assert all(keys <= set(flag) for flag in told["flags"])
    missing = [flag for flag in told["flags"] if "class" in flag]
    assert [(flag["pupil"], flag["session"]) for flag in missing] == [(None, f"{day} am")]
    assert not any("surname" in (flag["pupil"] or {}) for flag in told["flags"])


def test_flags_names_pupils_only_when_asked(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--data", str(made), "--user", "Pat Mellor", "flags", "--names", "--json"])

    pupils = [flag["pupil"] for flag in said(capsys)["flags"] if flag["pupil"]]
    assert all({"id", "upn", "surname", "forename", "class"} == set(pupil) for pupil in pupils)


def test_a_backup_is_told_and_comes_back_in_an_empty_folder(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick"
    user = ["--user", "Pat Mellor"]

    assert main(["--data", str(made), *user, "backup", "--to", str(stick), "--json"]) == 0
    backup = said(capsys)
    assert main(["--data", str(tmp_path / "new"), *user, "restore", backup["file"], "--json"]) == 0
    restored = said(capsys)

    assert set(backup) == {
        "file", "sha256", "bytes", "pupils", "marks", "journal_entries", "opened_and_checked",
    }  # fmt: skip
    assert restored["marks"] == backup["marks"] > 0
    assert main(["--data", str(tmp_path / "new"), *user, "case", "list", "--json"]) == 0
    assert said(capsys) == []
    assert main(["--data", str(tmp_path / "new"), *user, "restore", backup["file"]]) == 2
    assert main(["--data", str(tmp_path / "new"), *user, "restore", backup["file"], "--replace"]) == 0
    (kept,) = (tmp_path / "new").glob("before-restore-*")
    assert f"is kept in {kept}." in capsys.readouterr().out


def test_a_folder_given_as_a_dot_or_by_a_link_is_as_good(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    user = ["--user", "Pat Mellor"]
    assert main(["--data", str(made), *user, "backup", "--to", str(tmp_path), "--json"]) == 0
    backup = said(capsys)["file"]
    real, link = tmp_path / "real", tmp_path / "link"
    real.mkdir()
    link.symlink_to(real)
    monkeypatch.chdir(real)

    assert main(["--data", ".", "check"]) == 2
    assert "no records here" in capsys.readouterr().err
    assert main(["--data", ".", *user, "restore", backup]) == 0
    assert main(["--data", str(link), *user, "restore", backup, "--replace"]) == 0

    assert main(["--data", str(real), *user, "check"]) == 0
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == {"real", "link"}
    assert len(list(real.glob("before-restore-*"))) == 1


def test_a_command_without_records_says_how_to_make_some(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--data", str(tmp_path), "flags"])

    assert status == 2
    assert "cme-desktop init" in capsys.readouterr().err


def test_a_wrong_password_is_a_sentence_and_status_2(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("not this one\n"))

    status = main(["--data", str(made), "--user", "Pat Mellor", "--password-stdin", "check", "--json"])

    assert status == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("The password is wrong.\n")


def test_where_several_may_unlock_the_name_comes_from_the_environment_too(
    made: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["--data", str(made), "case", "list"]) == 2
    assert "--user" in capsys.readouterr().err

    monkeypatch.setenv("CME_DESKTOP_USER", "dr ann teal")
    assert main(["--data", str(made), "case", "list"]) == 0


def test_an_unknown_case_is_a_sentence_and_status_2(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(made), "--user", "Pat Mellor", "case", "show", "CME-00-000"]) == 2
    assert "case list" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])

    assert left.value.code == 0
    assert command in capsys.readouterr().out


def test_without_a_display_the_program_says_so_and_names_the_tour(tmp_path: Path) -> None:
    environment = {"PATH": "", "HOME": str(tmp_path)}

    ended = subprocess.run(
        [sys.executable, "-m", "cme_desktop", "--data", str(tmp_path)],
        env=environment, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False,
    )  # fmt: skip

    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux runs without a display")
    assert ended.returncode == 2
    assert "cme-desktop tour --out DIR" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "arguments",
    [["export", "rules"], ["verify", "none.pdf", "--json"], ["judge", "none.toml"], ["--help"]],
    ids=" ".join,
)
def test_a_command_ends_quietly_when_its_reader_goes_away(tmp_path: Path, arguments: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}

    ended = subprocess.run(
        [sys.executable, "-m", "cme_desktop", "--data", str(tmp_path), *arguments],
        cwd=Path(__file__).parents[2], env=usual, stdout=writing, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    os.close(writing)

    assert ended.returncode == 141
    assert "Traceback" not in ended.stderr
    assert "Broken" not in ended.stderr
    assert "fault" not in ended.stderr
    assert not (tmp_path / "crash-reports").exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (["flags", "--on", "31/12/2026"], "is no day. Write it as 2026-11-10."),
        (["flags", "--at", "quarter past"], "is no time of day. Write it as 09:12."),
        (["import", "--on", "today", "x.csv"], "is no day."),
        (["--demo", "flags"], "--demo opens the window"),
    ],
)
def test_a_wrong_option_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--data", str(tmp_path), *wrong])

    assert left.value.code == 2
    assert words in capsys.readouterr().err


def run_with(data: Path, *arguments: str, given: bytes = b"", **variables: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cme_desktop", "--data", str(data), "--user", "Pat Mellor", *arguments],
        cwd=Path(__file__).parents[2], env={**os.environ, **variables}, input=given, capture_output=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"", b"A password is needed."),
        (b"\xff\xfe\n", b"The password is"),
        ("geheimes Wörtchen\n".encode(), b"is wrong"),
    ],
)
def test_whatever_is_given_as_a_password_is_answered(made: Path, given: bytes, words: bytes) -> None:
    ended = run_with(made, "--password-stdin", "check", given=given)

    assert ended.returncode == 2
    assert words in ended.stderr
    assert not (made / "crash-reports").exists()


def test_bytes_that_are_no_text_are_a_wrong_password(made: Path) -> None:
    ended = run_with(made, "check", CME_DESKTOP_PASSWORD=os.fsdecode(b"\xff\xfe any word"))

    assert ended.returncode == 2
    assert ended.stderr.startswith(b"The password is wrong.")


def test_a_list_goes_on_where_the_terminal_lacks_a_letter(made: Path) -> None:
    ended = run_with(made, "check", PYTHONIOENCODING="ascii")

    assert ended.returncode == 0
    assert b"cme-desktop backup" in ended.stdout


def test_a_fault_of_the_program_ends_with_2_and_a_report(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cme_desktop.casework.people.has_records", fail)

    assert main(["--data", str(tmp_path), "check"]) == 2

    assert "met a fault" in capsys.readouterr().err
    assert len(list((tmp_path / "crash-reports").iterdir())) == 1


def test_a_fault_is_written_down_without_what_was_worked_on(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    from cme_desktop.fault import report_fault

    try:
        int("Zzyzxowski, born 1 March 2017")
    except ValueError as fault:
        file = report_fault(tmp_path / "reports", fault, at=datetime(2026, 11, 10, tzinfo=UTC))

    text = file.read_text("utf-8")
    assert "ValueError" in text
    assert "test_commands.py" in text
    assert "Zzyzxowski" not in text
    assert "2017" not in text


def test_a_folder_may_bear_a_commands_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(tmp_path / "x"), "--user", "check", "flags", "--json"]) == 2
    assert "no records here" in capsys.readouterr().err


def test_the_disposal_command_lists_and_does_nothing_else(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(made), "--user", "Pat Mellor", "disposal", "--list", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)

    assert (told["records"], told["lists"], told["holds"]) == ([], [], 0)
    assert main(["--data", str(made), "--user", "Pat Mellor", "disposal", "--list"]) == 0
    assert capsys.readouterr().out.startswith("Nothing is due")


def test_the_disposal_command_names_pupils_only_where_asked_and_the_journal_tells_of_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = a_school_with_old_records(tmp_path)
    office = sit(paths)
    add_long_gone(office)
    leave_desk(office)
    monkeypatch.setenv("CME_DESKTOP_PASSWORD", OFFICES)
    words = ["--data", str(paths.data), "--user", OFFICE, "disposal", "--list"]

    for more in ([], ["--json"]):
        assert main([*words, *more]) == 0
        told = capsys.readouterr().out
        assert LONG_GONE not in told
        assert "Zebedee" not in told
    assert _left(paths) == 0
    for more in ([], ["--json"]):
        assert main([*words, "--names", *more]) == 0
        assert LONG_GONE in capsys.readouterr().out
    assert _left(paths) == 2


def _left(paths: Paths) -> int:
    office = sit(paths)
    with office.database.reading() as db:
        told = [entry for entry in read_entries(db, most=100) if entry.act == "list told at the command line"]
    leave_desk(office)
    return len(told)
