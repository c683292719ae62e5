"""``judge FILE...``: run situation files against the rulebook. Needs no records."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import Any, Final

from cme_desktop.casework.situations import Failure, JudgedFile, judge_file
from cme_desktop.paths import find_paths

DONE: Final = 0
NEEDS_ATTENTION: Final = 1
NOT_DONE: Final = 2


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("judge", help="run situation files against the rulebook; needs no records")
    parser.add_argument("files", nargs="+", metavar="FILE", type=Path, help="a situation file (TOML)")
    parser.add_argument("--json", action="store_true", help="print one JSON array, an object a file")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Judge each file; 0 where all holds, 1 where an expectation fails, 2 where a file can't be read."""
    resources = find_paths(Path()).resources  # no records are needed, so no folder is looked for
    judged = [judge_file(path, resources=resources) for path in args.files]
    if args.json:
        print(json.dumps([_as_json(file) for file in judged], ensure_ascii=False, indent=2))
    else:
        _print_in_words(judged)
    if not all(file.is_readable for file in judged):
        return NOT_DONE
    return DONE if all(file.ok for file in judged) else NEEDS_ATTENTION


def _as_json(judged: JudgedFile) -> dict[str, Any]:
    if not judged.is_readable:
        return {"file": judged.file, "ok": False, "error": judged.error, "line": judged.line}
    failures = [_failure_as_json(failure) for failure in judged.failures]
    return {"file": judged.file, "title": judged.title, "ok": judged.ok, "failures": failures}


def _failure_as_json(failure: Failure) -> dict[str, str]:
    return {
        "on": failure.on,
        "kind": failure.kind.value,
        "rule": failure.rule,
        "expected": failure.expected,
        "found": failure.found,
        "why": failure.why,
    }


def _print_in_words(judged: list[JudgedFile]) -> None:
    for file in judged:
        if not file.is_readable:
            for problem in (f"line {file.line}: {file.error}", *file.also):
                print(f"{file.file}, {problem}", file=sys.stderr)
            continue
        print(f"{'holds' if file.ok else 'FAILS'}  {file.file}  {file.title}")
        for failure in file.failures:
            print(f"       {failure.on}  {failure.kind}  {failure.rule}")
            print(f"           expected {failure.expected}, found {failure.found}: {failure.why}")
    print(_summary(judged))


def _summary(judged: list[JudgedFile]) -> str:
    held = sum(file.ok for file in judged)
    failed = sum(bool(file.failures) for file in judged)
    unread = len(judged) - held - failed
    parts = [f"{held} of {len(judged)} situations hold."]
    if failed:
        parts.append(f"{failed} fail: the rulebook or the file is wrong; each line says what was found.")
    if unread:
        parts.append(f"{unread} can't be read: correct the lines named.")
    return " ".join(parts)
