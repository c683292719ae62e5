"""Small pictures of sessions: a pupil's last school days, and the weeks a finding counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cme_desktop.casework.call_card import DayMarks, SessionMark
from cme_desktop.casework.in_words import say_day
from cme_desktop.ui.widgets.mark_cell import paint_mark, say_mark

if TYPE_CHECKING:
    from cme_desktop.casework.explain import Week
    from cme_desktop.ui.style.theme import Theme

_DAY_LETTERS: Final = ("M", "T", "W", "Th", "F", "Sa", "Su")
_DAY_NAMES: Final = ("Mon", "Tue", "Wed", "Thu", "Fri")


def say_marks(days: tuple[DayMarks, ...]) -> str:
    """Say the marks of some days in words, for assistive tools."""
    return ". ".join(
        f"{say_day(day.on)}: morning {say_mark(day.am.symbol)}, afternoon {say_mark(day.pm.symbol)}" for day in days
    )


class LastDays(QWidget):
    """The last school days, a column each, morning above afternoon."""

    def __init__(self, theme: Theme, days: tuple[DayMarks, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._days = theme, days
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(say_marks(days))
        self.setToolTip("")

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(26) * max(1, len(self._days)), self._theme.scaled(58))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(120), self._theme.scaled(58))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        scale = self._theme.scaled
        wide = min(scale(26), self.width() / max(1, len(self._days)))
        for number, day in enumerate(self._days):
            left = number * wide
            painter.setFont(self._theme.font("key"))
            painter.setPen(self._theme.color("text2"))
            head = QRectF(left, 0, wide, scale(16))
            painter.drawText(head, Qt.AlignmentFlag.AlignCenter, _DAY_LETTERS[day.on.weekday()])
            for row, mark in enumerate((day.am, day.pm)):
                cell = QRectF(left + 1, scale(17) + row * scale(21), wide - 2, scale(19))
                paint_mark(painter, cell, mark.symbol, self._theme)


class SessionCalendar(QWidget):
    """The weeks a finding counted: sessions as marks, days without school dashed with the reason in words."""

    def __init__(self, theme: Theme, weeks: tuple[Week, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._weeks = theme, weeks
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        said = [
            f"{week.title}: {week.skipped}"
            if week.skipped
            else say_marks(tuple(day.marks for day in week.days if day.marks is not None))
            for week in weeks
        ]
        self.setAccessibleName(". ".join(said))

    def sizeHint(self) -> QSize:
        tall = sum(34 if week.skipped else 42 for week in self._weeks)
        return QSize(self._theme.scaled(80 + 5 * 46), self._theme.scaled(22 + tall))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._theme.scaled
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text2"))
        for number, name in enumerate(_DAY_NAMES):
            place = QRectF(scale(80 + number * 46), 0, scale(42), scale(20))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, name)
        top = scale(22)
        for week in self._weeks:
            top += self._paint_week(painter, week, top)

    def _paint_week(self, painter: QPainter, week: Week, top: int) -> int:
        scale = self._theme.scaled
        tall = scale(34 if week.skipped else 42)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text2"))
        painter.drawText(QRectF(0, top, scale(78), tall - scale(4)), int(Qt.AlignmentFlag.AlignVCenter), week.title)
        if week.skipped:
            self._paint_skipped(painter, QRectF(scale(80), top, scale(5 * 46 - 4), tall - scale(4)), week.skipped)
            return tall
        for number, day in enumerate(week.days):
            left = scale(80 + number * 46)
            if day.marks is None:
                self._paint_skipped(painter, QRectF(left, top, scale(42), scale(37)), day.skipped)
                continue
            for row, mark in enumerate((day.marks.am, day.marks.pm)):
                self._paint_mark(painter, QRectF(left, top + row * scale(19), scale(42), scale(18)), mark)
        return tall

    def _paint_mark(self, painter: QPainter, cell: QRectF, mark: SessionMark) -> None:
        paint_mark(painter, cell, mark.symbol, self._theme)
        if mark.counted and mark.symbol and mark.symbol not in "NOGU?":
            painter.setPen(QPen(self._theme.color("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(cell.adjusted(1, 1, -1, -1), 3, 3)

    def _paint_skipped(self, painter: QPainter, rect: QRectF, words: str) -> None:
        pen = QPen(self._theme.color("line2"), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        painter.setPen(self._theme.color("text2"))
        painter.setFont(self._theme.font("key" if rect.width() < self._theme.scaled(60) else "small"))
        cut = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(rect.width()) - 2)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, cut)
