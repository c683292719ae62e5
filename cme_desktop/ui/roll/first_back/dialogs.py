"""What came of a call on the first day back, for the child and the brothers and sisters absent too; and small words."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.outcomes import AbsenceReason, Explanation, record_child_seen, record_contact_attempt
from cme_desktop.domain.events import HEARD_ONLY, AttemptOutcome, With
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, words_edit
from cme_desktop.ui.roll.leave.fields import TickedDay, needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.lives.first_back import ToRing
    from cme_desktop.domain.identifiers import ContactId, PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

_OUTCOMES: Final[tuple[tuple[str, AttemptOutcome | None], ...]] = (
    ("Choose", None),
    ("Gave a reason", AttemptOutcome.EXPLAINED),
    ("Answered, gave no reason", AttemptOutcome.ANSWERED_NO_REASON),
    ("No answer", AttemptOutcome.NO_ANSWER),
    ("Message left", AttemptOutcome.LEFT_MESSAGE),
    ("Number dead", AttemptOutcome.NUMBER_DEAD),
    ("Wrong person", AttemptOutcome.WRONG_PERSON),
    ("Refused to talk", AttemptOutcome.REFUSED),
    ("Does not know where the child is", AttemptOutcome.UNAWARE),
)


class ContactDialog(EntryDialog):
    """Asks who was rung, what came of it, and which reason was given; the same for brothers and sisters."""

    def __init__(
        self,
        theme: Theme,
        contacts: Iterable[ToRing],
        *,
        siblings: tuple[tuple[PupilId, str], ...],
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, title="What came of the call", accept="Save", parent=parent,
            sentence="Ask whether the family is still away, where, and when the child is back.",
        )  # fmt: skip
        self.who = self.add_field("Who was rung", choice_box(_people(contacts)))
        self.outcome = self.add_field("What came of it", choice_box(_OUTCOMES))
        reasons = (("Choose", None), *((each.in_words, each) for each in AbsenceReason))
        self.reason = self.add_field("Reason given", choice_box(reasons))
        self.back = TickedDay(self, "The day of return was named", "In school again on", day=today, known=False)
        self.said = self.add_field("Words", words_edit(theme=theme), hint="What was said")
        self._siblings = tuple((pupil_id, QCheckBox(f"Also for {name}")) for pupil_id, name in siblings)
        for _, box in self._siblings:
            box.setChecked(True)
            self.add_widget(box)
        self.outcome.control.currentIndexChanged.connect(self._fit_outcome)
        self.reason.control.currentIndexChanged.connect(self._fit_outcome)
        self._fit_outcome()
        self.who.control.setFocus()
        self.fit()

    @property
    def boxes(self) -> tuple[QCheckBox, ...]:
        """The ticks for brothers and sisters."""
        return tuple(box for _, box in self._siblings)

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        outcome, reason = self.outcome.control.chosen, self.reason.control.chosen
        is_reasoned = outcome is not AttemptOutcome.EXPLAINED or reason is not None
        self.outcome.set_error("" if outcome is not None else "Choose what came of the call.")
        self.reason.set_error("" if is_reasoned else "Choose the reason.")
        return outcome is not None and is_reasoned

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes the call down."""
        contact_id, relation = self.who.control.chosen
        pupils = (pupil_id, *(each for each, box in self._siblings if box.isChecked()))
        words = self.said.control.toPlainText()
        outcome, reason = self.outcome.control.chosen, self.reason.control.chosen
        assert outcome is not None
        explanation = None
        if outcome is AttemptOutcome.EXPLAINED and reason is not None:
            explanation = Explanation(reason, self.back.chosen, words)
        return partial(
            record_contact_attempt, pupils=pupils, contact_id=contact_id, outcome=outcome, with_=relation,
            explanation=explanation, words=words,
        )  # fmt: skip

    def _fit_outcome(self) -> None:
        is_explained = self.outcome.control.chosen is AttemptOutcome.EXPLAINED
        self.reason.setVisible(is_explained)
        self.back.set_visible(visible=is_explained)
        is_holiday = self.reason.control.chosen is AbsenceReason.HOLIDAY
        self.reason.set_hint("Then write the leave down too, as told only afterwards" if is_holiday else "")


class SeenDialog(EntryDialog):
    """Asks where the child was seen, and by whom."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="The child was seen", accept="Save", parent=parent)
        self.where = self.add_field("Where", QLineEdit(), hint="Such as: in class, at home, on the phone")
        self.said = self.add_field("Words", words_edit(theme=theme), hint="Who saw the child, and when")
        self.where.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return needs(self.where, "Say where the child was seen.")

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            record_child_seen,
            pupils=(pupil_id,),
            where=self.where.control.text(),
            words=self.said.control.toPlainText(),
        )


def _people(contacts: Iterable[ToRing]) -> tuple[tuple[str, tuple[ContactId | None, With | None]], ...]:
    known = tuple((each.name, (each.contact_id, each.relation)) for each in contacts)
    others = tuple((f"Not on the list: {each.in_words}", (None, each)) for each in With if each not in HEARD_ONLY)
    return (*known, *((capital(words), who) for words, who in others))
