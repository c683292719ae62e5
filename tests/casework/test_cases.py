from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.case_history import (
    add_case_task,
    add_to_history,
    end_case_task,
    resume_case,
    wait_for_authority,
)
from cme_desktop.casework.cases import list_cases, load_case, open_case
from cme_desktop.casework.closing import Closing, close_case, find_what_closing_lacks, give_reason_untried, reopen_case
from cme_desktop.casework.office import Office
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import CaseStatus, ClosingOutcome, TaskState
from cme_desktop.domain.changes import Area
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import (
    AttemptOutcome,
    Event,
    EventKind,
    Method,
    Recipient,
    VisitOutcome,
    With,
)
from cme_desktop.domain.identifiers import CaseId, PupilId
from cme_desktop.storage.cases import find_case
from cme_desktop.storage.contacts import list_contacts, remove_contact
from cme_desktop.storage.events import retract_event
from cme_desktop.storage.flags import add_flags
from cme_desktop.storage.journal_check import check_journal
from tests.office import AISHA, CALLUM, LUCJA, NOW, TODAY, YESTERDAY, add_event_to, add_marks, an_office, at

FRIDAY = date(2026, 11, 6)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    opened = an_office(tmp_path)
    add_marks(opened, LUCJA, "O", date(2026, 11, 3), YESTERDAY)
    add_marks(opened, LUCJA, "N", TODAY)
    return opened


def opened_case(office: Office, pupil_id: PupilId = LUCJA) -> CaseId:
    return open_case(office, pupil_id=pupil_id, why="Nobody answers.").case_id


def attempt(outcome: AttemptOutcome, who: With, on: date = TODAY) -> Event:
    return Event(EventKind.CONTACT_ATTEMPT, on, time(9, 20), with_=who, method=Method.PHONE, outcome=outcome)


def try_everybody(office: Office) -> None:
    for who in (With.MOTHER, With.GRANDMOTHER):
        add_event_to(office, LUCJA, attempt(AttemptOutcome.NO_ANSWER, who))


def see_the_child(office: Office, case_id: CaseId) -> None:
    seen = Event(EventKind.HOME_VISIT, TODAY, time(9, 30), outcome=VisitOutcome.CHILD_SEEN)
    add_to_history(office, case_id=case_id, event=seen, words="Two staff.")


def test_a_case_is_numbered_and_its_history_begins_with_the_absence(office: Office) -> None:
    opened = open_case(office, pupil_id=LUCJA, why="Nobody answers.")

    file = load_case(office, opened.case_id)
    assert opened.number == "CME-26-001"
    assert opened.changes.touches(Area.CASES)
    assert opened.changes.pupils == {LUCJA}
    assert file.case.history_from == date(2026, 11, 3)
    assert file.absence is not None
    assert file.absence.school_days == 6
    assert file.history[0].title == "Case opened"
    assert file.history[0].detail == "Nobody answers."


def test_the_next_case_has_the_next_number_and_the_next_year_begins_again(office: Office) -> None:
    opened_case(office)
    second = open_case(office, pupil_id=AISHA, why="Asked for by the authority.")
    third = open_case(at(office, NOW + timedelta(days=80)), pupil_id=CALLUM, why="Gone.", history_from=TODAY)

    assert second.number == "CME-26-002"
    assert third.number == "CME-27-001"


def test_a_case_of_a_pupil_who_attends_begins_today(office: Office) -> None:
    file = load_case(office, opened_case(office, AISHA))

    assert file.case.history_from == TODAY
    assert file.absence is None


def test_a_pupil_has_one_open_case(office: Office) -> None:
    opened_case(office)

    with pytest.raises(RefusedError, match="CME-26-001 is open"):
        opened_case(office)


def test_a_case_needs_a_reason_and_no_future_day(office: Office) -> None:
    with pytest.raises(MissingFactsError):
        open_case(office, pupil_id=LUCJA, why=" ")
    with pytest.raises(BadInputError, match="still to come"):
        open_case(office, pupil_id=LUCJA, why="Gone.", happened_on=TODAY + timedelta(days=1))

    assert list_cases(office).open == ()


def test_the_list_shows_days_absent_and_the_next_step(office: Office) -> None:
    opened_case(office)

    (row,) = list_cases(office).open

    assert row.school_days_absent == 6
    assert row.severity is not None
    assert row.next_step
    assert row.due is not None


