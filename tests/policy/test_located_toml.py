"""Every key of a document is found again on its line."""

from __future__ import annotations

import pytest

from cme_desktop.policy.located_toml import LocatedToml, Path, Problem, nearest, read_toml

TEXT = '''# a comment with [brackets] = and "quotes
title = "a ] # } text"

[calendar]
first_day = 2026-09-01
terms = [ { from = 2026-09-01, to = 2026-10-23 },
  { from = 2026-11-02 }, # [[not a table]]
]

[[event]]
kind = """two
lines"""
at = 2026-11-03 09:20:00

[[event]]
"a key".part = [
  'x#[]',
  2,
]
[[event.inner]]
q = "with \\" quote"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("calendar",), 4),
        (("calendar", "terms", 0, "to"), 6),
        (("calendar", "terms", 1, "from"), 7),
        (("event",), 10),
        (("event", 0, "kind"), 11),
        (("event", 0, "at"), 13),
        (("event", 1), 15),
        (("event", 1, "a key"), 16),
        (("event", 1, "a key", "part"), 16),
        (("event", 1, "a key", "part", 1), 18),
        (("event", 1, "inner", 0, "q"), 21),
        (("event", 1, "missing"), 15),
        (("nothing",), 1),
    ],
)
def test_a_path_is_found_on_its_line(path: Path, line: int) -> None:
    document = read_toml(TEXT)

    assert isinstance(document, LocatedToml)
    assert document.line_of(path) == line


TIGHT = """[ spaced . out ]
rows=[[1],[2,
3],{of=4,also=[
5]}]
many = [[
6]]
[spaced . "wide"]
last=7
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("spaced", "out"), 1),
        (("spaced", "out", "rows", 1, 0), 2),
        (("spaced", "out", "rows", 1, 1), 3),
        (("spaced", "out", "rows", 2, "of"), 3),
        (("spaced", "out", "rows", 2, "also", 0), 4),
        (("spaced", "out", "many", 0, 0), 6),
        (("spaced", "wide"), 7),
        (("spaced", "wide", "last"), 8),
    ],
)
def test_a_path_is_found_whether_spaces_stand_or_not(path: Path, line: int) -> None:
    document = read_toml(TIGHT)

    assert isinstance(document, LocatedToml)
    assert path in document.lines
    assert document.line_of(path) == line


def test_a_number_too_long_is_told_on_its_line_below_an_empty_one() -> None:
    assert read_toml("\na = " + "9" * 5000) == Problem(2, "this number is too long")


@pytest.mark.parametrize(("text", "line"), [("a = 1\nb = \n", 2), ("a = 1\n\nb = 'x", 3), ("a = 1\na = 2\n", 2)])
def test_what_is_no_toml_is_told_by_its_line(text: str, line: int) -> None:
    found = read_toml(text)

    assert isinstance(found, Problem)
    assert found.line == line


def test_brackets_without_end_are_a_problem_and_no_crash() -> None:
    assert isinstance(read_toml("a = " + "[" * 5000), Problem)


def test_the_nearest_word_ignores_letter_case() -> None:
    assert nearest("MOTHR", ["father", "mother"]) == "mother"
    assert nearest("x", []) == ""
