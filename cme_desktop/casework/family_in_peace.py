"""Whether a child has died, and until when the family, the one the records know, is left in peace."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.casework.in_words import say_day
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.endings import death_in, peace_until
from cme_desktop.storage.events import list_standing_events
from cme_desktop.storage.pupils import list_siblings

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def find_peace(db: Session, pupil_id: PupilId, *, on: date) -> date | None:
    """Find until when a pupil's family is left in peace; None where it is not bereaved, or the time is over."""
    family = (pupil_id, *(each.id for each in list_siblings(db, pupil_id)))
    days = (peace_until(list_standing_events(db, pupil_id=each), on=on) for each in family)
    return max((day for day in days if day is not None), default=None)


def find_death(db: Session, pupil_id: PupilId) -> date | None:
    """Find the day on which a pupil died; None for one who lives."""
    return death_in(list_standing_events(db, pupil_id=pupil_id))


def refuse_after_death(db: Session, pupil_id: PupilId) -> None:
    """Refuse to write any more of what ends with a death."""
    if find_death(db, pupil_id) is not None:
        raise RefusedError(
            "Nothing more of this is written about the child.",
            detail="The child has died.",
            remedy="Speak to the head.",
        )


def say_peace(until: date | None) -> str:
    """Say on a card or a contact list that the family is bereaved; nothing where it is not."""
    if until is None:
        return ""
    return f"This family is bereaved. Speak to the head before you ring or write, until {say_day(until)}."
