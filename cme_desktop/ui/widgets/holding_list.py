"""A list that knows which row the mouse holds: in reception mode its names are shown for as long as it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtWidgets import QListView, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QObject
    from PySide6.QtGui import QMouseEvent


class HoldingList(QListView):
    """``held`` is the row under the pressed mouse, or None."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.held: QPersistentModelIndex | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.held = QPersistentModelIndex(self.indexAt(event.position().toPoint()))
        super().mousePressEvent(event)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.held = None
        super().mouseReleaseEvent(event)
        self.viewport().update()


def is_held(view: QObject | None, index: QModelIndex | QPersistentModelIndex) -> bool:
    """Whether the mouse holds this row of a list."""
    return isinstance(view, HoldingList) and view.held is not None and view.held == index
