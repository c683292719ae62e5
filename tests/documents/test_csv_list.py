"""A list that leaves the program opens as text in a spreadsheet: nothing in it is ever worked out."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cme_desktop.documents.csv_list import inert, write_csv
from cme_desktop.importers.csv_file import read_csv
from cme_desktop.importers.sheet import is_formula, unprotect

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1", "+44 7700 900123", "-1", "-", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "  =1+1", "\u00a0=1+1", "＝1+1",
        '=HYPERLINK("http://example.invalid";"Zoë")', "\x00=1+1", "=cmd|' /C calc'!A0", "|calc", "%0A=1+1",
    ],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_might_work_out_begins_with_an_apostrophe(cell: str) -> None:
    assert inert(cell).startswith("'")


@pytest.mark.parametrize("cell", ["", "Zoë", "O'Brien", "/", "\\", "07700 900123", "1-2", "a=b", "'quoted'"])
def test_an_ordinary_cell_is_written_as_it_is(cell: str) -> None:
    assert inert(cell) == cell


@given(st.lists(st.lists(st.text(), min_size=1, max_size=5), min_size=1, max_size=5))
def test_no_text_whatever_begins_like_a_formula_in_any_cell(rows: list[list[str]]) -> None:
    text = write_csv(rows).decode("utf-8-sig")

    read = list(csv.reader(io.StringIO(text, newline="")))
    assert len(read) == len(rows)
    assert not [cell for row in read for cell in row if cell.lstrip(" \u00a0").startswith(RISKY)]


def test_a_list_written_here_is_read_here_with_every_name_and_number() -> None:
    rows = [
        ["UPN", "Surname", "Mobile"],
        ["M830220124001", "Wiśniewska", "+44 7700 900123"],
        ["-", 'A "B", C', "@ home"],
    ]

    read = read_csv(write_csv(rows))

    assert read.encoding == "utf-8-sig"
    assert [[unprotect(cell) for cell in row] for row in read.rows] == rows


def test_a_formula_made_inert_stays_inert_when_it_is_brought_in() -> None:
    cell = read_csv(write_csv([["A", "B"], ["=1+1", "x"]])).rows[1][0]

    assert unprotect(cell) == "'=1+1"
    assert not is_formula(cell)
