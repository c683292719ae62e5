"""The start: what is loaded before the first window is painted, and what follows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cme_desktop.paths import find_paths
from cme_desktop.storage import vault
from cme_desktop.storage.key_file import KdfCost
from cme_desktop.ui.style import qt_numbers
from cme_desktop.ui.style.palette import DARK, LIGHT
from cme_desktop.ui.style.theme import LookChoice, Theme
from cme_desktop.ui.widgets.keycap import Keycap

PASSWORD = "correct horse battery staple"
HEAVY = frozenset({
    "sqlalchemy", "sqlcipher3", "alembic", "asyncio", "cryptography", "reportlab", "pyhanko", "openpyxl", "lxml",
    "holidays", "keyring", "phonenumbers", "pypdfium2", "rapidfuzz", "logging.handlers", "PySide6.QtPrintSupport",
    "cme_desktop.ui.main_window", "cme_desktop.casework.today",
})  # fmt: skip

AT_FIRST_PAINT = """
import json, sys
import cme_desktop.ui
from PySide6 import QtCore
from PySide6.QtWidgets import QApplication

def look(*_):
    app = QApplication.instance()
    (window,) = [one for one in app.topLevelWidgets() if type(one).__name__ == "UnlockWindow"]
    while not window.windowHandle().isExposed():
        app.processEvents()
    app.processEvents()
    print(json.dumps({"modules": list(sys.modules), "has_qt_namespace": "Qt" in vars(QtCore)}))
    return 0

QApplication.exec = look
from cme_desktop.app import start
raise SystemExit(start(["--data", sys.argv[1]]))
"""

A_MOMENT_LATER = """
import gc, sys, time
from PySide6.QtWidgets import QApplication

def stay(*_):
    app, until = QApplication.instance(), time.monotonic() + 0.6
    while time.monotonic() < until:
        app.processEvents()
        time.sleep(0.01)
    return 0

QApplication.exec = stay
from cme_desktop.app import start
status = start(["--data", sys.argv[1]])
print(gc.isenabled())
raise SystemExit(status)
"""


def records_at(folder: Path) -> Path:
    """Put what the first window reads into a folder: that there are records, and whose passwords open them."""
    paths = find_paths(folder)
    paths.data.mkdir()
    paths.records.touch()
    vault.create_vault(paths.keys, user_id=1, name="Pat Mellor", password=PASSWORD, cost=KdfCost(8192, 1, 1))
    return folder


def run_program(script: str, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_window_is_painted_before_anything_heavy_is_loaded(tmp_path: Path) -> None:
    seen = json.loads(run_program(AT_FIRST_PAINT, str(records_at(tmp_path / "data"))))

    assert HEAVY.isdisjoint(seen["modules"])
    assert not seen["has_qt_namespace"]


def test_the_log_begins_and_memory_is_let_go_of_once_the_first_window_stands(tmp_path: Path) -> None:
    data = records_at(tmp_path / "data")

    told = run_program(A_MOMENT_LATER, str(data))

    assert told.strip() == "True"
    assert "started" in find_paths(data).log.read_text(encoding="utf-8")


def test_loading_a_library_reads_no_source(tmp_path: Path) -> None:
    script = """
import linecache
import cme_desktop.ui.start
import sqlalchemy.orm
print(sum("sqlalchemy" in name and name.endswith(".py") for name in linecache.cache))
"""

    assert run_program(script).strip() == "0"


def test_the_numbers_that_stand_for_qts_own_are_qts_own() -> None:
    assert Qt.AlignmentFlag.AlignHCenter.value == qt_numbers.ALIGN_H_CENTRE
    assert Qt.AlignmentFlag.AlignCenter.value == qt_numbers.ALIGN_CENTRE
    assert Qt.TextFormat.PlainText.value == qt_numbers.PLAIN_TEXT
    assert Qt.FocusPolicy.NoFocus.value == qt_numbers.NO_FOCUS
    assert Qt.TextFlag.TextWordWrap.value == qt_numbers.TEXT_WORD_WRAP


def test_the_first_paint_is_dark_where_the_system_is_dark(qapp: QApplication, tmp_path: Path) -> None:
    before, sheet = qapp.palette(), qapp.styleSheet()
    dark = QPalette(QColor("#202326"), QColor("#202326"))
    dark.setColor(QPalette.ColorRole.WindowText, QColor("#ffffff"))
    try:
        qapp.setStyleSheet("")
        qapp.setPalette(dark)
        theme = Theme(find_paths(tmp_path).resources)
        theme.begin_with(LookChoice.SYSTEM, text_scale=1.0, shows_keys=True)

        assert theme.palette == DARK
        theme.follow_system()  # this screen does not say, so what its colours told stands
        assert theme.palette == DARK
    finally:
        qapp.setPalette(before)
        qapp.setStyleSheet(sheet)


def test_the_look_last_chosen_is_painted_from_the_first(qapp: QObject, tmp_path: Path) -> None:
    theme = Theme(find_paths(tmp_path).resources)

    theme.begin_with(LookChoice.DARK, text_scale=9.0, shows_keys=False)

    assert theme.palette == DARK
    assert theme.text_scale == 2.0
    assert not theme.shows_keys
    theme.choose(LookChoice.LIGHT)
    assert theme.palette == LIGHT


def test_a_keycap_shows_its_key(qapp: QObject, qtbot: QtBot, tmp_path: Path) -> None:
    theme = Theme(find_paths(tmp_path).resources)
    theme.choose(LookChoice.LIGHT)
    cap, bare = Keycap(theme, "F9"), Keycap(theme, "  ")
    for widget in (cap, bare):
        qtbot.addWidget(widget)
        widget.setFixedSize(30, 18)

    assert cap.grab().toImage() != bare.grab().toImage()
