"""Dialogs while names are hidden, or shown as initials: what would show a name is covered, the rest is shortened.

Every dialog asks for it when it is shown, so that none has to know.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QDialog,
    QLineEdit,
    QPlainTextEdit,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.ui.widgets.chip import Chip
from cme_desktop.ui.widgets.empty_state import EmptyState
from cme_desktop.ui.widgets.holding_list import is_held
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtCore import QModelIndex, QPersistentModelIndex
    from PySide6.QtGui import QKeyEvent, QShowEvent
    from PySide6.QtWidgets import QStyleOptionViewItem

    from cme_desktop.ui.style.theme import Theme

AT_THE_HATCH: Final = "at_the_hatch"
"""Set on a dialog that names nobody, so that it can be worked in while names are hidden."""

NEEDS_NAMES: Final = "needs_names"
"""Set on a dialog that shows pages as pictures, or names that are not in the records yet: they can't be shortened."""

WHOLE: Final = "whole_words"
"""Set on a button that may name somebody: what it says when names are shown in full."""

_HOLDS_NAMES: Final = "holds_names"
_OPENED_WITH_INITIALS: Final = "opened_with_initials"
"""Set on a dialog shown while reception mode was on: a name typed in it since then doesn't cover it."""

_WHOLE: Final = Qt.ItemDataRole.UserRole + 40


class NameCover(QWidget):
    """Lies over a dialog and takes every key; what is under it is kept as it is."""

    def __init__(self, theme: Theme, dialog: QDialog, *, sentence: str, remedy: str) -> None:
        super().__init__(dialog)
        self.setAutoFillBackground(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(f"{sentence} {remedy}")
        self._had_focus = dialog.focusWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.addWidget(EmptyState(theme, icon="eye-off", sentence=sentence, remedy=remedy))
        dialog.installEventFilter(self)
        self.setGeometry(dialog.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def take_off(self) -> None:
        """Give the dialog back as it was."""
        self.hide()
        self.setParent(None)
        if self._had_focus is not None:
            self._had_focus.setFocus()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take every key, so that none does anything unseen."""
        event.accept()

    def focusNextPrevChild(self, _next: bool) -> bool:  # noqa: FBT001  Qt's own signature
        return False


class NameCovers(QObject):
    """Belongs to the main window, and looks over its dialogs."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._window = window
        self._are_hidden = False
        theme.names.changed.connect(self.look_over_all)

    def hide_names(self, *, hidden: bool) -> None:
        """Cover every dialog that is open, or give them back."""
        self._are_hidden = hidden
        self._cover_all()

    def look_over_all(self) -> None:
        """Show names in the window and its dialogs as they are to be shown now."""
        say_names_again(self._theme, self._window)
        self._cover_all()

    def _cover_all(self) -> None:
        for dialog in self._window.findChildren(QDialog):
            if dialog.isVisible():
                self._see_again(dialog)
                self._cover(dialog)

    def _see_again(self, dialog: QDialog) -> None:
        """See what a dialog holds that was open before reception mode was switched on."""
        if not self._theme.names.is_on:
            dialog.setProperty(_OPENED_WITH_INITIALS, None)
        elif not dialog.property(_OPENED_WITH_INITIALS):
            self._see_what_it_holds(dialog)

    def _see_what_it_holds(self, dialog: QDialog) -> None:
        dialog.setProperty(_HOLDS_NAMES, dialog.property(NEEDS_NAMES) or self._has_names_in_fields(dialog))

    def look_over(self, dialog: QDialog) -> None:
        """Look a dialog over that is just being shown."""
        if self._theme.names.is_on and not dialog.property(AT_THE_HATCH):
            say_names_again(self._theme, dialog)
            dialog.setProperty(_OPENED_WITH_INITIALS, True)  # noqa: FBT003  a Qt property takes no keywords
            self._see_what_it_holds(dialog)
        self._cover(dialog)

    def _cover(self, dialog: QDialog) -> None:
        cover = dialog.findChild(NameCover, options=Qt.FindChildOption.FindDirectChildrenOnly)
        words = self._why_covered(dialog)
        if words is None:
            if cover is not None:
                cover.take_off()
        elif cover is None:
            NameCover(self._theme, dialog, sentence=words[0], remedy=words[1])

    def _why_covered(self, dialog: QDialog) -> tuple[str, str] | None:
        if self._are_hidden and not dialog.property(AT_THE_HATCH):
            return "Names are hidden.", "F9 shows them again, Ctrl L locks. What you typed is kept."
        if self._theme.names.are_initials and dialog.property(_HOLDS_NAMES) and not dialog.property(AT_THE_HATCH):
            return (
                "What is here can’t be shown with initials.",
                "Hold F8 to see it. Shift F9 ends reception mode, to work on it.",
            )
        return None

    def _has_names_in_fields(self, dialog: QDialog) -> bool:
        words = [line.text() for line in dialog.findChildren(QLineEdit)]
        words += [edit.toPlainText() for edit in dialog.findChildren(QPlainTextEdit)]
        return any(self._theme.names.tell(each) for each in words)


class DeskDialog(QDialog):
    """A dialog over the main window, looked over for names each time it is shown."""

    enter_presses = False
    """Whether Enter presses the button with the focus, as Space does; not where a button decides something grave."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if self.enter_presses and is_enter and isinstance(focused, QAbstractButton):
            focused.click()
            return
        super().keyPressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        look_over(self)


def look_over(dialog: QDialog) -> None:
    """Have the window that a dialog belongs to look it over."""
    above = dialog.parentWidget()
    while above is not None and above.parentWidget() is not None:
        above = above.parentWidget()
    covers = above.findChild(NameCovers) if above is not None else None
    if covers is not None:
        covers.look_over(dialog)


def say_names_again(theme: Theme, root: QWidget) -> None:
    """Say every sentence in a window as names are shown now."""
    for label in root.findChildren(Label):
        label.say_again()
    for chip in root.findChildren(Chip):
        chip.update()
    for box in root.findChildren(QCheckBox):
        if box.property(WHOLE) is None:
            box.setProperty(WHOLE, box.text())
    for button in root.findChildren(QAbstractButton):
        if (whole := button.property(WHOLE)) is not None:
            button.setText(theme.names.say(str(whole)))
    for choices in root.findChildren(QComboBox):
        _shorten(theme, choices)
    for view in root.findChildren(QAbstractItemView):
        if type(view.itemDelegate()) is QStyledItemDelegate and not isinstance(view.parentWidget(), QComboBox):
            view.setItemDelegate(InitialsDelegate(theme, view))
        view.viewport().update()
    root.update()


class InitialsDelegate(QStyledItemDelegate):
    """Qt's own lines of a list or table, with names as they are to be shown."""

    def __init__(self, theme: Theme, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        with self._theme.names.lifted(for_this=is_held(self.parent(), index)):
            option.text = self._theme.names.say(option.text)


def _shorten(theme: Theme, box: QComboBox) -> None:
    for place in range(box.count()):
        whole = box.itemData(place, _WHOLE) or box.itemText(place)
        shown = theme.names.say(whole)
        if shown != box.itemText(place):
            box.setItemData(place, whole, _WHOLE)
            box.setItemText(place, shown)
