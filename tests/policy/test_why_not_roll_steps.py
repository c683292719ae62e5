"""Of one step about coming, leave, orders and leaving: what is said while it is quiet, and nothing once it speaks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from cme_desktop.domain.events import (
    AttemptOutcome,
    Destination,
    Event,
    EventKind,
    Form,
    Recipient,
    VisitOutcome,
)
from cme_desktop.domain.pupils import Circumstance, YearGroup
from cme_desktop.policy.record import SchoolRecord
from cme_desktop.policy.school_policy import Settlement, Step, TriggerKind
from cme_desktop.policy.triggers import limb_of
from cme_desktop.policy.why_not_steps import why_not_steps
from cme_desktop.policy.why_not_words import WhyNot
from tests.builders import a_record, an_event, close_of, day, facts_of
from tests.policy.test_steps_to_the_day import NUMBERS, a_step, called, told, visit

K = EventKind
ON = "10 Nov"

JOINER = a_step(TriggerKind.IN_YEAR_JOINER)
TO_REMOVE = a_step(TriggerKind.NAME_TO_BE_REMOVED, settled=Settlement(form=Form.OFF_ROLL))
TO_DECIDE = a_step(TriggerKind.NAME_TO_BE_REMOVED, settled=Settlement(decision=True))
LEAVER = a_step(TriggerKind.IN_YEAR_LEAVER)
UNNAMED = a_step(TriggerKind.LEAVING_UNNAMED)
ABROAD = a_step(TriggerKind.LEAVING_ABROAD, asks=("address", "school"))
UNANSWERED = a_step(TriggerKind.HOME_EDUCATION_UNANSWERED, numbers={"attempts": 2})
UNDER_ORDER = a_step(TriggerKind.PLACE_UNDER_ORDER)
NO_MEETING = a_step(TriggerKind.MEETING_NOT_ARRANGED)
MISSED = a_step(TriggerKind.MEETING_MISSED)
UNVISITED = a_step(TriggerKind.START_NOT_KEPT, numbers={"visits_below": 2})
IN_VAIN = a_step(TriggerKind.START_NOT_KEPT)
REQUESTED = a_step(TriggerKind.LEAVE_REQUESTED)
ADMITTED = a_step(TriggerKind.LEAVE_ADMITTED)
OVERRUN = a_step(TriggerKind.LEAVE_OVERRUN, numbers={"n": 5})
PART_TIME = a_step(TriggerKind.PART_TIME)


@dataclass(frozen=True)
class Quiet:
    """A pupil of whom a step is quiet, and what is said of it."""

    step: Step
    says: str
    events: tuple[Event, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    on: str = ON


def known_of(
    events: tuple[Event, ...],
    on: str,
    *,
    year_group: YearGroup | None = None,
    adopted: str | None = None,
    records_begin: str | None = None,
    oldest_class: YearGroup = YearGroup.Y6,
    **facts: Any,
) -> WhyNot:
    school = SchoolRecord(
        records_begin=day(records_begin) if records_begin else None,
        oldest_class=oldest_class,
        adopted=(("oak-tree", day(adopted)),) if adopted else (),
    )
    judged = replace(close_of(on), school=school)
    record = a_record(facts.pop("marks", {}), judged=judged, events=events, **facts)
    pupil = replace(record.pupil, year_group=year_group)
    return WhyNot(facts_of(replace(record, pupil=pupil), judged), NUMBERS, at_most=False)


def leaving(on: str, to: Destination | None = Destination.KNOWN, last: str | None = None, **facts: Any) -> Event:
    return an_event(K.LEAVING, on, destination=to, leaving_on=day(last) if last else None, **facts)


def proposed(on: str) -> Event:
    return an_event(K.REMOVAL_PROPOSED, on, ground="a")


def form(on: str, name: Form | None = Form.OFF_ROLL) -> Event:
    return an_event(K.FORM_SENT, on, form=name)


def letter(on: str, begins: str | None = None) -> Event:
    return an_event(K.HOME_EDUCATION_LETTER, on, from_=day(begins) if begins else None)


def meeting(kind: EventKind, on: str, for_: str | None = None) -> Event:
    return an_event(kind, on, meeting_on=day(for_) if for_ else None)


def leave(kind: EventKind, on: str, first: str, last: str) -> Event:
    return an_event(kind, on, from_=day(first), to=day(last))


def part_time(on: str, until: str | None) -> Event:
    return an_event(K.PART_TIME_AGREED, on, until=day(until) if until else None)


def no_answer(on: str) -> Event:
    return called(on, AttemptOutcome.NO_ANSWER)


def entered(on: str) -> Event:
    return an_event(K.JOINER_ENTERED, on)


ORDER = an_event(K.ORDER_MADE, "2 Nov", "10:00")
AGREED = meeting(K.START_AGREED, "2 Nov", "9 Nov")
ARRIVED = an_event(K.ARRIVAL_CONFIRMED, "6 Nov")
AWAY = {"marks": {"9 Nov..10 Nov": "O"}}
HOLIDAY = leave(K.LEAVE_REQUESTED, "2 Nov", "23 Nov", "27 Nov")
UNDER_PART_TIME = {"circumstances": (Circumstance.PART_TIME_TIMETABLE,)}

QUIET = (
    # -- coming on roll
    Quiet(JOINER, "no starting day and no entry on the roll is recorded", (), {"starting_day": None}),
    Quiet(JOINER, "began in the youngest class on 3 September 2026, as its school year did", (entered("7 Sep"),),
          {"starting_day": day("3 Sep"), "year_group": YearGroup.R}),
    Quiet(JOINER, "began in the youngest class on 3 September 2026, as its school year did", (entered("3 Sep"),),
          {"starting_day": None, "year_group": YearGroup.R}),
    # -- leaving
    Quiet(TO_REMOVE, "the form is recorded as sent on Mon 9 Nov", (proposed("6 Nov"), form("6 Nov"), form("9 Nov"))),
    Quiet(TO_REMOVE, "the form is recorded as sent on Fri 6 Nov",
          (proposed("5 Nov"), form("6 Nov"), form("9 Nov", Form.LEAVE))),
    Quiet(TO_REMOVE, "the form is recorded as sent on Tue 3 Nov",
          (letter("2 Nov", "9 Nov"), form("3 Nov"), proposed("5 Nov"))),
    Quiet(TO_REMOVE, "the authority's team is recorded as told on Mon 9 Nov, which spares the form",
          (proposed("5 Nov"), form("6 Nov", Form.LEAVE), told("9 Nov", Recipient.AUTHORITY_CME))),
    Quiet(TO_REMOVE, "removed before the policy was adopted on 9 November 2026",
          (an_event(K.REMOVED, "6 Nov", ground="a"),), {"adopted": "9 Nov"}),
    Quiet(LEAVER, "left before the policy was adopted on 9 November 2026", (leaving("2 Nov", last="6 Nov"),),
          {"adopted": "9 Nov"}),
    Quiet(LEAVER, "leaves the oldest class at the end of its last term", (leaving("5 Jul", last="21 Jul"),),
          {"year_group": YearGroup.Y6, "adopted": "9 Nov"}, "21 Jul"),
    Quiet(LEAVER, "the removal from the roll began before the policy was adopted on 9 November 2026",
          (proposed("5 Nov"),), {"year_group": YearGroup.Y6, "adopted": "9 Nov"}),
    Quiet(LEAVER, "the removal from the roll began before the policy was adopted on 9 November 2026",
          (proposed("5 Nov"),), {"year_group": YearGroup.Y5, "adopted": "9 Nov"}),
    Quiet(LEAVER, "left before the policy was adopted on 9 November 2026",
          (leaving("2 Nov", last="5 Nov"), proposed("10 Nov")), {"year_group": YearGroup.Y6, "adopted": "9 Nov"}),
    Quiet(LEAVER, "the place here was given up before the child came on roll",
          (leaving("2 Nov", last="6 Nov"),),
          {"year_group": YearGroup.Y6, "starting_day": day("9 Nov"), "left_on": day("6 Nov")}),
    Quiet(LEAVER, "no leaving and no removal from the roll is recorded"),
    Quiet(LEAVER, "nobody has said yet which day is the last one here", (leaving("2 Nov"),), {"adopted": "9 Nov"}),
    Quiet(UNNAMED, "the leaving recorded on Mon 9 Nov is confirmed",
          (leaving("6 Nov", None), leaving("9 Nov", Destination.UNKNOWN, confirmed=True))),
    Quiet(UNNAMED, "the arrival there is recorded as confirmed on Fri 6 Nov",
          (leaving("5 Nov", Destination.UNKNOWN), ARRIVED, leaving("9 Nov", None))),
    Quiet(ABROAD, "the arrival there is recorded as confirmed on Fri 6 Nov",
          (leaving("5 Nov", Destination.ABROAD), ARRIVED)),
    # -- home education
    Quiet(UNANSWERED, "no written notice of home education is recorded", (no_answer("9 Nov"), no_answer("10 Nov"))),
    Quiet(UNANSWERED, "home education begins on 11 November 2026",
          (letter("2 Nov", "11 Nov"), no_answer("9 Nov"), no_answer("10 Nov"))),
    Quiet(UNANSWERED, "1 of 2 attempts since home education began on 9 November 2026",
          (letter("2 Nov", "9 Nov"), no_answer("6 Nov"), visit("9 Nov"))),
    Quiet(UNANSWERED, "contact was made on Tue 10 Nov, since home education began",
          (letter("2 Nov"), no_answer("9 Nov"), called("10 Nov", AttemptOutcome.EXPLAINED))),
    # -- attendance orders
    Quiet(UNDER_ORDER, "the parent's agreement to the place is recorded on Fri 6 Nov",
          (ORDER, an_event(K.ORDER_CONSENT, "6 Nov"))),
    Quiet(NO_MEETING, "the meeting before admission is booked for 11 November 2026",
          (ORDER, meeting(K.MEETING_BOOKED, "6 Nov", "11 Nov"))),
    Quiet(NO_MEETING, "the meeting before admission is recorded as missed on Mon 9 Nov",
          (ORDER, meeting(K.MEETING_BOOKED, "6 Nov", "9 Nov"), meeting(K.MEETING_MISSED, "9 Nov", "9 Nov"))),
    Quiet(MISSED, "the meeting before admission is booked for 10 November 2026",
          (ORDER, meeting(K.MEETING_BOOKED, "6 Nov", "10 Nov"))),
    Quiet(MISSED, "the meeting before admission was booked for 9 November 2026, and what came of it is not recorded",
          (ORDER, meeting(K.MEETING_BOOKED, "6 Nov", "9 Nov"))),
    Quiet(MISSED, "the meeting before admission is recorded as booked on Fri 6 Nov",
          (ORDER, meeting(K.MEETING_BOOKED, "6 Nov"))),
    Quiet(MISSED, "the meeting before admission is recorded as held on Mon 9 Nov",
          (ORDER, meeting(K.MEETING_MISSED, "6 Nov"), meeting(K.MEETING_HELD, "9 Nov", "9 Nov"))),
    Quiet(MISSED, "no meeting before admission is recorded as booked, held or missed", (ORDER,)),
    Quiet(UNVISITED, "the attendance order was revoked after the start was agreed",
          (ORDER, AGREED, an_event(K.ORDER_REVOKED, "6 Nov")), AWAY),
    Quiet(UNVISITED, "attended on Thu 5 Nov, after the start agreed for 4 November 2026",
          (meeting(K.START_AGREED, "4 Nov"),), {"marks": {"3 Nov..10 Nov": "O", "5 Nov pm": "/", "9 Nov": "/"}}),
    Quiet(UNVISITED, "2 home visits made since the start agreed for 9 November 2026",
          (visit("3 Nov"), AGREED, visit("9 Nov"), no_answer("10 Nov"), visit("10 Nov")), AWAY),
    Quiet(UNVISITED, "the child was seen, or the place confirmed, on Tue 10 Nov",
          (AGREED, visit("9 Nov"), an_event(K.ELSEWHERE_CONFIRMED, "10 Nov")), AWAY),
    Quiet(IN_VAIN, "the child was seen, or the place confirmed, on Tue 10 Nov",
          (AGREED, visit("9 Nov"), visit("10 Nov", VisitOutcome.CHILD_SEEN)), AWAY),
    Quiet(IN_VAIN, "no home visit is recorded since the start agreed for 9 November 2026",
          (visit("3 Nov"), AGREED, no_answer("9 Nov")), AWAY),
    Quiet(IN_VAIN, "contact was made on Tue 10 Nov",
          (AGREED, visit("9 Nov"), visit("10 Nov", VisitOutcome.ADULT_SEEN_ONLY)), AWAY),
    # -- leave and part time
    Quiet(REQUESTED, "the leave asked for on Mon 2 Nov was granted on Mon 9 Nov",
          (HOLIDAY, no_answer("5 Nov"), leave(K.LEAVE_GRANTED, "9 Nov", "23 Nov", "27 Nov"))),
    Quiet(REQUESTED, "the leave asked for on Mon 2 Nov was refused on Mon 9 Nov",
          (HOLIDAY, no_answer("5 Nov"), leave(K.LEAVE_REFUSED, "9 Nov", "23 Nov", "27 Nov"))),
    Quiet(OVERRUN, "no absence lasts: a present mark on Tue 10 Nov",
          (leave(K.LEAVE_GRANTED, "2 Nov", "3 Nov", "4 Nov"),), {"marks": {"3 Nov..4 Nov": "C"}}),
    Quiet(OVERRUN, "leave is granted for Tue 10 Nov", (leave(K.LEAVE_GRANTED, "2 Nov", "10 Nov", "20 Nov"),),
          {"marks": {"3 Nov..10 Nov": "O"}}),
    Quiet(OVERRUN, "needs school day 5 after leave to 4 November 2026; today is day 4",
          (leave(K.LEAVE_GRANTED, "2 Nov", "3 Nov", "4 Nov"),), {"marks": {"3 Nov..4 Nov": "C", "5 Nov..10 Nov": "O"}}),
    Quiet(PART_TIME, "the part-time timetable ended on 6 November 2026, and no code C2 of the last days follows it",
          (part_time("3 Nov", "6 Nov"),), {"marks": {"6 Nov pm": "C2"}}),
    Quiet(PART_TIME, "the part-time timetable ended on 10 November 2026, and no code C2 of the last days follows it",
          (part_time("3 Nov", None), part_time("10 Nov", "10 Nov"))),
)  # fmt: skip


@pytest.mark.parametrize("quiet", QUIET, ids=[f"{one.step.trigger} {place}" for place, one in enumerate(QUIET)])
def test_of_a_pupil_of_whom_a_step_is_quiet_it_is_said_what_was_found(quiet: Quiet) -> None:
    known = known_of(quiet.events, quiet.on, **quiet.facts)

    assert limb_of(quiet.step)(known.facts, NUMBERS) is None
    assert why_not_steps(known, (quiet.step,)) == quiet.says


SO = (
    # -- coming on roll
    Quiet(JOINER, "on the starting day itself", (), {"starting_day": day("10 Nov")}),
    Quiet(JOINER, "who came on the day on which the policy was adopted", (),
          {"starting_day": day("9 Nov"), "adopted": "9 Nov"}),
    Quiet(JOINER, "who came on the day on which the records begin", (),
          {"starting_day": day("9 Nov"), "records_begin": "9 Nov"}),
    # -- leaving
    Quiet(LEAVER, "on the last day here", (leaving("2 Nov", last="10 Nov"),)),
    Quiet(LEAVER, "who leaves on the day on which the policy was adopted", (leaving("2 Nov", last="9 Nov"),),
          {"adopted": "9 Nov"}),
    Quiet(LEAVER, "of the oldest class who leaves in November", (proposed("9 Nov"),), {"year_group": YearGroup.Y6}),
    Quiet(LEAVER, "whose removal was proposed on the day on which the policy was adopted", (proposed("9 Nov"),),
          {"adopted": "9 Nov"}),
    Quiet(LEAVER, "who was to leave later than the removal was proposed",
          (leaving("5 Nov", last="20 Nov"), proposed("9 Nov")), {"adopted": "9 Nov"}),
    Quiet(LEAVER, "whose last day nobody has said, and whose removal is proposed",
          (leaving("5 Nov"), proposed("9 Nov")), {"adopted": "9 Nov"}),
    Quiet(UNNAMED, "whose arrival somewhere was confirmed before this leaving",
          (an_event(K.ARRIVAL_CONFIRMED, "4 Nov"), leaving("5 Nov", None))),
    # -- home education
    Quiet(UNANSWERED, "whose home education begins today, after two attempts",
          (letter("2 Nov", "10 Nov"), no_answer("10 Nov"), no_answer("10 Nov"))),
    # -- attendance orders
    Quiet(UNDER_ORDER, "whose parent has not agreed", (ORDER,)),
    Quiet(NO_MEETING, "of whom no meeting is recorded", (ORDER,)),
    Quiet(NO_MEETING, "whose booked meeting passed in silence", (ORDER, meeting(K.MEETING_BOOKED, "6 Nov", "9 Nov"))),
    Quiet(UNVISITED, "who was visited once of two times", (AGREED, visit("9 Nov")), AWAY),
    Quiet(IN_VAIN, "who was visited once, and nobody was met", (AGREED, visit("9 Nov")), AWAY),
    # -- leave and part time
    Quiet(REQUESTED, "whose leave nobody has decided on", (HOLIDAY, no_answer("9 Nov"))),
    Quiet(ADMITTED, "whose leave a parent has told of afterwards", (an_event(K.LEAVE_ADMITTED_AFTERWARDS, "9 Nov"),)),
    Quiet(OVERRUN, "on the fifth school day after the leave",
          (leave(K.LEAVE_GRANTED, "2 Nov", "2 Nov", "3 Nov"),), {"marks": {"3 Nov": "C", "4 Nov..10 Nov": "O"}}),
    Quiet(PART_TIME, "on the last day of the timetable", (part_time("3 Nov", "10 Nov"),)),
    Quiet(PART_TIME, "with code C2 after the timetable ended", (part_time("3 Nov", "6 Nov"),),
          {"marks": {"9 Nov pm": "C2"}}),
    Quiet(PART_TIME, "whose timetable was agreed with no end", (part_time("3 Nov", None),)),
    Quiet(PART_TIME, "recorded as being part time", (), UNDER_PART_TIME),
    Quiet(PART_TIME, "with code C2 of yesterday", (), {"marks": {"9 Nov pm": "C2"}}),
)  # fmt: skip


@pytest.mark.parametrize("so", SO, ids=[f"{one.step.trigger} {one.says}" for one in SO])
def test_of_a_pupil_of_whom_a_step_is_so_no_reason_against_it_is_given(so: Quiet) -> None:
    known = known_of(so.events, so.on, **so.facts)

    assert limb_of(so.step)(known.facts, NUMBERS) is not None
    assert not why_not_steps(known, (so.step,))


def test_of_a_step_that_waits_for_no_form_no_form_and_no_word_to_the_authority_is_named() -> None:
    events = (proposed("5 Nov"), form("6 Nov", None), told("9 Nov", Recipient.AUTHORITY_CME))
    known = known_of(events, ON)

    assert limb_of(TO_DECIDE)(known.facts, NUMBERS) is not None
    assert not why_not_steps(known, (TO_DECIDE,))


@pytest.mark.parametrize(("year_group", "is_leaver"), [(YearGroup.Y2, False), (YearGroup.Y6, True)])
def test_of_an_infant_school_the_oldest_class_is_year_2(year_group: YearGroup, *, is_leaver: bool) -> None:
    known = known_of((leaving("5 Jul", last="21 Jul"),), "21 Jul", year_group=year_group, oldest_class=YearGroup.Y2)

    assert (limb_of(LEAVER)(known.facts, NUMBERS) is not None) is is_leaver
    said = "" if is_leaver else "leaves the oldest class at the end of its last term"
    assert why_not_steps(known, (LEAVER,)) == said
