"""A frame that floats over the window without blocking it: Esc closes it, and the focus goes back where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class Popover(QFrame):
    """Give it a layout, then ``open_at`` a point of its parent; it stays inside the parent."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._room = parent
        self._focus_before: QWidget | None = None
        self.setProperty("look", "popover")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self._take_look)
        self._take_look()
        self.hide()

    def open_at(self, point: QPoint, *, size: tuple[int, int] | None = None, takes_focus: bool = True) -> None:
        """Show it with its top left corner at ``point``, moved so that all of it can be seen."""
        self._focus_before = QApplication.focusWidget()
        width, height = size or (self.sizeHint().width(), self.sizeHint().height())
        room = self._room.size()
        self.resize(min(width, room.width() - 16), min(height, room.height() - 48))
        self.move(
            max(8, min(point.x(), room.width() - self.width() - 8)),
            max(8, min(point.y(), room.height() - self.height() - 8)),
        )
        self.show()
        self.raise_()
        if takes_focus:
            self.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_popover(self) -> None:
        """Hide it and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus(Qt.FocusReason.PopupFocusReason)
        self._focus_before = None
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_popover()
            return
        super().keyPressEvent(event)

    def _take_look(self) -> None:
        if self._theme.palette.is_high_contrast:
            self.setGraphicsEffect(None)  # type: ignore[arg-type]  # Qt takes none to mean no effect
            return
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 69))
        self.setGraphicsEffect(shadow)
