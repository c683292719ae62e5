"""Who read a protected record: written in the journal, once a day for each reader and child.

What counts is what the office would not have been shown: a protected circumstance, a flag's reason, the words of the
safeguarding lead, a worry. The day's lists are no such reading; opening one child's card, case, contacts, explanation,
worry or document is.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.permissions import open_to_all, sees_protection
from cme_desktop.casework.veil import keeps_back, veiled
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.journal import write_journal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.storage.events import WrittenEvent

READ: Final = "protected notes read"
_log = logging.getLogger(__name__)


@open_to_all
def note_reading(
    office: Office,
    shown: object,
    *,
    pupil_id: PupilId | None,
    where: str,
    lines: Iterable[WrittenEvent] = (),
    is_worry: bool = False,
) -> None:
    """Write down that whoever sits at the desk reads what others are not shown, if anything of that is in it.

    A full disk keeps nobody from reading about a child: then the log says that a reading was not written down.
    """
    key = (office.user.id, office.today, pupil_id)
    if not sees_protection(office) or key in office.readings:
        return
    if not is_worry and not _holds_more_than_others_see(office, shown, tuple(lines)):
        return
    try:
        with office.database.transaction() as db:
            write_journal(
                db, at=office.now(), by=office.user.id, act=READ,
                subject="a worry" if pupil_id is None else f"pupil {pupil_id}", details={"where": where},
            )  # fmt: skip
    except CmeError:
        _log.warning("That a protected record was read could not be written down")
        return
    office.readings.add(key)


def _holds_more_than_others_see(office: Office, shown: object, lines: tuple[WrittenEvent, ...]) -> bool:
    if veiled(shown) != shown:
        return True
    with office.database.reading() as db:
        return keeps_back(db, lines)
