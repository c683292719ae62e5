"""A letter or e-mail to the family, noted with its day and what it said: the same on every page of the roll."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.pupil_entry import record_happening
from cme_desktop.domain.events import HEARD_ONLY, AttemptOutcome, Event, EventKind, Method, With
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme


class LetterDialog(EntryDialog):
    """Asks to whom, how, when, and what it said; ``recording`` writes it down as sent."""

    def __init__(self, theme: Theme, *, today: date, says: str = "", parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Note a letter", accept="Save", parent=parent)
        people = tuple((capital(each.in_words), each) for each in With if each not in HEARD_ONLY)
        self.to = self.add_field("To", choice_box(people))
        self.method = self.add_field("How", choice_box((("Letter", Method.LETTER), ("E-mail", Method.EMAIL))))
        self.day = self.add_field("Sent on", day_edit(today, latest=today))
        self.said = self.add_field("What it said", words_edit(theme=theme))
        self.said.control.setPlainText(says)
        self.to.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.said.set_error("" if self.said.control.toPlainText().strip() else "Say in a few words what it said.")
        return not self.said.error

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        event = Event(
            EventKind.CONTACT_ATTEMPT, day_in(self.day.control), with_=self.to.control.chosen,
            method=self.method.control.chosen, outcome=AttemptOutcome.SENT,
        )  # fmt: skip
        return partial(
            record_happening, pupil_id=pupil_id, event=event, act="letter", words=self.said.control.toPlainText()
        )
