"""Signing in with more than a password: the second step, this computer's key, and the dialogs that switch them on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from keyring.errors import KeyringLocked
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import add_person, open_office
from cme_desktop.casework.second_factor import load_second_factor, offer_phone, switch_on
from cme_desktop.casework.this_computer import let_this_computer_open, load_this_computer
from cme_desktop.domain.cases import Role
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import Paths
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.recovery_key_paper import RecoveryKeyPaper
from cme_desktop.ui.restore_dialog import RestoreDialog
from cme_desktop.ui.school.codes_paper import PrintedCodesDialog
from cme_desktop.ui.school.people_dialog import PeopleDialog
from cme_desktop.ui.school.sign_in_dialog import SignInDialog
from cme_desktop.ui.school.sign_in_forms import ComputerDialog, NewCodesDialog, PhoneDialog, SwitchOffDialog
from cme_desktop.ui.school.try_key_dialog import TryRecoveryKeyDialog
from cme_desktop.ui.start import Program
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.unlock_window import UnlockWindow
from tests.casework.test_opening import ME, PASSWORD, template
from tests.casework.test_second_factor import (
    HEAD_PASSWORD,
    Clock,
    Phone,
    clock,
    enrol,
    office,
    paths,
    phone,
    shared_paths,
)
from tests.credential_store import MemoryStore, credential_store
from tests.ui.accessibility import nameless_controls

__all__ = ["clock", "office", "paths", "phone", "shared_paths", "template"]  # fixtures


@dataclass(frozen=True)
class Services:
    paths: Paths
    now: Callable[[], datetime]
    demo_password: str | None = None


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    with credential_store() as found:
        yield found


@pytest.fixture
def context(office: Office, qapp: object) -> TabContext:
    notifier = ChangeNotifier()
    return TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))


class Door:
    """The program at its unlock window."""

    def __init__(self, paths: Paths, clock: Clock) -> None:
        self.program = Program(Services(paths, clock), errand=ImmediateErrand())
        self.program.begin()

    @property
    def window(self) -> UnlockWindow:
        assert self.program.unlock_window is not None
        return self.program.unlock_window

    @property
    def is_open(self) -> bool:
        main = self.program.main_window
        return main is not None and main.isVisible() and not self.window.isVisible()

    def type_password(self, password: str = PASSWORD) -> None:
        self.window.password.control.clear()
        QTest.keyClicks(self.window.password.control, password)
        QTest.keyClick(self.window.password.control, Qt.Key.Key_Return)

    def type_code(self, code: str) -> None:
        self.window.code.control.clear()
        QTest.keyClicks(self.window.code.control, code)
        QTest.keyClick(self.window.code.control, Qt.Key.Key_Return)


@pytest.fixture
def doors(qtbot: QtBot) -> Iterator[Callable[[Paths, Clock], Door]]:
    opened: list[Door] = []

    def open_door(paths: Paths, clock: Clock) -> Door:
        opened.append(Door(paths, clock))
        return opened[-1]

    yield open_door
    for door in opened:
        qtbot.waitUntil(partial(is_idle, door.program), timeout=20_000)
        door.program.end()
        for window in (door.program.main_window, door.program.unlock_window):
            if window is not None:
                window.deleteLater()
    QApplication.processEvents()


def is_idle(program: Program) -> bool:
    return program.background is None or not program.background.is_busy


Doors = Callable[[Paths, Clock], Door]


# -- the second step -----------------------------------------------------------------------------------------------


def test_after_the_password_a_code_is_asked_for_and_opens_the_window(
    office: Office, paths: Paths, clock: Clock, doors: Doors
) -> None:
    phone, _ = enrol(office, clock)
    door = doors(paths, clock)
    assert door.window.code.isHidden()

    door.type_password()
    assert door.window.asks_code
    assert door.window.password.isHidden()
    assert door.window.focusWidget() is door.window.code.control
    assert nameless_controls(door.window) == []
    door.type_code(phone.code)

    assert door.is_open


def test_who_has_no_codes_never_sees_the_second_step(office: Office, paths: Paths, clock: Clock, doors: Doors) -> None:
    office.database.close()
    door = doors(paths, clock)

    door.type_password()

    assert door.is_open
    assert not door.window.asks_code


def test_a_wrong_code_is_said_beside_it_and_the_password_stays_typed(
    office: Office, paths: Paths, clock: Clock, doors: Doors
) -> None:
    phone, _ = enrol(office, clock)
    door = doors(paths, clock)
    door.type_password()

    door.type_code("")
    assert door.window.code.error == "Type the code."
    door.type_code("12345")
    assert "does not fit" in door.window.code.error
    assert "This computer’s clock says 12:01" in door.window.code.error
    door.type_code("AAAA-AAAA-AAAA-AAAA")
    assert "none of your printed codes" in door.window.code.error

    door.type_code(phone.code)
    assert door.is_open


def test_a_code_can_be_pasted(office: Office, paths: Paths, clock: Clock, doors: Doors) -> None:
    _, printed = enrol(office, clock)
    door = doors(paths, clock)
    door.type_password()

    QGuiApplication.clipboard().setText(printed[0])
    QTest.keyClick(door.window.code.control, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(door.window.code.control, Qt.Key.Key_Return)

    assert door.is_open


def test_back_asks_for_the_password_again_and_forgets_what_was_typed(
    office: Office, paths: Paths, clock: Clock, doors: Doors
) -> None:
    enrol(office, clock)
    door = doors(paths, clock)
    door.type_password()

    door.window.other.click()

    assert not door.window.asks_code
    assert door.window.password.control.text() == ""
    assert door.window.code.control.text() == ""


def test_a_new_computer_says_that_the_first_time_takes_a_printed_code(
    office: Office, paths: Paths, clock: Clock, doors: Doors
) -> None:
    phone, printed = enrol(office, clock)
    paths.this_pc.unlink()
    door = doors(paths, clock)

    door.type_password()
    assert "printed code" in door.window.code.control.accessibleDescription()
    door.type_code(phone.code)
    assert "printed code" in door.window.code.error
    door.type_code(printed[0])

    assert door.is_open


def test_a_wrong_password_on_a_new_computer_is_told_beside_the_password(
    office: Office, paths: Paths, clock: Clock, doors: Doors
) -> None:
    _, printed = enrol(office, clock)
    paths.this_pc.unlink()
    door = doors(paths, clock)

    door.type_password("not the password")
    door.type_code(printed[0])

    assert not door.window.asks_code
    assert "password is wrong" in door.window.password.error


def test_after_a_lock_password_and_code_are_asked_for_again(
    office: Office, paths: Paths, clock: Clock, doors: Doors
) -> None:
    phone, _ = enrol(office, clock)
    door = doors(paths, clock)
    door.type_password()
    door.type_code(phone.code)

    door.program.lock()
    assert not door.window.asks_code
    assert door.window.password.control.text() == ""
    clock.forward()
    door.type_password()
    door.type_code(phone.code)

    assert door.is_open


# -- this computer -------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("store")
def test_this_computer_is_offered_at_the_start_and_not_after_a_lock(
    office: Office, paths: Paths, clock: Clock, doors: Doors
) -> None:
    let_this_computer_open(office, password=PASSWORD)
    office.database.close()
    door = doors(paths, clock)
    assert door.window.here.isVisible()

    QTest.keyClick(door.window.here, Qt.Key.Key_Space)
    assert door.is_open
    door.program.lock()

    assert not door.window.here.isVisible()


@pytest.mark.usefixtures("store")
def test_after_a_lock_it_is_offered_to_who_chose_that(office: Office, paths: Paths, clock: Clock, doors: Doors) -> None:
    let_this_computer_open(office, password=PASSWORD, after_lock=True)
    office.database.close()
    door = doors(paths, clock)
    door.window.here.click()
    door.program.lock()

    assert door.window.here.isVisible()
    door.window.here.click()
    assert door.is_open


@pytest.mark.usefixtures("store")
def test_it_is_offered_to_nobody_else(office: Office, paths: Paths, clock: Clock, doors: Doors) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password=HEAD_PASSWORD)
    let_this_computer_open(office, password=PASSWORD)
    office.database.close()
    door = doors(paths, clock)

    door.window.choose(2)
    assert not door.window.here.isVisible()
    door.window.choose(1)
    assert door.window.here.isVisible()


def test_a_locked_store_is_said_and_the_password_opens(
    office: Office, paths: Paths, clock: Clock, doors: Doors, store: MemoryStore
) -> None:
    let_this_computer_open(office, password=PASSWORD)
    office.database.close()
    store.refuses = KeyringLocked("locked")
    door = doors(paths, clock)

    door.window.here.click()
    assert "locked" in door.window.password.error
    assert door.window.focusWidget() is door.window.password.control
    door.type_password()

    assert door.is_open


@pytest.mark.usefixtures("store")
def test_with_codes_on_this_computer_leads_to_the_second_step(
    office: Office, paths: Paths, clock: Clock, doors: Doors
) -> None:
    offer = offer_phone(office)
    phone = Phone(offer, clock)
    switch_on(office, offer, password=PASSWORD, code=phone.code)
    let_this_computer_open(office, password=PASSWORD)
    office.database.close()
    clock.forward()
    door = doors(paths, clock)

    door.window.here.click()
    assert door.window.asks_code
    door.type_code("1")
    assert door.window.code.error
    door.type_code(phone.code)

    assert door.is_open


# -- the dialogs ---------------------------------------------------------------------------------------------------


def test_codes_are_switched_on_by_typing_what_the_phone_shows(
    context: TabContext, office: Office, clock: Clock, qtbot: QtBot
) -> None:
    offer = offer_phone(office)
    dialog = PhoneDialog(context, offer)
    qtbot.addWidget(dialog)
    dialog.accept_button.click()
    assert dialog.code.error
    assert dialog.password.error

    dialog.password.control.setText(PASSWORD)
    dialog.code.control.setText("12")
    dialog.accept_button.click()
    assert "does not fit" in dialog.code.error
    dialog.code.control.setText(Phone(offer, clock).code)
    dialog.accept_button.click()

    assert dialog.result() == QDialog.DialogCode.Accepted
    assert len(dialog.codes) == 10
    assert load_second_factor(office).is_on


def test_the_printed_codes_stay_until_they_are_said_to_be_kept(
    context: TabContext, tmp_path: Path, qtbot: QtBot
) -> None:
    codes = tuple(f"AAAA-BBBB-CCCC-{number}DDD" for number in range(2, 8))
    dialog = PrintedCodesDialog(context.theme, codes)
    qtbot.addWidget(dialog)
    dialog.show()

    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    dialog.close()
    assert dialog.isVisible()
    assert all(code in dialog.paper.shown.toPlainText() for code in codes)
    dialog.paper.save_to(tmp_path / "codes.txt")
    assert all(code in (tmp_path / "codes.txt").read_text("utf-8") for code in codes)
    dialog.paper.confirmed.setChecked(True)
    dialog.close_button.click()

    assert not dialog.isVisible()


def test_how_one_signs_in_is_said_and_offers_what_can_be_done(
    context: TabContext, office: Office, clock: Clock, store: MemoryStore, qtbot: QtBot
) -> None:
    dialog = SignInDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.codes.text().startswith("Off")
    assert [dialog.on_button.isVisible(), dialog.off_button.isVisible()] == [True, False]
    assert dialog.focusWidget() is dialog.close_button

    offer = offer_phone(office)
    switch_on(office, offer, password=PASSWORD, code=Phone(offer, clock).code)
    let_this_computer_open(office, password=PASSWORD)
    dialog.read()

    assert "10 printed codes are left" in dialog.codes.text()
    assert [dialog.on_button.isVisible(), dialog.off_button.isVisible()] == [False, True]
    assert "start only" in dialog.computer.text()
    dialog.forget_button.click()
    assert dialog.computer.text().startswith("Off")
    assert not store.held


def test_new_codes_and_switching_off_take_password_and_code(
    context: TabContext, office: Office, clock: Clock, qtbot: QtBot
) -> None:
    offer = offer_phone(office)
    phone = Phone(offer, clock)
    switch_on(office, offer, password=PASSWORD, code=phone.code)
    clock.forward()
    new = NewCodesDialog(context)
    qtbot.addWidget(new)
    new.password.control.setText(PASSWORD)
    new.accept_button.click()
    assert new.code.error
    new.code.control.setText(phone.code)
    new.accept_button.click()
    assert len(new.codes) == 10

    off = SwitchOffDialog(context)
    qtbot.addWidget(off)
    off.password.control.setText("not the password")
    off.code.control.setText(new.codes[0])
    off.accept_button.click()
    assert not off.problem.isHidden()
    off.password.control.setText(PASSWORD)
    off.accept_button.click()

    assert off.result() == QDialog.DialogCode.Accepted
    assert not load_second_factor(office).is_on


def test_this_computer_is_let_in_by_the_password_and_nothing_is_chosen_beforehand(
    context: TabContext, office: Office, store: MemoryStore, qtbot: QtBot
) -> None:
    dialog = ComputerDialog(context)
    qtbot.addWidget(dialog)
    assert not dialog.after_lock.isChecked()
    dialog.accept_button.click()
    assert dialog.password.error
    assert not store.held

    dialog.password.control.setText(PASSWORD)
    dialog.accept_button.click()

    assert dialog.result() == QDialog.DialogCode.Accepted
    assert load_this_computer(office).opens


def test_the_head_takes_codes_off_from_the_list_of_people(
    office: Office, paths: Paths, clock: Clock, qtbot: QtBot
) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password=HEAD_PASSWORD)
    enrol(office, clock)
    head = open_office(paths, user_id=UserId(2), password=HEAD_PASSWORD, now=clock)
    notifier = ChangeNotifier()
    dialog = PeopleDialog(TabContext(ImmediateBackground(head, notifier), notifier, Theme(paths.resources)))
    qtbot.addWidget(dialog)
    assert [dialog.model.index(row, 3).data() for row in range(2)] == ["asked for", ""]

    dialog.table.selectRow(1)
    assert not dialog.codes_button.isEnabled()
    dialog.table.selectRow(0)
    assert dialog.codes_button.isEnabled()
    assert dialog.chosen is not None
    dialog.take_codes_off(dialog.chosen)

    assert [dialog.model.index(row, 3).data() for row in range(2)] == ["", ""]
    head.database.close()
    open_office(paths, user_id=ME, password=PASSWORD, now=clock).database.close()


def test_the_recovery_key_is_tried_and_opens_or_does_not(
    context: TabContext, template: tuple[Path, str], qtbot: QtBot
) -> None:
    dialog = TryRecoveryKeyDialog(context)
    qtbot.addWidget(dialog)

    dialog.key.control.setText("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA")
    dialog.accept_button.click()
    assert "does not fit" in dialog.problem.accessibleName()
    dialog.key.control.setText(template[1].lower())
    dialog.accept_button.click()

    assert "It opens the records." in dialog.problem.accessibleName()
    assert dialog.key.control.text() == ""
    assert dialog.result() != QDialog.DialogCode.Accepted


def test_a_recovery_key_counts_as_kept_once_a_group_of_the_print_was_typed(context: TabContext, qtbot: QtBot) -> None:
    paper = RecoveryKeyPaper(context.theme)
    qtbot.addWidget(paper)
    paper.show_key("AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GGGG-HHHH")
    paper.confirmed.setChecked(True)
    assert not paper.check()
    assert paper.group.error

    QTest.keyClicks(paper.group.control, "ZZZZ")
    assert not paper.check()
    assert "differs" in paper.group.error
    paper.group.control.clear()
    QTest.keyClicks(paper.group.control, paper.asked_group.lower())

    assert paper.check()


def test_every_control_has_a_name(context: TabContext, office: Office, qtbot: QtBot) -> None:
    codes = ("AAAA-BBBB-CCCC-DDDD",)
    for dialog in (
        SignInDialog(context), PhoneDialog(context, offer_phone(office)), NewCodesDialog(context),
        SwitchOffDialog(context), ComputerDialog(context), TryRecoveryKeyDialog(context),
        PrintedCodesDialog(context.theme, codes),
    ):  # fmt: skip
        qtbot.addWidget(dialog)
        dialog.show()
        assert nameless_controls(dialog) == []


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_every_dialog_is_walked_with_the_keyboard_alone(
    context: TabContext, office: Office, clock: Clock, store: MemoryStore, qtbot: QtBot, scale: float
) -> None:
    offer = offer_phone(office)
    switch_on(office, offer, password=PASSWORD, code=Phone(offer, clock).code)
    let_this_computer_open(office, password=PASSWORD)
    assert store.held
    context.theme.set_text_scale(scale)
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1366, 688)

    for dialog in (
        SignInDialog(context, window), PhoneDialog(context, offer, window), NewCodesDialog(context, window),
        SwitchOffDialog(context, window), ComputerDialog(context, window), TryRecoveryKeyDialog(context, window),
        PrintedCodesDialog(context.theme, ("AAAA-BBBB-CCCC-DDDD",), window), PeopleDialog(context, window),
    ):  # fmt: skip
        dialog.show()
        assert dialog.height() <= window.height()
        assert walked(dialog) == reachable(dialog)
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert dialog.isVisible() == isinstance(dialog, PrintedCodesDialog), "codes are not lost by a key"
        dialog.done(0)


def test_the_second_step_of_the_unlock_window_is_walked_with_the_keyboard_alone(
    paths: Paths, clock: Clock, phone: Phone, doors: Doors
) -> None:
    assert phone
    door = doors(paths, clock)
    door.type_password()
    assert door.window.asks_code

    assert walked(door.window) == reachable(door.window)
    door.window.other.setFocus()
    QTest.keyClick(door.window.other, Qt.Key.Key_Space)

    assert door.window.code.isHidden()
    assert door.window.focusWidget() is door.window.password.control


def reachable(screen: QWidget) -> set[QWidget]:
    """Every control that is shown and can be used."""
    return {
        control for control in screen.findChildren(QWidget)
        if isinstance(control, QAbstractButton | QLineEdit | QPlainTextEdit | QComboBox | QTableView)
        and control.isVisible() and control.isEnabled() and control.objectName() != "qt_toolbar_ext_button"
        and not isinstance(control.parentWidget(), QComboBox | QAbstractItemView)
    }  # fmt: skip


def walked(screen: QWidget) -> set[QWidget]:
    """Where Tab leads, round until it comes back; what has the focus is in sight."""
    if screen.focusWidget() is None:
        QTest.keyClick(screen, Qt.Key.Key_Tab)
    met: set[QWidget] = set()
    for _ in range(40):
        at = screen.focusWidget()
        assert at is not None
        assert not at.visibleRegion().isEmpty()
        if at in met:
            break
        met.add(at)
        QTest.keyClick(at, Qt.Key.Key_Tab)
    return met


def test_a_backup_is_brought_back_on_another_computer_with_a_printed_code(
    office: Office, paths: Paths, clock: Clock, tmp_path: Path, qtbot: QtBot
) -> None:
    offer = offer_phone(office)
    printed = switch_on(office, offer, password=PASSWORD, code=Phone(offer, clock).code)
    make_backup(office, to=tmp_path / "stick")
    office.database.close()
    new = replace(paths, data=tmp_path / "new" / "data", here=tmp_path / "new-pc")
    new.data.mkdir(parents=True)
    dialog = RestoreDialog(Theme(paths.resources), new, ImmediateErrand(), now=clock)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.read(also=tmp_path / "stick")
    dialog.table.selectRow(0)
    dialog.password.control.setText(PASSWORD)

    dialog.look_button.click()
    assert dialog.code.isVisible()
    assert dialog.focusWidget() is dialog.code.control
    dialog.code.control.setText(printed[2])
    dialog.look_button.click()
    dialog.restore_button.click()

    assert dialog.result() == QDialog.DialogCode.Accepted
    clock.forward()
    open_office(new, user_id=ME, password=PASSWORD, now=clock, code=printed[3]).database.close()
