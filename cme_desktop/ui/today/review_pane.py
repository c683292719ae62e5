"""The head's review: what the program found at the left, agree, change or dismiss at the right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.call_card import CallCard
from cme_desktop.casework.explain import Explanation
from cme_desktop.casework.in_words import read_day, say_clock, say_day
from cme_desktop.casework.review import stays_undismissed
from cme_desktop.domain.errors import BadInputError
from cme_desktop.ui.draft_line import DraftLine
from cme_desktop.ui.room import Room, Width
from cme_desktop.ui.today.card_head import CardHead
from cme_desktop.ui.today.explain_view import ClausePanel, fill_facts
from cme_desktop.ui.today.session_pictures import SessionCalendar
from cme_desktop.ui.today.side_column import clear
from cme_desktop.ui.widgets.avatar import Avatar
from cme_desktop.ui.widgets.buttons import LinkButton, PrimaryButton
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.keycap import keycap_height, keycap_width, paint_keycap
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading
from cme_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

AGREE, CHANGE, DISMISS = "G", "C", "X"
_READ_ONLY: Final = "Only the head, the safeguarding lead or a senior leader decides."


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on the explanations shown; ``letter`` is one of G, C, X."""

    letter: str
    card: CallCard
    explanations: tuple[Explanation, ...]
    reason: str
    next_step: str = ""
    due_on: date | None = None


