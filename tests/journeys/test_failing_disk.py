"""The disk is pulled out, or full, while somebody works: it is told, and nothing that was shown as saved is lost."""

from __future__ import annotations

import errno
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from cme_desktop.storage.database import open_database
from cme_desktop.storage.journal_check import check_journal
from tests.journeys.failing_disk import ACTS
from tests.journeys.recorded_disk import record, why_not_here
from tests.office import KEY, an_office

pytestmark = pytest.mark.skipif(bool(why_not_here()), reason=why_not_here())

PULLED_OUT, FULL = errno.EIO, errno.ENOSPC
BACKUP = "The backup can't be written."
DISK_TROUBLE = "The disk did not do what was asked."
TOLD = {
    PULLED_OUT: {
        BACKUP, DISK_TROUBLE, "The records file can't be opened.", "The records can't be written.",
        "The records file is damaged, or its disk does not answer.",
    },
    FULL: {BACKUP, DISK_TROUBLE, "The disk is full."},
}  # fmt: skip


@pytest.mark.parametrize("error", [PULLED_OUT, FULL], ids=["pulled out", "full"])
@pytest.mark.parametrize("share", [0.0, 0.03, 0.3, 0.5, 0.55, 0.6, 0.9])
def test_a_disk_that_fails_is_told_each_time_and_what_was_saved_is_there(
    tmp_path: Path, error: int, share: float
) -> None:
    disk, left = tmp_path / "disk", tmp_path / "left"
    office = an_office(disk)
    office.database.close()
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    before = office.paths.records.read_bytes()
    arguments = ["-m", "tests.journeys.failing_disk", str(office.paths.data)]
    whole = record(disk, arguments)
    assert whole.status == 0, whole.err
    asked = [one for one in whole.requests if one.what not in ">cs" or one.what == "s"]
    begun = [one.what for one in whole.requests].index(">")
    for file in office.paths.data.rglob("*"):
        if file.is_file():
            file.unlink()
    office.paths.records.write_bytes(before)
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')

    failed = record(disk, arguments, lasts=begun + round(share * (len(asked) - begun)), error=error)

    assert failed.status == 0, failed.err
    lines = failed.said.splitlines()
    assert lines[0] == "begun"
    assert lines[-1] == "left"
    refused = {line.removeprefix("refused: ") for line in lines if line.startswith("refused: ")}
    assert refused <= TOLD[error]
    assert refused
    said = [int(line) for line in lines if line.isdigit()]
    assert len(said) < ACTS
    for request in failed.requests:
        failed.before.take(request)
    failed.before.cut(left, Random(round(share * 100)))
    for folder in (disk, left):  # what the system still knows, and what is left of it once the power goes
        database = open_database(folder / "data" / "records.cme", KEY)
        with database.reading() as db:
            words = set(db.scalars(text("SELECT words FROM pupil_event")))
            assert check_journal(db).ok
        database.close()
        assert [turn for turn in said if f"note {turn // 4}" not in words] == []
    if error == FULL:
        assert [kept for kept in disk.rglob("*.cmebackup*") if kept.suffix != ".cmebackup"] == []
