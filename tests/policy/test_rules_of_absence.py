"""The English rules of absence, beyond the worked cases: what settles, what lapses, who is told, what is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.contacts import Contact, Household
from cme_desktop.domain.events import (
    AttemptOutcome,
    EnquiryResult,
    EventKind,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy.record import Judgement, PupilRecord
from cme_desktop.policy.rule import Flag, Severity
from tests.builders import a_calendar_of_two_years, a_record, an_event, at, close_of, day, flags_of

RETURN = "england.attendance-return"
UNEXPLAINED = "england.unexplained-absence"


def raised_on(rule_id: str, marks: dict[str, str], *days: str, **facts: object) -> list[bool]:
    return [
        rule_id in flags_of(a_record(marks, judged=close_of(each), **facts), close_of(each))  # type: ignore[arg-type]
        for each in days
    ]


def with_line(record: PupilRecord, line: bytes) -> PupilRecord:
    return replace(record, line=line)


# -- a quiet pupil -------------------------------------------------------------------------------------------------


def test_a_pupil_who_attends_raises_nothing() -> None:
    for each in ("3 Sep", "19 Sep", "28 Oct", "21 Jul"):
        assert flags_of(a_record(judged=close_of(each)), close_of(each)) == {}


# -- unexplained absence -------------------------------------------------------------------------------------------


def test_contact_of_any_kind_settles_the_day_and_not_the_next() -> None:
    reached = an_event(
        EventKind.CONTACT_ATTEMPT, "14 Sep", "10:00", with_=With.MOTHER, outcome=AttemptOutcome.ANSWERED_NO_REASON
    )

    assert raised_on(UNEXPLAINED, {"14 Sep..16 Sep": "N"}, "14 Sep", "15 Sep", events=(reached,)) == [False, True]


@pytest.mark.parametrize(
    ("who", "outcome"),
    [
        (With.MOTHER, AttemptOutcome.NO_ANSWER),
        (With.MOTHER, AttemptOutcome.LEFT_MESSAGE),
        (With.MOTHER, AttemptOutcome.UNAWARE),
        (With.NEIGHBOUR, AttemptOutcome.EXPLAINED),
        (With.SIBLING, AttemptOutcome.EXPLAINED),
    ],
)
def test_what_is_no_contact_settles_nothing(who: With, outcome: AttemptOutcome) -> None:
    tried = an_event(EventKind.CONTACT_ATTEMPT, "14 Sep", "10:00", with_=who, outcome=outcome)

    assert raised_on(UNEXPLAINED, {"14 Sep": "N"}, "14 Sep", events=(tried,)) == [True]


def test_a_reason_without_an_end_holds_until_the_pupil_attends() -> None:
    said = an_event(EventKind.CONTACT_ATTEMPT, "14 Sep", "10:00", with_=With.FATHER, outcome=AttemptOutcome.EXPLAINED)
    marks = {"14 Sep..16 Sep": "O", "18 Sep": "O"}

    assert raised_on(UNEXPLAINED, marks, "14 Sep", "16 Sep", "17 Sep", "18 Sep", events=(said,)) == [
        False,
        False,
        False,
        True,
    ]


def test_a_reason_given_before_the_pupil_came_late_ends_with_the_arrival() -> None:
    said = an_event(EventKind.CONTACT_ATTEMPT, "14 Sep", "08:45", with_=With.FATHER, outcome=AttemptOutcome.EXPLAINED)

    assert raised_on(UNEXPLAINED, {"14 Sep am": "L", "14 Sep pm": "N"}, "14 Sep", events=(said,)) == [True]


def test_arrival_in_the_afternoon_ends_the_flags_of_the_morning() -> None:
    record = a_record({"14 Sep am": "N"}, judged=close_of("14 Sep"), circumstances=(Circumstance.LOOKED_AFTER,))

    assert flags_of(record, close_of("14 Sep")) == {}


def test_a_morning_mark_counts_from_the_close_of_the_register() -> None:
    for clock, expected in (("09:29", False), ("09:30", True)):
        judged = at("14 Sep", clock)
        assert (UNEXPLAINED in flags_of(a_record({"14 Sep": "N"}, judged=judged), judged)) is expected


def test_rules_about_today_rest_at_the_weekend_and_the_others_do_not() -> None:
    judged = close_of("19 Sep")
    record = a_record({"18 Sep": "N"}, judged=judged, circumstances=(Circumstance.SOCIAL_WORKER,))

    flags = flags_of(record, judged)

    assert set(flags) == {"england.social-worker-told", "england.unresolved-n"}
    assert flags["england.social-worker-told"].overdue


@pytest.mark.parametrize(
    ("circumstance", "severity"),
    [
        (Circumstance.CHILD_PROTECTION_PLAN, Severity.NOW),
        (Circumstance.WALKS_ALONE, Severity.NOW),
        (Circumstance.YOUNG_CARER, Severity.TODAY),
    ],
)
def test_some_children_are_asked_after_now(circumstance: Circumstance, severity: Severity) -> None:
    judged = close_of("14 Sep")

    flags = flags_of(a_record({"14 Sep": "N"}, judged=judged, circumstances=(circumstance,)), judged)

    assert flags[UNEXPLAINED].severity is severity


def test_each_of_those_who_care_for_a_looked_after_child_is_told() -> None:
    reached = an_event(
        EventKind.CONTACT_ATTEMPT, "14 Sep", "09:40", with_=With.CARER, outcome=AttemptOutcome.ANSWERED_NO_REASON
    )
    told = [
        an_event(EventKind.TOLD, "14 Sep", "10:00", who=who)
        for who in (Recipient.SOCIAL_WORKER, Recipient.VIRTUAL_SCHOOL_HEAD)
    ]
    judged = close_of("14 Sep")
    record = a_record(
        {"14 Sep": "N"}, judged=judged, circumstances=(Circumstance.LOOKED_AFTER,), events=(reached, *told)
    )

    flag = flags_of(record, judged)["england.looked-after-told"]

    assert "designated teacher" in flag.finding.sentence
    assert "carer" not in flag.finding.sentence
    teacher = an_event(EventKind.TOLD, "14 Sep", "11:00", who=Recipient.DESIGNATED_TEACHER)
    done = flags_of(replace(record, events=(*record.events, teacher)), judged)
    assert not {"england.looked-after-told", "england.social-worker-told"} & set(done)


def test_a_youth_justice_worker_is_told_as_well() -> None:
    judged = close_of("14 Sep")
    both = (Circumstance.YOUTH_JUSTICE_WORKER, Circumstance.SOCIAL_WORKER)
    told = an_event(EventKind.TOLD, "14 Sep", "10:00", who=Recipient.SOCIAL_WORKER)

    flags = flags_of(a_record({"14 Sep": "N"}, judged=judged, circumstances=both, events=(told,)), judged)

    assert "youth justice worker" in flags["england.social-worker-told"].duty.what


# -- the attendance return -----------------------------------------------------------------------------------------


def test_a_return_settles_for_one_calendar_month_while_the_run_lasts() -> None:
    sent = an_event(EventKind.RETURN_SENT, "25 Sep", "15:00", return_=ReturnKind.ATTENDANCE)
    marks = {"14 Sep..18 Dec": "O"}

    assert raised_on(RETURN, marks, "25 Sep", "23 Oct", "25 Oct", events=(sent,)) == [False, False, True]
    flag = flags_of(a_record(marks, judged=close_of("25 Oct"), events=(sent,)), close_of("25 Oct"))[RETURN]
    assert flag.due is not None
    assert flag.due.on == day("3 Nov")


def test_a_return_of_an_earlier_run_settles_nothing() -> None:
    sent = an_event(EventKind.RETURN_SENT, "11 Sep", "15:00", return_=ReturnKind.ATTENDANCE)

    assert raised_on(RETURN, {"14 Sep..25 Sep": "O"}, "25 Sep", events=(sent,)) == [True]


def test_late_after_the_close_keeps_the_run_and_the_return() -> None:
    assert raised_on(RETURN, {"14 Sep..25 Sep": "O", "16 Sep am": "U"}, "25 Sep") == [True]


def test_a_run_as_old_as_the_records_is_at_least_so_long() -> None:
    judged = close_of("16 Sep")
    record = a_record({"3 Sep..16 Sep": "O"}, judged=judged, line_begins_at_records=True)

    assert flags_of(record, judged)[RETURN].finding.sentence.startswith("At least 20 sessions")


def test_without_a_date_of_birth_the_return_is_incomplete() -> None:
    judged = close_of("25 Sep")

    flags = flags_of(a_record({"14 Sep..25 Sep": "O"}, judged=judged, born=None), judged)

    assert flags[RETURN].severity is Severity.INCOMPLETE
    assert flags["england.missing-fact"].severity is Severity.INCOMPLETE
    assert "date of birth" in flags["england.missing-fact"].finding.sentence


def test_a_closure_marked_for_the_pupil_is_skipped_and_said() -> None:
    marks = {"14 Sep..28 Sep": "O", "18 Sep": "Y4"}
    judged = close_of("28 Sep")

    assert raised_on(RETURN, marks, "25 Sep", "28 Sep") == [False, True]
    skipped = dict(flags_of(a_record(marks, judged=judged), judged)[RETURN].finding.skipped)
    assert skipped[day("18 Sep")] == "Whole school unexpectedly closed"


# -- penalty, twenty days, sickness --------------------------------------------------------------------------------


def test_a_decision_deals_with_the_sessions_up_to_it() -> None:
    rule_id = "england.penalty-threshold"
    decided = an_event(EventKind.DECISION, "21 Sep", "12:00", about=rule_id, choice="support first")
    marks = {"14 Sep..18 Sep": "O", "21 Sep..25 Sep": "O"}

    assert raised_on(rule_id, marks, "18 Sep", "21 Sep") == [True, True]
    assert raised_on(rule_id, marks, "21 Sep", "24 Sep", "25 Sep", events=(decided,)) == [False, False, False]
    assert raised_on(rule_id, {**marks, "28 Sep": "O"}, "25 Sep", "28 Sep", events=(decided,)) == [False, True]


def test_the_head_has_five_school_days_to_decide() -> None:
    judged = close_of("28 Sep")

    flag = flags_of(a_record({"14 Sep..18 Sep": "O"}, judged=judged), judged)["england.penalty-threshold"]

    assert flag.due is not None
    assert flag.due.on == day("25 Sep")
    assert flag.overdue


def test_the_five_days_run_from_when_the_threshold_was_reached_again() -> None:
    marks = {"14 Sep..18 Sep": "O", "15 Mar..19 Mar": "O"}
    judged = close_of("22 Mar")

    flag = flags_of(a_record(marks, judged=judged), judged)["england.penalty-threshold"]

    assert len(flag.finding.counted) == 10
    assert flag.finding.since == day("19 Mar")
    assert flag.due is not None
    assert flag.due.on == day("12 Apr")


def test_a_later_spell_expected_to_last_asks_for_a_second_sickness_return() -> None:
    rule_id = "england.sickness-return"
    sent = an_event(EventKind.RETURN_SENT, "2 Oct", "16:00", return_=ReturnKind.SICKNESS)
    said = an_event(EventKind.EXPECTED_ABSENCE, "5 Jan", "09:00", until=day("25 Jan"), because="illness")
    short = an_event(EventKind.EXPECTED_ABSENCE, "5 Jan", "09:00", until=day("22 Jan"), because="illness")
    marks = {"14 Sep..2 Oct": "I", "5 Jan..29 Jan": "I"}

    assert raised_on(rule_id, marks, "5 Jan", events=(sent, said)) == [True]
    assert raised_on(rule_id, marks, "5 Jan", events=(sent, short)) == [False]


def test_sessions_still_n_only_ask_to_watch() -> None:
    judged = close_of("18 Sep")

    flag = flags_of(a_record({"14 Sep..17 Sep": "O", "18 Sep": "N"}, judged=judged), judged)[
        "england.penalty-threshold"
    ]

    assert flag.severity is Severity.WATCH
    assert flag.due is None


def test_an_agreed_decision_settles_twenty_days_and_enquiries_begun_do_not() -> None:
    rule_id = "england.twenty-days"
    begun = an_event(EventKind.JOINT_ENQUIRIES, "9 Oct", "12:00", outcome=EnquiryResult.BEGUN)
    decided = an_event(EventKind.DECISION, "12 Oct", "12:00", about=rule_id, choice="stays on roll")
    marks = {"14 Sep..23 Oct": "O"}

    assert raised_on(rule_id, marks, "9 Oct", "12 Oct", events=(begun, decided)) == [True, False]
    flag = flags_of(a_record(marks, judged=close_of("9 Oct"), events=(begun,)), close_of("9 Oct"))[rule_id]
    assert flag.duty.what.startswith("Finish")


def test_ten_days_of_illness_ask_when_the_pupil_is_back() -> None:
    rule_id = "england.sickness-approaching"
    marks = {"14 Sep..30 Sep": "I"}
    said = an_event(EventKind.EXPECTED_ABSENCE, "25 Sep", "10:00", until=day("29 Sep"), because="illness")

    assert raised_on(rule_id, marks, "24 Sep", "25 Sep", "26 Sep", "1 Oct") == [False, True, False, False]
    assert raised_on(rule_id, marks, "25 Sep", "30 Sep", events=(said,)) == [False, True]
    flag = flags_of(a_record(marks, judged=close_of("28 Sep")), close_of("28 Sep"))[rule_id]
    assert flag.due is not None
    assert flag.due.on == day("25 Sep")


def test_the_authority_may_agree_that_no_sickness_return_is_needed() -> None:
    rule_id = "england.sickness-return"
    agreed = an_event(EventKind.DECISION, "2 Oct", "17:00", about=rule_id, choice="minor unrelated illnesses")
    marks = {"14 Sep..2 Oct": "I", "12 Oct": "I"}

    assert raised_on(rule_id, marks, "2 Oct") == [True]
    assert raised_on(rule_id, marks, "2 Oct", "12 Oct", events=(agreed,)) == [False, False]


# -- leave, never started, not seen --------------------------------------------------------------------------------


def test_leave_known_by_its_code_alone_is_followed_up_too() -> None:
    marks = {"14 Sep..18 Sep": "C", "21 Sep..25 Sep": "O"}

    assert raised_on("england.leave-not-returned", marks, "18 Sep", "20 Sep", "21 Sep") == [False, False, True]


def test_a_decision_settles_leave_and_a_late_start() -> None:
    leave = an_event(EventKind.DECISION, "21 Sep", "12:00", about="england.leave-not-returned", choice="extended")
    started = an_event(EventKind.DECISION, "4 Sep", "12:00", about="england.never-started", choice="place given up")

    marks = {"14 Sep..18 Sep": "C", "21 Sep..25 Sep": "O"}
    assert raised_on("england.leave-not-returned", marks, "21 Sep", events=(leave,)) == [False]
    assert raised_on(
        "england.never-started", {"3 Sep..9 Sep": "N"}, "9 Sep", events=(started,), starting_day=day("3 Sep")
    ) == [False]


def test_a_pupil_who_started_before_the_records_began_may_have_attended_before() -> None:
    facts = {"starting_day": day("3 Sep"), "line_begins_at_records": True}

    assert raised_on("england.never-started", {"3 Sep..9 Sep": "N"}, "9 Sep", **facts) == [False]


def test_a_child_seen_at_home_is_seen_and_counted_from_then() -> None:
    seen = an_event(EventKind.HOME_VISIT, "18 Sep", "15:00", outcome=VisitOutcome.CHILD_SEEN)
    marks = {"14 Sep..23 Oct": "I"}
    rule_id = "england.not-seen"

    assert raised_on(rule_id, marks, "24 Sep", "25 Sep", "28 Sep") == [False, True, True]
    assert raised_on(rule_id, marks, "25 Sep", "1 Oct", "2 Oct", "5 Oct", events=(seen,)) == [False, False, True, True]


def test_the_tenth_day_unseen_counts_when_it_is_over() -> None:
    for clock, expected in (("10:00", False), ("13:30", True)):
        judged = at("25 Sep", clock)
        record = a_record({"14 Sep..25 Sep": "I"}, judged=judged)
        assert ("england.not-seen" in flags_of(record, judged)) is expected


def test_a_pupil_who_has_left_is_not_missed() -> None:
    judged = close_of("23 Oct")
    record = a_record({"14 Sep..23 Oct": "."}, judged=judged, left_on=day("11 Sep"))

    assert "england.not-seen" not in flags_of(record, judged)


# -- contacts ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("contacts", "raised"),
    [
        ((), True),
        ((Contact(With.MOTHER),), True),
        ((Contact(With.MOTHER), Contact(With.FATHER)), True),
        ((Contact(With.MOTHER), Contact(With.FATHER, Household.ELSEWHERE)), False),
        ((Contact(With.MOTHER), Contact(With.FATHER, Household.ELSEWHERE, works=False)), True),
        ((Contact(With.MOTHER), Contact(With.FATHER, Household.ELSEWHERE, do_not_contact=True)), True),
    ],
)
def test_two_people_can_be_rung_and_one_lives_elsewhere(contacts: tuple[Contact, ...], *, raised: bool) -> None:
    assert raised_on("england.emergency-contacts", {}, "14 Sep", contacts=contacts) == [raised]


# -- unknown sessions ----------------------------------------------------------------------------------------------


def test_a_register_not_taken_is_unknown_not_absent() -> None:
    judged = close_of("14 Sep")

    flags = flags_of(a_record({"14 Sep": "?"}, judged=judged), judged)

    assert flags["england.register-not-taken"].severity is Severity.TODAY
    assert flags[UNEXPLAINED].severity is Severity.INCOMPLETE
    assert flags[UNEXPLAINED].finding.ask == (
        SchoolSession(day("14 Sep"), Half.AM),
        SchoolSession(day("14 Sep"), Half.PM),
    )


def test_a_run_that_turns_on_an_unknown_session_is_incomplete_and_names_it() -> None:
    judged = close_of("25 Sep")

    flag = flags_of(a_record({"14 Sep..25 Sep": "O", "16 Sep pm": "?"}, judged=judged), judged)[RETURN]

    assert flag.severity is Severity.INCOMPLETE
    assert flag.finding.ask == (SchoolSession(day("16 Sep"), Half.PM),)


def test_a_count_that_rests_on_unmarked_sessions_says_what_it_supposes() -> None:
    judged = close_of("30 Sep")

    flags = flags_of(a_record({"3 Sep..25 Sep": "?", "28 Sep..30 Sep": "O"}, judged=judged), judged)

    assert flags["england.twenty-days"].finding.sentence.startswith("If the sessions without a mark were missed: ")
    assert flags["england.severe-absence"].finding.sentence.startswith("If the sessions without a mark were missed: ")


def test_a_child_is_never_said_to_have_been_seen_on_a_day_without_a_mark() -> None:
    judged = close_of("23 Oct")

    unmarked = flags_of(a_record({"3 Sep..11 Sep": "?", "14 Sep..23 Oct": "I"}, judged=judged), judged)
    half_marked = flags_of(a_record({"11 Sep pm": "?", "14 Sep..23 Oct": "I"}, judged=judged), judged)

    assert "perhaps in school on 11 September 2026" in unmarked["england.not-seen"].finding.sentence
    assert "last seen on 11 September 2026" in half_marked["england.not-seen"].finding.sentence


def test_true_both_ways_with_another_due_day_is_raised_with_the_later() -> None:
    judged = close_of("30 Sep")

    flag = flags_of(a_record({"14 Sep..30 Sep": "O", "14 Sep am": "?"}, judged=judged), judged)[RETURN]

    assert flag.severity is Severity.TODAY
    assert flag.due is not None
    assert flag.due.on == day("28 Sep")
    assert flag.finding.ask == (SchoolSession(day("14 Sep"), Half.AM),)


def test_a_share_that_turns_on_unknown_sessions_is_incomplete_though_it_is_only_watched() -> None:
    judged = close_of("23 Oct")

    flag = flags_of(a_record({"14 Sep..16 Sep": "M", "17 Sep": "?"}, judged=judged), judged)[
        "england.persistent-absence"
    ]

    assert flag.severity is Severity.INCOMPLETE
    assert len(flag.finding.ask) == 2


def test_an_old_unknown_session_changes_nothing_of_a_new_absence() -> None:
    judged = close_of("14 Oct")

    flag = flags_of(a_record({"7 Sep": "?", "14 Oct": "N"}, judged=judged), judged)[UNEXPLAINED]

    assert flag.severity is Severity.TODAY
    assert flag.finding.ask == ()


# -- the end of the calendar ---------------------------------------------------------------------------------------


def test_in_july_a_deadline_past_the_calendar_is_left_open_and_nothing_breaks() -> None:
    judged = close_of("21 Jul")

    flags = flags_of(a_record({"8 Jul..20 Jul": "O", "20 Jul": "N", "21 Jul": "N"}, judged=judged), judged)

    assert flags["england.unresolved-n"].due is None
    assert flags[RETURN].due is not None


def test_in_the_summer_the_count_of_the_year_stands() -> None:
    judged = close_of(date(2027, 7, 21) + timedelta(days=20))

    flags = flags_of(a_record({"14 Sep..23 Oct": "M"}, judged=judged), judged)

    assert "england.persistent-absence" in flags


# -- over the summer -----------------------------------------------------------------------------------------------


def judged_in_september_2027(on: date, letters: dict[date, str]) -> dict[str, Flag]:
    calendar = a_calendar_of_two_years()
    judged = Judgement.close_of(on, calendar)
    record = a_record(judged=judged)
    line = "".join(
        letters.get(session.on, chr(symbol)) for session, symbol in zip(calendar.sessions, record.line, strict=False)
    )
    return flags_of(with_line(record, line.encode("ascii")), judged)


def test_the_window_of_the_threshold_spans_two_school_years() -> None:
    letters = {date(2027, 7, 19) + timedelta(days=each): "O" for each in range(3)}
    letters |= {date(2027, 9, 2): "O", date(2027, 9, 3): "O"}

    assert "england.penalty-threshold" not in judged_in_september_2027(date(2027, 9, 2), letters)
    assert "england.penalty-threshold" in judged_in_september_2027(date(2027, 9, 3), letters)


def test_an_n_of_the_last_day_is_resolved_by_the_fifth_school_day_of_the_next_year() -> None:
    flag = judged_in_september_2027(date(2027, 9, 3), {date(2027, 7, 21): "N"})["england.unresolved-n"]

    assert flag.due is not None
    assert flag.due.on == date(2027, 9, 8)
