"""The steps of a case: those the rules ask for, with their clauses, and those somebody added."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QPainter

from cme_desktop.casework.cases import CaseTask
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.cases.case_list import say_due
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.severity_shape import SHAPE_OF, paint_shape

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from cme_desktop.ui.style.theme import Theme

_ROW: Final = 24


class TaskListModel(RowTableModel[CaseTask]):
    """The steps, the most urgent first."""

    def __init__(self) -> None:
        self.today = date.min
        super().__init__((Column("Task", lambda task: task.text, tooltip=_tooltip, spoken=self._spoken),))

    def show_tasks(self, tasks: tuple[CaseTask, ...], *, today: date) -> None:
        """Show these steps as on this day."""
        self.today = today
        self.set_rows(tasks)

    def _spoken(self, task: CaseTask) -> str:
        due = f"due {say_due(task.due, today=self.today)}" if task.due else "no date"
        late = "late, " if task.overdue else ""
        return f"{SHAPE_OF[task.severity].value}, {task.text}, {late}{due}, {task.owner.in_words}"


def _tooltip(task: CaseTask) -> str:
    return "\n".join((task.text, f"For the {task.owner.in_words}", *task.clauses))


class TaskDelegate(RowDelegate[CaseTask]):
    """Paints one step: its shape, what to do, and when it is due."""

    def __init__(self, theme: Theme, model: TaskListModel, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, self.theme.scaled(_ROW))

    def paint_row(self, painter: QPainter, box: QRect, row: CaseTask, state: RowState) -> None:
        if state.is_current:
            self.fill_selected(painter, box, state, bar=False)
        else:
            self.fill_hovered(painter, box, state)
        side = self.theme.scaled(14)
        place = QRectF(box.left() + 2, box.center().y() - side / 2 + 1, side, side)
        paint_shape(painter, place, SHAPE_OF[row.severity], self.theme, is_selected=state.is_current)
        due = say_due(row.due, today=self._model.today)
        is_pressing = row.severity in {Severity.NOW, Severity.TODAY} or row.overdue
        token = ("now" if row.severity is Severity.NOW else "today") if is_pressing else "text2"
        base = self.middle_of(box, "body")
        role = "body-strong" if is_pressing else "body"
        end = self.write_right(painter, box.right(), base, due, role, token, on_selection=state.is_current)
        left = box.left() + self.theme.scaled(24)
        room = end - self.theme.scaled(10) - left
        words = row.text.rstrip(".")
        self.write(painter, left, base, words, "body", "text", room=room, on_selection=state.is_current)
