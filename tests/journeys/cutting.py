"""Run one command in a process whose power is cut when so many things were put on its disk.

Run as ``python -m tests.journeys.cutting TIMES before|after COMMAND…``: with the next thing (a file or folder
renamed, a transaction saved), the process ends at once, before it is done or after. Where the command ends by itself,
its status is the process's.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from cme_desktop.__main__ import main

POWER_WAS_CUT = 137


class Power:
    """Lasts for so many things put on the disk."""

    def __init__(self, lasts: int, *, after: bool) -> None:
        self._left, self._after = lasts, after

    def wrap(self, act: Callable[..., Any]) -> Callable[..., Any]:
        """Give the act with the power's end in it."""

        def done(*arguments: Any) -> Any:
            if self._left == 0 and not self._after:
                os._exit(POWER_WAS_CUT)
            found = act(*arguments)
            if self._left == 0:
                os._exit(POWER_WAS_CUT)
            self._left -= 1
            return found

        return done


if __name__ == "__main__":
    power = Power(int(sys.argv[1]), after=sys.argv[2] == "after")
    for owner, name in ((Path, "replace"), (Path, "rename"), (DefaultDialect, "do_commit")):
        setattr(owner, name, power.wrap(getattr(owner, name)))
    sys.exit(main(sys.argv[3:]))
