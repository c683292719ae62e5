"""One child's file in a life: what stands, what is due and done, what is known, the papers, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cme_desktop.casework.lives.life import LifeFile
from cme_desktop.ui.cases.enquiry_list import FittedList
from cme_desktop.ui.cases.history_panel import HistoryPanel
from cme_desktop.ui.roll.check_list import CheckDelegate, check_model
from cme_desktop.ui.roll.fact_list import FactList
from cme_desktop.ui.roll.flag_list import FlagDelegate, flag_model
from cme_desktop.ui.roll.paper_list import PaperDelegate, paper_model
from cme_desktop.ui.roll.step_list import StepDelegate, step_model
from cme_desktop.ui.room import Room, Width
from cme_desktop.ui.row_table_model import RowTableModel
from cme_desktop.ui.widgets.avatar import Avatar
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from datetime import datetime

    from cme_desktop.ui.row_delegate import RowDelegate
    from cme_desktop.ui.style.theme import Theme

_BUTTONS: Final = 2
"""Acts that stand as buttons; the rest are under More."""

_COLUMN: Final = {Width.NARROW: 0, Width.NORMAL: 340, Width.WIDE: 420}
_NO_LIMIT: Final = 16_777_215


@dataclass(frozen=True, slots=True)
class ActButton:
    """An act as the pane offers it: the id a file names, its words, an icon. The first one open is the primary."""

    id: str
    words: str
    icon: str | None = None


class LifePane(QWidget):
    """Shows one file and says what somebody wants done with it; it does none of it itself.

    ``act_asked`` carries the act's id, ``paper_opened`` a paper, ``flag_opened`` a flag, ``check_opened`` a condition,
    ``entry_opened`` what a line of the history stands for.
    """

    act_asked = Signal(str)
    back_asked = Signal()
    paper_asked = Signal()
    paper_opened = Signal(object)
    flag_opened = Signal(object)
    step_opened = Signal(object)
    check_opened = Signal(object)
    entry_opened = Signal(object)

    def __init__(self, theme: Theme, acts: tuple[ActButton, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._acts = acts
        self._buttons: list[PrimaryButton | SecondaryButton] = []
        self._make()
        self._build()
        self._connect()

    # -- what the page asks ------------------------------------------------------------------------------------

    def show_file(self, file: LifeFile, *, at: datetime) -> None:
        """Show this file as at this moment."""
        row = file.row
        self._avatar.set_initials(file.pupil.initials if file.pupil is not None else row.name[:1].upper())
        self.name.setText(row.name)
        self._about.setText(file.about)
        self._show_chips(file)
        self._show_acts(file)
        self.warning.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=file.warning)
        self.warning.setVisible(bool(file.warning))
        self._fill(self.flags, self.flag_list, self._flag_part, file.flags)
        self._fill(self.checks, self.check_list, self._check_part, file.checks)
        self._fill(self.steps, self.step_list, self._step_part, file.steps)
        self.facts.show_facts(file.facts)
        self._fact_part.setVisible(bool(file.facts))
        self._paper_part.setVisible(bool(file.papers_about))
        self.papers.set_rows(file.papers)
        self.paper_list.setVisible(bool(file.papers))
        self.paper_list.fit()
        self._no_papers.setVisible(not file.papers)
        self.history.show_history(file.history, today=at.date())
        self.history.setVisible(bool(file.history))

    def fit_room(self, room: Room) -> None:
        """Lay the parts out for a window with this much room."""
        is_narrow = room.is_narrow
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._columns.setDirection(down if is_narrow else across)
        self._head.setDirection(down if is_narrow else across)
        self._line.setVisible(not is_narrow)
        self._column.setMinimumWidth(_COLUMN[room.width])
        self._column.setMaximumWidth(_COLUMN[room.width] or _NO_LIMIT)
        self.back.setVisible(is_narrow)
        margin = 28 if room.width is Width.WIDE else 18
        self._outer.setContentsMargins(margin, 12 if room.is_low else 16, margin, 8)
        self.history.set_fitted(fitted=True)

    def button(self, act_id: str) -> PrimaryButton | SecondaryButton | None:
        """The button of an act, where it stands as one."""
        words = next(act.words for act in self._acts if act.id == act_id)
        return next((button for button in self._buttons if button.text() == words and not button.isHidden()), None)

    @property
    def menu_acts(self) -> tuple[str, ...]:
        """The words of the acts under More."""
        return tuple(action.text() for action in self._menu.actions())

    # -- private: showing --------------------------------------------------------------------------------------

    def _show_chips(self, file: LifeFile) -> None:
        for chip, words in zip(self._chips, (*file.chips, "", "", ""), strict=False):
            chip.set_chip(words, kind=ChipKind.PLAIN)
            chip.setVisible(bool(words))

    def _show_acts(self, file: LifeFile) -> None:
        offered = [act for wanted in file.acts for act in self._acts if act.id == wanted]
        had_keyboard = self.window().focusWidget() in self._buttons
        while self._buttons:
            old = self._buttons.pop()
            self._act_line.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._menu.clear()
        for act in offered[_BUTTONS:]:
            self._menu.addAction(act.words).triggered.connect(lambda _=False, one=act: self.act_asked.emit(one.id))
        self.more.setVisible(len(offered) > _BUTTONS)
        before: QWidget = self.more
        for place, act in reversed(tuple(enumerate(offered[:_BUTTONS]))):
            kind = PrimaryButton if place == 0 else SecondaryButton
            button = kind(self._theme, act.words, icon=act.icon)
            button.clicked.connect(lambda _=False, one=act: self.act_asked.emit(one.id))
            self._act_line.addWidget(button)
            button.show()  # a layout that stands already shows it only when the window next has time
            self._buttons.append(button)
            # Tab goes along the line as the eye does, and not to what was made last
            QWidget.setTabOrder(before, button)
            before = button
        if had_keyboard and self._buttons:
            self._buttons[-1].setFocus()

    @staticmethod
    def _fill(model: RowTableModel, rows: FittedList, part: QWidget, found: tuple) -> None:  # type: ignore[type-arg]  # flags, conditions or steps, as the model wants them
        model.set_rows(found)
        rows.fit()
        part.setVisible(bool(found))

    # -- private: building -------------------------------------------------------------------------------------

    def _make(self) -> None:
        theme = self._theme
        self.back = LinkButton(theme, "Back to the list", icon="chevron-left")
        self._avatar = Avatar(theme)
        self.name = ElidedLabel(theme, role="title")
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._about = ElidedLabel(theme, token="text2")  # noqa: S106  a colour token
        self._chips = tuple(Chip(theme, "") for _ in range(3))
        self.more = SecondaryButton(theme, "More")
        self._menu = QMenu(self.more)
        self.more.setMenu(self._menu)
        self.more.setAccessibleName("More acts")
        self.warning = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.flags = flag_model()
        self.flag_list = self._list("What is to be done", self.flags, FlagDelegate)
        self.checks = check_model()
        self.check_list = self._list("Conditions", self.checks, CheckDelegate)
        self.steps = step_model()
        self.step_list = self._list("Steps", self.steps, StepDelegate)
        self.facts = FactList(theme)
        self.papers = paper_model()
        self.paper_list = self._list("Papers", self.papers, PaperDelegate)
        self._no_papers = Label(theme, "No paper is kept yet.", token="text2")  # noqa: S106  a colour token
        self.add_paper = LinkButton(theme, "Add a paper", icon="plus")
        self.history = HistoryPanel(theme)

    def _list(self, name: str, model: RowTableModel, delegate: type[RowDelegate]) -> FittedList:  # type: ignore[type-arg]  # of any row
        rows = FittedList(self._theme, name=name)
        rows.setModel(model)
        rows.setItemDelegate(delegate(self._theme, rows))
        return rows

    def _build(self) -> None:
        self._outer = QVBoxLayout(self)
        self._outer.setSpacing(10)
        self._outer.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(12)
        self._head.addLayout(self._build_names(), 1)
        self._act_line = QHBoxLayout()
        self._act_line.setSpacing(8)
        self._act_line.addWidget(self.more)
        self._head.addLayout(self._act_line)
        self._outer.addLayout(self._head)
        self._outer.addWidget(self.warning)
        body = QWidget()
        body.setProperty("look", "pane")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, body)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(18)
        self._columns.addWidget(self._build_left(), 1)
        self._line = QFrame()
        self._line.setProperty("look", "line")
        self._line.setFixedWidth(1)
        self._columns.addWidget(self._line)
        self._column = self._build_right()
        self._columns.addWidget(self._column)
        self._scroll = QScrollArea()
        self._scroll.setWidget(body)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._outer.addWidget(self._scroll, 1)

    def _build_names(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._avatar)
        words = QVBoxLayout()
        words.setSpacing(6)
        names = QHBoxLayout()
        names.setSpacing(12)
        names.addWidget(self.name)
        names.addWidget(self._about, 1)
        words.addLayout(names)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for chip in self._chips:
            chips.addWidget(chip)
        chips.addStretch(1)
        words.addLayout(chips)
        line.addLayout(words, 1)
        return line

    def _build_left(self) -> QWidget:
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self._flag_part = _part(SectionHeading(self._theme, "What is to be done", is_pane=True), self.flag_list)
        layout.addWidget(self._flag_part)
        self._check_part = _part(SectionHeading(self._theme, "Conditions", is_pane=True), self.check_list)
        layout.addWidget(self._check_part)
        layout.addWidget(self.history)
        layout.addStretch(1)
        return column

    def _build_right(self) -> QWidget:
        theme = self._theme
        column = QWidget()
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        self._step_part = _part(SectionHeading(theme, "Steps", is_pane=True), self.step_list)
        self._fact_part = _part(SectionHeading(theme, "What is known", is_pane=True), self.facts)
        heading = QWidget()
        line = QHBoxLayout(heading)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(SectionHeading(theme, "Papers", is_pane=True))
        line.addStretch(1)
        line.addWidget(self.add_paper)
        self._paper_part = _part(heading, self.paper_list, self._no_papers)
        for part in (self._step_part, self._fact_part, self._paper_part):
            layout.addWidget(part)
        layout.addStretch(1)
        return column

    def _connect(self) -> None:
        self.back.clicked.connect(self.back_asked)
        self.add_paper.clicked.connect(self.paper_asked)
        self.paper_list.opened.connect(self.paper_opened)
        self.flag_list.opened.connect(self.flag_opened)
        self.step_list.opened.connect(self.step_opened)
        self.check_list.opened.connect(self.check_opened)
        self.history.opened.connect(self.entry_opened)


def _part(*widgets: QWidget) -> QWidget:
    part = QWidget()
    layout = QVBoxLayout(part)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(4)
    for widget in widgets:
        layout.addWidget(widget)
    return part
