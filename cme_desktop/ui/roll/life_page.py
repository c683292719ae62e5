"""A page of the Roll tab: the list of one life on the left, the file chosen on the right, its acts by dialogs."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from cme_desktop.casework.explain import Explanation, load_explanations
from cme_desktop.casework.leaving_the_records import Left, note_that_it_left
from cme_desktop.casework.lives.book import load_life_file
from cme_desktop.casework.lives.life import Check, Life, LifeBook, LifeFile, LifeRow
from cme_desktop.casework.outcomes import undo_last
from cme_desktop.ui.asker import Asker, UseCase
from cme_desktop.ui.cases.history_dialog import HistoryDialog
from cme_desktop.ui.roll.life_pane import ActButton, LifePane
from cme_desktop.ui.roll.life_side import LifeSide
from cme_desktop.ui.roll.paper_dialogs import AddPaperDialog, PaperDialog
from cme_desktop.ui.room import Width
from cme_desktop.ui.tab import Tab, TabContext
from cme_desktop.ui.today.explain_view import ExplainPopover
from cme_desktop.ui.two_panes import TwoPanes
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from PySide6.QtGui import QKeyEvent, QShowEvent

    from cme_desktop.casework.history import HistoryEntry
    from cme_desktop.casework.papers import Paper, PaperContent
    from cme_desktop.domain.changes import Changes
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.policy.rule import Flag
    from cme_desktop.ui.entry_dialog import EntryDialog

_UNDONE: Final = "Undone: your last act is struck out"


class LifePage(Tab):
    """One life. A page of its own says its words and acts, and what ``ask_new`` and ``ask_act`` ask.

    ``book_wanted`` asks for every list to be read again.
    """

    book_wanted = Signal()

    life: ClassVar[Life]
    title: ClassVar[str]
    icon: ClassVar[str] = "users"
    empty: ClassVar[tuple[str, str]] = ("Nobody is on this list.", "")
    """What is said where the list is empty: a sentence and what to do."""

    new_words: ClassVar[str] = ""
    """What the act above the list is called; empty where there is none."""

    acts: ClassVar[tuple[ActButton, ...]] = ()

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.book: LifeBook | None = None
        self.file: LifeFile | None = None
        self.asker = Asker(context.background.run, self)
        self._wanted: str | None = None
        self._names_hidden = False
        self._awaits_focus = False
        self._is_stale = False
        self._make()
        self._build()
        self._connect()

    # -- what a page of its own says ---------------------------------------------------------------------------

    def ask_new(self) -> None:
        """Ask for what begins a line of this list."""

    def also(self) -> tuple[tuple[str, str], ...]:
        """What else begins a line of this list, for the one signed in: ids and words, offered under More."""
        return ()

    def ask_also(self, act_id: str) -> None:
        """Ask for what one of them needs."""

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Ask for what an act needs, by a dialog, then have it done."""
        del act_id, file

    def ask_check(self, check: Check, file: LifeFile) -> None:
        """Ask for what a condition needs, where there is something to bring."""
        del check, file

    def ask(
        self,
        dialog: EntryDialog,
        act: Callable[[], UseCase],
        *,
        said: str,
        show: Callable[[], int | str | None] | None = None,
    ) -> None:
        """Open a dialog of this page; once saved, choose the line that ``show`` names (a pupil's id or a key)."""

        def choose(_: object) -> None:
            if show is not None and (key := show()) is not None:
                self._wanted = str(key)

        self.asker.ask(dialog, act, said=said, then=choose)

    # -- what the tab asks -------------------------------------------------------------------------------------

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self.asker.dialog

    def show_book(self, book: LifeBook) -> None:
        """Show this life's list of a book just read, and its chosen file afresh."""
        self.book = book
        rows = book.rows.get(self.life, ())
        self.side.show_rows(rows)
        self.side.offer(self.also())
        self._say_note(book.notes.get(self.life, ""))
        self.panes.set_list(has_rows=bool(rows))
        if not self.side.select(self._wanted):
            self._is_stale = False
            self.file = None
            self._show_detail()
        if self._awaits_focus:
            self.take_focus()

    def show_key(self, key: str) -> None:
        """Choose a line of the list."""
        self._wanted = key
        if self.side.select(key):
            self.panes.show_main()

    def take_focus(self) -> None:
        """Put the keyboard on the list, or on what an empty one offers."""
        # before the lists are read there is nothing to put it on
        self._awaits_focus = self.book is None
        if self.book is not None:
            (self.list if self.model.rows else self.empty_state.button).setFocus()

    def reload(self) -> None:
        """Ask for every list to be read again."""
        self.book_wanted.emit()

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name."""
        self._names_hidden = hidden
        self._toast.end()
        self.explain.close_popover()
        self.model.hide_names(hidden=hidden)
        self.side.select(self._wanted)
        self._show_detail()

    def undo(self) -> bool:
        """Take back the last act of the one signed in."""
        self._toast.end()
        self.context.background.run(undo_last, done=self._say_undone)
        return True

    @property
    def now(self) -> datetime:
        """The clock on the office wall: what a dialog offers as the moment, however long ago the list was read."""
        office = self.context.background.office
        assert office is not None
        return office.local_now

    @property
    def names_hidden(self) -> bool:
        """Whether no name may be shown: then no dialog opens."""
        return self._names_hidden

    # -- private: acting ---------------------------------------------------------------------------------------

    def _ask_new(self) -> None:
        if not self._names_hidden and self.new_words and self.book is not None:
            self.ask_new()

    def _ask_also(self, act_id: str) -> None:
        if not self._names_hidden and self.book is not None:
            self.ask_also(act_id)

    def _ask_act(self, act_id: str) -> None:
        if self.file is not None and not self._names_hidden:
            self.ask_act(act_id, self.file)

    def _ask_check(self, check: Check) -> None:
        if self.file is not None and not self._names_hidden:
            self.ask_check(check, self.file)

    def _ask_paper(self) -> None:
        file = self.file
        if file is None or file.pupil is None or self._names_hidden:
            return
        chosen, _ = QFileDialog.getOpenFileName(self, "Which paper?")
        if chosen:
            self.add_paper(Path(chosen))

    def add_paper(self, path: Path) -> None:
        """Ask what a file is, then keep it with the file shown."""
        file = self.file
        assert file is not None
        assert file.pupil is not None
        dialog = AddPaperDialog(self.context.theme, parent=self)
        pupil_id, about = file.pupil.id, file.papers_about
        self.asker.ask(dialog, lambda: dialog.keeping(path, pupil_id=pupil_id, about=about), said="The paper is kept")

    def _open_paper(self, paper: Paper) -> None:
        self.context.background.run(PaperDialog.reading(paper), done=self._show_paper)

    def _show_paper(self, content: PaperContent) -> None:
        if not self._names_hidden:
            dialog = PaperDialog(self.context, content, parent=self)
            self.asker.open(dialog)

    def _open_flag(self, flag: Flag) -> None:
        self._explain(flag.rule_id)

    def _explain(self, first: str = "") -> None:
        file = self.file
        if file is None or file.pupil is None or not file.flags or self._names_hidden:
            return
        name, pupil_id = file.pupil.known_as, file.pupil.id
        op = partial(load_explanations, pupil_id=pupil_id, first=first or file.flags[0].rule_id)
        self.context.background.run(op, done=lambda found: self._show_explanations(name, pupil_id, found))

    def _show_explanations(self, name: str, pupil_id: PupilId, found: tuple[Explanation, ...]) -> None:
        if found and not self._names_hidden:
            noting = partial(note_that_it_left, what=Left.EXPLANATION, pupil_id=pupil_id)
            self.explain.explain(name, found, when_printed=lambda: self.context.background.run(noting))

    def _open_entry(self, entries: tuple[HistoryEntry, ...]) -> None:
        self.asker.open(HistoryDialog(self.context.theme, entries, parent=self))

    def _say_saved(self, words: str) -> None:
        if not self._names_hidden:
            self._toast.show_saved(words)

    def _say_undone(self, _: Changes) -> None:
        self._toast.show_saved(_UNDONE, can_undo=False)

    # -- private: showing --------------------------------------------------------------------------------------

    def _choose(self, row: LifeRow) -> None:
        self._wanted = row.key
        # out of sight nobody reads a file, and whom it is about is not who is shown
        if self.isVisible():
            self._read_file(row.key)
        else:
            self._is_stale = True

    def _read_file(self, key: str) -> None:
        self._is_stale = False
        if self.book is not None:
            op = partial(load_life_file, book=self.book, life=self.life, key=key)
            self.context.background.run(op, done=self._show_file)

    def _show_file(self, file: LifeFile) -> None:
        if file.row.key != self._wanted or self.book is None:
            return
        self.file = file
        self._say_who()
        self.pane.show_file(file, at=self.book.desk.roll.judgement.at)
        self._show_detail()

    def _say_who(self) -> None:
        if self.isVisible() and self.file is not None and self.file.pupil is not None:
            self.pupil_shown.emit(self.file.pupil.id)

    def _say_note(self, note: str) -> None:
        self.side.say_note(note)
        sentence, remedy = self.empty
        self.empty_state.say(
            icon=self.icon, sentence=sentence, remedy=f"{remedy} {note}".strip(), button=self.new_words
        )

    def _show_detail(self) -> None:
        if self._names_hidden and self.model.rows:
            self.detail.setCurrentWidget(self._hidden)
        elif self.file is not None and self.model.rows:
            self.detail.setCurrentWidget(self.pane)
        else:
            self.detail.setCurrentWidget(self.empty_state)

    # -- private: building -------------------------------------------------------------------------------------

    def _make(self) -> None:
        theme = self.context.theme
        self.side = LifeSide(theme, title=self.title, new_words=self.new_words)
        self.model, self.list, self.new_button = self.side.model, self.side.list, self.side.new_button
        self.pane = LifePane(theme, self.acts)
        sentence, remedy = self.empty
        self.empty_state = EmptyState(theme, icon=self.icon, sentence=sentence, remedy=remedy, button=self.new_words)
        self._hidden = EmptyState(theme, icon="eye-off", sentence="Names are hidden.", remedy="F9 shows them again.")
        self._toast = Toast(theme)
        self.explain = ExplainPopover(theme, self)
        self.detail = QStackedWidget()
        for widget in (self.empty_state, self.pane, self._hidden):
            self.detail.addWidget(widget)

    def _build(self) -> None:
        widths = {Width.NORMAL: 352, Width.WIDE: 420}
        self.panes = TwoPanes(self.context.theme, side=self.side, main=self.detail, foot=self._toast, widths=widths)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.panes)

    def _connect(self) -> None:
        self.panes.room_changed.connect(self.pane.fit_room)
        self.asker.saved.connect(self._say_saved)
        self._toast.undo_asked.connect(self.undo)
        self.list.chosen.connect(self._choose)
        self.list.opened.connect(self._open_pane)
        self.new_button.clicked.connect(self._ask_new)
        self.side.also_asked.connect(self._ask_also)
        self.empty_state.pressed.connect(self._ask_new)
        self.pane.back_asked.connect(self._back_to_list)
        self.pane.act_asked.connect(self._ask_act)
        self.pane.check_opened.connect(self._ask_check)
        self.pane.paper_asked.connect(self._ask_paper)
        self.pane.paper_opened.connect(self._open_paper)
        self.pane.flag_opened.connect(self._open_flag)
        self.pane.entry_opened.connect(self._open_entry)
        for keys, act in (("Ctrl+N", self._ask_new), ("F7", self._explain)):
            # in all of the window, so that the keys answer on the bar of lives too; a page out of sight has none
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(act)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale and self._wanted is not None:
            self._read_file(self._wanted)
        else:
            self._say_who()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._back_to_list()
            return
        super().keyPressEvent(event)

    def _open_pane(self) -> None:
        self.panes.show_main()
        primary = next((self.pane.button(act) for act in (self.file.acts if self.file else ())), None)
        (primary or self.detail).setFocus()

    def _back_to_list(self) -> None:
        self.panes.show_side()
        self.list.setFocus()
