"""A dialog of fields does not drop what was typed without a question, and asks nothing where nothing was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from cme_desktop.paths import find_paths
from cme_desktop.ui.entry_dialog import EntryDialog, day_edit, words_edit
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.widgets.dialog import AskDialog
from tests.office import TODAY
from tests.ui.accessibility import nameless_controls


class _Dialog(EntryDialog):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, title="Add to history", accept="Add", parent=parent)
        self.by = self.add_field("By", QLineEdit("Pat Mellor"))
        self.words = self.add_field("Words", words_edit(theme=theme))
        self.day = self.add_field("Day", day_edit(TODAY))


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    behind = QWidget()
    qtbot.addWidget(behind)
    behind.show()
    return behind


@pytest.fixture
def dialog(window: QWidget, tmp_path: Path) -> _Dialog:
    shown = _Dialog(Theme(find_paths(tmp_path).resources), window)
    shown.open()
    return shown


def test_the_keyboard_is_in_the_first_field_and_never_on_the_act(dialog: _Dialog) -> None:
    assert dialog.focusWidget() is dialog.by.control


def _type(control: QLineEdit | QPlainTextEdit, words: str) -> None:
    QTest.keyClicks(control, words)


def _leave_by_button(dialog: _Dialog) -> None:
    dialog.reject_button.click()


def _leave_by_escape(dialog: _Dialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)


def _leave_by_cross(dialog: _Dialog) -> None:
    dialog.close()


WAYS_OUT = pytest.mark.parametrize("leave", [_leave_by_button, _leave_by_escape, _leave_by_cross])


@WAYS_OUT
def test_nothing_is_asked_where_nothing_was_typed(dialog: _Dialog, leave: Callable[[_Dialog], None]) -> None:
    dialog.by.control.setText("Somebody the program filled in")
    dialog.day.control.setDate(QDate(2026, 11, 9))

    leave(dialog)

    assert dialog.question is None
    assert not dialog.isVisible()


@WAYS_OUT
def test_what_was_typed_is_asked_after_and_enter_keeps_it(dialog: _Dialog, leave: Callable[[_Dialog], None]) -> None:
    _type(dialog.words.control, "A friend says they moved.")

    leave(dialog)
    question = dialog.question
    assert question is not None
    assert question.accessibleName() == "Leave without saving?"
    assert nameless_controls(question) == []
    QTest.keyClick(question, Qt.Key.Key_Return)

    assert dialog.question is None
    assert dialog.isVisible()
    assert dialog.words.control.toPlainText() == "A friend says they moved."


def test_who_means_it_leaves_with_one_answer(dialog: _Dialog) -> None:
    _type(dialog.by.control, ", head")
    dialog.reject_button.click()
    assert dialog.question is not None

    dialog.question.accept()

    assert not dialog.isVisible()
    assert dialog.result() == EntryDialog.DialogCode.Rejected


def test_words_taken_out_again_are_not_asked_after_but_a_field_emptied_is(dialog: _Dialog) -> None:
    _type(dialog.words.control, "x")
    QTest.keyClick(dialog.words.control, Qt.Key.Key_Backspace)
    assert not dialog.has_typed

    dialog.by.control.selectAll()
    QTest.keyClick(dialog.by.control, Qt.Key.Key_Delete)

    assert dialog.has_typed


def test_what_comes_after_leaving_waits_for_the_answer(dialog: _Dialog) -> None:
    _type(dialog.words.control, "Half a sentence")
    gone: list[str] = []

    dialog.leave(lambda: gone.append("to the contacts"))
    assert gone == []
    assert dialog.question is not None
    dialog.question.accept()

    assert gone == ["to the contacts"]
    assert not dialog.isVisible()


def test_a_window_that_is_locked_asks_nothing(dialog: _Dialog) -> None:
    _type(dialog.words.control, "Half a sentence")
    dialog.reject_button.click()

    dialog.reject()

    assert not dialog.isVisible()
    assert not any(question.isVisible() for question in dialog.findChildren(AskDialog))


def test_what_is_missing_is_scrolled_to_where_the_dialog_is_too_low_for_it(dialog: _Dialog, qtbot: QtBot) -> None:
    dialog.resize(dialog.width(), 260)
    dialog.submitted.connect(lambda: dialog.day.set_error("Say on which day."))
    area = dialog.findChild(QScrollArea)
    assert isinstance(area, QScrollArea)

    def is_in_view() -> bool:
        field = dialog.day
        return area.viewport().rect().contains(field.mapTo(area.viewport(), field.rect().bottomLeft()))

    qtbot.wait(20)
    assert not is_in_view()

    dialog.accept_button.click()

    qtbot.waitUntil(is_in_view)


def test_the_keyboard_goes_to_what_is_missing(dialog: _Dialog, qtbot: QtBot) -> None:
    wrong = dialog.add_field("Number", QLineEdit())
    wrong.set_error("Type a number.")

    dialog.accept_button.click()

    qtbot.waitUntil(wrong.control.hasFocus)


def test_a_dialog_is_no_taller_than_its_fields_after_longer_choices_were_passed_over(
    tmp_path: Path, qtbot: QtBot
) -> None:
    dialog = EntryDialog(Theme(find_paths(tmp_path).resources), title="Close the case", accept="Close")
    qtbot.addWidget(dialog)
    dialog.add_field("Why", QLineEdit())
    long = [dialog.add_field(f"Field {number}", QLineEdit()) for number in range(4)]
    for field in long:
        field.hide()
    dialog.fit()
    dialog.show()
    short = dialog.height()

    for field in long:
        field.show()
    dialog.fit()
    assert dialog.height() > short + 100
    for field in long:
        field.hide()
    dialog.fit()

    assert dialog.height() == short
