"""A child dies: the head writes it down once, everything falls silent, and the family is left in peace for a time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cme_desktop.casework.bereavement import leave_in_peace, record_death
from cme_desktop.casework.call_card import load_call_card
from cme_desktop.casework.cases import list_cases, open_case
from cme_desktop.casework.contacts import list_families, load_contact_list
from cme_desktop.casework.lives.book import load_lives
from cme_desktop.casework.lives.leave_acts import Request, request_leave
from cme_desktop.casework.lives.leaving_acts import confirm_place, tell_leaving
from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.lives.missing import report_missing
from cme_desktop.casework.lives.new_pupil import NewContact, NewPupil, StartAgreement, enter_pupil
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import add_step, undo_last
from cme_desktop.casework.register import load_register, mark_rest_present
from cme_desktop.casework.register_cells import CellState
from cme_desktop.casework.text_batch import plan_text_batch, record_text_batch
from cme_desktop.casework.today.screen import load_today
from cme_desktop.casework.today.state import load_today_state
from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.cases import ClosingOutcome
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind, ReturnKind, With
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.cases import list_added_tasks
from tests.leavers import a_confirmation, a_word, adopt, file_of, flags_of, is_listed, on_day
from tests.office import (
    AISHA,
    CALLUM,
    HEAD,
    LEAD,
    LUCJA,
    TODAY,
    TOMASZ,
    YESTERDAY,
    add_event_to,
    add_marks,
    an_office,
    at,
    seen_by,
)

PEACE = date(2026, 12, 18)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = an_office(tmp_path)
    for policy in ("derbyshire", "east-sussex", "randal-cremer"):
        adopt(made, policy)
    return made


def died(office: Office, pupil_id: PupilId = TOMASZ, *, on: date = YESTERDAY, until: date = PEACE) -> None:
    record_death(seen_by(office, HEAD), pupil_id=pupil_id, on=on, told_by="Grandmother", peace_until_day=until)


def lives_of(office: Office, pupil_id: PupilId) -> set[Life]:
    rows = load_lives(office).rows
    return {life for life, theirs in rows.items() if any(row.pupil_id == pupil_id for row in theirs)}


@pytest.mark.parametrize("user", [LEAD, None])
def test_only_the_head_writes_it_down(office: Office, user: object) -> None:
    there = office if user is None else seen_by(office, LEAD)

    with pytest.raises(RefusedError, match="Only the head"):
        record_death(there, pupil_id=TOMASZ, on=YESTERDAY, told_by="Grandmother", peace_until_day=PEACE)

    assert not is_listed(office, TOMASZ)


def test_everything_about_the_child_falls_silent_at_once(office: Office) -> None:
    add_marks(office, TOMASZ, "O", date(2026, 10, 12), TODAY)
    tell_leaving(office, pupils=(TOMASZ,), word=a_word())
    open_case(office, pupil_id=TOMASZ, why="Not seen")
    add_step(office, pupil_id=TOMASZ, text="Ring the aunt")
    assert len(flags_of(office, TOMASZ)) > 3

    died(office)

    assert flags_of(office, TOMASZ) == {}
    (case,) = list_cases(office).closed
    assert case.case.outcome is ClosingOutcome.DIED
    assert case.is_quiet
    with office.database.reading() as db:
        assert list_added_tasks(db) == ()
    today = load_today(office)
    assert all(TOMASZ not in row.pupils for row in today.rows)
    file = file_of(office, TOMASZ)
    assert file.row.detail == "Died Mon 9 Nov"
    assert file.row.is_quiet
    assert file.acts == ()
    assert file_of(seen_by(office, HEAD), TOMASZ).acts == ("peace",)


def test_no_list_of_the_roll_asks_anything_of_the_child_any_more(office: Office) -> None:
    start = StartAgreement(date(2026, 11, 16), TODAY, "Pat Mellor", "mother")
    mother = NewContact(With.MOTHER, "Eva", "Kowal", "07700 900456")
    new = NewPupil(forename="Maja", surname="Kowal", born=date(2018, 5, 4), start=start, contacts=(mother,))
    expected = enter_pupil(office, new=new).pupil_id
    report_missing(office, pupil_id=TOMASZ, on=YESTERDAY, at=None, last_seen="At the gate")
    asked = Request(TODAY, "Mother", date(2026, 11, 23), date(2026, 11, 27), "A funeral")
    request_leave(office, pupils=(TOMASZ,), request=asked)
    add_marks(office, TOMASZ, "O", date(2026, 11, 2), TODAY)
    add_event_to(office, TOMASZ, Event(EventKind.PART_TIME_AGREED, YESTERDAY, until=date(2026, 12, 18)))
    tell_leaving(office, pupils=(TOMASZ,), word=a_word())
    assert lives_of(office, TOMASZ) == {
        Life.MISSING, Life.LEAVE, Life.FIRST_DAY_BACK, Life.PART_TIME, Life.LEAVING, Life.INSPECTION,
    }  # fmt: skip
    assert lives_of(office, expected) == {Life.STARTING}

    died(office)
    died(office, expected)

    assert lives_of(office, TOMASZ) - {Life.INSPECTION} == {Life.LEAVING}
    assert lives_of(office, expected) == {Life.LEAVING}


def test_the_act_is_taken_back_whole(office: Office) -> None:
    add_marks(office, TOMASZ, "O", date(2026, 10, 12), TODAY)
    open_case(office, pupil_id=TOMASZ, why="Not seen")
    add_step(office, pupil_id=TOMASZ, text="Ring the aunt")
    before = set(flags_of(office, TOMASZ))
    died(office)

    undo_last(seen_by(office, HEAD))

    assert set(flags_of(office, TOMASZ)) == before
    assert len(list_cases(office).open) == 1
    with office.database.reading() as db:
        assert [step.text for step in list_added_tasks(db)] == ["Ring the aunt"]


def test_the_law_still_wants_the_deletion_return_once_the_name_is_to_go(office: Office) -> None:
    died(office)
    add_event_to(office, TOMASZ, Event(EventKind.REMOVAL_PROPOSED, TODAY, ground="k"))
    assert set(flags_of(office, TOMASZ)) == {"england.deletion-return"}
    add_event_to(office, TOMASZ, Event(EventKind.REMOVED, TODAY, ground="k"))
    assert set(flags_of(office, TOMASZ)) == {"england.deletion-return"}

    add_event_to(office, TOMASZ, Event(EventKind.RETURN_SENT, TODAY, return_=ReturnKind.DELETION))

    assert flags_of(on_day(office, date(2027, 1, 15)), TOMASZ) == {}


def test_no_session_after_it_is_absent_unknown_or_counted(office: Office) -> None:
    died(office, on=date(2026, 11, 6))
    add_marks(office, TOMASZ, "O", date(2026, 11, 9), TODAY)
    later = at(office, datetime(2026, 11, 11, 9, 40, tzinfo=UTC))

    assert all(TOMASZ not in row.pupils for row in load_today(later).rows)
    register = load_register(later, class_name="Beech", first=date(2026, 11, 9), last=date(2026, 11, 11))
    row = next(row for row in register.rows if row.pupil_id == TOMASZ)
    assert row.is_quiet
    assert row.cells[-1].state is not CellState.UNKNOWN
    changes = mark_rest_present(later, class_name="Beech", session=SchoolSession(date(2026, 11, 11), Half.AM))
    assert TOMASZ not in changes.pupils
    assert changes.pupils


@pytest.mark.parametrize(("on", "stands"), [
    (date(2026, 12, 17), True), (date(2026, 12, 18), True), (date(2027, 1, 5), False),
])  # fmt: skip
def test_the_family_is_left_in_peace_through_the_day_the_head_sets(office: Office, on: date, *, stands: bool) -> None:
    died(office)
    then = on_day(office, on)

    assert bool(load_call_card(then, LUCJA).warning) is stands
    assert bool(load_contact_list(then, pupil_id=LUCJA).warning) is stands
    assert load_call_card(then, CALLUM).warning == ""
    assert load_contact_list(then, pupil_id=CALLUM).warning == ""


def test_the_head_changes_the_day_and_ends_it(office: Office) -> None:
    died(office)
    head = seen_by(office, HEAD)

    leave_in_peace(head, pupil_id=TOMASZ, until=date(2027, 1, 15))
    assert "Fri 15 Jan" in load_contact_list(office, pupil_id=LUCJA).warning
    leave_in_peace(head, pupil_id=TOMASZ, until=YESTERDAY)
    assert load_contact_list(office, pupil_id=LUCJA).warning == ""

    with pytest.raises(RefusedError, match="No death"):
        leave_in_peace(head, pupil_id=LUCJA, until=PEACE)


def test_the_text_to_many_leaves_the_family_out(office: Office) -> None:
    died(office)
    for pupil_id in (LUCJA, AISHA):
        add_marks(office, pupil_id, "N", TODAY, half=Half.AM)

    batch = plan_text_batch(office, (LUCJA, AISHA))

    assert batch.pupils == (AISHA,)
    assert batch.left_out == ("Łucja Wiśniewska",)
    assert record_text_batch(office, pupils=(LUCJA, AISHA)).pupils == {AISHA}
    with pytest.raises(RefusedError):
        record_text_batch(office, pupils=(LUCJA,))


def test_the_child_is_named_in_the_family_and_no_list_of_theirs_is_thin(office: Office) -> None:
    died(office, CALLUM)

    row = next(row for row in list_families(office) if row.pupils[0].id == CALLUM)

    assert row.quiet == "Callum"
    assert row.forenames == ""
    assert not row.is_thin
    assert load_contact_list(office, pupil_id=CALLUM).thin == ()


def test_nothing_more_is_written_of_a_leaving(office: Office) -> None:
    died(office)

    with pytest.raises(RefusedError, match="Nothing more"):
        tell_leaving(office, pupils=(TOMASZ,), word=a_word())


def test_nobody_confirms_the_next_place_of_a_child_who_was_to_leave(office: Office) -> None:
    tell_leaving(office, pupils=(TOMASZ,), word=a_word())
    died(office)

    with pytest.raises(RefusedError, match="Nothing more"):
        confirm_place(office, pupils=(TOMASZ,), told=a_confirmation())


def test_what_is_not_known_or_is_written_already_is_refused(office: Office) -> None:
    head = seen_by(office, HEAD)
    with pytest.raises(MissingFactsError, match="who told"):
        record_death(head, pupil_id=TOMASZ, on=YESTERDAY, told_by=" ", peace_until_day=PEACE)
    with pytest.raises(BadInputError, match="passed"):
        record_death(head, pupil_id=TOMASZ, on=YESTERDAY, told_by="Police", peace_until_day=YESTERDAY)
    with pytest.raises(BadInputError, match="to come"):
        record_death(head, pupil_id=TOMASZ, on=date(2026, 11, 11), told_by="Police", peace_until_day=PEACE)

    died(office)
    with pytest.raises(RefusedError, match="already"):
        died(office)


def test_today_still_rings_a_sister_and_her_card_says_it_first(office: Office) -> None:
    add_marks(office, LUCJA, "N", TODAY, half=Half.AM)
    died(office)

    state = load_today_state(office)

    assert state.flags.get(LUCJA)
    card = load_call_card(office, LUCJA, state=state)
    assert card.warning.startswith("This family is bereaved.")
    assert card.siblings == ()
