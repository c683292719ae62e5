"""What was just saved, for whom, and ten seconds in which to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme

SECONDS: Final = 10


class Toast(QFrame):
    """Hidden until ``show_saved``; ``undo_asked`` when Undo is pressed, ``ended`` when the seconds have run out."""

    undo_asked = Signal()
    ended = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._left = 0
        self._tick = QLabel()
        self._words = ElidedLabel(theme, role="body-strong")
        self._undo = LinkButton(theme, "Undo")
        self._undo.setAccessibleDescription("Takes back what was just saved. Ctrl Z does the same.")
        self._undo.clicked.connect(self._ask_undo)
        # as tall where nothing can be undone: the words must not touch the edge
        keeps = self._undo.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self._undo.setSizePolicy(keeps)
        self._keys = Keycap(theme, "Ctrl Z")
        self._seconds = Label(theme, role="small", token="text2")  # noqa: S106  a colour token
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._count_down)
        self._build()
        theme.changed.connect(self._take_look)
        self._take_look()
        self.hide()

    def show_saved(self, words: str, *, can_undo: bool = True) -> None:
        """Say ``No answer saved for Łucja Wiśniewska, 9:13`` and begin to count the seconds down."""
        self._words.setText(words)
        for widget in (self._undo, self._keys, self._seconds):
            widget.setVisible(can_undo)
        self._left = SECONDS
        self._seconds.setText(f"{self._left} s")
        self.setAccessibleName(words)
        self.show()
        self._timer.start()
        announce(self, words)

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()

    def end(self) -> None:
        """Go away."""
        self._timer.stop()
        self.hide()

    def _ask_undo(self) -> None:
        self.end()
        self.undo_asked.emit()

    def _count_down(self) -> None:
        self._left -= 1
        self._seconds.setText(f"{self._left} s")
        if self._left <= 0:
            self.end()
            self.ended.emit()

    def _build(self) -> None:
        self.setProperty("look", "popover")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 4)
        layout.setSpacing(8)
        layout.addWidget(self._tick)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._undo)
        layout.addWidget(self._keys)
        layout.addWidget(self._seconds)

    def _take_look(self) -> None:
        self._tick.setPixmap(self._theme.pixmap("check", "ok", 16, self.devicePixelRatioF()))
