"""What was given to whom, as somebody wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from cme_desktop.domain.identifiers import PupilId, SharingId
from cme_desktop.storage.tables import SharingRow, UserRow

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SharingFacts:
    """What was given, to whom, why and on which basis; ``basis`` names one of ``resources/sharing-bases.toml``."""

    what: str
    to_whom: str
    why: str
    basis: str
    given_on: date
    basis_words: str = ""
    pupil_id: PupilId | None = None


@dataclass(frozen=True, slots=True)
class WrittenSharing:
    """A line of the log with who wrote it and when; ``retracted_at`` is set where it was struck out."""

    id: SharingId
    facts: SharingFacts
    made_at: datetime
    made_by_name: str
    retracted_at: datetime | None
    retracted_why: str


def add_sharing(db: Session, facts: SharingFacts, *, at: datetime, by: int | None) -> SharingId:
    """Write a line into the log."""
    row = {name: getattr(facts, name) for name in SharingFacts.__dataclass_fields__} | {"made_at": at, "made_by": by}
    return SharingId(db.scalars(insert(SharingRow).values(row).returning(SharingRow.id)).one())


def strike_sharing(db: Session, sharing_id: int, *, why: str, at: datetime, by: int | None) -> None:
    """Strike a line out; it stays, with the reason."""
    standing = (SharingRow.id == sharing_id, SharingRow.retracted_at.is_(None))
    values = {"retracted_at": at, "retracted_by": by, "retracted_why": why}
    db.execute(update(SharingRow).where(*standing).values(values))


def list_sharing(db: Session) -> tuple[WrittenSharing, ...]:
    """List every line, the newest first, those struck out too."""
    query = (
        select(SharingRow, UserRow.name)
        .outerjoin(UserRow, UserRow.id == SharingRow.made_by)
        .order_by(SharingRow.given_on.desc(), SharingRow.id.desc())
        .execution_options(populate_existing=True)
    )
    return tuple(
        WrittenSharing(
            SharingId(row.id),
            SharingFacts(
                row.what, row.to_whom, row.why, row.basis, row.given_on, row.basis_words,
                None if row.pupil_id is None else PupilId(row.pupil_id),
            ),
            row.made_at,
            name or "",
            row.retracted_at,
            row.retracted_why,
        )
        for row, name in db.execute(query)
    )  # fmt: skip
