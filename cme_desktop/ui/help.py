"""Help in one place: the keys, and about the program with its licences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from pathlib import Path

    from cme_desktop.ui.style.theme import Theme

KEYS: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        "Everywhere",
        (
            ("Ctrl 1 to 5", "Go to Today, Register, Cases, Contacts, Roll"),
            ("Ctrl F", "Find a pupil, a number or a case"),
            ("Ctrl I", "Import marks, pupils or contacts"),
            ("Ctrl Shift R", "Report a worry about a child"),
            ("Ctrl Z", "Take back your last act"),
            ("F5", "Read everything again"),
            ("F9", "Hide or show names, in a dialog too"),
            ("Shift F9", "Reception mode: initials in place of names"),
            ("F8", "Held in reception mode: shows names"),
            ("Ctrl L", "Lock, in a dialog too"),
            ("Ctrl +", "Larger text"),
            ("Ctrl −", "Smaller text"),
            ("F1", "This page"),
        ),
    ),
    (
        "Today",
        (
            ("F2", "Walk the clock times"),
            ("F7", "Why am I seeing this?"),
            ("Shift F7", "Every rule's answer: why flagged, why not"),
            ("Space", "Class checked, not here"),
            ("A", "Answered, with a reason"),
            ("B", "Answered, no reason"),
            ("N", "No answer"),
            ("V", "Voicemail left"),
            ("D", "Number dead"),
            ("W", "Wrong person"),
            ("S", "Child seen or heard"),
            ("R", "Refused to say"),
            ("U", "Parent unaware: acts at once"),
            ("T", "Text all first"),
            ("Enter", "Next pupil"),
        ),
    ),
    (
        "Head's review",
        (
            ("G", "Agree"),
            ("C", "Change the next step"),
            ("X", "Dismiss this flag, with a reason"),
        ),
    ),
    (
        "Cases and Roll",
        (
            ("Ctrl N", "Open a case; begin a line of the list"),
            ("Ctrl H", "Add to a case's history"),
            ("Ctrl R", "Prepare the written record"),
            ("Enter", "To what is chosen"),
            ("Esc", "Back to the list"),
        ),
    ),
    (
        "A document's pages",
        (
            ("Page Down", "Next page"),
            ("Ctrl P", "Print"),
            ("Ctrl S", "Save as"),
        ),
    ),
)


class HelpPage(QDialog):
    """Every key, by screen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Help: keys")
        self.resize(theme.scaled(560), min(theme.scaled(620), 640))
        inner = QWidget()
        inner.setProperty("look", "pane")
        grid = QGridLayout(inner)
        grid.setHorizontalSpacing(14)
        grid.setColumnStretch(1, 1)
        row = 0
        for heading, keys in KEYS:
            grid.addWidget(SectionHeading(theme, heading), row, 0, 1, 2)
            row += 1
            for key, words in keys:
                grid.addWidget(Keycap(theme, key), row, 0, Qt.AlignmentFlag.AlignRight)
                grid.addWidget(Label(theme, words, wraps=True), row, 1)
                row += 1
        _fill(self, theme, title="Keys", body=_scrolled(inner))


class AboutPage(QDialog):
    """What the program is, and the licences of what it is made with."""

    def __init__(self, theme: Theme, resources: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("About CME Desktop")
        self.resize(theme.scaled(620), min(theme.scaled(560), 640))
        text = QPlainTextEdit(licences(resources))
        text.setReadOnly(True)
        text.setAccessibleName("Licences")
        text.setFont(theme.font("small"))
        _fill(self, theme, title="About CME Desktop", body=text)


def licences(resources: Path) -> str:
    """Gather the notices of what comes with the program."""
    notices = [_ABOUT]
    notices += [
        f"{title}\n\n{file.read_text(encoding='utf-8').strip()}"
        for title, file in (
            ("Icons: Lucide", resources / "icons" / "LICENSE"),
            ("Font: Noto Sans", resources / "fonts" / "NotoSans-LICENSE.txt"),
            ("Font: DejaVu Sans", resources / "fonts" / "DejaVuSans-LICENSE.txt"),
        )
        if file.is_file()
    ]
    return ("\n\n" + "-" * 60 + "\n\n").join(notices)


_ABOUT: Final = """CME Desktop finds pupils at risk of going missing from education and keeps the record of what
was done. Nothing leaves this computer unless you send it.

The window is made with Qt and PySide6, used under the GNU Lesser General Public License, version 3: you may put your
own build of them in the place of the ones that came with the program. The records are kept with SQLCipher and
SQLAlchemy, documents are made with ReportLab and signed with pyHanko."""


def _scrolled(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setWidget(inner)
    area.setAccessibleName("Keys")
    return area


def _fill(dialog: QDialog, theme: Theme, *, title: str, body: QWidget) -> None:
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 20, 20, 16)
    layout.setSpacing(12)
    layout.addWidget(Label(theme, title, role="title"))
    layout.addWidget(body, 1)
    line = QHBoxLayout()
    line.addStretch(1)
    close = SecondaryButton(theme, "Close")
    close.clicked.connect(dialog.accept)
    line.addWidget(close)
    layout.addLayout(line)
