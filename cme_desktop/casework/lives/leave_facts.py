"""What is known of a leave, and what the family still has to say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from cme_desktop.casework.in_words import capital, count_of, say_day
from cme_desktop.casework.lives.leave_days import days_of_leave, say_span
from cme_desktop.casework.lives.leave_marks import LeaveMarks
from cme_desktop.casework.lives.leave_matter import Flights, LeaveMatter, LeaveState, Risk
from cme_desktop.casework.lives.leave_steps import EVIDENCE, Return, asks_for
from cme_desktop.casework.lives.life import Fact, LifeDesk
from cme_desktop.domain.calendar import SchoolCalendar

NOT_FLAT: Final = (
    "The policy asks for evidence of an emergency and would refuse without it. That flat refusal no longer holds: "
    "the headteacher weighs each request by itself."
)
"""What is said where a policy wants evidence: national guidance has taken its flat refusal over."""


def facts_of_leave(
    desk: LifeDesk,
    matter: LeaveMatter,
    coming: Return | None,
    marks: LeaveMarks | None,
    *,
    siblings: tuple[tuple[str, str], ...],
) -> tuple[Fact, ...]:
    """Tell the days, the reason and evidence, the journey, the return, the decision, the register and the family."""
    calendar = desk.roll.judgement.calendar
    return (
        *_marks(marks),
        *_days(calendar, matter),
        *_decision(matter),
        *(_request(desk, matter) if matter.asked is not None else ()),
        *_admitted(matter),
        *_return(matter, coming),
        *(_journey(matter) if matter.state in {LeaveState.ASKED, LeaveState.GRANTED} and matter.asked else ()),
        *(Fact("Brother or sister", f"{name}: {state}") for name, state in siblings),
    )


# -- private -----------------------------------------------------------------------------------------------------


def _marks(marks: LeaveMarks | None) -> Iterator[Fact]:
    if marks is None:
        return
    for each in marks.disagreements:
        yield Fact("The register does not fit", each, is_missing=True)
    yield Fact("Register over these days", marks.counted)


def _days(calendar: SchoolCalendar, matter: LeaveMatter) -> Iterator[Fact]:
    label = "Taken" if matter.admitted is not None else "Asked for"
    if matter.first is None or matter.last is None:
        yield Fact(label, "days not said", is_missing=True)
        return
    asked = days_of_leave(calendar, matter.first, matter.last)
    yield Fact(label, f"{say_span(matter.first, matter.last)}, {_count(asked.school_days, is_known=asked.is_known)}")
    first, last = matter.granted_first, matter.granted_last
    if first is not None and last is not None and (first, last) != (matter.first, matter.last):
        fewer = days_of_leave(calendar, first, last)
        yield Fact("Granted", f"{say_span(first, last)} only, {count_of(fewer.school_days, 'school day')}")


def _count(school_days: int, *, is_known: bool) -> str:
    return count_of(school_days, "school day") if is_known else "the calendar does not know all of these days"


def _decision(matter: LeaveMatter) -> Iterator[Fact]:
    made = matter.decision
    if made is None:
        return
    by = made.details.get("by") or made.written_by_name
    who = f" by {by}" if by else ""
    reason = made.words or made.event.reason or ""
    if matter.asked is not None:
        yield from _not_considered(matter)
    yield Fact("Decision", f"{matter.state.value}{who}, {say_day(made.event.on)}. {reason}".strip())


def _not_considered(matter: LeaveMatter) -> Iterator[Fact]:
    left_out = [risk.in_words for risk in Risk if matter.considered(risk) is None]
    if left_out:
        yield Fact("Decided without considering", capital(", ".join(left_out)), is_missing=True)


def _request(desk: LifeDesk, matter: LeaveMatter) -> Iterator[Fact]:
    asked = matter.asked
    assert asked is not None
    by = matter.details.get("asked_by", "")
    yield Fact("Asked by", by or "not written down", is_missing=not by)
    yield Fact("Reason", asked.words or "not written down", is_missing=not asked.words)
    evidence = matter.details.get("evidence", "")
    said = {True: "Shown", False: "None shown", None: "Not said"}[matter.has_evidence]
    yield Fact("Evidence of an emergency", f"{said}: {evidence}" if evidence else said)
    if matter.state is LeaveState.ASKED and asks_for(desk, EVIDENCE):
        yield Fact("About the evidence", NOT_FLAT)


def _admitted(matter: LeaveMatter) -> Iterator[Fact]:
    if matter.admitted is None:
        return
    by = matter.admitted.details.get("said_by", "")
    yield Fact("Told by", f"{by}, {say_day(matter.admitted.event.on)}" if by else say_day(matter.admitted.event.on))
    yield Fact("What was said", matter.admitted.words or "not written down", is_missing=not matter.admitted.words)


def _return(matter: LeaveMatter, coming: Return | None) -> Iterator[Fact]:
    named = matter.details.get("back_on", "")
    named_on = date.fromisoformat(named) if named else None
    if coming is not None:
        due = say_day(coming.due_on) if coming.due_on else "not in the calendar: enter next year’s term dates"
        yield Fact("Expected back", due, is_missing=coming.due_on is None)
        if named_on is not None and coming.due_on is not None and named_on > coming.due_on:
            yield Fact("The family names", f"{say_day(named_on)}, later than the leave allows", is_missing=True)
    elif matter.asked is not None and matter.state is LeaveState.ASKED:
        yield Fact("Day of return named", say_day(named_on) if named_on else "not said yet", is_missing=not named_on)


def _journey(matter: LeaveMatter) -> Iterator[Fact]:
    details = matter.details
    flights = Flights(details.get("flights", ""))
    yield Fact("Flights", capital(flights.in_words), is_missing=flights in {Flights.ASKED, Flights.UNKNOWN})
    for name, label in (("address", "Address while away"), ("contact", "How to reach them")):
        said = details.get(name, "")
        yield Fact(label, said or "not said yet", is_missing=not said)
