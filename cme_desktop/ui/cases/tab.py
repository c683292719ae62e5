"""The Cases tab: the list on the left, the case chosen on the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QStackedWidget, QVBoxLayout, QWidget

from cme_desktop.casework.cases import (
    CaseBook,
    CaseRow,
    list_cases,
    load_case,
)
from cme_desktop.casework.explain import Explanation, load_explanations
from cme_desktop.casework.leaving_the_records import Left, note_that_it_left
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.casework.roll import Roll, read_again
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.identifiers import CaseId, PupilId
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.asker import Asker
from cme_desktop.ui.cases.case_acts import CaseActs, ShownCase
from cme_desktop.ui.cases.case_pane import CasePane
from cme_desktop.ui.cases.case_side import CaseSide
from cme_desktop.ui.cases.record_desk import RecordDesk
from cme_desktop.ui.room import Width
from cme_desktop.ui.tab import Tab, TabContext
from cme_desktop.ui.today.explain_view import ExplainPopover
from cme_desktop.ui.two_panes import TwoPanes
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QShowEvent

_SHOWN_HERE: Final = (
    Area.CASES, Area.EVENTS, Area.MARKS, Area.FLAGS, Area.PUPILS, Area.CONTACTS, Area.DOCUMENTS, Area.CALENDAR,
    Area.SETTINGS,
)  # fmt: skip
_ONE_PUPILS: Final = frozenset({Area.CASES, Area.EVENTS, Area.FLAGS, Area.CONTACTS, Area.DOCUMENTS})
"""Changes after which a roll already loaded needs only the pupils concerned again."""

_UNDONE: Final = "Undone: your last act is struck out"


class CasesTab(Tab):
    """Lists the cases and works on one of them."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._roll: Roll | None = None
        self._book: CaseBook | None = None
        self._shown: ShownCase | None = None
        self._wanted: int | None = None
        self._is_stale = True
        self._names_hidden = False
        self._asker = Asker(context.background.run, self)
        self.acts = CaseActs(context.theme, self._asker, self)
        self._make()
        self._build()
        self._connect()

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self._asker.dialog

    # -- what the window asks ----------------------------------------------------------------------------------

    def take_focus(self) -> None:
        """Put the keyboard on the list."""
        self.list.setFocus()

    def reload(self) -> None:
        """Read every case again."""
        self._roll = None
        self._read()

    def show_pupil(self, pupil_id: int) -> None:
        """Show the pupil's open case, or offer to open one."""
        standing = self._book.open if self._book is not None else ()
        row = next((each for each in standing if each.pupil.id == pupil_id), None)
        if row is not None:
            self.show_case(row.id)
        else:
            self.acts.ask_open_case(PupilId(pupil_id))

    def show_case(self, case_id: int) -> None:
        """Show one case."""
        self._wanted = case_id
        if self._book is not None:
            self._show_book(self._book)
        self._open_pane()

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name."""
        self._names_hidden = hidden
        self._toast.end()
        self.explain.close_popover()
        self.model.hide_names(hidden=hidden)
        self._select_wanted()
        self._show_detail()

    def undo(self) -> bool:
        """Take back the last act of the one signed in."""
        self._toast.end()
        self.context.background.run(undo_last, done=self._say_undone)
        return True

    # -- private: acting ---------------------------------------------------------------------------------------

    def _ask_new_case(self) -> None:
        self.acts.ask_open_case()

    def _prepare(self) -> None:
        if self.acts.shown is not None:
            self.records.prepare()

    def _explain(self, first: str = "") -> None:
        if (shown := self.acts.shown) is None:
            return
        name, pupil_id = shown.file.pupil.known_as, shown.file.pupil.id
        op = partial(load_explanations, pupil_id=pupil_id, first=first)
        self.context.background.run(op, done=lambda found: self._show_explanations(name, pupil_id, found))

    def _show_explanations(self, name: str, pupil_id: PupilId, found: tuple[Explanation, ...]) -> None:
        if found and not self._names_hidden:
            noting = partial(note_that_it_left, what=Left.EXPLANATION, pupil_id=pupil_id)
            self.explain.explain(name, found, when_printed=lambda: self.context.background.run(noting))

    def _show_opened(self, case_id: CaseId) -> None:
        self._wanted = case_id
        self.side.shows_closed = False

    def _say_saved(self, words: str) -> None:
        if not self._names_hidden:
            self._toast.show_saved(words)

    def _say_undone(self, _: Changes) -> None:
        self._toast.show_saved(_UNDONE, can_undo=False)

    # -- private: reading and showing --------------------------------------------------------------------------

    def _on_changes(self, changes: Changes) -> None:
        if not changes.touches(*_SHOWN_HERE):
            return
        if not self.isVisible():
            self._is_stale = True
            self._roll = None
            return
        roll = self._roll
        if roll is None or not changes.pupils or not changes.areas <= _ONE_PUPILS:
            self.reload()
            return
        self.context.background.run(partial(_read_again, roll=roll, pupils=changes.pupils), done=self._show_book)

    def _read(self) -> None:
        self._is_stale = False
        self.context.background.run(partial(list_cases, roll=self._roll), done=self._show_book)

    def _show_book(self, book: CaseBook) -> None:
        self._book = book
        self._roll = book.roll
        self._is_stale = False
        self._leave_closed_ones(book)
        self.side.show_book(book, today=book.roll.judgement.on)
        pressing = [row for row in book.open if row.severity in {Severity.NOW, Severity.TODAY}]
        self.badge_changed.emit(len(pressing))
        self._select_wanted()
        self._show_detail()

    def _leave_closed_ones(self, book: CaseBook) -> None:
        # However a case came to be open again (opened again, its closing taken back), it is no longer among these.
        if any(row.id == self._wanted for row in book.open) or not book.closed:
            self.side.shows_closed = False

    def _turn(self) -> None:
        self._wanted = None
        self._shown = None
        if self._book is not None:
            self._show_book(self._book)

    def _select_wanted(self) -> None:
        if not self.side.select(self._wanted):
            self._shown = None

    def _choose(self, row: CaseRow) -> None:
        self._wanted = row.id
        self.context.background.run(partial(_load, case_id=row.id, roll=self._roll), done=self._show_file)

    def _show_file(self, shown: ShownCase) -> None:
        if shown.file.case.id != self._wanted:
            return
        self._shown = shown
        self.pupil_shown.emit(shown.file.pupil.id)
        self.pane.show_case(shown.file, today=shown.now.date())
        self.records.show_case(shown.file)
        self._show_detail()

    def _show_detail(self) -> None:
        # no dialog may show a name while names are hidden
        self.acts.shown = None if self._names_hidden else self._shown
        self.acts.roll = None if self._names_hidden else self._roll
        if self._names_hidden:
            self.detail.setCurrentWidget(self._hidden)
        elif self._shown is None or not self.model.rows:
            self._say_empty()
            self.detail.setCurrentWidget(self.empty)
        else:
            self.detail.setCurrentWidget(self.pane)
        self.panes.set_list(has_rows=self.side.has_cases)

    def _say_empty(self) -> None:
        if self.side.shows_closed:
            self.empty.say(icon="folder-open", sentence="No case is closed.")
            return
        self.empty.say(
            icon="folder-open",
            sentence="No case is open.",
            remedy="Open one when a pupil can’t be found, or when somebody asks for a written record.",
            button="Open a case",
        )

    # -- private: building -------------------------------------------------------------------------------------

    def _make(self) -> None:
        theme = self.context.theme
        self.side = CaseSide(theme)
        self.model, self.list = self.side.model, self.side.list
        self.open_button, self.show_closed = self.side.open_button, self.side.show_closed
        self.pane = CasePane(theme)
        self.records = RecordDesk(self.context, self.pane, self._asker, self)
        self.empty = EmptyState(theme, icon="folder-open", sentence="No case is open.")
        self._hidden = EmptyState(theme, icon="eye-off", sentence="Names are hidden.", remedy="F9 shows them again.")
        self._toast = Toast(theme)
        self.explain = ExplainPopover(theme, self)
        self.detail = QStackedWidget()
        for widget in (self.pane, self.empty, self._hidden):
            self.detail.addWidget(widget)

    def _build(self) -> None:
        widths = {Width.NORMAL: 352, Width.WIDE: 420}
        self.panes = TwoPanes(self.context.theme, side=self.side, main=self.detail, foot=self._toast, widths=widths)
        self._side, self._main = self.panes.side, self.panes.main
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)

    def _connect(self) -> None:
        self.context.notifier.changed.connect(self._on_changes)
        self.panes.room_changed.connect(self.pane.fit_room)
        self._asker.saved.connect(self._say_saved)
        self.acts.opened_one.connect(self._show_opened)
        self.acts.wants_pupil.connect(self.wants_pupil)
        self.acts.wants_explanation.connect(self._explain)
        self._toast.undo_asked.connect(self.undo)
        self.side.turned.connect(self._turn)
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self._open_pane)
        self.open_button.clicked.connect(self._ask_new_case)
        self.empty.pressed.connect(self._ask_new_case)
        self.pane.back_asked.connect(self._back_to_list)
        self.pane.add_asked.connect(self.acts.ask_add)
        self.pane.close_asked.connect(self.acts.ask_close)
        self.pane.reopen_asked.connect(self.acts.ask_reopen)
        self.pane.wait_asked.connect(self.acts.ask_wait)
        self.pane.task_asked.connect(self.acts.ask_task)
        self.pane.views_asked.connect(self.acts.ask_views)
        self.pane.enquiry_opened.connect(self.acts.ask_enquiry)
        self.pane.task_opened.connect(self.acts.open_task)
        self.pane.entry_opened.connect(self.acts.open_entry)
        for keys, act in (
            ("Ctrl+N", self._ask_new_case),
            ("Ctrl+H", self.acts.ask_add),
            ("Ctrl+R", self._prepare),
            ("F7", self._explain),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # -- private: room -----------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._read()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._back_to_list()
            return
        super().keyPressEvent(event)

    def _open_pane(self) -> None:
        self.panes.show_main()
        (self.pane.history.list if self.detail.currentWidget() is self.pane else self.detail).setFocus()

    def _back_to_list(self) -> None:
        self.panes.show_side()
        self.list.setFocus()


def _load(office: Office, *, case_id: CaseId, roll: Roll | None) -> ShownCase:
    return ShownCase(load_case(office, case_id, roll=roll), office.local_now, office.user.name)


def _read_again(office: Office, *, roll: Roll, pupils: frozenset[PupilId]) -> CaseBook:
    return list_cases(office, roll=read_again(office, roll, pupils))
