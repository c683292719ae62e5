"""Where backups are kept: each place with its newest backup, made now, added or taken off."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QTableView,
    QVBoxLayout,
)

from cme_desktop.casework.automatic_backups import PlaceBackedUp, back_up_now
from cme_desktop.casework.backup_places import MOST, PlaceFound, add_place, look_at_places, take_off_place
from cme_desktop.casework.in_words import count_of, say_clock, say_day
from cme_desktop.ui.name_covers import DeskDialog
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_ABOUT: Final = (
    "One a day in each place that is there, and one when the program closes; each is opened and checked. The last of "
    "14 days, 8 weeks and 12 months are kept. Keep at least one place away from this computer: a stick, a share."
)


class BackupsDialog(DeskDialog):
    """The places, the program's own first, and what can be done with them."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Backups")
        self.model = RowTableModel[PlaceFound](
            (
                Column("Folder", _say_folder, tooltip=lambda place: str(place.folder)),
                Column("Newest", _say_newest),
                Column("Kept", lambda place: str(place.count)),
            ),
            self,
        )
        self.table = QTableView()
        self.state = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.now_button = PrimaryButton(theme, "Back up now", icon="database-backup")
        self.add_button = SecondaryButton(theme, "Add a place…", icon="plus")
        self.off_button = SecondaryButton(theme, "Take off", icon="ban")
        self.close_button = SecondaryButton(theme, "Close")
        self._build()
        self._connect()
        self._read()

    @property
    def chosen(self) -> PlaceFound | None:
        """The place chosen in the list."""
        at = self.table.currentIndex()
        place: PlaceFound | None = at.data(ROW_ROLE) if at.isValid() else None
        return place

    def add(self, folder: Path) -> None:
        """Keep backups in one more folder."""
        self._context.background.run(
            partial(add_place, folder=folder), done=lambda _: self._read(), failed=self._say_problem
        )

    def back_up(self) -> None:
        """Make a backup in every place that is there, now."""
        self.now_button.disable("Backups are being made.")
        self.state.say(kind=ChipKind.PLAIN, icon="loader", sentence="Backing up, and checking what was written …")
        self.state.show()
        self._context.background.run(back_up_now, done=self._tell, failed=self._say_problem)

    def take_off(self) -> None:
        """Keep no more backups in the place chosen; what lies there stays."""
        place = self.chosen
        if place is not None:
            op = partial(take_off_place, folder=place.folder)
            self._context.background.run(op, done=lambda _: self._read(), failed=self._say_problem)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Keep backups in which folder?")
        if chosen:
            self.add(Path(chosen))

    def _read(self) -> None:
        self._context.background.run(look_at_places, done=self._show)

    def _show(self, places: tuple[PlaceFound, ...]) -> None:
        self.model.set_rows(places)
        if len(places) >= MOST:
            self.add_button.disable(f"Backups are kept in {MOST} places at most.")
        else:
            self.add_button.enable()
        self._offer()

    def _offer(self) -> None:
        place = self.chosen
        if place is None:
            self.off_button.disable("Choose a place first.")
        elif place.is_own:
            self.off_button.disable("The program's own folder stays.")
        else:
            self.off_button.enable()

    def _tell(self, found: tuple[PlaceBackedUp, ...]) -> None:
        self.now_button.enable()
        bad = [one for one in found if one.problem is not None]
        made = next((one.made for one in found if one.made is not None), None)
        if bad:
            problem = bad[0].problem
            assert problem is not None
            where = f"{bad[0].folder.name}: {problem.detail} {problem.remedy}"
            self.state.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=where)
        elif made is not None:
            held = f"{count_of(made.held.pupils, 'pupil')}, {count_of(made.held.marks, 'mark')}"
            self.state.say(
                kind=ChipKind.OK, icon="circle-check",
                sentence=f"Backed up in {count_of(len(found), 'place')}, opened and checked: {held}.",
            )  # fmt: skip
        self._read()

    def _say_problem(self, problem: CmeError) -> None:
        self.now_button.enable()
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.state.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.state.show()
        self.state.setFocus()

    def _connect(self) -> None:
        self.now_button.clicked.connect(self.back_up)
        self.add_button.clicked.connect(self._choose_folder)
        self.off_button.clicked.connect(self.take_off)
        self.close_button.clicked.connect(self.accept)
        self.table.selectionModel().currentRowChanged.connect(self._offer)

    def _build(self) -> None:
        theme = self._context.theme
        self.table.setModel(self.model)
        self.table.setAccessibleName("Places")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        acts = QHBoxLayout()
        for button in (self.now_button, self.add_button, self.off_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.close_button)
        self.state.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "Backups", role="heading"))
        layout.addWidget(Label(theme, _ABOUT, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addWidget(self.table, 1)
        layout.addWidget(self.state)
        layout.addLayout(acts)
        self.resize(theme.scaled(720), theme.scaled(400))


def _say_folder(place: PlaceFound) -> str:
    return "Beside the records, on this computer" if place.is_own else str(place.folder)


def _say_newest(place: PlaceFound) -> str:
    if not place.is_there:
        return "not reached now"
    if place.newest is None:
        return "none yet"
    return f"{say_day(place.newest.date())} {place.newest.year}, {say_clock(place.newest)}"
