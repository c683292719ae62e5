"""The Contacts tab, driven by its keys over real records."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QFontMetrics
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.circumstances import add_circumstance
from cme_desktop.casework.contacts import load_contact_list
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_note
from cme_desktop.domain.contacts import NumberQuality
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.storage.events import list_events
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.contacts.agency_list import AgencyDialog
from cme_desktop.ui.contacts.circumstance_dialog import CircumstanceDialog
from cme_desktop.ui.contacts.contact_dialog import ContactDialog
from cme_desktop.ui.contacts.tab import ContactsTab
from cme_desktop.ui.row_table_model import ROW_ROLE
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.widgets.dialog import AskDialog
from tests.office import AISHA, CALLUM, LUCJA, TOMASZ, an_office
from tests.ui.accessibility import nameless_controls


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


@pytest.fixture
def tab(office: Office, qtbot: QtBot) -> ContactsTab:
    notifier = ChangeNotifier()
    shown = ContactsTab(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(shown)
    shown.resize(1290, 620)
    shown.show()
    return shown


def families_shown(tab: ContactsTab) -> list[str]:
    return [line.family.surnames for line in tab.model.rows if line.family is not None]


def order_of(office: Office, pupil_id: int) -> list[int]:
    return [line.contact.id for line in load_contact_list(office, pupil_id=pupil_id).lines]  # type: ignore[arg-type]


def test_thin_lists_stand_first_and_every_family_once(tab: ContactsTab) -> None:
    headings = [(line.heading, line.count) for line in tab.model.rows if line.family is None]

    assert headings == [("Thin lists", 1), ("All families", 10)]
    assert families_shown(tab)[0] == "Birtles"


def test_a_family_is_found_by_letters_without_their_accents(tab: ContactsTab, qtbot: QtBot) -> None:
    tab.take_focus()

    qtbot.keyClicks(tab.finder, "luc")

    assert families_shown(tab) == ["Wiśniewska, Wiśniewski"]
    assert tab.pane.name.text() == "Wiśniewska, Łucja"


def test_a_family_is_found_by_a_part_of_a_number_however_spaced(tab: ContactsTab, qtbot: QtBot) -> None:
    qtbot.keyClicks(tab.finder, "900 202")

    assert families_shown(tab) == ["Birtles"]


def test_nothing_found_is_said_with_what_to_try(tab: ContactsTab, qtbot: QtBot) -> None:
    qtbot.keyClicks(tab.finder, "zzo")

    assert tab._nothing.isVisible()
    assert not tab.list.isVisible()


def test_alt_and_an_arrow_key_change_the_ringing_order(tab: ContactsTab, office: Office, qtbot: QtBot) -> None:
    tab.show_pupil(LUCJA)
    first, second = order_of(office, LUCJA)

    qtbot.keyClick(tab.pane.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

    assert order_of(office, LUCJA) == [second, first]
    assert tab.pane.list.currentIndex().data(ROW_ROLE).contact.id == first


def test_enter_opens_the_contact_and_a_number_marked_dead_makes_the_list_thin(
    tab: ContactsTab, office: Office, qtbot: QtBot
) -> None:
    tab.show_pupil(LUCJA)

    qtbot.keyClick(tab.pane.list, Qt.Key.Key_Return)
    dialog = tab.dialog
    assert isinstance(dialog, ContactDialog)
    dialog.numbers[0].dead.setChecked(True)
    dialog.accept_button.click()

    number = load_contact_list(office, pupil_id=LUCJA).lines[0].contact.numbers[0]
    assert number.quality is NumberQuality.DEAD
    assert tab.pane.banner.isVisible()
    assert "Wiśniewska, Wiśniewski" in families_shown(tab)[:2]


def test_do_not_contact_without_a_ground_keeps_the_dialog_open_and_says_why(tab: ContactsTab, qtbot: QtBot) -> None:
    tab.show_pupil(LUCJA)
    qtbot.keyClick(tab.pane.list, Qt.Key.Key_Return)
    dialog = tab.dialog
    assert isinstance(dialog, ContactDialog)

    dialog.ban.setChecked(True)
    dialog.accept_button.click()

    assert dialog.isVisible()
    assert "why they must not be contacted" in dialog.problem.accessibleName()


def test_a_number_that_must_not_be_rung_is_neither_shown_nor_spoken(tab: ContactsTab) -> None:
    tab.show_pupil(AISHA)

    spoken = [
        tab.pane.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for row in range(tab.pane.model.rowCount())
    ]
    assert any(words.startswith("Do not contact: Father") for words in spoken)
    assert not any("900203" in "".join(words.split()) for words in spoken)


def test_a_contact_is_added_by_keyboard(tab: ContactsTab, office: Office, qtbot: QtBot) -> None:
    tab.show_pupil(CALLUM)
    tab.pane.add.click()
    dialog = tab.dialog
    assert isinstance(dialog, ContactDialog)

    qtbot.keyClicks(dialog.forename.control, "Kelly")
    qtbot.keyClicks(dialog.numbers[0].text, "07700 900418")
    qtbot.keyClick(dialog.numbers[0].text, Qt.Key.Key_Return)

    assert [line.contact.name for line in load_contact_list(office, pupil_id=CALLUM).lines][-1] == "Kelly"


def test_brothers_and_sisters_have_a_list_each(tab: ContactsTab) -> None:
    tab.show_pupil(LUCJA)
    tab.pane.pupil_chosen.emit(TOMASZ)

    assert tab.pane.name.text() == "Wiśniewski, Tomasz"


def test_a_circumstance_is_added_and_shown(tab: ContactsTab, office: Office) -> None:
    tab.show_pupil(LUCJA)
    tab.pane.add_circumstance.click()
    dialog = tab.dialog
    assert isinstance(dialog, CircumstanceDialog)

    dialog.accept_button.click()

    assert len(load_contact_list(office, pupil_id=LUCJA).circumstances) == 1


def test_the_directory_is_shown_and_an_agency_added(tab: ContactsTab) -> None:
    tab.agencies_button.click()
    tab.add_agency.click()
    dialog = tab.dialog
    assert isinstance(dialog, AgencyDialog)

    dialog.name.control.setText("Virtual school")
    dialog.accept_button.click()

    assert "Virtual school" in [agency.name for agency in tab.agencies.rows]


def test_hidden_names_are_neither_painted_nor_spoken(tab: ContactsTab) -> None:
    tab.hide_names(hidden=True)

    spoken = " ".join(
        str(tab.model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(tab.model.rowCount())
    )
    assert "Wiśniewska" not in spoken
    assert "Callum" not in spoken
    assert tab.detail.currentWidget() is tab._hidden


def test_a_narrow_window_shows_the_list_or_the_family(tab: ContactsTab, qtbot: QtBot) -> None:
    tab.resize(820, 640)

    assert tab._side.isVisible()
    assert not tab._main.isVisible()

    tab.list.setCurrentIndex(tab.model.index(1, 0))
    qtbot.keyClick(tab.list, Qt.Key.Key_Return)
    assert tab._main.isVisible()
    qtbot.keyClick(tab.pane.list, Qt.Key.Key_Escape)
    assert tab._side.isVisible()


def test_a_group_closes_and_opens_with_left_and_right(tab: ContactsTab, qtbot: QtBot) -> None:
    tab.list.setCurrentIndex(tab.model.index(0, 0))

    qtbot.keyClick(tab.list, Qt.Key.Key_Left)
    assert "Birtles" not in families_shown(tab)
    qtbot.keyClick(tab.list, Qt.Key.Key_Right)

    assert "Birtles" in families_shown(tab)


def test_models_behave(tab: ContactsTab, qtmodeltester: ModelTester) -> None:
    tab.show_pupil(LUCJA)

    for model in (tab.model, tab.pane.model, tab.agencies):
        qtmodeltester.check(model, force_py=True)


def test_every_control_has_a_name(tab: ContactsTab) -> None:
    QAccessible.setActive(True)
    tab.show_pupil(LUCJA)
    assert nameless_controls(tab) == []

    tab.acts.ask_contact()
    assert tab.dialog is not None
    assert nameless_controls(tab.dialog) == []
    tab.dialog.reject()


def test_a_move_is_said_and_ctrl_z_takes_it_back(tab: ContactsTab, office: Office, qtbot: QtBot) -> None:
    tab.show_pupil(LUCJA)
    before = order_of(office, LUCJA)
    qtbot.keyClick(tab.pane.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert tab._toast.words == "Mother is rung later"

    tab.undo()

    assert order_of(office, LUCJA) == before
    assert tab.pane.model.rows[0].contact.id == before[0]
    assert tab._toast.words == "Undone: it is as it was"


def test_a_contact_taken_off_the_list_comes_back(tab: ContactsTab, office: Office, qtbot: QtBot) -> None:
    tab.show_pupil(LUCJA)
    before = load_contact_list(office, pupil_id=LUCJA)
    qtbot.keyClick(tab.pane.list, Qt.Key.Key_Delete)
    assert isinstance(tab.dialog, AskDialog)
    tab.dialog.accept()
    assert len(order_of(office, LUCJA)) == 1

    tab.undo()

    assert load_contact_list(office, pupil_id=LUCJA) == before


def test_an_act_of_another_screen_is_not_taken_back_from_here(tab: ContactsTab, office: Office) -> None:
    record_note(office, pupils=(LUCJA,), words="Rang at the hatch.")

    assert tab.undo()

    assert tab._toast.words == "Nothing was changed here that can be undone"
    with office.database.reading() as db:
        assert [each.retracted_at for each in list_events(db, pupil_id=LUCJA)] == [None]


def test_choosing_a_family_leaves_the_directory(tab: ContactsTab, qtbot: QtBot) -> None:
    tab.agencies_button.click()
    assert tab.detail.currentWidget() is tab.directory

    qtbot.keyClicks(tab.finder, "birt")

    assert tab.detail.currentWidget() is tab.pane
    assert tab.families_button.isChecked()


def test_a_narrow_window_shows_the_directory_alone_with_its_numbers(tab: ContactsTab, qtbot: QtBot) -> None:
    tab.resize(820, 640)
    tab.agencies_button.click()
    assert not tab._side.isVisible()
    table = tab.agency_table

    qtbot.waitUntil(lambda: table.viewport().rect().contains(table.visualRect(tab.agencies.index(0, 2))))
    number = table.visualRect(tab.agencies.index(0, 2))
    words = QFontMetrics(tab.context.theme.font("body-strong")).horizontalAdvance("01632 960110")
    assert number.width() >= words + 16

    qtbot.keyClick(tab.agency_table, Qt.Key.Key_Escape)

    assert tab._side.isVisible()
    assert tab.families_button.isChecked()


def test_no_key_opens_a_dialog_while_names_are_hidden(tab: ContactsTab, qtbot: QtBot) -> None:
    tab.show_pupil(LUCJA)
    tab.hide_names(hidden=True)

    qtbot.keyClick(tab.list, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert tab.dialog is None


def test_the_mouse_is_offered_what_the_keys_do(tab: ContactsTab, office: Office) -> None:
    tab.show_pupil(LUCJA)
    before = order_of(office, LUCJA)
    place = tab.pane.list.visualRect(tab.pane.model.index(0, 0)).center()
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, tab.pane.list.mapToGlobal(place))

    QApplication.sendEvent(tab.pane.list.viewport(), asked)
    (menu,) = tab.pane.list.findChildren(QMenu)
    earlier, later = menu.actions()[1:3]
    assert not earlier.isEnabled()
    later.trigger()
    menu.close()

    assert order_of(office, LUCJA) == before[::-1]


def test_tab_walks_the_family_as_it_is_read(tab: ContactsTab, office: Office, qtbot: QtBot) -> None:
    add_circumstance(office, pupil_id=LUCJA, name=Circumstance.YOUNG_CARER)
    tab.show_pupil(LUCJA)
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    young_carer = next(each for each in tab.pane.findChildren(QPushButton) if each.text() == "Young carer")
    qtbot.waitUntil(young_carer.isVisible)
    tab.take_focus()
    walked = []

    for _ in range(9):
        focus = QApplication.focusWidget()
        assert focus is not None
        walked.append(focus.text() if isinstance(focus, QPushButton) else focus.accessibleName())
        qtbot.keyClick(focus, Qt.Key.Key_Tab)

    assert walked == [
        "Find a family or a number", "Families", "Add a contact", "Łucja Wiśniewska, Oak",
        "Tomasz Wiśniewski, Beech", "Contacts in ringing order", "Add a circumstance", "Young carer", "All 3",
    ]  # fmt: skip


def test_the_keyboard_stays_on_the_sibling_chosen(tab: ContactsTab, qtbot: QtBot) -> None:
    tab.show_pupil(LUCJA)
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    brother = next(each for each in tab.pane.findChildren(QPushButton) if each.text().startswith("Tomasz"))
    qtbot.waitUntil(brother.isVisible)
    brother.setFocus()

    qtbot.keyClick(brother, Qt.Key.Key_Space)

    focus = QApplication.focusWidget()
    assert tab.pane.name.text() == "Wiśniewski, Tomasz"
    assert isinstance(focus, QPushButton)
    assert focus.text().startswith("Tomasz")
    assert focus.isChecked()
