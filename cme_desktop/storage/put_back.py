"""Putting contacts, agencies and circumstances back as they were just before somebody changed them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from cme_desktop.domain.identifiers import ContactId, EventId
from cme_desktop.storage.contacts import (
    Agency,
    AgencyFacts,
    ContactDetails,
    ContactFacts,
    add_contact,
    update_contact,
)
from cme_desktop.storage.tables import AgencyRow, CircumstanceRow, ContactNumberRow, ContactRow, PupilEventRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def put_back_contact(db: Session, before: ContactDetails) -> None:
    """Write a contact and their numbers as they were; one that was taken off is entered again under their own id."""
    facts = ContactFacts(**{name: getattr(before, name) for name in ContactFacts.__dataclass_fields__})
    if db.scalar(select(ContactRow.id).where(ContactRow.id == before.id)) is None:
        entered = add_contact(db, pupil_id=before.pupil_id, facts=facts)
        db.execute(update(ContactRow).where(ContactRow.id == entered).values(id=before.id))
    else:
        update_contact(db, before.id, facts)
    _put_back_numbers(db, before)


def list_attempts_at(db: Session, contacts: Iterable[ContactId]) -> tuple[tuple[EventId, ContactId], ...]:
    """List which events of the history name which of these contacts."""
    wanted = select(PupilEventRow.id, PupilEventRow.contact_id).where(PupilEventRow.contact_id.in_(tuple(contacts)))
    return tuple((EventId(event), ContactId(contact)) for event, contact in db.execute(wanted) if contact is not None)


def name_contact_again(db: Session, events: Iterable[EventId], contact_id: ContactId) -> None:
    """Let the events name a contact again who had been taken off the list."""
    nameless = (PupilEventRow.id.in_(tuple(events)), PupilEventRow.contact_id.is_(None))
    db.execute(update(PupilEventRow).where(*nameless).values(contact_id=contact_id))


def put_back_agency(db: Session, before: Agency) -> None:
    """Write an agency as it was; one that was taken out is entered again in its place."""
    values = {name: getattr(before, name) for name in AgencyFacts.__dataclass_fields__}
    values |= {"id": before.id, "kind": before.kind.value}
    db.execute(delete(AgencyRow).where(AgencyRow.id == before.id))
    db.execute(insert(AgencyRow).values(values))


def forget_circumstance(db: Session, circumstance_id: int) -> None:
    """Remove a circumstance noted by mistake a moment ago; one that is over is ended instead."""
    db.execute(delete(CircumstanceRow).where(CircumstanceRow.id == circumstance_id))


def _put_back_numbers(db: Session, before: ContactDetails) -> None:
    held = select(ContactNumberRow.id, ContactNumberRow.noted_at).where(ContactNumberRow.contact_id == before.id)
    noted = {number_id: at for number_id, at in db.execute(held)}  # noqa: C416  rows are no pairs to the type checker
    db.execute(delete(ContactNumberRow).where(ContactNumberRow.contact_id == before.id))
    for number in before.numbers:
        row = {
            "id": number.id, "contact_id": before.id, "text": number.text, "digits": number.digits,
            "kind": number.kind, "quality": number.quality.value, "noted_at": noted.get(number.id),
        }  # fmt: skip
        if db.scalar(select(ContactNumberRow.id).where(ContactNumberRow.id == number.id)) is not None:
            del row["id"]  # given to another number since
        db.execute(insert(ContactNumberRow).values(row))
