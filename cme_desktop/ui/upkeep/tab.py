"""The Upkeep tab: people, backups and the version, for the caretaker of the program; no child is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.upkeep import Upkeep, load_upkeep
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.ui.plain_page import PlainPage
from cme_desktop.ui.tab import Tab
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.tab import TabContext


class UpkeepTab(Tab):
    """Two acts, and what there is: backups, people, the version."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme = context.theme
        self.back_up = PrimaryButton(theme, "Backups…", icon="database-backup")
        self.people = SecondaryButton(theme, "People and passwords…", icon="users")
        self.page = PlainPage(theme, name="Upkeep of the records")
        acts = QHBoxLayout()
        acts.addWidget(self.back_up)
        acts.addWidget(self.people)
        acts.addStretch(1)
        about = "Backups, people and passwords. What is written about children is not shown here."
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 0)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "Upkeep of the records", role="title"))
        layout.addWidget(Label(theme, about, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addLayout(acts)
        layout.addWidget(self.page, 1)
        self.back_up.clicked.connect(self.wants_backup)
        self.people.clicked.connect(self.wants_people)
        context.notifier.changed.connect(self._hear)
        self.reload()

    def take_focus(self) -> None:
        """Put the keyboard on the first act."""
        self.back_up.setFocus()

    def reload(self) -> None:
        """Read what there is again."""
        self.context.background.run(load_upkeep, done=self._show)

    def _hear(self, changes: Changes) -> None:
        if changes.touches(Area.SETTINGS, Area.INFORMATION):
            self.reload()

    def _show(self, upkeep: Upkeep) -> None:
        self.page.show_groups(
            (
                *((("Data breach", tuple((clock, "") for clock in upkeep.breaches)),) if upkeep.breaches else ()),
                ("Newest backups beside the records", upkeep.backups or (("None yet", ""),)),
                ("Who opens the records", [(name, capital(role)) for name, role in upkeep.people]),
                ("The program", (("Version", upkeep.version),)),
            )
        )
