"""First paint of the unlock window, the way to Today, and memory, each in a process of its own beside an empty window.

The program is run compiled, as an installed one is; the first run, which compiles it, does not count. A run is set
beside the empty window run just before it, so that a machine that is busy for a while is busy for both.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.performance.figure import Figure

RUNS = 11
RUNS_OF_TODAY = 5
PROJECT = Path(__file__).parents[2]

_MEMORY = """
def tell_memory():
    lines = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(*(int(lines[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")))
"""

EMPTY = """
import time
begun = time.perf_counter()
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([]); app.setStyle("Fusion")
window = QWidget(); window.resize(1366, 688); window.show()
while not window.windowHandle().isExposed(): app.processEvents()
app.processEvents()
print(time.perf_counter() - begun)
tell_memory()
"""

UNLOCK = """
import time
begun = time.perf_counter()
import cme_desktop.ui
from PySide6.QtWidgets import QApplication
def wait_for_paint(*_):
    app = QApplication.instance()
    window, = [one for one in app.topLevelWidgets() if type(one).__name__ == "UnlockWindow"]
    while not window.windowHandle().isExposed(): app.processEvents()
    app.processEvents()
    print(time.perf_counter() - begun)
    return 0
QApplication.exec = wait_for_paint
from cme_desktop.app import start
start([])
"""
"""The usual start, without an argument, up to where the window waits for the user."""

TODAY = """
import sys, time
from datetime import datetime
from pathlib import Path
from cme_desktop.app import Services
from cme_desktop.paths import find_paths
from cme_desktop.ui.start import Program, make_application
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

class Paint(QObject):
    seen = False
    def eventFilter(self, viewport, event):
        self.seen = self.seen or (event.type() == QEvent.Type.Paint and bool(self.list.model.rows))
        return False

def wait(seconds):  # QTest.qWait would keep the interpreter to itself, and nothing could be loaded meanwhile
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        app.processEvents(); time.sleep(0.01)

app = make_application()
moment = datetime.fromisoformat(sys.argv[2])
program = Program(Services(find_paths(Path(sys.argv[1])), lambda: moment))
program.begin(); wait(0.3); program.settle()
typed = program.unlock_window.findChild(QLineEdit)
QTest.keyClicks(typed, sys.argv[3]); wait(1.5)
paint = Paint(); paint.list = None
begun = time.perf_counter()
QTest.keyClick(typed, Qt.Key.Key_Return)
while not paint.seen:
    app.processEvents(); time.sleep(0.001)
    if paint.list is None and program.main_window is not None:
        paint.list = program.main_window.tab(0).list
        paint.list.list.viewport().installEventFilter(paint)
    if time.perf_counter() - begun > 60: raise SystemExit("too slow")
print(time.perf_counter() - begun)
while program.background.is_busy:
    app.processEvents(); time.sleep(0.001)
print(time.perf_counter() - begun)
wait(1.0)
tell_memory()
program.end()
"""
"""Enter on the password, until the list's own rows are painted; then until nothing is under way, and its memory."""


def figures(school: Path, *, now: str, password: str, key_derivation: float) -> list[Figure]:
    """Measure the unlock window, Today, and memory on a school of 420 pupils and 7 years."""
    with tempfile.TemporaryDirectory(prefix="cme-windows-") as folder:
        start = _Start(Path(folder), school)
        start.run(UNLOCK)
        start.run(TODAY, str(school), now, password)
        pairs = [(start.run(EMPTY), start.run(UNLOCK)[0]) for _ in range(RUNS)]
        today = [start.run(TODAY, str(school), now, password) for _ in range(RUNS_OF_TODAY)]
    empty, empty_resident, empty_peak = (_middle([bare[place] for bare, _ in pairs]) for place in range(3))
    painted, quiet, resident, peak = (_middle([run[place] for run in today]) for place in range(4))
    unlock = _middle([unlock for _, unlock in pairs])
    return [
        Figure(
            "First paint of the unlock window", _middle([unlock / bare[0] for bare, unlock in pairs]), 1.5, "x",
            about=f"{unlock * 1000:.0f} ms, an empty window {empty * 1000:.0f} ms",
        ),
        Figure(
            "Password to painted Today, 420 pupils, 7 years", painted, max(1.0, 8 * key_derivation), "s",
            about=f"with the first card shown and the flags kept in step {quiet:.2f} s",
        ),
        Figure(
            "Resident memory with Today shown", resident / empty_resident, 2.0, "x",
            about=f"{resident:.0f} MiB, an empty window {empty_resident:.0f}; peaks {peak:.0f} and {empty_peak:.0f}",
        ),
    ]  # fmt: skip


class _Start:
    """Starts a program on an offscreen screen, with the school where the user's records are looked for."""

    def __init__(self, folder: Path, school: Path) -> None:
        (folder / "CME Desktop").symlink_to(school.resolve())
        self._environment = {
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_DATA_HOME": str(folder),
            "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
        }
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def run(self, program: str, *arguments: str) -> list[float]:
        done = subprocess.run(
            [sys.executable, "-c", _MEMORY + program, *arguments],
            cwd=PROJECT, env=self._environment, capture_output=True, text=True, check=True, timeout=90,
        )  # fmt: skip
        return [float(figure) for figure in done.stdout.split()]


def _middle(numbers: list[float]) -> float:
    return statistics.median(numbers)
