"""``init --school FILE.toml``: set up new records, and print the recovery key once; ``--demo`` makes up a school."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cme_desktop.cli.desk import DONE, NEEDS_ATTENTION, Desk, say_progress

if TYPE_CHECKING:
    from cme_desktop.casework.setting_up import NewRecords


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("init", help="set up new records")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--school", type=Path, metavar="FILE.toml", help="the school, its calendar and first user")
    what.add_argument("--demo", dest="made_up", action="store_true", help="make up a school instead")
    parser.add_argument("--pupils", type=int, default=210, metavar="N", help="of a made-up school")
    parser.add_argument("--years", type=int, default=2, metavar="Y", help="of a made-up school's marks, 1 to 7")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed makes the same school")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Set the records up; 1 where the calendar looks unusual."""
    desk: Desk = arguments.desk
    records, warnings = _make_up(arguments, desk) if arguments.made_up else _set_up(arguments, desk)
    told = _tell(records)
    from cme_desktop.casework.sitting_down import leave_desk  # noqa: PLC0415  brings the database in

    leave_desk(records.office)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print_in_words(told, warnings)
    return NEEDS_ATTENTION if warnings else DONE


def _set_up(arguments: Namespace, desk: Desk) -> tuple[NewRecords, tuple[str, ...]]:
    from cme_desktop.casework.school_file import read_school_file  # noqa: PLC0415  brings the database in
    from cme_desktop.casework.setting_up import set_up, warn_about_year  # noqa: PLC0415

    read = read_school_file(arguments.school, resources=desk.paths.resources)
    new = read.with_password(desk.read_password(f"New password for {read.user_name}: "))
    warnings = tuple(warning for year in new.years for warning in warn_about_year(year))
    return set_up(desk.paths, new, now=desk.now), warnings


def _make_up(arguments: Namespace, desk: Desk) -> tuple[NewRecords, tuple[str, ...]]:
    from cme_desktop.casework.made_up_school import MadeUpSchool, make_up_school  # noqa: PLC0415  as above

    say_progress("Making up a school …")
    wanted = MadeUpSchool(pupils=arguments.pupils, years=arguments.years, seed=arguments.seed)
    password = desk.read_password("New password: ")
    return make_up_school(desk.paths, wanted, password=password, now=desk.now), ()


def _tell(records: NewRecords) -> dict[str, Any]:
    from cme_desktop.casework.state_of_records import count_held  # noqa: PLC0415  as above

    held = count_held(records.office)
    return {
        "school": held.school, "pupils": held.pupils, "marks": held.marks, "calendar": list(held.school_years),
        "policies": list(held.policies), "users": list(held.users), "recovery_key": records.recovery_key,
    }  # fmt: skip


def _print_in_words(told: dict[str, Any], warnings: tuple[str, ...]) -> None:
    print(f"{told['school']} is set up: {told['pupils']} pupils, {told['marks']} marks.")
    print(
        f"School years: {', '.join(told['calendar'])}. Policies besides the law: {', '.join(told['policies']) or '–'}."
    )
    print(f"Recovery key, shown once: {told['recovery_key']}")
    print("Print it and lock it away: it opens the records when a password is lost.")
    for warning in warnings:
        print(warning)
