"""Yesterday's backup brought back from the unlock window: seen, looked into, put in place, and nothing lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.backup_places import add_place
from cme_desktop.casework.copies import list_copies
from cme_desktop.casework.opening import change_own_password, open_office
from cme_desktop.casework.restoring import list_people_in, look_into
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.domain.errors import BadInputError, CmeError
from cme_desktop.paths import Paths
from cme_desktop.storage.users import list_users
from cme_desktop.storage.vault import WrongPasswordError
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.restore_dialog import RestoreDialog
from cme_desktop.ui.style.theme import Theme
from tests.casework.test_opening import ME, PASSWORD, paths, template
from tests.office import add_pupil
from tests.ui.accessibility import nameless_controls

__all__ = ["paths", "template"]  # fixtures

YESTERDAY = datetime(2026, 11, 9, 15, 30, tzinfo=UTC)
TODAY = datetime(2026, 11, 10, 9, 40, tzinfo=UTC)
LATER = "four odd words now"


@pytest.fixture
def stick(paths: Paths, tmp_path: Path) -> Path:
    """Yesterday a pupil and a backup; today another pupil, and another password."""
    folder = tmp_path / "stick"
    folder.mkdir()
    office = open_office(paths, user_id=ME, password=PASSWORD, now=lambda: YESTERDAY)
    add_pupil(office)
    add_place(office, folder)
    make_backup(office, to=folder)
    make_backup(office)
    leave_desk(office)
    office = open_office(paths, user_id=ME, password=PASSWORD, now=lambda: TODAY)
    add_pupil(office, forename="Jo")
    change_own_password(office, old=PASSWORD, new=LATER)
    leave_desk(office)
    return folder


@pytest.fixture
def dialog(paths: Paths, stick: Path, qtbot: QtBot) -> Iterator[RestoreDialog]:
    made = RestoreDialog(Theme(paths.resources), paths, ImmediateErrand(), now=lambda: TODAY)
    qtbot.addWidget(made)
    yield made
    assert stick.exists()


def pupils_in(paths: Paths, password: str) -> int:
    office = open_office(paths, user_id=ME, password=password, now=lambda: TODAY)
    try:
        with office.database.reading() as db:
            assert list_users(db)
            return int(db.connection().exec_driver_sql("SELECT count(*) FROM pupil").scalar_one())
    finally:
        office.database.close()


def test_every_copy_in_every_place_is_listed_and_looked_into_before_it_can_be_brought_back(
    dialog: RestoreDialog,
) -> None:
    assert [(copy.made_at, copy.is_own) for copy in dialog.model.rows] == [
        (datetime(2026, 11, 9, 15, 30), True), (datetime(2026, 11, 9, 15, 30), False),  # noqa: DTZ001  the office clock
    ]  # fmt: skip
    dialog.table.selectRow(1)
    assert not dialog.restore_button.isEnabled()
    assert dialog.who.control.chosen == "Pat Mellor"

    dialog.password.control.setText(LATER)
    dialog.look_button.click()
    assert "The password is wrong." in dialog.state.accessibleName()
    assert not dialog.restore_button.isEnabled()
    dialog.password.control.setText(PASSWORD)
    dialog.look_button.click()

    said = dialog.state.accessibleName()
    assert said.startswith("Larkfield Primary School: sound. 1 pupil, 0 marks, 2 contacts, ")
    assert "the newest of Mon 9 Nov 2026, 15:30" in said
    assert "The records on this computer have another key by now" in said  # the password was changed since
    assert dialog.restore_button.isEnabled()
    dialog.table.selectRow(0)
    assert not dialog.restore_button.isEnabled()


def test_brought_back_it_opens_with_the_password_of_then_and_what_was_there_is_kept_aside(
    dialog: RestoreDialog, paths: Paths, qtbot: QtBot
) -> None:
    before = sorted(file.name for file in paths.backups.iterdir())
    dialog.table.selectRow(1)
    dialog.password.control.setText(PASSWORD)
    dialog.look_button.click()

    with qtbot.waitSignal(dialog.brought_back):
        dialog.restore_button.click()

    assert pupils_in(paths, PASSWORD) == 1
    assert sorted(file.name for file in paths.backups.iterdir()) == before
    (aside,) = paths.data.glob("before-restore-*")
    kept = Paths(aside, paths.resources, paths.forms)
    assert pupils_in(kept, LATER) == 2


def test_nothing_is_left_of_a_look(dialog: RestoreDialog, paths: Paths) -> None:
    dialog.table.selectRow(0)
    dialog.password.control.setText(PASSWORD)
    dialog.look_button.click()

    assert not paths.look_inside.exists()
    assert [path.name for path in paths.data.parent.iterdir() if path.name.startswith("cme-desktop-")] == []


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half a file"])
def test_a_file_that_is_no_copy_is_listed_and_told_when_it_is_looked_into(
    content: bytes, paths: Paths, stick: Path
) -> None:
    broken = stick / "cme-desktop-2026-11-10-080000.cmebackup"
    broken.write_bytes(content)

    assert list_copies(paths)[0].file == broken
    assert list_people_in(broken) == ()
    with pytest.raises(BadInputError, match="no backup"):
        look_into(paths, broken, user_name=None, password=PASSWORD, now=lambda: TODAY)


def test_a_copy_with_one_byte_flipped_is_never_called_sound(paths: Paths, stick: Path) -> None:
    (good,) = stick.glob("*.cmebackup")
    size = good.stat().st_size
    for place in range(size // 40, size, size // 12):
        bent = stick.parent / "cme-desktop-2026-11-10-080000.cmebackup"
        data = bytearray(good.read_bytes())
        data[place] ^= 0x40
        bent.write_bytes(data)

        with pytest.raises((CmeError, WrongPasswordError)):
            look_into(paths, bent, user_name="Pat Mellor", password=PASSWORD, now=lambda: TODAY)


def test_another_folder_is_looked_through_too(dialog: RestoreDialog, stick: Path, tmp_path: Path) -> None:
    share = tmp_path / "share"
    shutil.copytree(stick, share)

    dialog.read(also=share)

    assert {copy.file.parent for copy in dialog.model.rows} >= {share, stick}


def test_every_control_has_a_name(dialog: RestoreDialog) -> None:
    assert nameless_controls(dialog) == []
