"""The Register tab, driven by its keys over real records."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.office import Office
from cme_desktop.casework.register import load_register
from cme_desktop.casework.register_cells import CellState, RegisterCell
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.register.grid_model import RegisterGridModel
from cme_desktop.ui.register.tab import RegisterTab
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import LUCJA, TODAY, add_pupil, an_office, at
from tests.ui.accessibility import nameless_controls

AFTER_LUNCH = datetime(2026, 11, 10, 14, 0, tzinfo=UTC)
THIS_AFTERNOON = SchoolSession(TODAY, Half.PM)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return at(an_office(tmp_path), AFTER_LUNCH)


@pytest.fixture
def tab(office: Office, qtbot: QtBot) -> RegisterTab:
    notifier = ChangeNotifier()
    shown = RegisterTab(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(shown)
    shown.setMinimumSize(1, 1)  # as in the window, which may be smaller than its tab would like
    shown.resize(1290, 620)
    shown.show()
    shown.show_pupil(LUCJA)
    shown.take_focus()
    return shown


def cell_of(office: Office, session: SchoolSession) -> RegisterCell:
    screen = load_register(office, class_name="Oak", first=TODAY, last=TODAY)
    row = next(row for row in screen.rows if row.pupil_id == LUCJA)
    return next(cell for cell in row.cells if cell.session == session)


def focus(tab: RegisterTab, session: SchoolSession) -> None:
    model = tab.grid.model()
    assert isinstance(model, RegisterGridModel)
    row, column = model.row_of(LUCJA), model.column_of(session)
    assert row is not None
    assert column is not None
    tab.grid.setCurrentIndex(model.index(row, column))


def test_a_code_typed_on_an_unknown_session_is_saved_at_once(tab: RegisterTab, office: Office, qtbot: QtBot) -> None:
    focus(tab, THIS_AFTERNOON)

    qtbot.keyClicks(tab.grid, "n")

    assert cell_of(office, THIS_AFTERNOON).code is AttendanceCode.NO_REASON_YET


def test_a_code_typed_over_a_mark_asks_who_told_you(tab: RegisterTab, office: Office, qtbot: QtBot) -> None:
    morning = SchoolSession(TODAY, Half.AM)
    focus(tab, morning)

    qtbot.keyClicks(tab.grid, "i")
    assert cell_of(office, morning).code is AttendanceCode.PRESENT_AM
    qtbot.keyClicks(tab.panel.card.reason.control, "Mother rang 8:50")
    qtbot.keyClick(tab.panel.card.reason.control, Qt.Key.Key_Return)

    assert cell_of(office, morning).code is AttendanceCode.ILLNESS
    assert cell_of(office, morning).corrections[0].reason == "Mother rang 8:50"


def test_a_change_without_a_reason_stays_on_the_card_and_says_why(
    tab: RegisterTab, office: Office, qtbot: QtBot
) -> None:
    morning = SchoolSession(TODAY, Half.AM)
    focus(tab, morning)

    qtbot.keyClicks(tab.grid, "i")
    qtbot.keyClick(tab.panel.card.reason.control, Qt.Key.Key_Return)

    assert "reason" in tab.panel.card.reason.error
    assert cell_of(office, morning).code is AttendanceCode.PRESENT_AM


def test_a_code_of_two_characters_is_finished_on_the_card(tab: RegisterTab, office: Office, qtbot: QtBot) -> None:
    focus(tab, THIS_AFTERNOON)

    qtbot.keyClicks(tab.grid, "c")
    qtbot.keyClicks(tab.panel.card.code.control, "2")
    qtbot.keyClick(tab.panel.card.code.control, Qt.Key.Key_Return)
    qtbot.keyClick(tab.panel.card.reason.control, Qt.Key.Key_Return)

    assert cell_of(office, THIS_AFTERNOON).code is AttendanceCode.PART_TIME


def test_letters_that_are_no_code_are_refused_beside_the_field(tab: RegisterTab, qtbot: QtBot) -> None:
    focus(tab, THIS_AFTERNOON)

    qtbot.keyClicks(tab.grid, "y")
    qtbot.keyClicks(tab.panel.card.code.control, "9")
    qtbot.keyClick(tab.panel.card.reason.control, Qt.Key.Key_Return)

    assert "Y9 is not an attendance code" in tab.panel.card.code.error


def test_enter_goes_down_the_column(tab: RegisterTab, qtbot: QtBot) -> None:
    model = tab.grid.model()
    tab.grid.setCurrentIndex(model.index(0, 3))

    qtbot.keyClick(tab.grid, Qt.Key.Key_Return)

    assert (tab.grid.currentIndex().row(), tab.grid.currentIndex().column()) == (1, 3)


def test_rest_present_takes_the_register_that_is_missing(tab: RegisterTab, office: Office, qtbot: QtBot) -> None:
    assert cell_of(office, THIS_AFTERNOON).state is CellState.UNKNOWN

    qtbot.mouseClick(tab.not_taken.button, Qt.MouseButton.LeftButton)

    assert cell_of(office, THIS_AFTERNOON).code is AttendanceCode.PRESENT_PM
    assert not tab.not_taken.isVisible()


def test_a_screen_reader_hears_who_when_and_what(tab: RegisterTab) -> None:
    focus(tab, THIS_AFTERNOON)

    said = tab.grid.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)

    assert said == "Wiśniewska, Łucja, Tuesday 10 November pm: Register not taken"


def test_hidden_names_leave_the_marks_and_take_the_names(tab: RegisterTab) -> None:
    focus(tab, THIS_AFTERNOON)

    tab.hide_names(hidden=True)

    name = tab.grid.currentIndex().siblingAtColumn(0).data()
    assert name == "Pupil 6"
    assert "Wiśniewska" not in tab.grid.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    assert not tab.panel.isVisible()


def test_every_control_has_a_name(tab: RegisterTab) -> None:
    assert nameless_controls(tab) == []


def test_the_grid_keeps_the_promises_of_a_table_model(tab: RegisterTab, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(tab.grid.model(), force_py=True)


def test_where_it_is_narrow_the_pupil_is_a_second_page_and_escape_goes_back(tab: RegisterTab, qtbot: QtBot) -> None:
    tab.resize(700, 500)
    focus(tab, SchoolSession(TODAY, Half.AM))
    assert not tab.panel.isVisible()

    qtbot.keyClick(tab.grid, Qt.Key.Key_F2)
    assert tab.panel.isVisible()
    assert not tab.grid.isVisible()

    qtbot.keyClick(tab.panel.card.reason.control, Qt.Key.Key_Escape)
    assert tab.grid.isVisible()
    assert not tab.panel.isVisible()


def test_a_mark_is_amended_on_the_narrow_page(tab: RegisterTab, office: Office, qtbot: QtBot) -> None:
    tab.resize(700, 500)
    morning = SchoolSession(TODAY, Half.AM)
    focus(tab, morning)

    qtbot.keyClicks(tab.grid, "i")
    qtbot.keyClicks(tab.panel.card.reason.control, "Mother rang 8:50")
    qtbot.keyClick(tab.panel.card.reason.control, Qt.Key.Key_Return)

    assert cell_of(office, morning).code is AttendanceCode.ILLNESS
    assert tab.grid.isVisible()


def test_names_hidden_on_the_narrow_page_show_no_panel(tab: RegisterTab, qtbot: QtBot) -> None:
    tab.resize(700, 500)
    focus(tab, SchoolSession(TODAY, Half.AM))
    qtbot.keyClick(tab.grid, Qt.Key.Key_F2)

    tab.hide_names(hidden=True)

    assert not tab.panel.isVisible()
    assert tab.grid.isVisible()


def test_a_wide_window_shows_two_weeks(tab: RegisterTab) -> None:
    assert tab.grid.model().columnCount() == 1 + 2 * 5

    tab.resize(1840, 900)

    assert tab.grid.model().columnCount() == 1 + 2 * 10


def test_rows_are_low_again_when_the_text_is_made_small_again(tab: RegisterTab) -> None:
    before = tab.grid.rowHeight(0)

    tab.context.theme.set_text_scale(2.0)
    assert tab.grid.rowHeight(0) == 2 * before
    tab.context.theme.set_text_scale(1.0)

    assert tab.grid.rowHeight(0) == before


def test_a_register_that_became_due_meanwhile_is_missing_when_the_tab_is_looked_at_again(
    tmp_path: Path, qtbot: QtBot
) -> None:
    clock = [datetime(2026, 11, 10, 8, 50, tzinfo=UTC)]
    opened = an_office(tmp_path)
    add_pupil(opened, starting_day=TODAY, class_name="Elm")
    office = Office(opened.database, lambda: clock[0], opened.user, opened.paths)
    notifier = ChangeNotifier()
    tab = RegisterTab(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(tab)
    tab._choose_class("Elm")
    tab.show()
    assert not tab.not_taken.isVisible()

    tab.hide()
    clock[0] = datetime(2026, 11, 10, 9, 19, tzinfo=UTC)
    tab.show()

    assert tab.not_taken.isVisible()
    assert "Tue 10 Nov am" in tab.not_taken.accessibleName()


def test_a_register_left_open_turns_to_not_taken_by_itself_once_it_is_due(tmp_path: Path, qtbot: QtBot) -> None:
    office, minute = an_office(tmp_path), [datetime(2026, 11, 10, 13, 29, tzinfo=UTC)]
    living = Office(office.database, lambda: minute[0], office.user, office.paths)
    notifier = ChangeNotifier()
    tab = RegisterTab(TabContext(ImmediateBackground(living, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(tab)
    tab.show()
    tab.follow_clock()
    assert tab.not_taken.isHidden()

    minute[0] = datetime(2026, 11, 10, 13, 30, tzinfo=UTC)
    tab.panel.card.reason.control.setText("Mother rang")
    tab.follow_clock()
    assert tab.not_taken.isHidden()  # what is being typed is not disturbed
    tab.panel.card.reason.control.clear()
    tab.follow_clock()

    assert not tab.not_taken.isHidden()
    assert "Tue 10 Nov pm" in tab.not_taken.accessibleName()
