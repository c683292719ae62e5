"""The clock times of the school's morning, and how soon an unattended window locks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.in_words import count_of, say_clock
from cme_desktop.casework.school_settings import (
    ClockTimes,
    SchoolSettings,
    load_school_settings,
    save_school_settings,
)
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, checked_time, choice_box

if TYPE_CHECKING:
    from datetime import time

    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.tab import TabContext
    from cme_desktop.ui.widgets.field import Field

_TIMES: Final = (
    (("registers_in", "Registers in by"), ("register_close", "Registers close")),
    (("first_calls", "First calls by"), ("contacts_tried", "Every contact tried by")),
    (("lead_told", "Safeguarding lead told by"), ("police_or_care", "Police or care decided by")),
    (("afternoon", "Afternoon register"),),
)
_MINUTES: Final = (1, 2, 3, 5, 10, 15, 30)
_HINTS: Final = {
    "register_close": "From then on a mark counts.",
    "police_or_care": "The last clock time of the morning.",
    "afternoon": "From then on its marks are due.",
}


class SettingsDialog(EntryDialog):
    """Reads the settings when it opens; saves them for today and the days after."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context.theme,
            title="The school's morning",
            sentence="Times hold from today on; earlier days keep the times they had. Your policy says what they are.",
            accept="Save",
            parent=parent,
        )
        self._context = context
        self.times: dict[str, Field[QLineEdit]] = {}
        for pair in _TIMES:
            row = [self._add_time(*one) for one in pair]
            if len(row) > 1:
                self.add_side_by_side(*row)
        minutes: ChoiceBox[int] = choice_box((count_of(one, "minute"), one) for one in _MINUTES)
        self.minutes = self.add_field("Lock when untouched for", minutes, hint="What was being typed is kept.")
        self.add_side_by_side(self.times["afternoon"], self.minutes)
        self.submitted.connect(self._save)
        self.accept_button.setEnabled(False)
        context.background.run(load_school_settings, done=self.show_settings, failed=self.show_problem)
        self.fit()

    def show_settings(self, settings: SchoolSettings) -> None:
        """Fill the fields."""
        for name, field in self.times.items():
            field.control.setText(say_clock(getattr(settings.clock, name)))
        self.minutes.control.choose(settings.locks_after)
        self.accept_button.setEnabled(True)

    def _add_time(self, name: str, label: str) -> Field[QLineEdit]:
        field = self.add_field(label, QLineEdit(), hint=_HINTS.get(name, ""))
        self.times[name] = field
        return field

    def _save(self) -> None:
        read: dict[str, time] = {}
        for name, field in self.times.items():
            is_right, found = checked_time(field)
            if is_right and found is None:
                field.set_error("Type a time like 9:40.")
            if is_right and found is not None:
                read[name] = found
        if len(read) < len(self.times):
            return
        settings = SchoolSettings(ClockTimes(**read), self.minutes.control.chosen)
        self._context.background.run(
            lambda office: save_school_settings(office, settings),
            done=lambda _: self.accept(),
            failed=self.show_problem,
        )
