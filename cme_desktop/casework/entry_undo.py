"""Taking back an act on a pupil's own columns, or an entry: what stood goes back, a child entered by mistake goes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.casework.stay_before import STAY, put_stay_back
from cme_desktop.domain.errors import RefusedError
from cme_desktop.storage.contacts import remove_contact
from cme_desktop.storage.entries import forget_pupil, is_written_about, set_days
from cme_desktop.storage.events import load_event

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from cme_desktop.storage.acts import Act


def put_back_entries(db: Session, act: Act) -> None:
    """Put back the days and the stay that the act wrote over, take off the contacts it added, forget whom it entered.

    Refused once more is written of a child who was entered.
    """
    for contact_id in act.contacts:
        remove_contact(db, contact_id)
    for pupil_id, column, was in act.columns:
        set_days(db, pupil_id, **{column: date.fromisoformat(was) if was else None})
    if act.columns:
        for event_id in act.events:
            written = load_event(db, event_id)
            if STAY in written.details:
                put_stay_back(db, written.pupil_id, written.details)
    for pupil_id in act.entered:
        if is_written_about(db, pupil_id):
            raise RefusedError(
                "This can’t be undone any more.",
                detail="Something has been written about the child since.",
                remedy="Say under Starting that the place is not taken up.",
            )
        forget_pupil(db, pupil_id)
