"""``export rules``: write the page that lists every rule. Needs no records."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import Final

from cme_desktop.casework.rulebook_page import write_rulebook_page
from cme_desktop.paths import find_paths

DONE: Final = 0
NOT_DONE: Final = 2


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("export", help="write a list: every rule with its sources and clauses")
    parser.add_argument("what", choices=["rules"], help="rules: every rule, number and clause, in Markdown")
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to write it; without it, to standard output")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: Namespace) -> int:
    """Write the page; 0 where it was written, 2 where the file can't be."""
    page = write_rulebook_page(find_paths(Path()).resources)  # no records are needed, so no folder is looked for
    if args.out is not None:
        try:
            args.out.write_text(page, "utf-8")
        except OSError as error:
            print(f"The file can’t be written: {error.strerror}. Name another with --out.", file=sys.stderr)
            return NOT_DONE
    if args.json:
        said = {"file": str(args.out)} if args.out is not None else {"rules": page}
        print(json.dumps({"export": "rules", **said}, ensure_ascii=False, indent=2))
    elif args.out is None:
        print(page, end="")
    else:
        print(f"Every rule is written to {args.out}.")
    return DONE
