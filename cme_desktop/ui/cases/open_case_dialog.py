"""Opening a case: find the pupil by three letters, say why, and from which day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cme_desktop.domain.identifiers import PupilId
from cme_desktop.ui.entry_dialog import EntryDialog, day_edit, day_in, words_edit

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from cme_desktop.ui.style.theme import Theme

_MOST: Final = 50


class _FinderEdit(QLineEdit):
    """Letters find; the arrow keys walk what was found."""

    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.stepped.emit(steps[Qt.Key(event.key())])
            return
        super().keyPressEvent(event)


class OpenCaseDialog(EntryDialog):
    """Asks for the pupil, why, and the day; ``pupils`` are the pairs of id and name with class to choose from."""

    def __init__(
        self,
        theme: Theme,
        pupils: tuple[tuple[PupilId, str], ...],
        *,
        today: date,
        chosen: PupilId | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, title="Open a case", accept="Open the case", parent=parent)
        self._pupils = pupils
        self.finder = self.add_field("Pupil", _FinderEdit(), hint="Type the first letters of a name")
        self.list = QListWidget()
        self.list.setAccessibleName("Pupils found")
        self.list.setFixedHeight(theme.scaled(104))
        self.list.setFont(theme.font("body"))
        self.list.setProperty("ring", True)  # noqa: FBT003  a Qt property takes no keywords
        self.add_widget(_framed(self.list))
        self.why = self.add_field("Why it is opened", words_edit(theme=theme), hint="What is known, in a sentence")
        self.day = self.add_field(
            "Opened on", day_edit(today, latest=today), hint="The history begins with the first day of this absence."
        )
        self.finder.control.textChanged.connect(self._filter)
        self.finder.control.stepped.connect(self._step)
        self._filter("")
        self._choose(chosen)
        (self.why.control if chosen is not None else self.finder.control).setFocus()
        self.fit()

    @property
    def pupil_id(self) -> PupilId | None:
        """The pupil chosen, or None."""
        item = self.list.currentItem()
        return None if item is None else PupilId(item.data(Qt.ItemDataRole.UserRole))

    @property
    def words(self) -> str:
        """Why the case is opened."""
        return self.why.control.toPlainText().strip()

    @property
    def opened_on(self) -> date:
        """The day."""
        return day_in(self.day.control)

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        self.finder.set_error("" if self.pupil_id is not None else "Choose a pupil from the list.")
        self.why.set_error("" if self.words else "Say why the case is opened.")
        return self.pupil_id is not None and bool(self.words)

    def _step(self, step: int) -> None:
        self.list.setCurrentRow(max(0, min(self.list.count() - 1, self.list.currentRow() + step)))

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        self.list.clear()
        for pupil_id, name in self._pupils:
            if all(part in name.casefold() for part in wanted) and self.list.count() < _MOST:
                item = QListWidgetItem(name)
                item.setData(Qt.ItemDataRole.UserRole, pupil_id)
                self.list.addItem(item)
        if self.list.count() and wanted:
            self.list.setCurrentRow(0)

    def _choose(self, pupil_id: PupilId | None) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == pupil_id:
                self.list.setCurrentRow(row)


def _framed(widget: QWidget) -> QFrame:
    frame = QFrame()
    frame.setProperty("look", "outlined")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(2, 2, 2, 2)
    layout.addWidget(widget)
    return frame
