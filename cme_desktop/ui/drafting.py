"""Keeping what is typed while it is typed, a moment after the hands pause, and offering it when they come back."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from cme_desktop.casework.drafts import Draft, drop_draft, find_draft, keep_draft
from cme_desktop.domain.drafts import DraftKey
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.typed_fields import TypedFields

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.office import Office
    from cme_desktop.ui.asker import Run, UseCase
    from cme_desktop.ui.draft_line import DraftLine
    from cme_desktop.ui.entry_dialog import EntryDialog

PAUSE_MS: Final = 1000
LONGEST_MS: Final = 5000
"""Whoever types without a pause loses no more than this."""


class Drafting(QObject):
    """Keeps the fields of one dialog or form under one key, as long as ``has_typed`` says that there is something."""

    def __init__(
        self,
        run: Run,
        key: DraftKey,
        *,
        title: str,
        content: QWidget,
        line: DraftLine,
        has_typed: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._run = run
        self.key = key
        self._title = title
        self._line = line
        self._has_typed = has_typed
        self._fields = TypedFields(content, self)
        self._opened_with = self._fields.read()
        self._is_kept = False
        self._is_due = False
        self._is_over = False
        self._is_left = False
        self._pause, self._longest = (_timer(self, ms) for ms in (PAUSE_MS, LONGEST_MS))
        for timer in (self._pause, self._longest):
            timer.timeout.connect(self.keep_now)
        self._fields.touched.connect(self._wait)
        line.afresh.connect(self.start_afresh)

    def find(self, then: Callable[[], object] | None = None) -> None:
        """Look for what was typed here before, call ``then``, and put it into the fields."""

        def offer(draft: Draft | None) -> None:
            if self._is_left:
                return
            if then is not None:
                then()
            if draft is not None:
                self._offer(draft)

        if self._fields.can_be_kept:
            self._run(partial(find_draft, key=self.key), done=offer, failed=lambda _: offer(None))
        else:
            self._is_over = True
            offer(None)

    def abandon(self) -> None:
        """Let go of a dialog that never opened."""
        self._is_over = self._is_left = True
        parent = self.parent()
        if parent is not None:
            parent.deleteLater()

    def keep_now(self) -> None:
        """Keep what was typed since the last time, without waiting for a pause."""
        is_due, self._is_due = self._is_due, False
        self._stop()
        if self._is_over or not is_due:
            return
        if self._has_typed():
            self._is_kept = True
            op: UseCase = partial(keep_draft, key=self.key, title=self._title, typed=self._fields.read())
            self._run(op, failed=_say_nothing)
        elif self._is_kept:
            self._drop()

    def throw_away(self) -> None:
        """Forget what was typed: somebody left without saving."""
        self._stop()
        if not self._is_over and self._is_kept:
            self._drop()
        self._is_over = True

    def end(self) -> None:
        """Keep what stands there now, and no more: something else is shown in its place."""
        self.keep_now()
        self._is_over = self._is_left = True
        self._line.hide()
        self.deleteLater()

    def start_afresh(self) -> None:
        """Empty the fields again, and forget what was typed."""
        self._fields.put_back(self._opened_with, by_hand=False)
        self._line.hide()
        self._stop()
        self._is_due = False
        self._drop()

    def saving(self, op: UseCase) -> UseCase:
        """Give a use case that saves what was typed and forgets the draft of it; until ``go_on`` nothing is kept."""
        self._stop()
        self._is_over = True
        key, title, typed = self.key, self._title, self._fields.read()

        def save(office: Office) -> Any:
            try:
                result = op(office)
            except CmeError:
                with suppress(CmeError):
                    keep_draft(office, key=key, title=title, typed=typed)
                raise
            with suppress(CmeError):  # what was to be saved is saved
                drop_draft(office, key=key)
            return result

        return save

    def go_on(self) -> None:
        """Go on keeping: it could not be saved."""
        self._is_over = False
        self._wait()

    def _offer(self, draft: Draft) -> None:
        self._is_kept = True
        self._fields.put_back(draft.typed)
        self._stop()
        self._is_due = False
        self._line.say(draft.when)

    def _drop(self) -> None:
        self._is_kept = False
        self._run(partial(drop_draft, key=self.key), failed=_say_nothing)

    def _wait(self) -> None:
        if self._is_over:
            return
        self._is_due = True
        self._pause.start()
        if not self._longest.isActive():
            self._longest.start()

    def _stop(self) -> None:
        self._pause.stop()
        self._longest.stop()


class Drafts:
    """How a part of the window keeps what is typed in its dialogs: ``key_of`` says about what a dialog is."""

    def __init__(self, run: Run, place: str, about: Callable[[EntryDialog], tuple[str, Any]]) -> None:
        self._run = run
        self._place = place
        self._about = about

    def follow(self, dialog: EntryDialog) -> Drafting:
        """Keep what is typed in a dialog from now on."""
        about, pupil_id = self._about(dialog)
        title = dialog.accessibleName()
        named = " ".join(part for part in (type(dialog).__name__, title, dialog.draft_about) if part)
        drafting = Drafting(
            self._run, DraftKey(self._place, named, about, pupil_id), title=title, content=dialog.content,
            line=dialog.draft_line, has_typed=lambda: dialog.has_typed, parent=dialog,
        )  # fmt: skip
        dialog.left.connect(drafting.throw_away)
        dialog.finished.connect(drafting.keep_now)
        return drafting


def _timer(parent: QObject, interval: int) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(interval)
    return timer


def _say_nothing(_: CmeError) -> None:
    """What can't be kept as a draft is told when it is saved."""
