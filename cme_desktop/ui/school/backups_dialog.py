"""Where backups are kept: each place with its newest backup, made now, added or taken off; and the trial restore."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLayout,
    QTableView,
    QVBoxLayout,
)

from cme_desktop.casework.backup_ages import Freshness
from cme_desktop.casework.backup_desk import BackupDesk, PlaceLine, load_backup_desk
from cme_desktop.casework.backup_places import MOST, mark_new_place, note_place, take_off_place
from cme_desktop.casework.in_words import count_of
from cme_desktop.ui.backup_errands import back_up_now, look_at_places, try_now
from cme_desktop.ui.name_covers import DeskDialog
from cme_desktop.ui.printing import print_words
from cme_desktop.ui.room import size_within
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtGui import QColor
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.automatic_backups import PlaceBackedUp, Prepared
    from cme_desktop.casework.backup_places import Place
    from cme_desktop.casework.trial_restore import Trial
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_ABOUT: Final = (
    "One a day in each place that is there, and one when the program closes; each is opened and checked. The last of "
    "14 days, 8 weeks and 12 months are kept; those you make here stay until you delete them. Keep at least one place "
    "away from this computer: a stick, a share."
)
_NO_TRIAL: Final = "No backup has been brought back for a trial yet. It is done by itself once a week."
_AFTER_FAILURE: Final = "Don't rely on that backup: make one now, then try again. If it fails again, use another disk."


class BackupsDialog(DeskDialog):
    """The places, the program's own first, and what can be done with them."""

    enter_presses = True

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Backups")
        self.model = RowTableModel[PlaceLine](
            (
                Column("Place", lambda line: line.name, tooltip=lambda line: str(line.folder)),
                Column("Newest", lambda line: line.newest),
                Column("Kept", lambda line: str(line.count)),
                Column("State", lambda line: line.note, tooltip=lambda line: line.note, color=self._color_of),
            ),
            self,
        )
        self.table = QTableView()
        self.state = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.trial = Banner(theme, kind=ChipKind.PLAIN, icon="shield-check", sentence=_NO_TRIAL, wraps=True)
        self.now_button = PrimaryButton(theme, "Back up now", icon="database-backup")
        self.add_button = SecondaryButton(theme, "Add a place…", icon="plus")
        self.off_button = SecondaryButton(theme, "Take off", icon="ban")
        self.try_button = SecondaryButton(theme, "Try a restore now", icon="shield-check")
        self.print_button = SecondaryButton(theme, "Print the line…", icon="printer")
        self.close_button = SecondaryButton(theme, "Close")
        self._said = ""
        self._build()
        self._connect()
        self._read()
        look_at_places(context.background, seen=self._read)

    @property
    def chosen(self) -> PlaceLine | None:
        """The place chosen in the list."""
        at = self.table.currentIndex()
        line: PlaceLine | None = at.data(ROW_ROLE) if at.isValid() else None
        return line

    def add(self, folder: Path) -> None:
        """Keep backups in one more folder."""
        office = self._context.background.office
        if office is not None:
            mark = partial(mark_new_place, office.paths, folder, now=office.now)
            self._context.background.run_beside(mark, done=self._note, failed=self._say_problem)

    def back_up(self) -> None:
        """Make a backup in every place that is there, now; it stays until somebody deletes it."""
        self.now_button.disable("Backups are being made.")
        self._wait("Backing up, and checking what was written …")
        back_up_now(self._context.background, done=self._tell, failed=self._say_problem)

    def try_restore(self) -> None:
        """Bring a backup back for a trial, now."""
        self.try_button.disable("A backup is being tried.")
        self._wait("Bringing a backup back for a trial …")
        try_now(self._context.background, done=self._tell_trial, failed=self._say_problem)

    def take_off(self) -> None:
        """Keep no more backups in the place chosen; what lies there stays."""
        line = self.chosen
        if line is not None:
            op = partial(take_off_place, folder=line.folder)
            self._context.background.run(op, done=lambda _: self._read(), failed=self._say_problem)

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "Keep backups in which folder?")
        if chosen:
            self.add(Path(chosen))

    def _note(self, place: Place) -> None:
        op = partial(note_place, place=place)
        self._context.background.run(op, done=lambda _: self._read(), failed=self._say_problem)

    def _read(self) -> None:
        self._context.background.run(load_backup_desk, done=self._show)

    def _show(self, desk: BackupDesk) -> None:
        self.model.set_rows(desk.lines)
        if desk.can_add:
            self.add_button.enable()
        else:
            self.add_button.disable(f"Backups are kept in {MOST} places at most.")
        self._show_trial(desk)
        self._offer()
        if desk.is_all_here and self.state.isHidden():
            self.state.say(
                kind=ChipKind.TODAY, icon="triangle-alert", sentence="Every backup lies on this computer.",
                remedy="A fire or a thief would take them with it. Add a stick or a share.",
            )  # fmt: skip
            self.state.show()

    def _show_trial(self, desk: BackupDesk) -> None:
        self._said = desk.trial
        if desk.trial_failed:
            self.trial.say(kind=ChipKind.NOW, icon="triangle-alert", sentence=desk.trial, remedy=_AFTER_FAILURE)
        else:
            kind = ChipKind.OK if desk.trial else ChipKind.PLAIN
            self.trial.say(kind=kind, icon="shield-check", sentence=desk.trial or _NO_TRIAL)
        if desk.trial:
            self.print_button.enable()
        else:
            self.print_button.disable("There is no trial restore to print yet.")

    def _color_of(self, line: PlaceLine) -> QColor | None:
        token = {Freshness.AMBER: "today", Freshness.RED: "now"}.get(line.freshness)
        return self._context.theme.color(token) if token else None

    def _offer(self) -> None:
        line = self.chosen
        if line is None:
            self.off_button.disable("Choose a place first.")
        elif line.is_own:
            self.off_button.disable("The program's own folder stays.")
        else:
            self.off_button.enable()

    def _tell(self, prepared: Prepared, found: tuple[PlaceBackedUp, ...]) -> None:
        self.now_button.enable()
        bad = next((one for one in found if one.problem is not None), None)
        if bad is not None and bad.problem is not None:
            where = f"{bad.folder.name}: {bad.problem.detail} {bad.problem.remedy}"
            self.state.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=bad.problem.title, remedy=where)
        else:
            held = f"{count_of(prepared.held.pupils, 'pupil')}, {count_of(prepared.held.marks, 'mark')}"
            self.state.say(
                kind=ChipKind.OK, icon="circle-check",
                sentence=f"Backed up in {count_of(len(found), 'place')}, opened and checked: {held}.",
            )  # fmt: skip
        self._read()

    def _tell_trial(self, trial: Trial | None) -> None:
        self.try_button.enable()
        self.state.hide()
        if trial is None:
            self.state.say(
                kind=ChipKind.TODAY, icon="triangle-alert", sentence="There is no backup to try.",
                remedy="Back up now, then try again.",
            )  # fmt: skip
            self.state.show()
        self._read()

    def _wait(self, words: str) -> None:
        self.state.say(kind=ChipKind.PLAIN, icon="loader", sentence=words)
        self.state.show()

    def _say_problem(self, problem: CmeError) -> None:
        self.now_button.enable()
        self.try_button.enable()
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.state.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.state.show()
        self.state.setFocus()

    def _print(self) -> None:
        print_words(self, f"CME Desktop\n\n{self._said}\n")

    def _connect(self) -> None:
        self.now_button.clicked.connect(self.back_up)
        self.add_button.clicked.connect(self._choose_folder)
        self.off_button.clicked.connect(self.take_off)
        self.try_button.clicked.connect(self.try_restore)
        self.print_button.clicked.connect(self._print)
        self.close_button.clicked.connect(self.accept)
        self.table.selectionModel().currentRowChanged.connect(self._offer)

    def _build(self) -> None:
        theme = self._context.theme
        self._build_table()
        acts, trial_acts = QHBoxLayout(), QHBoxLayout()
        for button in (self.now_button, self.add_button, self.off_button):
            acts.addWidget(button)
        acts.addStretch(1)
        for button in (self.try_button, self.print_button):
            trial_acts.addWidget(button)
        trial_acts.addStretch(1)
        trial_acts.addWidget(self.close_button)
        for button in (self.now_button, self.add_button, self.off_button, self.try_button, self.print_button):
            button.setAutoDefault(False)
        self.state.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        # wrapped words want the height of a narrow dialog, which large text has no room for
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        layout.addWidget(Label(theme, "Backups", role="heading"))
        layout.addWidget(Label(theme, _ABOUT, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addWidget(self.table, 1)
        layout.addLayout(acts)
        layout.addWidget(self.state)
        layout.addWidget(self.trial)
        layout.addLayout(trial_acts)
        self.resize(size_within(self, QSize(theme.scaled(860), theme.scaled(460))))

    def _build_table(self) -> None:
        self.table.setModel(self.model)
        self.table.setAccessibleName("Places")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        for column in (0, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
