"""The journal on screen: who did what, when, about whom, in plain sentences; searched by words or by person."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
)

from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.casework.journal_pages import print_journal, save_journal, set_journal
from cme_desktop.casework.journal_reading import JournalLine, JournalPage, list_pupils_told, load_journal
from cme_desktop.casework.opening import list_users
from cme_desktop.ui.entry_dialog import ChoiceBox, choice_box, shorten
from cme_desktop.ui.name_covers import DeskDialog
from cme_desktop.ui.room import size_within
from cme_desktop.ui.row_table_model import Column, RowTableModel
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.opening import UserDetails
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.domain.identifiers import PupilId, UserId
    from cme_desktop.ui.tab import TabContext

_ABOUT: Final = "Nothing here can be changed. What was taken back or corrected stays, with what took its place."
_TYPING_STOPS: Final = 250
"""Milliseconds after the last letter before the journal is read again."""


class JournalDialog(DeskDialog):
    """The newest entries first; words and a person narrow them, *Older entries* goes on."""

    enter_presses = True

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Journal")
        self.model = RowTableModel[JournalLine](
            (
                Column("When", lambda line: f"{say_day(line.at.date())} {line.at.year}, {say_clock(line.at)}"),
                Column("Who", _say_who),
                Column("What", lambda line: line.said),
                Column("About", lambda line: line.about),
                Column("No.", lambda line: str(line.number)),
            ),
            self,
        )
        self.words = Field(theme, "Words", QLineEdit(), hint="A name, an act, a case: all of them must stand in it")
        people: ChoiceBox[UserId | None] = choice_box((("Everybody", None),))
        self.person = Field(theme, "By", people)
        everybody: ChoiceBox[PupilId | None] = choice_box((("Every pupil", None),))
        shorten(everybody)
        self.pupil = Field(theme, "About", everybody)
        self.print_button = SecondaryButton(theme, "Print or save…", icon="printer")
        self.table = QTableView()
        self.none = Label(theme, "No entry has all of these words.", token="text2", wraps=True)  # noqa: S106  a colour token
        self.problem = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.older_button = SecondaryButton(theme, "Older entries")
        self.close_button = SecondaryButton(theme, "Close")
        self._older_than: int | None = None
        self._asked = 0
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_STOPS)
        self._build()
        self._connect()
        self.words.control.setFocus()
        context.background.run(list_users, done=self._offer_people)
        context.background.run(list_pupils_told, done=self._offer_pupils)
        self.read()

    def read(self) -> None:
        """Read the newest entries that fit what is asked for."""
        self._pause.stop()
        self._ask(before=None)

    def _ask(self, *, before: int | None) -> None:
        self._asked += 1
        op = partial(
            load_journal, words=self.words.control.text(), by=self.person.control.chosen,
            pupil_id=self.pupil.control.chosen, before=before,
        )  # fmt: skip
        asked = self._asked
        self._context.background.run(
            op, done=lambda page: self._show(page, asked=asked, is_more=before is not None), failed=self._say_problem
        )

    def _show(self, page: JournalPage, *, asked: int, is_more: bool) -> None:
        if asked != self._asked:
            return  # something else was asked for meanwhile
        rows = (*self.model.rows, *page.lines) if is_more else page.lines
        self.model.set_rows(rows)
        self._older_than = page.older_than
        self.older_button.setEnabled(page.older_than is not None)
        self.none.setVisible(not rows)
        self.table.setVisible(bool(rows))

    def _offer_people(self, users: tuple[UserDetails, ...]) -> None:
        self.person.control.offer((("Everybody", None), *((user.name, user.id) for user in users)))

    def _offer_pupils(self, pupils: tuple[tuple[PupilId, str], ...]) -> None:
        self.pupil.control.offer((("Every pupil", None), *((name, pupil_id) for pupil_id, name in pupils)))

    def open_pages(self) -> None:
        """Open the entries that fit what is asked for as pages, to be read, printed or saved."""
        from cme_desktop.ui.information.pages import RecordPagesDialog  # noqa: PLC0415  seldom needed

        words, by, pupil_id = self.words.control.text(), self.person.control.chosen, self.pupil.control.chosen
        RecordPagesDialog(
            self._context, title="Journal", sentence="As it is narrowed in the list, the newest entry first.",
            name="journal.pdf", pages=partial(set_journal, words=words, by=by, pupil_id=pupil_id),
            give=partial(print_journal, words=words, by=by, pupil_id=pupil_id),
            write=partial(save_journal, words=words, by=by, pupil_id=pupil_id), parent=self,
        ).exec()  # fmt: skip

    def _say_problem(self, problem: CmeError) -> None:
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.problem.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.problem.show()

    def _connect(self) -> None:
        self._pause.timeout.connect(self.read)
        self.words.control.textEdited.connect(lambda _: self._pause.start())
        self.words.control.returnPressed.connect(self.read)
        self.person.control.activated.connect(lambda _: self.read())
        self.pupil.control.activated.connect(lambda _: self.read())
        self.print_button.clicked.connect(self.open_pages)
        self.older_button.clicked.connect(lambda: self._ask(before=self._older_than))
        self.close_button.clicked.connect(self.accept)

    def _build(self) -> None:
        theme = self._context.theme
        self.table.setModel(self.model)
        self.table.setAccessibleName("Entries of the journal")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setWordWrap(True)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        asks = QHBoxLayout()
        asks.setSpacing(12)
        asks.addWidget(self.words, 2, Qt.AlignmentFlag.AlignTop)
        asks.addWidget(self.person, 1, Qt.AlignmentFlag.AlignTop)
        asks.addWidget(self.pupil, 1, Qt.AlignmentFlag.AlignTop)
        acts = QHBoxLayout()
        acts.addWidget(self.older_button)
        acts.addWidget(self.print_button)
        acts.addStretch(1)
        acts.addWidget(self.close_button)
        for button in (self.older_button, self.print_button, self.close_button):
            button.setAutoDefault(False)
        self.problem.hide()
        self.none.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "Journal", role="heading"))
        layout.addWidget(Label(theme, _ABOUT, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addLayout(asks)
        layout.addWidget(self.problem)
        layout.addWidget(self.none, 1, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.table, 1)
        layout.addLayout(acts)
        self.resize(size_within(self, QSize(theme.scaled(980), theme.scaled(600))))


def _say_who(line: JournalLine) -> str:
    return f"{line.by}, {line.role}" if line.role else line.by
