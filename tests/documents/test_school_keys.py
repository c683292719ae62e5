"""The school's root and its people's keys."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cme_desktop.documents.school_keys import (
    Holder,
    fingerprint,
    has_signed,
    is_issued_by,
    is_school_root,
    make_signer,
    read_certificate_file,
    read_holder,
    sign_message,
)
from cme_desktop.domain.errors import BadInputError, CmeError
from tests.documents.example import HEAD, MANAGER, keys


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


def test_a_signers_certificate_names_person_and_role_and_is_issued_by_the_root() -> None:
    own, root = _der(keys().manager.certificate_pem), _der(keys().root.certificate_pem)

    assert read_holder(own) == Holder(MANAGER.person, MANAGER.role)
    assert is_issued_by(own, issuer=root)
    assert is_school_root(root)
    assert not is_school_root(own)


def test_another_schools_root_issued_nothing_here() -> None:
    stranger = _der(keys("Another School").root.certificate_pem)

    assert not is_issued_by(_der(keys().head.certificate_pem), issuer=stranger)


def test_long_names_in_other_letters_are_cut_not_refused() -> None:
    signer = make_signer(keys().root, person="Zoë Ольга " * 20, role="headteacher")

    assert read_holder(_der(signer.certificate_pem)).person.startswith("Zoë Ольга")


def test_a_signature_fits_its_message_only() -> None:
    own = _der(keys().head.certificate_pem)
    signature = sign_message(keys().head, b"what was said")

    assert has_signed(own, message=b"what was said", signature=signature)
    assert not has_signed(own, message=b"what was not", signature=signature)


def test_a_key_that_does_not_belong_to_its_certificate_signs_nothing() -> None:
    mixed = replace(keys().head, key_pem=keys().manager.key_pem)

    with pytest.raises(CmeError, match="damaged"):
        sign_message(mixed, b"anything")


def test_certificates_are_read_from_pem_and_der_alike(tmp_path: Path) -> None:
    pem, der = tmp_path / "a.pem", tmp_path / "a.der"
    pem.write_text(keys().root.certificate_pem)
    der.write_bytes(_der(keys().root.certificate_pem))

    assert read_certificate_file(pem) == read_certificate_file(der)
    assert len(fingerprint(keys().root.certificate_pem)) == 64


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"-----BEGIN CERTIFICATE-----\nxx", b"\x30" * 200_000])
def test_a_file_without_a_certificate_is_refused_in_words(tmp_path: Path, rubbish: bytes) -> None:
    file = tmp_path / "rubbish.pem"
    file.write_bytes(rubbish)

    with pytest.raises(BadInputError):
        read_certificate_file(file)


def test_the_head_is_another_holder_than_the_manager() -> None:
    assert read_holder(_der(keys().head.certificate_pem)).person == HEAD.person
