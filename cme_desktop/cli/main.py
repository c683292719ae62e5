"""Run one command and turn what comes of it into an exit status."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime

from cme_desktop.cli.arguments import Arguments, load_command
from cme_desktop.cli.desk import CANNOT_BE_DONE, Desk
from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths


def run_command(arguments: Arguments, *, paths: Paths, now: Callable[[], datetime]) -> int:
    """Run the command: 0 done, 1 done but something needs attention, 2 could not be done.

    The command finds the desk it works at, with the folders and the clock, among its arguments.
    """
    assert arguments.command is not None
    arguments.options.desk = Desk(paths, now, arguments.user, arguments.password_on_stdin)
    try:
        status: int = load_command(arguments.command).run(arguments.options)
    except CmeError as error:
        print(_say(error), file=sys.stderr)
        return CANNOT_BE_DONE
    return status


def _say(error: CmeError) -> str:
    return "\n".join(part for part in (error.title, error.detail, error.remedy) if part)
