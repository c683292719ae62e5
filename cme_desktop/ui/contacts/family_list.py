"""The families, those with thin contact lists first; found by typing a name or a part of a number."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate

from cme_desktop.casework.contacts import FamilyRow
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.severity_shape import SHAPE_OF, Shape, paint_shape

if TYPE_CHECKING:
    from PySide6.QtGui import QColor, QFont, QKeyEvent
    from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

    from cme_desktop.ui.style.theme import Theme

_ROW: Final = 46
_GROUP: Final = 32
_INSET: Final = 38
_NO_ACCENT: Final = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"})


@dataclass(frozen=True, slots=True)
class FamilyLine:
    """A family of the list, or the heading of a group."""

    heading: str = ""
    count: int = 0
    is_open: bool = True
    family: FamilyRow | None = None
    place: int = 0


def plain(text: str) -> str:
    """Give text without accents, small, so that lucja finds Łucja."""
    parted = unicodedata.normalize("NFKD", text.casefold().translate(_NO_ACCENT))
    return "".join(char for char in parted if not unicodedata.combining(char))


class FamilyListModel(RowTableModel[FamilyLine]):
    """Groups the families: thin lists, then all. While names are hidden a family is a number."""

    def __init__(self) -> None:
        self.names_hidden = False
        self._families: tuple[FamilyRow, ...] = ()
        self._texts: dict[FamilyRow, str] = {}
        self._wanted = ""
        self._closed: set[str] = set()
        super().__init__((Column("Family", self.name_of, tooltip=self._summary, spoken=self._spoken),))

    def show_families(self, families: tuple[FamilyRow, ...]) -> None:
        """Show these families."""
        self._families = families
        self._texts = {family: plain(family.search_text) for family in families}
        self._fill()

    def find(self, text: str) -> None:
        """Show only the families that the words fit; a number fits however it is spaced."""
        self._wanted = plain(text)
        self._fill()

    def fold(self, heading: str, *, is_open: bool) -> None:
        """Open or close a group."""
        if is_open:
            self._closed.discard(heading)
        else:
            self._closed.add(heading)
        self._fill()

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name."""
        self.names_hidden = hidden
        self._fill()

    def name_of(self, line: FamilyLine) -> str:
        """The family's surnames, the group's heading, or a number while names are hidden."""
        if line.family is None:
            return line.heading
        return f"Family {line.place}" if self.names_hidden else line.family.surnames

    def position_of(self, pupil_id: int) -> int:
        """The row of the pupil's family, or -1."""
        for place, line in enumerate(self.rows):
            if line.family is not None and any(pupil.id == pupil_id for pupil in line.family.pupils):
                return place
        return -1

    def _fill(self) -> None:
        found = [family for family in self._families if self._fits(family)]
        thin = sorted((each for each in found if each.is_thin), key=_worst_first)
        lines = [*self._group("Thin lists", thin), *self._group("All families", [f for f in found if not f.is_thin])]
        self.set_rows(lines)

    def _group(self, heading: str, families: list[FamilyRow]) -> list[FamilyLine]:
        if not families:
            return []
        is_open = heading not in self._closed
        head = FamilyLine(heading=heading, count=len(families), is_open=is_open)
        numbered = [FamilyLine(family=family, place=place) for place, family in enumerate(families, start=1)]
        return [head, *(numbered if is_open else [])]

    def _fits(self, family: FamilyRow) -> bool:
        text = self._texts[family]
        digits = "".join(self._wanted.split())
        if digits.isdigit():
            return digits in text
        return all(part in text for part in self._wanted.split())

    def _summary(self, line: FamilyLine) -> str:
        return line.family.summary if line.family else ""

    def _spoken(self, line: FamilyLine) -> str:
        if line.family is None:
            return f"{line.heading}, {line.count}, {'open' if line.is_open else 'closed'}"
        forenames = "" if self.names_hidden else line.family.forenames
        thin = "thin list" if line.family.is_thin else ""
        parts = (self.name_of(line), forenames, thin, line.family.summary)
        return ", ".join(part for part in parts if part)


def _worst_first(family: FamilyRow) -> tuple[int, str]:
    return (family.severity if family.severity is not None else 9, family.surnames.casefold())


