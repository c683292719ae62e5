"""Asking in a dialog, and doing what the answer says: one question at a time, whichever screen asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal

from cme_desktop.ui.entry_dialog import EntryDialog
from cme_desktop.ui.widgets.dialog import AskDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.drafting import Drafting, Drafts

UseCase = Callable[["Office"], Any]


class Run(Protocol):
    """How a screen runs a use case: the door to the worker, or a door of its own before it."""

    def __call__(
        self,
        op: UseCase,
        *,
        done: Callable[[Any], None] | None = None,
        failed: Callable[[CmeError], None] | None = None,
    ) -> None:
        """Run ``op``, then ``done`` with its result."""


class Asker(QObject):
    """Holds the dialog that is open. ``saved`` carries the words for what was just done."""

    saved = Signal(str)

    def __init__(self, run: Run, parent: QObject, *, drafts: Drafts | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._drafts = drafts
        self._waiting: Drafting | None = None
        self.dialog: QDialog | None = None

    def ask(
        self,
        dialog: EntryDialog,
        act: Callable[[], UseCase],
        *,
        said: str,
        then: Callable[[Any], None] | None = None,
    ) -> None:
        """Open a dialog of fields; once nothing is missing, ``act`` reads them and gives the use case to run.

        ``act`` is called in the window's thread, so that the worker never touches a field. The dialog stays open with
        what was typed until the use case is done. Where drafts are kept, what was typed in it before and not saved is
        there again.
        """
        drafting = self._drafts.follow(dialog) if self._drafts is not None else None
        dialog.submitted.connect(lambda: self._submit(dialog, act, said, then, drafting))
        if drafting is None:
            self.open(dialog)
            return
        if self._waiting is not None:
            self._waiting.abandon()  # asked twice before the first could open
        self.dialog, self._waiting = dialog, drafting
        drafting.find(then=lambda: self._open_found(dialog))

    def confirm(self, dialog: AskDialog, op: UseCase, *, said: str) -> None:
        """Open a question; run the use case if the answer is yes."""
        dialog.accepted.connect(lambda: self._run(op, done=lambda _: self.saved.emit(said)))
        self.open(dialog)

    def open(self, dialog: QDialog) -> None:
        """Open a dialog that only shows something."""
        self.dialog = dialog
        dialog.finished.connect(lambda: self._forget(dialog))
        dialog.open()

    def _open_found(self, dialog: EntryDialog) -> None:
        self._waiting = None
        self.open(dialog)

    def _submit(
        self,
        dialog: EntryDialog,
        act: Callable[[], UseCase],
        said: str,
        then: Callable[[Any], None] | None,
        drafting: Drafting | None,
    ) -> None:
        if not dialog.check():
            return

        def done(result: Any) -> None:
            if then is not None:
                then(result)
            if self.dialog is dialog:
                dialog.accept()
            self.saved.emit(said)

        op = act()
        saving = op if drafting is None else drafting.saving(op)
        self._run(saving, done=done, failed=lambda problem: self._show_problem(dialog, problem, drafting))

    def _show_problem(self, dialog: EntryDialog, problem: CmeError, drafting: Drafting | None) -> None:
        if self.dialog is dialog:
            if drafting is not None:
                drafting.go_on()
            dialog.show_problem(problem)

    def _forget(self, dialog: QDialog) -> None:
        dialog.deleteLater()
        if self.dialog is dialog:
            self.dialog = None
