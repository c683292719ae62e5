"""The register grid: typed codes go where the focus is, Enter goes down, as on paper."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from cme_desktop.casework.register_cells import CellState, RegisterCell
from cme_desktop.domain.attendance import OUTSIDE_SYMBOL, UNKNOWN_SYMBOL, AttendanceCode
from cme_desktop.ui.register.grid_header import GridHeader
from cme_desktop.ui.register.grid_model import CELL_ROLE, PUPIL_ROLE, RegisterGridModel
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.widgets.mark_cell import TO_COME, paint_mark

CODE_KEYS: Final = frozenset("/\\#ABCDEGIJKLMNOPQRSTUVWXYZ")
"""Every first character of a code, live and dead: a dead one is refused with the codes that may stand for it."""

_NAME_WIDTH: Final = 164


def symbol_of(cell: RegisterCell) -> str:
    """The register-line symbol a cell is painted as."""
    if cell.code is not None:
        return cell.code.symbol
    return {
        CellState.UNKNOWN: UNKNOWN_SYMBOL,
        CellState.OUTSIDE: OUTSIDE_SYMBOL,
        CellState.NO_SCHOOL: AttendanceCode.PLANNED_CLOSURE.symbol,
        CellState.TO_COME: TO_COME,
        CellState.MARKED: TO_COME,
    }[cell.state]


class _CellDelegate(QStyledItemDelegate):
    """Paints names and marks; today's columns lie on a tint."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        rect = QRectF(option.rect)
        view = self.parent()
        has_focus = isinstance(view, QTableView) and view.currentIndex() == index
        is_row_current = isinstance(view, QTableView) and view.currentIndex().row() == index.row()
        if index.column() == 0:
            ink = "text3" if index.data(PUPIL_ROLE).is_quiet else "text"
            self._paint_name(painter, rect, str(index.data()), ink, is_current=is_row_current)
        else:
            self._paint_cell(painter, rect, index, has_focus=has_focus)
        painter.setPen(self._theme.color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if index.column() % 2 == 0:
            painter.drawLine(rect.topRight(), rect.bottomRight())
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(self._theme.scaled(30), self._theme.scaled(24))

    def _paint_name(self, painter: QPainter, rect: QRectF, name: str, ink: str, *, is_current: bool) -> None:
        if is_current:
            painter.fillRect(rect, self._theme.color("sel"))
        font = self._theme.font("body-strong" if is_current else "body")
        painter.setFont(font)
        painter.setPen(self._theme.color("on_sel" if is_current else ink))
        room = rect.adjusted(16, 0, -6, 0)
        name = self._theme.names.say(name)
        words = QFontMetrics(font).elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)

    def _paint_cell(
        self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex, *, has_focus: bool
    ) -> None:
        cell: RegisterCell = index.data(CELL_ROLE)
        model = index.model()
        screen = model.screen if isinstance(model, RegisterGridModel) else None
        if screen is not None and screen.days[(index.column() - 1) // 2].is_today:
            painter.fillRect(rect, self._theme.color("tint"))
        inner = rect.adjusted(4, 3, -4, -3)
        if cell.state is not CellState.NO_SCHOOL or cell.code is not None:
            paint_mark(
                painter, inner, symbol_of(cell), self._theme, is_amended=bool(cell.corrections), has_focus=has_focus
            )
            return
        paint_mark(painter, inner, AttendanceCode.PLANNED_CLOSURE.symbol, self._theme, has_focus=has_focus)


class RegisterGrid(QTableView):
    """A class's register. ``code_typed`` says which code was begun on the current cell; ``reason_asked`` is F2."""

    code_typed = Signal(str)
    reason_asked = Signal()
    moved = Signal()

    def __init__(self, model: RegisterGridModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setModel(model)
        model.say = theme.names.say
        self.setItemDelegate(_CellDelegate(theme, self))
        self._build(model)
        theme.changed.connect(self._take_look)
        self._take_look()

    def go_down(self) -> None:
        """Move to the same session of the next pupil."""
        here = self.currentIndex()
        below = here.siblingAtRow(here.row() + 1)
        if below.isValid():
            self.setCurrentIndex(below)

    def current_cell(self) -> RegisterCell | None:
        """The cell with the focus, None on a name or nowhere."""
        index = self.currentIndex()
        cell = index.data(CELL_ROLE) if index.isValid() and index.column() > 0 else None
        return cell if isinstance(cell, RegisterCell) else None

    def current_pupil_id(self) -> int | None:
        """The pupil of the row with the focus."""
        row = self.currentIndex().data(PUPIL_ROLE) if self.currentIndex().isValid() else None
        return None if row is None else int(row.pupil_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = event.text().upper()
        plain = event.modifiers() in {
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.KeypadModifier,
        }  # fmt: skip
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.go_down()
        elif event.key() == Qt.Key.Key_F2:
            self.reason_asked.emit()
        elif plain and typed in CODE_KEYS and self.current_cell() is not None:
            self.code_typed.emit(typed)
        else:
            super().keyPressEvent(event)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def _build(self, model: RegisterGridModel) -> None:
        self.setAccessibleName("Register")
        self.setProperty("ring", "false")
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self.setHorizontalHeader(GridHeader(model, self._theme, self))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setMinimumSectionSize(18)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # A least height that grew with the text would keep its rows tall when the text is made smaller again.
        self.verticalHeader().setMinimumSectionSize(1)
        model.modelReset.connect(self._share_width)

    def _share_width(self) -> None:
        columns = self.model().columnCount()
        if columns < 2:
            return
        name = self._theme.scaled(_NAME_WIDTH)
        each, rest = divmod(max(0, self.viewport().width() - name), columns - 1)
        self.setColumnWidth(0, name + rest)
        for column in range(1, columns):
            self.setColumnWidth(column, each)

    def _take_look(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._theme.scaled(27))
        self._share_width()
        self.viewport().update()
