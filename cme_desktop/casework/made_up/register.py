"""The made-up school's register: present, and then what happens in schools, at the national rates for primary schools.

Rates are shares of possible sessions in 2025/26, state-funded primary schools in England. A child's own share of
absence is drawn from a skewed distribution, so that about one child in seven misses a tenth of school; illness comes
in spells, holidays beside the half terms, lateness to a few families.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp
from random import Random
from typing import Final

_ALPHA, _BETA = 1.5, 27.0

_ILLNESS_SPELLS: Final = 5.9
_ILLNESS_DAYS: Final = ((1, 45), (2, 30), (3, 14), (4, 7), (5, 4))
_HOLIDAYS: Final = 0.19
_ODD_DAYS_OFF: Final = 1.05
_APPOINTMENTS: Final = 1.0
_LEAVE_DAYS: Final = 0.75
_LATE: Final = 4.9
_LATE_AFTER_CLOSE: Final = 0.68
_OTHER_SINGLE_DAYS: Final = (("R", 0.13), ("P", 0.16), ("B", 0.36), ("T", 0.03), ("E", 0.07))
_TRIPS: Final = 1.4

PRESENT: Final = b"/\\"


@dataclass(frozen=True, slots=True)
class Child:
    """How one child tends to attend: ``absence`` and ``lateness`` are multiples of the average."""

    absence: float
    lateness: float


def draw_child(rng: Random) -> Child:
    """Draw a child's tendency."""
    absence = rng.betavariate(_ALPHA, _BETA) / (_ALPHA / (_ALPHA + _BETA))
    return Child(absence, rng.expovariate(1 / 4) if rng.random() < 0.2 else rng.uniform(0, 0.5))


def make_line(rng: Random, child: Child, *, days: int, gaps: tuple[int, ...], trips: Iterable[int]) -> bytearray:
    """Make one child's school year: two symbols a school day, morning and afternoon.

    ``gaps`` are the positions of the last school day before each holiday; ``trips`` the days of the cohort's visits.
    """
    line = bytearray(PRESENT * days)
    _scatter_lateness(rng, child, line, days)
    for day in trips:
        _set_day(line, day, "V")
    for letter, share in _OTHER_SINGLE_DAYS:
        for _ in range(_poisson(rng, share)):
            _set_day(line, rng.randrange(days), letter)
    for _ in range(_poisson(rng, _APPOINTMENTS)):
        line[rng.randrange(2 * days)] = ord("M")
    for _ in range(_poisson(rng, _LEAVE_DAYS * child.absence)):
        _set_day(line, rng.randrange(days), "C")
    for _ in range(_poisson(rng, _ODD_DAYS_OFF * child.absence**1.5)):
        _set_spell(line, rng.randrange(days), length=rng.choice((1, 1, 1, 2)), letter="O")
    for _ in range(_poisson(rng, _ILLNESS_SPELLS / 2 * child.absence)):
        length = rng.choices(*zip(*_ILLNESS_DAYS, strict=True))[0]
        _set_spell(line, _ill_from(rng, days), length=length, letter="I")
    if rng.random() < _HOLIDAYS * child.absence**0.5:
        length = rng.randint(4, 9)
        _set_spell(line, max(0, rng.choice(gaps) - length + 1), length=length, letter="G")
    return line


def _scatter_lateness(rng: Random, child: Child, line: bytearray, days: int) -> None:
    for _ in range(_poisson(rng, _LATE * child.lateness)):
        line[2 * rng.randrange(days)] = ord("L")
    for _ in range(_poisson(rng, _LATE_AFTER_CLOSE * child.lateness)):
        line[2 * rng.randrange(days)] = ord("U")


def _ill_from(rng: Random, days: int) -> int:
    # Twice drawn and the later kept in autumn and winter: weeks before Christmas and in February are the worst.
    day = rng.randrange(days)
    return max(day, rng.randrange(min(days, 120))) if day < 70 else day


def _set_spell(line: bytearray, first: int, *, length: int, letter: str) -> None:
    for day in range(first, min(first + length, len(line) // 2)):
        _set_day(line, day, letter)


def _set_day(line: bytearray, day: int, letter: str) -> None:
    line[2 * day] = line[2 * day + 1] = ord(letter)


def draw_trips(rng: Random, days: int) -> tuple[int, ...]:
    """Draw the days on which a cohort goes on a visit."""
    return tuple(rng.randrange(days) for _ in range(_poisson(rng, _TRIPS)))


def _poisson(rng: Random, mean: float) -> int:
    limit, product, count = exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count
