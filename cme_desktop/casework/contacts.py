"""Families and their contacts: thin lists flagged, numbers judged, and every change kept with who and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from cme_desktop.casework.attempts import can_be_rung
from cme_desktop.casework.family_in_peace import find_peace, say_peace
from cme_desktop.casework.in_words import capital, count_of
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs, sees_protection
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.roll import load_school_rulebook
from cme_desktop.casework.veil import for_reader
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.contacts import Household, NumberQuality
from cme_desktop.domain.errors import BadInputError, MissingFactsError
from cme_desktop.domain.events import AttemptOutcome, EventKind, With
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.domain.rights import PROTECTED, Right
from cme_desktop.importers.phones import read_number
from cme_desktop.policy.absence import is_contact_made
from cme_desktop.policy.contact_lists import PEOPLE_WANTED, ThinReason, find_thin_reasons
from cme_desktop.policy.endings import death_in
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.circumstances import NotedCircumstance, list_circumstances
from cme_desktop.storage.contact_changes import (
    change_number,
    load_contact,
    next_rank,
    remove_number,
    set_ranks,
)
from cme_desktop.storage.contacts import (
    ContactDetails,
    ContactFacts,
    ContactNumber,
    add_contact,
    add_number,
    list_contacts,
    load_contacts_by_pupil,
    remove_contact,
    set_number_quality,
    update_contact,
)
from cme_desktop.storage.events import WrittenEvent, list_events, load_deaths
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import PupilDetails, list_expected, list_pupils, load_pupil

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "ContactDetails", "ContactEntry", "ContactLine", "ContactList", "ContactNumber", "ContactSaved", "FamilyRow",
    "Move", "NotedCircumstance", "NumberEntry", "NumberRow", "PupilDetails", "ThinReason",
    "judge_number", "list_families", "load_contact_list", "move_contact", "note_number", "save_contact",
    "take_off_contact",
]  # fmt: skip

# -- what screens are given ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """Brothers and sisters on roll, the surnames first, and whether a list of theirs is thin.

    ``quiet`` are the forenames of those who have died: no list of theirs is thin.
    """

    pupils: tuple[PupilDetails, ...]
    surnames: str
    forenames: str
    thin: tuple[ThinReason, ...]
    summary: str
    search_text: str
    quiet: str = ""

    @property
    def is_thin(self) -> bool:
        """Whether a list of the family's is thin."""
        return bool(self.thin)

    @property
    def severity(self) -> Severity | None:
        """How much a thin list matters; None where it is not thin."""
        grave = {ThinReason.NOBODY_TO_RING: Severity.NOW, ThinReason.TOO_FEW_PEOPLE: Severity.TODAY}
        return grave.get(self.thin[0], Severity.THIS_WEEK) if self.thin else None


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A number with how it has worked: how many of the attempts on it were answered, and the last day tried."""

    number: ContactNumber
    answered: int
    attempts: int
    last_tried: date | None
    in_words: str


@dataclass(frozen=True, slots=True)
class ContactLine:
    """One contact of the pane, in ringing order."""

    contact: ContactDetails
    numbers: tuple[NumberRow, ...]

    @property
    def relation(self) -> str:
        """The relation as the family says it, else as the office does."""
        return capital(self.contact.relation_said or self.contact.relation.in_words)


@dataclass(frozen=True, slots=True)
class ContactList:
    """A pupil's contacts with how their numbers have worked, and the pupil's circumstances.

    ``warning`` stands above them: the family is bereaved. ``died_on`` is the day on which the pupil died.
    ``is_faster`` says that something is noted which only the lead and the head read.
    """

    pupil: PupilDetails
    siblings: tuple[PupilDetails, ...]
    lines: tuple[ContactLine, ...]
    thin: tuple[ThinReason, ...]
    circumstances: tuple[NotedCircumstance, ...]
    warning: str = ""
    died_on: date | None = None
    is_faster: bool = False

    @property
    def thin_in_words(self) -> tuple[str, ...]:
        """Why the list is thin, in a few words each."""
        contacts = [line.contact for line in self.lines]
        return tuple(_say_thin(reason, contacts) for reason in self.thin)


@dataclass(frozen=True, slots=True)
class NumberEntry:
    """A number as somebody types it; ``id`` is None for a new one."""

    text: str
    kind: str = "mobile"
    id: int | None = None
    is_dead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEntry:
    """A contact as somebody enters it."""

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
    numbers: tuple[NumberEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactSaved:
    """The contact written, and what changed."""

    contact_id: ContactId
    changes: Changes


class Move(Enum):
    """Which way a contact moves in the ringing order."""

    UP = -1
    DOWN = 1


# -- reading -------------------------------------------------------------------------------------------------------


@needs(Right.SEE_NAMES)
def list_families(office: Office) -> tuple[FamilyRow, ...]:
    """List the families on roll or expected by surname, each with whether its contact lists are thin."""
    with office.database.reading() as db:
        expected = (pupil for pupil in list_expected(db, on=office.today) if not pupil.gave_up_place)
        pupils = (*list_pupils(db, on=office.today), *expected)
        contacts = load_contacts_by_pupil(db)
        deaths = load_deaths(db)
    wanted = _people_wanted(office)
    families: defaultdict[tuple[str, int], list[PupilDetails]] = defaultdict(list)
    for pupil in pupils:
        key = ("pupil", int(pupil.id)) if pupil.family_id is None else ("family", pupil.family_id)
        families[key].append(pupil)
    rows = (_family_of(tuple(members), contacts, people=wanted, deaths=deaths) for members in families.values())
    return tuple(sorted(rows, key=lambda row: (row.surnames.casefold(), row.forenames.casefold())))


@needs(Right.SEE_NAMES)
def load_contact_list(office: Office, *, pupil_id: PupilId) -> ContactList:
    """Load a pupil's contacts, how their numbers have worked, and the brothers and sisters on roll."""
    with office.database.reading() as db:
        pupil = load_pupil(db, pupil_id)
        contacts = list_contacts(db, pupil_id)
        events = list_events(db, pupil_id=pupil_id)
        circumstances = list_circumstances(db, pupil_id)
        on_roll = list_pupils(db, on=office.today)
        warning = say_peace(find_peace(db, pupil_id, on=office.today))
    died_on = death_in(each.event for each in events if each.retracted_at is None)
    family = pupil.family_id
    siblings = tuple(each for each in on_roll if family is not None and each.family_id == family)
    lines = tuple(ContactLine(contact, _numbers_of(contact, events)) for contact in contacts)
    thin = () if died_on is not None else _find_thin(contacts, people=_people_wanted(office))
    seen = tuple(each for each in circumstances if each.dated.name not in PROTECTED or sees_protection(office))
    is_faster = len(seen) < len(circumstances)
    shown = ContactList(
        for_reader(office, pupil), siblings or (pupil,), lines, thin, seen, warning, died_on, is_faster=is_faster
    )
    note_reading(office, (shown, tuple(each.dated.name.in_words for each in seen)), pupil_id=pupil_id, where="contacts")
    return shown


