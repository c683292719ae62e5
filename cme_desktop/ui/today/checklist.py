"""The list at the left of Today: its head with the two batch acts, and the rows, worst first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.today.rows import TodayRow
from cme_desktop.ui.today.checklist_delegate import ChecklistDelegate
from cme_desktop.ui.today.checklist_model import ChecklistModel, Heading, Section
from cme_desktop.ui.widgets.buttons import FlatButton
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.holding_list import HoldingList
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_MOVES = frozenset({
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
})  # fmt: skip


class _List(HoldingList):
    """Moves with the arrows, closes and opens headings with Left and Right, leaves every other key to the tab."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right} and not event.modifiers():
            self._open_heading(is_open=event.key() == Qt.Key.Key_Right)
        elif event.key() in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        model = self.model()
        item = model.item(self.indexAt(event.position().toPoint())) if isinstance(model, ChecklistModel) else None
        if isinstance(item, Heading) and isinstance(model, ChecklistModel):
            model.set_open(item.section, is_open=not item.is_open)
            return
        super().mousePressEvent(event)

    def _open_heading(self, *, is_open: bool) -> None:
        model, index = self.model(), self.currentIndex()
        if not isinstance(model, ChecklistModel) or not index.isValid():
            return
        heading = model.heading_of(index)
        if heading is None or heading.is_open == is_open:
            return
        model.set_open(heading.section, is_open=is_open)
        for number in range(model.rowCount()):
            item = model.item(model.index(number))
            if isinstance(item, Heading) and item.section.key == heading.section.key:
                self.setCurrentIndex(model.index(number + 1 if is_open else number))


class Checklist(QWidget):
    """``row_chosen`` when another row becomes current; ``class_check_asked`` and ``text_all_asked`` from its head."""

    row_chosen = Signal(object)
    class_check_asked = Signal()
    text_all_asked = Signal()
    other_list_asked = Signal()
    all_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.model = ChecklistModel(self)
        self.model.say = theme.names.say
        self.list = _List(self)
        self._delegate = ChecklistDelegate(theme, self.model, self.list)
        self._title = ElidedLabel(theme, "To do", role="heading")
        self._count = Label(theme, "", role="heading", token="text2")  # noqa: S106  a colour token
        self._check = FlatButton(theme, "Class check")
        self._check.setAccessibleDescription("Space. The class was asked: the child is not there.")
        self._text = FlatButton(theme, "Text all")
        self._text.setAccessibleDescription("T. Writes down that a text went to everybody still to ring.")
        self._other = FlatButton(theme, "Review")
        self._all = FlatButton(theme, "Show all")
        self._caps = (Keycap(theme, "Space"), Keycap(theme, "T"))
        self._current = ""
        self._build()
        self._connect()

    # -- what is shown -----------------------------------------------------------------------------------------

    def set_sections(self, sections: Iterable[Section], *, title: str, count: int) -> None:
        """Show these rows; the current one stays current where it is still shown."""
        self._title.setText(title)
        self._count.setText(str(count) if count else "")
        self._count.setAccessibleName(f"{count} to do")
        self.model.set_sections(sections)
        self._keep_current()

    def set_acts(self, *, batch: bool, other: str, other_key: str, text_all_first: bool = False) -> None:
        """Show or hide the batch acts; name the other list one may turn to.

        With ``text_all_first`` the text to all is the act that stands out, and the class check gives way to it.
        """
        self._text.setText("Text all first" if text_all_first else "Text all")
        self._text.set_strong(strong=text_all_first)
        for shown, widget, cap in (
            (batch and not text_all_first, self._check, self._caps[0]),
            (batch, self._text, self._caps[1]),
        ):
            widget.setVisible(shown)
            cap.set_wanted(is_wanted=shown)
        self._other.setText(other)
        self._other.setToolTip(f"{other}: {other_key}")
        self._other.setVisible(bool(other))

    def show_only(self, keys: frozenset[str] | None) -> None:
        """Show only these rows, until all are asked for again."""
        self._all.setVisible(keys is not None)
        self.model.show_only(keys)
        self._keep_current()

    def hide_names(self, *, hidden: bool) -> None:
        """Show numbers in place of names."""
        self.model.hide_names(hidden=hidden)
        self.list.viewport().update()

    def set_low(self, *, is_low: bool) -> None:
        """Take the low heights."""
        self._delegate.is_low = is_low
        self._head.setFixedHeight(self._theme.scaled(30 if is_low else 38))
        self.list.doItemsLayout()

    # -- which row ---------------------------------------------------------------------------------------------

    @property
    def current(self) -> TodayRow | None:
        """The current row, None on a heading or an empty list."""
        item = self.model.item(self.list.currentIndex())
        return item if isinstance(item, TodayRow) else None

    def choose(self, key: str) -> bool:
        """Make a row current by its key; False where it is not shown."""
        index = self.model.index_of(key)
        if index.isValid():
            self.list.setCurrentIndex(index)
        return index.isValid()

    def choose_next(self) -> None:
        """Go on to the next row that is not dealt with; from the last one to the first."""
        rows = self.model.rows
        if not rows:
            return
        keys = [row.key for row in rows]
        start = keys.index(self._current) if self._current in keys else -1
        ordered = rows[start + 1 :] + rows[: start + 1]
        following = next((row for row in ordered if not row.done), None)
        if following is not None:
            self.choose(following.key)

    def step(self, by: int) -> None:
        """Go up or down by rows, whatever their state."""
        keys = [row.key for row in self.model.rows]
        if keys:
            at = keys.index(self._current) + by if self._current in keys else 0
            self.choose(keys[max(0, min(at, len(keys) - 1))])

    def place(self) -> tuple[int, int]:
        """The current row's number and how many there are: 1 of 9."""
        keys = [row.key for row in self.model.rows]
        return (keys.index(self._current) + 1 if self._current in keys else 0), len(keys)

    # -- private -----------------------------------------------------------------------------------------------

    def _keep_current(self) -> None:
        before = self._current
        if self.choose(before):
            return
        first = self.model.rows
        if first:
            self.choose(first[0].key)
        else:
            self._tell(QModelIndex())

    def _tell(self, index: QModelIndex) -> None:
        item = self.model.item(index)
        row = item if isinstance(item, TodayRow) else None
        self._current = row.key if row else self._current if self.model.rows else ""
        self.row_chosen.emit(row)

    def _build(self) -> None:
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName("To do")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setMouseTracking(True)
        self._head = QFrame()
        self._head.setProperty("look", "pane")
        head = QHBoxLayout(self._head)
        head.setContentsMargins(14, 0, 8, 0)
        head.setSpacing(4)
        head.addWidget(self._title)
        head.addSpacing(2)
        head.addWidget(self._count, 1)
        for widget in (self._all, self._other, self._check, self._caps[0], self._text, self._caps[1]):
            head.addWidget(widget)
        self._all.hide()
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self._head, line, self.list):
            layout.addWidget(part)
        self.set_low(is_low=False)

    def _connect(self) -> None:
        selection: QItemSelectionModel = self.list.selectionModel()
        selection.currentChanged.connect(lambda current, _: self._tell(current))
        self._check.clicked.connect(self.class_check_asked)
        self._text.clicked.connect(self.text_all_asked)
        self._other.clicked.connect(self.other_list_asked)
        self._all.clicked.connect(self.all_asked)
        self._theme.changed.connect(self.list.doItemsLayout)
