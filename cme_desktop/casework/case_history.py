"""Adding to a case: what happened, whose step is next, and steps added by hand."""

from __future__ import annotations

from cme_desktop.casework.case_entry import changes_to, event_now, refuse_future, write_act, write_case_journal
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import CaseStatus, Role, TaskState
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import CaseId, ContactId, TaskId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.cases import add_task, end_task, load_added_task, load_case_details, set_case_status
from cme_desktop.storage.journal import write_journal


@needs(Right.WORK_ON_CASES)
def add_to_history(
    office: Office, *, case_id: CaseId, event: Event, words: str = "", contact_id: ContactId | None = None
) -> Changes:
    """Add what happened to the case's history; the day it happened may lie in the past, never in the future."""
    refuse_future(event.on, office)
    if event.moment > office.local_now and event.at is not None:
        raise BadInputError("This time is still to come.", remedy="Enter the time at which it happened.")
    if event.kind is EventKind.NOTE and not words.strip():
        raise MissingFactsError("The note can’t be saved yet.", missing=("what happened",))
    if event.kind is EventKind.DECISION and not (event.reason or "").strip():
        raise MissingFactsError("The decision can’t be saved yet.", missing=("the reason",))
    with office.database.transaction() as db:
        case = load_case_details(db, case_id)
        if case.is_closed:
            raise RefusedError("The case is closed.", remedy="Open it again to add to its history.")
        write_act(db, office, case, event, act="add_to_history", words=words.strip(), contact_id=contact_id)
    return changes_to(case)


@needs(Right.WORK_ON_CASES)
def add_case_task(
    office: Office, *, case_id: CaseId, text: str, due: Deadline | None = None, owner: Role = Role.OFFICE
) -> Changes:
    """Add a step to a case by hand."""
    if not text.strip():
        raise MissingFactsError("The task can’t be saved yet.", missing=("what is to be done",))
    with office.database.transaction() as db:
        case = load_case_details(db, case_id)
        task_id = add_task(
            db, pupil_id=case.pupil_id, case_id=case_id, text=text.strip(), due=due, owner=owner, at=office.now(),
            by=office.user.id,
        )  # fmt: skip
        undo = act_details(pupils=(case.pupil_id,), tasks=(task_id,))
        write_case_journal(db, office, case, act="add_task", task=task_id, **undo)
    return changes_to(case)


@needs(Right.WORK_ON_CASES)
def end_case_task(office: Office, *, task_id: TaskId, state: TaskState) -> Changes:
    """Say that a step added by hand is done or dropped."""
    with office.database.transaction() as db:
        task = load_added_task(db, task_id)
        if task.state is not TaskState.TO_DO:
            raise RefusedError("This step has ended already.")
        end_task(db, task_id, state=state, at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act="end_task", subject=f"task {task_id}",
            details={
                "state": state.value,
                **act_details(pupils=() if task.pupil_id is None else (task.pupil_id,), ended=(task_id,)),
            },
        )  # fmt: skip
    return Changes.to(Area.CASES, pupil=task.pupil_id, case=task.case_id)


@needs(Right.WORK_ON_CASES)
def wait_for_authority(office: Office, *, case_id: CaseId, words: str) -> Changes:
    """Say that the next step is the authority's."""
    return _move(office, case_id, CaseStatus.WAITING_FOR_AUTHORITY, "Waiting for the authority", words)


@needs(Right.WORK_ON_CASES)
def resume_case(office: Office, *, case_id: CaseId, words: str) -> Changes:
    """Say that the next step is the school's again."""
    return _move(office, case_id, CaseStatus.OPEN, "No longer waiting for the authority", words)


def _move(office: Office, case_id: CaseId, status: CaseStatus, title: str, words: str) -> Changes:
    with office.database.transaction() as db:
        case = load_case_details(db, case_id)
        if case.is_closed:
            raise RefusedError("The case is closed.", remedy="Open it again first.")
        set_case_status(db, case_id, status)
        said = ". ".join(part for part in (title, words.strip()) if part)
        event = event_now(EventKind.NOTE, office)
        write_act(db, office, case, event, act="set_case_status", words=said, became=status)
    return changes_to(case)
