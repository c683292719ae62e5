"""Flags as they were raised, and the head's word on them.

A flag is closed with a reason, never deleted. A dismissed one keeps its row; when it returns, a new row is added.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, update

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.calendar import DayKind, Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import FlagId, PupilId, UserId
from cme_desktop.policy.rule import Act, Authority, Duty, Finding, Flag, ParameterUsed, Reference, Severity
from cme_desktop.storage.tables import FlagReviewRow, FlagRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session


class FlagState(StrEnum):
    """Where a flag stands."""

    STANDING = "standing"
    SETTLED = "settled"
    DISMISSED = "dismissed"


class Verdict(StrEnum):
    """The head's word on a flag."""

    AGREE = "agree"
    CHANGE = "change"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True)
class StoredFlag:
    """A flag with its row: when it was first seen, where it stands, and why it was closed."""

    id: FlagId
    key: str
    flag: Flag
    state: FlagState
    first_seen_at: datetime
    closed_at: datetime | None
    closed_by: UserId | None
    closed_reason: str


@dataclass(frozen=True, slots=True)
class FlagReview:
    """One word of the head on a flag; ``until`` is the day a changed step is due or a dismissal ends."""

    id: int
    flag_id: FlagId
    flag_key: str
    pupil_id: PupilId | None
    verdict: Verdict
    reason: str
    next_step: str
    until: date | None
    made_at: datetime
    made_by_name: str


@dataclass(frozen=True, slots=True)
class ReturnedFlag:
    """A flag that was dismissed and stands again: the word that dismissed it, and when it was back."""

    review: FlagReview
    back_at: datetime


def key_of(flag: Flag) -> str:
    """Say what makes a flag the same flag another day: its rule, its pupil, the day its trigger was first true.

    A flag whose trigger has no such day, such as a missing contact, is the same as long as it stands.
    """
    whose = "school" if flag.pupil_id is None else str(flag.pupil_id)
    since = flag.finding.since
    return f"{flag.rule_id}|{whose}|{since.isoformat() if since else 'standing'}"


def facts_of(flag: Flag) -> tuple[object, ...]:
    """Say the facts a dismissal rests on: when any of them changes, the flag returns."""
    finding = flag.finding
    return (flag.severity, finding.counted, finding.ask, finding.progress, flag.policy_version)


# -- reading -----------------------------------------------------------------------------------------------------


def list_latest_flags(db: Session, *, pupils: Iterable[PupilId] | None = None) -> dict[str, StoredFlag]:
    """Read the flags that stand or were dismissed, the latest of each key; of some pupils, or of the school."""
    wanted = select(FlagRow).where(FlagRow.state != FlagState.SETTLED.value).order_by(FlagRow.id)
    if pupils is not None:
        wanted = wanted.where(FlagRow.pupil_id.in_(tuple(pupils)))
    return {row.key: _flag_of(row) for row in db.scalars(wanted)}


def list_flags(db: Session, *, pupil_id: PupilId) -> tuple[StoredFlag, ...]:
    """List every flag ever raised of a pupil, in the order they were raised."""
    wanted = select(FlagRow).where(FlagRow.pupil_id == pupil_id).order_by(FlagRow.raised_on, FlagRow.id)
    return tuple(_flag_of(row) for row in db.scalars(wanted))


def list_reviews(db: Session, *, pupil_id: PupilId) -> tuple[FlagReview, ...]:
    """List what the head decided of a pupil's flags and has not taken back, the oldest first."""
    return _reviews(db, FlagRow.pupil_id == pupil_id)


def list_standing_reviews(db: Session) -> tuple[FlagReview, ...]:
    """List what the head decided on flags that stand or were dismissed, the oldest first.

    Of a flag that was dismissed and is back only the word on its return counts.
    """
    latest = select(func.max(FlagRow.id)).where(FlagRow.state != FlagState.SETTLED.value).group_by(FlagRow.key)
    return _reviews(db, FlagRow.id.in_(latest))


def list_returned_flags(db: Session) -> dict[str, ReturnedFlag]:
    """Read of each flag that stands again after it was dismissed, by its key, the last dismissal."""
    back = select(FlagRow.key, FlagRow.first_seen_at).where(FlagRow.state == FlagState.STANDING.value)
    back_at: dict[str, datetime] = {row.key: row.first_seen_at for row in db.execute(back.order_by(FlagRow.id))}
    dismissals = _reviews(db, FlagRow.state == FlagState.DISMISSED.value)
    return {
        review.flag_key: ReturnedFlag(review, back_at[review.flag_key])
        for review in dismissals
        if review.verdict is Verdict.DISMISS and review.flag_key in back_at
    }


