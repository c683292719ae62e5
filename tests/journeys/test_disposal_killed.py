"""The program is killed while records are disposed of: they are gone whole, or whole there, and the journal holds."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from cme_desktop.casework.keeping.disposal import draw_up_disposal
from cme_desktop.casework.keeping.looking import load_keeping
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.domain.keeping import DisposalState
from cme_desktop.paths import find_paths
from tests.casework.test_disposal import fill, look_at_everything
from tests.journeys.disposing import kill_once
from tests.keeping import a_school_with_old_records, sit


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paths = a_school_with_old_records(tmp_path_factory.mktemp("drawn"))
    office = sit(paths)
    fill(office)
    look_at_everything(office)
    draw_up_disposal(office)
    leave_desk(office)
    return paths.data


@pytest.mark.parametrize("after", [0.0, 0.15, 0.25, 0.3, 0.35, 0.4, 0.5, 5.0])
def test_a_killed_disposal_is_whole_or_not_there(tmp_path: Path, drawn: Path, after: float) -> None:
    shutil.copytree(drawn, tmp_path / "data")

    said = kill_once(tmp_path / "data", after=after)

    office = sit(find_paths(tmp_path / "data"))
    (list_,) = load_keeping(office).disposals
    with office.database.reading() as db:
        pupils = db.execute(text("SELECT count(*) FROM pupil")).scalar_one()
        old = db.execute(text("SELECT count(*) FROM mark WHERE session_no < 16000")).scalar_one()
        stubs = db.execute(text("SELECT count(*) FROM disposed_record")).scalar_one()
    is_done = list_.state is DisposalState.CARRIED_OUT
    assert (pupils == 1, old == 10, stubs > 0) == (is_done, is_done, is_done), (pupils, old, stubs)
    assert is_done or not said
    assert examine_records(office).ok
    leave_desk(office)
