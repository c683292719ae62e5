"""A dialog that the window keeps while it is locked: what was being typed is there again afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt

from cme_desktop.ui.name_covers import DeskDialog


class KeptDialog(DeskDialog):
    """Hidden while the window is locked, and shown again; any other dialog is closed by a lock."""

    @property
    def can_be_kept(self) -> bool:
        """Whether it is open in a way that outlasts being hidden: what exec() asks for is lost with its answer."""
        return self.isVisible() and self.windowModality() is Qt.WindowModality.WindowModal
