"""The rungs of the ladder: the current one with its number large, those that wait or were tried, those forbidden."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.domain.events import AttemptOutcome
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.outcome_key import OutcomeKey

if TYPE_CHECKING:
    from cme_desktop.casework.call_card import Rung
    from cme_desktop.ui.style.theme import Theme

CHILD_SEEN: Final = "child seen"
OUTCOMES: Final[tuple[tuple[str, str, AttemptOutcome | str], ...]] = (
    ("A", "Answered, reason", AttemptOutcome.EXPLAINED),
    ("B", "Answered, no reason", AttemptOutcome.ANSWERED_NO_REASON),
    ("N", "No answer", AttemptOutcome.NO_ANSWER),
    ("V", "Voicemail left", AttemptOutcome.LEFT_MESSAGE),
    ("D", "Number dead", AttemptOutcome.NUMBER_DEAD),
    ("W", "Wrong person", AttemptOutcome.WRONG_PERSON),
    ("S", "Child seen or heard", CHILD_SEEN),
    ("R", "Refused to say", AttemptOutcome.REFUSED),
    ("U", "Parent unaware", AttemptOutcome.UNAWARE),
)
"""Each outcome's letter, words and meaning; their place is the same on every card."""


class Disc(QWidget):
    """The rung's number in a ring: filled for the current one, a tick or a bar where somebody tried."""

    def __init__(self, theme: Theme, text: str, *, filled: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._text, self._filled = theme, text, filled
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(QSize(theme.scaled(26), theme.scaled(26)))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        paint_disc(QPainter(self), QRectF(self.rect()), self._text, self._theme, filled=self._filled)


def paint_disc(painter: QPainter, rect: QRectF, text: str, theme: Theme, *, filled: bool) -> None:
    """Draw a rung's disc; the text ``tick`` or ``bar`` draws that in place of a number."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent" if filled else "line2"), 1.5))
    painter.setBrush(theme.color("accent") if filled else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(rect.adjusted(1.5, 1.5, -1.5, -1.5))
    ink = theme.color("on_accent" if filled else "text2")
    middle = rect.center()
    unit = rect.width() / 26
    painter.setPen(QPen(ink, 2 * unit, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    if text == "tick":
        points = [middle + QPointF(-5, 0) * unit, middle + QPointF(-1.5, 3.5) * unit, middle + QPointF(5, -4) * unit]
        painter.drawPolyline(points)
    elif text == "bar":
        painter.drawLine(middle + QPointF(-5, 0) * unit, middle + QPointF(5, 0) * unit)
    else:
        painter.setFont(theme.font("small-strong"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def disc_text(rung: Rung) -> str:
    """Say what a rung's disc holds."""
    if rung.answered_today:
        return "tick"
    return "bar" if rung.tried_today else str(rung.position)


_THREE_KEYS_FROM: Final = 520


class CurrentRung(QFrame):
    """The person to ring now. ``outcome_chosen`` carries the letter of the key pressed."""

    outcome_chosen = Signal(str)

    def __init__(self, theme: Theme, rung: Rung, *, is_low: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._columns = 0
        self.setProperty("look", "current")
        self.setAccessibleName(f"{rung.relation}, {rung.name}, {rung.household}, {rung.number or 'no number'}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6 if is_low else 8, 12, 8 if is_low else 12)
        layout.setSpacing(2 if is_low else 4)
        layout.addLayout(_head(theme, rung))
        layout.addLayout(_number(theme, rung))
        history = ElidedLabel(theme, rung.history, token="text2")  # noqa: S106  a colour token
        line = QHBoxLayout()
        line.addSpacing(theme.scaled(36))
        line.addWidget(history)
        layout.addLayout(line)
        layout.addSpacing(2)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(6)
        self._grid.setVerticalSpacing(6)
        self.keys: list[OutcomeKey] = []
        for letter, words, outcome in OUTCOMES:
            key = OutcomeKey(theme, letter, words, is_grave=outcome is AttemptOutcome.UNAWARE)
            key.set_low(is_low=is_low)
            key.clicked.connect(lambda _=False, letter=letter: self.outcome_chosen.emit(letter))
            self.keys.append(key)
        self._place_keys()
        layout.addLayout(self._grid)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_keys()

    def _place_keys(self) -> None:
        # Two to a row where three would cut their words short.
        columns = 3 if self.width() >= self._theme.scaled(_THREE_KEYS_FROM) else 2
        if columns == self._columns:
            return
        self._columns = columns
        for place, key in enumerate(self.keys):
            self._grid.addWidget(key, place // columns, place % columns)


def _head(theme: Theme, rung: Rung) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(theme.scaled(10))
    line.addWidget(Disc(theme, disc_text(rung), filled=True))
    line.addWidget(Label(theme, rung.relation, role="row"))
    who = ", ".join(part for part in (rung.name, rung.household) if part)
    line.addWidget(ElidedLabel(theme, who, token="text2"), 1)  # noqa: S106  a colour token
    return line


def _number(theme: Theme, rung: Rung) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(theme.scaled(12))
    line.addSpacing(theme.scaled(36))
    number = Label(theme, rung.number or "No number", role="figure", token="text3" if rung.dead else "text")
    number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if rung.dead and rung.number:
        font = number.font()
        font.setStrikeOut(True)
        number.setFont(font)
    line.addWidget(number)
    if rung.dead:
        line.addWidget(Chip(theme, "Number dead", kind=ChipKind.TODAY, icon="phone-off"))
    if rung.voicemail_warning:
        line.addWidget(Chip(theme, rung.voicemail_warning, kind=ChipKind.TODAY, icon="voicemail"))
    if rung.language and rung.language.casefold() != "english":
        line.addWidget(Chip(theme, rung.language, icon="languages"))
    line.addStretch(1)
    return line


class ForbiddenRung(QFrame):
    """Somebody who must not be contacted: relation and ground named, the number never shown."""

    def __init__(self, theme: Theme, rung: Rung, *, is_low: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "now")
        relation = rung.relation[:1].lower() + rung.relation[1:]
        ground = rung.ground or "ask the safeguarding lead"
        self.setAccessibleName(f"Do not contact: {relation}. {ground}. The number is not shown.")
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 4, 12, 4)
        line.setSpacing(theme.scaled(12))
        icon = QLabel()
        icon.setPixmap(theme.pixmap("ban", "now", 20, self.devicePixelRatioF()))
        line.addWidget(icon)
        title = Label(theme, f"Do not contact: {relation}", role="body-strong", token="now")  # noqa: S106  a colour token
        second = "text2"
        if is_low:
            line.addWidget(title)
            line.addWidget(ElidedLabel(theme, f"number not shown, {ground[:1].lower()}{ground[1:]}", token=second), 1)
            self.setFixedHeight(theme.scaled(30))
            return
        words = QVBoxLayout()
        words.setSpacing(0)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(title)
        top.addWidget(ElidedLabel(theme, rung.name, token=second), 1)
        words.addLayout(top)
        words.addWidget(ElidedLabel(theme, f"{ground}. The number is not shown.", token=second))
        line.addLayout(words, 1)
        self.setFixedHeight(theme.scaled(48))


class WaitingRung(QAbstractButton):
    """A rung that waits or was tried: press it, or go down, to make it current."""

    def __init__(self, theme: Theme, rung: Rung, *, is_low: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._rung, self._is_low = theme, rung, is_low
        number = "number dead" if rung.dead else rung.number or "no number"
        self.setText(rung.relation)
        self.setAccessibleName(f"{rung.relation}, {rung.name}, {rung.household}, {number}. {rung.history}")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.scaled(36 if is_low else 52))
        self.setToolTip(rung.history)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.scaled(300), self._theme.scaled(36 if self._is_low else 52))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        theme, rung = self._theme, self._rung
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focused = self.hasFocus()
        painter.setPen(QPen(theme.color("focus" if focused else "line"), 2 if focused else theme.palette.border))
        painter.setBrush(theme.color("sunken" if self.underMouse() else "surface"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        side = theme.scaled(26)
        disc = QRectF(theme.scaled(12), (self.height() - side) / 2, side, side)
        paint_disc(painter, disc, disc_text(rung), theme, filled=False)
        room = self._paint_number(painter)
        left = theme.scaled(48)
        if self._is_low:
            base = self.height() // 2 + theme.scaled(5)
            left = self._paint_words(painter, left, base, room, rung.relation, strong=True)
            self._paint_words(painter, left + theme.scaled(8), base, room, rung.history, strong=False)
            return
        who = ", ".join(part for part in (rung.name, rung.household) if part)
        after = self._paint_words(painter, left, theme.scaled(22), room, rung.relation, strong=True)
        self._paint_words(painter, after + theme.scaled(8), theme.scaled(22), room, who, strong=False)
        self._paint_words(painter, left, theme.scaled(41), room, rung.history, strong=False)

    def _paint_words(self, painter: QPainter, left: int, base: int, room: int, words: str, *, strong: bool) -> int:
        font = self._theme.font("body-strong" if strong else "body")
        painter.setFont(font)
        painter.setPen(self._theme.color("text" if strong else "text2"))
        metrics = QFontMetrics(font)
        cut = metrics.elidedText(self._theme.names.say(words), Qt.TextElideMode.ElideRight, max(0, room - left))
        painter.drawText(left, base, cut)
        return left + metrics.horizontalAdvance(cut)

    def _paint_number(self, painter: QPainter) -> int:
        theme = self._theme
        right = self.width() - theme.scaled(14)
        font = theme.font("heading")
        font.setStrikeOut(self._rung.dead and bool(self._rung.number))
        words = self._rung.number or "No number"
        wide = QFontMetrics(font).horizontalAdvance(words)
        painter.setFont(font)
        painter.setPen(theme.color("text3" if self._rung.dead else "text2"))
        painter.drawText(QRect(right - wide, 0, wide + 2, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words)
        if not self._rung.dead:
            return right - wide - theme.scaled(10)
        icon = theme.scaled(16)
        pixmap = theme.pixmap("phone-off", "text2", 16, self.devicePixelRatioF())
        painter.drawPixmap(QRect(right - wide - icon - 8, (self.height() - icon) // 2, icon, icon), pixmap)
        return right - wide - icon - theme.scaled(18)
