"""Keeping and disposal: what is due, what is looked at, kept and held, how long by what, and the lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTabBar,
    QTableView,
    QVBoxLayout,
)

from cme_desktop.casework.keeping.disposal import DrawnUp, draw_up_disposal
from cme_desktop.casework.keeping.holds import HoldChoices, lift_hold, load_hold_choices
from cme_desktop.casework.keeping.looking import HoldRow, Keeping, KeepingRow, StoredDisposal, load_keeping
from cme_desktop.domain.rights import Right, may
from cme_desktop.ui.asker import Asker
from cme_desktop.ui.cases.reason_dialog import ReasonDialog
from cme_desktop.ui.keeping.asking import DecideDialog, SetHoldDialog
from cme_desktop.ui.keeping.list_dialog import DisposalListDialog
from cme_desktop.ui.keeping.pages import DUE, HOLDS, LISTS, PAGES, TO_LOOK_AT
from cme_desktop.ui.kept_dialog import KeptDialog
from cme_desktop.ui.row_table_model import ROW_ROLE, RowTableModel
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.errors import CmeError
    from cme_desktop.domain.identifiers import DisposalId
    from cme_desktop.ui.keeping.pages import ListPage
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.tab import TabContext

_LEAD_KEEPS = "Other files are kept for the safeguarding lead and the headteacher."
_WIDTH, _HEIGHT, _ROOM = 1080, 600, 10
_SHARE, _NARROWEST = 5, 90
"""No column but those of sentences takes more than a fifth of the list."""

_PADDING = 24
"""What the style sheet takes of a cell's width, and Qt forgets when it reckons the height."""


