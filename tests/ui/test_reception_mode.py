"""Initials in place of names, in the window and in its dialogs, until somebody holds the key or ends the mode."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from cme_desktop.casework.cases import open_case
from cme_desktop.casework.known_names import list_known_names
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.domain.identifiers import CaseId
from cme_desktop.paths import find_paths
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.cases.add_to_history_dialog import AddToHistoryDialog
from cme_desktop.ui.cases.tab import CasesTab
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.clipboard_watch import CLIPBOARD_SECONDS, ClipboardWatch
from cme_desktop.ui.contacts.tab import ContactsTab
from cme_desktop.ui.imports.dialog import ImportDialog
from cme_desktop.ui.information.breaches_dialog import BreachesDialog
from cme_desktop.ui.information.requests_dialog import RequestsDialog
from cme_desktop.ui.information.sharing_dialog import SharingDialog
from cme_desktop.ui.keeping.dialog import KeepingDialog
from cme_desktop.ui.main_window import MainWindow, tabs_for
from cme_desktop.ui.name_covers import NameCover
from cme_desktop.ui.roll.reports.dialogs import WorryDialog
from cme_desktop.ui.school.backups_dialog import BackupsDialog
from cme_desktop.ui.school.day_sheet_dialog import DaySheetDialog
from cme_desktop.ui.school.journal_dialog import JournalDialog
from cme_desktop.ui.screen_watch import ADDED, MOVED
from cme_desktop.ui.sharing_guard import SharingGuard
from cme_desktop.ui.style.remembered_look import recall_look, remember_look
from cme_desktop.ui.style.shown_names import ShownNames
from cme_desktop.ui.style.theme import LookChoice, Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.today.tab import TodayTab
from tests.office import HEAD, LUCJA, MANAGER, TODAY, TOMASZ, add_marks, seen_by

REGISTER, CASES, CONTACTS, ROLL = 1, 2, 3, 4


@pytest.fixture
def case_id(office: Office) -> CaseId:
    for pupil in (LUCJA, TOMASZ):
        add_marks(office, pupil, "O", TODAY)
    return open_case(office, pupil_id=LUCJA, why="Nobody answers.").case_id


@pytest.fixture
def open_as(office: Office, case_id: CaseId, qtbot: QtBot) -> Callable[[SignedInUser], MainWindow]:
    del case_id
    office.paths.keys.write_text('{"format": 2, "database": "x", "slots": []}')

    def open_window(user: SignedInUser) -> MainWindow:
        notifier = ChangeNotifier()
        theme = Theme(office.paths.resources)
        theme.choose(LookChoice.LIGHT)
        context = TabContext(ImmediateBackground(seen_by(office, user), notifier), notifier, theme)
        window = MainWindow(context, office.paths.resources, tabs=tabs_for(user.role))
        qtbot.addWidget(window)
        window.begin(user)
        return window

    return open_window


@pytest.fixture
def window(open_as: Callable[[SignedInUser], MainWindow]) -> MainWindow:
    return open_as(MANAGER)


def names_of(window: MainWindow) -> ShownNames:
    return window._context.theme.names


def words_shown(root: QWidget) -> str:
    """What is painted on labels and in boxes."""
    labels = [label.text() for label in root.findChildren(QLabel) if label.isVisible()]
    labels += [button.text() for button in root.findChildren(QAbstractButton) if button.isVisible()]
    boxes = [box.itemText(place) for box in root.findChildren(QComboBox) for place in range(box.count())]
    return "\n".join((*labels, *boxes))


def names_on(root: QWidget, office: Office) -> list[str]:
    said = words_shown(root)
    return sorted(
        name for name in list_known_names(office) if len(name) > 3 and any(name == w.strip(",.:") for w in said.split())
    )


def press(widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key as the system does: at the window, wherever the keyboard is in it."""
    handle = widget.window().windowHandle()
    assert handle is not None
    QTest.qWait(1)  # offscreen, a tab just made takes the focus from the window once
    widget.window().activateWindow()
    assert QTest.qWaitForWindowActive(widget.window())
    QTest.keyClick(handle, key, modifier)


def in_front(dialog: QWidget, qtbot: QtBot) -> None:
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is dialog.windowHandle())


