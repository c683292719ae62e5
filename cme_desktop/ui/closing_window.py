"""The small window while the last backup is made: what is waited for, and a way not to wait."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout

from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_SHOWN_AFTER_MS: Final = 300
"""Most backups are made before anybody would have read it."""


class ClosingWindow(QDialog):
    """``left`` says that somebody closes without the backup; what was made beside the records stays."""

    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(None, Qt.WindowType.Dialog | Qt.WindowType.WindowTitleHint)
        self._theme = theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Making the backup")
        self.leave_button = SecondaryButton(theme, "Close without it")
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.show)
        self._build()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocus()  # so that no key pressed in passing closes without the backup
        self.leave_button.clicked.connect(self.reject)
        self.rejected.connect(self.left)

    def show_soon(self) -> None:
        """Show the window if it is still waited for in a moment."""
        self._timer.start(_SHOWN_AFTER_MS)

    def put_away(self) -> None:
        """The backup is made."""
        self._timer.stop()
        self.hide()

    def _build(self) -> None:
        theme = self._theme
        picture = QLabel()
        picture.setPixmap(theme.pixmap("database-backup", "accent", 24, self.devicePixelRatioF()))
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Label(theme, "Making the backup…", role="heading"))
        words.addWidget(
            Label(
                theme,
                "It is being copied to the places that are there. The program closes by itself when it is done. "
                "Everything you saved is safe either way.",
                token="text2",  # noqa: S106  a colour token
                wraps=True,
            )
        )
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(words, 1)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(self.leave_button)
        self.leave_button.setAutoDefault(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(top)
        layout.addLayout(acts)
        self.setMinimumWidth(theme.scaled(420))
