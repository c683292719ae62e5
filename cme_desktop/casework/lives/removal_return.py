"""The deletion return (regulation 13): what it has to say, ready to copy or print, and noting that it was sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from cme_desktop.casework.in_words import capital, say_long_day
from cme_desktop.casework.lives.leaving import told_details
from cme_desktop.casework.lives.leaving_known import LABELS
from cme_desktop.casework.lives.removal_desk import OpenedRemoval, open_removal
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, record_happening
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.contacts import Household
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import EnquiryResult, Event, EventKind, Form, ReturnKind, With
from cme_desktop.domain.identifiers import RemovalId
from cme_desktop.domain.removals import RemovalState
from cme_desktop.domain.rights import Right
from cme_desktop.policy.removal_evidence import Claim
from cme_desktop.storage.contacts import ContactDetails, list_contacts
from cme_desktop.storage.events import WrittenEvent, list_events
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import PupilDetails
from cme_desktop.storage.school import SchoolDetails, load_school

_LIVED_WITH: Final = frozenset(With) - {
    With.PROFESSIONAL, With.SIBLING, With.CHILD, With.NEIGHBOUR, With.FRIEND,
}  # fmt: skip
_FOLLOWING: Final = frozenset({
    EventKind.TRANSFER_FILE_SENT, EventKind.ARRIVAL_CONFIRMED, EventKind.PROTECTION_FILE_RECEIVED,
})  # fmt: skip
FORMS_OF_REMOVAL: Final = {Form.OFF_ROLL: "Off-rolling form", Form.SR2A: "Leaver form SR2a"}
"""The forms by which an authority hears of a name that goes, as the office calls them."""

_OF_LEAVING: Final = {"way_said": "Where to", **dict(LABELS), "new_address": "New address"}
_NOT_KNOWN: Final = "not recorded"


@needs(Right.SEE_NAMES)
def write_return(office: Office, opened: OpenedRemoval) -> str:
    """Write what the deletion return says, a line for each fact; what the records do not hold is said."""
    with office.database.reading() as db:
        school, contacts = load_school(db), list_contacts(db, opened.pupil.id)
        events = list_events(db, pupil_id=opened.pupil.id)
    day = max(opened.last_day, opened.today) if opened.removal.is_open else opened.last_day
    lines = [
        "Deletion return (SI 2024/208, regulation 13)",
        "",
        *_of_school(school),
        f"Last day on the register: {say_long_day(day)} {day.year}",
        f"Ground: {opened.ground.name_on(day)}",
        "",
        *_of_pupil(opened.pupil),
        "",
        *_of_parents(contacts),
    ]
    if not opened.is_of_death:
        lines += ["", *_of_next_school(opened), *_of_leaving(events)]
    return "\n".join(lines)


@needs(Right.WORK_ON_ROLL)
def note_return_sent(office: Office, *, removal_id: RemovalId, on: date, reference: str = "") -> Changes:
    """Write down that the deletion return was sent, and on which day; without it no name goes."""
    removal = open_removal(office, removal_id=removal_id).removal
    if removal.state not in {RemovalState.PROPOSED, RemovalState.CARRIED_OUT}:
        raise RefusedError("This removal is over.", remedy="Propose another one where a name is to go.")
    event = Event(
        EventKind.RETURN_SENT,
        on,
        clock_of(office, on),
        return_=ReturnKind.DELETION,
        reference=reference.strip() or None,
    )
    return record_happening(office, pupil_id=removal.pupil_id, event=event, act="deletion return")


@needs(Right.EXPORT_NAMES)
def note_return_taken(office: Office, *, removal_id: RemovalId, how: str) -> None:
    """Write into the journal that the return's words left the records, copied or printed."""
    with office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act=f"deletion return {how}", subject=f"removal {removal_id}",
            details={"removal": int(removal_id)},
        )  # fmt: skip


