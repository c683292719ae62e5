"""Pages that were made to be read first: the sharing log, a breach note, the journal; printed or saved by an act."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from cme_desktop.ui.documents.pages_dialog import PagesDialog
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext


class RecordPagesDialog(PagesDialog):
    """Shows pages that one use case sets, a second gives for printing and a third saves."""

    is_for_paper = True

    def __init__(
        self,
        context: TabContext,
        *,
        title: str,
        sentence: str,
        name: str,
        pages: Callable[[Office], bytes],
        give: Callable[[Office], bytes],
        write: Callable[..., Path],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent)
        self._pdf = b""
        self._name, self._set, self._give, self._write = name, pages, give, write
        theme = context.theme
        self.save_title = f"Save: {title[:1].lower()}{title[1:]}"
        self.title = Label(theme, title, role="heading", wraps=True)
        self.sentence = Label(theme, sentence, token="text2", wraps=True)  # noqa: S106  a colour token
        self.setAccessibleName(title)
        self.build(self.side())
        self.read()

    def read(self) -> None:
        """Make the pages."""
        self.context.background.run(self._set, done=self.show_pages, failed=self._refuse)

    def side(self) -> QVBoxLayout:
        """Lay out what stands beside the pages."""
        column = QVBoxLayout()
        column.setSpacing(10)
        for widget in (self.title, self.sentence, self.state):
            column.addWidget(widget)
        column.addStretch(1)
        for button in (self.print, self.save, self.close_button):
            column.addWidget(button)
        return column

    def show_pages(self, pdf: bytes) -> None:
        """Show these pages, and offer to print and save them."""
        self._pdf = pdf
        self.state.setText("")
        self.print.enable()
        self.save.enable()
        self.pages.show_pdf(pdf)

    @property
    def has_pages(self) -> bool:
        return bool(self._pdf)

    def proposed_name(self) -> str:
        return self._name

    def give_pages(self) -> Callable[[Office], bytes]:
        return self._give

    def write_pages(self, to: Path) -> Callable[[Office], Path]:
        return partial(self._write, to=to)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.close_button.setFocus()

    def _refuse(self, problem: CmeError) -> None:
        self._pdf = b""
        self.pages.show_pdf(b"")
        self.state.setText(" ".join(part for part in (problem.title, problem.detail, problem.remedy) if part))
        for button in (self.print, self.save):
            button.disable(problem.title)
