"""Documents made to keep the program busy: each is a problem on its line, found in a moment."""

from __future__ import annotations

import pytest

from cme_desktop.policy.located_toml import LARGEST_TOML, LocatedToml, Problem, read_toml
from cme_desktop.policy.policy_faults import read_head
from tests.seconds import within


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 20_000) + " = 1",
        "[" + " . ".join(["a"] * 20_000) + "]",
        ".".join(["'a b'"] * 20_000) + " = 1",
        '"x=1".' * 20_000 + "b = 1",
        "t = {" + ".".join(["a"] * 20_000) + " = 1}",
    ],
    ids=["plain", "in a header", "quoted", "double-quoted", "in a value"],
)
def test_a_key_of_thousands_of_parts_is_refused_before_it_fills_the_memory(text: str) -> None:
    with within(seconds=2):
        found = read_toml("title = 'x'\n" + text)

    assert found == Problem(2, "this key has more than 20 parts")


def test_a_key_of_twenty_parts_is_read() -> None:
    assert isinstance(read_toml(".".join(["a"] * 20) + " = 1"), LocatedToml)
    assert read_toml(".".join(["a"] * 21) + " = 1") == Problem(1, "this key has more than 20 parts")


def test_values_forty_deep_in_others_are_read_and_deeper_ones_refused() -> None:
    assert isinstance(read_toml("a = " + "[" * 40 + "]" * 40), LocatedToml)
    assert read_toml("a = " + "[" * 41 + "]" * 41) == Problem(1, "the brackets are nested too deeply")
    assert read_toml("a = " + "{a = " * 40 + "1" + "}" * 40) == Problem(1, "the brackets are nested too deeply")


@pytest.mark.parametrize("letter", ["a", "9", "_", '"', "'", "[", "{", "\\", ".", "=", "#", " ", "\n"])
def test_any_letter_a_million_times_is_answered_in_a_moment(letter: str) -> None:
    with within(seconds=3):
        read_toml(letter * (LARGEST_TOML - 10))
        read_toml("a = " + letter * (LARGEST_TOML - 10))


def test_a_document_of_more_than_a_million_characters_is_refused_unread() -> None:
    found = read_toml(b"#" * (LARGEST_TOML + 1))

    assert isinstance(found, Problem)
    assert "larger than any document" in found.message
    assert isinstance(read_toml(b"#" * LARGEST_TOML), LocatedToml)


@pytest.mark.parametrize(
    "text", ["a = " + "[" * 100_000, "a = " + "9" * 100_000, "kind = []", "title = 0x" + "f" * 9999]
)
def test_the_head_of_a_document_that_is_none_is_empty(text: str) -> None:
    head = read_head(text)

    assert (head.kind, head.title) == (None, "")
