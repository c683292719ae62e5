"""Keys that answer wherever the keyboard is, in any dialog too: a menu's own keys stop where a dialog begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent

if TYPE_CHECKING:
    from PySide6.QtGui import QWindow
    from PySide6.QtWidgets import QMainWindow


class DeskKeys(QObject):
    """``held`` says whether the key that shows names is pressed; the others are asked for from a dialog only."""

    held = Signal(bool)
    lock_asked = Signal()
    hide_asked = Signal()
    reception_asked = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._listen_to)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._press(watched, event)
        if event.type() == QEvent.Type.KeyRelease and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F8:
            if not event.isAutoRepeat():
                self.held.emit(False)  # noqa: FBT003  a Qt signal takes no keywords
            return True
        return False

    def _press(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F8:
            self.held.emit(True)  # noqa: FBT003  as above
            return True
        if watched is self._window.windowHandle() or event.isAutoRepeat():
            return False  # there the menus have these keys
        pressed = (event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier)
        no, shift, control = (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
        )  # fmt: skip
        signals = {
            (Qt.Key.Key_F9, no): self.hide_asked,
            (Qt.Key.Key_F9, shift): self.reception_asked,
            (Qt.Key.Key_L, control): self.lock_asked,
        }
        asked = signals.get((Qt.Key(pressed[0]), pressed[1]))
        if asked is None:
            return False
        asked.emit()
        return True

    def _listen_to(self, window: QWindow | None) -> None:
        # whoever held the key when the focus went elsewhere has let it go unseen
        self.held.emit(False)  # noqa: FBT003  as above
        if window is not None and self._window.isVisible():
            window.installEventFilter(self)
