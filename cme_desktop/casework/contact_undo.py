"""Taking back the last change to a contact list, to a pupil's circumstances or to the directory of agencies.

These are altered in place, and the journal holds no name and no number; so what stood before is kept in memory, for
as long as the screen that changed it is open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cme_desktop.casework.contacts import ContactSaved
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.identifiers import ContactId, EventId, PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.circumstances import NotedCircumstance, list_circumstances, set_last_day
from cme_desktop.storage.contact_changes import remove_agency
from cme_desktop.storage.contacts import Agency, ContactDetails, list_agencies, list_contacts, remove_contact
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.put_back import (
    forget_circumstance,
    list_attempts_at,
    name_contact_again,
    put_back_agency,
    put_back_contact,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Kept:
    """What stood at a moment: a pupil's contacts with the attempts at them, the circumstances, the directory."""

    contacts: tuple[ContactDetails, ...]
    attempts: tuple[tuple[EventId, ContactId], ...]
    circumstances: tuple[NotedCircumstance, ...]
    agencies: tuple[Agency, ...]


@dataclass(frozen=True, slots=True)
class ContactsChanged:
    """What an act changed, and what stood before and after it: enough to take it back."""

    changes: Changes
    pupil_id: PupilId | None
    before: Kept
    after: Kept


@needs(Right.WORK_ON_CASES)
def change_contacts(
    office: Office, act: Callable[[Office], Changes | ContactSaved], *, pupil_id: PupilId | None
) -> ContactsChanged:
    """Do the act and keep what stood before it; ``pupil_id`` is None where only the directory is concerned."""
    before = _keep(office, pupil_id)
    done = act(office)
    changes = done.changes if isinstance(done, ContactSaved) else done
    return ContactsChanged(changes, pupil_id, before, _keep(office, pupil_id))


@needs(Right.WORK_ON_CASES)
def take_back(office: Office, changed: ContactsChanged) -> Changes:
    """Put back what the act changed; refused where somebody has changed the same since."""
    before, after = changed.before, changed.after
    with office.database.transaction() as db:
        now = _read(db, changed.pupil_id)
        if before.contacts != after.contacts:
            _refuse_changed(now.contacts, after.contacts)
            _put_back_contacts(db, before, after)
        if before.circumstances != after.circumstances:
            _refuse_changed(now.circumstances, after.circumstances)
            _put_back_circumstances(db, before, after)
        if before.agencies != after.agencies:
            _refuse_changed(now.agencies, after.agencies)
            _put_back_agencies(db, before, after)
        subject = "directory" if changed.pupil_id is None else f"pupil {changed.pupil_id}"
        write_journal(db, at=office.now(), by=office.user.id, act="contacts_put_back", subject=subject, details={})
    return Changes.to(Area.CONTACTS, Area.PUPILS, Area.EVENTS, pupil=changed.pupil_id)


def _keep(office: Office, pupil_id: PupilId | None) -> Kept:
    with office.database.reading() as db:
        return _read(db, pupil_id)


def _read(db: Session, pupil_id: PupilId | None) -> Kept:
    if pupil_id is None:
        return Kept((), (), (), list_agencies(db))
    contacts = list_contacts(db, pupil_id)
    attempts = list_attempts_at(db, [contact.id for contact in contacts])
    return Kept(contacts, attempts, list_circumstances(db, pupil_id), list_agencies(db))


def _refuse_changed(now: object, after: object) -> None:
    if now != after:
        raise RefusedError(
            "This can’t be undone any more.", detail="It has been changed since.", remedy="Change it back by hand."
        )


def _put_back_contacts(db: Session, before: Kept, after: Kept) -> None:
    held = {contact.id for contact in before.contacts}
    for contact in after.contacts:
        if contact.id not in held:
            remove_contact(db, contact.id)
    for contact in before.contacts:
        put_back_contact(db, contact)
        name_contact_again(db, [event for event, named in before.attempts if named == contact.id], contact.id)


def _put_back_circumstances(db: Session, before: Kept, after: Kept) -> None:
    held = {noted.id: noted for noted in before.circumstances}
    for noted in after.circumstances:
        if noted.id not in held:
            forget_circumstance(db, noted.id)
        else:
            set_last_day(db, noted.id, last_day=held[noted.id].dated.until_day)


def _put_back_agencies(db: Session, before: Kept, after: Kept) -> None:
    held = {agency.id for agency in before.agencies}
    for agency in after.agencies:
        if agency.id not in held:
            remove_agency(db, agency.id)
    for agency in set(before.agencies) - set(after.agencies):
        put_back_agency(db, agency)