def judge_number(text: str) -> NumberQuality:
    """Say what is known of a number from its digits alone: missing, doubtful, or good."""
    number = read_number(text, kind="phone")
    return NumberQuality.MISSING if number is None else number.quality


# -- writing -------------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_CASES)
def save_contact(
    office: Office, *, pupil_id: PupilId, entry: ContactEntry, contact_id: ContactId | None = None
) -> ContactSaved:
    """Write a contact of a pupil: a new one goes to the end of the ringing order."""
    _refuse_unfit(entry)
    with office.database.transaction() as db:
        before = load_contact(db, contact_id) if contact_id is not None else None
        rank = before.rank if before else next_rank(db, pupil_id)
        facts = _facts_of(entry, rank=rank)
        if before is None:
            saved = add_contact(db, pupil_id=pupil_id, facts=facts)
        else:
            saved = before.id
            facts = replace(facts, mis_id=before.mis_id, import_id=before.import_id)
            update_contact(db, saved, facts)
        _write_numbers(db, office, saved, entry.numbers, before)
        act = "add_contact" if before is None else "change_contact"
        _note(db, office, act, saved, altered=_altered(before, facts))
    return ContactSaved(saved, _changes(pupil_id))


@needs(Right.WORK_ON_CASES)
def take_off_contact(office: Office, *, contact_id: ContactId) -> Changes:
    """Take a contact off the list; what was said to them stays in the history."""
    with office.database.transaction() as db:
        contact = load_contact(db, contact_id)
        remove_contact(db, contact_id)
        left = list_contacts(db, contact.pupil_id)
        set_ranks(db, tuple(each.id for each in left))
        _note(db, office, "remove_contact", contact_id)
    return _changes(contact.pupil_id)


