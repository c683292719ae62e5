"""The directory of agencies as a table, and the dialog that changes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QLineEdit, QMenu, QStyle, QStyledItemDelegate, QTableView

from cme_desktop.casework.agencies import Agency, AgencyFacts
from cme_desktop.casework.in_words import capital
from cme_desktop.domain.contacts import AgencyKind
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QContextMenuEvent, QFont, QKeyEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from cme_desktop.ui.style.theme import Theme

_ROW: Final = 34
_PAD: Final = 8
_NAME: Final = 1
"""The column that takes what the others leave."""

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


class _AgencyDelegate(QStyledItemDelegate):
    """Paints one cell: what an agency is for and its numbers semibold, a line under each row."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        width = QFontMetrics(self._font(index)).horizontalAdvance(words)
        return QSize(width + 2 * self._theme.scaled(_PAD) + 4, self._theme.scaled(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, box, pad = self._theme, option.rect, self._theme.scaled(_PAD)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        has_focus = is_selected and isinstance(option.widget, QTableView) and option.widget.hasFocus()
        painter.save()
        if is_selected:
            painter.fillRect(box, theme.color("sel"))
        painter.setPen(QPen(theme.color("focus"), 2) if has_focus else QPen(theme.color("line"), theme.palette.border))
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())
        if has_focus:
            painter.drawLine(box.left(), box.top() + 1, box.right(), box.top() + 1)
        if is_selected and index.column() == 0:
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), theme.color("accent"))
        swaps = is_selected and theme.palette.is_high_contrast
        painter.setPen(theme.color("on_sel" if swaps else "text2" if index.column() == _NAME else "text"))
        painter.setFont(self._font(index))
        room = box.adjusted(pad, 0, -pad, 0)
        words = str(index.data(Qt.ItemDataRole.DisplayRole))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
        painter.restore()

    def _font(self, index: QModelIndex | QPersistentModelIndex) -> QFont:
        return self._theme.font("body" if index.column() == _NAME else "body-strong")


class _Header(QHeaderView):
    """The words above the columns, which grow with the text size as a sheet's header does not."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme

    def sectionSizeFromContents(self, section: int) -> QSize:
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        width = QFontMetrics(self._theme.font("small")).horizontalAdvance(words) + 2 * self._theme.scaled(_PAD)
        return QSize(width, self._theme.scaled(30))

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        theme = self._theme
        painter.save()
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        words = str(self.model().headerData(section, Qt.Orientation.Horizontal))
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(rect.adjusted(theme.scaled(_PAD), 0, 0, 0), middle, words)
        painter.setPen(QPen(theme.color("line"), 2))
        painter.drawLine(rect.left(), rect.bottom(), rect.right(), rect.bottom())
        painter.restore()


class AgencyTable(QTableView):
    """The directory: Enter changes an agency, Delete takes one out."""

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName("Agencies")
        self.setAccessibleDescription("Enter changes an agency, Delete takes one out.")
        self.setHorizontalHeader(_Header(theme, self))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_AgencyDelegate(theme, self))
        self.setProperty("ring", False)  # noqa: FBT003  a Qt property takes no keywords
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self._take_look)
        self._take_look()

    def share_room(self) -> None:
        """Give the name what the other columns leave."""
        header = self.horizontalHeader()
        for column in range(self.model().columnCount()):
            is_name = column == _NAME
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

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer by the mouse, or the menu key, what the keys do."""
        index = self.indexAt(event.pos())
        if not index.isValid():
            return
        agency = index.data(ROW_ROLE)
        menu = QMenu(self)
        menu.addAction("Change\tEnter", lambda: self.opened.emit(agency))
        menu.addAction("Take out\tDelete", lambda: self.removed.emit(agency))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ROW_ROLE))

    def _take_look(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.scaled(_ROW))
        if self.model() is not None:
            self.share_room()


class AgencyDialog(EntryDialog):
    """Asks for an agency; ``facts`` gives it."""

    def __init__(self, theme: Theme, agency: Agency | None = None, *, parent: QWidget | None = None) -> None:
        title = "Change an agency" if agency else "Add an agency"
        super().__init__(theme, title=title, accept="Save agency", parent=parent)
        self.draft_about = str(agency.id) if agency else ""
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
