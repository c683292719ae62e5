"""A list that shows where the keyboard is from the moment it comes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from cme_desktop.ui.widgets.holding_list import HoldingList

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent


class KeyboardList(HoldingList):
    """Marks a row as soon as Tab comes to the list: the one last chosen, or the first."""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Qt makes a row the current one, but chooses none: nothing on the screen would say where the keyboard is.
        at = self.currentIndex()
        if event.reason() is not Qt.FocusReason.MouseFocusReason and at.isValid():
            self.setCurrentIndex(at)
