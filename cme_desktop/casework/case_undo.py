"""Taking back an act on a case: its lines stay, struck out; what it did to the case and its steps is put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.casework.office import Office
from cme_desktop.domain.cases import CaseStatus, ClosingOutcome
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.identifiers import CaseId, PupilId, TaskId, UserId
from cme_desktop.storage.acts import Act
from cme_desktop.storage.cases import (
    CaseDetails,
    end_case,
    find_open_case,
    load_case_details,
    resume_task,
    set_case_status,
)
from cme_desktop.storage.events import WrittenEvent, list_events

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_MOVED_ON: Final = "The case has moved on since."
_OUTCOMES: Final = {outcome.in_words: outcome for outcome in ClosingOutcome}


def put_back_cases(db: Session, office: Office, act: Act) -> None:
    """Put the act's cases and steps back as they were; refused where somebody has gone on with a case since."""
    for task_id in act.ended:
        resume_task(db, TaskId(task_id))
    for case_id, was, became in act.cases:
        case = load_case_details(db, CaseId(case_id))
        if case.status != became:
            raise _too_late(_MOVED_ON)
        _put_back(db, office, case, was, act)


def changes_of(act: Act) -> Changes:
    """Say which cases taking the act back has changed."""
    if not (act.cases or act.ended):
        return Changes()
    pupils = frozenset(PupilId(pupil) for pupil in act.pupils)
    return Changes(frozenset({Area.CASES}), pupils, frozenset(CaseId(case) for case, _, _ in act.cases))


def _put_back(db: Session, office: Office, case: CaseDetails, was: str, act: Act) -> None:
    events = [each for each in list_events(db, pupil_id=case.pupil_id) if each.case_id == case.id]
    if not was:
        _close_as_error(db, office, case, events, act)
    elif was == CaseStatus.CLOSED:
        _close_again(db, case, events)
    else:
        _refuse_second(db, case)
        set_case_status(db, case.id, CaseStatus(was))


def _close_as_error(db: Session, office: Office, case: CaseDetails, events: list[WrittenEvent], act: Act) -> None:
    """End a case opened by mistake: its number stays in the series, which has no gaps."""
    if any(each.retracted_at is None and each.id not in act.events for each in events):
        raise _too_late("Something has been written into the case since.")
    end_case(
        db, case.id, outcome=ClosingOutcome.OPENED_IN_ERROR, reason="Taken back at once.", on=office.today,
        at=office.now(), by=office.user.id,
    )  # fmt: skip


def _close_again(db: Session, case: CaseDetails, events: list[WrittenEvent]) -> None:
    """Give the case the end it had before it was opened again."""
    ends = [each for each in events if each.event.kind is EventKind.CASE_CLOSED and each.retracted_at is None]
    last = max(ends, key=lambda each: each.id)
    assert last.written_by is not None
    end_case(
        db, case.id, outcome=_OUTCOMES[last.event.choice or ""], reason=last.words, on=last.event.on,
        at=last.written_at, by=UserId(last.written_by),
    )  # fmt: skip


def _refuse_second(db: Session, case: CaseDetails) -> None:
    standing = find_open_case(db, case.pupil_id)
    if standing is not None and standing.id != case.id:
        raise _too_late(f"{standing.number} is open for this pupil now.")


def _too_late(detail: str) -> RefusedError:
    return RefusedError("This can’t be undone any more.", detail=detail, remedy="Write down what is right instead.")
