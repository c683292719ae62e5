"""The list's side of a page: its title, how many there are, the act that begins a line, and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.lives.life import LifeRow
from cme_desktop.ui.roll.life_list import LifeListModel, LifeListView
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class LifeSide(QFrame):
    """Shows the lines of a life."""

    def __init__(self, theme: Theme, *, title: str, new_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "pane")
        self._title = Label(theme, title, role="title")
        self._count = Label(theme, "", token="text2")  # noqa: S106  a colour token
        self.new_button = LinkButton(theme, new_words, icon="plus")
        self.new_button.setToolTip("Ctrl N")
        self.new_button.setVisible(bool(new_words))
        self.note = Label(theme, "", role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self.model = LifeListModel()
        self.list = LifeListView(theme, self.model, name=title)
        self._build()

    def show_rows(self, rows: tuple[LifeRow, ...]) -> None:
        """Show these lines."""
        self.model.set_rows(rows)
        self._count.setText(str(len(rows)) if rows else "")

    def say_note(self, note: str) -> None:
        """Say under the title what the list is of; nothing where it is empty."""
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def select(self, key: str | None) -> bool:
        """Choose the line with this key, or the first; False where there is none."""
        if not self.model.rows:
            return False
        place = max(0, self.model.position_of(key))
        self.list.setCurrentIndex(self.model.index(place, 0))
        return True

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 14, 10)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self.new_button)
        layout.addLayout(head)
        self.note.setContentsMargins(16, 0, 14, 10)
        self.note.hide()
        layout.addWidget(self.note)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout.addWidget(line)
        layout.addWidget(self.list, 1)
