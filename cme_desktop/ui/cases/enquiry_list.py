"""The enquiries checklist: each row is one target; Enter says who, when, how and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QListView, QSizePolicy, QStyle, QStyledItemDelegate

from cme_desktop.casework.enquiries import EnquiryLine
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QKeyEvent
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


class EnquiryDelegate(QStyledItemDelegate):
    """Paints one enquiry: the shape of its state, its id and name, and the state in words on the right."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option, index
        return QSize(200, self._theme.scaled(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line: EnquiryLine = index.data(ROW_ROLE)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        is_current = bool(state & QStyle.StateFlag.State_Selected and state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, box, state, is_current=is_current)
        self._paint_state(painter, box, line.state, is_current=is_current)
        self._paint_words(painter, box, line, is_current=is_current)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRect, state: QStyle.StateFlag, *, is_current: bool) -> None:
        if is_current:
            painter.fillRect(box, self._theme.color("sel"))
            painter.setPen(QPen(self._theme.color("focus"), 1.5))
            painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))
            return
        if state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, self._theme.color("sunken"))
        painter.setPen(QPen(self._theme.color("line"), self._theme.palette.border))
        painter.drawLine(box.left(), box.bottom(), box.right(), box.bottom())

    def _paint_state(self, painter: QPainter, box: QRect, state: EnquiryState, *, is_current: bool) -> None:
        side = self._theme.scaled(_SHAPE)
        place = QRectF(box.left(), box.center().y() - side / 2 + 1, side, side)
        ink = self._ink(_TOKEN[state], is_current=is_current)
        ground = self._theme.color("sel" if is_current else "surface")
        paint_enquiry_state(painter, place, state, ink=ink, ground=ground)

    def _paint_words(self, painter: QPainter, box: QRect, line: EnquiryLine, *, is_current: bool) -> None:
        is_plain = line.state not in _WORD_TOKEN
        word_font = self._theme.font("body" if is_plain else "body-strong")
        word = line.state.in_words
        width = QFontMetrics(word_font).horizontalAdvance(word)
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.setFont(word_font)
        painter.setPen(self._ink(_WORD_TOKEN.get(line.state, "text2"), is_current=is_current))
        painter.drawText(QRect(box.right() - width, box.top(), width + 1, box.height()), middle, word)
        left = box.left() + self._theme.scaled(26)
        painter.setFont(self._theme.font("small"))
        painter.setPen(self._ink("text3", is_current=is_current))
        painter.drawText(QRect(left, box.top(), self._theme.scaled(34), box.height()), middle, line.item.id)
        left += self._theme.scaled(34)
        body = self._theme.font("body")
        room = box.right() - width - self._theme.scaled(8) - left
        name = QFontMetrics(body).elidedText(line.item.name, Qt.TextElideMode.ElideRight, room)
        painter.setFont(body)
        painter.setPen(self._ink("text", is_current=is_current))
        painter.drawText(QRect(left, box.top(), room, box.height()), middle, name)

    def _ink(self, token: str, *, is_current: bool) -> QColor:
        swaps = is_current and self._theme.palette.is_high_contrast
        return self._theme.color("on_sel" if swaps else token)


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


class FittedList(QListView):
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self.currentIndex().isValid():
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(ROW_ROLE))
