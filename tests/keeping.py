"""A made-up school with a key file whose records reach back further than anything is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import text

from cme_desktop.casework.cases import open_case
from cme_desktop.casework.opening import add_person, open_office
from cme_desktop.casework.people import find_person
from cme_desktop.casework.setting_up import NewSchool, set_up
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.cases import ClosingOutcome, Role
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.importers.calendars import load_supplied_calendar
from cme_desktop.paths import find_paths
from cme_desktop.storage.cases import end_case
from cme_desktop.storage.import_batches import add_batch
from cme_desktop.storage.marks import session_no, write_marks
from tests.office import add_event_to, add_pupil, at

if TYPE_CHECKING:
    from pathlib import Path

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import CaseId, PupilId
    from cme_desktop.paths import Paths

NOW: Final = datetime(2026, 11, 10, 9, 40, tzinfo=UTC)
HEAD, HEADS = "Dr Ann Teal", "headteacher words"
OFFICE, OFFICES = "Pat Mellor", "three odd words"
LEAD, LEADS = "Sam Rook", "safeguarding lead words"
PASSWORDS: Final = {HEAD: HEADS, OFFICE: OFFICES, LEAD: LEADS}
LONG_GONE: Final = "Quillfeather"
"""The surname of a child who left in 2019."""


def a_school_with_old_records(folder: Path) -> Paths:
    """Make the records of a school with three people; nobody sits at the desk."""
    paths = find_paths(folder / "data")
    new = NewSchool(
        name="Larkfield Primary School", laestab="830/2201", urn="112500", user_name=HEAD, user_role=Role.HEAD,
        password=HEADS, years=load_supplied_calendar(paths.resources, "test-2026-27").years,
        policies=("aspire-academy",), authority_name="Derbyshire", authority_email="cme@derbyshire.example",
        records_begin=date(2026, 9, 3),
    )  # fmt: skip
    office = set_up(paths, new, now=lambda: NOW).office
    add_person(office, name=OFFICE, role=Role.OFFICE, password=OFFICES)
    add_person(office, name=LEAD, role=Role.LEAD, password=LEADS)
    leave_desk(office)
    return paths


def sit(paths: Paths, name: str = HEAD, *, now: datetime = NOW) -> Office:
    """Open the records as one of the three."""
    user = find_person(paths, name).id
    return open_office(paths, user_id=user, password=PASSWORDS[name], now=lambda: now)


def then(office: Office, day: date) -> Office:
    """Give the same office at half past nine on an earlier or later day, in UTC."""
    return at(office, datetime(day.year, day.month, day.day, 9, 30, tzinfo=UTC))


def add_old_marks(office: Office, pupil: PupilId, first: date, last: date, *, letter: str = "/") -> None:
    """Mark a pupil every morning of the weekdays between two days, each mark made on its own day."""
    day = first
    while day <= last:
        if day.weekday() < 5:
            made = datetime(day.year, day.month, day.day, 9, 10, tzinfo=UTC)
            with office.database.transaction() as db:
                batch = add_batch(db, kind="typed", source="test", at=made, by=1)
                mark = (session_no(SchoolSession(day, Half.AM)), int(pupil), letter)
                write_marks(db, [mark], batch_id=batch, reason="Set by a test", at=made, by=1)
        day += timedelta(days=1)


def add_long_gone(office: Office, *, left_on: date = date(2019, 7, 19), forename: str = "Zebedee") -> PupilId:
    """Enter a child who left years ago, with contacts, a line in the history, and a week of marks before."""
    pupil = add_pupil(
        then(office, left_on - timedelta(days=700)), surname=LONG_GONE, forename=forename, born=date(2008, 2, 29),
        starting_day=date(2012, 9, 4), left_on=left_on,
    )  # fmt: skip
    note = Event(EventKind.NOTE, left_on - timedelta(days=30))
    add_event_to(then(office, left_on), pupil, note, words=f"{forename} {LONG_GONE} said goodbye.")
    add_old_marks(office, pupil, left_on - timedelta(days=6), left_on)
    return pupil


def add_closed_case(office: Office, pupil: PupilId, *, closed_on: date) -> CaseId:
    """Open and close a case by the program, and then date all of it to an earlier day."""
    case = open_case(office, pupil_id=pupil, why=f"{LONG_GONE} is gone.").case_id
    moment = f"{closed_on.isoformat()} 09:30:00.000000"
    with office.database.transaction() as db:
        end_case(
            db, case, outcome=ClosingOutcome.RETURNED, reason="Back.", on=closed_on, at=office.now(), by=office.user.id
        )
        for sql in (
            "UPDATE case_file SET opened_on = :day, closed_on = :day, opened_at = :at, closed_at = :at WHERE id = :c",
            "UPDATE pupil_event SET happened_on = :day, written_at = :at WHERE case_id = :c",
        ):
            db.execute(text(sql), {"day": closed_on.isoformat(), "at": moment, "c": case})
    return case


def seen(office: Office, role: Role) -> Office:
    """Give the same office as another role sees it."""
    return replace(office, user=replace(office.user, role=role))
