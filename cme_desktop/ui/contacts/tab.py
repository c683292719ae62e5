"""The Contacts tab: families and their contacts, and the directory of agencies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.agencies import Agency, load_agencies, save_agency, take_off_agency
from cme_desktop.casework.circumstances import add_circumstance, end_circumstance
from cme_desktop.casework.contacts import (
    ContactDetails,
    ContactLine,
    ContactList,
    ContactSaved,
    FamilyRow,
    Move,
    NotedCircumstance,
    list_families,
    load_contact_list,
    move_contact,
    save_contact,
    take_off_contact,
)
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.ui.contacts.agency_list import AgencyDialog, AgencyTable, agency_model
from cme_desktop.ui.contacts.circumstance_dialog import CircumstanceDialog, EndCircumstanceDialog
from cme_desktop.ui.contacts.contact_dialog import ContactDialog
from cme_desktop.ui.contacts.family_list import FamilyListModel, FamilyListView
from cme_desktop.ui.contacts.family_pane import FamilyPane
from cme_desktop.ui.room import Room, Width, room_of
from cme_desktop.ui.tab import Tab, TabContext
from cme_desktop.ui.widgets.buttons import PrimaryButton
from cme_desktop.ui.widgets.dialog import AskDialog
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent

    from cme_desktop.casework.office import Office
    from cme_desktop.ui.entry_dialog import EntryDialog

_SHOWN_HERE = (Area.CONTACTS, Area.PUPILS, Area.EVENTS)


class ContactsTab(Tab):
    """Lists the families and works on one pupil's contacts, or on the directory."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._pupil_id: PupilId | None = None
        self._contact_id: int | None = None
        self._held: ContactList | None = None
        self._today = date.min
        self._is_stale = True
        self._names_hidden = False
        self._reads_pane = False
        self._room: Room | None = None
        self.dialog: EntryDialog | AskDialog | None = None
        self._make_list()
        self._make_detail()
        self._build()
        self._connect()

    # -- what the window asks ----------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Put the keyboard into the field that finds a family."""
        self.finder.setFocus()

    def reload(self) -> None:
        """Read every family and the directory again."""
        self._is_stale = False
        self.context.background.run(_read_today, done=self._take_today)
        self.context.background.run(list_families, done=self._show_families)
        self.context.background.run(load_agencies, done=self._show_agencies)

    def show_pupil(self, pupil_id: int) -> None:
        """Show one pupil's contacts."""
        self.show_part(self.families_button)
        self.finder.clear()
        self._choose_pupil(pupil_id)
        self._select(pupil_id)
        self._open_pane()

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name and number."""
        self._names_hidden = hidden
        self.model.hide_names(hidden=hidden)
        self._show_detail()

    # -- acts --------------------------------------------------------------------------------------------------

    def ask_contact(self, contact: ContactDetails | None = None) -> None:
        """Ask for a contact, then save it."""
        if self._pupil_id is None:
            return
        pupil_id = self._pupil_id
        dialog = ContactDialog(self.context.theme, contact, parent=self)
        dialog.submitted.connect(
            lambda: self._save(
                lambda office: save_contact(
                    office, pupil_id=pupil_id, entry=dialog.entry, contact_id=contact.id if contact else None
                )
            )
        )
        self._open(dialog)

    def ask_remove(self, line: ContactLine) -> None:
        """Ask whether to take a contact off the list."""
        dialog = AskDialog(
            self.context.theme, title=f"Take {line.relation} off the list?", parent=self, accept="Take off the list",
            sentence="The numbers go too. What was said stays in the history.", is_grave=True,
        )  # fmt: skip
        dialog.accepted.connect(
            lambda: self.context.background.run(lambda office: take_off_contact(office, contact_id=line.contact.id))
        )
        self._open(dialog)

    def move_line(self, line: ContactLine, move: Move) -> None:
        """Ring a contact one place earlier or later."""
        self._contact_id = line.contact.id
        self.context.background.run(lambda office: move_contact(office, contact_id=line.contact.id, move=move))

    def ask_circumstance(self) -> None:
        """Ask for a circumstance of the pupil."""
        if self._pupil_id is None:
            return
        pupil_id = self._pupil_id
        dialog = CircumstanceDialog(self.context.theme, today=self._today, parent=self)
        dialog.submitted.connect(
            lambda: self._save(
                lambda office: add_circumstance(
                    office, pupil_id=pupil_id, name=dialog.circumstance, from_day=dialog.from_day
                )
            )
        )
        self._open(dialog)

    def ask_end(self, noted: NotedCircumstance) -> None:
        """Ask when a circumstance ended."""
        dialog = EndCircumstanceDialog(self.context.theme, noted, today=self._today, parent=self)
        dialog.submitted.connect(
            lambda: self._save(
                lambda office: end_circumstance(office, circumstance_id=noted.id, last_day=dialog.last_day)
            )
        )
        self._open(dialog)

    def ask_agency(self, agency: Agency | None = None) -> None:
        """Ask for an agency, then save it."""
        dialog = AgencyDialog(self.context.theme, agency, parent=self)
        dialog.submitted.connect(
            lambda: self._save(
                lambda office: save_agency(office, facts=dialog.facts, agency_id=agency.id if agency else None)
            )
        )
        self._open(dialog)

    def ask_remove_agency(self, agency: Agency) -> None:
        """Ask whether to take an agency out of the directory."""
        dialog = AskDialog(
            self.context.theme, title=f"Take {agency.name} out of the directory?", accept="Take out", parent=self,
            is_grave=True,
        )  # fmt: skip
        dialog.accepted.connect(
            lambda: self.context.background.run(lambda office: take_off_agency(office, agency_id=agency.id))
        )
        self._open(dialog)

    def show_part(self, button: QPushButton) -> None:
        """Show the families or the agencies."""
        for each in (self.families_button, self.agencies_button):
            each.setChecked(each is button)
        self._show_detail()

    # -- slots -------------------------------------------------------------------------------------------------

    def _open(self, dialog: EntryDialog | AskDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _save(self, op: Callable[[Office], Changes | ContactSaved]) -> None:
        dialog = self.dialog
        if dialog is None or isinstance(dialog, AskDialog):
            return
        self.context.background.run(op, done=lambda _: dialog.accept(), failed=dialog.show_problem)

    def _on_changes(self, changes: Changes) -> None:
        if not changes.touches(*_SHOWN_HERE):
            return
        if self.isVisible():
            self.reload()
        else:
            self._is_stale = True

    def _take_today(self, today: date) -> None:
        self._today = today

    def _show_families(self, families: tuple[FamilyRow, ...]) -> None:
        self.model.show_families(families)
        self._count_thin(families)
        wanted = self._pupil_id
        if wanted is None and self.model.rows:
            first = next((line.family for line in self.model.rows if line.family is not None), None)
            wanted = first.pupils[0].id if first else None
        if wanted is not None:
            self._select(wanted)
            self._choose_pupil(wanted)
        self._show_detail()

    def _count_thin(self, families: tuple[FamilyRow, ...]) -> None:
        self.badge_changed.emit(0)
        thin = sum(1 for family in families if family.is_thin)
        self.families_button.setToolTip(f"{len(families)} families, {thin} with a thin list")

    def _show_agencies(self, agencies: tuple[Agency, ...]) -> None:
        self.agencies.set_rows(agencies)
        self.agency_table.share_room()
        self.pane.show_agencies(agencies)

    def _choose_family(self, family: FamilyRow) -> None:
        if self._pupil_id not in {pupil.id for pupil in family.pupils}:
            self._choose_pupil(family.pupils[0].id)

    def _choose_pupil(self, pupil_id: int) -> None:
        self._pupil_id = PupilId(pupil_id)
        wanted = self._pupil_id
        self.context.background.run(lambda office: load_contact_list(office, pupil_id=wanted), done=self._show_list)

    def _show_list(self, held: ContactList) -> None:
        if held.pupil.id != self._pupil_id:
            return
        self._held = held
        self.pane.show_list(held, today=self._today)
        if self._contact_id is not None:
            self.pane.select_contact(self._contact_id)
        self._show_detail()

    def _select(self, pupil_id: int) -> None:
        place = self.model.position_of(pupil_id)
        if place >= 0:
            self.list.setCurrentIndex(self.model.index(place, 0))

    def _find(self, text: str) -> None:
        self.model.find(text)
        families = [(row, line) for row, line in enumerate(self.model.rows) if line.family is not None]
        self._nothing.setVisible(not families)
        self.list.setVisible(bool(families))
        self._nothing.say(
            icon="search-x", sentence=f"No family or number matches “{text.strip()}”",
            remedy="Try the first three letters, or part of a number.",
        )  # fmt: skip
        if families:
            self.list.setCurrentIndex(self.model.index(families[0][0], 0))

    def _show_detail(self) -> None:
        shows_agencies = self.agencies_button.isChecked()
        if shows_agencies:
            self.detail.setCurrentWidget(self._directory)
        elif self._names_hidden:
            self.detail.setCurrentWidget(self._hidden)
        elif self._held is None:
            self.detail.setCurrentWidget(self.empty)
        else:
            self.detail.setCurrentWidget(self.pane)
        self._fit()

    # -- building ----------------------------------------------------------------------------------------------

    def _make_list(self) -> None:
        theme = self.context.theme
        self.model = FamilyListModel()
        self.list = FamilyListView(theme, self.model)
        self.finder = QLineEdit()
        self.finder.setPlaceholderText("Type to find a family or a number")
        self.finder.setAccessibleName("Find a family or a number")
        self.finder.setClearButtonEnabled(True)
        self.families_button = self._segment("Families")
        self.agencies_button = self._segment("Agencies")
        self.families_button.setChecked(True)
        self._nothing = EmptyState(theme, icon="search-x", sentence="")
        self._nothing.hide()

    def _segment(self, words: str) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("look", "segment")
        button.setCheckable(True)
        button.clicked.connect(lambda _checked=False: self.show_part(button))
        return button

    def _make_detail(self) -> None:
        theme = self.context.theme
        self.pane = FamilyPane(theme)
        self.agencies = agency_model()
        self.agency_table = AgencyTable(theme)
        self.agency_table.setModel(self.agencies)
        self.add_agency = PrimaryButton(theme, "Add an agency", icon="plus")
        self._directory = self._build_directory()
        self.empty = EmptyState(
            theme, icon="contact", sentence="Nobody is on roll yet.", remedy="Import pupils and contacts first."
        )
        self._hidden = EmptyState(theme, icon="eye-off", sentence="Names are hidden.", remedy="F9 shows them again.")
        self.detail = QStackedWidget()
        for widget in (self.pane, self._directory, self.empty, self._hidden):
            self.detail.addWidget(widget)

    def _build_directory(self) -> QWidget:
        theme = self.context.theme
        directory = QWidget()
        layout = QVBoxLayout(directory)
        layout.setContentsMargins(20, 12, 20, 12)
        layout.setSpacing(10)
        head = QHBoxLayout()
        head.addWidget(Label(theme, "Agencies", role="title"))
        head.addStretch(1)
        head.addWidget(self.add_agency)
        layout.addLayout(head)
        layout.addWidget(self.agency_table, 1)
        keys = "Enter changes an agency, Delete takes one out. Every change is kept with who and when."
        layout.addWidget(Label(theme, keys, role="small", token="text2", wraps=True))  # noqa: S106  a colour token
        return directory

    def _build(self) -> None:
        # the wide layout must not keep a window from being made narrow
        self.setMinimumSize(320, 280)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._side = self._build_side()
        self._main = QFrame()
        self._main.setProperty("look", "pane")
        inside = QVBoxLayout(self._main)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.detail)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self._side)
        self._splitter.addWidget(self._main)
        self._splitter.setStretchFactor(1, 1)
        layout.addWidget(self._splitter)

    def _build_side(self) -> QWidget:
        theme = self.context.theme
        side = QFrame()
        side.setProperty("look", "pane")
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 14, 8)
        head.setSpacing(4)
        head.addWidget(Label(theme, "Contacts", role="title"))
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
        layout.addWidget(self._nothing, 1)
        return side

    def _connect(self) -> None:
        self.context.notifier.changed.connect(self._on_changes)
        self.context.theme.changed.connect(self._take_look)
        self.finder.textChanged.connect(self._find)
        self.finder.returnPressed.connect(self._open_pane)
        self.list.chosen.connect(self._choose_family)
        self.list.opened.connect(self._open_pane)
        self.pane.pupil_chosen.connect(self._choose_pupil)
        self.pane.add_asked.connect(self._ask_new_contact)
        self.pane.back_asked.connect(self._back_to_list)
        self.pane.agencies_asked.connect(lambda: self.show_part(self.agencies_button))
        self.pane.circumstance_asked.connect(self.ask_circumstance)
        self.pane.circumstance_opened.connect(self.ask_end)
        self.pane.list.opened.connect(lambda line: self.ask_contact(line.contact))
        self.pane.list.moved.connect(self.move_line)
        self.pane.list.removed.connect(self.ask_remove)
        self.agency_table.opened.connect(self.ask_agency)
        self.agency_table.removed.connect(self.ask_remove_agency)
        self.add_agency.clicked.connect(self._ask_new_agency)
        shortcut = QShortcut(QKeySequence("Ctrl+N"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._ask_new)
        self._take_look()

    def _ask_new(self) -> None:
        if self.agencies_button.isChecked():
            self.ask_agency()
        else:
            self.ask_contact()

    def _ask_new_contact(self) -> None:
        self.ask_contact()

    def _ask_new_agency(self) -> None:
        self.ask_agency()

    # -- room --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        if self._is_stale:
            self.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._reads_pane and self._room is not None and self._room.is_narrow:
            self._back_to_list()
            return
        super().keyPressEvent(event)

    def _take_look(self) -> None:
        for widget in (self.finder, self.families_button, self.agencies_button):
            widget.setFont(self.context.theme.font("body"))
        self._fit()

    def _fit(self) -> None:
        room = room_of(self.window().size(), text_scale=self.context.theme.text_scale)
        is_new = room != self._room
        self._room = room
        self.pane.fit_room(room)
        self.agency_table.setColumnHidden(3, room.is_narrow)
        if room.is_narrow:
            reads = self._reads_pane or self.agencies_button.isChecked()
            self._side.setMinimumWidth(0)
            self._side.setVisible(not reads or self.agencies_button.isChecked())
            self._main.setVisible(reads)
            return
        self._side.show()
        self._main.show()
        self._side.setMinimumWidth(340)
        if is_new:
            width = 470 if room.width is Width.WIDE else 400
            self._splitter.setSizes([width, max(1, self.width() - width)])

    def _open_pane(self) -> None:
        self._reads_pane = True
        self._fit()
        self.pane.list.setFocus()
        if not self.pane.list.currentIndex().isValid() and self.pane.model.rows:
            self.pane.list.setCurrentIndex(self.pane.model.index(0, 0))

    def _back_to_list(self) -> None:
        self._reads_pane = False
        self._fit()
        self.list.setFocus()


def _read_today(office: Office) -> date:
    return office.today
