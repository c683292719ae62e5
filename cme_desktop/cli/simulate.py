"""``simulate --policy FILE --from DATE --to DATE``: what a changed policy would have flagged."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cme_desktop.cli.arguments import a_day
from cme_desktop.cli.desk import DONE, Desk, say_progress
from cme_desktop.domain.errors import BadInputError
from cme_desktop.outside_file import read_outside_file
from cme_desktop.policy.located_toml import LARGEST_TOML

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.casework.simulating import SimulatedFlag, SimulatedPolicy


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("simulate", help="say what a changed policy would have flagged")
    parser.add_argument("--policy", type=Path, metavar="FILE", required=True, help="the changed policy's document")
    parser.add_argument("--from", dest="first", type=a_day, metavar="DATE", required=True, help="the first day judged")
    parser.add_argument("--to", dest="last", type=a_day, metavar="DATE", required=True, help="the last day judged")
    parser.add_argument("--names", action="store_true", help="name the pupils")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Judge every school day of the period by both rulebooks; nothing is written."""
    desk: Desk = arguments.desk
    document = _read_document(arguments.policy)
    with desk.open_office(alone=False) as office:
        from cme_desktop.casework.simulating import simulate_policy  # noqa: PLC0415  brings the database in

        say_progress("Judging past days …")
        found = simulate_policy(
            office, document=document, first=arguments.first, last=arguments.last, progress=_show_progress
        )
    if arguments.json:
        print(json.dumps(_as_json(found, names=arguments.names), ensure_ascii=False, indent=2))
    else:
        _print_in_words(found, names=arguments.names)
    return DONE


def _read_document(file: Path) -> str:
    try:
        data = read_outside_file(
            file, largest=LARGEST_TOML, what="The policy’s document",
            remedy="Give the path of a policy document (TOML) with --policy.",
        )  # fmt: skip
        return data.decode("utf-8-sig")
    except OSError as error:
        raise BadInputError(
            "The policy’s document can’t be read.",
            detail=f"{file}: {error.strerror or 'unknown reason'}.",
            remedy="Give the path of a policy document (TOML) with --policy.",
        ) from None
    except UnicodeDecodeError:
        raise BadInputError(
            "The policy’s document is no text.", detail=f"{file} is not in UTF-8.", remedy="Save it as UTF-8."
        ) from None


def _show_progress(done: int, days: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == days else ""
        print(f"\r{done} of {days} school days", end=end, file=sys.stderr, flush=True)


def _as_json(found: SimulatedPolicy, *, names: bool) -> dict[str, Any]:
    return {
        "from": found.first.isoformat(),
        "to": found.last.isoformat(),
        "rows": [_row(flag, names=names) for flag in found.flags],
        "calls": found.simulation.calls,
        "visits": found.simulation.visits,
    }


def _row(flag: SimulatedFlag, *, names: bool) -> dict[str, Any]:
    return {
        "rule": flag.row.rule_id,
        "pupil": _pupil(flag, names=names),
        "before": _iso(flag.row.before),
        "after": _iso(flag.row.after),
        "school_days": flag.row.school_days,
    }


def _pupil(flag: SimulatedFlag, *, names: bool) -> dict[str, Any] | None:
    if flag.pupil_id is None:
        return None
    told: dict[str, Any] = {"id": flag.pupil_id, "upn": flag.upn}
    if names:
        told |= {"surname": flag.surname, "forename": flag.forename, "class": flag.class_name}
    return told


def _iso(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _print_in_words(found: SimulatedPolicy, *, names: bool) -> None:
    from cme_desktop.casework.simulating import CAVEATS, say_first_day  # noqa: PLC0415  as above

    print(found.sentence)
    if found.flags:
        head = ("Rule", "Pupil", "Before", "After", "School days")
        rows = [
            (
                flag.row.rule_id, flag.who(named=names), say_first_day(flag.row.before), say_first_day(flag.row.after),
                flag.difference_in_words,
            )
            for flag in found.flags
        ]  # fmt: skip
        print()
        _print_table((head, *rows))
        print()
    for caveat in CAVEATS:
        print(caveat)


def _print_table(rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
