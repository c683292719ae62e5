"""Is a file one of our documents, whole and unchanged since it was signed, and by whom.

Two examinations, both of which must be passed. The first reads the file as bytes: its signatures must have the one
form this program writes, the last must cover everything but its own string, and each must be right. It sees every
changed byte. The second reads it as a PDF reader does and asks for the strict verdict: nothing but the second
signature came after the first. The signatures' own words, above all "intact", are never enough.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Final

from cme_desktop.documents.cms_form import RESERVED_DIGITS, SignatureParts, read_digits, signed_attributes
from cme_desktop.documents.school_keys import (
    fingerprint_of_der,
    has_signed,
    is_issued_by,
    is_school_root,
    read_holder,
)
from cme_desktop.domain.errors import BadInputError
from cme_desktop.outside_file import read_outside_file

LARGEST_FILE: Final = 64 * 1024 * 1024
_MOST_SIGNATURES: Final = 2
_RANGE: Final = re.compile(rb"/ByteRange \[0 (\d{1,9}) (\d{1,9}) (\d{1,9})\]")
_TIME: Final = re.compile(rb"/M \(D(?::|\\072)(\d{14})Z\)")
_TIME_IS_NEAR: Final = 300
_END: Final = b"%%EOF"


@dataclass(frozen=True, slots=True)
class SignatureFound:
    """One signature: whose, in which role, when by the signer's clock, and whether what it covers is unchanged."""

    by: str
    role: str
    at: datetime | None
    ok: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What can be said of a file.

    ``ok``: whole and unchanged since it was signed. ``ours``: signed in this program's own form. ``trusted``: by
    the school whose certificate was given, None where none was. ``fingerprint``: of the school's certificate inside
    the file, hexadecimal, empty where there is none. ``problems``: sentences.
    """

    ok: bool
    ours: bool
    trusted: bool | None
    fingerprint: str
    signatures: tuple[SignatureFound, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Seal:
    """A signature as it stands in the file: the string is ``start`` to ``end``, the part covered ends at ``covers``."""

    start: int
    end: int
    covers: int
    at: datetime | None
    parts: SignatureParts | None
    whole: bool


def verify_file(path: Path, *, trusted_certificate: bytes | None = None) -> Verdict:
    """Examine a file; ``OSError`` where it can't be read at all."""
    try:
        data = read_outside_file(path, largest=LARGEST_FILE, what="The file", remedy="")
    except BadInputError:
        return _refuse("The file is far larger than any record this program makes.", trusted_certificate)
    return verify_bytes(data, trusted_certificate=trusted_certificate)


def verify_bytes(data: bytes, *, trusted_certificate: bytes | None = None) -> Verdict:
    """Examine a file's bytes; ``trusted_certificate`` is the school's own, in DER, from outside the file."""
    if not data.startswith(b"%PDF-"):
        return _refuse("The file is empty." if not data else "The file is not a PDF.", trusted_certificate)
    ranges = list(islice(_RANGE.finditer(data), _MOST_SIGNATURES + 1))
    if len(ranges) > _MOST_SIGNATURES:  # before any is examined: a file made to, could keep one busy for days
        return _refuse("The file carries more signatures than a record has boxes.", trusted_certificate)
    seals = tuple(_read_seal(data, found) for found in ranges)
    if not seals:
        return _refuse(_why_no_seal(data), trusted_certificate)
    problems = _look_at_bytes(data, seals)
    if not problems:
        problems = _look_as_a_reader(data, seals)
    return _conclude(seals, tuple(problems), trusted_certificate)


def _refuse(problem: str, trusted_certificate: bytes | None) -> Verdict:
    trusted = None if trusted_certificate is None else False
    return Verdict(ok=False, ours=False, trusted=trusted, fingerprint="", signatures=(), problems=(problem,))


