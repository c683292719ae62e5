"""The directory of agencies, whole: the way to a new one, the table, and its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.agencies import Agency
from cme_desktop.ui.contacts.agency_list import AgencyTable, agency_model
from cme_desktop.ui.room import Room, Width
from cme_desktop.ui.widgets.buttons import LinkButton, PrimaryButton
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class DirectoryPane(QWidget):
    """Shows the agencies and says what somebody wants changed. ``back_asked`` goes back to the families."""

    back_asked = Signal()
    add_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = LinkButton(theme, "All families", icon="chevron-left")
        self.add = PrimaryButton(theme, "Add an agency", icon="plus")
        self.add.setToolTip("Ctrl N")
        self.agencies = agency_model()
        self.table = AgencyTable(theme)
        self.table.setModel(self.agencies)
        keys = "Enter changes an agency, Delete takes one out. Every change is kept with who and when."
        self._keys = Label(theme, keys, role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self._title = Label(theme, "Agencies", role="title")
        self._empty = EmptyState(
            theme, icon="contact", sentence="No agency is in the directory yet.",
            remedy="Add the authority’s team for children missing education, social care and the police.",
        )  # fmt: skip
        self._build()
        self.back.clicked.connect(self.back_asked)
        self.add.clicked.connect(self.add_asked)

    def show_agencies(self, agencies: tuple[Agency, ...]) -> None:
        """Show these, the one that was current still being so."""
        current = self.table.currentIndex().row()
        self.agencies.set_rows(agencies)
        self.table.share_room()
        self.table.setVisible(bool(agencies))
        self._keys.setVisible(bool(agencies))
        self._empty.setVisible(not agencies)
        if agencies:
            self.table.selectRow(max(0, min(current, len(agencies) - 1)))

    def fit_room(self, room: Room) -> None:
        """Lay the table out for a window with this much room."""
        self.back.setVisible(room.is_narrow)
        margin = 28 if room.width is Width.WIDE else 20
        self._layout.setContentsMargins(margin, 12, margin, 12)

    def _build(self) -> None:
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(10)
        self._layout.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        head = QHBoxLayout()
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self.add)
        self._layout.addLayout(head)
        self._layout.addWidget(self.table, 1)
        self._layout.addWidget(self._empty, 1)
        self._layout.addWidget(self._keys)
