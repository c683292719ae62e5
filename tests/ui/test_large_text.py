"""Dialogs with the largest text stay within the window behind them, whatever the names are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QComboBox, QDialog, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cme_desktop.casework.office import Office
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.information.sharing_dialog import NewSharingDialog, SharingDialog
from cme_desktop.ui.school.backups_dialog import BackupsDialog
from cme_desktop.ui.school.journal_dialog import JournalDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import HEAD, add_pupil, seen_by

WIDTH, HEIGHT = 1366, 688


@pytest.fixture
def head(office: Office) -> Office:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    add_pupil(office, forename="Bartholomew-Maximilian", surname="Konstantinopolos de la Fontaine-Featherstonehaugh")
    return seen_by(office, HEAD)


@pytest.fixture
def context(head: Office) -> TabContext:
    notifier = ChangeNotifier()
    theme = Theme(head.paths.resources)
    theme.set_text_scale(2.0)
    return TabContext(ImmediateBackground(head, notifier), notifier, theme)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    behind = QWidget()
    qtbot.addWidget(behind)
    behind.resize(WIDTH, HEIGHT)
    behind.show()
    return behind


@pytest.mark.parametrize("dialog", [BackupsDialog, JournalDialog, SharingDialog])
def test_a_dialog_is_no_larger_than_the_window_behind(
    context: TabContext, window: QWidget, dialog: Callable[[TabContext, QWidget], QDialog]
) -> None:
    shown = dialog(context, window)
    shown.show()

    assert (shown.width(), shown.height()) <= (WIDTH, HEIGHT)
    assert shown.height() <= HEIGHT


def test_a_long_name_to_choose_pushes_no_field_out_of_sight(context: TabContext, window: QWidget) -> None:
    log = SharingDialog(context, window)
    log.show()
    log.ask_new()
    asked = log.asker.dialog
    assert isinstance(asked, NewSharingDialog)

    pane = asked.findChild(QScrollArea)
    assert pane is not None
    assert asked.content.width() <= pane.viewport().width()
    assert any("Konstantinopolos" in box.itemText(at) for box in asked.findChildren(QComboBox) for at in range(9))
