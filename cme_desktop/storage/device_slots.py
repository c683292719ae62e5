"""A slot that one computer opens without the password: a random secret in its credential store unwraps own keys.

What is wrapped are the person's own keys, never the password and never the key of the records: that stays sealed to the
person in their own slot. So removing the person, changing the password or taking this slot away makes the secret
worthless, and a new key of the records needs nothing from the computer.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from cme_desktop.storage.key_file import KeySlot, read_key_file, write_key_file
from cme_desktop.storage.key_parts import DeviceSlot
from cme_desktop.storage.own_keys import OwnKeys, unpack_own_keys
from cme_desktop.storage.vault import Unlocked, WrongPasswordError, no_slot, open_sealed

if TYPE_CHECKING:
    from pathlib import Path

_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A computer's slot, and the secret for its credential store."""

    slot: DeviceSlot
    secret: bytes = field(repr=False)


def make_device_slot(path: Path, *, user_id: int, own: OwnKeys, after_lock: bool) -> NewDevice:
    """Make a slot beside a person's own; nothing is written."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  seldom needed

    keys = read_key_file(path)
    beside = keys.slot_of(user_id)
    if beside is None:
        raise no_slot()
    secret, nonce = secrets.token_bytes(_SECRET_BYTES), secrets.token_bytes(12)
    slot = DeviceSlot(user_id, secrets.token_hex(16), beside.mark, nonce, b"", after_lock)
    wrapped = AESGCM(secret).encrypt(nonce, own.packed, _bound_to(keys.database_id, slot, beside))
    return NewDevice(replace(slot, wrapped=wrapped), secret)


def add_device_slot(path: Path, slot: DeviceSlot) -> None:
    """Let a computer open a person's slot."""
    write_key_file(path, read_key_file(path).with_device(slot))


def remove_device_slots(path: Path, marks: frozenset[str]) -> None:
    """Let these computers open nothing any more."""
    keys = read_key_file(path)
    if any(one.mark in marks for one in keys.devices):
        write_key_file(path, keys.without_devices(marks))


def open_with_device(path: Path, *, user_id: int, mark: str, secret: bytes) -> Unlocked:
    """Give the records' key with what a computer's credential store keeps; raise ``WrongPasswordError``."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  seldom needed
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    keys = read_key_file(path)
    slot = next((one for one in keys.devices_of(user_id) if one.mark == mark), None)
    beside = keys.slot_of(user_id)
    if slot is None or beside is None:
        raise worthless()
    try:
        held = AESGCM(secret).decrypt(slot.nonce, slot.wrapped, _bound_to(keys.database_id, slot, beside))
    except (InvalidTag, ValueError):
        raise worthless() from None
    return open_sealed(beside, keys, unpack_own_keys(held))


def worthless() -> WrongPasswordError:
    """What is said where a computer's secret opens nothing."""
    return WrongPasswordError(
        "This computer can't open the records for you any more.",
        detail="The password was changed, or it was taken off.",
        remedy="Type your password.",
    )


def _bound_to(database_id: str, slot: DeviceSlot, beside: KeySlot) -> bytes:
    words = [3, database_id, "computer", slot.user_id, slot.mark, slot.beside, slot.after_lock]
    return json.dumps([*words, beside.public.hex(), beside.verify.hex()]).encode("ascii")
