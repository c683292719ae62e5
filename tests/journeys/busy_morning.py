"""A busy morning in a process of its own, to be killed: each act that was shown as saved is said on standard output.

Run as ``python -m tests.journeys.busy_morning RECORDS``; it never ends by itself.
"""

from __future__ import annotations

import itertools
import sys
from datetime import UTC, datetime
from pathlib import Path

from cme_desktop.casework.cases import open_case
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_class_check, record_contact_attempt, record_note
from cme_desktop.casework.register import set_mark
from cme_desktop.casework.sitting_down import sit_down
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.domain.events import AttemptOutcome
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.paths import find_paths
from cme_desktop.storage.contacts import list_contacts
from cme_desktop.storage.database import open_database
from cme_desktop.storage.key_file import KdfCost, KeySlot, SlotKind
from cme_desktop.storage.own_keys import make_own_keys
from cme_desktop.storage.vault import Unlocked
from tests.office import KEY, MANAGER, TODAY

CLOCK = datetime(2026, 11, 10, 9, 40, tzinfo=UTC)
CODES = (AttendanceCode.ILLNESS, AttendanceCode.PRESENT_AM, AttendanceCode.NO_REASON_YET)
OUTCOMES = (AttemptOutcome.NO_ANSWER, AttemptOutcome.LEFT_MESSAGE, AttemptOutcome.ANSWERED_NO_REASON)
PUPILS = tuple(PupilId(number) for number in range(1, 13))


def unlocked_by(user_id: int) -> Unlocked:
    """What a password would have opened: keys of one's own, to sign and seal with."""
    own = make_own_keys()
    slot = KeySlot(SlotKind.PASSWORD, user_id, "", KdfCost(), b"", b"", b"", public=own.public, verify=own.verify)
    return Unlocked(KEY, slot, is_settled=True, own=own)


def work(office: Office) -> None:
    """Do one act after another, and say each only when its use case has returned."""
    for turn in itertools.count():
        pupil = PUPILS[turn % len(PUPILS)]
        match turn % 4:
            case 0:
                record_note(office, pupils=(pupil,), words=f"note {turn}")
            case 1:
                _ring(office, pupil, turn)
            case 2:
                record_class_check(office, pupils=(pupil,))
            case _:
                session = SchoolSession(TODAY, Half.AM)
                set_mark(office, pupil_id=pupil, session=session, code=CODES[turn // 12 % 3], reason=f"turn {turn}")
        if turn < len(PUPILS):
            open_case(office, pupil_id=pupil, why=f"case {turn}")
        print(turn, flush=True)


def _ring(office: Office, pupil: PupilId, turn: int) -> None:
    with office.database.reading() as db:
        contact = next((one for one in list_contacts(db, pupil) if not one.do_not_contact), None)
    record_contact_attempt(
        office,
        pupils=(pupil,),
        contact_id=contact.id if contact else None,
        with_=None if contact else "other_contact",  # type: ignore[arg-type]
        outcome=OUTCOMES[turn // 4 % 3],
        words=f"note {turn}",
    )


if __name__ == "__main__":
    paths = find_paths(Path(sys.argv[1]))
    morning = Office(open_database(paths.records, KEY), lambda: CLOCK, MANAGER, paths)
    sit_down(morning, unlocked_by(MANAGER.id))
    work(morning)
