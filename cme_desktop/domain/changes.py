"""What a use case altered, so that each screen can decide what to read again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cme_desktop.domain.identifiers import CaseId, PupilId


class Area(Enum):
    """A part of the records that screens show."""

    PUPILS = "pupils"
    MARKS = "marks"
    EVENTS = "events"
    FLAGS = "flags"
    CASES = "cases"
    CONTACTS = "contacts"
    DOCUMENTS = "documents"
    CALENDAR = "calendar"
    SETTINGS = "settings"
    SCHOOL = "school"
    REPORTS = "reports"
    KEEPING = "keeping"


@dataclass(frozen=True, slots=True)
class Changes:
    """The areas that changed, with the pupils and cases concerned; no pupils named means any may have."""

    areas: frozenset[Area] = frozenset()
    pupils: frozenset[PupilId] = frozenset()
    cases: frozenset[CaseId] = frozenset()

    @classmethod
    def to(cls, *areas: Area, pupil: PupilId | None = None, case: CaseId | None = None) -> Changes:
        """Say that these areas changed for one pupil, one case, or anyone."""
        return cls(
            frozenset(areas),
            frozenset() if pupil is None else frozenset({pupil}),
            frozenset() if case is None else frozenset({case}),
        )

    def touches(self, *areas: Area) -> bool:
        """Whether any of the areas changed."""
        return not self.areas.isdisjoint(areas)
