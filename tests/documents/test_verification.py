"""A signed record, whole, and then changed in every way we could think of."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from pyhanko.pdf_utils.generic import NumberObject, pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfSigner
from pypdf.actions import JavaScript
from pypdf.annotations import Text

from cme_desktop.documents.cms_form import RESERVED_DIGITS, read_digits, signed_attributes, write_digits
from cme_desktop.documents.school_keys import fingerprint, make_school_root, make_signer
from cme_desktop.documents.verification import LARGEST_FILE, verify_bytes, verify_file
from tests.documents.example import (
    HEAD,
    MANAGER,
    SIGNED_AT,
    Keys,
    keys,
    one_signature,
    render,
    signed_once,
    signed_twice,
    two_signatures,
)

EITHER = pytest.mark.parametrize("signed", [one_signature, two_signatures], ids=["one signature", "two signatures"])
"""A record signed by the office alone, and one signed by both."""


def _root(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


def test_a_record_signed_once_is_whole() -> None:
    verdict = verify_bytes(one_signature())

    assert verdict.ok
    assert verdict.ours
    assert verdict.trusted is None
    assert [(found.by, found.role, found.at) for found in verdict.signatures] == [
        (MANAGER.person, MANAGER.role, SIGNED_AT)
    ]


def test_a_record_signed_twice_is_whole_and_the_first_signature_still_holds() -> None:
    verdict = verify_bytes(two_signatures())

    assert verdict.ok
    assert [(found.by, found.ok) for found in verdict.signatures] == [(MANAGER.person, True), (HEAD.person, True)]


def test_the_second_signature_only_adds_to_the_file() -> None:
    assert two_signatures().startswith(one_signature())


def test_the_fingerprint_is_that_of_the_schools_certificate() -> None:
    assert verify_bytes(one_signature()).fingerprint == fingerprint(keys().root.certificate_pem)


@EITHER
def test_a_record_is_trusted_by_whoever_holds_the_schools_certificate(signed: Callable[[], bytes]) -> None:
    verdict = verify_bytes(signed(), trusted_certificate=_root(keys().root.certificate_pem))

    assert verdict.trusted is True


def test_a_record_signed_afresh_by_somebody_else_is_not_trusted() -> None:
    stranger = keys("Larkfield Primary School, but not the real one")
    forged = signed_once(render(draft=False).pdf, by=stranger)

    verdict = verify_bytes(forged, trusted_certificate=_root(keys().root.certificate_pem))

    assert verdict.ok
    assert verdict.trusted is False


@EITHER
def test_a_changed_byte_is_seen_in_the_string_of_the_signature(signed: Callable[[], bytes]) -> None:
    pdf = signed()
    start = pdf.rindex(b"/Contents <") + len("/Contents ")
    positions = [
        *range(start, start + 400),
        *range(start + 400, start + RESERVED_DIGITS, 29),
        start + RESERVED_DIGITS + 1,
    ]

    accepted = [position for position in positions if verify_bytes(_flip(pdf, position)).ok]

    assert accepted == []


@EITHER
def test_the_letter_case_of_the_signatures_digits_is_seen(signed: Callable[[], bytes]) -> None:
    pdf = signed()
    start = pdf.rindex(b"/Contents <") + len("/Contents <")
    letters = [at for at in range(start, start + 7000) if pdf[at : at + 1].isalpha()]

    accepted = [at for at in letters[::13] if verify_bytes(_flip(pdf, at, pattern=0x20)).ok]

    assert accepted == []


@EITHER
def test_the_zero_padding_of_the_signature_is_seen(signed: Callable[[], bytes]) -> None:
    pdf = signed()
    last = pdf.rindex(b"/Contents <") + len("/Contents <") + RESERVED_DIGITS - 1

    assert pdf[last : last + 1] == b"0"
    assert not verify_bytes(_flip(pdf, last)).ok
    assert not verify_bytes(pdf[:last] + b" " + pdf[last + 1 :]).ok


@EITHER
def test_a_changed_byte_is_seen_anywhere_in_the_file(signed: Callable[[], bytes]) -> None:
    pdf = signed()
    chance = random.Random(2026)
    positions = {*range(64), *range(len(pdf) - 1200, len(pdf)), *chance.sample(range(len(pdf)), 1500)}

    accepted = [at for at in positions if verify_bytes(_flip(pdf, at, pattern=chance.choice((1, 32, 128)))).ok]

    assert accepted == []


@EITHER
def test_anything_after_the_end_is_seen(signed: Callable[[], bytes]) -> None:
    for extra in (b"\n", b" ", b"\0", b"%%EOF\n", b"%PDF-1.7"):
        assert not verify_bytes(signed() + extra).ok


@EITHER
def test_a_file_cut_short_is_seen(signed: Callable[[], bytes]) -> None:
    for kept in (1, 100, len(signed()) // 2, len(signed()) - 1):
        assert not verify_bytes(signed()[:kept]).ok


def test_taking_the_second_signature_away_leaves_a_record_signed_once() -> None:
    verdict = verify_bytes(two_signatures()[: len(one_signature())])

    assert verdict.ok
    assert len(verdict.signatures) == 1


@EITHER
def test_a_page_rotated_by_an_update_is_seen(signed: Callable[[], bytes]) -> None:
    assert not verify_bytes(_rotate(signed())).ok


@EITHER
def test_a_page_added_is_seen(signed: Callable[[], bytes]) -> None:
    writer = pypdf.PdfWriter(BytesIO(signed()), incremental=True)
    writer.add_blank_page(200, 200)
    out = BytesIO()
    writer.write(out)

    verdict = verify_bytes(out.getvalue())

    assert not verdict.ok
    assert verdict.problems


@EITHER
def test_a_file_saved_again_by_another_program_is_seen(signed: Callable[[], bytes]) -> None:
    out = BytesIO()
    pypdf.PdfWriter(clone_from=BytesIO(signed())).write(out)

    assert not verify_bytes(out.getvalue()).ok


def test_a_page_rotated_between_the_signatures_is_seen_by_the_strict_verdict() -> None:
    verdict = verify_bytes(signed_twice(_rotate(one_signature())))

    assert not verdict.ok
    assert all(found.ok for found in verdict.signatures[1:])


def test_a_draft_is_said_to_carry_no_signature() -> None:
    verdict = verify_bytes(render().pdf)

    assert not verdict.ok
    assert "draft" in verdict.problems[0]


@pytest.mark.parametrize(
    "garbage",
    [
        b"", b"hello", b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"\x00" * 5000, b"%PDF-1.4 /Encrypt 3 0 R",
        b"%PDF-1.4 /ByteRange [0 1 2 3]", b"%PDF-1.4 /ByteRange [0 999999999 999999999 999999999] %%EOF",
        b"%PDF-1.4 <" + b"0" * RESERVED_DIGITS + b">/ByteRange [0 10 12300 60]",
    ],
)  # fmt: skip
def test_garbage_is_answered_with_a_sentence(garbage: bytes) -> None:
    verdict = verify_bytes(garbage, trusted_certificate=b"x")

    assert not verdict.ok
    assert verdict.trusted is False
    assert verdict.problems[0].endswith(".")


def test_a_locked_pdf_is_answered_with_a_sentence() -> None:
    writer = pypdf.PdfWriter(clone_from=BytesIO(one_signature()))
    writer.encrypt("secret")
    out = BytesIO()
    writer.write(out)

    assert not verify_bytes(out.getvalue()).ok


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(LARGEST_FILE + 1)

    verdict = verify_file(huge)

    assert "larger" in verdict.problems[0]


# -- attacks by somebody who knows how the file is made --------------------------------------------------------


def _update(pdf: bytes, change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    writer = pypdf.PdfWriter(BytesIO(pdf), incremental=True)
    change(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


UPDATES: dict[str, Callable[[pypdf.PdfWriter], object]] = {
    "a note on the page": lambda writer: writer.add_annotation(0, Text(rect=(50, 50, 200, 100), text="Not so")),
    "an embedded second document": lambda writer: writer.add_attachment("other.pdf", render().pdf),
    "other words about the file": lambda writer: writer.add_metadata({"/Title": "Another case"}),
    "a script": lambda writer: writer.add_open_action(JavaScript("app.alert(1)")),
}


@EITHER
@pytest.mark.parametrize("update", UPDATES)
def test_whatever_an_update_adds_is_seen(signed: Callable[[], bytes], update: str) -> None:
    changed = _update(signed(), UPDATES[update])

    verdict = verify_bytes(changed, trusted_certificate=_root(keys().root.certificate_pem))

    assert len(changed) > len(signed())
    assert not verdict.ok
    assert verdict.trusted is False


@pytest.mark.parametrize("update", UPDATES)
def test_whatever_is_added_before_the_second_signature_is_seen(update: str) -> None:
    verdict = verify_bytes(
        signed_twice(_update(one_signature(), UPDATES[update])),
        trusted_certificate=_root(keys().root.certificate_pem),
    )

    assert not verdict.ok
    assert verdict.trusted is False


def test_a_title_changed_together_with_the_second_signature_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    prepare = PdfSigner.init_signing_session

    def retitled(signer: Any, writer: Any, *arguments: Any, **options: Any) -> Any:
        information = writer.trailer["/Info"]
        information[pdf_name("/Title")] = pdf_string("Another case")
        writer.update_container(information)
        return prepare(signer, writer, *arguments, **options)

    first = one_signature()
    monkeypatch.setattr(PdfSigner, "init_signing_session", retitled)
    verdict = verify_bytes(signed_twice(first))

    assert not verdict.ok


@EITHER
def test_a_record_inside_another_file_is_not_taken_for_it(signed: Callable[[], bytes]) -> None:
    for outer in (b"%PDF-1.7\n" + signed(), render().pdf + signed(), signed() + render().pdf):
        assert not verify_bytes(outer).ok


def _contents(pdf: bytes) -> list[tuple[int, int]]:
    found = []
    at = pdf.find(b"/Contents <")
    while at >= 0:
        start = at + len("/Contents <")
        end = pdf.index(b">", start)
        if end - start == RESERVED_DIGITS:
            found.append((start, end))
        at = pdf.find(b"/Contents <", end)
    return found


def _with_contents(pdf: bytes, digits: list[bytes]) -> bytes:
    changed = bytearray(pdf)
    for (start, end), each in zip(_contents(pdf), digits, strict=True):
        changed[start:end] = each
    return bytes(changed)


def test_signatures_that_changed_places_are_seen() -> None:
    pdf = two_signatures()
    first, second = (pdf[start:end] for start, end in _contents(pdf))

    for digits in ([second, first], [first, first], [second, second]):
        assert not verify_bytes(_with_contents(pdf, digits)).ok


@EITHER
def test_another_records_signature_does_not_fit(signed: Callable[[], bytes]) -> None:
    other = signed_once(render(calls=3, draft=False).pdf)
    start, end = _contents(other)[0]
    mine = [signed()[begin:stop] for begin, stop in _contents(signed())]

    assert not verify_bytes(_with_contents(signed(), [other[start:end], *mine[1:]])).ok


@EITHER
def test_the_digits_in_small_letters_are_seen_as_a_whole(signed: Callable[[], bytes]) -> None:
    digits = [signed()[start:end].lower() for start, end in _contents(signed())]

    assert not verify_bytes(_with_contents(signed(), digits)).ok


def _lookalike() -> Keys:
    root = make_school_root("Larkfield Primary School")
    return Keys(
        root,
        make_signer(root, person=MANAGER.person, role=MANAGER.role),
        make_signer(root, person=HEAD.person, role=HEAD.role),
    )


def test_somebody_elses_record_with_the_very_same_names_is_not_trusted() -> None:
    genuine = _root(keys().root.certificate_pem)
    stranger = _lookalike()

    forged = verify_bytes(
        signed_twice(signed_once(render(draft=False).pdf, by=stranger), by=stranger), trusted_certificate=genuine
    )

    assert [found.by for found in forged.signatures] == [MANAGER.person, HEAD.person]
    assert forged.trusted is False
    assert forged.fingerprint != fingerprint(keys().root.certificate_pem)


def test_a_strangers_second_signature_on_a_genuine_first_is_refused() -> None:
    verdict = verify_bytes(
        signed_twice(one_signature(), by=_lookalike()), trusted_certificate=_root(keys().root.certificate_pem)
    )

    assert not verdict.ok
    assert verdict.trusted is False


def test_a_strangers_signature_with_the_schools_own_certificates_in_it_is_refused() -> None:
    genuine, stranger = keys(), _lookalike()
    forged = signed_once(render(calls=5, draft=False).pdf, by=stranger)
    start, end = _contents(forged)[0]
    read = read_digits(forged[start:end])
    assert read is not None
    manager = _root(genuine.manager.certificate_pem)

    for certificate in (read.certificate, manager):
        parts = replace(read, certificate=certificate, root=_root(genuine.root.certificate_pem))
        message = signed_attributes(digest=parts.digest, certificate=certificate)
        key = load_pem_private_key(stranger.manager.key_pem.encode(), password=None)
        assert isinstance(key, RSAPrivateKey)
        parts = replace(parts, value=key.sign(message, PKCS1v15(), SHA256()))
        verdict = verify_bytes(
            _with_contents(forged, [write_digits(parts)]), trusted_certificate=_root(genuine.root.certificate_pem)
        )
        assert not verdict.ok
        assert verdict.trusted is False


def test_a_file_of_a_million_signatures_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    start, end = _contents(one_signature())[0]
    many = one_signature() + f"/ByteRange [0 {start - 1} {end + 1} 10]\n".encode() * 100_000
    hashed: list[object] = []
    monkeypatch.setattr("cme_desktop.documents.verification.hashlib.sha256", hashed.append)

    verdict = verify_bytes(many)

    assert not verdict.ok
    assert "more signatures" in verdict.problems[0]
    assert hashed == []


def _rotate(pdf: bytes) -> bytes:
    writer: Any = IncrementalPdfFileWriter(BytesIO(pdf))
    page, _ = writer.find_page_for_modification(0)
    number: Any = NumberObject
    page.get_object()[pdf_name("/Rotate")] = number(90)
    writer.update_container(page.get_object())
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _flip(pdf: bytes, position: int, *, pattern: int = 1) -> bytes:
    return pdf[:position] + bytes([pdf[position] ^ pattern]) + pdf[position + 1 :]
