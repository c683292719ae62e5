"""The places of backups on screen: what lies in each, made now, added and taken off; and one made on closing."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cme_desktop.casework.automatic_backups import back_up_on_closing
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.school.backups_dialog import BackupsDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import LUCJA
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
    return [[model.index(row, column).data() for column in range(3)] for row in range(model.rowCount())]


def test_a_place_is_added_backed_up_and_taken_off_again(dialog: BackupsDialog, tmp_path: Path) -> None:
    own = "Beside the records, on this computer"
    stick = tmp_path / "stick"
    stick.mkdir()
    assert rows_of(dialog) == [[own, "none yet", "0"]]

    dialog.add(stick)
    dialog.now_button.click()

    newest = "Tue 10 Nov 2026, 9:40"
    assert rows_of(dialog) == [[own, newest, "1"], [str(stick), newest, "1"]]
    assert "Backed up in 2 places, opened and checked: 12 pupils" in dialog.state.accessibleName()
    dialog.table.selectRow(0)
    assert not dialog.off_button.isEnabled()
    dialog.table.selectRow(1)
    dialog.off_button.click()
    assert [row[0] for row in rows_of(dialog)] == [own]
    assert len(list(stick.iterdir())) == 1


def test_a_place_that_is_away_is_said_to_be_and_one_that_is_none_is_refused(
    dialog: BackupsDialog, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    dialog.add(stick)
    stick.rmdir()

    dialog.now_button.click()

    assert rows_of(dialog)[1] == [str(stick), "not reached now", "0"]
    dialog.add(tmp_path / "nowhere")
    assert "This folder is not there." in dialog.state.accessibleName()


def test_on_closing_one_is_made_only_where_something_was_written_since_the_last(office: Office) -> None:
    assert len(back_up_on_closing(office)) == 1
    assert back_up_on_closing(office) == ()

    record_note(office, pupils=(LUCJA,), words="Rang the surgery")

    assert len(back_up_on_closing(office)) == 1


def test_every_control_has_a_name(dialog: BackupsDialog) -> None:
    assert nameless_controls(dialog) == []
