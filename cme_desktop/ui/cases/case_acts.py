"""What can be done with a case, each act by its dialog: open, add to, close, open again, wait, enquire, add a step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cme_desktop.casework.case_history import (
    add_case_task,
    add_to_history,
    end_case_task,
    resume_case,
    wait_for_authority,
)
from cme_desktop.casework.cases import CaseFile, CaseOpened, CaseTask, open_case
from cme_desktop.casework.closing import close_case, reopen_case
from cme_desktop.casework.enquiries import EnquiryLine, record_enquiry
from cme_desktop.casework.history import HistoryEntry
from cme_desktop.casework.naming import named_pupils
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import Roll
from cme_desktop.casework.views import Voice
from cme_desktop.domain.cases import CaseStatus, TaskState
from cme_desktop.domain.changes import Changes
from cme_desktop.domain.identifiers import CaseId, PupilId
from cme_desktop.ui.cases.add_to_history_dialog import AddToHistoryDialog
from cme_desktop.ui.cases.close_case_dialog import CloseCaseDialog
from cme_desktop.ui.cases.enquiry_dialog import EnquiryDialog
from cme_desktop.ui.cases.history_dialog import HistoryDialog
from cme_desktop.ui.cases.open_case_dialog import OpenCaseDialog
from cme_desktop.ui.cases.reason_dialog import ReasonDialog
from cme_desktop.ui.cases.task_dialog import TaskDialog
from cme_desktop.ui.cases.views_dialog import ViewsDialog
from cme_desktop.ui.widgets.dialog import AskDialog

if TYPE_CHECKING:
    from cme_desktop.ui.asker import Asker
    from cme_desktop.ui.style.theme import Theme


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case with the moment and the person it is shown to."""

    file: CaseFile
    now: datetime
    user: str