def _reviews(db: Session, which: ColumnElement[bool]) -> tuple[FlagReview, ...]:
    wanted = (
        select(FlagReviewRow, FlagRow.key, FlagRow.pupil_id, UserRow.name)
        .join(FlagRow, FlagRow.id == FlagReviewRow.flag_id)
        .outerjoin(UserRow, UserRow.id == FlagReviewRow.made_by)
        .where(FlagReviewRow.retracted_at.is_(None), which)
        .order_by(FlagReviewRow.id)
    )
    return tuple(_review_of(row, key, pupil, name) for row, key, pupil, name in db.execute(wanted))


# -- writing -----------------------------------------------------------------------------------------------------


def add_flags(db: Session, flags: Iterable[Flag], *, at: datetime) -> int:
    """Add a row for each flag, standing, and say how many."""
    rows = [_row_of(flag, at) for flag in flags]
    if rows:
        db.execute(insert(FlagRow), rows)
    return len(rows)


def add_flag(db: Session, flag: Flag, *, at: datetime) -> FlagId:
    """Add one flag, standing."""
    row = FlagRow(**_row_of(flag, at))
    db.add(row)
    db.flush()
    return FlagId(row.id)


def close_flag(db: Session, flag_id: FlagId, *, state: FlagState, reason: str, at: datetime, by: UserId | None) -> None:
    """Close a flag with its reason; the row stays."""
    closed = {"state": state.value, "closed_at": at, "closed_by": by, "closed_reason": reason}
    db.execute(update(FlagRow).where(FlagRow.id == flag_id).values(closed))


def reopen_flag(db: Session, flag_id: FlagId) -> None:
    """Let a flag stand again whose closing was taken back."""
    open_again = {"state": FlagState.STANDING.value, "closed_at": None, "closed_by": None, "closed_reason": ""}
    db.execute(update(FlagRow).where(FlagRow.id == flag_id).values(open_again))


def add_review(
    db: Session,
    *,
    flag_id: FlagId,
    verdict: Verdict,
    reason: str,
    next_step: str,
    until: date | None,
    at: datetime,
    by: UserId,
) -> int:
    """Add the head's word on a flag."""
    row = FlagReviewRow(
        flag_id=flag_id, verdict=verdict.value, reason=reason, next_step=next_step, until_day=until, made_at=at,
        made_by=by,
    )  # fmt: skip
    db.add(row)
    db.flush()
    return row.id


def retract_review(db: Session, review_id: int, *, at: datetime) -> FlagId:
    """Strike out one word of the head, and say on which flag it was."""
    row = db.get_one(FlagReviewRow, review_id)
    row.retracted_at = at
    return FlagId(row.flag_id)


# -- a flag as JSON, and back ------------------------------------------------------------------------------------

SNAPSHOT_VERSION: Final = 1


def flag_to_json(flag: Flag) -> dict[str, Any]:
    """Put a whole flag into JSON, so that it can be read as it was raised years later."""
    return {
        "version": SNAPSHOT_VERSION,
        "rule_id": flag.rule_id,
        "title": flag.title,
        "authority": flag.authority.value,
        "severity": flag.severity.word,
        "pupil_id": flag.pupil_id,
        "finding": _finding_to_json(flag.finding),
        "duty": {
            "act": flag.duty.act.value,
            "what": flag.duty.what,
            "by": flag.duty.by.value,
            "recipient": flag.duty.recipient,
        },
        "references": [
            {"policy_id": ref.policy_id, "clause": ref.clause, "title": ref.title, "url": ref.url}
            for ref in flag.references
        ],
        "due": None if flag.due is None else [flag.due.on.isoformat(), flag.due.by and flag.due.by.isoformat()],
        "overdue": flag.overdue,
        "settled_by": flag.settled_by,
        "raised_on": flag.raised_on.isoformat(),
        "policy_version": flag.policy_version,
    }


