"""The lists of a register inspection as pages: chosen days, read here, then printed or saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import count_of
from cme_desktop.casework.lives import inspection
from cme_desktop.casework.lives.inspection_lists import Period, this_year
from cme_desktop.ui.documents.page_printer import PagePrinter
from cme_desktop.ui.documents.page_view import PageView
from cme_desktop.ui.entry_dialog import day_edit, day_in
from cme_desktop.ui.printing import ask_printer
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.dialog import tell_problem
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent
    from PySide6.QtPrintSupport import QPrinter

    from cme_desktop.casework.lives.life import LifeBook
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_SIDE: Final = 268
_SENTENCE: Final = "Removed without notice, allocated but not started, part-time timetables, whoever has left included."


class InspectionDialog(QDialog):
    """Shows the pages of the days chosen; Ctrl P prints, Ctrl S saves, Page Up and Page Down turn."""

    def __init__(self, context: TabContext, book: LifeBook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._book = book
        self._pdf = b""
        theme, year = context.theme, this_year(book.desk)
        self.title = Label(theme, "Register inspection", role="heading", wraps=True)
        self.sentence = Label(theme, _SENTENCE, token="text2", wraps=True)  # noqa: S106  a colour token
        self.first = Field(theme, "From", day_edit(year.first, latest=book.desk.today))
        self.last = Field(theme, "To", day_edit(year.last, latest=book.desk.today), hint="Both days included")
        self.state = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.pages = PageView(context, self)
        self.print = PrimaryButton(theme, "Print…", icon="printer")
        self.save = SecondaryButton(theme, "Save as…")
        self.close_button = SecondaryButton(theme, "Close")
        self._build()
        self._connect()
        self.read()

    @property
    def period(self) -> Period:
        """The days chosen, as they stand in the fields."""
        return Period(day_in(self.first.control), day_in(self.last.control))

    def read(self) -> None:
        """Make the pages of the days chosen."""
        period = self.period
        op = partial(inspection.set_lists, book=self._book, first=period.first, last=period.last)
        self.context.background.run(op, done=partial(self._show, period), failed=self._refuse)

    # -- layout and wiring -----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Register inspection")
        self.setSizeGripEnabled(True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self._side())
        behind = self.parentWidget()
        room = behind.window().size() if behind is not None else self.screen().availableSize()
        self.resize(min(room.width() - 40, self.context.theme.scaled(1040)), min(room.height() - 40, 860))

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(self.context.theme.scaled(_SIDE))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.title, self.sentence, self.first, self.last, self.state):
            column.addWidget(widget)
        column.addStretch(1)
        for button in (self.print, self.save, self.close_button):
            column.addWidget(button)
        return side

    def _connect(self) -> None:
        self.pages.failed.connect(self._tell)
        for field in (self.first, self.last):
            field.control.setKeyboardTracking(False)
            field.control.dateChanged.connect(self.read)
        self.print.clicked.connect(self.choose_printer)
        self.save.clicked.connect(self.choose_file)
        self.close_button.clicked.connect(self.accept)
        for key, act in (
            (QKeySequence.StandardKey.Print, self.choose_printer),
            (QKeySequence.StandardKey.Save, self.choose_file),
        ):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(act)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.first.control.setFocus()

    # -- the pages -------------------------------------------------------------------------------------------------

    def _show(self, period: Period, pdf: bytes) -> None:
        if period != self.period:
            return  # other days were chosen meanwhile
        self._pdf = pdf
        self.first.set_error("")
        self.state.setText("")
        self.print.enable()
        self.save.enable()
        self.pages.show_pdf(pdf)

    def _refuse(self, problem: CmeError) -> None:
        self._pdf = b""
        self.pages.show_pdf(b"")
        self.state.setText("")
        self.first.set_error(f"{problem.title} {problem.remedy}")
        for button in (self.print, self.save):
            button.disable(problem.title)

    def _tell(self, problem: CmeError) -> None:
        tell_problem(self, self.context.theme, problem)

    # -- out of the records ----------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask where to, and save."""
        if not self._pdf:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = str(Path(folder) / inspection.propose_name(self.period))
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the lists", proposed, "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, file: Path) -> None:
        """Save the pages of the days chosen."""
        period = self.period
        op = partial(inspection.save_lists, book=self._book, first=period.first, last=period.last, to=file)
        self.context.background.run(op, done=self._saved, failed=self._tell)

    def _saved(self, file: Path) -> None:
        self.state.setText(f"Saved as {file.name} in {file.parent.name or file.parent}.")

    def choose_printer(self) -> None:
        """Ask for a printer, and print."""
        if self._pdf and (printer := ask_printer(self, pages=self.pages.count)) is not None:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print the pages asked for; no second job begins before they are done."""
        self.print.disable("The pages are going to the printer.")
        period = self.period
        give = partial(inspection.give_for_printing, book=self._book, first=period.first, last=period.last)
        job = PagePrinter(self.context.background, give, printer, self)
        job.ended.connect(self._printed)
        job.failed.connect(self._not_printed)
        self.finished.connect(job.stop)
        job.start()

    def _printed(self, pages: int) -> None:
        self.print.enable()
        self.state.setText(f"{count_of(pages, 'page')} sent to the printer.")

    def _not_printed(self, problem: CmeError) -> None:
        self.print.enable()
        self._tell(problem)
