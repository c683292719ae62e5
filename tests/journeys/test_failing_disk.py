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

PULLED_OUT, FULL, READ_ONLY = errno.EIO, errno.ENOSPC, errno.EROFS
BACKUP = "The backup can't be written."
TROUBLE = "The disk did not do what was asked."
UNOPENED = "The records file can't be opened."
UNWRITABLE = "The records can't be written."
DAMAGED = "The records file is damaged, or its disk does not answer."
TOLD = {
    PULLED_OUT: {BACKUP, TROUBLE, UNOPENED, UNWRITABLE, DAMAGED},
    FULL: {BACKUP, TROUBLE, "The disk is full."},
    READ_ONLY: {BACKUP, TROUBLE, UNOPENED, UNWRITABLE},
}
NO_KEYS = '{"format": 2, "database": "x", "slots": []}'


def a_disk(folder: Path) -> tuple[Path, list[str]]:
    """Records on a disk of their own, and how to work on them."""
    office = an_office(folder / "disk")
    office.database.close()
    office.paths.keys.write_text(NO_KEYS)
    return folder / "disk", ["-m", "tests.journeys.failing_disk", str(office.paths.data)]


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, int]:
    """How many things were asked of the disk when the work began, and when it ended."""
    whole = record(*a_disk(tmp_path_factory.mktemp("whole")))
    assert whole.status == 0, whole.err
    counted = [one.what for one in whole.requests if one.what not in {"c", "o"}]
    return counted.index(">"), len(counted) - counted.count(">")


@pytest.mark.parametrize("error", [PULLED_OUT, FULL, READ_ONLY], ids=["pulled out", "full", "read-only"])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.55, 0.7, 0.9])
def test_a_disk_that_fails_is_told_each_time_and_what_was_saved_is_there(
    tmp_path: Path, requests: tuple[int, int], error: int, share: float
) -> None:
    begun, ended = requests
    disk, work = a_disk(tmp_path)
    left = tmp_path / "left"

    failed = record(disk, work, lasts=begun + round(share * (ended - begun)), error=error)

    assert failed.status == 0, failed.err
    first, *lines, last = failed.said.splitlines()
    assert (first, last) == ("begun", "left")
    refused = {line.removeprefix("refused: ") for line in lines if not line.isdigit()}
    said = [int(line) for line in lines if line.isdigit()]
    assert refused
    assert refused <= TOLD[error]
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
        assert [turn for turn in said if f"note {turn}" not in words] == []
    if error == FULL:
        assert [kept for kept in disk.rglob("*.cmebackup*") if kept.suffix != ".cmebackup"] == []
