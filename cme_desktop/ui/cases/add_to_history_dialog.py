"""Adding to a case's history: what happened, on which day, and the facts that belong to its kind."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.cases import CaseFile
from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import capital
from cme_desktop.domain.events import (
    AttemptOutcome,
    EnquiryResult,
    Event,
    EventKind,
    Method,
    Recipient,
    ReturnKind,
    VisitOutcome,
    With,
)
from cme_desktop.domain.identifiers import ContactId
from cme_desktop.ui.entry_dialog import EntryDialog, checked_time, choice_box, day_edit, day_in, words_edit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme

_KINDS: Final = (
    ("Note", EventKind.NOTE),
    ("Call, text, letter or word", EventKind.CONTACT_ATTEMPT),
    ("Home visit", EventKind.HOME_VISIT),
    ("Child seen", EventKind.CHILD_SEEN),
    ("Somebody told", EventKind.TOLD),
    ("Referred", EventKind.REFERRED),
    ("Return sent", EventKind.RETURN_SENT),
    ("Decision", EventKind.DECISION),
    ("Joint enquiries", EventKind.JOINT_ENQUIRIES),
    ("Reported missing", EventKind.MISSING),
    ("Child found", EventKind.FOUND),
    ("Next school confirmed the child is there", EventKind.ARRIVAL_CONFIRMED),
    ("Support agreed with the family", EventKind.SUPPORT_AGREED),
    ("Review held", EventKind.REVIEW_HELD),
    ("Transfer file sent", EventKind.TRANSFER_FILE_SENT),
    ("Protection file received there", EventKind.PROTECTION_FILE_RECEIVED),
)
_FACTS: Final = {
    EventKind.CONTACT_ATTEMPT: (("with_", "who"), ("method", "method"), ("outcome", "outcome")),
    EventKind.HOME_VISIT: (("outcome", "visit"),),
    EventKind.CHILD_SEEN: (("by", "seen_by"), ("where", "where")),
    EventKind.TOLD: (("who", "recipient"), ("reference", "reference")),
    EventKind.REFERRED: (("to", "recipient"),),
    EventKind.RETURN_SENT: (("return_", "return_kind"), ("reference", "reference")),
    EventKind.DECISION: (("choice", "choice"), ("reason", "reason")),
    EventKind.JOINT_ENQUIRIES: (("outcome", "joint"),),
}
"""For each kind the facts it carries, each with the field it is entered in."""

_NEEDS_WORDS: Final = frozenset({
    EventKind.NOTE, EventKind.MISSING, EventKind.ARRIVAL_CONFIRMED, EventKind.SUPPORT_AGREED, EventKind.REVIEW_HELD,
})  # fmt: skip
_NEEDED: Final = {
    EventKind.CHILD_SEEN: (("seen_by", "Say who saw the child."), ("where", "Say where.")),
    EventKind.DECISION: (("choice", "Say what was decided."), ("reason", "Say why.")),
}


class AddToHistoryDialog(EntryDialog):
    """Asks what happened; ``happened``, ``words`` and ``contact_id`` give it."""

    def __init__(
        self, theme: Theme, file: CaseFile, *, today: date, now: time, by: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, title="Add to history", accept="Add to history", parent=parent)
        self.kind = self.add_field("What happened", choice_box(_KINDS))
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.clock = self.add_field("Time", QLineEdit(f"{now.hour}:{now.minute:02d}"), hint="Empty if not known")
        self.add_side_by_side(self.day, self.clock)
        self._add_facts(file, by)
        self.words_field = self.add_field("Words", words_edit(theme=theme), hint="What was said or seen, and by whom")
        self.kind.control.currentIndexChanged.connect(self._show_fields)
        self._show_fields()
        self.kind.control.setFocus()

    @property
    def happened(self) -> Event:
        """What happened, as the rules read it."""
        found = checked_time(self.clock)[1]
        return Event(self._kind, day_in(self.day.control), found, **self._facts())

    @property
    def words(self) -> str:
        """What was said or seen."""
        return self.words_field.control.toPlainText().strip()

    @property
    def contact_id(self) -> ContactId | None:
        """The contact on the list who was tried, or None."""
        chosen = self.who.control.chosen
        return chosen[0] if self._kind is EventKind.CONTACT_ATTEMPT else None

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_timed, _ = checked_time(self.clock)
        missing = [pair for pair in _NEEDED.get(self._kind, ()) if not getattr(self, pair[0]).control.text().strip()]
        for name, _said in (pair for pairs in _NEEDED.values() for pair in pairs):
            getattr(self, name).set_error("")
        for name, said in missing:
            getattr(self, name).set_error(said)
        lacks_words = self._kind in _NEEDS_WORDS and not self.words
        self.words_field.set_error("Say what happened." if lacks_words else "")
        return is_timed and not missing and not lacks_words

    @property
    def _kind(self) -> EventKind:
        return EventKind(self.kind.control.chosen)

    def _add_facts(self, file: CaseFile, by: str) -> None:
        people = [
            (f"{capital(each.relation_said or each.relation.in_words)}, {each.name}", (each.id, each.relation))
            for each in file.contacts
        ]
        others = [(capital(each.in_words), (None, each)) for each in With]
        self.who = self.add_field("Who", choice_box((*people, *others)))
        self.method = self.add_field("How", choice_box(_worded(Method)))
        self.outcome = self.add_field("What came of it", choice_box(_attempt_words()))
        self.visit = self.add_field("What came of the visit", choice_box(_visit_words()))
        self.seen_by = self.add_field("Seen by", QLineEdit(by))
        self.where = self.add_field("Where", QLineEdit())
        recipients = tuple((capital(each.in_words), each) for each in Recipient)
        self.recipient = self.add_field("To whom", choice_box(recipients, chosen=Recipient.AUTHORITY_CME))
        self.return_kind = self.add_field("Which return", choice_box(_worded(ReturnKind)))
        self.reference = self.add_field("Reference", QLineEdit(), hint="Empty if none was given")
        self.choice = self.add_field("Decided", QLineEdit())
        self.reason = self.add_field("Because", QLineEdit())
        results = tuple(
            (title_of(Event(EventKind.JOINT_ENQUIRIES, date.min, outcome=each)), each) for each in EnquiryResult
        )
        self.joint = self.add_field("How far they have come", choice_box(results))

    def _show_fields(self) -> None:
        shown = {name for _, name in _FACTS.get(self._kind, ())}
        for name in {name for facts in _FACTS.values() for _, name in facts}:
            getattr(self, name).setVisible(name in shown)
        self.fit()

    def _facts(self) -> dict[str, Any]:
        return {fact: self._entered(name) for fact, name in _FACTS.get(self._kind, ())}

    def _entered(self, name: str) -> Any:
        control = getattr(self, name).control
        if isinstance(control, QLineEdit):
            return control.text().strip() or None
        return control.chosen[1] if name == "who" else control.chosen


def _worded(choices: type[Method | ReturnKind]) -> tuple[tuple[str, object], ...]:
    words = {"email": "E-mail", "phone": "Call"}
    return tuple((words.get(each.value, capital(each.value.replace("_", " "))), each) for each in choices)


def _attempt_words() -> tuple[tuple[str, object], ...]:
    words = {
        AttemptOutcome.EXPLAINED: "Gave a reason",
        AttemptOutcome.ANSWERED_NO_REASON: "Answered, no reason",
        AttemptOutcome.NO_ANSWER: "No answer",
        AttemptOutcome.LEFT_MESSAGE: "Message left",
        AttemptOutcome.SENT: "Sent, no reply yet",
        AttemptOutcome.NUMBER_DEAD: "Number dead",
        AttemptOutcome.WRONG_PERSON: "Wrong person",
        AttemptOutcome.REFUSED: "Refused to talk",
        AttemptOutcome.UNAWARE: "Does not know where the child is",
    }
    return tuple((said, outcome) for outcome, said in words.items())


def _visit_words() -> tuple[tuple[str, object], ...]:
    said = ((title_of(Event(EventKind.HOME_VISIT, date.min, outcome=each)), each) for each in VisitOutcome)
    return tuple((capital(words.removeprefix("Home visit: ")), each) for words, each in said)
