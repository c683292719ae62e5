"""Entering a new pupil by hand: what the office knows of the child, whom to ring, and the starting day agreed.

A child of the same name and birth date, or of the same UPN, is offered instead of a second entry; one who left and
comes back is entered again under the record that is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.contacts import judge_number
from cme_desktop.casework.family_in_peace import refuse_after_death
from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, refuse_moment_ahead, write_line
from cme_desktop.casework.stay_before import details_of_stay, facts_of_pupil
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.contacts import Household, NumberQuality
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind, With
from cme_desktop.domain.identifiers import ContactId, EventId, PupilId, Upn
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.contact_changes import next_rank
from cme_desktop.storage.contacts import ContactFacts, add_contact, add_number, digits_of, list_contacts
from cme_desktop.storage.entries import find_alike
from cme_desktop.storage.events import list_events
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import (
    PLACE_HELD,
    PupilDetails,
    PupilFacts,
    add_pupil,
    load_pupil,
    update_pupil,
)

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_NOT_YET: Final = "The pupil can’t be entered yet."
_OLDEST: Final = timedelta(days=19 * 366)


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody to ring: who they are to the child, and a number."""

    relation: With
    forename: str = ""
    surname: str = ""
    number: str = ""
    household: Household = Household.HOME


@dataclass(frozen=True, slots=True)
class StartAgreement:
    """The starting day, and who agreed it with whom; ``day`` is None while none is agreed.

    ``order_made_on`` is the day of a school attendance order that names this school, where there is one.
    """

    day: date | None
    agreed_on: date
    agreed_by: str = ""
    agreed_with: str = ""
    order_made_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPupil:
    """What the office enters of a new pupil."""

    forename: str
    surname: str
    born: date | None
    start: StartAgreement
    year_group: YearGroup | None = None
    class_name: str = ""
    upn: str = ""
    address: str = ""
    postcode: str = ""
    home_authority: str = ""
    last_school: str = ""
    contacts: tuple[NewContact, ...] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """A pupil of the records who may be the same child, in words, and whether the child may be entered again."""

    pupil_id: PupilId
    words: str


class AlikeFoundError(RefusedError):
    """Somebody of this name and birth date is in the records already; ``alike`` says who, for the screen alone."""

    def __init__(self, alike: tuple[Alike, ...]) -> None:
        self.alike = alike
        super().__init__(
            "A child of this name and birth date is in the records already.",
            detail="Nothing was saved.",
            remedy="Say below whether it is the same child.",
        )


@dataclass(frozen=True, slots=True)
class PupilEntered:
    """The pupil entered, and what changed."""

    pupil_id: PupilId
    changes: Changes


@needs(Right.WORK_ON_ROLL)
def enter_pupil(
    office: Office, *, new: NewPupil, same_as: PupilId | None = None, is_another: bool = False
) -> PupilEntered:
    """Enter a child who is expected, or one who starts today; the starting day is agreed and written down with it.

    ``same_as`` is a pupil who left and comes back; ``is_another`` says that nobody alike in the records is the child.
    """
    upn = _checked_upn(new.upn)
    _refuse_unfit(new, office)
    with office.database.transaction() as db:
        _refuse_alike(db, office, new, upn, same_as=same_as, is_another=is_another)
        events: tuple[EventId, ...] = ()
        entered: tuple[int, ...] = ()
        columns: tuple[tuple[int, str, str | None], ...] = ()
        if same_as is None:
            pupil_id = add_pupil(db, _facts_of(new, upn), at=office.now(), by=office.user.id)
            entered = (int(pupil_id),)
        else:
            before = load_pupil(db, same_as)
            events, columns = _end_earlier_stay(db, office, before, new), _columns_before(before)
            pupil_id = _enter_again(db, before, new, upn)
        contacts = _add_contacts(db, office, pupil_id, new.contacts)
        events = (*events, *write_agreement(db, office, pupil_id, new.start, last_school=new.last_school))
        undo = act_details(
            pupils=(int(pupil_id),), events=events, entered=entered, columns=columns, contacts=contacts
        )  # fmt: skip
        write_journal(
            db, at=office.now(), by=office.user.id, act="enter pupil", subject=f"pupil:{pupil_id}", details=undo
        )
    return PupilEntered(pupil_id, Changes.to(Area.PUPILS, Area.EVENTS, Area.CONTACTS, pupil=pupil_id))