def _why_no_seal(data: bytes) -> str:
    if b"/Encrypt" in data:
        return "The file is locked with a password. Records of this program never are."
    if b"/ByteRange" in data:
        return "The file is signed, but not in this program's form."
    return "The file carries no signature. It may be a draft."


# -- the first examination: bytes --------------------------------------------------------------------------------


def _read_seal(data: bytes, found: re.Match[bytes]) -> _Seal:
    start, end, rest = (int(number) for number in found.groups())
    has_form = end - start == RESERVED_DIGITS + 2 and data[start : start + 1] == b"<" and data[end - 1 : end] == b">"
    parts = read_digits(data[start + 1 : end - 1]) if has_form else None
    covers = end + rest
    whole = parts is not None and covers <= len(data) and _is_whole(data, parts, start=start, end=end, covers=covers)
    return _Seal(start, end, covers, _read_time(data, found.end()), parts, whole)


def _is_whole(data: bytes, parts: SignatureParts, *, start: int, end: int, covers: int) -> bool:
    view = memoryview(data)
    digest = hashlib.sha256(view[:start])
    digest.update(view[end:covers])
    if digest.digest() != parts.digest:
        return False
    message = signed_attributes(digest=parts.digest, certificate=parts.certificate)
    return has_signed(parts.certificate, message=message, signature=parts.value)


def _read_time(data: bytes, after: int) -> datetime | None:
    """The signer's clock, as it stands beside the signature's range: within what the signature covers."""
    found = _TIME.search(data, after, after + _TIME_IS_NEAR)
    if not found:
        return None
    try:
        return datetime.strptime(found.group(1).decode(), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def _look_at_bytes(data: bytes, seals: tuple[_Seal, ...]) -> list[str]:
    problems = [
        f"Signature {number} does not fit what it covers: something was changed."
        for number, seal in enumerate(seals, start=1)
        if not seal.whole
    ]
    if seals[-1].covers != len(data):
        problems.append("Something was added to the file, or cut from it, after the last signature.")
    elif not data.endswith((_END, _END + b"\n")):
        problems.append("The file does not end as a record ends.")
    if not _is_one_school(seals):
        problems.append("The signatures were not made with keys of one and the same school.")
    return problems


def _is_one_school(seals: tuple[_Seal, ...]) -> bool:
    parts = [seal.parts for seal in seals if seal.parts is not None]
    if not parts or len({each.root for each in parts}) != 1:
        return False
    return is_school_root(parts[0].root) and all(is_issued_by(each.certificate, issuer=each.root) for each in parts)


# -- the second examination: as a PDF reader sees it -------------------------------------------------------------


def _look_as_a_reader(data: bytes, seals: tuple[_Seal, ...]) -> list[str]:
    from cme_desktop.documents.strict_verdict import find_reader_problems  # noqa: PLC0415  a quarter of a second

    roots = [seal.parts.root for seal in seals if seal.parts is not None]
    return find_reader_problems(BytesIO(data), root=roots[0], signatures=len(seals))


def _conclude(seals: tuple[_Seal, ...], problems: tuple[str, ...], trusted_certificate: bytes | None) -> Verdict:
    known = [seal.parts for seal in seals if seal.parts is not None]
    ours = len(known) == len(seals) and _is_one_school(seals)
    trusted = None
    if trusted_certificate is not None:
        trusted = ours and not problems and known[0].root == trusted_certificate
    return Verdict(
        ok=not problems,
        ours=ours,
        trusted=trusted,
        fingerprint=fingerprint_of_der(known[0].root) if known else "",
        signatures=tuple(_describe(seal) for seal in seals),
        problems=problems,
    )


def _describe(seal: _Seal) -> SignatureFound:
    try:
        holder = read_holder(seal.parts.certificate) if seal.parts is not None else None
    except ValueError:
        holder = None
    if holder is None:
        return SignatureFound("", "", None, ok=False)
    return SignatureFound(holder.person, holder.role, seal.at, ok=seal.whole)