@needs(Right.WORK_ON_CASES)
def move_contact(office: Office, *, contact_id: ContactId, move: Move) -> Changes:
    """Ring a contact one place earlier or later; at the end of the list nothing changes."""
    with office.database.transaction() as db:
        contact = load_contact(db, contact_id)
        order = [each.id for each in list_contacts(db, contact.pupil_id)]
        place = order.index(contact_id)
        wanted = place + move.value
        if not 0 <= wanted < len(order):
            return Changes()
        order[place], order[wanted] = order[wanted], order[place]
        set_ranks(db, tuple(order))
        _note(db, office, "move_contact", contact_id, place=wanted + 1)
    return _changes(contact.pupil_id)


@needs(Right.WORK_ON_CASES)
def note_number(office: Office, *, contact_id: ContactId, number_id: int, quality: NumberQuality) -> Changes:
    """Note what was found out about a number: that it is dead, or that it works after all."""
    with office.database.transaction() as db:
        contact = load_contact(db, contact_id)
        set_number_quality(db, number_id, quality, at=office.now())
        _note(db, office, "note_number", contact_id, number=number_id, quality=quality.value)
    return _changes(contact.pupil_id)


# -- private: reading ----------------------------------------------------------------------------------------------


def _people_wanted(office: Office) -> int:
    rulebook = load_school_rulebook(office, on=office.today)
    return rulebook.parameters.value_on(PEOPLE_WANTED, office.today)


def _find_thin(contacts: Iterable[ContactDetails], *, people: int) -> tuple[ThinReason, ...]:
    return find_thin_reasons((contact.for_rules() for contact in contacts), people=people)


def _family_of(
    pupils: tuple[PupilDetails, ...],
    contacts: dict[PupilId, tuple[ContactDetails, ...]],
    *,
    people: int,
    deaths: Mapping[PupilId, date],
) -> FamilyRow:
    living = tuple(pupil for pupil in pupils if pupil.id not in deaths)
    lists = [contacts.get(pupil.id, ()) for pupil in living]
    thinnest = {reason: held for held in reversed(lists) for reason in _find_thin(held, people=people)}
    thin = tuple(reason for reason in ThinReason if reason in thinnest)
    return FamilyRow(
        pupils=pupils,
        surnames=", ".join(dict.fromkeys(_surname(pupil) for pupil in pupils)),
        forenames=", ".join(_forename(pupil) for pupil in living),
        thin=thin,
        summary=_say_thin(thin[0], thinnest[thin[0]]) if thin else _say_people(max(lists, key=len)) if living else "",
        search_text=_search_text(pupils, [contact for held in lists for contact in held]),
        quiet=", ".join(_forename(pupil) for pupil in pupils if pupil.id in deaths),
    )


def _say_thin(reason: ThinReason, contacts: Iterable[ContactDetails]) -> str:
    held = tuple(contacts)
    match reason:
        case ThinReason.NOBODY_TO_RING:
            return "Nobody can be rung"
        case ThinReason.NOBODY_OUTSIDE:
            return "Nobody outside the home"
    working = sum(1 for contact in held if can_be_rung(contact))
    dead = sum(1 for contact in held for number in contact.numbers if number.quality is NumberQuality.DEAD)
    if dead:
        return f"{count_of(dead, 'number')} dead, {working} working"
    return f"Only {count_of(working, 'person', 'people')} to ring"


def _say_people(contacts: tuple[ContactDetails, ...]) -> str:
    to_ring = [contact for contact in contacts if can_be_rung(contact)]
    homes = 1 + any(contact.household is Household.ELSEWHERE for contact in to_ring)
    return f"{count_of(len(to_ring), 'person', 'people')}, {count_of(homes, 'home')}"


def _surname(pupil: PupilDetails) -> str:
    return pupil.preferred_surname or pupil.legal_surname


def _forename(pupil: PupilDetails) -> str:
    return pupil.preferred_forename or pupil.legal_forename


def _search_text(pupils: Iterable[PupilDetails], contacts: Iterable[ContactDetails]) -> str:
    names = [f"{each.known_as} {each.legal_forename} {each.legal_surname} {each.class_name}" for each in pupils]
    people = [
        f"{each.name} {' '.join(number.digits for number in each.numbers)}"
        for each in contacts
        if not each.do_not_contact
    ]
    return " ".join((*names, *people)).casefold()


def _numbers_of(contact: ContactDetails, events: Iterable[WrittenEvent]) -> tuple[NumberRow, ...]:
    own = [
        written
        for written in events
        if written.contact_id == contact.id
        and written.event.kind is EventKind.CONTACT_ATTEMPT
        and written.retracted_at is None
    ]
    return tuple(_number_row(number, own, only=len(contact.numbers) == 1) for number in contact.numbers)


