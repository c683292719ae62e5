"""One act that needs a reason in words: opening again, waiting for the authority, going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.ui.entry_dialog import EntryDialog, words_edit

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


class ReasonDialog(EntryDialog):
    """Asks for the words; ``words`` gives them."""

    def __init__(
        self, theme: Theme, *, title: str, accept: str, label: str, hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, title=title, accept=accept, parent=parent)
        self.field = self.add_field(label, words_edit(theme=theme), hint=hint)
        self.field.control.setFocus()
        self.fit()

    @property
    def words(self) -> str:
        """What was typed."""
        return self.field.control.toPlainText().strip()
