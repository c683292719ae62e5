"""The made-up school looks like a school, and has in it what the program is there to find."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from cme_desktop.casework.made_up.term_dates import make_calendar
from cme_desktop.casework.made_up_school import MadeUpSchool, find_this_morning, make_up_school, open_demo
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.people import find_person
from cme_desktop.casework.roll import Roll, load_roll
from cme_desktop.domain.attendance import CODE_OF_LETTER
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import Upn
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.paths import find_paths
from cme_desktop.policy.review import review
from cme_desktop.storage.contacts import load_contacts_by_pupil
from cme_desktop.storage.marks import load_marks
from cme_desktop.storage.pupils import list_all_pupils

PASSWORD = "three odd words"
FRIDAY = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    paths = find_paths(tmp_path_factory.mktemp("made-up"))
    made = make_up_school(paths, MadeUpSchool(pupils=210, years=2, seed=7), password=PASSWORD, now=lambda: FRIDAY)
    yield made.office
    made.office.database.close()


@pytest.fixture(scope="module")
def roll(office: Office) -> Roll:
    return load_roll(office)


def test_the_clock_of_a_made_up_school_stands_on_a_school_morning(office: Office) -> None:
    saturday = find_this_morning(datetime(2026, 11, 21, 12, 0, tzinfo=UTC))
    before_school = find_this_morning(datetime(2026, 11, 20, 6, 0, tzinfo=UTC))
    summer = find_this_morning(datetime(2026, 8, 14, 12, 0, tzinfo=UTC))

    assert office.local_now == datetime(2026, 11, 20, 9, 12)  # noqa: DTZ001  the wall's clock has no zone
    assert saturday == datetime(2026, 11, 20, 9, 12, tzinfo=UTC)
    assert before_school == datetime(2026, 11, 19, 9, 12, tzinfo=UTC)
    assert summer < datetime(2026, 7, 25, tzinfo=UTC)


def test_every_made_up_year_has_190_days_and_no_problem() -> None:
    calendar = make_calendar(first=2019, last=2027)

    assert [calendar.count_school_days(year) for year in calendar.years] == [190] * 9
    assert [year.problems() for year in calendar.years] == [()] * 9


def test_as_many_as_wanted_are_on_roll_in_classes_of_a_primary_school(roll: Roll) -> None:
    classes = Counter(pupil.class_name for pupil in roll.on_roll)

    assert len(roll.on_roll) == 210
    assert len(classes) == 7
    assert set(classes.values()) == {30}


def test_nobody_was_lost_among_those_who_left(roll: Roll) -> None:
    leavers = [record for record in roll.records if record.pupil.left_on is not None]

    assert len(leavers) == 30
    assert review(leavers, roll.judgement, roll.rulebook) == ()


def test_absence_is_near_the_national_rates(office: Office) -> None:
    with office.database.reading() as db:
        marks = load_marks(db, first=date(2025, 9, 1), last=date(2026, 7, 31))
    facts = [CODE_OF_LETTER[letter].facts for _, _, letter in marks]
    possible = Counter(pupil for (_, pupil, _), fact in zip(marks, facts, strict=True) if fact.possible)
    absent = Counter(pupil for (_, pupil, _), fact in zip(marks, facts, strict=True) if fact.possible and fact.absence)

    rate = sum(absent.values()) / sum(possible.values())
    persistent = sum(absent[pupil] >= possible[pupil] / 10 for pupil in possible) / len(possible)

    assert 0.042 < rate < 0.065
    assert 0.08 < persistent < 0.20


def test_families_have_siblings_and_numbers_kept_free_for_fiction(office: Office, roll: Roll) -> None:
    families = Counter(pupil.family_id for pupil in roll.pupils.values())
    with office.database.reading() as db:
        numbers = {
            number.digits
            for contacts in load_contacts_by_pupil(db).values()
            for contact in contacts
            for number in contact.numbers
        }

    assert sum(count > 1 for count in families.values()) > 20
    assert all(number.startswith(("07700900", "01632960")) and len(number) == 11 for number in numbers)


def test_every_made_up_upn_is_well_formed(office: Office) -> None:
    with office.database.reading() as db:
        upns = [pupil.upn for pupil in list_all_pupils(db) if pupil.upn]

    assert [str(Upn.parse(upn)) for upn in upns] == upns
    assert sum(Upn.parse(upn).is_temporary for upn in upns) == 1


def test_the_planted_cases_are_found(roll: Roll) -> None:
    raised = {flag.rule_id for flag in review(roll.records, roll.judgement, roll.rulebook)}

    assert {
        "england.twenty-days",
        "england.attendance-return",
        "england.leave-not-returned",
        "england.never-started",
        "england.looked-after-told",
        "england.unexplained-absence",
        "england.register-not-taken",
        "england.unresolved-n",
        "england.sickness-approaching",
        "england.emergency-contacts",
        "aspire-academy.day-1-visit",
    } <= raised


def test_one_class_has_no_register_this_morning(roll: Roll) -> None:
    unmarked = {roll.pupils[record.pupil.id].class_name for record in roll.records if record.line.endswith(b"?")}

    assert len(unmarked) == 1


def test_somebody_must_not_be_rung_and_somebodys_number_is_dead(office: Office, roll: Roll) -> None:
    with office.database.reading() as db:
        contacts = [one for theirs in load_contacts_by_pupil(db).values() for one in theirs]
    noted = {dated.name for pupil in roll.pupils.values() for dated in pupil.circumstances}

    assert sum(contact.do_not_contact for contact in contacts) == 1
    assert sum(not contact.works for contact in contacts) == 1
    assert {Circumstance.LOOKED_AFTER, Circumstance.PART_TIME_TIMETABLE, Circumstance.DUAL_REGISTERED} <= noted


@pytest.mark.parametrize("wanted", [MadeUpSchool(pupils=3), MadeUpSchool(years=0), MadeUpSchool(years=9)])
def test_a_school_of_an_odd_size_is_refused(tmp_path_factory: pytest.TempPathFactory, wanted: MadeUpSchool) -> None:
    paths = find_paths(tmp_path_factory.mktemp("odd"))

    with pytest.raises(BadInputError, match="size"):
        make_up_school(paths, wanted, password=PASSWORD, now=lambda: FRIDAY)

    assert not paths.records.exists()


def test_the_demonstration_is_made_once_a_day_and_opens_with_the_shown_password(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    paths = find_paths(tmp_path_factory.mktemp("demo"))
    first = open_demo(paths, now=FRIDAY)
    made = paths.records.stat().st_mtime_ns

    again = open_demo(paths, now=FRIDAY.replace(hour=15))

    assert again == first
    assert paths.records.stat().st_mtime_ns == made
    person = find_person(paths, "Dr Ann Teal")
    open_office(paths, user_id=person.id, password=first.password, now=lambda: FRIDAY).database.close()
