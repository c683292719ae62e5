"""The day sheet on screen: read for a day, and a mark of it left in the journal once it was printed or saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from pytestqt.qtbot import QtBot

from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.office import Office
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.school.day_sheet_dialog import DaySheetDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import HEAD, TODAY, seen_by
from tests.ui.accessibility import nameless_controls


@pytest.fixture
def dialog(office: Office, qtbot: QtBot) -> DaySheetDialog:
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))
    shown = DaySheetDialog(context, TODAY)
    qtbot.addWidget(shown)
    return shown


def test_it_opens_on_today_and_another_day_is_read_as_it_is_chosen(dialog: DaySheetDialog) -> None:
    assert dialog.chosen == TODAY
    assert dialog.has_pages
    dialog.day.control.setDate(QDate(2026, 11, 9))

    assert dialog.proposed_name() == "day-sheet-2026-11-09.pdf"
    assert dialog.day.control.maximumDate() == QDate(2026, 11, 10)


def test_saved_it_stands_in_the_journal(dialog: DaySheetDialog, office: Office, tmp_path: Path) -> None:
    dialog.save_to(tmp_path / dialog.proposed_name())

    assert (tmp_path / "day-sheet-2026-11-10.pdf").read_bytes().startswith(b"%PDF")
    assert load_journal(seen_by(office, HEAD)).lines[0].said == "Saved the day sheet"


def test_every_control_has_a_name(dialog: DaySheetDialog) -> None:
    assert nameless_controls(dialog) == []
