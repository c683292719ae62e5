"""``backup [--to DIR]``: copy the records into one file, opened and checked."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from dataclasses import asdict
from pathlib import Path

from cme_desktop.cli.desk import DONE, Desk, say_progress


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("backup", help="copy the records into one checked file")
    parser.add_argument("--to", type=Path, metavar="DIR", help="the folder to write into")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Make a backup."""
    desk: Desk = arguments.desk
    with desk.open_office(alone=False) as office:
        from cme_desktop.casework.backing_up import make_backup  # noqa: PLC0415  brings the database in

        say_progress("Copying the records and checking the copy …")
        made = make_backup(office, to=arguments.to)
    held = asdict(made.held)
    told = {
        "file": str(made.file), "sha256": made.sha256, "bytes": made.bytes, **held, "opened_and_checked": True,
    }  # fmt: skip
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"Backup written, opened and checked: {made.file}")
        print(f"It holds {made.held.pupils} pupils and {made.held.marks} marks. Keep a copy away from this computer.")
    return DONE
