"""The dialogs about a start: the day agreed or changed, the place given up, the return, the joiner, the order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QLineEdit

from cme_desktop.casework.lives import starting_acts as acts
from cme_desktop.casework.lives.starting_acts import JoinerWay, Meeting, MissingFact
from cme_desktop.domain.events import Destination, EventKind, VisitOutcome
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.roll.checked_fields import checked_birth, checked_day, needs, needs_words
from cme_desktop.ui.roll.starting.agreement_fields import AgreementFields

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

_DESTINATIONS: Final = (
    ("Not known", Destination.UNKNOWN),
    ("Another school in England", Destination.KNOWN),
    ("Outside the state sector: independent, or home education", Destination.OUTSIDE_STATE_SECTOR),
    ("Outside England", Destination.ABROAD),
)
_VISITS: Final = (
    ("Child seen", VisitOutcome.CHILD_SEEN),
    ("An adult seen, not the child", VisitOutcome.ADULT_SEEN_ONLY),
    ("No reply", VisitOutcome.NO_REPLY),
    ("Could not reach the door", VisitOutcome.COULD_NOT_REACH_DOOR),
    ("Moved away", VisitOutcome.MOVED_AWAY),
)


class AgreeDialog(EntryDialog):
    """Asks for the starting day, or another one and why it is changed."""

    def __init__(
        self, theme: Theme, *, today: date, by: str, day: date | None = None, parent: QWidget | None = None
    ) -> None:
        title = "Agree another starting day" if day else "Agree the starting day"
        super().__init__(theme, title=title, accept="Save", parent=parent)
        self.start = AgreementFields(self, today=today, by=by, day=day)
        self._is_change = day is not None
        hint = "Needed: who asked for it, and why" if day else "What else was agreed"
        self.why = self.add_field("Why it is changed" if day else "Words", words_edit(theme=theme, lines=2), hint=hint)
        self.start.day.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_said = not self._is_change or needs_words(self.why, "Say why the day is changed.")
        return self.start.check() and is_said

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.agree_start, pupil_id=pupil_id, start=self.start.agreement, why=self.why.control.toPlainText()
        )


class GiveUpDialog(EntryDialog):
    """Asks who said that a place is not taken up, and where the child goes instead."""

    def __init__(self, theme: Theme, *, parent: QWidget | None = None) -> None:
        sentence = "The child stays on the list until it is confirmed where the child is taught."
        super().__init__(theme, title="The place is not taken up", accept="Save", sentence=sentence, parent=parent)
        self.said_by = self.add_field("Who said so", QLineEdit(), hint="Such as: mother, by telephone")
        self.destination = self.add_field("Where the child goes", choice_box(_DESTINATIONS))
        self.where = self.add_field("School or address", QLineEdit(), hint="Name and town, as far as known")
        self.confirmed = QCheckBox("That school has confirmed the place itself")
        self.add_widget(self.confirmed)
        self.said = self.add_field("Words", words_edit(theme=theme, lines=2))
        self.said_by.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_named = self.destination.control.chosen is Destination.UNKNOWN or needs(
            self.where, "Say which school, or choose: not known."
        )
        return needs(self.said_by, "Say who told the school.") and is_named

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.give_up_place, pupil_id=pupil_id, said_by=self.said_by.control.text(),
            where_to=self.where.control.text(), destination=self.destination.control.chosen,
            confirmed=self.confirmed.isChecked(), words=self.said.control.toPlainText(),
        )  # fmt: skip


class ArrivalDialog(EntryDialog):
    """Asks who confirmed where the child is taught, on which day."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Where the child is taught is confirmed", accept="Save", parent=parent)
        self.where = self.add_field("School or other education", QLineEdit())
        self.by = self.add_field("Confirmed by", QLineEdit(), hint="Somebody there, not the family")
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.where.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_placed = needs(self.where, "Say where the child is taught.")
        return needs(self.by, "Say who confirmed it.") and is_placed

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.record_arrival_elsewhere, pupil_id=pupil_id, on=day_in(self.day.control),
            by=self.by.control.text(), where=self.where.control.text(),
        )  # fmt: skip


class ReturnDialog(EntryDialog):
    """Asks when the new pupil return went to the authority, and under which reference."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="New pupil return sent", accept="Save", parent=parent)
        self.day = self.add_field("Sent on", day_edit(today, latest=today))
        self.reference = self.add_field("Reference", QLineEdit(), hint="The authority’s receipt; empty if none")
        self.said = self.add_field("Words", words_edit(theme=theme, lines=2), hint="How it was sent")
        self.reference.control.setFocus()
        self.fit()

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.send_new_pupil_return, pupil_id=pupil_id, on=day_in(self.day.control),
            reference=self.reference.control.text(), words=self.said.control.toPlainText(),
        )  # fmt: skip


class JoinerDialog(EntryDialog):
    """Asks how and when the authority heard of a joiner."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Joiner entered", accept="Save", parent=parent)
        self.way = self.add_field("How", choice_box(tuple((way.value, way) for way in JoinerWay)))
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.reference = self.add_field("Reference", QLineEdit(), hint="Empty if none")
        self.way.control.setFocus()
        self.fit()

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.enter_joiner, pupil_id=pupil_id, way=self.way.control.chosen, on=day_in(self.day.control),
            reference=self.reference.control.text(),
        )  # fmt: skip


