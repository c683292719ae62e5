"""Steps about who joins, leaves, is home educated, under an order, on leave or part time: to the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cme_desktop.domain.events import (
    AttemptOutcome,
    Destination,
    Event,
    EventKind,
    Recipient,
    VisitOutcome,
)
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import Circumstance, DatedCircumstance, Pupil, YearGroup
from cme_desktop.policy.found import Found
from cme_desktop.policy.record import Judgement, PupilRecord, SchoolRecord
from cme_desktop.policy.school_policy import DueKind, Step, TriggerKind
from cme_desktop.policy.triggers import TRIGGERS
from tests.builders import CONTACTS, a_calendar_of_two_years, a_line, an_event, at, close_of, day, facts_of
from tests.policy.test_steps_to_the_day import a_step, called, due_on, found, raised, sentence, since, told, visit

ABSENT = {"14 Sep..23 Oct": "O"}


def of_pupil(
    step: Step,
    when: date,
    *events: Event,
    group: YearGroup | None = None,
    starting_day: date | None = date(2023, 9, 5),
    records_begin: date | None = None,
    circumstances: tuple[DatedCircumstance, ...] = (),
    marks: dict[str, str] | None = None,
) -> Found | None:
    """What a step finds of a pupil of a year group, where two school years are known."""
    judged = Judgement.close_of(when, a_calendar_of_two_years(), school=SchoolRecord(records_begin=records_begin))
    pupil = Pupil(PupilId(1), None, starting_day, circumstances=circumstances, year_group=group)
    record = PupilRecord(pupil, a_line(marks or {}, judged, starting_day=starting_day), CONTACTS, events)
    return TRIGGERS[step.trigger].find(facts_of(record, judged), step)


# -- joining -------------------------------------------------------------------------------------------------------

JOINER = a_step(TriggerKind.IN_YEAR_JOINER)


def test_a_joiner_is_who_came_since_the_records_begin() -> None:
    def joined(start: str | date | None, when: str = "12 Oct", begin: str | None = None) -> bool:
        starting_day = day(start) if isinstance(start, str) else start
        records_begin = day(begin) if begin else None
        return of_pupil(JOINER, day(when), starting_day=starting_day, records_begin=records_begin) is not None

    assert joined("12 Oct")
    assert not joined("13 Oct")
    assert not joined(None)
    assert joined("1 Sep")
    assert not joined(date(2026, 8, 31))
    assert not joined("1 Oct", begin="2 Oct")
    assert joined("2 Oct", begin="2 Oct")


def test_an_entry_by_itself_makes_a_joiner_whenever_the_child_began() -> None:
    entered = an_event(EventKind.JOINER_ENTERED, "5 Oct")
    answer = of_pupil(JOINER, day("12 Oct"), entered)

    assert answer is not None
    assert (answer.since, answer.event, answer.answers) == (day("5 Oct"), entered, (entered,))


@pytest.mark.parametrize(
    ("group", "start", "is_joiner"),
    [
        (YearGroup.R, day("1 Sep"), False),
        (YearGroup.R, day("3 Sep"), False),
        (YearGroup.R, day("4 Sep"), True),
        (YearGroup.Y1, day("3 Sep"), True),
        (None, day("3 Sep"), True),
        (YearGroup.R, date(2027, 9, 2), False),
        (YearGroup.R, date(2027, 9, 3), True),
    ],
)
def test_the_youngest_class_joins_on_the_first_day_of_the_year(
    group: YearGroup | None, start: date, *, is_joiner: bool
) -> None:
    judged = date(start.year, 9, 7)

    assert (of_pupil(JOINER, judged, group=group, starting_day=start) is not None) is is_joiner


def test_a_joiner_of_before_the_calendar_is_of_no_known_year() -> None:
    entered = an_event(EventKind.JOINER_ENTERED, "7 Sep")
    early = of_pupil(JOINER, day("8 Sep"), entered, group=YearGroup.R, starting_day=date(2026, 8, 20))

    assert early is not None
    assert of_pupil(JOINER, day("8 Sep"), entered, group=YearGroup.R, starting_day=day("3 Sep")) is None
    no_start = of_pupil(JOINER, day("8 Sep"), entered, group=YearGroup.R, starting_day=None)
    assert no_start is not None


# -- leaving -------------------------------------------------------------------------------------------------------

TO_REMOVE = a_step(TriggerKind.NAME_TO_BE_REMOVED, "{next}")
LEAVER = a_step(TriggerKind.IN_YEAR_LEAVER)


def proposed(when: str, clock: str | None = None) -> Event:
    return an_event(EventKind.REMOVAL_PROPOSED, when, clock, ground="b")


def removed(when: str) -> Event:
    return an_event(EventKind.REMOVED, when, ground="b")


def leaving(when: str, last: str | None = None, destination: Destination | None = None, **facts: object) -> Event:
    left_on = day(last) if last else None
    return an_event(EventKind.LEAVING, when, None, leaving_on=left_on, destination=destination, **facts)


def test_a_removal_begins_with_its_proposal_and_a_new_one_after_the_old_is_over() -> None:
    assert since(TO_REMOVE, "18 Sep", {}, proposed("14 Sep"), proposed("15 Sep"), removed("16 Sep")) == day("14 Sep")
    assert since(TO_REMOVE, "18 Sep", {}, removed("16 Sep")) == day("16 Sep")
    assert since(TO_REMOVE, "18 Sep", {}, removed("14 Sep"), proposed("16 Sep")) == day("16 Sep")
    entered = an_event(EventKind.JOINER_ENTERED, "15 Sep")
    assert since(TO_REMOVE, "18 Sep", {}, removed("14 Sep"), entered) is None
    assert since(TO_REMOVE, "18 Sep", {}, removed("14 Sep"), entered, proposed("17 Sep")) == day("17 Sep")
    assert since(TO_REMOVE, "18 Sep", {}, leaving("14 Sep")) is None


def test_what_was_sent_since_the_leaving_was_heard_of_answers_a_removal() -> None:
    early, sent = told("9 Sep", Recipient.AUTHORITY_CME), told("11 Sep", Recipient.AUTHORITY_CME)
    plan, proposal = leaving("10 Sep"), proposed("14 Sep")

    with_plan = found(TO_REMOVE, "18 Sep", {}, early, plan, sent, proposal)
    without = found(TO_REMOVE, "18 Sep", {}, early, sent, proposal)
    later_plan = found(TO_REMOVE, "18 Sep", {}, sent, proposal, leaving("15 Sep"))

    assert with_plan is not None
    assert with_plan.answers == (plan, sent, proposal)
    assert without is not None
    assert without.answers == (proposal,)
    assert later_plan is not None
    assert later_plan.answers[0] is proposal


@pytest.mark.parametrize(
    ("events", "says"),
    [
        ((), "no move to another school is recorded"),
        ((leaving("14 Sep", destination=Destination.ABROAD),), "no move to another school is recorded"),
        (
            (leaving("14 Sep", destination=Destination.KNOWN),),
            "the next school has not confirmed yet, and the form waits for that",
        ),
        ((leaving("14 Sep", destination=Destination.KNOWN, confirmed=True),), "the next school has confirmed"),
        (
            (leaving("14 Sep", destination=Destination.KNOWN), an_event(EventKind.ARRIVAL_CONFIRMED, "14 Sep")),
            "the next school has confirmed",
        ),
    ],
)
def test_a_removal_says_what_comes_next(events: tuple[Event, ...], says: str) -> None:
    assert sentence(TO_REMOVE, "18 Sep", {}, *events, proposed("15 Sep")) == says


def test_a_leaver_leaves_on_the_last_day_or_with_the_removal_whichever_comes_first() -> None:
    assert since(LEAVER, "17 Sep", {}, leaving("14 Sep", "18 Sep")) is None
    assert since(LEAVER, "18 Sep", {}, leaving("14 Sep", "18 Sep")) == day("18 Sep")
    assert since(LEAVER, "14 Sep", {}, leaving("14 Sep")) is None  # nobody has said which day is the last
    both = (leaving("14 Sep", "18 Sep"), removed("21 Sep"))
    assert since(LEAVER, "21 Sep", {}, *both) == day("18 Sep")
    earlier = (leaving("14 Sep", "18 Sep"), removed("16 Sep"))
    assert since(LEAVER, "21 Sep", {}, *earlier) == day("16 Sep")
    assert since(LEAVER, "21 Sep", {}) is None


@pytest.mark.parametrize(
    ("group", "last", "is_leaver"),
    [
        (YearGroup.Y6, day("20 Jul"), True),
        (YearGroup.Y6, day("21 Jul"), False),
        (YearGroup.Y6, date(2027, 8, 20), False),
        (YearGroup.Y5, day("21 Jul"), True),
        (None, day("21 Jul"), True),
        (YearGroup.Y6, date(2027, 10, 1), True),
        (YearGroup.Y6, date(2026, 8, 20), True),
    ],
)
def test_the_oldest_class_leaves_with_the_year(group: YearGroup | None, last: date, *, is_leaver: bool) -> None:
    event = Event(EventKind.LEAVING, date(2026, 8, 20), leaving_on=last)

    assert (of_pupil(LEAVER, date(2027, 10, 4), event, group=group) is not None) is is_leaver


# -- home education ------------------------------------------------------------------------------------------------

LETTER = a_step(TriggerKind.HOME_EDUCATION_LETTER, "from {begins}")
UNANSWERED = a_step(TriggerKind.HOME_EDUCATION_UNANSWERED, "{tried}", numbers={"attempts": 2})


def letter(when: str = "10 Sep", first: str | None = "14 Sep") -> Event:
    return an_event(EventKind.HOME_EDUCATION_LETTER, when, from_=day(first) if first else None)


def test_a_letter_says_from_when() -> None:
    assert sentence(LETTER, "11 Sep", {}, letter()) == "from 14 September 2026"
    assert sentence(LETTER, "11 Sep", {}, letter(first=None)) == "from a day that the letter does not name"
    assert since(LETTER, "11 Sep", {}, letter()) == day("10 Sep")
    assert since(LETTER, "11 Sep", {}) is None
    before, same = told("9 Sep", Recipient.AUTHORITY_CME), told("10 Sep", Recipient.AUTHORITY_CME)
    answer = found(LETTER, "11 Sep", {}, before, letter(), same)
    assert answer is not None
    assert len(answer.answers) == 2


def test_a_family_that_answers_nobody_is_told_with_the_second_attempt() -> None:
    no_answer = [called(each, AttemptOutcome.NO_ANSWER) for each in ("11 Sep", "14 Sep", "15 Sep", "16 Sep")]

    assert since(UNANSWERED, "18 Sep", {}, letter(), *no_answer[:2]) is None
    assert since(UNANSWERED, "18 Sep", {}, letter(), *no_answer[:3]) == day("15 Sep")
    assert since(UNANSWERED, "18 Sep", {}, letter(), *no_answer) == day("15 Sep")
    assert sentence(UNANSWERED, "18 Sep", {}, letter(), *no_answer) == "3 attempts"
    assert since(UNANSWERED, "18 Sep", {}, letter(), no_answer[1], visit("15 Sep")) == day("15 Sep")
    assert since(UNANSWERED, "18 Sep", {}, letter(), no_answer[1], told("15 Sep", Recipient.POLICE)) is None
    reached = called("17 Sep", AttemptOutcome.ANSWERED_NO_REASON)
    assert since(UNANSWERED, "18 Sep", {}, letter(), *no_answer, reached) is None
    before = called("11 Sep", AttemptOutcome.ANSWERED_NO_REASON)
    assert since(UNANSWERED, "18 Sep", {}, letter(), before, *no_answer) == day("15 Sep")


def test_until_the_day_in_the_letter_nobody_has_failed_to_answer() -> None:
    tries = [called("14 Sep", AttemptOutcome.NO_ANSWER, each) for each in ("08:00", "09:00")]

    assert since(UNANSWERED, "14 Sep", {}, letter(first="15 Sep"), *tries) is None
    assert since(UNANSWERED, "14 Sep", {}, letter(first="14 Sep"), *tries) == day("14 Sep")
    assert since(UNANSWERED, "14 Sep", {}, letter("14 Sep", None), *tries) == day("14 Sep")
    assert since(UNANSWERED, "14 Sep", {}, *tries) is None


# -- where to ------------------------------------------------------------------------------------------------------

UNNAMED = a_step(TriggerKind.LEAVING_UNNAMED)
ABROAD = a_step(
    TriggerKind.LEAVING_ABROAD,
    "{missing} ({moves})",
    numbers={"school_days": 10},
    asks=("address", "school", "date"),
    due=DueKind.LAST_DAY,
)


def test_a_leaving_with_no_school_named_stands_until_one_is() -> None:
    unknown, silent = leaving("14 Sep", destination=Destination.UNKNOWN), leaving("15 Sep")
    known = leaving("16 Sep", destination=Destination.KNOWN)

    assert since(UNNAMED, "18 Sep", {}, unknown, silent) == day("14 Sep")
    assert since(UNNAMED, "18 Sep", {}, unknown, known) is None
    assert since(UNNAMED, "18 Sep", {}, unknown, known, leaving("17 Sep")) == day("17 Sep")
    assert since(UNNAMED, "18 Sep", {}, unknown, leaving("15 Sep", confirmed=True)) is None
    arrived = an_event(EventKind.ARRIVAL_CONFIRMED, "16 Sep")
    assert since(UNNAMED, "18 Sep", {}, unknown, arrived) is None
    assert since(UNNAMED, "18 Sep", {}, an_event(EventKind.ARRIVAL_CONFIRMED, "11 Sep"), unknown) == day("14 Sep")
    assert since(UNNAMED, "18 Sep", {}) is None


def test_a_move_abroad_asks_for_what_is_not_known() -> None:
    going = leaving("14 Sep", destination=Destination.ABROAD)
    dated = leaving("15 Sep", "18 Sep", Destination.ABROAD)

    def address(*, school: bool) -> Event:
        return an_event(EventKind.FORWARDING_ADDRESS, "15 Sep", school=school)

    assert sentence(ABROAD, "16 Sep", {}, going) == (
        "the forwarding address, the new school's name and address and the day on which the family leaves the country "
        "(on a day not yet said)"
    )
    assert sentence(ABROAD, "16 Sep", {}, going, dated) == (
        "the forwarding address and the new school's name and address (on 18 September 2026)"
    )
    assert sentence(ABROAD, "16 Sep", {}, dated, address(school=False)) == (
        "the new school's name and address (on 18 September 2026)"
    )
    assert raised(ABROAD, "16 Sep", {}, dated, address(school=True)) is None
    assert raised(ABROAD, "16 Sep", {}, dated, an_event(EventKind.ARRIVAL_CONFIRMED, "16 Sep")) is None
    assert raised(ABROAD, "16 Sep", {}, leaving("14 Sep", destination=Destination.KNOWN)) is None
    assert sentence(replace(ABROAD, asks=("school",)), "16 Sep", {}, going) == (
        "the new school's name and address (on a day not yet said)"
    )


def test_a_move_abroad_is_due_so_many_school_days_after_it() -> None:
    going, dated = (leaving("14 Sep", destination=Destination.ABROAD), leaving("15 Sep", "18 Sep", Destination.ABROAD))

    assert due_on(ABROAD, "16 Sep", {}, going) == day("28 Sep")
    assert due_on(ABROAD, "16 Sep", {}, going, dated) == day("2 Oct")
    assert due_on(replace(ABROAD, numbers={}), "16 Sep", {}, going) is None
    assert due_on(ABROAD, "21 Jul", {}, leaving("20 Jul", destination=Destination.ABROAD)) is None
    assert since(ABROAD, "16 Sep", {}, going, dated) == day("14 Sep")


# -- attendance orders ---------------------------------------------------------------------------------------------

UNDER_ORDER = a_step(TriggerKind.PLACE_UNDER_ORDER)
NO_MEETING = a_step(TriggerKind.MEETING_NOT_ARRANGED)
MISSED = a_step(TriggerKind.MEETING_MISSED)
NO_START = a_step(TriggerKind.START_NOT_KEPT, "{start}", numbers={"visits_below": 1})
VISITED_IN_VAIN = a_step(TriggerKind.START_NOT_KEPT, "{start}")


def made(when: str, clock: str | None = "10:00") -> Event:
    return an_event(EventKind.ORDER_MADE, when, clock)


def revoked(when: str, clock: str | None = "10:00") -> Event:
    return an_event(EventKind.ORDER_REVOKED, when, clock)


def meeting(kind: EventKind, when: str, on: str | None = None) -> Event:
    return an_event(kind, when, meeting_on=day(on) if on else None)


def test_an_order_holds_until_it_is_revoked_or_the_parent_agrees() -> None:
    agreed = an_event(EventKind.ORDER_CONSENT, "15 Sep")

    assert since(UNDER_ORDER, "18 Sep", {}, made("14 Sep")) == day("14 Sep")
    assert since(UNDER_ORDER, "18 Sep", {}, made("14 Sep"), agreed) is None
    assert since(UNDER_ORDER, "18 Sep", {}, agreed, made("16 Sep")) == day("16 Sep")
    assert since(UNDER_ORDER, "18 Sep", {}, made("14 Sep"), revoked("16 Sep")) is None
    assert since(UNDER_ORDER, "18 Sep", {}, made("14 Sep"), revoked("14 Sep")) is None
    assert since(UNDER_ORDER, "18 Sep", {}, revoked("14 Sep"), made("16 Sep")) == day("16 Sep")
    assert since(UNDER_ORDER, "18 Sep", {}) is None


def test_an_order_may_be_known_from_the_pupils_circumstances() -> None:
    def order(
        *circumstances: DatedCircumstance, events: tuple[Event, ...] = (), start: date | None = None
    ) -> date | None:
        answer = of_pupil(UNDER_ORDER, day("18 Sep"), *events, circumstances=circumstances, starting_day=start)
        return None if answer is None else answer.since

    undated = DatedCircumstance(Circumstance.ATTENDANCE_ORDER)
    dated = DatedCircumstance(Circumstance.ATTENDANCE_ORDER, day("9 Sep"))
    assert order(undated) == day("3 Sep")
    assert order(undated, start=day("7 Sep")) == day("7 Sep")
    assert order(undated, start=date(2024, 9, 1)) == day("3 Sep")
    assert order(dated) == day("9 Sep")
    assert order(DatedCircumstance(Circumstance.SEN_SUPPORT, day("7 Sep")), dated) == day("9 Sep")
    assert order(undated, events=(revoked("10 Sep"),)) is None
    assert order(DatedCircumstance(Circumstance.SEN_SUPPORT)) is None


def test_a_meeting_is_to_be_booked_and_the_day_booked_must_not_pass_in_silence() -> None:
    booked = meeting(EventKind.MEETING_BOOKED, "15 Sep", "17 Sep")

    assert since(NO_MEETING, "16 Sep", {}, made("14 Sep")) == day("14 Sep")
    assert since(NO_MEETING, "16 Sep", {}, made("14 Sep"), booked) is None
    assert since(NO_MEETING, "17 Sep", {}, made("14 Sep"), booked) is None
    assert since(NO_MEETING, "18 Sep", {}, made("14 Sep"), booked) == day("18 Sep")
    assert since(NO_MEETING, "21 Sep", {}, made("14 Sep"), booked) == day("18 Sep")
    assert since(NO_MEETING, "21 Sep", {}, made("14 Sep"), meeting(EventKind.MEETING_BOOKED, "15 Sep")) is None
    for kind in (EventKind.MEETING_HELD, EventKind.MEETING_MISSED):
        assert since(NO_MEETING, "21 Sep", {}, made("14 Sep"), booked, meeting(kind, "17 Sep")) is None
    assert since(NO_MEETING, "21 Sep", {}, booked, made("16 Sep")) == day("16 Sep")
    assert since(NO_MEETING, "21 Sep", {}, booked) is None


def test_a_missed_meeting_stands_until_another_is_booked_or_held() -> None:
    missed = meeting(EventKind.MEETING_MISSED, "15 Sep")

    assert since(MISSED, "18 Sep", {}, made("14 Sep"), missed) == day("15 Sep")
    assert since(MISSED, "18 Sep", {}, made("14 Sep"), missed, meeting(EventKind.MEETING_HELD, "16 Sep")) is None
    assert since(MISSED, "18 Sep", {}, missed) is None
    assert since(MISSED, "18 Sep", {}, made("14 Sep")) is None
    police = told("14 Sep", Recipient.POLICE)
    answer = found(MISSED, "18 Sep", {}, made("14 Sep"), police, missed)
    assert answer is not None
    assert answer.answers == (missed,)


def test_a_start_that_was_agreed_and_not_kept_asks_for_a_visit() -> None:
    agreed = meeting(EventKind.START_AGREED, "10 Sep", "14 Sep")

    assert since(NO_START, "11 Sep", ABSENT, agreed) is None
    assert since(NO_START, "14 Sep", ABSENT, agreed) == day("14 Sep")
    assert sentence(NO_START, "15 Sep", ABSENT, agreed) == "14 September 2026"
    assert since(NO_START, "15 Sep", {"15 Sep": "O"}, agreed) is None
    assert since(NO_START, "15 Sep", {"14 Sep..15 Sep": "."}, agreed) == day("14 Sep")
    assert since(NO_START, "15 Sep", {"14 Sep..15 Sep": "X"}, agreed) is None
    assert since(NO_START, "15 Sep", ABSENT, agreed, visit("14 Sep")) is None
    assert since(NO_START, "15 Sep", ABSENT, visit("11 Sep"), agreed) == day("14 Sep")
    assert since(NO_START, "15 Sep", ABSENT, agreed, an_event(EventKind.CHILD_SEEN, "14 Sep")) is None
    assert since(NO_START, "15 Sep", ABSENT, agreed, an_event(EventKind.ELSEWHERE_CONFIRMED, "14 Sep")) is None
    assert since(NO_START, "15 Sep", ABSENT, agreed, revoked("14 Sep")) is None
    assert since(NO_START, "15 Sep", ABSENT, revoked("9 Sep"), agreed) == day("14 Sep")
    assert since(NO_START, "15 Sep", ABSENT, meeting(EventKind.START_AGREED, "14 Sep")) == day("14 Sep")
    assert since(NO_START, "15 Sep", ABSENT) is None


def test_a_visit_in_vain_after_a_start_not_kept() -> None:
    agreed = meeting(EventKind.START_AGREED, "10 Sep", "14 Sep")
    seen_adult = visit("14 Sep", VisitOutcome.ADULT_SEEN_ONLY)

    assert since(VISITED_IN_VAIN, "15 Sep", ABSENT, agreed) is None
    assert since(VISITED_IN_VAIN, "15 Sep", ABSENT, agreed, visit("14 Sep")) == day("14 Sep")
    assert since(VISITED_IN_VAIN, "15 Sep", ABSENT, agreed, seen_adult) is None
    reached = called("15 Sep", AttemptOutcome.REFUSED)
    assert since(VISITED_IN_VAIN, "15 Sep", ABSENT, agreed, visit("14 Sep"), reached) is None


# -- leave ---------------------------------------------------------------------------------------------------------

REQUESTED = a_step(TriggerKind.LEAVE_REQUESTED, "{evidence}")
ADMITTED = a_step(TriggerKind.LEAVE_ADMITTED)
OVERRUN = a_step(TriggerKind.LEAVE_OVERRUN, "{days} {what}", numbers={"n": 3})


def leave(kind: EventKind, when: str, first: str | None = None, last: str | None = None, **facts: object) -> Event:
    return an_event(kind, when, None, from_=day(first) if first else None, to=day(last) if last else None, **facts)


def test_a_request_for_leave_stands_until_it_is_answered() -> None:
    first = leave(EventKind.LEAVE_REQUESTED, "7 Sep", evidence=True)
    second = leave(EventKind.LEAVE_REQUESTED, "9 Sep")

    assert since(REQUESTED, "10 Sep", {}, first) == day("7 Sep")
    assert sentence(REQUESTED, "10 Sep", {}, first) == "with evidence of an emergency"
    assert sentence(REQUESTED, "10 Sep", {}, first, second) == "without evidence of an emergency"
    for kind in (EventKind.LEAVE_GRANTED, EventKind.LEAVE_REFUSED):
        assert since(REQUESTED, "10 Sep", {}, first, leave(kind, "8 Sep")) is None
        assert since(REQUESTED, "10 Sep", {}, first, leave(kind, "8 Sep"), second) == day("9 Sep")
    assert since(REQUESTED, "10 Sep", {}) is None


def test_leave_admitted_afterwards_is_answered_from_that_day_on() -> None:
    admitted = an_event(EventKind.LEAVE_ADMITTED_AFTERWARDS, "15 Sep")
    events = (told("14 Sep", Recipient.POLICE), admitted, told("15 Sep", Recipient.POLICE))

    answer = found(ADMITTED, "16 Sep", {}, *events)

    assert answer is not None
    assert answer.answers == events[1:]
    assert since(ADMITTED, "16 Sep", {}, events[0]) is None


@pytest.mark.parametrize(
    ("judged", "is_raised"),
    [
        (close_of("15 Sep"), False),
        (at("16 Sep", "09:00"), False),
        (at("16 Sep", "09:30"), True),
        (close_of("16 Sep"), True),
        (close_of("19 Sep"), True),
    ],
)
def test_who_is_not_back_by_the_third_school_day_after_leave(judged: Judgement, *, is_raised: bool) -> None:
    granted = leave(EventKind.LEAVE_GRANTED, "1 Sep", "7 Sep", "11 Sep")
    marks = {"7 Sep..11 Sep": "C1", "14 Sep..23 Oct": "O"}

    answer = found(OVERRUN, judged, marks, granted)

    assert (answer is not None) is is_raised
    if answer is not None:
        assert answer.since == day("16 Sep")
        assert answer.counted[0] == facts_index("14 Sep")


def facts_index(when: str) -> int:
    return close_of(when).calendar.count_sessions_before(day(when))


def test_an_overrun_says_after_which_leave_or_of_what_absence() -> None:
    granted = leave(EventKind.LEAVE_GRANTED, "1 Sep", "7 Sep", "11 Sep")
    marks = {"7 Sep..11 Sep": "C1", "14 Sep..23 Oct": "O"}
    refused = leave(EventKind.LEAVE_REFUSED, "7 Sep", "14 Sep", "18 Sep")

    assert sentence(OVERRUN, "17 Sep", marks, granted) == "4 school days after leave to 11 September 2026"
    assert sentence(OVERRUN, "17 Sep", ABSENT, refused) == (
        "4 school days of an absence for which no leave was granted"
    )
    assert since(OVERRUN, "17 Sep", ABSENT, refused) == day("16 Sep")
    assert since(OVERRUN, "15 Sep", ABSENT, refused) is None
    assert since(OVERRUN, "17 Sep", {}, refused) is None
    still = {"14 Sep..15 Sep": "O", "16 Sep..18 Sep": "C"}
    assert since(OVERRUN, "18 Sep", still, refused) is None


@pytest.mark.parametrize(
    ("event", "is_in_question"),
    [
        (leave(EventKind.LEAVE_REQUESTED, "7 Sep", "14 Sep", "18 Sep"), True),
        (leave(EventKind.LEAVE_REQUESTED, "7 Sep", "9 Sep", "14 Sep"), True),
        (leave(EventKind.LEAVE_REQUESTED, "7 Sep", "9 Sep", "11 Sep"), False),
        (leave(EventKind.LEAVE_REQUESTED, "7 Sep", "17 Sep", "18 Sep"), True),
        (leave(EventKind.LEAVE_REQUESTED, "7 Sep", "18 Sep", "21 Sep"), False),
        (leave(EventKind.LEAVE_REQUESTED, "7 Sep"), True),
        (leave(EventKind.LEAVE_REFUSED, "7 Sep", "14 Sep", "18 Sep"), True),
        (an_event(EventKind.LEAVE_ADMITTED_AFTERWARDS, "14 Sep"), True),
        (an_event(EventKind.LEAVE_ADMITTED_AFTERWARDS, "11 Sep"), False),
        (told("14 Sep", Recipient.POLICE), False),
    ],
)
def test_leave_in_question_touches_the_absence(event: Event, *, is_in_question: bool) -> None:
    assert (since(OVERRUN, "17 Sep", ABSENT, event) is not None) is is_in_question


def test_word_of_before_the_leave_ended_answers_no_overrun() -> None:
    granted = leave(EventKind.LEAVE_GRANTED, "1 Sep", "7 Sep", "11 Sep")
    marks = {"7 Sep..11 Sep": "C1", "14 Sep..23 Oct": "O"}
    during, after = told("11 Sep", Recipient.POLICE), told("12 Sep", Recipient.POLICE)

    answer = found(OVERRUN, "17 Sep", marks, granted, during, after)

    assert answer is not None
    assert answer.answers == (after,)


# -- part time -----------------------------------------------------------------------------------------------------

PART_TIME = a_step(TriggerKind.PART_TIME)


def agreed(when: str, until: str | None = None) -> Event:
    return an_event(EventKind.PART_TIME_AGREED, when, until=day(until) if until else None)


def test_a_timetable_agreed_holds_to_its_last_day() -> None:
    assert since(PART_TIME, "18 Sep", {}, agreed("7 Sep", "18 Sep")) == day("7 Sep")
    assert since(PART_TIME, "19 Sep", {}, agreed("7 Sep", "18 Sep")) is None
    assert since(PART_TIME, "19 Sep", {}, agreed("7 Sep")) == day("7 Sep")
    assert since(PART_TIME, "19 Sep", {}, agreed("7 Sep", "18 Sep"), agreed("14 Sep", "25 Sep")) == day("14 Sep")
    assert since(PART_TIME, "19 Sep", {}) is None


def test_a_code_of_the_last_five_school_days_is_a_timetable_in_use() -> None:
    once = {"7 Sep pm": "C2"}

    assert since(PART_TIME, "7 Sep", once) == day("7 Sep")
    assert since(PART_TIME, "11 Sep", once) == day("7 Sep")
    assert since(PART_TIME, "13 Sep", once) == day("7 Sep")
    assert since(PART_TIME, "14 Sep", once) is None
    first = {"3 Sep am": "C2"}
    assert since(PART_TIME, "3 Sep", first) == day("3 Sep")
    twice = found(PART_TIME, "11 Sep", {"4 Sep pm": "C2", **once, "9 Sep pm": "C2"})
    assert twice is not None
    assert (twice.since, len(twice.counted)) == (day("4 Sep"), 2)


def test_a_code_after_the_agreement_ended_goes_on() -> None:
    ended = agreed("3 Sep", "8 Sep")

    assert since(PART_TIME, "11 Sep", {"7 Sep..8 Sep pm": "C2"}, ended) is None
    after = found(PART_TIME, "11 Sep", {"7 Sep..9 Sep pm": "C2"}, ended)
    assert after is not None
    assert len(after.counted) == 1
    assert after.since == day("3 Sep")


def test_a_timetable_known_from_the_circumstances_is_since_their_day() -> None:
    def part(
        *circumstances: DatedCircumstance, marks: dict[str, str] | None = None, start: date | None = None
    ) -> date | None:
        answer = of_pupil(PART_TIME, day("18 Sep"), circumstances=circumstances, marks=marks, starting_day=start)
        return None if answer is None else answer.since

    undated = DatedCircumstance(Circumstance.PART_TIME_TIMETABLE)
    dated = DatedCircumstance(Circumstance.PART_TIME_TIMETABLE, day("9 Sep"))
    assert part(undated) == day("3 Sep")
    assert part(undated, start=day("7 Sep")) == day("7 Sep")
    assert part(dated) == day("9 Sep")
    assert part(dated, marks={"8 Sep pm": "C2"}) == day("8 Sep")
    assert part(dated, marks={"10 Sep pm": "C2"}) == day("9 Sep")
    over = DatedCircumstance(Circumstance.PART_TIME_TIMETABLE, day("4 Sep"), day("10 Sep"))
    assert part(over) is None
    assert part(over, dated) == day("9 Sep")
    assert part(DatedCircumstance(Circumstance.SEN_SUPPORT, day("4 Sep")), dated) == day("9 Sep")
