"""``import`` brings files in without a window, or says what that would do."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cme_desktop.casework.imports import list_imports
from cme_desktop.casework.office import Office
from cme_desktop.cli import import_files
from tests.office import an_office, at

_DATA = Path(__file__).parents[1] / "data"
_PEOPLE = str(_DATA / "sims-pupils-contacts.csv")
_MARKS = str(_DATA / "sims-register.csv")

Run = Callable[..., tuple[int, Any]]


class _Desk:
    """A desk whose records are open already."""

    def __init__(self, office: Office) -> None:
        self._office = office

    @contextmanager
    def open_office(self, *, alone: bool = True) -> Iterator[Office]:
        del alone
        yield self._office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return at(an_office(tmp_path), datetime(2026, 11, 16, 9, 0, tzinfo=UTC))


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    def run_import(*words: str) -> tuple[int, Any]:
        parser = ArgumentParser()
        import_files.add_parser(parser.add_subparsers())
        arguments = parser.parse_args(["import", *words])
        arguments.desk = _Desk(office)
        status = import_files.run(arguments)
        out = capsys.readouterr().out
        return status, json.loads(out) if "--json" in words else out

    return run_import


def test_two_files_are_brought_in_and_their_counts_add_up(run: Run) -> None:
    status, told = run(_PEOPLE, _MARKS, "--accept", "--json")

    assert status == 0
    assert [one["saved"] for one in told] == [True, True]
    assert (told[1]["kind"], told[1]["format"], told[1]["mapping"]["Adno"]) == ("marks", "csv", "mis_id")
    for one in told:
        parts = one["new"] + one["changed"] + one["unchanged"] + one["not_taken"] + len(one["rejected"])
        assert one["rows"] == parts


def test_a_dry_run_saves_nothing(run: Run, office: Office) -> None:
    status, told = run(_PEOPLE, "--accept", "--dry-run", "--json")

    assert (status, told[0]["saved"], told[0]["new"]) == (0, False, 10)
    assert list_imports(office) == ()


def test_the_day_of_the_import_can_be_said(run: Run, office: Office) -> None:
    run(_PEOPLE, "--accept", "--on", "2026-11-20", "--json")

    assert list_imports(office)[0].made_at.date().isoformat() == "2026-11-20"


def test_columns_not_certain_enough_are_named_and_nothing_is_saved(run: Run, tmp_path: Path, office: Office) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,Date,AM,PM\nAnn Lee,13/11/2026,/,\\\n", encoding="utf-8")

    status, told = run(str(path), "--accept", "--json")

    assert status == 2
    assert "Name" in told[0]["error"]
    assert list_imports(office) == ()


def test_rejected_rows_need_attention_and_hide_names(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    row = "UPN,Surname,Forename,DOB\nM830220124001,Fox,=Guy,13/04/2018\n"
    path.write_text(row, encoding="utf-8")

    status, told = run(str(path), "--accept", "--json")

    assert status == 1
    assert told[0]["rejected"][0]["found"] == "(not shown)"


def test_a_file_that_cannot_be_read_does_not_keep_the_next_one_out(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(b"")

    status, told = run(str(path), _PEOPLE, "--accept", "--json")

    assert (status, told[0]["saved"], told[1]["saved"]) == (2, False, True)
    assert "empty" in told[0]["error"]


def test_it_says_in_words_what_it_did(run: Run) -> None:
    _, said = run(_PEOPLE, "--accept")

    assert "10 new" in said
    assert "Saved." in said
