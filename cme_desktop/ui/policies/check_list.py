"""Several of many words, each ticked or not: the arrows walk them, Space ticks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QWheelEvent

    from cme_desktop.ui.style.theme import Theme

_ROW: Final = 24
_MOST_ROWS: Final = 5


class CheckList(QListWidget):
    """Choices in words, those ticked at first on top; ``picked`` carries every value ticked, in the order shown."""

    picked = Signal(object)

    def __init__(self, theme: Theme, choices: Iterable[tuple[str, str]], ticked: Iterable[str]) -> None:
        super().__init__()
        offered = {value: words for words, value in choices}
        first = [value for value in ticked if value in offered]
        self._values = (*first, *(value for value in offered if value not in first))
        for look in ("ring", "checks"):
            self.setProperty(look, True)  # noqa: FBT003  a Qt property
        self.setFont(theme.font("body"))
        self.setUniformItemSizes(True)
        for value in self._values:
            item = QListWidgetItem(offered[value])
            item.setToolTip(offered[value])
            item.setSizeHint(QSize(0, theme.scaled(_ROW)))
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if value in first else Qt.CheckState.Unchecked)
            self.addItem(item)
        rows = max(1, min(_MOST_ROWS, self.count()))
        self.setFixedHeight(rows * theme.scaled(_ROW) + 8)
        self.setTabKeyNavigation(False)
        if self.count():
            self.setCurrentRow(0)
        self.itemChanged.connect(lambda _: self.picked.emit(self.ticked))

    @property
    def ticked(self) -> tuple[str, ...]:
        """The values ticked, in the order shown."""
        shown = ((value, self.item(row)) for row, value in enumerate(self._values))
        return tuple(value for value, item in shown if item.checkState() is Qt.CheckState.Checked)

    def tick(self, value: str, *, on: bool = True) -> None:
        """Tick one of the choices, or take its tick away."""
        self.item(self._values.index(value)).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll only what has the keyboard: the pane must not stop under a scrolling hand."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()
