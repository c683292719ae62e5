"""The small form after an outcome that asks for one thing more: a letter, a day, a few words; Enter saves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import read_day
from cme_desktop.domain.errors import BadInputError
from cme_desktop.ui.draft_line import DraftLine
from cme_desktop.ui.today.side_column import clear
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.outcome_key import OutcomeKey

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose, by its letter."""

    letter: str
    words: str
    value: object


@dataclass(frozen=True, slots=True)
class Question:
    """What the form asks; ``many`` lets more than one be chosen, ``words_needed`` refuses to save without words."""

    key: str
    title: str
    choices: tuple[Choice, ...] = ()
    many: bool = False
    asks_day: str = ""
    asks_words: str = "Note (may be left empty)"
    words_needed: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered."""

    question: Question
    chosen: tuple[object, ...]
    day: date | None
    words: str


class MiniForm(QFrame):
    """``answered`` carries an ``Answer``; ``left`` when Esc or the way out was pressed."""

    answered = Signal(object)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._question = Question("", "")
        self._today = date.min
        self.keys: list[OutcomeKey] = []
        self.day: QLineEdit | None = None
        self.words: QLineEdit | None = None
        self.fields = QWidget()
        self.draft_line = DraftLine(theme)
        self._day_field: Field[QLineEdit] | None = None
        self._words_field: Field[QLineEdit] | None = None
        self._problem = Label(theme, "", role="body-strong", token="now", wraps=True)  # noqa: S106  a colour token
        self.setProperty("look", "current")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(16, 12, 16, 12)
        self._layout.setSpacing(8)

    @property
    def question(self) -> Question:
        """What is asked."""
        return self._question

    @property
    def has_typed(self) -> bool:
        """Whether there are words or a day in it: what was chosen by a letter is chosen again in a moment."""
        return any(line is not None and line.text().strip() for line in (self.words, self.day))

    def ask(self, question: Question, *, whom: str, today: date) -> None:
        """Show a question; ``whom`` names the pupils it is saved for."""
        clear(self._layout)
        self._question, self._today = question, today
        self.keys, self.day, self.words = [], None, None
        self._day_field = self._words_field = None
        self.setAccessibleName(question.title)
        self._layout.addWidget(Label(self._theme, question.title, role="heading", wraps=True))
        self._layout.addWidget(Label(self._theme, f"Saved for {whom}", token="text2", wraps=True))  # noqa: S106  a colour token
        self.draft_line = DraftLine(self._theme)
        self.draft_line.hide()
        self._layout.addWidget(self.draft_line)
        self._add_choices(question)
        self._add_fields(question)
        self._problem = Label(self._theme, "", role="body-strong", token="now", wraps=True)  # noqa: S106  a colour token
        self._problem.hide()
        self._layout.addWidget(self._problem)
        self._layout.addLayout(self._buttons())
        self._layout.addStretch(1)
        self._take_keyboard()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.save()
        elif event.text() and self._choose_letter(event.text().casefold()):
            pass
        # every other key stops here: no outcome key is live while a form is open

    def save(self) -> None:
        """Take the answer, or say what is missing."""
        chosen = tuple(
            choice.value for choice, key in zip(self._question.choices, self.keys, strict=True) if key.isChecked()
        )
        words = self.words.text().strip() if self.words else ""
        if self._question.choices and not chosen:
            self._say("Choose one by its letter.")
            return
        if self._question.words_needed and not words:
            self._say("Type what is to be kept.")
            return
        try:
            day = read_day(self.day.text(), today=self._today) if self.day else None
        except BadInputError as problem:
            if self._day_field is not None:
                self._day_field.set_error(problem.remedy)
            return
        self.answered.emit(Answer(self._question, chosen, day, words))

    # -- private -----------------------------------------------------------------------------------------------

    def _take_keyboard(self) -> None:
        # A widget new in a layout is shown only when events are next handled; the next key must find it focused now.
        self.setFocus()
        first: QWidget | None = self.keys[0] if self.keys else self.words
        for part in (*self.keys, self.fields, self._words_field):
            if part is not None:
                part.show()
        if first is not None:
            first.setFocus()

    def _say(self, words: str) -> None:
        self._problem.setText(words)
        self._problem.show()

    def _choose_letter(self, letter: str) -> bool:
        for choice, key in zip(self._question.choices, self.keys, strict=True):
            if choice.letter.casefold() == letter:
                key.click()
                key.setFocus()
                return True
        return False

    def _add_choices(self, question: Question) -> None:
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, choice in enumerate(question.choices):
            key = _ChoiceKey(self._theme, choice.letter.upper(), choice.words)
            key.setCheckable(True)
            key.clicked.connect(lambda _=False, key=key: self._keep_one(key))
            grid.addWidget(key, place // 3, place % 3)
            self.keys.append(key)
        self._layout.addLayout(grid)

    def _keep_one(self, pressed: OutcomeKey) -> None:
        self._problem.hide()
        if self._question.many:
            return
        for key in self.keys:
            key.setChecked(key is pressed)

    def _add_fields(self, question: Question) -> None:
        self.fields = QWidget()
        line = QHBoxLayout(self.fields)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        if question.asks_day:
            self.day = QLineEdit()
            self.day.setMaximumWidth(self._theme.scaled(170))
            self._day_field = Field(self._theme, question.asks_day, self.day, hint="12/11, or leave empty")
            line.addWidget(self._day_field, 0, Qt.AlignmentFlag.AlignTop)
        if question.asks_words:
            self.words = QLineEdit()
            self._words_field = Field(self._theme, question.asks_words, self.words)
            line.addWidget(self._words_field, 1, Qt.AlignmentFlag.AlignTop)
        self._layout.addWidget(self.fields)

    def _buttons(self) -> QHBoxLayout:
        line = QHBoxLayout()
        save = PrimaryButton(self._theme, "Save (Enter)")
        save.clicked.connect(self.save)
        out = SecondaryButton(self._theme, "Back (Esc)")
        out.clicked.connect(self.left)
        line.addWidget(save)
        line.addWidget(out)
        line.addStretch(1)
        return line


class _ChoiceKey(OutcomeKey):
    """An outcome key that stays pressed while it is chosen."""

    def _ground(self) -> str:
        return "sel" if self.isChecked() else super()._ground()
