"""Cases: the list, one case whole, and opening a new one.

The next step of a case is the first of its tasks: those the rules ask for, and those somebody added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import TYPE_CHECKING

from cme_desktop.casework.absence import CurrentAbsence, find_current_absence, find_last_attended
from cme_desktop.casework.case_entry import changes_to, event_now, refuse_future, write_act
from cme_desktop.casework.enquiries import EnquiryLine, checklist
from cme_desktop.casework.history import HistoryEntry, tell_flags, tell_history
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.protected_reading import note_reading
from cme_desktop.casework.roll import Roll, load_roll
from cme_desktop.casework.veil import for_reader, lines_for
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import CaseStatus, ClosingOutcome, Role
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.errors import MissingFactsError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import CaseId, PupilId, TaskId
from cme_desktop.domain.rights import Right
from cme_desktop.policy.absence import ENDS_WHEN_SEEN, WhereaboutsUnknown, is_child_seen, is_place_confirmed
from cme_desktop.policy.facts import Facts
from cme_desktop.policy.moment import Moment
from cme_desktop.policy.record import PupilRecord
from cme_desktop.policy.review import join_duties, review_pupil
from cme_desktop.policy.rule import Flag, Severity, Task
from cme_desktop.policy.runs import ASSUMED_ABSENT
from cme_desktop.storage.cases import (
    AddedTask,
    CaseDetails,
    add_case,
    find_open_case,
    list_added_tasks,
    list_case_details,
    list_enquiry_entries,
    load_case_details,
)
from cme_desktop.storage.contacts import ContactDetails, list_contacts
from cme_desktop.storage.documents import StoredDocument, list_documents_of_case
from cme_desktop.storage.events import WrittenEvent, list_events
from cme_desktop.storage.flags import list_flags
from cme_desktop.storage.holds import is_held
from cme_desktop.storage.pupils import PupilDetails, load_pupil

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

__all__ = [
    "CaseBook",
    "CaseDetails",
    "CaseFile",
    "CaseOpened",
    "CaseRow",
    "CaseTask",
    "StoredDocument",
    "list_cases",
    "load_case",
    "open_case",
]  # fmt: skip

# -- what screens and records are given ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line of the list of cases. ``next_step`` is the first thing to do; its due moment may be None."""

    case: CaseDetails
    pupil: PupilDetails
    school_days_absent: int
    next_step: str
    due: Deadline | None
    overdue: bool
    severity: Severity | None

    @property
    def id(self) -> CaseId:
        """The case's own id."""
        return self.case.id

    @property
    def is_quiet(self) -> bool:
        """Whether the name is greyed: the child has died."""
        return self.case.outcome is ClosingOutcome.DIED


@dataclass(frozen=True, slots=True)
class CaseBook:
    """Every case: those that are not closed, worst first, then the closed ones, latest first."""

    open: tuple[CaseRow, ...]
    closed: tuple[CaseRow, ...]
    roll: Roll


@dataclass(frozen=True, slots=True)
class CaseTask:
    """One step of a case: from the rules, or added by hand (then it has an id and can be ended).

    ``rule_id`` is the rule whose duty it shows; empty for a step added by hand.
    """

    text: str
    due: Deadline | None
    overdue: bool
    severity: Severity
    owner: Role
    added_id: TaskId | None = None
    clauses: tuple[str, ...] = ()
    rule_id: str = ""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything a case holds, as the screen, the command line and the written record read it.

    ``history`` is the latest first. ``since`` is the day from which attempts and sightings count towards closing:
    the first day of the absence, or the day the case was last opened again. ``doubt`` is why the child's whereabouts
    are unknown until somebody sees the child, where somebody has said so.
    """

    case: CaseDetails
    pupil: PupilDetails
    contacts: tuple[ContactDetails, ...]
    events: tuple[WrittenEvent, ...]
    history: tuple[HistoryEntry, ...]
    enquiries: tuple[EnquiryLine, ...]
    tasks: tuple[CaseTask, ...]
    flags: tuple[Flag, ...]
    decisions: tuple[HistoryEntry, ...]
    documents: tuple[StoredDocument, ...]
    absence: CurrentAbsence | None
    last_attended: date | None
    last_seen: date | None
    doubt: WhereaboutsUnknown | None
    school_days_open: int
    since: date
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class CaseOpened:
    """The new case's id and number, and what changed."""

    case_id: CaseId
    number: str
    changes: Changes


# -- reading -------------------------------------------------------------------------------------------------------


