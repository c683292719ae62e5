"""The list of cases: who, the next step, when it is due, how many school days absent."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter

from cme_desktop.casework.cases import CaseRow
from cme_desktop.casework.in_words import count_of, say_clock, say_day, say_near_day
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_list_view import RowListView
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.severity_shape import SHAPE_OF, paint_shape

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from cme_desktop.domain.calendar import Deadline
    from cme_desktop.ui.style.theme import Theme

_ROW: Final = 58
_INSET: Final = 38
_SHAPE: Final = 16
_PAD: Final = 14


def say_due(due: Deadline | None, *, today: date) -> str:
    """Say when something is due: 10:30, today, Tue 17."""
    if due is None:
        return "no date"
    if due.on == today:
        return say_clock(due.by) if due.by else "today"
    return say_near_day(due.on, today=today)


def say_absent(row: CaseRow) -> str:
    """Say how long the pupil has been absent, or that the pupil is back."""
    return count_of(row.school_days_absent, "day") if row.school_days_absent else ""


def _say_when(row: CaseRow, *, today: date) -> str:
    if row.case.is_closed:
        return f"closed {say_day(row.case.closed_on)}" if row.case.closed_on else ""
    due = f"due {say_due(row.due, today=today)}"
    return f"late, {due}" if row.overdue else due


class CaseListModel(RowTableModel[CaseRow]):
    """Cases in the order given. While names are hidden a case's number stands for the pupil."""

    def __init__(self) -> None:
        self.today = date.min
        self.names_hidden = False
        super().__init__((Column("Case", self.name_of, tooltip=self._tooltip, spoken=self._spoken),))

    def show_cases(self, rows: tuple[CaseRow, ...], *, today: date) -> None:
        """Show these cases as on this day."""
        self.today = today
        self.set_rows(rows)

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name."""
        self.names_hidden = hidden
        self.set_rows(self.rows)

    def name_of(self, row: CaseRow) -> str:
        """The pupil's name, or the case's number while names are hidden."""
        return row.case.number if self.names_hidden else row.pupil.known_as

    def position_of(self, case_id: int) -> int:
        """The row that shows the case, or -1."""
        return next((place for place, row in enumerate(self.rows) if row.id == case_id), -1)

    def _tooltip(self, row: CaseRow) -> str:
        when = _say_when(row, today=self.today)
        return "\n".join(part for part in (self.name_of(row), row.next_step, when[:1].upper() + when[1:]) if part)

    def _spoken(self, row: CaseRow) -> str:
        number = "" if self.names_hidden else row.case.number
        urgency = SHAPE_OF[row.severity].value if row.severity is not None else ""
        due = _say_when(row, today=self.today)
        absent = f"{say_absent(row)} absent" if row.school_days_absent else ""
        return ", ".join(part for part in (self.name_of(row), number, urgency, row.next_step, due, absent) if part)


class CaseDelegate(RowDelegate[CaseRow]):
    """Paints one case in two lines, its shape before them and its due moment after the name."""

    def __init__(self, theme: Theme, model: CaseListModel, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, self.theme.scaled(_ROW))

    def paint_row(self, painter: QPainter, box: QRect, row: CaseRow, state: RowState) -> None:
        if state.is_selected:
            self.fill_selected(painter, box, state)
        else:
            self.fill_hovered(painter, box, state)
            self.rule_off(painter, box, left=self.theme.scaled(_INSET))
        if row.severity is not None:
            side = self.theme.scaled(_SHAPE)
            place = QRectF(box.left() + self.theme.scaled(13), box.top() + self.theme.scaled(9), side, side)
            paint_shape(painter, place, SHAPE_OF[row.severity], self.theme, is_selected=state.is_selected)
        self._paint_upper(painter, box, row, on_selection=state.is_selected)
        self._paint_lower(painter, box, row, on_selection=state.is_selected)

    def _paint_upper(self, painter: QPainter, box: QRect, row: CaseRow, *, on_selection: bool) -> None:
        base, gap = box.top() + self.theme.scaled(23), self.theme.scaled(8)
        due = _say_right(row, today=self._model.today)
        end = box.right() - self.theme.scaled(_PAD)
        right = self.write_right(painter, end, base, due, "body-strong", _due_token(row), on_selection=on_selection)
        left = box.left() + self.theme.scaled(_INSET)
        number = "" if self._model.names_hidden else row.case.number
        number_width = QFontMetrics(self.theme.font("small")).horizontalAdvance(number)
        room = max(40, right - left - number_width - 2 * gap)
        name = self._model.name_of(row)
        token = "text3" if row.is_quiet else "text"
        after = self.write(painter, left, base, name, "row", token, room=room, on_selection=on_selection)
        self.write(
            painter, after + gap, base, number, "small", "text2", room=number_width + 2, on_selection=on_selection
        )

    def _paint_lower(self, painter: QPainter, box: QRect, row: CaseRow, *, on_selection: bool) -> None:
        base = box.top() + self.theme.scaled(45)
        end = box.right() - self.theme.scaled(_PAD)
        right = self.write_right(painter, end, base, say_absent(row), "body", "text2", on_selection=on_selection)
        left = box.left() + self.theme.scaled(_INSET)
        room = right - self.theme.scaled(8) - left
        step = row.next_step.rstrip(".")
        self.write(painter, left, base, step, "body", "text2", room=room, on_selection=on_selection)


def _say_right(row: CaseRow, *, today: date) -> str:
    if row.case.closed_on is not None:
        return say_near_day(row.case.closed_on, today=today)
    return "" if row.case.is_closed else say_due(row.due, today=today)


def _due_token(row: CaseRow) -> str:
    if row.severity is Severity.NOW:
        return "now"
    return "today" if row.severity is Severity.TODAY or row.overdue else "text2"


class CaseListView(RowListView):
    """The list of cases."""

    def __init__(self, theme: Theme, model: CaseListModel, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, model, name=name, parent=parent)
        self.setItemDelegate(CaseDelegate(theme, model, self))
