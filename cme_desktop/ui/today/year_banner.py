"""The banner that says that the school year ends and the next one is not set up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class YearBanner(Banner):
    """Goes once the year is set up; it can't be put away before."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, kind=ChipKind.TODAY, icon="calendar-clock", sentence="", button="New school year…", parent=parent
        )
        self.hide()

    def show_turn(self, said: str) -> None:
        """Say it, or go where there is nothing to say."""
        self.say(
            kind=ChipKind.TODAY, icon="calendar-clock", sentence=f"{said}: set up the next school year",
            button="New school year…",
        )  # fmt: skip
        self.setVisible(bool(said))
