"""Gathering everything held about one pupil, or one parent or contact, each item with why it waits for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.finding import fold
from cme_desktop.casework.held.item import HeldItem, Section
from cme_desktop.casework.held.journal_items import read_journal_items
from cme_desktop.casework.held.marking import KnownNames, calendar_words, mark_item, words_of
from cme_desktop.casework.held.register_items import read_register
from cme_desktop.casework.held.shelves import LEFT_OUT, SEARCHED, SHELVES
from cme_desktop.casework.held.telling import say_value, tell_row
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.information import About, MarkReason
from cme_desktop.domain.rights import PROTECTED
from cme_desktop.storage.contacts import load_contacts_by_pupil
from cme_desktop.storage.held_rows import HeldRow, read_about, read_same_person, read_texts
from cme_desktop.storage.pupils import list_all_pupils
from cme_desktop.storage.school import load_school
from cme_desktop.storage.users import UserDetails, list_users

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.storage.contacts import ContactDetails
    from cme_desktop.storage.information_requests import InformationRequest
    from cme_desktop.storage.pupils import PupilDetails

_LEADS_OWN: Final = frozenset({EventKind.NOTE.value, EventKind.DECISION.value})
_OTHER_LIST: Final = "The same person on another child’s list"
_PROTECTED: Final = frozenset(each.value for each in PROTECTED)


@dataclass(frozen=True, slots=True)
class Gathering:
    """What gathering goes by: the request, the school's pupils, contacts and staff."""

    request: InformationRequest
    pupils: Mapping[int, PupilDetails]
    contacts: Mapping[int, ContactDetails]
    users: tuple[UserDetails, ...]
    school: str
    year: tuple[date, ...]

    @property
    def is_about_pupil(self) -> bool:
        """Whether the child is the one whose data is asked for, not a parent or contact."""
        return self.request.about is About.PUPIL

    @property
    def people(self) -> dict[int, str]:
        """Who works here, by number."""
        return {int(user.id): user.name for user in self.users}


def gather(db: Session, request: InformationRequest, *, today: date) -> tuple[HeldItem, ...]:
    """Gather all that is held about whom a request is about, section by section, each in the order it happened."""
    known = _load(db, request, today)
    names = know_names(known)
    items = _about_pupil(db, known) if known.is_about_pupil else _about_contact(db, known)
    marked = [replace(item, marks=mark_item(item, names)) for item in items]
    return tuple(sorted(marked, key=_in_order))


def know_names(known: Gathering) -> KnownNames:
    """Sort the names of the records: the person's own and who asks, other pupils', other adults', and plain words.

    A parent with parental responsibility knows the child's name already; to any other contact the child is another.
    A name that whoever asks shares with another pupil still marks.
    """
    request, pupil = known.request, known.pupils[known.request.pupil_id or 0]
    asking = known.contacts.get(request.contact_id or 0)
    childs = words_of(*_pupil_names(pupil))
    others = words_of(*(name for each in known.pupils.values() if each.id != pupil.id for name in _pupil_names(each)))
    asks = words_of(request.asker, asking.name if asking is not None else "") - others
    knows_child = known.is_about_pupil or (asking is not None and asking.parental_responsibility)
    own = asks | childs if knows_child else asks
    if not known.is_about_pupil:
        others |= childs
    adults = words_of(*(each.name for each in known.contacts.values()))
    classes = {each.class_name for each in known.pupils.values()}
    plain = calendar_words(known.year) | words_of(known.school, *classes, *(user.name for user in known.users))
    labels = words_of(*(label for shelf in SHELVES.values() for label in (shelf.title, *shelf.says.values())))
    return KnownNames(own, others - own, adults - own, plain | labels | _languages(known))


# -- a pupil -----------------------------------------------------------------------------------------------------


def _about_pupil(db: Session, known: Gathering) -> list[HeldItem]:
    pupil_id = int(known.request.pupil_id or 0)
    found = read_about(db, "pupil", (pupil_id,))
    items = _tell(found, known)
    items += read_register(found["mark"])
    items += _elsewhere(db, known, held={item.key for item in items})
    return items + read_journal_items(db, pupil_id, known.people)


def _tell(found: Mapping[str, tuple[HeldRow, ...]], known: Gathering) -> list[HeldItem]:
    below = _rows_below(found)
    items = []
    for table, rows in found.items():
        if table in LEFT_OUT or table == "mark" or SHELVES[table].under is not None:
            continue
        for row in rows:
            told = tell_row(row, people=known.people, under=tuple(below[table, row.id]))
            items.append(replace(told, because=tuple(dict.fromkeys((*told.because, *_because(row, known))))))
    return items


def _rows_below(found: Mapping[str, tuple[HeldRow, ...]]) -> defaultdict[tuple[str, int], list[HeldRow]]:
    below: defaultdict[tuple[str, int], list[HeldRow]] = defaultdict(list)
    for table, rows in found.items():
        under = SHELVES[table].under if table in SHELVES else None
        if under is not None:
            parent, column = under
            for row in rows:
                below[parent, row.values[column]].append(row)
    return below


