"""A table over frozen rows: columns are named values, sorting is by value, and every cell can be spoken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

RowT = TypeVar("RowT")
_Index = QModelIndex | QPersistentModelIndex

SORT_ROLE: Final = Qt.ItemDataRole.UserRole + 1
ROW_ROLE: Final = Qt.ItemDataRole.UserRole + 2
_NOWHERE: Final = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """One column: what it shows, and by what value it sorts; ``spoken`` replaces the text for assistive tools."""

    title: str
    text: Callable[[RowT], str]
    sort: Callable[[RowT], Any] | None = None
    tooltip: Callable[[RowT], str] | None = None
    spoken: Callable[[RowT], str] | None = None
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
    color: Callable[[RowT], QColor | None] | None = None


class RowTableModel(QAbstractTableModel, Generic[RowT]):
    """Shows ``rows`` through ``columns``; ``ROW_ROLE`` gives the row itself, ``SORT_ROLE`` the value to sort by."""

    def __init__(self, columns: tuple[Column[RowT], ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._columns = columns
        self._rows: tuple[RowT, ...] = ()

    @property
    def rows(self) -> tuple[RowT, ...]:
        """The rows shown, in the model's own order."""
        return self._rows

    def set_rows(self, rows: Sequence[RowT]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def row_at(self, index: _Index) -> RowT:
        """The row of a valid index of this model."""
        return self._rows[index.row()]

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return column.align | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        return self._cell(self._rows[index.row()], self._columns[index.column()], role)

    @staticmethod
    def _cell(row: RowT, column: Column[RowT], role: int) -> Any:  # noqa: PLR0911  one answer a role
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.ToolTipRole:
                return column.tooltip(row) if column.tooltip else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return (column.spoken or column.text)(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return column.align | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole:
                return column.color(row) if column.color else None
            case _ if role == SORT_ROLE:
                return (column.sort or column.text)(row)
            case _ if role == ROW_ROLE:
                return row
            case _:
                return None
