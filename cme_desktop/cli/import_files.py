"""``import FILE...``: bring in pupils, contacts, marks or calendars, or say what that would do."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cme_desktop.cli.arguments import a_day
from cme_desktop.cli.desk import CANNOT_BE_DONE, DONE, NEEDS_ATTENTION, Desk, say_progress
from cme_desktop.domain.errors import CmeError

if TYPE_CHECKING:
    from cme_desktop.casework.imports import PreparedImport
    from cme_desktop.casework.office import Office
    from cme_desktop.importers.sheet import Rejected

_KINDS: Final = ("pupils", "contacts", "marks", "calendar")
_SHOWN_REJECTED: Final = 20
_SHOWN_CHANGED: Final = 20


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one file."""

    file: str
    status: int
    prepared: PreparedImport | None = None
    saved: bool = False
    error: str = ""


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("import", help="read pupils, contacts, marks or calendars from files")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--kind", choices=_KINDS, help="what the file holds; worked out where not said")
    parser.add_argument("--profile", default="", metavar="NAME", help="the saved mapping to read it by")
    parser.add_argument("--accept", action="store_true", help="take the suggested mapping without asking, and save")
    parser.add_argument("--dry-run", action="store_true", help="say what would change; write nothing")
    parser.add_argument("--on", type=a_day, metavar="DATE", help="the day it is taken to happen")
    parser.add_argument("--names", action="store_true", help="show names in problems")
    parser.add_argument("--json", action="store_true", help="print one JSON array, an object a file")


def run(arguments: Namespace) -> int:
    """Bring each file in, in order; a file that can't be does not keep the next one out."""
    desk: Desk = arguments.desk
    with desk.open_office() as office:
        there = _on_day(office, arguments.on)
        outcomes = [_import_one(there, path, arguments) for path in arguments.files]
    if arguments.json:
        told = [_as_json(outcome, names=arguments.names) for outcome in outcomes]
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        for outcome in outcomes:
            _print_in_words(outcome, arguments)
    return max(outcome.status for outcome in outcomes)


def _on_day(office: Office, on: date | None) -> Office:
    if on is None:
        return office
    from cme_desktop.casework.office import LOCAL_ZONE  # noqa: PLC0415  brings the database in

    moment = datetime.combine(on, office.local_now.time(), LOCAL_ZONE)  # the day as the wall has it, not as UTC does
    return replace(office, now=lambda: moment)


def _import_one(office: Office, path: Path, arguments: Namespace) -> _Outcome:
    from cme_desktop.casework.imports import (  # noqa: PLC0415  brings the database in
        FileKind,
        accept_import,
        open_import,
        prepare_import,
    )

    say_progress(f"Reading {path.name}")
    try:
        kind = FileKind(arguments.kind) if arguments.kind else None
        opened = open_import(office, path, kind=kind, on=arguments.on, profile=arguments.profile)
        prepared = prepare_import(office, opened)
        if arguments.dry_run or not (arguments.accept or opened.profile):
            return _Outcome(path.name, _attention(prepared), prepared)
        if unsure := _why_not(prepared):
            return _Outcome(path.name, CANNOT_BE_DONE, prepared, error=unsure)
        accept_import(office, prepared, profile=arguments.profile)
    except CmeError as error:
        return _Outcome(path.name, CANNOT_BE_DONE, error=str(error))
    return _Outcome(path.name, _attention(prepared), prepared, saved=True)


def _why_not(prepared: PreparedImport) -> str:
    uncertain = [] if prepared.opened.profile else [use.header for use in prepared.opened.mapping.uncertain]
    asked = [question.column or question.text for question in prepared.unanswered]
    if columns := [*uncertain, *asked]:
        return f"Not certain enough to take without asking: {', '.join(columns)}. Open the file in the window, and say."
    return " ".join(prepared.preview.stops)


