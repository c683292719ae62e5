"""Noting a circumstance of a pupil from a day, or saying when one ended."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox

from cme_desktop.casework.contacts import NotedCircumstance
from cme_desktop.casework.in_words import capital
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class CircumstanceDialog(EntryDialog):
    """Asks which circumstance, and from which day."""

    def __init__(
        self, theme: Theme, choices: Iterable[Circumstance], *, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme, title="Add a circumstance", accept="Add it", parent=parent,
            sentence="It changes who must be told, and how soon.",
        )  # fmt: skip
        names = sorted((capital(each.in_words), each) for each in choices)
        self.name = self.add_field("Circumstance", choice_box(names))
        self.has_day = QCheckBox("It is known since when")
        self.has_day.setChecked(True)
        self.add_widget(self.has_day)
        self.day = self.add_field("From", day_edit(today))
        self.has_day.toggled.connect(self.day.setVisible)
        self.name.control.setFocus()
        self.fit()

    @property
    def circumstance(self) -> Circumstance:
        """Which one."""
        return Circumstance(self.name.control.chosen)

    @property
    def from_day(self) -> date | None:
        """The day it began, or None."""
        return day_in(self.day.control) if self.has_day.isChecked() else None


class EndCircumstanceDialog(EntryDialog):
    """Asks for the last day."""

    def __init__(self, theme: Theme, noted: NotedCircumstance, *, today: date, parent: QWidget | None = None) -> None:
        title = f"{capital(noted.dated.name.in_words)}: when did it end?"
        super().__init__(theme, title=title, accept="End it", sentence="It stays in the records.", parent=parent)
        self.day = self.add_field("Last day", day_edit(today))
        self.day.control.setFocus()
        self.fit()

    @property
    def last_day(self) -> date:
        """The last day on which it holds."""
        return day_in(self.day.control)