def test_what_happened_before_the_case_was_opened_is_in_its_history(office: Office) -> None:
    add_event_to(office, LUCJA, attempt(AttemptOutcome.NO_ANSWER, With.MOTHER, FRIDAY), words="Rang out twice.")

    file = load_case(office, opened_case(office))

    assert [entry.title for entry in file.history] == ["Case opened", "Mother: no answer"]


def test_a_flag_the_program_raised_before_the_case_is_in_its_history(office: Office) -> None:
    case_id = opened_case(office)
    flags = load_case(office, case_id).flags
    with office.database.transaction() as db:
        add_flags(db, flags[:1], at=NOW)

    (told,) = (each for each in load_case(office, case_id).history if each.event.kind is EventKind.FLAG_RAISED)

    assert told.title.startswith("Flagged: ")
    assert told.detail.startswith(flags[0].finding.sentence.rstrip("."))
    assert told.written_by == ""


def test_an_entry_written_days_later_is_marked_late(office: Office) -> None:
    case_id = opened_case(office)

    add_to_history(
        office, case_id=case_id, event=Event(EventKind.NOTE, date(2026, 11, 8), time(15, 10)), words="A friend: moved."
    )

    note = next(entry for entry in load_case(office, case_id).history if entry.event.kind is EventKind.NOTE)
    assert note.days_late == 2
    assert note.written_at.isoformat() == "2026-11-10T09:40:00"
    assert note.written_by == "Pat Mellor"


def test_an_entry_taken_back_stays_struck_out_and_counts_for_nothing(office: Office) -> None:
    case_id = opened_case(office)
    see_the_child(office, case_id)
    seen = load_case(office, case_id).history[1]
    with office.database.transaction() as db:
        retract_event(db, seen.event_id, at=office.now(), by=1)

    file = load_case(office, case_id)

    assert [entry.is_retracted for entry in file.history if entry.event_id == seen.event_id] == [True]
    assert file.last_seen == date(2026, 10, 23)


def test_nothing_is_added_that_is_still_to_come_or_says_nothing(office: Office) -> None:
    case_id = opened_case(office)

    with pytest.raises(BadInputError, match="still to come"):
        add_to_history(office, case_id=case_id, event=Event(EventKind.NOTE, TODAY, time(16, 0)), words="Later.")
    with pytest.raises(MissingFactsError):
        add_to_history(office, case_id=case_id, event=Event(EventKind.NOTE, TODAY))
    with pytest.raises(MissingFactsError):
        add_to_history(office, case_id=case_id, event=Event(EventKind.DECISION, TODAY, choice="Wait"))

    assert len(load_case(office, case_id).history) == 1


def test_closing_is_refused_naming_everything_that_is_missing(office: Office) -> None:
    case_id = opened_case(office)

    with pytest.raises(RefusedError) as refused:
        close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.RETURNED, "Back."))

    assert "Mother has not been tried" in refused.value.detail
    assert "Grandmother has not been tried" in refused.value.detail
    assert "nobody has seen the child" in refused.value.detail
    assert "Wiśniewska" not in str(refused.value)
    assert load_case(office, case_id).case.status is CaseStatus.OPEN


def test_a_case_closes_once_everybody_is_tried_and_the_child_seen(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    see_the_child(office, case_id)

    changes = close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.FOUND_AND_EXPLAINED, "At home, ill."))

    file = load_case(office, case_id)
    assert changes.cases == {case_id}
    assert (file.case.status, file.case.outcome) == (CaseStatus.CLOSED, ClosingOutcome.FOUND_AND_EXPLAINED)
    assert file.case.closed_on == TODAY
    assert "Case closed: Found, and the absence explained" in [entry.title for entry in file.history]
    with office.database.reading() as db:
        assert check_journal(db).ok


def test_an_attempt_before_this_absence_does_not_count(office: Office) -> None:
    add_event_to(office, LUCJA, attempt(AttemptOutcome.EXPLAINED, With.MOTHER, date(2026, 10, 5)))
    file = load_case(office, opened_case(office))

    lacks = find_what_closing_lacks(file, Closing(ClosingOutcome.RETURNED, "Back."))

    assert [contact.relation for contact in lacks.untried] == [With.MOTHER, With.GRANDMOTHER]


