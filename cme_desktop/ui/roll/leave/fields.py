"""Fields that several dialogs of leave share: its days with what they mean, the journey, the risks, a ticked day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QDateEdit, QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.lives.leave_acts import Trip
from cme_desktop.casework.lives.leave_days import say_days
from cme_desktop.casework.lives.leave_matter import Flights, Risk, RiskAnswer
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, choice_box, day_edit, day_in
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPlainTextEdit

    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.ui.widgets.field import Field

_NOT_YET: Final = "Not considered yet"


class SpanFields:
    """The first and the last day side by side, and under them how many school days that is and when school is back."""

    def __init__(
        self, dialog: EntryDialog, calendar: SchoolCalendar, first: date, last: date, *, labels: tuple[str, str]
    ) -> None:
        self._calendar = calendar
        self.first: Field[QDateEdit] = dialog.add_field(labels[0], day_edit(first))
        self.last: Field[QDateEdit] = dialog.add_field(labels[1], day_edit(last))
        dialog.add_side_by_side(self.first, self.last)
        self.words = Label(dialog.theme, "", token="text2", wraps=True)  # noqa: S106  a colour token
        dialog.add_widget(self.words)
        for field in (self.first, self.last):
            field.control.dateChanged.connect(self._say)
        self._say()

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day."""
        return day_in(self.first.control), day_in(self.last.control)

    def check(self) -> bool:
        """Say that the days are in the wrong order; True when they are not."""
        first, last = self.days
        self.last.set_error("The last day lies before the first." if last < first else "")
        return last >= first

    def _say(self) -> None:
        first, last = self.days
        self.words.setText(say_days(self._calendar, first, last))


class TickedDay:
    """A day that is asked only where somebody knows it."""

    def __init__(self, dialog: EntryDialog, words: str, label: str, *, day: date, known: bool) -> None:
        self.box = QCheckBox(words)
        self.box.setChecked(known)
        dialog.add_widget(self.box)
        self.day: Field[QDateEdit] = dialog.add_field(label, day_edit(day))
        self.day.setVisible(known)
        self.box.toggled.connect(self.day.setVisible)

    @property
    def chosen(self) -> date | None:
        """The day, or None where it is not known."""
        return day_in(self.day.control) if self.box.isChecked() else None

    def set_visible(self, *, visible: bool) -> None:
        """Show or hide both."""
        self.box.setVisible(visible)
        self.day.setVisible(visible and self.box.isChecked())


class TripFields:
    """What the family says of the journey."""

    def __init__(self, dialog: EntryDialog, known: Mapping[str, str], *, day: date) -> None:
        offered = tuple((capital(each.in_words), each) for each in (Flights.UNKNOWN, *_SAID))
        flights = Flights(known.get("flights", ""))
        self.flights: Field[ChoiceBox[Flights]] = dialog.add_field("Flights", choice_box(offered, chosen=flights))
        hint = "Add the copies as papers once this is saved"
        self.flights.set_hint(hint)
        self.address = dialog.add_field("Address while away", QLineEdit(known.get("address", "")))
        self.contact = dialog.add_field(
            "How to reach them there", QLineEdit(known.get("contact", "")), hint="A number or e-mail that works there"
        )
        named = known.get("back_on", "")
        self.back = TickedDay(
            dialog, "The family names the day of return", "In school again on",
            day=date.fromisoformat(named) if named else day, known=bool(named),
        )  # fmt: skip

    @property
    def trip(self) -> Trip:
        """What was filled in."""
        return Trip(
            flights=self.flights.control.chosen, address=self.address.control.text(),
            contact=self.contact.control.text(), back_on=self.back.chosen,
        )  # fmt: skip

    def set_visible(self, *, visible: bool) -> None:
        """Show or hide them all."""
        for field in (self.flights, self.address, self.contact):
            field.setVisible(visible)
        self.back.set_visible(visible=visible)


_SAID: Final = (Flights.KEPT, Flights.ASKED, Flights.NONE)


class RiskFields:
    """A choice for each risk; none is answered until somebody answers it."""

    def __init__(self, dialog: EntryDialog, known: Callable[[Risk], RiskAnswer | None]) -> None:
        offered = ((_NOT_YET, None), *((capital(each.in_words), each) for each in RiskAnswer))
        self.answers: dict[Risk, Field[ChoiceBox[RiskAnswer | None]]] = {}
        for pair in ((Risk.MUTILATION, Risk.FORCED_MARRIAGE), (Risk.CONFLICT, Risk.OTHER)):
            for risk in pair:
                field = dialog.add_field(capital(risk.in_words), choice_box(offered, chosen=known(risk)))
                self.answers[risk] = field
            dialog.add_side_by_side(*(self.answers[risk] for risk in pair))

    @property
    def chosen(self) -> dict[Risk, RiskAnswer]:
        """The answers given."""
        given = {risk: field.control.chosen for risk, field in self.answers.items()}
        return {risk: answer for risk, answer in given.items() if answer is not None}

    @property
    def is_seen(self) -> bool:
        """Whether an answer is yes or unsure."""
        return any(answer is not RiskAnswer.NO for answer in self.chosen.values())

    def check(self, *, all_or_none: bool) -> bool:
        """Say which risk has no answer yet; True when each has one, or, where that is enough, none has."""
        chosen = self.chosen
        spared = all_or_none and not chosen
        for risk, field in self.answers.items():
            field.set_error("" if spared or risk in chosen else "Choose an answer.")
        return spared or len(chosen) == len(self.answers)


def needs(field: Field[QLineEdit], error: str) -> bool:
    """Say in a field what is missing; True when nothing is."""
    field.set_error("" if field.control.text().strip() else error)
    return not field.error


def needs_words(field: Field[QPlainTextEdit], error: str) -> bool:
    """Say under a field for words what is missing; True when nothing is."""
    field.set_error("" if field.control.toPlainText().strip() else error)
    return not field.error
