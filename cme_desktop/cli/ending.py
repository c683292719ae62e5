"""How the program ends where nobody reads any more what it says."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Final

NOBODY_READS: Final = 141
"""128 and the number of SIGPIPE: how every other command ends when the one it is piped into goes away."""


def end_quietly(run: Callable[[], int]) -> int:
    """Run the program and see that what it says is out; end without a word where nobody reads it any more."""
    try:
        try:
            return run()
        finally:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:  # a window's program on Windows has neither
                    stream.flush()
    except BrokenPipeError:
        # The interpreter flushes once more as it ends, and would complain again: let it write into nothing.
        nothing = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):
            os.dup2(nothing, stream.fileno())
        os.close(nothing)
        return NOBODY_READS
