"""Disposal lists as they were drawn up and ended, and the stubs of what was disposed of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, insert, select, update

from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.identifiers import DisposalId
from cme_desktop.domain.keeping import DisposalState
from cme_desktop.policy.retention import RecordKind
from cme_desktop.storage.tables import DisposalRow, DisposedRecordRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class DisposalLine:
    """One record on a list. ``through`` is the last day on which an entry of it may have been made.

    ``made_from`` and ``made_until`` say when it was made, never when a child was born.
    """

    kind: RecordKind
    key: str
    pupil_id: int | None
    size: int
    years: int
    through: date
    made_from: date | None
    made_until: date | None
    kept_until: date | None
    why: str
    digest: str


@dataclass(frozen=True, slots=True)
class StoredDisposal:
    """A list; ``lines`` is empty once it was carried out: ``stubs`` then say what is gone."""

    id: DisposalId
    drawn_on: date
    drawn_at: datetime
    drawn_by_name: str
    state: DisposalState
    lines: tuple[DisposalLine, ...]
    fingerprint: str
    ended_at: datetime | None
    ended_by_name: str
    ended_role: str
    stubs: tuple[Stub, ...] = ()


@dataclass(frozen=True, slots=True)
class Stub:
    """What is left of a record that was disposed of: what kind, which period, when made, when gone, its digest."""

    kind: RecordKind
    years: int
    size: int
    made_from: date | None
    made_until: date | None
    kept_until: date | None
    disposed_at: datetime
    digest: str


def fingerprint_of(lines: Iterable[DisposalLine]) -> str:
    """Give the fingerprint of what is signed: another record, or another row in one, gives another one."""
    told = json.dumps([_as_json(line) for line in lines], ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(told.encode("ascii")).hexdigest()


def add_disposal(
    db: Session, *, on: date, lines: tuple[DisposalLine, ...], at: datetime, by: int | None
) -> DisposalId:  # fmt: skip
    """Keep a list as it was drawn up."""
    row = {
        "drawn_on": on, "drawn_at": at, "drawn_by": by, "state": DisposalState.DRAWN_UP.value,
        "lines": [_as_json(line) for line in lines], "fingerprint": fingerprint_of(lines), "ended_at": None,
        "ended_by": None, "ended_role": "",
    }  # fmt: skip
    return DisposalId(db.scalars(insert(DisposalRow).values(row).returning(DisposalRow.id)).one())


def end_disposal(
    db: Session, disposal_id: DisposalId, *, state: DisposalState, at: datetime, by: int | None, role: str
) -> None:
    """Write down how a list ended; its lines, which name records by number, go with it."""
    values: dict[str, Any] = {"state": state.value, "lines": [], "ended_at": at, "ended_by": by, "ended_role": role}
    db.execute(update(DisposalRow).where(DisposalRow.id == disposal_id).values(values))


def add_stub(db: Session, disposal_id: DisposalId, line: DisposalLine, *, at: datetime, by: int | None) -> None:
    """Leave a stub of a record: nothing of it says whose it was."""
    row = {
        "disposal_id": disposal_id, "kind": line.kind.value, "years": line.years, "size": line.size,
        "made_from": line.made_from, "made_until": line.made_until, "disposed_at": at, "signed_by": by,
        "kept_until": line.kept_until, "digest": line.digest,
    }  # fmt: skip
    db.execute(insert(DisposedRecordRow).values(row))


def load_disposal(db: Session, disposal_id: DisposalId) -> StoredDisposal:
    """Read one list; refuse one that is not there."""
    found = next((each for each in list_disposals(db) if each.id == disposal_id), None)
    if found is None:
        raise BadInputError("This list is no longer there.", remedy="Read the lists again.")
    return found


def list_disposals(db: Session) -> tuple[StoredDisposal, ...]:
    """List every list that was ever drawn up, the newest first."""
    names = {user: name for user, name in db.execute(select(UserRow.id, UserRow.name))}  # noqa: C416  rows are no pairs to the type checker
    stubs: dict[int, list[Stub]] = {}
    for stub in db.scalars(select(DisposedRecordRow).order_by(DisposedRecordRow.id)):
        stubs.setdefault(stub.disposal_id, []).append(_stub(stub))
    rows = db.scalars(select(DisposalRow).order_by(DisposalRow.id.desc()))
    return tuple(_disposal(row, names, tuple(stubs.get(row.id, ()))) for row in rows)


def find_disposed_through(db: Session) -> date | None:
    """The latest day on which an entry of the register was made that was disposed of; None where none ever was."""
    of_entries = DisposedRecordRow.kind == RecordKind.REGISTER_ENTRY.value
    return db.scalar(select(func.max(DisposedRecordRow.made_until)).where(of_entries))


def _disposal(row: DisposalRow, names: Mapping[int, str], stubs: tuple[Stub, ...]) -> StoredDisposal:
    return StoredDisposal(
        id=DisposalId(row.id),
        drawn_on=row.drawn_on,
        drawn_at=row.drawn_at,
        drawn_by_name=names.get(row.drawn_by or 0, ""),
        state=DisposalState(row.state),
        lines=tuple(_line(each) for each in row.lines),
        fingerprint=row.fingerprint,
        ended_at=row.ended_at,
        ended_by_name=names.get(row.ended_by or 0, ""),
        ended_role=row.ended_role,
        stubs=stubs,
    )


def _stub(row: DisposedRecordRow) -> Stub:
    return Stub(
        RecordKind(row.kind), row.years, row.size, row.made_from, row.made_until, row.kept_until, row.disposed_at,
        row.digest,
    )  # fmt: skip


def _as_json(line: DisposalLine) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(line).items()}


def _line(told: Mapping[str, Any]) -> DisposalLine:
    days = {name: _day(told[name]) for name in ("made_from", "made_until", "kept_until")}
    return DisposalLine(
        **{**told, **days, "kind": RecordKind(told["kind"]), "through": date.fromisoformat(told["through"])}
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