class FamilyDelegate(QStyledItemDelegate):
    """Paints a family in two lines, or the heading of a group with its chevron and count."""

    def __init__(self, theme: Theme, model: FamilyListModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        line: FamilyLine = index.data(ROW_ROLE)
        return QSize(200, self._theme.scaled(_GROUP if line.family is None else _ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line: FamilyLine = index.data(ROW_ROLE)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, box, state)
        if line.family is None:
            self._paint_heading(painter, box, line, is_first=index.row() == 0)
        else:
            is_selected = bool(state & QStyle.StateFlag.State_Selected)
            self._paint_family(painter, box, line, line.family, is_selected=is_selected)
        painter.restore()

    def _paint_ground(self, painter: QPainter, box: QRect, state: QStyle.StateFlag) -> None:
        theme = self._theme
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("sel"))
            painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), theme.color("accent"))
            if state & QStyle.StateFlag.State_HasFocus:
                painter.setPen(QPen(theme.color("focus"), 1.5))
                painter.drawRect(QRectF(box).adjusted(1, 1, -1, -1))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.color("sunken"))

    def _paint_heading(self, painter: QPainter, box: QRect, line: FamilyLine, *, is_first: bool) -> None:
        theme = self._theme
        if not is_first:
            painter.setPen(QPen(theme.color("line"), theme.palette.border))
            painter.drawLine(box.left(), box.top(), box.right(), box.top())
        ratio = painter.device().devicePixelRatio()
        chevron = theme.pixmap("chevron-down" if line.is_open else "chevron-right", "text2", 14, ratio)
        side = theme.scaled(14)
        painter.drawPixmap(box.left() + theme.scaled(12), box.center().y() - side // 2 + 1, chevron)
        base = box.center().y() + theme.scaled(5)
        strong = theme.font("body-strong")
        left = box.left() + theme.scaled(34)
        self._draw(painter, left, base, line.heading, strong, theme.color("text"))
        left += QFontMetrics(strong).horizontalAdvance(line.heading) + theme.scaled(8)
        self._draw(painter, left, base, str(line.count), theme.font("body"), theme.color("text2"))

    def _paint_family(
        self, painter: QPainter, box: QRect, line: FamilyLine, family: FamilyRow, *, is_selected: bool
    ) -> None:
        theme = self._theme
        side = theme.scaled(14)
        place = QRectF(box.left() + theme.scaled(14), box.top() + theme.scaled(9), side, side)
        shape = SHAPE_OF[family.severity] if family.severity is not None else Shape.SETTLED
        paint_shape(painter, place, shape, theme, is_selected=is_selected)
        left, right = box.left() + theme.scaled(_INSET), box.right() - theme.scaled(14)
        row, small, body = theme.font("row"), theme.font("small"), theme.font("body")
        base = box.top() + theme.scaled(20)
        name = _cut(row, self._model.name_of(line), right - left)
        self._draw(painter, left, base, name, row, self._ink("text", is_selected=is_selected))
        after = left + QFontMetrics(row).horizontalAdvance(name) + theme.scaled(8)
        if not self._model.names_hidden and after < right - theme.scaled(30):
            said = _cut(small, family.forenames, right - after)
            self._draw(painter, after, base, said, small, self._ink("text2", is_selected=is_selected))
        below = box.top() + theme.scaled(39)
        words = _cut(body, family.summary, right - left)
        self._draw(painter, left, below, words, body, self._ink("text2", is_selected=is_selected))

    @staticmethod
    def _draw(painter: QPainter, left: int, base: int, words: str, font: QFont, ink: QColor) -> None:
        painter.setFont(font)
        painter.setPen(ink)
        painter.drawText(left, base, words)

    def _ink(self, token: str, *, is_selected: bool) -> QColor:
        swaps = is_selected and self._theme.palette.is_high_contrast
        return self._theme.color("on_sel" if swaps else token)


def _cut(font: QFont, words: str, room: int) -> str:
    return QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, max(20, room))


class FamilyListView(QListView):
    """The list: arrows choose a family, Left and Right close and open a group, Enter goes to the contacts."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, theme: Theme, model: FamilyListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setAccessibleName("Families")
        self.setModel(model)
        self.setItemDelegate(FamilyDelegate(theme, model, self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._choose)
        self.clicked.connect(self._press)
        theme.changed.connect(self.scheduleDelayedItemsLayout)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        line = index.data(ROW_ROLE) if index.isValid() else None
        if line is not None and line.family is None and event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self._fold(line, is_open=event.key() == Qt.Key.Key_Right)
        elif line is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._press(index)
            self.opened.emit(line.family)
        else:
            super().keyPressEvent(event)

    def _press(self, index: QModelIndex) -> None:
        line: FamilyLine = index.data(ROW_ROLE)
        if line.family is None:
            self._fold(line, is_open=not line.is_open)

    def _fold(self, line: FamilyLine, *, is_open: bool) -> None:
        self._model.fold(line.heading, is_open=is_open)
        for place, row in enumerate(self._model.rows):
            if row.heading == line.heading:
                self.setCurrentIndex(self._model.index(place, 0))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid() and index.data(ROW_ROLE).family is not None:
            self.chosen.emit(index.data(ROW_ROLE).family)
