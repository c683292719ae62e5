"""The people to ring about each pupil, in order, with their numbers; and the directory of agencies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from cme_desktop.domain.contacts import AgencyKind, Contact, Household, NumberQuality
from cme_desktop.domain.events import With
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.storage.ready_statements import driver_cursor, ready_select
from cme_desktop.storage.tables import AgencyRow, Base, ContactNumberRow, ContactRow, PupilRow


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


_FACTS: Final = tuple(ContactFacts.__dataclass_fields__)
_CONTACT: Final = Base.metadata.tables[ContactRow.__tablename__]
_PUPIL: Final = Base.metadata.tables[PupilRow.__tablename__]
_NUMBER: Final = Base.metadata.tables[ContactNumberRow.__tablename__]
_ROWS: Final = (
    select(
        *(_CONTACT.c[name] for name in _FACTS), _CONTACT.c.pupil_id, _CONTACT.c.id,
        *(_NUMBER.c[name] for name in ("id", "text", "digits", "kind", "quality")),
    )
    .outerjoin_from(_CONTACT, _NUMBER, _NUMBER.c.contact_id == _CONTACT.c.id)
    .order_by(_CONTACT.c.rank, _CONTACT.c.id, _NUMBER.c.id)
)  # fmt: skip
_EVERY_CONTACT: Final = ready_select(_ROWS)
_CONTACTS_STILL_NEEDED: Final = ready_select(
    _ROWS.join(_PUPIL, _PUPIL.c.id == _CONTACT.c.pupil_id).where(
        or_(_PUPIL.c.left_on.is_(None), _PUPIL.c.left_on >= bindparam("day"))
    )
)
_CONTACTS_OF_PUPIL: Final = ready_select(_ROWS.where(_CONTACT.c.pupil_id == bindparam("pupil")))
_ONE_CONTACT: Final = ready_select(_ROWS.where(_CONTACT.c.id == bindparam("contact")))


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
    return _contacts_in(driver_cursor(db).execute(_CONTACTS_OF_PUPIL, (pupil_id,))).get(PupilId(pupil_id), ())


def find_contact(db: Session, contact_id: int) -> ContactDetails | None:
    """Find one contact."""
    found = _contacts_in(driver_cursor(db).execute(_ONE_CONTACT, (contact_id,)))
    return next((contact for contacts in found.values() for contact in contacts), None)


def load_contacts_by_pupil(db: Session, *, on: date | None = None) -> dict[PupilId, tuple[ContactDetails, ...]]:
    """Read every contact, by pupil, in the order to ring them; with a day, not those of pupils who left before it."""
    if on is None:
        return _contacts_in(driver_cursor(db).execute(_EVERY_CONTACT))
    return _contacts_in(driver_cursor(db).execute(_CONTACTS_STILL_NEEDED, (on.isoformat(),)))


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
    values = {name: getattr(facts, name) for name in _FACTS}
    return {**values, "relation": facts.relation.value, "household": facts.household.value}


def _contacts_in(rows: Iterable[Any]) -> dict[PupilId, tuple[ContactDetails, ...]]:
    """Join rows that hold one contact and one of their numbers each into contacts with all their numbers."""
    contacts: dict[int, Any] = {}
    numbers: defaultdict[int, list[ContactNumber]] = defaultdict(list)
    for row in rows:
        contact_id, number_id, text, digits, kind, quality = row[-6:]
        contacts.setdefault(contact_id, row)
        if number_id is not None:
            numbers[contact_id].append(ContactNumber(number_id, text, digits, kind, NumberQuality(quality)))
    found: defaultdict[PupilId, list[ContactDetails]] = defaultdict(list)
    for contact_id, row in contacts.items():
        facts: dict[str, Any] = dict(zip(_FACTS, row, strict=False))
        facts["relation"], facts["household"] = With(facts["relation"]), Household(facts["household"])
        facts["do_not_contact"] = bool(facts["do_not_contact"])
        if facts["parental_responsibility"] is not None:
            facts["parental_responsibility"] = bool(facts["parental_responsibility"])
        pupil_id = PupilId(row[len(_FACTS)])
        found[pupil_id].append(
            ContactDetails(id=ContactId(contact_id), pupil_id=pupil_id, numbers=tuple(numbers[contact_id]), **facts)
        )
    return {pupil_id: tuple(theirs) for pupil_id, theirs in found.items()}
