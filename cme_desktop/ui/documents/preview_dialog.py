"""A document read in the program, page by page, before it is signed, saved or sent."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

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
from cme_desktop.ui.documents.pages_dialog import PagesDialog
from cme_desktop.ui.documents.sign_dialog import SignDialog
from cme_desktop.ui.widgets.buttons import PrimaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import DocumentId
    from cme_desktop.ui.tab import TabContext


class RecordPreviewDialog(PagesDialog):
    """A document that the records keep, with what is missing in it and who signed; ``signed`` after one more did."""

    signed = Signal()

    def __init__(self, context: TabContext, document_id: DocumentId, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.document_id = document_id
        self.document: DocumentRowView | None = None
        self.dialog: SignDialog | None = None
        self._pdf = b""
        theme = context.theme
        self.title = Label(theme, role="heading", wraps=True)
        self.missing_heading = Label(theme, "Not known, and printed as not known", role="body-strong", wraps=True)
        self.missing = Label(theme, wraps=True)
        self.signatures_heading = Label(theme, "Signatures", role="body-strong")
        self.signatures = Label(theme, wraps=True)
        self.next_step = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.sign = PrimaryButton(theme, "Sign…", icon="file-signature")
        self.build(self._side())
        self.sign.clicked.connect(self.begin_signing)
        self.reload()

    def reload(self) -> None:
        """Read the document again."""
        self.context.background.run(partial(_load, document_id=self.document_id), done=self._show, failed=self.tell)

    # -- layout ----------------------------------------------------------------------------------------------------

    def _side(self) -> QVBoxLayout:
        column = QVBoxLayout()
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
        return column

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
        self.pages.count = document.pages
        self.pages.show_pdf(self._pdf)

    # -- signing ---------------------------------------------------------------------------------------------------

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

    # -- what the pages are ------------------------------------------------------------------------------------------

    @property
    def has_pages(self) -> bool:
        return self.document is not None

    def proposed_name(self) -> str:
        assert self.document is not None
        return self.document.file_name

    def give_pages(self) -> Callable[[Office], bytes]:
        return partial(give_for_printing, document_id=self.document_id)

    def write_pages(self, to: Path) -> Callable[[Office], Path]:
        return partial(_export, document_id=self.document_id, to=to)

    def standing(self) -> str:
        return _state(self.document) if self.document else ""


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
