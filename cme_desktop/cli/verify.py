"""``verify FILE``: is it one of our records, whole and unchanged, and signed by whom. Needs no records of its own."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path
from typing import Any

from cme_desktop.cli.desk import CANNOT_BE_DONE, DONE, NEEDS_ATTENTION, Desk
from cme_desktop.documents.school_keys import read_certificate_file
from cme_desktop.documents.verification import Verdict, verify_file
from cme_desktop.documents.wording import in_fours
from cme_desktop.domain.errors import BadInputError, CmeError


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("verify", help="examine a record: is it ours, whole, signed by whom")
    parser.add_argument("file", metavar="FILE.pdf", type=Path, help="the record to examine")
    parser.add_argument("--trust", metavar="CERT", type=Path, help="the school's certificate, from outside the record")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Examine one file; where there are records and their password is at hand, by the certificate kept with them."""
    kept = _ask_records(arguments.desk) if arguments.trust is None else None
    return verify(arguments.file, trust=arguments.trust, kept=kept, as_json=arguments.json)


def verify(file: Path, *, trust: Path | None, as_json: bool, kept: bytes | None = None) -> int:
    """Examine a file and say what is found; 0 where it is whole (trusted, if asked), 1 where not, 2 if unread.

    ``trust`` is a file with the school's certificate, ``kept`` the one from the records.
    """
    try:
        certificate = read_certificate_file(trust) if trust else kept
        verdict = verify_file(file, trusted_certificate=certificate)
    except OSError as error:
        return _give_up(f"The file can’t be read: {error.strerror}.", "Check its name and folder.", as_json=as_json)
    except BadInputError as error:
        return _give_up(error.title, error.remedy, as_json=as_json)
    print(json.dumps(_as_json(verdict), ensure_ascii=False, indent=2) if as_json else _in_words(verdict))
    return DONE if verdict.ok and verdict.trusted is not False else NEEDS_ATTENTION


def _ask_records(desk: Desk) -> bytes | None:
    from cme_desktop.casework.people import has_records  # noqa: PLC0415  seldom needed

    if not desk.has_password() or not has_records(desk.paths):
        return None
    from cme_desktop.casework.signing_keys import load_certificate  # noqa: PLC0415  brings the database in

    try:
        with desk.open_office(alone=False) as office:
            return load_certificate(office)
    except CmeError as error:
        print(f"The records here could not be asked for the school’s certificate. {error.title}", file=sys.stderr)
        return None


def _give_up(title: str, detail: str, *, as_json: bool) -> int:
    sentence = " ".join(part for part in (title, detail) if part)
    if as_json:
        nothing = Verdict(ok=False, ours=False, trusted=None, fingerprint="", signatures=(), problems=(sentence,))
        print(json.dumps(_as_json(nothing), ensure_ascii=False, indent=2))
    print(sentence, file=sys.stderr)
    return CANNOT_BE_DONE


def _as_json(verdict: Verdict) -> dict[str, Any]:
    return {
        "ok": verdict.ok,
        "ours": verdict.ours,
        "trusted": verdict.trusted,
        "fingerprint": in_fours(verdict.fingerprint),
        "signatures": [
            {"by": found.by, "role": found.role, "at": found.at.isoformat() if found.at else None, "ok": found.ok}
            for found in verdict.signatures
        ],
        "problems": list(verdict.problems),
    }


def _in_words(verdict: Verdict) -> str:
    lines = ["Whole and unchanged since it was signed." if verdict.ok else "NOT whole: don’t rely on this file."]
    lines += [f"  {problem}" for problem in verdict.problems]
    for found in verdict.signatures:
        when = f", {found.at:%d/%m/%Y %H:%M} UTC" if found.at else ""
        who = f"{found.by}, {found.role}{when}" if found.by else "a signature that can’t be read"
        lines.append(f"{'Signed by' if found.ok else 'Not valid:'} {who}")
    if len(verdict.signatures) == 1:
        lines.append("One of its two boxes is signed; a signature in the other, if there was one, is not in this file.")
    if verdict.fingerprint:
        lines.append(f"School’s signing certificate: {in_fours(verdict.fingerprint)}")
    if verdict.signatures:
        lines.append(_trust_in_words(verdict))
    return "\n".join(lines)


def _trust_in_words(verdict: Verdict) -> str:
    if verdict.trusted is None:
        return (
            "Whose it is, the file alone can’t prove: compare the certificate with the school’s own, or give --trust."
        )
    if verdict.trusted:
        return "Signed with the keys of the school whose certificate it was compared with."
    return "NOT signed, whole and unchanged, with the keys of the school whose certificate it was compared with."
