"""Changing a contact: who they are, where they live, their numbers, and whether they may be contacted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from cme_desktop.casework.contacts import ContactDetails, ContactEntry, ContactNumber, NumberEntry, judge_number
from cme_desktop.casework.in_words import capital
from cme_desktop.domain.contacts import Household, NumberQuality
from cme_desktop.domain.events import HEARD_ONLY, With
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, choice_box
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_KINDS: Final = (("Mobile", "mobile"), ("Home", "home"), ("Work", "work"))
_NUMBERS: Final = 3
_RIGHTS: Final = (("Not known", None), ("Yes", True), ("No", False))


class ContactDialog(EntryDialog):
    """Asks for a contact; ``entry`` gives it."""

    def __init__(self, theme: Theme, contact: ContactDetails | None = None, *, parent: QWidget | None = None) -> None:
        title = "Change a contact" if contact else "Add a contact"
        super().__init__(theme, title=title, accept="Save contact", parent=parent)
        relations = tuple((capital(each.in_words), each) for each in With if each not in HEARD_ONLY)
        self.relation = self.add_field("Who they are", choice_box(relations))
        self.relation_said = self.add_field("In the family’s words", QLineEdit(), hint="Such as nan, Auntie Jo")
        self.add_side_by_side(self.relation, self.relation_said)
        self.forename = self.add_field("Forename", QLineEdit())
        self.surname = self.add_field("Surname", QLineEdit())
        self.add_side_by_side(self.forename, self.surname)
        homes = (("Same home as the pupil", Household.HOME), ("Another home", Household.ELSEWHERE))
        self.household = self.add_field("Home", choice_box(homes))
        self.rights = self.add_field("Parental responsibility", choice_box(_RIGHTS))
        self.add_side_by_side(self.household, self.rights)
        held = contact.numbers if contact else ()
        self.numbers = tuple(
            _NumberLine(theme, place, held[place - 1] if place <= len(held) else None)
            for place in range(1, max(_NUMBERS, len(held)) + 1)
        )
        self.add_widget(Label(theme, "Numbers", role="body-strong"))
        for line in self.numbers:
            self.add_widget(line)
        self.voicemail = self.add_field("Voicemail warning", QLineEdit(), hint="Such as: leave no message")
        self.language = self.add_field("Language", QLineEdit())
        self.email = self.add_field("E-mail", QLineEdit())
        self.add_side_by_side(self.language, self.email)
        self.ban = QCheckBox("Do not contact this person")
        self.add_widget(self.ban)
        self.ground = self.add_field(
            "On what ground", QLineEdit(), hint="Such as a court order, or the lead’s decision"
        )
        self.notes = self.add_field("Notes", QLineEdit())
        self.ban.toggled.connect(self.ground.setVisible)
        self._kept = contact
        self.draft_about = str(contact.id) if contact else ""
        if contact is not None:
            self._fill(contact)
        self.ground.setVisible(self.ban.isChecked())
        self.relation.control.setFocus()
        self.fit()

    @property
    def entry(self) -> ContactEntry:
        """What was entered; what the dialog does not ask stays as it was."""
        return ContactEntry(
            relation=With(self.relation.control.chosen),
            relation_said=self.relation_said.control.text(),
            title=self._kept.title if self._kept else "",
            forename=self.forename.control.text(),
            surname=self.surname.control.text(),
            household=Household(self.household.control.chosen),
            parental_responsibility=self.rights.control.chosen,
            do_not_contact=self.ban.isChecked(),
            do_not_contact_ground=self.ground.control.text(),
            voicemail_warning=self.voicemail.control.text(),
            language=self.language.control.text(),
            email=self.email.control.text(),
            address=self._kept.address if self._kept else "",
            notes=self.notes.control.text(),
            numbers=tuple(line.entry for line in self.numbers),
        )

    def _fill(self, contact: ContactDetails) -> None:
        self.relation.control.choose(contact.relation)
        self.household.control.choose(contact.household)
        self.rights.control.choose(contact.parental_responsibility)
        self.ban.setChecked(contact.do_not_contact)
        for field, words in (
            (self.relation_said, contact.relation_said), (self.forename, contact.forename),
            (self.surname, contact.surname), (self.voicemail, contact.voicemail_warning),
            (self.language, contact.language), (self.email, contact.email), (self.notes, contact.notes),
            (self.ground, contact.do_not_contact_ground),
        ):  # fmt: skip
            field.control.setText(words)


class _NumberLine(QWidget):
    """One number: its digits, its kind, whether it is dead, and what its digits say of it."""

    def __init__(self, theme: Theme, place: int, number: ContactNumber | None) -> None:
        super().__init__()
        self._number = number
        self.text = QLineEdit(number.text if number else "")
        self.text.setAccessibleName(f"Number {place}")
        self.kind: ChoiceBox[str] = choice_box(_KINDS, chosen=number.kind if number else "mobile")
        self.kind.setAccessibleName(f"Kind of number {place}")
        self.dead = QCheckBox("Dead")
        self.dead.setAccessibleName(f"Number {place} is dead")
        self.dead.setChecked(number is not None and number.quality is NumberQuality.DEAD)
        self.said = Label(theme, role="small-strong", token="today")  # noqa: S106  a colour token
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.text, 2)
        layout.addWidget(self.kind, 1)
        layout.addWidget(self.dead)
        layout.addWidget(self.said, 1)
        self.text.textChanged.connect(self._judge)
        self._judge()

    @property
    def entry(self) -> NumberEntry:
        """The number as entered."""
        number_id = self._number.id if self._number else None
        return NumberEntry(self.text.text(), str(self.kind.chosen), number_id, is_dead=self.dead.isChecked())

    def _judge(self) -> None:
        typed = self.text.text().strip()
        is_doubtful = len(typed) > 5 and judge_number(typed) is NumberQuality.DOUBTFUL
        self.said.setText("Check its digits" if is_doubtful else "")
