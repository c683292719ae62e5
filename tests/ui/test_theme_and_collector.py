"""Changing the look walks every widget; Python's collector must let none go meanwhile."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CHANGES = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from pathlib import Path
from PySide6.QtWidgets import QApplication, QWidget
from cme_desktop.paths import find_paths
from cme_desktop.ui.style.theme import LookChoice, Theme

class Busy(QWidget):
    def changeEvent(self, event):
        self.filler = [[] for _ in range(2000)]
        super().changeEvent(event)

application = QApplication([])
theme = Theme(find_paths(Path("unused")).resources)
for turn in range(20):
    for _ in range(60):
        window = Busy()
        window.itself = window
        window.kept = [Busy(window) for _ in range(3)]
        window.show()
    window = None
    theme.choose(LookChoice.DARK if turn % 2 else LookChoice.LIGHT)
print("still here")
"""


def test_the_look_changes_while_closed_windows_wait_to_be_collected() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CHANGES],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert done.stdout == "still here\n", f"ended with status {done.returncode}"
