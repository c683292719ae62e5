"""A key printed beside the act it does: ``F9``, ``Ctrl L``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from cme_desktop.ui.style.qt_numbers import ALIGN_CENTRE

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QPaintEvent

    from cme_desktop.ui.style.theme import Theme


def keycap_width(theme: Theme, keys: str) -> int:
    """How wide a keycap is drawn."""
    advance = QFontMetrics(theme.font("key")).horizontalAdvance(keys)
    return max(keycap_height(theme), advance + theme.scaled(11))


def keycap_height(theme: Theme) -> int:
    """18 px at 100 %."""
    return theme.scaled(18)


def paint_keycap(painter: QPainter, rect: QRectF, keys: str, theme: Theme, *, ink: QColor | None = None) -> None:
    """Draw one keycap in ``rect``; ``ink`` colours the letters."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.setBrush(theme.color("surface"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.setFont(theme.font("key"))
    painter.setPen(ink or theme.color("text2"))
    painter.drawText(rect, ALIGN_CENTRE, keys)
    painter.restore()


class Keycap(QFrame):
    """Shows ``keys`` while the setting Show keys is on; says nothing aloud: the control beside it has the shortcut.

    The style sheet draws the cap: a pen or a brush named in Python would load Qt's namespace before the first paint.
    """

    def __init__(self, theme: Theme, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys = keys
        self._is_wanted = True
        self.setProperty("look", "keycap")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._take_look)
        self._take_look()

    def set_wanted(self, *, is_wanted: bool) -> None:
        """Say whether the act it stands beside is there at all; without the act the key is not printed."""
        self._is_wanted = is_wanted
        self.setVisible(is_wanted and self._theme.shows_keys)

    def sizeHint(self) -> QSize:
        return QSize(keycap_width(self._theme, self._keys), keycap_height(self._theme))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QPainter(self).drawText(QRectF(self.rect()), ALIGN_CENTRE, self._keys)

    def _take_look(self) -> None:
        shown = self._is_wanted and self._theme.shows_keys
        if shown == self.isHidden() and self.parentWidget() is not None:
            self.setVisible(shown)
        self.setFont(self._theme.font("key"))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.color("text2"))
        self.setPalette(palette)
        self.updateGeometry()
