"""Keeping the program's windows out of what is shared or recorded of the screen: Windows offers it, others do not."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QWindow

_SHOWN: Final = 0x00
_LEFT_OUT: Final = 0x11
"""WDA_NONE and WDA_EXCLUDEFROMCAPTURE of the Windows call."""


def system_call() -> Callable[[int, int], object] | None:
    """The system's own call, or None where it has none."""
    windows = getattr(ctypes, "windll", None)
    if windows is None:
        return None
    call: Callable[[int, int], object] = windows.user32.SetWindowDisplayAffinity
    return call


class SharingGuard(QObject):
    """Asks the system to leave each window out, as it comes to the front, or to take it in again."""

    def __init__(self, parent: QObject, *, call: Callable[[int, int], object] | None = None) -> None:
        super().__init__(parent)
        self._call = call if call is not None else system_call()
        self._is_on = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._follow)

    @property
    def is_offered(self) -> bool:
        """Whether the system can do it."""
        return self._call is not None

    def switch(self, *, on: bool) -> None:
        """Leave the windows that are open out of what is shared, or take them in again."""
        self._is_on = on
        for window in QGuiApplication.topLevelWindows():
            self._tell(window)

    def _follow(self, window: QWindow | None) -> None:
        if window is not None and self._is_on:
            self._tell(window)

    def _tell(self, window: QWindow) -> None:
        if self._call is not None and window.isVisible():
            self._call(int(window.winId()), _LEFT_OUT if self._is_on else _SHOWN)