# -- the words -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Łucja Wiśniewska", "ŁW"),
        ("Ring Łucja’s mother, Maria", "Ring Ł mother, M"),
        ("Saved for Łucja Wiśniewska, Oak", "Saved for ŁW, Oak"),
        ("O'Brien, Zoë", "O, Z"),
        ("Anne-Marie van der Berg", "AMvdB"),
        ("Away since 12 May", "Away since 12 May"),
        ("May is away", "M is away"),
        ("Nobody is named here", "Nobody is named here"),
        ("", ""),
    ],
)
def test_names_become_initials_and_the_rest_stays(said: str, shown: str) -> None:
    names = ShownNames()
    names.know(["Łucja", "Wiśniewska", "Maria", "O'Brien", "Zoë", "Anne-Marie", "van der Berg", "May"])
    assert names.say(said) == said

    names.switch(on=True)

    assert names.say(said) == shown
    names.hold(held=True)
    assert names.say(said) == said


# -- the window ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", range(5))
def test_no_label_of_a_tab_names_anybody_in_reception_mode(window: MainWindow, office: Office, index: int) -> None:
    tab = window.show_tab(index)
    tab.show_pupil(int(LUCJA))
    before = names_on(tab, office)

    press(window, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)

    assert names_of(window).is_on
    assert names_on(tab, office) == []
    assert before or index in {REGISTER, ROLL}  # on the others somebody was named in words before


