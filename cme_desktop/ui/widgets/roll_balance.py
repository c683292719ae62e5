"""The roll as one bar: in, absent and unknown, told apart by fill and never mixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cme_desktop.ui.widgets.mark_cell import paint_hatch

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

    from cme_desktop.ui.style.theme import Theme


@dataclass(frozen=True, slots=True)
class RollCounts:
    """How many pupils on roll are in, absent and unknown this session; ``note`` stands beneath."""

    present: int
    absent: int
    unknown: int
    note: str = ""

    @property
    def on_roll(self) -> int:
        """All of them."""
        return self.present + self.absent + self.unknown


class RollBalance(QWidget):
    """The bar with its figures; the accessible name says them in words."""

    def __init__(self, theme: Theme, counts: RollCounts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        self.set_counts(counts)

    def set_counts(self, counts: RollCounts) -> None:
        """Show another session's counts."""
        self._counts = counts
        self.setAccessibleName(
            f"{counts.present} in, {counts.absent} absent, {counts.unknown} unknown, of {counts.on_roll} on roll"
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(216), self._theme.scaled(70))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        self._paint_bar(painter, QRectF(0, self._theme.scaled(8), self.width() - 1, self._theme.scaled(9)))
        self._paint_figures(painter)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._theme.color("text2"))
        note = QFontMetrics(painter.font()).elidedText(self._counts.note, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(0, self._theme.scaled(60), note)

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        total = max(1, self._counts.on_roll)
        left = bar.left()
        for count, paint in (
            (self._counts.present, self._paint_present),
            (self._counts.absent, self._paint_absent),
            (self._counts.unknown, self._paint_unknown),
        ):
            if not count:
                continue
            width = max(3.0, bar.width() * count / total - 2)
            paint(painter, QRectF(left + 0.5, bar.top() + 0.5, min(width, bar.right() - left), bar.height() - 1))
            left += width + 2

    def _paint_present(self, painter: QPainter, part: QRectF) -> None:
        painter.setPen(QPen(self._theme.color("line2"), 1))
        painter.setBrush(self._theme.color("line"))
        if self._theme.palette.is_high_contrast:
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(part)

    def _paint_absent(self, painter: QPainter, part: QRectF) -> None:
        painter.setPen(QPen(self._theme.color("text2"), 1))
        painter.setBrush(self._theme.color("text2"))
        painter.drawRect(part)

    def _paint_unknown(self, painter: QPainter, part: QRectF) -> None:
        paint_hatch(painter, part, self._theme.color("unknown"), width=1.2)
        painter.setPen(QPen(self._theme.color("unknown"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(part)

    def _paint_figures(self, painter: QPainter) -> None:
        left, base = 0, self._theme.scaled(36)
        for count, word, token in (
            (self._counts.present, "in", "text2"),
            (self._counts.absent, "absent", "text2"),
            (self._counts.unknown, "unknown", "unknown"),
        ):
            is_unknown = word == "unknown" and count > 0
            painter.setFont(self._theme.font("heading"))
            painter.setPen(self._theme.color("unknown" if is_unknown else "text"))
            painter.drawText(left, base, str(count))
            left += QFontMetrics(painter.font()).horizontalAdvance(str(count)) + self._theme.scaled(5)
            painter.setFont(self._theme.font("small-strong" if is_unknown else "small"))
            painter.setPen(self._theme.color(token if is_unknown else "text2"))
            painter.drawText(left, base, word)
            left += QFontMetrics(painter.font()).horizontalAdvance(word) + self._theme.scaled(14)