def write_agreement(
    db: Session, office: Office, pupil_id: PupilId, start: StartAgreement, *, last_school: str = "", why: str = ""
) -> tuple[EventId, ...]:
    """Write down the order there may be, and the starting day agreed or that none is; the journal is the caller's."""
    details = {"by": start.agreed_by, "with": start.agreed_with, "last_school": last_school}
    ordered, at = start.order_made_on, clock_of(office, start.agreed_on)
    events = [Event(EventKind.ORDER_MADE, ordered, meeting_on=ordered)] if ordered is not None else []
    if start.day is not None:
        events.append(Event(EventKind.START_AGREED, start.agreed_on, at, meeting_on=start.day))
    else:
        reason = "An attendance order names this school." if ordered is not None else "No starting day is agreed yet."
        events.append(
            Event(EventKind.DECISION, start.agreed_on, at, about=PLACE_HELD, choice="a place is held", reason=reason)
        )
    return tuple(
        write_line(db, office, pupil_id, event, words=why, details=_details_of(event, details)) for event in events
    )


@needs(Right.WORK_ON_ROLL)
def refuse_unfit_birth(office: Office, *, born: date | None, starting_day: date | None) -> None:
    """Refuse a date of birth that is no pupil's, or that lies after the starting day."""
    if born is None:
        return
    if not office.today - _OLDEST < born <= office.today:
        raise BadInputError("This is not a pupil’s date of birth.", remedy="Check the year.")
    if starting_day is not None and starting_day < born:
        raise BadInputError("The starting day lies before the birth.", remedy="Correct one of the two days.")


def refuse_unfit_start(start: StartAgreement, office: Office) -> None:
    """Refuse an agreement made on a day to come, or a starting day that names nobody who agreed it."""
    refuse_moment_ahead(Event(EventKind.START_AGREED, start.agreed_on), office)
    if start.order_made_on is not None:
        refuse_moment_ahead(Event(EventKind.ORDER_MADE, start.order_made_on), office)
    if start.day is None:
        return
    if not (start.agreed_by.strip() and start.agreed_with.strip()):
        raise MissingFactsError(
            "The starting day can’t be saved yet.",
            missing=("who agreed it, for the school and for the family",),
            remedy="A starting day is agreed with the parent, or is the day the parent has told the school.",
        )


# -- private -----------------------------------------------------------------------------------------------------


def _details_of(event: Event, details: Mapping[str, str]) -> Mapping[str, str]:
    return {} if event.kind is EventKind.ORDER_MADE else details


