"""The steps of a wizard at its side, those done ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cme_desktop.ui.widgets.severity_shape import Shape, paint_shape

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from cme_desktop.ui.style.theme import Theme

_WIDE: Final = 224
_ROW: Final = 44


class StepList(QWidget):
    """The steps with those done ticked; it only shows: Back and Next are the buttons."""

    def __init__(self, theme: Theme, names: tuple[str, ...]) -> None:
        super().__init__()
        self._theme = theme
        self._names = names
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.set_current(0)

    def set_current(self, index: int) -> None:
        """Show which step is current."""
        self._current = index
        self.setAccessibleName(f"Step {index + 1} of {len(self._names)}, {self._names[index]}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_WIDE), self._theme.scaled(_ROW * len(self._names)))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, name in enumerate(self._names):
            self._paint_step(painter, index, name)

    def _paint_step(self, painter: QPainter, index: int, name: str) -> None:
        tall = self._theme.scaled(_ROW)
        row = QRectF(0, index * tall, self.width(), tall)
        is_current = index == self._current
        if is_current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("surface"))
            painter.drawRoundedRect(row.adjusted(2, 3, 0, -3), 4, 4)
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(QRectF(0, row.top() + 5, 3, tall - 10), 1.5, 1.5)
        side = self._theme.scaled(20)
        disc = QRectF(self._theme.scaled(16), row.center().y() - side / 2, side, side)
        if index < self._current:
            paint_shape(painter, disc.adjusted(3, 3, -3, -3), Shape.SETTLED, self._theme)
        else:
            ink = self._theme.color("accent" if is_current else "line2")
            painter.setPen(QPen(ink, 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(disc)
            painter.setFont(self._theme.font("key"))
            painter.setPen(self._theme.color("accent" if is_current else "text2"))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(index + 1))
        painter.setFont(self._theme.font("body-strong" if is_current else "body"))
        painter.setPen(self._theme.color("text" if index <= self._current else "text2"))
        words = row.adjusted(disc.right() + self._theme.scaled(12), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, name)
