"""Trying the printed recovery key while nothing is lost yet: it opens the records, or is to be made anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.opening import try_recovery_key
from cme_desktop.ui.entry_dialog import EntryDialog
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.chip import ChipKind

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.tab import TabContext


class TryRecoveryKeyDialog(EntryDialog):
    """The key as it is printed; says whether it opens these records, and changes nothing."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context.theme,
            title="Try the recovery key",
            sentence="Type it from the sheet in the safe. Nothing is changed; the journal notes that it was tried.",
            accept="Try it",
            parent=parent,
        )
        self._context = context
        self.key = self.add_field("Recovery key", QLineEdit(), hint="Eight groups of four.")
        self.submitted.connect(self._try)
        self.reject_button.setText("Close")
        self.fit()

    @property
    def has_typed(self) -> bool:
        """Nothing typed here is worth keeping."""
        return False

    def _try(self) -> None:
        typed = self.key.control.text()
        self.key.set_error("" if typed.strip() else "Type the recovery key.")
        if typed.strip():
            self._context.background.run(
                lambda office: try_recovery_key(office, typed), done=lambda _: self._tell(), failed=self.show_problem
            )

    def _tell(self) -> None:
        self.key.control.clear()
        sentence, remedy = "It opens the records.", "Put the sheet back into the safe."
        self.problem.say(kind=ChipKind.OK, icon="circle-check", sentence=sentence, remedy=remedy)
        self.problem.show()
        announce(self.problem, f"{sentence} {remedy}")
        self.reject_button.setFocus()
