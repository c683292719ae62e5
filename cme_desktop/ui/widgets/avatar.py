"""A pupil's initials in a disc: the guard against writing to the wrong child."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from cme_desktop.ui.style.theme import Theme


class Avatar(QWidget):
    """Initials in a tinted disc, 40 px in a card and 24 in a strip; empty while names are hidden."""

    def __init__(self, theme: Theme, initials: str = "", *, size: int = 40, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._initials = initials
        self._size = size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_initials(self, initials: str) -> None:
        """Show another pupil's initials."""
        self._initials = initials
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.scaled(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_plain = not self._theme.palette.is_high_contrast
        painter.setPen(Qt.PenStyle.NoPen if is_plain else QPen(self._theme.color("line2"), 2))
        painter.setBrush(self._theme.color("tint"))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        font = self._theme.font("heading")
        font.setPixelSize(max(9, round(self.height() * 0.36)))
        painter.setFont(font)
        painter.setPen(self._theme.color("accent"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._initials)
