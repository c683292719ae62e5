"""The inputs kept beside the readers: those that once broke a promise, and good ones to begin from."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Final

from tests.fuzz.mutations import spoil
from tests.fuzz.reader import Reader

FOUND: Final = Path(__file__).parent / "found"
"""A folder a reader: inputs that broke its promise once, each mended."""


def list_found(name: str) -> tuple[bytes, ...]:
    """The inputs that once broke this reader's promise."""
    return tuple(path.read_bytes() for path in sorted((FOUND / name).glob("*")))


def spoil_one(reader: Reader, inputs: tuple[bytes, ...], *, by: Random) -> bytes:
    """Choose one of the inputs and spoil it in the ways that suit the reader."""
    return spoil(by.choice(inputs), others=inputs, words=reader.words, place=reader.place, by=by)


def list_inputs(reader: Reader) -> tuple[bytes, ...]:
    """All inputs to begin from."""
    return (b"", *reader.seeds(), *list_found(reader.name))
