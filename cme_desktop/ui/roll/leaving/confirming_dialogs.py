"""The dialogs in which the next place speaks: the place confirmed, the arrival, the address and school abroad."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.lives.leaving_acts import (
    Confirmation,
    Source,
    confirm_arrival,
    confirm_place,
    note_address_abroad,
)
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in
from cme_desktop.ui.roll.leaving.parts import DayOrNot, FamilyBoxes, Named, needs

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme


class _ConfirmDialog(EntryDialog):
    """Asks who confirms, from which side, how, and on which day."""

    def add_confirmation(self, family: Named, *, today: date, heading: str) -> None:
        """Add the fields that both confirmations ask."""
        self.family = FamilyBoxes(self.theme, heading)
        self.family.offer(family)
        self.add_widget(self.family)
        sources = tuple((capital(each.in_words), each) for each in Source)
        self.source = self.add_field("Confirmed by", choice_box(sources))
        self.by = self.add_field("Who there", QLineEdit(), hint="Name and post")
        self.add_side_by_side(self.source, self.by)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.how = self.add_field("How", QLineEdit(), hint="Telephone, e-mail, letter")
        self.add_side_by_side(self.day, self.how)

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_by = needs(self.by, "Say who confirms it.")
        return needs(self.how, "Say how it was confirmed.") and is_by

    @property
    def told(self) -> Confirmation:
        """What was confirmed, and by whom."""
        return Confirmation(
            on=day_in(self.day.control), source=self.source.control.chosen, by=self.by.control.text(),
            how=self.how.control.text(),
        )  # fmt: skip


class PlaceDialog(_ConfirmDialog):
    """Asks who at the next place confirms it, and from when."""

    def __init__(
        self, theme: Theme, family: Named, *, today: date, school: str, starts_on: date, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme, title="Does the next place confirm it?", accept="Confirmed", parent=parent,
            sentence="Write down who there said so. A parent’s word alone is not enough.",
        )  # fmt: skip
        self.school = self.add_field("School or place", QLineEdit(school))
        self.starts_on = self.add_field(
            "Starts there on", DayOrNot(starts_on, name="Starts there on", unknown="Not said")
        )
        self.add_confirmation(family, today=today, heading="For whom else is the place confirmed?")
        self.by.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_named = needs(self.school, "Say which school or place.")
        return super().check() and is_named

    def confirming(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            confirm_place, pupils=(pupil_id, *self.family.chosen), told=self.told, school=self.school.control.text(),
            starts_on=self.starts_on.control.day,
        )  # fmt: skip


class ArrivalDialog(_ConfirmDialog):
    """Asks who at the next school says that the child has come."""

    def __init__(self, theme: Theme, family: Named, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Has the child started there?", accept="Has started", parent=parent,
            sentence="Only once the next school says that the child has come. A parent’s word alone is not enough.",
        )  # fmt: skip
        self.add_confirmation(family, today=today, heading="Who else has started there?")
        self.by.control.setFocus()
        self.fit()

    def confirming(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(confirm_arrival, pupils=(pupil_id, *self.family.chosen), told=self.told)


class AddressDialog(EntryDialog):
    """Asks where a family goes outside England, and to which school."""

    def __init__(
        self, theme: Theme, family: Named, *, today: date, address: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(
            theme, title="Where outside England?", accept="Save", parent=parent,
            sentence="Write what is known now; the rest may follow. The school counts once its name and address are "
            "both known.",
        )  # fmt: skip
        self.family = FamilyBoxes(theme, "Who else goes there?")
        self.family.offer(family)
        self.add_widget(self.family)
        self.address = self.add_field("Address there", QLineEdit(address), hint="With the country")
        self.school = self.add_field("New school", QLineEdit(), hint="Empty while nobody knows it")
        self.school_address = self.add_field("Address of the school", QLineEdit())
        self.day = self.add_field("Told on", day_edit(today, latest=today))
        self.address.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_placed = needs(self.address, "Say where they will live.")
        is_school = bool(self.school.control.text().strip())
        has_address = bool(self.school_address.control.text().strip())
        self.school_address.set_error("Say where the school is." if is_school and not has_address else "")
        self.school.set_error("Say which school it is." if has_address and not is_school else "")
        return is_placed and is_school is has_address

    def noting(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            note_address_abroad, pupils=(pupil_id, *self.family.chosen), on=day_in(self.day.control),
            address=self.address.control.text(), school=self.school.control.text(),
            school_address=self.school_address.control.text(),
        )  # fmt: skip
