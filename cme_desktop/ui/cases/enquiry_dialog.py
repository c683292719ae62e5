"""A word on one enquiry: how far it has come, who did it, when, how, with whom, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.enquiries import EnquiryLine, EnquiryWord, missing_from
from cme_desktop.casework.in_words import say_day
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme

_MISSING_FIELD: Final = {
    "who did it": "done_by",
    "how it was done": "how",
    "who is to reply": "with_whom",
    "what came of it": "outcome",
    "why it does not apply": "reason",
}


class EnquiryDialog(EntryDialog):
    """Asks for a word on one enquiry; what was said before stays and is shown."""

    def __init__(self, theme: Theme, line: EnquiryLine, *, today: date, by: str, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            title=f"{line.item.id}, {line.item.name}",
            accept="Save enquiry",
            sentence=" ".join(part for part in (line.item.about, line.progress) if part),
            parent=parent,
        )
        states = tuple((state.in_words, state) for state in EnquiryState)
        self.state = self.add_field("How far it has come", choice_box(states, chosen=_first_guess(line)))
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.done_by = self.add_field("Who did it", QLineEdit(by))
        self.add_side_by_side(self.day, self.done_by)
        self.how = self.add_field("How", QLineEdit(), hint="Such as letter, call, secure message")
        self.with_whom = self.add_field("With whom", QLineEdit(), hint="Person and place")
        self.add_side_by_side(self.how, self.with_whom)
        self.outcome = self.add_field("What came of it", words_edit(lines=2, theme=theme))
        self.reason = self.add_field("Why it does not apply", QLineEdit())
        self._say_earlier(line)
        self.state.control.currentIndexChanged.connect(self._show_reason)
        self._show_reason()
        self.state.control.setFocus()
        self.fit()

    @property
    def word(self) -> EnquiryWord:
        """What was entered."""
        return EnquiryWord(
            state=self.state.control.chosen,
            happened_on=day_in(self.day.control),
            done_by=self.done_by.control.text().strip(),
            how=self.how.control.text().strip(),
            with_whom=self.with_whom.control.text().strip(),
            outcome=self.outcome.control.toPlainText().strip(),
            reason=self.reason.control.text().strip() if self.reason.isVisibleTo(self) else "",
        )

    def check(self) -> bool:
        """Say beside each field what the state demands; True when nothing is missing."""
        missing = {_MISSING_FIELD[words]: words for words in missing_from(self.word)}
        for name in _MISSING_FIELD.values():
            getattr(self, name).set_error(f"Say {missing[name]}." if name in missing else "")
        return not missing

    def _say_earlier(self, line: EnquiryLine) -> None:
        for entry in reversed(line.entries):
            who = f"{entry.done_by}, " if entry.done_by else ""
            said = entry.outcome or entry.reason
            words = f"{say_day(entry.happened_on)}: {entry.state.in_words}. {who}{said}".rstrip(", ")
            self.add_widget(Label(self.theme, words, role="small", token="text2", wraps=True))  # noqa: S106  a token

    def _show_reason(self) -> None:
        is_not_applicable = self.state.control.chosen is EnquiryState.NOT_APPLICABLE
        self.reason.setVisible(is_not_applicable)
        for field in (self.how, self.with_whom, self.outcome):
            field.setVisible(not is_not_applicable)


def _first_guess(line: EnquiryLine) -> EnquiryState:
    return EnquiryState.TRIED if line.state is EnquiryState.NOT_STARTED else line.state
