"""The people to ring about each pupil, in order, with their numbers; and the directory of agencies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.orm import Session

from cme_desktop.domain.contacts import AgencyKind, Contact, Household, NumberQuality
from cme_desktop.domain.events import With
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.storage.tables import AgencyRow, ContactNumberRow, ContactRow


@dataclass(frozen=True, slots=True)
class ContactNumber:
    """A telephone number: as typed, as digits alone, and what is known of it."""

    id: int
    text: str
    digits: str
    kind: str = "mobile"
    quality: NumberQuality = NumberQuality.GOOD

    @property
    def works(self) -> bool:
        """Whether it is worth ringing."""
        return self.quality not in {NumberQuality.DEAD, NumberQuality.MISSING}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFacts:
    """What is known of a contact, as somebody enters or imports it; ``rank`` is the order to ring in, from 1."""

    rank: int
    relation: With
    relation_said: str = ""
    title: str = ""
    forename: str = ""
    surname: str = ""
    household: Household = Household.HOME
    parental_responsibility: bool | None = None
    do_not_contact: bool = False
    do_not_contact_ground: str = ""
    voicemail_warning: str = ""
    language: str = ""
    email: str = ""
    address: str = ""
    notes: str = ""
    mis_id: str | None = None
    import_id: int | None = None

    @property
    def name(self) -> str:
        """The contact's name as the office says it."""
        return " ".join(part for part in (self.title, self.forename, self.surname) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDetails(ContactFacts):
    """A contact of the records."""

    id: ContactId
    pupil_id: PupilId
    numbers: tuple[ContactNumber, ...] = ()

    @property
    def works(self) -> bool:
        """Whether any number held for them is worth ringing."""
        return any(number.works for number in self.numbers)

    def for_rules(self) -> Contact:
        """Give the contact as the rules know them, without name or number."""
        return Contact(self.relation, self.household, self.works, self.rank, self.do_not_contact)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFacts:
    """An agency of the directory, as somebody enters it."""

    kind: AgencyKind
    name: str
    person: str = ""
    phone: str = ""
    out_of_hours: str = ""
    email: str = ""
    address: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency(AgencyFacts):
    """An agency of the directory."""

    id: int


def add_contact(db: Session, *, pupil_id: int, facts: ContactFacts) -> ContactId:
    """Enter a contact for a pupil."""
    row = {**_columns(facts), "pupil_id": pupil_id}
    return ContactId(db.scalars(insert(ContactRow).values(row).returning(ContactRow.id)).one())


def update_contact(db: Session, contact_id: int, facts: ContactFacts) -> None:
    """Write a contact's own columns anew."""
    db.execute(update(ContactRow).where(ContactRow.id == contact_id).values(_columns(facts)))


def remove_contact(db: Session, contact_id: int) -> None:
    """Take a contact off the list, with their numbers."""
    db.execute(delete(ContactRow).where(ContactRow.id == contact_id))


def add_number(
    db: Session,
    *,
    contact_id: int,
    text: str,
    kind: str = "mobile",
    quality: NumberQuality = NumberQuality.GOOD,
    noted_at: datetime | None = None,
) -> int:
    """Enter a number for a contact."""
    row = {
        "contact_id": contact_id, "text": text, "digits": digits_of(text), "kind": kind, "quality": quality.value,
        "noted_at": noted_at,
    }  # fmt: skip
    return db.scalars(insert(ContactNumberRow).values(row).returning(ContactNumberRow.id)).one()


def set_number_quality(db: Session, number_id: int, quality: NumberQuality, *, at: datetime) -> None:
    """Note what was found out about a number."""
    db.execute(
        update(ContactNumberRow).where(ContactNumberRow.id == number_id).values(quality=quality.value, noted_at=at)
    )


def list_contacts(db: Session, pupil_id: int) -> tuple[ContactDetails, ...]:
    """List a pupil's contacts in the order to ring them."""
    return _load(db, ContactRow.pupil_id == pupil_id).get(PupilId(pupil_id), ())


def load_contacts_by_pupil(db: Session) -> dict[PupilId, tuple[ContactDetails, ...]]:
    """Read every contact, by pupil, in the order to ring them."""
    return _load(db)


def add_agency(db: Session, facts: AgencyFacts) -> int:
    """Enter an agency in the directory."""
    row = {**{name: getattr(facts, name) for name in AgencyFacts.__dataclass_fields__}, "kind": facts.kind.value}
    return db.scalars(insert(AgencyRow).values(row).returning(AgencyRow.id)).one()


def list_agencies(db: Session) -> tuple[Agency, ...]:
    """List the directory, in the order of the kinds, then as entered."""
    kinds = list(AgencyKind)
    rows = db.execute(select(AgencyRow.__table__).order_by(AgencyRow.id)).mappings()
    found = [Agency(**{**row, "kind": AgencyKind(row["kind"])}) for row in rows]
    return tuple(sorted(found, key=lambda agency: kinds.index(agency.kind)))


def digits_of(text: str) -> str:
    """Give a number's digits alone, a leading +44 or 0044 as 0, so that the same number is found however typed."""
    digits = "".join(char for char in text if char.isdigit() and char.isascii())
    if text.strip().startswith("+"):
        digits = "00" + digits
    return "0" + digits[4:].removeprefix("0") if digits.startswith("0044") else digits


def _columns(facts: ContactFacts) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in ContactFacts.__dataclass_fields__}
    return {**values, "relation": facts.relation.value, "household": facts.household.value}


def _load(db: Session, *where: ColumnElement[bool]) -> dict[PupilId, tuple[ContactDetails, ...]]:
    numbers = _load_numbers(db, *where)
    found: defaultdict[PupilId, list[ContactDetails]] = defaultdict(list)
    query = select(ContactRow.__table__).where(*where).order_by(ContactRow.rank, ContactRow.id)
    for row in db.execute(query).mappings():
        values = {name: row[name] for name in ContactFacts.__dataclass_fields__}
        values |= {"relation": With(row["relation"]), "household": Household(row["household"])}
        details = ContactDetails(
            id=ContactId(row["id"]),
            pupil_id=PupilId(row["pupil_id"]),
            numbers=tuple(numbers[row["id"]]),
            **values,
        )
        found[details.pupil_id].append(details)
    return {pupil_id: tuple(contacts) for pupil_id, contacts in found.items()}


def _load_numbers(db: Session, *where: ColumnElement[bool]) -> defaultdict[int, list[ContactNumber]]:
    query = select(
        ContactNumberRow.contact_id, ContactNumberRow.id, ContactNumberRow.text, ContactNumberRow.digits,
        ContactNumberRow.kind, ContactNumberRow.quality,
    )  # fmt: skip
    if where:
        query = query.join(ContactRow, ContactRow.id == ContactNumberRow.contact_id).where(*where)
    found: defaultdict[int, list[ContactNumber]] = defaultdict(list)
    for contact_id, number_id, text, digits, kind, quality in db.execute(query.order_by(ContactNumberRow.id)):
        found[contact_id].append(ContactNumber(number_id, text, digits, kind, NumberQuality(quality)))
    return found
