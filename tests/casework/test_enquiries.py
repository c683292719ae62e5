from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.cases import load_case, open_case
from cme_desktop.casework.closing import Closing, close_case
from cme_desktop.casework.enquiries import EnquiryLine, EnquiryWord, record_enquiry
from cme_desktop.casework.office import Office
from cme_desktop.domain.cases import ClosingOutcome
from cme_desktop.domain.changes import Area
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, VisitOutcome, With
from cme_desktop.domain.identifiers import CaseId
from tests.office import LUCJA, TODAY, YESTERDAY, add_event_to, add_marks, an_office


@pytest.fixture
def office(tmp_path: Path) -> Office:
    opened = an_office(tmp_path)
    add_marks(opened, LUCJA, "O", YESTERDAY, TODAY)
    return opened


@pytest.fixture
def case_id(office: Office) -> CaseId:
    return open_case(office, pupil_id=LUCJA, why="Nobody answers.").case_id


def line_of(office: Office, case_id: CaseId, item: str) -> EnquiryLine:
    return next(line for line in load_case(office, case_id).enquiries if line.item.id == item)


def ring(office: Office, outcome: AttemptOutcome, who: With, method: Method = Method.PHONE) -> None:
    event = Event(EventKind.CONTACT_ATTEMPT, TODAY, time(9, 10), with_=who, method=method, outcome=outcome)
    add_event_to(office, LUCJA, event)


def test_a_new_case_has_fourteen_enquiries_five_of_them_with_the_authority(office: Office, case_id: CaseId) -> None:
    states = {line.item.id: line.state for line in load_case(office, case_id).enquiries}

    assert len(states) == 14
    with_authority = [item for item, state in states.items() if state is EnquiryState.WITH_AUTHORITY]
    assert with_authority == ["E9", "E10", "E11", "E12", "E13"]
    assert states["E1"] is EnquiryState.NOT_STARTED


def test_calls_suggest_how_far_the_first_enquiry_has_come(office: Office, case_id: CaseId) -> None:
    ring(office, AttemptOutcome.NO_ANSWER, With.MOTHER)
    one = line_of(office, case_id, "E1")
    ring(office, AttemptOutcome.ANSWERED_NO_REASON, With.GRANDMOTHER)
    both = line_of(office, case_id, "E1")

    assert (one.state, one.is_suggested, one.progress) == (EnquiryState.TRIED, True, "1 of 2 tried")
    assert (both.state, both.progress) == (EnquiryState.DONE, "2 of 2 tried")


def test_everybody_tried_and_nobody_reached_is_tried_without_result(office: Office, case_id: CaseId) -> None:
    for who in (With.MOTHER, With.GRANDMOTHER):
        ring(office, AttemptOutcome.NO_ANSWER, who)

    assert line_of(office, case_id, "E1").state is EnquiryState.TRIED


def test_a_letter_and_a_visit_suggest_theirs(office: Office, case_id: CaseId) -> None:
    ring(office, AttemptOutcome.SENT, With.MOTHER, Method.LETTER)
    add_event_to(office, LUCJA, Event(EventKind.HOME_VISIT, TODAY, time(9, 30), outcome=VisitOutcome.NO_REPLY))

    assert line_of(office, case_id, "E2").state is EnquiryState.WAITING
    assert line_of(office, case_id, "E3").state is EnquiryState.TRIED
    assert line_of(office, case_id, "E3").progress == "1 visit"


def test_a_word_stands_over_what_the_history_suggests_and_earlier_words_stay(office: Office, case_id: CaseId) -> None:
    ring(office, AttemptOutcome.NO_ANSWER, With.MOTHER)
    waiting = EnquiryWord(EnquiryState.WAITING, YESTERDAY, done_by="P. Mellor", with_whom="Hill Road Primary")
    done = EnquiryWord(EnquiryState.DONE, TODAY, done_by="P. Mellor", outcome="Not known there")

    record_enquiry(office, case_id=case_id, item_id="E1", word=waiting)
    changes = record_enquiry(office, case_id=case_id, item_id="E1", word=done)

    line = line_of(office, case_id, "E1")
    assert (line.state, line.is_suggested) == (EnquiryState.DONE, False)
    assert [entry.state for entry in line.entries] == [EnquiryState.WAITING, EnquiryState.DONE]
    assert line.latest is not None
    assert line.latest.written_by_name == "Pat Mellor"
    assert changes.touches(Area.CASES)


def test_a_word_stands_in_the_history_too(office: Office, case_id: CaseId) -> None:
    word = EnquiryWord(EnquiryState.DONE, TODAY, done_by="P. Mellor", how="Call", outcome="Siblings attend")

    record_enquiry(office, case_id=case_id, item_id="E4", word=word)

    entry = next(e for e in load_case(office, case_id).history if e.event.kind is EventKind.ENQUIRY_RECORDED)
    assert entry.title == "Enquiry E4, Siblings’ schools: Done"
    assert entry.detail == "P. Mellor, Call. Siblings attend."


def test_not_applicable_demands_a_reason(office: Office, case_id: CaseId) -> None:
    with pytest.raises(MissingFactsError, match="why it does not apply"):
        record_enquiry(office, case_id=case_id, item_id="E13", word=EnquiryWord(EnquiryState.NOT_APPLICABLE, TODAY))

    assert line_of(office, case_id, "E13").entries == ()


@pytest.mark.parametrize(
    ("state", "missing"),
    [
        (EnquiryState.TRIED, "who did it; how it was done"),
        (EnquiryState.WAITING, "who did it; who is to reply"),
        (EnquiryState.DONE, "who did it; what came of it"),
    ],
)
def test_each_state_demands_its_facts(office: Office, case_id: CaseId, state: EnquiryState, missing: str) -> None:
    with pytest.raises(MissingFactsError, match=missing):
        record_enquiry(office, case_id=case_id, item_id="E4", word=EnquiryWord(state, TODAY))


def test_an_enquiry_was_not_made_tomorrow(office: Office, case_id: CaseId) -> None:
    word = EnquiryWord(EnquiryState.NOT_STARTED, TODAY + timedelta(days=1))

    with pytest.raises(BadInputError, match="still to come"):
        record_enquiry(office, case_id=case_id, item_id="E4", word=word)


def test_a_closed_case_takes_no_more_words(office: Office, case_id: CaseId) -> None:
    close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.OPENED_IN_ERROR, "Wrong child."))

    with pytest.raises(RefusedError, match="closed"):
        record_enquiry(office, case_id=case_id, item_id="E4", word=EnquiryWord(EnquiryState.NOT_STARTED, TODAY))
