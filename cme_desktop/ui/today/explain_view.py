"""Why a pupil is on the list: the finding, its session calendar, its number, its clause, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cme_desktop.casework.explain import COMING_SUPPOSES, COMING_TITLE, Explanation, facts_in_order, on_paper
from cme_desktop.ui.printing import print_words
from cme_desktop.ui.today.session_pictures import SessionCalendar
from cme_desktop.ui.today.side_column import clear
from cme_desktop.ui.widgets.buttons import FlatButton, LinkButton, SecondaryButton
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from collections.abc import Callable

    from cme_desktop.ui.style.theme import Theme

_WIDE: Final = 680
_CLAUSE_WIDE: Final = 300
_SCROLLS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -3, Qt.Key.Key_PageDown: 3}
"""Keys that move the middle, in quarters of what is seen of it."""


def fill_facts(theme: Theme, grid: QGridLayout, explanation: Explanation) -> None:
    """Put an explanation's facts into two columns, the label column 110 wide."""
    grid.setColumnMinimumWidth(0, theme.scaled(110))
    grid.setColumnStretch(1, 1)
    grid.setVerticalSpacing(5)
    for label, words in facts_in_order(explanation):
        row = grid.rowCount()
        grid.addWidget(Label(theme, label, token="text2"), row, 0, Qt.AlignmentFlag.AlignTop)  # noqa: S106  a colour token
        grid.addWidget(Label(theme, words, wraps=True), row, 1)


class DockedWhy(QFrame):
    """The reason docked under the ladder of a wide window: the sessions at the left, the facts beside them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_wanted = False
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(16, 12, 16, 12)
        self._line.setSpacing(24)
        self.setProperty("look", "sunken")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def set_wanted(self, *, is_wanted: bool) -> None:
        """Say whether the window has room for it."""
        self._is_wanted = is_wanted
        self.setVisible(is_wanted and self._line.count() > 0)

    def show_why(self, explanation: Explanation | None) -> None:
        """Explain one flag, or nothing."""
        clear(self._line)
        if explanation is None:
            self.hide()
            return
        left = QVBoxLayout()
        left.addWidget(Label(self._theme, "Why you are seeing this", role="body-strong", token="text2"))  # noqa: S106  a colour token
        left.addWidget(SessionCalendar(self._theme, explanation.weeks))
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(Label(self._theme, explanation.sentence, role="heading", wraps=True))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        fill_facts(self._theme, grid, explanation)
        right.addWidget(holder)
        right.addStretch(1)
        self._line.addLayout(left)
        self._line.addLayout(right, 1)
        self.setVisible(self._is_wanted)


class ClausePanel(QFrame):
    """The clauses that ask for a duty, in the program's own words, with the way to the law's text."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("look", "sunken")
        self.setAccessibleName("The clause")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 10, 12, 10)

    def show_clauses(self, explanation: Explanation) -> None:
        """Show what each clause is and who speaks through it."""
        clear(self._layout)
        self._layout.addWidget(Label(self._theme, "The clause", role="body-strong"))
        if explanation.about:
            self._layout.addWidget(Label(self._theme, explanation.about, wraps=True))
        for clause in explanation.clauses:
            self._layout.addSpacing(6)
            self._layout.addWidget(Label(self._theme, clause.text, role="body-strong", wraps=True))
            self._layout.addWidget(Label(self._theme, clause.authority, role="small", token="text2"))  # noqa: S106  a colour token
            if clause.url:
                link = LinkButton(self._theme, "Read it in the browser")
                link.setToolTip(clause.url)
                link.clicked.connect(lambda _=False, url=clause.url: QDesktopServices.openUrl(QUrl(url)))
                self._layout.addWidget(link)
        self._layout.addStretch(1)


