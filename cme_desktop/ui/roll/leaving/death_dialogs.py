"""The quiet dialogs of a death: for the head alone."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.bereavement import leave_in_peace, record_death
from cme_desktop.ui.entry_dialog import EntryDialog, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker
from cme_desktop.ui.roll.leaving.parts import Named, needs

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

_PEACE: Final = timedelta(days=42)
"""What the dialog offers at first; the head sets what is right for the family."""


class DeathDialog(EntryDialog):
    """Asks on which day, who told the school, and until when the family is left in peace."""

    def __init__(self, theme: Theme, pupils: Named, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="A child has died", accept="Save", parent=parent,
            sentence="From now on no list asks for anything about this child, and no letter is written.",
        )  # fmt: skip
        self.picker = PupilPicker(self, pupils)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.told_by = self.add_field("Who told the school", QLineEdit())
        self.add_side_by_side(self.day, self.told_by)
        self.until = self.add_field(
            "Leave the family in peace until", day_edit(today + _PEACE),
            hint="Until then, whoever is about to ring or write to the family is sent to you first.",
        )  # fmt: skip
        self.said = self.add_field("Words", words_edit(theme=theme), hint="What others should know")
        self.picker.finder.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_told = needs(self.told_by, "Say who told the school.")
        return self.picker.check() and is_told

    @property
    def pupil_id(self) -> PupilId | None:
        """The child."""
        return self.picker.pupil_id

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        pupil_id = self.pupil_id
        assert pupil_id is not None
        return partial(
            record_death, pupil_id=pupil_id, on=day_in(self.day.control), told_by=self.told_by.control.text(),
            peace_until_day=day_in(self.until.control), words=self.said.control.toPlainText(),
        )  # fmt: skip


class PeaceDialog(EntryDialog):
    """Asks until when the family is left in peace."""

    def __init__(self, theme: Theme, *, until: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Leave the family in peace", accept="Save", parent=parent,
            sentence="A day that has passed ends it.",
        )  # fmt: skip
        self.until = self.add_field("Until", day_edit(until))
        self.until.control.setFocus()
        self.fit()

    def setting(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that sets it."""
        return partial(leave_in_peace, pupil_id=pupil_id, until=day_in(self.until.control))
