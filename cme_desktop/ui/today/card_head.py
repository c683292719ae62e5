"""The head of a card: initials, name, chips, and which of the rows it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cme_desktop.casework.call_card import CallCard
from cme_desktop.ui.today.side_column import clear
from cme_desktop.ui.widgets.avatar import Avatar
from cme_desktop.ui.widgets.buttons import FlatButton, LinkButton
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class CardHead(QWidget):
    """``step_asked`` carries -1 for the row above, 1 for the row below; ``back_asked`` in the narrow layout."""

    step_asked = Signal(int)
    back_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._avatar = Avatar(theme)
        self.name = ElidedLabel(theme, role="title")
        self._beside = ElidedLabel(theme, token="text2")  # noqa: S106  a colour token
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self._place = Label(theme, token="text2")  # noqa: S106  a colour token
        self._up = FlatButton(theme, "", icon="chevron-up")
        self._up.setAccessibleName("The row above")
        self._down = FlatButton(theme, "", icon="chevron-down")
        self._down.setAccessibleName("The row below")
        self._back = LinkButton(theme, "To do", icon="chevron-left")
        self._build()

    def show_card(self, card: CallCard) -> None:
        """Show whose card it is."""
        self._avatar.set_initials(card.initials)
        self.name.setText(card.name)
        self._beside.setText(card.beside)
        clear(self._chips)
        for chip in card.chips:
            kind = ChipKind(chip.kind)
            self._chips.addWidget(Chip(self._theme, chip.text, kind=kind, icon=chip.icon or None))
        self._chips.addStretch(1)

    def show_place(self, number: int, of: int) -> None:
        """Say which of the rows this is."""
        self._place.setText(f"{number} of {of}" if number else "")
        self._up.setEnabled(number > 1)
        self._down.setEnabled(0 < number < of)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Offer the way back to the list where only one pane is shown."""
        self._back.setVisible(is_narrow)

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self._back)
        layout.addWidget(self._avatar)
        words = QVBoxLayout()
        words.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self.name)
        first.addWidget(self._beside, 1)
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        words.addLayout(first)
        words.addLayout(self._chips)
        layout.addLayout(words, 1)
        place = QHBoxLayout()
        place.setSpacing(0)
        for widget in (self._place, self._up, self._down):
            place.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(place)
        self._up.clicked.connect(lambda: self.step_asked.emit(-1))
        self._down.clicked.connect(lambda: self.step_asked.emit(1))
        self._back.clicked.connect(self.back_asked)
        self._back.hide()
