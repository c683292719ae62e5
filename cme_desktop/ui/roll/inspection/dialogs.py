"""The lists of a register inspection as pages: chosen days, read here, then printed or saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cme_desktop.casework.lives import inspection
from cme_desktop.casework.lives.inspection_lists import Period, this_year
from cme_desktop.ui.documents.pages_dialog import PagesDialog
from cme_desktop.ui.entry_dialog import day_edit, day_in
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent

    from cme_desktop.casework.lives.life import LifeBook
    from cme_desktop.casework.office import Office
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_SENTENCE: Final = "Removed without notice, allocated but not started, part-time timetables, whoever has left included."


class InspectionDialog(PagesDialog):
    """Shows the pages of the days chosen."""

    save_title = "Save the lists"
    is_for_paper = True

    def __init__(self, context: TabContext, book: LifeBook, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._book = book
        self._pdf = b""
        theme, year = context.theme, this_year(book.desk)
        self.title = Label(theme, "Register inspection", role="heading", wraps=True)
        self.sentence = Label(theme, _SENTENCE, token="text2", wraps=True)  # noqa: S106  a colour token
        self.first = Field(theme, "From", day_edit(year.first, latest=book.desk.today))
        self.last = Field(theme, "To", day_edit(year.last, latest=book.desk.today), hint="Both days included")
        self.setAccessibleName("Register inspection")
        self.build(self._side())
        for field in (self.first, self.last):
            field.control.setKeyboardTracking(False)
            field.control.dateChanged.connect(self.read)
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

    # -- layout ----------------------------------------------------------------------------------------------------

    def _side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        for widget in (self.title, self.sentence, self.first, self.last, self.state):
            column.addWidget(widget)
        column.addStretch(1)
        for button in (self.print, self.save, self.close_button):
            column.addWidget(button)
        return column

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

    # -- what the pages are ----------------------------------------------------------------------------------------

    @property
    def has_pages(self) -> bool:
        return bool(self._pdf)

    def proposed_name(self) -> str:
        return inspection.propose_name(self.period)

    def give_pages(self) -> Callable[[Office], bytes]:
        period = self.period
        return partial(inspection.give_for_printing, book=self._book, first=period.first, last=period.last)

    def write_pages(self, to: Path) -> Callable[[Office], Path]:
        period = self.period
        return partial(inspection.save_lists, book=self._book, first=period.first, last=period.last, to=to)
