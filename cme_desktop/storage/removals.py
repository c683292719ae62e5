"""Removals from the register, with the evidence brought for each and who signed for what stood in it then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import EventId, PupilId, RemovalId, UserId
from cme_desktop.domain.removals import RemovalState
from cme_desktop.policy.removal_evidence import Claim, Evidence, Proof
from cme_desktop.storage.tables import RemovalRow, RemovalSignatureRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class RemovalSignature:
    """Who signed, as what, when, and for which contents."""

    user_id: UserId
    name: str
    role: Role
    fingerprint: str
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRemoval:
    """A removal of the records. ``ended_at`` and what follows it are of the moment it was carried out or given up.

    For one that was undone they are of the undoing.
    """

    id: RemovalId
    pupil_id: PupilId
    ground: str
    day: date
    evidence: Evidence
    state: RemovalState
    proposed_event_id: EventId | None
    removed_event_id: EventId | None
    made_at: datetime
    made_by_name: str
    ended_at: datetime | None
    ended_by_name: str
    ended_reason: str
    signatures: tuple[RemovalSignature, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether it is still to be carried out or given up."""
        return self.state is RemovalState.PROPOSED


def add_removal(
    db: Session,
    *,
    pupil_id: int,
    ground: str,
    day: date,
    evidence: Evidence,
    proposed_event_id: int,
    at: datetime,
    by: int | None,
) -> RemovalId:
    """Enter a removal as proposed."""
    row = {
        "pupil_id": pupil_id, "ground": ground, "day": day, "evidence": evidence_as_json(evidence),
        "reason": evidence.reason, "state": RemovalState.PROPOSED.value, "proposed_event_id": proposed_event_id,
        "removed_event_id": None, "made_at": at, "made_by": by, "ended_at": None, "ended_by": None, "ended_reason": "",
    }  # fmt: skip
    return RemovalId(db.scalars(insert(RemovalRow).values(row).returning(RemovalRow.id)).one())


def change_contents(db: Session, removal_id: int, *, day: date, evidence: Evidence) -> None:
    """Write a removal's day and evidence anew."""
    values = {"day": day, "evidence": evidence_as_json(evidence), "reason": evidence.reason}
    db.execute(update(RemovalRow).where(RemovalRow.id == removal_id).values(values))


def end_removal(
    db: Session,
    removal_id: int,
    *,
    state: RemovalState,
    at: datetime,
    by: int | None,
    reason: str = "",
    removed_event_id: int | None = None,
) -> None:
    """Write down how a removal ended; an event named earlier stays named."""
    values: dict[str, Any] = {"state": state.value, "ended_at": at, "ended_by": by, "ended_reason": reason}
    if removed_event_id is not None:
        values["removed_event_id"] = removed_event_id
    db.execute(update(RemovalRow).where(RemovalRow.id == removal_id).values(values))


def add_signature(
    db: Session, *, removal_id: int, user_id: int, role: Role, fingerprint: str, signed_at: datetime
) -> None:
    """Keep a person's signature for what stands in a removal now."""
    row = {
        "removal_id": removal_id, "user_id": user_id, "role": role.value, "fingerprint": fingerprint,
        "signed_at": signed_at,
    }  # fmt: skip
    db.execute(insert(RemovalSignatureRow).values(row))


def load_removal(db: Session, removal_id: int) -> StoredRemoval:
    """Read one removal; refuse one that is not there."""
    found = _read(db, RemovalRow.id == removal_id)
    if not found:
        raise BadInputError("This removal is no longer there.", remedy="Read the list again with F5.")
    return found[0]


def list_removals(db: Session, *, ended_since: date) -> tuple[StoredRemoval, ...]:
    """List the removals that are open, and those that ended on or after a day, in the order they were proposed."""
    found = _read(db)
    return tuple(each for each in found if each.ended_at is None or each.ended_at.date() >= ended_since)


def find_open_removal(db: Session, pupil_id: int) -> StoredRemoval | None:
    """Find the removal of a pupil that is proposed and not ended; None where there is none."""
    return next((each for each in _read(db, RemovalRow.pupil_id == pupil_id) if each.is_open), None)


def evidence_as_json(evidence: Evidence) -> dict[str, Any]:
    """Write evidence as JSON holds it: a claim's word, then its proof. The reason has a column of its own."""
    return {claim.value: _proof_as_json(evidence.proofs[claim]) for claim in Claim if claim in evidence.proofs}


def evidence_from_json(held: Mapping[str, Any], *, reason: str) -> Evidence:
    """Read evidence back; a claim that the program no longer knows is left out."""
    known = {claim.value for claim in Claim}
    return Evidence({Claim(name): _proof_from(proof) for name, proof in held.items() if name in known}, reason)


def _proof_as_json(proof: Proof) -> dict[str, Any]:
    said: dict[str, Any] = {"what": proof.what, "by": proof.by, "on": proof.on.isoformat()}
    if proof.holds_from is not None:
        said["holds_from"] = proof.holds_from.isoformat()
    if proof.months is not None:
        said["months"] = proof.months
    return said


def _proof_from(said: Mapping[str, Any]) -> Proof:
    holds_from = said.get("holds_from")
    return Proof(
        said["what"],
        said["by"],
        date.fromisoformat(said["on"]),
        date.fromisoformat(holds_from) if holds_from else None,
        said.get("months"),
    )


def _read(db: Session, *where: Any) -> tuple[StoredRemoval, ...]:
    rows = db.scalars(select(RemovalRow).where(*where).order_by(RemovalRow.id)).all()
    names = {user: name for user, name in db.execute(select(UserRow.id, UserRow.name))}  # noqa: C416  rows are no pairs to the type checker
    signatures = _read_signatures(db, [row.id for row in rows], names)
    return tuple(_removal(row, names, tuple(signatures[row.id])) for row in rows)


def _read_signatures(
    db: Session, removals: list[int], names: Mapping[int, str]
) -> defaultdict[int, list[RemovalSignature]]:
    found: defaultdict[int, list[RemovalSignature]] = defaultdict(list)
    wanted = select(RemovalSignatureRow).where(RemovalSignatureRow.removal_id.in_(removals))
    for row in db.scalars(wanted.order_by(RemovalSignatureRow.id)):
        found[row.removal_id].append(
            RemovalSignature(UserId(row.user_id), names[row.user_id], Role(row.role), row.fingerprint, row.signed_at)
        )
    return found


def _removal(row: RemovalRow, names: Mapping[int, str], signatures: tuple[RemovalSignature, ...]) -> StoredRemoval:
    return StoredRemoval(
        id=RemovalId(row.id),
        pupil_id=PupilId(row.pupil_id),
        ground=row.ground,
        day=row.day,
        evidence=evidence_from_json(row.evidence, reason=row.reason),
        state=RemovalState(row.state),
        proposed_event_id=None if row.proposed_event_id is None else EventId(row.proposed_event_id),
        removed_event_id=None if row.removed_event_id is None else EventId(row.removed_event_id),
        made_at=row.made_at,
        made_by_name=names.get(row.made_by or 0, ""),
        ended_at=row.ended_at,
        ended_by_name=names.get(row.ended_by or 0, ""),
        ended_reason=row.ended_reason,
        signatures=signatures,
    )
