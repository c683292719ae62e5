"""Writing leave down: as a request made beforehand, for brothers and sisters too, or as leave told only afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from cme_desktop.casework.lives import leave_acts, leave_decision
from cme_desktop.casework.lives.leave_acts import Request
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker
from cme_desktop.ui.roll.leave.fields import SpanFields, TripFields, needs, needs_words
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.lives.leave_matter import LeaveMatter
    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

Named = tuple["PupilId", str]


class Said(Enum):
    """When the family spoke of the leave."""

    BEFORE = "Before it begins"
    AFTERWARDS = "Only afterwards"


class LeaveDialog(EntryDialog):
    """Asks whose leave it is, when the family spoke of it, its days and reason, and what is known of the journey.

    ``siblings_of`` names the brothers and sisters of a pupil, who may be written down in the same act.
    """

    def __init__(
        self,
        theme: Theme,
        pupils: tuple[Named, ...],
        *,
        calendar: SchoolCalendar,
        today: date,
        siblings_of: Callable[[PupilId], tuple[Named, ...]],
        chosen: PupilId | None = None,
        said: Said = Said.BEFORE,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title="Write leave down", accept="Save", parent=parent)
        self._siblings_of = siblings_of
        self.said = self.add_field(
            "The family spoke of it", choice_box(((each.value, each) for each in Said), chosen=said)
        )
        self.picker = PupilPicker(self, pupils, chosen=chosen)
        self.siblings = _SiblingBoxes(theme)
        self.add_widget(self.siblings)
        self.by = self.add_field("Who", QLineEdit(), hint="A parent the child lives with, by name and relation")
        self.day = self.add_field("Told on", day_edit(today, latest=today))
        self.add_side_by_side(self.by, self.day)
        self.span = SpanFields(self, calendar, today, today, labels=("First day away", "Last day away"))
        self.reason = self.add_field("Reason", words_edit(theme=theme), hint="In the family’s own words")
        choices = (("None shown so far", False), ("Shown", True))
        self.has_evidence = self.add_field("Evidence of an emergency", choice_box(choices))
        self.evidence = self.add_field("What it is", QLineEdit(), hint="Such as a letter from a hospital")
        self.add_side_by_side(self.has_evidence, self.evidence)
        self.trip = TripFields(self, {}, day=today)
        self.said.control.currentIndexChanged.connect(self._fit_said)
        self.picker.list.currentItemChanged.connect(self._offer_siblings)
        self._fit_said()
        self._offer_siblings()
        (self.by.control if chosen is not None else self.picker.finder.control).setFocus()
        self.fit()

    @property
    def pupil_id(self) -> PupilId | None:
        """The child."""
        return self.picker.pupil_id

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_before = self.said.control.chosen is Said.BEFORE
        return all(
            (
                self.picker.check(),
                needs(self.by, "Say who spoke of it."),
                self.span.check(),
                needs_words(self.reason, "Say why." if is_before else "Say what was told."),
            )
        )

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        assert self.pupil_id is not None
        pupils = (self.pupil_id, *self.siblings.chosen)
        first, last = self.span.days
        words, by, on = self.reason.control.toPlainText(), self.by.control.text(), day_in(self.day.control)
        if self.said.control.chosen is Said.AFTERWARDS:
            return partial(
                leave_decision.admit_leave_afterwards, pupils=pupils, on=on, by=by, first=first, last=last, words=words
            )
        request = Request(
            on, by, first, last, words, has_evidence=self.has_evidence.control.chosen,
            evidence=self.evidence.control.text(), trip=self.trip.trip,
        )  # fmt: skip
        return partial(leave_acts.request_leave, pupils=pupils, request=request)

    def _fit_said(self) -> None:
        is_before = self.said.control.chosen is Said.BEFORE
        for field in (self.has_evidence, self.evidence):
            field.setVisible(is_before)
        self.trip.set_visible(visible=is_before)
        self.reason.set_hint("In the family’s own words" if is_before else "What was told, and how it came out")

    def _offer_siblings(self) -> None:
        pupil_id = self.pupil_id
        self.siblings.offer(() if pupil_id is None else self._siblings_of(pupil_id))


class CorrectDialog(EntryDialog):
    """Asks anew for what a request said; the line before stays, struck out."""

    def __init__(
        self,
        theme: Theme,
        matter: LeaveMatter,
        *,
        calendar: SchoolCalendar,
        today: date,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, title="Correct the request", accept="Save", parent=parent,
            sentence="The request as it was stays in the history, struck out.",
        )  # fmt: skip
        assert matter.asked is not None
        self._matter = matter
        asked, known = matter.asked, matter.details
        self.by = self.add_field("Who asks", QLineEdit(known.get("asked_by", "")))
        self.day = self.add_field("Asked on", day_edit(asked.event.on, latest=today))
        self.add_side_by_side(self.by, self.day)
        first, last = matter.first or today, matter.last or today
        self.span = SpanFields(self, calendar, first, last, labels=("First day away", "Last day away"))
        self.reason = self.add_field("Reason", words_edit(theme=theme))
        self.reason.control.setPlainText(asked.words)
        choices = (("None shown so far", False), ("Shown", True))
        self.has_evidence = self.add_field(
            "Evidence of an emergency", choice_box(choices, chosen=bool(asked.event.evidence))
        )
        self.evidence = self.add_field("What it is", QLineEdit(known.get("evidence", "")))
        self.add_side_by_side(self.has_evidence, self.evidence)
        self.trip = TripFields(self, known, day=last)
        self.by.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        return all(
            (needs(self.by, "Say who asks."), self.span.check(), needs_words(self.reason, "Say why."))
        )  # fmt: skip

    def recording(self) -> UseCase:
        """Give the use case that writes it down."""
        first, last = self.span.days
        request = Request(
            day_in(self.day.control), self.by.control.text(), first, last, self.reason.control.toPlainText(),
            has_evidence=self.has_evidence.control.chosen, evidence=self.evidence.control.text(), trip=self.trip.trip,
        )  # fmt: skip
        return partial(leave_acts.correct_request, matter=self._matter, request=request)


class _SiblingBoxes(QWidget):
    """A tick for each brother and sister."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._boxes: list[tuple[PupilId, QCheckBox]] = []
        self._lines = QVBoxLayout(self)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self._lines.addWidget(Label(theme, "The same for brothers and sisters", role="body-strong"))

    def offer(self, siblings: tuple[Named, ...]) -> None:
        """Offer these; none is ticked until somebody ticks it."""
        for _, box in self._boxes:
            self._lines.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = [(pupil_id, QCheckBox(name)) for pupil_id, name in siblings]
        for _, box in self._boxes:
            self._lines.addWidget(box)
        self.setVisible(bool(siblings))

    @property
    def boxes(self) -> tuple[QCheckBox, ...]:
        """The ticks offered."""
        return tuple(box for _, box in self._boxes)

    @property
    def chosen(self) -> tuple[PupilId, ...]:
        """Those ticked."""
        return tuple(pupil_id for pupil_id, box in self._boxes if box.isChecked())
