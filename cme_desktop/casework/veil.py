"""What is left out for those who do not read protection notes: they are told that faster steps apply, never why.

The rules judge with everything that is known; only what is handed to a screen, a print or a command goes through here.
Sentences that name a protected circumstance are left out whole, wherever they stand; words that the safeguarding lead
wrote, and a worry's own words, are left out whatever they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from cme_desktop.casework.permissions import sees_protection
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.rights import PROTECTED, Right, may
from cme_desktop.policy.rule import Flag
from cme_desktop.policy.rules.concerns import REPORTED_CONCERN
from cme_desktop.storage.contacts import ContactDetails
from cme_desktop.storage.events import WrittenEvent
from cme_desktop.storage.pupils import PupilDetails
from cme_desktop.storage.users import list_users

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.casework.office import Office

T = TypeVar("T")

FASTER: Final = "Faster steps apply"
"""What stands in place of the reason."""

KEPT: Final = "Kept for the safeguarding lead and the headteacher."
"""What stands in place of what the lead wrote."""

ASK_THE_LEAD: Final = "Faster steps apply: ask the safeguarding lead what is to be done."

_ALSO: Final = (
    "child protection", "section 47", "s.47", "social worker", "youth justice", "looked after", "virtual school",
    "designated teacher", "in need", "care order", "safeguarding concern", "domestic abuse", "exploitation",
    "forced marriage", "mutilation", "FGM", "radicalisation", "trafficking", "abduction", "refuge",
    "mental health", "substance misuse",
)  # fmt: skip
_WORDS: Final = re.compile(
    r"\b(?:"
    + "|".join(
        re.escape(words).replace(r"\ ", "[ -]")
        for words in sorted({*_ALSO, *(each.in_words for each in PROTECTED)}, key=len, reverse=True)
    )
    + r")s?\b",
    re.IGNORECASE,
)
_PIECES: Final = re.compile(r"(?<=[.!?;])\s+|\n")
_NOT_SAID: Final = frozenset({"key", "acts", "papers_about", "rule_id", "hand", "desk", "roll", "parameters"})
"""Fields that a program reads, not a person."""

_AS_THEY_ARE: Final = (Event, ContactDetails)
_LEADS_OWN: Final = frozenset({EventKind.NOTE, EventKind.DECISION})


def tells_protection(text: str) -> bool:
    """Whether words name a circumstance that only the safeguarding lead and the head read."""
    return _WORDS.search(text) is not None


def veil_words(text: str) -> str:
    """Leave out each sentence that tells why faster steps apply, and say once that they do."""
    if not tells_protection(text):
        return text
    kept = [piece for piece in _PIECES.split(text) if piece and not tells_protection(piece)]
    return " ".join((*kept, f"{FASTER}.")) if kept else FASTER


def veil_flag(flag: Flag) -> Flag:
    """Leave out of a flag why it is raised, where that is not for everybody; its rule, its day and its due stay."""
    duty = flag.duty
    what = ASK_THE_LEAD if tells_protection(duty.what) else duty.what
    finding = flag.finding
    return replace(
        flag,
        title=veil_words(flag.title),
        finding=replace(finding, sentence=veil_words(finding.sentence), progress=veil_words(finding.progress)),
        duty=replace(duty, what=what),
        references=tuple(one for one in flag.references if not tells_protection(str(one))),
        settled_by=veil_words(flag.settled_by),
    )


def for_reader(office: Office, value: T) -> T:
    """Give what a screen or a print shows, as far as whoever sits at the desk reads it."""
    return value if sees_protection(office) else veiled(value)


def for_role(role: Role, value: T) -> T:
    """Give the same for a role."""
    return value if may(role, Right.SEE_PROTECTION) else veiled(value)


def veiled(value: T) -> T:
    """Give the value without what tells of protection, through everything it is made of."""
    return cast("T", _veil(value))


def lines_for(office: Office, db: Session, lines: Iterable[WrittenEvent]) -> tuple[WrittenEvent, ...]:
    """Give lines of a pupil's history, without the words that only the safeguarding lead and the head read."""
    return tuple(lines) if sees_protection(office) else _veil_lines(db, lines)


def keeps_back(db: Session, lines: Iterable[WrittenEvent]) -> bool:
    """Whether lines hold words that only the safeguarding lead and the head read."""
    told = tuple(lines)
    return _veil_lines(db, told) != told


def _veil_lines(db: Session, lines: Iterable[WrittenEvent]) -> tuple[WrittenEvent, ...]:
    leads = {user.id for user in list_users(db) if user.role is Role.LEAD}
    return tuple(_veil_line(line, leads) for line in lines)


def _veil_line(line: WrittenEvent, leads: set[Any]) -> WrittenEvent:
    event = line.event
    is_worry = event.kind is EventKind.CONCERN_REPORTED or event.about == REPORTED_CONCERN
    if line.words and (is_worry or (line.written_by in leads and event.kind in _LEADS_OWN)):
        return replace(line, words=KEPT)
    return line


def _veil(value: object) -> object:
    veil = next((veil for kind, veil in _VEILS if type(value) is kind), None)
    if veil is not None:
        return veil(value)
    if isinstance(value, Mapping):
        return {key: _veil(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, (type, *_AS_THEY_ARE)):
        return _veil_fields(value)
    return value


def _veil_pupil(pupil: PupilDetails) -> PupilDetails:
    return replace(pupil, circumstances=tuple(one for one in pupil.circumstances if one.name not in PROTECTED))


def _veil_fields(value: Any) -> object:
    said = {one.name: getattr(value, one.name) for one in fields(value) if one.init and one.name not in _NOT_SAID}
    changed = {name: new for name, old in said.items() if (new := _veil(old)) != old}
    return replace(value, **changed) if changed else value


_VEILS: Final[tuple[tuple[type, Callable[[Any], object]], ...]] = (
    (str, veil_words),
    (Flag, veil_flag),
    (PupilDetails, _veil_pupil),
    (tuple, lambda values: tuple(_veil(one) for one in values)),
)
