"""``check``: examine the records, the journal's chain, and the backups."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from cme_desktop.cli.desk import DONE, NEEDS_ATTENTION, Desk, say_progress

_FITS: Final = "The day sheet fits: the journal still has the entry that it names."
_DIFFERS: Final = "The day sheet does not fit: what was written down until it was made is not what it was then."

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.casework.state_of_records import Examination


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("check", help="examine the records, their journal and the backups")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--paper", metavar="“NUMBER HASH”", help="compare with a signed day sheet: the number and hash at its end"
    )


def run(arguments: Namespace) -> int:
    """Examine; 1 where the records or the journal are not whole."""
    desk: Desk = arguments.desk
    with desk.open_office(alone=False) as office:
        from cme_desktop.casework.state_of_records import examine_records  # noqa: PLC0415  brings the database in

        say_progress("Reading every page and every entry …")
        found = examine_records(office)
        fits_paper = _compare(office, arguments.paper)
    if arguments.json:
        paper = {} if fits_paper is None else {"paper": fits_paper}
        print(json.dumps({**_as_json(found), **paper}, ensure_ascii=False, indent=2))
    else:
        _print_in_words(found)
        if fits_paper is not None:
            print(_FITS if fits_paper else _DIFFERS)
    return DONE if found.ok and fits_paper is not False else NEEDS_ATTENTION


def _compare(office: Office, paper: str | None) -> bool | None:
    if paper is None:
        return None
    from cme_desktop.casework.day_sheet import compare_with_paper  # noqa: PLC0415  brings the database in

    return compare_with_paper(office, paper)


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
