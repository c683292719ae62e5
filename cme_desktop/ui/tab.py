"""What a tab of the main window is given, and what it promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from cme_desktop.domain.drafts import DraftKey
    from cme_desktop.ui.background import Background
    from cme_desktop.ui.change_notifier import ChangeNotifier
    from cme_desktop.ui.style.theme import Theme


@dataclass(frozen=True, slots=True)
class TabContext:
    """The three things every tab needs: the door to the worker, the signal of changes, the look."""

    background: Background
    notifier: ChangeNotifier
    theme: Theme


class Tab(QWidget):
    """A tab: the main window shows it, asks it to take the focus, and follows where it wants to go."""

    badge_changed = Signal(int)
    wants_pupil = Signal(int)
    wants_case = Signal(int)
    wants_register = Signal(int)
    wants_import = Signal()
    wants_new_year = Signal()
    wants_report = Signal(int)
    wants_people = Signal()
    wants_backup = Signal()
    wants_requests = Signal()
    wants_breaches = Signal()
    pupil_shown = Signal(int)
    """Carries the pupil whose card, line or file is shown now, for whoever asks something about that pupil."""

    rules_tested = Signal(object)
    """Carries the ``SelfTest`` of the rules, each time one has been made."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context

    def take_focus(self) -> None:
        """Put the keyboard where the user expects it on this tab."""
        self.setFocus()

    def show_pupil(self, pupil_id: int) -> None:
        """Show one pupil here."""
        del pupil_id

    def show_case(self, case_id: int) -> None:
        """Show one case here."""
        del case_id

    def show_draft(self, key: DraftKey) -> None:
        """Show whom or what it is about that something was typed here and not saved."""
        if key.pupil_id is not None:
            self.show_pupil(int(key.pupil_id))

    def undo(self) -> bool:
        """Take back the last act made here; False leaves it to the window, which takes back the user's last act."""
        return False

    def reload(self) -> None:
        """Read everything shown again."""

    def hide_names(self, *, hidden: bool) -> None:
        """Show or hide every name."""
        del hidden
