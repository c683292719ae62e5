"""After a disposal nothing of what went stays in the file: not in free pages, in the log, or in an upgrade's copy.

The rows are gone with the disposal itself. That the file is still to be swept stands in the records: where the power
was cut, the disk was full or another copy of the program was reading, the next opening does it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.casework.permissions import open_to_all
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.schema import forget_copies_before_upgrades
from cme_desktop.storage.settings import load_setting, set_setting
from cme_desktop.storage.sqlite_errors import in_the_offices_words

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from cme_desktop.casework.office import Office

_SWEEP: Final = "records.sweep"
_DUE, _DONE = "due", "done"


def ask_for_sweep(db: Session, *, at: datetime, by: int) -> None:
    """Note that the file is to be swept: ``finish_sweep`` does it, now or at the next opening."""
    set_setting(db, _SWEEP, _DUE, at=at, by=by)


@open_to_all
def finish_sweep(office: Office) -> bool:
    """Sweep the file where that is due; False where it could not be done now."""
    with office.database.reading() as db:
        is_due = load_setting(db, _SWEEP, on=None, default="") == _DUE
    if not is_due:
        return True
    forget_copies_before_upgrades(office.database.path)
    with in_the_offices_words():
        is_swept = office.database.sweep()
    if is_swept:
        with office.database.transaction() as db:
            set_setting(db, _SWEEP, _DONE, at=office.now(), by=office.user.id)
            write_journal(
                db, at=office.now(), by=office.user.id, act="records_swept", subject="records", details={}
            )  # fmt: skip
    return is_swept