@needs(Right.SEE_NAMES)
def list_cases(office: Office, *, roll: Roll | None = None) -> CaseBook:
    """List every case with its next step, worst first; a roll already loaded saves reading it again."""
    known = roll or load_roll(office)
    with office.database.reading() as db:
        cases = list_case_details(db)
        added = list_added_tasks(db)
        pupils = {case.pupil_id: _pupil_of(db, case.pupil_id, known) for case in cases}
    records = {record.pupil.id: record for record in known.records}
    rows = [
        for_reader(office, _row_of(case, pupils[case.pupil_id], records.get(case.pupil_id), known, added, office))
        for case in cases
    ]
    standing = sorted((row for row in rows if not row.case.is_closed), key=_worst_first)
    closed = tuple(row for row in rows if row.case.is_closed)
    return CaseBook(tuple(standing), closed, known)


@needs(Right.SEE_NAMES)
def load_case(office: Office, case_id: CaseId, *, roll: Roll | None = None) -> CaseFile:
    """Load one case whole; a roll already loaded saves reading it again."""
    known = roll or load_roll(office)
    with office.database.reading() as db:
        case = load_case_details(db, case_id)
        events = lines_for(office, db, _events_of(db, case))
        pupil = _pupil_of(db, case.pupil_id, known)
        contacts = list_contacts(db, case.pupil_id)
        raised = list_flags(db, pupil_id=case.pupil_id)
        entries = list_enquiry_entries(db, case_id)
        added = list_added_tasks(db, case_id=case_id)
        documents = list_documents_of_case(db, case_id)
        held = is_held(db, case.pupil_id)
    record = next((each for each in known.records if each.pupil.id == case.pupil_id), None)
    flags = _flags_of(record, known)
    raised_here = tell_flags(raised, since=case.history_from, told=events)
    history = _in_order((*tell_history(events, contacts=contacts), *raised_here))
    since = _counts_from(case, events)
    attended = find_last_attended(record, known.judgement) if record else None
    calendar = known.judgement.calendar
    file = CaseFile(
        case=case,
        pupil=pupil,
        contacts=contacts,
        events=events,
        history=history,
        enquiries=checklist(entries, contacts=contacts, events=events, since=since),
        tasks=() if case.is_closed else _tasks_of(flags, added, office),
        flags=flags,
        decisions=tuple(entry for entry in history if entry.event.kind is EventKind.DECISION),
        documents=documents,
        absence=find_current_absence(record, known.judgement) if record else None,
        last_attended=attended,
        last_seen=_last_seen(attended, events),
        doubt=_doubt_of(record, known) if record else None,
        school_days_open=calendar.count_school_days_after(case.opened_on, through=office.today),
        since=since,
        is_held=held,
    )
    note_reading(office, file, pupil_id=case.pupil_id, where="case", lines=events)
    return for_reader(office, file)


# -- opening -------------------------------------------------------------------------------------------------------


@needs(Right.WORK_ON_CASES)
def open_case(
    office: Office,
    *,
    pupil_id: PupilId,
    why: str,
    happened_on: date | None = None,
    happened_at: time | None = None,
    history_from: date | None = None,
) -> CaseOpened:
    """Open a case; its history begins with the first day of the absence the pupil is in, unless a day is given."""
    if not why.strip():
        raise MissingFactsError("The case can’t be opened yet.", missing=("why it is opened",))
    opened_on = refuse_future(happened_on or office.today, office)
    begins = history_from or _absence_begins(office, pupil_id) or opened_on
    clock = event_now(EventKind.CASE_OPENED, office).at if opened_on == office.today else None
    with office.database.transaction() as db:
        if standing := find_open_case(db, pupil_id):
            raise RefusedError(
                "There is a case already.",
                detail=f"{standing.number} is open for this pupil.",
                remedy="Open that case and add to its history.",
            )
        case = add_case(
            db, pupil_id=pupil_id, why=why.strip(), history_from=min(begins, opened_on), opened_on=opened_on,
            at=office.now(), by=office.user.id,
        )  # fmt: skip
        event = replace(event_now(EventKind.CASE_OPENED, office), on=opened_on, at=happened_at or clock)
        write_act(db, office, case, event, act="open_case", words=why.strip(), became=case.status)
    return CaseOpened(case.id, case.number, changes_to(case))


# -- private: reading ----------------------------------------------------------------------------------------------


def _in_order(entries: Iterable[HistoryEntry]) -> tuple[HistoryEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.happened_first, reverse=True))


