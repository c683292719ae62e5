"""A window in a process of its own in which somebody types a note and never saves it, to be killed.

Run as ``python -m tests.journeys.half_typed RECORDS CASE WORDS``; "typed" is said once the hands have paused a moment.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cme_desktop.casework.office import Office
from cme_desktop.casework.sitting_down import sit_down
from cme_desktop.paths import find_paths
from cme_desktop.storage.database import open_database
from cme_desktop.ui.background import Background
from cme_desktop.ui.cases.add_to_history_dialog import AddToHistoryDialog
from cme_desktop.ui.cases.tab import CasesTab
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.drafting import PAUSE_MS
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.journeys.busy_morning import CLOCK, unlocked_by
from tests.office import KEY, MANAGER

_CASES = 2


def main() -> None:
    """Open the window, type, and wait to be killed."""
    data, case, words = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    application = QApplication([])
    paths = find_paths(data)
    office = Office(open_database(paths.records, KEY), lambda: CLOCK, MANAGER, paths)
    sit_down(office, unlocked_by(MANAGER.id))
    notifier = ChangeNotifier()
    window = MainWindow(TabContext(Background(office, notifier), notifier, Theme(paths.resources)), paths.resources)
    window.begin(office.user)
    window.show_tab(_CASES).show_case(case)
    QTimer.singleShot(100, lambda: _type(window, words))
    application.exec()


def _type(window: MainWindow, words: str) -> None:
    tab = window.tab(_CASES)
    assert isinstance(tab, CasesTab)
    if tab.dialog is None:
        tab.acts.ask_add()
    dialog = tab.dialog
    if not isinstance(dialog, AddToHistoryDialog) or not dialog.isVisible():
        QTimer.singleShot(50, lambda: _type(window, words))
        return
    QTest.keyClicks(dialog.words_field.control, words)
    QTimer.singleShot(PAUSE_MS + 500, _say_typed)


def _say_typed() -> None:
    print("typed", flush=True)


if __name__ == "__main__":
    main()
