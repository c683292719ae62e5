"""Bringing a backup back: which, whose password opens it, what it holds, and only then in place of what is there."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
)

from cme_desktop.casework.copies import Copy, list_copies
from cme_desktop.casework.copy_words import say_contents, say_difference
from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.casework.restoring import list_people_in, look_into, restore_backup
from cme_desktop.casework.second_step import asks_for_code
from cme_desktop.ui.entry_dialog import ChoiceBox, choice_box
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.restoring import Inside, Restored
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.paths import Paths
    from cme_desktop.ui.errand import Errand
    from cme_desktop.ui.style.theme import Theme

_ABOUT: Final = (
    "Choose a copy and look inside with a password of somebody who could open it then. What is on this computer now is "
    "not lost: it is kept aside, in a folder with today's date in its name."
)


class RestoreDialog(QDialog):
    """``brought_back`` carries the folder in which the records before are kept, once the chosen copy is in place."""

    brought_back = Signal(object)

    def __init__(
        self,
        theme: Theme,
        paths: Paths,
        errand: Errand,
        *,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme, self._paths, self._errand, self._now = theme, paths, errand, now
        self._also: Path | None = None
        self._looked_into: Copy | None = None
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Bring a backup back")
        self.model = RowTableModel[Copy](
            (
                Column("Made", lambda copy: f"{say_day(copy.made_at.date())} {copy.made_at.year}, "
                       f"{say_clock(copy.made_at)}"),
                Column("Where", lambda copy: "this computer" if copy.is_own else str(copy.file.parent)),
                Column("Size", lambda copy: f"{max(1, round(copy.bytes / 1e6))} MB"),
            ),
            self,
        )  # fmt: skip
        self.table = QTableView()
        people: ChoiceBox[str] = choice_box((("Choose a copy first", ""),))
        self.who = Field(theme, "Whose password", people)
        password = QLineEdit()
        password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password = Field(theme, "Password", password, hint="As it was when the copy was made.")
        self.code = Field(theme, "Printed code", QLineEdit(), hint="This computer does not know your codes yet.")
        self.state = Banner(theme, kind=ChipKind.PLAIN, icon="info", sentence="", wraps=True)
        self.look_button = PrimaryButton(theme, "Look inside")
        self.restore_button = SecondaryButton(theme, "Bring it back", icon="database-backup")
        self.folder_button = SecondaryButton(theme, "Another folder…", icon="folder-open")
        self.close_button = SecondaryButton(theme, "Not now")
        self._build()
        self._connect()
        self.read()

    @property
    def chosen(self) -> Copy | None:
        """The copy chosen in the list."""
        at = self.table.currentIndex()
        copy: Copy | None = at.data(ROW_ROLE) if at.isValid() else None
        return copy

    def read(self, *, also: Path | None = None) -> None:
        """List the copies, those of one more folder too."""
        self._also = also or self._also
        self._errand.run(lambda: list_copies(self._paths, also=self._also), done=self._show)

    def look_inside(self) -> None:
        """Open and check the copy chosen, and say what it holds."""
        copy = self.chosen
        if copy is None:
            self._say(ChipKind.TODAY, "triangle-alert", "Choose a copy from the list.")
            return
        if not self.password.control.text():
            self.password.set_error("Type the password.")
            self.password.control.setFocus()
            return
        self._wait("Opening and checking the copy …")
        op = partial(
            look_into, self._paths, copy.file, user_name=self.who.control.chosen,
            password=self.password.control.text(), code=self.code.control.text(), now=self._now,
        )  # fmt: skip
        self._errand.run(op, done=lambda inside: self._tell(copy, inside), failed=self._say_problem)

    def bring_back(self) -> None:
        """Put the copy that was looked into in place of the records."""
        copy = self._looked_into
        if copy is None or copy != self.chosen:
            return
        self._wait("Bringing the copy back …")
        op = partial(
            restore_backup, self._paths, copy.file, user_name=self.who.control.chosen,
            password=self.password.control.text(), code=self.code.control.text(), now=self._now, replacing=True,
        )  # fmt: skip
        self._errand.run(op, done=self._end, failed=self._say_problem)

    def _end(self, restored: Restored) -> None:
        self.accept()
        self.brought_back.emit(restored.aside)

    def _show(self, copies: tuple[Copy, ...]) -> None:
        self.model.set_rows(copies)
        if not copies:
            self._say(ChipKind.TODAY, "triangle-alert", "No copy was found. Put the stick in, or choose its folder.")
        self._follow_choice()

    def _follow_choice(self) -> None:
        copy = self.chosen
        self._looked_into = None
        self.restore_button.disable("Look inside first.")
        if copy is not None:
            self._errand.run(lambda: list_people_in(copy.file), done=self._offer_people)

    def _offer_people(self, names: tuple[str, ...]) -> None:
        self.who.control.offer(tuple((name, name) for name in names) or (("Nobody: it can't be read", ""),))

    def _tell(self, copy: Copy, inside: Inside) -> None:
        self.look_button.enable()
        self._looked_into = copy
        is_other = inside.is_same_school is False
        self._say(
            ChipKind.TODAY if is_other else ChipKind.OK,
            "triangle-alert" if is_other else "circle-check",
            say_contents(inside.held),
            say_difference(inside),
        )
        self.restore_button.enable()
        self.look_button.setFocus()  # Enter looks once more, and brings nothing back by itself
        announce(self.state, self.state.accessibleName())

    def _wait(self, words: str) -> None:
        self.look_button.disable("Under way.")
        self.restore_button.disable("Under way.")
        self._say(ChipKind.PLAIN, "loader", words)

    def _say(self, kind: ChipKind, icon: str, sentence: str, remedy: str = "") -> None:
        self.state.say(kind=kind, icon=icon, sentence=sentence, remedy=remedy)
        self.state.show()

    def _say_problem(self, problem: CmeError) -> None:
        self.look_button.enable()
        remedy = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self._say(ChipKind.TODAY, "triangle-alert", problem.title, remedy)
        if asks_for_code(problem):
            self.code.show()
            self.code.control.setFocus()
            return
        self.password.control.setFocus()
        self.password.control.selectAll()

    def _choose_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "In which folder are the copies?")
        if chosen:
            self.read(also=Path(chosen))

    def _connect(self) -> None:
        self.look_button.clicked.connect(self.look_inside)
        self.restore_button.clicked.connect(self.bring_back)
        self.folder_button.clicked.connect(self._choose_folder)
        self.close_button.clicked.connect(self.reject)
        self.table.selectionModel().currentRowChanged.connect(self._follow_choice)
        for field in (self.password, self.code):
            field.control.returnPressed.connect(self.look_inside)

    def _build(self) -> None:
        theme = self._theme
        self.table.setModel(self.model)
        self.table.setAccessibleName("Copies")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        asks = QHBoxLayout()
        asks.setSpacing(12)
        asks.addWidget(self.who, 1, Qt.AlignmentFlag.AlignTop)
        asks.addWidget(self.password, 1, Qt.AlignmentFlag.AlignTop)
        asks.addWidget(self.code, 1, Qt.AlignmentFlag.AlignTop)
        self.code.hide()
        acts = QHBoxLayout()
        for button in (self.look_button, self.restore_button, self.folder_button):
            acts.addWidget(button)
        acts.addStretch(1)
        acts.addWidget(self.close_button)
        for button in (self.look_button, self.restore_button, self.folder_button, self.close_button):
            button.setAutoDefault(False)
        self.state.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "Bring a backup back", role="heading"))
        layout.addWidget(Label(theme, _ABOUT, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addWidget(self.table, 1)
        layout.addLayout(asks)
        layout.addWidget(self.state)
        layout.addLayout(acts)
        room = self.screen().availableSize()
        self.resize(min(theme.scaled(720), room.width() - 40), min(theme.scaled(520), room.height() - 80))