def _because(row: HeldRow, known: Gathering) -> Iterable[MarkReason]:
    """The reasons that hold for a row by its kind, whatever words stand in it."""
    values = row.values
    leads = {int(user.id) for user in known.users if user.role is Role.LEAD}
    if row.table == "contact" and row.id != known.request.contact_id:
        yield MarkReason.OTHER_ADULT
    if row.table == "circumstance" and values["name"] in _PROTECTED:
        yield MarkReason.PROTECTION
    if row.table == "pupil_event":
        if values["kind"] == EventKind.CONCERN_REPORTED.value:
            yield MarkReason.REPORTER
        if values["kind"] in _LEADS_OWN and values["written_by"] in leads:
            yield MarkReason.PROTECTION
        if not known.is_about_pupil and not _knows_the_child(known):
            yield MarkReason.OTHER_PUPIL


def _elsewhere(db: Session, known: Gathering, *, held: set[str]) -> list[HeldItem]:
    """Find where the child is named in what belongs to somebody else or to nobody; each waits for a person."""
    pupil = known.pupils[known.request.pupil_id or 0]
    family = {
        each.id for each in known.pupils.values() if pupil.family_id is not None and each.family_id == pupil.family_id
    }
    wanted = [
        (words_of(forename), words_of(surname))
        for forename in {pupil.legal_forename, pupil.preferred_forename} - {""}
        for surname in {pupil.legal_surname, pupil.preferred_surname} - {""}
    ]
    items = []
    for row in read_texts(db, SEARCHED):
        said = words_of(*(say_value(value) for value in row.values.values() if isinstance(value, str | dict | list)))
        near = row.values.get("pupil_id") in family
        is_named = any(first <= said and (near or last <= said) for first, last in wanted)
        if is_named and f"{row.table}:{row.id}" not in held:
            items.append(_elsewhere_item(row, known))
    return items


def _elsewhere_item(row: HeldRow, known: Gathering) -> HeldItem:
    if row.table in SHELVES:
        told = tell_row(row, people=known.people)
    else:
        lines = tuple(("Says", say_value(value)) for value in row.values.values() if isinstance(value, dict))
        told = HeldItem(f"{row.table}:{row.id}", Section.ELSEWHERE, "Note of data that went astray", None, lines)
        told = replace(told, free="\n".join(words for _, words in lines))
    because = tuple(dict.fromkeys((*told.because, *_because(row, known), MarkReason.OTHER_PUPIL)))
    return replace(told, section=Section.ELSEWHERE, because=because)


# -- a parent or contact -----------------------------------------------------------------------------------------


def _about_contact(db: Session, known: Gathering) -> list[HeldItem]:
    """What is held about the adult: their line in the list, what was said with them, where the child's file names them.

    The same person on other children's lists gives only their own line, without the child's name: what is held about
    those children is theirs.
    """
    contact_id = int(known.request.contact_id or 0)
    own = read_about(db, "contact", (contact_id,))
    items = _tell(own, known)
    held = {item.key for item in items}
    same = read_same_person(db, contact_id)
    others = read_about(db, "contact", same) if same else {}
    lists = {"contact": others.get("contact", ()), "contact_number": others.get("contact_number", ())}
    items += [
        replace(item, title=_OTHER_LIST, because=()) for item in _tell(lists, known)
    ]  # fmt: skip
    return items + _naming_contact(db, known, held)


def _naming_contact(db: Session, known: Gathering, held: set[str]) -> list[HeldItem]:
    contact = known.contacts[known.request.contact_id or 0]
    forename, surname = words_of(contact.forename), words_of(contact.surname)
    pupil_id = int(known.request.pupil_id or 0)
    childs = _tell(read_about(db, "pupil", (pupil_id,)), known)
    found = []
    for item in childs:
        said = words_of(item.text)
        if item.key not in held and (forename or surname) and (forename or surname) <= said:
            because = tuple(dict.fromkeys((*item.because, MarkReason.OTHER_PUPIL)))
            found.append(replace(item, because=because))
    return found


def _knows_the_child(known: Gathering) -> bool:
    contact = known.contacts.get(known.request.contact_id or 0)
    return contact is not None and contact.parental_responsibility is True


# -- private -----------------------------------------------------------------------------------------------------


def _load(db: Session, request: InformationRequest, today: date) -> Gathering:
    pupils = {int(each.id): each for each in list_all_pupils(db)}
    contacts = {int(each.id): each for theirs in load_contacts_by_pupil(db).values() for each in theirs}
    year = tuple(today + timedelta(days=7 * week + week % 7) for week in range(53))
    return Gathering(request, pupils, contacts, list_users(db), load_school(db).name, year)


def _pupil_names(pupil: PupilDetails) -> tuple[str, ...]:
    return (
        pupil.legal_forename, pupil.legal_surname, pupil.preferred_forename, pupil.preferred_surname,
        pupil.middle_names,
    )  # fmt: skip


def _languages(known: Gathering) -> frozenset[str]:
    return words_of(*(each.language for each in known.pupils.values()))


_SECTIONS: Final = tuple(Section)


def _in_order(item: HeldItem) -> tuple[int, date, str]:
    kind, _, number = item.key.partition(":")
    place = f"{number:>12}" if number.isdigit() else fold(item.key)
    return (_SECTIONS.index(item.section), item.on or date.min, f"{place}{kind}")
