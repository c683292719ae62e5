"""``judge`` runs situation files: exit status, words and JSON."""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from cme_desktop.cli import judge

HOLDS = """title = "Ten days"
calendar = "test-2026-27"
[pupil]
born = 2018-05-04
starting_day = 2023-09-05
[[mark]]
from = 2026-10-19
to = 2026-11-09
code = "O"
[[expect]]
on = 2026-11-09
flags = ["england.attendance-return"]
"""
FAILS = (
    HOLDS.replace("flags =", "not_flags =")
    + """
due = { "england.attendance-return" = 2026-11-10 }
severity = { "england.attendance-return" = "now" }
says = { "england.attendance-return" = ["a hundred days"] }
[[expect]]
on = 2026-11-06
flags = ["england.attendance-return"]
"""
)


def run_judge(*words: object) -> int:
    parser = ArgumentParser()
    judge.add_parser(parser.add_subparsers())
    args = parser.parse_args(["judge", *(str(word) for word in words)])
    return judge.run(args)


def a_file(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_situation_that_holds_ends_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = run_judge(a_file(tmp_path, "a.toml", HOLDS))

    assert status == 0
    assert "1 of 1 situations hold." in capsys.readouterr().out


def test_a_failed_expectation_ends_with_1_and_says_what_was_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run_judge(a_file(tmp_path, "a.toml", FAILS))

    printed = capsys.readouterr().out
    assert status == 1
    assert "2026-11-09  unexpected  england.attendance-return" in printed
    assert "expected raised, found not raised" in printed


def test_an_unreadable_file_ends_with_2_and_the_others_are_still_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = a_file(tmp_path, "bad.toml", HOLDS.replace('"O"', '"H"'))

    status = run_judge(bad, tmp_path / "none.toml", a_file(tmp_path, "a.toml", HOLDS))

    printed = capsys.readouterr()
    assert status == 2
    assert "bad.toml, line 9:" in printed.err
    assert "none.toml, line 1: the file can't be read" in printed.err
    assert "1 of 3 situations hold." in printed.out


def test_json_is_one_array_with_an_object_a_file_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [a_file(tmp_path, "a.toml", HOLDS), a_file(tmp_path, "b.toml", FAILS), a_file(tmp_path, "c.toml", "x")]

    status = run_judge("--json", *files)

    first, second, third = json.loads(capsys.readouterr().out)
    assert status == 2
    assert first == {"file": str(files[0]), "title": "Ten days", "ok": True, "failures": []}
    assert second["ok"] is False
    assert [failure["kind"] for failure in second["failures"]] == ["unexpected", "due", "severity", "says", "missing"]
    assert set(second["failures"][0]) == {"on", "kind", "rule", "expected", "found", "why"}
    assert second["failures"][1]["found"] == "2026-11-09"
    assert third["file"] == str(files[2])
    assert third["ok"] is False
    assert third["line"] == 1
    assert set(third) == {"file", "ok", "error", "line"}


def test_a_day_before_the_law_is_an_error_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = HOLDS.replace("on = 2026-11-09", "on = 2023-11-09")

    status = run_judge("--json", a_file(tmp_path, "a.toml", old))

    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert status == 2
    assert found[0]["line"] == 10
    assert "before the law" in found[0]["error"]


def test_judging_loads_no_database_and_no_window(tmp_path: Path) -> None:
    script = (
        "import sys, argparse; from cme_desktop.cli import judge; "
        "p = argparse.ArgumentParser(); judge.add_parser(p.add_subparsers()); "
        f"judge.run(p.parse_args(['judge', {str(a_file(tmp_path, 'a.toml', HOLDS))!r}])); "
        "print([name for name in ('sqlalchemy', 'PySide6', 'reportlab') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)

    assert done.stdout.splitlines()[-1] == "[]"
