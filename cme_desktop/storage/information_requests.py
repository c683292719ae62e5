"""Requests to see what is held, and what was decided about each marked item of their packs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import ContactId, PupilId, RequestId
from cme_desktop.domain.information import About, Asker, Ending, Verdict
from cme_desktop.storage.tables import InformationRequestRow, PackDecisionRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class InformationRequest:
    """A request as it stands. ``identity_asked_on`` is set where proof was needed and asked for promptly."""

    id: RequestId
    pupil_id: PupilId | None
    contact_id: ContactId | None
    about: About
    asked_by: Asker
    asker: str
    words: str
    received_on: date
    identity: str
    identity_asked_on: date | None
    identity_on: date | None
    extended_on: date | None
    extended_months: int | None
    extended_why: str
    ending: Ending | None
    ended_on: date | None
    answer: str
    made_at: datetime
    made_by_name: str

    @property
    def is_open(self) -> bool:
        """Whether it still waits for its answer."""
        return self.ending is None


@dataclass(frozen=True, slots=True)
class PackDecision:
    """The word that stands on one item of a pack; ``blacked`` are the words that are blacked out."""

    item: str
    fingerprint: str
    verdict: Verdict
    blacked: tuple[str, ...]
    reason: str
    made_at: datetime
    made_by: int | None


def add_request(db: Session, facts: dict[str, Any], *, at: datetime, by: int | None) -> RequestId:
    """Write a request down; ``facts`` are its columns."""
    row = {**facts, "made_at": at, "made_by": by}
    made = insert(InformationRequestRow).values(row).returning(InformationRequestRow.id)
    return RequestId(db.scalars(made).one())


def change_request(db: Session, request_id: int, **columns: Any) -> None:
    """Write some columns of a request anew."""
    db.execute(update(InformationRequestRow).where(InformationRequestRow.id == request_id).values(columns))


def list_requests(db: Session) -> tuple[InformationRequest, ...]:
    """List every request, the newest first."""
    return _read(db)


def list_open_requests(db: Session) -> tuple[InformationRequest, ...]:
    """List the requests that wait for their answer, in the order they came in."""
    return tuple(reversed(_read(db, InformationRequestRow.ending == "")))


def load_request(db: Session, request_id: int) -> InformationRequest:
    """Read one request; refuse one that is not there."""
    found = _read(db, InformationRequestRow.id == request_id)
    if not found:
        raise BadInputError("This request is no longer there.", remedy="Close the window and open it again.")
    return found[0]


def add_decision(
    db: Session,
    request_id: int,
    *,
    item: str,
    fingerprint: str,
    verdict: Verdict,
    blacked: tuple[str, ...],
    reason: str,
    at: datetime,
    by: int | None,
) -> int:
    """Write down what was decided about one item."""
    row = {
        "request_id": request_id, "item": item, "fingerprint": fingerprint, "verdict": verdict.value,
        "blacked": list(blacked), "reason": reason, "made_at": at, "made_by": by,
    }  # fmt: skip
    return int(db.scalars(insert(PackDecisionRow).values(row).returning(PackDecisionRow.id)).one())


def load_decisions(db: Session, request_id: int) -> dict[str, PackDecision]:
    """Read the word that stands on each item, by the item's key."""
    query = select(PackDecisionRow).where(PackDecisionRow.request_id == request_id).order_by(PackDecisionRow.id)
    return {
        row.item: PackDecision(
            row.item, row.fingerprint, Verdict(row.verdict), tuple(row.blacked), row.reason, row.made_at, row.made_by
        )
        for row in db.scalars(query)
    }


def _read(db: Session, *where: Any) -> tuple[InformationRequest, ...]:
    query = (
        select(InformationRequestRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == InformationRequestRow.made_by)
        .where(*where)
        .order_by(InformationRequestRow.received_on.desc(), InformationRequestRow.id.desc())
        .execution_options(populate_existing=True)
    )
    return tuple(_request(row, name or "") for row, name in db.execute(query))


def _request(row: InformationRequestRow, made_by: str) -> InformationRequest:
    return InformationRequest(
        id=RequestId(row.id),
        pupil_id=None if row.pupil_id is None else PupilId(row.pupil_id),
        contact_id=None if row.contact_id is None else ContactId(row.contact_id),
        about=About(row.about),
        asked_by=Asker(row.asked_by),
        asker=row.asker,
        words=row.words,
        received_on=row.received_on,
        identity=row.identity,
        identity_asked_on=row.identity_asked_on,
        identity_on=row.identity_on,
        extended_on=row.extended_on,
        extended_months=row.extended_months,
        extended_why=row.extended_why,
        ending=Ending(row.ending) if row.ending else None,
        ended_on=row.ended_on,
        answer=row.answer,
        made_at=row.made_at,
        made_by_name=made_by,
    )
