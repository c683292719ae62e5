"""Painting a row of a list by hand: what every such list does alike, whatever its rows say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QWidget

from cme_desktop.ui.row_table_model import ROW_ROLE
from cme_desktop.ui.widgets.holding_list import is_held

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QStyleOptionViewItem

    from cme_desktop.ui.style.theme import Theme

RowT = TypeVar("RowT")


@dataclass(frozen=True, slots=True)
class RowState:
    """How a row stands: chosen, with the keyboard on its list, under the mouse, the first of its list."""

    is_selected: bool
    has_focus: bool
    is_hovered: bool
    is_first: bool

    @property
    def is_current(self) -> bool:
        """Whether the row is chosen and its list has the keyboard."""
        return self.is_selected and self.has_focus


class RowDelegate(QStyledItemDelegate, Generic[RowT]):
    """Gives ``paint_row`` a painter set up and put away, and the row itself."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint_row(self, painter: QPainter, box: QRect, row: RowT, state: RowState) -> None:
        """Paint one row into its box."""
        raise NotImplementedError

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        flags = QStyle.StateFlag
        state = RowState(
            is_selected=bool(option.state & flags.State_Selected),
            has_focus=bool(option.state & flags.State_HasFocus),
            is_hovered=bool(option.state & flags.State_MouseOver),
            is_first=index.row() == 0,
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        with self.theme.names.lifted(for_this=is_held(self.parent(), index)):
            self.paint_row(painter, option.rect, index.data(ROW_ROLE), state)
        painter.restore()

    def fill_selected(self, painter: QPainter, box: QRect, state: RowState, *, bar: bool = True) -> None:
        """Paint what marks a chosen row: its ground, the bar before it, and the line of the focus."""
        painter.fillRect(box, self.theme.color("sel"))
        if bar:
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), self.theme.color("accent"))
        if state.has_focus:
            painter.setPen(QPen(self.ink("focus", on_selection=True), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))

    def fill_hovered(self, painter: QPainter, box: QRect, state: RowState) -> None:
        """Paint the ground of a row under the mouse."""
        if state.is_hovered:
            painter.fillRect(box, self.theme.color("sunken"))

    def rule_off(self, painter: QPainter, box: QRect, *, left: int = 0) -> None:
        """Paint the line below a row, from ``left`` on."""
        painter.setPen(QPen(self.theme.color("line"), self.theme.palette.border))
        painter.drawLine(box.left() + left, box.bottom(), box.right(), box.bottom())

    def ink(self, token: str, *, on_selection: bool) -> QColor:
        """The colour of a token; on the ground of a high-contrast selection everything changes."""
        swaps = on_selection and self.theme.palette.is_high_contrast
        return self.theme.color("on_sel" if swaps else token)

    def middle_of(self, box: QRect, role: str) -> int:
        """Give the base line on which words of a role stand in the middle of a box."""
        metrics = QFontMetrics(self.theme.font(role))
        return box.top() + (box.height() + metrics.ascent() - metrics.descent()) // 2

    def write(
        self,
        painter: QPainter,
        left: int,
        base: int,
        words: str,
        role: str,
        token: str,
        *,
        room: int,
        on_selection: bool = False,
    ) -> int:
        """Write words on a base line, cut where there is no room; say where they end."""
        font = self.theme.font(role)
        words = self.theme.names.say(words)
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, max(20, room))
        painter.setFont(font)
        painter.setPen(self.ink(token, on_selection=on_selection))
        painter.drawText(left, base, shown)
        return left + QFontMetrics(font).horizontalAdvance(shown)

    def write_right(
        self,
        painter: QPainter,
        right: int,
        base: int,
        words: str,
        role: str,
        token: str,
        *,
        on_selection: bool = False,
    ) -> int:
        """Write words that end at ``right``; say where they begin."""
        words = self.theme.names.say(words)
        width = QFontMetrics(self.theme.font(role)).horizontalAdvance(words)
        self.write(painter, right - width, base, words, role, token, room=width + 2, on_selection=on_selection)
        return right - width
