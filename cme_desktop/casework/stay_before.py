"""What the records held of a child before a new stay was written over it, kept beside the line that ends the old one.

It is kept there and not in the journal, which holds neither an address nor a date of birth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from cme_desktop.domain.pupils import YearGroup
from cme_desktop.storage.pupils import PupilFacts, load_pupil, update_pupil

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.storage.pupils import PupilDetails

STAY: Final = "stay"
"""What the details of the line hold that ends an earlier stay."""

_BEFORE: Final = "before"
_WAS: Final = "was_"
_TEXTS: Final = ("class_name", "address", "postcode", "home_authority")


def details_of_stay(before: PupilDetails) -> dict[str, str]:
    """Write what a new stay may write over; what the records did not hold is left out."""
    held = {name: getattr(before, name) for name in _TEXTS}
    held["upn"] = before.upn or ""
    held["born"] = before.born.isoformat() if before.born is not None else ""
    held["year_group"] = before.year_group.value if before.year_group is not None else ""
    return {STAY: _BEFORE, **{f"{_WAS}{name}": text for name, text in held.items() if text}}


def put_stay_back(db: Session, pupil_id: PupilId, details: Mapping[str, str]) -> None:
    """Write what the line's details hold back over the new stay."""
    held: dict[str, Any] = {name: details.get(f"{_WAS}{name}", "") for name in (*_TEXTS, "upn", "born", "year_group")}
    held["upn"] = held["upn"] or None
    held["born"] = date.fromisoformat(held["born"]) if held["born"] else None
    held["year_group"] = YearGroup(held["year_group"]) if held["year_group"] else None
    update_pupil(db, pupil_id, replace(facts_of_pupil(load_pupil(db, pupil_id)), **held))


def facts_of_pupil(pupil: PupilDetails) -> PupilFacts:
    """Give what is known of a pupil without the number."""
    return PupilFacts(**{name: getattr(pupil, name) for name in PupilFacts.__dataclass_fields__})
