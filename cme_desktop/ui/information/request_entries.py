"""What is asked about a request: writing it down, who asks, taking longer, closing it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QLineEdit

from cme_desktop.casework import information_requests as requests
from cme_desktop.casework.in_words import capital, count_of, say_dated
from cme_desktop.domain.information import About, Asker, Ending
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, choice_box, day_edit, day_in, shorten, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QPlainTextEdit, QWidget

    from cme_desktop.casework.information_requests import RequestDesk, RequestLine
    from cme_desktop.domain.identifiers import ContactId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field

_CHOOSE: Final = "Choose …"
_ASKED: Final = "Proof of who they are is needed, and was asked for promptly"


class NewRequestDialog(EntryDialog):
    """Asks who wants to see what is held about whom, and since when."""

    def __init__(self, theme: Theme, desk: RequestDesk, *, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="A request to see what is held", accept="Save the request", parent=parent,
            sentence="It may be spoken, written or sent to anybody at the school. The day is counted from its receipt.",
        )  # fmt: skip
        self._desk = desk
        self.picker = PupilPicker(self, desk.pupils)
        about: ChoiceBox[About | None] = choice_box(((_CHOOSE, None), *((each.in_words, each) for each in About)))
        self.about = self.add_field("About whom", about)
        nobody: tuple[tuple[str, ContactId | None], ...] = (("Nobody on the list", None),)
        self.contact = self.add_field(
            "The parent or contact", choice_box(nobody),
            hint="Who asks, or about whom; choose the child first",
        )  # fmt: skip
        shorten(self.contact.control)
        self.add_side_by_side(self.about, self.contact)
        by: ChoiceBox[Asker | None] = choice_box(((_CHOOSE, None), *((capital(each.in_words), each) for each in Asker)))
        self.by = self.add_field("Who asks", by)
        self.asker = self.add_field("Their name", QLineEdit())
        self.add_side_by_side(self.by, self.asker)
        self.words = self.add_field(
            "What they ask for", words_edit(theme=theme, lines=2), hint="In their words; empty where it is everything"
        )
        self.day = self.add_field("Received on", day_edit(desk.today, latest=desk.today))
        self.identity = self.add_field(
            "How you checked who they are", QLineEdit(), hint="Such as: known to the office. Empty where not yet"
        )
        self.add_side_by_side(self.day, self.identity)
        self.needs_proof = QCheckBox(_ASKED)
        self.add_widget(self.needs_proof)
        self.asked_on = self.add_field("Proof asked for on", day_edit(desk.today, latest=desk.today))
        self.asked_on.hide()
        self.needs_proof.toggled.connect(self.asked_on.setVisible)
        self.picker.list.currentRowChanged.connect(self._offer_contacts)
        self.picker.finder.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        has_pupil = self.picker.check()
        wants_contact = self.about.control.chosen is About.CONTACT
        lacks_contact = wants_contact and self.contact.control.chosen is None
        self.about.set_error("" if self.about.control.chosen is not None else "Say whose data is asked for.")
        self.by.set_error("" if self.by.control.chosen is not None else "Say who asks.")
        self.asker.set_error("" if self.asker.control.text().strip() else "Write their name.")
        self.contact.set_error("Choose about whom." if lacks_contact else "")
        fields: tuple[Field[QWidget], ...] = (self.about, self.by, self.asker, self.contact)  # type: ignore[assignment]
        return has_pupil and not any(field.error for field in fields)

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        pupil_id, about, by = self.picker.pupil_id, self.about.control.chosen, self.by.control.chosen
        assert pupil_id is not None and about is not None and by is not None  # noqa: PT018  check() said so
        identity = self.identity.control.text()
        received = day_in(self.day.control)
        new = requests.NewRequest(
            pupil_id=pupil_id, about=about, asked_by=by, asker=self.asker.control.text(), received_on=received,
            contact_id=self.contact.control.chosen, words=self.words.control.toPlainText(), identity=identity,
            identity_asked_on=day_in(self.asked_on.control) if self.needs_proof.isChecked() else None,
            identity_on=received if identity.strip() and not self.needs_proof.isChecked() else None,
        )  # fmt: skip
        return partial(requests.note_request, new=new)

    def _offer_contacts(self) -> None:
        pupil_id = self.picker.pupil_id
        contacts = self._desk.contacts.get(pupil_id, ()) if pupil_id is not None else ()
        self.contact.control.offer((("Nobody on the list", None), *((name, each) for each, name in contacts)))
        if self.contact.control.currentIndex() < 0:
            self.contact.control.setCurrentIndex(0)


class IdentityDialog(EntryDialog):
    """Asks how it was made sure who asks, and when."""

    def __init__(self, theme: Theme, line: RequestLine, *, today: date, parent: QWidget | None = None) -> None:
        request = line.request
        super().__init__(
            theme, title="Who asks", accept="Save", parent=parent,
            sentence="Where proof was needed and asked for promptly, the month is counted from the day it was given.",
        )  # fmt: skip
        self._id = request.id
        self.how = self.add_field("How you checked who they are", QLineEdit(request.identity))
        self.day = self.add_field("Checked on", day_edit(today, latest=today))
        self.needs_proof = QCheckBox(_ASKED)
        self.needs_proof.setChecked(request.identity_asked_on is not None)
        self.add_widget(self.needs_proof)
        self.asked_on = self.add_field(
            "Proof asked for on", day_edit(request.identity_asked_on or request.received_on, latest=today)
        )
        self.asked_on.setVisible(self.needs_proof.isChecked())
        self.needs_proof.toggled.connect(self.asked_on.setVisible)
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return _has(self.how, "Say how you checked who they are.")

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            requests.establish_identity, request_id=self._id, how=self.how.control.text(),
            on=day_in(self.day.control),
            asked_on=day_in(self.asked_on.control) if self.needs_proof.isChecked() else None,
        )  # fmt: skip


class ExtendDialog(EntryDialog):
    """Asks by how long a request is extended, why, and when whoever asks was told."""

    def __init__(
        self, theme: Theme, line: RequestLine, *, today: date, months: int, parent: QWidget | None = None
    ) -> None:
        told = say_dated(line.first_due_on)
        super().__init__(
            theme, title="Take longer", accept="Extend the request", parent=parent,
            sentence=f"Only where the request is complex or one of many. Whoever asks is told why, by {told}.",
        )  # fmt: skip
        self._id = line.request.id
        offered: tuple[tuple[str, int | None], ...] = (
            (_CHOOSE, None), *((count_of(number, "month"), number) for number in range(1, months + 1)),
        )  # fmt: skip
        self.months = self.add_field("Longer by", choice_box(offered))
        self.told = self.add_field("They were told on", day_edit(today, latest=today))
        self.add_side_by_side(self.months, self.told)
        self.why = self.add_field("Why", words_edit(theme=theme))
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.months.set_error("" if self.months.control.chosen is not None else "Say by how long.")
        return _has_words(self.why, "Say why.") and not self.months.error

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        months = self.months.control.chosen
        assert months is not None, "check() said so"
        return partial(
            requests.extend_request, request_id=self._id, months=months, why=self.why.control.toPlainText(),
            told_on=day_in(self.told.control),
        )  # fmt: skip


class EndDialog(EntryDialog):
    """Asks how a request ended: what was given and when, or why it needs no answer."""

    def __init__(self, theme: Theme, line: RequestLine, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Close the request", accept="Close the request", parent=parent,
            sentence="What was given stands in the sharing log as well.",
        )  # fmt: skip
        self._id = line.request.id
        offered: ChoiceBox[Ending | None] = choice_box(((_CHOOSE, None), *((each.in_words, each) for each in Ending)))
        self.ending = self.add_field("How it ended", offered)
        self.day = self.add_field("On", day_edit(today, latest=today))
        self.add_side_by_side(self.ending, self.day)
        self.answer = self.add_field(
            "What was given, or why nothing is", words_edit(theme=theme), hint="Such as: the pack, handed over on paper"
        )
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.ending.set_error("" if self.ending.control.chosen is not None else "Say how it ended.")
        return _has_words(self.answer, "Say it in a sentence.") and not self.ending.error

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        ending = self.ending.control.chosen
        assert ending is not None, "check() said so"
        return partial(
            requests.end_request, request_id=self._id, ending=ending, on=day_in(self.day.control),
            answer=self.answer.control.toPlainText(),
        )  # fmt: skip


def _has(field: Field[QLineEdit], error: str) -> bool:
    field.set_error("" if field.control.text().strip() else error)
    return not field.error


def _has_words(field: Field[QPlainTextEdit], error: str) -> bool:
    field.set_error("" if field.control.toPlainText().strip() else error)
    return not field.error
