"""The sheet of a day's work as pages: read here, then printed, signed and kept."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cme_desktop.casework import day_sheet
from cme_desktop.ui.documents.pages_dialog import PagesDialog
from cme_desktop.ui.entry_dialog import day_edit, day_in
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from PySide6.QtGui import QShowEvent

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_SENTENCE: Final = (
    "What was written down on a day. Signed and kept, the number and hash at its end show later whether anything "
    "written until then was changed."
)


class DaySheetDialog(PagesDialog):
    """Shows the sheet of the day chosen."""

    save_title = "Save the day sheet"
    is_for_paper = True

    def __init__(self, context: TabContext, today: date, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._pdf = b""
        theme = context.theme
        self.title = Label(theme, "Day sheet", role="heading", wraps=True)
        self.sentence = Label(theme, _SENTENCE, token="text2", wraps=True)  # noqa: S106  a colour token
        self.day = Field(theme, "Day", day_edit(today, latest=today))
        self.setAccessibleName("Day sheet")
        self.build(self._side())
        self.day.control.setKeyboardTracking(False)
        self.day.control.dateChanged.connect(self.read)
        self.read()

    @property
    def chosen(self) -> date:
        """The day, as it stands in the field."""
        return day_in(self.day.control)

    def read(self) -> None:
        """Make the pages of the day chosen."""
        day = self.chosen
        op = partial(day_sheet.set_day_sheet, day=day)
        self.context.background.run(op, done=partial(self._show, day), failed=self._refuse)

    def _side(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(10)
        for widget in (self.title, self.sentence, self.day, self.state):
            column.addWidget(widget)
        column.addStretch(1)
        for button in (self.print, self.save, self.close_button):
            column.addWidget(button)
        return column

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.day.control.setFocus()

    def _show(self, day: date, pdf: bytes) -> None:
        if day != self.chosen:
            return  # another day was chosen meanwhile
        self._pdf = pdf
        self.state.setText("")
        self.print.enable()
        self.save.enable()
        self.pages.show_pdf(pdf)

    def _refuse(self, problem: CmeError) -> None:
        self._pdf = b""
        self.pages.show_pdf(b"")
        self.day.set_error(f"{problem.title} {problem.remedy}")
        for button in (self.print, self.save):
            button.disable(problem.title)

    @property
    def has_pages(self) -> bool:
        return bool(self._pdf)

    def proposed_name(self) -> str:
        return day_sheet.propose_name(self.chosen)

    def give_pages(self) -> Callable[[Office], bytes]:
        return partial(day_sheet.give_for_printing, day=self.chosen)

    def write_pages(self, to: Path) -> Callable[[Office], Path]:
        return partial(day_sheet.save_day_sheet, day=self.chosen, to=to)
