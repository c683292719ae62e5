"""Opening a case: find the pupil by three letters, say why, and from which day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.ui.entry_dialog import EntryDialog, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.style.theme import Theme


class OpenCaseDialog(EntryDialog):
    """Asks for the pupil, why, and the day; ``pupils`` are the pairs of id and name with class to choose from."""

    def __init__(
        self,
        theme: Theme,
        pupils: tuple[tuple[PupilId, str], ...],
        *,
        today: date,
        chosen: PupilId | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title="Open a case", accept="Open the case", parent=parent)
        self.chosen = chosen
        self.picker = PupilPicker(self, pupils, chosen=chosen)
        self.finder, self.list = self.picker.finder, self.picker.list
        self.why = self.add_field("Why it is opened", words_edit(theme=theme), hint="What is known, in a sentence")
        self.day = self.add_field(
            "Opened on", day_edit(today, latest=today), hint="The history begins with the first day of this absence."
        )
        (self.why.control if chosen is not None else self.finder.control).setFocus()
        self.fit()

    @property
    def pupil_id(self) -> PupilId | None:
        """The pupil chosen, or None."""
        return self.picker.pupil_id

    @property
    def words(self) -> str:
        """Why the case is opened."""
        return self.why.control.toPlainText().strip()

    @property
    def opened_on(self) -> date:
        """The day."""
        return day_in(self.day.control)

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_chosen = self.picker.check()
        self.why.set_error("" if self.words else "Say why the case is opened.")
        return is_chosen and bool(self.words)
