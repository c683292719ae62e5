"""A signed record, whole, and then changed in every way we could think of."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.generic import NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from cme_desktop.documents.cms_form import RESERVED_DIGITS
from cme_desktop.documents.school_keys import fingerprint
from cme_desktop.documents.verification import LARGEST_FILE, verify_bytes, verify_file
from tests.documents.example import (
    HEAD,
    MANAGER,
    SIGNED_AT,
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
