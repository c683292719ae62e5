"""Flags raised each week, before and after, as pairs of bars; and their twin, a table in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.domain.day_names import short_month_name
from cme_desktop.policy.simulate import SimulatedWeek
from cme_desktop.ui.row_table_model import Column, RowTableModel

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QPaintEvent

    from cme_desktop.ui.style.theme import Theme

_BARS: Final = 96
_FOOT: Final = 20
_LEGEND: Final = 24
_GAP: Final = 6


def week_table_model(weeks: tuple[SimulatedWeek, ...], parent: QObject | None = None) -> RowTableModel[SimulatedWeek]:
    """Build the picture's twin: each week with its two counts and what lies between them."""
    right = Qt.AlignmentFlag.AlignRight
    model = RowTableModel[SimulatedWeek](
        (
            Column("Week of", lambda week: f"{say_day(week.monday)} {week.monday.year}", sort=lambda week: week.monday),
            Column("Before", lambda week: str(week.before), sort=lambda week: week.before, align=right),
            Column("After", lambda week: str(week.after), sort=lambda week: week.after, align=right),
            Column("More or fewer", _say_difference, sort=lambda week: week.after - week.before, align=right),
        ),
        parent,
    )
    model.set_rows(weeks)
    return model


def _say_difference(week: SimulatedWeek) -> str:
    difference = week.after - week.before
    return "–" if not difference else f"{abs(difference)} {'more' if difference > 0 else 'fewer'}"


class WeekBars(QWidget):
    """Painted only: before is an outline, after is filled. Give the twin beside it to those who cannot see it."""

    def __init__(self, theme: Theme, weeks: tuple[SimulatedWeek, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.set_weeks(weeks)

    def set_weeks(self, weeks: tuple[SimulatedWeek, ...]) -> None:
        """Show these weeks."""
        self._weeks = weeks
        self._most = max((max(week.before, week.after) for week in weeks), default=0)
        self.setAccessibleName(self._say_all())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(360), self._theme.scaled(_BARS + _FOOT + _LEGEND + 8))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(200), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setFont(self._theme.font("small"))
        self._paint_scale(painter)
        for index, week in enumerate(self._weeks):
            self._paint_week(painter, self._place_of(index), week)
        self._paint_months(painter)
        self._paint_legend(painter)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._say_at(event.pos().x()), self)
            return True
        return super().event(event)

    # -- words -------------------------------------------------------------------------------------------------

    def _say_all(self) -> str:
        if not self._weeks:
            return "No weeks"
        before, after = sum(week.before for week in self._weeks), sum(week.after for week in self._weeks)
        highest = max(self._weeks, key=lambda week: abs(week.after - week.before))
        return (
            f"Flags raised in {count_of(len(self._weeks), 'week')}: {before} before, {after} after. "
            f"Most apart: {_say_week(highest)}"
        )

    def _say_at(self, x: int) -> str:
        for index, week in enumerate(self._weeks):
            place = self._place_of(index)
            if place.left() <= x < place.right():
                return _say_week(week)
        return ""

    # -- places ------------------------------------------------------------------------------------------------

    def _room(self) -> QRectF:
        """Where the bars stand: right of the scale, above the months."""
        left = self._theme.scaled(8) + QFontMetrics(self._theme.font("small")).horizontalAdvance(str(self._most))
        return QRectF(left, self._theme.scaled(6), self.width() - left - 1, self._theme.scaled(_BARS))

    def _place_of(self, index: int) -> QRectF:
        room = self._room()
        width = min(room.width() / max(1, len(self._weeks)), self._theme.scaled(40))
        return QRectF(room.left() + index * width, room.top(), width, room.height())

    # -- painting ----------------------------------------------------------------------------------------------

    def _paint_scale(self, painter: QPainter) -> None:
        room = self._room()
        painter.setPen(QPen(self._theme.color("line2"), 1))
        painter.drawLine(QLineF(room.left(), room.bottom(), room.right(), room.bottom()))
        painter.setPen(self._theme.color("text2"))
        label = QRectF(
            0, room.top() - self._theme.scaled(8), room.left() - self._theme.scaled(5), self._theme.scaled(16)
        )
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(label, right, str(self._most))
        painter.drawText(label.translated(0, room.height()), right, "0")

    def _paint_week(self, painter: QPainter, place: QRectF, week: SimulatedWeek) -> None:
        gap = min(self._theme.scaled(_GAP), place.width() / 4)
        width = (place.width() - gap) / 2
        for side, count in enumerate((week.before, week.after)):
            height = place.height() * count / max(1, self._most)
            bar = QRectF(place.left() + gap / 2 + side * width, place.bottom() - height, width, height)
            if count:
                self._paint_bar(painter, bar, is_after=side == 1)

    def _paint_bar(self, painter: QPainter, bar: QRectF, *, is_after: bool) -> None:
        inside = bar.adjusted(0.5, 0.5, -0.5, 0) if bar.width() > 2 else bar
        if is_after:
            painter.fillRect(inside, self._theme.color("accent"))
        else:
            painter.setPen(QPen(self._theme.color("text2"), 1))
            painter.setBrush(self._theme.color("surface"))
            painter.drawRect(inside)

    def _paint_months(self, painter: QPainter) -> None:
        painter.setPen(self._theme.color("text2"))
        metrics = painter.fontMetrics()
        shown, free = None, 0.0
        for index, week in enumerate(self._weeks):
            month = week.monday.replace(day=1)
            place = self._place_of(index)
            word = short_month_name(week.monday)
            if month != shown and place.left() >= free:
                top = place.bottom() + self._theme.scaled(2)
                painter.drawText(
                    QRectF(place.left(), top, 200, self._theme.scaled(_FOOT)), Qt.AlignmentFlag.AlignTop, word
                )
                shown, free = month, place.left() + metrics.horizontalAdvance(word) + self._theme.scaled(8)

    def _paint_legend(self, painter: QPainter) -> None:
        left = self._room().left()
        top = self._theme.scaled(_BARS + _FOOT + 10)
        for word, is_after in (("before", False), ("after", True)):
            swatch = QRectF(left, top + self._theme.scaled(2), self._theme.scaled(10), self._theme.scaled(10))
            self._paint_bar(painter, swatch, is_after=is_after)
            painter.setPen(self._theme.color("text2"))
            beside = left + self._theme.scaled(15)
            words = QRectF(beside, top - self._theme.scaled(2), 200, self._theme.scaled(18))
            painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, word)
            left = beside + painter.fontMetrics().horizontalAdvance(word) + self._theme.scaled(16)


def _say_week(week: SimulatedWeek) -> str:
    return f"Week of {say_day(week.monday)} {week.monday.year}: {week.before} before, {week.after} after"
