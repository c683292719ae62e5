from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from cme_desktop.casework.agencies import load_agencies, save_agency, take_off_agency
from cme_desktop.casework.circumstances import add_circumstance, end_circumstance, load_circumstances
from cme_desktop.casework.contacts import (
    ContactEntry,
    Move,
    NumberEntry,
    ThinReason,
    judge_number,
    list_families,
    load_contact_list,
    move_contact,
    note_number,
    save_contact,
    take_off_contact,
)
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.changes import Area
from cme_desktop.domain.contacts import AgencyKind, Household, NumberQuality
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, With
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.contacts import AgencyFacts
from cme_desktop.storage.journal import count_entries
from cme_desktop.storage.journal_check import check_journal
from tests.office import AISHA, CALLUM, LUCJA, TODAY, TOMASZ, YESTERDAY, add_event_to, add_pupil, an_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def journal_entries(office: Office) -> int:
    with office.database.reading() as db:
        assert check_journal(db).ok
        return count_entries(db)


def test_brothers_and_sisters_share_a_row(office: Office) -> None:
    families = list_families(office)

    wisniewska = next(row for row in families if row.pupils[0].id in {LUCJA, TOMASZ})
    assert {pupil.id for pupil in wisniewska.pupils} == {LUCJA, TOMASZ}
    assert wisniewska.surnames == "Wiśniewska, Wiśniewski"
    assert not wisniewska.is_thin
    assert wisniewska.severity is None
    assert wisniewska.summary == "2 people, 2 homes"


def test_a_list_with_a_dead_number_only_is_flagged_at_once(office: Office) -> None:
    callum = next(row for row in list_families(office) if row.pupils[0].id == CALLUM)

    assert callum.thin == (ThinReason.NOBODY_TO_RING,)
    assert callum.severity is Severity.NOW
    assert callum.summary == "Nobody can be rung"


def test_a_father_who_must_not_be_contacted_does_not_make_a_list_longer(office: Office) -> None:
    pupil = add_pupil(office, contacts=False)
    save_contact(office, pupil_id=pupil, entry=_mother())
    save_contact(
        office,
        pupil_id=pupil,
        entry=ContactEntry(
            relation=With.FATHER,
            forename="Kit",
            household=Household.ELSEWHERE,
            do_not_contact=True,
            do_not_contact_ground="Court order",
            numbers=(NumberEntry("07700 900777"),),
        ),
    )

    assert load_contact_list(office, pupil_id=pupil).thin == (ThinReason.TOO_FEW_PEOPLE, ThinReason.NOBODY_OUTSIDE)


def test_a_family_is_found_by_a_part_of_a_number_but_not_by_one_that_must_not_be_rung(office: Office) -> None:
    families = list_families(office)

    assert [row.pupils[0].id for row in families if "07700900301" in row.search_text] == [LUCJA]
    assert not [row for row in families if "07700900203" in row.search_text]


def test_a_new_contact_goes_to_the_end_of_the_ringing_order(office: Office) -> None:
    before = journal_entries(office)

    saved = save_contact(office, pupil_id=CALLUM, entry=_mother())

    lines = load_contact_list(office, pupil_id=CALLUM).lines
    assert [line.contact.id for line in lines][-1] == saved.contact_id
    assert lines[-1].contact.rank == 2
    assert saved.changes.touches(Area.CONTACTS)
    assert journal_entries(office) == before + 1


def test_changing_a_contact_keeps_the_place_and_the_numbers_that_stay(office: Office) -> None:
    mother = load_contact_list(office, pupil_id=LUCJA).lines[0].contact
    number = mother.numbers[0]
    entry = ContactEntry(
        relation=With.STEP_PARENT,
        forename="Alex",
        surname="Nowak",
        household=Household.ELSEWHERE,
        voicemail_warning="Leave no message: shared phone",
        numbers=(NumberEntry(number.text, number.kind, number.id), NumberEntry("01632 960999", "home")),
    )

    save_contact(office, pupil_id=LUCJA, entry=entry, contact_id=mother.id)

    changed = load_contact_list(office, pupil_id=LUCJA).lines[0].contact
    assert (changed.rank, changed.relation, changed.surname) == (1, With.STEP_PARENT, "Nowak")
    assert changed.voicemail_warning == "Leave no message: shared phone"
    assert [each.text for each in changed.numbers] == [number.text, "01632 960999"]
    assert changed.numbers[0].id == number.id


