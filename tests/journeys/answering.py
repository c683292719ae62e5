"""Answering a dialog that waits for its answer: what is to be done in each, in the order they come up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget

_LOOKS_EVERY_MS = 10
_GIVES_UP_AFTER = 2000


class Answers(QObject):
    """Looks which dialog is uppermost, and does what was said for it, once; ``are_given`` when none is left."""

    def __init__(self, *answers: tuple[type[QDialog], Callable[[Any], None]]) -> None:
        super().__init__()
        self._left = list(answers)
        self._looked = 0
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOKS_EVERY_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    @property
    def are_given(self) -> bool:
        return not self._left

    def _look(self) -> None:
        self._looked += 1
        uppermost = QApplication.activeModalWidget()
        if self._looked > _GIVES_UP_AFTER and isinstance(uppermost, QDialog):
            uppermost.reject()  # the test fails on what was not answered, instead of waiting for ever
        if not self._left or not isinstance(uppermost, self._left[0][0]):
            return
        _, answer = self._left.pop(0)
        if not self._left:
            self._timer.stop()
        # On its own turn: an answer may open the next dialog, and this timer does not run within itself.
        QTimer.singleShot(0, uppermost, partial(answer, uppermost))


def press(window: QWidget, words: str) -> None:
    """Press the button that bears these words."""
    next(button for button in window.findChildren(QPushButton) if button.text() == words).click()
