"""Trying a changed policy on the past before it is adopted: a period, the judging of it, and what it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QProgressBar,
    QSizePolicy,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.simulating import (
    CAVEATS,
    PolicySimulation,
    SimulatedFlag,
    SimulatedPolicy,
    begin_simulation,
    load_supplied_policy,
    say_first_day,
    suggest_period,
)
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.entry_dialog import EntryDialog, day_edit, day_in
from cme_desktop.ui.policies.week_bars import WeekBars, week_table_model
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.buttons import LinkButton, SecondaryButton
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.casework.office import Office
    from cme_desktop.ui.tab import TabContext

_WIDEST: Final = 860
_TALLEST: Final = 760
_FAULTS_SHOWN: Final = 8


class SimulateDialog(EntryDialog):
    """Judges a period by the policy in force and by ``document``, or by the supplied policy with the id ``supplied``.

    A week is judged in each run of the worker, so that the rest of the program goes on meanwhile. Nothing is written.
    ``named`` False leaves the pupils' names out.
    """

    def __init__(
        self,
        context: TabContext,
        *,
        title: str,
        document: str = "",
        supplied: str = "",
        named: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            context.theme,
            title=f"What would have changed with {title}?",
            sentence="Each school day is judged as it was, by the policy then in force and by the changed one.",
            accept="Simulate",
            parent=parent,
        )
        self._context = context
        self._document = document
        self._supplied = supplied
        self._running: PolicySimulation | None = None
        self._is_stopping = False
        self._is_closed = False
        self.progress = QProgressBar()
        self.progress_words = Label(self.theme, role="small", token="text2")  # noqa: S106  a colour token
        self.stop_button = SecondaryButton(self.theme, "Stop", icon="x")
        self.found = _Result(context, named=named)
        self._running_line = QWidget()
        self.reject_button.setText("Close")
        self.accept_button.disable("The school year is being looked up.")
        self._load_period()
        self.submitted.connect(self._begin)
        self.stop_button.clicked.connect(self._stop)

    # -- the period --------------------------------------------------------------------------------------------

    def _load_period(self) -> None:
        self._context.background.run(suggest_period, done=self._build_fields, failed=self._cannot_begin)

    def _build_fields(self, period: tuple[date, date]) -> None:
        if self._is_closed:
            return
        first, last = period
        self.first = self.add_field("From", day_edit(first))
        self.last = self.add_field("To", day_edit(last))
        self.add_side_by_side(self.first, self.last)
        self._build_progress()
        self.add_widget(self.found)
        self.found.hide()
        self.accept_button.enable()
        self.fit()
        self.first.control.setFocus()

    def _cannot_begin(self, problem: CmeError) -> None:
        if not self._is_closed:
            self.show_problem(problem)

    def _build_progress(self) -> None:
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("School days judged")
        layout = QHBoxLayout(self._running_line)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.progress, 1)
        layout.addWidget(self.progress_words)
        layout.addWidget(self.stop_button)
        self.add_widget(self._running_line)
        self._running_line.hide()

    def check(self) -> bool:
        is_order = day_in(self.first.control) <= day_in(self.last.control)
        self.last.set_error("" if is_order else "Give a day on or after the first.")
        return is_order

    # -- judging -----------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        if self._running is not None or not self.check():
            return
        first, last = day_in(self.first.control), day_in(self.last.control)
        self.problem.hide()
        self.accept_button.disable("It is being judged.")
        self._context.background.run(
            lambda office: begin_simulation(office, document=self._text(office), first=first, last=last),
            done=self._follow,
            failed=self._refuse,
        )

    def _text(self, office: Office) -> str:
        return self._document or load_supplied_policy(office, self._supplied)

    def _follow(self, running: PolicySimulation) -> None:
        if self._is_closed:
            return
        self._running, self._is_stopping = running, False
        self.found.hide()
        self._running_line.show()
        self.progress.setMaximum(running.days)
        self.fit()
        self.stop_button.setFocus()
        self._go_on(running)

    def _go_on(self, running: PolicySimulation) -> None:
        """Judge the next week, unless it is done, was stopped, or nobody is waiting any more."""
        if self._running is not running:
            return
        self.progress.setValue(running.judged)
        self.progress_words.setText(f"{running.judged} of {running.days} school days")
        if running.is_done or self._is_stopping:
            self._context.background.run(running.result, done=self._show_result, failed=self._refuse)
        else:
            self._context.background.run(
                lambda _: running.judge_more(), done=lambda _: self._wait_and_go_on(running), failed=self._refuse
            )

    def _wait_and_go_on(self, running: PolicySimulation) -> None:
        if self._running is running:
            # whatever somebody else asked for meanwhile comes first
            QTimer.singleShot(0, self, lambda: self._go_on(running))

    def _stop(self) -> None:
        self._is_stopping = True

    def _refuse(self, problem: CmeError) -> None:
        if self._is_closed:
            return
        self._end()
        self.fit()
        faults = problem.detail.split("\n")
        if len(faults) > _FAULTS_SHOWN:
            faults[_FAULTS_SHOWN:] = [f"and {len(faults) - _FAULTS_SHOWN} more."]
        self.show_problem(CmeError(problem.title, detail="\n".join(faults), remedy=problem.remedy))

    def _show_result(self, found: SimulatedPolicy) -> None:
        if self._is_closed:
            return
        self._end()
        self.found.show_policy(found)
        self.found.show()
        self.fit()
        self.found.take_focus()
        announce(self.found, found.sentence)

    def _end(self) -> None:
        self._running = None
        self._running_line.hide()
        self.accept_button.enable()

    def done(self, result: int) -> None:
        # what is under way finds nobody waiting, and asks for no more
        self._running, self._is_closed = None, True
        super().done(result)

    def fit(self) -> None:
        """Take the room that a table and a picture need, at most that of the window behind."""
        self._body.activate()  # what was just shown or hidden counts at once
        if self.found.isHidden() or not self.found.has_changes:
            super().fit()
            return
        behind = self.parent()
        room = behind.window().size() if isinstance(behind, QWidget) else QSize(1000, 800)
        self.resize(
            min(self.theme.scaled(_WIDEST), room.width() - 40), min(self.theme.scaled(_TALLEST), room.height() - 40)
        )


class _Result(QWidget):
    """The sentence, whose flags change, and the weeks as a picture with its table."""

    def __init__(self, context: TabContext, *, named: bool) -> None:
        super().__init__()
        theme = context.theme
        self._theme = theme
        self.has_changes = False
        self.sentence = Label(theme, role="body-strong", wraps=True)
        self.nothing = EmptyState(theme, icon="circle-check", sentence="Nothing would have changed")
        self.flags = RowTableModel[SimulatedFlag](_columns(named=named), self)
        self.table = QTableView()
        self.picture = WeekBars(theme)
        self.weeks = QTableView()
        self.switch = LinkButton(theme, "Table")
        self._views = QStackedWidget()
        self._changed = QWidget()
        self._build()
        self.switch.clicked.connect(self._turn_over)

    def show_policy(self, found: SimulatedPolicy) -> None:
        """Show what a simulation found."""
        self.has_changes = not found.simulation.changes_nothing
        self.sentence.setText(found.sentence)
        self.flags.set_rows(found.flags)
        self.table.setVisible(bool(found.flags))
        self.picture.set_weeks(found.weeks)
        self.weeks.setModel(week_table_model(found.weeks, self.weeks))
        self._changed.setVisible(self.has_changes)
        self.sentence.setVisible(self.has_changes)
        self.nothing.setVisible(not self.has_changes)
        self.nothing.say(icon="circle-check", sentence="Nothing would have changed", remedy=found.period_in_words)

    def take_focus(self) -> None:
        """Put the keyboard on the list of flags, where there is one."""
        if self.has_changes:
            (self.table if self.flags.rows else self.switch).setFocus()

    def _build(self) -> None:
        self._dress(self.table, "Flags that would have changed")
        self.table.setMinimumHeight(self._theme.scaled(200))
        self.table.setModel(self.flags)
        self._dress(self.weeks, "Flags raised each week, before and after")
        # the table of weeks takes the picture's room, whatever it would like
        self.weeks.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self._views.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._views.addWidget(self.picture)
        self._views.addWidget(self.weeks)
        changed = QVBoxLayout(self._changed)
        changed.setContentsMargins(0, 0, 0, 0)
        changed.setSpacing(8)
        changed.addWidget(self.table, 1)
        head = QHBoxLayout()
        head.addWidget(SectionHeading(self._theme, "Flags raised each week by the rules that differ"), 1)
        head.addWidget(self.switch)
        changed.addLayout(head)
        changed.addWidget(self._views)
        self.switch.setAccessibleDescription("Shows the weeks as a table, or as a picture again.")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.sentence)
        layout.addWidget(self.nothing)
        layout.addWidget(self._changed, 1)
        layout.addWidget(Label(self._theme, " ".join(CAVEATS), role="small", token="text2", wraps=True))  # noqa: S106  a colour token

    @staticmethod
    def _dress(table: QTableView, name: str) -> None:
        table.setAccessibleName(name)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setStyleSheet("QTableView::item { padding-left: 5px; padding-right: 5px; }")

    def _turn_over(self) -> None:
        shows_table = self._views.currentIndex() == 0
        self._views.setCurrentIndex(1 if shows_table else 0)
        self.switch.setText("Picture" if shows_table else "Table")


def _columns(*, named: bool) -> tuple[Column[SimulatedFlag], ...]:
    return (
        Column("Rule", lambda flag: flag.row.title, tooltip=lambda flag: flag.row.rule_id),
        Column("Pupil", lambda flag: flag.who(named=named)),
        Column("Before", lambda flag: say_first_day(flag.row.before), spoken=lambda flag: _spoken(flag.row.before)),
        Column("After", lambda flag: say_first_day(flag.row.after), spoken=lambda flag: _spoken(flag.row.after)),
        Column("School days", lambda flag: flag.difference_in_words),
    )


def _spoken(on: date | None) -> str:
    return "not flagged" if on is None else say_first_day(on)
