"""The Roll tab: a bar of the roll's lives, and the page of the one chosen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QStackedWidget, QTabBar, QVBoxLayout, QWidget

from cme_desktop.casework.lives.book import load_lives
from cme_desktop.casework.lives.life import Life, LifeBook
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import Roll, read_again
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.ui.roll.pages import PAGES, PageEntry
from cme_desktop.ui.tab import Tab, TabContext

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from cme_desktop.domain.drafts import DraftKey
    from cme_desktop.ui.roll.life_page import LifePage

_SHOWN_HERE: Final = (
    Area.EVENTS, Area.MARKS, Area.PUPILS, Area.CALENDAR, Area.SETTINGS, Area.DOCUMENTS, Area.CONTACTS, Area.CASES,
    Area.REPORTS,
)  # fmt: skip
_NO_ELIDE: Final = Qt.TextElideMode.ElideNone
_ONE_PUPILS: Final = frozenset({Area.EVENTS, Area.CASES, Area.CONTACTS, Area.DOCUMENTS, Area.FLAGS, Area.REPORTS})


class RollTab(Tab):
    """Shows the page of one life at a time; every page's list is read together."""

    def __init__(
        self, context: TabContext, parent: QWidget | None = None, *, pages: tuple[PageEntry, ...] = PAGES
    ) -> None:
        super().__init__(context, parent)
        self._entries = pages
        self._pages: dict[Life, LifePage] = {}
        self._book: LifeBook | None = None
        self._is_stale = True
        self._names_hidden = False
        self._wanted: int | None = None
        self.bar = _LifeBar(self)
        self.stack = QStackedWidget()
        self._build()
        self.bar.currentChanged.connect(self._follow_bar)
        context.notifier.changed.connect(self._on_changes)

    # -- what the window asks ----------------------------------------------------------------------------------

    @property
    def page(self) -> LifePage:
        """The page shown."""
        return self.page_of(self._entries[self.bar.currentIndex()].life)

    def page_of(self, life: Life) -> LifePage:
        """The page of a life, made when it is first asked for."""
        if life not in self._pages:
            self._pages[life] = self._make_page(next(entry for entry in self._entries if entry.life is life))
        return self._pages[life]

    def show_life(self, life: Life, *, key: str | None = None) -> None:
        """Show a life's page, and one line of it."""
        self.bar.setCurrentIndex([entry.life for entry in self._entries].index(life))
        if key is not None:
            self.page.show_key(key)

    def show_pupil(self, pupil_id: int) -> None:
        """Show the first life whose list holds the pupil, once the lists are read; stay where none does."""
        self._wanted = pupil_id
        if self._book is not None:
            self._go_to_wanted(self._book)

    def show_draft(self, key: DraftKey) -> None:
        """Show the life and the line about which something was typed and not saved."""
        life = next((each.life for each in self._entries if key.place.endswith(each.life.value)), None)
        if life is not None:
            self.show_life(life)
            self.page.show_draft(key)

    def take_focus(self) -> None:
        """Put the keyboard on the page's list."""
        self.page.take_focus()

    def reload(self) -> None:
        """Read every list again."""
        self._read()

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name."""
        self._names_hidden = hidden
        for page in self._pages.values():
            page.hide_names(hidden=hidden)

    def undo(self) -> bool:
        """Take back the last act of the one signed in."""
        return self.page.undo()

    # -- private -----------------------------------------------------------------------------------------------

    def _make_page(self, entry: PageEntry) -> LifePage:
        page = entry.make(self.context)
        self.stack.addWidget(page)
        page.book_wanted.connect(self.reload)
        page.wants_pupil.connect(self.wants_pupil)
        page.pupil_shown.connect(self.pupil_shown)
        page.wants_case.connect(self.wants_case)
        page.wants_register.connect(self.wants_register)
        page.hide_names(hidden=self._names_hidden)
        if self._book is not None:
            page.show_book(self._book)
        return page

    def _follow_bar(self) -> None:
        self.stack.setCurrentWidget(self.page)
        if not self.bar.hasFocus():
            self.page.take_focus()

    def _on_changes(self, changes: Changes) -> None:
        if not changes.touches(*_SHOWN_HERE):
            return
        if not self.isVisible():
            self._is_stale = True
            self._book = None
            return
        known = self._book.desk.roll if self._book is not None else None
        if known is not None and changes.pupils and changes.areas <= _ONE_PUPILS:
            op = partial(_read_again, roll=known, pupils=changes.pupils)
            self.context.background.run(op, done=self._show_book)
        else:
            self._read()

    def _read(self) -> None:
        self._is_stale = False
        self.context.background.run(load_lives, done=self._show_book)

    def _show_book(self, book: LifeBook) -> None:
        self._book = book
        self._is_stale = False
        for place, entry in enumerate(self._entries):
            self.bar.set_count(place, entry.name, len(book.rows.get(entry.life, ())), book.pressing(entry.life))
        for page in self._pages.values():
            page.show_book(book)
        self.badge_changed.emit(sum(book.pressing(entry.life) for entry in self._entries))
        self._go_to_wanted(book)

    def _go_to_wanted(self, book: LifeBook) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        for entry in self._entries:
            row = next((row for row in book.rows.get(entry.life, ()) if row.pupil_id == wanted), None)
            if row is not None:
                self.show_life(entry.life, key=row.key)
                return

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    def _build(self) -> None:
        for entry in self._entries:
            self.bar.addTab(entry.name)
        self.bar.setAccessibleName("Lives of the roll")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self.stack, 1)
        self.stack.setCurrentWidget(self.page)


class _LifeBar(QTabBar):
    """The bar of lives, with how many stand on each; arrow keys walk it."""

    def __init__(self, tab: Tab) -> None:
        super().__init__(tab)
        self._theme = tab.context.theme
        self.setProperty("look", "lives")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(_NO_ELIDE)
        self._theme.changed.connect(self._take_look)
        self._take_look()

    def set_count(self, place: int, name: str, count: int, pressing: int) -> None:
        """Say how many stand on a life, and to assistive tools how many press."""
        self.setTabText(place, f"{name} {count}" if count else name)
        waiting = f", {pressing} pressing" if pressing else ""
        self.setAccessibleTabName(place, f"{name}, {count}{waiting}" if count else name)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def _take_look(self) -> None:
        self.setFont(self._theme.font("body-strong"))


def _read_again(office: Office, *, roll: Roll, pupils: frozenset[PupilId]) -> LifeBook:
    return load_lives(office, roll=read_again(office, roll, pupils))
