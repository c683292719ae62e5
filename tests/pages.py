"""What really lies in the file of the records, page by page, for whoever holds the key: read without SQLite."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAGE: Final = 4096
_RESERVED: Final = 80
"""SQLCipher keeps sixteen bytes of chance and a seal of sixty-four at the end of each page."""

_SALT: Final = 16
_LOG_HEADER, _FRAME_HEADER = 32, 24


def lies_in(records: Path, key: bytes, words: str) -> bool:
    """Whether the words lie anywhere in the file or in the write-ahead log beside it, in any page."""
    wanted = words.encode("utf-8")
    pages = (*_pages_of(records, key), *_pages_of_log(records.with_name(records.name + "-wal"), key))
    return any(wanted in page for page in pages)


def _pages_of(records: Path, key: bytes) -> Iterator[bytes]:
    data = records.read_bytes()
    for start in range(0, len(data), _PAGE):
        yield _open(data[start : start + _PAGE], key, skipped=_SALT if start == 0 else 0)


def _pages_of_log(log: Path, key: bytes) -> Iterator[bytes]:
    data = log.read_bytes() if log.exists() else b""
    for start in range(_LOG_HEADER, len(data), _FRAME_HEADER + _PAGE):
        frame = data[start : start + _FRAME_HEADER + _PAGE]
        if len(frame) == _FRAME_HEADER + _PAGE:
            number = int.from_bytes(frame[:4], "big")
            yield _open(frame[_FRAME_HEADER:], key, skipped=_SALT if number == 1 else 0)


def _open(page: bytes, key: bytes, *, skipped: int) -> bytes:
    body, chance = page[skipped : _PAGE - _RESERVED], page[_PAGE - _RESERVED : _PAGE - _RESERVED + 16]
    opener = Cipher(algorithms.AES(key), modes.CBC(chance)).decryptor()
    return opener.update(body) + opener.finalize()