class _ChoiceCard(QAbstractButton):
    """A decision as a button: keycap, title, and what it leads to."""

    def __init__(self, theme: Theme, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._letter, self._second = theme, letter, ""
        self.setAccessibleName(f"Decision {letter}")  # until a flag is shown
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def say(self, title: str, second: str) -> None:
        """Say what pressing it decides."""
        self.setText(title)
        self._second = second
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{second} Key {self._letter}")
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = width - self._theme.scaled(52)
        flags = int(Qt.TextFlag.TextWordWrap)
        title = self._metrics("body-strong", self.text(), room, flags)
        second = self._metrics("body", self._second, room, flags)
        return title + second + self._theme.scaled(20)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(320), self.heightForWidth(self._theme.scaled(320)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.scaled(180), self._theme.scaled(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self.isChecked() or self.hasFocus()
        painter.setPen(QPen(theme.color("accent" if strong else "line"), 2 if strong else theme.palette.border))
        painter.setBrush(theme.color("sunken" if self.underMouse() and self.isEnabled() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        wide, tall = keycap_width(theme, self._letter), keycap_height(theme)
        paint_keycap(painter, QRectF(theme.scaled(12), (self.height() - tall) / 2, wide, tall), self._letter, theme)
        left = theme.scaled(40)
        room = self.width() - left - theme.scaled(12)
        flags = int(Qt.TextFlag.TextWordWrap)
        title = self._metrics("body-strong", self.text(), room, flags)
        painter.setFont(theme.font("body-strong"))
        painter.setPen(theme.color("text" if self.isEnabled() else "text3"))
        painter.drawText(QRectF(left, theme.scaled(9), room, title), flags, theme.names.say(self.text()))
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text2" if self.isEnabled() else "text3"))
        painter.drawText(
            QRectF(left, theme.scaled(9) + title, room, self.height()), flags, theme.names.say(self._second)
        )

    def _metrics(self, role: str, words: str, room: int, flags: int) -> int:
        metrics = QFontMetrics(self._theme.font(role))
        return metrics.boundingRect(QRect(0, 0, room, 2000), flags, words).height()


class _ReasonEdit(QPlainTextEdit):
    """Enter saves, Shift and Enter begin a new line."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class ReviewPane(QFrame):
    """``decided`` carries a ``Decision``, complete with its reason."""

    decided = Signal(object)
    next_asked = Signal()
    undo_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._card: CallCard | None = None
        self._explanations: tuple[Explanation, ...] = ()
        self._may_decide = False
        self._today = date.min
        self._choice = ""
        self._room = Room(Width.NORMAL, is_low=False)
        self.head = CardHead(theme)
        self._finding = QVBoxLayout()
        self.clause = ClausePanel(theme)
        self._open_clause = LinkButton(theme, "Open the clause", icon="book-open")
        self.choices = {letter: _ChoiceCard(theme, letter) for letter in (AGREE, CHANGE, DISMISS)}
        self.reason = _ReasonEdit()
        self.next_step = QLineEdit()
        self.due_on = QLineEdit()
        self._reason_field = Field(
            theme, "Your reason", self.reason, hint="Needed to change or dismiss. Stays in the record."
        )
        self._step_field = Field(theme, "The step instead", self.next_step)
        self._due_field = Field(theme, "By", self.due_on, hint="12/11, or leave empty")
        self.draft_line = DraftLine(theme)
        self.fields = QWidget()
        self.save = PrimaryButton(theme, "Save the decision")
        self._history = QVBoxLayout()
        self.toast = Toast(theme)
        self._face = Avatar(theme, size=24)
        self._guard = ElidedLabel(theme, role="body-strong")
        self._recorded = Label(theme, token="text2")  # noqa: S106  a colour token
        self.setProperty("look", "pane")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Review")
        self._build()
        self._connect()

    # -- what is shown -----------------------------------------------------------------------------------------

    def show_finding(
        self, card: CallCard, explanations: tuple[Explanation, ...], *, may_decide: bool, who: str, today: date
    ) -> None:
        """Show what was found of a pupil; ``explanations`` are what one decision covers."""
        same = self._card is not None and self._card.pupils == card.pupils
        self._card, self._explanations, self._today = card, explanations, today
        self._may_decide = may_decide and bool(explanations)
        self.head.show_card(card)
        self._face.set_initials(card.initials)
        self._guard.setText(card.guard)
        self._recorded.setText(f"Recorded as {who}" if may_decide else _READ_ONLY)
        self._fill_finding()
        self._fill_history(card)
        if not same or not self._may_decide or self.choices[DISMISS].isEnabled() is not self._may_dismiss:
            self._reset()

    @property
    def has_typed(self) -> bool:
        """Whether a reason, a step or a day stands there."""
        words = (self.reason.toPlainText(), self.next_step.text(), self.due_on.text())
        return any(each.strip() for each in words)

    def choose(self, letter: str) -> None:
        """Take a decision's key: agreement is saved at once, the others ask for their reason."""
        if not self._may_decide or (letter == DISMISS and not self._may_dismiss):
            return
        self._choice = letter
        for key, card in self.choices.items():
            card.setChecked(key == letter)
        self._step_field.setVisible(letter == CHANGE)
        self._due_field.setVisible(letter == CHANGE)
        if letter == AGREE:
            self.commit()
        elif letter == CHANGE:
            self.next_step.setFocus()
        else:
            self.reason.setFocus()
        self.save.setVisible(letter in {CHANGE, DISMISS})

    def commit(self) -> None:
        """Save the decision, or say what is missing."""
        if not self._may_decide or not self._choice or self._card is None:
            return
        reason, step = self.reason.toPlainText().strip(), self.next_step.text().strip()
        self._step_field.set_error("Say what is to be done instead." if self._choice == CHANGE and not step else "")
        missing = self._choice != AGREE and not reason
        self._reason_field.set_error("Say why, in your own words." if missing else "")
        if missing or (self._choice == CHANGE and not step):
            return
        try:
            due = read_day(self.due_on.text(), today=self._today) if self._choice == CHANGE else None
        except BadInputError as problem:
            self._due_field.set_error(problem.remedy)
            return
        decision = Decision(self._choice, self._card, self._explanations, reason, step, due)
        self._reset()
        self.decided.emit(decision)

    def set_room(self, room: Room) -> None:
        """Lay out for the room the window gives: the decision goes under the finding where it is narrow."""
        self._room = room
        self.head.set_narrow(is_narrow=room.is_narrow)
        direction = QBoxLayout.Direction.TopToBottom if room.is_narrow else QBoxLayout.Direction.LeftToRight
        self._columns.setDirection(direction)
        wide = room.width is Width.WIDE
        self._right.setFixedWidth(self._theme.scaled(440 if wide else 336)) if not room.is_narrow else None
        self._left.setMaximumWidth(self._theme.scaled(680) if wide else 16777215)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        typing = self.reason.hasFocus() or self.next_step.hasFocus() or self.due_on.hasFocus()
        if is_enter and (typing or event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.commit()
        elif event.key() == Qt.Key.Key_Escape and typing:
            self._reset()
            self.setFocus()
        elif typing:
            return
        else:
            super().keyPressEvent(event)

    # -- private -----------------------------------------------------------------------------------------------

    @property
    def _may_dismiss(self) -> bool:
        return not all(stays_undismissed(one.flag) for one in self._explanations)

    def _reset(self) -> None:
        self._choice = ""
        for widget in (self.next_step, self.due_on, self.reason):
            widget.clear()
        for field in (self._step_field, self._due_field, self._reason_field):
            field.set_error("")
        for card in self.choices.values():
            card.setChecked(False)
            card.setEnabled(self._may_decide and (card is not self.choices[DISMISS] or self._may_dismiss))
            card.setToolTip("" if self._may_decide else _READ_ONLY)
        self.reason.setEnabled(self._may_decide)
        self._step_field.hide()
        self._due_field.hide()
        self.save.hide()

    def _fill_finding(self) -> None:
        clear(self._finding)
        if not self._explanations:
            self._finding.addWidget(
                Label(self._theme, "Nothing waits for a decision here.", role="heading", wraps=True)
            )
            self._finding.addStretch(1)
            return
        first = self._explanations[0]
        self._finding.addWidget(SectionHeading(self._theme, "What the program found"))
        self._finding.addWidget(Label(self._theme, first.sentence, role="heading", wraps=True))
        self._finding.addWidget(SessionCalendar(self._theme, first.weeks))
        for one in self._explanations:
            if len(self._explanations) > 1:
                self._finding.addWidget(Label(self._theme, one.title, role="body-strong", wraps=True))
            holder = QWidget()
            grid = QGridLayout(holder)
            grid.setContentsMargins(0, 0, 0, 6)
            fill_facts(self._theme, grid, one)
            self._finding.addWidget(holder)
        self.clause.show_clauses(first)
        self._finding.addStretch(1)
        duty = first.duty.rstrip(".")
        self.choices[AGREE].say(f"Agree: {duty[:1].lower()}{duty[1:]}", first.due)
        self.choices[CHANGE].say("Change the step", "Choose another step or a later day, with a reason.")
        if self._may_dismiss:
            self.choices[DISMISS].say("Dismiss this flag", f"{first.if_dismissed} The reason stays in the record.")
        else:
            self.choices[DISMISS].say("Not to be dismissed", "The law asks for this return. Wrong marks are corrected.")

    def _fill_history(self, card: CallCard) -> None:
        clear(self._history)
        if not card.attempts:
            return
        self._history.addWidget(SectionHeading(self._theme, "What the office says"))
        for entry in card.attempts[:8]:
            clock = f" {say_clock(entry.happened_at)}" if entry.happened_at else ""
            words = f"{say_day(entry.happened_on)}{clock}  {entry.title}. {entry.detail}".strip()
            label = Label(self._theme, words, wraps=True)
            if entry.is_retracted:
                font = label.font()
                font.setStrikeOut(True)
                label.setFont(font)
            self._history.addWidget(label)

    def _build(self) -> None:
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 12, 0)
        left.addLayout(self._finding)
        left.addWidget(self._open_clause)
        left.addWidget(self.clause)
        left.addStretch(1)
        self.clause.hide()
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(12, 0, 0, 0)
        right.setSpacing(8)
        right.addWidget(SectionHeading(self._theme, "Suggested step"))
        for card in self.choices.values():
            right.addWidget(card)
        self._build_fields()
        for widget in (self.draft_line, self.fields, self.save):
            right.addWidget(widget)
        right.addSpacing(6)
        right.addLayout(self._history)
        right.addStretch(1)
        rule = QFrame()
        rule.setProperty("look", "line")
        rule.setFixedWidth(1)
        body = QFrame()
        body.setProperty("look", "pane")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._columns.setContentsMargins(18, 0, 18, 8)
        self._columns.addWidget(self._left, 1)
        self._columns.addWidget(rule)
        self._columns.addWidget(self._right)
        self._columns.addStretch(0)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        self.head.setContentsMargins(18, 12, 16, 6)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part, stretch in ((self.head, 0), (scroll, 1), (self.toast, 0), (line, 0), (self._saving_strip(), 0)):
            layout.addWidget(part, stretch)
        self._reset()
        self.set_room(self._room)

    def _build_fields(self) -> None:
        self.reason.setTabChangesFocus(True)
        self.reason.setPlaceholderText("Reason, in your own words")
        self.reason.setFixedHeight(self._theme.scaled(58))
        fields = QVBoxLayout(self.fields)
        fields.setContentsMargins(0, 0, 0, 0)
        fields.setSpacing(8)
        for widget in (self._step_field, self._due_field, self._reason_field):
            fields.addWidget(widget)
        self.draft_line.hide()

    def _saving_strip(self) -> QWidget:
        strip = QFrame()
        strip.setProperty("look", "pane")
        strip.setFixedHeight(self._theme.scaled(36))
        line = QHBoxLayout(strip)
        line.setContentsMargins(16, 0, 16, 0)
        line.addWidget(self._face)
        line.addWidget(Label(self._theme, "You are deciding for"))
        line.addWidget(self._guard, 1)
        line.addWidget(self._recorded)
        return strip

    def _connect(self) -> None:
        for letter, card in self.choices.items():
            card.clicked.connect(lambda _=False, letter=letter: self.choose(letter))
        self.save.clicked.connect(self.commit)
        self.reason.entered.connect(self.commit)
        self._open_clause.clicked.connect(lambda: self.clause.setVisible(self.clause.isHidden()))
        self.toast.undo_asked.connect(self.undo_asked)
