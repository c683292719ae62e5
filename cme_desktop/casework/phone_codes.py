"""The six digits that a phone shows, a new code every half minute (RFC 6238), and which step of time a code is of."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.hazmat.primitives.twofactor.totp import TOTP

STEP_SECONDS: Final = 30
DIGITS: Final = 6
_ISSUER: Final = "CME Desktop"
_EITHER_SIDE: Final = 1
_FAR: Final = 40
"""So many steps off, twenty minutes, a clock is looked for where the phone's owner is known to be there."""


def step_at(moment: datetime) -> int:
    """The step of time that a moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def fitting_step(secret: bytes, typed: str, *, now: datetime) -> int | None:
    """The step of time that the code typed is of, one step either side of now; None where it is of none of them."""
    return _find(secret, typed, around=step_at(now), reach=_EITHER_SIDE)


def seconds_off(secret: bytes, typed: str, *, now: datetime) -> int | None:
    """How far the phone's clock is before this computer's, where the code fits some minutes off; None where it is not.

    Only for somebody who was just given the secret: to anybody else it would say which code is good in a while.
    """
    here = step_at(now)
    found = _find(secret, typed, around=here, reach=_FAR)
    return None if found is None else (found - here) * STEP_SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The code of a step of time."""
    return _totp(secret).generate(step * STEP_SECONDS).decode("ascii")


def address_for_phone(secret: bytes, *, name: str) -> str:
    """What the square picture says to the phone's app: the secret, and what to call it there."""
    return _totp(secret).get_provisioning_uri(name, _ISSUER)


def _find(secret: bytes, typed: str, *, around: int, reach: int) -> int | None:
    tidy = "".join(char for char in typed if char.isdecimal() and char.isascii())
    found = None
    for step in range(max(0, around - reach), around + reach + 1):
        if compare_digest(code_at(secret, step), tidy):
            found = step if found is None or abs(step - around) < abs(found - around) else found
    return found


def _totp(secret: bytes) -> TOTP:
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415  only who has a second factor needs it
    from cryptography.hazmat.primitives.twofactor.totp import TOTP  # noqa: PLC0415

    return TOTP(secret, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303  what every phone's app reckons with
