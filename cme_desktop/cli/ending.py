"""How the program speaks and ends: also where nobody listens any more, where it is stopped, or is itself at fault."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from typing import Final

CANNOT_BE_DONE: Final = 2
STOPPED: Final = 130
"""128 and the number of SIGINT: how every other command ends on Ctrl+C."""
NOBODY_READS: Final = 141
"""128 and the number of SIGPIPE: how every other command ends when the one it is piped into goes away."""


def end_in_order(run: Callable[[], int]) -> int:
    """Run the program, see that what it says is out, and give its status; a fault is told to the hook and gives 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A letter that a terminal or a file does not know is no reason to end half way through a list.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            return run()
        finally:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:  # a window's program on Windows has neither
                    stream.flush()
    except BrokenPipeError:
        _speak_into_nothing()
        return NOBODY_READS
    except KeyboardInterrupt:
        return STOPPED
    except Exception:  # noqa: BLE001  the outermost place: the interpreter would end with 1, which means "done"
        sys.excepthook(*sys.exc_info())
        return CANNOT_BE_DONE


def _speak_into_nothing() -> None:
    # The interpreter flushes once more as it ends, and would complain again.
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nothing, stream.fileno())
    os.close(nothing)
