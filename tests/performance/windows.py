"""First paint of the unlock window and memory with Today shown, each beside an empty window in a process of its own."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

from tests.performance.figure import Figure

RUNS = 7
PROJECT = Path(__file__).parents[2]

EMPTY = """
import time
begun = time.perf_counter()
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([]); app.setStyle("Fusion")
window = QWidget(); window.resize(1366, 688); window.show()
while not window.windowHandle().isExposed(): app.processEvents()
app.processEvents()
print(time.perf_counter() - begun)
import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""

UNLOCK = """
import sys, time
begun = time.perf_counter()
from datetime import UTC, datetime
from pathlib import Path
from cme_desktop.paths import find_paths
from cme_desktop.app import Services
from cme_desktop.ui.start import Program, make_application
app = make_application()
program = Program(Services(find_paths(Path(sys.argv[1])), lambda: datetime.now(UTC)))
program.begin()
window = program.unlock_window
while not window.windowHandle().isExposed(): app.processEvents()
app.processEvents()
print(time.perf_counter() - begun)
"""

TODAY = """
import sys, time
from datetime import datetime
from pathlib import Path
from cme_desktop.paths import find_paths
from cme_desktop.app import Services
from cme_desktop.ui.start import Program, make_application
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
now = datetime.fromisoformat(sys.argv[2])
app = make_application()
program = Program(Services(find_paths(Path(sys.argv[1])), lambda: now))
program.begin(); QTest.qWait(600)
typed = program.unlock_window.findChild(QLineEdit)
QTest.keyClicks(typed, sys.argv[3]); QTest.qWait(1500)
begun = time.perf_counter()
QTest.keyClick(typed, Qt.Key.Key_Return)
while program.main_window is None or program.background.is_busy or not program.main_window.rail.isVisible():
    app.processEvents(); time.sleep(0.002)
    if time.perf_counter() - begun > 60: raise SystemExit("too slow")
app.processEvents()
print(time.perf_counter() - begun)
import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
program.end()
"""


def figures(school: Path, *, now: str, password: str, key_derivation: float) -> list[Figure]:
    """Measure the unlock window, Today, and memory on a school of 420 pupils and 7 years."""
    empty = [_run(EMPTY) for _ in range(RUNS)]
    unlock = [_run(UNLOCK, str(school)) for _ in range(RUNS)]
    today = [_run(TODAY, str(school), now, password) for _ in range(3)]
    empty_paint = statistics.median(run[0] for run in empty)
    bound = max(1.0, 8 * key_derivation)
    return [
        Figure("First paint of the unlock window", statistics.median(run[0] for run in unlock) / empty_paint, 1.5, "x",
               about=f"an empty window takes {empty_paint * 1000:.0f} ms"),
        Figure("Password to painted Today, 420 pupils, 7 years", statistics.median(run[0] for run in today), bound,
               "s"),
        Figure("Resident memory with Today shown", statistics.median(run[1] for run in today)
               / statistics.median(run[1] for run in empty), 2.0, "x", about="against an empty window"),
    ]  # fmt: skip


def _run(program: str, *arguments: str) -> list[float]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=PROJECT, env=environment, capture_output=True, text=True, check=True, timeout=90,
    )  # fmt: skip
    return [float(line) for line in done.stdout.split()]
