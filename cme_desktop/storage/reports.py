"""What reached the school from outside about a child, on roll or not. What is taken back is kept beside what stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, aliased

from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import EventId, PupilId, ReportId
from cme_desktop.domain.reports import ReportAnswer, ReportDecision, ReportKind, ReportSearch, ReportStep
from cme_desktop.storage.tables import OutsideReportRow, UserRow


@dataclass(frozen=True, slots=True)
class Searched:
    """One thing that was looked through, by whom and on which day."""

    what: ReportSearch
    on: date
    by: str


@dataclass(frozen=True, slots=True)
class OutsideReport:
    """A worry or a question as it stands. ``said`` holds what was said, by the names of the fields it was entered in.

    ``decision`` belongs to a worry, ``answer`` to a question.
    """

    id: ReportId
    kind: ReportKind
    pupil_id: PupilId | None
    event_id: EventId | None
    received_on: date
    received_at: time | None
    reply_due_on: date | None
    said: Mapping[str, str]
    made_at: datetime
    made_by_name: str
    searched: tuple[Searched, ...] = ()
    decision: ReportDecision | None = None
    reason: str = ""
    decided_at: datetime | None = None
    decided_by_name: str = ""
    answer: ReportAnswer | None = None
    replied_on: date | None = None
    reply: str = ""
    replied_by_name: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a decision, or an answer, is still to come."""
        return self.decision is None and self.replied_on is None

    @property
    def searches_left(self) -> tuple[ReportSearch, ...]:
        """What has not been looked through yet."""
        done = {each.what for each in self.searched}
        return tuple(each for each in ReportSearch if each not in done)


def add_report(
    db: Session,
    *,
    kind: ReportKind,
    received_on: date,
    received_at: time | None,
    said: Mapping[str, str],
    at: datetime,
    by: int | None,
    reply_due_on: date | None = None,
) -> ReportId:
    """Write down what somebody reports or asks."""
    row = {
        "kind": kind.value, "received_on": received_on,
        "received_at": received_at.isoformat("minutes") if received_at else None,
        "reply_due_on": reply_due_on, "details": {"said": dict(said)}, "made_at": at, "made_by": by,
    }  # fmt: skip
    return ReportId(db.scalars(insert(OutsideReportRow).values(row).returning(OutsideReportRow.id)).one())


def list_reports(db: Session) -> tuple[OutsideReport, ...]:
    """List every report that stands, in the order it came in."""
    return tuple(report for report in _load(db) if report is not None)


def load_report(db: Session, report_id: int) -> OutsideReport:
    """Read one report."""
    found = next((report for report in _load(db, report_id) if report is not None), None)
    if found is None:
        raise CmeError("This report is no longer there.", remedy="Read the list again with F5.")
    return found


def match_report(db: Session, report_id: int, *, pupil_id: PupilId, event_id: EventId) -> None:
    """Say which pupil a report is about, and which line of the history stands for it."""
    _set(db, report_id, pupil_id=pupil_id, event_id=event_id)


def add_searches(db: Session, report_id: int, searches: tuple[Searched, ...]) -> None:
    """Write down what was looked through; one act's searches are kept together."""
    details = _details(db, report_id)
    act = [{"what": each.what.value, "on": each.on.isoformat(), "by": each.by} for each in searches]
    _set(db, report_id, details={**details, "searches": [*details.get("searches", ()), act]})


def decide_report(
    db: Session, report_id: int, *, decision: ReportDecision, reason: str, facts: Mapping[str, str], at: datetime,
    by: int | None,
) -> None:  # fmt: skip
    """Write down what the safeguarding lead decided; ``facts`` such as the reference join what was said."""
    _join_said(db, report_id, facts)
    _set(db, report_id, decision=decision.value, reason=reason, decided_at=at, decided_by=by)


def reply_to_report(
    db: Session, report_id: int, *, answer: ReportAnswer, reply: str, facts: Mapping[str, str], on: date,
    by: int | None,
) -> None:  # fmt: skip
    """Write down what was answered; ``facts`` such as to whom join what was said."""
    _join_said(db, report_id, facts)
    _set(db, report_id, decision=answer.value, reply=reply, replied_on=on, replied_by=by)


