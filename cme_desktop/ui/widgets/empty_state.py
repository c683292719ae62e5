"""What a pane says when it has nothing to show: good news when it is, a way on when it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class EmptyState(QFrame):
    """Icon, sentence, remedy and at most one button, in a sunken box. ``pressed`` is the button's."""

    pressed = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        icon: str,
        sentence: str,
        remedy: str = "",
        button: str = "",
        token: str = "text2",  # noqa: S107  a colour token
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon = icon
        self._token = token
        self.setProperty("look", "sunken")
        self._picture = QLabel()
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence = Label(theme, sentence, role="row", wraps=True)
        self._remedy = Label(theme, remedy, token="text2", wraps=True)  # noqa: S106  a colour token
        self.button = SecondaryButton(theme, button)
        self.button.setVisible(bool(button))
        self.button.clicked.connect(self.pressed)
        self._build()
        theme.changed.connect(self._take_look)
        self._take_look()

    def say(self, *, icon: str, sentence: str, remedy: str = "", button: str = "", token: str | None = None) -> None:
        """Say something else; ``token`` is the icon's colour where it is another."""
        self._icon = icon
        self._token = token or self._token
        self._sentence.setText(sentence)
        self._remedy.setText(remedy)
        self.button.setText(button)
        self.button.setVisible(bool(button))
        self._take_look()

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(6)
        layout.addStretch(1)
        for widget in (self._picture, self._sentence, self._remedy):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(widget)
        layout.addSpacing(4)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)

    def _take_look(self) -> None:
        self._picture.setPixmap(self._theme.pixmap(self._icon, self._token, 26, self.devicePixelRatioF()))
        self._remedy.setVisible(bool(self._remedy.text()))
        self.setAccessibleName(f"{self._sentence.text()}. {self._remedy.text()}".strip())
