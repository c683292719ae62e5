"""A recovery key on screen: to print, save or copy, and to say that it is kept."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFileDialog, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.printing import print_words
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class RecoveryKeyPaper(QWidget):
    """The key, three ways to keep it, and ``confirmed``: the box that says it is kept."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.key = QLineEdit()
        self.key.setReadOnly(True)
        self.key.setAccessibleName("Recovery key")
        self.key.setFont(_key_font(theme))
        self.confirmed = QCheckBox("It is printed or saved, and is going into the safe")
        self.confirmed.setFont(theme.font("body"))
        self._note = Label(theme, "", role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self._build()

    def show_key(self, recovery_key: str) -> None:
        """Show the key just made."""
        self.key.setText(recovery_key)

    def save_to(self, path: Path) -> None:
        """Write the key to a file."""
        try:
            write_whole_file(path, _paper(self.key.text()).encode("utf-8"))
        except CmeError as error:
            self._note.setText(f"It could not be saved there. {error.detail} {error.remedy}".replace("  ", " "))
            return
        self._note.setText("Saved. Move the file to a place apart from this computer.")

    def _build(self) -> None:
        frame = QFrame()
        frame.setProperty("look", "sunken")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(16, 16, 16, 16)
        inside.addWidget(self.key)
        line = QHBoxLayout()
        for words, icon, act in (
            ("Print", "printer", self._print),
            ("Save to a file", "save", self._save),
            ("Copy", "copy", self._copy),
        ):
            button = SecondaryButton(self._theme, words, icon=icon)
            button.clicked.connect(act)
            line.addWidget(button)
        line.addStretch(1)
        inside.addLayout(line)
        inside.addWidget(self._note)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(frame)
        layout.addWidget(self.confirmed)

    def _print(self) -> None:
        if print_words(self, _paper(self.key.text())):
            self._note.setText("Sent to the printer.")

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the recovery key", "recovery-key.txt", "Text (*.txt)")
        if name:
            self.save_to(Path(name))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.key.text())
        self._note.setText("Copied. Paste it into your password manager, then copy something else.")


def _paper(recovery_key: str) -> str:
    return (
        "CME Desktop: recovery key\n\n"
        f"{recovery_key}\n\n"
        "It opens the school's records when every password is forgotten. Keep it in the safe, apart from them.\n"
    )


def _key_font(theme: Theme) -> QFont:
    font = theme.font("heading")
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.0)
    return font
