"""Leave granted or refused, admitted only afterwards, and the enquiries about a child who does not come back.

The head, or a senior leader whom the head lets decide, judges each request by itself and before the leave begins
(SI 2024/208, regulation 11). The program never refuses one.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.lives.leave_days import refuse_days_in_question, refuse_wrong_days, say_span
from cme_desktop.casework.lives.leave_matter import LeaveMatter
from cme_desktop.casework.lives.leave_writing import (
    granted_in,
    record_about,
    refuse_off_roll,
    refuse_stale,
    refuse_strangers,
)
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import journal_act
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, refuse_moment_ahead, require, write_line
from cme_desktop.casework.roll import load_school_rulebook
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import EnquiryResult, Event, EventKind
from cme_desktop.domain.identifiers import EventId, PupilId
from cme_desktop.domain.rights import Right, who_may
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.events import retract_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MAY_DECIDE: Final = frozenset(who_may(Right.DECIDE_LEAVE))
"""Who may grant or refuse leave."""

_AFTERWARDS: Final = "england.leave-request.granted-afterwards"


def _only_they_decide() -> RefusedError:
    return RefusedError(
        "Only the headteacher or a senior leader decides on leave.",
        detail="Nothing was saved. The request waits, with what you wrote down about it.",
        remedy="Ask the headteacher to sign in and decide.",
    )


# -- deciding ----------------------------------------------------------------------------------------------------


@needs(Right.DECIDE_LEAVE, refusal=_only_they_decide)
def decide_leave(
    office: Office, *, matter: LeaveMatter, is_granted: bool, on: date, first: date, last: date, reason: str
) -> Changes:
    """Grant leave, for the days asked for or fewer, or refuse it; with the reason, by head or senior leader alone.

    A decision already made is struck out and comes back with an undo.
    """
    require("The decision can’t be saved yet.", {"the reason": reason})
    if matter.asked is None:
        raise RefusedError("There is no request to decide.", remedy="Write the request down first.")
    _refuse_days_not_asked(matter, first, last)
    kind = EventKind.LEAVE_GRANTED if is_granted else EventKind.LEAVE_REFUSED
    event = Event(kind, on, clock_of(office, on), from_=first, to=last, evidence=matter.has_evidence)
    _refuse_decision_day(office, matter, event)
    with office.database.transaction() as db:
        refuse_stale(db, matter)
        if is_granted:
            refuse_wrong_days(load_calendar(db), first, last)
            refuse_days_in_question(granted_in(db, matter.pupil_id), first, last, but=matter.key)
        struck = _strike_decision(db, office, matter)
        written = write_line(
            db, office, matter.pupil_id, event, words=reason, details={"by": office.user.name}, answers=matter.root
        )
        journal_act(db, office, "leave decided", (matter.pupil_id,), events=(written,), struck=struck)
    return Changes.to(Area.EVENTS, pupil=matter.pupil_id)


# -- afterwards --------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_ROLL)
def admit_leave_afterwards(
    office: Office, *, pupils: tuple[PupilId, ...], on: date, by: str, first: date, last: date, words: str
) -> Changes:
    """Write down that the family said only afterwards that leave was taken: a pupil, and brothers and sisters too."""
    require("This can’t be saved yet.", {"who said it": by, "what was said": words})
    if first > on:
        raise BadInputError(
            "These days are still to come.",
            detail="Leave that has not begun can still be asked for.",
            remedy="Write it down as a request.",
        )
    event = Event(EventKind.LEAVE_ADMITTED_AFTERWARDS, on, clock_of(office, on))
    refuse_moment_ahead(event, office)
    details = {"said_by": by, "first": first.isoformat(), "last": last.isoformat()}
    with office.database.transaction() as db:
        refuse_wrong_days(load_calendar(db), first, last)
        refuse_strangers(db, pupils)
        for pupil_id in pupils:
            refuse_off_roll(db, pupil_id, first)
            refuse_days_in_question(granted_in(db, pupil_id), first, last)
        written = [write_line(db, office, each, event, words=words, details=details) for each in pupils]
        journal_act(db, office, "leave admitted", pupils, events=written)
    return Changes(frozenset({Area.EVENTS}), frozenset(pupils))


@needs(Right.WORK_ON_ROLL)
def record_joint_enquiries(
    office: Office, *, matter: LeaveMatter, on: date, outcome: EnquiryResult, words: str
) -> Changes:
    """Write down that school and authority began to look for the child together, or what came of it."""
    require("This can’t be saved yet.", {"who does what, or what was found": words})
    event = Event(EventKind.JOINT_ENQUIRIES, on, clock_of(office, on), outcome=outcome)
    return record_about(office, matter, event, act="joint enquiries", words=words)


# -- private ---------------------------------------------------------------------------------------------------------


def _strike_decision(db: Session, office: Office, matter: LeaveMatter) -> tuple[EventId, ...]:
    if matter.decision is None:
        return ()
    retract_event(db, matter.decision.id, at=office.now(), by=office.user.id)
    return (matter.decision.id,)


def _refuse_days_not_asked(matter: LeaveMatter, first: date, last: date) -> None:
    if last < first:
        raise BadInputError("The last day lies before the first.", remedy="Correct the days.")
    if matter.first is None or matter.last is None:
        return
    if first < matter.first or last > matter.last:
        raise RefusedError(
            "Leave can be granted only for days that were asked for.",
            detail=f"Asked for were {say_span(matter.first, matter.last)}.",
            remedy="Grant these days or fewer, or correct the request first.",
        )


def _refuse_decision_day(office: Office, matter: LeaveMatter, event: Event) -> None:
    refuse_moment_ahead(event, office)
    assert event.from_ is not None
    if event.on < matter.begun_on:
        raise BadInputError("This day lies before the request.", remedy="Enter the day on which it was decided.")
    numbers = load_school_rulebook(office, on=event.on).parameters.on(event.on)
    is_too_late = event.on > event.from_ and not numbers[_AFTERWARDS]
    if event.kind is EventKind.LEAVE_GRANTED and is_too_late:
        raise RefusedError(
            "Leave is not granted for days gone by.",
            detail=f"The first day, {say_day(event.from_)}, lies before the decision.",
            remedy="Grant the days from the decision on, or refuse. The days before it stay as they are marked.",
        )
    was = matter.decision
    if was is not None and was.event.kind is EventKind.LEAVE_GRANTED and is_too_late:
        raise RefusedError(
            "The leave has begun, and its decision stands.", remedy="Write down what happened as a note."
        )
