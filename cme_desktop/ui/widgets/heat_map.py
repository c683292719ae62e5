"""A pupil's year as a picture: months down, weeks across, a day two halves; and its twin, a table in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cme_desktop.casework.in_words import say_day
from cme_desktop.domain.day_names import short_month_name
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.mark_cell import MarkLook, look_of, paint_hatch, say_mark

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent

    from cme_desktop.ui.style.theme import Theme

_DAY: Final = 12
_HALF: Final = 10
_WEEK_GAP: Final = 6
_MONTH_GAP: Final = 6
_LABEL: Final = 34
_LEGEND_LINE: Final = 20


@dataclass(frozen=True, slots=True)
class HeatDay:
    """One day with its two register-line symbols; ``.`` for a half that is not judged, empty for one to come."""

    on: date
    am: str
    pm: str


def mark_table_model(days: tuple[HeatDay, ...], parent: QObject | None = None) -> RowTableModel[HeatDay]:
    """Build the picture's twin: date, morning and afternoon, each code in words."""
    model = RowTableModel[HeatDay](
        (
            Column("Date", lambda day: f"{say_day(day.on)} {day.on.year}", sort=lambda day: day.on),
            Column("Morning", lambda day: say_mark(day.am)),
            Column("Afternoon", lambda day: say_mark(day.pm)),
        ),
        parent,
    )
    model.set_rows(days)
    return model


class HeatMap(QWidget):
    """Painted only: give the twin beside it to those who cannot see it. Its name tells the counts."""

    def __init__(self, theme: Theme, days: tuple[HeatDay, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.set_days(days)

    def set_days(self, days: tuple[HeatDay, ...]) -> None:
        """Show these days."""
        self._days = days
        self._by_date = {day.on: day for day in days}
        self._months = tuple(sorted({day.on.replace(day=1) for day in days}))
        self._counts = Counter(look_of(symbol) for day in days for symbol in (day.am, day.pm))
        counted = ", ".join(f"{count} {word}" for word, count in self.legend())
        self.setAccessibleName(f"Sessions: {counted}" if counted else "No sessions")
        self.updateGeometry()
        self.update()

    def legend(self) -> tuple[tuple[str, int], ...]:
        """The looks that occur and how many sessions have each."""
        return tuple(
            (look.value, self._counts[look])
            for look in (MarkLook.PRESENT, MarkLook.AUTHORISED, MarkLook.UNAUTHORISED, MarkLook.UNKNOWN)
            if self._counts[look]
        )

    def sizeHint(self) -> QSize:
        width = _LABEL + 6 * 5 * _DAY + 5 * _WEEK_GAP + 4
        height = len(self._months) * (2 * _HALF + _MONTH_GAP) + _LEGEND_LINE * 2 + 4
        return QSize(self._theme.scaled(width), self._theme.scaled(height))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.scale(self._theme.text_scale, self._theme.text_scale)
        for row, month in enumerate(self._months):
            self._paint_label(painter, month, row)
        for day in self._days:
            self._paint_day(painter, day)
        self._paint_legend(painter)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._say_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _say_at(self, point: QPointF) -> str:
        spot = point / self._theme.text_scale
        for day in self._days:
            if self._rect_of(day.on).contains(spot):
                return f"{say_day(day.on)}: {say_mark(day.am)}; {say_mark(day.pm)}"
        return ""

    def _rect_of(self, on: date) -> QRectF:
        row = self._months.index(on.replace(day=1))
        first = on.replace(day=1)
        week = (on - (first - timedelta(days=first.weekday()))).days // 7
        x = _LABEL + week * (5 * _DAY + _WEEK_GAP) + on.weekday() * _DAY
        return QRectF(x, row * (2 * _HALF + _MONTH_GAP) + 2, _DAY, 2 * _HALF)

    def _paint_label(self, painter: QPainter, month: date, row: int) -> None:
        font = self._theme.font("small")
        font.setPixelSize(12)
        painter.setFont(font)
        painter.setPen(self._theme.color("text2"))
        top = row * (2 * _HALF + _MONTH_GAP) + 2
        painter.drawText(QRectF(0, top, _LABEL, 2 * _HALF), Qt.AlignmentFlag.AlignVCenter, short_month_name(month))

    def _paint_day(self, painter: QPainter, day: HeatDay) -> None:
        if day.on.weekday() > 4:
            return
        box = self._rect_of(day.on)
        for index, symbol in enumerate((day.am, day.pm)):
            half = QRectF(box.left(), box.top() + index * _HALF, _DAY, _HALF).adjusted(0.5, 0.5, -0.5, -0.5)
            self._paint_half(painter, half, look_of(symbol))

    def _paint_half(self, painter: QPainter, half: QRectF, look: MarkLook) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        match look:
            case MarkLook.PRESENT:
                painter.fillRect(half, self._theme.color("heat_present"))
                if self._theme.palette.is_high_contrast:
                    painter.fillRect(QRectF(half.center() - QPointF(1, 1), QSizeF(2, 2)), self._theme.color("text"))
            case MarkLook.AUTHORISED:
                painter.setPen(QPen(self._theme.color("week"), 1))
                painter.setBrush(self._theme.color("surface"))
                painter.drawRect(half)
                painter.setPen(QPen(self._theme.color("week"), 2))
                middle = half.center().y()
                painter.drawLine(QLineF(half.left() + 2.5, middle, half.right() - 2.5, middle))
            case MarkLook.UNAUTHORISED:
                painter.fillRect(half, self._theme.color("text"))
            case MarkLook.UNKNOWN:
                paint_hatch(painter, half, self._theme.color("unknown"))
                painter.setPen(QPen(self._theme.color("unknown"), 1, Qt.PenStyle.DotLine))
                painter.drawRect(half)
            case MarkLook.TO_COME:
                painter.setPen(QPen(self._theme.color("line"), 1))
                painter.drawRect(half)
            case _:
                return

    def _paint_legend(self, painter: QPainter) -> None:
        font = self._theme.font("small")
        font.setPixelSize(12)
        painter.setFont(font)
        x, y = 0.0, len(self._months) * (2 * _HALF + _MONTH_GAP) + 4.0
        room = self.width() / self._theme.text_scale
        looks = {look.value: look for look in MarkLook}
        for word, count in self.legend():
            text = f"{count} {word}"
            width = _DAY + 6 + painter.fontMetrics().horizontalAdvance(text)
            if x and x + width > room:
                x, y = 0.0, y + _LEGEND_LINE
            self._paint_half(painter, QRectF(x + 0.5, y + 4.5, _DAY - 1, _HALF - 1), looks[word])
            painter.setPen(self._theme.color("text2"))
            painter.drawText(QRectF(x + _DAY + 5, y, width, _LEGEND_LINE), Qt.AlignmentFlag.AlignVCenter, text)
            x += width + 14
