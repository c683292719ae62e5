"""``restore FILE``: bring the records back from a backup, into an empty folder or over existing ones."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser, Namespace, _SubParsersAction
from dataclasses import asdict
from functools import partial
from pathlib import Path

from cme_desktop.cli.desk import DONE, Desk, say_progress


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("restore", help="bring the records back from a backup")
    parser.add_argument("file", type=Path, metavar="FILE", help="the backup")
    parser.add_argument("--replace", action="store_true", help="put existing records aside; they are kept beside")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Open the backup with the password, check it, and put it in place."""
    from cme_desktop.casework.restoring import restore_backup  # noqa: PLC0415  brings the database in
    from cme_desktop.casework.second_step import PartMissingError  # noqa: PLC0415  as above

    desk: Desk = arguments.desk
    password = desk.read_password("Password that opens the backup: ")
    say_progress("Unpacking the backup and checking it …")
    user = desk.user or os.environ.get("CME_DESKTOP_USER")
    bring = partial(
        restore_backup, desk.paths, arguments.file, user_name=user, password=password, now=desk.now,
        replacing=arguments.replace,
    )  # fmt: skip
    try:
        restored = bring()
    except PartMissingError as needed:
        restored = bring(code=desk.read_code(needed))
    held, kept = restored.held, restored.aside
    if arguments.json:
        told = {"file": str(arguments.file), **asdict(held), "kept_beside": str(kept) if kept else None}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"The records are back: {held.pupils} pupils, {held.marks} marks.")
        if kept:
            print(f"What was there before is kept in {kept}.")
    return DONE
