"""``python -m cme_desktop`` and the command ``cme-desktop``."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from cme_desktop.app import start
from cme_desktop.cli.ending import end_in_order


def main(argv: Sequence[str] | None = None) -> int:
    """Start the program with these arguments, by default those of the command line; return the exit status."""
    given = sys.argv[1:] if argv is None else argv
    return end_in_order(lambda: start(given))


if __name__ == "__main__":
    sys.exit(main())
