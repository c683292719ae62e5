"""The list's side of the Contacts tab: families or agencies, the field that finds a family, and the families."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from cme_desktop.casework.contacts import FamilyRow
from cme_desktop.ui.contacts.family_list import FamilyListModel, FamilyListView
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class FamilySide(QFrame):
    """``part_chosen`` says whether the agencies are wanted; ``family_chosen`` carries the family somebody went to."""

    part_chosen = Signal(bool)
    family_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_filling = False
        self.setProperty("look", "pane")
        self.families_button = self._segment("Families", agencies=False)
        self.agencies_button = self._segment("Agencies", agencies=True)
        self.families_button.setChecked(True)
        self.finder = QLineEdit()
        self.finder.setPlaceholderText("Type to find a family or a number")
        self.finder.setAccessibleName("Find a family or a number")
        self.finder.setClearButtonEnabled(True)
        self.model = FamilyListModel()
        self.list = FamilyListView(theme, self.model)
        self.nothing = EmptyState(theme, icon="search-x", sentence="")
        self.nothing.hide()
        self._build()
        self.finder.textChanged.connect(self._find)
        self.list.chosen.connect(self._tell_chosen)
        theme.changed.connect(self._take_look)
        self._take_look()

    @property
    def shows_agencies(self) -> bool:
        """Whether the directory of agencies is chosen."""
        return self.agencies_button.isChecked()

    def show_part(self, *, agencies: bool) -> None:
        """Mark which of the two is shown."""
        self.families_button.setChecked(not agencies)
        self.agencies_button.setChecked(agencies)

    def show_families(self, families: tuple[FamilyRow, ...], *, wanted: int | None) -> int | None:
        """List the families and go to the wanted pupil's, or to the first; say whose pupil it is."""
        self._is_filling = True
        self.model.show_families(families)
        thin = sum(1 for family in families if family.is_thin)
        self.families_button.setToolTip(f"{len(families)} families, {thin} with a thin list")
        shown = [line.family for line in self.model.rows if line.family is not None]
        pupil_id = wanted if wanted is not None or not shown else int(shown[0].pupils[0].id)
        self._is_filling = False
        if pupil_id is not None:
            self.select(pupil_id)
        return pupil_id

    def select(self, pupil_id: int) -> None:
        """Mark the family of a pupil, without going there."""
        self._is_filling = True
        place = self.model.position_of(pupil_id)
        if place >= 0:
            self.list.setCurrentIndex(self.model.index(place, 0))
        self._is_filling = False

    def _tell_chosen(self, family: FamilyRow) -> None:
        if not self._is_filling:
            self.family_chosen.emit(family)

    def _find(self, text: str) -> None:
        self.model.find(text)
        first = next((row for row, line in enumerate(self.model.rows) if line.family is not None), None)
        self.nothing.setVisible(first is None)
        self.list.setVisible(first is not None)
        self.nothing.say(
            icon="search-x", sentence=f"No family or number matches “{text.strip()}”",
            remedy="Try the first three letters, or part of a number.",
        )  # fmt: skip
        if first is not None:
            self.list.setCurrentIndex(self.model.index(first, 0))

    def _segment(self, words: str, *, agencies: bool) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("look", "segment")
        button.setCheckable(True)
        button.clicked.connect(lambda _checked=False: self.part_chosen.emit(agencies))
        return button

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 14, 8)
        head.setSpacing(4)
        head.addWidget(Label(self._theme, "Contacts", role="title"))
        head.addStretch(1)
        head.addWidget(self.families_button)
        head.addWidget(self.agencies_button)
        layout.addLayout(head)
        find = QHBoxLayout()
        find.setContentsMargins(14, 0, 14, 8)
        find.addWidget(self.finder)
        layout.addLayout(find)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout.addWidget(line)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.nothing, 1)

    def _take_look(self) -> None:
        for widget in (self.finder, self.families_button, self.agencies_button):
            widget.setFont(self._theme.font("body"))
