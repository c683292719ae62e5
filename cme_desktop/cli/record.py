"""``record NUMBER --out FILE.pdf``: the written record of enquiries of a case, as a file."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace, _SubParsersAction
from pathlib import Path

from cme_desktop.casework.office import Office
from cme_desktop.casework.records import (
    DocumentRowView,
    export_pdf,
    find_case_id,
    list_documents,
    prepare_record,
    sign_record,
    why_not_sign,
)
from cme_desktop.cli.desk import DONE, Desk, say_progress
from cme_desktop.domain.documents import DocumentKind, DocumentState
from cme_desktop.domain.errors import MissingFactsError
from cme_desktop.domain.identifiers import CaseId


def add_parser(subparsers: _SubParsersAction[ArgumentParser]) -> None:
    """Add the command to the program's own."""
    parser = subparsers.add_parser("record", help="write the record of enquiries of a case")
    parser.add_argument("number", metavar="NUMBER", help="the case's number, such as CME-26-001")
    parser.add_argument("--out", metavar="FILE.pdf", type=Path, required=True, help="where to write it")
    parser.add_argument("--sign", action="store_true", help="sign it with your typed name, where it is your turn")
    parser.add_argument("--json", action="store_true", help="print one JSON document")


def run(arguments: Namespace) -> int:
    """Unlock the records and write one case's record to a file."""
    desk: Desk = arguments.desk
    with desk.open_office() as office:
        say_progress("Writing the record …")
        return record(office, arguments.number, out=arguments.out, sign=arguments.sign, as_json=arguments.json)


def record(office: Office, number: str, *, out: Path, sign: bool, as_json: bool) -> int:
    """Write a case's record to a file: the signed one where there is one, else a fresh draft.

    ``sign`` signs with the typed name of the signed-in user, where it is their turn. Raises ``MissingFactsError``
    naming the facts a fresh record would have to leave open; then nothing is written.
    """
    case_id = find_case_id(office, number)
    document = _find_final(list_documents(office, case_id)) or _prepare(office, case_id)
    if sign and not why_not_sign(office, document):
        document = sign_record(office, document.id, typed=office.user.name)
    file = export_pdf(office, document.id, out)
    print(json.dumps(_as_json(document, file), ensure_ascii=False, indent=2) if as_json else _in_words(document, file))
    return DONE


def _find_final(documents: tuple[DocumentRowView, ...]) -> DocumentRowView | None:
    final = (each for each in documents if each.kind is DocumentKind.RECORD and each.state is DocumentState.FINAL)
    return next(final, None)


def _prepare(office: Office, case_id: CaseId) -> DocumentRowView:
    document = prepare_record(office, case_id)
    if document.missing:
        raise MissingFactsError(
            "The record can’t be given out yet.",
            missing=document.missing,
            remedy="Supply them on the Contacts tab or in the school’s system, and try again.",
        )
    return document


def _as_json(document: DocumentRowView, file: Path) -> dict[str, object]:
    return {
        "case": document.case_number,
        "file": str(file),
        "sha256": document.sha256,
        "pages": document.pages,
        "signed_by": [signature.by for signature in document.signatures],
    }


def _in_words(document: DocumentRowView, file: Path) -> str:
    signed = ", ".join(signature.by for signature in document.signatures)
    state = f"signed by {signed}" if signed else "a draft, not signed"
    return f"{document.title}: {document.pages} pages, {state}. Written to {file}."
