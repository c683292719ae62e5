"""The drawn shapes of urgency: each differs by form, so that a screen without colour still reads."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from cme_desktop.policy.rule import Severity

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from cme_desktop.ui.style.theme import Theme


class Shape(Enum):
    """What a shape says; the value is the word for it."""

    NOW = "act now"
    TODAY = "today"
    THIS_WEEK = "this week"
    UNKNOWN = "unknown or missing fact"
    SETTLED = "settled"
    WATCH = "watch"


SHAPE_OF: Final = {
    Severity.NOW: Shape.NOW,
    Severity.TODAY: Shape.TODAY,
    Severity.THIS_WEEK: Shape.THIS_WEEK,
    Severity.INCOMPLETE: Shape.UNKNOWN,
    Severity.WATCH: Shape.WATCH,
}

_TOKEN: Final = {
    Shape.NOW: "now",
    Shape.TODAY: "today_mark",
    Shape.THIS_WEEK: "week",
    Shape.UNKNOWN: "unknown",
    Shape.SETTLED: "ok",
    Shape.WATCH: "text2",
}


def paint_shape(painter: QPainter, rect: QRectF, shape: Shape, theme: Theme, *, is_selected: bool = False) -> None:
    """Draw a shape in a square; on a selected row of high contrast its ink is the row's own."""
    swaps = is_selected and theme.palette.is_high_contrast
    ink = theme.color("on_sel") if swaps else theme.color(_TOKEN[shape])
    ground = theme.color("sel") if swaps else theme.color("surface")
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 14, rect.height() / 14)
    _PAINTERS[shape](painter, ink, ground)
    painter.restore()


def _paint_now(painter: QPainter, ink: QColor, ground: QColor) -> None:
    painter.setPen(QPen(ink, 1.4, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(ink)
    painter.drawPolygon(QPolygonF([QPointF(7, 0.2), QPointF(13.8, 7), QPointF(7, 13.8), QPointF(0.2, 7)]))
    painter.setPen(QPen(ground, 1.8, c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(7, 4), QPointF(7, 7.4))
    painter.drawPoint(QPointF(7, 10.2))


def _paint_today(painter: QPainter, ink: QColor, ground: QColor) -> None:
    del ground
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(7, 7), 5.4, 5.4)


def _paint_week(painter: QPainter, ink: QColor, ground: QColor) -> None:
    del ground
    painter.setPen(QPen(ink, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(7, 7), 4.6, 4.6)


def _paint_unknown(painter: QPainter, ink: QColor, ground: QColor) -> None:
    del ground
    painter.setPen(QPen(ink, 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(0.8, 0.8, 12.4, 12.4), 2, 2)
    font = painter.font()
    font.setPixelSize(10)
    font.setBold(True)
    painter.setFont(font)
    painter.drawText(QRectF(0, 0, 14, 14), Qt.AlignmentFlag.AlignCenter, "?")


def _paint_settled(painter: QPainter, ink: QColor, ground: QColor) -> None:
    del ground
    painter.setPen(QPen(ink, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline([QPointF(1.5, 7.5), QPointF(5.2, 11.2), QPointF(12.5, 3)])


def _paint_watch(painter: QPainter, ink: QColor, ground: QColor) -> None:
    del ground
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    painter.drawEllipse(QPointF(7, 7), 3, 3)


_PAINTERS: Final = {
    Shape.NOW: _paint_now,
    Shape.TODAY: _paint_today,
    Shape.THIS_WEEK: _paint_week,
    Shape.UNKNOWN: _paint_unknown,
    Shape.SETTLED: _paint_settled,
    Shape.WATCH: _paint_watch,
}


class SeverityShape(QWidget):
    """One shape as a widget, 14 px, or 16 in legends; its accessible name is the shape's word."""

    def __init__(self, theme: Theme, shape: Shape, *, size: int = 14, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shape = shape
        self._size = size
        self.setAccessibleName(shape.value)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def set_shape(self, shape: Shape) -> None:
        """Show another shape."""
        self._shape = shape
        self.setAccessibleName(shape.value)
        self.update()

    def sizeHint(self) -> QSize:
        side = self._theme.scaled(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        paint_shape(QPainter(self), QRectF(self.rect()), self._shape, self._theme)