def test_a_number_left_empty_is_taken_off(office: Office) -> None:
    mother = load_contact_list(office, pupil_id=LUCJA).lines[0].contact
    entry = ContactEntry(relation=With.MOTHER, forename="Alex", numbers=(NumberEntry("", id=mother.numbers[0].id),))

    save_contact(office, pupil_id=LUCJA, entry=entry, contact_id=mother.id)

    assert load_contact_list(office, pupil_id=LUCJA).lines[0].numbers == ()


def test_do_not_contact_demands_a_ground(office: Office) -> None:
    entry = ContactEntry(relation=With.FATHER, forename="Kit", do_not_contact=True)

    with pytest.raises(MissingFactsError, match="must not be contacted"):
        save_contact(office, pupil_id=LUCJA, entry=entry)


def test_a_contact_without_a_name_or_words_is_refused(office: Office) -> None:
    with pytest.raises(MissingFactsError, match="who they are"):
        save_contact(office, pupil_id=LUCJA, entry=ContactEntry(relation=With.MOTHER))


def test_letters_are_no_telephone_number(office: Office) -> None:
    entry = ContactEntry(relation=With.MOTHER, forename="Alex", numbers=(NumberEntry("ask at the gate"),))

    with pytest.raises(BadInputError, match="not a telephone number"):
        save_contact(office, pupil_id=LUCJA, entry=entry)


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        ("07700 900417", NumberQuality.GOOD),
        ("+44 7700 900417", NumberQuality.GOOD),
        ("07700 900417 33", NumberQuality.DOUBTFUL),
        ("none", NumberQuality.MISSING),
    ],
)
def test_a_number_is_judged_by_its_digits(text: str, quality: NumberQuality) -> None:
    assert judge_number(text) is quality


def test_the_families_and_the_rule_agree_on_whose_list_is_thin(office: Office) -> None:
    for pupil_id in (LUCJA, AISHA):
        mother = load_contact_list(office, pupil_id=pupil_id).lines[0].contact
        note_number(office, contact_id=mother.id, number_id=mother.numbers[0].id, quality=NumberQuality.DEAD)
    roll = load_roll(office)

    flagged = {
        record.pupil.id
        for record in roll.records
        for flag in review_pupil(record, roll.judgement, roll.rulebook)
        if flag.rule_id == "england.emergency-contacts"
    }

    assert flagged == {LUCJA, CALLUM, AISHA}
    assert {pupil for pupil in roll.pupils if load_contact_list(office, pupil_id=pupil).thin} == flagged


def test_somebody_who_must_not_be_contacted_is_not_counted_among_those_to_ring(office: Office) -> None:
    rahman = next(family for family in list_families(office) if family.surnames == "Rahman")

    assert rahman.summary == "2 people, 2 homes"


def test_a_number_marked_dead_makes_the_list_thin_and_can_be_taken_back(office: Office) -> None:
    mother = load_contact_list(office, pupil_id=LUCJA).lines[0].contact
    number = mother.numbers[0].id

    note_number(office, contact_id=mother.id, number_id=number, quality=NumberQuality.DEAD)
    dead = load_contact_list(office, pupil_id=LUCJA)
    note_number(office, contact_id=mother.id, number_id=number, quality=NumberQuality.GOOD)

    assert dead.thin == (ThinReason.TOO_FEW_PEOPLE,)
    assert dead.lines[0].numbers[0].in_words == "number dead"
    assert load_contact_list(office, pupil_id=LUCJA).thin == ()


def test_a_dead_number_stays_dead_when_the_contact_is_changed(office: Office) -> None:
    mother = load_contact_list(office, pupil_id=CALLUM).lines[0].contact
    number = mother.numbers[0]
    entry = ContactEntry(
        relation=With.MOTHER, forename="Gem", numbers=(NumberEntry(number.text, id=number.id, is_dead=True),)
    )

    save_contact(office, pupil_id=CALLUM, entry=entry, contact_id=mother.id)

    assert load_contact_list(office, pupil_id=CALLUM).lines[0].contact.numbers[0].quality is NumberQuality.DEAD


