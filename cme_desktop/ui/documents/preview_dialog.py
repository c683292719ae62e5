"""A document read in the program, page by page, before it is signed, saved or sent."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.in_words import count_of
from cme_desktop.casework.records import (
    DocumentRowView,
    export_pdf,
    give_for_printing,
    load_pdf,
    load_view,
    sign_record,
    why_not_sign,
)
from cme_desktop.domain.documents import DocumentState
from cme_desktop.ui.documents.page_view import PageView
from cme_desktop.ui.documents.sign_dialog import SignDialog
from cme_desktop.ui.printing import ask_printer
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.dialog import tell_problem
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent
    from PySide6.QtPrintSupport import QPrinter

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.domain.identifiers import DocumentId
    from cme_desktop.ui.tab import TabContext

_SIDE: Final = 268


class RecordPreviewDialog(QDialog):
    """Page Up and Page Down turn pages, Ctrl + and Ctrl − zoom, Ctrl 0 fits the width, Ctrl P prints.

    ``signed`` after a signature was kept.
    """

    signed = Signal()

    def __init__(self, context: TabContext, document_id: DocumentId, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.document_id = document_id
        self.document: DocumentRowView | None = None
        self.dialog: SignDialog | None = None
        self._pdf = b""
        theme = context.theme
        self.title = Label(theme, role="heading", wraps=True)
        self.state = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.missing_heading = Label(theme, "Not known, and printed as not known", role="body-strong", wraps=True)
        self.missing = Label(theme, wraps=True)
        self.signatures_heading = Label(theme, "Signatures", role="body-strong")
        self.signatures = Label(theme, wraps=True)
        self.next_step = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.pages = PageView(context, self)
        self.sign = PrimaryButton(theme, "Sign…", icon="file-signature")
        self.save = SecondaryButton(theme, "Save as…")
        self.print = SecondaryButton(theme, "Print…", icon="printer")
        self.print.setToolTip("Ctrl P")
        self.close_button = SecondaryButton(theme, "Close")
        self._build()
        self._connect()
        self.reload()

    def reload(self) -> None:
        """Read the document again."""
        self.context.background.run(partial(_load, document_id=self.document_id), done=self._show, failed=self._tell)

    # -- layout and wiring -----------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setWindowTitle("CME Desktop")
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
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.state)
        for heading, words in ((self.missing_heading, self.missing), (self.signatures_heading, self.signatures)):
            column.addSpacing(10)
            column.addWidget(heading)
            column.addWidget(words)
        column.addStretch(1)
        column.addWidget(self.next_step)
        self.next_step.hide()
        for button in (self.sign, self.save, self.print, self.close_button):
            column.addWidget(button)
        return side

    def _connect(self) -> None:
        self.pages.failed.connect(self._tell)
        self.sign.clicked.connect(self.begin_signing)
        self.save.clicked.connect(self.choose_file)
        self.print.clicked.connect(self.choose_printer)
        self.close_button.clicked.connect(self.accept)
        self._on_key(QKeySequence(QKeySequence.StandardKey.Save), self.choose_file)
        self._on_key(QKeySequence(QKeySequence.StandardKey.Print), self.choose_printer)

    def _on_key(self, key: QKeySequence, act: Callable[[], None]) -> None:
        shortcut = QShortcut(key, self)
        shortcut.activated.connect(act)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.pages.setFocus()

    # -- the document ----------------------------------------------------------------------------------------------

    def _show(self, loaded: tuple[DocumentRowView, bytes, str]) -> None:
        self.document, self._pdf, reason = loaded
        document = self.document
        self.setAccessibleName(document.title)
        self.title.setText(document.title)
        self.state.setText(_state(document))
        self.missing.setText("\n".join(f"– {fact}" for fact in document.missing))
        for widget in (self.missing_heading, self.missing):
            widget.setVisible(bool(document.missing))
        self.signatures.setText(_signatures(document))
        if reason:
            self.sign.disable(reason)
        else:
            self.sign.enable()
        self.next_step.setText(_next_step(document, reason))
        self.next_step.setVisible(bool(reason))
        self.pages.show_pdf(self._pdf)

    def _tell(self, problem: CmeError) -> None:
        tell_problem(self, self.context.theme, problem)

    # -- signing and saving ----------------------------------------------------------------------------------------

    def begin_signing(self) -> None:
        """Ask for the mark in the box."""
        office = self.context.background.office
        if self.document is None or office is None:
            return
        self.dialog = SignDialog(
            self.context.theme, person=office.user.name, role=office.user.role.in_words,
            is_first=not self.document.signatures, pages=self.document.pages, parent=self,
        )  # fmt: skip
        self.dialog.submitted.connect(self._sign)
        self.dialog.open()

    def _sign(self) -> None:
        dialog = self.dialog
        if dialog is None or not dialog.check():
            return
        op = partial(_sign, document_id=self.document_id, drawn=dialog.drawn, typed=dialog.typed)
        self.context.background.run(op, done=self._signed, failed=dialog.show_problem)

    def _signed(self, document: DocumentRowView) -> None:
        del document
        if self.dialog is not None:
            self.dialog.accept()
        self.reload()
        self.signed.emit()

    def choose_file(self) -> None:
        """Ask where to, and save."""
        if self.document is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = str(Path(folder) / self.document.file_name)
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the document", proposed, "PDF (*.pdf)")
        if chosen:
            self.save_to(Path(chosen))

    def save_to(self, file: Path) -> None:
        """Save the document's bytes as they are kept."""
        op = partial(_export, document_id=self.document_id, to=file)
        self.context.background.run(op, done=self._saved, failed=self._tell)

    def _saved(self, file: Path) -> None:
        stands = f"{_state(self.document)} " if self.document else ""
        self.state.setText(f"{stands}Saved as {file.name} in {file.parent.name or file.parent}.")

    def choose_printer(self) -> None:
        """Ask for a printer, and print."""
        if self.document is not None and (printer := ask_printer(self, pages=self.document.pages)) is not None:
            self.print_on(printer)

    def print_on(self, printer: QPrinter) -> None:
        """Print the pages asked for; no second job begins before they are done."""
        from cme_desktop.ui.documents.page_printer import PagePrinter  # noqa: PLC0415  printing is seldom

        give = partial(give_for_printing, document_id=self.document_id)
        self.print.disable("The pages are going to the printer.")
        job = PagePrinter(self.context.background, give, printer, self)
        job.ended.connect(self._printed)
        job.failed.connect(self._not_printed)
        self.finished.connect(job.stop)
        job.start()

    def _printed(self, pages: int) -> None:
        self.print.enable()
        stands = f"{_state(self.document)} " if self.document else ""
        self.state.setText(f"{stands}{count_of(pages, 'page')} sent to the printer.")

    def _not_printed(self, problem: CmeError) -> None:
        self.print.enable()
        self._tell(problem)


