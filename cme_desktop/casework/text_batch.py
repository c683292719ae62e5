"""A text to many families at once, sent from the school's own system: whom, at which numbers, and that it went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.attempts import can_be_rung
from cme_desktop.casework.family_in_peace import find_peace
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import journal_act, number_to_ring
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method
from cme_desktop.domain.identifiers import EventId, PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.contacts import ContactDetails, list_contacts
from cme_desktop.storage.events import add_event
from cme_desktop.storage.pupils import load_pupil
from cme_desktop.storage.school import load_school

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_MESSAGE: Final = (
    "{school}: your child is not in school this morning and nobody has told us why. Please ring the office now."
)
"""Names no child: a number may have changed hands."""


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Whom the text goes to. ``numbers`` are those to send it to, each once; ``without`` have none that works.

    ``left_out`` are those whose family is bereaved: no text to many goes to them.
    """

    pupils: tuple[PupilId, ...]
    numbers: tuple[str, ...]
    without: tuple[str, ...]
    message: str
    left_out: tuple[str, ...] = ()


@needs(Right.SEE_NAMES)
def plan_text_batch(office: Office, pupils: tuple[PupilId, ...]) -> TextBatch:
    """Find the number of the first contact of each pupil who may be rung and has one that works."""
    with office.database.reading() as db:
        spared = tuple(pupil_id for pupil_id in pupils if find_peace(db, pupil_id, on=office.today) is not None)
        left_out = tuple(load_pupil(db, pupil_id).known_as for pupil_id in spared)
        first = {pupil_id: _first_contact(db, pupil_id) for pupil_id in pupils if pupil_id not in spared}
        without = tuple(load_pupil(db, pupil_id).known_as for pupil_id, contact in first.items() if contact is None)
        message = _MESSAGE.format(school=load_school(db).name)
    reached = {pupil_id: contact for pupil_id, contact in first.items() if contact is not None}
    numbers = dict.fromkeys(number.text for contact in reached.values() if (number := number_to_ring(contact)))
    return TextBatch(tuple(reached), tuple(numbers), without, message, left_out)


@needs(Right.CALL)
def record_text_batch(office: Office, *, pupils: tuple[PupilId, ...], words: str = "") -> Changes:
    """Write down that a text went to the first contact of each pupil with a working number; no bereaved family's."""
    now = office.local_now
    reached: list[PupilId] = []
    with office.database.transaction() as db:
        events: list[EventId] = []
        for pupil_id in pupils:
            if find_peace(db, pupil_id, on=office.today) is not None:
                continue
            contact = _first_contact(db, pupil_id)
            number = number_to_ring(contact) if contact is not None else None
            if contact is None or number is None:
                continue
            event = Event(
                EventKind.CONTACT_ATTEMPT, now.date(), now.time(), with_=contact.relation, method=Method.TEXT,
                outcome=AttemptOutcome.SENT,
            )  # fmt: skip
            reached.append(pupil_id)
            events.append(
                add_event(
                    db, pupil_id=pupil_id, event=event, words=words, contact_id=contact.id, number_used=number.text,
                    written_at=office.now(), written_by=office.user.id,
                )
            )  # fmt: skip
        if not events:
            raise RefusedError("There is nobody to text.", remedy="Add a working number on the Contacts tab.")
        journal_act(db, office, "text batch", tuple(reached), events=events)
    return Changes(frozenset({Area.EVENTS}), frozenset(reached))


def _first_contact(db: Session, pupil_id: PupilId) -> ContactDetails | None:
    return next(filter(can_be_rung, list_contacts(db, pupil_id)), None)
