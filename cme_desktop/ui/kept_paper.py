"""Something secret that is shown once: to print, save or copy, and to say that it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.printing import print_words
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class KeptPaper(QWidget):
    """What is ``shown``, three ways to keep it, and ``confirmed``: the box that says it is kept."""

    def __init__(
        self, theme: Theme, shown: QWidget, *, name: str, file_name: str, kept: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._name, self._file_name = name, file_name
        self.confirmed = QCheckBox(kept)
        self.confirmed.setFont(theme.font("body"))
        self._note = Label(theme, "", role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self.body = QVBoxLayout(self)
        self._build(shown)

    def words(self) -> str:
        """What is printed or saved."""
        raise NotImplementedError

    def words_to_copy(self) -> str:
        """What is copied."""
        raise NotImplementedError

    def save_to(self, path: Path) -> None:
        """Write it to a file."""
        try:
            write_whole_file(path, self.words().encode("utf-8"))
        except CmeError as error:
            self._say(f"It could not be saved there. {error.detail} {error.remedy}".replace("  ", " "))
            return
        self._say("Saved. Move the file to a place apart from this computer.")

    def _say(self, words: str) -> None:
        self._note.setText(words)
        self._note.show()
        announce(self, words)

    def _build(self, shown: QWidget) -> None:
        frame = QFrame()
        frame.setProperty("look", "sunken")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(16, 16, 16, 16)
        inside.addWidget(shown)
        line = QHBoxLayout()
        for words, icon, act in (
            ("Print", "printer", self._print),
            ("Save to a file", "save", self._save),
            ("Copy", "copy", self._copy),
        ):
            button = SecondaryButton(self.theme, words, icon=icon)
            button.setAutoDefault(False)  # Enter in a field beside is not meant for it
            button.clicked.connect(act)
            line.addWidget(button)
        line.addStretch(1)
        inside.addLayout(line)
        inside.addWidget(self._note)
        self._note.hide()
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(12)
        self.body.addWidget(frame)
        self.body.addWidget(self.confirmed)

    def _print(self) -> None:
        if print_words(self, self.words()):
            self._say("Sent to the printer.")

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, f"Save the {self._name}", self._file_name, "Text (*.txt)")
        if name:
            self.save_to(Path(name))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.words_to_copy())
        self._say("Copied for a minute. Paste it into your password manager now.")