def take_back_report_step(db: Session, report_id: int, step: ReportStep, *, at: datetime) -> None:
    """Take back what one act wrote; what stood there is kept beside the report, with when it was taken back."""
    row = db.execute(select(OutsideReportRow.__table__).where(OutsideReportRow.id == report_id)).mappings().one()
    details: dict[str, Any] = dict(row["details"])
    before: dict[str, Any] = {name: row[name] for name in _COLUMNS_OF[step] if row[name]}
    if step is ReportStep.ENTERED:
        details["struck_out_at"] = at.isoformat()
    if step is ReportStep.SEARCHED:
        *kept, last = details.get("searches", [[]])
        details["searches"], before["searches"] = kept, last
    kept_back = {"step": step.value, "at": at.isoformat(), **{name: _plain(value) for name, value in before.items()}}
    details["taken_back"] = [*details.get("taken_back", ()), kept_back]
    _set(db, report_id, details=details, **{name: _EMPTY.get(name) for name in _COLUMNS_OF[step]})


# -- private -----------------------------------------------------------------------------------------------------

_EMPTY = {"decision": "", "reason": "", "reply": ""}
_COLUMNS_OF = {
    ReportStep.ENTERED: (),
    ReportStep.SEARCHED: (),
    ReportStep.MATCHED: ("pupil_id", "event_id"),
    ReportStep.DECIDED: ("decision", "reason", "decided_at", "decided_by"),
    ReportStep.REPLIED: ("decision", "reply", "replied_on", "replied_by"),
}


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _details(db: Session, report_id: int) -> dict[str, Any]:
    return dict(db.scalars(select(OutsideReportRow.details).where(OutsideReportRow.id == report_id)).one())


def _join_said(db: Session, report_id: int, facts: Mapping[str, str]) -> None:
    details = _details(db, report_id)
    _set(db, report_id, details={**details, "said": {**details["said"], **facts}})


def _set(db: Session, report_id: int, **values: Any) -> None:
    db.execute(update(OutsideReportRow).where(OutsideReportRow.id == report_id).values(values))


def _load(db: Session, report_id: int | None = None) -> tuple[OutsideReport | None, ...]:
    made, decided, replied = aliased(UserRow), aliased(UserRow), aliased(UserRow)
    query = (
        select(OutsideReportRow, made.name, decided.name, replied.name)
        .outerjoin(made, made.id == OutsideReportRow.made_by)
        .outerjoin(decided, decided.id == OutsideReportRow.decided_by)
        .outerjoin(replied, replied.id == OutsideReportRow.replied_by)
        .order_by(OutsideReportRow.received_on, OutsideReportRow.id)
        .execution_options(populate_existing=True)
    )
    if report_id is not None:
        query = query.where(OutsideReportRow.id == report_id)
    return tuple(_report(row, *(name or "" for name in names)) for row, *names in db.execute(query))


def _report(row: OutsideReportRow, made_by: str, decided_by: str, replied_by: str) -> OutsideReport | None:
    if "struck_out_at" in row.details:
        return None
    kind = ReportKind(row.kind)
    worry, request = kind is ReportKind.WORRY, kind is ReportKind.REQUEST
    return OutsideReport(
        id=ReportId(row.id),
        kind=kind,
        pupil_id=None if row.pupil_id is None else PupilId(row.pupil_id),
        event_id=None if row.event_id is None else EventId(row.event_id),
        received_on=row.received_on,
        received_at=time.fromisoformat(row.received_at) if row.received_at else None,
        reply_due_on=row.reply_due_on,
        said=row.details["said"],
        made_at=row.made_at,
        made_by_name=made_by,
        searched=tuple(
            Searched(ReportSearch(each["what"]), date.fromisoformat(each["on"]), each["by"])
            for act in row.details.get("searches", ())
            for each in act
        ),
        decision=ReportDecision(row.decision) if worry and row.decision else None,
        reason=row.reason,
        decided_at=row.decided_at,
        decided_by_name=decided_by,
        answer=ReportAnswer(row.decision) if request and row.decision else None,
        replied_on=row.replied_on,
        reply=row.reply,
        replied_by_name=replied_by,
    )
