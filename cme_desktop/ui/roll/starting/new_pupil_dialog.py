"""Entering a new pupil: the child, the starting day agreed, and whom to ring."""

from __future__ import annotations

from datetime import date
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.lives.new_pupil import AlikeFoundError, NewContact, NewPupil, StartAgreement, enter_pupil
from cme_desktop.domain.contacts import Household
from cme_desktop.domain.events import HEARD_ONLY, With
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box
from cme_desktop.ui.roll.checked_fields import checked_birth, checked_day, needs
from cme_desktop.ui.roll.starting.agreement_fields import AgreementFields
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.errors import CmeError
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme


class _Agreed(Enum):
    YES = "The day is agreed"
    NOT_YET = "Not agreed yet: a place is held"
    ORDER = "Not agreed yet: an attendance order names this school"


_NAMED: Final = {YearGroup.N1: "Nursery 1", YearGroup.N2: "Nursery 2", YearGroup.R: "Reception"}
_GROUPS: Final[tuple[tuple[str, YearGroup | None], ...]] = (
    ("Not known", None),
    *((_NAMED.get(group, f"Year {group}"), group) for group in YearGroup),
)
_SAME: Final = "Is it the same child?"


class NewPupilDialog(EntryDialog):
    """Asks for a new pupil; a child who may be in the records already is offered before a second entry is made."""

    def __init__(self, theme: Theme, *, today: date, by: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Enter a new pupil", accept="Enter the pupil", parent=parent)
        self._today = today
        self._offered: dict[str, PupilId | None] = {}
        self.alike = self.add_field(_SAME, choice_box((("", None),)), hint="Nothing was saved yet")
        self.alike.hide()
        self._add_child()
        self._add_start(by)
        self._add_contacts()
        self._follow_agreed()
        for field in (self.forename, self.surname, self.born, self.upn):
            field.control.textEdited.connect(self.alike.hide)  # another child is meant: who is alike is asked again
        self.forename.control.setFocus()
        self.fit()

    @property
    def entry(self) -> NewPupil:
        """What was entered."""
        return NewPupil(
            forename=self.forename.control.text(),
            surname=self.surname.control.text(),
            born=checked_birth(self.born, today=self._today)[1],
            year_group=self.group.control.chosen,
            class_name=self.class_name.control.text(),
            upn=self.upn.control.text(),
            address=self.address.control.text(),
            postcode=self.postcode.control.text(),
            home_authority=self.home_authority.control.text(),
            last_school=self.last_school.control.text(),
            start=self._start(),
            contacts=tuple(line.contact for line in self.contacts),
        )

    def entering(self) -> UseCase:
        """Give the use case that enters the pupil, with what was said of a child alike."""
        if self.alike.isHidden():
            return partial(enter_pupil, new=self.entry)
        same = self._offered[self.alike.control.currentText()]
        return partial(enter_pupil, new=self.entry, same_as=same, is_another=same is None)

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        checks = [
            needs(self.forename, "Type the forename."),
            needs(self.surname, "Type the surname."),
            checked_birth(self.born, today=self._today)[0],
            self._check_start(),
            self._check_numbers(),
        ]
        return all(checks)

    def show_problem(self, problem: CmeError) -> None:
        """Say what stands in the way; a child alike is offered in a field of its own."""
        if isinstance(problem, AlikeFoundError):
            self._offer(problem)
            self._scroll.verticalScrollBar().setValue(0)
        super().show_problem(problem)

    # -- private -----------------------------------------------------------------------------------------------

    def _offer(self, found: AlikeFoundError) -> None:
        self._offered = {f"Yes: {each.words}": each.pupil_id for each in found.alike}
        self._offered["No, this is another child"] = None
        self.alike.control.clear()
        self.alike.control.addItems(list(self._offered))
        self.alike.show()

    def _start(self) -> StartAgreement:
        if self.agreed.control.chosen is _Agreed.YES:
            return self.start.agreement
        is_ordered = self.agreed.control.chosen is _Agreed.ORDER
        ordered = checked_day(self.order_on, today=self._today)[1] if is_ordered else None
        return StartAgreement(None, self._today, self.start.by.control.text(), order_made_on=ordered)

    def _check_start(self) -> bool:
        if self.agreed.control.chosen is _Agreed.YES:
            return self.start.check()
        if self.agreed.control.chosen is _Agreed.NOT_YET:
            return True
        fits, found = checked_day(self.order_on, today=self._today)
        if fits and found is not None and found > self._today:
            self.order_on.set_error("This day is still to come.")
            return False
        return fits

    def _check_numbers(self) -> bool:
        first = self.contacts[0].number
        is_there = any(line.number.control.text().strip() for line in self.contacts)
        first.set_error("" if is_there else "Type a number: somebody must be rung if the child does not come.")
        return is_there

    def _follow_agreed(self) -> None:
        chosen = self.agreed.control.chosen
        self.start.set_shown(shown=chosen is _Agreed.YES)
        self.order_on.setVisible(chosen is _Agreed.ORDER)

    def _add_child(self) -> None:
        self.forename = self.add_field("Forename", QLineEdit())
        self.surname = self.add_field("Surname", QLineEdit())
        self.add_side_by_side(self.forename, self.surname)
        self.born = self.add_field("Date of birth", QLineEdit(), hint="As 14/03/2021; empty if not known yet")
        self.upn = self.add_field("UPN", QLineEdit(), hint="Empty until the last school gives it")
        self.add_side_by_side(self.born, self.upn)
        self.group = self.add_field("Year", choice_box(_GROUPS))
        self.class_name = self.add_field("Class", QLineEdit())
        self.add_side_by_side(self.group, self.class_name)

    def _add_start(self, by: str) -> None:
        self.agreed = self.add_field("Start", choice_box(tuple((each.value, each) for each in _Agreed)))
        self.start = AgreementFields(self, today=self._today, by=by)
        self.order_on = self.add_field("Order made on", QLineEdit(), hint="As 12/11/2026")
        self.agreed.control.currentIndexChanged.connect(self._follow_agreed)

    def _add_contacts(self) -> None:
        self.contacts = tuple(_ContactLine(self, place) for place in (1, 2))
        self.add_widget(Label(self.theme, "Where the child comes from", role="body-strong"))
        self.address = self.add_field("Address", QLineEdit())
        self.postcode = self.add_field("Postcode", QLineEdit())
        self.add_side_by_side(self.address, self.postcode)
        self.last_school = self.add_field("Last school", QLineEdit(), hint="Name and town; none if it is the first")
        self.home_authority = self.add_field("Home authority", QLineEdit(), hint="Only if not the school’s own")
        self.add_side_by_side(self.last_school, self.home_authority)


class _ContactLine:
    """One person to ring: who they are, their name, and a number."""

    def __init__(self, dialog: EntryDialog, place: int) -> None:
        title = "Whom to ring first" if place == 1 else "Whom to ring next, outside the home if possible"
        dialog.add_widget(Label(dialog.theme, title, role="body-strong"))
        relations = tuple((capital(each.in_words), each) for each in With if each not in HEARD_ONLY)
        chosen = With.MOTHER if place == 1 else With.GRANDMOTHER
        self.relation = dialog.add_field("Who they are", choice_box(relations, chosen=chosen))
        self.number = dialog.add_field("Number", QLineEdit())
        dialog.add_side_by_side(self.relation, self.number)
        self.forename = dialog.add_field("Their forename", QLineEdit())
        self.surname = dialog.add_field("Their surname", QLineEdit())
        homes = (("Same home as the pupil", Household.HOME), ("Another home", Household.ELSEWHERE))
        household = Household.HOME if place == 1 else Household.ELSEWHERE
        self.household = dialog.add_field("Home", choice_box(homes, chosen=household))
        dialog.add_side_by_side(self.forename, self.surname, self.household)
        for field in (self.relation, self.number, self.forename, self.surname, self.household):
            field.control.setAccessibleName(f"{field.control.accessibleName()}, contact {place}")

    @property
    def contact(self) -> NewContact:
        """The person as entered."""
        return NewContact(
            relation=self.relation.control.chosen,
            forename=self.forename.control.text(),
            surname=self.surname.control.text(),
            number=self.number.control.text(),
            household=self.household.control.chosen,
        )
