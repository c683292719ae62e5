"""One measured figure beside the bound it must keep."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, the bound, and both in one unit; ``met`` compares them."""

    name: str
    measured: float
    bound: float
    unit: str
    about: str = ""
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the bound is kept."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def __str__(self) -> str:
        sign = "≥" if self.at_least else "≤"
        verdict = "met" if self.met else "NOT MET"
        return f"{self.name:58} {self.measured:10.2f} {sign} {self.bound:10.2f} {self.unit:8} {verdict:8} {self.about}"


def median_seconds(act: Callable[[], object], *, runs: int, warm: int = 1) -> float:
    """The median time of an act in seconds, after some warm-up runs that are not counted."""
    for _ in range(warm):
        act()
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        act()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def medians_by_turns(
    first: Callable[[], object], second: Callable[[], object], *, runs: int, warm: int = 1
) -> tuple[float, float]:
    """The median times of two acts done by turns, so that the machine's moods fall on both alike."""
    taken: tuple[list[float], list[float]] = ([], [])
    for turn in range(warm + runs):
        for act, times in zip((first, second), taken, strict=True):
            begun = time.perf_counter()
            act()
            if turn >= warm:
                times.append(time.perf_counter() - begun)
    return statistics.median(taken[0]), statistics.median(taken[1])
