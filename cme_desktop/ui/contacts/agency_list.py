"""The directory of agencies as a table, and the dialog that changes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLineEdit, QStyledItemDelegate, QTableView

from cme_desktop.casework.agencies import Agency, AgencyFacts
from cme_desktop.casework.in_words import capital
from cme_desktop.domain.contacts import AgencyKind
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from cme_desktop.ui.style.theme import Theme

_KIND_WORDS: Final = {
    AgencyKind.AUTHORITY_CME: "Children missing education",
    AgencyKind.AUTHORITY_HOME_EDUCATION: "Home education",
    AgencyKind.SOCIAL_CARE: "Social care",
    AgencyKind.SOCIAL_CARE_OUT_OF_HOURS: "Social care, out of hours",
    AgencyKind.POLICE: "Police",
    AgencyKind.SOCIAL_WORKER: "Social worker",
    AgencyKind.YOUTH_JUSTICE: "Youth justice",
    AgencyKind.VIRTUAL_SCHOOL: "Virtual school",
    AgencyKind.EDUCATION_WELFARE: "Education welfare",
    AgencyKind.SCHOOL_NURSE: "School nurse",
    AgencyKind.OTHER_SCHOOL: "Another school",
    AgencyKind.OTHER: "Other",
}


def kind_in_words(kind: AgencyKind) -> str:
    """Say what an agency is for."""
    return _KIND_WORDS[kind]


def agency_model() -> RowTableModel[Agency]:
    """Build an empty directory."""
    return RowTableModel[Agency](
        (
            Column("For", lambda agency: kind_in_words(agency.kind), tooltip=_tooltip),
            Column("Name", _who, tooltip=_tooltip),
            Column("Number", lambda agency: agency.phone or "none held", tooltip=_tooltip),
            Column("Out of hours", lambda agency: agency.out_of_hours, tooltip=_tooltip),
        )
    )


def _who(agency: Agency) -> str:
    return ", ".join(part for part in (agency.name, agency.person) if part)


def _tooltip(agency: Agency) -> str:
    return "\n".join(part for part in (_who(agency), agency.email, agency.address, agency.notes) if part)


class _StrongDelegate(QStyledItemDelegate):
    """Paints a column in semibold: what an agency is for, and the numbers to ring."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.font = self._theme.font("body-strong")


class AgencyTable(QTableView):
    """The directory: Enter changes an agency, Delete takes one out."""

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Agencies")
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.horizontalHeader().setHighlightSections(False)
        strong = _StrongDelegate(theme, self)
        for column in (0, 2, 3):
            self.setItemDelegateForColumn(column, strong)
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self._take_look)
        self._take_look()

    def share_room(self) -> None:
        """Give the name what the other columns leave."""
        header = self.horizontalHeader()
        for column in range(self.model().columnCount()):
            is_name = column == 1
            mode = QHeaderView.ResizeMode.Stretch if is_name else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if index.isValid() and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(index)
        elif index.isValid() and event.key() == Qt.Key.Key_Delete:
            self.removed.emit(index.data(ROW_ROLE))
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ROW_ROLE))

    def _take_look(self) -> None:
        self.setFont(self._theme.font("body"))
        self.horizontalHeader().setFont(self._theme.font("small"))
        self.verticalHeader().setDefaultSectionSize(self._theme.scaled(34))


class AgencyDialog(EntryDialog):
    """Asks for an agency; ``facts`` gives it."""

    def __init__(self, theme: Theme, agency: Agency | None = None, *, parent: QWidget | None = None) -> None:
        title = "Change an agency" if agency else "Add an agency"
        super().__init__(theme, title=title, accept="Save agency", parent=parent)
        kinds = tuple((capital(words), kind) for kind, words in _KIND_WORDS.items())
        self.kind = self.add_field("What it is for", choice_box(kinds, chosen=agency.kind if agency else None))
        self.name = self.add_field("Name", QLineEdit(agency.name if agency else ""))
        self.person = self.add_field("Person", QLineEdit(agency.person if agency else ""))
        self.phone = self.add_field("Number", QLineEdit(agency.phone if agency else ""))
        self.out_of_hours = self.add_field("Out of hours", QLineEdit(agency.out_of_hours if agency else ""))
        self.add_side_by_side(self.phone, self.out_of_hours)
        self.email = self.add_field("E-mail", QLineEdit(agency.email if agency else ""))
        self.address = self.add_field("Address", QLineEdit(agency.address if agency else ""))
        self.notes = self.add_field("Notes", QLineEdit(agency.notes if agency else ""))
        self.kind.control.setFocus()
        self.fit()

    @property
    def facts(self) -> AgencyFacts:
        """What was entered."""
        return AgencyFacts(
            kind=AgencyKind(self.kind.control.chosen),
            name=self.name.control.text().strip(),
            person=self.person.control.text().strip(),
            phone=self.phone.control.text().strip(),
            out_of_hours=self.out_of_hours.control.text().strip(),
            email=self.email.control.text().strip(),
            address=self.address.control.text().strip(),
            notes=self.notes.control.text().strip(),
        )
