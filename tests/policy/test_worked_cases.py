"""The numbered worked cases of the law, on its test calendar, that the English rules of absence decide."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from cme_desktop.domain.events import (
    AttemptOutcome,
    EventKind,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.policy import runs
from cme_desktop.policy.absence import Cause
from cme_desktop.policy.record import Judgement
from cme_desktop.policy.rule import Severity
from tests.builders import (
    a_calendar_of_two_years,
    a_line,
    a_record,
    an_event,
    at,
    close_of,
    day,
    facts_of,
    flags_of,
)

RETURN = "england.attendance-return"
TWENTY = "england.twenty-days"
PENALTY = "england.penalty-threshold"
SICKNESS = "england.sickness-return"


def raised_on(rule_id: str, marks: dict[str, str], *days: str, **facts: object) -> list[bool]:
    """Whether the rule is raised at the close of each day."""
    return [
        rule_id in flags_of(a_record(marks, judged=close_of(each), **facts), close_of(each))  # type: ignore[arg-type]
        for each in days
    ]


def test_case_1_half_term_and_inset_are_skipped() -> None:
    marks = {"19 Oct..18 Dec": "O"}

    assert raised_on(RETURN, marks, "6 Nov", "9 Nov", "10 Nov") == [False, True, True]
    assert raised_on(TWENTY, marks, "20 Nov", "23 Nov", "24 Nov") == [False, True, True]
    flag = flags_of(a_record(marks, judged=close_of("9 Nov")), close_of("9 Nov"))[RETURN]
    assert flag.due is not None
    assert flag.due.on == day("9 Nov")
    assert "10 school days" in flag.finding.sentence
    assert (day("2 Nov"), "INSET day") in flag.finding.skipped
    assert (day("28 Oct"), "holiday") in flag.finding.skipped
    assert flag.finding.progress == "20 of 20 sessions"


def test_case_2_days_are_numbered_from_the_first_absent_day() -> None:
    marks = {"14 Sep..23 Oct": "O"}

    numbers = [
        facts_of(a_record(marks, judged=close_of(each)), close_of(each)).absence
        for each in ("14 Sep", "15 Sep", "16 Sep", "18 Sep")
    ]

    assert [absence.day for absence in numbers if absence] == [1, 2, 3, 5]
    assert raised_on(RETURN, marks, "24 Sep", "25 Sep", "28 Sep") == [False, True, True]
    assert raised_on(TWENTY, marks, "8 Oct", "9 Oct", "12 Oct") == [False, True, True]


def test_case_3_mornings_only_reach_the_penalty_threshold_and_never_the_return() -> None:
    marks = {"14 Sep..25 Sep am": "O"}

    assert raised_on(PENALTY, marks, "24 Sep", "25 Sep") == [False, True]
    assert raised_on(RETURN, marks, "24 Sep", "25 Sep", "2 Oct") == [False, False, False]


def test_case_4_twenty_sessions_from_an_afternoon_fall_on_a_morning() -> None:
    marks = {"14 Sep pm": "O", "15 Sep..2 Oct": "O"}

    assert raised_on(RETURN, marks, "25 Sep", "28 Sep") == [False, True]
    morning = at("28 Sep", "10:00")
    assert RETURN in flags_of(a_record(marks, judged=morning), morning)
    before = at("28 Sep", "09:29")
    assert RETURN not in flags_of(a_record(marks, judged=before), before)


def test_case_5_an_n_changed_to_illness_ends_the_run_and_counts_as_illness() -> None:
    judged = close_of("16 Sep")

    facts = facts_of(a_record({"14 Sep..16 Sep": "I"}, judged=judged), judged)

    assert facts.run_of_20.length == 0
    assert runs.count_of(facts.line, b"I") == 6


@pytest.mark.parametrize(
    ("missed", "due"),
    [("14 Sep", "21 Sep"), ("22 Oct", "6 Nov")],
    ids=["case 6", "case 7, across half term and INSET"],
)
def test_cases_6_and_7_an_n_is_to_be_resolved_by_the_fifth_school_day(missed: str, due: str) -> None:
    marks = {missed: "N"}
    before, on, after = day(due) - timedelta(days=3), day(due), day(due) + timedelta(days=3)

    early = flags_of(a_record(marks, judged=close_of(before)), close_of(before))["england.unresolved-n"]
    last = flags_of(a_record(marks, judged=close_of(on)), close_of(on))["england.unresolved-n"]
    late = flags_of(a_record(marks, judged=close_of(after)), close_of(after))["england.unresolved-n"]

    assert (early.severity, early.overdue) == (Severity.THIS_WEEK, False)
    assert last.due is not None
    assert last.due.on == day(due)
    assert (last.severity, last.overdue) == (Severity.TODAY, False)
    assert (late.severity, late.overdue) == (Severity.TODAY, True)


def test_an_n_of_today_is_not_yet_unresolved() -> None:
    assert raised_on("england.unresolved-n", {"14 Sep": "N"}, "14 Sep", "15 Sep") == [False, True]


def test_case_8_a_bank_holiday_is_skipped() -> None:
    assert raised_on(RETURN, {"26 Apr..28 May": "O"}, "7 May", "10 May") == [False, True]


def test_case_9_four_weeks_off_asks_for_the_sickness_return_on_the_first_day() -> None:
    judged = close_of("14 Sep")
    called = an_event(
        EventKind.CONTACT_ATTEMPT, "14 Sep", "08:50", with_=With.MOTHER, outcome=AttemptOutcome.EXPLAINED,
        reason="illness", expected_back=day("12 Oct"),
    )  # fmt: skip

    flag = flags_of(a_record({"14 Sep": "I"}, judged=judged, events=(called,)), judged)[SICKNESS]

    assert flag.due is not None
    assert flag.due.on == day("14 Sep")


def test_an_illness_one_day_short_of_fifteen_asks_for_no_return() -> None:
    judged = close_of("14 Sep")
    for back, expected in (("2 Oct", False), ("5 Oct", True)):
        called = an_event(
            EventKind.EXPECTED_ABSENCE, "14 Sep", "08:50", until=day(back) - timedelta(days=1), because="illness"
        )
        flags = flags_of(a_record({"14 Sep": "I"}, judged=judged, events=(called,)), judged)
        assert (SICKNESS in flags) is expected, back


def test_case_10_a_new_school_year_counts_illness_afresh() -> None:
    calendar = a_calendar_of_two_years()
    september = date(2027, 9, 8)
    judged = Judgement.close_of(september, calendar)
    record = a_record({"28 Jun..14 Jul": "I"}, judged=judged)
    ill = bytearray(record.line)
    ill[-6:] = b"I" * 6
    record = type(record)(record.pupil, bytes(ill), record.contacts)

    assert SICKNESS not in flags_of(record, judged)


def test_case_11_the_same_illness_asks_for_no_second_return() -> None:
    sent = an_event(EventKind.RETURN_SENT, "5 Oct", "11:00", return_=ReturnKind.SICKNESS)
    marks = {"14 Sep..18 Dec": "I"}

    assert raised_on(SICKNESS, marks, "1 Oct", "2 Oct") == [False, True]
    assert raised_on(SICKNESS, marks, "5 Oct", "18 Dec", events=(sent,)) == [False, False]


def test_a_later_spell_of_fifteen_days_asks_for_a_second_sickness_return() -> None:
    sent = an_event(EventKind.RETURN_SENT, "2 Oct", "16:00", return_=ReturnKind.SICKNESS)
    marks = {"14 Sep..2 Oct": "I", "5 Jan..29 Jan": "I"}

    assert raised_on(SICKNESS, marks, "22 Jan", "25 Jan", events=(sent,)) == [False, True]


def test_case_12_ten_school_days_after_leave_ask_for_joint_enquiries() -> None:
    rule_id = "england.leave-not-returned"
    granted = an_event(EventKind.LEAVE_GRANTED, "1 Oct", from_=day("12 Oct"), to=day("16 Oct"))
    marks = {"12 Oct..16 Oct": "C", "19 Oct..18 Dec": "O"}

    assert raised_on(rule_id, marks, "16 Oct", "17 Oct", "19 Oct", events=(granted,)) == [False, False, True]
    first = flags_of(a_record(marks, judged=close_of("19 Oct"), events=(granted,)), close_of("19 Oct"))[rule_id]
    tenth = flags_of(a_record(marks, judged=close_of("9 Nov"), events=(granted,)), close_of("9 Nov"))
    assert first.due is not None
    assert first.due.on == day("19 Oct")
    assert first.duty.act.value == "contact_family"
    assert tenth[rule_id].duty.act.value == "begin_joint_enquiries"
    assert RETURN in tenth


def test_contact_after_leave_settles_the_first_nine_days_and_not_the_tenth() -> None:
    rule_id = "england.leave-not-returned"
    granted = an_event(EventKind.LEAVE_GRANTED, "1 Oct", from_=day("12 Oct"), to=day("16 Oct"))
    reached = an_event(
        EventKind.CONTACT_ATTEMPT, "20 Oct", "10:00", with_=With.FATHER, outcome=AttemptOutcome.EXPLAINED
    )
    begun = an_event(EventKind.JOINT_ENQUIRIES, "9 Nov", "15:00")
    marks = {"12 Oct..16 Oct": "C", "19 Oct..18 Dec": "O"}
    events = (granted, reached)

    assert raised_on(rule_id, marks, "20 Oct", "6 Nov", "9 Nov", events=events) == [False, False, True]
    assert raised_on(rule_id, marks, "9 Nov", "10 Nov", events=(*events, begun)) == [False, False]


def test_case_13_leave_that_turns_into_accepted_illness_stays_followed_up() -> None:
    granted = an_event(EventKind.LEAVE_GRANTED, "1 Oct", from_=day("12 Oct"), to=day("16 Oct"))
    marks = {"12 Oct..16 Oct": "C", "19 Oct..18 Dec": "I"}
    judged = close_of("9 Nov")

    flags = flags_of(a_record(marks, judged=judged, events=(granted,)), judged)

    assert "england.leave-not-returned" in flags
    assert RETURN not in flags


def test_case_14_refused_leave_taken_reaches_the_threshold_on_day_5_and_the_return_on_day_10() -> None:
    refused = an_event(EventKind.LEAVE_REFUSED, "7 Sep", from_=day("14 Sep"), to=day("25 Sep"))
    marks = {"14 Sep..25 Sep": "G"}
    events = (refused,)

    assert raised_on(PENALTY, marks, "17 Sep", "18 Sep", events=events) == [False, True]
    assert raised_on(RETURN, marks, "24 Sep", "25 Sep", "28 Sep", events=events) == [False, True, False]
    assert raised_on("england.leave-not-returned", marks, "28 Sep", "12 Oct", events=events) == [False, False]


def test_case_15_an_accepted_illness_breaks_the_run_of_forty() -> None:
    marks = {"14 Sep..23 Oct": "O", "29 Sep": "I"}

    assert raised_on(TWENTY, marks, "9 Oct", "23 Oct") == [False, False]
    facts = facts_of(a_record(marks, judged=close_of("9 Oct")), close_of("9 Oct"))
    assert facts.run_of_20.length == 2 * 8


def test_case_20_a_closed_wing_breaks_the_run_and_the_child_is_still_unseen() -> None:
    marks = {"14 Sep..25 Sep": "O", "18 Sep": "Y3"}

    assert raised_on(RETURN, marks, "25 Sep") == [False]
    assert raised_on("england.not-seen", marks, "24 Sep", "25 Sep") == [False, True]


def test_case_21_a_part_time_timetable_stops_the_run_and_not_the_count_of_days_unseen() -> None:
    marks = {"14 Sep..29 Sep am": "O", "14 Sep..29 Sep pm": "C2"}
    judged = close_of("29 Sep")

    flags = flags_of(a_record(marks, judged=judged), judged)

    assert RETURN not in flags
    assert "england.not-seen" in flags
    assert "12 school days" in flags["england.not-seen"].finding.sentence
    assert len(flags[PENALTY].finding.counted) == 12


def test_case_22_a_pupil_at_the_other_school_is_asked_after_daily() -> None:
    rule_id = "england.elsewhere-unconfirmed"
    marks = {"14 Sep..18 Sep": "D"}
    confirmed = an_event(EventKind.ELSEWHERE_CONFIRMED, "16 Sep", "10:00")

    assert raised_on(rule_id, marks, "15 Sep", "16 Sep", "17 Sep", events=(confirmed,)) == [True, False, True]
    assert raised_on(rule_id, marks, "19 Sep") == [False]
    judged = close_of("18 Sep")
    assert facts_of(a_record(marks, judged=judged), judged).sessions_absent == 0


def test_case_23_a_suspension_before_keeps_the_run_short() -> None:
    judged = close_of("25 Sep")

    facts = facts_of(a_record({"14 Sep..18 Sep": "E", "21 Sep..25 Sep": "O"}, judged=judged), judged)

    assert facts.run_of_20.length == 10
    assert facts.absence is not None
    assert facts.absence.day == 10


def test_case_24_below_compulsory_age_only_the_duties_of_age_wait() -> None:
    judged = close_of("27 Nov")
    record = a_record({"14 Sep..27 Nov": "O"}, judged=judged, born=date(2021, 9, 1), starting_day=day("3 Sep"))

    flags = flags_of(record, judged)

    assert {"england.unexplained-absence", "england.not-seen", TWENTY, "england.persistent-absence"} <= set(flags)
    assert not {RETURN, PENALTY, SICKNESS} & set(flags)


def test_the_return_falls_due_when_compulsory_age_begins() -> None:
    marks = {"14 Sep..12 Feb": "O"}
    judged = close_of("5 Jan")
    record = a_record(marks, judged=judged, born=date(2021, 9, 1), starting_day=day("3 Sep"))

    flags = flags_of(record, judged)

    due = flags[RETURN].due
    assert due is not None
    assert due.on == day("5 Jan")
    assert PENALTY not in flags


def test_case_25_a_child_born_on_31_august_is_of_age_from_the_first_day() -> None:
    marks = {"3 Sep..18 Sep": "O"}

    assert raised_on(RETURN, marks, "15 Sep", "16 Sep", born=date(2021, 8, 31)) == [False, True]


def test_case_26_a_looked_after_child_asks_for_everyone_on_the_first_day() -> None:
    judged = at("9 Nov", "09:45")
    record = a_record({"9 Nov am": "N"}, judged=judged, circumstances=(Circumstance.LOOKED_AFTER,))

    flags = flags_of(record, judged)

    assert flags["england.unexplained-absence"].severity is Severity.NOW
    assert flags["england.social-worker-told"].due is not None
    sentence = flags["england.looked-after-told"].finding.sentence
    for who in ("carer", "social worker", "virtual school head", "designated teacher"):
        assert who in sentence


def test_case_27_an_explained_absence_of_a_child_with_a_plan_is_no_unexplained_absence() -> None:
    judged = close_of("14 Sep")
    record = a_record({"14 Sep": "I"}, judged=judged, circumstances=(Circumstance.CHILD_PROTECTION_PLAN,))

    assert not {"england.unexplained-absence", "england.social-worker-told"} & set(flags_of(record, judged))


def test_case_28_three_days_without_contact_make_the_whereabouts_unknown() -> None:
    tried = [
        an_event(EventKind.CONTACT_ATTEMPT, each, "09:20", with_=who, outcome=AttemptOutcome.NO_ANSWER)
        for each in ("9 Nov", "10 Nov", "11 Nov")
        for who in (With.MOTHER, With.GRANDMOTHER)
    ]
    visits = [an_event(EventKind.HOME_VISIT, "10 Nov", "14:00", outcome=VisitOutcome.NO_REPLY)]
    causes: dict[str, set[Cause]] = {}
    for each in ("9 Nov", "10 Nov", "11 Nov"):
        judged = close_of(each)
        record = a_record({"9 Nov..18 Dec": "O"}, judged=judged, events=(*tried, *visits))
        causes[each] = {unknown.cause for unknown in facts_of(record, judged).whereabouts_unknown}

    assert causes["9 Nov"] == set()
    assert causes["10 Nov"] == causes["11 Nov"] == {Cause.EVERY_CONTACT_TRIED, Cause.VISIT_UNANSWERED}


def test_case_29_a_reason_with_a_day_holds_until_the_day_before_it() -> None:
    said = an_event(
        EventKind.CONTACT_ATTEMPT, "9 Nov", "09:20", with_=With.MOTHER, outcome=AttemptOutcome.EXPLAINED,
        reason="at a grandparent's", expected_back=day("16 Nov"),
    )  # fmt: skip
    marks = {"9 Nov..18 Dec": "O"}
    rule_id = "england.unexplained-absence"

    assert raised_on(rule_id, marks, "9 Nov", "13 Nov", "16 Nov", events=(said,)) == [False, False, True]


def test_case_30_no_call_on_the_first_day_back_is_an_unexplained_absence() -> None:
    assert raised_on("england.unexplained-absence", {"3 Nov": "N"}, "3 Nov") == [True]


def test_case_31_a_new_starter_who_never_comes_is_followed_up_from_the_starting_day() -> None:
    marks = {"3 Sep..18 Sep": "N"}
    start = day("3 Sep")

    assert raised_on("england.never-started", marks, "2 Sep", "3 Sep", "16 Sep", starting_day=start) == [
        False,
        True,
        True,
    ]
    assert raised_on(RETURN, marks, "15 Sep", "16 Sep", starting_day=start) == [False, True]


def test_case_41_the_window_of_ten_school_weeks_spans_the_holidays() -> None:
    marks = {"7 Dec..9 Dec": "O", "8 Feb..9 Feb": "O"}

    assert raised_on(PENALTY, marks, "8 Feb", "9 Feb", "12 Feb") == [False, True, True]
    assert raised_on(PENALTY, marks, "5 Mar", "8 Mar") == [True, False]


@pytest.mark.parametrize(("absent", "persistent"), [(7, False), (8, True)])
def test_case_42_one_session_makes_the_difference(*, absent: int, persistent: bool) -> None:
    judged = close_of("23 Oct")
    sessions = [f"{number} {half}" for number in ("14 Sep", "15 Sep", "16 Sep", "17 Sep") for half in ("am", "pm")]
    record = a_record(dict.fromkeys(sessions[:absent], "M"), judged=judged)

    assert facts_of(record, judged).sessions_possible == 74
    assert ("england.persistent-absence" in flags_of(record, judged)) is persistent


@pytest.mark.parametrize(
    ("absent", "persistent", "severe"), [(6, False, False), (7, True, False), (34, True, False), (35, True, True)]
)
def test_case_43_exactly_ten_and_fifty_per_cent_count(*, absent: int, persistent: bool, severe: bool) -> None:
    judged = close_of("21 Oct")
    line = b"I" * absent + b"/" * (70 - absent)
    record = a_record(judged=judged)
    record = type(record)(record.pupil, line, record.contacts)

    flags = flags_of(record, judged)

    assert ("england.persistent-absence" in flags) is persistent
    assert ("england.severe-absence" in flags) is severe


def test_a_social_worker_told_once_is_told_for_the_absence() -> None:
    told = an_event(EventKind.TOLD, "14 Sep", "10:00", who=Recipient.SOCIAL_WORKER)
    marks = {"14 Sep..16 Sep": "N"}
    facts = {"circumstances": (Circumstance.SOCIAL_WORKER,), "events": (told,)}

    assert raised_on("england.social-worker-told", marks, "14 Sep", "16 Sep", **facts) == [False, False]
    assert raised_on("england.social-worker-told", {"14 Sep": "N", "16 Sep": "N"}, "16 Sep", **facts) == [True]


def test_a_line_ends_with_the_last_session_due() -> None:
    assert len(a_line({}, at("3 Sep", "09:29"))) == 0
    assert len(a_line({}, at("3 Sep", "09:30"))) == 1
    assert len(a_line({}, at("3 Sep", "13:30"))) == 2
    assert close_of("3 Sep").at > datetime(2026, 9, 3, 23, 59)  # noqa: DTZ001 - local clock time, as the rules read it
