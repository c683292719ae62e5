"""The one byte form of a signature that this program writes, and reading one back only when it has exactly that form.

A PDF signature doesn't cover its own string of hexadecimal digits, and most of what stands in it (versions, names of
algorithms, certificates, padding) could be written in many ways. So the whole string is built here from the few values
that carry meaning, and a file's string is compared with what would be built: any other letter-case, padding,
encoding, certificate or attribute is a difference.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from asn1crypto import algos, cms, tsp, x509

RESERVED_DIGITS: Final = 12288
"""Every signature's string has so many hexadecimal digits, filled up with zeros."""

_SHA256: Final = {"algorithm": "sha256"}


@dataclass(frozen=True, slots=True)
class SignatureParts:
    """What a signature says: the digest signed, the signature's value, the signer's certificate and the school's."""

    digest: bytes
    value: bytes
    certificate: bytes
    root: bytes


@lru_cache(maxsize=16)
def signed_attributes(*, digest: bytes, certificate: bytes) -> bytes:
    """The bytes that the signer's key signs: what kind of content, its digest, and which certificate (PAdES B-B)."""
    return bytes(_attributes(digest=digest, certificate=certificate).dump())


def write_container(parts: SignatureParts) -> bytes:
    """Write a signature's container (CMS, in DER)."""
    return bytes(_content_info(parts).dump())


def write_digits(parts: SignatureParts) -> bytes:
    """Write a signature's string of hexadecimal digits, as it stands in the file."""
    return write_container(parts).hex().upper().encode().ljust(RESERVED_DIGITS, b"0")


@lru_cache(maxsize=16)
def read_digits(digits: bytes) -> SignatureParts | None:
    """Read a signature's string; None where it isn't, digit by digit, what ``write_digits`` would write."""
    if len(digits) != RESERVED_DIGITS:
        return None
    try:
        parts = _read_parts(bytes.fromhex(digits.decode("ascii")))
        return parts if write_digits(parts) == digits else None
    except Exception:  # noqa: BLE001  bytes from outside may break the ASN.1 reader in any way; all mean no
        return None


def _read_parts(padded: bytes) -> SignatureParts:
    signed = cms.ContentInfo.load(padded)["content"]
    certificates = [choice.chosen for choice in signed["certificates"]]
    root = next(each for each in certificates if each.subject == each.issuer)
    certificate = next(each for each in certificates if each.subject != each.issuer)
    signer = signed["signer_infos"][0]
    digests = [attribute["values"][0] for attribute in signer["signed_attrs"]
               if attribute["type"].native == "message_digest"]  # fmt: skip
    return SignatureParts(
        digest=digests[0].native,
        value=signer["signature"].native,
        certificate=_tidy_certificate(certificate),
        root=_tidy_certificate(root),
    )


def _tidy_certificate(certificate: x509.Certificate) -> bytes:
    """Build the certificate again from its signed part and its signature, so that nothing else can hide in it."""
    return bytes(
        x509.Certificate(
            {
                "tbs_certificate": certificate["tbs_certificate"],
                "signature_algorithm": {"algorithm": "sha256_rsa"},
                "signature_value": certificate["signature_value"].native,
            }
        ).dump()
    )


def _attributes(*, digest: bytes, certificate: bytes) -> cms.CMSAttributes:
    return cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ("data",)}),
            cms.CMSAttribute({"type": "message_digest", "values": (digest,)}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": (_names_certificate(certificate),)}),
        ]
    )


def _names_certificate(certificate: bytes) -> tsp.SigningCertificateV2:
    parsed = x509.Certificate.load(certificate)
    return tsp.SigningCertificateV2(
        {
            "certs": [
                tsp.ESSCertIDv2(
                    {
                        "hash_algorithm": _SHA256,
                        "cert_hash": hashlib.sha256(certificate).digest(),
                        "issuer_serial": {
                            "issuer": [x509.GeneralName(name="directory_name", value=parsed.issuer)],
                            "serial_number": parsed.serial_number,
                        },
                    }
                )
            ]
        }
    )


def _content_info(parts: SignatureParts) -> cms.ContentInfo:
    certificate = x509.Certificate.load(parts.certificate)
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier(
                {
                    "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                        {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    )
                }
            ),
            "digest_algorithm": algos.DigestAlgorithm(_SHA256),
            "signed_attrs": cms.CMSAttributes.load(
                signed_attributes(digest=parts.digest, certificate=parts.certificate)
            ),
            "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            "signature": parts.value,
        }
    )
    certificates = [x509.Certificate.load(parts.certificate), x509.Certificate.load(parts.root)]
    signed = cms.SignedData(
        {
            "version": "v1",
            "digest_algorithms": [algos.DigestAlgorithm(_SHA256)],
            "encap_content_info": {"content_type": "data"},
            "certificates": [cms.CertificateChoices(name="certificate", value=each) for each in certificates],
            "signer_infos": [signer],
        }
    )
    return cms.ContentInfo({"content_type": "signed_data", "content": signed})
