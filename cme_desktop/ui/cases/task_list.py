"""The steps of a case: those the rules ask for, with their clauses, and those somebody added."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate

from cme_desktop.casework.cases import CaseTask
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.cases.case_list import say_due
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
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


class TaskDelegate(QStyledItemDelegate):
    """Paints one step: its shape, what to do, and when it is due."""

    def __init__(self, theme: Theme, model: TaskListModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, self._theme.scaled(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        task: CaseTask = index.data(ROW_ROLE)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_current = bool(state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_current:
            painter.fillRect(box, self._theme.color("sel"))
            painter.setPen(QPen(self._theme.color("focus"), 1.5))
            painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))
        side = self._theme.scaled(14)
        place = QRectF(box.left() + 2, box.center().y() - side / 2 + 1, side, side)
        paint_shape(painter, place, SHAPE_OF[task.severity], self._theme, is_selected=is_current)
        self._paint_words(painter, box, task, is_current=is_current)
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRect, task: CaseTask, *, is_current: bool) -> None:
        due = say_due(task.due, today=self._model.today)
        is_pressing = task.severity in {Severity.NOW, Severity.TODAY} or task.overdue
        strong = self._theme.font("body-strong" if is_pressing else "body")
        width = QFontMetrics(strong).horizontalAdvance(due)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(strong)
        token = ("now" if task.severity is Severity.NOW else "today") if is_pressing else "text2"
        painter.setPen(self._ink(token, is_current=is_current))
        painter.drawText(QRect(box.right() - width, box.top(), width + 1, box.height()), middle, due)
        body = self._theme.font("body")
        left = box.left() + self._theme.scaled(24)
        room = box.right() - width - self._theme.scaled(10) - left
        painter.setFont(body)
        painter.setPen(self._ink("text", is_current=is_current))
        words = QFontMetrics(body).elidedText(task.text.rstrip("."), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, box.top(), room, box.height()), middle, words)

    def _ink(self, token: str, *, is_current: bool) -> Any:
        swaps = is_current and self._theme.palette.is_high_contrast
        return self._theme.color("on_sel" if swaps else token)
