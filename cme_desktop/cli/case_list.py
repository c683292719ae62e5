"""``case list`` and ``case show NUMBER``: the cases and their history."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from typing import TYPE_CHECKING, Any

from cme_desktop.cli.desk import DONE, Desk
from cme_desktop.domain.errors import BadInputError

if TYPE_CHECKING:
    from cme_desktop.casework.cases import CaseFile, CaseRow
    from cme_desktop.casework.office import Office
    from cme_desktop.domain.calendar import Deadline


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("case", help="list cases, or show one with its history")
    what = parser.add_subparsers(dest="what", required=True, metavar="list|show")
    listing = what.add_parser("list", help="every case, the open ones first")
    showing = what.add_parser("show", help="one case with its history")
    showing.add_argument("number", metavar="NUMBER", help="the case's number")
    for one in (listing, showing):
        one.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """List the cases, or show one."""
    desk: Desk = arguments.desk
    with desk.open_office(alone=False) as office:
        told = _list(office) if arguments.what == "list" else _show(office, arguments.number)
    if arguments.json:
        print(json.dumps(told, ensure_ascii=False, indent=2))
    elif isinstance(told, list):
        _print_list(told)
    else:
        _print_case(told)
    return DONE


def _list(office: Office) -> list[dict[str, Any]]:
    from cme_desktop.casework.cases import list_cases  # noqa: PLC0415  brings the database in

    book = list_cases(office)
    return [_row(row) for row in (*book.open, *book.closed)]


def _row(row: CaseRow) -> dict[str, Any]:
    return {
        "number": row.case.number, "status": row.case.status.value, "opened_on": row.case.opened_on.isoformat(),
        "school_days_absent": row.school_days_absent, "next_step": row.next_step, "due": _due(row.due),
    }  # fmt: skip


def _show(office: Office, number: str) -> dict[str, Any]:
    from cme_desktop.casework.cases import list_cases, load_case  # noqa: PLC0415  brings the database in
    from cme_desktop.casework.leaving_the_records import Left, note_that_it_left  # noqa: PLC0415  as above

    book = list_cases(office)
    row = next((row for row in (*book.open, *book.closed) if row.case.number == number), None)
    if row is None:
        raise BadInputError(
            "There is no case with this number.", remedy="See the numbers with “cme-desktop case list”."
        )
    note_that_it_left(office, Left.CASE, pupil_id=row.case.pupil_id)
    return {**_row(row), **_inside(load_case(office, row.case.id, roll=book.roll))}


def _inside(case: CaseFile) -> dict[str, Any]:
    return {
        "history": [
            {
                "happened_at": entry.happened_on.isoformat()
                + (f"T{entry.happened_at:%H:%M}" if entry.happened_at else ""),
                "written_at": entry.written_at.isoformat(),
                "by": entry.written_by,
                "kind": entry.event.kind.value,
                "text": ": ".join(part for part in (entry.title, entry.detail) if part),
            }
            for entry in case.history
        ],
        "enquiries": [
            {"item": line.item.id, "name": line.item.name, "state": line.state.value} for line in case.enquiries
        ],
        "tasks": [{"text": task.text, "due": _due(task.due), "overdue": task.overdue} for task in case.tasks],
        "documents": [
            {
                "kind": document.kind.value,
                "version": document.version,
                "state": document.state.value,
                "file": document.file_name,
            }
            for document in case.documents
        ],
    }


def _due(due: Deadline | None) -> str | None:
    if due is None:
        return None
    return due.on.isoformat() if due.by is None else f"{due.on.isoformat()}T{due.by:%H:%M}"


def _print_list(rows: list[dict[str, Any]]) -> None:
    if not rows:
        print("There are no cases.")
    for row in rows:
        due = f", due {row['due']}" if row["due"] else ""
        print(f"{row['number']}  {row['status']}, opened {row['opened_on']}, {row['school_days_absent']} school days")
        print(f"    next: {row['next_step'] or 'nothing'}{due}")


def _print_case(case: dict[str, Any]) -> None:
    _print_list([case])
    for entry in case["history"]:
        print(f"{entry['happened_at']}  {entry['text']} (written {entry['written_at']} by {entry['by'] or 'program'})")
    for line in case["enquiries"]:
        print(f"{line['item']}  {line['name']}: {line['state']}")
