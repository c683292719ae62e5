"""The quiet line over fields that were filled with what was typed before and not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class DraftLine(QWidget):
    """``afresh``: empty the fields and forget what was typed."""

    afresh = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.button = LinkButton(theme, "Start afresh")
        self.button.clicked.connect(self.afresh)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 0, 2, 0)
        layout.addWidget(self.words, 1)
        layout.addWidget(self.button)

    def say(self, when: str) -> None:
        """Say when it was typed, and offer to start afresh."""
        self.words.setText(f"Typed {when}, not saved")
        self.button.setAccessibleDescription("Empties the fields. What you typed is forgotten.")
        self.show()
