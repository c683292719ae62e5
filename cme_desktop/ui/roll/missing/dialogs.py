"""The dialogs of missing and found."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.lives import missing
from cme_desktop.ui.entry_dialog import EntryDialog, checked_time, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.events import EventKind
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field


class _WhenDialog(EntryDialog):
    """A dialog that asks on which day and at which time."""

    def add_when(self, now: datetime) -> None:
        """Add the two fields side by side, filled with now."""
        self.day = self.add_field("Day", day_edit(now.date(), latest=now.date()))
        self.clock = self.add_field("Time", QLineEdit(f"{now.hour}:{now.minute:02d}"), hint="Empty if not known")
        self.add_side_by_side(self.day, self.clock)

    @property
    def on(self) -> date:
        """The day."""
        return day_in(self.day.control)

    @property
    def at(self) -> time | None:
        """The time, or None."""
        return checked_time(self.clock)[1]


class MissingDialog(_WhenDialog):
    """Asks who is missing, since when, and where the child was last seen."""

    def __init__(
        self,
        theme: Theme,
        pupils: tuple[tuple[PupilId, str], ...],
        *,
        now: datetime,
        chosen: PupilId | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title="Report a child missing", accept="Save", parent=parent)
        self.picker = PupilPicker(self, pupils, chosen=chosen)
        self.add_when(now)
        self.seen = self.add_field("Last seen", QLineEdit(), hint="Where, when and by whom; what the child wore")
        self.said = self.add_field("Words", words_edit(theme=theme), hint="What is known")
        (self.seen.control if chosen is not None else self.picker.finder.control).setFocus()
        self.fit()

    @property
    def pupil_id(self) -> PupilId | None:
        """The child."""
        return self.picker.pupil_id

    @property
    def last_seen(self) -> str:
        """Where and when the child was last seen."""
        return self.seen.control.text().strip()

    @property
    def words(self) -> str:
        """What else is known."""
        return self.said.control.toPlainText().strip()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_chosen = self.picker.check()
        is_timed, _ = checked_time(self.clock)
        is_seen = _needs(self.seen, "Say where and when the child was last seen, or that nobody knows.")
        return is_chosen and is_timed and is_seen


class FoundDialog(_WhenDialog):
    """Asks when, where and by whom the child was found."""

    def __init__(self, theme: Theme, *, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="The child is found", accept="Save", parent=parent)
        self.add_when(now)
        self.where = self.add_field("Where", QLineEdit())
        self.by = self.add_field("Found or seen by", QLineEdit())
        self.where.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_timed, _ = checked_time(self.clock)
        is_placed = _needs(self.where, "Say where the child was.")
        return _needs(self.by, "Say who found or saw the child.") and is_placed and is_timed

    def recording(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            missing.record_found, pupil_id=pupil_id, on=self.on, at=self.at, where=self.where.control.text(),
            by=self.by.control.text(),
        )  # fmt: skip


class FollowUpDialog(EntryDialog):
    """Asks for the day and the words of what follows an episode."""

    def __init__(self, theme: Theme, *, title: str, hint: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title=title, accept="Save", parent=parent)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme), hint=hint)
        self.said.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.said.set_error("" if self.said.control.toPlainText().strip() else "Say what was said or found.")
        return not self.said.error

    def recording(self, pupil_id: PupilId, kind: EventKind) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            missing.record_follow_up, pupil_id=pupil_id, kind=kind, on=day_in(self.day.control),
            words=self.said.control.toPlainText(),
        )  # fmt: skip


def _needs(field: Field[QLineEdit], error: str) -> bool:
    field.set_error("" if field.control.text().strip() else error)
    return not field.error
