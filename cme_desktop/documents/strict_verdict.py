"""The strict verdict of a PDF reader on a sealed file: what each signature allows, and what came after it."""

from __future__ import annotations

from typing import IO, Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

_OF_THE_WRITER: Final = ("/ModDate", "/Producer")


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
    if not _is_made_of_signings(reader, signatures):
        return ["Something but the second signature was added after the first."]
    context = ValidationContext(trust_roots=[x509.Certificate.load(root)], allow_fetching=False)
    problems = []
    for number, signature in enumerate(embedded, start=1):
        status = validate_pdf_signature(signature, signer_validation_context=context)
        if not status.bottom_line:
            problems.append(f"After signature {number} the file was changed in a way it does not allow.")
    return problems


def _is_made_of_signings(reader: PdfFileReader, signatures: int) -> bool:
    """Whether the file is the document and then one update a signature, none of which touches what it says of itself.

    Readers let a title or a note about the file be changed after a certification; a record's never are.
    """
    signed_in = [signature.signed_revision for signature in reader.embedded_regular_signatures]
    revisions = list(range(1, signatures + 1))
    if signed_in != revisions or reader.xrefs.total_revisions != signatures + 1:
        return False
    about = [_about(reader, revision) for revision in revisions]
    return all(each == about[0] for each in about)


def _about(reader: PdfFileReader, revision: int) -> tuple[dict[str, str], frozenset[str]]:
    untyped: Any = reader  # pyHanko has no types here
    information, catalog = (
        untyped.get_object(untyped.trailer.raw_get(key).reference, revision=revision) for key in ("/Info", "/Root")
    )
    said = {key: str(value) for key, value in information.items() if key not in _OF_THE_WRITER}
    return said, frozenset(catalog)
