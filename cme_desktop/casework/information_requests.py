"""Requests to see what is held about a child or a parent: written down, counted to their day, and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.case_entry import refuse_future
from cme_desktop.casework.in_words import capital, count_of
from cme_desktop.casework.information_numbers import read_numbers
from cme_desktop.casework.naming import named_pupils
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import require
from cme_desktop.casework.veil import for_reader
from cme_desktop.documents.wording import write_short_date
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.information import About, Asker, Ending
from cme_desktop.domain.rights import Right, may
from cme_desktop.policy.information_deadlines import InformationNumbers, answer_due_on, counted_from
from cme_desktop.storage.acts import FINAL
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.contacts import load_contacts_by_pupil
from cme_desktop.storage.information_requests import (
    InformationRequest,
    add_request,
    change_request,
    list_requests,
    load_request,
)
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.pupils import list_all_pupils, load_names
from cme_desktop.storage.sharing import SharingFacts, add_sharing

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.domain.identifiers import ContactId, PupilId, RequestId

OWN_RIGHT: Final = "own-right"
"""The ground in the sharing log for what somebody is given who asked for what is held about them."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A request as somebody writes it down. ``contact_id`` is the parent who asks, or whose data is asked for.

    ``identity`` says how it was made sure who asks; ``identity_asked_on`` that proof was needed and asked for promptly.
    """

    pupil_id: PupilId
    about: About
    asked_by: Asker
    asker: str
    received_on: date
    contact_id: ContactId | None = None
    words: str = ""
    identity: str = ""
    identity_asked_on: date | None = None
    identity_on: date | None = None


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request with its day: ``due_on`` is the last on which the answer is in time. ``left`` says how long that is."""

    request: InformationRequest
    name: str
    due_on: date
    first_due_on: date
    left: str
    is_late: bool
    is_soon: bool


@dataclass(frozen=True, slots=True)
class RequestDesk:
    """What the list and its dialogs start from. ``contacts`` are the contacts of each pupil, by id and name."""

    today: date
    lines: tuple[RequestLine, ...]
    pupils: tuple[tuple[PupilId, str], ...]
    contacts: dict[PupilId, tuple[tuple[ContactId, str], ...]]
    may_answer: bool
    months_more: int


@needs(Right.NOTE_REQUESTS)
def load_requests(office: Office) -> RequestDesk:
    """Read every request with its day, those that wait first, the nearest day at the top."""
    numbers = _numbers(office)
    with office.database.reading() as db:
        calendar, names = load_calendar(db), load_names(db)
        pupils = {each.id: each for each in list_all_pupils(db)}
        contacts = load_contacts_by_pupil(db)
        requests = list_requests(db)
    lines = [count_request(each, names, calendar, numbers, on=office.today) for each in requests]
    return RequestDesk(
        today=office.today,
        lines=for_reader(office, tuple(sorted(lines, key=lambda line: (not line.request.is_open, line.due_on)))),
        pupils=named_pupils(pupils),
        contacts={
            pupil: tuple((each.id, f"{each.name or 'No name'}, {each.relation.in_words}") for each in theirs)
            for pupil, theirs in contacts.items()
        },
        may_answer=may(office.user.role, Right.ANSWER_REQUESTS),
        months_more=numbers.extension,
    )


@needs(Right.NOTE_REQUESTS)
def note_request(office: Office, *, new: NewRequest) -> Changes:
    """Write down that somebody asks to see what is held."""
    needed = {"who asks": new.asker, "the child": new.pupil_id}
    if new.about is About.CONTACT:
        needed["which parent or contact"] = new.contact_id or ""
    require("The request can’t be saved yet.", needed)
    for day in (new.received_on, new.identity_asked_on, new.identity_on):
        if day is not None:
            refuse_future(day, office)
    _refuse_identity(new.received_on, new.identity_asked_on, new.identity_on)
    facts = {
        "pupil_id": new.pupil_id, "contact_id": new.contact_id, "about": new.about.value,
        "asked_by": new.asked_by.value, "asker": new.asker.strip(), "words": new.words.strip(),
        "received_on": new.received_on, "identity": new.identity.strip(),
        "identity_asked_on": new.identity_asked_on, "identity_on": new.identity_on,
    }  # fmt: skip
    with office.database.transaction() as db:
        request_id = add_request(db, facts, at=office.now(), by=office.user.id)
        _write(db, office, request_id, act="request noted", pupil_id=new.pupil_id)
    return Changes.to(Area.INFORMATION)


@needs(Right.NOTE_REQUESTS)
def establish_identity(
    office: Office, *, request_id: RequestId, how: str, on: date, asked_on: date | None
) -> Changes:  # fmt: skip
    """Write down how it was made sure who asks, and when; where proof was asked for promptly, the count begins then."""
    require("This can’t be saved yet.", {"how you checked who they are": how})
    refuse_future(on, office)
    with office.database.transaction() as db:
        request = _open_request(db, request_id)
        _refuse_identity(request.received_on, asked_on, on)
        change_request(db, request_id, identity=how.strip(), identity_on=on, identity_asked_on=asked_on)
        _write(db, office, request_id, act="request identity", pupil_id=request.pupil_id)
    return Changes.to(Area.INFORMATION)


