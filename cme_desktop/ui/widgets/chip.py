"""A small labelled fill that states a fact: not to be pressed, so no pointer and no hover."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme

_PAD = 7
_ICON = 14


class ChipKind(Enum):
    """What the fill means; ``PLAIN`` means nothing."""

    PLAIN = "plain"
    NOW = "now"
    TODAY = "today"
    OK = "ok"
    UNKNOWN = "unknown"


class Chip(QLabel):
    """A chip of a kind with an optional icon before its words; its accessible name is its words."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        kind: ChipKind = ChipKind.PLAIN,
        icon: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._kind = kind
        self._icon = icon
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._take_look)
        self._take_look()

    def set_chip(self, text: str, *, kind: ChipKind) -> None:
        """Say something else."""
        self._kind = kind
        self.setText(text)
        self._take_look()

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + 2 * self._theme.scaled(_PAD)
        return QSize(width + self._icon_room(), self._theme.scaled(22))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(40), self._theme.scaled(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_fill(painter)
        left = self._theme.scaled(_PAD)
        if self._icon:
            side = self._theme.scaled(_ICON)
            picture = self._theme.pixmap(self._icon, self._ink(), _ICON, self.devicePixelRatioF())
            painter.drawPixmap(left, (self.height() - side) // 2, picture)
            left += self._icon_room()
        painter.setPen(self._theme.color(self._ink()))
        room = self.rect().adjusted(left, 0, -self._theme.scaled(_PAD) + 1, 0)
        words = self.fontMetrics().elidedText(
            self._theme.names.say(self.text()), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)

    def _paint_fill(self, painter: QPainter) -> None:
        is_plain = self._kind is ChipKind.PLAIN
        width = self._theme.palette.border
        if is_plain or self._theme.palette.is_high_contrast:
            painter.setPen(QPen(self._theme.color("line"), width))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("sunken" if is_plain else f"{self._kind.value}_tint"))
        half = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 4, 4)

    def _ink(self) -> str:
        return "text2" if self._kind is ChipKind.PLAIN else self._kind.value

    def _icon_room(self) -> int:
        return self._theme.scaled(_ICON + 4) if self._icon else 0

    def _take_look(self) -> None:
        self.setFont(self._theme.font("small" if self._kind is ChipKind.PLAIN else "small-strong"))
        self.updateGeometry()
        self.update()
