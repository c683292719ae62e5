"""Find a pupil from three letters of a name, part of a telephone number, or a case number.

Accents and letter-case are ignored; a name misspelt is still found, after those spelt as typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.cases import list_case_details
from cme_desktop.storage.contacts import load_contacts_by_pupil
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils

LEAST_TYPED: Final = 3
MOST_FOUND: Final = 8
_ALIKE: Final = 78
_AS_TYPED, _WITHIN, _MISSPELT = 0, 1, 2
_PLAIN: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "’": "'"})


@dataclass(frozen=True, slots=True)
class FoundPupil:
    """A pupil the search found, and in a few words what matched when it was not the name."""

    pupil_id: PupilId
    name: str
    class_name: str
    initials: str
    why: str = ""


@needs(Right.SEE_NAMES)
def find_pupils(office: Office, text: str) -> tuple[FoundPupil, ...]:
    """Find at most eight pupils, nearest first; nothing under three letters or digits."""
    typed = fold(text)
    digits = "".join(char for char in typed if char.isdigit())
    if len(typed) < LEAST_TYPED:
        return ()
    with office.database.reading() as db:
        pupils = list_all_pupils(db)
        if digits and not any(char.isalpha() for char in typed):
            found = [*_by_case(db, pupils, typed), *_by_number(db, pupils, digits)]
        else:
            found = [*_by_case(db, pupils, typed), *_by_name(pupils, typed)]
    # A pupil found twice is shown once, where they came first.
    once = {one.pupil_id: one for one in reversed(found)}
    in_order = dict.fromkeys(one.pupil_id for one in found)
    return tuple(once[pupil_id] for pupil_id in in_order)[:MOST_FOUND]


def fold(text: str) -> str:
    """Make letters plain: no accents, no capitals, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(bare.split())


def _by_name(pupils: tuple[PupilDetails, ...], typed: str) -> Iterator[FoundPupil]:
    ranked = [(nearness, pupil) for pupil in pupils if (nearness := _nearness(pupil, typed)) is not None]
    ranked.sort(key=lambda pair: (pair[0], pair[1].left_on is not None, fold(pair[1].sort_name)))
    return (_found(pupil) for _, pupil in ranked)


def _nearness(pupil: PupilDetails, typed: str) -> tuple[int, int] | None:
    names = {fold(name) for name in (pupil.known_as, f"{pupil.legal_forename} {pupil.legal_surname}", pupil.sort_name)}
    if any(f" {name}".find(f" {typed}") >= 0 for name in names):
        return (_AS_TYPED, 0)
    if any(typed in name for name in names):
        return (_WITHIN, 0)
    alike = max(_likeness(name, typed) for name in names)
    return (_MISSPELT, -alike) if alike >= _ALIKE else None


def _likeness(name: str, typed: str) -> int:
    from rapidfuzz import fuzz  # noqa: PLC0415  a compiled library, needed on the first search only

    whole = fuzz.ratio(name, typed)
    parts = (fuzz.ratio(part, typed) for part in name.replace(",", " ").replace("-", " ").split())
    return round(max(whole, *parts))


def _by_number(db: Session, pupils: tuple[PupilDetails, ...], digits: str) -> Iterator[FoundPupil]:
    contacts = load_contacts_by_pupil(db)
    for pupil in pupils:
        for contact in contacts.get(pupil.id, ()):
            if any(digits in number.digits or digits.lstrip("0") in number.digits for number in contact.numbers):
                yield _found(pupil, why=f"{contact.relation.in_words}'s number")
                break


def _by_case(db: Session, pupils: tuple[PupilDetails, ...], typed: str) -> Iterator[FoundPupil]:
    by_id = {pupil.id: pupil for pupil in pupils}
    for case in list_case_details(db):
        if typed in fold(case.number) and case.pupil_id in by_id:
            yield _found(by_id[case.pupil_id], why=f"case {case.number}")


def _found(pupil: PupilDetails, *, why: str = "") -> FoundPupil:
    left = "" if pupil.left_on is None else "left"
    return FoundPupil(
        pupil.id, pupil.known_as, pupil.class_name, pupil.initials, why=", ".join(part for part in (why, left) if part)
    )
