"""The roll is read as the rules need it: unknown is not absent, outside is not unknown, and time does not change it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import Roll, load_roll, read_again, reload_record
from cme_desktop.casework.setting_up import NewSchool, set_up
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.calendar import SchoolYear, Term
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.importers.calendars import load_supplied_calendar
from cme_desktop.paths import find_paths
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.calendars import save_school_year
from cme_desktop.storage.pupils import SessionPattern
from cme_desktop.storage.school import load_school, save_school
from tests.office import (
    CALLUM,
    FIRST_DAY,
    LUCJA,
    NOW,
    PASSWORD,
    STARTED,
    TODAY,
    YESTERDAY,
    add_event_to,
    add_marks,
    add_pupil,
    at,
)  # fmt: skip


def record_of(roll: Roll, pupil_id: PupilId) -> PupilRecord:
    return next(record for record in roll.records if record.pupil.id == pupil_id)


def since(roll: Roll, line: bytes, day: date) -> str:
    return line[roll.judgement.calendar.count_sessions_before(day) :].decode("ascii")


def test_a_line_has_a_symbol_for_every_session_due_and_no_more(office: Office) -> None:
    roll = load_roll(office)

    line = record_of(roll, LUCJA).line

    assert len(line) == roll.judgement.sessions_due()
    assert since(roll, line, date(2026, 11, 9)) == "/\\/"


def test_a_mark_counts_only_once_its_register_is_due(office: Office) -> None:
    early = load_roll(at(office, NOW.replace(hour=9, minute=10)))
    after = load_roll(at(office, NOW.replace(hour=13, minute=30)))

    assert since(early, record_of(early, LUCJA).line, TODAY) == ""
    assert since(after, record_of(after, LUCJA).line, TODAY) == "/?"


def test_a_session_nobody_marked_is_unknown_not_absent(office: Office) -> None:
    pupil_id = add_pupil(office, starting_day=date(2026, 11, 9))
    add_marks(office, pupil_id, "/", date(2026, 11, 9), half=Half.AM)

    roll = load_roll(office)

    assert since(roll, record_of(roll, pupil_id).line, date(2026, 11, 6)) == "../??"


def test_sessions_after_leaving_are_outside(office: Office) -> None:
    pupil_id = add_pupil(office, left_on=date(2026, 11, 6))
    add_marks(office, pupil_id, "/", date(2026, 11, 5), date(2026, 11, 6))

    roll = load_roll(office, at=datetime.combine(date(2026, 11, 6), time.max))

    assert since(roll, record_of(roll, pupil_id).line, date(2026, 11, 5)) == "/\\/\\"
    assert pupil_id not in {pupil.id for pupil in load_roll(office).on_roll}


def test_a_child_whose_leaving_only_an_import_says_does_not_go_quiet(office: Office) -> None:
    pupil_id = add_pupil(office, left_on=YESTERDAY, starting_day=STARTED)
    add_marks(office, pupil_id, "/", FIRST_DAY, YESTERDAY)

    roll = load_roll(office)

    flags = {flag.rule_id for flag in review_pupil(record_of(roll, pupil_id), roll.judgement, roll.rulebook)}
    assert {"england.deletion-return", "england.unknown-destination"} <= flags


def test_a_child_on_the_last_day_on_roll_has_not_left_yet(office: Office) -> None:
    pupil_id = add_pupil(office, left_on=TODAY, starting_day=STARTED)
    add_marks(office, pupil_id, "/", FIRST_DAY, TODAY)

    roll = load_roll(office)

    assert pupil_id in {pupil.id for pupil in roll.on_roll}
    assert review_pupil(record_of(roll, pupil_id), roll.judgement, roll.rulebook) == ()


def test_a_child_who_left_before_the_records_begin_is_not_followed_for_a_leaving_date_alone(office: Office) -> None:
    pupil_id = add_pupil(office, left_on=date(2026, 9, 2), starting_day=STARTED)

    assert pupil_id not in {record.pupil.id for record in load_roll(office).records}


def test_a_child_who_was_removed_is_followed_until_somebody_has_them(office: Office) -> None:
    pupil_id = add_pupil(office, left_on=date(2026, 11, 6), starting_day=STARTED)
    add_marks(office, pupil_id, "/", date(2026, 11, 2), date(2026, 11, 4))
    add_marks(office, pupil_id, "O", date(2026, 11, 5), date(2026, 11, 6))
    before = len(load_roll(office).on_roll)
    add_event_to(office, pupil_id, Event(EventKind.REMOVED, date(2026, 11, 6), ground="g"))

    roll = load_roll(office)

    record = record_of(roll, pupil_id)
    flags = {flag.rule_id for flag in review_pupil(record, roll.judgement, roll.rulebook)}
    assert flags == {"england.deletion-return", "england.unknown-destination"}
    assert len(roll.on_roll) == before
    assert pupil_id not in {pupil.id for pupil in roll.on_roll}


def test_a_child_who_left_two_years_ago_is_not_read_each_morning(office: Office) -> None:
    pupil_id = add_pupil(office, left_on=date(2025, 3, 6), starting_day=date(2024, 9, 3))
    add_event_to(office, pupil_id, Event(EventKind.REMOVED, date(2025, 3, 6), ground="g"))

    assert pupil_id not in {record.pupil.id for record in load_roll(office).records}


def test_sessions_outside_the_agreed_pattern_are_never_unknown(office: Office) -> None:
    mornings = SessionPattern.read(date(2026, 9, 3), None, "mon-am tue-am wed-am thu-am fri-am")
    pupil_id = add_pupil(office, patterns=(mornings,))
    add_marks(office, pupil_id, "/", date(2026, 11, 5), date(2026, 11, 6), half=Half.AM)

    roll = load_roll(office)

    assert since(roll, record_of(roll, pupil_id).line, date(2026, 11, 5)) == "/./.?.?"


def test_the_codes_of_two_letters_have_a_symbol_of_their_own(office: Office) -> None:
    add_marks(office, LUCJA, "C2", date(2026, 11, 9))

    roll = load_roll(office)

    assert since(roll, record_of(roll, LUCJA).line, date(2026, 11, 9)) == "22/"


def test_a_contact_with_a_dead_number_does_not_work_for_the_rules(office: Office) -> None:
    roll = load_roll(office)

    assert [contact.works for contact in record_of(roll, LUCJA).contacts] == [True, True]
    assert [contact.works for contact in record_of(roll, CALLUM).contacts] == [False]


def test_what_happened_after_the_moment_judged_is_not_known_yet(office: Office) -> None:
    add_event_to(office, LUCJA, Event(EventKind.MISSING, TODAY, time(8, 0)))
    add_event_to(office, LUCJA, Event(EventKind.FOUND, TODAY, time(9, 50)))

    known = record_of(load_roll(office), LUCJA).events
    later = record_of(load_roll(at(office, NOW.replace(hour=10))), LUCJA).events

    assert [event.kind for event in known] == [EventKind.MISSING]
    assert [event.kind for event in later] == [EventKind.MISSING, EventKind.FOUND]


def test_one_pupil_read_again_is_what_a_whole_reading_gives(office: Office) -> None:
    roll = load_roll(office)
    add_marks(office, LUCJA, "O", date(2026, 11, 2), TODAY)
    add_event_to(office, LUCJA, Event(EventKind.MISSING, TODAY, time(8, 0)))

    reread = reload_record(office, roll, LUCJA)

    assert reread.records == load_roll(office).records
    assert record_of(reread, LUCJA) != record_of(roll, LUCJA)


def test_what_is_saved_minutes_after_the_roll_was_read_is_in_it_once_read_again(office: Office) -> None:
    roll = load_roll(office)
    later = at(office, NOW + timedelta(minutes=7))
    add_event_to(office, LUCJA, Event(EventKind.MISSING, TODAY, time(9, 45)))

    again = read_again(later, roll, {LUCJA})

    assert [event.kind for event in record_of(again, LUCJA).events] == [EventKind.MISSING]
    assert again.judgement.at == later.local_now
    assert again.records == load_roll(later).records


@pytest.mark.parametrize(("minutes", "is_due"), [(-1, False), (0, True), (24 * 60, True)])
def test_where_a_session_has_become_due_meanwhile_everybody_is_read_again(
    office: Office, minutes: int, *, is_due: bool
) -> None:
    roll = load_roll(office)
    afternoon = datetime.combine(TODAY, roll.judgement.afternoon, tzinfo=UTC)
    later = at(office, afternoon + timedelta(minutes=minutes))
    add_marks(office, CALLUM, "O", YESTERDAY)

    again = read_again(later, roll, {LUCJA})

    assert (record_of(again, CALLUM) != record_of(roll, CALLUM)) is is_due
    assert not is_due or again.records == load_roll(later).records


def test_an_absence_that_reaches_back_over_the_summer_is_read_whole(office: Office) -> None:
    year_before = SchoolYear(date(2025, 9, 1), date(2026, 7, 20), (Term(date(2025, 9, 1), date(2026, 7, 20)),))
    with office.database.transaction() as db:
        save_school_year(db, year_before)
        save_school(db, load_school(db).with_records_from(date(2025, 9, 1)))
    away = add_pupil(office, starting_day=date(2025, 9, 1))
    add_marks(office, away, "/", date(2025, 9, 1), date(2026, 7, 10))
    add_marks(office, away, "O", date(2026, 7, 13), TODAY)

    roll = load_roll(office)

    whole = record_of(roll, away).line
    last_weeks, this_year = date(2026, 7, 10), date(2026, 9, 3)
    assert since(roll, whole, last_weeks)[:4] == "/\\OO"
    assert set(since(roll, whole, this_year)) == {"O"}
    assert reload_record(office, roll, away).records == roll.records


def test_an_absence_that_reaches_back_over_two_summers_is_read_whole_and_one_who_left_to_the_last_day(
    office: Office,
) -> None:
    with office.database.transaction() as db:
        for start in (2024, 2025):
            days = (date(start, 9, 1), date(start + 1, 7, 20))
            save_school_year(db, SchoolYear(*days, (Term(*days),)))
        save_school(db, load_school(db).with_records_from(date(2024, 9, 1)))
    away = add_pupil(office, starting_day=date(2024, 9, 1))
    add_marks(office, away, "/", date(2024, 9, 2), date(2025, 7, 11))
    add_marks(office, away, "O", date(2025, 7, 14), TODAY)
    gone = add_pupil(office, starting_day=date(2024, 9, 1), left_on=date(2026, 7, 20))
    add_marks(office, gone, "/", date(2025, 9, 1), date(2026, 7, 20))

    roll = load_roll(office)

    line = record_of(roll, away).line
    assert since(roll, line, date(2025, 7, 11))[:4] == "/\\OO"
    assert set(since(roll, line, date(2025, 7, 14))) == {"O"}
    assert since(roll, record_of(roll, gone).line, date(2026, 7, 20))[:2] == "/\\"


def test_before_any_mark_is_brought_in_no_session_of_the_past_is_unknown(tmp_path: Path) -> None:
    paths = find_paths(tmp_path / "school")
    years = load_supplied_calendar(paths.resources, "test-2026-27").years
    new = NewSchool(
        name="Larkfield Primary School", laestab="8302201", urn="112500", years=years, user_name="Pat Mellor",
        user_role=Role.OFFICE, password=PASSWORD,
    )  # fmt: skip
    office = set_up(paths, new, now=lambda: NOW).office
    pupil_id = add_pupil(office)

    before = load_roll(office)
    add_marks(office, pupil_id, "/", date(2026, 11, 6))
    begun = load_roll(office)

    assert set(record_of(before, pupil_id).line[:-1]) == set(b".")
    assert since(before, record_of(before, pupil_id).line, TODAY) == "?"
    assert since(begun, record_of(begun, pupil_id).line, date(2026, 11, 5)) == "../\\???"
    office.database.close()


def test_an_n_that_still_stands_from_last_school_year_is_read(office: Office) -> None:
    last_year = SchoolYear(date(2025, 9, 1), date(2026, 7, 20), (Term(date(2025, 9, 1), date(2026, 7, 20)),))
    with office.database.transaction() as db:
        save_school_year(db, last_year)
        save_school(db, load_school(db).with_records_from(date(2025, 9, 1)))
    pupil = add_pupil(office, starting_day=date(2025, 9, 1))
    add_marks(office, pupil, "N", date(2025, 11, 3), date(2025, 11, 3))
    add_marks(office, pupil, "/", date(2026, 9, 3), TODAY)

    roll = load_roll(office)

    line = record_of(roll, pupil).line
    first = roll.judgement.calendar.count_sessions_before(date(2025, 11, 3))
    assert [index for index, symbol in enumerate(line) if symbol == ord("N")] == [first, first + 1]
    assert reload_record(office, roll, pupil).records == roll.records
