"""The dialogs by which a request is considered and decided, and by which what follows a leave is written down."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.history import title_of
from cme_desktop.casework.lives import leave_acts, leave_decision
from cme_desktop.casework.lives.leave_facts import NOT_FLAT
from cme_desktop.domain.events import EnquiryResult, Event, EventKind
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.roll.leave.fields import RiskFields, SpanFields, TripFields, needs, needs_words

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.lives.leave_matter import LeaveMatter, Risk, RiskAnswer
    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

_RISKS: Final = (
    "Consider each risk of the journey by itself. With yes or unsure the safeguarding lead is to be told at once."
)


class RisksDialog(EntryDialog):
    """Asks for an answer about each risk, and who gave it; with ``is_interview`` also what was said."""

    def __init__(
        self,
        theme: Theme,
        matter: LeaveMatter,
        *,
        today: date,
        is_interview: bool = False,
        by: str = "",
        parent: QWidget | None = None,
    ) -> None:
        title = "Interview with the family" if is_interview else "The risks of the journey"
        super().__init__(theme, title=title, accept="Save", sentence=_RISKS, parent=parent)
        self._matter = matter
        self._is_interview = is_interview
        hint = "A member of the senior leadership" if is_interview else "By name"
        self.by = self.add_field("Held by" if is_interview else "Considered by", QLineEdit(by), hint=hint)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.add_side_by_side(self.by, self.day)
        self.risks = RiskFields(self, self._known)
        self.said = self.add_field(
            "What was said" if is_interview else "Words", words_edit(theme=theme, lines=2),
            hint="Who came, what was asked, and what was answered" if is_interview
            else "Needed with yes or unsure: what raises the worry",
        )  # fmt: skip
        (self.by if not by else next(iter(self.risks.answers.values()))).control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_named = needs(self.by, "Say who it was.")
        is_answered = self.risks.check(all_or_none=self._is_interview)
        self.said.set_error("")
        is_said = True
        if self._is_interview:
            is_said = needs_words(self.said, "Say in a few words what was said.")
        elif self.risks.is_seen:
            is_said = needs_words(self.said, "Say what raises the worry.")
        return is_named and is_answered and is_said

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        act = leave_acts.record_interview if self._is_interview else leave_acts.record_risks
        return partial(
            act, matter=self._matter, on=day_in(self.day.control), by=self.by.control.text(),
            words=self.said.control.toPlainText(), risks=self.risks.chosen,
        )  # fmt: skip

    def _known(self, risk: Risk) -> RiskAnswer | None:
        found = self._matter.considered(risk)
        return None if found is None or self._is_interview else found.answer


class FormDialog(EntryDialog):
    """Asks on which day the family's form went to the headteacher."""

    def __init__(self, theme: Theme, matter: LeaveMatter, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="The family’s form", accept="Save", parent=parent,
            sentence="Add the form itself as a paper, where you have a copy.",
        )  # fmt: skip
        self._matter = matter
        self.day = self.add_field("Given to the headteacher on", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme), hint="May be left empty")
        self.day.control.setFocus()
        self.fit()

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            leave_acts.record_form, matter=self._matter, on=day_in(self.day.control),
            words=self.said.control.toPlainText(),
        )  # fmt: skip


class TripDialog(EntryDialog):
    """Asks what was learned of the journey; what is known stands there already."""

    def __init__(self, theme: Theme, matter: LeaveMatter, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="More about the journey", accept="Save", parent=parent)
        self._matter = matter
        self.trip = TripFields(self, matter.details, day=matter.last or today)
        self.said = self.add_field("Words", words_edit(theme=theme), hint="Who told it, and what else is known")
        self.trip.flights.control.setFocus()
        self.fit()

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            leave_acts.add_to_leave, matter=self._matter, trip=self.trip.trip, words=self.said.control.toPlainText()
        )


class DecideDialog(EntryDialog):
    """Asks whether leave is granted, for which days, and why."""

    def __init__(
        self,
        theme: Theme,
        matter: LeaveMatter,
        *,
        calendar: SchoolCalendar,
        today: date,
        is_evidence_asked: bool,
        parent: QWidget | None = None,
    ) -> None:
        again = matter.decision is not None
        super().__init__(
            theme, title="Decide again" if again else "Decide on this request", accept="Save the decision",
            sentence=_sentence(is_evidence_asked=is_evidence_asked, again=again), parent=parent,
        )  # fmt: skip
        self._matter = matter
        choices = (("Choose", None), ("Granted", True), ("Refused", False))
        self.choice = self.add_field("Decision", choice_box(choices))
        self.day = self.add_field("Decided on", day_edit(today, latest=today))
        self.add_side_by_side(self.choice, self.day)
        first, last = matter.first or today, matter.last or today
        self.span = SpanFields(self, calendar, first, last, labels=("From", "To"))
        self.span.last.set_hint("Fewer days than were asked for may be granted")
        self.reason = self.add_field(
            "Reason", words_edit(theme=theme), hint="What was weighed for this child and this request"
        )
        self.choice.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_chosen = self.choice.control.chosen is not None
        self.choice.set_error("" if is_chosen else "Choose granted or refused.")
        is_reasoned = needs_words(self.reason, "A decision needs its reason.")
        return self.span.check() and is_chosen and is_reasoned

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        first, last = self.span.days
        return partial(
            leave_decision.decide_leave, matter=self._matter, is_granted=bool(self.choice.control.chosen),
            on=day_in(self.day.control), first=first, last=last, reason=self.reason.control.toPlainText(),
        )  # fmt: skip


class JointDialog(EntryDialog):
    """Asks whether joint enquiries were begun, or what came of them."""

    def __init__(self, theme: Theme, matter: LeaveMatter, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Joint enquiries with the authority", accept="Save", parent=parent,
            sentence="School and authority look for the child together. The days alone never allow removal from roll.",
        )  # fmt: skip
        self._matter = matter
        results = tuple(
            (title_of(Event(EventKind.JOINT_ENQUIRIES, date.min, outcome=each)), each) for each in EnquiryResult
        )
        self.outcome = self.add_field("What", choice_box(results))
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.add_side_by_side(self.outcome, self.day)
        self.said = self.add_field(
            "Words", words_edit(theme=theme), hint="With whom it was agreed, who does what, what was found"
        )
        self.outcome.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return needs_words(self.said, "Say who does what, or what was found.")

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            leave_decision.record_joint_enquiries, matter=self._matter, on=day_in(self.day.control),
            outcome=self.outcome.control.chosen, words=self.said.control.toPlainText(),
        )  # fmt: skip


class WordsDialog(EntryDialog):
    """Asks only for words."""

    def __init__(
        self, theme: Theme, *, title: str, sentence: str, hint: str, error: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, title=title, accept="Save", sentence=sentence, parent=parent)
        self._error = error
        self.said = self.add_field("Words", words_edit(theme=theme), hint=hint)
        self.said.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return needs_words(self.said, self._error)

    @property
    def words(self) -> str:
        """What was said."""
        return self.said.control.toPlainText()


def _sentence(*, is_evidence_asked: bool, again: bool) -> str:
    parts = [
        "The decision made before stays in the history, struck out." if again else "Each request is judged by itself.",
        NOT_FLAT if is_evidence_asked else "",
    ]
    return " ".join(part for part in parts if part)