def test_an_answer_of_not_knowing_leaves_the_contact_untried(office: Office) -> None:
    case_id = opened_case(office)
    add_event_to(office, LUCJA, attempt(AttemptOutcome.UNAWARE, With.MOTHER))

    lacks = find_what_closing_lacks(load_case(office, case_id), Closing(ClosingOutcome.RETURNED, "Back."))

    assert With.MOTHER in [contact.relation for contact in lacks.untried]


def test_a_reason_stands_for_an_untried_contact(office: Office) -> None:
    case_id = opened_case(office)
    add_event_to(office, LUCJA, attempt(AttemptOutcome.NO_ANSWER, With.MOTHER))
    see_the_child(office, case_id)
    with office.database.reading() as db:
        grandmother = list_contacts(db, LUCJA)[1]
    closing = Closing(ClosingOutcome.RETURNED, "Back.", untried=((grandmother.id, "In hospital abroad"),))

    close_case(office, case_id=case_id, closing=closing)

    decisions = load_case(office, case_id).decisions
    assert [(entry.title, entry.event.reason) for entry in decisions] == [
        ("Decision: grandmother not tried", "In hospital abroad")
    ]


def test_a_reason_given_earlier_holds_too(office: Office) -> None:
    case_id = opened_case(office)
    with office.database.reading() as db:
        contacts = list_contacts(db, LUCJA)
    for contact in contacts:
        give_reason_untried(office, case_id=case_id, contact_id=contact.id, reason="Lead’s decision")

    lacks = find_what_closing_lacks(load_case(office, case_id), Closing(ClosingOutcome.RETURNED, "Back."))

    assert lacks.untried == ()
    assert lacks.not_seen


def test_the_history_names_whom_nobody_tried_even_when_they_are_off_the_list(office: Office) -> None:
    case_id = opened_case(office)
    with office.database.reading() as db:
        grandmother = list_contacts(db, LUCJA)[1]
    give_reason_untried(office, case_id=case_id, contact_id=grandmother.id, reason="Abroad")

    with office.database.transaction() as db:
        remove_contact(db, grandmother.id)

    (decision,) = load_case(office, case_id).decisions
    assert (decision.title, decision.detail) == ("Decision: grandmother not tried", "Abroad.")


def test_people_who_must_not_be_contacted_and_dead_numbers_are_not_waited_for(office: Office) -> None:
    aisha = load_case(office, opened_case(office, AISHA))
    callum = load_case(office, opened_case(office, CALLUM))
    closing = Closing(ClosingOutcome.RETURNED, "Back.")

    assert With.FATHER not in [contact.relation for contact in find_what_closing_lacks(aisha, closing).untried]
    assert find_what_closing_lacks(callum, closing).untried == ()


def test_the_authoritys_acceptance_stands_for_the_child_not_seen(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    closing = Closing(ClosingOutcome.ACCEPTED_BY_AUTHORITY, "Handed over.", accepted_by="CME officer, ref 4411")

    close_case(office, case_id=case_id, closing=closing)

    assert load_case(office, case_id).case.outcome is ClosingOutcome.ACCEPTED_BY_AUTHORITY


@pytest.mark.parametrize("outcome", [ClosingOutcome.RETURNED, ClosingOutcome.FOUND_AND_EXPLAINED])
def test_no_acceptance_makes_it_true_that_a_child_nobody_has_seen_came_back(
    office: Office, outcome: ClosingOutcome
) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    closing = Closing(outcome, "Handed over.", accepted_by="CME officer, ref 4411")

    with pytest.raises(RefusedError, match="nobody has seen the child"):
        close_case(office, case_id=case_id, closing=closing)
    see_the_child(office, case_id)
    close_case(office, case_id=case_id, closing=closing)

    assert load_case(office, case_id).case.outcome is outcome


def test_a_case_ends_as_accepted_only_by_somebody_named(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    see_the_child(office, case_id)

    with pytest.raises(RefusedError, match="who at the authority has accepted the case"):
        close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.ACCEPTED_BY_AUTHORITY, "Handed over."))


@pytest.mark.parametrize("outcome", [ClosingOutcome.HOME_EDUCATED, ClosingOutcome.REMOVED_UNDER_A_GROUND])
def test_other_ends_need_the_child_seen_or_the_authoritys_acceptance(office: Office, outcome: ClosingOutcome) -> None:
    case_id = opened_case(office)
    try_everybody(office)

    with pytest.raises(RefusedError, match="nobody has seen the child, and no authority has accepted"):
        close_case(office, case_id=case_id, closing=Closing(outcome, "The letter came."))
    close_case(office, case_id=case_id, closing=Closing(outcome, "The letter came.", accepted_by="J. Finch"))

    assert load_case(office, case_id).case.outcome is outcome