def test_the_bar_says_that_it_is_on_and_ends_it(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert window.bar.reception.isVisible()
    assert window.bar.reception.text() == "Reception mode"
    assert not window.names_are_hidden

    window.bar.reception.click()

    assert not window.bar.reception.isVisible()
    assert not names_of(window).is_on


def test_holding_the_key_shows_names_for_that_moment(window: MainWindow) -> None:
    tab = window.tab(0)
    assert isinstance(tab, TodayTab)
    tab.show_pupil(int(LUCJA))
    names_of(window).switch(on=True)
    assert tab.card.head.name.text() == "ŁW and TW"
    handle = window.windowHandle()

    QTest.keyPress(handle, Qt.Key.Key_F8)
    assert tab.card.head.name.text() == "Łucja Wiśniewska and Tomasz Wiśniewski"

    QTest.keyRelease(handle, Qt.Key.Key_F8)
    assert tab.card.head.name.text() == "ŁW and TW"


def test_holding_the_mouse_on_words_shows_their_names(window: MainWindow) -> None:
    tab = window.tab(0)
    assert isinstance(tab, TodayTab)
    tab.show_pupil(int(LUCJA))
    names_of(window).switch(on=True)
    name = tab.card.head.name

    QTest.mousePress(name, Qt.MouseButton.LeftButton)
    assert name.text() == "Łucja Wiśniewska and Tomasz Wiśniewski"

    QTest.mouseRelease(name, Qt.MouseButton.LeftButton)
    assert name.text() == "ŁW and TW"


def test_holding_the_mouse_on_a_row_paints_that_row_in_full(window: MainWindow) -> None:
    tab = window.show_tab(CASES)
    assert isinstance(tab, CasesTab)
    names_of(window).switch(on=True)
    row = tab.list.visualRect(tab.model.index(0, 0))
    shortened = tab.list.viewport().grab(row).toImage()

    QTest.mousePress(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    held = tab.list.viewport().grab(row).toImage()
    QTest.mouseRelease(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    QTest.mouseMove(tab.list.viewport(), QPoint(1, row.bottom() + 30))

    assert held != shortened
    assert tab.list.held is None


def test_it_is_on_again_after_a_restart_until_it_is_switched_off(tmp_path: Path) -> None:
    paths = find_paths(tmp_path)
    theme = Theme(paths.resources)
    theme.names.switch(on=True)
    theme.names.hide_on_second_screen(wanted=False)
    remember_look(theme, paths)

    again = Theme(paths.resources)
    recall_look(again, paths)
    assert again.names.is_on
    assert not again.names.hides_on_second_screen

    again.names.switch(on=False)
    remember_look(again, paths)
    third = Theme(paths.resources)
    recall_look(third, paths)
    assert not third.names.is_on


def test_names_are_initials_from_the_first_paint_where_it_was_left_on(
    office: Office, case_id: CaseId, qtbot: QtBot
) -> None:
    del case_id
    notifier = ChangeNotifier()
    theme = Theme(office.paths.resources)
    theme.names.switch(on=True)
    context = TabContext(ImmediateBackground(office, notifier), notifier, theme)
    window = MainWindow(context, office.paths.resources)
    qtbot.addWidget(window)

    window.begin(MANAGER)

    assert names_on(window, office) == []


def test_a_window_left_for_another_persons_takes_no_part_any_more(
    office: Office, case_id: CaseId, qtbot: QtBot
) -> None:
    del case_id
    notifier, theme = ChangeNotifier(), Theme(office.paths.resources)
    first, second = (
        MainWindow(TabContext(ImmediateBackground(office, notifier), notifier, theme), office.paths.resources)
        for _ in range(2)
    )
    qtbot.addWidget(second)
    first.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    second.begin(MANAGER)

    theme.names.switch(on=True)
    theme.names.hold(held=True)
    theme.names.switch(on=False)

    assert not second.bar.reception.isVisible()


# -- dialogs -------------------------------------------------------------------------------------------------------


def an_add_dialog(window: MainWindow, case_id: CaseId) -> AddToHistoryDialog:
    tab = window.show_tab(CASES)
    assert isinstance(tab, CasesTab)
    tab.show_case(case_id)
    tab.acts.ask_add()
    assert isinstance(tab.dialog, AddToHistoryDialog)
    return tab.dialog


def test_a_dialog_opened_in_reception_mode_offers_initials_and_saves_the_right_contact(
    window: MainWindow, office: Office, case_id: CaseId
) -> None:
    names_of(window).switch(on=True)
    dialog = an_add_dialog(window, case_id)

    assert names_on(dialog, office) == []
    assert dialog.findChildren(NameCover) == []
    assert dialog.who.control.chosen[0] is not None
    names_of(window).switch(on=False)
    assert "Wiśniewska" in words_shown(dialog)


def test_a_dialog_whose_fields_hold_names_is_covered_until_the_key_is_held(window: MainWindow, qtbot: QtBot) -> None:
    names_of(window).switch(on=True)
    tab = window.show_tab(CONTACTS)
    assert isinstance(tab, ContactsTab)
    tab.show_pupil(int(LUCJA))
    assert tab._held is not None
    tab.acts.ask_contact(tab._held.lines[0].contact)
    dialog = tab.acts.dialog
    assert dialog is not None
    (cover,) = dialog.findChildren(NameCover)
    assert cover.geometry() == dialog.rect()
    in_front(dialog, qtbot)

    QTest.keyPress(dialog.windowHandle(), Qt.Key.Key_F8)
    assert dialog.findChildren(NameCover) == []

    QTest.keyRelease(dialog.windowHandle(), Qt.Key.Key_F8)
    assert len(dialog.findChildren(NameCover)) == 1
    press(dialog, Qt.Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.findChildren(NameCover) == []
    assert not names_of(window).is_on


def test_a_file_with_names_not_yet_in_the_records_is_covered(window: MainWindow) -> None:
    names_of(window).switch(on=True)

    dialog = ImportDialog(window.tab(0).context, parent=window)
    dialog.show()

    assert len(dialog.findChildren(NameCover)) == 1
    dialog.reject()


def test_a_dialog_of_pages_is_covered_where_the_mode_comes_on_while_it_is_open(window: MainWindow) -> None:
    pages = DaySheetDialog(window._context, TODAY, window)
    pages.show()
    typed = an_add_dialog(window, CaseId(1))
    typed.words_field.control.setPlainText("Łucja Wiśniewska was seen at the shop.")

    names_of(window).switch(on=True)

    assert pages.findChild(NameCover) is not None
    assert typed.findChild(NameCover) is not None

    names_of(window).switch(on=False)

    assert pages.findChild(NameCover) is None
    assert typed.findChild(NameCover) is None


def test_f9_covers_an_open_dialog_and_gives_it_back_as_it_was(
    window: MainWindow, case_id: CaseId, qtbot: QtBot
) -> None:
    dialog = an_add_dialog(window, case_id)
    dialog.words_field.control.setFocus()
    QTest.keyClicks(dialog.words_field.control, "Half a sentence")
    in_front(dialog, qtbot)

    press(dialog, Qt.Key.Key_F9)

    is_hidden = window.names_are_hidden
    assert is_hidden
    (cover,) = dialog.findChildren(NameCover)
    assert cover.geometry() == dialog.rect()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape, Qt.Key.Key_X):
        press(dialog, key)
    assert dialog.isVisible()
    assert dialog.words == "Half a sentence"

    press(dialog, Qt.Key.Key_F9)

    assert not window.names_are_hidden
    assert dialog.findChildren(NameCover) == []
    assert dialog.focusWidget() is dialog.words_field.control


@pytest.mark.parametrize(
    "kind", [JournalDialog, BackupsDialog, RequestsDialog, SharingDialog, BreachesDialog, KeepingDialog]
)
def test_f9_covers_the_dialogs_of_the_menus_open_before_or_after(
    open_as: Callable[[SignedInUser], MainWindow], qtbot: QtBot, kind: Callable[[TabContext, QWidget], QDialog]
) -> None:
    window = open_as(HEAD)
    dialog = kind(window.tab(0).context, window)
    dialog.open()
    in_front(dialog, qtbot)
    press(dialog, Qt.Key.Key_F9)
    assert len(dialog.findChildren(NameCover)) == 1
    dialog.reject()

    later = kind(window.tab(0).context, window)
    later.open()

    assert window.names_are_hidden
    assert len(later.findChildren(NameCover)) == 1
    later.reject()


def test_a_worry_can_be_written_down_while_names_are_hidden(window: MainWindow) -> None:
    window.toggle_names()

    window._report_worry()

    (dialog,) = window.findChildren(WorryDialog)
    assert dialog.findChildren(NameCover) == []


def test_ctrl_l_locks_with_any_dialog_open(
    open_as: Callable[[SignedInUser], MainWindow], case_id: CaseId, qtbot: QtBot
) -> None:
    window = open_as(HEAD)
    entry = an_add_dialog(window, case_id)
    journal = JournalDialog(window.tab(0).context, window)
    for dialog, opened in ((entry, None), (journal, journal.open)):
        if opened is not None:
            opened()
        in_front(dialog, qtbot)
        with qtbot.waitSignal(window.lock_asked, timeout=500):
            press(dialog, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    press(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


# -- screens -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sentence", [ADDED, MOVED])
def test_another_screen_hides_names_and_says_how_to_show_them(window: MainWindow, sentence: str) -> None:
    window._screens.seen.emit(sentence)

    assert window.names_are_hidden
    assert window.banner.isVisible()
    assert window.banner.accessibleName().startswith(sentence)
    assert "F9" in window.banner.accessibleName()
    assert not window._second.isActive()  # somebody presents: it does not lock after a minute
    window.banner.button.click()
    assert not window.names_are_hidden


def test_a_screen_that_is_added_is_noticed_and_the_first_screen_is_not(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    window._screens.seen.connect(seen.append)
    application = QGuiApplication.instance()
    assert isinstance(application, QGuiApplication)

    window.windowHandle().screenChanged.emit(QGuiApplication.primaryScreen())
    assert seen == []

    application.screenAdded.emit(QGuiApplication.primaryScreen())
    assert seen == []  # the only screen has woken up
    screens = QGuiApplication.screens()
    monkeypatch.setattr(QGuiApplication, "screens", staticmethod(lambda: [*screens, *screens]))
    application.screenAdded.emit(QGuiApplication.primaryScreen())
    assert seen == [ADDED]


def test_who_does_not_want_it_is_left_alone(window: MainWindow) -> None:
    names_of(window).hide_on_second_screen(wanted=False)

    window._screens.seen.emit(ADDED)

    assert not window.names_are_hidden


def test_every_window_is_left_out_of_sharing_where_the_system_offers_it(window: MainWindow) -> None:
    asked: list[tuple[int, int]] = []
    guard = SharingGuard(window, call=lambda handle, how: asked.append((handle, how)))
    assert guard.is_offered

    guard.switch(on=True)
    assert (int(window.winId()), 0x11) in asked

    asked.clear()
    guard.switch(on=False)
    assert (int(window.winId()), 0) in asked


# -- the clipboard -------------------------------------------------------------------------------------------------


def test_what_was_copied_is_taken_off_after_a_minute(qtbot: QtBot) -> None:
    watch = ClipboardWatch(QGuiApplication.instance())  # type: ignore[arg-type]  # there is one
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("Łucja Wiśniewska")
    (timer,) = [timer for timer in watch._timers.values() if timer.isActive()]
    assert timer.interval() == CLIPBOARD_SECONDS * 1000

    timer.setInterval(10)
    timer.start()

    qtbot.waitUntil(lambda: clipboard.text() == "")
    watch.deleteLater()


def test_what_somebody_else_copied_since_is_left_there(monkeypatch: pytest.MonkeyPatch) -> None:
    watch = ClipboardWatch(QGuiApplication.instance())  # type: ignore[arg-type]  # there is one
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("Łucja Wiśniewska")
    monkeypatch.setattr(ClipboardWatch, "_is_ours", staticmethod(lambda _: False))
    clipboard.setText("A recipe")

    watch.clear()

    assert clipboard.text() == "A recipe"
    clipboard.clear()
    watch.deleteLater()


def test_leaving_takes_it_off_at_once() -> None:
    watch = ClipboardWatch(QGuiApplication.instance())  # type: ignore[arg-type]  # there is one
    QGuiApplication.clipboard().setText("Łucja Wiśniewska")

    watch.clear()

    assert QGuiApplication.clipboard().text() == ""
    watch.deleteLater()
