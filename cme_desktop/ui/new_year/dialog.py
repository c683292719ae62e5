"""The wizard of the new school year: five steps, one act, and the way back. What is typed outlasts a lock."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout

from cme_desktop.casework.in_words import count_of, say_long_day
from cme_desktop.casework.new_year.begin import YearBegun, begin_new_year, refuse_unready, undo_new_year
from cme_desktop.casework.new_year.carried import CarriedLine, load_carried
from cme_desktop.casework.new_year.dates import read_year_file
from cme_desktop.casework.new_year.desk import NewYearDesk, Turn, load_new_year
from cme_desktop.casework.new_year.plan import NewYearPlan, Onward
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.casework.year_in_figures import count_year
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.first_run.page import Page
from cme_desktop.ui.first_run.step_list import StepList
from cme_desktop.ui.kept_dialog import KeptDialog
from cme_desktop.ui.new_year.calendar_page import CalendarPage
from cme_desktop.ui.new_year.classes_page import ClassesPage
from cme_desktop.ui.new_year.last_pages import CarriedPage, SummaryPage
from cme_desktop.ui.new_year.leavers_page import LeaversPage
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.dialog import AskDialog
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.changes import Changes
    from cme_desktop.domain.identifiers import ImportId
    from cme_desktop.ui.tab import TabContext

_CALENDAR, _CLASSES, _LEAVERS, _CARRIED, _CHECK = range(5)
_NARROW: Final = 900
PageT = TypeVar("PageT", bound=Page)


class NewYearDialog(KeptDialog):
    """Reads the desk when it is made; each page keeps what is typed until the act is done or given up."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        theme = context.theme
        self.desk: NewYearDesk | None = None
        self.question: AskDialog | None = None
        self.pages: tuple[Page, ...] = ()
        self._held: list[QScrollArea] = []
        self._act: ImportId | None = None
        self._is_edited = False
        self.state = EmptyState(theme, icon="loader", sentence="Reading the roll")
        self.stack = QStackedWidget()
        self.problem = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.step_words = Label(theme, role="body-strong", token="text2")  # noqa: S106  a colour token
        self.back = SecondaryButton(theme, "Back")
        self.next = PrimaryButton(theme, "Next")
        self.undo = SecondaryButton(theme, "Undo it", icon="undo-2")
        self.close_button = SecondaryButton(theme, "Close")
        self.steps: StepList | None = None
        self._side = QVBoxLayout()
        self._build()
        self.back.clicked.connect(lambda: self.show_step(self.step - 1))
        self.next.clicked.connect(self.go_on)
        self.undo.clicked.connect(self.ask_undo)
        self.close_button.clicked.connect(self.leave)
        self._read()

    # -- steps -------------------------------------------------------------------------------------------------

    @property
    def step(self) -> int:
        """Which page is shown, from 0; -1 while there is none."""
        return self.stack.currentIndex() - 1

    @property
    def calendar(self) -> CalendarPage:
        """The first page."""
        return self._page(_CALENDAR, CalendarPage)

    @property
    def classes(self) -> ClassesPage:
        """The second page."""
        return self._page(_CLASSES, ClassesPage)

    @property
    def leavers(self) -> LeaversPage:
        """The third page."""
        return self._page(_LEAVERS, LeaversPage)

    def show_step(self, step: int) -> None:
        """Show a page and put the keyboard in its first field."""
        self.problem.hide()
        self._fill(step)
        self.stack.setCurrentIndex(step + 1)
        assert self.steps is not None
        self.steps.set_current(step)
        self.step_words.setText(self.steps.accessibleName())
        self.back.setVisible(step > 0)
        self.next.show()
        self.next.setText(self._next_words(step))
        self._follow_width()
        self.pages[step].take_focus()

    def go_on(self) -> None:
        """Leave the page if it is whole: on to the next, or do it all."""
        page = self.pages[self.step]
        if not page.check():
            page.show_wrong()
        elif self.step == _CHECK:
            self._wait()
            plan = self.plan()
            self._run(lambda office: begin_new_year(office, plan), self._show_begun)
        else:
            self.show_step(self.step + 1)

    def plan(self) -> NewYearPlan:
        """Everything as it stands on the pages."""
        return NewYearPlan(self.calendar.year_to_write(), self.classes.moves(), self.leavers.leavers())

    def read_file(self, path: Path) -> None:
        """Fill the dates from a file."""
        assert self.desk is not None
        first_year = self.desk.first_year
        self.context.background.run(
            lambda office: read_year_file(office, path, first_year=first_year),
            done=lambda year: self.calendar.take_file(year, path.name),
            failed=self.calendar.refuse_file,
        )

    # -- leaving -----------------------------------------------------------------------------------------------

    def leave(self) -> None:
        """Close; ask before that where something was typed and not saved."""
        if not self._is_edited:
            self.reject()
            return
        self._ask(
            AskDialog(
                self.context.theme, title="Leave without saving?", sentence="What you entered here will not be kept.",
                accept="Leave without saving", reject="Stay here", is_grave=True, parent=self,
            ),
            self.reject,
        )  # fmt: skip

    def ask_undo(self) -> None:
        """Ask, and put everything back."""
        if self._act is None or self.desk is None:
            return
        points = (
            "Pupils go back to the class, year and last day they had.",
            "What was written down about leavers is struck out, and stays to be read.",
            "The dates go back to what the calendar held before.",
        )
        act = self._act
        self._ask(
            AskDialog(
                self.context.theme, title=f"Undo the school year {self.desk.name}?", points=points,
                accept="Undo it", reject="Keep it", is_grave=True, parent=self,
            ),
            lambda: self._run(partial(_undo, act_id=act), self._show_undone),
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._go_by_enter()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_edited:
            event.ignore()
            self.leave()
            return
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._follow_width()

    # -- reading -----------------------------------------------------------------------------------------------

    def _read(self) -> None:
        self._run(load_new_year, self._show_desk)

    def _show_desk(self, desk: NewYearDesk) -> None:
        self.desk = desk
        self._is_edited = False
        self._drop_pages()
        if desk.turn is Turn.READY:
            self._make_pages(desk)
            self.show_step(_CALENDAR)
        elif desk.turn is Turn.DONE:
            self._show_standing(desk)
        else:
            self._show_unready(desk)

    def _show_standing(self, desk: NewYearDesk) -> None:
        assert desk.act is not None
        self._act = desk.act.id
        made = desk.act.made_at.astimezone(LOCAL_ZONE)
        counts = desk.act.counts
        done = _say_counts(counts.get("moving", 0), counts.get("leaving", 0))
        words = f"By {desk.act.made_by_name} on {made:%d/%m/%Y}: {done}."
        if desk.act.note.waiting:
            words += f" Classes change on {say_long_day(desk.act.note.moves_on)}."
        self._show_state("circle-check", f"The school year {desk.name} is set up", words, can_undo=True)

    def _show_unready(self, desk: NewYearDesk) -> None:
        try:
            refuse_unready(desk)
        except CmeError as problem:
            remedy = " ".join(part for part in (problem.detail, problem.remedy) if part)
            self._show_state("calendar-clock", problem.title, remedy)

    def _show_begun(self, begun: YearBegun) -> None:
        self._is_edited = False
        self._act = begun.act_id
        when = "now" if begun.moved_now else f"on {say_long_day(begun.moves_on)}"
        done = _say_counts(begun.moving, begun.leaving)
        words = f"{done}. Classes change {when}. It can be undone from here, now or later."
        assert self.desk is not None
        self._show_state("circle-check", f"The school year {self.desk.name} is set up", words, can_undo=True)

    def _show_undone(self, _: Changes) -> None:
        self._act = None
        self._read()

    def _show_state(self, icon: str, sentence: str, remedy: str, *, can_undo: bool = False) -> None:
        token = "ok" if can_undo else "text2"
        self.state.say(icon=icon, sentence=sentence, remedy=remedy, token=token)
        self.stack.setCurrentIndex(0)
        for button in (self.back, self.next):
            button.hide()
        self.undo.setVisible(can_undo)
        self._follow_width()
        self.close_button.setFocus()

    # -- pages -------------------------------------------------------------------------------------------------

    def _make_pages(self, desk: NewYearDesk) -> None:
        theme = self.context.theme
        calendar = CalendarPage(theme, desk)
        calendar.file_asked.connect(self._choose_file)
        self.pages = (
            calendar, ClassesPage(theme, desk), LeaversPage(theme, desk), CarriedPage(theme), SummaryPage(theme, desk),
        )  # fmt: skip
        for page in self.pages:
            page.edited.connect(self._note_edit)
            self._held.append(_scrolled(page))
            self.stack.addWidget(self._held[-1])
        self.steps = StepList(theme, tuple(page.name for page in self.pages))
        self._side.insertWidget(1, self.steps)
        self.undo.hide()

    def _drop_pages(self) -> None:
        for held in self._held:
            self.stack.removeWidget(held)
            held.deleteLater()
        self._held = []
        if self.steps is not None:
            self._side.removeWidget(self.steps)
            self.steps.deleteLater()
            self.steps = None
        self.pages = ()

    def _fill(self, step: int) -> None:
        desk = self.desk
        assert desk is not None
        if step == _LEAVERS:
            leaving = {move.pupil_id for move in self.classes.moves() if move.onward is Onward.LEAVES}
            self.leavers.show_leavers(line for line in desk.pupils if line.id in leaving)
        elif step == _CARRIED:
            self._run(partial(_carried, desk=desk), self._show_carried)
        elif step == _CHECK:
            year = self.calendar.next_year()
            assert year is not None
            self._page(_CHECK, SummaryPage).show_plan(self.plan(), year, school_days=count_year(year).school_days)

    def _show_carried(self, lines: tuple[CarriedLine, ...]) -> None:
        page = self._page(_CARRIED, CarriedPage)
        page.show_lines(lines)
        self._end_wait()
        if self.step == _CARRIED:
            page.take_focus()

    def _page(self, at: int, kind: type[PageT]) -> PageT:
        page = self.pages[at]
        assert isinstance(page, kind)
        return page

    def _choose_file(self) -> None:
        kinds = "Term dates (*.ics *.csv *.xlsx *.txt);;All files (*)"
        chosen, _ = QFileDialog.getOpenFileName(self, "Which file of term dates?", "", kinds)
        if chosen:
            self.read_file(Path(chosen))

    def _note_edit(self) -> None:
        self._is_edited = True

    # -- running -----------------------------------------------------------------------------------------------

    def _run(self, op: Callable[[Office], Any], done: Callable[[Any], None]) -> None:
        self.problem.hide()
        self.context.background.run(op, done=lambda result: self._finish(done, result), failed=self._fail)

    def _finish(self, done: Callable[[Any], None], result: Any) -> None:
        self._end_wait()
        done(result)

    def _fail(self, problem: CmeError) -> None:
        self._end_wait()
        remedy = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.problem.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=remedy)
        self.problem.show()

    def _wait(self) -> None:
        for button in (self.back, self.next):
            button.disable("The year is being set up.")

    def _end_wait(self) -> None:
        for button in (self.back, self.next):
            button.enable()

    def _ask(self, question: AskDialog, then: Callable[[], None]) -> None:
        self.question = question
        question.accepted.connect(then)
        question.finished.connect(self._forget_question)
        question.open()

    def _forget_question(self) -> None:
        if self.question is not None:
            self.question.deleteLater()
            self.question = None

    def _go_by_enter(self) -> None:
        control = self.focusWidget()
        if isinstance(control, QPushButton):
            control.click()
        elif self.pages and self.step >= 0:
            gap = self.pages[self.step].gap_after(control)
            if gap is not None:
                gap.setFocus(Qt.FocusReason.TabFocusReason)
            elif self.next.isEnabled():
                self.go_on()

    # -- layout ------------------------------------------------------------------------------------------------

    def _next_words(self, step: int) -> str:
        if step == _CHECK:
            return "Set up the new year"
        name = self.pages[step + 1].name
        return f"Next: {name[0].lower()}{name[1:]}"

    def _follow_width(self) -> None:
        is_narrow = self.width() / self.context.theme.text_scale < _NARROW
        has_steps = self.step >= 0
        self._left.setVisible(has_steps and not is_narrow)
        self.step_words.setVisible(has_steps and is_narrow)

    def _build(self) -> None:
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("New school year")
        self.problem.hide()
        self.undo.hide()
        self.stack.addWidget(self.state)
        right = QVBoxLayout()
        right.setSpacing(0)
        self.step_words.setContentsMargins(36, 12, 36, 4)
        right.addWidget(self.step_words)
        right.addWidget(self.problem)
        right.addWidget(self.stack, 1)
        right.addWidget(self._foot())
        self._left = QFrame()
        self._left.setLayout(self._side)
        self._side.setContentsMargins(16, 28, 10, 16)
        heading = Label(self.context.theme, "New school year", role="heading")
        heading.setIndent(16)
        self._side.addWidget(heading)
        self._side.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._left)
        outer.addLayout(right, 1)
        behind = self.parentWidget()
        scaled = self.context.theme.scaled
        wide, high = scaled(1240), scaled(640)
        if behind is not None:
            room = behind.window().size()
            wide, high = min(wide, room.width() - 40), min(high, room.height() - 40)
        self.resize(wide, high)

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("look", "pane")
        line = QHBoxLayout(foot)
        line.setContentsMargins(36, 12, 20, 12)
        line.addWidget(self.back)
        line.addStretch(1)
        for button in (self.undo, self.next, self.close_button):
            line.addWidget(button)
        self.back.hide()
        self.next.hide()
        return foot


def _scrolled(page: Page) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


def _say_counts(moving: int, leaving: int) -> str:
    up, away = count_of(moving, "pupil moves", "pupils move"), count_of(leaving, "leaves", "leave")
    return f"{up} up, {away}"


def _carried(office: Office, *, desk: NewYearDesk) -> tuple[CarriedLine, ...]:
    return load_carried(office, desk)


def _undo(office: Office, *, act_id: ImportId) -> Changes:
    return undo_new_year(office, act_id)
