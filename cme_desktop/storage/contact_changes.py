"""Changes that a person makes to contacts and agencies: order, numbers, the directory."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select, update

from cme_desktop.domain.contacts import NumberQuality
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.storage.contacts import AgencyFacts, ContactDetails, digits_of, list_contacts
from cme_desktop.storage.tables import AgencyRow, ContactNumberRow, ContactRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def load_contact(db: Session, contact_id: ContactId) -> ContactDetails:
    """Read one contact with their numbers."""
    pupil_id = db.scalar(select(ContactRow.pupil_id).where(ContactRow.id == contact_id))
    if pupil_id is None:
        raise BadInputError("There is no such contact.", remedy="Choose a contact from the list.")
    contacts = list_contacts(db, pupil_id)
    return next(contact for contact in contacts if contact.id == contact_id)


def next_rank(db: Session, pupil_id: PupilId) -> int:
    """Say the place after the last contact of the pupil."""
    highest = db.scalar(select(func.max(ContactRow.rank)).where(ContactRow.pupil_id == pupil_id))
    return (highest or 0) + 1


def set_ranks(db: Session, ordered: tuple[ContactId, ...]) -> None:
    """Write the order to ring in: the first is rung first."""
    for rank, contact_id in enumerate(ordered, start=1):
        db.execute(update(ContactRow).where(ContactRow.id == contact_id).values(rank=rank))


def change_number(db: Session, number_id: int, *, text: str, kind: str, quality: NumberQuality, at: datetime) -> None:
    """Write a number anew, with what is known of it."""
    values = {"text": text, "digits": digits_of(text), "kind": kind, "quality": quality.value, "noted_at": at}
    db.execute(update(ContactNumberRow).where(ContactNumberRow.id == number_id).values(values))


def remove_number(db: Session, number_id: int) -> None:
    """Take a number off its contact."""
    db.execute(delete(ContactNumberRow).where(ContactNumberRow.id == number_id))


def find_contact_of_number(db: Session, number_id: int) -> ContactId | None:
    """Find whose number it is."""
    found = db.scalar(select(ContactNumberRow.contact_id).where(ContactNumberRow.id == number_id))
    return None if found is None else ContactId(found)


def update_agency(db: Session, agency_id: int, facts: AgencyFacts) -> None:
    """Write an agency of the directory anew."""
    values = {name: getattr(facts, name) for name in AgencyFacts.__dataclass_fields__}
    db.execute(update(AgencyRow).where(AgencyRow.id == agency_id).values({**values, "kind": facts.kind.value}))


def remove_agency(db: Session, agency_id: int) -> None:
    """Take an agency out of the directory."""
    db.execute(delete(AgencyRow).where(AgencyRow.id == agency_id))
