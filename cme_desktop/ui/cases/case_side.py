"""The list's side of the Cases tab: how many there are, the way to a new one, the list, and the closed ones."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cme_desktop.casework.cases import CaseBook
from cme_desktop.ui.cases.case_list import CaseListModel, CaseListView
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class CaseSide(QFrame):
    """Shows the open cases, or the closed ones. ``turned`` when somebody wants the others."""

    turned = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "pane")
        self.shows_closed = False
        self._title = Label(theme, "Cases", role="title")
        self._count = Label(theme, "", token="text2")  # noqa: S106  a colour token
        self.open_button = LinkButton(theme, "Open a case", icon="plus")
        self.open_button.setToolTip("Ctrl N")
        self.model = CaseListModel()
        self.list = CaseListView(theme, self.model, name="Cases")
        self._others = Label(theme, "", token="text2")  # noqa: S106  a colour token
        self.show_closed = LinkButton(theme, "Show")
        self._foot = QWidget()
        self._build()
        self.show_closed.clicked.connect(self._turn)

    @property
    def has_cases(self) -> bool:
        """Whether there is anything to choose here: a case, or the way to the closed ones."""
        return bool(self.model.rows) or self.shows_closed or not self._foot.isHidden()

    def show_book(self, book: CaseBook, *, today: date) -> None:
        """Show the cases as on this day."""
        shown, others = (book.closed, book.open) if self.shows_closed else (book.open, book.closed)
        self.model.show_cases(shown, today=today)
        self.list.setAccessibleName("Closed cases" if self.shows_closed else "Cases")
        self._title.setText("Closed cases" if self.shows_closed else "Cases")
        self._count.setText(str(len(shown)) if self.shows_closed else f"{len(shown)} open")
        self._others.setText(f"{len(others)} {'open' if self.shows_closed else 'closed'}")
        self.show_closed.setText("Show open" if self.shows_closed else "Show")
        self.show_closed.setAccessibleName("Show the open cases" if self.shows_closed else "Show the closed cases")
        self._foot.setVisible(bool(book.closed) or self.shows_closed)

    def select(self, case_id: int | None) -> bool:
        """Choose a case of the list, or its first; False where it has none."""
        place = self.model.position_of(case_id) if case_id is not None else -1
        if not self.model.rows:
            return False
        self.list.setCurrentIndex(self.model.index(max(0, place), 0))
        return True

    def _turn(self) -> None:
        self.shows_closed = not self.shows_closed
        self.turned.emit()

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
        head.addWidget(self.open_button)
        layout.addLayout(head)
        layout.addWidget(_line())
        layout.addWidget(self.list, 1)
        foot = QVBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(0)
        foot.addWidget(_line())
        words = QHBoxLayout()
        words.setContentsMargins(16, 6, 14, 6)
        words.addWidget(self._others)
        words.addStretch(1)
        words.addWidget(self.show_closed)
        foot.addLayout(words)
        layout.addWidget(self._foot)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("look", "line")
    line.setFixedHeight(1)
    return line