class CaseActs(QObject):
    """Asks, and has the answer carried out. ``shown`` and ``roll`` are what the acts are about.

    Both are None while nothing is shown or names are hidden: then no dialog opens. ``opened_one`` carries the id of a
    case opened or opened again, ``wants_pupil`` a pupil to be shown elsewhere, ``wants_explanation`` the rule to be
    explained first.
    """

    opened_one = Signal(object)
    wants_pupil = Signal(int)
    wants_explanation = Signal(str)

    def __init__(self, theme: Theme, asker: Asker, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._asker = asker
        self._window = window
        self.shown: ShownCase | None = None
        self.roll: Roll | None = None

    def ask_open_case(self, pupil_id: PupilId | None = None) -> None:
        """Ask for the pupil and the reason, then open the case."""
        if self.roll is None:
            return
        named = named_pupils(self.roll.pupils)
        dialog = OpenCaseDialog(self._theme, named, today=self._today, chosen=pupil_id, parent=self._window)
        self._asker.ask(dialog, partial(_opening, dialog), said="Case opened", then=self._tell_opened)

    def ask_add(self) -> None:
        """Ask what happened, then add it to the history."""
        if (shown := self._open_one) is None:
            return
        dialog = AddToHistoryDialog(
            self._theme, shown.file, today=shown.now.date(), now=shown.now.time(), by=shown.user, parent=self._window
        )
        self._asker.ask(dialog, partial(_adding, dialog, shown.file.case.id), said=f"Added for {_name(shown)}")

    def ask_close(self) -> None:
        """Ask how the case ended and show what is missing, then close it."""
        if (shown := self._open_one) is None:
            return
        case, pupil_id = shown.file.case, shown.file.pupil.id
        dialog = CloseCaseDialog(self._theme, shown.file, name=_name(shown), parent=self._window)
        dialog.contact_wanted.connect(lambda: self.wants_pupil.emit(pupil_id))
        closing = partial(_closing, dialog, case.id)
        self._asker.ask(dialog, closing, said=f"{case.number} closed for {_name(shown)}")

    def ask_reopen(self) -> None:
        """Ask why, then open the case again."""
        if (shown := self.shown) is None:
            return
        case = shown.file.case
        dialog = ReasonDialog(
            self._theme, title="Open the case again", accept="Open again", label="Why", parent=self._window,
            hint="Who was tried and seen counts afresh from today.",
        )  # fmt: skip
        self._asker.ask(
            dialog,
            lambda: partial(reopen_case, case_id=case.id, why=dialog.words),
            said=f"{case.number} opened again for {_name(shown)}",
            then=lambda _: self.opened_one.emit(case.id),
        )

    def ask_wait(self) -> None:
        """Ask what the authority is to do, then wait for it; or go on."""
        if (shown := self._open_one) is None:
            return
        case = shown.file.case
        waits = case.status is CaseStatus.WAITING_FOR_AUTHORITY
        move = resume_case if waits else wait_for_authority
        title = "Go on without waiting" if waits else "Wait for the authority"
        label = "What has changed" if waits else "What the authority is to do"
        said = f"{case.number} {'goes on' if waits else 'waits for the authority'}"
        dialog = ReasonDialog(self._theme, title=title, accept=title, label=label, parent=self._window)
        self._asker.ask(dialog, lambda: partial(move, case_id=case.id, words=dialog.words), said=said)

    def ask_enquiry(self, line: EnquiryLine) -> None:
        """Ask for a word on one enquiry."""
        if (shown := self._open_one) is None:
            return
        case_id = shown.file.case.id
        dialog = EnquiryDialog(self._theme, line, today=shown.now.date(), by=shown.user, parent=self._window)
        self._asker.ask(
            dialog,
            lambda: partial(record_enquiry, case_id=case_id, item_id=line.item.id, word=dialog.word),
            said=f"{line.item.id} saved for {_name(shown)}",
        )

    def ask_views(self, voice: Voice) -> None:
        """Ask what the child or the family says, then add it."""
        if (shown := self._open_one) is None:
            return
        case_id = shown.file.case.id
        dialog = ViewsDialog(self._theme, voice, today=shown.now.date(), by=shown.user, parent=self._window)
        self._asker.ask(dialog, lambda: dialog.recording(case_id), said=f"Added for {_name(shown)}")

    def ask_task(self) -> None:
        """Ask for a step to add."""
        if (shown := self._open_one) is None:
            return
        dialog = TaskDialog(self._theme, today=shown.now.date(), parent=self._window)
        adding = partial(_adding_task, dialog, shown.file.case.id)
        self._asker.ask(dialog, adding, said=f"Task added for {_name(shown)}")

    def open_task(self, task: CaseTask) -> None:
        """End a step added by hand, or explain a rule's."""
        added = task.added_id
        if added is None:
            self.wants_explanation.emit(task.rule_id)
            return
        dialog = AskDialog(
            self._theme, title="Is this task done?", sentence=task.text, accept="It is done", parent=self._window
        )
        self._asker.confirm(dialog, partial(end_case_task, task_id=added, state=TaskState.DONE), said="Task done")

    def open_entry(self, entries: tuple[HistoryEntry, ...]) -> None:
        """Show a line of the history whole: every flag it stands for, or all its words."""
        self._asker.open(HistoryDialog(self._theme, entries, parent=self._window))

    @property
    def _open_one(self) -> ShownCase | None:
        """The case shown, if it is not closed: only opening it again is open to a closed one."""
        return None if self.shown is None or self.shown.file.case.is_closed else self.shown

    @property
    def _today(self) -> date:
        assert self.roll is not None
        return self.roll.judgement.on

    def _tell_opened(self, opened: CaseOpened) -> None:
        self.opened_one.emit(opened.case_id)


def _closing(dialog: CloseCaseDialog, case_id: CaseId) -> Callable[[Office], Changes]:
    return partial(close_case, case_id=case_id, closing=dialog.closing)


def _name(shown: ShownCase) -> str:
    return shown.file.pupil.known_as


def _opening(dialog: OpenCaseDialog) -> Callable[[Office], CaseOpened]:
    pupil_id = dialog.pupil_id
    assert pupil_id is not None
    return partial(open_case, pupil_id=pupil_id, why=dialog.words, happened_on=dialog.opened_on)


def _adding(dialog: AddToHistoryDialog, case_id: CaseId) -> Callable[[Office], Changes]:
    return partial(
        add_to_history, case_id=case_id, event=dialog.happened, words=dialog.words, contact_id=dialog.contact_id
    )


def _adding_task(dialog: TaskDialog, case_id: CaseId) -> Callable[[Office], Changes]:
    return partial(add_case_task, case_id=case_id, text=dialog.words, due=dialog.due, owner=dialog.role)
