"""The conditions of a life: each holds, is missing or is not asked, with what proves it or what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QListView

from cme_desktop.casework.lives.life import Check, CheckState
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.ui.cases.enquiry_list import paint_enquiry_state
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QStyleOptionViewItem

_PAD: Final = 5
_LEFT: Final = 26
_SHAPE: Final = 16
_WRAP: Final = 0x1000
"""Qt.TextWordWrap as the number that both the metrics and the painter take."""

_SHAPES: Final = {
    CheckState.HOLDS: EnquiryState.DONE,
    CheckState.MISSING: EnquiryState.NOT_STARTED,
    CheckState.NOT_ASKED: EnquiryState.NOT_APPLICABLE,
}
_TOKENS: Final = {CheckState.HOLDS: "ok", CheckState.MISSING: "today", CheckState.NOT_ASKED: "text3"}
_WORDS: Final = {CheckState.HOLDS: "Holds", CheckState.MISSING: "Missing", CheckState.NOT_ASKED: "Not asked"}


def check_model() -> RowTableModel[Check]:
    """Build an empty model of conditions; the list shows and speaks it."""
    return RowTableModel[Check]((Column("Condition", lambda check: check.text, tooltip=_tooltip, spoken=_spoken),))


class CheckDelegate(RowDelegate[Check]):
    """Paints one condition in as many lines as it needs: its shape, what it asks, and what proves it or is missing."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        check: Check = index.data(ROW_ROLE)
        view = option.widget
        width = self._room(view.viewport().width() if isinstance(view, QListView) else 400)
        return QSize(200, sum(self._heights(check, width)) + 2 * self.theme.scaled(_PAD))

    def paint_row(self, painter: QPainter, box: QRect, row: Check, state: RowState) -> None:
        if state.is_current:
            self.fill_selected(painter, box, state, bar=False)
        else:
            if row.key:
                self.fill_hovered(painter, box, state)
            self.rule_off(painter, box)
        side, pad = self.theme.scaled(_SHAPE), self.theme.scaled(_PAD)
        place = QRectF(box.left() + 2, box.top() + pad + 2, side, side)
        ground = self.theme.color("sel" if state.is_current else "surface")
        ink = self.ink(_TOKENS[row.state], on_selection=state.is_current)
        paint_enquiry_state(painter, place, _SHAPES[row.state], ink=ink, ground=ground)
        width = self._room(box.width())
        left, top = box.left() + self.theme.scaled(_LEFT), box.top() + pad
        for (words, role, token), tall in zip(_lines(row), self._heights(row, width), strict=True):
            painter.setFont(self.theme.font(role))
            painter.setPen(self.ink(token, on_selection=state.is_current))
            painter.drawText(QRect(left, top, width, tall), _WRAP, self.theme.names.say(words))
            top += tall

    def _room(self, width: int) -> int:
        return max(80, width - self.theme.scaled(_LEFT + 8))

    def _heights(self, check: Check, width: int) -> list[int]:
        return [
            QFontMetrics(self.theme.font(role)).boundingRect(QRect(0, 0, width, 4000), _WRAP, words).height()
            for words, role, _ in _lines(check)
        ]


def _lines(check: Check) -> tuple[tuple[str, str, str], ...]:
    if check.state is CheckState.MISSING:
        return ((check.text, "body-strong", "text"), (f"Missing. {check.words}", "small-strong", "today"))
    asked = check.state is CheckState.HOLDS
    return ((check.text, "body", "text" if asked else "text2"), (check.words, "small", "text2"))


def _tooltip(check: Check) -> str:
    return "\n".join(part for part in (check.text, _WORDS[check.state], check.words) if part)


def _spoken(check: Check) -> str:
    return ", ".join(part for part in (check.text, _WORDS[check.state], check.words) if part)
