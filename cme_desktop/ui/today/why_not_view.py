"""Why a child is not flagged: every rule with its answer, in a window over any tab."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.casework.leaving_the_records import Left, note_that_it_left
from cme_desktop.casework.why_not import WhyNotGroup, WhyNotRow, WhyNotScreen, load_why_not
from cme_desktop.ui.printing import print_words
from cme_desktop.ui.today.shapes import DRAWN
from cme_desktop.ui.widgets.buttons import LinkButton, SecondaryButton
from cme_desktop.ui.widgets.keycap import Keycap
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading
from cme_desktop.ui.widgets.severity_shape import SeverityShape

if TYPE_CHECKING:
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.tab import TabContext

_WIDE: Final = 720
_TALL: Final = 620


def open_why_not(context: TabContext, pupil_id: PupilId, parent: QWidget) -> None:
    """Ask every rule about a pupil on the worker, then show the answers over ``parent``'s window."""

    def show(screen: WhyNotScreen) -> None:
        dialog = WhyNotDialog(context.theme, screen, parent.window())
        noting = partial(note_that_it_left, what=Left.ANSWERS, pupil_id=pupil_id)
        dialog.printed.connect(lambda: context.background.run(noting))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    context.background.run(lambda office: load_why_not(office, pupil_id), done=show)


class WhyNotDialog(QDialog):
    """Raised, settled, not so: each rule with its reason and where it stands. Esc closes it.

    ``printed`` says that the answers went to a printer.
    """

    printed = Signal()

    def __init__(self, theme: Theme, screen: WhyNotScreen, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.screen_shown = screen
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName(f"{screen.title}. {screen.as_at}")
        self._answers = QScrollArea()
        self._build(screen)
        self._take_size(parent)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Print), self).activated.connect(self.print_all)
        self._answers.setFocus()

    def print_all(self) -> None:
        """Print every rule's answer."""
        if print_words(self, self.screen_shown.on_paper):
            self.printed.emit()

    # -- private -----------------------------------------------------------------------------------------------

    def _take_size(self, parent: QWidget | None) -> None:
        wide, tall = self._theme.scaled(_WIDE), self._theme.scaled(_TALL)
        if parent is not None:
            wide, tall = min(wide, parent.width() - 32), min(tall, parent.height() - 48)
        self.resize(wide, tall)

    def _build(self, screen: WhyNotScreen) -> None:
        inner = QWidget()
        inner.setProperty("look", "pane")
        column = QVBoxLayout(inner)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(8)
        for group in screen.groups:
            self._add_group(column, group)
        column.addStretch(1)
        self._answers.setWidgetResizable(True)
        self._answers.setFrameShape(QFrame.Shape.NoFrame)
        self._answers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._answers.setAccessibleName(". ".join(f"{row.title}: {row.words}" for row in screen.rows))
        self._answers.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(8)
        layout.addWidget(Label(self._theme, screen.title, role="heading", wraps=True))
        layout.addWidget(Label(self._theme, screen.as_at, role="small", token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addWidget(self._answers, 1)
        layout.addLayout(self._foot())

    def _add_group(self, column: QVBoxLayout, group: WhyNotGroup) -> None:
        column.addWidget(SectionHeading(self._theme, group.title))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        grid.setColumnMinimumWidth(0, self._theme.scaled(16))
        grid.setColumnStretch(1, 1)
        for row in group.rows:
            self._add_row(grid, row)
        column.addLayout(grid)

    def _add_row(self, grid: QGridLayout, row: WhyNotRow) -> None:
        at = grid.rowCount()
        if row.shape is not None:
            grid.addWidget(SeverityShape(self._theme, DRAWN[row.shape]), at, 0, Qt.AlignmentFlag.AlignTop)
        where = f"{row.citation} ({row.rule_id})" if row.citation else row.rule_id
        grid.addWidget(Label(self._theme, row.title, role="body-strong", wraps=True), at, 1)
        grid.addWidget(Label(self._theme, row.words, wraps=True), at + 1, 1)
        grid.addWidget(Label(self._theme, where, role="small", token="text2", wraps=True), at + 2, 1)  # noqa: S106  a colour token
        grid.setRowMinimumHeight(at + 3, 8)

    def _foot(self) -> QHBoxLayout:
        prints = LinkButton(self._theme, "Print", icon="printer")
        prints.clicked.connect(self.print_all)
        prints.setAutoDefault(False)
        close = SecondaryButton(self._theme, "Close")
        close.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addWidget(prints)
        foot.addWidget(Keycap(self._theme, "Ctrl P"))
        foot.addStretch(1)
        foot.addWidget(close)
        foot.addWidget(Keycap(self._theme, "Esc"))
        return foot
