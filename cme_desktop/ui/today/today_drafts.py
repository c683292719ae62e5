"""What is half typed on Today: in the small form of a call or visit, and in a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from cme_desktop.domain.drafts import DraftKey
from cme_desktop.ui.drafting import Drafting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import Run, UseCase
    from cme_desktop.ui.today.mini_form import MiniForm
    from cme_desktop.ui.today.review_pane import ReviewPane

PLACE: Final = "Today"


class TodayDrafts(QObject):
    """Holds what is being typed in the form, and in the decision, each about the pupils shown."""

    def __init__(self, run: Run, parent: QObject) -> None:
        super().__init__(parent)
        self._run = run
        self._form: Drafting | None = None
        self._review: Drafting | None = None
        self._decided_on: tuple[str, ...] = ()

    def begin_form(self, form: MiniForm, pupils: tuple[PupilId, ...]) -> None:
        """Keep what is typed in a form just opened, and put back what was typed in it before."""
        self.end_form()
        question = form.question
        self._form = Drafting(
            self._run, _key(f"form {question.key}", pupils), title=question.title, content=form.fields,
            line=form.draft_line, has_typed=lambda: form.has_typed, parent=form,
        )  # fmt: skip
        self._form.find()

    def end_form(self) -> None:
        """Keep what stands in a form that is left because something else is shown."""
        _end(self._form)
        self._form = None

    def leave_form(self) -> None:
        """Throw away what stands in a form that somebody leaves."""
        if self._form is not None:
            self._form.throw_away()
        _end(self._form)
        self._form = None

    def saving_form(self, act: UseCase) -> UseCase:
        """Give the act that saves what was answered, and forgets the draft of it."""
        saving = act if self._form is None else self._form.saving(act)
        _end(self._form)
        self._form = None
        return saving

    def turn_review(self, pupils: tuple[PupilId, ...], rules: Sequence[str]) -> bool:
        """Keep what stands in a decision before another's pupils are shown; False where they are the same."""
        about = (*map(str, pupils), *rules)
        if about == self._decided_on:
            return False
        _end(self._review)
        self._review = None
        self._decided_on = about
        return True

    def begin_review(self, review: ReviewPane, pupils: tuple[PupilId, ...]) -> None:
        """Keep what is typed in a decision, and put back what was typed before."""
        self._review = Drafting(
            self._run, _key("review", pupils), title="Your decision", content=review.fields, line=review.draft_line,
            has_typed=lambda: review.has_typed, parent=review,
        )  # fmt: skip
        self._review.find()

    def saving_review(self, act: UseCase) -> UseCase:
        """Give the act that saves a decision, and forgets the draft of it."""
        saving = act if self._review is None else self._review.saving(act)
        _end(self._review)
        self._review = None
        self._decided_on = ()
        return saving


def _key(dialog: str, pupils: tuple[PupilId, ...]) -> DraftKey:
    return DraftKey(PLACE, dialog, " ".join(map(str, pupils)), pupils[0])


def _end(drafting: Drafting | None) -> None:
    if drafting is not None:
        drafting.end()
