"""What schools' systems call their columns: data from ``resources/import-aliases.toml``, compared without spaces."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cme_desktop.importers.fields import TO_CONTACT, Field

_NOISE: Final = re.compile(r"[\s_\-/().,:'’*#?]+")
_NUMBERED: Final = re.compile(
    r"^(?:emergency)?(?:contact|priority|parentcarer|parentguardian|parent|carer|guardian|pc|nok)0?(\d)(.*)$"
)
_NAMED: Final = re.compile(
    r"^(?:emergencycontact|contact|parentcarer|parentguardian|parent|carer|guardian|nok)(.*?)(\d?)$"
)
_OF_REGISTERS: Final = frozenset({Field.MARK, Field.AM_MARK, Field.PM_MARK, Field.SESSION, Field.DATE, Field.COMMENT})
_PUPIL_PREFIX: Final = re.compile(r"^(?:pupil|student|child|learner)s?(.+)$")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a header seems to mean: ``block`` numbers the contact it names, 0 where it names none."""

    field: Field
    block: int
    weight: float
    product: str = ""


@dataclass(frozen=True, slots=True)
class Aliases:
    """Every known spelling of a header."""

    known: Mapping[str, Meaning]

    def meaning_of(self, header: str) -> Meaning | None:
        """Say what a header means, or None. A numbered contact's, such as ``Priority 2 Mobile``, carries its number."""
        text = normalise_header(header)
        if not text:
            return None
        if found := self.known.get(text):
            return found
        return self._numbered(text) or self._of_contact(text) or self._of_pupil(text)

    def _numbered(self, text: str) -> Meaning | None:
        found = _NUMBERED.match(text)
        return self._contact_meaning(found[2] or "name", int(found[1])) if found else None

    def _of_contact(self, text: str) -> Meaning | None:
        found = _NAMED.match(text)
        if not found or not found[1]:
            return None
        return self._contact_meaning(found[1], int(found[2] or 0))

    def _contact_meaning(self, rest: str, block: int) -> Meaning | None:
        found = self.known.get(rest) or self.known.get(f"contact{rest}")
        if found is None:
            return None
        field = TO_CONTACT.get(found.field, found.field)
        return Meaning(field, block, found.weight, found.product) if field.is_contact else None

    def _of_pupil(self, text: str) -> Meaning | None:
        found = _PUPIL_PREFIX.match(text)
        meaning = self.known.get(found[1]) if found else None
        if meaning is None or meaning.field.is_contact or meaning.field in _OF_REGISTERS:
            return None
        return meaning


@lru_cache(maxsize=4)
def load_aliases(text: str) -> Aliases:
    """Read the table of aliases; where two products share a spelling the heavier meaning holds."""
    known: dict[str, Meaning] = {}
    for entry in tomllib.loads(text)["columns"]:
        for pattern in entry["patterns"]:
            meaning = Meaning(Field(entry["field"]), 0, float(entry.get("weight", 1.0)), entry["product"])
            spelling = normalise_header(pattern)
            if spelling not in known or known[spelling].weight < meaning.weight:
                known[spelling] = meaning
    return Aliases(known)


def normalise_header(text: str) -> str:
    """A header without case, spaces and punctuation."""
    return _NOISE.sub("", text.lower())
