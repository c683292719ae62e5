"""How the checklist's headings and rows are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cme_desktop.casework.today.rows import TodayRow, Tone
from cme_desktop.ui.today.checklist_model import ITEM_ROLE, ChecklistModel, Heading
from cme_desktop.ui.today.shapes import DRAWN
from cme_desktop.ui.widgets.holding_list import is_held
from cme_desktop.ui.widgets.severity_shape import paint_shape

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_Index = QModelIndex | QPersistentModelIndex
_TONES: Final = {Tone.NOW: "now", Tone.TODAY: "today", Tone.PLAIN: "text2"}
_MOST_DOTS: Final = 8


class ChecklistDelegate(QStyledItemDelegate):
    """Draws from the model's items; ``is_low`` takes the low heights."""

    def __init__(self, theme: Theme, model: ChecklistModel, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._theme = theme
        self._model = model
        self._view = view
        self.is_low = False

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        is_heading = isinstance(index.data(ITEM_ROLE), Heading)
        tall = (28 if self.is_low else 30) if is_heading else (42 if self.is_low else 46)
        return QSize(option.rect.width(), self._theme.scaled(tall))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        item = index.data(ITEM_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(item, Heading):
            self._paint_heading(painter, option, item, is_first=index.row() == 0)
        elif isinstance(item, TodayRow):
            with self._theme.names.lifted(for_this=is_held(self._view, index)):
                self._paint_row(painter, option, item)
        painter.restore()

    # -- headings ----------------------------------------------------------------------------------------------

    def _paint_heading(
        self, painter: QPainter, option: QStyleOptionViewItem, heading: Heading, *, is_first: bool
    ) -> None:
        rect, theme = option.rect, self._theme
        if option.state & QStyle.StateFlag.State_Selected:
            self._paint_selected(painter, rect)
        if not is_first:
            painter.setPen(QPen(theme.color("line"), theme.palette.border))
            painter.drawLine(QPointF(rect.left(), rect.top() + 0.5), QPointF(rect.right(), rect.top() + 0.5))
        side = theme.scaled(14)
        name = "chevron-down" if heading.is_open else "chevron-right"
        icon = theme.pixmap(name, "text2", 14, self._view.devicePixelRatioF())
        painter.drawPixmap(QRect(rect.left() + theme.scaled(12), rect.center().y() - side // 2 + 1, side, side), icon)
        left = rect.left() + theme.scaled(34)
        font = theme.font("body-strong")
        base = self._middle_base(rect, QFontMetrics(font))
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        painter.drawText(left, base, heading.section.title)
        left += QFontMetrics(font).horizontalAdvance(heading.section.title) + theme.scaled(8)
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text2"))
        painter.drawText(left, base, str(heading.section.left))

    @staticmethod
    def _middle_base(rect: QRect, metrics: QFontMetrics) -> int:
        return rect.center().y() + (metrics.ascent() - metrics.descent()) // 2 + 1

    # -- rows --------------------------------------------------------------------------------------------------

    def _paint_row(self, painter: QPainter, option: QStyleOptionViewItem, row: TodayRow) -> None:
        rect, theme = option.rect, self._theme
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            self._paint_selected(painter, rect)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, theme.color("sunken"))
        ink = "on_sel" if selected else "text"
        second = "on_sel" if selected and theme.palette.is_high_contrast else "text2"
        if row.done:
            ink = second
        first, below = self._bases(rect)
        self._paint_shape(painter, rect, row, first, selected=selected)
        room = self._paint_due(painter, rect, row, first, below, selected=selected)
        left = rect.left() + theme.scaled(38)
        name_font = theme.font("body" if row.done else "row")
        painter.setFont(name_font)
        painter.setPen(theme.color(ink))
        metrics = QFontMetrics(name_font)
        beside = theme.names.say(self._model.beside_of(row))
        beside_wide = QFontMetrics(theme.font("small")).horizontalAdvance(beside) if beside else 0
        width = max(theme.scaled(60), room - left - theme.scaled(8) - min(beside_wide, theme.scaled(110)))
        name = metrics.elidedText(theme.names.say(self._model.name_of(row)), Qt.TextElideMode.ElideRight, width)
        painter.drawText(left, first, name)
        self._paint_beside(
            painter, beside, left + metrics.horizontalAdvance(name) + theme.scaled(8), first, room, second
        )
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color(second))
        dots = rect.right() - theme.scaled(14) - self._dots_wide(row) - theme.scaled(8)
        why = QFontMetrics(theme.font("body")).elidedText(
            theme.names.say(row.why), Qt.TextElideMode.ElideRight, dots - left
        )
        painter.drawText(left, below, why)

    def _bases(self, rect: QRect) -> tuple[int, int]:
        scale = self._theme.scaled
        return (rect.top() + scale(18), rect.top() + scale(36)) if self.is_low else (
            rect.top() + scale(20), rect.top() + scale(38)
        )  # fmt: skip

    def _paint_selected(self, painter: QPainter, rect: QRect) -> None:
        theme = self._theme
        painter.fillRect(rect, theme.color("sel"))
        painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), theme.color("accent"))
        if self._view.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 1.5))
            painter.drawRect(QRectF(rect).adjusted(0.75, 0.75, -0.75, -0.75))

    def _paint_shape(self, painter: QPainter, rect: QRect, row: TodayRow, base: int, *, selected: bool) -> None:
        side = self._theme.scaled(14)
        top = base - side + self._theme.scaled(2)
        place = QRectF(rect.left() + self._theme.scaled(14), top, side, side)
        paint_shape(painter, place, DRAWN[row.shape], self._theme, is_selected=selected)

    def _paint_beside(self, painter: QPainter, beside: str, left: int, base: int, room: int, ink: str) -> None:
        if not beside:
            return
        font = self._theme.font("small")
        painter.setFont(font)
        painter.setPen(self._theme.color(ink))
        cut = QFontMetrics(font).elidedText(beside, Qt.TextElideMode.ElideRight, max(0, room - left))
        painter.drawText(left, base, cut)

    def _paint_due(
        self, painter: QPainter, rect: QRect, row: TodayRow, first: int, below: int, *, selected: bool
    ) -> int:
        theme = self._theme
        right = rect.right() - theme.scaled(14)
        swaps = selected and theme.palette.is_high_contrast
        font = theme.font("body-strong")
        wide = QFontMetrics(font).horizontalAdvance(row.due_words)
        painter.setFont(font)
        painter.setPen(theme.color("on_sel" if swaps else _TONES[row.tone]))
        painter.drawText(right - wide, first, row.due_words)
        self._paint_dots(painter, row, right, below, ink="on_sel" if swaps else "text2")
        return right - wide - theme.scaled(8)

    def _dots_wide(self, row: TodayRow) -> int:
        return min(len(row.dots), _MOST_DOTS) * self._theme.scaled(11)

    def _paint_dots(self, painter: QPainter, row: TodayRow, right: int, below: int, *, ink: str) -> None:
        theme = self._theme
        radius = theme.scaled(8) / 2
        color = theme.color(ink)
        x = right - self._dots_wide(row) + theme.scaled(11) - radius
        for tried in row.dots[:_MOST_DOTS]:
            painter.setPen(QPen(color, 1.3))
            painter.setBrush(color if tried else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(x, below - theme.scaled(5)), radius, radius)
            x += theme.scaled(11)
