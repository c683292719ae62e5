"""Length over rules: a long password of plain words is taken, a short one or one that everybody tries is not."""

from __future__ import annotations

import pytest

from cme_desktop.domain.passwords import SHORTEST, is_long_enough, is_tried_first


@pytest.mark.parametrize(
    "password",
    [
        "password12", "Password2026!", "P@ssw0rd2026", "PASSWORDPASSWORD", "schooloffice", "Headteacher1", "qwertyuiop",
        "1234567890", "9876543210", "1qaz2wsx3edc", "aaaaaaaaaaaaaaa", "abababababab", "letmein!!!!!!", "Headmaster26",
        "Ofsted!!!!!!", "welcome12345", "abcdefghij", "ｐａｓｓｗｏｒｄ2026", "Summer2026!!",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_is_known_whatever_stands_round_it(password: str) -> None:
    assert is_tried_first(password)


@pytest.mark.parametrize(
    "password",
    [
        "kettle lamp river seven", "three odd words", "headteacher words", "a word is in the safe", "larkfield demo",
        "schooloffices", "cwtch hiraeth llan", "ęśąćż owoce lampa", "mjq-tkw-pzd",
    ],
)  # fmt: skip
def test_plain_words_that_do_not_belong_together_are_taken(password: str) -> None:
    assert is_long_enough(password)
    assert not is_tried_first(password)


def test_ten_characters_are_enough_and_nine_are_not() -> None:
    assert SHORTEST == 10
    assert not is_long_enough("ninechars")
    assert is_long_enough("tenletters")
