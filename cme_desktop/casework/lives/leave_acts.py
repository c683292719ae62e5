"""What is written down about a leave: the request, what is learned, the decision, the return, and leave told too late.

Leave is asked for in advance by a parent the pupil lives with, and granted or refused by the head or a senior leader,
each request by itself (SI 2024/208, regulation 11). The program never refuses one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.casework.lives.leave_days import refuse_days_in_question, refuse_wrong_days
from cme_desktop.casework.lives.leave_matter import (
    LEAD_KNOWS,
    RISK_TOLD,
    RISKS_CONSIDERED,
    Flights,
    LeaveMatter,
    LeaveState,
    Risk,
    RiskAnswer,
)
from cme_desktop.casework.lives.leave_writing import (
    matters_in,
    record_about,
    refuse_off_roll,
    refuse_stale,
    refuse_strangers,
)
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import journal_act
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, refuse_moment_ahead, require, write_line
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Event, EventKind, Form
from cme_desktop.domain.identifiers import EventId, PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.events import retract_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Trip:
    """What the family says of the journey: flights, where the child stays and how to reach the family, the way back."""

    flights: Flights = Flights.UNKNOWN
    address: str = ""
    contact: str = ""
    back_on: date | None = None

    @property
    def details(self) -> dict[str, str]:
        """What is kept of it."""
        back = self.back_on.isoformat() if self.back_on else ""
        return {"flights": self.flights.value, "address": self.address, "contact": self.contact, "back_on": back}


@dataclass(frozen=True, slots=True)
class Request:
    """A request for leave as somebody writes it down. ``back_on`` is the day of return that the family names."""

    asked_on: date
    asked_by: str
    first: date
    last: date
    reason: str
    has_evidence: bool = False
    evidence: str = ""
    trip: Trip = Trip()


# -- asking ------------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_ROLL)
def request_leave(office: Office, *, pupils: tuple[PupilId, ...], request: Request) -> Changes:
    """Write the same request down for a pupil, named first, and for brothers and sisters, in one act."""
    _require_request(request)
    event = _asked(office, request)
    with office.database.transaction() as db:
        refuse_strangers(db, pupils)
        written = []
        for pupil_id in pupils:
            _refuse_days(db, pupil_id, request)
            written.append(_write_request(db, office, pupil_id, event, request))
        journal_act(db, office, "leave requested", pupils, events=written)
    return Changes(frozenset({Area.EVENTS}), frozenset(pupils))


@needs(Right.WORK_ON_ROLL)
def correct_request(office: Office, *, matter: LeaveMatter, request: Request) -> Changes:
    """Write an undecided request anew; the old line stays, struck out, and comes back with an undo."""
    _require_request(request)
    old = matter.asked
    if old is None or matter.state is not LeaveState.ASKED:
        raise RefusedError(
            "This request is decided and can’t be altered.", remedy="Write a new request for the days that changed."
        )
    event = _asked(office, request)
    with office.database.transaction() as db:
        refuse_stale(db, matter)
        _refuse_days(db, matter.pupil_id, request, but=matter.key)
        retract_event(db, old.id, at=office.now(), by=office.user.id)
        written = _write_request(db, office, matter.pupil_id, event, request, answers=matter.root)
        journal_act(db, office, "leave corrected", (matter.pupil_id,), events=(written,), struck=(old.id,))
    return Changes.to(Area.EVENTS, pupil=matter.pupil_id)


@needs(Right.WORK_ON_ROLL)
def withdraw_request(office: Office, *, matter: LeaveMatter, words: str) -> Changes:
    """Strike a request out that the family no longer makes, and say so; it comes back with an undo."""
    require("This can’t be saved yet.", {"who withdrew the request, and how": words})
    old = matter.asked
    if old is None or matter.state is not LeaveState.ASKED:
        raise RefusedError("Only a request that waits for its decision can be withdrawn.", remedy="Write a note.")
    note = Event(EventKind.NOTE, office.today, clock_of(office, office.today))
    with office.database.transaction() as db:
        refuse_stale(db, matter)
        retract_event(db, old.id, at=office.now(), by=office.user.id)
        said = f"Leave request withdrawn by the family: {words.strip()}"
        written = write_line(db, office, matter.pupil_id, note, words=said, answers=matter.root)
        journal_act(db, office, "leave withdrawn", (matter.pupil_id,), events=(written,), struck=(old.id,))
    return Changes.to(Area.EVENTS, pupil=matter.pupil_id)


@needs(Right.WORK_ON_ROLL)
def add_to_leave(office: Office, *, matter: LeaveMatter, trip: Trip, words: str = "") -> Changes:
    """Write down what was learned of the journey since; what is left empty stays as it was."""
    said = {name: text for name, text in trip.details.items() if text.strip()}
    if not said and not words.strip():
        raise BadInputError("Nothing was filled in.", remedy="Fill in what you learned.")
    event = Event(EventKind.NOTE, office.today, clock_of(office, office.today))
    return record_about(
        office, matter, event, act="leave note", words=words or "Told more about the journey.", details=said
    )


# -- considering -------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_ROLL)
def record_interview(
    office: Office, *, matter: LeaveMatter, on: date, by: str, words: str, risks: Mapping[Risk, RiskAnswer]
) -> Changes:
    """Write down who interviewed the family, what was said, and the risks considered in it, where they were."""
    require("The interview can’t be saved yet.", {"who held it": by, "what was said": words})
    _refuse_some_risks(risks)
    event = Event(EventKind.INTERVIEW_HELD, on, clock_of(office, on))
    return _record_risks(office, matter, event, "leave interview", by=by, words=words, risks=risks)


@needs(Right.WORK_ON_ROLL)
def record_form(office: Office, *, matter: LeaveMatter, on: date, words: str = "") -> Changes:
    """Write down that the family's form went to the headteacher."""
    event = Event(EventKind.FORM_SENT, on, clock_of(office, on), form=Form.LEAVE)
    return record_about(office, matter, event, act="leave form", words=words)


