"""The list's side of a page: its title, how many there are, the acts that begin a line, and the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from cme_desktop.casework.lives.life import LifeRow
from cme_desktop.ui.roll.life_list import LifeListModel, LifeListView
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class LifeSide(QFrame):
    """Shows the lines of a life. ``also_asked`` carries the id of an act under More, which begins a line too."""

    also_asked = Signal(str)

    def __init__(self, theme: Theme, *, title: str, new_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "pane")
        self._title = Label(theme, title, role="title")
        self._count = Label(theme, "", token="text2")  # noqa: S106  a colour token
        self.new_button = LinkButton(theme, new_words, icon="plus")
        self.new_button.setToolTip("Ctrl N")
        self.new_button.setVisible(bool(new_words))
        self.more = LinkButton(theme, "More")
        self.more.setAccessibleName("More ways to begin")
        self._menu = QMenu(self.more)
        self.more.setMenu(self._menu)
        self.more.hide()
        self.note = Label(theme, "", role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self.model = LifeListModel()
        self.list = LifeListView(theme, self.model, name=title)
        self._build()

    def show_rows(self, rows: tuple[LifeRow, ...]) -> None:
        """Show these lines."""
        self.model.set_rows(rows)
        self._count.setText(str(len(rows)) if rows else "")

    def offer(self, acts: tuple[tuple[str, str], ...]) -> None:
        """Offer these acts under More, each an id and its words; none hides it."""
        self._menu.clear()
        for act_id, words in acts:
            self._menu.addAction(words).triggered.connect(lambda _=False, one=act_id: self.also_asked.emit(one))
        self.more.setVisible(bool(acts))

    @property
    def also(self) -> tuple[str, ...]:
        """The words of the acts under More."""
        return tuple(action.text() for action in self._menu.actions())

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

    def add_below_head(self, widget: QWidget) -> None:
        """Put another act of the page under the title, above the list."""
        self._second.addWidget(widget)
        self._second.addStretch(1)
        self._second.setContentsMargins(16, 0, 14, 8)

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
        head.addWidget(self.more)
        layout.addLayout(head)
        self._second = QHBoxLayout()
        layout.addLayout(self._second)
        self.note.setContentsMargins(16, 0, 14, 10)
        self.note.hide()
        layout.addWidget(self.note)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout.addWidget(line)
        layout.addWidget(self.list, 1)
