"""Long names on a page break where a hand would break them: at spaces, then after a hyphen, and last of all inside."""

from __future__ import annotations

import pytest

from cme_desktop.documents import house_style as look
from cme_desktop.paths import find_paths

LONG = "Bartholomew-Maximilian Konstantinopolos de la Fontaine-Featherstonehaugh"


@pytest.fixture(autouse=True)
def _fonts(tmp_path_factory: pytest.TempPathFactory) -> None:
    look.register_fonts(find_paths(tmp_path_factory.mktemp("paths")).resources / "fonts")


def broken(words: str, *, width: float) -> list[str]:
    return look.break_words(words, font=look.REGULAR, size=9, width=width).split("\n")


def test_a_name_too_wide_for_its_column_breaks_at_spaces_and_after_hyphens() -> None:
    assert broken(LONG, width=90) == [
        "Bartholomew-", "Maximilian", "Konstantinopolos de", "la Fontaine-", "Featherstonehaugh",
    ]  # fmt: skip


def test_a_name_whose_words_fit_is_left_to_the_page() -> None:
    assert broken(LONG, width=160) == [LONG]


def test_no_letter_is_lost_and_no_line_is_wider_than_the_column() -> None:
    lines = broken(f"Met {LONG}  at the gate -- twice.", width=90)

    assert "".join(lines).replace(" ", "") == f"Met{LONG}atthegate--twice.".replace(" ", "")
    assert all(look.measure(line, font=look.REGULAR, size=9) <= 90 for line in lines)


def test_lines_of_their_own_stay_lines() -> None:
    assert broken(f"Seen.\n{LONG}", width=90)[0] == "Seen."
