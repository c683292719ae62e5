"""Cases, the words on their enquiries, and the tasks somebody added by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import CaseStatus, ClosingOutcome, Role, TaskState
from cme_desktop.domain.enquiries import ENQUIRY_OF, EnquiryItem, EnquiryState
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import CaseId, PupilId, TaskId, UserId
from cme_desktop.storage.tables import CaseRow, EnquiryRow, TaskRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """The cover of a case. ``history_from`` is the day its history begins: the first day of the absence."""

    id: CaseId
    number: str
    pupil_id: PupilId
    status: CaseStatus
    why: str
    history_from: date
    opened_on: date
    opened_at: datetime
    opened_by: UserId | None
    closed_on: date | None
    closed_at: datetime | None
    closed_by: UserId | None
    outcome: ClosingOutcome | None
    closing_reason: str

    @property
    def is_closed(self) -> bool:
        """Whether the case has ended."""
        return self.status is CaseStatus.CLOSED


@dataclass(frozen=True, slots=True)
class EnquiryEntry:
    """One word on one enquiry; the latest of an item stands, the earlier ones stay."""

    id: int
    item: EnquiryItem
    state: EnquiryState
    happened_on: date
    done_by: str
    how: str
    with_whom: str
    outcome: str
    reason: str
    written_at: datetime
    written_by_name: str


@dataclass(frozen=True, slots=True)
class AddedTask:
    """A step that somebody added by hand."""

    id: TaskId
    pupil_id: PupilId | None
    case_id: CaseId | None
    text: str
    due: Deadline | None
    owner: Role
    state: TaskState


# -- reading -----------------------------------------------------------------------------------------------------


def load_case_details(db: Session, case_id: CaseId) -> CaseDetails:
    """Read the cover of one case; an unknown id is refused in words."""
    row = db.get(CaseRow, case_id)
    if row is None:
        raise BadInputError("There is no such case.", remedy="Choose a case from the list.")
    return _case_of(row)


def find_case(db: Session, number: str) -> CaseDetails | None:
    """Find a case by its number, letter-case ignored."""
    row = db.scalars(select(CaseRow).where(func.upper(CaseRow.number) == number.strip().upper())).one_or_none()
    return None if row is None else _case_of(row)


def find_open_case(db: Session, pupil_id: PupilId) -> CaseDetails | None:
    """Find the pupil's case that is not closed; there is at most one."""
    wanted = select(CaseRow).where(CaseRow.pupil_id == pupil_id, CaseRow.status != CaseStatus.CLOSED.value)
    row = db.scalars(wanted.order_by(CaseRow.id.desc())).first()
    return None if row is None else _case_of(row)


def list_case_details(db: Session) -> tuple[CaseDetails, ...]:
    """List the covers of all cases, the newest first."""
    rows = db.scalars(select(CaseRow).order_by(CaseRow.opened_at.desc(), CaseRow.id.desc()))
    return tuple(_case_of(row) for row in rows)


def list_enquiry_entries(db: Session, case_id: CaseId) -> tuple[EnquiryEntry, ...]:
    """List every word on the enquiries of a case, the oldest first."""
    wanted = (
        select(EnquiryRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == EnquiryRow.written_by)
        .where(EnquiryRow.case_id == case_id)
        .order_by(EnquiryRow.id)
    )
    return tuple(_entry_of(row, name) for row, name in db.execute(wanted))


def list_added_tasks(db: Session, *, case_id: CaseId | None = None) -> tuple[AddedTask, ...]:
    """List the steps still to do that somebody added, of one case or of all, the earliest due first."""
    wanted = select(TaskRow).where(TaskRow.state == TaskState.TO_DO.value)
    if case_id is not None:
        wanted = wanted.where(TaskRow.case_id == case_id)
    return tuple(sorted((_task_of(row) for row in db.scalars(wanted)), key=_due_first))


def load_added_task(db: Session, task_id: TaskId) -> AddedTask:
    """Read one step that somebody added."""
    return _task_of(db.get_one(TaskRow, task_id))


# -- writing -----------------------------------------------------------------------------------------------------


def add_case(
    db: Session, *, pupil_id: PupilId, why: str, history_from: date, opened_on: date, at: datetime, by: UserId
) -> CaseDetails:
    """Open a file under the next number of its year: CME-26-001, CME-26-002 and so on."""
    row = CaseRow(
        number=next_case_number(db, year=opened_on.year),
        pupil_id=pupil_id,
        status=CaseStatus.OPEN.value,
        why=why,
        history_from=history_from,
        opened_on=opened_on,
        opened_at=at,
        opened_by=by,
    )
    db.add(row)
    db.flush()
    return _case_of(row)


