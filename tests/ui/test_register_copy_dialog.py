"""The copy of the registers is asked for on screen: its days, its password, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from pytestqt.qtbot import QtBot

from cme_desktop.casework.office import Office
from cme_desktop.documents.locked_archive import open_locked
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.entry_dialog import day_in
from cme_desktop.ui.school.register_copy_dialog import RegisterCopyDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import TODAY, YESTERDAY

PASSWORD = "otter lamp tuesday gravel"


@pytest.fixture
def dialog(office: Office, qtbot: QtBot) -> Iterator[RegisterCopyDialog]:
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))
    opened = RegisterCopyDialog(context, office.today)
    qtbot.addWidget(opened)
    opened.show()
    qtbot.waitUntil(lambda: "last copy" in opened.about.text())
    yield opened
    opened.reject()


def test_it_proposes_the_days_since_the_last_copy(dialog: RegisterCopyDialog) -> None:
    assert (day_in(dialog.first.control), day_in(dialog.last.control)) == (YESTERDAY, TODAY)
    assert dialog.about.text() == "The last copy was made on Monday 9 November."


def test_a_short_password_and_two_that_differ_are_told_at_their_fields(dialog: RegisterCopyDialog) -> None:
    dialog.password.control.setText("short")
    assert not dialog.check()
    assert "12 letters" in dialog.password.error

    dialog.password.control.setText(PASSWORD)
    dialog.again.control.setText(PASSWORD[:-1])
    assert not dialog.check()
    assert dialog.again.error == "The two are not the same"
    assert dialog.password.error == ""

    dialog.again.control.setText(PASSWORD)
    assert dialog.check()


def test_a_last_day_before_the_first_is_told(dialog: RegisterCopyDialog) -> None:
    dialog.first.control.setDate(QDate(2026, 11, 10))
    dialog.last.control.setDate(QDate(2026, 11, 9))

    assert not dialog.check()
    assert dialog.last.error == "Before the first day"


def test_it_makes_the_copy_and_says_what_it_holds(dialog: RegisterCopyDialog, qtbot: QtBot, tmp_path: Path) -> None:
    for field in (dialog.password, dialog.again):
        field.control.setText(PASSWORD)
    dialog.make(tmp_path / "register-copy.zip")
    qtbot.waitUntil(lambda: "opened again and compared" in dialog.about.text(), timeout=20_000)

    assert "12 children" in dialog.about.text()
    assert dialog.password.control.text() == ""
    assert "registers.pdf" in open_locked((tmp_path / "register-copy.zip").read_bytes(), password=PASSWORD)


def test_a_folder_that_can_not_be_written_is_told_and_the_password_stays(
    dialog: RegisterCopyDialog, qtbot: QtBot, tmp_path: Path
) -> None:
    for field in (dialog.password, dialog.again):
        field.control.setText(PASSWORD)
    dialog.make(tmp_path / "nowhere" / "register-copy.zip")
    qtbot.waitUntil(dialog.problem.isVisible, timeout=20_000)

    assert dialog.accept_button.isEnabled()
    assert dialog.password.control.text() == PASSWORD
