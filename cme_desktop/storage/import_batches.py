"""Acts of bringing in data: a file, an hour of typing, a made-up school."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import insert
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
