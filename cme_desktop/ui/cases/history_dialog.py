"""One line of a case's history, whole: what happened, all its words, and when who wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cme_desktop.casework.history import HistoryEntry
from cme_desktop.casework.in_words import capital, say_clock, say_day
from cme_desktop.ui.entry_dialog import EntryDialog
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class HistoryDialog(EntryDialog):
    """Shows the entries that a line stands for: one, or all that the program flagged at a moment."""

    def __init__(self, theme: Theme, entries: tuple[HistoryEntry, ...], *, parent: QWidget | None = None) -> None:
        first = entries[0]
        title = first.title if len(entries) == 1 else f"Flagged by {len(entries)} rules"
        super().__init__(theme, title=title, accept="Close", sentence=_say_when(first), parent=parent)
        for entry in entries:
            self.add_widget(self._words_of(entry, is_titled=len(entries) > 1))
        self.reject_button.hide()
        self.accept_button.clicked.connect(self.accept)
        self.accept_button.setFocus()
        self.fit()

    def _words_of(self, entry: HistoryEntry, *, is_titled: bool) -> QWidget:
        words = QWidget()
        layout = QVBoxLayout(words)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        if is_titled:
            title = capital(entry.title.removeprefix("Flagged: "))
            layout.addWidget(Label(self.theme, title, role="body-strong", wraps=True))
        layout.addWidget(Label(self.theme, entry.detail or "Nothing more was written.", wraps=True))
        return words


def _say_when(entry: HistoryEntry) -> str:
    at = f" at {say_clock(entry.happened_at)}" if entry.happened_at else ""
    happened = f"Happened {say_day(entry.happened_on)}{at}."
    by = f"by {entry.written_by}" if entry.written_by else "by the program"
    written = f"Written {say_day(entry.written_at.date())} at {say_clock(entry.written_at)} {by}."
    return " ".join((happened, written, *(("Taken back.",) if entry.is_retracted else ())))
