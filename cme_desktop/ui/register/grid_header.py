"""The grid's header: each day over its morning and afternoon, today on a tint."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.register import RegisterDay
from cme_desktop.ui.register.grid_model import RegisterGridModel
from cme_desktop.ui.style.theme import Theme


class GridHeader(QHeaderView):
    """Two lines: the day across both its columns, then am and pm."""

    def __init__(self, model: RegisterGridModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._grid = model
        self._theme = theme
        self.setSectionsClickable(False)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._theme.scaled(42))

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N803  Qt's name
        screen = self._grid.screen
        if screen is None:
            return
        painter.save()
        painter.fillRect(rect, self._theme.color("surface"))
        if logicalIndex > 0:
            day = screen.days[(logicalIndex - 1) // 2]
            self._paint_session(painter, rect, day, is_morning=logicalIndex % 2 == 1)
        painter.setPen(self._theme.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        painter.restore()

    def _paint_session(self, painter: QPainter, rect: QRect, day: RegisterDay, *, is_morning: bool) -> None:
        if day.is_today:
            painter.fillRect(rect, self._theme.color("tint"))
        half_height = rect.height() // 2
        both = rect.adjusted(0, 0, rect.width(), 0) if is_morning else rect.adjusted(-rect.width(), 0, 0, 0)
        painter.setClipRect(rect)
        painter.setPen(self._theme.color("text" if day.is_today else "text2"))
        painter.setFont(self._theme.font("body-strong" if day.is_today else "body"))
        top = QRect(both.left(), both.top() + 2, both.width(), half_height)
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, say_day(day.on))
        painter.setPen(self._theme.color("text2"))
        painter.setFont(self._theme.font("small"))
        bottom = QRect(rect.left(), rect.top() + half_height, rect.width(), half_height - 2)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignCenter, "am" if is_morning else "pm")
