"""One case: who, what is next, its history, its enquiries, its steps and its written record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.cases import CaseFile
from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.domain.cases import CaseStatus
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.cases.case_list import say_due
from cme_desktop.ui.cases.enquiry_list import EnquiryDelegate, FittedList, enquiry_model
from cme_desktop.ui.cases.history_panel import HistoryPanel
from cme_desktop.ui.cases.record_panel import RecordPanel
from cme_desktop.ui.cases.task_list import TaskDelegate, TaskListModel
from cme_desktop.ui.room import Room, Width
from cme_desktop.ui.widgets.avatar import Avatar
from cme_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_ABOUT: Final = 170
_SEEN: Final = 200
_TASKS: Final = 4
_SCHOOLS: Final = 8
"""E1 to E8 stand open; the others, mostly the authority's, open with one key."""


class CasePane(QWidget):
    """Shows one case and says what somebody wants done with it; it does none of it itself."""

    add_asked = Signal()
    prepare_asked = Signal()
    close_asked = Signal()
    reopen_asked = Signal()
    wait_asked = Signal()
    task_asked = Signal()
    back_asked = Signal()
    enquiry_opened = Signal(object)
    task_opened = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._file: CaseFile | None = None
        self._make_head()
        self._make_column()
        self.history = HistoryPanel(theme)
        self._build()
        self._connect()

    # -- what the tab asks -------------------------------------------------------------------------------------

    def show_case(self, file: CaseFile, *, today: date) -> None:
        """Show this case as on this day."""
        self._file = file
        self._say_head(file, today=today)
        self.history.show_history(file.history, today=today)
        self.enquiries.set_rows(file.enquiries)
        self._count_enquiries(file)
        self._fold_enquiries()
        self.tasks.show_tasks(file.tasks, today=today)
        self.task_list.setVisible(bool(file.tasks))
        self._no_tasks.setVisible(not file.tasks)
        self._fold_tasks()
        self.record.show_document(file.documents[0] if file.documents else None, today=today)
        self._fit_history()

    def fit_room(self, room: Room) -> None:
        """Lay the parts out for a window with this much room."""
        is_narrow = room.is_narrow
        self._columns.setDirection(QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight)
        self._line.setVisible(not is_narrow)
        column = {Width.NARROW: 0, Width.NORMAL: 320, Width.WIDE: 400}[room.width]
        self._column.setMinimumWidth(column)
        self._column.setMaximumWidth(column or 16_777_215)
        self.record.set_low(is_low=room.is_low)
        self.back.setVisible(is_narrow)
        self._is_narrow = is_narrow
        self._head_layout.setDirection(
            QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        )
        margin = 28 if room.width is Width.WIDE else 18
        self._outer.setContentsMargins(margin, 12 if room.is_low else 16, margin, 8)
        self._fit_history()

    # -- building ----------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        theme = self._theme
        self.back = LinkButton(theme, "All cases", icon="chevron-left")
        self._avatar = Avatar(theme)
        self.name = ElidedLabel(theme, role="title")
        self._about = ElidedLabel(theme, token="text2")  # noqa: S106  a colour token
        self._about.setMinimumWidth(theme.scaled(_ABOUT))
        self.next_chip = Chip(theme, "")
        self.seen_chip = Chip(theme, "")
        self.state_chip = Chip(theme, "")
        self.add = SecondaryButton(theme, "Add to history", icon="plus")
        self.prepare = PrimaryButton(theme, "Prepare record", icon="file-signature")
        self.reopen = SecondaryButton(theme, "Open again", icon="folder-open")
        self.more = SecondaryButton(theme, "More")
        self.more.setAccessibleName("More acts on this case")
        menu = QMenu(self.more)
        self.close_act = menu.addAction("Close the case")
        self.wait_act = menu.addAction("Wait for the authority")
        self.more.setMenu(menu)

    def _make_column(self) -> None:
        theme = self._theme
        self.enquiries = enquiry_model()
        self.enquiry_list = FittedList(theme, name="Enquiries")
        self.enquiry_list.setModel(self.enquiries)
        self.enquiry_list.setItemDelegate(EnquiryDelegate(theme, self.enquiry_list))
        self.done_count = Label(theme, token="text2")  # noqa: S106  a colour token
        self.others = LinkButton(theme, "E9 to E14, with the authority")
        self.tasks = TaskListModel()
        self.task_list = FittedList(theme, name="Tasks")
        self.task_list.setModel(self.tasks)
        self.task_list.setItemDelegate(TaskDelegate(theme, self.tasks, self.task_list))
        self._no_tasks = Label(theme, "Nothing is due.", token="text2")  # noqa: S106  a colour token
        self.add_task = LinkButton(theme, "Add a task", icon="plus")
        self.more_tasks = LinkButton(theme, "")
        self.record = RecordPanel(theme)
        self._shows_others = False
        self._shows_tasks = False
        self._is_narrow = False

    def _build(self) -> None:
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(10)
        self._outer.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self._outer.addWidget(self._head())
        body = QWidget()
        body.setProperty("look", "pane")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(18)
        self._line = QFrame()
        self._line.setProperty("look", "line")
        self._line.setFixedWidth(1)
        self._columns.addWidget(self.history, 1)
        self._columns.addWidget(self._line)
        self._column = self._build_column()
        self._columns.addWidget(self._column)
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._outer.addWidget(self._scroll, 1)

    def _head(self) -> QWidget:
        head = QWidget()
        self._head_layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, head)
        self._head_layout.setContentsMargins(0, 0, 0, 0)
        self._head_layout.setSpacing(12)
        who = QHBoxLayout()
        who.setSpacing(12)
        who.addWidget(self._avatar)
        words = QVBoxLayout()
        words.setSpacing(6)
        upper = QHBoxLayout()
        upper.setSpacing(12)
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        upper.addWidget(self.name)
        upper.addWidget(self._about, 1)
        words.addLayout(upper)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for chip in (self.next_chip, self.seen_chip, self.state_chip):
            chips.addWidget(chip)
        chips.addStretch(1)
        words.addLayout(chips)
        who.addLayout(words, 1)
        self._head_layout.addLayout(who, 1)
        self._head_layout.addLayout(self._acts())
        return head

    def _acts(self) -> QHBoxLayout:
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in (self.more, self.add, self.reopen, self.prepare):
            acts.addWidget(button)
        return acts

    def _build_column(self) -> QWidget:
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(_headline(SectionHeading(self._theme, "Enquiries", is_pane=True), self.done_count))
        layout.addWidget(self.enquiry_list)
        layout.addWidget(self.others)
        layout.addSpacing(6)
        layout.addLayout(_headline(SectionHeading(self._theme, "Tasks", is_pane=True), self.add_task))
        layout.addWidget(self.task_list)
        layout.addWidget(self.more_tasks)
        layout.addWidget(self._no_tasks)
        layout.addStretch(1)
        layout.addSpacing(8)
        layout.addWidget(self.record)
        return column

    def _connect(self) -> None:
        self.back.clicked.connect(self.back_asked)
        self.add.clicked.connect(self.add_asked)
        self.prepare.clicked.connect(self.prepare_asked)
        self.close_act.triggered.connect(self.close_asked)
        self.wait_act.triggered.connect(self.wait_asked)
        self.reopen.clicked.connect(self.reopen_asked)
        self.add_task.clicked.connect(self.task_asked)
        self.others.clicked.connect(self._turn_others)
        self.more_tasks.clicked.connect(self._turn_tasks)
        self.enquiry_list.opened.connect(self.enquiry_opened)
        self.task_list.opened.connect(self.task_opened)

    # -- showing -----------------------------------------------------------------------------------------------

    def _say_head(self, file: CaseFile, *, today: date) -> None:
        case, pupil = file.case, file.pupil
        self._avatar.set_initials(pupil.initials)
        self.name.setText(pupil.known_as)
        is_closed = case.is_closed
        opened = f"open {count_of(file.school_days_open, 'school day')}"
        state = f"closed {say_day(case.closed_on)}" if is_closed and case.closed_on else opened
        self._about.setText(", ".join(part for part in (pupil.class_name, f"case {case.number}", state) if part))
        self._say_next(file, today=today)
        self.seen_chip.set_chip(_say_seen(file, today=today), kind=ChipKind.PLAIN)
        self.seen_chip.setMinimumWidth(min(self.seen_chip.sizeHint().width(), self._theme.scaled(_SEEN)))
        self._say_state(file)
        for button in (self.add, self.more, self.add_task):
            button.setVisible(not is_closed)
        self.reopen.setVisible(is_closed)
        waits = case.status is CaseStatus.WAITING_FOR_AUTHORITY
        self.wait_act.setText("Go on without waiting" if waits else "Wait for the authority")

    def _say_next(self, file: CaseFile, *, today: date) -> None:
        first = file.tasks[0] if file.tasks else None
        self.next_chip.setVisible(first is not None)
        if first is None:
            return
        kind = {Severity.NOW: ChipKind.NOW, Severity.TODAY: ChipKind.TODAY}.get(first.severity, ChipKind.PLAIN)
        step = first.text.partition(";")[0].rstrip(".")
        due = say_due(first.due, today=today)
        self.next_chip.set_chip(f"Next, {due}: {step[:1].lower()}{step[1:]}", kind=kind)
        self.next_chip.setToolTip(first.text)

    def _say_state(self, file: CaseFile) -> None:
        case = file.case
        waits = case.status is CaseStatus.WAITING_FOR_AUTHORITY
        said = case.outcome.in_words if case.outcome else "Waiting for the authority"
        self.state_chip.set_chip(said, kind=ChipKind.PLAIN)
        self.state_chip.setVisible(waits or case.outcome is not None)

    def _count_enquiries(self, file: CaseFile) -> None:
        settled = {EnquiryState.DONE, EnquiryState.NOT_APPLICABLE}
        done = sum(1 for line in file.enquiries if line.state in settled)
        self.done_count.setText(f"{done} of {len(file.enquiries)} done")

    def _turn_others(self) -> None:
        self._shows_others = not self._shows_others
        self._fold_enquiries()

    def _fold_enquiries(self) -> None:
        for row in range(self.enquiries.rowCount()):
            self.enquiry_list.setRowHidden(row, row >= _SCHOOLS and not self._shows_others)
        self.others.setText("Hide E9 to E14" if self._shows_others else "E9 to E14, with the authority")
        self.enquiry_list.fit()

    def _turn_tasks(self) -> None:
        self._shows_tasks = not self._shows_tasks
        self._fold_tasks()

    def _fold_tasks(self) -> None:
        count = self.tasks.rowCount()
        for row in range(count):
            self.task_list.setRowHidden(row, row >= _TASKS and not self._shows_tasks)
        self.more_tasks.setText("Show fewer" if self._shows_tasks else f"{count - _TASKS} more")
        self.more_tasks.setVisible(count > _TASKS)
        self.task_list.fit()

    def _fit_history(self) -> None:
        height = self.history.fitted_height() if self._is_narrow else 0
        self.history.setMinimumHeight(height)


def _say_seen(file: CaseFile, *, today: date) -> str:
    if file.last_seen is None:
        return "Never seen"
    return "Seen today" if file.last_seen == today else f"Not seen since {say_day(file.last_seen)}"


def _headline(heading: QWidget, right: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(heading)
    line.addStretch(1)
    line.addWidget(right)
    return line
