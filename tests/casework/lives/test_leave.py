"""Leave is asked for, considered, decided, taken and over; or told only once it was taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cme_desktop.casework.bereavement import record_death
from cme_desktop.casework.lives.book import load_life_file, load_lives
from cme_desktop.casework.lives.leave import LeaveFile
from cme_desktop.casework.lives.leave_acts import (
    Request,
    Trip,
    add_to_leave,
    correct_request,
    record_form,
    record_interview,
    record_risks,
    request_leave,
    tell_lead_of_risk,
    withdraw_request,
)
from cme_desktop.casework.lives.leave_days import say_days
from cme_desktop.casework.lives.leave_decision import admit_leave_afterwards, decide_leave, record_joint_enquiries
from cme_desktop.casework.lives.leave_matter import Flights, LeaveMatter, LeaveState, Risk, RiskAnswer, matters_of
from cme_desktop.casework.lives.life import Life, LifeRow, StepState
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_told, undo_last
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import (
    AttemptOutcome,
    EnquiryResult,
    Event,
    EventKind,
    Method,
    Recipient,
    With,
)
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.events import list_events
from cme_desktop.storage.policies import adopt_policy
from tests.office import (
    CALLUM,
    HEAD,
    LEAD,
    LUCJA,
    NOW,
    TODAY,
    TOMASZ,
    add_event_to,
    add_marks,
    add_pupil,
    an_office,
    at,
    calendar_of,
    seen_by,
)

FIRST, LAST = date(2026, 11, 23), date(2026, 11, 27)
ALL_CLEAR = dict.fromkeys(Risk, RiskAnswer.NO)
A_REQUEST = Request(TODAY, "Alex, mother", FIRST, LAST, "A funeral in Poland")
ASKED_IN_AUTUMN = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


@pytest.fixture
def with_randal(office: Office) -> Office:
    policy = office.paths.resources / "policies" / "randal-cremer.toml"
    with office.database.transaction() as db:
        adopt_policy(
            db, policy_id=policy.stem, document=policy.read_text("utf-8"), adopted_on=date(2026, 9, 1), why="", by=1
        )
    return office


def matters(office: Office, pupil_id: PupilId = LUCJA) -> tuple[LeaveMatter, ...]:
    with office.database.reading() as db:
        return matters_of(list_events(db, pupil_id=pupil_id))


def flags_of(office: Office, pupil_id: PupilId = LUCJA) -> set[str]:
    roll = load_roll(office)
    record = next(record for record in roll.records if record.pupil.id == pupil_id)
    return {flag.rule_id for flag in review_pupil(record, roll.judgement, roll.rulebook)}


def rows(office: Office) -> tuple[LifeRow, ...]:
    return load_lives(office).rows[Life.LEAVE]


def file_of(office: Office, pupil_id: PupilId = LUCJA) -> LeaveFile:
    book = load_lives(office)
    file = load_life_file(office, book=book, life=Life.LEAVE, key=matters(office, pupil_id)[-1].key)
    assert isinstance(file, LeaveFile)
    return file


def states(office: Office, pupil_id: PupilId = LUCJA) -> dict[str, StepState]:
    return {step.text: step.state for step in file_of(office, pupil_id).steps}


def facts(office: Office, pupil_id: PupilId = LUCJA) -> dict[str, str]:
    return {fact.label: fact.value for fact in file_of(office, pupil_id).facts}


def requested(office: Office, request: Request = A_REQUEST, pupil_id: PupilId = LUCJA) -> LeaveMatter:
    request_leave(office, pupils=(pupil_id,), request=request)
    return matters(office, pupil_id)[-1]


def granted_to_16_october(office: Office) -> LeaveMatter:
    """Law case 12: leave granted to Friday 16 October."""
    early = at(office, ASKED_IN_AUTUMN)
    matter = requested(
        early, Request(date(2026, 10, 6), "Mother", date(2026, 10, 12), date(2026, 10, 16), "Funeral"), CALLUM
    )
    decide_leave(
        seen_by(early, HEAD), matter=matter, is_granted=True, on=date(2026, 10, 6), first=date(2026, 10, 12),
        last=date(2026, 10, 16), reason="A funeral",
    )  # fmt: skip
    add_marks(office, CALLUM, "C", date(2026, 10, 12), date(2026, 10, 16))
    return matters(office, CALLUM)[-1]


def on(office: Office, day: date) -> Office:
    return at(office, datetime(day.year, day.month, day.day, 15, 0, tzinfo=UTC))


# -- asking ------------------------------------------------------------------------------------------------------


def test_a_request_waits_for_the_form_the_evidence_and_the_decision(office: Office) -> None:
    requested(office)

    assert {"england.leave-request", "aspire-academy.leave-form", "aspire-academy.leave-evidence"} <= flags_of(office)
    assert states(office)["Form to the headteacher"] is StepState.DUE
    assert "weighs each request by itself" in facts(office)["About the evidence"]
    assert facts(office)["Asked for"] == "Mon 23 Nov to Fri 27 Nov, 5 school days"


def test_the_same_request_is_written_for_a_brother_in_one_act_and_taken_back_in_one(office: Office) -> None:
    request_leave(office, pupils=(LUCJA, TOMASZ), request=A_REQUEST)
    assert len(matters(office)) == len(matters(office, TOMASZ)) == 1
    assert facts(office)["Brother or sister"] == "Tomasz Wiśniewski: asked for"

    undo_last(office)

    assert matters(office) == matters(office, TOMASZ) == ()


def test_strangers_are_not_written_down_together(office: Office) -> None:
    with pytest.raises(BadInputError, match="not brothers and sisters"):
        request_leave(office, pupils=(LUCJA, CALLUM), request=A_REQUEST)

    assert matters(office) == ()


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (LAST, FIRST, "last day lies before"),
        (date(2026, 12, 26), date(2026, 12, 31), "no school on these days"),
        (date(2026, 11, 28), date(2026, 11, 29), "no school on these days"),
        (FIRST, date(2027, 11, 27), "longer than a year"),
    ],
)
def test_days_that_cannot_be_are_refused(office: Office, first: date, last: date, why: str) -> None:
    with pytest.raises(BadInputError, match=why):
        requested(office, replace(A_REQUEST, first=first, last=last))


def test_leave_asked_for_after_its_first_day_is_no_request(office: Office) -> None:
    with pytest.raises(RefusedError, match="before it begins"):
        requested(office, replace(A_REQUEST, first=date(2026, 11, 9)))

    requested(office, replace(A_REQUEST, first=TODAY))


def test_a_request_may_reach_beyond_the_calendar_and_says_so(office: Office) -> None:
    last = date(2027, 9, 10)

    requested(office, replace(A_REQUEST, first=date(2027, 7, 5), last=last))

    assert "enter the next school year" in say_days(calendar_of(office), date(2027, 7, 5), last)
    assert "does not know all" in facts(office)["Asked for"]


def test_a_second_request_for_the_same_days_is_refused_but_one_beside_it_is_not(office: Office) -> None:
    requested(office)

    with pytest.raises(RefusedError, match="asked for already"):
        requested(office, replace(A_REQUEST, first=LAST, last=date(2026, 12, 1)))
    requested(office, replace(A_REQUEST, first=date(2026, 11, 30), last=date(2026, 12, 1)))

    assert len(matters(office)) == len(rows(office)) == 2


def test_after_a_refusal_the_family_may_ask_again(office: Office) -> None:
    refuse(office, requested(office))

    requested(office)

    assert [each.state for each in matters(office)] == [LeaveState.REFUSED, LeaveState.ASKED]


def test_a_correction_keeps_the_old_line_struck_out_and_an_undo_brings_it_back(office: Office) -> None:
    matter = requested(office)
    record_form(office, matter=matter, on=TODAY)

    correct_request(office, matter=matter, request=replace(A_REQUEST, last=date(2026, 11, 26), has_evidence=True))
    corrected = matters(office)[-1]
    assert (corrected.key, corrected.last, corrected.has_evidence) == (matter.key, date(2026, 11, 26), True)
    assert corrected.last_line(EventKind.FORM_SENT) is not None
    assert sum(entry.is_retracted for entry in file_of(office).history) == 1

    undo_last(office)

    assert [each.last for each in matters(office)] == [LAST]


def test_a_request_withdrawn_is_no_longer_to_be_decided(office: Office) -> None:
    withdraw_request(office, matter=requested(office), words="Mother rang: the journey is off.")

    assert matters(office) == ()
    assert not {"england.leave-request", "aspire-academy.leave-form"} & flags_of(office)


def test_what_is_learned_later_stands_beside_what_was_said_first(office: Office) -> None:
    matter = requested(office, replace(A_REQUEST, trip=Trip(flights=Flights.ASKED, contact="07700 900555")))

    add_to_leave(office, matter=matter, trip=Trip(flights=Flights.KEPT, address="Kraków"))

    known = facts(office)
    assert (known["Flights"], known["Address while away"]) == ("Copies given", "Kraków")
    assert known["How to reach them"] == "07700 900555"


def test_a_child_who_has_left_by_then_cannot_have_leave(office: Office) -> None:
    gone = add_pupil(office, left_on=date(2026, 11, 20))

    with pytest.raises(RefusedError, match="not on the register"):
        requested(office, pupil_id=gone)


# -- considering -------------------------------------------------------------------------------------------------


def test_the_interview_settles_what_one_policy_asks_and_the_form_what_another_does(with_randal: Office) -> None:
    matter = requested(with_randal)
    assert {"randal-cremer.leave-interview", "aspire-academy.leave-form"} <= flags_of(with_randal)

    record_interview(with_randal, matter=matter, on=TODAY, by="Mrs Hale", words="Mother came.", risks=ALL_CLEAR)
    assert "randal-cremer.leave-interview" not in flags_of(with_randal)
    record_form(with_randal, matter=matter, on=TODAY)

    assert "aspire-academy.leave-form" not in flags_of(with_randal)
    assert "randal-cremer.leave-evidence" in flags_of(with_randal)


@pytest.mark.parametrize("answer", [RiskAnswer.YES, RiskAnswer.UNSURE])
def test_a_risk_seen_presses_until_the_safeguarding_lead_is_told(office: Office, answer: RiskAnswer) -> None:
    matter = requested(office)
    seen = {**ALL_CLEAR, Risk.MUTILATION: answer}

    record_risks(office, matter=matter, on=TODAY, by="Dr Teal", words="An aunt said something.", risks=seen)
    assert rows(office)[0].severity is Severity.NOW
    assert states(office)["Safeguarding lead told of the risk"] is StepState.DUE
    lead = seen_by(office, LEAD)
    assert ("police in person" in file_of(lead).warning) is (answer is RiskAnswer.YES)
    assert "utilation" not in file_of(office).warning
    later = at(office, NOW.replace(hour=10))
    tell_lead_of_risk(later, matter=matters(office)[-1], words="Told Sam Rook, who rings social care.")

    assert rows(later)[0].severity is Severity.THIS_WEEK
    assert states(later)["Safeguarding lead told of the risk"] is StepState.DONE


def test_the_safeguarding_lead_who_writes_the_risk_down_knows_of_it(office: Office) -> None:
    seen = {**ALL_CLEAR, Risk.FORCED_MARRIAGE: RiskAnswer.UNSURE}

    record_risks(seen_by(office, LEAD), matter=requested(office), on=TODAY, by="Sam Rook", words="Asked.", risks=seen)

    assert not matters(office)[-1].is_lead_untold


def test_each_risk_needs_an_answer_and_a_worry_its_words(office: Office) -> None:
    matter = requested(office)

    with pytest.raises(BadInputError, match="Each risk"):
        record_risks(office, matter=matter, on=TODAY, by="Dr Teal", words="", risks={Risk.OTHER: RiskAnswer.NO})
    with pytest.raises(MissingFactsError, match="raises the worry"):
        record_risks(
            office, matter=matter, on=TODAY, by="Dr Teal", words="", risks={**ALL_CLEAR, Risk.OTHER: RiskAnswer.YES}
        )


# -- deciding ----------------------------------------------------------------------------------------------------


def grant(office: Office, matter: LeaveMatter, *, first: date = FIRST, last: date = LAST, day: date = TODAY) -> None:
    decide_leave(
        seen_by(office, HEAD), matter=matter, is_granted=True, on=day, first=first, last=last, reason="A funeral"
    )


def refuse(office: Office, matter: LeaveMatter) -> None:
    assert matter.first is not None
    assert matter.last is not None
    decide_leave(
        seen_by(office, HEAD), matter=matter, is_granted=False, on=office.today, first=matter.first, last=matter.last,
        reason="Not exceptional",
    )  # fmt: skip


@pytest.mark.parametrize("is_granted", [True, False])
def test_the_head_s_decision_settles_every_flag_of_the_request(with_randal: Office, *, is_granted: bool) -> None:
    matter = requested(with_randal)

    (grant if is_granted else refuse)(with_randal, matter)

    assert not {flag for flag in flags_of(with_randal) if ".leave-" in flag}
    assert facts(with_randal)["Decision"].startswith("Granted" if is_granted else "Refused")


def test_the_office_does_not_decide(office: Office) -> None:
    matter = requested(office)

    with pytest.raises(RefusedError, match="Only the headteacher"):
        decide_leave(office, matter=matter, is_granted=False, on=TODAY, first=FIRST, last=LAST, reason="No")

    assert matters(office)[-1].state is LeaveState.ASKED


def test_a_decision_needs_a_reason_and_only_days_that_were_asked_for(office: Office) -> None:
    matter = requested(office)

    with pytest.raises(MissingFactsError, match="reason"):
        decide_leave(
            seen_by(office, HEAD), matter=matter, is_granted=True, on=TODAY, first=FIRST, last=LAST, reason=" "
        )
    with pytest.raises(RefusedError, match="asked for"):
        grant(office, matter, last=date(2026, 11, 30))


def test_fewer_days_than_asked_may_be_granted(office: Office) -> None:
    grant(office, requested(office), last=date(2026, 11, 24))

    assert facts(office)["Granted"] == "Mon 23 Nov to Tue 24 Nov only, 2 school days"
    assert facts(office)["Expected back"] == "Wed 25 Nov"


@pytest.mark.parametrize(("day", "is_refused"), [(date(2026, 11, 23), False), (date(2026, 11, 24), True)])
def test_leave_is_granted_on_its_first_day_at_the_latest(office: Office, *, day: date, is_refused: bool) -> None:
    matter = requested(office)

    if is_refused:
        with pytest.raises(RefusedError, match="days gone by"):
            grant(on(office, day), matter, day=day)
    else:
        grant(on(office, day), matter, day=day)
    assert (matters(office)[-1].state is LeaveState.GRANTED) is not is_refused


def test_a_decision_made_again_strikes_the_first_out_and_an_undo_brings_it_back(office: Office) -> None:
    refuse(office, requested(office))
    grant(office, matters(office)[-1])
    assert matters(office)[-1].state is LeaveState.GRANTED

    undo_last(seen_by(office, HEAD))

    assert matters(office)[-1].state is LeaveState.REFUSED


# -- the way back ------------------------------------------------------------------------------------------------


def test_leave_before_half_term_ends_on_the_first_school_day_after_it(office: Office) -> None:
    early = at(office, ASKED_IN_AUTUMN)
    matter = requested(
        early, Request(date(2026, 10, 6), "Mother", date(2026, 10, 19), date(2026, 10, 23), "A wedding"), CALLUM
    )
    grant(early, matter, first=date(2026, 10, 19), last=date(2026, 10, 23), day=date(2026, 10, 6))

    assert facts(early, CALLUM)["Expected back"] == "Tue 3 Nov"


@pytest.mark.parametrize(
    ("day", "row", "step"),
    [
        (date(2026, 10, 16), "Granted: Mon 12 Oct to Fri 16 Oct", StepState.LATER),
        (date(2026, 10, 19), "Not back: was due Mon 19 Oct", StepState.DUE),
        (date(2026, 10, 20), "Not back: was due Mon 19 Oct", StepState.LATE),
    ],
)
def test_the_family_is_asked_from_the_first_school_day_after_the_leave(
    office: Office, day: date, row: str, step: StepState
) -> None:
    granted_to_16_october(office)
    add_marks(office, CALLUM, "O", date(2026, 10, 19), date(2026, 11, 9))
    then = on(office, day)

    assert [each.detail for each in rows(then)] == [row]
    assert states(then, CALLUM)["Family asked where the child is"] is step
    assert ("england.leave-not-returned" in flags_of(then, CALLUM)) is (step is not StepState.LATER)


@pytest.mark.parametrize(
    ("day", "step"),
    [
        (date(2026, 11, 6), StepState.LATER),
        (date(2026, 11, 9), StepState.DUE),
        (date(2026, 11, 10), StepState.LATE),
    ],
)
def test_joint_enquiries_begin_on_the_tenth_school_day(office: Office, day: date, step: StepState) -> None:
    matter = granted_to_16_october(office)
    add_marks(office, CALLUM, "O", date(2026, 10, 19), date(2026, 11, 10))
    reached = Event(
        EventKind.CONTACT_ATTEMPT, date(2026, 10, 19), with_=With.MOTHER, method=Method.PHONE,
        outcome=AttemptOutcome.ANSWERED_NO_REASON,
    )  # fmt: skip
    add_event_to(office, CALLUM, reached)
    then = on(office, day)
    is_asked = step is not StepState.LATER

    assert states(then, CALLUM)["Joint enquiries with the authority"] is step
    assert ("england.leave-not-returned" in flags_of(then, CALLUM)) is is_asked
    record_joint_enquiries(then, matter=matter, on=day, outcome=EnquiryResult.BEGUN, words="Agreed with the authority")

    assert states(then, CALLUM)["Joint enquiries with the authority"] is StepState.DONE
    assert "england.leave-not-returned" not in flags_of(then, CALLUM)


def test_the_return_is_seen_from_the_register(office: Office) -> None:
    granted_to_16_october(office)

    assert [row.detail for row in rows(office)] == ["Back since Mon 19 Oct"]
    assert states(office, CALLUM)["Back in school, by the register"] is StepState.DONE


@pytest.mark.parametrize(("days", "is_listed"), [(89, True), (90, False)])
def test_a_leave_that_is_over_stays_on_the_list_for_ninety_days(office: Office, *, days: int, is_listed: bool) -> None:
    granted_to_16_october(office)
    then = on(office, date.fromordinal(date(2026, 10, 16).toordinal() + days))

    assert bool(rows(then)) is is_listed


# -- the register ------------------------------------------------------------------------------------------------


def test_a_refusal_marked_as_leave_is_said_to_disagree(office: Office) -> None:
    early = at(office, ASKED_IN_AUTUMN)
    matter = requested(
        early, Request(date(2026, 10, 6), "Mother", date(2026, 11, 3), date(2026, 11, 6), "A wedding"), CALLUM
    )
    refuse(early, matter)
    add_marks(office, CALLUM, "C", date(2026, 11, 3), date(2026, 11, 4))
    add_marks(office, CALLUM, "G", date(2026, 11, 5), date(2026, 11, 6))

    assert facts(office, CALLUM)["The register does not fit"] == (
        "Leave was refused, but 4 sessions are marked C (Tue 3 Nov to Wed 4 Nov)."
    )
    assert facts(office, CALLUM)["Register over these days"] == "C: 4 sessions, G: 4 sessions"
    assert rows(office)[0].when == "check the marks"


def test_leave_granted_and_marked_c_agrees_and_one_marked_g_does_not(office: Office) -> None:
    granted_to_16_october(office)
    assert "The register does not fit" not in facts(office, CALLUM)

    add_marks(office, CALLUM, "G", date(2026, 10, 16))

    assert "2 sessions are marked G" in facts(office, CALLUM)["The register does not fit"]


# -- told only afterwards ----------------------------------------------------------------------------------------


def test_leave_told_only_afterwards_presses_until_the_welfare_officer_is_told(with_randal: Office) -> None:
    admit_leave_afterwards(
        with_randal, pupils=(LUCJA, TOMASZ), on=TODAY, by="Father", first=date(2026, 11, 3), last=date(2026, 11, 5),
        words="They were in Spain.",
    )  # fmt: skip
    assert "randal-cremer.told-after-leave" in flags_of(with_randal)
    assert {row.severity for row in rows(with_randal)} == {Severity.TODAY}
    assert states(with_randal)["Education welfare officer told"] is StepState.DUE

    record_told(with_randal, pupils=(LUCJA,), who=Recipient.EDUCATION_WELFARE_OFFICER)

    assert "randal-cremer.told-after-leave" not in flags_of(with_randal)
    assert states(with_randal)["Education welfare officer told"] is StepState.DONE
    assert "randal-cremer.told-after-leave" in flags_of(with_randal, TOMASZ)


@pytest.mark.parametrize(("first", "is_refused"), [
    (date(2026, 11, 2), True), (date(2026, 11, 3), False), (date(2026, 11, 4), False),
])  # fmt: skip
def test_no_leave_is_admitted_from_before_the_child_came(office: Office, first: date, *, is_refused: bool) -> None:
    robin = add_pupil(office, starting_day=date(2026, 11, 3))
    said = {"on": TODAY, "by": "Father", "first": first, "last": date(2026, 11, 6), "words": "They were in Spain."}
    if is_refused:
        with pytest.raises(RefusedError, match="not on the register"):
            admit_leave_afterwards(office, pupils=(robin,), **said)  # type: ignore[arg-type]  # as the table says
        assert matters(office, robin) == ()
        return

    admit_leave_afterwards(office, pupils=(robin,), **said)  # type: ignore[arg-type]  # as the table says

    assert matters(office, robin)[0].first == first


def test_a_request_is_not_corrected_to_days_after_the_child_has_left(office: Office) -> None:
    robin = add_pupil(office, left_on=date(2026, 12, 4))
    request_leave(office, pupils=(robin,), request=A_REQUEST)
    later = replace(A_REQUEST, first=date(2026, 12, 7), last=date(2026, 12, 11))

    with pytest.raises(RefusedError, match="not on the register"):
        correct_request(office, matter=matters(office, robin)[0], request=later)


def test_of_a_child_who_has_died_no_leave_is_written(office: Office) -> None:
    record_death(
        seen_by(office, HEAD), pupil_id=LUCJA, on=TODAY, told_by="Grandmother", peace_until_day=date(2026, 12, 18)
    )

    with pytest.raises(RefusedError, match="has died"):
        request_leave(office, pupils=(LUCJA,), request=A_REQUEST)
    with pytest.raises(RefusedError, match="has died"):
        admit_leave_afterwards(
            office,
            pupils=(LUCJA,),
            on=TODAY,
            by="Father",
            first=date(2026, 11, 3),
            last=date(2026, 11, 5),
            words="Away.",
        )


def test_a_request_that_the_head_decided_is_not_taken_back_by_who_wrote_it_down(office: Office) -> None:
    matter = requested(office)
    head = seen_by(office, HEAD)
    decide_leave(head, matter=matter, is_granted=True, on=TODAY, first=FIRST, last=LAST, reason="A funeral")

    with pytest.raises(RefusedError, match="what came of it"):
        undo_last(office)
    assert matters(office)[0].state is LeaveState.GRANTED
    assert matters(office)[0].asked is not None

    undo_last(head)
    undo_last(office)
    assert matters(office) == ()


def test_leave_still_to_come_is_asked_for_and_not_admitted(office: Office) -> None:
    with pytest.raises(BadInputError, match="still to come"):
        admit_leave_afterwards(office, pupils=(LUCJA,), on=TODAY, by="Father", first=FIRST, last=LAST, words="Soon.")
