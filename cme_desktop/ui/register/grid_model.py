"""The register grid as a table: a pupil a row, a session a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cme_desktop.casework.in_words import say_day, say_long_day
from cme_desktop.casework.pupil_year import words_of
from cme_desktop.casework.register import RegisterRow, RegisterScreen
from cme_desktop.casework.register_cells import RegisterCell
from cme_desktop.domain.attendance import Half, SchoolSession

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()

CELL_ROLE: Final = Qt.ItemDataRole.UserRole + 1
PUPIL_ROLE: Final = Qt.ItemDataRole.UserRole + 2


class RegisterGridModel(QAbstractTableModel):
    """Column 0 holds the names, then two columns a day. ``CELL_ROLE`` gives the cell, ``PUPIL_ROLE`` the row."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._screen: RegisterScreen | None = None
        self._names_hidden = False
        self.say: Callable[[str], str] = str

    def show(self, screen: RegisterScreen) -> None:
        """Show this register instead; cells of the same pupils and days change in place."""
        same_shape = self._screen is not None and _shape(self._screen) == _shape(screen)
        if not same_shape:
            self.beginResetModel()
        self._screen = screen
        if not same_shape:
            self.endResetModel()
        elif screen.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))

    def hide_names(self, *, hidden: bool) -> None:
        """Show numbers in place of names."""
        self._names_hidden = hidden
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))

    @property
    def screen(self) -> RegisterScreen | None:
        """The register shown."""
        return self._screen

    def session_of(self, column: int) -> SchoolSession | None:
        """The session a column stands for; None for the names."""
        if self._screen is None or column < 1:
            return None
        day = self._screen.days[(column - 1) // 2]
        return SchoolSession(day.on, Half.AM if column % 2 else Half.PM)

    def column_of(self, session: SchoolSession) -> int | None:
        """The column of a session, or None where it is not shown."""
        days = [day.on for day in self._screen.days] if self._screen else []
        if session.on not in days:
            return None
        return 1 + 2 * days.index(session.on) + (1 if session.half is Half.PM else 0)

    def row_of(self, pupil_id: int) -> int | None:
        """The row of a pupil, or None where the class shown is another."""
        rows = self._screen.rows if self._screen else ()
        return next((place for place, row in enumerate(rows) if row.pupil_id == pupil_id), None)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self._screen is None else len(self._screen.rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() or self._screen is None else 1 + 2 * len(self._screen.days)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        session = self.session_of(section)
        return "Pupil" if session is None else f"{say_day(session.on)} {session.half.value}"

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self._screen is None:
            return None
        row = self._screen.rows[index.row()]
        if role == PUPIL_ROLE:
            return row
        if index.column() == 0:
            return self._name(row, index.row(), role)
        return self._cell(row, row.cells[index.column() - 1], role)

    def _name(self, row: RegisterRow, place: int, role: int) -> Any:
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            return f"Pupil {place + 1}" if self._names_hidden else self.say(row.name)
        return None

    def _cell(self, row: RegisterRow, cell: RegisterCell, role: int) -> Any:
        match role:
            case int(x) if x == CELL_ROLE:
                return cell
            case Qt.ItemDataRole.DisplayRole:
                return cell.code.letter if cell.code else ""
            case Qt.ItemDataRole.ToolTipRole:
                return words_of(cell)
            case Qt.ItemDataRole.AccessibleTextRole:
                who = "" if self._names_hidden else f"{self.say(row.name)}, "
                day = say_long_day(cell.session.on)
                return f"{who}{day} {cell.session.half.value}: {words_of(cell)}"
            case _:
                return None


def _shape(screen: RegisterScreen) -> tuple[Any, ...]:
    return screen.class_name, screen.days, tuple(row.pupil_id for row in screen.rows)
