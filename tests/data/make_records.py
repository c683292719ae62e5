"""Writes the records of a released schema beside it, once for each: ``python -m tests.data.make_records``.

They are those of ``tests.office``, with a duty of the school done, one taken back, and a note, signed with the keys in
the key file beside. A file that is there already is never written again: it is what that release wrote.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from cme_desktop.casework.opening import open_office
from cme_desktop.casework.outcomes import record_note, undo_last
from cme_desktop.casework.school_duties import record_duty_done
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.storage import vault
from cme_desktop.storage.key_file import KdfCost, KeyFile, write_key_file
from cme_desktop.storage.schema import SCHEMA_VERSION
from tests.office import KEY, LUCJA, MANAGER, NOW, PASSWORD, an_office

HERE: Final = Path(__file__).parent


def main() -> None:
    """Make them, unless this version's are there."""
    records, keys = HERE / f"records-{SCHEMA_VERSION}.cme", HERE / f"keys-{SCHEMA_VERSION}.json"
    if records.exists():
        raise SystemExit(f"{records.name} is there already")
    with tempfile.TemporaryDirectory() as folder:
        made = an_office(Path(folder))
        made.database.close()
        write_key_file(made.paths.keys, KeyFile(f"made for tests {SCHEMA_VERSION}", ()))
        vault.add_slot(
            made.paths.keys, key=KEY, user_id=MANAGER.id, name=MANAGER.name, password=PASSWORD, cost=KdfCost(64, 1, 1)
        )
        office = open_office(made.paths, user_id=MANAGER.id, password=PASSWORD, now=lambda: NOW)
        record_duty_done(office, rule_id="aspire-academy.review", done_on=date(2026, 9, 3))
        record_duty_done(office, rule_id="randal-cremer.inclusion-meeting", done_on=date(2026, 11, 9))
        undo_last(office)
        record_note(office, pupils=(LUCJA,), words=f"written by release {SCHEMA_VERSION}")
        leave_desk(office)
        shutil.copy(made.paths.records, records)
        shutil.copy(made.paths.keys, keys)


if __name__ == "__main__":
    main()
