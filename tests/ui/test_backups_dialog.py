"""The places of backups on screen: what lies in each, made now, added and taken off; and one made on closing."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cme_desktop.casework.automatic_backups import back_up_on_closing
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.school.backups_dialog import BackupsDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import LUCJA, NOW, at
from tests.ui.accessibility import nameless_controls


@pytest.fixture
def office(office: Office) -> Office:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    return office


@pytest.fixture
def dialog(office: Office, qtbot: QtBot) -> BackupsDialog:
    notifier = ChangeNotifier()
    shown = BackupsDialog(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(shown)
    return shown


def rows_of(dialog: BackupsDialog) -> list[list[str]]:
    model = dialog.model
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


OWN = "This computer"
NEWEST = "Tue 10 Nov 2026, 9:40"


def a_folder(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_place_is_added_backed_up_and_taken_off_again(dialog: BackupsDialog, tmp_path: Path) -> None:
    stick = a_folder(tmp_path / "stick")
    assert rows_of(dialog) == [[OWN, "None yet", "0", ""]]

    dialog.add(stick)
    dialog.now_button.click()

    assert rows_of(dialog) == [[OWN, NEWEST, "1", ""], [f"Folder {stick}", NEWEST, "1", ""]]
    assert "Backed up in 2 places, opened and checked: 12 pupils" in dialog.state.accessibleName()
    dialog.table.selectRow(0)
    assert not dialog.off_button.isEnabled()
    dialog.table.selectRow(1)
    dialog.off_button.click()
    assert [row[0] for row in rows_of(dialog)] == [OWN]
    assert len(list(stick.glob("*.cmebackup"))) == 1


def test_a_place_that_is_away_is_said_to_be_since_when_and_keeps_its_age(dialog: BackupsDialog, tmp_path: Path) -> None:
    stick = a_folder(tmp_path / "stick")
    dialog.add(stick)
    dialog.now_button.click()
    shutil.rmtree(stick)

    dialog.now_button.click()

    assert rows_of(dialog)[1] == [f"Folder {stick}", NEWEST, "1", "Not reached since Tue 10 Nov"]
    dialog.add(tmp_path / "nowhere")
    assert "This folder is not there." in dialog.state.accessibleName()


def test_an_empty_mount_point_is_not_taken_for_the_stick_and_the_dialog_says_that_it_is_not_in(
    dialog: BackupsDialog, office: Office, tmp_path: Path
) -> None:
    stick = a_folder(tmp_path / "stick")
    dialog.add(stick)
    told = office.paths.backup_places.read_text("utf-8").replace('"kind": "folder"', '"kind": "stick"')
    office.paths.backup_places.write_text(told, "utf-8")
    shutil.rmtree(stick)
    stick.mkdir()

    dialog.now_button.click()

    assert rows_of(dialog)[1][3] == "The stick isn't in (last on Tue 10 Nov)"
    assert list(stick.iterdir()) == []


@pytest.mark.parametrize(
    ("days", "said", "token"),
    [
        (1, "", None),
        (2, "1 school day without one", "today"),
        (3, "2 school days without one", "today"),
        (4, "3 school days without one", "now"),
    ],
)
def test_each_place_says_how_many_school_days_it_went_without(
    days: int, said: str, token: str | None, office: Office, qtbot: QtBot
) -> None:
    """Made on Tuesday 10 November; the day itself and the one that is not over do not count."""
    back_up_on_closing(office)
    notifier, theme = ChangeNotifier(), Theme(office.paths.resources)
    later = at(office, NOW + timedelta(days=days))

    shown = BackupsDialog(TabContext(ImmediateBackground(later, notifier), notifier, theme))
    qtbot.addWidget(shown)

    cell = shown.model.index(0, 3)
    assert cell.data() == said
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == (theme.color(token) if token else None)


def test_a_trial_restore_is_made_said_and_can_be_printed(dialog: BackupsDialog) -> None:
    assert not dialog.print_button.isEnabled()
    dialog.try_button.click()
    assert "There is no backup to try." in dialog.state.accessibleName()

    dialog.now_button.click()
    dialog.try_button.click()

    said = dialog.trial.accessibleName()
    assert said.startswith("Trial restore of Tuesday 10 November from this computer: whole: 12 pupils, ")
    assert dialog.print_button.isEnabled()


def test_a_trial_that_failed_says_what_to_do(dialog: BackupsDialog, office: Office) -> None:
    dialog.now_button.click()
    (made,) = office.paths.backups.glob("*.cmebackup")
    spoil(made)

    dialog.try_button.click()

    assert "NOT whole. A part of the file is not as it was written." in dialog.trial.accessibleName()
    assert "make one now, then try again" in dialog.trial.accessibleName()


def spoil(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[5000] ^= 1
    file.write_bytes(data)


def test_on_closing_one_is_made_only_where_something_was_written_since_the_last(office: Office) -> None:
    assert len(back_up_on_closing(office)) == 1
    assert back_up_on_closing(office) == ()

    record_note(office, pupils=(LUCJA,), words="Rang the surgery")

    assert len(back_up_on_closing(office)) == 1


def test_every_control_has_a_name(dialog: BackupsDialog) -> None:
    assert nameless_controls(dialog) == []
