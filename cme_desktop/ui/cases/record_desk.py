"""The written record of the case on screen: preparing it, its pages, and what it had to leave open."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from cme_desktop.casework.office import Office
from cme_desktop.casework.records import DocumentRowView, load_pdf, prepare_record
from cme_desktop.domain.identifiers import CaseId, DocumentId
from cme_desktop.ui.documents.page_pictures import PagePicture, picture_page
from cme_desktop.ui.documents.preview_dialog import RecordPreviewDialog
from cme_desktop.ui.widgets.dialog import AskDialog

if TYPE_CHECKING:
    from cme_desktop.casework.cases import CaseFile, StoredDocument
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.asker import Asker
    from cme_desktop.ui.cases.case_pane import CasePane
    from cme_desktop.ui.tab import TabContext

_THUMBNAIL: Final = 0.36
"""Pixels a point: enough for a picture 74 wide at twice the text size or on a dense screen."""


class RecordDesk(QObject):
    """Prepares and shows the documents of one case at a time."""

    def __init__(self, context: TabContext, pane: CasePane, asker: Asker, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._pane = pane
        self._asker = asker
        self._window = parent
        self._file: CaseFile | None = None
        pane.prepare_asked.connect(self.prepare)
        pane.record.preview_asked.connect(self.preview)
        pane.record.missing_asked.connect(self.tell_missing)

    def show_case(self, file: CaseFile) -> None:
        """Show the first page of this case's latest document."""
        self._file = file
        if file.documents:
            picture = partial(_picture, document_id=file.documents[0].id)
            self._context.background.run(picture, done=partial(self._show_page, file.case.id))

    def prepare(self) -> None:
        """Prepare the written record as a draft and show its pages."""
        if self._file is None:
            return
        self._pane.prepare.disable("The record is being prepared.")
        self._context.background.run(
            partial(prepare_record, case_id=self._file.case.id), done=self._prepared, failed=self._not_prepared
        )

    def preview(self) -> None:
        """Show the pages of the latest document."""
        if (document := self._latest) is not None:
            self._show_pages(document.id)

    def tell_missing(self) -> None:
        """List the facts that the latest document had to leave open."""
        if (document := self._latest) is None:
            return
        dialog = AskDialog(
            self._context.theme, title="What is missing in the record", parent=self._window, reject="Close",
            sentence="These are printed as not known.", points=document.facts.missing,
        )  # fmt: skip
        self._asker.open(dialog)

    @property
    def _latest(self) -> StoredDocument | None:
        return self._file.documents[0] if self._file is not None and self._file.documents else None

    def _prepared(self, document: DocumentRowView) -> None:
        self._pane.prepare.enable()
        self._show_pages(document.id)

    def _not_prepared(self, problem: CmeError) -> None:
        self._pane.prepare.enable()
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        dialog = AskDialog(
            self._context.theme, title=problem.title, sentence=said, reject="Close", parent=self._window
        )  # fmt: skip
        self._asker.open(dialog)

    def _show_pages(self, document_id: DocumentId) -> None:
        self._asker.open(RecordPreviewDialog(self._context, document_id, self._window))

    def _show_page(self, case_id: CaseId, page: PagePicture) -> None:
        if self._file is None or self._file.case.id != case_id:
            return
        pixels = QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
        self._pane.record.show_page(pixels.copy())


def _picture(office: Office, *, document_id: DocumentId) -> PagePicture:
    return picture_page(load_pdf(office, document_id), number=1, scale=_THUMBNAIL)
