"""Taking back the last act on a case: the line stays struck out, and the case is as it was."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.case_history import add_case_task, add_to_history, end_case_task, wait_for_authority
from cme_desktop.casework.cases import list_cases, load_case, open_case
from cme_desktop.casework.closing import Closing, close_case, find_what_closing_lacks, give_reason_untried, reopen_case
from cme_desktop.casework.enquiries import EnquiryWord, record_enquiry
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.domain.cases import CaseStatus, ClosingOutcome, TaskState
from cme_desktop.domain.changes import Area
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, With
from cme_desktop.domain.identifiers import CaseId
from cme_desktop.storage.contacts import list_contacts
from cme_desktop.storage.journal_check import check_journal
from tests.office import HEAD, LUCJA, NOW, TODAY, YESTERDAY, add_event_to, add_marks, an_office, at, seen_by

ACCEPTED = Closing(ClosingOutcome.ACCEPTED_BY_AUTHORITY, "Handed over.", accepted_by="CME officer, ref 4411")


@pytest.fixture
def office(tmp_path: Path) -> Office:
    opened = an_office(tmp_path)
    add_marks(opened, LUCJA, "O", YESTERDAY, TODAY)
    for who in (With.MOTHER, With.GRANDMOTHER):
        tried = Event(
            EventKind.CONTACT_ATTEMPT, TODAY, time(9, 20), with_=who, method=Method.PHONE,
            outcome=AttemptOutcome.NO_ANSWER,
        )  # fmt: skip
        add_event_to(opened, LUCJA, tried)
    return opened


@pytest.fixture
def case_id(office: Office) -> CaseId:
    return open_case(office, pupil_id=LUCJA, why="Nobody answers.").case_id


def standing(office: Office, case_id: CaseId) -> list[str]:
    return [entry.title for entry in load_case(office, case_id).history if not entry.is_retracted]


def test_a_note_taken_back_stays_struck_out(office: Office, case_id: CaseId) -> None:
    add_to_history(office, case_id=case_id, event=Event(EventKind.NOTE, TODAY, time(9, 30)), words="Wrong child.")

    changes = undo_last(office)

    (note,) = (entry for entry in load_case(office, case_id).history if entry.event.kind is EventKind.NOTE)
    assert note.is_retracted
    assert changes.touches(Area.EVENTS)
    with office.database.reading() as db:
        assert check_journal(db).ok


def test_a_case_opened_by_mistake_is_closed_as_an_error_and_keeps_its_number(office: Office, case_id: CaseId) -> None:
    changes = undo_last(office)

    assert changes.cases == {case_id}
    assert list_cases(office).open == ()
    assert load_case(office, case_id).case.outcome is ClosingOutcome.OPENED_IN_ERROR
    assert open_case(office, pupil_id=LUCJA, why="After all.").number == "CME-26-002"


def test_a_case_in_which_somebody_else_has_written_is_not_taken_back(office: Office, case_id: CaseId) -> None:
    add_to_history(
        seen_by(office, HEAD), case_id=case_id, event=Event(EventKind.NOTE, TODAY, time(9, 30)), words="I have rung."
    )

    with pytest.raises(RefusedError, match="written into the case since"):
        undo_last(office)

    assert load_case(office, case_id).case.status is CaseStatus.OPEN
    assert "Case opened" in standing(office, case_id)


def test_a_closing_taken_back_opens_the_case_and_strikes_its_grounds(office: Office, case_id: CaseId) -> None:
    before = load_case(office, case_id)
    close_case(office, case_id=case_id, closing=ACCEPTED)

    undo_last(office)

    after = load_case(office, case_id)
    assert (after.case.status, after.case.outcome, after.case.closed_on) == (CaseStatus.OPEN, None, None)
    assert standing(office, case_id) == [entry.title for entry in before.history]
    assert after.since == before.since
    lacks = find_what_closing_lacks(after, Closing(ClosingOutcome.ACCEPTED_BY_AUTHORITY, "Handed over."))
    assert lacks.not_seen


def test_a_case_that_waited_for_the_authority_waits_again(office: Office, case_id: CaseId) -> None:
    wait_for_authority(office, case_id=case_id, words="They check housing.")
    close_case(office, case_id=case_id, closing=ACCEPTED)

    undo_last(office)
    waits = load_case(office, case_id).case.status
    undo_last(office)

    assert waits is CaseStatus.WAITING_FOR_AUTHORITY
    assert load_case(office, case_id).case.status is CaseStatus.OPEN


def test_opening_again_taken_back_gives_the_case_its_end_again(office: Office, case_id: CaseId) -> None:
    close_case(office, case_id=case_id, closing=ACCEPTED)
    closed = load_case(office, case_id).case
    tomorrow = at(office, NOW + timedelta(days=1))
    reopen_case(tomorrow, case_id=case_id, why="The wrong case.")

    undo_last(tomorrow)

    assert load_case(tomorrow, case_id).case == closed


def test_a_case_somebody_has_moved_on_is_not_put_back(office: Office, case_id: CaseId) -> None:
    wait_for_authority(office, case_id=case_id, words="They check housing.")
    close_case(seen_by(office, HEAD), case_id=case_id, closing=ACCEPTED)

    with pytest.raises(RefusedError, match="moved on"):
        undo_last(office)

    assert load_case(office, case_id).case.status is CaseStatus.CLOSED


def test_a_word_on_an_enquiry_taken_back_leaves_the_word_before_it(office: Office, case_id: CaseId) -> None:
    waiting = EnquiryWord(EnquiryState.WAITING, YESTERDAY, done_by="P. Mellor", with_whom="Hill Road Primary")
    done = EnquiryWord(EnquiryState.DONE, TODAY, done_by="P. Mellor", outcome="Not known there")
    record_enquiry(office, case_id=case_id, item_id="E4", word=waiting)
    record_enquiry(office, case_id=case_id, item_id="E4", word=done)

    undo_last(office)

    line = next(line for line in load_case(office, case_id).enquiries if line.item.id == "E4")
    assert line.state is EnquiryState.WAITING
    assert [entry.state for entry in line.entries] == [EnquiryState.WAITING]


def test_a_word_on_something_done_before_the_absence_is_in_the_history_and_can_be_taken_back(
    office: Office, case_id: CaseId
) -> None:
    long_ago = EnquiryWord(EnquiryState.DONE, date(2026, 9, 21), done_by="P. Mellor", outcome="No siblings known")
    record_enquiry(office, case_id=case_id, item_id="E4", word=long_ago)
    told = "Enquiry E4, Siblings’ schools: Done" in standing(office, case_id)

    undo_last(office)

    line = next(line for line in load_case(office, case_id).enquiries if line.item.id == "E4")
    assert told
    assert line.state is EnquiryState.NOT_STARTED


def test_a_step_ended_too_soon_is_to_do_again(office: Office, case_id: CaseId) -> None:
    add_case_task(office, case_id=case_id, text="Ring the last school")
    task = next(task for task in load_case(office, case_id).tasks if task.added_id is not None)
    assert task.added_id is not None
    end_case_task(office, task_id=task.added_id, state=TaskState.DONE)

    changes = undo_last(office)
    again = [task.text for task in load_case(office, case_id).tasks if task.added_id is not None]
    undo_last(office)

    assert changes.touches(Area.CASES)
    assert again == ["Ring the last school"]
    assert all(task.added_id is None for task in load_case(office, case_id).tasks)


def test_a_reason_for_not_trying_somebody_taken_back_leaves_them_untried(office: Office) -> None:
    case_id = open_case(office, pupil_id=LUCJA, why="Nobody answers.", history_from=TODAY).case_id
    with office.database.reading() as db:
        mother = list_contacts(db, LUCJA)[0]
    give_reason_untried(office, case_id=case_id, contact_id=mother.id, reason="Abroad")
    assert "Decision: mother not tried" in standing(office, case_id)

    undo_last(office)

    assert "Decision: mother not tried" not in standing(office, case_id)
