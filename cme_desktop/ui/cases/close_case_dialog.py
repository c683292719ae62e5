"""Closing a case: the outcome, and everything that still stands in the way, each with the field that settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cme_desktop.casework.cases import CaseFile
from cme_desktop.casework.closing import Closing, ClosingLacks, find_what_closing_lacks
from cme_desktop.casework.in_words import capital
from cme_desktop.domain.cases import ClosingOutcome
from cme_desktop.domain.identifiers import ContactId
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, words_edit
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.severity_shape import SeverityShape, Shape

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_CANT: Final = "This can’t be done yet."


class CloseCaseDialog(EntryDialog):
    """Asks how the case ended. The act stays unusable while something is missing, and the list says what.

    ``contact_wanted`` asks for the contacts of the pupil.
    """

    contact_wanted = Signal()

    def __init__(self, theme: Theme, file: CaseFile, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title=f"Close case {file.case.number}?", accept="Close the case", parent=parent)
        self._file = file
        self._name = name
        outcomes = tuple((each.in_words, each) for each in ClosingOutcome)
        self.outcome = self.add_field("How it ended", choice_box(outcomes))
        self.reason = self.add_field("Why it can be closed", words_edit(lines=2, theme=theme))
        self.confirmed_by = self.add_field(
            "Who at the next school confirmed it", QLineEdit(), hint="Name, school, and the day they said so"
        )
        self.accepted_by = self.add_field(
            "Who at the authority accepted the case", QLineEdit(), hint="Name and reference, if it has accepted it"
        )
        self.untried = self._ask_untried()
        self._state = Label(theme, _CANT, role="body-strong", token="today")  # noqa: S106  a colour token
        self.missing = _MissingList(theme)
        self.add_widget(self._state)
        self.add_widget(self.missing)
        self.contact_button = SecondaryButton(theme, "Go to the contacts")
        self.contact_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.add_widget(self.contact_button)
        self._connect()
        self._judge()
        self.outcome.control.setFocus()
        self.fit()

    @property
    def closing(self) -> Closing:
        """How the case is to end."""
        return Closing(
            outcome=ClosingOutcome(self.outcome.control.chosen),
            reason=self.reason.control.toPlainText().strip(),
            untried=tuple(
                (contact_id, field.control.text().strip())
                for contact_id, field in self.untried.items()
                if field.control.text().strip()
            ),
            accepted_by=self.accepted_by.control.text().strip(),
            confirmed_by=self._confirmed(),
        )

    @property
    def lacks(self) -> ClosingLacks:
        """What still stands in the way."""
        return find_what_closing_lacks(self._file, self.closing)

    def _confirmed(self) -> str:
        elsewhere = self.outcome.control.chosen is ClosingOutcome.AT_ANOTHER_SCHOOL
        return self.confirmed_by.control.text().strip() if elsewhere else ""

    def _ask_untried(self) -> dict[ContactId, Field[QLineEdit]]:
        nothing = Closing(ClosingOutcome.RETURNED, "")
        found = find_what_closing_lacks(self._file, nothing).untried
        return {
            contact.id: self.add_field(
                f"Why {contact.relation_said or contact.relation.in_words}, {contact.name}, was not tried", QLineEdit()
            )
            for contact in found
        }

    def _connect(self) -> None:
        self.outcome.control.currentIndexChanged.connect(self._judge)
        self.reason.control.textChanged.connect(self._judge)
        for field in (self.confirmed_by, self.accepted_by, *self.untried.values()):
            field.control.textChanged.connect(self._judge)
        self.contact_button.clicked.connect(self.contact_wanted)

    def _judge(self) -> None:
        lacks = self.lacks
        outcome = ClosingOutcome(self.outcome.control.chosen)
        self.confirmed_by.setVisible(outcome is ClosingOutcome.AT_ANOTHER_SCHOOL)
        self._state.setVisible(bool(lacks.in_words))
        self.missing.say(_sentences(lacks, self._name))
        self.contact_button.setVisible(bool(lacks.untried))
        if lacks.in_words:
            self.accept_button.disable("Do what is missing first.")
        else:
            self.accept_button.enable()


class _MissingList(QWidget):
    """What is missing, one line each."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        self.sentences: tuple[str, ...] = ()

    def say(self, sentences: tuple[str, ...]) -> None:
        """List these instead."""
        if sentences == self.sentences:
            return
        self.sentences = sentences
        while (item := self._layout.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for sentence in sentences:
            self._layout.addWidget(self._line(sentence))
        self.setAccessibleName("Missing: " + " ".join(sentences))

    def _line(self, sentence: str) -> QWidget:
        line = QWidget()
        layout = QHBoxLayout(line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(SeverityShape(self._theme, Shape.TODAY))
        layout.addWidget(Label(self._theme, sentence, wraps=True), 1)
        return line


def _sentences(lacks: ClosingLacks, name: str) -> tuple[str, ...]:
    found = [
        f"{capital(contact.relation_said or contact.relation.in_words)}, {contact.name}, has not been tried. "
        "Ring them, or say why not."
        for contact in lacks.untried
    ]
    if lacks.not_seen and lacks.doubt:
        found.append(f"{capital(lacks.doubt)}: nobody has seen {name} since, and no authority has accepted the case.")
    elif lacks.not_seen:
        found.append(f"Nobody has seen {name}, and no authority has accepted the case.")
    if lacks.not_confirmed:
        found.append("The next school has not confirmed it.")
    if lacks.no_reason:
        found.append("Say why it can be closed.")
    return tuple(found)
