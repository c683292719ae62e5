"""The page of the three lists for a register inspection, with the way to paper."""

from __future__ import annotations

from cme_desktop.casework.lives.life import Life
from cme_desktop.ui.roll.inspection.dialogs import InspectionDialog
from cme_desktop.ui.roll.life_page import LifePage


class InspectionPage(LifePage):
    """Shows the three lists of this school year as one, list by list; on paper they are of any days."""

    life = Life.INSPECTION
    title = "Inspection"
    icon = "list"
    empty = (
        "Nobody stands on any of the three lists.",
        "Removed without notice, allocated but not started, part-time timetable: none this school year.",
    )
    new_words = "Print the lists"

    def ask_new(self) -> None:
        """Show the lists as pages to print or save."""
        assert self.book is not None
        self.asker.open(InspectionDialog(self.context, self.book, self))
