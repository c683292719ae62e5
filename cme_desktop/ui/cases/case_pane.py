"""One case: who, what is next, its history, its enquiries, its steps and its written record."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.cases import CaseFile
from cme_desktop.casework.views import views_in
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.ui.cases.case_head import CaseHead
from cme_desktop.ui.cases.enquiry_list import EnquiryDelegate, FittedList, enquiry_model
from cme_desktop.ui.cases.history_panel import HistoryPanel
from cme_desktop.ui.cases.record_panel import RecordPanel
from cme_desktop.ui.cases.task_list import TaskDelegate, TaskListModel
from cme_desktop.ui.cases.views_panel import ViewsPanel
from cme_desktop.ui.room import Room, Width
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

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
    entry_opened = Signal(object)
    task_opened = Signal(object)
    views_asked = Signal(object)

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
        self.head.show_case(file, today=today)
        self.add_task.setVisible(not file.case.is_closed)
        self.history.show_history(file.history, today=today)
        self.enquiries.set_rows(file.enquiries)
        self._count_enquiries(file)
        self._fold_enquiries()
        self.views.show_views(views_in(file.events), may_add=not file.case.is_closed)
        self.tasks.show_tasks(file.tasks, today=today)
        self.task_list.setVisible(bool(file.tasks))
        self._no_tasks.setVisible(not file.tasks)
        self._fold_tasks()
        self.record.show_document(file.documents[0] if file.documents else None, today=today)

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
        self.head.set_narrow(is_narrow=is_narrow)
        margin = 28 if room.width is Width.WIDE else 18
        self._outer.setContentsMargins(margin, 12 if room.is_low else 16, margin, 8)
        self.history.set_fitted(fitted=is_narrow)

    # -- building ----------------------------------------------------------------------------------------------

    def _make_head(self) -> None:
        self.back = LinkButton(self._theme, "All cases", icon="chevron-left")
        self.head = CaseHead(self._theme)
        self.name, self.state_chip = self.head.name, self.head.state_chip
        self.more, self.add = self.head.more, self.head.add
        self.reopen, self.prepare = self.head.reopen, self.head.prepare
        self.close_act, self.wait_act = self.head.close_act, self.head.wait_act

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
        self.views = ViewsPanel(theme)
        self.record = RecordPanel(theme)
        self._shows_others = False
        self._shows_tasks = False

    def _build(self) -> None:
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(10)
        self._outer.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self._outer.addWidget(self.head)
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

    def _build_column(self) -> QWidget:
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(_headline(SectionHeading(self._theme, "Enquiries", is_pane=True), self.done_count))
        layout.addWidget(self.enquiry_list)
        layout.addLayout(_indented(self._theme, self.others))
        layout.addSpacing(6)
        layout.addLayout(_headline(SectionHeading(self._theme, "Tasks", is_pane=True), self.add_task))
        layout.addWidget(self.task_list)
        layout.addLayout(_indented(self._theme, self.more_tasks))
        layout.addWidget(self._no_tasks)
        layout.addSpacing(6)
        layout.addWidget(self.views)
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
        self.history.opened.connect(self.entry_opened)
        self.task_list.opened.connect(self.task_opened)
        self.views.asked.connect(self.views_asked)

    # -- showing -----------------------------------------------------------------------------------------------

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


def _headline(heading: QWidget, right: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(heading)
    line.addStretch(1)
    line.addWidget(right)
    return line


def _indented(theme: Theme, widget: QWidget) -> QHBoxLayout:
    """Stand the words of a link under those of the rows, past their shapes."""
    line = QHBoxLayout()
    line.setContentsMargins(theme.scaled(20), 0, 0, 0)
    line.addWidget(widget)
    line.addStretch(1)
    return line
