"""A pupil's contacts in ringing order: who, which home, which numbers, and how each has worked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from cme_desktop.casework.contacts import ContactLine, Move, NumberRow
from cme_desktop.casework.in_words import say_day
from cme_desktop.domain.contacts import Household, NumberQuality
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.keyboard_list import KeyboardList

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPaintEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from cme_desktop.ui.style.theme import Theme

_ROW: Final = 48
_HOMES: Final = {Household.HOME: "same home", Household.ELSEWHERE: "another home"}
_BAD: Final = frozenset({NumberQuality.DEAD, NumberQuality.DOUBTFUL, NumberQuality.MISSING})


def contact_model() -> RowTableModel[ContactLine]:
    """Build an empty list of contacts."""
    return RowTableModel[ContactLine](
        (Column("Contact", lambda line: line.relation, tooltip=_tooltip, spoken=_spoken),)
    )


def _spoken(line: ContactLine) -> str:
    contact = line.contact
    who = f"Ring {contact.rank}: {line.relation}, {contact.name}, {_HOMES[contact.household]}"
    if contact.do_not_contact:
        return f"Do not contact: {line.relation}, {contact.name}. {contact.do_not_contact_ground}"
    said = [f"{row.number.text}, {row.in_words}" for row in line.numbers] or ["no number held"]
    return ", ".join((who, *said, contact.voicemail_warning)).rstrip(", ")


def _tooltip(line: ContactLine) -> str:
    contact = line.contact
    rights = {True: "Parental responsibility", False: "No parental responsibility", None: ""}
    ground = f"Do not contact: {contact.do_not_contact_ground}" if contact.do_not_contact else ""
    language = f"Language: {contact.language}" if contact.language else ""
    said = (contact.name, rights[contact.parental_responsibility], ground, language, contact.notes)
    return "\n".join(part for part in said if part)


def column_lefts(width: int, *, is_narrow: bool) -> tuple[int, int, int, int]:
    """Say where the columns begin, in parts of the width: who, home, number, how it has worked."""
    if is_narrow:
        return (0, 0, 0, round(width * 0.62))
    return (0, round(width * 0.34), round(width * 0.52), round(width * 0.73))


class ContactHeader(QWidget):
    """The words above the columns; assistive tools read the rows, which say the same."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.is_narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(200, self._theme.scaled(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        theme = self._theme
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text2"))
        indent = theme.scaled(40)
        _, home, number, worked = column_lefts(self.width() - indent, is_narrow=self.is_narrow)
        said = [(4, "Ring"), (indent, "Who"), (indent + worked, "How it has worked")]
        if not self.is_narrow:
            said += [(indent + home, "Home"), (indent + number, "Number")]
        for left, words in said:
            painter.drawText(left, self.height() - theme.scaled(10), words)
        painter.setPen(QPen(theme.color("line"), 2))
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class ContactDelegate(RowDelegate[ContactLine]):
    """Paints one contact; a number that must not be rung is never shown."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._theme = theme
        self.is_narrow = False

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        line: ContactLine = index.data(ROW_ROLE)
        numbers = max(1, len(line.numbers)) if not line.contact.do_not_contact else 1
        extra = 18 if line.contact.voicemail_warning and not line.contact.do_not_contact else 0
        stacked = 22 * numbers if self.is_narrow else 0
        tall = _ROW + 38 * (numbers - 1) if not self.is_narrow else _ROW + stacked
        return QSize(300, self._theme.scaled(tall + extra))

    def paint_row(self, painter: QPainter, box: QRect, row: ContactLine, state: RowState) -> None:
        self._paint_ground(painter, box, row, state)
        self._paint_disc(painter, box, row)
        self._paint_who(painter, box, row)
        if row.contact.do_not_contact:
            self._paint_ban(painter, box, row)
        else:
            self._paint_numbers(painter, box, row)

    def _paint_ground(self, painter: QPainter, box: QRect, line: ContactLine, state: RowState) -> None:
        theme = self._theme
        if line.contact.do_not_contact:
            painter.fillRect(box, theme.color("now_tint"))
        elif state.is_current:
            painter.fillRect(box, theme.color("sel") if not theme.palette.is_high_contrast else theme.color("bg"))
        else:
            self.fill_hovered(painter, box, state)
        self.rule_off(painter, box)
        if state.is_current:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))

    def _paint_disc(self, painter: QPainter, box: QRect, line: ContactLine) -> None:
        theme = self._theme
        middle = QPointF(box.left() + theme.scaled(17), box.top() + theme.scaled(_ROW) / 2)
        if line.contact.do_not_contact:
            self._paint_icon(painter, "ban", "now", middle, 18)
            return
        painter.setPen(QPen(theme.color("line2"), 1.3))
        painter.setBrush(theme.color("surface"))
        radius = theme.scaled(13)
        painter.drawEllipse(middle, radius, radius)
        painter.setFont(theme.font("small-strong"))
        painter.setPen(theme.color("text2"))
        disc = QRectF(middle.x() - radius, middle.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(disc, int(Qt.AlignmentFlag.AlignCenter), str(line.contact.rank))

    def _paint_who(self, painter: QPainter, box: QRect, line: ContactLine) -> None:
        theme = self._theme
        indent = theme.scaled(40)
        _, home, _, worked = column_lefts(box.width() - indent, is_narrow=self.is_narrow)
        room = (worked if self.is_narrow else home) - theme.scaled(8)
        left = box.left() + indent
        contact = line.contact
        home_room = 0
        if self.is_narrow:
            where = _HOMES[contact.household]
            home_room = QFontMetrics(theme.font("small")).horizontalAdvance(where) + theme.scaled(10)
            relation = QFontMetrics(theme.font("row")).horizontalAdvance(line.relation)
            after = left + min(relation, room - home_room) + theme.scaled(8)
            self._line(painter, after, box.top() + theme.scaled(20), where, "small", "text2", home_room)
        self._line(painter, left, box.top() + theme.scaled(20), line.relation, "row", "text", room - home_room)
        name = contact.name or "no name"
        self._line(painter, left, box.top() + theme.scaled(39), name, "body", "text2", room)
        if not self.is_narrow:
            middle = box.top() + theme.scaled(29)
            self._line(painter, left + home, middle, _HOMES[contact.household], "body", "text2", theme.scaled(140))
        if contact.voicemail_warning and not contact.do_not_contact:
            below = box.bottom() - theme.scaled(8)
            self._line(painter, left, below, contact.voicemail_warning, "small-strong", "today", box.width() - indent)

    def _paint_ban(self, painter: QPainter, box: QRect, line: ContactLine) -> None:
        theme = self._theme
        indent = theme.scaled(40)
        _, _, number, worked = column_lefts(box.width() - indent, is_narrow=self.is_narrow)
        left = box.left() + indent + (worked if self.is_narrow else number)
        room = box.right() - left
        self._line(painter, left, box.top() + theme.scaled(20), "Do not contact", "body-strong", "now", room)
        ground = line.contact.do_not_contact_ground
        if self.is_narrow:
            left, room = box.left() + indent, box.width() - indent
        self._line(
            painter, left, box.top() + theme.scaled(60 if self.is_narrow else 39), ground, "small", "text2", room
        )

    def _paint_numbers(self, painter: QPainter, box: QRect, line: ContactLine) -> None:
        theme = self._theme
        indent = theme.scaled(40)
        _, _, number, worked = column_lefts(box.width() - indent, is_narrow=self.is_narrow)
        left = box.left() + indent
        if not line.numbers:
            top = box.top() + theme.scaled(29 + (29 if self.is_narrow else 0))
            self._line(painter, left + number, top, "none held", "body-strong", "text2", theme.scaled(140))
            place = QRect(left + worked, box.top(), box.right() - left - worked, box.height())
            self._worked(painter, place, "circle-dashed", ("no number", "ask at the gate"), token="today")  # noqa: S106
            return
        for nth, row in enumerate(line.numbers):
            top = box.top() + theme.scaled((22 if self.is_narrow else 38) * nth)
            base = top + theme.scaled(60 if self.is_narrow else 29)
            self._number(painter, left + number, base, row)
            self._worked_row(painter, QRect(left + worked, top, box.right() - left - worked, box.height()), row)

    def _number(self, painter: QPainter, left: int, base: int, row: NumberRow) -> None:
        font = self._theme.font("heading")
        is_dead = row.number.quality is NumberQuality.DEAD
        font.setStrikeOut(is_dead)
        painter.setFont(font)
        painter.setPen(self._theme.color("text2" if is_dead else "text"))
        painter.drawText(left, base, row.number.text)

    def _worked_row(self, painter: QPainter, place: QRect, row: NumberRow) -> None:
        is_bad = row.number.quality in _BAD or "wrong" in row.in_words
        token = "today" if is_bad else "ok" if row.answered else "text2"
        icon = "phone-off" if row.number.quality in _BAD else "phone"
        last = f"last {say_day(row.last_tried)}" if row.last_tried else ""
        self._worked(painter, place, icon, (row.in_words, last), token=token)

    def _worked(self, painter: QPainter, place: QRect, icon: str, words: tuple[str, str], *, token: str) -> None:
        theme = self._theme
        left, top = place.left(), place.top()
        base = theme.scaled(20 if words[1] or self.is_narrow else 29)
        middle = QPointF(left + theme.scaled(7), top + base - theme.scaled(5))
        self._paint_icon(painter, icon, token, middle, 14)
        left += theme.scaled(21)
        room = place.right() - left - theme.scaled(4)
        role, ink = ("body-strong", "today") if token == "today" else ("body", "text")  # noqa: S105  a colour
        self._line(painter, left, top + base, words[0], role, ink, room)
        if not self.is_narrow:
            self._line(painter, left, top + theme.scaled(39), words[1], "small", "text2", room)

    def _paint_icon(self, painter: QPainter, name: str, token: str, middle: QPointF, size: int) -> None:
        picture = self._theme.pixmap(name, token, size, painter.device().devicePixelRatio())
        half = self._theme.scaled(size) / 2
        painter.drawPixmap(QPointF(middle.x() - half, middle.y() - half), picture)

    def _line(self, painter: QPainter, left: int, base: int, words: str, role: str, token: str, room: int) -> None:
        self.write(painter, left, base, words, role, token, room=room)


class ContactListView(KeyboardList):
    """The list: Enter changes a contact, Alt and an arrow key moves one, Delete takes one off."""

    opened = Signal(object)
    moved = Signal(object, object)
    removed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._delegate = ContactDelegate(theme, self)
        self.setAccessibleName("Contacts in ringing order")
        self.setAccessibleDescription("Enter changes a contact. Alt and an arrow key change the order.")
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.doubleClicked.connect(self._open)
        theme.changed.connect(self.fit)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Stack the number under the name where there is little room."""
        self._delegate.is_narrow = is_narrow
        self.fit()

    def fit(self) -> None:
        """Take the height of the rows."""
        self.scheduleDelayedItemsLayout()
        self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(self.model().rowCount())) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if not index.isValid():
            super().keyPressEvent(event)
            return
        moves = {Qt.Key.Key_Up: Move.UP, Qt.Key.Key_Down: Move.DOWN}
        is_alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if is_alt and event.key() in moves:
            self.moved.emit(index.data(ROW_ROLE), moves[Qt.Key(event.key())])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(index)
        elif event.key() == Qt.Key.Key_Delete:
            self.removed.emit(index.data(ROW_ROLE))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer by the mouse, or the menu key, what the keys do."""
        index = self.indexAt(event.pos())
        if not index.isValid():
            return
        line = index.data(ROW_ROLE)
        menu = QMenu(self)
        menu.addAction("Change\tEnter", lambda: self.opened.emit(line))
        earlier = menu.addAction("Ring earlier\tAlt Up", lambda: self.moved.emit(line, Move.UP))
        later = menu.addAction("Ring later\tAlt Down", lambda: self.moved.emit(line, Move.DOWN))
        earlier.setEnabled(index.row() > 0)
        later.setEnabled(index.row() < self.model().rowCount() - 1)
        menu.addAction("Take off the list\tDelete", lambda: self.removed.emit(line))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(ROW_ROLE))
