"""What is due, what is kept and why, holds, and what a person decides after looking."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from cme_desktop.casework.call_card import load_call_card
from cme_desktop.casework.cases import load_case, open_case
from cme_desktop.casework.circumstances import add_circumstance
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.keeping.disposal import draw_up_disposal
from cme_desktop.casework.keeping.holds import (
    SOURCES,
    all_holds,
    holds_on,
    lift_hold,
    load_hold_choices,
    load_hold_words,
    set_hold,
)
from cme_desktop.casework.keeping.looking import KeepingRow, decide_on_record, load_keeping
from cme_desktop.casework.lives.removal_acts import propose_removal
from cme_desktop.casework.papers import keep_paper
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.register import set_mark
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.keeping import HoldGround
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.retention import RecordKind, Standing
from tests.keeping import add_closed_case, add_long_gone, add_old_marks, seen, then
from tests.office import HEAD, LEAD, LUCJA, TODAY, TOMASZ, YESTERDAY, add_event_to, add_marks, add_pupil, seen_by

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import PupilId

DAY = timedelta(days=1)
SIX_YEARS_AGO = date(2020, 11, 9)
"""The latest day an entry may have been made that is due today, 10 November 2026."""


@pytest.fixture
def head(office: Office) -> Office:
    return seen_by(office, HEAD)


def rows(office: Office, kind: RecordKind) -> tuple[KeepingRow, ...]:
    return tuple(row for row in load_keeping(office).rows if row.kind is kind)


def standings(office: Office, kind: RecordKind) -> list[Standing]:
    return [row.judged.standing for row in rows(office, kind)]


# -- register entries ------------------------------------------------------------------------------------------------


def test_each_entry_of_the_register_falls_due_six_years_after_it_was_made(head: Office) -> None:
    add_old_marks(head, LUCJA, SIX_YEARS_AGO - DAY * 7, SIX_YEARS_AGO + DAY * 7)

    (before,) = rows(then(head, TODAY - DAY), RecordKind.REGISTER_ENTRY)
    (today,) = rows(head, RecordKind.REGISTER_ENTRY)
    (after,) = rows(then(head, TODAY + DAY), RecordKind.REGISTER_ENTRY)

    assert [row.judged.record.size for row in (before, today, after)] == [5, 6, 7]
    assert today.judged.standing is Standing.DUE
    assert today.judged.record.start == SIX_YEARS_AGO


def test_an_old_mark_that_came_in_later_runs_from_the_day_it_came_in(head: Office) -> None:
    add_old_marks(head, LUCJA, SIX_YEARS_AGO, SIX_YEARS_AGO)
    with head.database.transaction() as db:
        db.execute(text("UPDATE import_batch SET made_at = '2021-01-05 09:00:00.000000' WHERE id > 1"))

    assert rows(head, RecordKind.REGISTER_ENTRY) == ()
    (row,) = rows(then(head, date(2027, 1, 6)), RecordKind.REGISTER_ENTRY)
    assert row.judged.record.start == date(2021, 1, 5)


def test_a_correction_stays_six_years_from_its_own_day(head: Office) -> None:
    session = SchoolSession(YESTERDAY, Half.AM)
    set_mark(head, pupil_id=LUCJA, session=session, code=AttendanceCode.ILLNESS, reason="A letter came.")

    assert rows(then(head, date(2026, 11, 11)), RecordKind.CORRECTION) == ()


def test_an_n_that_stands_of_a_child_on_the_register_is_kept_and_of_one_who_left_is_not(head: Office) -> None:
    gone = add_long_gone(head)
    for pupil in (LUCJA, gone):
        add_old_marks(head, pupil, SIX_YEARS_AGO, SIX_YEARS_AGO, letter="N")

    sizes = {row.judged.record.pupil_id: row.judged.record.size for row in rows(head, RecordKind.REGISTER_ENTRY)}

    assert LUCJA not in sizes
    assert sizes[gone] == 5 + 1


def test_an_absence_that_reaches_back_to_old_entries_keeps_them(head: Office) -> None:
    never_came = add_pupil(head, surname="Farrow", starting_day=date(2020, 9, 2))
    add_old_marks(head, never_came, SIX_YEARS_AGO - DAY * 3, SIX_YEARS_AGO, letter="O")

    (row,) = rows(head, RecordKind.REGISTER_ENTRY)

    assert row.judged.standing is Standing.HELD
    assert "reaches back" in row.judged.why


# -- letters, cases, files -------------------------------------------------------------------------------------------


def test_a_letter_about_leave_is_kept_for_its_school_year_and_two_more(head: Office) -> None:
    last_to_go, first_to_stay = then(head, date(2024, 8, 31)), then(head, date(2024, 9, 1))
    keep_paper(first_to_stay, pupil_id=LUCJA, about="leave-8", title="Letter", file_name="a.txt", content=b"thanks")
    keep_paper(last_to_go, pupil_id=LUCJA, about="leave-7", title="Letter", file_name="a.txt", content=b"please")
    keep_paper(last_to_go, pupil_id=LUCJA, about="removal:7", title="Form", file_name="b.txt", content=b"form")

    assert standings(head, RecordKind.ABSENCE_LETTER) == [Standing.DUE]


def test_a_closed_case_is_looked_at_six_years_after_it_was_closed(head: Office) -> None:
    gone = add_long_gone(head)
    add_closed_case(head, gone, closed_on=SIX_YEARS_AGO)

    assert rows(then(head, TODAY - DAY), RecordKind.CASE_FILE) == ()
    (row,) = rows(head, RecordKind.CASE_FILE)
    assert (row.judged.standing, row.name) == (Standing.TO_REVIEW, "Zebedee Quillfeather")
    assert row.case_number


def test_a_file_of_a_child_who_left_waits_for_its_youngest_entry(head: Office) -> None:
    gone = add_long_gone(head)
    assert standings(head, RecordKind.PUPIL_FILE) == [Standing.TO_REVIEW]

    add_event_to(then(head, date(2022, 5, 4)), gone, Event(EventKind.NOTE, date(2022, 5, 4)), words="A letter came.")

    assert standings(head, RecordKind.PUPIL_FILE) == []


def test_content_of_protection_is_never_due_by_itself_and_its_child_is_25_before_anybody_looks(head: Office) -> None:
    gone = add_long_gone(head)  # born on 29 February 2008
    add_circumstance(then(head, date(2019, 1, 8)), pupil_id=gone, name=Circumstance.CHILD_PROTECTION_PLAN)

    on_the_day, after = (load_keeping(then(head, day)) for day in (date(2033, 3, 1), date(2033, 3, 2)))

    assert [row for row in on_the_day.rows if row.kind in {RecordKind.SAFEGUARDING, RecordKind.PUPIL_FILE}] == []
    assert [row.judged.standing for row in after.rows if row.kind is RecordKind.SAFEGUARDING] == [Standing.TO_REVIEW]


def test_without_a_date_of_birth_it_is_a_finding(head: Office) -> None:
    gone = add_pupil(head, surname="Farrow", born=None, left_on=date(2010, 7, 1), starting_day=date(2008, 9, 1))
    add_circumstance(head, pupil_id=gone, name=Circumstance.SECTION_47)

    found = {row.judged.record.pupil_id: row for row in rows(head, RecordKind.SAFEGUARDING)}

    assert found[gone].judged.standing is Standing.UNKNOWN
    assert "date of birth" in found[gone].judged.why


# -- holds -----------------------------------------------------------------------------------------------------------


def held_because(office: Office, pupil: PupilId) -> str:
    row = next(row for row in rows(office, RecordKind.PUPIL_FILE) if row.judged.record.pupil_id == pupil)
    return row.judged.why if row.judged.standing is Standing.HELD else ""


def test_a_hold_on_a_pupil_keeps_everything_about_the_child_until_it_is_lifted(head: Office) -> None:
    gone, other = add_long_gone(head), add_long_gone(head, forename="Ottilie")
    set_hold(head, pupil_id=gone, ground=HoldGround.COURT, reason="A claim was announced.")

    assert held_because(head, gone) == (
        "Held since Tue 10 Nov 2026. A court case, or one that is likely: A claim was announced."
    )
    assert held_because(head, other) == ""
    assert load_hold_words(head, pupil_id=gone) == (
        "Held since Tue 10 Nov 2026: nothing about this child is disposed of."
    )
    (hold,) = load_keeping(head).holds
    lift_hold(head, hold_id=hold.hold.id, reason="The claim was withdrawn.")

    assert held_because(head, gone) == ""
    assert load_hold_words(head, pupil_id=gone) == ""
    (lifted,) = load_keeping(head).holds
    assert (lifted.hold.stands, lifted.hold.lifted_reason) == (False, "The claim was withdrawn.")
    said = [line.said for line in load_journal(head).lines[:2]]
    assert said == ["Lifted a hold", "Held records: nothing of them is disposed of"]


def test_a_hold_is_shown_on_the_child_and_on_the_case(head: Office) -> None:
    add_marks(head, LUCJA, "O", TODAY)
    case = open_case(head, pupil_id=LUCJA, why="Gone.").case_id
    assert not load_case(head, case).is_held
    assert "Records held" not in {chip.text for chip in load_call_card(head, LUCJA).chips}

    set_hold(head, case_id=case, ground=HoldGround.COURT, reason="A claim was announced.")

    assert load_case(head, case).is_held
    assert "Records held" in {chip.text for chip in load_call_card(head, LUCJA).chips}
    assert "Records held" not in {chip.text for chip in load_call_card(head, TOMASZ).chips}


def test_a_hold_may_be_set_on_anybody_in_the_records(head: Office) -> None:
    gone = add_long_gone(head)
    case = open_case(head, pupil_id=LUCJA, why="Gone.")

    choices = load_hold_choices(head)

    assert (gone, "Quillfeather, Zebedee, not on the register") in choices.pupils
    assert (LUCJA, "Wiśniewska, Łucja, Oak") in choices.pupils
    assert choices.cases == ((case.case_id, f"{case.number}, Wiśniewska, Łucja"),)


def test_a_hold_on_the_whole_school_keeps_everybody_s(head: Office) -> None:
    gone = add_long_gone(head)
    set_hold(head, ground=HoldGround.INQUIRY, reason="A national inquiry asks for it.")

    assert held_because(head, gone).startswith("The whole school is held since")
    assert load_keeping(head).standing(Standing.DUE) == ()


def test_a_hold_on_a_case_keeps_everything_about_its_child(head: Office) -> None:
    gone = add_long_gone(head)
    case = add_closed_case(head, gone, closed_on=SIX_YEARS_AGO)
    set_hold(head, case_id=case, ground=HoldGround.COMPLAINT, reason="The family complains.")

    assert {row.judged.standing for row in load_keeping(head).rows} == {Standing.HELD}


def test_what_is_open_holds_by_itself(head: Office) -> None:
    with head.database.reading() as db:
        assert holds_on(db, LUCJA) == ()
    open_case(head, pupil_id=LUCJA, why="Gone.")
    propose_removal(head, pupil_id=LUCJA, ground_id="registered-elsewhere", day=TODAY + DAY)

    with head.database.reading() as db:
        said = [hold.why for hold in holds_on(db, LUCJA)]

    assert len(said) == 2
    assert said[0].startswith("Case ")
    assert "removal" in said[1]


def test_every_source_reads_the_records_in_the_transaction_given(head: Office) -> None:
    with head.database.reading() as db:
        assert tuple(hold for source in SOURCES for hold in source(db)) == all_holds(db)


def test_a_hold_needs_a_reason_and_the_head_or_the_lead(office: Office) -> None:
    with pytest.raises(NotYoursError):
        set_hold(office, ground=HoldGround.OTHER, reason="Because.")
    with pytest.raises(MissingFactsError):
        set_hold(seen_by(office, LEAD), ground=HoldGround.OTHER, reason=" ")
    set_hold(seen_by(office, LEAD), ground=HoldGround.OTHER, reason="Because.")


def test_the_office_reads_that_something_is_held_and_not_why(office: Office) -> None:
    head = seen_by(office, HEAD)
    gone = add_long_gone(office)
    set_hold(head, pupil_id=gone, ground=HoldGround.ALLEGATION, reason="Said to have been hurt.")

    assert "hurt" not in repr(load_keeping(office))
    assert held_because(office, gone) == "Held since Tue 10 Nov 2026."


def test_the_office_does_not_read_whose_file_has_content_of_protection(office: Office) -> None:
    gone = add_pupil(office, surname="Farrow", born=None, left_on=date(2010, 7, 1), starting_day=date(2008, 9, 1))
    add_circumstance(seen_by(office, HEAD), pupil_id=gone, name=Circumstance.SECTION_47)

    read = load_keeping(office)

    assert [row for row in read.rows if row.kind is RecordKind.SAFEGUARDING] == []
    assert read.others_keep


# -- deciding --------------------------------------------------------------------------------------------------------


def test_a_person_decides_of_each_file_and_the_list_follows(head: Office) -> None:
    add_long_gone(head)
    (row,) = rows(head, RecordKind.PUPIL_FILE)
    with pytest.raises(MissingFactsError):
        decide_on_record(head, row=row, may_go=True, reason="")
    with pytest.raises(RefusedError):
        decide_on_record(head, row=row, may_go=False, reason="Wait.", until_day=TODAY)

    decide_on_record(head, row=row, may_go=False, reason="A sister still comes.", until_day=TODAY + DAY)
    assert standings(head, RecordKind.PUPIL_FILE) == [Standing.HELD]
    with pytest.raises(RefusedError, match="nothing to decide"):
        decide_on_record(head, row=rows(head, RecordKind.PUPIL_FILE)[0], may_go=True, reason="Looked through.")

    later = then(head, TODAY + DAY * 2)
    (row,) = rows(later, RecordKind.PUPIL_FILE)
    assert row.judged.standing is Standing.TO_REVIEW
    decide_on_record(later, row=row, may_go=True, reason="Looked through.")
    assert standings(later, RecordKind.PUPIL_FILE) == [Standing.DUE]


def test_a_file_goes_with_the_last_of_its_records(head: Office) -> None:
    gone = add_long_gone(head)
    add_closed_case(head, gone, closed_on=date(2019, 7, 2))
    (row,) = rows(head, RecordKind.PUPIL_FILE)

    assert (row.judged.standing, row.judged.why) == (
        Standing.HELD, "Another record of this child is kept: the file goes with the last of them.",
    )  # fmt: skip


def test_a_governor_and_a_caretaker_read_none_of_it(office: Office) -> None:
    for role in (Role.GOVERNOR, Role.CARETAKER):
        with pytest.raises(NotYoursError):
            load_keeping(seen(office, role))
        with pytest.raises(NotYoursError):
            draw_up_disposal(seen(office, role))


def test_in_a_school_that_began_lately_nothing_is_due(office: Office) -> None:
    assert load_keeping(office).rows == ()
    with pytest.raises(RefusedError, match="Nothing is due"):
        draw_up_disposal(office)