@needs(Right.WORK_ON_ROLL)
def record_risks(
    office: Office, *, matter: LeaveMatter, on: date, by: str, words: str, risks: Mapping[Risk, RiskAnswer]
) -> Changes:
    """Write down that each risk was considered, with its answer and by whom; an answer but no asks for words."""
    require("The answers can’t be saved yet.", {"who considered the risks": by})
    if set(risks) != set(Risk):
        raise BadInputError("Each risk needs an answer.", remedy="Answer all four: no sign of it, unsure or yes.")
    is_seen = _is_seen(risks)
    if is_seen:
        require("The answers can’t be saved yet.", {"what raises the worry": words})
    event = Event(
        EventKind.DECISION, on, clock_of(office, on), about=RISKS_CONSIDERED,
        choice="a risk in the journey" if is_seen else "no sign of a risk in the journey",
    )  # fmt: skip
    return _record_risks(office, matter, event, "leave risks", by=by, words=words, risks=risks)


@needs(Right.WORK_ON_ROLL)
def tell_lead_of_risk(office: Office, *, matter: LeaveMatter, words: str) -> Changes:
    """Write down that the safeguarding lead knows of the risk in the journey, and what is done."""
    require("This can’t be saved yet.", {"what the safeguarding lead said": words})
    return record_about(office, matter, _lead_told(office), act="leave risk told", words=words)


# -- private: writing --------------------------------------------------------------------------------------------


def _asked(office: Office, request: Request) -> Event:
    event = Event(
        EventKind.LEAVE_REQUESTED, request.asked_on, clock_of(office, request.asked_on), from_=request.first,
        to=request.last, evidence=request.has_evidence,
    )  # fmt: skip
    refuse_moment_ahead(event, office)
    return event


def _write_request(
    db: Session, office: Office, pupil_id: PupilId, event: Event, request: Request, *, answers: EventId | None = None
) -> EventId:
    details = {"asked_by": request.asked_by, "evidence": request.evidence, **request.trip.details}
    return write_line(db, office, pupil_id, event, words=request.reason, details=details, answers=answers)


def _record_risks(
    office: Office,
    matter: LeaveMatter,
    event: Event,
    act: str,
    *,
    by: str,
    words: str,
    risks: Mapping[Risk, RiskAnswer],
) -> Changes:
    known = "yes" if risks and office.user.role is Role.LEAD else ""
    details = {"by": by, LEAD_KNOWS: known, **{risk.value: answer.value for risk, answer in risks.items()}}
    return record_about(office, matter, event, act=act, words=words, details=details)


def _lead_told(office: Office) -> Event:
    return Event(
        EventKind.DECISION, office.today, clock_of(office, office.today), about=RISK_TOLD,
        choice="safeguarding lead told of the risk",
    )  # fmt: skip


# -- private: refusing -------------------------------------------------------------------------------------------


def _require_request(request: Request) -> None:
    require("The request can’t be saved yet.", {"who asks": request.asked_by, "the reason": request.reason})
    if request.first < request.asked_on:
        raise RefusedError(
            "Leave is asked for before it begins.",
            detail="The first day lies before the day on which it was asked for.",
            remedy="If the family told only afterwards, choose “Only afterwards” above.",
        )


def _refuse_days(db: Session, pupil_id: PupilId, request: Request, *, but: str = "") -> None:
    refuse_off_roll(db, pupil_id, request.first)
    refuse_wrong_days(load_calendar(db), request.first, request.last)
    refuse_days_in_question(matters_in(db, pupil_id), request.first, request.last, but=but)


def _refuse_some_risks(risks: Mapping[Risk, RiskAnswer]) -> None:
    if risks and set(risks) != set(Risk):
        raise BadInputError("Each risk needs an answer.", remedy="Answer all four, or leave all four for later.")


def _is_seen(risks: Mapping[Risk, RiskAnswer]) -> bool:
    return any(answer is not RiskAnswer.NO for answer in risks.values())
