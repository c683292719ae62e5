"""What must be settled before anything else: one at a time above a tab, until it is no longer true."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout

from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class Banner(QFrame):
    """Icon, sentence, remedy and one button, tinted by kind. ``pressed`` is the button's."""

    pressed = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        kind: ChipKind,
        icon: str,
        sentence: str,
        remedy: str = "",
        button: str = "",
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._picture = QLabel()
        self._sentence = (
            Label(theme, role="body-strong", wraps=wraps) if wraps else ElidedLabel(theme, role="body-strong")
        )
        self._remedy = (
            Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
            if wraps
            else ElidedLabel(theme, token="text2")  # noqa: S106  a colour token
        )
        self.button = SecondaryButton(theme, button)
        self.button.clicked.connect(self.pressed)
        self._build()
        self.say(kind=kind, icon=icon, sentence=sentence, remedy=remedy, button=button)
        theme.changed.connect(self._take_look)

    def say(self, *, kind: ChipKind, icon: str, sentence: str, remedy: str = "", button: str = "") -> None:
        """Say something else, tinted for its kind."""
        self._kind = kind
        self._icon = icon
        self._sentence.setText(sentence)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self.setProperty("look", "sunken" if kind is ChipKind.PLAIN else kind.value)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(f"{sentence} {remedy}".strip())
        self._take_look()

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 10, 8)
        layout.setSpacing(10)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignVCenter)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(self._sentence)
        words.addWidget(self._remedy)
        layout.addLayout(words, 1)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _take_look(self) -> None:
        token = "text2" if self._kind is ChipKind.PLAIN else self._kind.value
        self._picture.setPixmap(self._theme.pixmap(self._icon, token, 18, self.devicePixelRatioF()))