def test_how_a_number_has_worked_is_counted(office: Office) -> None:
    mother = load_contact_list(office, pupil_id=LUCJA).lines[0].contact
    for day, outcome in ((YESTERDAY, AttemptOutcome.NO_ANSWER), (TODAY, AttemptOutcome.EXPLAINED)):
        event = Event(
            EventKind.CONTACT_ATTEMPT, day, time(9, 20), with_=With.MOTHER, method=Method.PHONE, outcome=outcome
        )
        add_event_to(office, LUCJA, event, contact_id=mother.id)

    row = load_contact_list(office, pupil_id=LUCJA).lines[0].numbers[0]

    assert row.in_words == "1 of 2 answered"
    assert row.last_tried == TODAY


def test_the_order_is_changed_one_place_at_a_time_and_stops_at_the_ends(office: Office) -> None:
    order = [line.contact.id for line in load_contact_list(office, pupil_id=AISHA).lines]

    move_contact(office, contact_id=order[1], move=Move.UP)
    nothing = move_contact(office, contact_id=order[1], move=Move.UP)

    moved = load_contact_list(office, pupil_id=AISHA).lines
    assert [line.contact.id for line in moved] == [order[1], order[0], order[2]]
    assert [line.contact.rank for line in moved] == [1, 2, 3]
    assert not nothing.areas


def test_a_contact_taken_off_closes_the_ranks(office: Office) -> None:
    order = [line.contact.id for line in load_contact_list(office, pupil_id=AISHA).lines]

    take_off_contact(office, contact_id=order[0])

    left = load_contact_list(office, pupil_id=AISHA).lines
    assert [(line.contact.id, line.contact.rank) for line in left] == [(order[1], 1), (order[2], 2)]


def test_the_directory_is_edited(office: Office) -> None:
    save_agency(office, facts=AgencyFacts(kind=AgencyKind.VIRTUAL_SCHOOL, name="Virtual school", phone="01632 960171"))
    added = next(agency for agency in load_agencies(office) if agency.kind is AgencyKind.VIRTUAL_SCHOOL)
    save_agency(office, facts=AgencyFacts(kind=added.kind, name="Virtual school, Derbyshire"), agency_id=added.id)

    renamed = next(agency for agency in load_agencies(office) if agency.id == added.id)
    assert (renamed.name, renamed.phone) == ("Virtual school, Derbyshire", "")

    take_off_agency(office, agency_id=added.id)
    assert added.id not in {agency.id for agency in load_agencies(office)}


def test_an_agency_needs_a_name(office: Office) -> None:
    with pytest.raises(MissingFactsError, match="its name"):
        save_agency(office, facts=AgencyFacts(kind=AgencyKind.OTHER, name=" "))


def test_a_circumstance_is_noted_once_and_ended_not_deleted(office: Office) -> None:
    add_circumstance(office, pupil_id=LUCJA, name=Circumstance.YOUNG_CARER, from_day=YESTERDAY)
    noted = load_circumstances(office, pupil_id=LUCJA)[0]

    with pytest.raises(RefusedError, match="noted already"):
        add_circumstance(office, pupil_id=LUCJA, name=Circumstance.YOUNG_CARER)
    end_circumstance(office, circumstance_id=noted.id, last_day=TODAY)

    ended = load_circumstances(office, pupil_id=LUCJA)[0].dated
    assert (ended.from_day, ended.until_day) == (YESTERDAY, TODAY)


def test_a_circumstance_does_not_end_before_it_begins(office: Office) -> None:
    add_circumstance(office, pupil_id=LUCJA, name=Circumstance.BULLIED, from_day=TODAY)
    noted = load_circumstances(office, pupil_id=LUCJA)[0]

    with pytest.raises(BadInputError, match="before it begins"):
        end_circumstance(office, circumstance_id=noted.id, last_day=YESTERDAY)


def _mother() -> ContactEntry:
    return ContactEntry(
        relation=With.MOTHER, forename="Leanne", surname="Doyle", numbers=(NumberEntry("07700 900416"),)
    )
