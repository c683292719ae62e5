"""Read the command line. Only the command that is run has its module loaded."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Final

COMMANDS: Final = {
    "init": "set up new records",
    "import": "read pupils, contacts, marks or calendars from files",
    "flags": "judge the whole roll",
    "judge": "run situation files",
    "case": "list cases, or show one with its history",
    "record": "write the record of enquiries of a case",
    "verify": "examine a record: is it ours, whole, signed by whom",
    "simulate": "say what a changed policy would have flagged over a past period",
    "backup": "copy the records into one checked file",
    "restore": "bring the records back from a backup",
    "check": "examine the records, their journal and the backups",
    "disposal": "list what is due for disposal, and what is kept, because",
    "tour": "drive a made-up school through the whole main job, and keep the pictures",
    "export": "write a list: every rule with its sources and clauses",
}
"""Every command with what it does; each lives in the module of ``cli`` that bears its name."""

_MODULE_OF: Final = {"import": "import_files", "case": "case_list"}
_PACKAGE: Final = "cme_desktop.cli"


@dataclass(frozen=True, slots=True)
class Arguments:
    """What the command line says. ``options`` are the command's own."""

    command: str | None
    data: Path | None
    demo: bool
    user: str | None
    password_on_stdin: bool
    options: argparse.Namespace


def read_arguments(argv: Sequence[str]) -> Arguments:
    """Read the arguments; on a mistake, say it and leave with status 2, as ``argparse`` does."""
    parser = _make_parser(argv)
    found = parser.parse_args(argv)
    if found.demo and found.command is not None:
        # It would have worked on the real records.
        parser.error("--demo opens the window. For a command, make a school up first: --data DIR init --demo")
    return Arguments(found.command, found.data, found.demo, found.user, found.password_stdin, found)


def a_day(text: str) -> date:
    """Read the day of an option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day. Write it as 2026-11-10.") from None


def a_time(text: str) -> time:
    """Read the time of day of an option."""
    try:
        found = time.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is not None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time of day. Write it as 09:12.")
    return found


def load_command(name: str) -> ModuleType:
    """Load the module of a command: it has ``add_parser(subparsers)`` and ``run(arguments)``."""
    return import_module(f"{_PACKAGE}.{_MODULE_OF.get(name, name)}")


def _make_parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cme-desktop", description="Finds pupils at risk of going missing from education, and what to do by when."
    )
    parser.add_argument("--demo", action="store_true", help="open a made-up school, never the real records")
    _add_common(parser, default=None)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    wanted = _find_command(argv)
    for name, about in COMMANDS.items():
        if name == wanted:
            load_command(name).add_parser(commands)
            _add_common(commands.choices[name], default=argparse.SUPPRESS)
        else:
            commands.add_parser(name, help=about)
    return parser


def _find_command(argv: Sequence[str]) -> str | None:
    """Find the first word that is a command and no option's value: a folder may be called ``check``."""
    return next(
        (
            word
            for before, word in zip(("", *argv), argv, strict=False)
            if word in COMMANDS and before not in {"--data", "--user"}
        ),
        None,
    )


def _add_common(parser: argparse.ArgumentParser, *, default: str | None) -> None:
    """Take these before the command and after it; after it, they stand only where they are given."""
    parser.add_argument("--data", type=Path, metavar="DIR", default=default, help="where the records live")
    parser.add_argument("--user", metavar="NAME", default=default, help="who opens the records")
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        default=default or False,
        help="read the password from standard input; else CME_DESKTOP_PASSWORD, or a prompt. Who has codes from a "
        "phone gives one in the next line; else CME_DESKTOP_CODE, or a prompt",
    )