@needs(Right.WORK_ON_ROLL)
def record_form_sent(office: Office, *, removal_id: RemovalId, form: Form, on: date, words: str = "") -> Changes:
    """Write down that the authority's own form for a name that goes was sent; the deletion return is another thing."""
    if form not in FORMS_OF_REMOVAL:
        raise RefusedError("This form is not about a name that goes.", remedy="Write it down in the child’s case.")
    opened = open_removal(office, removal_id=removal_id)
    event = Event(EventKind.FORM_SENT, on, clock_of(office, on), form=form)
    return record_happening(office, pupil_id=opened.pupil.id, event=event, act="form sent", words=words)


@needs(Right.WORK_ON_ROLL)
def record_joint_enquiries(
    office: Office, *, removal_id: RemovalId, outcome: EnquiryResult, on: date, words: str
) -> Changes:
    """Write down how far the joint enquiries of school and authority have come."""
    opened = open_removal(office, removal_id=removal_id)
    if not opened.removal.is_open or "joint-enquiries" not in opened.ground.conditions:
        raise RefusedError("This removal asks for no joint enquiries.", remedy="Write them down in the child’s case.")
    event = Event(EventKind.JOINT_ENQUIRIES, on, clock_of(office, on), outcome=outcome)
    return record_happening(
        office, pupil_id=opened.removal.pupil_id, event=event, act="joint enquiries", words=words
    )  # fmt: skip


@needs(Right.WORK_ON_ROLL)
def record_following(office: Office, *, removal_id: RemovalId, kind: EventKind, on: date, words: str = "") -> Changes:
    """Write down what follows a child whose name has gone: file sent, receipt, arrival; never after a death."""
    opened = open_removal(office, removal_id=removal_id)
    is_gone = opened.removal.state is RemovalState.CARRIED_OUT
    if kind not in _FOLLOWING or not is_gone or opened.is_of_death:
        raise RefusedError("This does not follow the removal.", remedy="Write a note instead.")
    event = Event(kind, on, clock_of(office, on))
    return record_happening(
        office, pupil_id=opened.removal.pupil_id, event=event, act=kind.value.replace("_", " "), words=words
    )


# -- private -----------------------------------------------------------------------------------------------------


def _of_school(school: SchoolDetails) -> Iterator[str]:
    yield f"School: {school.name}"
    yield f"Department for Education number: {school.laestab or _NOT_KNOWN}"


def _of_pupil(pupil: PupilDetails) -> Iterator[str]:
    names = (pupil.legal_forename, pupil.middle_names, pupil.legal_surname)
    yield f"Pupil: {' '.join(name for name in names if name)}"
    yield f"Date of birth: {f'{pupil.born:%d/%m/%Y}' if pupil.born else _NOT_KNOWN}"
    yield f"Unique pupil number: {pupil.upn or _NOT_KNOWN}"
    yield f"Address: {', '.join(part for part in (pupil.address, pupil.postcode) if part) or _NOT_KNOWN}"


def _of_parents(contacts: tuple[ContactDetails, ...]) -> Iterator[str]:
    home = [each for each in contacts if each.household is Household.HOME and each.relation in _LIVED_WITH]
    if not home:
        yield f"Parents or carers the pupil lives with: {_NOT_KNOWN}"
    for contact in home:
        relation = contact.relation_said or contact.relation.in_words
        numbers = ", ".join(number.text for number in contact.numbers if number.works)
        yield f"{capital(relation)}: {contact.name or _NOT_KNOWN}"
        yield f"   Address: {contact.address or 'as the pupil’s'}"
        yield f"   Emergency number: {numbers or _NOT_KNOWN}"


def _of_next_school(opened: OpenedRemoval) -> Iterator[str]:
    proof = opened.removal.evidence.proofs.get(Claim.NEW_REGISTRATION)
    if proof is not None:
        since = f", from {say_long_day(proof.holds_from)} {proof.holds_from.year}" if proof.holds_from else ""
        yield f"Next school, as confirmed by: {proof.by}{since}"


def _of_leaving(events: tuple[WrittenEvent, ...]) -> Iterator[str]:
    """What was said of the leaving beside the rules' own facts, the latest word of each thing."""
    told = told_details(events)
    for name, label in _OF_LEAVING.items():
        if told.get(name):
            yield f"{label}: {told[name]}"