def _attention(prepared: PreparedImport) -> int:
    preview = prepared.preview
    return NEEDS_ATTENTION if preview.rejected or preview.stops or prepared.unanswered else DONE


# -- saying it -------------------------------------------------------------------------------------------------


def _as_json(outcome: _Outcome, *, names: bool) -> dict[str, Any]:
    if outcome.prepared is None:
        return {
            "file": outcome.file, "kind": None, "format": None, "mapping": {}, "rows": 0, "new": 0, "changed": 0,
            "unchanged": 0, "not_taken": 0, "missing_from_file": 0, "rejected": [], "warnings": [], "saved": False,
            "error": outcome.error,
        }  # fmt: skip
    preview, mapping = outcome.prepared.preview, outcome.prepared.opened.mapping
    counts = preview.counts
    told: dict[str, Any] = {
        "file": outcome.file,
        "kind": mapping.kind.value,
        "format": outcome.prepared.opened.sheet.format,
        "mapping": _mapping_as_json(outcome.prepared),
        "rows": counts.rows,
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "not_taken": counts.not_taken,
        "missing_from_file": len(preview.missing),
        "rejected": [
            {
                "line": problem.line,
                "column": problem.column,
                "found": "(not shown)" if problem.personal and not names else problem.found,
                "expected": problem.expected,
            }
            for problem in preview.rejected
        ],
        "warnings": [*preview.warnings, *preview.stops],
        "saved": outcome.saved,
    }
    if outcome.error:
        told["error"] = outcome.error
    return told


def _mapping_as_json(prepared: PreparedImport) -> dict[str, str]:
    found: dict[str, str] = {}
    for use in prepared.opened.mapping.columns:
        if use.field is not None:
            name = use.header if use.header not in found else f"{use.header} (column {use.index + 1})"
            found[name] = use.target
    return found


def _print_in_words(outcome: _Outcome, arguments: Namespace) -> None:
    if outcome.prepared is None:
        print(f"{outcome.file}: {outcome.error}", file=sys.stderr)
        return
    preview, mapping = outcome.prepared.preview, outcome.prepared.opened.mapping
    counts = preview.counts
    print(
        f"{outcome.file}: {mapping.kind.value}, {counts.rows} in all: {counts.new} new, {counts.changed} changed, "
        f"{counts.unchanged} unchanged, {counts.not_taken} not taken, {counts.rejected} rejected."
    )
    for warning in (*preview.warnings, *preview.stops):
        print(f"  {warning}")
    if preview.missing:
        print(f"  {len(preview.missing)} pupils on roll are not in the file: have they left?")
    for change in preview.mark_changes[:_SHOWN_CHANGED]:
        who = change.pupil if arguments.names else "a pupil"
        print(f"  {change.session}: {who}, {change.old} changes to {change.new}.")
    if len(preview.mark_changes) > _SHOWN_CHANGED:
        print(f"  and {len(preview.mark_changes) - _SHOWN_CHANGED} more marks that change.")
    said = list(dict.fromkeys(_say_rejected(problem, names=arguments.names) for problem in preview.rejected))
    for sentence in said[:_SHOWN_REJECTED]:
        print(f"  {sentence}")
    if len(said) > _SHOWN_REJECTED:
        print(f"  and {len(said) - _SHOWN_REJECTED} more.")
    if outcome.error:
        print(f"{outcome.file}: {outcome.error}", file=sys.stderr)
    elif outcome.saved:
        print("  Saved." if counts.new or counts.changed else "  Nothing in it was new, so nothing was changed.")
    else:
        print("  Nothing was saved. Add --accept to bring it in.")


def _say_rejected(problem: Rejected, *, names: bool) -> str:
    found = "(not shown)" if problem.personal and not names else problem.found
    where = f"Line {problem.line}, {problem.column}" if problem.column else f"Line {problem.line}"
    return f"{where}: found “{found}”, expected {problem.expected.rstrip('.')}."
