"""A dialog of pages: read at the left, with what is known of them and the ways out of the program at the right."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStandardPaths
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import count_of
from cme_desktop.ui.documents.page_view import PageView
from cme_desktop.ui.name_covers import NEEDS_NAMES, DeskDialog
from cme_desktop.ui.printing import ask_printer
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.dialog import tell_problem
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtPrintSupport import QPrinter

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_SIDE: Final = 268


class PagesDialog(DeskDialog):
    """Ctrl P prints and Ctrl S saves, once there are pages; each such dialog says whose pages, and what stands beside.

    It overrides ``give_pages``, ``write_pages``, ``proposed_name`` and ``standing``, and calls ``build`` when its own
    widgets are made.
    """

    save_title = "Save the document"
    is_for_paper = False
    """Whether printing is what the dialog is opened for."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty(NEEDS_NAMES, True)  # noqa: FBT003  a Qt property takes no keywords
        self.context = context
        self.pages = PageView(context, self)
        self.state = Label(context.theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.save = SecondaryButton(context.theme, "Save as…")
        button = PrimaryButton if self.is_for_paper else SecondaryButton
        self.print = button(context.theme, "Print…", icon="printer")
        self.print.setToolTip("Ctrl P")
        self.close_button = SecondaryButton(context.theme, "Close")

    # -- what a dialog of its own says -----------------------------------------------------------------------------

    @property
    def has_pages(self) -> bool:
        """Whether there is something to print and to save."""
        raise NotImplementedError

    def proposed_name(self) -> str:
        """Name the file; after no child."""
        raise NotImplementedError

    def give_pages(self) -> Callable[[Office], bytes]:
        """Give the use case that gives the bytes for printing and writes down that they left the records."""
        raise NotImplementedError

    def write_pages(self, to: Path) -> Callable[[Office], Path]:
        """Give the use case that saves them."""
        raise NotImplementedError

    def standing(self) -> str:
        """Say how the document stands, before what was just done with it."""
        return ""

    # -- layout ----------------------------------------------------------------------------------------------------

    def build(self, column: QVBoxLayout) -> None:
        """Lay the pages out beside this column, and wire what every such dialog has."""
        self.setWindowTitle("CME Desktop")
        self.setSizeGripEnabled(True)
        side = QWidget()
        side.setFixedWidth(self.context.theme.scaled(_SIDE))
        column.setContentsMargins(0, 0, 0, 0)
        side.setLayout(column)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(16)
        layout.addWidget(self.pages, 1)
        layout.addWidget(side)
        behind = self.parentWidget()
        room = behind.window().size() if behind is not None else self.screen().availableSize()
        self.resize(min(room.width() - 40, self.context.theme.scaled(1040)), min(room.height() - 40, 860))
        self.pages.failed.connect(self.tell)
        self.save.clicked.connect(self.choose_file)
        self.print.clicked.connect(self.choose_printer)
        self.close_button.clicked.connect(self.accept)
        keys = QKeySequence.StandardKey
        for key, act in ((keys.Save, self.choose_file), (keys.Print, self.choose_printer)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.activated.connect(act)

    def tell(self, problem: CmeError) -> None:
        """Say a problem in a dialog of its own."""
        tell_problem(self, self.context.theme, problem)

    # -- out of the records ----------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask where to, and save."""
        if not self.has_pages:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = str(Path(folder) / self.proposed_name())
        chosen, _ = QFileDialog.getSaveFileName(self, self.save_title, proposed, "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, file: Path) -> None:
        """Save the pages."""
        self.context.background.run(self.write_pages(file), done=self._saved, failed=self.tell)

    def choose_printer(self) -> None:
        """Ask for a printer, and print."""
        if self.has_pages and (printer := ask_printer(self, pages=self.pages.count)) is not None:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print the pages asked for; no second job begins before they are done."""
        from cme_desktop.ui.documents.page_printer import PagePrinter  # noqa: PLC0415  printing is seldom

        self.print.disable("The pages are going to the printer.")
        job = PagePrinter(self.context.background, self.give_pages(), printer, self)
        job.ended.connect(self._printed)
        job.failed.connect(self._not_printed)
        self.finished.connect(job.stop)
        job.start()

    def _saved(self, file: Path) -> None:
        self._say(f"Saved as {file.name} in {file.parent.name or file.parent}.")

    def _printed(self, pages: int) -> None:
        self.print.enable()
        self._say(f"{count_of(pages, 'page')} sent to the printer.")

    def _not_printed(self, problem: CmeError) -> None:
        self.print.enable()
        self.tell(problem)

    def _say(self, words: str) -> None:
        self.state.setText(" ".join(part for part in (self.standing(), words) if part))
