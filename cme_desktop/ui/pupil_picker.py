"""Choosing a pupil by three letters: what is typed finds, the arrow keys choose among those found, Enter takes one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cme_desktop.casework.finding import fold
from cme_desktop.domain.identifiers import PupilId

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from cme_desktop.ui.entry_dialog import EntryDialog

_MOST: Final = 50
_ENTER: Final = {Qt.Key.Key_Return, Qt.Key.Key_Enter}
_MORE_THAN_ONE: Final = "More than one pupil is found: choose with the arrow keys."


class PupilPicker:
    """A field and a list in a dialog; ``pupils`` are the pairs of id and name with class to choose from.

    One pupil found is chosen at once; of several none is, until somebody chooses. ``chosen`` is listed and chosen from
    the first, however many stand before.
    """

    def __init__(
        self, dialog: EntryDialog, pupils: tuple[tuple[PupilId, str], ...], *, chosen: PupilId | None = None
    ) -> None:
        self._pupils = pupils
        self._known = chosen
        dialog.draft_about = "" if chosen is None else str(chosen)
        self.finder = dialog.add_field("Pupil", _FinderEdit(), hint="Type the first letters of a name")
        self.list = _FoundList()
        self.list.setAccessibleName("Pupils found")
        self.list.setFixedHeight(dialog.theme.scaled(104))
        self.list.setFont(dialog.theme.font("body"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setProperty("ring", True)  # noqa: FBT003  a Qt property takes no keywords
        dialog.add_widget(_framed(self.list))
        self.finder.control.textChanged.connect(self._filter)
        self.finder.control.stepped.connect(self._step)
        self.finder.control.taken.connect(self._take)
        self.list.taken.connect(self._take)
        self._filter("")
        self._choose(chosen)

    @property
    def pupil_id(self) -> PupilId | None:
        """The pupil chosen, or None."""
        item = self.list.currentItem()
        return None if item is None else PupilId(item.data(Qt.ItemDataRole.UserRole))

    def check(self) -> bool:
        """Say under the field that nobody is chosen; True when somebody is."""
        is_typed = bool(self.finder.control.text().strip())
        missing = _MORE_THAN_ONE if is_typed and self.list.count() > 1 else "Choose a pupil from the list."
        self.finder.set_error("" if self.pupil_id is not None else missing)
        return self.pupil_id is not None

    def _take(self) -> None:
        """Go on to the next field with the pupil chosen: Enter in a list never saves a dialog not yet read."""
        if self.check():
            self.list.setFocus()
            self.list.go_on()

    def _step(self, step: int) -> None:
        self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))

    def _filter(self, text: str) -> None:
        wanted = fold(text).split()
        self.list.clear()
        for pupil_id, name in self._pupils:
            has_room = self.list.count() < _MOST or pupil_id == self._known
            if has_room and all(part in fold(name) for part in wanted):
                item = QListWidgetItem(name)
                item.setData(Qt.ItemDataRole.UserRole, pupil_id)
                item.setToolTip(name)
                self.list.addItem(item)
        if self.list.count() == 1 and wanted:
            self.list.setCurrentRow(0)

    def _choose(self, pupil_id: PupilId | None) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == pupil_id:
                self.list.setCurrentRow(row)


class _FinderEdit(QLineEdit):
    """Letters find; the arrow keys walk what was found; Enter takes it."""

    stepped = Signal(int)
    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.taken.emit()
            return
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


class _FoundList(QListWidget):
    """The pupils found; Enter takes the one chosen."""

    taken = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            self.taken.emit()
            return
        super().keyPressEvent(event)

    def go_on(self) -> None:
        """Give the keyboard to the next field."""
        self.focusNextChild()


def _framed(widget: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("look", "outlined")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(2, 2, 2, 2)
    layout.addWidget(widget)
    return frame
