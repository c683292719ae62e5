"""Where something half typed stands."""

from __future__ import annotations

from dataclasses import dataclass

from cme_desktop.domain.identifiers import PupilId


@dataclass(frozen=True, slots=True)
class DraftKey:
    """In which part of the window something is typed, in which dialog, about which case, line or child."""

    place: str
    dialog: str
    about: str = ""
    pupil_id: PupilId | None = None