def flag_from_json(snapshot: dict[str, Any]) -> Flag:
    """Read a flag as ``flag_to_json`` wrote it."""
    duty = snapshot["duty"]
    return Flag(
        rule_id=snapshot["rule_id"],
        title=snapshot["title"],
        authority=Authority(snapshot["authority"]),
        severity=Severity[snapshot["severity"].upper()],
        pupil_id=None if snapshot["pupil_id"] is None else PupilId(snapshot["pupil_id"]),
        finding=_finding_from_json(snapshot["finding"]),
        duty=Duty(Act(duty["act"]), duty["what"], Role(duty["by"]), duty["recipient"]),
        references=tuple(Reference(**reference) for reference in snapshot["references"]),
        due=_deadline_from_json(snapshot["due"]),
        overdue=snapshot["overdue"],
        settled_by=snapshot["settled_by"],
        raised_on=date.fromisoformat(snapshot["raised_on"]),
        policy_version=snapshot["policy_version"],
    )


def _finding_to_json(finding: Finding) -> dict[str, Any]:
    return {
        "sentence": finding.sentence,
        "counted": [_session_to_json(session) for session in finding.counted],
        "skipped": [[day.isoformat(), why] for day, why in finding.skipped],
        "progress": finding.progress,
        "parameters": [
            {
                "name": parameter.name,
                "value": parameter.value,
                "unit": parameter.unit.value if isinstance(parameter.unit, DayKind) else parameter.unit,
                "source": parameter.source,
                "since": parameter.since and parameter.since.isoformat(),
            }
            for parameter in finding.parameters
        ],
        "ask": [_session_to_json(session) for session in finding.ask],
        "since": finding.since and finding.since.isoformat(),
    }


def _finding_from_json(found: dict[str, Any]) -> Finding:
    return Finding(
        sentence=found["sentence"],
        counted=tuple(_session_from_json(text) for text in found["counted"]),
        skipped=tuple((date.fromisoformat(day), why) for day, why in found["skipped"]),
        progress=found["progress"],
        parameters=tuple(_parameter_from_json(parameter) for parameter in found["parameters"]),
        ask=tuple(_session_from_json(text) for text in found["ask"]),
        since=_day_from_json(found["since"]),
    )


def _parameter_from_json(used: dict[str, Any]) -> ParameterUsed:
    unit = next((kind for kind in DayKind if kind.value == used["unit"]), used["unit"])
    return ParameterUsed(used["name"], used["value"], unit, used["source"], _day_from_json(used["since"]))


def _session_to_json(session: SchoolSession) -> str:
    return f"{session.on.isoformat()} {session.half.value}"


def _session_from_json(text: str) -> SchoolSession:
    day, half = text.split()
    return SchoolSession(date.fromisoformat(day), Half(half))


def _deadline_from_json(due: list[str | None] | None) -> Deadline | None:
    if due is None or due[0] is None:
        return None
    return Deadline(date.fromisoformat(due[0]), time.fromisoformat(due[1]) if due[1] else None)


def _day_from_json(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


# -- rows to values ----------------------------------------------------------------------------------------------


def _row_of(flag: Flag, at: datetime) -> dict[str, Any]:
    return {
        "key": key_of(flag),
        "rule_id": flag.rule_id,
        "policy_version": flag.policy_version,
        "pupil_id": flag.pupil_id,
        "severity": flag.severity.word,
        "sentence": flag.finding.sentence,
        "snapshot": flag_to_json(flag),
        "raised_on": flag.raised_on,
        "first_seen_at": at,
        "state": FlagState.STANDING.value,
    }


def _flag_of(row: FlagRow) -> StoredFlag:
    return StoredFlag(
        id=FlagId(row.id),
        key=row.key,
        flag=flag_from_json(row.snapshot),
        state=FlagState(row.state),
        first_seen_at=row.first_seen_at,
        closed_at=row.closed_at,
        closed_by=None if row.closed_by is None else UserId(row.closed_by),
        closed_reason=row.closed_reason,
    )


def _review_of(row: FlagReviewRow, key: str, pupil_id: int | None, name: str | None) -> FlagReview:
    return FlagReview(
        id=row.id,
        flag_id=FlagId(row.flag_id),
        flag_key=key,
        pupil_id=None if pupil_id is None else PupilId(pupil_id),
        verdict=Verdict(row.verdict),
        reason=row.reason,
        next_step=row.next_step,
        until=row.until_day,
        made_at=row.made_at,
        made_by_name=name or "",
    )