def _pupil_of(db: Session, pupil_id: PupilId, roll: Roll) -> PupilDetails:
    return roll.pupils.get(pupil_id) or load_pupil(db, pupil_id)


def _events_of(db: Session, case: CaseDetails) -> tuple[WrittenEvent, ...]:
    """What happened since the case's history begins, and whatever was written into the case itself."""
    every = list_events(db, pupil_id=case.pupil_id)
    return tuple(each for each in every if each.event.on >= case.history_from or each.case_id == case.id)


def _row_of(
    case: CaseDetails,
    pupil: PupilDetails,
    record: PupilRecord | None,
    roll: Roll,
    added: tuple[AddedTask, ...],
    office: Office,
) -> CaseRow:
    absence = find_current_absence(record, roll.judgement) if record else None
    days = absence.school_days if absence else 0
    if case.is_closed:
        said = case.outcome.in_words if case.outcome else "Closed"
        return CaseRow(case, pupil, days, said, None, overdue=False, severity=None)
    own = tuple(task for task in added if task.case_id == case.id)
    first = next(iter(_tasks_of(_flags_of(record, roll), own, office)), None)
    waiting = case.status is CaseStatus.WAITING_FOR_AUTHORITY
    if first is None:
        step = "Waiting for the authority" if waiting else "Nothing is due: close it, or add a task"
        return CaseRow(case, pupil, days, step, None, overdue=False, severity=None)
    return CaseRow(case, pupil, days, first.text, first.due, overdue=first.overdue, severity=first.severity)


def _flags_of(record: PupilRecord | None, roll: Roll) -> tuple[Flag, ...]:
    return review_pupil(record, roll.judgement, roll.rulebook) if record else ()


def _tasks_of(flags: Iterable[Flag], added: Iterable[AddedTask], office: Office) -> tuple[CaseTask, ...]:
    asked = [_asked_by_rules(task) for task in join_duties(flags) if task.severity is not Severity.WATCH]
    by_hand = [_added_by_hand(task, office) for task in added]
    return tuple(sorted((*asked, *by_hand), key=_due_first))


def _asked_by_rules(task: Task) -> CaseTask:
    return CaseTask(
        text=task.duty.what,
        due=task.due,
        overdue=task.overdue,
        severity=task.severity,
        owner=task.duty.by,
        clauses=tuple(str(reference) for reference in task.references),
        rule_id=task.flags[0].rule_id,
    )


def _added_by_hand(task: AddedTask, office: Office) -> CaseTask:
    overdue = task.due is not None and task.due.is_overdue(office.local_now)
    today = task.due is not None and task.due.on <= office.today
    severity = Severity.TODAY if today else Severity.THIS_WEEK
    return CaseTask(task.text, task.due, overdue, severity, task.owner, added_id=task.id)


def _due_first(task: CaseTask) -> tuple[int, date, time]:
    day, by = task.due.sort_key if task.due else (date.max, time.max)
    return (task.severity, day, by)


def _worst_first(row: CaseRow) -> tuple[int, date, time, str]:
    day, by = row.due.sort_key if row.due else (date.max, time.max)
    return (Severity.WATCH + 1 if row.severity is None else row.severity, day, by, row.case.number)


def _counts_from(case: CaseDetails, events: Iterable[WrittenEvent]) -> date:
    reopened = [
        written.event.on
        for written in events
        if written.event.kind is EventKind.CASE_REOPENED and written.case_id == case.id
    ]
    return max(reopened, default=case.history_from)


def _last_seen(attended: date | None, events: Iterable[WrittenEvent]) -> date | None:
    seen = [written.event.on for written in events if written.retracted_at is None and _is_seen(written.event)]
    return max((*seen, *([attended] if attended else [])), default=None)


def _doubt_of(record: PupilRecord, roll: Roll) -> WhereaboutsUnknown | None:
    # A register not taken must not pass for the child having come back.
    facts = Facts(record, Moment(roll.judgement), assume=ASSUMED_ABSENT)
    return next((each for each in facts.whereabouts_unknown if each.cause in ENDS_WHEN_SEEN), None)


def _is_seen(event: Event) -> bool:
    # the place that confirms that the child is there has seen the child; a decision about it has not
    return is_child_seen(event) or (event.kind is not EventKind.DECISION and is_place_confirmed(event))


def _absence_begins(office: Office, pupil_id: PupilId) -> date | None:
    roll = load_roll(office)
    record = next((each for each in roll.records if each.pupil.id == pupil_id), None)
    absence = find_current_absence(record, roll.judgement) if record else None
    return absence.first_day if absence else None
