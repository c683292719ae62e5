"""The line at the foot: how old register and backup are, whether the rules answer, who is at the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.desk_facts import DeskFacts
    from cme_desktop.casework.self_test import SelfTest
    from cme_desktop.ui.style.theme import Theme

_TALL: Final = 26
_QUIET_MS: Final = 1000


class _Fact(QWidget):
    """An icon and a few words, amber where somebody should act; one that ``gives_way`` is cut short without room."""

    def __init__(self, theme: Theme, icon: str, words: str, *, gives_way: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._token = "text2"  # noqa: S105  a colour token
        self._picture = QLabel()
        kind = ElidedLabel if gives_way else Label
        self.words: Label = kind(theme, words, role="small", token="text2")  # noqa: S106  a colour token
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        layout.addWidget(self._picture)
        layout.addWidget(self.words)
        theme.changed.connect(self._take_look)
        self._take_look()

    def say(self, words: str, *, is_old: bool = False, is_late: bool = False) -> None:
        """Say something else."""
        self._token = "now" if is_late else "today" if is_old else "text2"
        self.words.setText(words)
        self.words.set_look(token=self._token)
        self._take_look()

    def _take_look(self) -> None:
        self._picture.setPixmap(self._theme.pixmap(self._icon, self._token, 14, self.devicePixelRatioF()))


class StatusLine(QWidget):
    """Says ``Working`` only when work lasts over a second."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._backup = _Fact(theme, "database-backup", "")
        self._register = _Fact(theme, "calendar-clock", "", gives_way=True)
        self._rules = _Fact(theme, "shield-check", "", gives_way=True)
        self._busy = _Fact(theme, "loader", "Working")
        self._user = _Fact(theme, "user-round", "")
        self._lock = _Fact(theme, "timer", "")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_QUIET_MS)
        self._pause.timeout.connect(self._busy.show)
        self._build()
        theme.changed.connect(self._take_look)
        self._take_look()

    def show_busy(self, busy: bool) -> None:  # noqa: FBT001  the slot of a Qt signal
        """Begin or end the wait of one second before ``Working`` shows."""
        if busy:
            self._pause.start()
        else:
            self._pause.stop()
            self._busy.hide()

    def show_user(self, words: str) -> None:
        """Say who is at the desk."""
        self._user.words.setText(words)

    def show_lock(self, words: str) -> None:
        """Say when the window locks."""
        self._lock.words.setText(words)

    def show_facts(self, facts: DeskFacts) -> None:
        """Say how old the backup and the register data are."""
        self._backup.say(facts.backup, is_old=facts.backup_is_old, is_late=facts.backup_is_late)
        self._register.say(facts.register, is_old=facts.register_is_old)

    def show_self_test(self, test: SelfTest) -> None:
        """Say when the rules last answered for the made-up pupils, or that they did not."""
        self._rules.say(test.words, is_old=not test.passed)
        self._rules.show()

    def _build(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 0, 12, 0)
        layout.setSpacing(18)
        layout.addWidget(self._backup)
        layout.addWidget(self._register, 1)
        layout.addWidget(self._rules)
        layout.addWidget(self._busy)
        layout.addWidget(self._user)
        layout.addWidget(self._lock)
        self._busy.hide()
        self._rules.hide()

    def _take_look(self) -> None:
        self.setFixedHeight(self._theme.scaled(_TALL))