def test_another_school_must_have_confirmed(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    closing = Closing(ClosingOutcome.AT_ANOTHER_SCHOOL, "Moved.")

    with pytest.raises(RefusedError, match="next school has not confirmed"):
        close_case(office, case_id=case_id, closing=closing)
    close_case(
        office,
        case_id=case_id,
        closing=Closing(ClosingOutcome.AT_ANOTHER_SCHOOL, "Moved.", confirmed_by="Office, Hill Road Primary"),
    )

    assert EventKind.ARRIVAL_CONFIRMED in [entry.event.kind for entry in load_case(office, case_id).history]


def test_an_arrival_confirmed_days_ago_closes_the_case_at_another_school(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    add_event_to(office, LUCJA, Event(EventKind.ARRIVAL_CONFIRMED, FRIDAY, time(14, 0)))

    close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.AT_ANOTHER_SCHOOL, "Moved."))

    assert load_case(office, case_id).case.outcome is ClosingOutcome.AT_ANOTHER_SCHOOL


def test_an_arrival_confirmed_before_the_child_was_reported_missing_closes_nothing(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    add_event_to(office, LUCJA, Event(EventKind.ARRIVAL_CONFIRMED, FRIDAY, time(14, 0)))
    add_event_to(office, LUCJA, Event(EventKind.MISSING, YESTERDAY, time(16, 0)))

    lacks = find_what_closing_lacks(load_case(office, case_id), Closing(ClosingOutcome.AT_ANOTHER_SCHOOL, "Moved."))

    assert (lacks.not_seen, lacks.not_confirmed) == (True, True)
    assert "reported missing" in lacks.in_words[0]


@pytest.mark.parametrize("outcome", [ClosingOutcome.AT_ANOTHER_SCHOOL, ClosingOutcome.FOUND_AND_EXPLAINED])
@pytest.mark.parametrize("day", [YESTERDAY, TODAY])
def test_a_confirmation_that_is_good_for_its_day_closes_no_case(
    office: Office, outcome: ClosingOutcome, day: date
) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    add_event_to(office, LUCJA, Event(EventKind.ELSEWHERE_CONFIRMED, day, time(9, 30)))

    assert find_what_closing_lacks(load_case(office, case_id), Closing(outcome, "There.")).not_seen


def test_an_arrival_confirmed_is_no_sighting_for_any_other_end(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    add_event_to(office, LUCJA, Event(EventKind.ARRIVAL_CONFIRMED, TODAY, time(9, 30)))

    lacks = find_what_closing_lacks(load_case(office, case_id), Closing(ClosingOutcome.RETURNED, "Back."))

    assert lacks.not_seen


def test_a_child_seen_and_then_reported_missing_must_be_seen_again(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    add_event_to(office, LUCJA, Event(EventKind.CHILD_SEEN, FRIDAY, time(14, 0), by="S. Rook", where="home"))
    add_event_to(office, LUCJA, Event(EventKind.MISSING, YESTERDAY, time(16, 0)))
    closing = Closing(ClosingOutcome.FOUND_AND_EXPLAINED, "Ill.")

    assert find_what_closing_lacks(load_case(office, case_id), closing).not_seen
    see_the_child(office, case_id)

    assert not find_what_closing_lacks(load_case(office, case_id), closing).not_seen


def test_the_morning_attended_before_the_child_went_missing_is_no_sighting(office: Office) -> None:
    add_marks(office, AISHA, "N", YESTERDAY, half=Half.PM)
    add_marks(office, AISHA, "N", TODAY)
    case_id = opened_case(office, AISHA)

    file = load_case(office, case_id)
    lacks = find_what_closing_lacks(file, Closing(ClosingOutcome.FOUND_AND_EXPLAINED, "At home."))

    assert file.last_attended == file.since == YESTERDAY
    assert lacks.not_seen


def test_a_child_back_in_school_has_been_seen(office: Office) -> None:
    add_marks(office, AISHA, "N", YESTERDAY)
    case_id = open_case(office, pupil_id=AISHA, why="Nobody answers.", history_from=YESTERDAY).case_id

    lacks = find_what_closing_lacks(load_case(office, case_id), Closing(ClosingOutcome.RETURNED, "Back."))

    assert not lacks.not_seen


@pytest.mark.parametrize("outcome", [ClosingOutcome.DIED, ClosingOutcome.OPENED_IN_ERROR])
def test_only_a_death_or_an_error_closes_without_trying_and_seeing(office: Office, outcome: ClosingOutcome) -> None:
    case_id = opened_case(office)

    with pytest.raises(RefusedError, match="the reason for closing"):
        close_case(office, case_id=case_id, closing=Closing(outcome, ""))
    close_case(office, case_id=case_id, closing=Closing(outcome, "The head has said so in writing."))

    assert load_case(office, case_id).case.outcome is outcome


def test_a_refused_closing_leaves_nothing_behind(office: Office) -> None:
    case_id = opened_case(office)
    closing = Closing(ClosingOutcome.RETURNED, "Back.", accepted_by="", confirmed_by="")
    before = load_case(office, case_id)

    with pytest.raises(RefusedError):
        close_case(office, case_id=case_id, closing=closing)

    assert load_case(office, case_id).events == before.events


def test_a_case_opened_again_counts_afresh(office: Office) -> None:
    case_id = opened_case(office)
    try_everybody(office)
    see_the_child(office, case_id)
    close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.RETURNED, "Back."))
    tomorrow = at(office, NOW + timedelta(days=1))

    reopen_case(tomorrow, case_id=case_id, why="Gone again.")

    file = load_case(tomorrow, case_id)
    lacks = find_what_closing_lacks(file, Closing(ClosingOutcome.RETURNED, "Back."))
    assert (file.case.status, file.case.outcome, file.case.closed_on) == (CaseStatus.OPEN, None, None)
    assert file.since == TODAY + timedelta(days=1)
    assert len(lacks.untried) == 2
    assert lacks.not_seen


def test_an_open_case_is_not_opened_again_and_a_closed_one_not_closed_again(office: Office) -> None:
    case_id = opened_case(office)

    with pytest.raises(RefusedError, match="is open"):
        reopen_case(office, case_id=case_id, why="Again.")
    close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.OPENED_IN_ERROR, "Wrong child."))
    with pytest.raises(RefusedError, match="closed already"):
        close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.DIED, "No."))
    with pytest.raises(RefusedError, match="closed"):
        add_to_history(office, case_id=case_id, event=Event(EventKind.NOTE, TODAY), words="Too late.")


