"""A step added by hand: what is to be done, by whom, and when; and its end."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.domain.calendar import Deadline
from cme_desktop.domain.cases import Role
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class TaskDialog(EntryDialog):
    """Asks for a step."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Add a task", accept="Add the task", parent=parent)
        self.text = self.add_field("What is to be done", QLineEdit(), hint="Begin with a verb: Ring the last school")
        roles = tuple((capital(role.in_words), role) for role in Role if role is not Role.CARETAKER)
        self.owner = self.add_field("For", choice_box(roles))
        self.has_day = QCheckBox("It has a day")
        self.has_day.setChecked(True)
        self.add_widget(self.has_day)
        self.day = self.add_field("Due on", day_edit(today))
        self.has_day.toggled.connect(self.day.setVisible)
        self.text.control.setFocus()
        self.fit()

    @property
    def words(self) -> str:
        """What is to be done."""
        return self.text.control.text().strip()

    @property
    def due(self) -> Deadline | None:
        """When it is due."""
        return Deadline(day_in(self.day.control)) if self.has_day.isChecked() else None

    @property
    def role(self) -> Role:
        """Whose it is."""
        return Role(self.owner.control.chosen)

    def check(self) -> bool:
        """Say what is missing; True when nothing is."""
        self.text.set_error("" if self.words else "Say what is to be done.")
        return bool(self.words)
