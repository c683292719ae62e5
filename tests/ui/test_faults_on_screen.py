"""What goes wrong on the disk comes through to the screen: what happened, and what to do."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.journal import write_journal
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.start import Program
from cme_desktop.ui.unlock_window import UnlockWindow
from tests.casework.test_opening import PASSWORD, template
from tests.casework.test_opening import now as on_the_day
from tests.office import NOW
from tests.ui.accessibility import nameless_controls
from tests.ui.test_window import SomeServices

__all__ = ["template"]  # a fixture


@pytest.fixture
def paths(tmp_path: Path, template: tuple[Path, str]) -> Paths:
    shutil.copytree(template[0], tmp_path / "data")
    return find_paths(tmp_path / "data")


@pytest.fixture
def program(paths: Paths, qtbot: QtBot) -> Iterator[Program]:
    made = Program(SomeServices(paths, on_the_day), errand=ImmediateErrand())
    yield made
    made.end()
    for window in (made.unlock_window, made.main_window):
        if window is not None:
            window.deleteLater()


def begun(program: Program) -> UnlockWindow:
    program.begin()
    assert program.unlock_window is not None
    return program.unlock_window


def unlocked(program: Program, qtbot: QtBot) -> MainWindow:
    window = begun(program)
    window.password.control.setText(PASSWORD)
    QTest.keyClick(window.password.control, Qt.Key.Key_Return)
    assert program.main_window is not None
    settle(program, qtbot)
    return program.main_window


def settle(program: Program, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: program.background is None or not program.background.is_busy, timeout=20_000)


def said(window: MainWindow) -> str:
    return window.trouble.accessibleName() if window.trouble.isVisible() else ""


def dialogs() -> list[QDialog]:
    return [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]


@pytest.fixture(autouse=True)
def _nothing_open() -> None:
    """A dialog that another test left open is not this program's."""
    for dialog in dialogs():
        dialog.hide()


def test_a_second_copy_is_told_on_the_unlock_window_and_opens_once_the_first_is_closed(
    program: Program, paths: Paths
) -> None:
    other = take_lock(paths.lock)
    window = begun(program)

    window.password.control.setText(PASSWORD)
    QTest.keyClick(window.password.control, Qt.Key.Key_Return)

    assert "already open on these records" in window.password.error
    assert "close it and try again" in window.password.error
    assert program.main_window is None
    other.release()
    window.password.control.setText(PASSWORD)
    QTest.keyClick(window.password.control, Qt.Key.Key_Return)
    assert program.main_window is not None


@pytest.mark.parametrize("text", ["", '{"format": 2', None], ids=["empty", "half", "gone"])
def test_a_spoilt_key_file_shows_the_unlock_window_with_what_to_do(
    program: Program, paths: Paths, text: str | None
) -> None:
    paths.keys.unlink() if text is None else paths.keys.write_text(text)

    window = begun(program)

    assert window.isVisible()
    assert "Bring back a backup" in window.password.error
    assert window.restore.isEnabled()
    window.password.control.setText(PASSWORD)
    QTest.keyClick(window.password.control, Qt.Key.Key_Return)
    assert program.main_window is None
    assert nameless_controls(window) == []


def test_records_that_go_while_the_window_is_open_are_told_above_the_page_and_in_no_dialog(
    program: Program, paths: Paths, qtbot: QtBot
) -> None:
    window = unlocked(program, qtbot)
    paths.data.rename(paths.data.with_name("elsewhere"))

    for _ in range(3):  # each minute the foot is read again
        window._read_facts()
        settle(program, qtbot)

    assert "no longer where they were opened" in said(window)
    assert "Put the folder or the disk back" in said(window)
    assert dialogs() == []
    paths.data.with_name("elsewhere").rename(paths.data)
    window._read_facts()
    settle(program, qtbot)
    assert said(window) == ""


def test_locking_when_the_folder_is_gone_says_so_and_does_not_end_the_program(
    program: Program, paths: Paths, qtbot: QtBot
) -> None:
    unlocked(program, qtbot)
    paths.data.rename(paths.data.with_name("elsewhere"))

    program.lock()

    assert program.unlock_window is not None
    assert "The folder of the records is not there." in program.unlock_window.password.error
    paths.data.with_name("elsewhere").rename(paths.data)


def test_a_clock_behind_the_newest_entry_is_told_and_believed_once_somebody_says_so(
    program: Program, qtbot: QtBot
) -> None:
    window = unlocked(program, qtbot)
    assert program.background is not None
    office = program.background.office
    assert office is not None
    with office.database.transaction() as db:
        write_journal(
            db, at=NOW + timedelta(days=1), by=office.user.id, act="flags reconciled", subject="school", details={}
        )

    window._read_facts()
    settle(program, qtbot)

    assert "Wednesday 11 November 2026, 9:40" in said(window)
    assert "put it right in the computer's settings" in said(window)
    assert nameless_controls(window.trouble) == []
    assert not window.trouble.button.isDefault()
    QTest.keyClick(window.trouble.button, Qt.Key.Key_Space)
    settle(program, qtbot)
    qtbot.waitUntil(lambda: said(window) == "", timeout=5_000)


def test_a_backup_that_could_not_be_made_is_told_until_one_is(program: Program, paths: Paths, qtbot: QtBot) -> None:
    window = unlocked(program, qtbot)
    paths.backups.write_text("a file in the way of the folder")

    window._back_up_if_due()
    settle(program, qtbot)
    qtbot.waitUntil(lambda: said(window) != "", timeout=5_000)

    assert "Today's backup could not be made." in said(window)
    assert "File, Backups" in said(window)
    paths.backups.unlink()
    window._back_up_if_due()
    qtbot.waitUntil(lambda: said(window) == "", timeout=20_000)
