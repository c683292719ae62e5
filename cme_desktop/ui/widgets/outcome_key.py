"""What came of a call, as a button to the mouse and a letter to the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from cme_desktop.ui.widgets.keycap import keycap_height, keycap_width, paint_keycap

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class OutcomeKey(QAbstractButton):
    """Keycap left, verb right. The letter itself is listened for by the card, live only when the card has the focus."""

    def __init__(
        self,
        theme: Theme,
        letter: str,
        words: str,
        *,
        is_grave: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_grave = is_grave
        self._is_low = False
        self.letter = letter
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(f"Key {letter}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_low(self, *, is_low: bool) -> None:
        """30 px high instead of 34, for low windows."""
        self._is_low = is_low
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        words = QFontMetrics(self._theme.font("body-strong")).horizontalAdvance(self.text())
        cap = keycap_width(self._theme, self.letter)
        return QSize(max(self._theme.scaled(120), words + cap + self._theme.scaled(26)), self._tall())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(120), self._tall())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_frame(painter)
        left = self._theme.scaled(7)
        cap = QRectF(
            left,
            (self.height() - keycap_height(self._theme)) / 2,
            keycap_width(self._theme, self.letter),
            keycap_height(self._theme),
        )
        ink = self._theme.color(self._ink())
        paint_keycap(painter, cap, self.letter, self._theme, ink=ink)
        painter.setFont(self._theme.font("body-strong" if self._is_grave else "body"))
        painter.setPen(ink)
        room = self.rect().adjusted(round(cap.right()) + self._theme.scaled(8), 0, -4, 0)
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)

    def _paint_frame(self, painter: QPainter) -> None:
        if not self.isEnabled():
            edge, width = "line", 1.0
        elif self.hasFocus():
            edge, width = "focus", 2.0
        else:
            edge, width = ("now" if self._is_grave else "line2"), float(self._theme.palette.border)
        painter.setPen(QPen(self._theme.color(edge), width))
        painter.setBrush(self._theme.color(self._ground()))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 4, 4)

    def _ground(self) -> str:
        if self.isDown():
            return "tint"
        return "sunken" if self.underMouse() or not self.isEnabled() else "surface"

    def _ink(self) -> str:
        if not self.isEnabled():
            return "text3"
        return "now" if self._is_grave else "text"

    def _tall(self) -> int:
        return self._theme.scaled(30 if self._is_low else 34)
