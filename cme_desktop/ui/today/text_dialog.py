"""A text to every family still to ring: the numbers and the words to copy, and one button that says it went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from cme_desktop.casework.in_words import count_of
from cme_desktop.ui.entry_dialog import EntryDialog, words_edit
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.text_batch import TextBatch
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field


class TextDialog(EntryDialog):
    """The program sends nothing itself: ``submitted`` says that the school's own system has sent it."""

    def __init__(self, theme: Theme, batch: TextBatch, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            title=f"Text {count_of(len(batch.numbers), 'number')} first",
            sentence="This program sends no texts. Copy the numbers and the words into the system your school texts "
            "with, send it there, and say here that it went.",
            accept="It was sent",
            parent=parent,
        )
        self.batch = batch
        self.numbers: Field[QPlainTextEdit] = self.add_field("Numbers", words_edit(lines=4, theme=theme))
        self.numbers.control.setPlainText("\n".join(batch.numbers))
        self.numbers.control.setReadOnly(True)
        self.message: Field[QPlainTextEdit] = self.add_field(
            "Words", words_edit(lines=2, theme=theme), hint="No child is named: a number may have changed hands."
        )
        self.message.control.setPlainText(batch.message)
        self.copy_numbers = SecondaryButton(theme, "Copy the numbers", icon="copy")
        self.copy_message = SecondaryButton(theme, "Copy the words", icon="copy")
        acts = QWidget()
        line = QHBoxLayout(acts)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.copy_numbers)
        line.addWidget(self.copy_message)
        line.addStretch(1)
        self.add_widget(acts)
        self._note = Label(theme, _say_without(batch.without), role="small", token="today", wraps=True)  # noqa: S106  a colour token
        self._note.setVisible(bool(batch.without))
        self.add_widget(self._note)
        self.left_out = Label(theme, _say_left_out(batch.left_out), role="small", wraps=True)
        self.left_out.setVisible(bool(batch.left_out))
        self.add_widget(self.left_out)
        self.copy_numbers.clicked.connect(lambda: _copy(self.numbers.control.toPlainText()))
        self.copy_message.clicked.connect(lambda: _copy(self.message.control.toPlainText()))
        self.fit()

    @property
    def words(self) -> str:
        """The words that were sent."""
        return self.message.control.toPlainText().strip()


def _copy(words: str) -> None:
    """Put words on the clipboard; the window's watch takes them off again."""
    QGuiApplication.clipboard().setText(words)


def _say_left_out(names: tuple[str, ...]) -> str:
    return f"Left out, because the family is bereaved: {', '.join(names)}. Speak to the head." if names else ""


def _say_without(names: tuple[str, ...]) -> str:
    return f"No number that works: {', '.join(names)}. Ring or visit them." if names else ""
