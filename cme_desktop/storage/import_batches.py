"""Acts of bringing in data: a file, an hour of typing, a made-up school."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from cme_desktop.domain.identifiers import ImportId
from cme_desktop.storage.tables import ImportBatchRow


def add_batch(
    db: Session,
    *,
    kind: str,
    source: str,
    at: datetime,
    by: int | None,
    sha256: str = "",
    counts: Mapping[str, int] | None = None,
) -> ImportId:
    """Write down that data came in, and give the number that its marks will carry."""
    row = {
        "kind": kind, "source": source, "sha256": sha256, "counts": dict(counts or {}), "made_at": at, "made_by": by,
    }  # fmt: skip
    return ImportId(db.scalars(insert(ImportBatchRow).values(row).returning(ImportBatchRow.id)).one())


def find_last_batch_of_marks(db: Session) -> datetime | None:
    """Say when marks last came in, by a file or by hand; None where they never did."""
    of_marks = ImportBatchRow.kind.in_(("marks", "typed", "made_up"))
    return db.scalar(select(func.max(ImportBatchRow.made_at)).where(of_marks, ImportBatchRow.undone_at.is_(None)))
