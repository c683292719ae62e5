"""Find which pupil of the records a row of a file means: by UPN, number, or name and birthday."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from cme_desktop.domain.identifiers import PupilId
from cme_desktop.importers.marks import PupilKey
from cme_desktop.storage.pupils import PupilDetails


class MatchedBy(Enum):
    """By what a row was found to mean a pupil."""

    UPN = "UPN"
    MIS_ID = "number"
    NAME_AND_BIRTHDAY = "name and date of birth"
    NAME = "name alone"
    NOBODY = "nobody"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Match:
    """The pupil a row means, and by what; ``said`` names the conflict where it can't be settled."""

    pupil: PupilDetails | None
    by: MatchedBy
    said: str = ""


class RollIndex:
    """The pupils of the records, found by whatever a row says of them."""

    def __init__(self, pupils: Iterable[PupilDetails]) -> None:
        self.by_id: dict[PupilId, PupilDetails] = {}
        self._by_upn: dict[str, PupilDetails] = {}
        self._by_mis_id: dict[str, PupilDetails] = {}
        self._by_name: defaultdict[tuple[str, str], list[PupilDetails]] = defaultdict(list)
        for pupil in pupils:
            self.by_id[pupil.id] = pupil
            for upn in filter(None, (pupil.former_upn, pupil.upn)):
                self._by_upn[upn] = pupil
            if pupil.mis_id:
                self._by_mis_id[pupil.mis_id] = pupil
            for name in _names_of(pupil):
                self._by_name[name].append(pupil)

    def match(self, key: PupilKey) -> Match:
        """Say which pupil the row means."""
        if found := self._by_upn.get(key.upn):
            return Match(found, MatchedBy.UPN)
        if key.mis_id and (found := self._by_mis_id.get(key.mis_id)):
            return self._checked(key, found, MatchedBy.MIS_ID)
        if not (key.surname and key.forename):
            return Match(None, MatchedBy.NOBODY)
        return self._by_names(key)

    def _by_names(self, key: PupilKey) -> Match:
        same_name = self._by_name.get((fold(key.surname), fold(key.forename)), [])
        if key.born is not None:
            same_child = [pupil for pupil in same_name if pupil.born == key.born]
            if len(same_child) == 1:
                return self._checked(key, same_child[0], MatchedBy.NAME_AND_BIRTHDAY)
            return Match(None, MatchedBy.NOBODY)
        if key.upn or key.mis_id or len(same_name) != 1:
            return Match(None, MatchedBy.NOBODY)
        return Match(same_name[0], MatchedBy.NAME)

    @staticmethod
    def _checked(key: PupilKey, pupil: PupilDetails, by: MatchedBy) -> Match:
        is_replaced = bool(pupil.upn) and pupil.upn is not None and pupil.upn[-1].isalpha()
        if key.upn and pupil.upn and key.upn != pupil.upn and not is_replaced:
            return Match(None, MatchedBy.CONFLICT, f"the pupil's own UPN: the same {by.value} stands under another UPN")
        return Match(pupil, by)


def fold(name: str) -> str:
    """A name for comparing: letter-case and runs of spaces ignored."""
    return " ".join(name.casefold().replace("\u2019", "'").split())


def differs_in_birthday(key: PupilKey, pupil: PupilDetails) -> bool:
    """Whether the file gives another date of birth than the records."""
    return key.born is not None and pupil.born is not None and key.born != pupil.born


def on_roll_count(pupils: Iterable[PupilDetails], day: date) -> int:
    """How many pupils are on roll on the day."""
    return sum(1 for pupil in pupils if pupil.is_on_roll(day))


def _names_of(pupil: PupilDetails) -> set[tuple[str, str]]:
    surnames = {fold(pupil.legal_surname), fold(pupil.preferred_surname)} - {""}
    forenames = {fold(pupil.legal_forename), fold(pupil.preferred_forename)} - {""}
    return {(surname, forename) for surname in surnames for forename in forenames}
