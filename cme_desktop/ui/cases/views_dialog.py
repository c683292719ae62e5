"""Adding what the child or the family says."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.views import HOW, Voice, record_views
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import CaseId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme


class ViewsDialog(EntryDialog):
    """Asks for the words, who heard them, on which day and how."""

    def __init__(self, theme: Theme, voice: Voice, *, today: date, by: str, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title=voice.in_words, accept="Add", parent=parent,
            sentence="In their own words, as near as you can. What was heard before stays.",
        )  # fmt: skip
        self._voice = voice
        self.said = self.add_field("In their words", words_edit(theme=theme, lines=4))
        self.day = self.add_field("Heard on", day_edit(today, latest=today))
        self.by = self.add_field("Heard by", QLineEdit(by))
        self.add_side_by_side(self.day, self.by)
        self.how = self.add_field("How", choice_box(tuple((how, how) for how in HOW)))
        self.through = self.add_field("Through whom", QLineEdit(), hint="The interpreter, a parent, a social worker")
        self.said.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.said.set_error("" if self.said.control.toPlainText().strip() else "Write what was said.")
        self.by.set_error("" if self.by.control.text().strip() else "Say who heard it.")
        lacks = self.how.control.chosen == HOW[-1] and not self.through.control.text().strip()
        self.through.set_error("Say through whom." if lacks else "")
        return not (self.said.error or self.by.error or self.through.error)

    def recording(self, case_id: CaseId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            record_views, case_id=case_id, voice=self._voice, words=self.said.control.toPlainText(),
            on=day_in(self.day.control), by=self.by.control.text(), how=self.how.control.chosen,
            through=self.through.control.text(),
        )  # fmt: skip