def _checked_upn(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return str(Upn.parse(text))
    except BadInputError as fault:
        remedy = "Type it as the last school gives it, or leave it empty until it is known."
        raise BadInputError(fault.title, detail=fault.detail, remedy=remedy) from fault


def _refuse_unfit(new: NewPupil, office: Office) -> None:
    rung = [contact for contact in new.contacts if contact.number.strip()]
    missing = [
        words
        for words, is_there in (
            ("forename", new.forename.strip()), ("surname", new.surname.strip()),
            ("a number for at least one parent or contact", rung),
        )
        if not is_there
    ]  # fmt: skip
    if missing:
        raise MissingFactsError(_NOT_YET, missing=tuple(missing), remedy="Fill them in and save again.")
    for contact in rung:
        if judge_number(contact.number) is NumberQuality.MISSING:
            raise BadInputError("This is not a telephone number.", remedy="Type its digits.")
    refuse_unfit_birth(office, born=new.born, starting_day=new.start.day)
    refuse_unfit_start(new.start, office)


def _refuse_alike(
    db: Session, office: Office, new: NewPupil, upn: str | None, *, same_as: PupilId | None, is_another: bool
) -> None:
    alike = find_alike(db, forename=new.forename.strip(), surname=new.surname.strip(), born=new.born, upn=upn)
    if same_as is not None:
        refuse_after_death(db, same_as)
        _refuse_still_here(load_pupil(db, same_as), office)
        alike = [each for each in alike if each.id != same_as and upn is not None and each.upn == upn]
    if upn is not None and any(each.upn == upn for each in alike) and (is_another or same_as is not None):
        raise RefusedError(
            "Another pupil has this UPN.",
            detail="No two children share one.",
            remedy="Check it with the last school, or leave it empty until it is known.",
        )
    if alike and same_as is None and not is_another:
        raise AlikeFoundError(tuple(Alike(each.id, _say_alike(each, office.today)) for each in alike))


def _refuse_still_here(pupil: PupilDetails, office: Office) -> None:
    if pupil.is_on_roll(office.today):
        raise RefusedError(
            "This child is on roll already.", detail="Nothing was saved.", remedy="Find the child under Contacts."
        )
    if pupil.left_on is None:
        raise RefusedError(
            "This child is expected already.",
            detail="Nothing was saved.",
            remedy="Choose the child in the list, and change the starting day there.",
        )


def _say_alike(pupil: PupilDetails, today: date) -> str:
    if pupil.left_on is not None and not pupil.is_on_roll(today):
        gone = "did not take up the place" if pupil.gave_up_place else f"left on {pupil.left_on:%d/%m/%Y}"
        return f"{pupil.known_as}, {gone}: the same child comes back"
    if pupil.awaits_start:
        return f"{pupil.known_as}: expected already, no day agreed"
    if pupil.starting_day is not None and pupil.starting_day > today:
        return f"{pupil.known_as}: expected already, for {say_day(pupil.starting_day)}"
    return ", ".join(part for part in (pupil.known_as, pupil.class_name, "on roll already") if part)


def _facts_of(new: NewPupil, upn: str | None) -> PupilFacts:
    return PupilFacts(
        legal_surname=new.surname.strip(),
        legal_forename=new.forename.strip(),
        upn=upn,
        born=new.born,
        year_group=new.year_group,
        class_name=new.class_name.strip(),
        starting_day=new.start.day,
        address=new.address.strip(),
        postcode=new.postcode.strip().upper(),
        home_authority=new.home_authority.strip(),
    )


def _enter_again(db: Session, before: PupilDetails, new: NewPupil, upn: str | None) -> PupilId:
    """Write the new stay over the earlier one's columns; what was not said again stays as it was."""
    said = {
        "upn": upn, "born": new.born, "year_group": new.year_group, "class_name": new.class_name.strip(),
        "address": new.address.strip(), "postcode": new.postcode.strip().upper(),
        "home_authority": new.home_authority.strip(),
    }  # fmt: skip
    facts = replace(facts_of_pupil(before), **{name: value for name, value in said.items() if value})  # type: ignore[arg-type]  # a column each
    update_pupil(db, before.id, replace(facts, starting_day=new.start.day, left_on=None))
    return before.id


def _end_earlier_stay(db: Session, office: Office, before: PupilDetails, new: NewPupil) -> tuple[EventId, ...]:
    """Write down that the earlier stay is over: what happened in it is no part of the new one."""
    assert before.left_on is not None
    start = new.start.day or date.max
    on = min(office.today, start - timedelta(days=1))
    if any(each.event.kind is EventKind.LEAVING and each.event.on > on for each in list_events(db, pupil_id=before.id)):
        raise RefusedError(
            "The new starting day is too early.",
            detail="The child was said to leave, or not to come, on that day or later.",
            remedy="Agree a starting day from tomorrow on.",
        )
    words = f"The stay before, with its last day on {before.left_on:%d/%m/%Y}, is over: the child comes back."
    if before.gave_up_place:
        words = "The place given up before is taken up after all."
    event = Event(EventKind.REMOVED, on, clock_of(office, on))
    return (write_line(db, office, before.id, event, words=words, details=details_of_stay(before)),)


def _columns_before(before: PupilDetails) -> tuple[tuple[int, str, str | None], ...]:
    days = {"starting_day": before.starting_day, "left_on": before.left_on}
    return tuple((int(before.id), name, day.isoformat() if day else None) for name, day in days.items())


def _add_contacts(
    db: Session, office: Office, pupil_id: PupilId, contacts: tuple[NewContact, ...]
) -> tuple[ContactId, ...]:
    added = []
    held = {number.digits for contact in list_contacts(db, pupil_id) for number in contact.numbers}
    for contact in contacts:
        if not contact.number.strip() or digits_of(contact.number) in held:
            continue
        facts = ContactFacts(
            rank=next_rank(db, pupil_id), relation=contact.relation, forename=contact.forename.strip(),
            surname=contact.surname.strip(), household=contact.household,
        )  # fmt: skip
        contact_id = add_contact(db, pupil_id=pupil_id, facts=facts)
        add_number(
            db, contact_id=contact_id, text=contact.number.strip(), quality=judge_number(contact.number),
            noted_at=office.now(),
        )  # fmt: skip
        added.append(contact_id)
    return tuple(added)
