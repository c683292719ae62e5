"""Lint, format, types and import contracts hold: nobody needs to remember to run them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", *command], cwd=PROJECT, capture_output=True, text=True, check=False)


def test_the_code_is_free_of_lint() -> None:
    found = run("ruff", "check", "--output-format=concise", ".")

    assert found.returncode == 0, found.stdout


def test_the_code_is_formatted() -> None:
    found = run("ruff", "format", "--check", ".")

    assert found.returncode == 0, found.stdout


def test_every_type_holds() -> None:
    found = run("mypy")

    assert found.returncode == 0, found.stdout


def test_every_layer_imports_only_what_lies_below_it() -> None:
    found = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "misc"])
def test_no_module_is_named_after_nothing(name: str) -> None:
    assert list((PROJECT / "cme_desktop").rglob(f"{name}.py")) == []


def test_no_day_or_month_is_named_in_the_machine_s_own_language() -> None:
    asked = re.compile(r"%[aAbBpcxX]")
    sources = (PROJECT / "cme_desktop").rglob("*.py")

    assert [file.name for file in sources if asked.search(file.read_text(encoding="utf-8"))] == []
