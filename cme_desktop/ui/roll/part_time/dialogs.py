"""The dialogs of a part-time timetable: agreed or extended, reviewed, ended."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from cme_desktop.casework.lives import part_time_acts as acts
from cme_desktop.casework.lives.part_time_acts import Timetable
from cme_desktop.domain.attendance import Half
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker
from cme_desktop.ui.roll.checked_fields import checked_day, needs, needs_words
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

_DAYS: Final = (("Mon", "Monday"), ("Tue", "Tuesday"), ("Wed", "Wednesday"), ("Thu", "Thursday"), ("Fri", "Friday"))
_HALVES: Final = ((Half.AM, "Morning", "morning"), (Half.PM, "Afternoon", "afternoon"))
_CONSENTS: Final = ("in writing", "at a meeting, signed", "at a meeting", "by telephone, to be confirmed in writing")


class TimetableDialog(EntryDialog):
    """Asks for a timetable: the pupil where none is chosen, the week, who agreed it, why, and until when."""

    def __init__(
        self,
        theme: Theme,
        *,
        today: date,
        head: str,
        pupils: tuple[tuple[PupilId, str], ...] = (),
        is_new: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        title = "Agree a part-time timetable" if is_new else "Extend by a new agreement"
        sentence = (
            "For a short time, in the child’s own interest, never for behaviour. Sessions left out are marked C2."
        )
        super().__init__(theme, title=title, accept="Save", sentence=sentence, parent=parent)
        self._today = today
        self.picker = PupilPicker(self, pupils) if pupils else None
        self.week = WeekBoxes(theme)
        self.sessions = self.add_field("Sessions the child comes to", self.week)
        self.until = self.add_field("Last day part time", QLineEdit(), hint="As 12/11/2026; never without an end")
        self.review_on = self.add_field("Review on", QLineEdit(), hint="On or before the last day")
        self.add_side_by_side(self.until, self.review_on)
        self.reason = self.add_field("Why", words_edit(theme=theme, lines=2), hint="What it does for the child")
        self.by = self.add_field("Agreed for the school by", QLineEdit(head))
        self.parent_ = self.add_field("Parent who agreed", QLineEdit(), hint="One the child lives with")
        self.add_side_by_side(self.by, self.parent_)
        self.consent = self.add_field("How the parent agreed", choice_box(tuple((each, each) for each in _CONSENTS)))
        self.agreed_on = self.add_field("Agreed on", day_edit(today, latest=today))
        self.add_side_by_side(self.consent, self.agreed_on)
        self.safeguarding = self.add_field(
            "Safeguarding",
            words_edit(theme=theme, lines=2),
            hint="Who has the child in the sessions left out; any risk",
        )
        self.involved = self.add_field(
            "Professionals involved", QLineEdit(), hint="Social worker, virtual school, EHC plan: what they said"
        )
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        self.sessions.set_error("" if self.week.sessions else "Tick the sessions the child comes to.")
        checks = [
            self.picker is None or self.picker.check(),
            not self.sessions.error,
            checked_day(self.until, today=self._today)[0],
            checked_day(self.review_on, today=self._today)[0],
            needs_words(self.reason, "Say why, and what it does for the child."),
            needs(self.by, "Say who agreed it for the school."),
            needs(self.parent_, "Say which parent agreed."),
            needs_words(self.safeguarding, "Say who has the child then, and what was considered."),
        ]
        return all(checks)

    def recording(self, pupil_id: PupilId | None) -> UseCase:
        """Give the use case that writes it down, for the pupil chosen here where none is given."""
        chosen = self.picker.pupil_id if self.picker is not None else pupil_id
        assert chosen is not None
        return partial(acts.agree_timetable, pupil_id=chosen, timetable=self.timetable)

    @property
    def timetable(self) -> Timetable:
        """What was entered."""
        until, review_on = (
            checked_day(self.until, today=self._today)[1],
            checked_day(self.review_on, today=self._today)[1],
        )
        assert until is not None
        assert review_on is not None
        return Timetable(
            agreed_on=day_in(self.agreed_on.control), agreed_by=self.by.control.text().strip(),
            parent=self.parent_.control.text().strip(), consent=self.consent.control.chosen,
            reason=self.reason.control.toPlainText().strip(), sessions=self.week.sessions, until=until,
            review_on=review_on, safeguarding=self.safeguarding.control.toPlainText().strip(),
            involved=self.involved.control.text().strip(),
        )  # fmt: skip


class WeekBoxes(QWidget):
    """The ten sessions of a week to tick, mornings over afternoons."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._boxes: dict[tuple[int, Half], QCheckBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        for column, (short, _) in enumerate(_DAYS, start=1):
            grid.addWidget(Label(theme, short, role="small", token="text2"), 0, column)  # noqa: S106  a colour token
        for row, (half, name, low) in enumerate(_HALVES, start=1):
            grid.addWidget(Label(theme, name), row, 0)
            for column, (_, day) in enumerate(_DAYS, start=1):
                box = QCheckBox()
                box.setAccessibleName(f"{day} {low}")
                grid.addWidget(box, row, column, Qt.AlignmentFlag.AlignLeft)
                self._boxes[(column - 1, half)] = box
        grid.setColumnStretch(len(_DAYS) + 1, 1)
        self.setFocusProxy(self._boxes[(0, Half.AM)])

    @property
    def sessions(self) -> frozenset[tuple[int, Half]]:
        """The sessions ticked, as weekday from Monday and half."""
        return frozenset(session for session, box in self._boxes.items() if box.isChecked())

    def tick(self, sessions: frozenset[tuple[int, Half]]) -> None:
        """Tick these sessions and no other."""
        for session, box in self._boxes.items():
            box.setChecked(session in sessions)


class ReviewDialog(EntryDialog):
    """Asks when the timetable was reviewed, and what was decided."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Review of the timetable", accept="Save", parent=parent)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field(
            "Words", words_edit(theme=theme), hint="Who took part; does it help; does it go on, change or end"
        )
        self.said.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return needs_words(self.said, "Say who took part and what was decided.")

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.hold_review, pupil_id=pupil_id, on=day_in(self.day.control), words=self.said.control.toPlainText()
        )


class EndDialog(EntryDialog):
    """Asks for the last day part time, and why it ends."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        sentence = "From the next school day the child is expected in every session."
        super().__init__(theme, title="End the timetable", accept="End it", sentence=sentence, parent=parent)
        self.day = self.add_field("Last day part time", day_edit(today, latest=today))
        self.reason = self.add_field("Why it ends", words_edit(theme=theme, lines=2))
        self.reason.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return needs_words(self.reason, "Say why it ends.")

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            acts.end_timetable, pupil_id=pupil_id, last_day=day_in(self.day.control),
            reason=self.reason.control.toPlainText(),
        )  # fmt: skip
