"""The import window, driven by its keys over real records."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.imports import list_imports
from cme_desktop.casework.office import Office
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.imports.dialog import ImportDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.widgets.dialog import AskDialog
from tests.office import an_office, at
from tests.ui.accessibility import nameless_controls

_DATA = Path(__file__).parents[1] / "data"
_PEOPLE = _DATA / "bromcom-pupils-contacts.csv"
_MARKS = _DATA / "bromcom-marks.csv"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return at(an_office(tmp_path), datetime(2026, 11, 16, 9, 0, tzinfo=UTC))


@pytest.fixture
def dialog(office: Office, qtbot: QtBot) -> ImportDialog:
    notifier = ChangeNotifier()
    shown = ImportDialog(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(shown)
    shown.show()
    return shown


def _press_enter(dialog: ImportDialog, qtbot: QtBot) -> None:
    qtbot.keyClick(dialog.next_button, Qt.Key.Key_Return)


def _file(tmp_path: Path, text: str, name: str = "export.csv") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_new_file_shows_its_columns_then_what_it_would_do_then_is_saved(
    dialog: ImportDialog, qtbot: QtBot, office: Office
) -> None:
    dialog.open_file(_PEOPLE)
    assert dialog.title.text() == "What the columns mean"

    _press_enter(dialog, qtbot)
    assert dialog.title.text() == "What it would do"
    assert list_imports(office) == ()

    _press_enter(dialog, qtbot)
    assert dialog.title.text() == "Done"
    assert list_imports(office)[0].counts["new"] == 10


def test_a_file_of_a_known_shape_needs_one_more_enter(dialog: ImportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    for path in (_PEOPLE, _MARKS):
        dialog.open_file(path)
        _press_enter(dialog, qtbot)
        _press_enter(dialog, qtbot)
    text = _MARKS.read_text("utf-8-sig").replace(",I", ",M")

    dialog.open_file(_file(tmp_path, text))

    assert dialog.title.text() == "What it would do"
    _press_enter(dialog, qtbot)
    assert dialog.title.text() == "Done"


def test_an_import_is_undone_from_the_window(dialog: ImportDialog, qtbot: QtBot, office: Office) -> None:
    dialog.open_file(_PEOPLE)
    _press_enter(dialog, qtbot)
    _press_enter(dialog, qtbot)

    qtbot.keyClick(dialog.undo_button, Qt.Key.Key_Return)

    assert dialog.title.text() == "Undone"
    assert list_imports(office)[0].undone_at is not None


def test_a_question_is_answered_before_the_file_is_accepted(dialog: ImportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    dialog.open_file(_PEOPLE)
    _press_enter(dialog, qtbot)
    _press_enter(dialog, qtbot)
    dialog.open_file(_file(tmp_path, "UPN,Date,AM,PM\nM830220124001,09/11/2026,H,/\n"))
    _press_enter(dialog, qtbot)
    assert not dialog.next_button.isEnabled()

    for question, answer in (("dates", "day_first"), ("code:H", "G")):
        box = dialog.preview._boxes[question]
        box.choose(answer)
        box.activated.emit(box.currentIndex())

    assert dialog.next_button.isEnabled()
    assert dialog.preview.rejected.rows == ()


def test_a_file_of_which_nothing_can_be_taken_says_so_and_is_not_accepted(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.open_file(_MARKS)

    _press_enter(dialog, qtbot)

    assert dialog.preview.idle.accessibleName().startswith("No row can be taken.")
    assert not dialog.next_button.isEnabled()
    assert "bring in the pupils first" in dialog.preview.rejected.rows[0].expected


def test_the_same_file_again_has_nothing_to_save(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.open_file(_PEOPLE)
    _press_enter(dialog, qtbot)
    _press_enter(dialog, qtbot)

    dialog.open_file(_PEOPLE)

    assert dialog.preview.idle.accessibleName().startswith("There is nothing to save.")
    assert not dialog.next_button.isEnabled()


def test_the_two_steps_are_ticked_as_they_are_brought_in(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.open_file(_PEOPLE)
    _press_enter(dialog, qtbot)
    _press_enter(dialog, qtbot)
    assert dialog.focusWidget() is dialog.next_button

    _press_enter(dialog, qtbot)

    assert [words.text() for _, words in dialog.pick.steps.values()] == ["Brought in", "Not brought in yet"]


def test_an_earlier_import_is_chosen_at_once_and_named_before_it_is_undone(
    dialog: ImportDialog, qtbot: QtBot, office: Office
) -> None:
    dialog.open_file(_PEOPLE)
    _press_enter(dialog, qtbot)
    _press_enter(dialog, qtbot)
    _press_enter(dialog, qtbot)
    asked: list[str] = []

    def answer() -> None:
        question = next(child for child in dialog.findChildren(AskDialog) if child.isVisible())
        asked.append(question.accessibleName())
        question.accept()

    QTimer.singleShot(0, answer)
    qtbot.keyClick(dialog.pick.undo, Qt.Key.Key_Return)

    assert asked == ["Undo the import of bromcom-pupils-contacts.csv?"]
    assert list_imports(office)[0].undone_at is not None


def test_a_column_can_be_given_another_meaning(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.open_file(_PEOPLE)
    box = dialog.columns._boxes[3]
    box.choose((None, 0))

    _press_enter(dialog, qtbot)

    assert dialog._prepared is not None
    assert dialog._prepared.opened.mapping.columns[3].field is None


def test_rejected_rows_say_line_column_found_and_expected(dialog: ImportDialog, qtbot: QtBot, tmp_path: Path) -> None:
    dialog.open_file(_file(tmp_path, "UPN,Surname,Forename,DOB\nA830220124001,Lee,Ann,13/04/2018\n"))
    _press_enter(dialog, qtbot)

    (problem,) = dialog.preview.rejected.rows
    assert (problem.line, problem.column, problem.found) == (2, "UPN", "A830220124001")


def test_a_file_that_cannot_be_read_is_said_in_a_sentence(dialog: ImportDialog, tmp_path: Path) -> None:
    dialog.open_file(_file(tmp_path, ""))

    assert dialog.problem.isVisible()
    assert "empty" in dialog.problem.accessibleName()


def test_every_control_has_a_name_on_every_page(dialog: ImportDialog, qtbot: QtBot) -> None:
    QAccessible.setActive(True)
    assert nameless_controls(dialog) == []
    dialog.open_file(_MARKS)
    assert nameless_controls(dialog) == []
    _press_enter(dialog, qtbot)
    assert nameless_controls(dialog) == []


def test_its_tables_are_sound(dialog: ImportDialog, qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    dialog.open_file(_MARKS)
    _press_enter(dialog, qtbot)

    for model in (dialog.preview.rejected, dialog.preview.balances, dialog.preview.missing):
        qtmodeltester.check(model)
        qtmodeltester.check(model, force_py=True)


def test_it_fits_the_smallest_screen(dialog: ImportDialog, qtbot: QtBot) -> None:
    dialog.open_file(_PEOPLE)
    _press_enter(dialog, qtbot)

    assert dialog.minimumSizeHint().width() <= 1366
    assert dialog.minimumSizeHint().height() <= 648
