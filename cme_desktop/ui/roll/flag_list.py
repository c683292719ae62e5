"""What is to be done in a life: the flags that stand, each with its duty and when it is due."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QListView

from cme_desktop.casework.in_words import capital, say_day
from cme_desktop.policy.rule import Flag, Severity
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.severity_shape import SHAPE_OF, paint_shape

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

_PAD: Final = 6
_LEFT: Final = 26


def flag_model() -> RowTableModel[Flag]:
    """Build an empty model of flags; the list shows and speaks it."""
    return RowTableModel[Flag]((Column("Duty", lambda flag: flag.duty.what, tooltip=_tooltip, spoken=_spoken),))


class FlagDelegate(RowDelegate[Flag]):
    """Paints one duty in as many lines as it needs: shape, what to do, why, and when it is due."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        flag: Flag = index.data(ROW_ROLE)
        view = option.widget
        width = self._room(view.viewport().width() if isinstance(view, QListView) else 400)
        return QSize(200, sum(self._heights(flag, width)) + 2 * self.theme.scaled(_PAD))

    def paint_row(self, painter: QPainter, box: QRect, row: Flag, state: RowState) -> None:
        if state.is_current:
            self.fill_selected(painter, box, state, bar=False)
        else:
            self.fill_hovered(painter, box, state)
            self.rule_off(painter, box)
        side, pad = self.theme.scaled(16), self.theme.scaled(_PAD)
        place = QRectF(box.left() + 2, box.top() + pad + 1, side, side)
        paint_shape(painter, place, SHAPE_OF[row.severity], self.theme, is_selected=state.is_current)
        width = self._room(box.width())
        left, top = box.left() + self.theme.scaled(_LEFT), box.top() + pad
        for (words, role, token), tall in zip(_lines(row), self._heights(row, width), strict=True):
            painter.setFont(self.theme.font(role))
            painter.setPen(self.ink(token, on_selection=state.is_current))
            painter.drawText(QRect(left, top, width, tall), _WRAP, self.theme.names.say(words))
            top += tall

    def _room(self, width: int) -> int:
        return max(80, width - self.theme.scaled(_LEFT + 8))

    def _heights(self, flag: Flag, width: int) -> list[int]:
        return [
            QFontMetrics(self.theme.font(role)).boundingRect(QRect(0, 0, width, 4000), _WRAP, words).height()
            for words, role, _ in _lines(flag)
        ]


_WRAP: Final = 0x1000
"""Qt.TextWordWrap as the number that both the metrics and the painter take."""


def _lines(flag: Flag) -> tuple[tuple[str, str, str], ...]:
    pressing = {Severity.NOW: "now", Severity.TODAY: "today"}.get(flag.severity, "text2")
    return (
        (capital(flag.duty.what), "body-strong", "text"),
        (flag.finding.sentence, "body", "text2"),
        (f"{_say_due(flag)}. For the {flag.duty.by.in_words}.", "small-strong" if flag.due else "small", pressing),
    )


def _say_due(flag: Flag) -> str:
    if flag.due is None:
        return "No date"
    clock = f", {flag.due.by.hour}:{flag.due.by.minute:02d}" if flag.due.by else ""
    return f"{'Late, due' if flag.overdue else 'Due'} {say_day(flag.due.on)}{clock}"


def _tooltip(flag: Flag) -> str:
    return "\n".join((flag.title, *(str(reference) for reference in flag.references)))


def _spoken(flag: Flag) -> str:
    return ", ".join((SHAPE_OF[flag.severity].value, *(words for words, _, _ in _lines(flag))))
