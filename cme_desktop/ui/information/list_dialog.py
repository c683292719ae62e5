"""A dialog of a list and the acts on the line chosen: its frame, shared by requests, the sharing log and breaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTableView, QVBoxLayout

from cme_desktop.ui.asker import Asker
from cme_desktop.ui.name_covers import DeskDialog
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton, QWidget

    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

RowT = TypeVar("RowT")


class ListDialog(DeskDialog, Generic[RowT]):
    """Shows rows under a heading, or a sentence where there are none; ``offer`` is called when another is chosen."""

    enter_presses = True

    def __init__(
        self,
        context: TabContext,
        *,
        title: str,
        about: str,
        none: str,
        columns: tuple[Column[RowT], ...],
        stretches: tuple[int, ...],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.context = context
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName(title)
        self.heading = Label(theme, title, role="heading")
        self.about = Label(theme, about, token="text2", wraps=True)  # noqa: S106  a colour token
        self.model = RowTableModel[RowT](columns, self)
        self.table = QTableView()
        self.none = Label(theme, none, token="text2", wraps=True)  # noqa: S106  a colour token
        self.state = Banner(theme, kind=ChipKind.OK, icon="circle-check", sentence="", wraps=True)
        self.close_button = SecondaryButton(theme, "Close")
        self.asker = Asker(context.background.run, self)
        self._stretches = stretches

    @property
    def chosen(self) -> RowT | None:
        """The row chosen in the list."""
        at = self.table.currentIndex()
        row: RowT | None = at.data(ROW_ROLE) if at.isValid() else None
        return row

    def offer(self) -> None:
        """Offer what can be done with the row chosen."""

    def build(self, buttons: tuple[QPushButton, ...], *, above: tuple[QWidget, ...] = ()) -> None:
        """Lay everything out and wire it; ``above`` stand on a line over the list."""
        theme = self.context.theme
        self._build_table()
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in buttons:
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.close_button)
        self._first = buttons[0]
        for each in (*buttons, self.close_button):
            each.setAutoDefault(False)
        self.state.hide()
        self.none.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(self.heading)
        layout.addWidget(self.about)
        if above:
            line = QHBoxLayout()
            line.setSpacing(12)
            for widget in above:
                line.addWidget(widget, 1, Qt.AlignmentFlag.AlignTop)
            layout.addLayout(line)
        layout.addWidget(self.none, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.state)
        layout.addLayout(acts)
        self.close_button.clicked.connect(self.accept)
        self.asker.saved.connect(self.say)
        self.table.selectionModel().currentRowChanged.connect(self._row_changed)
        behind = self.parentWidget()
        room = behind.window().size() if behind is not None else self.screen().availableSize()
        self.resize(min(room.width() - 40, theme.scaled(1000)), min(room.height() - 40, theme.scaled(560)))

    def show_rows(self, rows: tuple[RowT, ...]) -> None:
        """Show these rows, with the one chosen before where it is still there."""
        before = self.table.currentIndex().row()
        self.model.set_rows(rows)
        self.none.setVisible(not rows)
        self.table.setVisible(bool(rows))
        if not rows and self.focusWidget() in {None, self.table}:
            self._first.setFocus()  # an empty list has nothing to walk
        if rows:
            self.table.selectRow(min(max(before, 0), len(rows) - 1))
        self.offer()

    def say(self, words: str) -> None:
        """Say what was just done."""
        self.state.say(kind=ChipKind.OK, icon="circle-check", sentence=words)
        self.state.show()

    def say_problem(self, problem: CmeError) -> None:
        """Say what stands in the way."""
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.state.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.state.show()
        self.state.setFocus()

    def _row_changed(self) -> None:
        self.offer()

    def _build_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.heading.text())
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setWordWrap(True)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in self._stretches:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
