"""Each promise in the page about security names the tests that hold it, and they are there."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_every_promise_names_tests_that_are_there() -> None:
    page = (PROJECT / "docs" / "security.md").read_text("utf-8")
    rows = [
        line for line in page.partition("## Which test holds each promise")[2].splitlines() if line.startswith("| ")
    ]
    promises = [line for line in rows if "promise | test" not in line]

    assert promises
    for line in promises:
        named = re.findall(r"`(tests/[\w/]+\.py)`", line)
        assert named, line
        assert [path for path in named if not (PROJECT / path).is_file()] == [], line
