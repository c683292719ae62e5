"""How long a record of six pages takes to render and to sign, warm; the first of the day is said apart."""

from __future__ import annotations

import time

from tests.documents.example import keys, render, signed_once, signed_twice
from tests.performance.figure import Figure, median_seconds

RENDER_AND_SIGN = 0.5
SIGN_AGAIN = 0.3
_CALLS = 80
_RUNS = 9


def figures() -> tuple[Figure, ...]:
    """Measure rendering with the first signature, and the second signature."""
    keys()
    begun = time.perf_counter()
    once = signed_once(render(calls=_CALLS, draft=False).pdf)
    first = time.perf_counter() - begun
    pages = render(calls=_CALLS, draft=False).pages
    whole = median_seconds(lambda: signed_once(render(calls=_CALLS, draft=False).pdf), runs=_RUNS)
    again = median_seconds(lambda: signed_twice(once), runs=_RUNS)
    return (
        Figure(
            f"Record of {pages} pages: render and one signature", whole, RENDER_AND_SIGN, "s",
            about=f"the first of the day {first:.2f} s",
        ),
        Figure("Each further signature", again, SIGN_AGAIN, "s"),
    )  # fmt: skip


if __name__ == "__main__":
    for figure in figures():
        print(figure)
