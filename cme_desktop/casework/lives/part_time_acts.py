"""Agreeing, reviewing, extending and ending a part-time timetable, each act one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import (
    clock_of,
    record_happening,
    refuse_moment_ahead,
    require,
    write_line,
)
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import EventId, PupilId
from cme_desktop.domain.pupils import Circumstance, is_of_compulsory_school_age
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.events import WrittenEvent, list_events
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import PupilDetails, load_pupil

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WEEK: Final = tuple((weekday, half) for weekday in range(5) for half in Half)
"""The ten sessions of a week, from Monday morning."""

INVOLVE_OTHERS: Final = frozenset({
    Circumstance.LOOKED_AFTER, Circumstance.SOCIAL_WORKER, Circumstance.CHILD_PROTECTION_PLAN,
    Circumstance.CHILD_IN_NEED, Circumstance.EHC_PLAN, Circumstance.CARE_ORDER, Circumstance.SECTION_47,
})  # fmt: skip
"""Who has one of these has professionals who take part in the decision."""

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri")
_NOT_YET: Final = "The timetable can’t be agreed yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """What is agreed: by whom, on which day, for which sessions of the week, until when, and when it is reviewed."""

    agreed_on: date
    agreed_by: str
    parent: str
    consent: str
    reason: str
    sessions: frozenset[tuple[int, Half]]
    until: date
    review_on: date
    safeguarding: str
    involved: str = ""


@needs(Right.WORK_ON_ROLL)
def agree_timetable(office: Office, *, pupil_id: PupilId, timetable: Timetable) -> Changes:
    """Agree a timetable, or extend one by a new dated agreement; the head and a parent agree, for a time, with reasons.

    It is never open-ended and never a way to manage behaviour: the reason and the safeguarding are written down.
    """
    _refuse_unfit(timetable, office)
    event = Event(
        EventKind.PART_TIME_AGREED, timetable.agreed_on, clock_of(office, timetable.agreed_on),
        until=timetable.until, review_on=timetable.review_on,
    )  # fmt: skip
    with office.database.transaction() as db:
        pupil = load_pupil(db, pupil_id)
        _refuse_pupil(pupil, timetable, office)
        before = _in_force(db, pupil_id, office.today)
        event_id = write_line(
            db, office, pupil_id, event, words=timetable.reason, details=_details_of(timetable),
            answers=before.id if before else None,
        )  # fmt: skip
        _journal(db, office, "part time extended" if before else "part time agreed", pupil_id, event_id)
    return Changes.to(Area.EVENTS, pupil=pupil_id)


@needs(Right.WORK_ON_ROLL)
def hold_review(office: Office, *, pupil_id: PupilId, on: date, words: str) -> Changes:
    """Write down the review of a timetable: who took part, and whether it goes on, is extended or ends."""
    require("The review can’t be saved yet.", {"what was decided, and by whom": words})
    with office.database.reading() as db:
        if _in_force(db, pupil_id, on) is None:
            raise RefusedError("No timetable was in force on that day.", remedy="Check the day.")
    event = Event(EventKind.REVIEW_HELD, on, clock_of(office, on))
    return record_happening(office, pupil_id=pupil_id, event=event, act="part time reviewed", words=words)


@needs(Right.WORK_ON_ROLL)
def end_timetable(office: Office, *, pupil_id: PupilId, last_day: date, reason: str) -> Changes:
    """End a timetable on a day, today at the latest: from the next one the pupil is expected full time."""
    require("The timetable can’t be ended yet.", {"why it ends": reason})
    with office.database.transaction() as db:
        before = _in_force(db, pupil_id, office.today)
        if before is None:
            raise RefusedError("No timetable is in force.", remedy="Nothing needs to be ended.")
        if last_day < before.event.on:
            raise BadInputError("It ends before it was agreed.", remedy="Enter a later day.")
        ended = Event(EventKind.PART_TIME_AGREED, last_day, clock_of(office, last_day), until=last_day)
        refuse_moment_ahead(ended, office)
        event_id = write_line(
            db, office, pupil_id, ended, words=f"Ended: {reason.strip()}", details={**before.details, "ended": "yes"},
            answers=before.id,
        )  # fmt: skip
        _journal(db, office, "part time ended", pupil_id, event_id)
    return Changes.to(Area.EVENTS, pupil=pupil_id)


def read_sessions(text: str) -> frozenset[tuple[int, Half]]:
    """Read ``mon-am tue-am``."""
    names = [day.casefold() for day in _DAYS]
    parts = (word.partition("-") for word in text.split())
    return frozenset((names.index(day), Half(half)) for day, _, half in parts)


def say_sessions(sessions: Iterable[tuple[int, Half]]) -> str:
    """Say the sessions of a week: "Mon, Tue mornings; Fri all day"."""
    chosen = frozenset(sessions)
    halves = {day: frozenset(half for weekday, half in chosen if weekday == place) for place, day in enumerate(_DAYS)}
    said = (
        ("all day", frozenset(Half)), ("mornings", frozenset({Half.AM})), ("afternoons", frozenset({Half.PM})),
    )  # fmt: skip
    parts = []
    for words, wanted in said:
        days = [day for day, held in halves.items() if held == wanted]
        if days:
            parts.append(f"{', '.join(days)} {words}")
    return "; ".join(parts)


# -- private -----------------------------------------------------------------------------------------------------


def _refuse_unfit(timetable: Timetable, office: Office) -> None:
    require(
        _NOT_YET,
        {
            "who agreed it for the school": timetable.agreed_by,
            "the parent who agreed": timetable.parent,
            "how the parent agreed": timetable.consent,
            "why": timetable.reason,
            "the sessions the pupil attends": timetable.sessions,
            "how the child is kept safe out of school": timetable.safeguarding,
        },
    )
    refuse_moment_ahead(Event(EventKind.PART_TIME_AGREED, timetable.agreed_on), office)
    if len(timetable.sessions) == len(WEEK):
        raise BadInputError("This is full time.", remedy="Leave out the sessions that the pupil does not attend.")
    if timetable.until <= timetable.agreed_on or timetable.until < office.today:
        raise BadInputError("The last day has passed.", remedy="Enter a last day still to come: none is without end.")
    if not timetable.agreed_on <= timetable.review_on <= timetable.until:
        raise BadInputError(
            "The review lies outside the timetable.",
            remedy=f"Enter a day up to {say_day(timetable.until)}, the last one.",
        )


def _refuse_pupil(pupil: PupilDetails, timetable: Timetable, office: Office) -> None:
    if not pupil.is_on_roll(office.today):
        raise RefusedError("This child is not on roll.", remedy="A timetable is agreed once the child has started.")
    if pupil.born is not None and not is_of_compulsory_school_age(pupil.born, on=timetable.until):
        raise RefusedError(
            "This child is not of compulsory school age.",
            detail="The law’s part-time timetable and code C2 are for those who are.",
            remedy="Mark a session left out X, or set the agreed sessions in the school’s system.",
        )
    holds = pupil.for_rules().circumstances_on(office.today) & INVOLVE_OTHERS
    if holds:
        known = ", ".join(sorted(each.in_words for each in holds))
        require(_NOT_YET, {f"what the professionals said ({known})": timetable.involved})


def _details_of(timetable: Timetable) -> dict[str, str]:
    sessions = " ".join(f"{_DAYS[day].casefold()}-{half}" for day, half in WEEK if (day, half) in timetable.sessions)
    return {
        "by": timetable.agreed_by, "parent": timetable.parent, "consent": timetable.consent, "sessions": sessions,
        "safeguarding": timetable.safeguarding, "involved": timetable.involved,
    }  # fmt: skip


def _in_force(db: Session, pupil_id: PupilId, on: date) -> WrittenEvent | None:
    """The latest agreement with an end that has not passed on the day."""
    agreed = [
        each
        for each in list_events(db, pupil_id=pupil_id)
        if each.event.kind is EventKind.PART_TIME_AGREED and each.retracted_at is None
    ]
    last = agreed[-1] if agreed else None
    is_over = last is None or last.event.until is None or last.event.until < on or last.details.get("ended") == "yes"
    return None if is_over else last


def _journal(db: Session, office: Office, act: str, pupil_id: PupilId, event_id: EventId) -> None:
    details = act_details(pupils=(int(pupil_id),), events=(event_id,))
    write_journal(db, at=office.now(), by=office.user.id, act=act, subject=f"pupil:{pupil_id}", details=details)