@needs(Right.ANSWER_REQUESTS)
def extend_request(office: Office, *, request_id: RequestId, months: int, why: str, told_on: date) -> Changes:
    """Take up to two months more, with the reason; whoever asks is told within the first month."""
    require("This can’t be saved yet.", {"why": why})
    refuse_future(told_on, office)
    numbers = _numbers(office)
    if not 1 <= months <= numbers.extension:
        raise RefusedError(
            f"A request is extended by up to {count_of(numbers.extension, 'month')}.",
            remedy=f"Choose from 1 to {numbers.extension}.",
        )
    with office.database.transaction() as db:
        request = _open_request(db, request_id)
        line = count_request(request, load_names(db), load_calendar(db), numbers, on=office.today)
        if request.extended_on is not None:
            raise RefusedError("This request is extended already.", remedy="It can’t be extended twice.")
        if told_on > line.first_due_on:
            raise RefusedError(
                "It is too late to extend this request.",
                detail=f"Whoever asks had to be told by {write_short_date(line.first_due_on)}.",
                remedy="Answer as soon as you can, and say in the answer why it is late.",
            )
        if told_on < request.received_on:
            raise BadInputError("This is before the request came in.", remedy="Check the day.")
        change_request(db, request_id, extended_on=told_on, extended_months=months, extended_why=why.strip())
        _write(db, office, request_id, act="request extended", pupil_id=request.pupil_id, months=months)
    return Changes.to(Area.INFORMATION)


@needs(Right.ANSWER_REQUESTS)
def end_request(office: Office, *, request_id: RequestId, ending: Ending, on: date, answer: str) -> Changes:
    """Close a request: what was given and when, which stands in the sharing log too; or that it was withdrawn."""
    require("This can’t be saved yet.", {"what was given" if ending is Ending.ANSWERED else "why": answer})
    refuse_future(on, office)
    with office.database.transaction() as db:
        request = _open_request(db, request_id)
        if on < request.received_on:
            raise BadInputError("This is before the request came in.", remedy="Check the day.")
        change_request(
            db, request_id, ending=ending.value, ended_on=on, answer=answer.strip(), ended_by=office.user.id
        )  # fmt: skip
        if ending is Ending.ANSWERED:
            given = SharingFacts(
                what=answer.strip(), to_whom=request.asker, why="Asked to see what is held", basis=OWN_RIGHT,
                given_on=on, pupil_id=request.pupil_id,
            )  # fmt: skip
            add_sharing(db, given, at=office.now(), by=office.user.id)
        _write(db, office, request_id, act="request ended", pupil_id=request.pupil_id, ending=ending.value)
    return Changes.to(Area.INFORMATION)


def count_request(
    request: InformationRequest,
    names: dict[int, str],
    calendar: SchoolCalendar,
    numbers: InformationNumbers,
    *,
    on: date,
) -> RequestLine:
    """Count a request to its day, as seen from a day."""
    counted = counted_from(
        received_on=request.received_on, identity_asked_on=request.identity_asked_on, identity_on=request.identity_on
    )
    first = answer_due_on(counted, numbers, is_working_day=calendar.is_working_day)
    more = request.extended_months or 0
    due = answer_due_on(counted, numbers, months_more=more, is_working_day=calendar.is_working_day)
    days = (due - on).days
    is_open = request.is_open
    return RequestLine(
        request=request,
        name=names.get(int(request.pupil_id or 0), ""),
        due_on=due,
        first_due_on=first,
        left=_say_left(request, days),
        is_late=is_open and days < 0,
        is_soon=is_open and days <= numbers.reminder,
    )


def _say_left(request: InformationRequest, days: int) -> str:
    if request.ending is not None:
        return request.ending.in_words
    if days < 0:
        return f"{count_of(-days, 'day')} late"
    return "due today" if days == 0 else f"{count_of(days, 'day')} left"


def _numbers(office: Office) -> InformationNumbers:
    return read_numbers(office.paths.resources, on=office.today)


def _refuse_identity(received_on: date, asked_on: date | None, established_on: date | None) -> None:
    early = [day for day in (asked_on,) if day is not None and day < received_on]
    if early or (asked_on is not None and established_on is not None and established_on < asked_on):
        raise BadInputError(
            "These days do not fit each other.",
            remedy="Proof is asked for on or after the day of receipt, and given on or after the day it was asked for.",
        )


def _open_request(db: Session, request_id: RequestId) -> InformationRequest:
    request = load_request(db, request_id)
    if request.ending is not None:
        raise RefusedError(
            "This request has ended.",
            detail=f"{capital(request.ending.in_words)}.",
            remedy="Write down a new one, if somebody asks again.",
        )
    return request


def _write(
    db: Session, office: Office, request_id: RequestId, *, act: str, pupil_id: PupilId | None, **more: object
) -> None:
    pupils = [] if pupil_id is None else [int(pupil_id)]
    details = {"requests": [int(request_id)], "pupils": pupils, FINAL: True, **more}
    write_journal(
        db, at=office.now(), by=office.user.id, act=act, subject=f"request:{request_id}", details=details
    )  # fmt: skip
