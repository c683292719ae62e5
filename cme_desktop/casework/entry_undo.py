"""Taking back an act on a pupil's own columns, or an entry: the days go back, and a child entered by mistake goes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.domain.errors import RefusedError
from cme_desktop.storage.entries import forget_pupil, is_written_about, set_days

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.storage.acts import Act


def put_back_entries(db: Session, act: Act) -> None:
    """Put the days back that the act altered, and forget whom it entered; refused once more is written of the child."""
    for pupil_id, column, was in act.columns:
        set_days(db, pupil_id, **{column: date.fromisoformat(was) if was else None})
    for pupil_id in act.entered:
        if is_written_about(db, pupil_id):
            raise RefusedError(
                "This can’t be undone any more.",
                detail="Something has been written about the child since.",
                remedy="Say under Starting that the place is not taken up.",
            )
        forget_pupil(db, pupil_id)
