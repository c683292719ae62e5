"""The widgets say what they show, and act by mouse and by key."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QFontMetrics, QIcon, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.paths import find_paths
from cme_desktop.ui.entry_dialog import choice_box, day_edit
from cme_desktop.ui.style.theme import LookChoice, Theme
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.dialog import AskDialog
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.heat_map import HeatDay, HeatMap, mark_table_model
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.mark_cell import MarkLook, look_of, paint_mark, say_mark
from cme_desktop.ui.widgets.outcome_key import OutcomeKey
from cme_desktop.ui.widgets.roll_balance import RollBalance, RollCounts
from cme_desktop.ui.widgets.severity_shape import SeverityShape, Shape
from cme_desktop.ui.widgets.status_tile import StatusTile, TileFacts, TileState
from cme_desktop.ui.widgets.timeline import TimelineEntry, TimelineList, timeline_model
from cme_desktop.ui.widgets.toast import SECONDS, Toast

_SEEN = 128
_NEAR = 12


@pytest.fixture
def theme(qapp: QObject, tmp_path: Path) -> Theme:
    return Theme(find_paths(tmp_path).resources)


@pytest.mark.parametrize("look", [LookChoice.LIGHT, LookChoice.DARK, LookChoice.HIGH_CONTRAST])
@pytest.mark.parametrize("kind", [PrimaryButton, SecondaryButton])
def test_a_button_that_can_not_be_pressed_looks_so_in_every_theme(
    theme: Theme, qtbot: QtBot, look: LookChoice, kind: type[PrimaryButton | SecondaryButton]
) -> None:
    theme.choose(look)
    button = kind(theme, "Read the pages…", icon="file-text")
    qtbot.addWidget(button)
    button.show()
    live = button.grab().toImage()

    button.disable("Decide every item first.")

    assert button.grab().toImage() != live


def test_the_icon_of_an_act_not_offered_is_as_dark_as_its_words(theme: Theme) -> None:
    theme.choose(LookChoice.LIGHT)
    icon = theme.icon("list", "on_accent", 16)

    dead = icon.pixmap(16, 16, QIcon.Mode.Disabled).toImage()

    each = [dead.pixelColor(x, y) for x in range(dead.width()) for y in range(dead.height())]
    drawn = [color for color in each if color.alpha() > _SEEN]
    assert drawn
    assert all(abs(color.lightness() - theme.color("text3").lightness()) < _NEAR for color in drawn)


def test_a_session_nobody_marked_looks_unknown_and_never_absent() -> None:
    assert look_of("?") is MarkLook.UNKNOWN
    assert look_of("N") is MarkLook.UNAUTHORISED
    assert look_of("") is MarkLook.TO_COME
    assert say_mark("?") == "register not taken"


def test_every_mark_can_be_drawn_in_every_look(theme: Theme) -> None:
    for choice in LookChoice:
        theme.choose(choice)
        image = QImage(40, 24, QImage.Format.Format_ARGB32)
        painter = QPainter(image)
        for symbol in ("/", "I", "N", "?", "#", "", "."):
            paint_mark(painter, image.rect().toRectF(), symbol, theme, is_amended=True, has_focus=True)
        painter.end()


def test_a_tile_with_nothing_left_says_none(theme: Theme, qtbot: QtBot) -> None:
    tile = StatusTile(theme, TileFacts("9:45", "Contacts tried", 0, "still to try", TileState.DONE))
    qtbot.addWidget(tile)

    assert tile.accessibleName() == "9:45 Contacts tried: none, still to try"


def test_a_tile_is_pressed_with_the_space_bar(theme: Theme, qtbot: QtBot) -> None:
    tile = StatusTile(theme, TileFacts("8:55", "Registers in", 1, "missing: Elm", TileState.LATE))
    qtbot.addWidget(tile)
    tile.show()

    with qtbot.waitSignal(tile.clicked):
        QTest.keyClick(tile, Qt.Key.Key_Space)

    assert tile.accessibleName().endswith("late")


def test_the_roll_is_said_in_words(theme: Theme, qtbot: QtBot) -> None:
    balance = RollBalance(theme, RollCounts(171, 12, 27))
    qtbot.addWidget(balance)

    assert balance.accessibleName() == "171 in, 12 absent, 27 unknown, of 210 on roll"


def test_an_outcome_key_is_a_named_button(theme: Theme, qtbot: QtBot) -> None:
    key = OutcomeKey(theme, "N", "No answer")
    qtbot.addWidget(key)
    key.show()
    QAccessible.setActive(True)

    interface = QAccessible.queryAccessibleInterface(key)

    assert interface is not None
    assert interface.role() == QAccessible.Role.Button
    assert interface.text(QAccessible.Text.Name) == "No answer"
    with qtbot.waitSignal(key.clicked):
        QTest.mouseClick(key, Qt.MouseButton.LeftButton)


def test_a_toast_offers_undo_until_its_seconds_run_out(theme: Theme, qtbot: QtBot) -> None:
    toast = Toast(theme)
    qtbot.addWidget(toast)
    toast.show_saved("No answer saved for Łucja Wiśniewska, 9:13")

    with qtbot.waitSignal(toast.ended):
        for _ in range(SECONDS):
            toast._timer.timeout.emit()

    assert toast.isHidden()


def test_a_field_tells_its_error_to_assistive_tools(theme: Theme, qtbot: QtBot) -> None:
    field = Field(theme, "Day the parent rang", QLineEdit(), hint="Such as 10/11/2026.")
    qtbot.addWidget(field)

    field.set_error("There is no month 13.")

    assert field.control.accessibleName() == "Day the parent rang"
    assert field.control.accessibleDescription() == "There is no month 13."


@pytest.mark.parametrize(("control", "change"), [
    (QLineEdit, lambda edit: edit.setText("3")),
    (QPlainTextEdit, lambda edit: edit.setPlainText("3")),
    (lambda: choice_box((("Choose…", None), ("A", "a"))), lambda box: box.setCurrentIndex(1)),
    (lambda: day_edit(date(2026, 11, 9)), lambda edit: edit.setDate(QDate(2026, 11, 10))),
], ids=["line", "words", "choice", "day"])  # fmt: skip
def test_an_error_goes_with_what_it_was_about(
    control: Callable[[], QWidget], change: Callable[[QWidget], None], theme: Theme, qtbot: QtBot
) -> None:
    field = Field(theme, "Day the parent rang", control(), hint="Such as 10/11/2026.")
    qtbot.addWidget(field)
    field.set_error("There is no month 13.")

    change(field.control)

    assert not field.error
    assert field.control.accessibleDescription() == "Such as 10/11/2026."


def test_a_list_shows_where_the_keyboard_is_as_soon_as_tab_comes_to_it(theme: Theme, qtbot: QtBot) -> None:
    around = QWidget()
    qtbot.addWidget(around)
    before, history = QLineEdit(around), TimelineList(theme, parent=around)
    model = timeline_model()
    model.set_rows(
        (TimelineEntry("Mon 9 Nov", "9:00", "phone", "Call"), TimelineEntry("Tue 10 Nov", "9:00", "house", "Visit"))
    )
    history.setModel(model)
    with qtbot.waitExposed(around):
        around.show()
    around.activateWindow()
    before.setFocus()
    assert not history.selectionModel().hasSelection()

    qtbot.keyClick(before, Qt.Key.Key_Tab)

    assert [index.row() for index in history.selectedIndexes()] == [0]
    qtbot.keyClick(history, Qt.Key.Key_Down)
    qtbot.keyClick(history, Qt.Key.Key_Backtab)
    history.clearSelection()
    qtbot.keyClick(before, Qt.Key.Key_Tab)
    assert [index.row() for index in history.selectedIndexes()] == [1]


def test_enter_never_destroys(theme: Theme, qtbot: QtBot) -> None:
    dialog = AskDialog(theme, title="Take this contact off?", accept="Take off", reject="Keep", is_grave=True)
    qtbot.addWidget(dialog)
    dialog.show()

    QTest.keyClick(dialog, Qt.Key.Key_Return)

    assert dialog.result() == AskDialog.DialogCode.Rejected


def test_the_heat_map_has_a_table_twin_in_words(theme: Theme, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    days = (HeatDay(date(2026, 11, 9), "N", "?"), HeatDay(date(2026, 11, 10), "/", ""))
    model = mark_table_model(days)
    picture = HeatMap(theme, days)
    qtbot.addWidget(picture)
    picture.grab()

    qtmodeltester.check(model, force_py=True)

    assert model.index(0, 1).data() == "N, Reason not yet established"
    assert model.index(0, 2).data() == "register not taken"
    assert "1 register not taken" in picture.accessibleName()


def test_a_late_entry_of_the_history_says_so(theme: Theme, qtbot: QtBot) -> None:
    shown = TimelineList(theme)
    qtbot.addWidget(shown)
    model = timeline_model()
    model.set_rows(
        (TimelineEntry("Fri 6 Nov", "15:20", "house", "Home visit", "", "Written Sun 8 Nov", "2 days later"),)
    )
    shown.setModel(model)
    shown.resize(400, 200)

    shown.grab()

    spoken = model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Fri 6 Nov 15:20, Home visit, Written Sun 8 Nov, 2 days later"


def _amber(theme: Theme, qtbot: QtBot, *, late: str) -> tuple[int, int]:
    """How many amber pixels stand in the place of the clock, and how wide the amber words beside it are."""
    shown = TimelineList(theme)
    qtbot.addWidget(shown)
    model = timeline_model()
    model.set_rows((TimelineEntry("Fri 6 Nov", "15:20", "house", "Home visit", "", "Written Sun 8 Nov", late),))
    shown.setModel(model)
    shown.resize(400, 200)
    picture = shown.grab().toImage()
    row = shown.visualRect(model.index(0, 0))
    amber, left = theme.color("today"), 76 + 10 + 24 + 10

    def amber_in(columns: range) -> list[int]:
        # anti-aliased strokes are paler than the token: what counts is the warm hue that no other ink here has
        inks = ((x, picture.pixelColor(x, y)) for x in columns for y in range(row.height() // 2, row.height()))
        return [x for x, ink in inks if ink.red() - ink.blue() > (amber.red() - amber.blue()) / 2]

    clock, words = amber_in(range(left, left + 15)), amber_in(range(left + 18, 390))
    return len(clock), max(words) - min(words) if words else 0


def test_a_late_entry_has_a_clock_and_an_amber_stamp_in_semibold(theme: Theme, qtbot: QtBot) -> None:
    said = "Written Sun 8 Nov, 2 days later"
    regular = QFontMetrics(theme.font("small")).horizontalAdvance(said)
    semibold = QFontMetrics(theme.font("small-strong")).horizontalAdvance(said)

    clock, width = _amber(theme, qtbot, late="2 days later")

    assert clock > 20
    assert regular + 2 < width <= semibold
    assert _amber(theme, qtbot, late="") == (0, 0)


def test_words_that_wrapped_in_a_narrow_place_take_one_line_again_in_a_wide_one(theme: Theme, qtbot: QtBot) -> None:
    label = Label(theme, "Why this pupil is on the list this morning", wraps=True)
    qtbot.addWidget(label)
    label.show()

    label.resize(60, 20)
    tall = label.minimumHeight()
    label.resize(600, 20)

    assert tall > 2 * label.minimumHeight()


def test_larger_text_enlarges_fonts_and_stops_at_twice(theme: Theme) -> None:
    theme.set_text_scale(3.0)

    assert theme.text_scale == 2.0
    assert theme.font("body").pixelSize() == 26


def test_shapes_and_chips_are_drawn_in_every_look(theme: Theme, qtbot: QtBot) -> None:
    for choice in LookChoice:
        theme.choose(choice)
        for shape in Shape:
            widget = SeverityShape(theme, shape)
            qtbot.addWidget(widget)
            assert not widget.grab().isNull()
        for kind in ChipKind:
            chip = Chip(theme, "Nobody reached", kind=kind, icon="ban")
            qtbot.addWidget(chip)
            assert not chip.grab().isNull()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True is immortal from Python 3.12")
def test_a_signal_keeps_its_references(qapp: QObject) -> None:
    class Bell(QObject):
        rung = Signal(bool)

    bell, some = Bell(), bool(1)
    gc.collect()
    before = sys.getrefcount(some)

    for _ in range(200):
        bell.rung.emit(some)

    assert abs(sys.getrefcount(some) - before) < 50