def next_case_number(db: Session, *, year: int) -> str:
    """Say the number the next case of the year will bear."""
    start = f"CME-{year % 100:02d}-"
    numbers = db.scalars(select(CaseRow.number).where(CaseRow.number.startswith(start)))
    highest = max((int(number.removeprefix(start)) for number in numbers), default=0)
    return f"{start}{highest + 1:03d}"


def set_case_status(db: Session, case_id: CaseId, status: CaseStatus) -> None:
    """Write where the case stands; one that is open again loses its end."""
    row = db.get_one(CaseRow, case_id)
    row.status = status.value
    if status is not CaseStatus.CLOSED:
        row.closed_on = row.closed_at = row.closed_by = row.outcome = None
        row.closing_reason = ""


def end_case(
    db: Session, case_id: CaseId, *, outcome: ClosingOutcome, reason: str, on: date, at: datetime, by: UserId
) -> None:
    """Write how the case ended."""
    row = db.get_one(CaseRow, case_id)
    row.status = CaseStatus.CLOSED.value
    row.outcome, row.closing_reason = outcome.value, reason
    row.closed_on, row.closed_at, row.closed_by = on, at, by


def add_enquiry_entry(
    db: Session,
    *,
    case_id: CaseId,
    item: EnquiryItem,
    state: EnquiryState,
    happened_on: date,
    done_by: str,
    how: str,
    with_whom: str,
    outcome: str,
    reason: str,
    at: datetime,
    by: UserId,
) -> None:
    """Add a word on one enquiry; nothing said before is altered."""
    db.add(
        EnquiryRow(
            case_id=case_id, item=item.id, state=state.value, happened_on=happened_on, done_by=done_by, how=how,
            with_whom=with_whom, outcome=outcome, reason=reason, written_at=at, written_by=by,
        )
    )  # fmt: skip


def add_task(
    db: Session,
    *,
    pupil_id: PupilId,
    case_id: CaseId | None,
    text: str,
    due: Deadline | None,
    owner: Role,
    at: datetime,
    by: UserId,
) -> TaskId:
    """Add a step by hand."""
    row = TaskRow(
        pupil_id=pupil_id,
        case_id=case_id,
        text=text,
        due_on=due.on if due else None,
        due_at=f"{due.by:%H:%M}" if due and due.by else None,
        owner=owner.value,
        made_at=at,
        made_by=by,
    )
    db.add(row)
    db.flush()
    return TaskId(row.id)


def end_task(db: Session, task_id: TaskId, *, state: TaskState, at: datetime, by: UserId) -> None:
    """Write that a step is done or dropped; it stays in the records."""
    row = db.get_one(TaskRow, task_id)
    row.state, row.ended_at, row.ended_by = state.value, at, by


def resume_task(db: Session, task_id: TaskId) -> None:
    """Write that a step is to do after all."""
    row = db.get_one(TaskRow, task_id)
    row.state, row.ended_at, row.ended_by = TaskState.TO_DO.value, None, None


# -- rows to values ----------------------------------------------------------------------------------------------


def _case_of(row: CaseRow) -> CaseDetails:
    return CaseDetails(
        id=CaseId(row.id),
        number=row.number,
        pupil_id=PupilId(row.pupil_id),
        status=CaseStatus(row.status),
        why=row.why,
        history_from=row.history_from,
        opened_on=row.opened_on,
        opened_at=row.opened_at,
        opened_by=None if row.opened_by is None else UserId(row.opened_by),
        closed_on=row.closed_on,
        closed_at=row.closed_at,
        closed_by=None if row.closed_by is None else UserId(row.closed_by),
        outcome=ClosingOutcome(row.outcome) if row.outcome else None,
        closing_reason=row.closing_reason,
    )


def _entry_of(row: EnquiryRow, name: str | None) -> EnquiryEntry:
    return EnquiryEntry(
        id=row.id,
        item=ENQUIRY_OF[row.item],
        state=EnquiryState(row.state),
        happened_on=row.happened_on,
        done_by=row.done_by,
        how=row.how,
        with_whom=row.with_whom,
        outcome=row.outcome,
        reason=row.reason,
        written_at=row.written_at,
        written_by_name=name or "",
    )


def _task_of(row: TaskRow) -> AddedTask:
    by = time.fromisoformat(row.due_at) if row.due_at else None
    return AddedTask(
        id=TaskId(row.id),
        pupil_id=None if row.pupil_id is None else PupilId(row.pupil_id),
        case_id=None if row.case_id is None else CaseId(row.case_id),
        text=row.text,
        due=None if row.due_on is None else Deadline(row.due_on, by),
        owner=Role(row.owner),
        state=TaskState(row.state),
    )


def _due_first(task: AddedTask) -> tuple[date, time, int]:
    day, by = task.due.sort_key if task.due else (date.max, time.max)
    return (day, by, task.id)