class ExplainPopover(Popover):
    """Walks the flags of one pupil; Esc closes it and the focus goes back."""

    shown_flag = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent)
        self._ground = parent
        self._explanations: tuple[Explanation, ...] = ()
        self._at = 0
        self._name = ""
        self._when_printed: Callable[[], object] = lambda: None
        self._title = Label(theme, role="heading", wraps=True)
        self._rule = Label(theme, role="small", token="text2")  # noqa: S106  a colour token
        self._place = Label(theme, token="text2")  # noqa: S106  a colour token
        self._before = FlatButton(theme, "", icon="chevron-left")
        self._after = FlatButton(theme, "", icon="chevron-right")
        self._middle = QVBoxLayout()
        self._scroll = QScrollArea()
        self.clause = ClausePanel(theme)
        self._open_clause = LinkButton(theme, "Open the clause", icon="book-open")
        self._print = LinkButton(theme, "Print", icon="printer")
        self._close = SecondaryButton(theme, "Close")
        self._build()

    def explain(
        self, name: str, explanations: tuple[Explanation, ...], *, when_printed: Callable[[], object] = lambda: None
    ) -> None:
        """Open beside the card with the first of the flags; ``when_printed`` is called once they went to a printer."""
        self._when_printed = when_printed
        self._name, self._explanations, self._at = name, explanations, 0
        self.clause.hide()
        self._show()
        self._open(_WIDE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left:
            self._step(-1)
        elif event.key() == Qt.Key.Key_Right:
            self._step(1)
        elif event.key() == Qt.Key.Key_F7:
            self.close_popover()
        elif event.text().casefold() == "o":
            self.toggle_clause()
        elif event.matches(QKeySequence.StandardKey.Print):
            self.print_all()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_popover()
        elif event.key() in _SCROLLS:
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.value() + _SCROLLS[Qt.Key(event.key())] * bar.pageStep() // 4)
        # every other key stops here: no outcome key is live while this is open

    def toggle_clause(self) -> None:
        """Open the clause beside the finding, or close it."""
        opens = self.clause.isHidden()
        self.clause.setVisible(opens)
        self._open_clause.setText("Close the clause" if opens else "Open the clause")
        room = self._ground.width()
        self._place_at(_WIDE + _CLAUSE_WIDE if opens and room > self._theme.scaled(_WIDE + _CLAUSE_WIDE) else _WIDE)

    @property
    def words(self) -> str:
        """All of the pupil's explanations, as they are printed."""
        return on_paper(self._name, self._explanations)

    def print_all(self) -> None:
        """Print all of the pupil's explanations."""
        if print_words(self, self.words):
            self._when_printed()

    # -- private -----------------------------------------------------------------------------------------------

    def _open(self, width: int) -> None:
        room = self._ground.size()
        wide = min(self._theme.scaled(width), room.width() - 32)
        tall = min(self._theme.scaled(640), room.height() - 48)
        self.open_at(QPoint(room.width() - wide - 24, 24), size=(wide, tall))

    def _place_at(self, width: int) -> None:
        room = self._ground.size()
        wide = min(self._theme.scaled(width), room.width() - 32)
        self.resize(wide, self.height())
        self.move(max(8, room.width() - wide - 24), self.y())

    def _step(self, by: int) -> None:
        if self._explanations:
            self._at = (self._at + by) % len(self._explanations)
            self._show()

    def _show(self) -> None:
        one = self._explanations[self._at]
        several = len(self._explanations) > 1
        self._title.setText(f"Why {self._name} is on the list")
        self.setAccessibleName(f"{self._title.text()}. {one.sentence}")
        self._rule.setText(one.rule_id)
        self._place.setText(f"{self._at + 1} of {len(self._explanations)}" if several else "")
        self._before.setVisible(several)
        self._after.setVisible(several)
        clear(self._middle)
        self._middle.addWidget(Label(self._theme, one.sentence, role="row", wraps=True))
        self._middle.addWidget(self._box(one))
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 4, 0, 0)
        fill_facts(self._theme, grid, one)
        self._middle.addWidget(holder)
        self._add_coming(one)
        self._middle.addStretch(1)
        self.clause.show_clauses(one)
        self.shown_flag.emit(self._at)

    def _add_coming(self, one: Explanation) -> None:
        if not one.coming:
            return
        self._middle.addSpacing(6)
        self._middle.addWidget(Label(self._theme, COMING_TITLE, role="body-strong"))
        self._middle.addWidget(Label(self._theme, COMING_SUPPOSES, token="text2", wraps=True))  # noqa: S106  a colour token
        for words in one.coming:
            self._middle.addWidget(Label(self._theme, words, wraps=True))

    def _box(self, one: Explanation) -> QWidget:
        box = QFrame()
        box.setProperty("look", "sunken")
        line = QHBoxLayout(box)
        line.setContentsMargins(16, 12, 16, 12)
        line.setSpacing(20)
        line.addWidget(SessionCalendar(self._theme, one.weeks), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(0)
        if one.progress:
            words.addWidget(Label(self._theme, one.progress, role="count", wraps=True))
            words.addWidget(Label(self._theme, one.progress_of, token="text2"))  # noqa: S106  a colour token
        words.addStretch(1)
        line.addLayout(words, 1)
        return box

    def _build(self) -> None:
        self._before.setAccessibleName("The reason before")
        self._after.setAccessibleName("The next reason")
        head = QHBoxLayout()
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._rule)
        head.addLayout(words, 1)
        for widget in (self._before, self._place, self._after, Keycap(self._theme, "Esc")):
            head.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        body = QFrame()
        body.setProperty("look", "pane")
        body.setLayout(self._middle)
        self._middle.setContentsMargins(0, 0, 8, 0)
        scroll = self._scroll
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        beside = QHBoxLayout()
        beside.setSpacing(12)
        beside.addWidget(scroll, 1)
        self.clause.setFixedWidth(self._theme.scaled(_CLAUSE_WIDE - 12))
        beside.addWidget(self.clause)
        foot = QHBoxLayout()
        foot.addWidget(self._open_clause)
        foot.addWidget(Keycap(self._theme, "O"))
        foot.addSpacing(12)
        foot.addWidget(self._print)
        foot.addWidget(Keycap(self._theme, "Ctrl P"))
        foot.addStretch(1)
        foot.addWidget(self._close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(10)
        layout.addLayout(head)
        layout.addLayout(beside, 1)
        layout.addLayout(foot)
        self._before.clicked.connect(lambda: self._step(-1))
        self._after.clicked.connect(lambda: self._step(1))
        self._open_clause.clicked.connect(self.toggle_clause)
        self._print.clicked.connect(self.print_all)
        self._close.clicked.connect(self.close_popover)
