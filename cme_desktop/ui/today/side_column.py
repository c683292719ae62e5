"""The column beside the ladder: last seen, the last days, brothers and sisters, what is still to do, the attempts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.casework.call_card import AgencyLine, CallCard, SiblingLine, StepLine
from cme_desktop.casework.history import HistoryEntry
from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.ui.today.session_pictures import LastDays
from cme_desktop.ui.today.shapes import DRAWN
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading
from cme_desktop.ui.widgets.severity_shape import SeverityShape

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_TELLS = "tell"
_VISITS = "visit_home"


class SideColumn(QScrollArea):
    """``step_chosen`` carries a ``StepLine`` that can be written down from here: telling somebody, a visit."""

    step_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = QFrame()
        self._body.setProperty("look", "pane")
        self._layout = QVBoxLayout(self._body)
        self._layout.setContentsMargins(16, 0, 12, 8)
        self._layout.setSpacing(3)
        self.setWidget(self._body)

    def show_card(self, card: CallCard, *, is_wide: bool) -> None:
        """Show what belongs to a card; the attempts come before the steps where there is room."""
        clear(self._layout)
        self._heading("Last seen")
        self._layout.addWidget(Label(self._theme, card.last_seen, role="body-strong", wraps=True))
        self._second(card.last_seen_detail)
        self._gap()
        self._heading("Last eight school days")
        self._layout.addWidget(LastDays(self._theme, card.last_days))
        self._gap()
        if card.siblings:
            self._heading("Brothers and sisters")
            for sibling in card.siblings:
                self._layout.addLayout(self._sibling(sibling))
            self._gap()
        if is_wide:
            self._add_attempts(card)
        if card.steps:
            self._heading("Still to do today")
            for step in card.steps:
                self._layout.addLayout(self._step(step))
            self._gap()
        if card.agencies:
            self._heading("Numbers to have ready")
            for agency in card.agencies:
                self._agency(agency)
            self._gap()
        if not is_wide:
            self._add_attempts(card)
        self._layout.addStretch(1)

    # -- parts -------------------------------------------------------------------------------------------------

    def _heading(self, words: str) -> None:
        self._layout.addWidget(SectionHeading(self._theme, words))

    def _second(self, words: str) -> None:
        if words:
            self._layout.addWidget(Label(self._theme, words, role="small", token="text2", wraps=True))  # noqa: S106  a colour token

    def _gap(self) -> None:
        self._layout.addSpacing(10)

    def _sibling(self, sibling: SiblingLine) -> QHBoxLayout:
        return self._shaped(SeverityShape(self._theme, DRAWN[sibling.shape]), sibling.name, sibling.words)

    def _shaped(self, shape: QWidget, first: str, second: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Label(self._theme, first, wraps=True))
        if second:
            words.addWidget(Label(self._theme, second, role="small", token="text2", wraps=True))  # noqa: S106  a colour token
        line.addLayout(words, 1)
        return line

    def _step(self, step: StepLine) -> QHBoxLayout:
        detail = ", ".join(part for part in (step.due, step.by) if part)
        line = self._shaped(SeverityShape(self._theme, DRAWN[step.shape]), step.text, detail)
        if step.act in {_TELLS, _VISITS}:
            button = LinkButton(self._theme, "Told" if step.act == _TELLS else "Visit")
            button.setAccessibleName(f"{button.text()}: {step.text}")
            button.clicked.connect(lambda: self.step_chosen.emit(step))
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return line

    def _agency(self, agency: AgencyLine) -> None:
        self._layout.addWidget(Label(self._theme, agency.name, role="small", token="text2", wraps=True))  # noqa: S106  a colour token
        number = Label(self._theme, agency.phone or "No number", role="heading")
        number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._layout.addWidget(number)
        self._second(agency.beside)

    def _add_attempts(self, card: CallCard) -> None:
        if not card.attempts:
            return
        self._heading("In this absence")
        for entry in card.attempts[:12]:
            self._layout.addWidget(self._attempt(entry))
        self._gap()

    def _attempt(self, entry: HistoryEntry) -> QWidget:
        clock = f" {say_clock(entry.happened_at)}" if entry.happened_at else ""
        when = f"{say_day(entry.happened_on)}{clock}"
        label = Label(self._theme, f"{when}  {entry.title}", role="small", wraps=True)
        if entry.is_retracted:
            font = label.font()
            font.setStrikeOut(True)
            label.setFont(font)
        label.setToolTip(
            f"{entry.written_by}, written {say_day(entry.written_at.date())} {say_clock(entry.written_at)}"
        )
        return label


def clear(layout: QLayout) -> None:
    """Take everything out of a layout, its inner layouts too."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif (inner := item.layout()) is not None:
            clear(inner)
            inner.deleteLater()
