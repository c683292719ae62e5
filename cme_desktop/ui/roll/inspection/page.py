"""The page of the three lists for a register inspection, with the way to paper."""

from __future__ import annotations

from functools import partial

from cme_desktop.casework.lives.inspection import write_lists
from cme_desktop.casework.lives.life import Life
from cme_desktop.ui.printing import print_words
from cme_desktop.ui.roll.life_page import LifePage


class InspectionPage(LifePage):
    """Shows the three lists as one, list by list; printing writes a line into the journal."""

    life = Life.INSPECTION
    title = "Inspection"
    icon = "list"
    empty = (
        "Nobody stands on any of the three lists.",
        "Removed without notice, allocated but not started, part-time timetable: none this school year.",
    )
    new_words = "Print the lists"

    def ask_new(self) -> None:
        """Write the lists and ask for a printer."""
        assert self.book is not None
        self.context.background.run(partial(write_lists, book=self.book), done=self._print)

    def _print(self, words: str) -> None:
        if not self.names_hidden:
            print_words(self, words)