class KeepingDialog(KeptDialog):
    """Six lists under a bar; the acts of each stand below it. A lock keeps it, and what is typed in its dialogs."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Keeping and disposal")
        self.asker = Asker(context.background.run, self)
        self.bar = _Bar(theme)
        self.about = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.stack = QStackedWidget()
        self.lists = tuple(_List(theme, page) for page in PAGES)
        self.problem = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.draw_up = PrimaryButton(theme, "Draw up the list…", icon="list")
        self.decide = PrimaryButton(theme, "Decide…", icon="file-signature")
        self.set_hold = PrimaryButton(theme, "Set a hold…", icon="lock")
        self.lift = SecondaryButton(theme, "Lift the hold…")
        self.read_list = PrimaryButton(theme, "Read the list…", icon="list")
        self.close_button = SecondaryButton(theme, "Close")
        self.keeping: Keeping | None = None
        office = context.background.office
        self._role = office.user.role if office is not None else None
        self._build()
        self._connect()
        self.read()

    @property
    def page(self) -> int:
        """Which list is shown."""
        return self.bar.currentIndex()

    def show_page(self, page: int) -> None:
        """Show one of the lists."""
        self.bar.setCurrentIndex(page)

    def read(self) -> None:
        """Read everything again."""
        self._context.background.run(load_keeping, done=self._show, failed=self._say_problem)

    # -- acts --------------------------------------------------------------------------------------------------------

    def draw_up_list(self) -> None:
        """Draw a list up of what is due, and show it."""
        self._context.background.run(draw_up_disposal, done=self._show_drawn, failed=self._say_problem)

    def decide_on_chosen(self) -> None:
        """Ask about the record that is chosen."""
        row, keeping = self._chosen(TO_LOOK_AT), self.keeping
        if isinstance(row, KeepingRow) and keeping is not None:
            dialog = DecideDialog(self._context.theme, row, today=keeping.today, parent=self)
            self.asker.ask(dialog, dialog.deciding, said="Saved.", then=self._read_after)

    def ask_for_hold(self) -> None:
        """Ask what is to be held, and why."""
        self._context.background.run(load_hold_choices, done=self._ask_for_hold, failed=self._say_problem)

    def lift_chosen(self) -> None:
        """Ask why the chosen hold is lifted."""
        row = self._chosen(HOLDS)
        if not isinstance(row, HoldRow):
            return
        dialog = ReasonDialog(
            self._context.theme, title="Lift the hold", accept="Lift the hold", label="Why it is lifted", parent=self,
            hint="Both stay in the list: why it was set and why it was lifted",
        )  # fmt: skip
        dialog.accept_button.setDefault(False)
        hold_id = row.hold.id
        self.asker.ask(
            dialog, lambda: partial(lift_hold, hold_id=hold_id, reason=dialog.words), said="Lifted.",
            then=self._read_after,
        )  # fmt: skip

    def read_chosen_list(self) -> None:
        """Show the pages of the chosen list."""
        row = self._chosen(LISTS)
        if isinstance(row, StoredDisposal):
            self._open_list(row)

    # -- showing -----------------------------------------------------------------------------------------------------

    def _show(self, keeping: Keeping) -> None:
        self.keeping = keeping
        self.problem.hide()
        for place, (shown, page) in enumerate(zip(self.lists, PAGES, strict=True)):
            rows = page.rows(keeping)
            shown.show_rows(rows)
            count = f" {len(rows)}" if rows and page.is_counted else ""
            self.bar.setTabText(place, f"{page.name}{count}")
        self._follow()

    def _follow(self) -> None:
        page, keeping = self.page, self.keeping
        self.stack.setCurrentIndex(page)
        lead_keeps = page < HOLDS and keeping is not None and keeping.others_keep
        self.about.setText(" ".join(part for part in (PAGES[page].about, _LEAD_KEEPS if lead_keeps else "") if part))
        may_hold = self._role is not None and may(self._role, Right.HOLD_RECORDS)
        shown = {
            self.draw_up: page == DUE and self._role is not None and may(self._role, Right.WORK_ON_ROLL),
            self.decide: page == TO_LOOK_AT and may_hold,
            self.set_hold: page == HOLDS and may_hold,
            self.lift: page == HOLDS and may_hold,
            self.read_list: page == LISTS,
        }
        for button, is_shown in shown.items():
            button.setVisible(is_shown)
        self._offer()

    def _offer(self) -> None:
        if self.keeping is not None and PAGES[DUE].rows(self.keeping):
            self.draw_up.enable()
        else:
            self.draw_up.disable("Nothing is due.")
        row = self._chosen(HOLDS)
        for button, can in (
            (self.decide, self._chosen(TO_LOOK_AT) is not None),
            (self.lift, isinstance(row, HoldRow) and row.hold.stands),
            (self.read_list, self._chosen(LISTS) is not None),
        ):
            if can:
                button.enable()
            else:
                button.disable("Choose a line of the list first.")

    def _chosen(self, page: int) -> Any:
        return self.lists[page].chosen

    def _ask_for_hold(self, choices: HoldChoices) -> None:
        dialog = SetHoldDialog(self._context.theme, choices, parent=self)
        self.asker.ask(dialog, dialog.setting, said="Held.", then=self._read_after)

    def _show_drawn(self, drawn: DrawnUp) -> None:
        self.read()
        self.show_page(LISTS)
        self._open_numbered(drawn.disposal_id)

    def _open_numbered(self, disposal_id: DisposalId) -> None:
        drawn = (
            next((each for each in self.keeping.disposals if each.id == disposal_id), None) if self.keeping else None
        )
        if drawn is not None:
            self._open_list(drawn)

    def _open_list(self, drawn: StoredDisposal) -> None:
        assert self.keeping is not None
        may_sign = self._role is not None and may(self._role, Right.DISPOSE)
        dialog = DisposalListDialog(
            self._context, drawn, gone_after=self.keeping.gone_after, may_sign=may_sign, parent=self
        )
        dialog.changed.connect(self.read)
        self.asker.open(dialog)

    def _read_after(self, _result: object) -> None:
        self.read()

    def _say_problem(self, problem: CmeError) -> None:
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.problem.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.problem.show()
        self.problem.setFocus()

    # -- building ----------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        self.bar.currentChanged.connect(self._follow)
        for shown in self.lists:
            shown.table.selectionModel().currentRowChanged.connect(self._offer)
        self.lists[LISTS].table.doubleClicked.connect(self.read_chosen_list)
        self.draw_up.clicked.connect(self.draw_up_list)
        self.decide.clicked.connect(self.decide_on_chosen)
        self.set_hold.clicked.connect(self.ask_for_hold)
        self.lift.clicked.connect(self.lift_chosen)
        self.read_list.clicked.connect(self.read_chosen_list)
        self.close_button.clicked.connect(self.accept)

    def _build(self) -> None:
        theme = self._context.theme
        for page, shown in zip(PAGES, self.lists, strict=True):
            self.bar.addTab(page.name)
            self.stack.addWidget(shown)
        self.problem.hide()
        acts = QHBoxLayout()
        for button in (self.draw_up, self.decide, self.set_hold, self.lift, self.read_list):
            button.setAutoDefault(False)
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "Keeping and disposal", role="heading"))
        layout.addWidget(self.bar)
        layout.addWidget(self.about)
        layout.addWidget(self.problem)
        layout.addWidget(self.stack, 1)
        layout.addLayout(acts)
        behind = self.parentWidget()
        room = behind.window().size() if behind is not None else self.screen().availableSize()
        self.resize(min(room.width() - 40, theme.scaled(_WIDTH)), min(room.height() - 40, theme.scaled(_HEIGHT)))
        self.bar.setFocus()


class _List(QStackedWidget):
    """One list, or what is said where it is empty."""

    def __init__(self, theme: Theme, page: ListPage) -> None:
        super().__init__()
        self.model = RowTableModel[Any](page.columns, self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(page.name)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setWordWrap(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in page.stretched:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        self.table.setItemDelegate(_RoomyRows(theme, self.table))
        self.none = EmptyState(theme, icon="circle-check", sentence=page.nothing)
        self.addWidget(self.table)
        self.addWidget(self.none)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.table.horizontalHeader().setMaximumSectionSize(max(_NARROWEST, self.width() // _SHARE))

    @property
    def chosen(self) -> Any:
        """The row that is chosen; None where none is."""
        at = self.table.currentIndex()
        return at.data(ROW_ROLE) if at.isValid() else None

    def show_rows(self, rows: tuple[Any, ...]) -> None:
        """Show these rows, or that there are none."""
        self.model.set_rows(rows)
        self.setCurrentWidget(self.table if rows else self.none)


class _RoomyRows(QStyledItemDelegate):
    """Leaves room above and below the words of each row."""

    def __init__(self, theme: Theme, parent: QTableView) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        narrower = QStyleOptionViewItem(option)
        narrower.rect = option.rect.adjusted(0, 0, -_PADDING, 0)
        hint = super().sizeHint(narrower, index)
        return QSize(hint.width(), hint.height() + self._theme.scaled(_ROOM))


class _Bar(QTabBar):
    """The bar of lists; arrow keys walk it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Lists of keeping and disposal")
        self.setProperty("look", "lives")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        theme.changed.connect(self._take_look)
        self._take_look()

    def _take_look(self) -> None:
        self.setFont(self._theme.font("body-strong"))
