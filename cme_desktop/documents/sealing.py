"""Sealing a document: PAdES signatures (B-B) in the two boxes, the first certifying, the second added after it.

The first signature is a certification: from then on only the other box may be signed. The second comes as an
incremental update, so the file begins with the very bytes that the first signature covers, and both stay valid.
No network is asked; the signing time is the clock's that the caller gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

from asn1crypto import pem, x509
from pyhanko.pdf_utils import content, generic, layout
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.stamp.static import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cme_desktop.documents.cms_form import RESERVED_DIGITS, SignatureParts, signed_attributes, write_container
from cme_desktop.documents.contents import Signer
from cme_desktop.documents.house_style import register_fonts
from cme_desktop.documents.school_keys import SignerKey, sign_message
from cme_desktop.documents.signature_box import BOX_HEIGHT, BOX_WIDTH, PLACES, Place, Signature, render_inside

FIELD_NAMES: Final = ("signature-1", "signature-2")


@dataclass(frozen=True, slots=True)
class Act:
    """One person's signature: the key, the mark left in the box, and the moment, with its zone."""

    signature: Signature
    key: SignerKey
    root_certificate_pem: str
    at: datetime


def sign_first(pdf: bytes, act: Act, *, waiting: Signer, not_signed: str, fonts: Path) -> bytes:
    """Put both signature fields into an unsigned document and sign the first one, certifying the document."""
    register_fonts(fonts)
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    for name, place in zip(FIELD_NAMES, PLACES, strict=True):
        fields.append_signature_field(writer, fields.SigFieldSpec(name, on_page=0, box=_whole_points(place)))
    _show_in_field(writer, FIELD_NAMES[1], Signature(waiting, not_signed))
    return _sign(writer, act, field=FIELD_NAMES[0], certify=True)


def sign_second(pdf: bytes, act: Act, *, fonts: Path) -> bytes:
    """Sign the second box of a document whose first is signed; the file begins with the given bytes."""
    register_fonts(fonts)
    return _sign(IncrementalPdfFileWriter(BytesIO(pdf)), act, field=FIELD_NAMES[1], certify=False)


def _sign(writer: IncrementalPdfFileWriter, act: Act, *, field: str, certify: bool) -> bytes:
    certificate, root = _read_der(act.key.certificate_pem), _read_der(act.root_certificate_pem)
    session = _make_signer(act, field=field, certify=certify).init_signing_session(writer, existing_fields_only=True)
    session.system_time = act.at.astimezone(UTC)
    to_sign = session.prepare_tbs_document(validation_info=None, bytes_reserved=RESERVED_DIGITS)
    prepared, output = to_sign.digest_tbs_document(in_place=False)
    digest = prepared.document_digest
    value = sign_message(act.key, signed_attributes(digest=digest, certificate=certificate))
    prepared.fill_reserved_region(output, write_container(SignatureParts(digest, value, certificate, root)))
    output.seek(0)
    return bytes(output.read())


def _make_signer(act: Act, *, field: str, certify: bool) -> signers.PdfSigner:
    inside = _Inside(render_inside(act.signature))
    key = x509.Certificate.load(_read_der(act.key.certificate_pem))
    return signers.PdfSigner(
        signers.PdfSignatureMetadata(
            field_name=field,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            certify=certify,
            docmdp_permissions=fields.MDPPerm.FILL_FORMS,
            name=act.signature.signer.person,
        ),
        signer=signers.ExternalSigner(key, SimpleCertificateStore()),  # type: ignore[no-untyped-call]  # pyHanko has no types here
        stamp_style=StaticStampStyle(border_width=0, background=inside, background_layout=_FILL),
    )


def _show_in_field(writer: IncrementalPdfFileWriter, field: str, signature: Signature) -> None:
    """Give a field that is not signed yet something to show."""
    shown = _Inside(render_inside(signature), writer=writer).import_page()
    for reference in writer.root["/AcroForm"]["/Fields"]:
        annotation = reference.get_object()
        if annotation["/T"] == field:
            annotation["/AP"] = generic.DictionaryObject({generic.pdf_name("/N"): shown})  # type: ignore[no-untyped-call]  # pyHanko has no types here
            writer.mark_update(reference)


class _Inside(content.PdfContent):
    """The inside of a signature box, a page of its own, as the content of a field's appearance."""

    def __init__(self, pdf: bytes, *, writer: IncrementalPdfFileWriter | None = None) -> None:
        super().__init__(box=layout.BoxConstraints(width=BOX_WIDTH, height=BOX_HEIGHT), writer=writer)
        self._pdf = pdf

    def import_page(self) -> generic.IndirectObject:
        """Bring the page into the file that is written."""
        reader = PdfFileReader(BytesIO(self._pdf))
        page: generic.IndirectObject = self._ensure_writer.import_page_as_xobject(reader)
        return page

    def render(self) -> bytes:
        """Draw the page."""
        self.resources.xobject["/Inside"] = self.import_page()
        return b"/Inside Do"


_FILL: Final = layout.SimpleBoxLayoutRule(
    x_align=layout.AxisAlignment.ALIGN_MIN,
    y_align=layout.AxisAlignment.ALIGN_MIN,
    margins=layout.Margins.uniform(0),  # type: ignore[no-untyped-call]  # pyHanko has no types here
    inner_content_scaling=layout.InnerScaling.NO_SCALING,
)


def _whole_points(place: Place) -> tuple[int, int, int, int]:
    return (place.left, place.bottom, place.right, place.top)


def _read_der(certificate_pem: str) -> bytes:
    _, _, der = pem.unarmor(certificate_pem.encode())
    return bytes(der)
