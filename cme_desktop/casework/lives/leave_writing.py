"""How a line about a leave is written, and what is refused whatever the line says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.casework.family_in_peace import refuse_after_death
from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.lives.leave_matter import LeaveMatter, LeaveState, matters_of
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import record_happening
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.events import Event
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.events import list_events
from cme_desktop.storage.pupils import list_siblings, load_pupil

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@needs(Right.WORK_ON_ROLL)
def record_about(
    office: Office, matter: LeaveMatter, event: Event, *, act: str, words: str, details: Mapping[str, str] | None = None
) -> Changes:
    """Write a line about a leave; never one from before its first word."""
    if event.on < matter.begun_on:
        raise BadInputError(
            "This day lies before the request.",
            detail=f"The first word of this leave is of {say_day(matter.begun_on)}.",
            remedy="Enter that day or a later one.",
        )
    return record_happening(
        office, pupil_id=matter.pupil_id, event=event, act=act, words=words, details=details, answers=matter.root
    )


def refuse_stale(db: Session, matter: LeaveMatter) -> None:
    """Refuse an act on a leave that was altered since it was read."""
    now = next((each for each in matters_in(db, matter.pupil_id) if each.root == matter.root), None)
    if now is None or now.asked != matter.asked or now.decision != matter.decision:
        raise CmeError(
            "This request was altered in the meantime.", remedy="Read the list again with F5, then look at it again."
        )


def refuse_off_roll(db: Session, pupil_id: PupilId, first: date) -> None:
    """Refuse leave of a child who is not on the register on its first day, or who has died."""
    refuse_after_death(db, pupil_id)
    if not load_pupil(db, pupil_id).is_on_roll(first):
        raise RefusedError(
            "The child is not on the register on the first of these days.",
            remedy="Check the days, and the child’s first and last day on the register.",
        )


def refuse_strangers(db: Session, pupils: tuple[PupilId, ...]) -> None:
    """Refuse to write for pupils who are no brothers and sisters of the first."""
    head, *others = pupils
    family = {sibling.id for sibling in list_siblings(db, head)}
    if not family.issuperset(others):
        raise BadInputError("These children are not brothers and sisters.", remedy="Write the leave down for each.")


def matters_in(db: Session, pupil_id: PupilId) -> tuple[LeaveMatter, ...]:
    """Read a pupil's leaves."""
    return matters_of(list_events(db, pupil_id=pupil_id))


def granted_in(db: Session, pupil_id: PupilId) -> Iterable[LeaveMatter]:
    """Read a pupil's leaves that were granted."""
    return (matter for matter in matters_in(db, pupil_id) if matter.state is LeaveState.GRANTED)
