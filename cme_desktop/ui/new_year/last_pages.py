"""The last two pages: what starts again and what goes on, and all of it once more before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cme_desktop.casework.in_words import count_of, say_long_day
from cme_desktop.casework.new_year.carried import CarriedLine
from cme_desktop.casework.new_year.plan import NewYearPlan, Onward
from cme_desktop.ui.first_run.page import WIDEST, Page
from cme_desktop.ui.policies.tables import WordsTable
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.casework.new_year.desk import NewYearDesk
    from cme_desktop.domain.calendar import SchoolYear
    from cme_desktop.ui.style.theme import Theme

_RESTARTS: Final = (
    "Counts by school year, such as days of illness and the share of absence, begin again by themselves on the first "
    "day. Nothing has to be done."
)


class CarriedPage(Page):
    """Lists what a new school year does not end."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, name="What goes on", title="What starts again, and what goes on", about=_RESTARTS)
        self.total = Label(theme, role="heading", wraps=True)
        self.model: RowTableModel[CarriedLine] = RowTableModel(_COLUMNS, self)
        self.table = WordsTable(theme, self.model, name="What goes on into the new year", shares=(24, 32, 44))
        self.table.setMinimumHeight(theme.scaled(220))
        self.nothing = EmptyState(
            theme, icon="circle-check", sentence="Nothing is open", token="ok",  # noqa: S106  a colour token
            remedy="No case, flag, agreement, leave or N goes on into the new year.",
        )  # fmt: skip
        for part in (self.total, self.table, self.nothing):
            part.setMaximumWidth(theme.scaled(WIDEST))
            self.body.addWidget(part, 0 if part is self.total else 1)

    def show_lines(self, lines: tuple[CarriedLine, ...]) -> None:
        """Show them."""
        self.model.set_rows(lines)
        self.total.setText(f"{count_of(len(lines), 'thing goes', 'things go')} on into the new year")
        self.total.setVisible(bool(lines))
        self.table.setVisible(bool(lines))
        self.nothing.setVisible(not lines)

    def take_focus(self) -> None:
        (self.table if self.model.rows else self).setFocus()


class SummaryPage(Page):
    """Says what will be done, on which day, and what it means to be late."""

    def __init__(self, theme: Theme, desk: NewYearDesk) -> None:
        super().__init__(
            theme,
            name="Check",
            title=f"Set up {desk.name}",
            about="All of this is saved together. It can be undone as a whole, until work of the new year rests on it.",
        )
        self._desk = desk
        self.late = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.late.setMaximumWidth(theme.scaled(WIDEST))
        self.points: list[Label] = []
        self._held = QWidget()
        self._held.setMaximumWidth(theme.scaled(WIDEST))
        self._list = QVBoxLayout(self._held)
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(8)
        self.body.addWidget(self.late)
        self.body.addWidget(self._held)
        self.end()

    def show_plan(self, plan: NewYearPlan, year: SchoolYear, *, school_days: int) -> None:
        """Say it in sentences."""
        for label in self.points:
            self._list.removeWidget(label)
            label.deleteLater()
        self.points = [Label(self.theme, f"– {words}", wraps=True) for words in self._say(plan, year, school_days)]
        for label in self.points:
            self._list.addWidget(label)
        late = self._say_late(plan, year.first_day)
        self.late.setVisible(bool(late))
        self.late.say(
            kind=ChipKind.TODAY, icon="triangle-alert", remedy=late,
            sentence=f"The new year began on {say_long_day(year.first_day)}",
        )  # fmt: skip

    def _say(self, plan: NewYearPlan, year: SchoolYear, school_days: int) -> list[str]:
        verb = "stay as they are" if plan.year is None else "are entered"
        first = max(year.first_day, self._desk.on)
        usual = {line.id: line.usual for line in self._desk.pupils}
        apart = sum(1 for move in plan.moves if usual[move.pupil_id] not in {move.onward, Onward.UNDECIDED})
        moving = sum(1 for move in plan.moves if move.onward is not Onward.LEAVES)
        confirmed = sum(1 for leaver in plan.leavers if leaver.is_confirmed)
        when = "now" if first == self._desk.on else f"on {say_long_day(first)}, not before"
        inset = count_of(len(year.inset), "INSET day")
        said = [
            f"The dates of {year.name} {verb}: {school_days} school days for pupils and {inset}.",
            f"{count_of(moving, 'pupil goes', 'pupils go')} on into their next class {when}.",
        ]
        if apart:
            said.append(f"{count_of(apart, 'pupil goes', 'pupils go')} another way than the year group.")
        if plan.leavers and self._desk.last_day is not None:
            last = say_long_day(self._desk.last_day)
            said.append(f"{count_of(len(plan.leavers), 'pupil leaves', 'pupils leave')} with {last} as the last day.")
            places = count_of(confirmed, "place is", "places are")
            said.append(f"{places} confirmed; {len(plan.leavers) - confirmed} not, and flagged.")
        return said

    def _say_late(self, plan: NewYearPlan, first_day: date) -> str:
        if self._desk.on < first_day:
            return ""
        off = count_of(len(plan.leavers), "leaver")
        leaving = f"{off} off the roll since the last day of the old year; " if plan.leavers else ""
        return (
            f"So everything holds at once: {leaving}pupils are in their new classes from today, and the registers of "
            "the days before stay with each pupil. Marks that come in from now on keep this from being undone."
        )


_COLUMNS: Final[tuple[Column[CarriedLine], ...]] = (
    Column("What", lambda line: line.kind.value),
    Column("Pupil", lambda line: line.name),
    Column("How it stands", lambda line: line.words),
)
