"""Identifiers parsed once and valid ever after: UPN, LAESTAB, URN, and the keys inside the records."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, NewType

from cme_desktop.domain.errors import BadInputError

PupilId = NewType("PupilId", int)
ContactId = NewType("ContactId", int)
CaseId = NewType("CaseId", int)
EventId = NewType("EventId", int)
FlagId = NewType("FlagId", int)
DocumentId = NewType("DocumentId", int)
TaskId = NewType("TaskId", int)
UserId = NewType("UserId", int)
ImportId = NewType("ImportId", int)
PaperId = NewType("PaperId", int)
ReportId = NewType("ReportId", int)
RemovalId = NewType("RemovalId", int)
HoldId = NewType("HoldId", int)
DisposalId = NewType("DisposalId", int)

_UPN_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"
_PERMANENT: Final = re.compile(r"^[A-HJ-NP-RT-Z]\d{12}$")
_TEMPORARY: Final = re.compile(r"^[A-HJ-NP-RT-Z]\d{11}[A-HJ-NP-RT-Z]$")
_LAESTAB: Final = re.compile(r"^(\d{3})/?(\d{4})$")
_URN: Final = re.compile(r"^\d{6}$")


@dataclass(frozen=True, slots=True)
class Upn:
    """A unique pupil number: a check letter, twelve characters, and a letter at the end when temporary."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Upn:
        """Read a UPN, letter-case and spaces ignored; raise ``BadInputError`` saying what is wrong with it."""
        tidy = "".join(text.split()).upper()
        if not (_PERMANENT.match(tidy) or _TEMPORARY.match(tidy)):
            raise BadInputError(
                "This is not a UPN.",
                detail="A UPN is a letter and 12 digits; a temporary one ends in a letter.",
                remedy="Correct it in the school's system and export again.",
            )
        if tidy[0] != expected_check_letter(tidy):
            raise BadInputError(
                "The UPN's first letter does not match its digits.",
                detail="One of its characters was probably mistyped.",
                remedy="Correct it in the school's system and export again.",
            )
        return cls(tidy)

    @property
    def is_temporary(self) -> bool:
        """Whether it was issued for the time being, to be replaced within weeks."""
        return self.text[-1].isalpha()

    def __str__(self) -> str:
        return self.text


def expected_check_letter(upn: str) -> str:
    """Work out the check letter of a well-formed UPN: weights 2 to 13, sum modulo 23."""
    values = [_UPN_LETTERS.index(char) if char.isalpha() else int(char) for char in upn[1:]]
    total = sum(weight * value for weight, value in enumerate(values, start=2))
    return _UPN_LETTERS[total % 23]


@dataclass(frozen=True, slots=True)
class Laestab:
    """The authority's three digits and the establishment's four."""

    authority: str
    establishment: str

    @classmethod
    def parse(cls, text: str) -> Laestab:
        """Read ``8302201`` or ``830/2201``."""
        found = _LAESTAB.match("".join(text.split()))
        if not found:
            raise BadInputError(
                "This is not a LAESTAB number.",
                detail="It is three digits for the authority and four for the school, such as 830/2201.",
                remedy="Look it up on the school's page of the register of schools.",
            )
        return cls(found.group(1), found.group(2))

    def __str__(self) -> str:
        return self.authority + self.establishment


@dataclass(frozen=True, slots=True)
class Urn:
    """A school's unique reference number, six digits."""

    text: str

    @classmethod
    def parse(cls, text: str) -> Urn:
        """Read six digits."""
        tidy = "".join(text.split())
        if not _URN.match(tidy):
            raise BadInputError(
                "This is not a URN.",
                detail="A school's URN has six digits.",
                remedy="Look it up on the school's page of the register of schools.",
            )
        return cls(tidy)

    def __str__(self) -> str:
        return self.text
