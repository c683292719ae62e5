"""The one counting engine: runs, totals and ranges on a register line.

A register line is ``bytes``, one symbol a session (see ``policy.record.PupilRecord``). Everything here works on slices
and counts of bytes, so that judging a pupil costs the same after seven years as after one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from cme_desktop.domain.attendance import (
    CODE_OF_SYMBOL,
    OUTSIDE_SYMBOL,
    UNKNOWN_SYMBOL,
    CodeFacts,
    Presence,
    RunEffect,
    symbols_where,
)


def _symbols(facts_hold: dict[str, bool]) -> bytes:
    return "".join(symbol for symbol, holds in facts_hold.items() if holds).encode("ascii")


_FACTS: Final[dict[str, CodeFacts]] = {symbol: code.facts for symbol, code in CODE_OF_SYMBOL.items()}

ATTENDED: Final = symbols_where(presence=Presence.ATTENDED)
ABSENT: Final = symbols_where(presence=Presence.ABSENT)
OUTSIDE: Final = symbols_where(presence=Presence.OUTSIDE) + OUTSIDE_SYMBOL.encode("ascii")
UNKNOWN: Final = UNKNOWN_SYMBOL.encode("ascii")
NOT_ATTENDED: Final = ABSENT + OUTSIDE

POSSIBLE: Final = _symbols({symbol: facts.possible for symbol, facts in _FACTS.items()})
"""Symbols that count as a possible attendance in the statistics."""

ABSENCE: Final = _symbols({symbol: facts.absence for symbol, facts in _FACTS.items()})
"""Symbols that count as absence in the statistics: U is among them, though the child was seen."""

SKIPPED: Final = _symbols(
    {symbol: facts.run_of_20 is RunEffect.SKIPS for symbol, facts in _FACTS.items()}
) + OUTSIDE_SYMBOL.encode("ascii")
"""Symbols that neither lengthen nor break a statutory run."""

RUN_OF_20: Final = _symbols({symbol: facts.run_of_20 is RunEffect.KEEPS for symbol, facts in _FACTS.items()})
"""G, N, O, U: the attendance return's run (SI 2024/208, regulation 13)."""

RUN_OF_40: Final = _symbols({symbol: facts.run_of_40 is RunEffect.KEEPS for symbol, facts in _FACTS.items()})
"""G, N, O: the run of regulation 9(1)(i)."""

UNEXPLAINABLE: Final = b"NO"
"""The codes that state no reason by themselves."""

ASSUMED_ATTENDED: Final = b"/"
ASSUMED_ABSENT: Final = b"O"


@dataclass(frozen=True, slots=True)
class Run:
    """The unbroken run at a line's end: where it begins, and how many sessions it counts (skipped ones left out)."""

    first: int
    length: int


@dataclass(frozen=True, slots=True)
class Range:
    """A count that unknown sessions leave open: at least so many, at most so many."""

    least: int
    most: int

    @property
    def is_exact(self) -> bool:
        """Whether both ends agree."""
        return self.least == self.most


# -- runs ------------------------------------------------------------------------------------------------------


def current_run(line: bytes, keeps: bytes) -> Run:
    """Count the run at the line's end whose every session is one of ``keeps``; ``SKIPPED`` symbols are passed over.

    An unknown session breaks the run: judge the line filled both ways (``filled``) for the range.
    """
    broken_at = len(line.rstrip(keeps + SKIPPED))
    if broken_at == len(line):
        return Run(first=broken_at, length=0)
    tail = line[broken_at:]
    kept = tail.lstrip(SKIPPED)
    return Run(first=len(line) - len(kept), length=count_of(kept, keeps))


def current_run_range(line: bytes, keeps: bytes) -> Range:
    """Say how long the run at the end is at least (unknown sessions attended) and at most (absent with O)."""
    least = current_run(filled(line, ASSUMED_ATTENDED), keeps).length
    return Range(least, current_run(filled(line, ASSUMED_ABSENT), keeps).length)


def filled(line: bytes, symbol: bytes) -> bytes:
    """Put one symbol in place of every unknown session."""
    return line.replace(UNKNOWN, symbol)


def recoded(line: bytes, index: int, symbol: bytes) -> bytes:
    """Put another symbol at one session."""
    return line[:index] + symbol + line[index + 1 :]


# -- counts ----------------------------------------------------------------------------------------------------


def count_of(line: bytes, symbols: bytes, *, first: int = 0, last: int | None = None) -> int:
    """Count the sessions from index ``first`` up to, not including, ``last`` whose symbol is one of ``symbols``."""
    stretch = line[first:last]
    return len(stretch) - len(stretch.translate(None, symbols))


def count_range(line: bytes, symbols: bytes, *, first: int = 0, last: int | None = None) -> Range:
    """Count likewise, as a range: each unknown session may be one of ``symbols`` or not."""
    least = count_of(line, symbols, first=first, last=last)
    return Range(least, least + count_of(line, UNKNOWN, first=first, last=last))


def indexes_of(line: bytes, symbols: bytes, *, first: int = 0, last: int | None = None) -> tuple[int, ...]:
    """List the indexes, in order, of the sessions whose symbol is one of ``symbols``."""
    found = _finder(symbols).finditer(line, max(first, 0), len(line) if last is None else last)
    return tuple([match.start() for match in found])


@cache
def _finder(symbols: bytes) -> re.Pattern[bytes]:
    return re.compile(b"[" + re.escape(symbols) + b"]")


# -- absence ---------------------------------------------------------------------------------------------------


def last_attended(line: bytes) -> int:
    """The index of the last attended session; -1 where there is none. An unknown session is passed by as unknown."""
    return len(line.rstrip(NOT_ATTENDED)) - 1


def first_of_absence(line: bytes) -> int | None:
    """The index of the first absent session of the absence that lasts at the line's end; None where there is none.

    An absence begins with the first absent session after an attended one; outside sessions neither begin, end nor
    lengthen it.
    """
    tail = line[last_attended(line) + 1 :].lstrip(OUTSIDE)
    return len(line) - len(tail) if tail else None


def first_judged(line: bytes) -> int:
    """The index of the first session that is not outside the records."""
    return len(line) - len(line.lstrip(OUTSIDE_SYMBOL.encode("ascii")))
