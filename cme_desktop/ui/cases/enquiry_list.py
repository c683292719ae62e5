"""The enquiries checklist: each row is one target; Enter says who, when, how and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy

from cme_desktop.casework.enquiries import EnquiryLine
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.keyboard_list import KeyboardList

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QKeyEvent, QResizeEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from cme_desktop.ui.style.theme import Theme

_ROW: Final = 25
_SHAPE: Final = 18
_TOKEN: Final = {
    EnquiryState.NOT_STARTED: "line2",
    EnquiryState.TRIED: "today",
    EnquiryState.WAITING: "accent",
    EnquiryState.DONE: "ok",
    EnquiryState.NOT_APPLICABLE: "line2",
    EnquiryState.WITH_AUTHORITY: "line2",
}
_WORD_TOKEN: Final = {
    EnquiryState.NOT_STARTED: "text",
    EnquiryState.TRIED: "today",
    EnquiryState.WAITING: "accent",
}


def enquiry_model() -> RowTableModel[EnquiryLine]:
    """Build an empty checklist."""
    return RowTableModel[EnquiryLine](
        (Column("Enquiry", lambda line: line.item.name, tooltip=_tooltip, spoken=_spoken),)
    )


def _spoken(line: EnquiryLine) -> str:
    suggested = "as the history suggests" if line.is_suggested else ""
    parts = (line.item.id, line.item.name, line.state.in_words, suggested, line.progress)
    return ", ".join(part for part in parts if part)


def _tooltip(line: EnquiryLine) -> str:
    latest = line.latest
    said = f"{latest.outcome or latest.reason}" if latest else ""
    return "\n".join(part for part in (line.item.about, line.progress, said) if part)


class EnquiryDelegate(RowDelegate[EnquiryLine]):
    """Paints one enquiry: the shape of its state, its id and name, and the state in words on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, self.theme.scaled(_ROW))

    def paint_row(self, painter: QPainter, box: QRect, row: EnquiryLine, state: RowState) -> None:
        if state.is_current:
            self.fill_selected(painter, box, state, bar=False)
        else:
            self.fill_hovered(painter, box, state)
            self.rule_off(painter, box)
        side = self.theme.scaled(_SHAPE)
        place = QRectF(box.left(), box.center().y() - side / 2 + 1, side, side)
        ink = self.ink(_TOKEN[row.state], on_selection=state.is_current)
        ground = self.theme.color("sel" if state.is_current else "surface")
        paint_enquiry_state(painter, place, row.state, ink=ink, ground=ground)
        self._write_words(painter, box, row, on_selection=state.is_current)

    def _write_words(self, painter: QPainter, box: QRect, row: EnquiryLine, *, on_selection: bool) -> None:
        base = self.middle_of(box, "body")
        role = "body-strong" if row.state in _WORD_TOKEN else "body"
        token = _WORD_TOKEN.get(row.state, "text2")
        word = row.state.in_words
        end = self.write_right(painter, box.right(), base, word, role, token, on_selection=on_selection)
        left, room = box.left() + self.theme.scaled(26), self.theme.scaled(34)
        self.write(painter, left, base, row.item.id, "small", "text3", room=room, on_selection=on_selection)
        left += room
        room = end - self.theme.scaled(8) - left
        self.write(painter, left, base, row.item.name, "body", "text", room=room, on_selection=on_selection)


def paint_enquiry_state(painter: QPainter, place: QRectF, state: EnquiryState, *, ink: QColor, ground: QColor) -> None:
    """Draw the shape of a state: ring, ring with bar, half filled, filled with a tick, struck ring."""
    painter.save()
    painter.translate(place.topLeft())
    painter.scale(place.width() / 18, place.height() / 18)
    middle = QPointF(9, 9)
    painter.setPen(QPen(ink, 1.7))
    painter.setBrush(ink if state is EnquiryState.DONE else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(middle, 6, 6)
    match state:
        case EnquiryState.TRIED:
            painter.drawLine(QPointF(5.8, 9), QPointF(12.2, 9))
        case EnquiryState.WAITING:
            half = QPainterPath(QPointF(9, 3))
            half.arcTo(QRectF(3, 3, 12, 12), 90, -180)
            painter.fillPath(half, ink)
        case EnquiryState.DONE:
            painter.setPen(QPen(ground, 1.8, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline([QPointF(6, 9.2), QPointF(8.2, 11.3), QPointF(12, 6.9)])
        case EnquiryState.NOT_APPLICABLE:
            painter.drawLine(QPointF(5, 13), QPointF(13, 5))
        case EnquiryState.WITH_AUTHORITY:
            painter.setBrush(ink)
            painter.drawEllipse(middle, 1.4, 1.4)
        case EnquiryState.NOT_STARTED:
            pass
    painter.restore()


class FittedList(KeyboardList):
    """A list as tall as its rows, so that the pane around it scrolls and not the list."""

    opened = Signal(object)

    def __init__(self, theme: Theme, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self._open)
        theme.changed.connect(self.fit)

    def fit(self) -> None:
        """Take the height of the rows that are shown."""
        shown = [row for row in range(self.model().rowCount()) if not self.isRowHidden(row)]
        self.setFixedHeight(sum(self.sizeHintForRow(row) for row in shown))
        self.scheduleDelayedItemsLayout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # rows of wrapped words are taller in a narrower pane
        self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(ROW_ROLE))
