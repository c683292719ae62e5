"""The school's own signing keys: a root made once at set-up, and a key for each person who signs, issued by it.

RSA with 3072 bits and PKCS #1 v1.5, because every PDF reader understands it and the same document signed at the same
moment gives the same bytes. It proves "unchanged since, by this key", not who the school is: that is what the root's
fingerprint, printed on each record, is compared for.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.outside_file import read_outside_file

_BITS: Final = 3072
_VALID_FROM: Final = datetime(2020, 1, 1, tzinfo=UTC)
_VALID_UNTIL: Final = datetime(2099, 12, 31, tzinfo=UTC)
_LONGEST_NAME: Final = 64
"""Bytes: X.509 allows no longer name of a person or an organisation."""
_LARGEST_CERTIFICATE: Final = 100_000
_ROOT_PURPOSE: Final = "Records signing"


@dataclass(frozen=True, slots=True)
class SchoolRoot:
    """The school's root certificate, and the key that issues the signers' certificates, both as PEM text."""

    certificate_pem: str
    key_pem: str


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A person's certificate and key, as PEM text."""

    certificate_pem: str
    key_pem: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a signer's certificate names."""

    person: str
    role: str


def make_school_root(school_name: str) -> SchoolRoot:
    """Make the school's root: a new key and a certificate that it issues to itself."""
    key = _make_key()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, _fit(school_name)),
            x509.NameAttribute(NameOID.COMMON_NAME, _ROOT_PURPOSE),
        ]
    )
    certificate = (
        _begin_certificate(subject=name, issuer=name, key=key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return SchoolRoot(_write_certificate(certificate), _write_key(key))


def make_signer(root: SchoolRoot, *, person: str, role: str) -> SignerKey:
    """Issue a key to a person in a role."""
    issuer = _read_certificate(root.certificate_pem)
    issuing_key = _read_key(root.key_pem)
    key = _make_key()
    subject = x509.Name(
        [
            *issuer.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME),
            x509.NameAttribute(NameOID.TITLE, _fit(role)),
            x509.NameAttribute(NameOID.COMMON_NAME, _fit(person)),
        ]
    )
    certificate = (
        _begin_certificate(subject=subject, issuer=issuer.subject, key=key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuing_key.public_key()), critical=False)
        .sign(issuing_key, hashes.SHA256())
    )
    return SignerKey(_write_certificate(certificate), _write_key(key))


def fingerprint(certificate_pem: str) -> str:
    """SHA-256 of the certificate as hexadecimal; ``ValueError`` where the text holds no certificate."""
    return fingerprint_of_der(der_of_certificate(certificate_pem))


def fingerprint_of_der(certificate: bytes) -> str:
    """SHA-256 of a certificate's bytes as hexadecimal."""
    return hashlib.sha256(certificate).hexdigest()


def der_of_certificate(certificate_pem: str) -> bytes:
    """Give a certificate's bytes; ``ValueError`` where the text holds none."""
    return _read_certificate(certificate_pem).public_bytes(serialization.Encoding.DER)


def read_certificate_file(path: Path) -> bytes:
    """Read a certificate from a PEM or DER file; ``BadInputError`` where it holds none, ``OSError`` unread."""
    data = read_outside_file(
        path, largest=_LARGEST_CERTIFICATE, what="The file given as the school’s certificate",
        remedy="Give the .pem file the school handed out.",
    )  # fmt: skip
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
        return load(data).public_bytes(serialization.Encoding.DER)
    except ValueError:
        raise _no_certificate() from None


def _no_certificate() -> BadInputError:
    return BadInputError(
        "The file given as the school’s certificate holds none.", remedy="Give the .pem file the school handed out."
    )


@lru_cache(maxsize=16)
def read_holder(certificate: bytes) -> Holder:
    """Whom a signer's certificate names; ``ValueError`` where it names nobody."""
    try:
        subject = x509.load_der_x509_certificate(certificate).subject
    except Exception as error:  # bytes from outside may break the reader in any way
        raise ValueError("the certificate can't be read") from error
    people = subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    roles = subject.get_attributes_for_oid(NameOID.TITLE)
    if len(people) != 1 or len(roles) != 1:
        raise ValueError("the certificate names no person with a role")
    return Holder(str(people[0].value), str(roles[0].value))


@lru_cache(maxsize=16)
def is_school_root(certificate: bytes) -> bool:
    """Whether a certificate is a root that this program made: issued to itself, for signing records."""
    try:
        root = x509.load_der_x509_certificate(certificate)
        purposes = [str(name.value) for name in root.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    except Exception:  # noqa: BLE001  bytes from outside may break the reader in any way; all mean no
        return False
    return purposes == [_ROOT_PURPOSE] and is_issued_by(certificate, issuer=certificate)


@lru_cache(maxsize=16)
def is_issued_by(certificate: bytes, *, issuer: bytes) -> bool:
    """Whether the issuer's key signed the certificate."""
    try:
        x509.load_der_x509_certificate(certificate).verify_directly_issued_by(x509.load_der_x509_certificate(issuer))
    except Exception:  # noqa: BLE001  whatever is wrong with a hostile certificate, the answer is no
        return False
    return True


def sign_message(signer: SignerKey, message: bytes) -> bytes:
    """Sign a message with a person's key; ``CmeError`` where key and certificate do not belong together."""
    signature = _read_key(signer.key_pem).sign(message, padding.PKCS1v15(), hashes.SHA256())
    certificate = _read_certificate(signer.certificate_pem).public_bytes(serialization.Encoding.DER)
    if not has_signed(certificate, message=message, signature=signature):
        raise CmeError(
            "The signing key is damaged.",
            detail="What it signs does not fit its own certificate.",
            remedy="Bring back a backup, or have a new key made for this person.",
        )
    return signature


def has_signed(certificate: bytes, *, message: bytes, signature: bytes) -> bool:
    """Whether the certificate's key made the signature over the message."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except Exception:  # noqa: BLE001  a signature that can't be checked, for whatever reason, is no signature
        return False
    return True


def _begin_certificate(*, subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_UNTIL)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _make_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=_BITS)


def _fit(name: str) -> str:
    kept = name.strip().encode()[:_LONGEST_NAME].decode(errors="ignore").strip()
    return kept or "Not named"


def _read_certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def _write_certificate(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()


def _read_key(pem: str) -> rsa.RSAPrivateKey:
    # The library's own test of the primes takes an eighth of a second; each signature is checked against the
    # certificate instead, and the keys lie inside the encrypted records.
    key = serialization.load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def _write_key(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
