"""What is copied out of the program stays on the clipboard for a minute, and never past the lock.

Whatever was copied, by whichever way, and only as long as it is still what the program put there. A clipboard that
keeps a history of its own keeps what it has seen: that can't be called back.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QClipboard, QGuiApplication

CLIPBOARD_SECONDS: Final = 60
_MODES: Final = (QClipboard.Mode.Clipboard, QClipboard.Mode.Selection)


class ClipboardWatch(QObject):
    """Remembers what the program copied, and takes it off again."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ours: dict[QClipboard.Mode, str] = {}
        self._timers = {mode: self._timer(mode) for mode in self._modes()}
        clipboard = QGuiApplication.clipboard()
        clipboard.dataChanged.connect(self._note_copied)
        if QClipboard.Mode.Selection in self._timers:
            clipboard.selectionChanged.connect(self._note_selected)

    def clear(self) -> None:
        """Take everything off that is still what the program put there."""
        for mode in tuple(self._ours):
            self._take_off(mode)

    @staticmethod
    def _modes() -> tuple[QClipboard.Mode, ...]:
        has_selection = QGuiApplication.clipboard().supportsSelection()
        return _MODES if has_selection else _MODES[:1]

    def _timer(self, mode: QClipboard.Mode) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(CLIPBOARD_SECONDS * 1000)
        timer.timeout.connect(lambda: self._take_off(mode))
        return timer

    def _note_copied(self) -> None:
        self._note(QClipboard.Mode.Clipboard)

    def _note_selected(self) -> None:
        self._note(QClipboard.Mode.Selection)

    def _note(self, mode: QClipboard.Mode) -> None:
        words = QGuiApplication.clipboard().text(mode)
        if words and self._is_ours(mode):
            self._ours[mode] = words
            self._timers[mode].start()
        else:
            self._ours.pop(mode, None)
            self._timers[mode].stop()

    @staticmethod
    def _is_ours(mode: QClipboard.Mode) -> bool:
        if QGuiApplication.platformName() == "offscreen":
            return True  # there is no other program to copy anything
        clipboard = QGuiApplication.clipboard()
        return clipboard.ownsClipboard() if mode is QClipboard.Mode.Clipboard else clipboard.ownsSelection()

    def _take_off(self, mode: QClipboard.Mode) -> None:
        words = self._ours.pop(mode, None)
        self._timers[mode].stop()
        clipboard = QGuiApplication.clipboard()
        if words is not None and clipboard.text(mode) == words:
            clipboard.clear(mode)
