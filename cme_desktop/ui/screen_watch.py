"""Notices that somebody else may be looking on: a second screen, or the window on a screen that is not the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from PySide6.QtGui import QScreen
    from PySide6.QtWidgets import QMainWindow

ADDED: Final = "Names are hidden: another screen was connected"
MOVED: Final = "Names are hidden: this window is on another screen"


class ScreenWatch(QObject):
    """``seen`` carries what was noticed, in a sentence. What is shared by a program makes no screen."""

    seen = Signal(str)

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._is_following = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.screenAdded.connect(self.notice_added)

    def follow(self) -> None:
        """Follow the window, now that it stands on a screen."""
        handle = self._window.windowHandle()
        if handle is not None and not self._is_following:
            self._is_following = True
            handle.screenChanged.connect(self.notice_moved)

    def notice_added(self, _screen: QScreen | None = None) -> None:
        """A screen is there that was not: another one, or the only one that has woken up."""
        if len(QGuiApplication.screens()) > 1:
            self.seen.emit(ADDED)

    def notice_moved(self, screen: QScreen | None) -> None:
        """The window is on this screen now."""
        if screen is not None and screen is not QGuiApplication.primaryScreen():
            self.seen.emit(MOVED)
