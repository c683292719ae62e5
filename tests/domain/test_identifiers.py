"""Identifiers parsed once."""

from __future__ import annotations

import pytest

from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import Laestab, Upn, Urn, expected_check_letter


def a_upn(digits: str) -> str:
    """Put the right check letter before twelve characters."""
    return expected_check_letter("A" + digits) + digits


def test_a_upn_is_read_whatever_its_case_and_spaces() -> None:
    upn = a_upn("123456789012")

    assert str(Upn.parse(f" {upn[:4].lower()} {upn[4:]} ")) == upn
    assert not Upn.parse(upn).is_temporary


def test_a_temporary_upn_ends_in_a_letter() -> None:
    assert Upn.parse(a_upn("12345678901T")).is_temporary


def test_a_upn_with_a_wrong_check_letter_is_refused_without_repeating_it() -> None:
    upn = a_upn("123456789012")
    wrong = ("B" if upn[0] == "A" else "A") + upn[1:]

    with pytest.raises(BadInputError, match="first letter") as refused:
        Upn.parse(wrong)

    assert wrong not in str(refused.value)


@pytest.mark.parametrize("text", ["", "A123", "I123456789012", "A1234567890123", "É123456789012"])
def test_what_is_no_upn_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="not a UPN"):
        Upn.parse(text)


def test_laestab_and_urn_are_read_and_refused() -> None:
    assert str(Laestab.parse("830/2201")) == str(Laestab.parse(" 8302201 ")) == "8302201"
    assert str(Urn.parse("123 456")) == "123456"
    with pytest.raises(BadInputError):
        Laestab.parse("83/2201")
    with pytest.raises(BadInputError):
        Urn.parse("12345")
