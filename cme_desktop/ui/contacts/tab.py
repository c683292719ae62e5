"""The Contacts tab: families and their contacts, and the directory of agencies."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from cme_desktop.casework.agencies import Agency, load_agencies
from cme_desktop.casework.contacts import (
    ContactLine,
    ContactList,
    FamilyRow,
    Move,
    list_families,
    load_contact_list,
)
from cme_desktop.casework.office import Office
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.ui.contacts.contact_acts import ContactActs
from cme_desktop.ui.contacts.directory_pane import DirectoryPane
from cme_desktop.ui.contacts.family_pane import FamilyPane
from cme_desktop.ui.contacts.family_side import FamilySide
from cme_desktop.ui.room import Room, Width
from cme_desktop.ui.tab import Tab, TabContext
from cme_desktop.ui.two_panes import TwoPanes
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QShowEvent

_SHOWN_HERE: Final = (Area.CONTACTS, Area.PUPILS, Area.EVENTS)


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
        self.acts = ContactActs(context, self)
        self._make()
        self._build()
        self._connect()

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self.acts.dialog

    # -- what the window asks ----------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Put the keyboard into the field that finds a family, or on the directory."""
        (self.agency_table if self.side.shows_agencies else self.finder).setFocus()

    def reload(self) -> None:
        """Read every family and the directory again."""
        self._is_stale = False
        self.context.background.run(_read_today, done=self._take_today)
        self.context.background.run(list_families, done=self._show_families)
        self.context.background.run(load_agencies, done=self._show_agencies)

    def show_pupil(self, pupil_id: int) -> None:
        """Show one pupil's contacts."""
        self.side.show_part(agencies=False)
        self.finder.clear()
        self._choose_pupil(pupil_id)
        self.side.select(pupil_id)
        self._open_pane()

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name and number."""
        self._names_hidden = hidden
        self._toast.end()
        self.model.hide_names(hidden=hidden)
        self._show_detail()

    def undo(self) -> bool:
        """Take back the last change made here; an act of another screen is not taken back from this one."""
        self._toast.end()
        if self.acts.can_undo:
            self.acts.undo()
        else:
            self._toast.show_saved("Nothing was changed here that can be undone", can_undo=False)
        return True

    def show_part(self, *, agencies: bool) -> None:
        """Show the families or the agencies, and put the keyboard there."""
        self.side.show_part(agencies=agencies)
        if agencies:
            self.panes.show_main()
        else:
            self.panes.show_side()
        self._show_detail()
        if agencies:
            self.agency_table.setFocus()

    # -- private: acting ---------------------------------------------------------------------------------------

    def _ask_new(self) -> None:
        if self.side.shows_agencies:
            self.acts.ask_agency()
        else:
            self.acts.ask_contact()

    def _ask_new_contact(self) -> None:
        self.acts.ask_contact()

    def _ask_new_agency(self) -> None:
        self.acts.ask_agency()

    def _change(self, line: ContactLine) -> None:
        self._contact_id = line.contact.id
        self.acts.ask_contact(line.contact)

    def _move(self, line: ContactLine, move: Move) -> None:
        self._contact_id = line.contact.id
        self.acts.move_line(line, move)

    def _say_saved(self, words: str) -> None:
        if not self._names_hidden:
            self._toast.show_saved(words)

    def _say_undone(self) -> None:
        self._toast.show_saved("Undone: it is as it was", can_undo=False)

    # -- private: reading and showing --------------------------------------------------------------------------

    def _on_changes(self, changes: Changes) -> None:
        if not changes.touches(*_SHOWN_HERE):
            return
        if self.isVisible():
            self.reload()
        else:
            self._is_stale = True

    def _take_today(self, today: date) -> None:
        self._today = self.acts.today = today

    def _show_families(self, families: tuple[FamilyRow, ...]) -> None:
        self.badge_changed.emit(0)
        wanted = self.side.show_families(families, wanted=self._pupil_id)
        if wanted is not None:
            self._choose_pupil(wanted)
        self._show_detail()

    def _show_agencies(self, agencies: tuple[Agency, ...]) -> None:
        self.directory.show_agencies(agencies)
        self.pane.show_agencies(agencies)

    def _choose_family(self, family: FamilyRow) -> None:
        if self.side.shows_agencies:
            self.side.show_part(agencies=False)
            self._show_detail()
        if self._pupil_id not in {pupil.id for pupil in family.pupils}:
            self._choose_pupil(family.pupils[0].id)

    def _choose_pupil(self, pupil_id: int) -> None:
        self._pupil_id = PupilId(pupil_id)
        self.context.background.run(partial(load_contact_list, pupil_id=self._pupil_id), done=self._show_list)

    def _show_list(self, held: ContactList) -> None:
        if held.pupil.id != self._pupil_id:
            return
        self._held = held
        self.pupil_shown.emit(held.pupil.id)
        self.pane.show_list(held, today=self._today)
        if self._contact_id is not None:
            self.pane.select_contact(self._contact_id)
        self._show_detail()

    def _show_detail(self) -> None:
        self.acts.pupil_id = None if self._names_hidden else self._pupil_id
        if self.side.shows_agencies:
            self.detail.setCurrentWidget(self.directory)
        elif self._names_hidden:
            self.detail.setCurrentWidget(self._hidden)
        elif self._held is None:
            self.detail.setCurrentWidget(self.empty)
        else:
            self.detail.setCurrentWidget(self.pane)

    # -- private: building -------------------------------------------------------------------------------------

    def _make(self) -> None:
        theme = self.context.theme
        self.side = FamilySide(theme)
        self.model, self.list, self.finder = self.side.model, self.side.list, self.side.finder
        self.families_button, self.agencies_button = self.side.families_button, self.side.agencies_button
        self._nothing = self.side.nothing
        self.pane = FamilyPane(theme)
        self.directory = DirectoryPane(theme)
        self.agencies, self.agency_table = self.directory.agencies, self.directory.table
        self.add_agency = self.directory.add
        self.empty = EmptyState(
            theme, icon="contact", sentence="Nobody is on roll yet.", remedy="Import pupils and contacts first."
        )
        self._hidden = EmptyState(theme, icon="eye-off", sentence="Names are hidden.", remedy="F9 shows them again.")
        self._toast = Toast(theme)
        self.detail = QStackedWidget()
        for widget in (self.pane, self.directory, self.empty, self._hidden):
            self.detail.addWidget(widget)

    def _build(self) -> None:
        widths = {Width.NORMAL: 400, Width.WIDE: 470}
        self.panes = TwoPanes(self.context.theme, side=self.side, main=self.detail, foot=self._toast, widths=widths)
        self._side, self._main = self.panes.side, self.panes.main
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)

    def _connect(self) -> None:
        self.context.notifier.changed.connect(self._on_changes)
        self.panes.room_changed.connect(self._fit_room)
        self.side.part_chosen.connect(lambda agencies: self.show_part(agencies=agencies))
        self.side.family_chosen.connect(self._choose_family)
        self.finder.returnPressed.connect(self._open_pane)
        self.list.opened.connect(self._open_pane)
        self.acts.saved.connect(self._say_saved)
        self.acts.undone.connect(self._say_undone)
        self._toast.undo_asked.connect(self.undo)
        self._connect_panes()
        shortcut = QShortcut(QKeySequence("Ctrl+N"), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(self._ask_new)

    def _connect_panes(self) -> None:
        self.pane.pupil_chosen.connect(self._choose_pupil)
        self.pane.add_asked.connect(self._ask_new_contact)
        self.pane.back_asked.connect(self._back_to_list)
        self.pane.agencies_asked.connect(lambda: self.show_part(agencies=True))
        self.pane.circumstance_asked.connect(self.acts.ask_circumstance)
        self.pane.circumstance_opened.connect(self.acts.ask_end)
        self.pane.list.opened.connect(self._change)
        self.pane.list.moved.connect(self._move)
        self.pane.list.removed.connect(self.acts.ask_remove)
        self.directory.back_asked.connect(self._back_to_list)
        self.directory.add_asked.connect(self._ask_new_agency)
        self.agency_table.opened.connect(self.acts.ask_agency)
        self.agency_table.removed.connect(self.acts.ask_remove_agency)

    # -- private: room -----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._back_to_list()
            return
        super().keyPressEvent(event)

    def _fit_room(self, room: Room) -> None:
        self.pane.fit_room(room)
        self.directory.fit_room(room)

    def _open_pane(self) -> None:
        if self.side.shows_agencies:
            self.side.show_part(agencies=False)
            self._show_detail()
        self.panes.show_main()
        self.pane.take_focus()

    def _back_to_list(self) -> None:
        if self.side.shows_agencies and self.panes.is_narrow:
            self.side.show_part(agencies=False)
            self._show_detail()
        self.panes.show_side()
        self.list.setFocus()


def _read_today(office: Office) -> date:
    return office.today
