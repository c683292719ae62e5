"""The second factor's key: 32 random bytes that a slot needs beside the password, and printed codes that hold it too.

A code from a phone has six digits: no key can come out of it that would withstand a computer for a second. So the key
is random. It stands on the computers where the person opened the records before, and in the key file under each of ten
printed codes of 80 random bits. Whoever has the password and a copy of the files, such as a backup, opens nothing with
them elsewhere.
"""

from __future__ import annotations

import secrets
from base64 import b32decode, b32encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING, Final

from cme_desktop.storage.key_file import read_key_file, write_key_file
from cme_desktop.storage.key_parts import FACTOR_BYTES, CodeWrap, Factor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

PRINTED_CODES: Final = 10
_CODE_BYTES: Final = 10
_CODE_LETTERS: Final = 16
_GROUP: Final = 4
_NONCE_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class NewFactor:
    """A factor just made: its key, what the slot says of it, and the codes to print, which are shown this once."""

    key: bytes = field(repr=False)
    factor: Factor
    codes: tuple[str, ...] = field(repr=False)


def make_factor() -> NewFactor:
    """Make a factor with printed codes of its own."""
    key, mark = secrets.token_bytes(FACTOR_BYTES), secrets.token_bytes(16)
    codes = tuple(_new_code() for _ in range(PRINTED_CODES))
    return NewFactor(key, Factor(mark, tuple(_wrap(code, key, mark) for code in codes)), codes)


def looks_printed(typed: str) -> bool:
    """Whether what was typed can be a printed code: those from a phone have six digits."""
    return len(_tidy(typed)) > _CODE_LETTERS // 2


def open_with_printed(factor: Factor, typed: str) -> tuple[bytes, str] | None:
    """Give the factor's key and the mark of the printed code that was typed; None where it is none of them."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415  only unlocking needs it
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        cipher = AESGCM(_code_key(typed, factor.mark))
    except ValueError:
        return None
    for code in factor.codes:
        try:
            return cipher.decrypt(code.nonce, code.wrapped, factor.mark), code.mark
        except InvalidTag:
            continue
    return None


def with_factor(derived: bytes, factor_key: bytes) -> bytes:
    """Give the key that wraps a slot's own keys, out of what the password gave and the factor's key."""
    return digest(derived, b"second factor" + factor_key, sha256)


def release_factor(path: Path, *, user_id: int, key: bytes) -> None:
    """Let a person's password alone open again: ``key`` is their second factor's, kept in the records."""
    keys = read_key_file(path)
    slot = keys.slot_of(user_id)
    if slot is not None and slot.factor is not None:
        released = replace(slot, factor=replace(slot.factor, released=key, codes=()))
        write_key_file(path, keys.with_slot(released))


def drop_printed_code(path: Path, *, user_id: int, mark: str) -> None:
    """Forget a printed code that was used."""
    keys = read_key_file(path)
    slot = keys.slot_of(user_id)
    if slot is not None and slot.factor is not None:
        write_key_file(path, keys.with_slot(replace(slot, factor=slot.factor.without_code(mark))))


def _wrap(code: str, key: bytes, mark: bytes) -> CodeWrap:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  as above

    nonce = secrets.token_bytes(_NONCE_BYTES)
    return CodeWrap(nonce, AESGCM(_code_key(code, mark)).encrypt(nonce, key, mark))


def _new_code() -> str:
    text = b32encode(secrets.token_bytes(_CODE_BYTES)).decode("ascii")
    return "-".join(_groups(text))


def _groups(text: str) -> Iterable[str]:
    return (text[start : start + _GROUP] for start in range(0, len(text), _GROUP))


def _code_key(typed: str, mark: bytes) -> bytes:
    """80 random bits need no slow hash: nobody tries them all."""
    raw = b32decode(_tidy(typed))
    if len(raw) != _CODE_BYTES:
        raise ValueError("a printed code has 16 letters and digits")
    return digest(mark, b"printed code" + raw, sha256)


def _tidy(typed: str) -> str:
    return "".join(char for char in typed.upper() if char.isalnum()).translate(str.maketrans("018", "OIB"))
