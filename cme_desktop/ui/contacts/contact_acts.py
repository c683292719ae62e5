"""What can be changed in Contacts, each change by its dialog and each to be taken back: people, numbers, agencies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from cme_desktop.casework.agencies import Agency, save_agency, take_off_agency
from cme_desktop.casework.circumstances import add_circumstance, end_circumstance
from cme_desktop.casework.contact_undo import ContactsChanged, change_contacts, take_back
from cme_desktop.casework.contacts import (
    ContactDetails,
    ContactLine,
    Move,
    NotedCircumstance,
    move_contact,
    save_contact,
    take_off_contact,
)
from cme_desktop.casework.in_words import capital
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import circumstances_noted_by
from cme_desktop.ui.asker import Asker, UseCase
from cme_desktop.ui.contacts.agency_list import AgencyDialog
from cme_desktop.ui.contacts.circumstance_dialog import CircumstanceDialog, EndCircumstanceDialog
from cme_desktop.ui.contacts.contact_dialog import ContactDialog
from cme_desktop.ui.drafting import Drafts
from cme_desktop.ui.widgets.dialog import AskDialog

if TYPE_CHECKING:
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.entry_dialog import EntryDialog
    from cme_desktop.ui.tab import TabContext

DRAFT_PLACE: Final = "Contacts"


class ContactActs(QObject):
    """Asks, and has the answer carried out, for the pupil ``pupil_id`` (None while none is shown).

    ``saved`` carries the words for what was done, ``undone`` that it was taken back.
    """

    saved = Signal(str)
    undone = Signal()

    def __init__(self, context: TabContext, window: QWidget) -> None:
        super().__init__(window)
        self._context = context
        self._window = window
        drafts = Drafts(context.background.run, DRAFT_PLACE, self._what_about)
        self._asker = Asker(self._run, self, drafts=drafts)
        self._last: ContactsChanged | None = None
        self.pupil_id: PupilId | None = None
        self.today = date.min
        self._asker.saved.connect(self.saved)

    @property
    def dialog(self) -> QDialog | None:
        """The dialog that is open."""
        return self._asker.dialog

    def ask_contact(self, contact: ContactDetails | None = None) -> None:
        """Ask for a contact, then save it."""
        pupil_id = self.pupil_id
        if pupil_id is None:
            return
        dialog = ContactDialog(self._context.theme, contact, parent=self._window)
        contact_id = contact.id if contact else None
        self._asker.ask(
            dialog,
            lambda: partial(save_contact, pupil_id=pupil_id, entry=dialog.entry, contact_id=contact_id),
            said="Contact changed" if contact else "Contact added at the end of the list",
        )

    def ask_remove(self, line: ContactLine) -> None:
        """Ask whether to take a contact off the list."""
        dialog = AskDialog(
            self._context.theme, title=f"Take {line.relation} off the list?", accept="Take off the list",
            sentence="The numbers go too. What was said stays in the history.", is_grave=True, parent=self._window,
        )  # fmt: skip
        op = partial(take_off_contact, contact_id=line.contact.id)
        self._asker.confirm(dialog, op, said=f"{line.relation} taken off the list")

    def move_line(self, line: ContactLine, move: Move) -> None:
        """Ring a contact one place earlier or later."""
        said = f"{line.relation} is rung {'earlier' if move is Move.UP else 'later'}"
        self._run(
            partial(move_contact, contact_id=line.contact.id, move=move),
            done=lambda changed: self.saved.emit(said) if changed.changes.areas else None,
        )

    def ask_circumstance(self) -> None:
        """Ask for a circumstance of the pupil."""
        pupil_id, office = self.pupil_id, self._context.background.office
        if pupil_id is None or office is None:
            return
        choices = circumstances_noted_by(office.user.role)
        dialog = CircumstanceDialog(self._context.theme, choices, today=self.today, parent=self._window)
        self._asker.ask(
            dialog,
            lambda: partial(
                add_circumstance, pupil_id=pupil_id, name=dialog.circumstance, from_day=dialog.from_day
            ),
            said="Circumstance added",
        )  # fmt: skip

    def ask_end(self, noted: NotedCircumstance) -> None:
        """Ask when a circumstance ended."""
        dialog = EndCircumstanceDialog(self._context.theme, noted, today=self.today, parent=self._window)
        self._asker.ask(
            dialog,
            lambda: partial(end_circumstance, circumstance_id=noted.id, last_day=dialog.last_day),
            said=f"{capital(noted.dated.name.in_words)} ended",
        )

    def ask_agency(self, agency: Agency | None = None) -> None:
        """Ask for an agency, then save it."""
        dialog = AgencyDialog(self._context.theme, agency, parent=self._window)
        agency_id = agency.id if agency else None
        self._asker.ask(
            dialog,
            lambda: partial(save_agency, facts=dialog.facts, agency_id=agency_id),
            said="Agency changed" if agency else "Agency added",
        )

    def ask_remove_agency(self, agency: Agency) -> None:
        """Ask whether to take an agency out of the directory."""
        dialog = AskDialog(
            self._context.theme, title=f"Take {agency.name} out of the directory?", accept="Take out", is_grave=True,
            parent=self._window,
        )  # fmt: skip
        self._asker.confirm(dialog, partial(take_off_agency, agency_id=agency.id), said="Agency taken out")

    def undo(self) -> None:
        """Take back the last change made here since the program was unlocked."""
        last, self._last = self._last, None
        if last is not None:
            self._context.background.run(partial(take_back, changed=last), done=lambda _: self.undone.emit())

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return self._last is not None

    def _what_about(self, dialog: EntryDialog) -> tuple[str, PupilId | None]:
        """An agency is the school's; everything else is about the pupil shown."""
        pupil_id = None if isinstance(dialog, AgencyDialog) else self.pupil_id
        return "" if pupil_id is None else str(pupil_id), pupil_id

    def _run(
        self,
        op: UseCase,
        *,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
    ) -> None:
        """Run a change so that it can be taken back."""

        def keep(changed: ContactsChanged) -> None:
            if changed.changes.areas:
                self._last = changed
            if done is not None:
                done(changed)

        self._context.background.run(partial(change_contacts, act=op, pupil_id=self.pupil_id), done=keep, failed=failed)
