"""The families, those with thin contact lists first; found by typing a name or a part of a number."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPen

from cme_desktop.casework.contacts import FamilyRow
from cme_desktop.ui.row_delegate import RowDelegate, RowState
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.keyboard_list import KeyboardList
from cme_desktop.ui.widgets.severity_shape import SHAPE_OF, Shape, paint_shape

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent
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
        family = line.family
        said = ", ".join(part for part in (family.forenames, family.quiet) if part)
        forenames = "" if self.names_hidden else said
        thin = "thin list" if line.family.is_thin else ""
        parts = (self.name_of(line), forenames, thin, line.family.summary)
        return ", ".join(part for part in parts if part)


def _worst_first(family: FamilyRow) -> tuple[int, str]:
    return (family.severity if family.severity is not None else 9, family.surnames.casefold())


class FamilyDelegate(RowDelegate[FamilyLine]):
    """Paints a family in two lines, or the heading of a group with its chevron and count."""

    def __init__(self, theme: Theme, model: FamilyListModel, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        line: FamilyLine = index.data(ROW_ROLE)
        return QSize(200, self.theme.scaled(_GROUP if line.family is None else _ROW))

    def paint_row(self, painter: QPainter, box: QRect, row: FamilyLine, state: RowState) -> None:
        if state.is_selected:
            self.fill_selected(painter, box, state)
        else:
            self.fill_hovered(painter, box, state)
        if row.family is None:
            self._paint_heading(painter, box, row, state)
        else:
            self._paint_family(painter, box, row, row.family, on_selection=state.is_selected)

    def _paint_heading(self, painter: QPainter, box: QRect, line: FamilyLine, state: RowState) -> None:
        theme = self.theme
        if not state.is_first:
            painter.setPen(QPen(theme.color("line"), theme.palette.border))
            painter.drawLine(box.left(), box.top(), box.right(), box.top())
        ratio = painter.device().devicePixelRatio()
        chevron = theme.pixmap("chevron-down" if line.is_open else "chevron-right", "text2", 14, ratio)
        painter.drawPixmap(box.left() + theme.scaled(12), box.center().y() - theme.scaled(14) // 2 + 1, chevron)
        base, left = box.center().y() + theme.scaled(5), box.left() + theme.scaled(34)
        room = box.width()
        after = self.write(
            painter, left, base, line.heading, "body-strong", "text", room=room, on_selection=state.is_selected
        )
        left = after + theme.scaled(8)
        self.write(
            painter, left, base, str(line.count), "body", "text2", room=room, on_selection=state.is_selected
        )  # fmt: skip

    def _paint_family(
        self, painter: QPainter, box: QRect, line: FamilyLine, family: FamilyRow, *, on_selection: bool
    ) -> None:
        theme = self.theme
        side = theme.scaled(14)
        place = QRectF(box.left() + theme.scaled(14), box.top() + theme.scaled(9), side, side)
        shape = SHAPE_OF[family.severity] if family.severity is not None else Shape.SETTLED
        if family.forenames:
            paint_shape(painter, place, shape, theme, is_selected=on_selection)
        left, right = box.left() + theme.scaled(_INSET), box.right() - theme.scaled(14)
        base, below = box.top() + theme.scaled(20), box.top() + theme.scaled(39)
        name = self._model.name_of(line)
        token = "text" if family.forenames else "text3"
        after = self.write(painter, left, base, name, "row", token, room=right - left, on_selection=on_selection)
        for said, ink in ((family.forenames, "text2"), (family.quiet, "text3")):
            after += theme.scaled(8)
            room = right - after
            if said and not self._model.names_hidden and room > theme.scaled(30):
                after = self.write(painter, after, base, said, "small", ink, room=room, on_selection=on_selection)
        self.write(
            painter, left, below, family.summary, "body", "text2", room=right - left, on_selection=on_selection
        )  # fmt: skip


class FamilyListView(KeyboardList):
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
