"""Says over the first screen that something typed was not saved, and goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from cme_desktop.casework.in_words import say_number
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.drafts import Draft
    from cme_desktop.ui.style.theme import Theme


class UnsavedBanner(Banner):
    """``wanted`` carries the key of the newest draft; once gone to, the next one is offered. No child is named."""

    wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, kind=ChipKind.TODAY, icon="pencil", sentence="", parent=parent)
        self._drafts: tuple[Draft, ...] = ()
        self._makes_way = False
        self.pressed.connect(self._go)

    def show_drafts(self, drafts: tuple[Draft, ...]) -> None:
        """Say what was typed and not saved; nothing is shown where nothing was."""
        self._drafts = drafts
        self.make_way(is_needed=self._makes_way)
        if not drafts:
            return
        newest, *others = drafts
        place = newest.key.place.partition(" ")[0]
        where = "" if place == "Worry" else f" on {place}"
        more = f" {say_number(len(others)).capitalize()} more after it." if others else ""
        self.say(
            kind=ChipKind.TODAY,
            icon="pencil",
            sentence=f"What you typed {newest.when} was not saved",
            remedy=f"It is kept in “{newest.title}”{where}: open that again to go on.{more}",
            button="Show it",
        )

    def leave_out_settled(self, left: tuple[Draft, ...]) -> None:
        """Say no more of what was saved or thrown away since: only what is ``left`` is still not saved."""
        keys = {draft.key for draft in left}
        still = tuple(draft for draft in self._drafts if draft.key in keys)
        if still != self._drafts:
            self.show_drafts(still)

    def make_way(self, *, is_needed: bool) -> None:
        """Leave the place to a banner that matters more, or take it again."""
        self._makes_way = is_needed
        self.setVisible(bool(self._drafts) and not is_needed)

    def _go(self) -> None:
        newest, *others = self._drafts
        self.show_drafts(tuple(others))
        self.wanted.emit(newest.key)
