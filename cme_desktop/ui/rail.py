"""The tabs down the left side: a real tab bar, so that its role, its arrow keys and its tabs are spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QTabBar

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme

_TAB: Final = QSize(64, 56)
_SPACE: Final = 6
_RAIL: Final = 76
_ICON: Final = 22
_LEAST: Final = 28
"""How low a tab may get where the window is low and the text large: it then shows its icon alone."""


class Rail(QTabBar):
    """Icon over word, a count badge, the current tab on the surface with an accent bar.

    Where there is no room for all tabs at their full height, each gives up as much of it as the others.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icons: list[str] = []
        self._names: list[str] = []
        self._badges: list[int] = []
        self._hovered = -1
        self._tall = theme.scaled(_TAB.height() + _SPACE)
        self.setShape(QTabBar.Shape.RoundedWest)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Tabs")
        theme.changed.connect(self._take_look)

    def add(self, name: str, *, icon: str) -> None:
        """Add a tab."""
        self._icons.append(icon)
        self._names.append(name)
        self._badges.append(0)
        index = self.addTab(name)
        self.setTabToolTip(index, f"{name} (Ctrl {index + 1})")
        self._name_tab(index)

    def set_badge(self, index: int, count: int) -> None:
        """Show how many wait on a tab; 0 shows nothing."""
        self._badges[index] = count
        self._name_tab(index)
        self.update()

    def tabSizeHint(self, index: int) -> QSize:
        del index
        return QSize(self._theme.scaled(_RAIL), self._tall)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_RAIL), self.count() * self._full)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(_RAIL), self.count() * self._theme.scaled(_LEAST))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.setCurrentIndex((self.currentIndex() + step) % self.count())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hovered = self.tabAt(event.position().toPoint())
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index in range(self.count()):
            self._paint_tab(painter, index)

    def _paint_tab(self, painter: QPainter, index: int) -> None:
        outer = self.tabRect(index)
        inset = self._theme.scaled(_SPACE)
        box = QRectF(outer.adjusted(inset, 0, -inset, -inset))
        is_current = index == self.currentIndex()
        self._paint_ground(painter, box, index, is_current=is_current)
        ink = "accent" if is_current else "text2"
        side = self._theme.scaled(_ICON)
        painter.setFont(self._theme.font("small-strong" if is_current else "small"))
        word = painter.fontMetrics().height()
        spare = max(0, round(box.height()) - side)
        has_word = spare >= word
        room = spare - word if has_word else spare
        top = round(box.top()) + min(self._theme.scaled(8), room // 2)
        left = round(box.center().x() - side / 2)
        picture = self._theme.pixmap(self._icons[index], ink, _ICON, self.devicePixelRatioF())
        painter.drawPixmap(QRect(left, top, side, side), picture)
        painter.setPen(self._theme.color("text" if is_current else "text2"))
        if has_word:
            words = QRectF(outer.left(), top + side, outer.width(), box.bottom() - top - side)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._names[index])
        if self._badges[index]:
            self._paint_badge(painter, QRectF(left + side - 6, box.top() + 3, 0, 0), self._badges[index])

    def _paint_ground(self, painter: QPainter, box: QRectF, index: int, *, is_current: bool) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if is_current or index == self._hovered:
            painter.setBrush(self._theme.color("surface" if is_current else "sunken"))
            painter.drawRoundedRect(box, 4, 4)
        if is_current:
            bar = QRectF(box.left(), box.top() + box.height() / 4, 3, box.height() / 2)
            painter.setBrush(self._theme.color("accent"))
            painter.drawRoundedRect(bar, 1.5, 1.5)
        if is_current and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("focus"), 2))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)

    def _paint_badge(self, painter: QPainter, corner: QRectF, count: int) -> None:
        painter.setFont(self._theme.font("key"))
        tall = self._theme.scaled(16)
        wide = max(tall + 4, painter.fontMetrics().horizontalAdvance(str(count)) + self._theme.scaled(12))
        badge = QRectF(corner.left(), corner.top(), wide, tall)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("accent"))
        painter.drawRoundedRect(badge, tall / 2, tall / 2)
        painter.setPen(self._theme.color("on_accent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(count))

    def _name_tab(self, index: int) -> None:
        count = self._badges[index]
        name = self._names[index]
        self.setAccessibleTabName(index, f"{name}, {count} waiting" if count else name)

    @property
    def _full(self) -> int:
        return self._theme.scaled(_TAB.height() + _SPACE)

    def _share_room(self) -> None:
        tall = max(self._theme.scaled(_LEAST), min(self._full, self.height() // max(1, self.count())))
        if tall != self._tall:
            self._tall = tall
            self._measure()

    def _take_look(self) -> None:
        self._tall = self._full
        self._measure()
        self._share_room()
        self.updateGeometry()

    def _measure(self) -> None:
        # The tab bar keeps the sizes it measured; telling it a text anew makes it measure again.
        for index, name in enumerate(self._names):
            self.setTabText(index, f"{name} ")
            self.setTabText(index, name)
        self.update()
