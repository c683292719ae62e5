"""The pages of the Roll tab, in order; each page's module is imported when it is first shown."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives.life import Life

if TYPE_CHECKING:
    from cme_desktop.ui.roll.life_page import LifePage
    from cme_desktop.ui.tab import TabContext


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page: the life it shows, its word on the bar, and where its class is."""

    life: Life
    name: str
    path: str

    def make(self, context: TabContext) -> LifePage:
        """Make the page."""
        module, _, name = self.path.rpartition(".")
        page: LifePage = getattr(import_module(module), name)(context)
        return page


PAGES: Final = (
    PageEntry(Life.STARTING, "Starting", "cme_desktop.ui.roll.starting.page.StartingPage"),
    PageEntry(Life.PART_TIME, "Part time", "cme_desktop.ui.roll.part_time.page.PartTimePage"),
    PageEntry(Life.LEAVE, "Leave", "cme_desktop.ui.roll.leave.page.LeavePage"),
    PageEntry(Life.FIRST_DAY_BACK, "First day back", "cme_desktop.ui.roll.first_back.page.FirstBackPage"),
    PageEntry(Life.MISSING, "Missing", "cme_desktop.ui.roll.missing.page.MissingPage"),
    PageEntry(Life.LEAVING, "Leaving", "cme_desktop.ui.roll.leaving.page.LeavingPage"),
    PageEntry(Life.REMOVAL, "Removal", "cme_desktop.ui.roll.removal.page.RemovalPage"),
    PageEntry(Life.REPORTS, "Reports", "cme_desktop.ui.roll.reports.page.ReportsPage"),
    PageEntry(Life.INSPECTION, "Inspection", "cme_desktop.ui.roll.inspection.page.InspectionPage"),
)
