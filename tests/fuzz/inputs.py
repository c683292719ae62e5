"""The inputs kept beside the readers: those that once broke a promise, and good ones to begin from."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from tests.fuzz.reader import Reader

FOUND: Final = Path(__file__).parent / "found"
"""A folder a reader: inputs that broke its promise once, each mended."""


def list_found(name: str) -> tuple[bytes, ...]:
    """The inputs that once broke this reader's promise."""
    return tuple(path.read_bytes() for path in sorted((FOUND / name).glob("*")))


def list_inputs(reader: Reader) -> tuple[bytes, ...]:
    """All inputs to begin from."""
    return (b"", *reader.seeds(), *list_found(reader.name))