def test_waiting_for_the_authority_is_a_status_with_its_words(office: Office) -> None:
    case_id = opened_case(office)

    wait_for_authority(office, case_id=case_id, words="They check housing.")
    waiting = load_case(office, case_id)
    resume_case(office, case_id=case_id, words="Nothing found.")

    assert waiting.case.status is CaseStatus.WAITING_FOR_AUTHORITY
    assert waiting.history[0].detail == "Waiting for the authority. They check housing."
    assert load_case(office, case_id).case.status is CaseStatus.OPEN


def test_a_task_added_by_hand_is_done_with_the_rules_own(office: Office) -> None:
    case_id = opened_case(office)
    add_case_task(office, case_id=case_id, text="Ring the last school", due=Deadline(TODAY))
    task = next(task for task in load_case(office, case_id).tasks if task.added_id is not None)

    assert task.text == "Ring the last school"
    assert task.added_id is not None
    end_case_task(office, task_id=task.added_id, state=TaskState.DONE)

    assert all(task.added_id is None for task in load_case(office, case_id).tasks)


def test_a_referral_is_told_in_words(office: Office) -> None:
    case_id = opened_case(office)

    add_to_history(office, case_id=case_id, event=Event(EventKind.REFERRED, TODAY, to=Recipient.AUTHORITY_CME))

    titles = [entry.title for entry in load_case(office, case_id).history]
    assert "Referred to authority’s children missing education team" in [t.replace("'", "’") for t in titles]


def test_a_case_is_found_by_its_number_however_typed(office: Office) -> None:
    case_id = opened_case(office)

    with office.database.reading() as db:
        found = find_case(db, " cme-26-001 ")

    assert found is not None
    assert found.id == case_id


def test_an_unknown_case_is_refused_in_words(office: Office) -> None:
    with pytest.raises(BadInputError, match="no such case"):
        load_case(office, CaseId(99))
