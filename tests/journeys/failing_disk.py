"""Work until the disk refuses, say what was refused, go on trying, and leave: a process of its own on a failing disk.

Run as ``python -m tests.journeys.failing_disk DATA``: each act that was shown as saved is said, and each refusal.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from cme_desktop.casework.backing_up import write_backup
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.casework.sitting_down import leave_desk, sit_down
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.paths import find_paths
from cme_desktop.storage.database import open_database
from tests.journeys.busy_morning import CLOCK, unlocked_by
from tests.office import KEY, MANAGER

ACTS: Final = 40
BACKUP_AT: Final = 20


def work(office: Office) -> None:
    """Write one note after another, and say how each ended; one backup between."""
    for turn in range(ACTS):
        try:
            record_note(office, pupils=(PupilId(turn % 12 + 1),), words=f"note {turn}")
            if turn == BACKUP_AT:
                write_backup(office, is_automatic=True)
        except CmeError as refused:
            print(f"refused: {refused.title}" if refused.remedy else "nothing to do about it", flush=True)
        else:
            print(turn, flush=True)


if __name__ == "__main__":
    paths = find_paths(Path(sys.argv[1]))
    morning = Office(open_database(paths.records, KEY), lambda: CLOCK, MANAGER, paths)
    sit_down(morning, unlocked_by(MANAGER.id))
    print("begun", flush=True)
    work(morning)
    leave_desk(morning)
    print("left", flush=True)
