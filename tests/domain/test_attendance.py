"""The national attendance codes."""

from __future__ import annotations

import pytest

from cme_desktop.domain.attendance import (
    CODE_OF_LETTER,
    CODE_OF_SYMBOL,
    DEAD_CODES,
    AttendanceCode,
    Presence,
    RunEffect,
    presence_of_symbol,
)

# letter: possible, attended (statistics), absence, run of 20, run of 40; as the regulations' tables have them
TABLE = {
    **dict.fromkeys(["/", "\\", "L", "K", "V", "P", "W", "B"], "YYNBB"),
    **dict.fromkeys(["C1", "M", "J1", "S", "C2", "C", "T", "R", "I", "E"], "YNYBB"),
    **dict.fromkeys(["D", "X", "Q", "Y1", "Y2", "Y3", "Y5", "Y6", "Y7"], "NNNBB"),
    **dict.fromkeys(["G", "N", "O"], "YNYKK"),
    "U": "YNYKB",
    **dict.fromkeys(["Y4", "Z", "#"], "NNN--"),
}  # fmt: skip
EFFECTS = {"K": RunEffect.KEEPS, "B": RunEffect.BREAKS, "-": RunEffect.SKIPS}


def test_every_code_of_the_regulations_is_known_and_no_other() -> None:
    assert set(TABLE) == set(CODE_OF_LETTER)


@pytest.mark.parametrize(("letter", "columns"), TABLE.items())
def test_each_code_counts_as_the_table_says(letter: str, columns: str) -> None:
    facts = CODE_OF_LETTER[letter].facts

    assert facts.possible is (columns[0] == "Y")
    assert facts.absence is (columns[2] == "Y")
    assert (facts.possible and not facts.absence) is (columns[1] == "Y")
    assert facts.run_of_20 is EFFECTS[columns[3]]
    assert facts.run_of_40 is EFFECTS[columns[4]]


def test_every_code_has_a_symbol_of_its_own() -> None:
    assert len(CODE_OF_SYMBOL) == len(AttendanceCode)
    assert all(len(symbol) == 1 and symbol not in "?." for symbol in CODE_OF_SYMBOL)
    assert all(CODE_OF_SYMBOL[code.symbol] is code for code in AttendanceCode)


def test_a_child_late_after_the_close_was_seen() -> None:
    assert AttendanceCode.LATE_AFTER_CLOSE.facts.presence is Presence.ATTENDED


def test_an_unmarked_session_is_unknown_not_absent() -> None:
    assert presence_of_symbol("?") is Presence.UNKNOWN
    assert presence_of_symbol(".") is Presence.OUTSIDE


def test_withdrawn_codes_may_be_mapped_to_codes_in_force() -> None:
    for letter, choices in DEAD_CODES.items():
        assert letter not in CODE_OF_LETTER
        assert all(choice in CODE_OF_LETTER for choice in choices)
