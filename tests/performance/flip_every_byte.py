"""Change every byte of a signed record, one at a time, and ask ``verify`` each time: it must say no to all of them.

Run it by hand: ``python -m tests.performance.flip_every_byte [--also N ...]``. Each position is tried with its lowest
bit flipped; letters and digits also in their other letter-case; ``--also`` adds further patterns to flip.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from cme_desktop.documents.verification import verify_bytes
from tests.documents.example import one_signature, two_signatures

LETTER_CASE = 0x20


def main() -> int:
    """Try every byte of a record with one signature and of one with two; say how many were accepted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--also", type=int, nargs="*", default=[], help="further patterns, such as 128")
    also = tuple(parser.parse_args().also)
    accepted = 0
    for name, pdf in (("one signature", one_signature()), ("two signatures", two_signatures())):
        started = time.perf_counter()
        tried, kept = _flip_all(pdf, also)
        took = time.perf_counter() - started
        accepted += len(kept)
        print(
            f"{name}: {len(pdf)} bytes, {tried} changes tried, {tried - len(kept)} refused, {len(kept)} accepted "
            f"{kept[:10]}, {took:.0f} s, {1000 * took / tried:.2f} ms each"
        )
    return 1 if accepted else 0


def _flip_all(pdf: bytes, also: tuple[int, ...]) -> tuple[int, list[int]]:
    assert verify_bytes(pdf).ok
    changed = bytearray(pdf)
    tried, kept = 0, []
    for position, pattern in _changes(pdf, also):
        changed[position] ^= pattern
        tried += 1
        if verify_bytes(bytes(changed)).ok:
            kept.append(position)
        changed[position] ^= pattern
    return tried, kept


def _changes(pdf: bytes, also: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    for position, byte in enumerate(pdf):
        yield position, 1
        if chr(byte).isalpha() and byte < 128:
            yield position, LETTER_CASE
        for pattern in also:
            yield position, pattern


if __name__ == "__main__":
    sys.exit(main())
