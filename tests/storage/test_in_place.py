"""The folder of the records goes while they are open: it is told, and nothing is called saved that is not kept."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.storage.database import open_database
from cme_desktop.storage.in_place import RecordsGoneError
from tests.office import KEY, LUCJA

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="Windows lets nobody move or delete a file that is open"
)


def write(office: Office, words: str) -> None:
    record_note(office, pupils=(LUCJA,), words=words)


def write_while_the_folder_goes(office: Office) -> None:
    with office.database.transaction() as db:
        db.execute(text("UPDATE pupil SET notes = 'half' WHERE id = 1"))
        moved(office.paths.data)


def notes(office: Office) -> set[str]:
    with office.database.reading() as db:
        return set(db.scalars(text("SELECT words FROM pupil_event")))


def deleted(data: Path) -> None:
    shutil.rmtree(data)


def moved(data: Path) -> None:
    data.rename(data.with_name("elsewhere"))


def exchanged(data: Path) -> None:
    """Somebody copies an older folder over this one."""
    shutil.copytree(data, data.with_name("older"))
    data.rename(data.with_name("newer"))
    data.with_name("older").rename(data)


def without_its_log(data: Path) -> None:
    (data / "records.cme-wal").unlink()


@pytest.mark.parametrize("go", [deleted, moved, exchanged, without_its_log])
def test_what_can_not_be_kept_is_never_called_saved(office: Office, go: Callable[[Path], None]) -> None:
    write(office, "kept")

    go(office.paths.data)

    with pytest.raises(RecordsGoneError, match="no longer where") as told:
        write(office, "lost")
    assert "unlock" in told.value.remedy


def test_a_reader_is_told_too_and_a_folder_put_back_serves_again(office: Office) -> None:
    write(office, "kept")
    moved(office.paths.data)
    with pytest.raises(RecordsGoneError):
        notes(office)

    office.paths.data.with_name("elsewhere").rename(office.paths.data)

    write(office, "kept too")
    assert {"kept", "kept too"} <= notes(office)


def test_a_folder_that_goes_in_the_middle_of_a_step_is_noticed_at_its_end(office: Office) -> None:
    write(office, "kept")

    with pytest.raises(RecordsGoneError):
        write_while_the_folder_goes(office)


def test_a_folder_that_comes_and_goes_by_a_link_is_known_by_its_file(office: Office) -> None:
    """A network drive that is mapped anew, a folder behind a link: what counts is the file, not its name."""
    link = office.paths.data.with_name("link")
    link.symlink_to(office.paths.data)
    other = open_database(link / "records.cme", KEY)

    with other.transaction() as db:
        db.execute(text("UPDATE pupil SET notes = 'by the link' WHERE id = 1"))

    other.close()
    with office.database.reading() as db:
        assert db.scalar(text("SELECT notes FROM pupil WHERE id = 1")) == "by the link"
