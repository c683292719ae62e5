"""Papers kept as evidence: letters, forms, tickets; inside the encrypted records, each with its hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from cme_desktop.domain.identifiers import PaperId, PupilId
from cme_desktop.storage.tables import PaperRow, UserRow


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper without its bytes. ``about`` says what it belongs to; ``kind`` is the media type of its file."""

    id: PaperId
    pupil_id: PupilId | None
    about: str
    title: str
    kind: str
    size: int
    sha256: str
    added_at: datetime
    added_by_name: str
    retracted_at: datetime | None


def add_paper(
    db: Session,
    *,
    pupil_id: int | None,
    about: str,
    title: str,
    kind: str,
    content: bytes,
    at: datetime,
    by: int | None,
    report_id: int | None = None,
) -> PaperId:
    """Keep a paper."""
    row = {
        "pupil_id": pupil_id, "report_id": report_id, "about": about, "title": title, "kind": kind,
        "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), "content": content,
        "added_at": at, "added_by": by, "retracted_at": None, "retracted_by": None,
    }  # fmt: skip
    return PaperId(db.scalars(insert(PaperRow).values(row).returning(PaperRow.id)).one())


def list_papers(db: Session, *, pupil_id: int, about: Iterable[str]) -> tuple[Paper, ...]:
    """List a pupil's papers that belong to any of these, as they were added, struck-out ones too."""
    wanted = _papers().where(PaperRow.pupil_id == pupil_id, PaperRow.about.in_(tuple(about)))
    return _read(db, wanted)


def list_papers_of_report(db: Session, report_id: int) -> tuple[Paper, ...]:
    """List the papers that came with a report."""
    return _read(db, _papers().where(PaperRow.report_id == report_id))


def load_paper(db: Session, paper_id: int) -> Paper:
    """Read one paper without its bytes."""
    return _read(db, _papers().where(PaperRow.id == paper_id))[0]


def load_paper_content(db: Session, paper_id: int) -> bytes:
    """Read the bytes of a paper."""
    return db.scalars(select(PaperRow.content).where(PaperRow.id == paper_id)).one()


def retract_paper(db: Session, paper_id: int, *, at: datetime, by: int | None) -> None:
    """Strike a paper out; it stays."""
    standing = (PaperRow.id == paper_id, PaperRow.retracted_at.is_(None))
    db.execute(update(PaperRow).where(*standing).values(retracted_at=at, retracted_by=by))


def _papers() -> Select[PaperRow, str]:
    return select(PaperRow, UserRow.name).outerjoin(UserRow, UserRow.id == PaperRow.added_by).order_by(PaperRow.id)


def _read(db: Session, query: Select[PaperRow, str]) -> tuple[Paper, ...]:
    return tuple(_paper(row, name or "") for row, name in db.execute(query))


def _paper(row: PaperRow, added_by_name: str) -> Paper:
    return Paper(
        id=PaperId(row.id),
        pupil_id=None if row.pupil_id is None else PupilId(row.pupil_id),
        about=row.about,
        title=row.title,
        kind=row.kind,
        size=row.size,
        sha256=row.sha256,
        added_at=row.added_at,
        added_by_name=added_by_name,
        retracted_at=row.retracted_at,
    )
