"""Who was told, on which day, under which reference: the same question on every page of the roll."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.pupil_entry import record_happening
from cme_desktop.domain.events import Event, EventKind, Recipient
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme


class ToldDialog(EntryDialog):
    """Asks who was told; ``recording`` writes it down."""

    def __init__(
        self, theme: Theme, *, today: date, who: Recipient = Recipient.POLICE, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, title="Somebody was told", accept="Save", parent=parent)
        recipients = tuple((capital(each.in_words), each) for each in Recipient)
        self.who = self.add_field("Who", choice_box(recipients, chosen=who))
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.reference = self.add_field("Reference", QLineEdit(), hint="A log or reference number; empty if none")
        self.said = self.add_field("Words", words_edit(theme=theme), hint="What was said, and by whom")
        self.who.control.setFocus()
        self.fit()

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        reference = self.reference.control.text().strip() or None
        event = Event(EventKind.TOLD, day_in(self.day.control), who=self.who.control.chosen, reference=reference)
        return partial(
            record_happening, pupil_id=pupil_id, event=event, act="told", words=self.said.control.toPlainText()
        )
