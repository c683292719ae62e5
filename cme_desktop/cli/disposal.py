"""``disposal``: what is due for disposal, what a person looks at first, and what is kept, because."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from typing import TYPE_CHECKING, Any

from cme_desktop.cli.desk import DONE, Desk

if TYPE_CHECKING:
    from cme_desktop.casework.keeping.looking import Keeping, KeepingRow
    from cme_desktop.casework.office import Office


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("disposal", help="list what is due for disposal, and what is kept, because")
    parser.add_argument(
        "--list", action="store_true", help="list it (there is nothing else to do here: the head signs)"
    )
    parser.add_argument("--names", action="store_true", help="name the pupils")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """List; nothing is drawn up, signed or removed from here."""
    desk: Desk = arguments.desk
    with desk.open_office(alone=False) as office:
        told = _read(office, names=arguments.names)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _print_in_words(told)
    return DONE


def _read(office: Office, *, names: bool) -> dict[str, Any]:
    from cme_desktop.casework.keeping.looking import load_keeping  # noqa: PLC0415  brings the database in
    from cme_desktop.casework.leaving_the_records import Left, note_that_it_left  # noqa: PLC0415  as above

    keeping = load_keeping(office)
    if names:
        note_that_it_left(office, Left.LIST)
    return {
        "on": keeping.today.isoformat(),
        "records": [_row(row, names=names) for row in keeping.rows],
        "holds": sum(1 for row in keeping.holds if row.hold.stands),
        "backups_hold_it_until": keeping.gone_after.isoformat(),
        "kept_for_the_lead": keeping.others_keep,
        "lists": _lists(keeping),
    }


def _lists(keeping: Keeping) -> list[dict[str, Any]]:
    return [
        {
            "number": int(each.id), "drawn_on": each.drawn_on.isoformat(), "state": each.state.value,
            "lines": len(each.lines) or len(each.stubs), "fingerprint": each.fingerprint,
        }
        for each in keeping.disposals
    ]  # fmt: skip


def _row(row: KeepingRow, *, names: bool) -> dict[str, Any]:
    judged = row.judged
    pupil = judged.record.pupil_id
    return {
        "kind": row.kind.value, "title": judged.period.title, "pupil": pupil, **({"name": row.name} if names else {}),
        "case": row.case_number,
        "size": judged.record.size, "standing": judged.standing.value, "why": judged.why,
        "last_day_kept": judged.last_day.isoformat() if judged.last_day else None,
    }  # fmt: skip


def _print_in_words(told: dict[str, Any]) -> None:
    if not told["records"]:
        print("Nothing is due, and nothing waits to be looked at.")
    for row in told["records"]:
        who = row.get("name") or (f"pupil {row['pupil']}" if row["pupil"] is not None else "")
        whose = ", ".join(part for part in (who, row["case"]) if part) or "no pupil"
        print(f"{row['standing'].replace('_', ' ')}: {row['title']}, {whose} ({row['size']})")
        print(f"    {row['why']}")
    if told["kept_for_the_lead"]:
        print("Other files are kept for the safeguarding lead and the headteacher.")
