"""A child has died: one act of the head, after which nobody asks anything, and the family is left in peace for a time.

The family is the one the records know: the children who share a family. Nothing here sends or offers a letter.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.family_in_peace import find_death
from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import journal_act
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.pupil_entry import clock_of, refuse_moment_ahead, require, write_line
from cme_desktop.domain.cases import CaseStatus, ClosingOutcome, Role, TaskState
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import PupilId, TaskId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.endings import IN_PEACE
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.cases import end_case, end_task, find_open_case, list_added_tasks
from cme_desktop.storage.journal import write_journal

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_ONLY_HEAD: Final = "Only the head writes this down."


@needs(Right.WORK_ON_ROLL)
def record_death(
    office: Office, *, pupil_id: PupilId, on: date, told_by: str, peace_until_day: date, words: str = ""
) -> Changes:
    """Write down that a child has died; what was open about the child is ended in the same act. The head's alone."""
    _refuse_all_but_head(office)
    require("This can’t be saved yet.", {"who told the school": told_by})
    died = Event(EventKind.DIED, on)
    refuse_moment_ahead(died, office)
    _refuse_peace_over(peace_until_day, office)
    with office.database.transaction() as db:
        if find_death(db, pupil_id) is not None:
            raise RefusedError("This is written down already.", remedy="The line stands on the page Leaving.")
        case = find_open_case(db, pupil_id)
        first = write_line(db, office, pupil_id, died, words=words, details={"told_by": told_by})
        second = write_line(db, office, pupil_id, _decision(office, peace_until_day), answers=first)
        events = [first, second]
        cases: tuple[tuple[int, str, str], ...] = ()
        if case is not None:
            closing = Event(EventKind.CASE_CLOSED, office.today, choice=ClosingOutcome.DIED.in_words)
            events.append(write_line(db, office, pupil_id, closing))
            end_case(
                db, case.id, outcome=ClosingOutcome.DIED, reason="The child has died.", on=office.today,
                at=office.now(), by=office.user.id,
            )  # fmt: skip
            cases = ((int(case.id), case.status.value, CaseStatus.CLOSED.value),)
        ended = _end_steps(db, office, pupil_id)
        details = act_details(pupils=(pupil_id,), events=tuple(events), cases=cases, ended=ended)
        write_journal(db, at=office.now(), by=office.user.id, act="died", subject=f"pupil:{pupil_id}", details=details)
    return Changes.to(Area.EVENTS, Area.CASES, Area.CONTACTS, Area.FLAGS)


@needs(Right.WORK_ON_ROLL)
def leave_in_peace(office: Office, *, pupil_id: PupilId, until: date) -> Changes:
    """Set until when the family of a child who died is left in peace; earlier words stay. The head's alone."""
    _refuse_all_but_head(office)
    with office.database.transaction() as db:
        if find_death(db, pupil_id) is None:
            raise RefusedError("No death is written down for this child.")
        line = write_line(db, office, pupil_id, _decision(office, until))
        journal_act(db, office, "left in peace", (pupil_id,), events=(line,))
    return Changes.to(Area.EVENTS, Area.CONTACTS)


def _decision(office: Office, until: date) -> Event:
    choice = f"The family is left in peace until {say_day(until)}"
    return Event(
        EventKind.DECISION, office.today, clock_of(office, office.today), about=IN_PEACE, choice=choice, until=until
    )


def _end_steps(db: Session, office: Office, pupil_id: PupilId) -> tuple[TaskId, ...]:
    steps = tuple(step.id for step in list_added_tasks(db) if step.pupil_id == pupil_id)
    for step_id in steps:
        end_task(db, step_id, state=TaskState.DROPPED, at=office.now(), by=office.user.id)
    return steps


def _refuse_all_but_head(office: Office) -> None:
    if office.user.role is not Role.HEAD:
        raise RefusedError(_ONLY_HEAD, remedy="Ask the head to open the records and write it down.")


def _refuse_peace_over(until: date, office: Office) -> None:
    if until < office.today:
        raise BadInputError("This day has passed.", remedy="Choose a day from today on.")
