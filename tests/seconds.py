"""A bound on how long something may take, in the processor's own time, so that a busy machine fails no test."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time


@contextmanager
def within(*, seconds: float) -> Iterator[None]:
    """Fail where the block takes longer."""
    begun = thread_time()
    yield
    taken = thread_time() - begun
    assert taken <= seconds, f"took {taken:.1f} s; {seconds} s are allowed"
