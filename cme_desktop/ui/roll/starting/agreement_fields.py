"""The fields of an agreed start that several dialogs share: the day, and who agreed it with whom."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.lives.new_pupil import StartAgreement
from cme_desktop.ui.roll.checked_fields import checked_day, needs

if TYPE_CHECKING:
    from cme_desktop.ui.entry_dialog import EntryDialog


class AgreementFields:
    """The starting day and who agreed it with whom, on which day, in a dialog."""

    def __init__(self, dialog: EntryDialog, *, today: date, by: str, day: date | None = None) -> None:
        self._today = today
        self.day = dialog.add_field(
            "Starting day", QLineEdit(f"{day:%d/%m/%Y}" if day else ""), hint="As 12/11/2026; on roll from then"
        )
        self.agreed_on = dialog.add_field("Agreed on", QLineEdit(f"{today:%d/%m/%Y}"))
        dialog.add_side_by_side(self.day, self.agreed_on)
        self.by = dialog.add_field("Agreed by, for the school", QLineEdit(by))
        self.with_ = dialog.add_field("With", QLineEdit(), hint="The parent, or who has the child in their care")
        dialog.add_side_by_side(self.by, self.with_)

    def set_shown(self, *, shown: bool) -> None:
        """Show the fields of an agreement, or not where none is made yet."""
        for field in (self.day, self.agreed_on, self.by, self.with_):
            field.setVisible(shown)

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        checks = (
            checked_day(self.day, today=self._today)[0],
            self._check_agreed_on(),
            needs(self.by, "Say who agreed it for the school."),
            needs(self.with_, "Say with whom it was agreed."),
        )
        return all(checks)

    @property
    def agreement(self) -> StartAgreement:
        """What was agreed."""
        agreed_on = checked_day(self.agreed_on, today=self._today)[1] or self._today
        return StartAgreement(
            checked_day(self.day, today=self._today)[1], agreed_on, self.by.control.text(), self.with_.control.text()
        )

    def _check_agreed_on(self) -> bool:
        fits, found = checked_day(self.agreed_on, today=self._today)
        if fits and found is not None and found > self._today:
            self.agreed_on.set_error("This day is still to come.")
            return False
        return fits
