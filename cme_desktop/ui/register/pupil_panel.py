"""The right-hand panel of the register: the pupil, the card that changes a mark, and the year as a picture or table."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QScrollArea,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.in_words import say_day
from cme_desktop.casework.pupil_year import PupilYear
from cme_desktop.casework.register_cells import CellState, RegisterCell
from cme_desktop.domain.attendance import Half
from cme_desktop.ui.register.change_card import ChangeCard
from cme_desktop.ui.register.grid import symbol_of
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.widgets.avatar import Avatar
from cme_desktop.ui.widgets.buttons import LinkButton
from cme_desktop.ui.widgets.elided_label import ElidedLabel
from cme_desktop.ui.widgets.heat_map import HeatDay, HeatMap, mark_table_model
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.mark_cell import TO_COME
from cme_desktop.ui.widgets.section_heading import SectionHeading


class PupilPanel(QFrame):
    """Shows one pupil; ``saved`` carries the code and the reason typed for the current cell."""

    saved = Signal(str, str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("look", "pane")
        self._year: PupilYear | None = None
        self._avatar = Avatar(theme)
        self._name = ElidedLabel(theme, role="heading")
        self._class = Label(theme, role="small", token="text2")  # noqa: S106  a colour token
        self._line = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.card = ChangeCard(theme)
        self._year_title = SectionHeading(theme, "This school year, morning above afternoon")
        self._twin_switch = LinkButton(theme, "Table")
        self._picture = HeatMap(theme)
        self._table = QTableView()
        self._views = QStackedWidget()
        self._build()
        self._connect()

    def show_cell(self, cell: RegisterCell | None) -> None:
        """Make the card ready for a cell; without one that can be changed it goes."""
        can_change = cell is not None and cell.state in {CellState.MARKED, CellState.UNKNOWN, CellState.TO_COME}
        self.card.setVisible(can_change)
        if cell is not None and can_change:
            self.card.show_cell(cell)

    def show_year(self, year: PupilYear) -> None:
        """Show a pupil's year."""
        self._year = year
        self._name.setText(year.name)
        self._avatar.set_initials("".join(part[0] for part in year.name.split()[:2]).upper())
        self._class.setText(year.class_name)
        self._line.setText(_line_of(year))
        self._year_title.setText(f"School year {year.year_name}, morning above afternoon")
        days = _heat_days(year)
        self._picture.set_days(days)
        self._table.setModel(mark_table_model(days, self._table))

    def _build(self) -> None:
        inner = QFrame()
        inner.setProperty("look", "pane")
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(12, 12, 8, 12)
        layout.setSpacing(10)
        layout.addLayout(self._build_head())
        layout.addWidget(self.card)
        title = QHBoxLayout()
        title.addWidget(self._year_title, 1)
        title.addWidget(self._twin_switch)
        layout.addLayout(title)
        self._table.setAccessibleName("This school year as a table")
        self._table.verticalHeader().hide()
        self._table.setMinimumHeight(self._theme.scaled(280))
        self._table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._views.addWidget(self._picture)
        self._views.addWidget(self._table)
        layout.addWidget(self._views)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._avatar)
        words = QVBoxLayout()
        words.setSpacing(0)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._name, 1)
        line.addWidget(self._class)
        words.addLayout(line)
        words.addWidget(self._line)
        head.addLayout(words, 1)
        return head

    def _connect(self) -> None:
        self.card.saved.connect(self.saved)
        self.card.left.connect(self.left)
        self._twin_switch.clicked.connect(self._turn_over)

    def _turn_over(self) -> None:
        shows_table = self._views.currentIndex() == 0
        self._views.setCurrentIndex(1 if shows_table else 0)
        self._twin_switch.setText("Picture" if shows_table else "Table")


def _heat_days(year: PupilYear) -> tuple[HeatDay, ...]:
    halves: dict[date, dict[Half, str]] = {}
    for cell in year.cells:
        halves.setdefault(cell.session.on, {})[cell.session.half] = symbol_of(cell)
    return tuple(
        HeatDay(day, symbols.get(Half.AM, TO_COME), symbols.get(Half.PM, TO_COME)) for day, symbols in halves.items()
    )


def _line_of(year: PupilYear) -> str:
    parts = [f"Absent {year.absence_words} of {year.possible} possible sessions"]
    if year.open_n:
        first = year.open_n[0]
        parts.insert(0, f"N on {say_day(first.on)} {first.half.value} still open")
    if year.unknown:
        parts.append(f"{year.unknown} unknown")
    return ". ".join(parts) + "."
