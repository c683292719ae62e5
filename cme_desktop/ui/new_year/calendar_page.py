"""The next school year's dates: known already, supplied with the program, from a file, or typed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cme_desktop.casework.new_year.begin import say_year_problems
from cme_desktop.ui.entry_dialog import ChoiceBox
from cme_desktop.ui.first_run.year_page import TERMS, YearPage
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.casework.new_year.desk import NewYearDesk
    from cme_desktop.domain.calendar import SchoolYear, Term
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.style.theme import Theme

_CHOOSE: Final = "Dates that come with the program…"


class CalendarPage(YearPage):
    """``file_asked`` when the dates are to be read from a file."""

    file_asked = Signal()

    def __init__(self, theme: Theme, desk: NewYearDesk) -> None:
        super().__init__(theme, today=desk.on, name="Calendar", title=f"The school year {desk.name}")
        self._desk = desk
        self._shown: SchoolYear | None = None
        self._as_shown: SchoolYear | None = None
        self.begin_field.hide()
        self.from_file = SecondaryButton(theme, "From a file…", icon="upload")
        self.supplied: ChoiceBox[SchoolYear | None] = ChoiceBox(((_CHOOSE, None), *desk.supplied))
        self.said = Banner(theme, kind=ChipKind.PLAIN, icon="calendar-days", sentence="", wraps=True)
        self._build_source()
        self.from_file.clicked.connect(self.file_asked)
        self.supplied.currentIndexChanged.connect(self._take_supplied)
        if desk.known is not None:
            self.show_year(desk.known)
            self._tell("These dates are in the calendar already", "Go on, or correct them first.")
        else:
            self._tell("The next school year has no dates yet", "Bring in a file of term dates, or type them below.")

    def show_year(self, year: SchoolYear) -> None:
        """Fill the fields with a year's dates."""
        self.clear()
        for (first, last, _), term in zip(self.terms, year.terms, strict=False):
            taught = _without_inset(term, year.inset)
            first.setText(f"{taught.first_day:%d/%m/%Y}")
            last.setText(f"{taught.last_day:%d/%m/%Y}")
        for day in sorted(year.inset):
            self.inset.add().setText(f"{day:%d/%m/%Y}")
        for closure in year.closures:
            self.closures.add().setText(f"{closure.on:%d/%m/%Y}")
        self.count()
        self._shown = year if len(year.terms) == len(TERMS) else None
        self._as_shown = self.year()

    def take_file(self, year: SchoolYear, name: str) -> None:
        """Show what a file gave."""
        self.show_year(year)
        self._tell(f"Read from {name}", "Check the dates against the school’s own list, INSET days too.")

    def refuse_file(self, problem: CmeError) -> None:
        """Say why a file could not be used."""
        remedy = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.said.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=remedy)

    def next_year(self) -> SchoolYear | None:
        """The year as it stands on the page, with all that the fields can't show where nobody altered it."""
        typed = self.year()
        return self._shown if self._shown is not None and typed == self._as_shown else typed

    def year_to_write(self) -> SchoolYear | None:
        """The year where it is to be entered or altered; None where the calendar holds it so already."""
        year = self.next_year()
        return None if year == self._desk.known else year

    def clear(self) -> None:
        """Empty every field."""
        for first, last, _ in self.terms:
            first.setText("")
            last.setText("")
        self.inset.clear()
        self.closures.clear()

    def check(self) -> bool:
        if not super().check():
            return False
        year = self.next_year()
        problems = say_year_problems(self._desk, year) if year is not None else ()
        if problems:
            self.total.say(
                kind=ChipKind.NOW, icon="triangle-alert", sentence=problems[0],
                remedy="Check the first day of the first half term.",
            )  # fmt: skip
        return not problems

    def _take_supplied(self) -> None:
        year = self.supplied.chosen
        if year is not None:
            self.show_year(year)
            self._tell("Dates that come with the program", "They are an authority’s: add the school’s own INSET days.")

    def _tell(self, sentence: str, remedy: str) -> None:
        self.said.say(kind=ChipKind.PLAIN, icon="calendar-days", sentence=sentence, remedy=remedy)

    def _build_source(self) -> None:
        self.supplied.setAccessibleName("Dates that come with the program")
        self.supplied.setVisible(self.supplied.count() > 1)
        held = QWidget()
        held.setMaximumWidth(self.theme.scaled(760))
        line = QHBoxLayout(held)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.said, 1)
        line.addWidget(self.supplied)
        line.addWidget(self.from_file)
        self.body.insertWidget(2, held)


def _without_inset(term: Term, inset: frozenset[date]) -> Term:
    """The half term as pupils see it: without the INSET days at its ends."""
    days = [
        day
        for day in (
            term.first_day.fromordinal(at) for at in range(term.first_day.toordinal(), term.last_day.toordinal() + 1)
        )
        if day.weekday() < 5 and day not in inset
    ]
    return replace(term, first_day=days[0], last_day=days[-1]) if days else term
