"""Telephone numbers: the text as typed, digits alone for finding it, and whether it can be one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cme_desktop.domain.contacts import NumberQuality

_LOST_ZERO: Final = ("7", "1", "2")


@dataclass(frozen=True, slots=True)
class NumberIn:
    """A number of a contact as a file gives it."""

    text: str
    digits: str
    kind: str
    quality: NumberQuality


def read_number(text: str, *, kind: str) -> NumberIn | None:
    """Read one number; None where the cell holds no digit. Excel's lost leading zero is put back."""
    digits = digits_of(text)
    if not digits:
        return None
    shown = text.strip()
    if digits != _only_digits(shown) and not shown.startswith(("+", "00", "(+")):
        shown = "0" + shown
    return NumberIn(shown, digits, "mobile" if digits.startswith("07") else kind, quality_of(digits))


def digits_of(text: str) -> str:
    """The digits of a number as dialled at home: ``+44`` becomes ``0``, a lost leading zero comes back."""
    digits = _only_digits(text)
    if text.strip().lstrip("(").startswith("+44") or digits.startswith("0044"):
        digits = "0" + digits.removeprefix("00").removeprefix("44").removeprefix("0")
    if len(digits) == 10 and digits.startswith(_LOST_ZERO):
        digits = "0" + digits
    return digits


@lru_cache(maxsize=4096)
def quality_of(digits: str) -> NumberQuality:
    """Say whether the number can be rung: a possible number of the United Kingdom, or one from abroad."""
    import phonenumbers  # noqa: PLC0415  heavy, and only needed where contacts are brought in

    try:
        number = phonenumbers.parse("+" + digits[2:] if digits.startswith("00") else digits, "GB")
    except phonenumbers.NumberParseException:
        return NumberQuality.DOUBTFUL
    if digits.startswith("0") and not digits.startswith("00") and len(digits) not in {10, 11}:
        return NumberQuality.DOUBTFUL
    possible = phonenumbers.is_possible_number(number)
    return NumberQuality.GOOD if possible else NumberQuality.DOUBTFUL


def _only_digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
