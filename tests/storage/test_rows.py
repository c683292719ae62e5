"""Marks, events, pupils, contacts, settings, calendar and journal come back from the records as they were given."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from cme_desktop.casework.office import Office
from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.calendar import Closure, SchoolYear, Term
from cme_desktop.domain.contacts import NumberQuality
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import (
    AttemptOutcome,
    Destination,
    EnquiryResult,
    Event,
    EventKind,
    Form,
    Method,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance
from cme_desktop.storage.calendars import load_calendar, save_school_year
from cme_desktop.storage.contacts import (
    ContactFacts,
    add_contact,
    digits_of,
    find_contact,
    list_agencies,
    list_contacts,
    load_contacts_by_pupil,
)
from cme_desktop.storage.events import add_event, list_events, load_events_by_pupil, retract_event
from cme_desktop.storage.import_batches import add_batch
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.marks import (
    MarkCounts,
    list_corrections,
    load_marks,
    session_no,
    session_of,
    write_marks,
)
from cme_desktop.storage.policies import adopt_policy, list_adopted_policies
from cme_desktop.storage.pupils import SessionPattern, list_pupils, list_siblings, load_pupil
from cme_desktop.storage.ready_statements import ReadyInsert, driver_cursor
from cme_desktop.storage.settings import ClockTimes, load_clock_times, load_setting, save_clock_times, set_setting
from cme_desktop.storage.tables import PupilEventRow
from tests.office import AISHA, CALLUM, IMANI, LUCJA, NOW, TODAY, TOMASZ, add_marks, add_pupil, an_office

MORNING = session_no(SchoolSession(TODAY, Half.AM))
ON = date(2026, 11, 9)
EVENTS = (
    Event(EventKind.CONTACT_ATTEMPT, ON, time(9, 5), with_=With.MOTHER, method=Method.PHONE,
          outcome=AttemptOutcome.EXPLAINED, reason="illness", expected_back=date(2026, 11, 12)),
    Event(EventKind.HOME_VISIT, ON, time(9, 6), outcome=VisitOutcome.NO_REPLY, number=1),
    Event(EventKind.TOLD, ON, time(9, 7), who=Recipient.POLICE, reference="123"),
    Event(EventKind.RETURN_SENT, ON, time(9, 8), return_=ReturnKind.SICKNESS),
    Event(EventKind.LEAVE_GRANTED, ON, time(9, 9), from_=ON, to=date(2026, 11, 20), evidence=False),
    Event(EventKind.LEAVING, ON, time(9, 10), leaving_on=date(2026, 12, 1), destination=Destination.UNKNOWN,
          confirmed=False),
    Event(EventKind.JOINT_ENQUIRIES, ON, time(9, 11), outcome=EnquiryResult.BEGUN),
    Event(EventKind.REFERRED, ON, time(9, 12), to=Recipient.AUTHORITY_CME),
    Event(EventKind.FORM_SENT, ON, time(9, 13), form=Form.SR1A),
    Event(EventKind.MEETING_BOOKED, ON, meeting_on=date(2026, 11, 30)),
)  # fmt: skip


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.sampled_from(Half))
def test_a_session_and_its_number_are_two_names_of_one_thing(day: date, half: Half) -> None:
    assert session_of(session_no(SchoolSession(day, half))) == SchoolSession(day, half)


def test_a_changed_mark_keeps_what_stood_with_the_reason_and_who(office: Office) -> None:
    with office.database.transaction() as db:
        batch = add_batch(db, kind="typed", source="register", at=NOW, by=1)
        counts = write_marks(
            db, [(MORNING, LUCJA, "N"), (MORNING, TOMASZ, "/")], batch_id=batch, reason="Not here", at=NOW, by=1
        )

    with office.database.reading() as db:
        (correction,) = list_corrections(db, LUCJA)
        standing = load_marks(db, first=TODAY, last=TODAY, pupil_id=LUCJA)
    assert counts == MarkCounts(new=0, changed=1, unchanged=1)
    assert (correction.old_code, correction.new_code, correction.reason) == ("/", "N", "Not here")
    assert (correction.made_by_name, correction.made_at) == ("Pat Mellor", NOW)
    assert standing == [(MORNING, LUCJA, "N")]


def test_writing_the_same_marks_twice_changes_nothing(office: Office) -> None:
    add_marks(office, LUCJA, "O", date(2026, 10, 12), TODAY)

    with office.database.transaction() as db:
        marks = load_marks(db, first=date(2026, 9, 1), last=TODAY)
        counts = write_marks(db, marks, batch_id=1, reason="", at=NOW, by=1)

    assert counts == MarkCounts(unchanged=len(marks))


def test_a_code_that_does_not_exist_is_never_stored(office: Office) -> None:
    with pytest.raises(ValueError, match="not an attendance code"), office.database.transaction() as db:
        write_marks(db, [(MORNING, LUCJA, "H")], batch_id=1, reason="", at=NOW, by=1)


def test_every_kind_of_fact_comes_back_as_it_was_said(office: Office) -> None:
    with office.database.transaction() as db:
        for event in EVENTS:
            add_event(db, pupil_id=LUCJA, event=event, words="said", written_at=NOW, written_by=1)

    with office.database.reading() as db:
        written = list_events(db, pupil_id=LUCJA)
        by_pupil = load_events_by_pupil(db, since=None)
    assert tuple(one.event for one in written) == EVENTS
    assert by_pupil == {LUCJA: EVENTS}
    assert (written[0].words, written[0].written_by_name, written[0].written_at) == ("said", "Pat Mellor", NOW)


def test_a_ready_insert_stores_what_the_mapped_class_would(office: Office) -> None:
    facts = {"with": "mother", "expected_back": "2026-11-12", "number": 2}
    row = {
        "pupil_id": LUCJA, "case_id": None, "contact_id": None, "kind": "note", "happened_on": ON,
        "happened_at": "09:05:00", "facts": facts, "words": "Łucja’s mother", "number_used": "", "written_at": NOW,
        "details": {"who": "Łucja’s mother"}, "answers_id": None, "written_by": 1, "retracted_at": NOW,
        "retracted_by": None,
    }  # fmt: skip
    with office.database.transaction() as db:
        db.add(mapped := PupilEventRow(**row))
        ready = ReadyInsert(PupilEventRow).run(db, row)
        stored = driver_cursor(db).execute("SELECT * FROM pupil_event ORDER BY id DESC LIMIT 2").fetchall()

    assert ready == mapped.id + 1
    assert stored[0][1:] == stored[1][1:]


def test_events_stand_in_the_order_they_happened_a_day_without_a_time_at_its_close(office: Office) -> None:
    early = Event(EventKind.NOTE, ON, time(8, 30))
    some_time = Event(EventKind.MISSING, ON)
    late = Event(EventKind.FOUND, ON, time(16, 0))
    with office.database.transaction() as db:
        for event in (some_time, late, early):
            add_event(db, pupil_id=LUCJA, event=event, written_at=NOW, written_by=1)

    with office.database.reading() as db:
        found = [written.event for written in list_events(db, pupil_id=LUCJA)]

    assert found == [early, late, some_time]


def test_a_struck_out_event_keeps_its_line_but_counts_no_more(office: Office) -> None:
    with office.database.transaction() as db:
        event_id = add_event(db, pupil_id=LUCJA, event=EVENTS[0], written_at=NOW, written_by=1)
        retract_event(db, event_id, at=NOW, by=2)

    with office.database.reading() as db:
        (written,) = list_events(db, pupil_id=LUCJA)
        assert load_events_by_pupil(db, since=None) == {}
    assert written.retracted_at == NOW


def test_a_pupil_comes_back_with_circumstances_and_agreed_sessions(office: Office) -> None:
    mornings = SessionPattern.read(date(2026, 9, 3), None, "mon-am tue-am")
    pupil_id = add_pupil(office, circumstances=[Circumstance.YOUNG_CARER], patterns=(mornings,))

    with office.database.reading() as db:
        pupil = load_pupil(db, pupil_id)

    assert pupil.circumstances == (DatedCircumstance(Circumstance.YOUNG_CARER),)
    assert pupil.patterns == (mornings,)
    assert mornings.expects(SchoolSession(date(2026, 11, 9), Half.AM))
    assert not mornings.expects(SchoolSession(date(2026, 11, 9), Half.PM))
    assert (pupil.known_as, pupil.sort_name, pupil.initials) == ("Robin Marsden", "Marsden, Robin", "RM")


def test_the_roll_of_a_day_leaves_out_who_left_and_who_has_not_begun(office: Office) -> None:
    left = add_pupil(office, left_on=TODAY - timedelta(days=1))
    last_day = add_pupil(office, left_on=TODAY)
    coming = add_pupil(office, starting_day=TODAY + timedelta(days=1))
    not_known = add_pupil(office, starting_day=None)

    with office.database.reading() as db:
        on_roll = {pupil.id for pupil in list_pupils(db, on=TODAY)}

    assert {last_day, not_known} <= on_roll
    assert on_roll.isdisjoint({left, coming})


def test_brothers_and_sisters_are_found_by_their_family(office: Office) -> None:
    with office.database.reading() as db:
        assert [pupil.id for pupil in list_siblings(db, LUCJA)] == [TOMASZ]
        assert list_siblings(db, add_pupil(office)) == ()


def test_a_pupil_who_is_not_there_is_told_in_words(office: Office) -> None:
    with pytest.raises(CmeError, match="no longer"), office.database.reading() as db:
        load_pupil(db, 999)


def test_contacts_come_in_ringing_order_with_what_is_known_of_their_numbers(office: Office) -> None:
    with office.database.reading() as db:
        contacts = list_contacts(db, AISHA)
        by_pupil = load_contacts_by_pupil(db)
        agencies = list_agencies(db)

    assert [contact.relation for contact in contacts] == [With.MOTHER, With.GRANDMOTHER, With.FATHER]
    assert (contacts[2].do_not_contact, contacts[2].do_not_contact_ground) == (True, "Non-molestation order")
    assert by_pupil[AISHA] == contacts
    assert by_pupil[CALLUM][0].numbers[0].quality is NumberQuality.DEAD
    assert not by_pupil[CALLUM][0].works
    assert [contact.name for contact in by_pupil[IMANI]] == ["Jo Fenn", "Lee Moss"]
    assert agencies[0].email == "cme@derbyshire.example"


def test_the_contacts_of_a_day_leave_out_those_of_pupils_who_left_before_it(office: Office) -> None:
    left = add_pupil(office, left_on=TODAY - timedelta(days=1))
    last_day = add_pupil(office, left_on=TODAY)
    coming = add_pupil(office, starting_day=TODAY + timedelta(days=1))
    mother = ContactFacts(rank=1, relation=With.MOTHER)
    with office.database.transaction() as db:
        for pupil_id in (left, last_day, coming):
            add_contact(db, pupil_id=pupil_id, facts=mother)

        everybody, still_needed = load_contacts_by_pupil(db), load_contacts_by_pupil(db, on=TODAY)

    assert everybody.keys() - still_needed.keys() == {left}
    assert still_needed[AISHA] == everybody[AISHA]


def test_one_contact_is_found_as_the_list_has_it(office: Office) -> None:
    with office.database.reading() as db:
        contacts = list_contacts(db, AISHA)

        assert tuple(find_contact(db, contact.id) for contact in contacts) == contacts
        assert find_contact(db, 999) is None


@pytest.mark.parametrize("typed", ["07700 900123", "+44 7700 900123", "0044 (0)7700-900123", "07700.900.123"])
def test_a_number_is_the_same_however_it_is_typed(typed: str) -> None:
    assert digits_of(typed) == "07700900123"


def test_a_setting_holds_from_its_day_and_the_earlier_one_stays(office: Office) -> None:
    with office.database.transaction() as db:
        set_setting(db, "colour", "blue", at=NOW, by=1)
        set_setting(db, "colour", "green", from_day=TODAY, at=NOW, by=1)
        set_setting(db, "colour", "teal", from_day=TODAY, at=NOW, by=1)

        found = [
            load_setting(db, "colour", on=TODAY - timedelta(days=1), default="none"),
            load_setting(db, "colour", on=TODAY, default="none"),
            load_setting(db, "colour", on=None, default="none"),
            load_setting(db, "shape", on=TODAY, default="none"),
        ]

    assert found == ["blue", "teal", "teal", "none"]


def test_the_clock_times_are_the_usual_ones_until_set(office: Office) -> None:
    changed = ClockTimes(first_calls=time(9, 25))
    with office.database.transaction() as db:
        usual = load_clock_times(db)
        save_clock_times(db, changed, at=NOW, by=1)

        assert load_clock_times(db) == changed
    assert (usual.registers_in, usual.police_or_care) == (time(8, 55), time(11, 0))


def test_a_school_year_is_written_in_place_of_the_one_of_its_name(office: Office) -> None:
    year = SchoolYear(
        date(2026, 9, 2), date(2027, 7, 20), (Term(date(2026, 9, 2), date(2027, 7, 20)),),
        frozenset({date(2026, 9, 2)}), (Closure(date(2026, 12, 10), Half.PM),),
    )  # fmt: skip
    with office.database.transaction() as db:
        bank_holidays = load_calendar(db).bank_holidays
        save_school_year(db, year, bank_holidays=[date(2026, 12, 25)])

        calendar = load_calendar(db)

    assert calendar.years == (year,)
    assert calendar.bank_holidays == bank_holidays


def test_a_policy_keeps_every_version_and_the_latest_adopted_holds(tmp_path_factory: pytest.TempPathFactory) -> None:
    office = an_office(tmp_path_factory.mktemp("office"), policies=False)
    with office.database.transaction() as db:
        for day in (1, 8, 20):
            adopt_policy(db, policy_id="ours", document=f"v{day}", adopted_on=date(2026, 11, day), why="", by=1)

        (found,) = list_adopted_policies(db, on=TODAY)

    assert (found.version, found.document) == (2, "v8")
    office.database.close()


def test_the_journal_is_a_chain_that_shows_where_it_was_altered(office: Office) -> None:
    with office.database.transaction() as db:
        for number in range(5):
            write_journal(db, at=NOW, by=1, act="tried", subject="school", details={"n": number, "ł": "é"})
    with office.database.transaction() as db:
        sound = check_journal(db)
        db.execute(text("UPDATE journal SET details = '{\"n\": 9}' WHERE id = 4"))
        altered = check_journal(db)
        db.execute(text("DELETE FROM journal WHERE id = 3"))
        taken_out = check_journal(db)

    assert (sound.entries, sound.ok, sound.broken_at) == (6, True, None)
    assert (altered.ok, altered.broken_at) == (False, 4)
    assert (taken_out.ok, taken_out.broken_at) == (False, 4)


def test_a_moment_without_a_zone_is_never_stored(office: Office) -> None:
    with pytest.raises(Exception, match="without a time zone"), office.database.transaction() as db:
        write_journal(db, at=NOW.replace(tzinfo=None), by=1, act="tried", subject="school", details={})


def test_a_moment_comes_back_as_the_same_moment_in_summer_too(office: Office) -> None:
    summer = datetime(2026, 7, 1, 8, 15, tzinfo=UTC)
    with office.database.transaction() as db:
        add_event(db, pupil_id=LUCJA, event=EVENTS[0], written_at=summer, written_by=None)

        (written,) = list_events(db, pupil_id=LUCJA)

    assert written.written_at == summer
    assert written.written_by_name == ""
