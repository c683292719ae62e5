"""Closing a case: the outcome, and everything that still stands in the way, each with the field that settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cme_desktop.casework.cases import CaseFile
from cme_desktop.casework.closing import (
    ASK_WHO_ACCEPTED,
    EXCEPTED,
    Closing,
    ClosingLacks,
    find_what_closing_lacks,
    say_what_closing_needs,
    warn_before_closing,
)
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
_CHOOSE: Final = "Choose how it ended."
_ASK_WHO_CONFIRMED: Final = frozenset({ClosingOutcome.AT_ANOTHER_SCHOOL})


class CloseCaseDialog(EntryDialog):
    """Asks how the case ended. The act stays unusable while something is missing, and the list says what.

    No outcome is chosen beforehand: nobody may close a case with one that they have not read. What the chosen one needs
    stands under it, and only the fields that count for it are shown.

    ``contact_wanted`` asks for the contacts of the pupil, once the dialog is left.
    """

    contact_wanted = Signal()

    def __init__(self, theme: Theme, file: CaseFile, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title=f"Close case {file.case.number}?", accept="Close the case", parent=parent)
        self._file = file
        self._name = name
        self._fitted: ClosingOutcome | None = None
        offered: tuple[tuple[str, ClosingOutcome | None], ...] = (
            ("Choose…", None), *((each.in_words, each) for each in ClosingOutcome)
        )  # fmt: skip
        self.outcome = self.add_field("How it ended", choice_box(offered))
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
        self.warning = Label(theme, _warning(file), token="text2", wraps=True)  # noqa: S106  a colour token
        self.add_widget(self.warning)
        self._connect()
        self.warning.setVisible(bool(self.warning.text()))
        self._judge()
        self.outcome.control.setFocus()

    @property
    def chosen(self) -> ClosingOutcome | None:
        """The outcome chosen, None as long as nobody has."""
        return self.outcome.control.chosen

    @property
    def closing(self) -> Closing:
        """How the case is to end, from the fields that count for the outcome chosen."""
        outcome = self.chosen
        assert outcome is not None
        untried = {} if outcome in EXCEPTED else self.untried
        return Closing(
            outcome=outcome,
            reason=self.reason.control.toPlainText().strip(),
            untried=tuple(
                (contact_id, field.control.text().strip())
                for contact_id, field in untried.items()
                if field.control.text().strip()
            ),
            accepted_by=self.accepted_by.control.text().strip() if outcome in ASK_WHO_ACCEPTED else "",
            confirmed_by=self.confirmed_by.control.text().strip() if outcome in _ASK_WHO_CONFIRMED else "",
        )

    @property
    def lacks(self) -> ClosingLacks:
        """What still stands in the way of the outcome chosen."""
        return find_what_closing_lacks(self._file, self.closing)

    def check(self) -> bool:
        """Whether nothing stands in the way."""
        return self.chosen is not None and not self.lacks.in_words

    def _ask_untried(self) -> dict[ContactId, Field[QLineEdit]]:
        nothing = Closing(ClosingOutcome.HOME_EDUCATED, "")
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
        self.contact_button.clicked.connect(lambda: self.leave(self.contact_wanted.emit))

    def _judge(self) -> None:
        outcome = self.chosen
        self.outcome.set_hint(say_what_closing_needs(outcome) if outcome else "")
        self.confirmed_by.setVisible(outcome in _ASK_WHO_CONFIRMED)
        self.accepted_by.setVisible(outcome in ASK_WHO_ACCEPTED)
        for field in self.untried.values():
            field.setVisible(outcome is not None and outcome not in EXCEPTED)
        lacks = self.lacks if outcome else ClosingLacks()
        missing = _sentences(lacks, outcome, self._name) if outcome else (_CHOOSE,)
        self._state.setVisible(bool(missing))
        self.missing.say(missing)
        self.contact_button.setVisible(bool(lacks.untried))
        self._fit_to(outcome)
        if missing:
            self.accept_button.disable(" ".join(missing))
        else:
            self.accept_button.enable()

    def _fit_to(self, outcome: ClosingOutcome | None) -> None:
        # What stands in the way must be in sight; the dialog must not jump while somebody types.
        if outcome is None or outcome is not self._fitted:
            self._fitted = outcome
            self.fit()


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


def _sentences(lacks: ClosingLacks, outcome: ClosingOutcome, name: str) -> tuple[str, ...]:
    found = [
        f"{capital(contact.relation_said or contact.relation.in_words)}, {contact.name}, has not been tried. "
        "Ring them, or say why not."
        for contact in lacks.untried
    ]
    # Where something was said that undid an earlier sighting, the sentence names it.
    because, since = (f"{lacks.doubt}: ", " since") if lacks.doubt else ("", "")
    if lacks.not_confirmed:
        found.append(f"{because}the next school has not confirmed{since} that {name} is there.")
    elif lacks.not_seen and lacks.must_be_seen:
        found.append(f"{because}nobody has seen {name}{since}, so it can’t end as “{outcome.in_words.lower()}”.")
    elif lacks.not_seen:
        found.append(f"{because}nobody has seen {name}{since}, and no authority has accepted the case.")
    elif lacks.not_accepted:
        found.append("Say who at the authority has accepted the case.")
    if lacks.no_reason:
        found.append("Say why it can be closed.")
    return tuple(capital(each) for each in found)


def _warning(file: CaseFile) -> str:
    """What is missing and does not stand in the way."""
    said = " ".join(warn_before_closing(file))
    return f"Before you close: {said} The record will say so." if said else ""
