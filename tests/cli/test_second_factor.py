"""A command asks for the code after the password, in the same ways as for the password itself."""

from __future__ import annotations

import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from cme_desktop.__main__ import main
from cme_desktop.app import read_clock
from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.phone_codes import code_at, step_at
from cme_desktop.casework.second_factor import offer_phone, switch_on
from cme_desktop.paths import find_paths
from tests.casework.test_opening import ME, PASSWORD, template

__all__ = ["template"]  # a fixture

OTHER_PC = "XDG_DATA_HOME"


class School:
    """Records whose one user has codes on, and a backup of them."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.data = folder / "data"
        shutil.copytree(template, self.data)
        paths = find_paths(self.data)
        office = open_office(paths, user_id=ME, password=PASSWORD, now=read_clock)
        offer = offer_phone(office)
        self._secret = offer.secret
        # with the code before the current one, so that the current one is still good
        self.printed = switch_on(office, offer, password=PASSWORD, code=self.code(steps=-1))
        self.backup = make_backup(office, to=folder / "stick").file
        office.database.close()

    def code(self, *, steps: int = 0) -> str:
        return code_at(self._secret, step_at(read_clock()) + steps)


@pytest.fixture
def school(tmp_path: Path, template: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> School:
    monkeypatch.setenv(OTHER_PC, str(tmp_path / "this-pc"))
    monkeypatch.delenv("CME_DESKTOP_PASSWORD", raising=False)
    return School(tmp_path, template[0])


def run(*arguments: str | Path, stdin: str, patched: pytest.MonkeyPatch) -> int:
    patched.setattr("sys.stdin", io.StringIO(stdin))
    return main([str(argument) for argument in arguments])


@pytest.mark.skipif("sys.platform in {'win32', 'darwin'}", reason="the place of this computer is moved by a variable")
class TestCommands:
    def test_the_code_is_the_line_after_the_password(self, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
        words = ("--data", school.data, "--password-stdin", "case", "list", "--json")

        assert run(*words, stdin=f"{PASSWORD}\n{school.code()}\n", patched=monkeypatch) == 0

    def test_without_it_the_command_says_what_is_missing(
        self, school: School, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        words = ("--data", school.data, "--password-stdin", "case", "list")

        assert run(*words, stdin=f"{PASSWORD}\n", patched=monkeypatch) == 2
        assert "A code is needed too." in capsys.readouterr().err

    def test_it_may_stand_in_a_variable(self, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CME_DESKTOP_PASSWORD", PASSWORD)
        monkeypatch.setenv("CME_DESKTOP_CODE", school.printed[0])

        assert run("--data", school.data, "case", "list", "--json", stdin="", patched=monkeypatch) == 0

    def test_a_backup_comes_back_on_another_computer_with_a_printed_code(
        self, school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv(OTHER_PC, str(tmp_path / "new-pc"))
        words = ("--data", tmp_path / "new", "--password-stdin", "restore", school.backup)

        assert run(*words, stdin=f"{PASSWORD}\n{school.code()}\n", patched=monkeypatch) == 2
        assert "printed code" in capsys.readouterr().err
        assert run(*words, stdin=f"{PASSWORD}\n{school.printed[1]}\n", patched=monkeypatch) == 0

    def test_help_says_where_the_code_comes_from(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit):
            main(["check", "--help"])

        assert "codes from a phone gives one in the next line" in " ".join(capsys.readouterr().out.split())


def test_what_a_computer_keeps_lies_outside_the_folder_of_the_records(tmp_path: Path) -> None:
    paths = find_paths(tmp_path / "data")

    assert tmp_path not in paths.this_pc.parents
    assert replace(paths, here=tmp_path / "here").this_pc == tmp_path / "here" / "this-computer.json"
