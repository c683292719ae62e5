"""A list and what is chosen in it: side by side, or in a narrow window one of the two at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from cme_desktop.ui.room import Room, Width, room_of

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent, QShowEvent

    from cme_desktop.ui.style.theme import Theme

_LEAST: Final = 340
"""The least width of the list beside the other pane."""

_MARGIN: Final = 12
_FOOT: Final = 520
"""How wide what was just saved is, at most: beside it the other column stays in sight."""


class TwoPanes(QWidget):
    """The list in ``side``, the rest in ``main``; ``room_changed`` carries the room whenever it is another.

    ``foot`` says what was just saved. It lies over the foot of ``main`` for a while, so that nothing moves under the
    hand.
    """

    room_changed = Signal(object)

    def __init__(
        self,
        theme: Theme,
        *,
        side: QWidget,
        main: QWidget,
        foot: QWidget,
        widths: Mapping[Width, int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._widths = dict(widths)
        self.room: Room | None = None
        self.side = side
        self.main = QFrame()
        self._shows_main = False
        self._has_list = True
        self._foot = foot
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._build(main)
        self._splitter.splitterMoved.connect(self._remember)
        theme.changed.connect(self.fit)

    @property
    def is_narrow(self) -> bool:
        """Whether one pane at a time is shown."""
        return self.room is not None and self.room.is_narrow

    @property
    def shows_only_main(self) -> bool:
        """Whether the list has given way to the other pane."""
        return self.is_narrow and (self._shows_main or not self._has_list)

    def show_main(self) -> None:
        """In a narrow window, show what is chosen instead of the list."""
        self._shows_main = True
        self.fit()

    def show_side(self) -> None:
        """In a narrow window, show the list again."""
        self._shows_main = False
        self.fit()

    def set_list(self, *, has_rows: bool) -> None:
        """Say whether there is anything to choose; where there is not, a narrow window shows the other pane."""
        self._has_list = has_rows
        self.fit()

    def fit(self) -> None:
        """Share the room out anew."""
        room = room_of(self.window().size(), text_scale=self._theme.text_scale)
        is_new = room != self.room
        self.room = room
        self.side.setMinimumWidth(0 if room.is_narrow else _LEAST)
        self.side.setVisible(not self.shows_only_main)
        self.main.setVisible(self.shows_only_main or not room.is_narrow)
        if not room.is_narrow and (is_new or not self._splitter.sizes()[1]):
            width = self._widths[room.width]
            self._splitter.setSizes([width, max(1, self.width() - width)])
        if is_new:
            self.room_changed.emit(room)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.LayoutRequest}:
            self._place_foot()
        return super().eventFilter(watched, event)

    def _place_foot(self) -> None:
        margin = self._theme.scaled(_MARGIN)
        width = min(self.main.width() - 2 * margin, self._theme.scaled(_FOOT))
        height = self._foot.sizeHint().height()
        place = QRect(margin, self.main.height() - height - margin, width, height)
        if self._foot.geometry() != place:
            self._foot.setGeometry(place)
            self._foot.raise_()

    def _build(self, main: QWidget) -> None:
        # the wide layout must not keep a window from being made narrow
        self.setMinimumSize(320, 280)
        self.main.setProperty("look", "pane")
        inside = QVBoxLayout(self.main)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(main, 1)
        self._foot.setParent(self.main)
        for watched in (self.main, self._foot):
            watched.installEventFilter(self)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(self.side)
        self._splitter.addWidget(self.main)
        self._splitter.setStretchFactor(1, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def _remember(self) -> None:
        """Keep the width somebody drew the list to, for windows of this width."""
        if self.room is not None and not self.room.is_narrow:
            self._widths[self.room.width] = self._splitter.sizes()[0]
