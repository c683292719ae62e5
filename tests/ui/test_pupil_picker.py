"""Choosing a pupil in a dialog, in a school with more pupils than the list shows at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from cme_desktop.domain.identifiers import PupilId
from cme_desktop.paths import find_paths
from cme_desktop.ui.entry_dialog import EntryDialog
from cme_desktop.ui.pupil_picker import PupilPicker
from cme_desktop.ui.style.theme import Theme

PUPILS = tuple((PupilId(number), f"Pupil {number:03}, Oak") for number in range(1, 211))


@pytest.fixture
def dialog(tmp_path: Path, qtbot: QtBot) -> EntryDialog:
    shown = EntryDialog(Theme(find_paths(tmp_path).resources), title="Who?", accept="Save")
    qtbot.addWidget(shown)
    return shown


def test_a_pupil_known_beforehand_is_chosen_however_many_names_stand_before(dialog: EntryDialog) -> None:
    for known in (PUPILS[0], PUPILS[49], PUPILS[50], PUPILS[209]):
        picker = PupilPicker(dialog, PUPILS, chosen=known[0])

        assert picker.pupil_id == known[0]
        assert picker.list.currentItem().text() == known[1]
        assert picker.check()


def test_only_so_many_names_are_listed_and_typing_finds_the_others(dialog: EntryDialog, qtbot: QtBot) -> None:
    picker = PupilPicker(dialog, PUPILS)
    assert picker.list.count() == 50
    assert picker.pupil_id is None

    qtbot.keyClicks(picker.finder.control, "210")

    assert picker.pupil_id == PUPILS[209][0]


def test_enter_takes_the_pupil_and_goes_on_to_the_next_field_but_saves_nothing(
    dialog: EntryDialog, qtbot: QtBot
) -> None:
    picker = PupilPicker(dialog, PUPILS)
    then = dialog.add_field("Then", QLineEdit())
    dialog.show()
    with qtbot.assertNotEmitted(dialog.submitted):
        for where, keys in ((picker.finder.control, "Pupil 20"), (picker.list, "")):
            where.setFocus()
            qtbot.keyClicks(where, keys)
            qtbot.keyClick(where, Qt.Key.Key_Down)
            chosen = picker.pupil_id
            for enter in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                where.setFocus()
                qtbot.keyClick(where, enter)

                assert picker.pupil_id == chosen is not None
                assert dialog.focusWidget() is then.control


def test_enter_with_nobody_chosen_says_so_and_stays(dialog: EntryDialog, qtbot: QtBot) -> None:
    picker = PupilPicker(dialog, PUPILS)
    dialog.show()
    picker.finder.control.setFocus()
    qtbot.keyClicks(picker.finder.control, "Pupil 20")

    qtbot.keyClick(picker.finder.control, Qt.Key.Key_Return)

    assert picker.finder.error == "More than one pupil is found: choose with the arrow keys."
    assert dialog.focusWidget() is picker.finder.control