def _number_row(number: ContactNumber, attempts: list[WrittenEvent], *, only: bool) -> NumberRow:
    tried = [each for each in attempts if only or _same_number(each.number_used, number)]
    answered = sum(1 for each in tried if is_contact_made(each.event))
    last = max((each.event.on for each in tried), default=None)
    return NumberRow(number, answered, len(tried), last, _worked(number, answered, tried))


def _same_number(used: str, number: ContactNumber) -> bool:
    return "".join(char for char in used if char.isdigit()) == number.digits or used == number.text


def _worked(number: ContactNumber, answered: int, tried: list[WrittenEvent]) -> str:
    if number.quality is NumberQuality.DEAD:
        return "number dead"
    if number.quality is NumberQuality.DOUBTFUL:
        return "doubtful: too short or too long"
    if number.quality is NumberQuality.MISSING:
        return "no number"
    if any(each.event.outcome is AttemptOutcome.WRONG_PERSON for each in tried):
        return "wrong person answered"
    return f"{answered} of {len(tried)} answered" if tried else "not tried yet"


# -- private: writing ----------------------------------------------------------------------------------------------


def _refuse_unfit(entry: ContactEntry) -> None:
    if not (entry.forename.strip() or entry.surname.strip() or entry.relation_said.strip()):
        raise MissingFactsError("The contact can’t be saved yet.", missing=("a name, or who they are",))
    if entry.do_not_contact and not entry.do_not_contact_ground.strip():
        raise MissingFactsError(
            "The contact can’t be saved yet.",
            missing=("why they must not be contacted",),
            remedy="Say the ground, such as a court order or the lead’s decision.",
        )
    for number in entry.numbers:
        if number.text.strip() and judge_number(number.text) is NumberQuality.MISSING:
            raise BadInputError("This is not a telephone number.", remedy="Type its digits, or leave it empty.")


def _facts_of(entry: ContactEntry, *, rank: int) -> ContactFacts:
    return ContactFacts(
        rank=rank,
        relation=entry.relation,
        relation_said=entry.relation_said.strip(),
        title=entry.title.strip(),
        forename=entry.forename.strip(),
        surname=entry.surname.strip(),
        household=entry.household,
        parental_responsibility=entry.parental_responsibility,
        do_not_contact=entry.do_not_contact,
        do_not_contact_ground=entry.do_not_contact_ground.strip() if entry.do_not_contact else "",
        voicemail_warning=entry.voicemail_warning.strip(),
        language=entry.language.strip(),
        email=entry.email.strip(),
        address=entry.address.strip(),
        notes=entry.notes.strip(),
    )


def _write_numbers(
    db: Session,
    office: Office,
    contact_id: ContactId,
    entries: tuple[NumberEntry, ...],
    before: ContactDetails | None,
) -> None:
    held = {number.id: number for number in before.numbers} if before else {}
    kept = [entry for entry in entries if entry.text.strip()]
    for number_id in held.keys() - {entry.id for entry in kept}:
        remove_number(db, number_id)
    for entry in kept:
        old = held.get(entry.id) if entry.id is not None else None
        quality = _quality_of(entry, old)
        if old is None:
            add_number(
                db, contact_id=contact_id, text=entry.text.strip(), kind=entry.kind, quality=quality,
                noted_at=office.now(),
            )  # fmt: skip
        elif (old.text, old.kind, old.quality) != (entry.text.strip(), entry.kind, quality):
            change_number(db, old.id, text=entry.text.strip(), kind=entry.kind, quality=quality, at=office.now())


def _quality_of(entry: NumberEntry, old: ContactNumber | None) -> NumberQuality:
    if entry.is_dead:
        return NumberQuality.DEAD
    judged = judge_number(entry.text)
    still = old is not None and old.text == entry.text.strip() and old.quality is not NumberQuality.DEAD
    return old.quality if still and old is not None else judged


def _altered(before: ContactDetails | None, after: ContactFacts) -> list[str]:
    """Name the fields that changed: the journal says who altered what, never a name or a number."""
    if before is None:
        return []
    return [name for name in ContactFacts.__dataclass_fields__ if getattr(before, name) != getattr(after, name)]


def _note(db: Session, office: Office, act: str, contact_id: ContactId, **details: object) -> None:
    write_journal(
        db, at=office.now(), by=office.user.id, act=act, subject=f"contact {contact_id}", details=dict(details)
    )


def _changes(pupil_id: PupilId) -> Changes:
    return Changes.to(Area.CONTACTS, pupil=pupil_id)
