"""Children who are expected, have just started, never came, or did not take up their place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.bereavement import record_death
from cme_desktop.casework.contacts import list_families
from cme_desktop.casework.imports import accept_import, open_import, prepare_import
from cme_desktop.casework.lives import starting_acts as acts
from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.life import Life, LifeFile, LifeRow, StepState
from cme_desktop.casework.lives.new_pupil import (
    AlikeFoundError,
    NewContact,
    NewPupil,
    StartAgreement,
    enter_pupil,
)
from cme_desktop.casework.lives.starting_acts import JoinerWay, Meeting, MissingFact
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_told, undo_last
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.changes import Area
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Destination, Event, EventKind, Recipient, VisitOutcome, With
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.contacts import list_contacts
from cme_desktop.storage.events import list_events
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.storage.pupils import list_all_pupils, list_pupils, load_pupil
from cme_desktop.storage.tables import JournalRow
from tests.office import (
    FIRST_DAY,
    HEAD,
    LUCJA,
    TODAY,
    YESTERDAY,
    add_event_to,
    add_marks,
    add_pupil,
    an_office,
    at,
    seen_by,
)
from tests.office import _upn as upn_of

MONDAY = date(2026, 11, 16)
"""The agreed starting day: the Monday after today."""

BORN = date(2018, 5, 4)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def adopt(office: Office, policy_id: str) -> Office:
    policy = office.paths.resources / "policies" / f"{policy_id}.toml"
    with office.database.transaction() as db:
        adopt_policy(
            db, policy_id=policy_id, document=policy.read_text("utf-8"), adopted_on=date(2026, 9, 1), why="", by=1
        )
    return office


def a_new_pupil(
    *,
    forename: str = "Maja",
    surname: str = "Kowal",
    born: date | None = BORN,
    day: date | None = MONDAY,
    order: date | None = None,
    upn: str = "",
    number: str = "07700 900456",
    agreed_with: str = "mother",
    year_group: YearGroup | None = YearGroup.Y3,
) -> NewPupil:
    return NewPupil(
        forename=forename, surname=surname, born=born, year_group=year_group, class_name="Oak", upn=upn,
        start=StartAgreement(day, TODAY, "Pat Mellor", agreed_with, order_made_on=order),
        last_school="St Anne's, Matlock", contacts=(NewContact(With.MOTHER, "Eva", surname, number),),
    )  # fmt: skip


def on_day(office: Office, day: date, hour: int = 17) -> Office:
    return at(office, datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def flags_of(office: Office, pupil_id: PupilId) -> set[str]:
    roll = load_roll(office)
    record = next((record for record in roll.records if record.pupil.id == pupil_id), None)
    return set() if record is None else {f.rule_id for f in review_pupil(record, roll.judgement, roll.rulebook)}


def row_of(office: Office, pupil_id: PupilId) -> LifeRow | None:
    return next((row for row in load_lives(office).rows[Life.STARTING] if row.pupil_id == pupil_id), None)


def file_of(office: Office, pupil_id: PupilId) -> LifeFile:
    return load_life_file(office, book=load_lives(office), life=Life.STARTING, key=str(pupil_id))


def step(office: Office, pupil_id: PupilId, text: str) -> StepState:
    return next(step.state for step in file_of(office, pupil_id).steps if step.text.startswith(text))


def is_on_roll(office: Office, pupil_id: PupilId) -> bool:
    with office.database.reading() as db:
        return any(pupil.id == pupil_id for pupil in list_pupils(db, on=office.today))


# -- entering --------------------------------------------------------------------------------------------------


def test_a_new_pupil_is_expected_and_comes_on_roll_on_the_agreed_day(office: Office) -> None:
    entered = enter_pupil(office, new=a_new_pupil())

    row = row_of(office, entered.pupil_id)
    assert row is not None
    assert (row.detail, row.when) == ("Expected on Mon 16 Nov", "in 6 days")
    assert entered.changes.touches(Area.PUPILS)
    with office.database.reading() as db:
        (contact,) = list_contacts(db, entered.pupil_id)
        (agreed,) = list_events(db, pupil_id=entered.pupil_id)
        assert check_journal(db).ok
    assert contact.numbers[0].text == "07700 900456"
    assert agreed.event.kind is EventKind.START_AGREED
    assert agreed.details == {"by": "Pat Mellor", "with": "mother", "last_school": "St Anne's, Matlock"}
    assert not is_on_roll(on_day(office, MONDAY - timedelta(days=1)), entered.pupil_id)
    assert is_on_roll(on_day(office, MONDAY), entered.pupil_id)
    assert is_on_roll(on_day(office, MONDAY + timedelta(days=1)), entered.pupil_id)


def test_an_expected_child_has_no_session_that_somebody_should_have_marked(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id

    record = next(record for record in load_roll(office).records if record.pupil.id == pupil_id)

    assert set(record.line) == set(b".")
    assert not flags_of(office, pupil_id) & {"england.register-not-taken", "england.new-pupil-return"}


def test_the_family_of_an_expected_child_is_found_under_contacts(office: Office) -> None:
    enter_pupil(office, new=a_new_pupil())

    assert "Kowal" in {family.surnames for family in list_families(office)}


@pytest.mark.parametrize(
    ("new", "missing"),
    [
        (a_new_pupil(forename=" "), "forename"),
        (a_new_pupil(surname=""), "surname"),
        (a_new_pupil(number=""), "a number"),
        (a_new_pupil(agreed_with=""), "who agreed it"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_saved(office: Office, new: NewPupil, missing: str) -> None:
    with office.database.reading() as db:
        before = len(list_all_pupils(db))

    with pytest.raises(MissingFactsError, match=missing):
        enter_pupil(office, new=new)

    with office.database.reading() as db:
        assert len(list_all_pupils(db)) == before


@pytest.mark.parametrize(
    "new",
    [
        a_new_pupil(upn="B830220100001"),
        a_new_pupil(upn="nonsense"),
        a_new_pupil(number="none"),
        a_new_pupil(born=date(1980, 1, 1)),
        a_new_pupil(born=date(2026, 11, 11)),
        a_new_pupil(day=date(2018, 5, 3)),
    ],
)
def test_a_mistyped_upn_number_or_day_is_refused(office: Office, new: NewPupil) -> None:
    with pytest.raises(BadInputError):
        enter_pupil(office, new=new)


def test_a_child_of_the_same_name_and_birth_date_is_offered_instead_of_a_second_entry(office: Office) -> None:
    first = enter_pupil(office, new=a_new_pupil()).pupil_id

    with pytest.raises(AlikeFoundError) as found:
        enter_pupil(office, new=a_new_pupil(forename="MAJA"))

    assert [alike.pupil_id for alike in found.value.alike] == [first]
    assert "Maja" not in str(found.value)
    another = enter_pupil(office, new=a_new_pupil(), is_another=True).pupil_id
    assert another != first


def test_the_same_name_with_another_birth_date_is_another_child(office: Office) -> None:
    first = enter_pupil(office, new=a_new_pupil()).pupil_id

    second = enter_pupil(office, new=a_new_pupil(born=date(2019, 5, 4))).pupil_id

    assert second != first


def test_a_name_without_a_birth_date_may_be_the_child_in_the_records(office: Office) -> None:
    enter_pupil(office, new=a_new_pupil())

    with pytest.raises(AlikeFoundError):
        enter_pupil(office, new=a_new_pupil(born=None))


def test_no_two_children_share_a_upn(office: Office) -> None:
    with pytest.raises(AlikeFoundError):
        enter_pupil(office, new=a_new_pupil(upn=upn_of(0)))

    with pytest.raises(RefusedError, match="Another pupil has this UPN"):
        enter_pupil(office, new=a_new_pupil(upn=upn_of(0)), is_another=True)


def test_a_child_who_left_and_comes_back_gets_a_new_starting_day(office: Office) -> None:
    gone = add_pupil(office, surname="Kowal", forename="Maja", born=BORN, left_on=date(2026, 10, 23))

    entered = enter_pupil(office, new=a_new_pupil(number="07700 900457"), same_as=gone)

    assert entered.pupil_id == gone
    with office.database.reading() as db:
        pupil = load_pupil(db, gone)
        assert len(list_contacts(db, gone)) == 3
    assert (pupil.starting_day, pupil.left_on, pupil.class_name) == (MONDAY, None, "Oak")
    assert not {flag for flag in flags_of(on_day(office, MONDAY), gone) if "deletion" in flag or "off-roll" in flag}
    undo_last(office)
    with office.database.reading() as db:
        assert load_pupil(db, gone).left_on == date(2026, 10, 23)


def test_taking_a_second_entry_back_puts_everything_back_that_it_wrote_over(office: Office) -> None:
    gone = add_pupil(
        office, surname="Kowal", forename="Maja", born=None, class_name="Beech", left_on=date(2026, 10, 23)
    )
    with office.database.reading() as db:
        before, contacts = load_pupil(db, gone), list_contacts(db, gone)
    new = replace(
        a_new_pupil(upn=upn_of(77)), address="9 Station Road", postcode="DE4 3AA", home_authority="Sheffield"
    )  # fmt: skip
    enter_pupil(office, new=new, same_as=gone)
    with office.database.reading() as db:
        assert load_pupil(db, gone).address == "9 Station Road"
        written = " ".join(f"{row.act} {row.subject} {row.details}" for row in db.query(JournalRow))
    assert "Station Road" not in written
    assert "2018" not in written

    undo_last(office)

    with office.database.reading() as db:
        assert load_pupil(db, gone) == before
        assert list_contacts(db, gone) == contacts


def test_a_child_who_has_died_is_not_entered_again(office: Office) -> None:
    gone = add_pupil(office, surname="Kowal", forename="Maja", born=BORN)
    record_death(
        seen_by(office, HEAD), pupil_id=gone, on=YESTERDAY, told_by="Grandmother", peace_until_day=date(2026, 12, 18)
    )

    with pytest.raises(RefusedError, match="has died"):
        enter_pupil(office, new=a_new_pupil(), same_as=gone)


def test_what_was_open_of_an_earlier_stay_is_no_part_of_the_new_one(office: Office) -> None:
    gone = add_pupil(office, surname="Kowal", forename="Maja", born=BORN, left_on=date(2026, 10, 23))
    said = date(2026, 11, 4)
    add_event_to(
        office, gone,
        Event(EventKind.LEAVING, said, leaving_on=date(2026, 10, 23), destination=Destination.UNKNOWN),
    )  # fmt: skip
    assert "england.unknown-destination" in flags_of(office, gone)

    enter_pupil(office, new=a_new_pupil(), same_as=gone)

    assert "england.unknown-destination" not in flags_of(office, gone)
    assert "england.unknown-destination" not in flags_of(on_day(office, MONDAY), gone)
    undo_last(office)
    assert "england.unknown-destination" in flags_of(office, gone)


def test_a_place_given_up_may_be_taken_up_after_all(office: Office) -> None:
    pupil_id = given_up(office)

    with pytest.raises(RefusedError, match="too early"):
        enter_pupil(office, new=a_new_pupil(day=TODAY), same_as=pupil_id)
    enter_pupil(office, new=a_new_pupil(), same_as=pupil_id)

    assert not flags_of(office, pupil_id) & {"england.unknown-destination"}
    row = row_of(office, pupil_id)
    assert row is not None
    assert row.detail == "Expected on Mon 16 Nov"
    assert is_on_roll(on_day(office, MONDAY), pupil_id)


def test_a_child_on_roll_or_expected_is_not_entered_again(office: Office) -> None:
    expected = enter_pupil(office, new=a_new_pupil()).pupil_id

    with pytest.raises(RefusedError, match="on roll already"):
        enter_pupil(office, new=a_new_pupil(), same_as=LUCJA)
    with pytest.raises(RefusedError, match="expected already"):
        enter_pupil(office, new=a_new_pupil(), same_as=expected)


def test_an_entry_taken_back_at_once_leaves_no_pupil(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id

    changes = undo_last(office)

    assert changes.touches(Area.PUPILS)
    with office.database.reading() as db:
        assert pupil_id not in {pupil.id for pupil in list_all_pupils(db)}


def test_an_entry_about_which_more_is_written_is_not_taken_back(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id
    add_marks(office, pupil_id, "N", MONDAY)

    with pytest.raises(RefusedError, match="can’t be undone"):
        undo_last(office)

    with office.database.reading() as db:
        assert load_pupil(db, pupil_id).starting_day == MONDAY


def test_the_journal_holds_neither_a_name_nor_a_birth_date(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil(born=None)).pupil_id
    acts.supply_fact(office, pupil_id=pupil_id, fact=MissingFact.BORN, day=BORN, source="Birth certificate")

    with office.database.reading() as db:
        said = " ".join(f"{row.subject} {row.details}" for row in db.query(JournalRow))

    assert not {word for word in ("Maja", "Kowal", "2018-05-04", "07700") if word in said}


# -- the starting day --------------------------------------------------------------------------------------------


def test_a_day_that_somebody_else_has_agreed_since_is_not_written_over_by_an_undo(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id
    head = seen_by(office, HEAD)
    for there, days in ((office, 1), (office, 2), (head, 3)):
        start = StartAgreement(MONDAY + timedelta(days=days), TODAY, "Pat Mellor", "mother")
        acts.agree_start(there, pupil_id=pupil_id, start=start, why="The family asked")

    with pytest.raises(RefusedError, match="another day since"):
        undo_last(office)
    with office.database.reading() as db:
        assert load_pupil(db, pupil_id).starting_day == MONDAY + timedelta(days=3)

    for there, days in ((head, 2), (office, 1), (office, 0)):
        undo_last(there)
        with office.database.reading() as db:
            assert load_pupil(db, pupil_id).starting_day == MONDAY + timedelta(days=days)


def test_another_day_is_agreed_before_the_first_has_come_and_the_reason_is_kept(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id
    later = StartAgreement(MONDAY + timedelta(days=7), TODAY, "Pat Mellor", "mother")

    with pytest.raises(MissingFactsError, match="why it is changed"):
        acts.agree_start(office, pupil_id=pupil_id, start=later)
    acts.agree_start(office, pupil_id=pupil_id, start=later, why="The flat is not ready")

    with office.database.reading() as db:
        assert load_pupil(db, pupil_id).starting_day == later.day
        assert list_events(db, pupil_id=pupil_id)[-1].words == "The flat is not ready"
    undo_last(office)
    with office.database.reading() as db:
        assert load_pupil(db, pupil_id).starting_day == MONDAY


@pytest.mark.parametrize(("now", "is_refused"), [(MONDAY - timedelta(days=1), False), (MONDAY, True)])
def test_from_the_starting_day_on_neither_the_day_nor_the_place_is_taken_back(
    office: Office, *, now: date, is_refused: bool
) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id
    then = on_day(office, now)
    moved = StartAgreement(MONDAY + timedelta(days=7), now, "Pat Mellor", "mother")

    def change() -> None:
        acts.agree_start(then, pupil_id=pupil_id, start=moved, why="Asked by the family")

    def give_up() -> None:
        acts.give_up_place(then, pupil_id=pupil_id, said_by="father", where_to="", destination=Destination.UNKNOWN)

    for act in (change, give_up):
        if is_refused:
            with pytest.raises(RefusedError, match="The starting day has come"):
                act()
        else:
            act()


@pytest.mark.parametrize(
    ("marked", "detail", "chip", "step"),
    [
        ({}, "Was to start on Mon 16 Nov, not marked", "Not marked", "First day: not every session marked"),
        (
            {Half.AM: "N"}, "Was to start on Mon 16 Nov, not all marked", "Not marked",
            "First day: not every session marked",
        ),
        ({Half.AM: "N", Half.PM: "N"}, "Was to start on Mon 16 Nov, never came", "Never came", "First day: never came"),
        ({Half.AM: "N", Half.PM: "/"}, "Started on Mon 16 Nov", "Started", "Came to school"),
    ],
)  # fmt: skip
def test_of_a_child_whose_register_is_open_nobody_says_that_the_child_never_came(
    office: Office, marked: dict[Half, str], detail: str, chip: str, step: str
) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id
    for half, code in marked.items():
        add_marks(office, pupil_id, code, MONDAY, half=half)

    file = file_of(on_day(office, MONDAY + timedelta(days=1)), pupil_id)

    assert file.row.detail == detail
    assert chip in file.chips
    assert step in [each.text for each in file.steps]


def test_a_child_who_never_comes_is_on_roll_and_followed_up_from_the_first_session(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id
    before = on_day(office, MONDAY - timedelta(days=1))
    assert "england.never-started" not in flags_of(before, pupil_id)

    add_marks(office, pupil_id, "N", MONDAY)

    first = on_day(office, MONDAY)
    assert {"england.never-started", "england.unexplained-absence"} <= flags_of(first, pupil_id)
    row = row_of(first, pupil_id)
    assert row is not None
    assert row.detail == "Was to start on Mon 16 Nov, never came"
    acts.decide(first, pupil_id=pupil_id, about=acts.NEVER_STARTED, choice="The authority takes it on", reason="Agreed")
    assert "england.never-started" not in flags_of(first, pupil_id)


@pytest.mark.parametrize(
    ("days", "state", "is_overdue"), [(4, StepState.DUE, False), (5, StepState.DUE, False), (6, StepState.LATE, True)]
)
def test_the_new_pupil_return_is_due_on_the_fifth_day_weekends_included(
    office: Office, *, days: int, state: StepState, is_overdue: bool
) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id
    add_marks(office, pupil_id, "/", MONDAY, date(2026, 11, 20))
    then = on_day(office, MONDAY + timedelta(days=days))

    assert step(then, pupil_id, "New pupil return") is state
    flag = next(flag for flag in file_of(then, pupil_id).flags if flag.rule_id == "england.new-pupil-return")
    assert flag.overdue is is_overdue
    acts.send_new_pupil_return(then, pupil_id=pupil_id, on=then.today, reference="NP 114")
    assert "england.new-pupil-return" not in flags_of(then, pupil_id)
    assert step(then, pupil_id, "New pupil return sent, reference NP 114") is StepState.DONE


def test_no_return_is_owed_for_reception_on_the_first_day_of_the_year(office: Office) -> None:
    pupil_id = add_pupil(office, born=date(2022, 2, 1), starting_day=FIRST_DAY, year_group=YearGroup.R)
    add_marks(office, pupil_id, "/", FIRST_DAY, YESTERDAY)

    assert step(office, pupil_id, "New pupil return") is StepState.NOT_NEEDED


def test_a_joiner_in_derbyshire_is_entered_with_the_authority(office: Office) -> None:
    adopt(office, "derbyshire")
    pupil_id = enter_pupil(office, new=a_new_pupil(day=TODAY)).pupil_id
    add_marks(office, pupil_id, "/", TODAY, half=Half.AM)
    assert "derbyshire.in-year-joiner" in flags_of(office, pupil_id)

    acts.enter_joiner(office, pupil_id=pupil_id, way=JoinerWay.SCHOOL2SCHOOL, on=TODAY, reference="s2s 8")

    assert "derbyshire.in-year-joiner" not in flags_of(office, pupil_id)
    assert step(office, pupil_id, "Joiner entered") is StepState.DONE


def test_form_sr2b_settles_the_joiner_too(office: Office) -> None:
    adopt(office, "derbyshire")
    pupil_id = enter_pupil(office, new=a_new_pupil(day=TODAY)).pupil_id

    acts.enter_joiner(office, pupil_id=pupil_id, way=JoinerWay.FORM, on=TODAY)

    assert "derbyshire.in-year-joiner" not in flags_of(office, pupil_id)


@pytest.mark.parametrize(("started", "is_listed"), [(date(2026, 11, 3), True), (date(2026, 10, 23), False)])
def test_who_started_this_half_term_stays_listed(office: Office, *, started: date, is_listed: bool) -> None:
    pupil_id = add_pupil(office, starting_day=started)
    add_marks(office, pupil_id, "/", started, YESTERDAY)
    acts.send_new_pupil_return(office, pupil_id=pupil_id, on=TODAY, reference="")

    assert (row_of(office, pupil_id) is not None) is is_listed


# -- attendance orders -------------------------------------------------------------------------------------------


def test_a_child_under_an_order_is_on_no_register_until_a_start_is_agreed_at_the_meeting(office: Office) -> None:
    adopt(office, "east-sussex")
    pupil_id = enter_pupil(office, new=a_new_pupil(day=None, order=date(2026, 11, 9))).pupil_id
    assert not is_on_roll(office, pupil_id)
    assert {"east-sussex.place-under-order", "east-sussex.pre-admission-meeting"} <= flags_of(office, pupil_id)
    assert "england.missing-fact" not in flags_of(office, pupil_id)

    acts.book_meeting(office, pupil_id=pupil_id, on=date(2026, 11, 12), words="Letter sent")
    assert "east-sussex.pre-admission-meeting" not in flags_of(office, pupil_id)
    after = on_day(office, date(2026, 11, 13))
    assert "east-sussex.pre-admission-meeting" in flags_of(after, pupil_id)
    acts.miss_meeting(after, pupil_id=pupil_id, on=date(2026, 11, 12))
    assert "east-sussex.pre-admission-meeting" in flags_of(after, pupil_id)
    acts.book_meeting(after, pupil_id=pupil_id, on=MONDAY)
    assert "east-sussex.pre-admission-meeting" not in flags_of(after, pupil_id)

    then = on_day(office, MONDAY)
    start = StartAgreement(date(2026, 11, 23), MONDAY, "Dr Ann Teal", "mother")
    acts.hold_meeting(
        then, pupil_id=pupil_id, meeting=Meeting(MONDAY, "Mother came; agreed", start, has_consented=True)
    )

    assert not flags_of(then, pupil_id) & {"east-sussex.place-under-order", "east-sussex.pre-admission-meeting"}
    assert not is_on_roll(on_day(office, date(2026, 11, 22)), pupil_id)
    assert is_on_roll(on_day(office, date(2026, 11, 23)), pupil_id)


def test_a_child_who_does_not_come_after_the_meeting_is_visited_and_a_police_check_decided(office: Office) -> None:
    adopt(office, "east-sussex")
    pupil_id = enter_pupil(office, new=a_new_pupil(order=date(2026, 11, 2))).pupil_id
    add_marks(office, pupil_id, "N", MONDAY)
    then = on_day(office, MONDAY)
    assert "east-sussex.did-not-start" in flags_of(then, pupil_id)

    acts.record_visit(then, pupil_id=pupil_id, on=MONDAY, outcome=VisitOutcome.NO_REPLY, words="Two of us went")
    assert "east-sussex.did-not-start" in flags_of(then, pupil_id)
    assert step(then, pupil_id, "Police check considered") is StepState.DUE
    acts.decide(
        then, pupil_id=pupil_id, about="east-sussex.did-not-start", choice="The police are asked", reason="Not seen"
    )

    assert "east-sussex.did-not-start" not in flags_of(then, pupil_id)


def test_a_revoked_order_asks_for_nothing_more(office: Office) -> None:
    adopt(office, "east-sussex")
    pupil_id = enter_pupil(office, new=a_new_pupil(day=None, order=date(2026, 11, 9))).pupil_id

    acts.record_order(office, pupil_id=pupil_id, kind=EventKind.ORDER_REVOKED, on=TODAY)

    assert "east-sussex.pre-admission-meeting" not in flags_of(office, pupil_id)
    assert step(office, pupil_id, "Attendance order revoked") is StepState.DONE


# -- a place not taken up ----------------------------------------------------------------------------------------


def given_up(office: Office, *, destination: Destination = Destination.UNKNOWN, where_to: str = "") -> PupilId:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id
    acts.give_up_place(
        office, pupil_id=pupil_id, said_by="father, by telephone", where_to=where_to, destination=destination
    )
    return pupil_id


@pytest.mark.parametrize("day", [TODAY, MONDAY - timedelta(days=1), MONDAY, date(2026, 12, 18)])
def test_a_child_who_gave_up_the_place_does_not_vanish_and_never_comes_on_roll(office: Office, day: date) -> None:
    pupil_id = given_up(office)

    then = on_day(office, day)

    assert not is_on_roll(then, pupil_id)
    assert row_of(then, pupil_id) is not None
    raised = flags_of(then, pupil_id)
    assert "england.unknown-destination" in raised
    assert not raised & {
        "england.new-pupil-return", "england.never-started", "england.transfer-file-due", "england.deletion-return",
        "england.missing-fact",
    }  # fmt: skip


def test_the_authority_told_ends_it(office: Office) -> None:
    pupil_id = given_up(office)

    record_told(office, pupils=(pupil_id,), who=Recipient.AUTHORITY_CME, reference="CME 4")

    assert "england.unknown-destination" not in flags_of(office, pupil_id)
    assert row_of(office, pupil_id) is None


def test_a_named_school_must_confirm_before_the_child_leaves_the_list(office: Office) -> None:
    adopt(office, "derbyshire")
    pupil_id = given_up(office, destination=Destination.KNOWN, where_to="Hill Top Primary, Matlock")
    then = on_day(office, date(2026, 11, 11))
    assert "england.arrival-confirmed" in flags_of(then, pupil_id)
    assert not flags_of(then, pupil_id) & {"england.transfer-file-due", "derbyshire.in-year-leaver"}

    acts.record_arrival_elsewhere(
        then, pupil_id=pupil_id, on=then.today, by="Hill Top's office", where="Hill Top Primary"
    )

    assert not flags_of(then, pupil_id) & {"england.arrival-confirmed", "england.unknown-destination"}
    assert row_of(then, pupil_id) is None


def test_giving_up_a_place_needs_who_said_so_and_where_to(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil()).pupil_id

    with pytest.raises(MissingFactsError, match="who said so"):
        acts.give_up_place(office, pupil_id=pupil_id, said_by="", where_to="", destination=Destination.UNKNOWN)
    with pytest.raises(MissingFactsError, match="where the child goes"):
        acts.give_up_place(office, pupil_id=pupil_id, said_by="mother", where_to="", destination=Destination.KNOWN)


def test_a_place_held_without_a_day_can_be_given_up_too(office: Office) -> None:
    pupil_id = enter_pupil(office, new=a_new_pupil(day=None)).pupil_id

    acts.give_up_place(office, pupil_id=pupil_id, said_by="mother", where_to="", destination=Destination.UNKNOWN)

    for day in (TODAY, TODAY + timedelta(days=1), MONDAY):
        assert "england.unknown-destination" in flags_of(on_day(office, day), pupil_id)
        assert not is_on_roll(on_day(office, day), pupil_id)


def test_a_place_given_up_by_mistake_is_put_back(office: Office) -> None:
    pupil_id = given_up(office)

    undo_last(office)

    assert flags_of(office, pupil_id) == {"england.emergency-contacts"}
    assert is_on_roll(on_day(office, MONDAY), pupil_id)


def test_a_leaving_day_before_the_starting_day_that_an_import_brought_is_to_be_checked(office: Office) -> None:
    pupil_id = add_pupil(office, starting_day=MONDAY, left_on=date(2026, 11, 12))

    row = row_of(office, pupil_id)

    assert row is not None
    assert row.detail == "Leaves before the start: check the days"
    assert file_of(office, pupil_id).steps == ()


# -- missing facts -----------------------------------------------------------------------------------------------


def test_a_missing_birth_date_is_supplied_with_its_source(office: Office) -> None:
    pupil_id = add_pupil(office, born=None)
    add_marks(office, pupil_id, "/", FIRST_DAY, YESTERDAY)
    assert "england.missing-fact" in flags_of(office, pupil_id)
    row = row_of(office, pupil_id)
    assert row is not None
    assert row.detail == "Missing: date of birth"

    acts.supply_fact(office, pupil_id=pupil_id, fact=MissingFact.BORN, day=BORN, source="Birth certificate")

    assert "england.missing-fact" not in flags_of(office, pupil_id)
    with pytest.raises(RefusedError, match="recorded already"):
        acts.supply_fact(office, pupil_id=pupil_id, fact=MissingFact.BORN, day=BORN, source="Passport")
    undo_last(office)
    assert "england.missing-fact" in flags_of(office, pupil_id)


@pytest.mark.parametrize(("born", "words"), [
    (date(1918, 5, 4), "not a pupil’s date of birth"), (date(2026, 9, 4), "before the birth"), (date(2026, 9, 3), ""),
])  # fmt: skip
def test_a_date_of_birth_that_no_pupil_of_the_school_can_have_is_not_supplied(
    office: Office, born: date, words: str
) -> None:
    pupil_id = add_pupil(office, born=None)
    if words:
        with pytest.raises(BadInputError, match=words):
            acts.supply_fact(office, pupil_id=pupil_id, fact=MissingFact.BORN, day=born, source="The letter")
    else:
        acts.supply_fact(office, pupil_id=pupil_id, fact=MissingFact.BORN, day=born, source="The letter")

    with office.database.reading() as db:
        assert load_pupil(db, pupil_id).born == (None if words else born)


def test_a_starting_day_before_the_birth_is_neither_supplied_nor_agreed(office: Office) -> None:
    unknown = add_pupil(office, starting_day=None, born=BORN)
    with pytest.raises(BadInputError, match="before the birth"):
        acts.supply_fact(
            office, pupil_id=unknown, fact=MissingFact.STARTING_DAY, day=date(2008, 9, 3), source="The letter"
        )
    expected = enter_pupil(office, new=a_new_pupil()).pupil_id
    start = StartAgreement(date(2008, 9, 3), TODAY, "Pat Mellor", "mother")
    with pytest.raises(BadInputError, match="before the birth"):
        acts.agree_start(office, pupil_id=expected, start=start, why="Sooner")
    with pytest.raises(BadInputError, match="before the birth"):
        acts.hold_meeting(office, pupil_id=expected, meeting=Meeting(TODAY, "Agreed", start))
    with office.database.reading() as db:
        assert EventKind.MEETING_HELD not in {each.event.kind for each in list_events(db, pupil_id=expected)}


def test_a_missing_starting_day_is_supplied(office: Office) -> None:
    pupil_id = add_pupil(office, starting_day=None)
    assert "england.missing-fact" in flags_of(office, pupil_id)

    with pytest.raises(BadInputError, match="still to come"):
        acts.supply_fact(office, pupil_id=pupil_id, fact=MissingFact.STARTING_DAY, day=MONDAY, source="The letter")
    acts.supply_fact(
        office, pupil_id=pupil_id, fact=MissingFact.STARTING_DAY, day=date(2025, 9, 3), source="Last school's file"
    )

    assert "england.missing-fact" not in flags_of(office, pupil_id)


def test_a_pupil_imported_with_a_starting_day_to_come_is_expected(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "pupils.csv"
    file.write_text(
        f"UPN,Legal surname,Legal forename,Date of birth,Year group,Class,Admission date\n"
        f"{upn_of(40)},Kowal,Maja,04/05/2018,3,Oak,16/11/2026\n",
        encoding="utf-8",
    )

    accept_import(office, prepare_import(office, open_import(office, file)))

    row = next(row for row in load_lives(office).rows[Life.STARTING] if row.name == "Maja Kowal")
    assert row.detail == "Expected on Mon 16 Nov"
