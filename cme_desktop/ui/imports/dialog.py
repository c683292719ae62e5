"""The import window: a file, its columns, what it would do, done. A file of a known shape takes Enter, Enter."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from cme_desktop.casework.import_preview import FileKind
from cme_desktop.casework.import_words import say_done, say_nothing_to_save
from cme_desktop.casework.imports import accept_import, list_imports, open_import, prepare_import, undo_import
from cme_desktop.casework.in_words import count_of
from cme_desktop.ui.imports.columns_page import ColumnsPage
from cme_desktop.ui.imports.pick_page import PickPage, say_import
from cme_desktop.ui.imports.preview_page import PreviewPage
from cme_desktop.ui.name_covers import NEEDS_NAMES, DeskDialog
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.dialog import ask_dialog
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from cme_desktop.casework.import_preview import OpenedFile
    from cme_desktop.casework.imports import ImportResult, PreparedImport, UndoResult
    from cme_desktop.casework.office import Office
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.domain.identifiers import ImportId
    from cme_desktop.ui.tab import TabContext

T = TypeVar("T")
_FILES: Final = "Lists (*.csv *.txt *.tsv *.xlsx *.ics);;All files (*)"
_BEFORE_PROGRESS_SHOWS: Final = 1000


class ImportDialog(DeskDialog):
    """Leads a file into the records; every read and write runs in the background."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty(NEEDS_NAMES, True)  # noqa: FBT003  a Qt property takes no keywords
        self._context = context
        theme = context.theme
        self._opened: OpenedFile | None = None
        self._prepared: PreparedImport | None = None
        self._last_import: ImportId | None = None
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Import")
        self.title = Label(theme, role="title")
        self.steps = Label(theme, role="small", token="text2")  # noqa: S106  a colour token
        self.problem = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True, parent=self)
        self.progress = QProgressBar()
        self.pick, self.columns, self.preview = PickPage(theme), ColumnsPage(theme), PreviewPage(theme)
        self.done_state = EmptyState(theme, icon="circle-check", sentence="", token="ok")  # noqa: S106  a colour token
        self.pages = QStackedWidget()
        self.next_button = PrimaryButton(theme, "Continue")
        self.back_button = SecondaryButton(theme, "Back")
        self.undo_button = SecondaryButton(theme, "Undo this import", icon="undo-2")
        self.close_button = SecondaryButton(theme, "Close")
        self._slow = QTimer(self)
        self._build()
        self._connect()
        self._show_pick()

    # -- the file ----------------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask for a file with the system's own window."""
        name, _ = QFileDialog.getOpenFileName(self, "Import", "", _FILES)
        if name:
            self.open_file(Path(name))

    def open_file(self, path: Path) -> None:
        """Read a file; where its shape is known, go straight to what it would do."""
        self._run(partial(_open, path=path), self._show_opened)

    def _show_opened(self, found: tuple[OpenedFile, PreparedImport | None]) -> None:
        opened, prepared = found
        self._opened = opened
        if prepared is not None:
            self._show_preview(prepared)
        else:
            self._show_columns()

    def _show_pick(self) -> None:
        self._show_page(self.pick, title="Bring in a file", step="")
        self.pick.choose.setFocus()
        self._run(list_imports, self.pick.show_imports)

    # -- the columns -------------------------------------------------------------------------------------------

    def _show_columns(self) -> None:
        if self._opened is None:
            return
        self.columns.show_file(self._opened)
        self._show_page(self.columns, title="What the columns mean", step=f"Step 1 of 2, {self._opened.name}")
        self.next_button.setText("See what it would do")
        if self._opened.mapping.uncertain:
            self.columns.take_focus()
        else:
            self.next_button.setFocus()

    def _take_kind(self, kind: FileKind) -> None:
        opened = self.columns.opened
        if opened is not None:
            self._opened = opened.as_kind(kind)
            self._show_columns()

    def _prepare(self) -> None:
        opened = self.columns.opened
        if opened is None:
            return
        self._opened = opened
        answers = dict(self._prepared.answers) if self._prepared else {}
        self._run(lambda office: prepare_import(office, opened, answers=answers), self._show_preview)

    # -- what it would do --------------------------------------------------------------------------------------

    def _show_preview(self, prepared: PreparedImport) -> None:
        self._prepared = prepared
        self.preview.show_import(prepared)
        known = f", read as “{prepared.opened.profile}”" if prepared.opened.profile else ""
        self._show_page(
            self.preview,
            title="What it would do",
            step=f"Step 2 of 2, {prepared.opened.name}{known}. Nothing is saved yet.",
        )
        self.next_button.setText("Accept")
        nothing = say_nothing_to_save(prepared.preview.counts)
        if not prepared.can_accept:
            self.next_button.disable("Answer the questions, or correct what stands in the way, first.")
        elif nothing is not None:
            self.next_button.disable(nothing[0])
        if self.preview.has_open_question:
            self.preview.take_focus()
        elif self.next_button.isEnabled():
            self.next_button.setFocus()
        else:
            self.back_button.setFocus()

    def _take_answers(self, answers: dict[str, str]) -> None:
        opened = self._opened
        if opened is not None:
            self._run(lambda office: prepare_import(office, opened, answers=answers), self._show_preview)

    def _accept_file(self) -> None:
        prepared = self._prepared
        if prepared is not None:
            self._run(lambda office: accept_import(office, prepared), self._show_done)

    # -- done, and undone --------------------------------------------------------------------------------------

    def _show_done(self, result: ImportResult) -> None:
        kind = self._prepared.opened.mapping.kind if self._prepared else None
        if kind is None:
            return
        self._last_import = result.import_id
        is_saved = result.import_id is not None
        left_out = f"{count_of(result.counts.rejected, 'row')} left out. " if result.counts.rejected else ""
        after = "Bring in the marks next. " if kind is FileKind.PUPILS else ""
        remedy = left_out + (f"{after}It can be undone, now or later, from this window." if is_saved else "")
        self.done_state.say(
            icon="circle-check", sentence=say_done(kind, result.counts, is_saved=is_saved), remedy=remedy
        )
        self._show_page(self.done_state, title="Done", step="")
        self.next_button.setText("Bring in another file")
        self.undo_button.setVisible(is_saved)
        (self.next_button if after else self.close_button).setFocus()

    def _undo_last(self) -> None:
        if self._last_import is not None:
            self._undo(self._last_import)

    def _ask_undo(self, import_id: ImportId) -> None:
        chosen = next((one for one in self.pick.model.rows if one.id == import_id), None)
        if chosen is None:
            return
        points = ("Pupils and contacts go back to what they were.", "Marks corrected since then stay as they are.")
        title = f"Undo the import of {chosen.source}?"
        if ask_dialog(
            self, self._context.theme, title=title, sentence=say_import(chosen), points=points,
            accept="Undo the import", reject="Keep it",
        ):  # fmt: skip
            self._undo(import_id)

    def _undo(self, import_id: ImportId) -> None:
        self._run(lambda office: undo_import(office, import_id), self._show_undone)

    def _show_undone(self, result: UndoResult) -> None:
        self._last_import = None
        said = f"{result.marks.left} marks corrected since then were left as they are." if result.marks.left else ""
        self.done_state.say(icon="undo-2", sentence="The import is undone.", remedy=said)
        self._show_page(self.done_state, title="Undone", step="")
        self.next_button.setText("Bring in another file")

    # -- the window --------------------------------------------------------------------------------------------

    def _go_on(self) -> None:
        act = {
            id(self.columns): self._prepare,
            id(self.preview): self._accept_file,
            id(self.done_state): self._show_pick,
        }
        act.get(id(self.pages.currentWidget()), self.choose_file)()

    def _go_back(self) -> None:
        if self.pages.currentWidget() is self.preview:
            self._show_columns()
        else:
            self._show_pick()

    def _show_page(self, page: QWidget, *, title: str, step: str) -> None:
        self.problem.hide()
        self.title.setText(title)
        self.steps.setText(step)
        self.steps.setVisible(bool(step))
        self.pages.setCurrentWidget(page)
        is_step = page in {self.columns, self.preview}
        self.back_button.setVisible(is_step)
        self.next_button.setVisible(page is not self.pick)
        self.next_button.enable()
        self.undo_button.hide()
        self.close_button.setText("Cancel" if is_step else "Close")

    def _run(self, op: Callable[[Office], T], done: Callable[[T], None]) -> None:
        self.problem.hide()
        self._slow.start(_BEFORE_PROGRESS_SHOWS)
        self.pages.setEnabled(False)
        self._context.background.run(op, done=lambda result: self._finish(done, result), failed=self._fail)

    def _finish(self, done: Callable[[T], None], result: T) -> None:
        self._end_progress()
        done(result)

    def _fail(self, problem: CmeError) -> None:
        self._end_progress()
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.problem.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.problem.show()

    def _end_progress(self) -> None:
        self._slow.stop()
        self.progress.hide()
        self.pages.setEnabled(True)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(8)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(4)
        self.progress.setAccessibleName("Working")
        self.progress.hide()
        self.problem.hide()
        for part in (self.progress, self.title, self.steps, self.problem):
            layout.addWidget(part)
        for page in (self.pick, self.columns, self.preview, self.done_state):
            self.pages.addWidget(page)
        layout.addWidget(self.pages, 1)
        line = QHBoxLayout()
        line.addWidget(self.back_button)
        line.addStretch(1)
        for button in (self.undo_button, self.next_button, self.close_button):
            line.addWidget(button)
        layout.addLayout(line)
        self.next_button.setDefault(True)
        behind = self.parent()
        room = behind.window().size() if isinstance(behind, QWidget) else None
        scaled = self._context.theme.scaled
        width = min(scaled(960), room.width() - 40) if room else scaled(960)
        height = min(scaled(620), room.height() - 40) if room else scaled(620)
        self.resize(width, height)

    def _connect(self) -> None:
        self._slow.setSingleShot(True)
        self._slow.timeout.connect(self.progress.show)
        self.pick.file_asked.connect(self.choose_file)
        self.pick.undo_asked.connect(self._ask_undo)
        self.columns.kind_chosen.connect(self._take_kind)
        self.preview.answered.connect(self._take_answers)
        self.next_button.clicked.connect(self._go_on)
        self.back_button.clicked.connect(self._go_back)
        self.undo_button.clicked.connect(self._undo_last)
        self.close_button.clicked.connect(self.reject)


def _open(office: Office, *, path: Path) -> tuple[OpenedFile, PreparedImport | None]:
    opened = open_import(office, path)
    return opened, prepare_import(office, opened) if opened.profile else None
