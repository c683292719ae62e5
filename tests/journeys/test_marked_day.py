"""Nothing that a whole day writes, anywhere, names the child: log, crash report, title, file name, printer, backup.

What the user asked for is excepted, and only that: the files brought in, and what was saved or printed to a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from pypdf import PdfReader

from cme_desktop.casework.drafts import list_drafts
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.people import list_people
from cme_desktop.paths import find_paths
from tests.journeys import marked_child as child
from tests.journeys.marked_child import MARKS, Leak, leaks_in, marks_said
from tests.journeys.marked_day import NOW, PASSWORD


@dataclass(frozen=True)
class LivedDay:
    """What a day left: its folder, with every folder of the user's, and what it said."""

    folder: Path
    said: str
    titles: tuple[str, ...]
    proposed: tuple[str, ...]
    printed: tuple[str, ...]

    @property
    def asked_for(self) -> tuple[Path, ...]:
        """What the user brought or asked for."""
        return self.folder / "brought", self.folder / "saved"


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> LivedDay:
    """Live the day in a process whose home, temporary folder and settings all lie in one folder."""
    folder = tmp_path_factory.mktemp("day")
    places = {
        "HOME": "home", "USERPROFILE": "home", "APPDATA": "home/roaming", "LOCALAPPDATA": "home/local", "TMPDIR": "tmp",
        "TEMP": "tmp", "TMP": "tmp", "XDG_CONFIG_HOME": "home/.config", "XDG_DATA_HOME": "home/.local",
        "XDG_CACHE_HOME": "home/.cache", "XDG_RUNTIME_DIR": "run",
    }  # fmt: skip
    for place in places.values():
        (folder / place).mkdir(parents=True, exist_ok=True)
    (folder / "run").chmod(0o700)
    lived = subprocess.run(
        [sys.executable, "-m", "tests.journeys.marked_day", str(folder)],
        env={**os.environ, **{name: str(folder / place) for name, place in places.items()}},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )
    assert lived.stdout.endswith("the day is over\n"), lived.stderr
    seen = json.loads((folder / "seen.json").read_text("utf-8"))
    (folder / "seen.json").unlink()
    return LivedDay(
        folder,
        lived.stdout + lived.stderr,
        tuple(seen["titles"]),
        tuple(seen["proposed"]),
        tuple(seen["printed"]),
    )


def test_the_day_was_lived_with_the_child(day: LivedDay) -> None:
    paths = find_paths(day.folder / "data")
    record = PdfReader(day.folder / "saved" / "record.pdf")
    text = "".join(page.extract_text() for page in record.pages)
    office = open_office(paths, user_id=list_people(paths)[0].id, password=PASSWORD, now=lambda: NOW)
    drafts = list_drafts(office)
    office.database.close()

    assert child.SURNAME in text
    assert [draft.title for draft in drafts] == ["Add to history"]
    assert child.SAID in drafts[0].typed.values()
    assert len(list(paths.crash_reports.iterdir())) == 2
    assert len(list(paths.backups.rglob("*.cmebackup"))) >= 2
    assert " DEBUG " in paths.log.read_text("utf-8")
    assert (day.folder / "saved" / "printed.pdf").stat().st_size > 1000


def test_no_file_anywhere_names_the_child(day: LivedDay) -> None:
    assert leaks_in(day.folder, allowed=day.asked_for) == []


def test_no_title_printer_job_proposed_name_or_word_of_a_command_names_the_child(day: LivedDay) -> None:
    assert set(day.titles) <= {"CME Desktop", ""}
    assert day.printed == ("CME Desktop",)
    assert [marks_said(name) for name in day.proposed] == [[], []]
    assert marks_said(day.said) == []


def test_what_is_saved_names_the_child_in_its_text_only(day: LivedDay) -> None:
    for file in (day.folder / "saved").iterdir():
        assert marks_said(file.name) == []
    information: dict[str, object] = dict(PdfReader(day.folder / "saved" / "record.pdf").metadata or {})
    assert marks_said(" ".join(str(value) for value in information.values())) == []


def test_what_a_program_is_told_bears_the_pupils_number_and_no_more(day: LivedDay) -> None:
    told = (day.folder / "saved" / "flags.json").read_text("utf-8")

    assert marks_said(told) == [child.UPN, child.UPN[1:]]


def test_the_clipboard_is_empty_after_the_lock(day: LivedDay) -> None:
    assert "clipboard after the lock: \n" in day.said


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_mark_in_a_file_is_found_however_it_is_written(tmp_path: Path, mark: str, encoding: str) -> None:
    (tmp_path / "state").write_bytes(b"\x00\x01" + f"before {mark.upper()} after".encode(encoding))

    assert Leak("state", mark) in leaks_in(tmp_path, allowed=())


def test_a_mark_in_an_archive_or_a_name_is_found(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "copy.zip", "w", ZIP_DEFLATED) as archive:
        archive.writestr("notes", f"{child.SURNAME} " * 50)
    (tmp_path / f"{child.SURNAME.lower()}.pdf").touch()

    found = leaks_in(tmp_path, allowed=())

    assert Leak("notes in copy.zip", child.SURNAME) in found
    assert any(leak.where.startswith("the name of") for leak in found)


def test_only_what_was_asked_for_is_excepted(tmp_path: Path) -> None:
    for name in ("saved", "elsewhere"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "record.pdf").write_text(child.SURNAME, "utf-8")

    assert [leak.where for leak in leaks_in(tmp_path, allowed=(tmp_path / "saved",))] == [
        str(Path("elsewhere") / "record.pdf")
    ]
