"""The field that finds a pupil, and the list of those it found beneath it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.finding import FoundPupil
    from cme_desktop.casework.office import Office
    from cme_desktop.ui.background import Background
    from cme_desktop.ui.style.theme import Theme

_PAUSE_MS: Final = 120
_LEAST: Final = 3


class FindField(QLineEdit):
    """Type three letters, part of a number or a case; Down walks the list, Enter chooses. ``pupil_chosen``: the id."""

    pupil_chosen = Signal(int)

    def __init__(self, theme: Theme, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._background = background
        self._asked = ""
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.results = QListWidget()
        self._nothing = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self._popover = Popover(theme, window)
        self._glass: QAction = self.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._build()
        self.textEdited.connect(self._take_text)
        self.results.itemActivated.connect(self._choose)
        self.results.itemClicked.connect(self._choose)
        theme.changed.connect(self._take_look)
        self._take_look()

    def close_results(self) -> None:
        """Close the list and empty the field."""
        self._pause.stop()
        self._popover.hide()
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_results()
        elif event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self.results.count():
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.results.setCurrentRow((self.results.currentRow() + step) % self.results.count())
            announce(self, self.results.currentItem().text())
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose(self.results.currentItem())
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if watched is self.results and event.type() == QEvent.Type.KeyPress and is_escape:
            self.close_results()
            self.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        self.setPlaceholderText("Find a pupil, a number or a case")
        self.setAccessibleName("Find a pupil, a number or a case")
        self.setClearButtonEnabled(True)
        self.results.setAccessibleName("Pupils found")
        self.results.installEventFilter(self)
        layout = QVBoxLayout(self._popover)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self.results)
        layout.addWidget(self._nothing)

    def _take_text(self, text: str) -> None:
        if len(text.strip()) < _LEAST:
            self._pause.stop()
            self.results.clear()
            self._popover.hide()
            return
        self._pause.start()

    def _ask(self) -> None:
        self._asked = text = self.text()
        self._background.run(lambda office: _find(office, text), done=lambda found: self._show(text, found))

    def _show(self, text: str, found: tuple[FoundPupil, ...]) -> None:
        if text != self._asked or text != self.text():
            return
        self.results.clear()
        for pupil in found:
            item = QListWidgetItem(", ".join(part for part in (pupil.name, pupil.class_name, pupil.why) if part))
            item.setData(Qt.ItemDataRole.UserRole, int(pupil.pupil_id))
            self.results.addItem(item)
        self.results.setCurrentRow(0)
        self.results.setVisible(bool(found))
        self._nothing.setText(f"No pupil or number matches “{text}”. Try the first three letters.")
        self._nothing.setVisible(not found)
        self._open()
        announce(self, f"{len(found)} found" if found else self._nothing.text())

    def _open(self) -> None:
        below = self.mapTo(self.window(), QPoint(0, self.height() + 4))
        row = self.results.fontMetrics().height() + self._theme.scaled(10)
        height = self.results.count() * row + 16 if self.results.count() else self._theme.scaled(60)
        self._popover.open_at(below, size=(self.width(), height), takes_focus=False)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is None:
            return
        pupil_id = int(item.data(Qt.ItemDataRole.UserRole))
        self.close_results()
        self.results.clear()
        self.pupil_chosen.emit(pupil_id)

    def _take_look(self) -> None:
        self.setFont(self._theme.font("body"))
        self.results.setFont(self._theme.font("body"))
        self._glass.setIcon(self._theme.icon("search"))


def _find(office: Office, text: str) -> tuple[FoundPupil, ...]:
    from cme_desktop.casework.finding import find_pupils  # noqa: PLC0415  brings SQLAlchemy in, on first use only

    return find_pupils(office, text)
