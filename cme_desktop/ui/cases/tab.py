"""The Cases tab: the list on the left, the case chosen on the right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cme_desktop.casework.case_history import (
    add_case_task,
    add_to_history,
    end_case_task,
    resume_case,
    wait_for_authority,
)
from cme_desktop.casework.cases import (
    CaseBook,
    CaseFile,
    CaseOpened,
    CaseRow,
    CaseTask,
    list_cases,
    load_case,
    open_case,
)
from cme_desktop.casework.closing import close_case, reopen_case
from cme_desktop.casework.enquiries import EnquiryLine, record_enquiry
from cme_desktop.casework.office import Office
from cme_desktop.casework.records import DocumentRowView, load_pdf, prepare_record
from cme_desktop.casework.roll import Roll, reload_record
from cme_desktop.domain.cases import CaseStatus, TaskState
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.identifiers import CaseId, DocumentId, PupilId
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.cases.add_to_history_dialog import AddToHistoryDialog
from cme_desktop.ui.cases.case_list import CaseListModel, CaseListView
from cme_desktop.ui.cases.case_pane import CasePane
from cme_desktop.ui.cases.close_case_dialog import CloseCaseDialog
from cme_desktop.ui.cases.enquiry_dialog import EnquiryDialog
from cme_desktop.ui.cases.open_case_dialog import OpenCaseDialog
from cme_desktop.ui.cases.reason_dialog import ReasonDialog
from cme_desktop.ui.cases.task_dialog import TaskDialog
from cme_desktop.ui.documents.page_pictures import PagePicture, picture_page
from cme_desktop.ui.documents.preview_dialog import RecordPreviewDialog
from cme_desktop.ui.entry_dialog import EntryDialog
from cme_desktop.ui.room import Room, Width, room_of
from cme_desktop.ui.tab import Tab, TabContext
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.dialog import AskDialog
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent

    from cme_desktop.domain.errors import CmeError

_SHOWN_HERE: Final = (
    Area.CASES, Area.EVENTS, Area.MARKS, Area.FLAGS, Area.PUPILS, Area.CONTACTS, Area.DOCUMENTS, Area.CALENDAR,
    Area.SETTINGS,
)  # fmt: skip
_THUMBNAIL: Final = 0.36
"""Pixels a point: enough for a picture 74 wide at twice the text size or on a dense screen."""

_ONE_PUPILS: Final = frozenset({Area.CASES, Area.EVENTS, Area.FLAGS, Area.CONTACTS, Area.DOCUMENTS})
"""Changes after which a roll already loaded needs only the pupils concerned again."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A case with the moment and the person it is shown to."""

    file: CaseFile
    now: datetime
    user: str


