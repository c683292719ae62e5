"""Seven steps from nothing to records: school, people, authority, year, policy, password, recovery key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.ui.first_run.password_pages import PasswordPage, RecoveryPage
from cme_desktop.ui.first_run.school_pages import AuthorityPage, PeoplePage, PolicyPage, SchoolPage
from cme_desktop.ui.first_run.step_list import StepList
from cme_desktop.ui.first_run.year_page import YearPage
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent

    from cme_desktop.casework.policy_offers import PolicyOffer
    from cme_desktop.casework.setting_up import NewRecords
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.paths import Paths
    from cme_desktop.ui.errand import Errand
    from cme_desktop.ui.first_run.page import Page
    from cme_desktop.ui.style.theme import Theme

_NARROW: Final = 900


class Wizard(QWidget):
    """``finished`` carries the open office; ``closed`` when the user gives up before.

    ``restore_asked``: there were records once, and a backup of them is at hand.
    """

    finished = Signal(object)
    restore_asked = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, paths: Paths, *, now: Callable[[], datetime], errand: Errand) -> None:
        super().__init__()
        self._theme, self._paths, self._now, self._errand = theme, paths, now, errand
        self._records: NewRecords | None = None
        self._warned = False
        self.recovery = RecoveryPage(theme)
        self.pages: tuple[Page, ...] = (
            SchoolPage(theme),
            PeoplePage(theme),
            AuthorityPage(theme),
            YearPage(theme, today=now().astimezone(LOCAL_ZONE).date()),
            PolicyPage(theme, _offer_policies(paths)),
            PasswordPage(theme),
            self.recovery,
        )
        self.steps = StepList(theme, tuple(page.name for page in self.pages))
        self.step_words = Label(theme, role="body-strong", token="text2")  # noqa: S106  a colour token
        self.back = SecondaryButton(theme, "Back")
        self.restore = SecondaryButton(theme, "Bring a backup back…", icon="database-backup")
        self.next = PrimaryButton(theme, "Next")
        self.problem = Banner(theme, kind=ChipKind.NOW, icon="circle-alert", sentence="", wraps=True)
        self._stack = QStackedWidget()
        self._build()
        self.back.clicked.connect(self.go_back)
        self.restore.clicked.connect(self.restore_asked)
        self.next.clicked.connect(self.go_on)
        self.show_step(0)

    @property
    def step(self) -> int:
        """Which page is shown, from 0."""
        return self._stack.currentIndex()

    def show_step(self, index: int) -> None:
        """Show a page and put the keyboard in its first field."""
        self._stack.setCurrentIndex(index)
        self.steps.set_current(index)
        self.step_words.setText(self.steps.accessibleName())
        self.back.setVisible(0 < index < len(self.pages) - 1)
        self.restore.setVisible(index == 0)
        self.next.setText(self._next_words(index))
        self.problem.hide()
        self.pages[index].take_focus()

    def go_back(self) -> None:
        """Show the page before; what is typed stays."""
        self.show_step(self.step - 1)

    def go_on(self) -> None:
        """Leave the page if it is whole: on to the next, make the records, or begin work."""
        page = self.pages[self.step]
        if not page.check():
            page.show_wrong()
            return
        if self.step == len(self.pages) - 1:
            self._finish()
        elif self.step == len(self.pages) - 2:
            self._make_records()
        else:
            self.show_step(self.step + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            super().keyPressEvent(event)
            return
        control = self.focusWidget()
        gap = self.pages[self.step].gap_after(control)
        if isinstance(control, QPushButton):
            control.click()
        elif gap is not None:
            gap.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.next.isEnabled():
            self.go_on()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._records is not None and not self.recovery.paper.is_kept and not self._warned:
            # The key is shown this once: closing by mistake would lose it for good.
            self._warned = True
            self.recovery.warn_of_leaving()
            event.ignore()
            return
        super().closeEvent(event)
        if self._records is not None:
            from cme_desktop.casework.sitting_down import leave_desk  # noqa: PLC0415  loaded with the records

            leave_desk(self._records.office)
            self._records = None
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() / self._theme.text_scale < _NARROW
        self._side.setVisible(not is_narrow)
        self.step_words.setVisible(is_narrow)

    # -- private -----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("CME Desktop")
        self.setMinimumSize(640, 500)
        self.resize(1366, 688)
        for page in self.pages:
            self._stack.addWidget(_scrolled(page))
        right = QVBoxLayout()
        right.setSpacing(0)
        self.step_words.setContentsMargins(36, 12, 36, 8)
        right.addWidget(self.step_words)
        right.addWidget(self._stack, 1)
        right.addWidget(self.problem)
        right.addWidget(_line())
        right.addWidget(self._foot())
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_side())
        outer.addLayout(right, 1)

    def _make_side(self) -> QWidget:
        self._side = QWidget()
        layout = QVBoxLayout(self._side)
        layout.setContentsMargins(16, 32, 10, 16)
        layout.setSpacing(2)
        for words, role, token in (("Set up CME Desktop", "heading", "text"), ("About 15 minutes", "body", "text2")):
            label = Label(self._theme, words, role=role, token=token)
            label.setIndent(16)
            layout.addWidget(label)
        layout.addSpacing(16)
        layout.addWidget(self.steps)
        layout.addStretch(1)
        return self._side

    def _foot(self) -> QFrame:
        foot = QFrame()
        foot.setProperty("look", "pane")
        line = QHBoxLayout(foot)
        line.setContentsMargins(36, 12, 36, 12)
        line.addWidget(self.back)
        line.addWidget(self.restore)
        line.addStretch(1)
        line.addWidget(self.next)
        return foot

    def _next_words(self, index: int) -> str:
        if index == len(self.pages) - 1:
            return "Begin"
        if index == len(self.pages) - 2:
            return "Make the records"
        name = self.pages[index + 1].name
        return f"Next: {name[0].lower()}{name[1:]}"

    def _make_records(self) -> None:
        if self._records is not None:
            self.show_step(self.step + 1)
            return
        answers: dict[str, Any] = {}
        for page in self.pages[:-1]:
            answers |= page.answers()
        paths, now = self._paths, self._now
        self.back.disable("The records are being made.")
        self.next.disable("The records are being made.")
        self.next.setText("Making the records…")
        self._errand.run(lambda: _set_up(paths, answers, now=now), done=self._show_made, failed=self._show_problem)

    def _show_made(self, records: NewRecords) -> None:
        self._records = records
        self._end_wait()
        self.recovery.show_key(records.recovery_key)
        self.show_step(len(self.pages) - 1)

    def _end_wait(self) -> None:
        self.back.enable()
        self.next.enable()
        self.next.setText(self._next_words(self.step))

    def _show_problem(self, problem: CmeError) -> None:
        self._end_wait()
        remedy = capital(" ".join(part for part in (problem.detail, problem.remedy) if part))
        self.problem.say(kind=ChipKind.NOW, icon="circle-alert", sentence=problem.title, remedy=remedy)
        self.problem.show()

    def _finish(self) -> None:
        records, self._records = self._records, None
        if records is not None:
            self.finished.emit(records.office)


def _set_up(paths: Paths, answers: dict[str, Any], *, now: Callable[[], datetime]) -> NewRecords:
    from cme_desktop.casework.setting_up import NewSchool, set_up  # noqa: PLC0415  brings SQLAlchemy in

    return set_up(paths, NewSchool(**answers), now=now)


def _offer_policies(paths: Paths) -> tuple[PolicyOffer, ...]:
    from cme_desktop.casework.policy_offers import offer_policies  # noqa: PLC0415  not needed at first paint

    return offer_policies(paths)


def _scrolled(page: Page) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(page)
    return area


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("look", "line")
    line.setFixedHeight(1)
    return line
