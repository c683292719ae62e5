"""Requests for leave and their decisions, part-time timetables and their ends: the edges."""

from __future__ import annotations

from datetime import date

import pytest

from cme_desktop.domain.events import Event, EventKind
from tests.builders import a_record, an_event, close_of, day, flags_of

REQUEST = "england.leave-request"
PART_TIME = "england.part-time-timetable"


def asked(first: str | None, last: str | None = None, on: str = "5 Oct") -> Event:
    """A request for leave between two days."""
    return an_event(EventKind.LEAVE_REQUESTED, on, from_=day(first) if first else None, to=day(last) if last else None)


def decided(
    first: str | None, last: str | None = None, on: str = "7 Oct", kind: EventKind = EventKind.LEAVE_GRANTED
) -> Event:
    """A decision about leave between two days."""
    return an_event(kind, on, from_=day(first) if first else None, to=day(last) if last else None)


def sentence_of(rule_id: str, *events: Event, on: str = "9 Oct", marks: dict[str, str] | None = None) -> str | None:
    """The finding's sentence at the close of a day; None where the rule is quiet."""
    judged = close_of(on)
    flag = flags_of(a_record(marks or {}, judged=judged, events=events), judged).get(rule_id)
    return None if flag is None else flag.finding.sentence


def due_of(rule_id: str, *events: Event, on: str = "9 Oct", marks: dict[str, str] | None = None) -> date | None:
    """The day on which the rule's duty is due; None where it is quiet."""
    judged = close_of(on)
    flag = flags_of(a_record(marks or {}, judged=judged, events=events), judged).get(rule_id)
    return None if flag is None or flag.due is None else flag.due.on


# -- requests --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("decision", "is_decided"),
    [
        (decided("19 Oct", "20 Oct"), True),
        (decided("20 Oct", "21 Oct"), True),
        (decided("16 Oct", "19 Oct"), True),
        (decided(None, "19 Oct"), True),
        (decided("20 Oct"), True),
        (decided(None), True),
        (decided(None, kind=EventKind.LEAVE_REFUSED), True),
        (decided("21 Oct", "23 Oct"), False),
        (decided("15 Oct", "16 Oct"), False),
        (decided(None, "16 Oct"), False),
        (decided("21 Oct"), False),
        (decided("19 Oct", "20 Oct", on="1 Oct"), False),
    ],
)
def test_a_decision_about_any_day_of_the_request_decides_it(decision: Event, *, is_decided: bool) -> None:
    events = sorted((asked("19 Oct", "20 Oct"), decision), key=lambda event: event.on)

    assert (sentence_of(REQUEST, *events) is None) is is_decided


def test_a_request_that_names_no_day_is_due_this_week_and_any_decision_decides_it() -> None:
    assert due_of(REQUEST, asked(None), on="5 Oct") == day("9 Oct")
    assert "days that are not said" in (sentence_of(REQUEST, asked(None)) or "")
    assert sentence_of(REQUEST, asked(None), decided("19 Oct", "20 Oct")) is None


def test_a_decision_of_the_head_decides_without_a_grant() -> None:
    decision = an_event(EventKind.DECISION, "7 Oct", about=REQUEST, choice="refused", reason="no exceptional reason")
    other = an_event(EventKind.DECISION, "7 Oct", about="england.not-seen", choice="seen")

    assert sentence_of(REQUEST, asked("19 Oct"), decision) is None
    assert sentence_of(REQUEST, asked("19 Oct"), other) is not None


def test_the_request_that_begins_first_is_named_and_the_others_counted() -> None:
    later, sooner = asked("7 Dec", "8 Dec"), asked("19 Oct", "20 Oct", on="6 Oct")

    one, two = sentence_of(REQUEST, sooner), sentence_of(REQUEST, later, sooner)

    assert one == "Leave was asked for on 6 October 2026, from 19 October 2026 to 20 October 2026, and is not decided."
    assert two == f"{one} 1 more request also undecided."
    assert due_of(REQUEST, later, sooner) == day("16 Oct")


# -- part time -------------------------------------------------------------------------------------------------


def agreed(until: str | None, on: str = "11 Sep", review: str | None = None) -> Event:
    """An agreement to a part-time timetable."""
    return an_event(
        EventKind.PART_TIME_AGREED, on, until=day(until) if until else None, review_on=day(review) if review else None
    )


MORNINGS = {"14 Sep..18 Dec pm": "C2"}


def test_a_timetable_agreed_anew_goes_on_to_its_new_end() -> None:
    both = (agreed("23 Oct"), agreed("18 Dec", on="20 Oct"))

    raised = [
        due_of(PART_TIME, *both, on=each, marks=MORNINGS) for each in ("19 Oct", "23 Oct", "3 Nov", "17 Dec", "18 Dec")
    ]

    assert raised == [None, None, None, None, day("18 Dec")]


def test_an_agreement_without_an_end_does_not_undo_one_that_has_an_end() -> None:
    assert due_of(PART_TIME, agreed("23 Oct"), agreed(None, on="14 Sep"), on="1 Oct", marks=MORNINGS) is None


def test_a_review_that_was_not_held_is_past_once_the_timetable_has_ended() -> None:
    ended = agreed("23 Oct", review="1 Oct")
    marks = {"14 Sep..23 Oct pm": "C2"}

    assert due_of(PART_TIME, ended, on="22 Oct", marks=marks) == day("1 Oct")
    assert due_of(PART_TIME, ended, on="3 Nov", marks=marks) is None


def test_a_review_before_its_day_is_not_the_review() -> None:
    early = an_event(EventKind.REVIEW_HELD, "30 Sep")
    held = an_event(EventKind.REVIEW_HELD, "1 Oct")
    agreement = agreed("23 Oct", review="1 Oct")

    assert due_of(PART_TIME, agreement, early, on="2 Oct", marks=MORNINGS) == day("1 Oct")
    assert due_of(PART_TIME, agreement, held, on="2 Oct", marks=MORNINGS) is None


@pytest.mark.parametrize(("again", "due"), [("25 Sep", "14 Sep"), ("28 Sep", "28 Sep")])
def test_a_timetable_that_lay_still_for_more_than_five_school_days_begins_anew(again: str, due: str) -> None:
    marks = {"14 Sep..18 Sep pm": "C2", f"{again} pm": "C2"}

    assert due_of(PART_TIME, on=again, marks=marks) == day(due)
