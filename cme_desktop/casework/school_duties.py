"""What the school itself must do again and again: write down that it was done."""

from __future__ import annotations

from datetime import date

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.rights import Right
from cme_desktop.storage.acts import act_details
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.standing_duties import note_duty_done


@needs(Right.WORK_ON_CASES)
def record_duty_done(office: Office, *, rule_id: str, done_on: date | None = None) -> Changes:
    """Write down that a duty of the school was done, today unless said; it falls due again in its own time."""
    day = done_on or office.today
    if day > office.today:
        raise BadInputError("This day is still to come.", remedy="Say it was done once it was.")
    with office.database.transaction() as db:
        note = note_duty_done(db, rule_id=rule_id, done_on=day, at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act="duty done", subject=f"rule:{rule_id}",
            details=act_details(pupils=(), duties=(note,)) | {"done_on": day.isoformat()},
        )  # fmt: skip
    return Changes(frozenset({Area.SCHOOL}))
