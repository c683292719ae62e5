"""The day the records begin is moved on screen: what that changes is read before it can be saved."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDialog

from cme_desktop.casework.records_beginning import load_beginning
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.school.beginning_dialog import BeginningDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import FIRST_DAY, TODAY
from tests.ui.accessibility import nameless_controls

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from cme_desktop.casework.office import Office

NOVEMBER = QDate(2026, 11, 9)


@pytest.fixture
def dialog(office: Office, qapp: object, qtbot: QtBot) -> BeginningDialog:
    notifier = ChangeNotifier()
    shown = BeginningDialog(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(shown)
    shown.show()
    return shown


def test_it_opens_with_the_day_that_holds_and_nothing_to_save(dialog: BeginningDialog) -> None:
    assert dialog.day.control.date() == QDate(2026, 9, 3)
    assert dialog.day.control.accessibleDescription() == "Until now on 3 September 2026."
    assert dialog.change.text() == "Nothing: it is the day on which they begin now."
    assert not dialog.accept_button.isEnabled()
    assert dialog.day.control.maximumDate() == QDate(TODAY.year, TODAY.month, TODAY.day)


def test_another_day_says_what_it_changes_and_is_saved_with_its_reason(dialog: BeginningDialog, office: Office) -> None:
    dialog.day.control.setDate(NOVEMBER)

    assert dialog.change.text().startswith("984 sessions of 12 pupils with a mark fall outside")
    assert load_beginning(office).day == FIRST_DAY, "nothing is saved by looking"

    dialog.accept_button.click()
    assert dialog.why.error
    assert load_beginning(office).day == FIRST_DAY

    dialog.why.control.setPlainText("Kept in the old system")
    dialog.accept_button.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert load_beginning(office).day == date(2026, 11, 9)


def test_a_day_in_no_known_school_year_is_said_and_can_not_be_saved(dialog: BeginningDialog, office: Office) -> None:
    dialog.day.control.setDate(QDate(2025, 9, 1))

    assert "no school year that is known" in dialog.problem.accessibleName()
    assert dialog.change.text() == ""
    assert not dialog.accept_button.isEnabled()

    dialog.day.control.setDate(NOVEMBER)
    assert not dialog.problem.isVisible()
    assert dialog.accept_button.isEnabled()
    assert load_beginning(office).day == FIRST_DAY


def test_every_control_has_a_name(dialog: BeginningDialog) -> None:
    assert not nameless_controls(dialog)
