"""Spoil an input as disks, half copies and people who mean harm do: flipped bits, cuts, splices, words put in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from random import Random
from re import Pattern
from typing import Final

_MOST_PLACES: Final = 3000
_SHARE_OF_WORDS: Final = 0.7


def spoil(
    data: bytes, *, others: Sequence[bytes], words: Sequence[bytes], by: Random, place: Pattern[bytes] | None = None
) -> bytes:
    """Give the input spoilt once to four times; where values have a place, half of the inputs are bent instead."""
    bends = place is not None and by.random() < 0.5
    for _ in range(by.randint(1, 4)):
        data = bend(data, place, words, by) if bends and place is not None else _once(data, others, words, by)
    return data


def bend(data: bytes, place: Pattern[bytes], words: Sequence[bytes], by: Random) -> bytes:
    """Put another value in the place of one: a word, or a value of the same input."""
    places = list(islice(place.finditer(data), _MOST_PLACES))
    if not places:
        return data
    there, other = by.choice(places), by.choice(places)
    value = by.choice(words) if words and by.random() < _SHARE_OF_WORDS else other.group(1)
    return data[: there.start(1)] + value + data[there.end(1) :]


def _once(data: bytes, others: Sequence[bytes], words: Sequence[bytes], by: Random) -> bytes:
    at = by.randrange(len(data) + 1)
    end = min(len(data), at + by.choice((1, 2, 4, 16, 200)))
    ways = (
        lambda: data[:at] + bytes([data[at] ^ (1 << by.randrange(8))]) + data[at + 1 :] if at < len(data) else data,
        lambda: data[:at],
        lambda: data[:at] + data[end:],
        lambda: data[:end] + data[at:],
        lambda: data[:at] + by.randbytes(by.randint(1, 8)) + data[end:],
        lambda: _spliced(data, by.choice(others), at, by) if others else data,
        lambda: data[:at] + by.choice(words) + data[at:] if words else data,
        lambda: data[:at] + by.choice(words) + data[end:] if words else data,
        lambda: data[:at] + data[at:end] * by.choice((2, 10, 500)) + data[end:],
    )
    return by.choice(ways)()


def _spliced(data: bytes, other: bytes, at: int, by: Random) -> bytes:
    begin = by.randrange(len(other) + 1)
    return data[:at] + other[begin : begin + by.choice((4, 50, 1000, len(other)))] + data[at:]
