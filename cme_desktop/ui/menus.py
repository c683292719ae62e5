"""The menus of the window, as data: what each entry is called, its key, and what it does."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from cme_desktop.ui.style.theme import LookChoice

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

    from cme_desktop.domain.rights import Right
    from cme_desktop.ui.style.theme import Theme


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. ``needs`` is the right without which it is not offered."""

    words: str
    act: Callable[[], None]
    keys: QKeySequence | QKeySequence.StandardKey | str | None = None
    needs: Right | None = None


def fill_menu(menu: QMenu, window: QWidget, entries: tuple[Entry | None, ...]) -> dict[QAction, Right]:
    """Add the entries, a line where one is None; their keys work in the whole window; give those that need a right."""
    guarded = {}
    for entry in entries:
        if entry is None:
            menu.addSeparator()
            continue
        action = QAction(entry.words, window)
        action.triggered.connect(_without_state(entry.act))
        if entry.keys is not None:
            action.setShortcuts(_sequences(entry.keys))
        menu.addAction(action)
        if entry.needs is not None:
            guarded[action] = entry.needs
    return guarded


def fill_view_menu(menu: QMenu, window: QWidget, theme: Theme) -> None:
    """Text size, the look, and whether keys are shown."""
    fill_menu(
        menu,
        window,
        (
            Entry("&Larger text", theme.enlarge_text, QKeySequence.StandardKey.ZoomIn),
            Entry("&Smaller text", theme.reduce_text, QKeySequence.StandardKey.ZoomOut),
            Entry("&Normal text", lambda: theme.set_text_scale(1.0), "Ctrl+0"),
            None,
        ),
    )
    group = QActionGroup(window)
    for words, choice in (
        ("Follow the s&ystem", LookChoice.SYSTEM),
        ("L&ight", LookChoice.LIGHT),
        ("&Dark", LookChoice.DARK),
        ("&High contrast", LookChoice.HIGH_CONTRAST),
    ):
        action = QAction(words, window)
        action.setCheckable(True)
        action.setChecked(theme.choice is choice)
        action.triggered.connect(_without_state(partial(theme.choose, choice)))
        group.addAction(action)
        menu.addAction(action)
    menu.addSeparator()
    keys = QAction("Show &keys", window)
    keys.setCheckable(True)
    keys.setChecked(theme.shows_keys)
    keys.toggled.connect(lambda shown: theme.show_keys(shown=shown))
    menu.addAction(keys)


def fill_privacy_menu(menu: QMenu, window: QWidget, theme: Theme, *, may_leave_out: bool) -> QAction:
    """Who sees names on this screen: reception mode, a second screen, sharing; give the first of them."""
    menu.addSeparator()
    reception = QAction("&Reception mode: initials", window)
    reception.setShortcut(QKeySequence("Shift+F9"))
    second = QAction("Hide names when &another screen appears", window)
    sharing = QAction("Keep out of screen sharin&g", window)
    if not may_leave_out:
        sharing.setText("Keep out of screen sharin&g (Windows only)")
        sharing.setEnabled(False)
    names = theme.names
    for action, is_on in (
        (reception, names.is_on),
        (second, names.hides_on_second_screen),
        (sharing, names.stays_out_of_sharing and may_leave_out),
    ):
        action.setCheckable(True)
        action.setChecked(is_on)
        menu.addAction(action)
    reception.toggled.connect(lambda on: names.switch(on=on))
    second.toggled.connect(lambda on: names.hide_on_second_screen(wanted=on))
    sharing.toggled.connect(lambda on: names.stay_out_of_sharing(wanted=on))
    return reception


def add_menu(bar: QMenuBar, title: str) -> QMenu:
    """Add a menu to the bar."""
    return bar.addMenu(title)


def _without_state(act: Callable[[], None]) -> Callable[..., None]:
    def run(*_: object) -> None:
        act()

    return run


def _sequences(keys: QKeySequence | QKeySequence.StandardKey | str) -> list[QKeySequence]:
    if keys == QKeySequence.StandardKey.ZoomIn:
        return [QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")]
    if isinstance(keys, QKeySequence.StandardKey):
        return QKeySequence.keyBindings(keys)
    return [QKeySequence(keys)]
