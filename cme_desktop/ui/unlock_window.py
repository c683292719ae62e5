"""The first window: who are you, and your password; then a code, from who wants to be asked for one.

It is painted with Qt alone; nothing heavy is loaded for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.ui.style.qt_numbers import ALIGN_H_CENTRE, NO_FOCUS
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from cme_desktop.casework.people import Person
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.style.theme import Theme

_CARD: Final = 400
_UNLOCK: Final = "Unlock"
_CODE_HINT: Final = "The six digits on your phone, or a printed code."


class UnlockWindow(QScrollArea):
    """``unlock_asked`` carries the person's id and the password, and the code once that was asked for.

    ``here_asked`` carries the id and the code: this computer is to open the records without the password. Answer with
    ``ask_code``, ``show_refused`` or ``show_code_refused``, or hide the window.
    """

    unlock_asked = Signal(int, str, str)
    here_asked = Signal(int, str)
    typing_begun = Signal()
    help_asked = Signal()
    forgotten = Signal(int)
    restore_asked = Signal()
    closed = Signal()

    def __init__(
        self, theme: Theme, people: tuple[Person, ...], *, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self.people = people
        self._has_begun = False
        self._who = QComboBox()
        for person in people:
            self._who.addItem(person.name, int(person.id))
        self._password = QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self.who = Field(theme, "Who are you?", self._who)
        self.password = Field(
            theme, "Password", self._password, hint=hint or "You can paste it from a password manager."
        )
        self.shows = QCheckBox("Show password")
        self._code = QLineEdit()
        self.code = Field(theme, "Code", self._code)
        self.unlock = PrimaryButton(theme, _UNLOCK)
        self.here = SecondaryButton(theme, "Open without the password", icon="key-round")
        self._here: frozenset[int] = frozenset()
        self._is_here = False
        self.other = LinkButton(theme, "Back")
        self._forgotten = LinkButton(theme, "Forgotten your password?")
        self.restore = LinkButton(theme, "Bring a backup back…")
        self._help = LinkButton(theme, "Help")
        self._picture = QLabel()
        self._note = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self._build()
        self._connect()
        theme.changed.connect(self._take_look)
        self._take_look()

    def show_locked(self, words: str = "") -> None:
        """Show the window empty; ``words`` stand under the card, such as when it locked."""
        self.ask_password()
        self._password.clear()
        self.password.set_error("")
        self.shows.setChecked(False)
        self._note.setText(words)
        self.show_busy(busy=False)
        self.show()
        self._password.setFocus()

    @property
    def note(self) -> str:
        """What stands under the card."""
        return self._note.text()

    def show_busy(self, *, busy: bool) -> None:
        """Opening the records, or not any more."""
        self.unlock.setEnabled(not busy)
        self.here.setEnabled(not busy)
        self.unlock.setText("Opening the records" if busy else _UNLOCK)

    @property
    def asks_code(self) -> bool:
        """Whether the second step is shown."""
        return not self.code.isHidden()

    def ask_password(self) -> None:
        """Show the first step."""
        self._is_here = False
        self._code.clear()
        self._show_step(is_code=False)

    def ask_code(self, problem: CmeError) -> None:
        """Show the second step, which only those see who have it."""
        self.show_busy(busy=False)
        if self.asks_code:
            self.show_code_refused(problem)
            return
        self._show_step(is_code=True)
        self.code.set_error("")
        self.code.set_hint(_words_of(problem) if problem.detail else _CODE_HINT)
        self._code.setFocus()
        announce(self._code, _CODE_HINT)

    def show_code_refused(self, problem: CmeError) -> None:
        """Say what is wrong with the code; the password stays typed."""
        self.show_busy(busy=False)
        self.code.set_error(_words_of(problem))
        self._code.selectAll()
        self._code.setFocus()
        announce(self._code, self.code.error)

    def offer_here(self, users: frozenset[int]) -> None:
        """Offer this computer's key to those for whom it keeps one."""
        self._here = users
        self._follow_choice()

    def show_refused(self, problem: CmeError) -> None:
        """Say why the records stay locked, and let the user try again."""
        self.ask_password()
        self.show_busy(busy=False)
        self.password.set_error(" ".join(part for part in (problem.title, problem.remedy) if part))
        self._password.selectAll()
        self._password.setFocus()
        announce(self._password, self.password.error)

    def put_away(self) -> None:
        """Leave the screen, and give back the memory it was drawn in; ``show_locked`` brings it back."""
        self.hide()
        self.destroy()

    def choose(self, user_id: int) -> None:
        """Choose who is asked for a password."""
        self._who.setCurrentIndex(max(0, self._who.findData(user_id)))

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def _build(self) -> None:
        self.setWindowTitle("CME Desktop")
        self.setObjectName("window")  # its ground lies under the scroll bar too
        self.setMinimumSize(480, 520)
        self.resize(1366, 688)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("focusPolicy", NO_FOCUS)
        ground = QWidget()
        ground.setObjectName("window")
        outer = QVBoxLayout(ground)
        outer.addStretch(3)
        outer.addLayout(_centred(self._card()))
        outer.addSpacing(16)
        self._note.setProperty("alignment", ALIGN_H_CENTRE)
        outer.addWidget(self._note)
        outer.addStretch(4)
        foot = Label(self._theme, "Records are encrypted on this computer", role="small", token="text2")  # noqa: S106  a colour token
        outer.addLayout(_centred(foot))
        self.setWidget(ground)

    def _card(self) -> QFrame:
        self._frame = QFrame()
        self._frame.setProperty("look", "card")
        layout = QVBoxLayout(self._frame)
        layout.setContentsMargins(32, 28, 32, 24)
        layout.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._picture)
        head.addWidget(Label(self._theme, "CME Desktop", role="title"), 1)
        layout.addLayout(head)
        layout.addSpacing(6)
        for widget in (self.who, self.password, self.shows, self.code, self.unlock, self.here):
            layout.addWidget(widget)
        self.code.hide()
        self.here.hide()
        self.other.hide()
        foot = QHBoxLayout()
        foot.addWidget(self._forgotten)
        foot.addWidget(self.other)
        foot.addStretch(1)
        foot.addWidget(self._help)
        foot.addWidget(Keycap(self._theme, "F1"))
        layout.addLayout(foot)
        last = QHBoxLayout()
        last.addWidget(self.restore)
        last.addStretch(1)
        layout.addLayout(last)
        return self._frame

    def _connect(self) -> None:
        self._password.textEdited.connect(self._begin)
        self._password.returnPressed.connect(self._ask)
        self._code.returnPressed.connect(self._ask)
        self._who.currentIndexChanged.connect(self._follow_choice)
        self.here.clicked.connect(self._ask_here)
        self.other.clicked.connect(self._go_back)
        self.unlock.clicked.connect(self._ask)
        self.shows.toggled.connect(self._show_password)
        self._help.clicked.connect(self.help_asked)
        self._help.setProperty("shortcut", "F1")
        self._forgotten.clicked.connect(self._tell_forgotten)
        self.restore.clicked.connect(self.restore_asked)

    def _begin(self) -> None:
        self.password.set_error("")
        if not self._has_begun:
            self._has_begun = True
            self.typing_begun.emit()

    def _ask(self) -> None:
        if not self.unlock.isEnabled() or not self.people:
            return
        if self.asks_code and not self._code.text().strip():
            self.code.set_error("Type the code.")
            return
        user = int(self._who.currentData())
        if self._is_here:
            self.show_busy(busy=True)
            self.here_asked.emit(user, self._code.text())
            return
        if not self._password.text():
            self.password.set_error("Type your password.")
            return
        self.show_busy(busy=True)
        self.unlock_asked.emit(user, self._password.text(), self._code.text())

    def _ask_here(self) -> None:
        if self.here.isEnabled():
            self._begin()
            self._is_here = True
            self._ask()

    def _go_back(self) -> None:
        self.show_locked(self._note.text())

    def _show_step(self, *, is_code: bool) -> None:
        for widget in (self.who, self.password, self.shows, self._forgotten, self.restore):
            widget.setVisible(not is_code)
        for widget in (self.code, self.other):
            widget.setVisible(is_code)
        self._follow_choice()

    def _follow_choice(self) -> None:
        self.here.setVisible(not self.asks_code and self._who.currentData() in self._here)

    def _show_password(self, shown: bool) -> None:  # noqa: FBT001  the slot of a Qt signal
        self._password.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _tell_forgotten(self) -> None:
        if not self.people:
            return
        self.forgotten.emit(int(self._who.currentData()))

    def _take_look(self) -> None:
        self._frame.setFixedWidth(max(_CARD, self._theme.scaled(_CARD)))
        self.shows.setFont(self._theme.font("body"))
        self._picture.setPixmap(self._theme.pixmap("school", "accent", 30, self.devicePixelRatioF()))


def _words_of(problem: CmeError) -> str:
    return " ".join(part for part in (problem.title, problem.detail, problem.remedy) if part)


def _centred(widget: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addStretch(1)
    line.addWidget(widget)
    line.addStretch(1)
    return line