class CasesTab(Tab):
    """Lists the cases and works on one of them."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._roll: Roll | None = None
        self._today = date.min
        self._shown: _Shown | None = None
        self._wanted: int | None = None
        self._is_stale = True
        self._shows_closed = False
        self._names_hidden = False
        self._book: CaseBook | None = None
        self._room: Room | None = None
        self._reads_pane = False
        self.dialog: QDialog | None = None
        self._make_list()
        self._make_detail()
        self._build()
        self._connect()

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
        row = next((each for each in self.model.rows if each.pupil.id == pupil_id), None)
        if row is not None:
            self.show_case(row.id)
        else:
            self.ask_open_case(PupilId(pupil_id))

    def show_case(self, case_id: int) -> None:
        """Show one case."""
        self._wanted = case_id
        self._select_wanted()
        self._open_pane()

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name."""
        self._names_hidden = hidden
        self.model.hide_names(hidden=hidden)
        self._select_wanted()
        self._show_detail()

    # -- acts --------------------------------------------------------------------------------------------------

    def ask_open_case(self, pupil_id: PupilId | None = None) -> None:
        """Ask for the pupil and the reason, then open the case."""
        if self._roll is None:
            return
        pupils = sorted((each.known_as, each.class_name, each.id) for each in self._roll.pupils.values())
        named = tuple((each, ", ".join(part for part in (name, group) if part)) for name, group, each in pupils)
        dialog = OpenCaseDialog(self.context.theme, named, today=self._today, chosen=pupil_id, parent=self)
        self._ask(dialog, lambda: self._open_asked(dialog))

    def ask_add(self) -> None:
        """Ask what happened, then add it to the history."""
        if self._shown is None:
            return
        shown = self._shown
        dialog = AddToHistoryDialog(
            self.context.theme, shown.file, today=shown.now.date(), now=shown.now.time(), by=shown.user, parent=self
        )
        self._ask(dialog, lambda: self._add_asked(dialog, shown.file.case.id))

    def ask_close(self) -> None:
        """Ask how the case ended and show what is missing, then close it."""
        if self._shown is None:
            return
        file = self._shown.file
        name = file.case.number if self._names_hidden else file.pupil.known_as
        dialog = CloseCaseDialog(self.context.theme, file, name=name, parent=self)
        dialog.contact_wanted.connect(dialog.reject)
        dialog.contact_wanted.connect(lambda: self.wants_pupil.emit(file.pupil.id))
        self._ask(
            dialog, lambda: self._run(lambda office: close_case(office, case_id=file.case.id, closing=dialog.closing))
        )

    def ask_reopen(self) -> None:
        """Ask why, then open the case again."""
        if self._shown is None:
            return
        case_id = self._shown.file.case.id
        dialog = ReasonDialog(
            self.context.theme, title="Open the case again", accept="Open again", label="Why", parent=self,
            hint="Who was tried and seen counts afresh from today.",
        )  # fmt: skip
        self._wanted = case_id
        self._ask(dialog, lambda: self._run(lambda office: reopen_case(office, case_id=case_id, why=dialog.words)))

    def ask_wait(self) -> None:
        """Ask what the authority is to do, then wait for it; or go on."""
        if self._shown is None:
            return
        case = self._shown.file.case
        waits = case.status is CaseStatus.WAITING_FOR_AUTHORITY
        move = resume_case if waits else wait_for_authority
        title = "Go on without waiting" if waits else "Wait for the authority"
        label = "What has changed" if waits else "What the authority is to do"
        dialog = ReasonDialog(self.context.theme, title=title, accept=title, label=label, parent=self)
        self._ask(dialog, lambda: self._run(lambda office: move(office, case_id=case.id, words=dialog.words)))

    def ask_enquiry(self, line: EnquiryLine) -> None:
        """Ask for a word on one enquiry."""
        if self._shown is None or self._shown.file.case.is_closed:
            return
        case_id = self._shown.file.case.id
        dialog = EnquiryDialog(self.context.theme, line, today=self._shown.now.date(), by=self._shown.user, parent=self)
        self._ask(dialog, lambda: self._enquiry_asked(dialog, case_id, line.item.id))

    def ask_task(self) -> None:
        """Ask for a step to add."""
        if self._shown is None:
            return
        case_id = self._shown.file.case.id
        dialog = TaskDialog(self.context.theme, today=self._today, parent=self)
        self._ask(dialog, lambda: self._task_asked(dialog, case_id))

    def open_task(self, task: CaseTask) -> None:
        """End a step added by hand, or say which clauses ask for a rule's."""
        added = task.added_id
        if added is None:
            dialog = AskDialog(
                self.context.theme, title=task.text, sentence=f"For the {task.owner.in_words}. Asked for by:",
                points=task.clauses, reject="Close", parent=self,
            )  # fmt: skip
            self._open(dialog)
            return
        dialog = AskDialog(
            self.context.theme, title="Is this task done?", sentence=task.text, accept="It is done", parent=self
        )
        dialog.accepted.connect(
            lambda: self.context.background.run(
                lambda office: end_case_task(office, task_id=added, state=TaskState.DONE)
            )
        )
        self._open(dialog)

    def ask_prepare(self) -> None:
        """Prepare the written record as a draft and show its pages."""
        if self._shown is None:
            return
        case_id = self._shown.file.case.id
        self.pane.prepare.disable("The record is being prepared.")
        self.context.background.run(
            lambda office: prepare_record(office, case_id), done=self._record_prepared, failed=self._not_prepared
        )

    def preview(self) -> None:
        """Show the pages of the latest document."""
        if self._shown is not None and self._shown.file.documents:
            self._open(RecordPreviewDialog(self.context, self._shown.file.documents[0].id, self))

    def tell_missing(self) -> None:
        """List the facts that the latest document had to leave open."""
        if self._shown is None or not self._shown.file.documents:
            return
        dialog = AskDialog(
            self.context.theme, title="What is missing in the record", parent=self, reject="Close",
            sentence="These are printed as not known.", points=self._shown.file.documents[0].facts.missing,
        )  # fmt: skip
        self._open(dialog)

    # -- slots -------------------------------------------------------------------------------------------------

    def _ask_new_case(self) -> None:
        self.ask_open_case()

    def _open_asked(self, dialog: OpenCaseDialog) -> None:
        pupil_id = dialog.pupil_id
        if not dialog.check() or pupil_id is None:
            return
        why, day = dialog.words, dialog.opened_on
        self.context.background.run(
            lambda office: open_case(office, pupil_id=pupil_id, why=why, happened_on=day),
            done=self._case_opened,
            failed=dialog.show_problem,
        )

    def _case_opened(self, opened: CaseOpened) -> None:
        self._wanted = opened.case_id
        self._shows_closed = False
        self._done()

    def _record_prepared(self, document: DocumentRowView) -> None:
        self.pane.prepare.enable()
        self._open(RecordPreviewDialog(self.context, document.id, self))

    def _not_prepared(self, problem: CmeError) -> None:
        self.pane.prepare.enable()
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self._open(AskDialog(self.context.theme, title=problem.title, sentence=said, reject="Close", parent=self))

    def _show_page(self, page: PagePicture) -> None:
        pixels = QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
        self.pane.record.show_page(pixels.copy())

    def _add_asked(self, dialog: AddToHistoryDialog, case_id: CaseId) -> None:
        if not dialog.check():
            return
        event, words, contact_id = dialog.happened, dialog.words, dialog.contact_id
        self._run(
            lambda office: add_to_history(office, case_id=case_id, event=event, words=words, contact_id=contact_id)
        )

    def _enquiry_asked(self, dialog: EnquiryDialog, case_id: CaseId, item_id: str) -> None:
        if not dialog.check():
            return
        word = dialog.word
        self._run(lambda office: record_enquiry(office, case_id=case_id, item_id=item_id, word=word))

    def _task_asked(self, dialog: TaskDialog, case_id: CaseId) -> None:
        if not dialog.check():
            return
        words, due, owner = dialog.words, dialog.due, dialog.role
        self._run(lambda office: add_case_task(office, case_id=case_id, text=words, due=due, owner=owner))

    def _ask(self, dialog: EntryDialog, act: Callable[[], None]) -> None:
        dialog.submitted.connect(act)
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
        self.dialog = None

    def _run(self, op: Callable[[Office], Changes]) -> None:
        dialog = self.dialog
        failed = dialog.show_problem if isinstance(dialog, EntryDialog) else None
        self.context.background.run(op, done=lambda _: self._done(), failed=failed)

    def _done(self) -> None:
        if self.dialog is not None:
            self.dialog.accept()

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
        self.context.background.run(lambda office: _read_again(office, roll, changes.pupils), done=self._show_book)

    # -- reading and showing -----------------------------------------------------------------------------------

    def _read(self) -> None:
        roll = self._roll
        self._is_stale = False
        self.context.background.run(lambda office: list_cases(office, roll=roll), done=self._show_book)

    def _show_book(self, book: CaseBook) -> None:
        self._book = book
        self._roll = book.roll
        self._today = book.roll.judgement.on
        self._is_stale = False
        rows = book.closed if self._shows_closed else book.open
        self.model.show_cases(rows, today=self._today)
        self._say_counts(book)
        pressing = [row for row in book.open if row.severity in {Severity.NOW, Severity.TODAY}]
        self.badge_changed.emit(len(pressing))
        self._select_wanted()
        self._show_detail()

    def _say_counts(self, book: CaseBook) -> None:
        self._title.setText("Closed cases" if self._shows_closed else "Cases")
        count = len(book.closed) if self._shows_closed else len(book.open)
        self._count.setText(str(count) if self._shows_closed else f"{count} open")
        self._closed_words.setText(f"{len(book.open)} open" if self._shows_closed else f"{len(book.closed)} closed")
        self.show_closed.setText("Show open" if self._shows_closed else "Show")
        self._foot.setVisible(bool(book.closed) or self._shows_closed)

    def _select_wanted(self) -> None:
        place = self.model.position_of(self._wanted) if self._wanted is not None else -1
        if place < 0 and self.model.rows:
            place = 0
        if place >= 0:
            self.list.setCurrentIndex(self.model.index(place, 0))
        elif not self.model.rows:
            self._shown = None

    def _choose(self, row: CaseRow) -> None:
        self._wanted = row.id
        roll = self._roll
        self.context.background.run(
            lambda office: _Shown(load_case(office, row.id, roll=roll), office.local_now, office.user.name),
            done=self._show_file,
        )

    def _show_file(self, shown: _Shown) -> None:
        if shown.file.case.id != self._wanted:
            return
        self._shown = shown
        self.pane.show_case(shown.file, today=shown.now.date())
        if shown.file.documents:
            latest = shown.file.documents[0].id
            self.context.background.run(lambda office: _picture(office, latest), done=self._show_page)
        self._show_detail()

    def _show_detail(self) -> None:
        if self._names_hidden:
            self.detail.setCurrentWidget(self._hidden)
        elif self._shown is None or not self.model.rows:
            self._say_empty()
            self.detail.setCurrentWidget(self.empty)
        else:
            self.detail.setCurrentWidget(self.pane)
        self._fit()

    def _say_empty(self) -> None:
        if self._shows_closed:
            self.empty.say(icon="folder-open", sentence="No case is closed.")
            return
        self.empty.say(
            icon="folder-open",
            sentence="No case is open.",
            remedy="Open one when a pupil can’t be found, or when somebody asks for a written record.",
            button="Open a case",
        )

    def _turn_closed(self) -> None:
        self._shows_closed = not self._shows_closed
        self._wanted = None
        self._shown = None
        if self._book is not None:
            self._show_book(self._book)

    # -- building ----------------------------------------------------------------------------------------------

    def _make_list(self) -> None:
        theme = self.context.theme
        self.model = CaseListModel()
        self.list = CaseListView(theme, self.model, name="Cases")
        self._title = Label(theme, "Cases", role="title")
        self._count = Label(theme, "", token="text2")  # noqa: S106  a colour token
        self.open_button = LinkButton(theme, "Open a case", icon="plus")
        self.open_button.setToolTip("Ctrl N")
        self._closed_words = Label(theme, "", token="text2")  # noqa: S106  a colour token
        self.show_closed = LinkButton(theme, "Show")

    def _make_detail(self) -> None:
        theme = self.context.theme
        self.pane = CasePane(theme)
        self.empty = EmptyState(theme, icon="folder-open", sentence="No case is open.")
        self._hidden = EmptyState(theme, icon="eye-off", sentence="Names are hidden.", remedy="F9 shows them again.")
        self.detail = QStackedWidget()
        for widget in (self.pane, self.empty, self._hidden):
            self.detail.addWidget(widget)

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
        side = QFrame()
        side.setProperty("look", "pane")
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 14, 10)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.open_button)
        layout.addLayout(head)
        layout.addWidget(_line())
        layout.addWidget(self.list, 1)
        self._foot = QWidget()
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(_line())
        words = QHBoxLayout()
        words.setContentsMargins(16, 6, 14, 6)
        words.addWidget(self._closed_words)
        words.addStretch(1)
        words.addWidget(self.show_closed)
        foot.addLayout(words)
        layout.addWidget(self._foot)
        return side

    def _connect(self) -> None:
        self.context.notifier.changed.connect(self._on_changes)
        self.context.theme.changed.connect(self._fit)
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self._open_pane)
        self.open_button.clicked.connect(self._ask_new_case)
        self.empty.pressed.connect(self._ask_new_case)
        self.show_closed.clicked.connect(self._turn_closed)
        self.pane.back_asked.connect(self._back_to_list)
        self.pane.add_asked.connect(self.ask_add)
        self.pane.prepare_asked.connect(self.ask_prepare)
        self.pane.record.preview_asked.connect(self.preview)
        self.pane.record.missing_asked.connect(self.tell_missing)
        self.pane.close_asked.connect(self.ask_close)
        self.pane.reopen_asked.connect(self.ask_reopen)
        self.pane.wait_asked.connect(self.ask_wait)
        self.pane.task_asked.connect(self.ask_task)
        self.pane.enquiry_opened.connect(self.ask_enquiry)
        self.pane.task_opened.connect(self.open_task)
        for keys, act in (("Ctrl+N", self._ask_new_case), ("Ctrl+H", self.ask_add), ("Ctrl+R", self.ask_prepare)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # -- room --------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()
        if self._is_stale:
            self._read()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._room is not None and self._room.is_narrow and self._reads_pane:
            self._back_to_list()
            return
        super().keyPressEvent(event)

    def _fit(self) -> None:
        room = room_of(self.window().size(), text_scale=self.context.theme.text_scale)
        is_new = room != self._room
        self._room = room
        self.pane.fit_room(room)
        if room.is_narrow:
            has_list = bool(self.model.rows) or self._shows_closed or not self._foot.isHidden()
            shows_pane = self._reads_pane or not has_list
            self._side.setVisible(not shows_pane)
            self._main.setVisible(shows_pane)
            self._side.setMinimumWidth(0)
            return
        self._side.show()
        self._main.show()
        self._side.setMinimumWidth(340)
        if is_new or not self._splitter.sizes()[1]:
            width = 420 if room.width is Width.WIDE else 352
            self._splitter.setSizes([width, max(1, self.width() - width)])

    def _open_pane(self) -> None:
        self._reads_pane = True
        self._fit()
        (self.pane.history.list if self.detail.currentWidget() is self.pane else self.detail).setFocus()

    def _back_to_list(self) -> None:
        self._reads_pane = False
        self._fit()
        self.list.setFocus()


def _read_again(office: Office, roll: Roll, pupils: frozenset[PupilId]) -> CaseBook:
    for pupil_id in pupils:
        roll = reload_record(office, roll, pupil_id)
    return list_cases(office, roll=roll)


def _picture(office: Office, document_id: DocumentId) -> PagePicture:
    return picture_page(load_pdf(office, document_id), number=1, scale=_THUMBNAIL)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("look", "line")
    line.setFixedHeight(1)
    return line
