"""Backups behind somebody's work: a share that hangs keeps nobody waiting, and closing says what it waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from cme_desktop.casework.automatic_backups import back_up_now as back_up_all
from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.backup_places import add_place, known_backups
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.casework.trial_restore import want_trial
from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths, find_paths
from cme_desktop.ui.background import Background
from cme_desktop.ui.backup_errands import back_up_if_due, back_up_now, try_now
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.closing_window import ClosingWindow
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.restore_dialog import RestoreDialog
from cme_desktop.ui.start import Program
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.widgets.banner import Banner
from tests.casework.test_opening import ME, PASSWORD, paths, template
from tests.office import LUCJA, NOW
from tests.ui.accessibility import nameless_controls

__all__ = ["paths", "template"]  # fixtures

SOON = 20_000


@dataclass(frozen=True)
class SomeServices:
    paths: Paths
    now: Callable[[], datetime] = lambda: NOW
    demo_password: str | None = None


class Share:
    """A share on another computer, which can hang: whoever asks for it waits until it ``answers``."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        folder.mkdir()
        self.folder = folder
        self._answers = threading.Event()
        self._answers.set()
        self.waiting = threading.Event()
        self.asked = 0
        is_file = Path.is_file

        def ask(path: Path, **more: bool) -> bool:
            if path.parent == folder and not self._answers.is_set():
                self.asked += 1
                self.waiting.set()
                self._answers.wait(60)
            return is_file(path, **more)

        patch.setattr(Path, "is_file", ask)

    def hang(self) -> None:
        self._answers.clear()

    def answer(self) -> None:
        self._answers.set()


@pytest.fixture
def share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Share]:
    made = Share(tmp_path / "share", monkeypatch)
    yield made
    made.answer()


@pytest.fixture
def office(office: Office) -> Office:
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')
    return office


@pytest.fixture
def background(office: Office) -> Iterator[Background]:
    made = Background(office, ChangeNotifier())
    yield made
    made.finish()


def holds(folder: Path, count: int) -> bool:
    return len(list(folder.glob("*.cmebackup"))) == count


def refuse(problem: CmeError) -> None:
    raise AssertionError(problem.title)


# -- behind somebody's work ------------------------------------------------------------------------------------------


def test_while_a_share_hangs_everything_else_goes_on_and_it_is_served_when_it_answers(
    background: Background, office: Office, share: Share, qtbot: QtBot
) -> None:
    add_place(office, share.folder)
    share.hang()
    done: list[int] = []
    back_up_now(background, done=lambda _, found: done.append(len(found)), failed=refuse)
    qtbot.waitUntil(share.waiting.is_set, timeout=SOON)

    noted: list[object] = []
    background.run(lambda held: record_note(held, pupils=(LUCJA,), words="Rang the surgery"), done=noted.append)
    qtbot.waitUntil(lambda: len(noted) == 1, timeout=SOON)

    assert done == []
    assert len(list(office.paths.backups.glob("*.cmebackup"))) == 1
    assert not background.is_busy
    share.answer()
    qtbot.waitUntil(lambda: done == [2], timeout=SOON)
    assert len(list(share.folder.glob("*.cmebackup"))) == 1