# -- run on the worker -----------------------------------------------------------------------------------------------


def _load(office: Office, *, document_id: DocumentId) -> tuple[DocumentRowView, bytes, str]:
    view = load_view(office, document_id)
    return view, load_pdf(office, document_id), why_not_sign(office, view)


def _sign(office: Office, *, document_id: DocumentId, drawn: bytes | None, typed: str) -> DocumentRowView:
    return sign_record(office, document_id, drawn=drawn, typed=typed)


def _export(office: Office, *, document_id: DocumentId, to: Path) -> Path:
    return export_pdf(office, document_id, to)


# -- words -----------------------------------------------------------------------------------------------------------


def _state(document: DocumentRowView) -> str:
    if document.state is DocumentState.DRAFT:
        return "Draft. Read it through; signing makes it final."
    if len(document.signatures) < 2:
        return "Final, signed once."
    return "Final, signed by both."


def _next_step(document: DocumentRowView, reason: str) -> str:
    if len(document.signatures) != 1:
        return reason
    return f"{reason} Lock with Ctrl L, unlock as the headteacher, and open this document from the case again."


def _signatures(document: DocumentRowView) -> str:
    if not document.signatures:
        return "Nobody has signed yet."
    return "\n".join(
        f"{line.by}, {line.role}, {line.at:%d/%m/%Y} {line.at.hour}:{line.at:%M}" for line in document.signatures
    )
