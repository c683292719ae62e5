"""``check``: examine the records, the journal's chain, and the backups."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from cme_desktop.cli.desk import DONE, NEEDS_ATTENTION, Desk, say_progress

if TYPE_CHECKING:
    from cme_desktop.casework.state_of_records import Examination


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("check", help="examine the records, their journal and the backups")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Examine; 1 where the records or the journal are not whole."""
    desk: Desk = arguments.desk
    with desk.open_office(alone=False) as office:
        from cme_desktop.casework.state_of_records import examine_records  # noqa: PLC0415  brings the database in

        say_progress("Reading every page and every entry …")
        found = examine_records(office)
    if arguments.json:
        print(json.dumps(_as_json(found), ensure_ascii=False, indent=2))
    else:
        _print_in_words(found)
    return DONE if found.ok else NEEDS_ATTENTION


def _as_json(found: Examination) -> dict[str, Any]:
    backups = [
        {"file": backup.file_name, "bytes": backup.bytes, "made_at": backup.made_at.isoformat()}
        for backup in found.backups
    ]
    return {
        "ok": found.ok, "integrity": found.integrity, "journal": asdict(found.journal), "backups": backups,
        "attention": list(found.attention),
    }  # fmt: skip


def _print_in_words(found: Examination) -> None:
    print("The records are whole." if found.integrity else "The records are damaged.")
    chain = "unbroken" if found.journal.ok else f"broken at entry {found.journal.broken_at}"
    print(f"The journal has {found.journal.entries} entries; its chain is {chain}.")
    for sentence in found.attention:
        print(sentence)