def test_a_stick_does_not_wait_for_a_share_that_hangs_nor_does_the_next_backup(
    background: Background, office: Office, share: Share, tmp_path: Path, qtbot: QtBot
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    add_place(office, share.folder)
    add_place(office, stick)
    share.hang()
    done: list[int] = []

    for times in (1, 2):
        back_up_now(background, done=lambda _, found: done.append(len(found)), failed=refuse)
        qtbot.waitUntil(partial(holds, stick, times), timeout=SOON)

    qtbot.waitUntil(lambda: done == [2], timeout=SOON)  # the second leaves out what still hangs
    assert share.asked == 1
    share.answer()
    qtbot.waitUntil(lambda: done == [2, 3], timeout=SOON)
    assert len(list(share.folder.glob("*.cmebackup"))) == 1


def test_nothing_is_told_to_a_window_that_is_gone_when_a_share_answers_at_last(
    office: Office, share: Share, qtbot: QtBot
) -> None:
    """Somebody else unlocked meanwhile: the first one's window, and its dialog, are there no more."""
    add_place(office, share.folder)
    background = Background(office, ChangeNotifier())
    share.hang()
    told: list[object] = []
    back_up_now(background, done=lambda *_: told.append(True), failed=told.append)
    qtbot.waitUntil(share.waiting.is_set, timeout=SOON)
    background.close_office()
    background.finish()

    share.answer()
    qtbot.waitUntil(lambda: len(list(share.folder.glob("*.cmebackup"))) == 1, timeout=SOON)
    qtbot.wait(50)

    assert told == []


def test_the_window_locks_while_a_share_hangs(
    background: Background, office: Office, share: Share, qtbot: QtBot
) -> None:
    add_place(office, share.folder)
    share.hang()
    back_up_now(background, done=lambda *_: None, failed=refuse)
    qtbot.waitUntil(share.waiting.is_set, timeout=SOON)

    assert background.close_office() is office

    share.answer()
    qtbot.waitUntil(lambda: len(list(share.folder.glob("*.cmebackup"))) == 1, timeout=SOON)


def test_the_first_opening_of_a_week_brings_a_backup_back_for_a_trial(
    background: Background, office: Office, qtbot: QtBot
) -> None:
    ended: list[CmeError | None] = []

    back_up_if_due(background, done=ended.append)
    qtbot.waitUntil(lambda: ended == [None], timeout=SOON)

    trial = known_backups(office.paths).trial
    assert trial is not None
    assert want_trial(office) is None


class SlowReading:
    """A clock by which the reading of a backup on trial begins, and does not go on until it ``may_go_on``."""

    def __init__(self, paths: Paths) -> None:
        self._room = paths.trial / "records.cme"
        self.has_begun, self._may = threading.Event(), threading.Event()

    def __call__(self) -> datetime:
        if self._room.exists() and not self.has_begun.is_set():
            self.has_begun.set()
            self._may.wait(60)
        return NOW

    def may_go_on(self) -> None:
        self._may.set()


def test_nobodys_work_waits_for_a_backup_that_is_read_through_for_its_trial(office: Office, qtbot: QtBot) -> None:
    clock = SlowReading(office.paths)
    background = Background(replace(office, now=clock), ChangeNotifier())
    ended: list[CmeError | None] = []
    back_up_if_due(background, done=ended.append)
    qtbot.waitUntil(clock.has_begun.is_set, timeout=SOON)

    noted: list[object] = []
    background.run(lambda held: record_note(held, pupils=(LUCJA,), words="Rang the surgery"), done=noted.append)
    qtbot.waitUntil(lambda: len(noted) == 1, timeout=SOON)

    assert ended == []
    clock.may_go_on()
    qtbot.waitUntil(lambda: ended == [None], timeout=SOON)
    assert known_backups(office.paths).trial is not None
    background.finish()


def test_another_trial_asked_for_meanwhile_takes_nothing_from_the_one_read(office: Office, qtbot: QtBot) -> None:
    clock = SlowReading(office.paths)
    background = Background(replace(office, now=clock), ChangeNotifier())
    ended: list[CmeError | None] = []
    back_up_if_due(background, done=ended.append)
    qtbot.waitUntil(clock.has_begun.is_set, timeout=SOON)

    asked: list[object] = []
    try_now(background, done=asked.append, failed=refuse)
    qtbot.waitUntil(lambda: asked == [None], timeout=SOON)

    assert office.paths.trial.exists()
    clock.may_go_on()
    qtbot.waitUntil(lambda: ended == [None], timeout=SOON)
    trial = known_backups(office.paths).trial
    assert trial is not None
    assert trial.is_whole
    background.finish()


def test_a_lock_while_a_backup_is_read_through_leaves_its_trial_due(office: Office, qtbot: QtBot) -> None:
    clock = SlowReading(office.paths)
    background = Background(replace(office, now=clock), ChangeNotifier())
    ended: list[CmeError | None] = []
    back_up_if_due(background, done=ended.append)
    qtbot.waitUntil(clock.has_begun.is_set, timeout=SOON)

    locked = background.close_office()
    clock.may_go_on()

    qtbot.waitUntil(lambda: len(ended) == 1, timeout=SOON)
    assert locked is not None
    assert known_backups(office.paths).trial is None
    assert want_trial(office) is not None
    background.finish()


# -- on closing ------------------------------------------------------------------------------------------------------


@pytest.fixture
def quits(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    asked: list[bool] = []
    monkeypatch.setattr(QApplication, "quit", lambda: asked.append(True))
    return asked


@pytest.fixture
def program(paths: Paths, qtbot: QtBot) -> Iterator[Program]:
    made = Program(SomeServices(paths), errand=ImmediateErrand())
    made.begin()
    unlock(made)
    yield made
    made.end()
    for window in (made.unlock_window, made.main_window, made.closing_window):
        if window is not None:
            window.deleteLater()


def unlock(program: Program) -> None:
    assert program.unlock_window is not None
    program.unlock_window.password.control.setText(PASSWORD)
    QTest.keyClick(program.unlock_window.password.control, Qt.Key.Key_Return)


def window_of(program: Program) -> MainWindow:
    assert program.main_window is not None
    return program.main_window


def office_of(program: Program) -> Office:
    assert program.background is not None
    assert program.background.office is not None
    return program.background.office


def test_on_closing_the_backup_is_made_and_then_the_program_ends(
    program: Program, paths: Paths, quits: list[bool], qtbot: QtBot
) -> None:
    window_of(program).close()
    qtbot.waitUntil(lambda: quits == [True], timeout=SOON)

    assert len(list(paths.backups.glob("*.cmebackup"))) == 1
    assert program.closing_window is not None
    assert not program.closing_window.isVisible()


def test_on_closing_a_share_that_hangs_is_said_to_be_waited_for_and_need_not_be(
    program: Program, paths: Paths, share: Share, quits: list[bool], qtbot: QtBot
) -> None:
    add_place(office_of(program), share.folder)
    share.hang()
    window_of(program).close()
    assert program.closing_window is not None
    closing = program.closing_window
    qtbot.waitUntil(closing.isVisible, timeout=SOON)
    qtbot.waitUntil(share.waiting.is_set, timeout=SOON)
    assert quits == []
    QTest.keyClick(closing, Qt.Key.Key_Return)
    assert closing.isVisible()

    closing.leave_button.click()

    qtbot.waitUntil(lambda: quits == [True], timeout=SOON)
    assert len(list(paths.backups.glob("*.cmebackup"))) == 1
    share.answer()


def test_the_closing_window_names_its_button(paths: Paths, qtbot: QtBot) -> None:
    shown = ClosingWindow(Theme(paths.resources))
    qtbot.addWidget(shown)

    assert nameless_controls(shown) == []


def test_closed_while_it_is_locked_the_program_ends_at_once(program: Program, quits: list[bool], qtbot: QtBot) -> None:
    program.lock()
    assert program.unlock_window is not None

    program.unlock_window.close()
    qtbot.waitUntil(lambda: bool(quits), timeout=SOON)

    assert program.closing_window is None


# -- from the File menu ----------------------------------------------------------------------------------------------


def test_bringing_a_backup_back_is_in_the_file_menu_and_locks_first(
    program: Program, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(office_of(program))
    seen: list[tuple[bool, bool]] = []

    def look(dialog: RestoreDialog) -> int:
        assert program.background is not None
        assert dialog.model.rowCount() == 1
        seen.append((program.background.office is None, window_of(program).isVisible()))
        return 0

    monkeypatch.setattr(RestoreDialog, "exec", look)
    menu = next(menu for menu in window_of(program).findChildren(QMenu) if menu.title() == "&File")
    (act,) = (action for action in menu.actions() if "Bring a backup" in action.text().replace("&", ""))

    act.trigger()

    assert seen == [(True, False)]


def test_on_a_new_computer_the_first_window_brings_a_backup_back(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    """The computer was stolen; the stick was in the safe."""
    office = open_office(paths, user_id=ME, password=PASSWORD, now=lambda: NOW)
    make_backup(office, to=tmp_path / "stick")
    office.database.close()
    new = find_paths(tmp_path / "new computer")
    program = Program(SomeServices(new), errand=ImmediateErrand())
    program.begin()
    wizard = program.wizard
    assert wizard is not None

    def bring_back(dialog: RestoreDialog) -> int:
        assert dialog.model.rowCount() == 0
        dialog.read(also=tmp_path / "stick")
        dialog.table.selectRow(0)
        dialog.password.control.setText(PASSWORD)
        dialog.look_button.click()
        dialog.restore_button.click()
        return 0

    monkeypatch.setattr(RestoreDialog, "exec", bring_back)
    wizard.restore.click()

    assert not wizard.isVisible()
    assert program.unlock_window is not None
    assert program.unlock_window.isVisible()
    unlock(program)
    assert window_of(program).isVisible()
    program.end()
    for window in (program.unlock_window, program.main_window):
        assert window is not None
        window.deleteLater()


def test_a_trial_that_failed_stands_red_above_the_first_screen_with_what_to_do(
    program: Program, paths: Paths, qtbot: QtBot
) -> None:
    office = office_of(program)
    back_up_all(office)
    (file,) = paths.backups.glob("*.cmebackup")
    data = bytearray(file.read_bytes())
    data[5000] ^= 1
    file.write_bytes(data)
    assert program.background is not None
    window = window_of(program)
    banner: Banner = window.trial_banner
    assert not banner.isVisible()

    ended: list[bool] = []
    try_now(program.background, done=lambda _: ended.append(True), failed=refuse)
    qtbot.waitUntil(lambda: ended == [True], timeout=SOON)
    window._minute.timeout.emit()
    qtbot.waitUntil(banner.isVisible, timeout=SOON)

    assert "NOT whole" in banner.accessibleName()
    assert "Make a backup now, then try again." in banner.accessibleName()
    assert banner.button.text() == "Backups…"


def test_a_program_left_locked_over_night_backs_up_in_the_morning(
    program: Program, paths: Paths, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    monkeypatch.setattr("cme_desktop.ui.main_window._BACKUP_AFTER_MS", 10)
    program.lock()

    unlock(program)

    qtbot.waitUntil(lambda: len(list(paths.backups.glob("*.cmebackup"))) == 1, timeout=SOON)
