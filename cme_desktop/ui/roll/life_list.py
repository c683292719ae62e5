"""The list of a life: who, what stands, and when the next thing is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QFontMetrics, QPainter

from cme_desktop.casework.lives.life import LifeRow
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_list_view import RowListView
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.severity_shape import SHAPE_OF, paint_shape

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from cme_desktop.ui.style.theme import Theme

_ROW: Final = 58
_INSET: Final = 38
_SHAPE: Final = 16
_PAD: Final = 14


class LifeListModel(RowTableModel[LifeRow]):
    """Lines in the order given; while names are hidden each line says its hidden name."""

    def __init__(self) -> None:
        self.names_hidden = False
        super().__init__((Column("Child", self.name_of, tooltip=self._tooltip, spoken=self._spoken),))

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name."""
        self.names_hidden = hidden
        self.set_rows(self.rows)

    def name_of(self, row: LifeRow) -> str:
        """The name, or what stands for it while names are hidden."""
        return row.hidden_name if self.names_hidden else row.name

    def position_of(self, key: str | None) -> int:
        """The line with this key; else the first about the pupil whose id it is, else -1."""
        keys = [row.key for row in self.rows]
        if key in keys:
            return keys.index(key)
        return next((place for place, row in enumerate(self.rows) if str(row.pupil_id) == key), -1)

    def _tooltip(self, row: LifeRow) -> str:
        return "\n".join(part for part in (self.name_of(row), row.detail, row.when) if part)

    def _spoken(self, row: LifeRow) -> str:
        urgency = SHAPE_OF[row.severity].value if row.severity is not None else ""
        beside = "" if self.names_hidden else row.beside
        return ", ".join(part for part in (self.name_of(row), beside, urgency, row.detail, row.when) if part)


class LifeDelegate(RowDelegate[LifeRow]):
    """Paints one line in two: its shape, the name with what is beside it, and below what stands."""

    def __init__(self, theme: Theme, model: LifeListModel, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, self.theme.scaled(_ROW))

    def paint_row(self, painter: QPainter, box: QRect, row: LifeRow, state: RowState) -> None:
        if state.is_selected:
            self.fill_selected(painter, box, state)
        else:
            self.fill_hovered(painter, box, state)
            self.rule_off(painter, box, left=self.theme.scaled(_INSET))
        if row.severity is not None:
            side = self.theme.scaled(_SHAPE)
            place = QRectF(box.left() + self.theme.scaled(13), box.top() + self.theme.scaled(9), side, side)
            paint_shape(painter, place, SHAPE_OF[row.severity], self.theme, is_selected=state.is_selected)
        self._write_upper(painter, box, row, on_selection=state.is_selected)
        left, base = box.left() + self.theme.scaled(_INSET), box.top() + self.theme.scaled(45)
        room = box.right() - self.theme.scaled(_PAD) - left
        self.write(painter, left, base, row.detail, "body", "text2", room=room, on_selection=state.is_selected)

    def _write_upper(self, painter: QPainter, box: QRect, row: LifeRow, *, on_selection: bool) -> None:
        base, gap = box.top() + self.theme.scaled(23), self.theme.scaled(8)
        end = box.right() - self.theme.scaled(_PAD)
        right = self.write_right(painter, end, base, row.when, "body-strong", _token(row), on_selection=on_selection)
        left = box.left() + self.theme.scaled(_INSET)
        beside = "" if self._model.names_hidden else row.beside
        wide = QFontMetrics(self.theme.font("small")).horizontalAdvance(beside)
        name = self._model.name_of(row)
        room = max(40, right - left - wide - 2 * gap)
        token = "text3" if row.is_quiet else "text"
        after = self.write(painter, left, base, name, "row", token, room=room, on_selection=on_selection)
        self.write(painter, after + gap, base, beside, "small", "text2", room=wide + 2, on_selection=on_selection)


def _token(row: LifeRow) -> str:
    if row.severity is Severity.NOW:
        return "now"
    return "today" if row.severity is Severity.TODAY or row.overdue else "text2"


class LifeListView(RowListView):
    """The list of a life."""

    def __init__(self, theme: Theme, model: LifeListModel, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, model, name=name, parent=parent)
        self.setItemDelegate(LifeDelegate(theme, model, self))
