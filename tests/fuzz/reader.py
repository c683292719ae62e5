"""What a reader of outside bytes promises, and trying one input against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from re import Pattern
from time import thread_time
from typing import Final

from cme_desktop.domain.errors import CmeError

MOST_SECONDS: Final = 10.0
"""Of the processor's time for one input: more is a hang."""


class BrokenPromiseError(AssertionError):
    """A reader did what it promises never to do."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of outside bytes.

    ``read`` reads the bytes as the program does and uses what it got. It may raise ``CmeError``: a sentence for the
    user. ``seeds`` are good inputs to begin from, ``words`` pieces that mean something to the reader. ``place``
    finds a value as its group 1: such inputs are also bent, by putting another value there, so that they stay in form.
    """

    name: str
    read: Callable[[bytes], None]
    seeds: Callable[[], tuple[bytes, ...]]
    words: tuple[bytes, ...] = ()
    place: Pattern[bytes] | None = None
    tries: int = 200
    """How many mutated inputs an ordinary run of the tests tries."""


def try_input(reader: Reader, data: bytes) -> None:
    """Let a reader have an input; raise where it does anything but read it or say in words why not."""
    begun = thread_time()
    try:
        reader.read(data)
    except CmeError as error:
        if not error.title or not (error.remedy or error.detail):
            raise BrokenPromiseError(f"{reader.name}: refused without saying what to do: {error}") from error
    taken = thread_time() - begun
    if taken > MOST_SECONDS:
        raise BrokenPromiseError(f"{reader.name}: took {taken:.0f} s over {len(data)} bytes")
