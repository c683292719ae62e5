"""One clock time of the morning as a button: its name, what is left before it, and a knot on the day's line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class TileState(Enum):
    """Where the clock stands to a tile's time."""

    DONE = "done"
    NEXT = "next"
    LATE = "late"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class TileFacts:
    """What a tile shows: ``9:45``, ``Contacts tried``, 15, ``still to try``. A count of zero becomes the tick."""

    time: str
    name: str
    count: int
    words: str
    state: TileState = TileState.LATER


class StatusTile(QAbstractButton):
    """Press it to filter the list to what is due by its time."""

    def __init__(self, theme: Theme, facts: TileFacts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._facts = facts
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.set_facts(facts)

    def set_facts(self, facts: TileFacts) -> None:
        """Show the counts of another moment."""
        self._facts = facts
        left = f"{facts.count} {facts.words}" if facts.count else f"none, {facts.words}"
        late = ", late" if facts.state is TileState.LATE else ""
        self.setAccessibleName(f"{facts.time} {facts.name}: {left}{late}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(150), self._theme.scaled(70))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(96), self._theme.scaled(70))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isChecked():
            self._paint_ground(painter)
        self._paint_line(painter)
        self._paint_label(painter)
        self._paint_count(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_ground(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("tint" if self.isChecked() else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    def _paint_line(self, painter: QPainter) -> None:
        state = self._facts.state
        token = "today_mark" if state is TileState.LATE else "line2"
        middle = self._theme.scaled(12)
        knot = self._theme.scaled(5)
        width = 3.0 if state is TileState.LATE else 1.5
        painter.setPen(QPen(self._theme.color(token), width))
        painter.drawLine(QPointF(self._theme.scaled(8) + knot, middle), QPointF(self.width(), middle))
        knot_token = "accent" if state is TileState.NEXT else token
        is_filled = state in {TileState.NEXT, TileState.LATE}
        painter.setPen(QPen(self._theme.color(knot_token), 1.8))
        painter.setBrush(self._theme.color(knot_token if is_filled else "bg"))
        painter.drawEllipse(QPointF(self._theme.scaled(8) + knot / 2, middle), knot, knot)

    def _paint_label(self, painter: QPainter) -> None:
        left, base = self._theme.scaled(5), self._theme.scaled(34)
        strong, plain = self._theme.font("small-strong"), self._theme.font("small")
        painter.setFont(strong)
        painter.setPen(self._theme.color("text"))
        painter.drawText(left, base, self._facts.time)
        left += QFontMetrics(strong).horizontalAdvance(self._facts.time) + self._theme.scaled(6)
        painter.setFont(plain)
        painter.setPen(self._theme.color("text2"))
        painter.drawText(left, base, self._cut(QFontMetrics(plain), self._facts.name, left))

    def _paint_count(self, painter: QPainter) -> None:
        left, base = self._theme.scaled(5), self._theme.scaled(60)
        is_late = self._facts.state is TileState.LATE and self._facts.count > 0
        if self._facts.count:
            font = self._theme.font("count")
            painter.setFont(font)
            painter.setPen(self._theme.color("today" if is_late else "text"))
            painter.drawText(left, base, str(self._facts.count))
            left += QFontMetrics(font).horizontalAdvance(str(self._facts.count))
        elif self._facts.state is TileState.DONE:
            tick = self._theme.pixmap("check", "ok", 18, self.devicePixelRatioF())
            side = self._theme.scaled(18)
            painter.drawPixmap(QRect(left, base - side + 2, side, side), tick)
            left += side
        left += self._theme.scaled(7) if left > self._theme.scaled(5) else 0
        font = self._theme.font("small-strong" if is_late else "small")
        painter.setFont(font)
        painter.setPen(self._theme.color(self._words_token(is_late=is_late)))
        painter.drawText(left, base, self._cut(QFontMetrics(font), self._facts.words, left))

    def _words_token(self, *, is_late: bool) -> str:
        if is_late:
            return "today"
        return "text" if self._facts.state is TileState.NEXT and self._facts.count else "text2"

    def _cut(self, metrics: QFontMetrics, words: str, left: int) -> str:
        return metrics.elidedText(words, Qt.TextElideMode.ElideRight, max(0, self.width() - left - 2))
