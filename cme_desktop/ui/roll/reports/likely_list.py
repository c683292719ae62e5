"""Pupils of the roll who may be the child described, in a dialog: offered as somebody types, chosen by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from cme_desktop.domain.identifiers import PupilId

if TYPE_CHECKING:
    from cme_desktop.casework.report_matching import LikelyPupil
    from cme_desktop.ui.entry_dialog import EntryDialog

_NOBODY: Final = "Nobody on our roll, or not sure"


class LikelyList:
    """The first line stands for nobody and is chosen until a person chooses another."""

    def __init__(self, dialog: EntryDialog) -> None:
        self.list = QListWidget()
        self.list.setFixedHeight(dialog.theme.scaled(92))
        self.list.setFont(dialog.theme.font("body"))
        self.list.setProperty("ring", True)  # noqa: FBT003  a Qt property takes no keywords
        self.field = dialog.add_field(
            "Is it one of these?", self.list, hint="From the name as you type it. You decide; nobody is chosen for you."
        )
        self.offer(())

    @property
    def pupil_id(self) -> PupilId | None:
        """The pupil a person chose, or None."""
        item = self.list.currentItem()
        found = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        return None if found is None else PupilId(found)

    def offer(self, likely: tuple[LikelyPupil, ...]) -> None:
        """Offer these; one chosen before stays chosen while it is still offered."""
        chosen = self.pupil_id
        self.list.clear()
        self.list.addItem(_NOBODY)
        for each in likely:
            item = QListWidgetItem(f"{each.known}: {each.why}")
            item.setData(Qt.ItemDataRole.UserRole, each.id)
            self.list.addItem(item)
        kept = [place for place, each in enumerate(likely, start=1) if each.id == chosen]
        self.list.setCurrentRow(kept[0] if kept else 0)
