"""A square code (QR) for a phone's camera: dark squares on white in every look, as a camera wants it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

_MARGIN: Final = 4
"""Squares left white round the code: what a camera needs to find it."""


class SquareCode(QWidget):
    """Draws rows of squares as large as whole pixels allow, at least ``side`` wide."""

    def __init__(self, squares: tuple[tuple[bool, ...], ...], *, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._squares = squares
        across = len(squares) + 2 * _MARGIN
        self._square = max(2, side // across)
        self._side = self._square * across
        self.setAccessibleName("Square picture for the phone’s camera")
        self.setAccessibleDescription("The key beside it says the same in letters.")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002  Qt's own argument
        painter = QPainter(self)
        painter.fillRect(QRect(0, 0, self._side, self._side), QColor(Qt.GlobalColor.white))
        for row, squares in enumerate(self._squares):
            for column, is_dark in enumerate(squares):
                if is_dark:
                    left, top = (column + _MARGIN) * self._square, (row + _MARGIN) * self._square
                    painter.fillRect(QRect(left, top, self._square, self._square), QColor(Qt.GlobalColor.black))
        painter.end()