class OrderDialog(EntryDialog):
    """Asks for the day of an order, of its end, or of the parent's agreement."""

    def __init__(
        self, theme: Theme, *, kind: EventKind, title: str, hint: str, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, title=title, accept="Save", parent=parent)
        self._kind = kind
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme, lines=2), hint=hint)
        self.said.control.setFocus()
        self.fit()

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.record_order, pupil_id=pupil_id, kind=self._kind, on=day_in(self.day.control),
            words=self.said.control.toPlainText(),
        )  # fmt: skip


class BookMeetingDialog(EntryDialog):
    """Asks for the day of the meeting before admission."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Book the meeting before admission", accept="Save", parent=parent)
        self._today = today
        self.day = self.add_field("Meeting on", QLineEdit(), hint="As 12/11/2026")
        self.said = self.add_field("Words", words_edit(theme=theme, lines=2), hint="When, where, who was invited how")
        self.day.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return checked_day(self.day, today=self._today)[0]

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        day = checked_day(self.day, today=self._today)[1] or self._today
        return partial(acts.book_meeting, pupil_id=pupil_id, on=day, words=self.said.control.toPlainText())


class HeldDialog(EntryDialog):
    """Asks what came of a meeting: the parent's agreement to the place, and the starting day."""

    def __init__(self, theme: Theme, *, today: date, by: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Meeting before admission held", accept="Save", parent=parent)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme, lines=2), hint="Who came, and what was said")
        self.consent = QCheckBox("The parent agrees to the place")
        self.agreed = QCheckBox("A starting day was agreed")
        self.add_widget(self.consent)
        self.add_widget(self.agreed)
        self.start = AgreementFields(self, today=today, by=by)
        self.start.set_shown(shown=False)
        self.agreed.toggled.connect(self._show_start)
        self.said.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_said = needs_words(self.said, "Say who came, and what was said.")
        return (not self.agreed.isChecked() or self.start.check()) and is_said

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        start = self.start.agreement if self.agreed.isChecked() else None
        words, consented = self.said.control.toPlainText(), self.consent.isChecked()
        meeting = Meeting(day_in(self.day.control), words, start, has_consented=consented)
        return partial(acts.hold_meeting, pupil_id=pupil_id, meeting=meeting)

    def _show_start(self, shown: bool) -> None:  # noqa: FBT001  a signal's argument
        self.start.set_shown(shown=shown)
        self.fit()


class MissedDialog(EntryDialog):
    """Asks on which day the parent missed the meeting."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        sentence = "The authority’s officer for missing children is told the same day."
        super().__init__(theme, title="The parent missed the meeting", accept="Save", sentence=sentence, parent=parent)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme, lines=2), hint="Any word from the family")
        self.said.control.setFocus()
        self.fit()

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.miss_meeting, pupil_id=pupil_id, on=day_in(self.day.control), words=self.said.control.toPlainText()
        )


class VisitDialog(EntryDialog):
    """Asks what came of a visit to the home."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Home visit", accept="Save", parent=parent)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.outcome = self.add_field("What came of it", choice_box(_VISITS, chosen=VisitOutcome.NO_REPLY))
        self.said = self.add_field("Words", words_edit(theme=theme), hint="Who went, who was met, what was seen")
        self.outcome.control.setFocus()
        self.fit()

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.record_visit, pupil_id=pupil_id, on=day_in(self.day.control), outcome=self.outcome.control.chosen,
            words=self.said.control.toPlainText(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """What is to be decided: how it is asked, and the answers offered."""

    title: str
    sentence: str
    choices: tuple[str, ...]


class DecisionDialog(EntryDialog):
    """Asks what was decided, and why."""

    def __init__(self, theme: Theme, *, question: Question, about: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title=question.title, accept="Save", sentence=question.sentence, parent=parent)
        self._about = about
        offered = (("Choose…", ""), *((words, words) for words in question.choices))
        self.choice = self.add_field("Decided", choice_box(offered))
        self.reason = self.add_field("Why", words_edit(theme=theme), hint="Who decided, and on what grounds")
        self.choice.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        self.choice.set_error("" if self.choice.control.chosen else "Choose what was decided.")
        return needs_words(self.reason, "Say why, and who decided.") and not self.choice.error

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.decide, pupil_id=pupil_id, about=self._about, choice=self.choice.control.chosen,
            reason=self.reason.control.toPlainText(),
        )  # fmt: skip


class FactDialog(EntryDialog):
    """Asks for a fact that the register lacks, and how it is known."""

    def __init__(self, theme: Theme, *, fact: MissingFact, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title=f"Supply the {fact.in_words}", accept="Save", parent=parent)
        self._fact, self._today = fact, today
        self.day = self.add_field(
            fact.in_words[:1].upper() + fact.in_words[1:], QLineEdit(), hint="With its year, as 14/03/2021"
        )
        self.source = self.add_field("Known from", QLineEdit(), hint="Such as: birth certificate, last school’s file")
        self.day.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        fits, found = checked_birth(self.day, today=self._today)
        if fits and found is None:
            self.day.set_error("Type the day, with its year.")
        return needs(self.source, "Say how it is known.") and fits and found is not None

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        day = checked_birth(self.day, today=self._today)[1]
        assert day is not None
        return partial(acts.supply_fact, pupil_id=pupil_id, fact=self._fact, day=day, source=self.source.control.text())
