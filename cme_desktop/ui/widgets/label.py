"""A label whose font and colour follow the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel

from cme_desktop.ui.style.qt_numbers import PLAIN_TEXT, TEXT_WORD_WRAP

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


_NO_LIMIT: Final = 1 << 20


class Label(QLabel):
    """Plain words in a role and a colour token; ``wraps`` lets it break into lines instead of demanding width."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        role: str = "body",
        token: str = "text",  # noqa: S107  a colour token
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme.names.say(text), parent)
        self._theme = theme
        self._whole = text
        self._role = role
        self._token = token
        self.setProperty("textFormat", PLAIN_TEXT)
        self.setWordWrap(wraps)
        theme.changed.connect(self._take_look)
        self._take_look()

    def setText(self, text: str) -> None:
        self._whole = text
        super().setText(self._theme.names.say(text))
        self._keep_lines()

    def say_again(self) -> None:
        """Say the same as names are shown now: in full, or as initials."""
        self.setText(self._whole)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # in reception mode names are shown for as long as the mouse holds them
        if self._theme.names.are_initials and self._whole != self.text():
            super().setText(self._whole)
            event.accept()
            return
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._theme.names.are_initials:
            self.say_again()
        super().mouseReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_lines()

    def set_look(self, *, role: str | None = None, token: str | None = None) -> None:
        """Change the role, the colour or both."""
        self._role = role or self._role
        self._token = token or self._token
        self._take_look()

    def heightForWidth(self, width: int) -> int:
        # Qt's own answer is never under the minimum height, so a label once narrow would stay tall for ever.
        if not self.wordWrap():
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        room = QRect(0, 0, max(1, width - margins.left() - margins.right()), _NO_LIMIT)
        words = self.fontMetrics().boundingRect(room, TEXT_WORD_WRAP, self.text())
        return words.height() + margins.top() + margins.bottom()

    def _keep_lines(self) -> None:
        # A layout may press wrapped words into fewer lines than they need; their own minimum stops it.
        if self.wordWrap():
            self.setMinimumHeight(self.heightForWidth(self.width()) if self.text() else 0)

    def _take_look(self) -> None:
        self.setFont(self._theme.font(self._role))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color(self._token))
        self.setPalette(palette)
        self._keep_lines()
