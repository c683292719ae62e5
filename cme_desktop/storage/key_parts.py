"""What the key file may hold beside the slots: a second factor's part of one, and the slots of computers.

It needs the standard library only, like the key file itself.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import Any, Final

FACTOR_BYTES: Final = 32
_MARK_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_WRAPPED_FACTOR: Final = FACTOR_BYTES + 16
_WRAPPED_OWN: Final = 64 + 16
_MOST_CODES: Final = 50
_MOST_DEVICES: Final = 1000


@dataclass(frozen=True, slots=True)
class CodeWrap:
    """The factor key, wrapped under one printed code: of the code itself nothing else is kept."""

    nonce: bytes
    wrapped: bytes

    @property
    def mark(self) -> str:
        """A word that is this code's alone, by which the records know whether it was used."""
        return self.nonce.hex()


@dataclass(frozen=True, slots=True)
class Factor:
    """Says that a slot needs a factor key beside the password, and which: ``mark``.

    The key itself stands on the computers where the person opened the records, and here under each printed code that
    was not used yet. ``released`` is the key in the open: the second factor was taken off by somebody else, so that
    the password alone opens again.
    """

    mark: bytes
    codes: tuple[CodeWrap, ...] = ()
    released: bytes = b""

    def without_code(self, mark: str) -> Factor:
        """Give the same part without a printed code that was used."""
        return replace(self, codes=tuple(code for code in self.codes if code.mark != mark))


@dataclass(frozen=True, slots=True)
class DeviceSlot:
    """A person's own keys, wrapped under a random secret that one computer's credential store keeps.

    ``beside`` is the mark of the password's slot it was made beside: where that is replaced, this opens nothing.
    ``after_lock``: it may also open after the window locked, not at the program's start only.
    """

    user_id: int
    mark: str
    beside: str
    nonce: bytes
    wrapped: bytes
    after_lock: bool = False


def factor_as_json(factor: Factor) -> dict[str, Any]:
    """What the key file says of a factor."""
    told: dict[str, Any] = {
        "mark": factor.mark.hex(),
        "codes": [{"nonce": _text(code.nonce), "wrapped": _text(code.wrapped)} for code in factor.codes],
    }
    return {**told, "released": _text(factor.released)} if factor.released else told


def read_factor(values: dict[str, Any] | None) -> Factor | None:
    """Read a factor; raise ``ValueError`` for what is none."""
    if values is None:
        return None
    if len(values["codes"]) > _MOST_CODES:
        raise ValueError("more printed codes than anybody gets")
    codes = tuple(
        CodeWrap(_bytes(code["nonce"], _NONCE_BYTES), _bytes(code["wrapped"], _WRAPPED_FACTOR))
        for code in values["codes"]
    )
    released = _bytes(values["released"], FACTOR_BYTES) if "released" in values else b""
    return Factor(_mark(values["mark"]), codes, released)


def device_as_json(device: DeviceSlot) -> dict[str, Any]:
    """What the key file says of a computer's slot."""
    return {
        "user": device.user_id, "mark": device.mark, "beside": device.beside, "nonce": _text(device.nonce),
        "wrapped": _text(device.wrapped), "after_lock": device.after_lock,
    }  # fmt: skip


def read_devices(values: list[dict[str, Any]]) -> tuple[DeviceSlot, ...]:
    """Read the slots of computers; raise ``ValueError`` for what is none."""
    if len(values) > _MOST_DEVICES:
        raise ValueError("more computers than a school has")
    return tuple(
        DeviceSlot(
            int(one["user"]), _mark(one["mark"]).hex(), bytes.fromhex(one["beside"]).hex(),
            _bytes(one["nonce"], _NONCE_BYTES), _bytes(one["wrapped"], _WRAPPED_OWN), bool(one["after_lock"]),
        )
        for one in values
    )  # fmt: skip


def _text(held: bytes) -> str:
    return b64encode(held).decode("ascii")


def _bytes(text: str, size: int) -> bytes:
    found = b64decode(text)
    if len(found) != size:
        raise ValueError("a part of the key file has a size that none has")
    return found


def _mark(text: str) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != _MARK_BYTES:
        raise ValueError("a mark has a size that none has")
    return found
