"""Taking back the last change to a contact list, a circumstance or the directory."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from pathlib import Path

import pytest

from cme_desktop.casework.agencies import AgencyFacts, load_agencies, save_agency, take_off_agency
from cme_desktop.casework.circumstances import add_circumstance, end_circumstance, load_circumstances
from cme_desktop.casework.contact_undo import change_contacts, take_back
from cme_desktop.casework.contacts import (
    ContactEntry,
    ContactSaved,
    Move,
    NumberEntry,
    load_contact_list,
    move_contact,
    note_number,
    save_contact,
    take_off_contact,
)
from cme_desktop.casework.office import Office
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.contacts import AgencyKind, NumberQuality
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, With
from cme_desktop.domain.identifiers import ContactId
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.storage.journal_check import check_journal
from tests.office import LUCJA, TODAY, YESTERDAY, add_event_to, an_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


@pytest.fixture
def mother(office: Office) -> ContactId:
    contact = load_contact_list(office, pupil_id=LUCJA).lines[0].contact
    call = Event(
        EventKind.CONTACT_ATTEMPT, YESTERDAY, time(9, 20), with_=With.MOTHER, method=Method.PHONE,
        outcome=AttemptOutcome.EXPLAINED,
    )  # fmt: skip
    add_event_to(office, LUCJA, call, contact_id=contact.id)
    return contact.id


@pytest.mark.parametrize(
    "act",
    [
        lambda office, mother: move_contact(office, contact_id=mother, move=Move.DOWN),
        lambda office, mother: take_off_contact(office, contact_id=mother),
        lambda office, mother: save_contact(
            office, pupil_id=LUCJA, contact_id=mother,
            entry=ContactEntry(relation=With.MOTHER, forename="Zofia", numbers=(NumberEntry("07700 900999"),)),
        ),
        lambda office, _: save_contact(
            office, pupil_id=LUCJA, entry=ContactEntry(relation=With.CARER, forename="Jo")
        ),
    ],
    ids=["moved", "taken off", "changed", "added"],
)  # fmt: skip
def test_the_list_is_as_it_was_with_how_its_numbers_have_worked(
    office: Office, mother: ContactId, act: Callable[[Office, ContactId], Changes | ContactSaved]
) -> None:
    before = load_contact_list(office, pupil_id=LUCJA)
    changed = change_contacts(office, lambda office: act(office, mother), pupil_id=LUCJA)
    assert load_contact_list(office, pupil_id=LUCJA) != before

    changes = take_back(office, changed)

    assert load_contact_list(office, pupil_id=LUCJA) == before
    assert before.lines[0].numbers[0].in_words == "1 of 1 answered"
    assert changes.pupils == {LUCJA}
    with office.database.reading() as db:
        assert check_journal(db).ok


def test_a_list_changed_again_since_is_left_alone(office: Office, mother: ContactId) -> None:
    changed = change_contacts(
        office, lambda office: move_contact(office, contact_id=mother, move=Move.DOWN), pupil_id=LUCJA
    )
    number = load_contact_list(office, pupil_id=LUCJA).lines[1].contact.numbers[0]
    note_number(office, contact_id=mother, number_id=number.id, quality=NumberQuality.DEAD)
    now = load_contact_list(office, pupil_id=LUCJA)

    with pytest.raises(RefusedError, match="changed since"):
        take_back(office, changed)

    assert load_contact_list(office, pupil_id=LUCJA) == now


def test_a_call_made_since_does_not_stand_in_the_way(office: Office, mother: ContactId) -> None:
    changed = change_contacts(office, lambda office: take_off_contact(office, contact_id=mother), pupil_id=LUCJA)
    call = Event(
        EventKind.CONTACT_ATTEMPT, TODAY, time(9, 30), with_=With.GRANDMOTHER, method=Method.PHONE,
        outcome=AttemptOutcome.NO_ANSWER,
    )  # fmt: skip
    add_event_to(office, LUCJA, call)

    take_back(office, changed)

    assert load_contact_list(office, pupil_id=LUCJA).lines[0].contact.relation is With.MOTHER


def test_a_circumstance_noted_by_mistake_is_gone_and_one_ended_goes_on(office: Office) -> None:
    added = change_contacts(
        office,
        lambda office: add_circumstance(office, pupil_id=LUCJA, name=Circumstance.YOUNG_CARER, from_day=YESTERDAY),
        pupil_id=LUCJA,
    )
    (noted,) = load_circumstances(office, pupil_id=LUCJA)
    ended = change_contacts(
        office,
        lambda office: end_circumstance(office, circumstance_id=noted.id, last_day=TODAY),
        pupil_id=LUCJA,
    )

    take_back(office, ended)
    assert load_circumstances(office, pupil_id=LUCJA) == (noted,)
    take_back(office, added)

    assert load_circumstances(office, pupil_id=LUCJA) == ()


def test_the_directory_is_as_it_was(office: Office) -> None:
    before = load_agencies(office)
    facts = AgencyFacts(kind=AgencyKind.POLICE, name="Police, front desk", phone="101")

    for act in (
        lambda office: save_agency(office, facts=facts),
        lambda office: save_agency(office, facts=facts, agency_id=before[1].id),
        lambda office: take_off_agency(office, agency_id=before[0].id),
    ):
        take_back(office, change_contacts(office, act, pupil_id=None))

        assert load_agencies(office) == before
