"""The deletion return on screen: what it says, to be copied or printed, and the day on which it was sent."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from cme_desktop.casework.lives import removal_return
from cme_desktop.ui.entry_dialog import EntryDialog, day_edit, day_in, words_edit
from cme_desktop.ui.printing import print_words
from cme_desktop.ui.widgets.buttons import SecondaryButton

if TYPE_CHECKING:
    from cme_desktop.domain.identifiers import RemovalId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme


class ReturnDialog(EntryDialog):
    """Shows the return's words; ``taken`` says that they were copied or printed."""

    taken = Signal(str)

    def __init__(self, theme: Theme, *, words: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Deletion return", accept="Note as sent", parent=parent,
            sentence="Send this to the authority in the way it asks for, then note it here: before the name goes, or "
            "at that moment.",
        )  # fmt: skip
        self.words = self.add_field("What it says", words_edit(lines=12, theme=theme))
        self.words.control.setPlainText(words)
        self.words.control.setReadOnly(True)
        self.copy = SecondaryButton(theme, "Copy", icon="copy")
        self.print = SecondaryButton(theme, "Print", icon="printer")
        self.add_widget(self._buttons())
        self.day = self.add_field("Sent on", day_edit(today, latest=today))
        self.reference = self.add_field("Reference", QLineEdit(), hint="The authority’s; empty if none")
        self.add_side_by_side(self.day, self.reference)
        self.copy.clicked.connect(self._copy)
        self.print.clicked.connect(self._print)
        self.reference.control.setFocus()
        self.fit()

    def noting(self, removal_id: RemovalId) -> UseCase:
        """Give the use case that notes it as sent."""
        return partial(
            removal_return.note_return_sent, removal_id=removal_id, on=day_in(self.day.control),
            reference=self.reference.control.text(),
        )  # fmt: skip

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.words.control.toPlainText())
        self.taken.emit("copied")

    def _print(self) -> None:
        if print_words(self, self.words.control.toPlainText()):
            self.taken.emit("printed")

    def _buttons(self) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.copy)
        line.addWidget(self.print)
        line.addStretch(1)
        return row
