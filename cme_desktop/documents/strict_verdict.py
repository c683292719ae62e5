"""The strict verdict of a PDF reader on a sealed file: what each signature allows, and what came after it."""

from __future__ import annotations

from typing import IO

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext


def find_reader_problems(file: IO[bytes], *, root: bytes, signatures: int) -> list[str]:
    """Say in sentences what a strict reader objects to; empty when nothing."""
    try:
        return _read(file, root, signatures)
    except Exception:  # noqa: BLE001  a hostile file may break the reader in any way; all of them mean no
        return ["The file can't be read as a PDF from end to end."]


def _read(file: IO[bytes], root: bytes, signatures: int) -> list[str]:
    reader = PdfFileReader(file, strict=True)
    embedded = reader.embedded_regular_signatures
    if len(embedded) != signatures or len(reader.embedded_signatures) != signatures:
        return ["The file's signatures are not those that its bytes show."]
    context = ValidationContext(trust_roots=[x509.Certificate.load(root)], allow_fetching=False)
    problems = []
    for number, signature in enumerate(embedded, start=1):
        status = validate_pdf_signature(signature, signer_validation_context=context)
        if not status.bottom_line:
            problems.append(f"After signature {number} the file was changed in a way it does not allow.")
    return problems
