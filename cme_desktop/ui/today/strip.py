"""The strip above Today: the day, five clock times with what is left before each, and the roll's balance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QStackedLayout, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import say_clock
from cme_desktop.casework.today.rows import Balance, Tile, TileState, TodayScreen
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.roll_balance import RollBalance, RollCounts
from cme_desktop.ui.widgets.status_tile import StatusTile, TileFacts
from cme_desktop.ui.widgets.status_tile import TileState as KnotState

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_KNOTS: Final = {
    TileState.DONE: KnotState.DONE,
    TileState.LATE: KnotState.LATE,
    TileState.NEXT: KnotState.NEXT,
    TileState.LATER: KnotState.LATER,
}
_EMPTY: Final = TileFacts("", "", 0, "")


class DayStrip(QFrame):
    """``tile_chosen`` carries the ``Tile`` whose rows are to be shown, or None for all."""

    tile_chosen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tiles: tuple[Tile, ...] = ()
        self._chosen: Tile | None = None
        self._title = ElidedLabel(theme, role="title")
        self._subtitle = ElidedLabel(theme, role="small", token="text2")  # noqa: S106  a colour token
        self.buttons = tuple(StatusTile(theme, _EMPTY) for _ in range(5))
        self._balance = RollBalance(theme, RollCounts(0, 0, 0))
        self._line_title = Label(theme, role="body-strong")
        self._line = QHBoxLayout()
        self._line_unknown = Label(theme, role="body-strong", token="unknown")  # noqa: S106  a colour token
        self._full, self._narrow = QWidget(), QWidget()
        self._build()
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _=False, number=number: self._choose(number))
        theme.changed.connect(self._take_look)

    def set_screen(self, screen: TodayScreen, tiles: Iterable[Tile]) -> None:
        """Show the counts of a moment."""
        self._tiles = tuple(tiles)
        self._title.setText(screen.title)
        self._fit_day()
        self._subtitle.setText(screen.subtitle)
        for button, tile in zip(self.buttons, self._tiles, strict=True):
            button.set_facts(TileFacts(say_clock(tile.at), tile.name, tile.count, tile.words, _KNOTS[tile.state]))
        self._balance.set_counts(_counts(screen.balance))
        self._fill_line(screen)
        chosen = self._chosen
        if chosen is not None:
            self._chosen = next((tile for tile in self._tiles if tile.key is chosen.key and tile.count), None)
        self._show_chosen()

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Show one line of chips in place of the tiles."""
        self._stack.setCurrentWidget(self._narrow if is_narrow else self._full)
        self.setFixedHeight(self._theme.scaled(42 if is_narrow else 90))

    def focus_next(self) -> None:
        """Walk the tiles, one at each call."""
        focused = next((number for number, button in enumerate(self.buttons) if button.hasFocus()), -1)
        self.buttons[(focused + 1) % len(self.buttons)].setFocus()

    def release(self) -> None:
        """Choose no tile."""
        self._chosen = None
        self._show_chosen()

    # -- private -----------------------------------------------------------------------------------------------

    def _choose(self, number: int) -> None:
        tile = self._tiles[number] if number < len(self._tiles) else None
        same = tile is not None and self._chosen is not None and self._chosen.key is tile.key
        self._chosen = None if same or tile is None or not tile.count else tile
        self._show_chosen()
        self.tile_chosen.emit(self._chosen)

    def _show_chosen(self) -> None:
        for button, tile in zip(self.buttons, self._tiles, strict=False):
            button.setChecked(self._chosen is not None and tile.key is self._chosen.key)

    def _fill_line(self, screen: TodayScreen) -> None:
        _clear(self._line)
        self._line_title.setText(screen.short_title)
        late = [tile for tile in self._tiles if tile.state is TileState.LATE]
        upcoming = [tile for tile in self._tiles if tile.state is TileState.NEXT]
        rest = sum(tile.count for tile in self._tiles if tile.state is TileState.LATER)
        for tile in (late + upcoming)[:2]:
            kind = ChipKind.TODAY if tile.state is TileState.LATE else ChipKind.PLAIN
            icon = "clock-alert" if tile.state is TileState.LATE else None
            words = f"{say_clock(tile.at)}  {tile.count} {tile.words}"
            self._line.addWidget(Chip(self._theme, words, kind=kind, icon=icon))
        if rest and self._tiles:
            self._line.addWidget(Chip(self._theme, f"{rest} more before {say_clock(self._tiles[-1].at)}"))
        self._line.addStretch(1)
        unknown = screen.balance.unknown
        self._line_unknown.setText(f"{unknown} unknown" if unknown else "")

    def _build(self) -> None:
        self.setProperty("look", "ground")
        day = QVBoxLayout()
        day.setSpacing(0)
        day.setContentsMargins(0, 0, 0, 0)
        day.addStretch(1)
        day.addWidget(self._title)
        day.addWidget(self._subtitle)
        day.addStretch(1)
        self._day = QWidget()
        self._day.setLayout(day)
        rule = QFrame()
        rule.setProperty("look", "line")
        rule.setFixedWidth(1)
        full = QHBoxLayout(self._full)
        full.setContentsMargins(16, 8, 18, 8)
        full.setSpacing(0)
        full.addWidget(self._day)
        full.addSpacing(8)
        for button in self.buttons:
            full.addWidget(button, 1)
        full.addSpacing(14)
        full.addWidget(rule)
        full.addSpacing(16)
        full.addWidget(self._balance)
        narrow = QHBoxLayout(self._narrow)
        narrow.setContentsMargins(16, 4, 16, 4)
        narrow.setSpacing(12)
        narrow.addWidget(self._line_title)
        narrow.addLayout(self._line, 1)
        narrow.addWidget(self._line_unknown)
        self._stack = QStackedLayout()
        self._stack.addWidget(self._full)
        self._stack.addWidget(self._narrow)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(self._stack)
        self._take_look()
        self.set_narrow(is_narrow=False)

    def _fit_day(self) -> None:
        longest = self._title.sizeHint().width() + 6
        self._day.setFixedWidth(max(self._theme.scaled(238), longest))

    def _take_look(self) -> None:
        self._fit_day()
        is_narrow = self._stack.currentWidget() is self._narrow
        self.setFixedHeight(self._theme.scaled(42 if is_narrow else 90))


def _counts(balance: Balance) -> RollCounts:
    if not balance.due:
        return RollCounts(0, 0, 0, f"{balance.on_roll} on roll; registers not due yet")
    explained = f"{balance.explained} {'absence' if balance.explained == 1 else 'absences'} explained"
    others = f", {balance.not_expected} not expected now" if balance.not_expected else f"; {explained}"
    note = f"of {balance.on_roll} on roll{others}"
    return RollCounts(balance.present, balance.absent, balance.unknown, note)


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.setParent(None)
            widget.deleteLater()
