"""The call card: whose it is, why it is here, the ladder, the side column, and whom the next key is saved for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from cme_desktop.casework.call_card import CallCard
from cme_desktop.ui.room import Room, Width
from cme_desktop.ui.today.card_head import CardHead
from cme_desktop.ui.today.explain_view import DockedWhy
from cme_desktop.ui.today.mini_form import MiniForm
from cme_desktop.ui.today.rungs import CurrentRung, ForbiddenRung, WaitingRung
from cme_desktop.ui.today.side_column import SideColumn, clear
from cme_desktop.ui.widgets.avatar import Avatar
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import FlatButton, LinkButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading
from cme_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_UNBOUNDED: Final = 16_777_215
"""Qt's own word for a width without limit."""


class CardPane(QFrame):
    """``outcome_chosen`` carries a letter; the other signals say what was asked for."""

    outcome_chosen = Signal(str)
    explain_asked = Signal()
    note_asked = Signal()
    undo_asked = Signal()
    next_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._card: CallCard | None = None
        self._room = Room(Width.NORMAL, is_low=False)
        self._rung = -1
        self.head = CardHead(theme)
        self.warning = Banner(theme, kind=ChipKind.TODAY, icon="circle-alert", sentence="", wraps=True)
        self.reason = ElidedLabel(theme, role="body-strong")
        self._detail = ElidedLabel(theme, token="text2")  # noqa: S106  a colour token
        self._why = LinkButton(theme, "Why am I seeing this?")
        self._ladder_title = SectionHeading(theme, "Ring in this order")
        self._tried = Label(theme, token="text2")  # noqa: S106  a colour token
        self._ladder = QVBoxLayout()
        self.side = SideColumn(theme)
        self.form = MiniForm(theme)
        self.toast = Toast(theme)
        self._guard_face = Avatar(theme, size=24)
        self._guard = ElidedLabel(theme, role="body-strong")
        self.docked = DockedWhy(theme)
        self._strip_extras: list[QWidget] = []
        self.setProperty("look", "pane")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName("Call card")
        self._build()
        self._connect()

    # -- what is shown -----------------------------------------------------------------------------------------

    @property
    def card(self) -> CallCard | None:
        """The card shown: the pupils the next key is saved for."""
        return self._card

    @property
    def rung(self) -> int:
        """The position of the current rung in the card's ladder; -1 where nobody can be rung."""
        return self._rung

    def show_card(self, card: CallCard) -> None:
        """Show a card; the first contact to ring who was not tried is current."""
        self._card = card
        self._rung = card.next_rung
        self.head.show_card(card)
        self.warning.say(kind=ChipKind.TODAY, icon="circle-alert", sentence=card.warning)
        self.warning.setVisible(bool(card.warning))
        self.reason.setText(card.reason)
        self._detail.setText(card.reason_detail)
        self._tried.setText(f"{card.tried} of {card.to_try} tried today" if card.to_try else "")
        self._guard_face.set_initials(card.initials)
        self._guard.setText(card.guard)
        self.side.show_card(card, is_wide=self._room.width is Width.WIDE)
        self._fit_side()
        self.close_form()
        self._fill_ladder()

    def forget(self) -> None:
        """Show no card, so that no key can be saved for anybody."""
        self._card = None
        self._rung = -1

    def step_rung(self, by: int) -> None:
        """Make the next rung up or down that can be rung current."""
        if self._card is None:
            return
        able = [number for number, rung in enumerate(self._card.rungs) if rung.can_be_rung]
        if not able:
            return
        at = able.index(self._rung) + by if self._rung in able else 0
        self._make_current(able[max(0, min(at, len(able) - 1))])

    def open_form(self) -> None:
        """Show the form in place of the ladder."""
        self._left_stack.setCurrentWidget(self.form)

    def close_form(self) -> None:
        """Show the ladder again."""
        self._left_stack.setCurrentWidget(self._ladder_page)

    @property
    def has_form(self) -> bool:
        """Whether the form is open."""
        return self._left_stack.currentWidget() is self.form

    def set_room(self, room: Room) -> None:
        """Lay out for the room the window gives."""
        if room == self._room:
            return
        self._room = room
        self.head.set_narrow(is_narrow=room.is_narrow)
        self._arrange()
        if self._card is not None:
            self.side.show_card(self._card, is_wide=room.width is Width.WIDE)
            self._fill_ladder()

    # -- private -----------------------------------------------------------------------------------------------

    def _fill_ladder(self) -> None:
        clear(self._ladder)
        card = self._card
        if card is None:
            return
        low = self._room.is_low
        for number, rung in enumerate(card.rungs):
            if rung.do_not_contact:
                self._ladder.addWidget(ForbiddenRung(self._theme, rung, is_low=low))
            elif number == self._rung:
                current = CurrentRung(self._theme, rung, is_low=low)
                current.outcome_chosen.connect(self.outcome_chosen)
                self._ladder.addWidget(current)
            else:
                waiting = WaitingRung(self._theme, rung, is_low=low)
                waiting.clicked.connect(lambda _=False, number=number: self._make_current(number))
                self._ladder.addWidget(waiting)
        if self._rung < 0:
            words = "No number on the list works. Find another on the Contacts tab, or visit (H)."
            self._ladder.addWidget(Label(self._theme, words, role="row", wraps=True))
        self._ladder.addStretch(1)

    def _make_current(self, number: int) -> None:
        if self._card is None or not self._card.rungs[number].can_be_rung:
            return
        self._rung = number
        self._fill_ladder()
        self.setFocus()

    def _build(self) -> None:
        bar = self._reason_bar()
        self._ladder.setContentsMargins(0, 0, 8, 0)
        self._ladder_page = self._make_ladder_page()
        self._left = QWidget()
        self._left_stack = QStackedLayout(self._left)
        self._left_stack.addWidget(self._ladder_page)
        self._left_stack.addWidget(self.form)
        self._rule = QFrame()
        self._rule.setProperty("look", "line")
        self._rule.setFixedWidth(1)
        self._body = QHBoxLayout()
        self._body.setSpacing(8)
        self._body.addWidget(self._left, 1)
        self._body.addWidget(self._rule)
        self._body.addWidget(self.side)
        self._inner = QVBoxLayout()
        self._inner.setSpacing(8)
        self._inner.addWidget(self.head)
        self._inner.addWidget(self.warning)
        self.warning.hide()
        self._inner.addWidget(bar)
        self._inner.addLayout(self._body, 1)
        line = QFrame()
        line.setProperty("look", "line")
        line.setFixedHeight(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._inner, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 0, 16, 4)
        foot.addWidget(self.toast)
        layout.addLayout(foot)
        layout.addWidget(line)
        layout.addWidget(self._saving_strip())
        self._arrange()

    def _reason_bar(self) -> QWidget:
        self._bar = QFrame()
        self._bar.setProperty("look", "tint")
        line = QHBoxLayout(self._bar)
        line.setContentsMargins(12, 4, 12, 4)
        line.setSpacing(12)
        self._bar_icon = QLabel()
        line.addWidget(self._bar_icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self.reason)
        words.addWidget(self._detail)
        words.addStretch(1)
        line.addLayout(words, 1)
        line.addWidget(self._why)
        line.addWidget(Keycap(self._theme, "F7"))
        self._take_look()
        return self._bar

    def _make_ladder_page(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        head.addWidget(self._ladder_title)
        head.addStretch(1)
        head.addWidget(self._tried)
        layout.addLayout(head)
        body = QFrame()
        body.setProperty("look", "pane")
        self._below = QVBoxLayout(body)
        self._below.setContentsMargins(0, 0, 0, 0)
        self._below.addLayout(self._ladder, 1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(body)
        # The number to ring and its keys come before any explanation of them.
        scroll.setMinimumHeight(self._theme.scaled(230))
        layout.addWidget(scroll, 1)
        layout.addWidget(self.docked)
        return page

    def _saving_strip(self) -> QWidget:
        self._strip = QFrame()
        self._strip.setProperty("look", "pane")
        line = QHBoxLayout(self._strip)
        line.setContentsMargins(16, 0, 12, 0)
        line.setSpacing(8)
        line.addWidget(self._guard_face)
        line.addWidget(Label(self._theme, "The next key is saved for"))
        line.addWidget(self._guard, 1)
        for words, key, signal in (
            ("Undo last", "Ctrl Z", self.undo_asked),
            ("Note", "F3", self.note_asked),
            ("Next pupil", "Enter", self.next_asked),
        ):
            button = FlatButton(self._theme, words)
            button.setAccessibleDescription(f"Key {key}")
            button.clicked.connect(signal)
            cap = Keycap(self._theme, key)
            line.addWidget(button)
            line.addWidget(cap)
            if key != "Enter":
                self._strip_extras += [button, cap]
        return self._strip

    def _arrange(self) -> None:
        scale, room = self._theme.scaled, self._room
        self.docked.set_wanted(is_wanted=room.width is Width.WIDE)
        wide, low = room.width is Width.WIDE, room.is_low
        margin = 28 if wide else 16
        self._inner.setContentsMargins(margin, 6 if low else 12, margin, 4 if low else 8)
        self._inner.setSpacing(6 if low else 8)
        self._ladder.setSpacing(6)
        self._bar.setFixedHeight(scale(50))
        self._strip.setFixedHeight(scale(36))
        narrow = room.is_narrow
        self._detail.setVisible(not narrow)
        self._why.setText("Why?" if narrow else "Why am I seeing this?")
        self._bar.setFixedHeight(scale(34 if narrow else 50))
        for extra in self._strip_extras:
            extra.setVisible(not narrow)
        self._rule.setVisible(not narrow)
        self._place_side(is_narrow=narrow, wide=scale(340 if wide else 244))

    def _place_side(self, *, is_narrow: bool, wide: int) -> None:
        if is_narrow:
            self._below.addWidget(self.side)
            self.side.setMinimumWidth(0)
            self.side.setMaximumWidth(_UNBOUNDED)
            self._fit_side()
        else:
            self._body.addWidget(self.side)
            self.side.setFixedWidth(wide)
            self.side.setMinimumHeight(0)

    def _fit_side(self) -> None:
        # Under the ladder the column scrolls with it, so it is as high as what it holds.
        body = self.side.widget()
        if self._room.is_narrow and body is not None:
            self.side.setMinimumHeight(body.sizeHint().height() + 8)

    def _take_look(self) -> None:
        icon = self._theme.pixmap("circle-help", "accent", 18, self.devicePixelRatioF())
        self._bar_icon.setPixmap(icon)

    def _take_theme(self) -> None:
        self._take_look()
        self._arrange()
        if self._card is not None and not self.has_form:
            self.show_card(self._card)

    def _connect(self) -> None:
        self._why.clicked.connect(self.explain_asked)
        self.toast.undo_asked.connect(self.undo_asked)
        self._theme.changed.connect(self._take_theme)
