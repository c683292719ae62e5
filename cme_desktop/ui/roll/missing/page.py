"""The page of children who are missing or were found within the last ninety days."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives import missing
from cme_desktop.casework.lives.life import Life, LifeFile
from cme_desktop.casework.naming import named_pupils
from cme_desktop.domain.events import EventKind
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.life_pane import ActButton
from cme_desktop.ui.roll.missing.dialogs import FollowUpDialog, FoundDialog, MissingDialog
from cme_desktop.ui.roll.told_dialog import ToldDialog

if TYPE_CHECKING:
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase

_FOLLOW_UPS: Final = {
    "check": (EventKind.SAFE_AND_WELL_CHECK, "Safe-and-well check", "Who saw the child, and what they found"),
    "interview": (EventKind.RETURN_INTERVIEW_HELD, "Return interview", "Who held it, and what the child said"),
    "review": (EventKind.REVIEW_HELD, "Review of what happened", "What was learned, and what changes"),
    "strategy": (EventKind.STRATEGY_MEETING_HELD, "Strategy meeting", "Who answered, and what was decided"),
}


class MissingPage(LifePage):
    """Reports a child missing, says who was told, and follows a finding."""

    life = Life.MISSING
    title = "Missing"
    icon = "search-x"
    empty = (
        "No child is missing, and none was found in the last 90 days.",
        "Report a child missing when nobody can say where the child is.",
    )
    new_words = "Report missing"
    acts = (
        ActButton("found", "Found", "eye"),
        ActButton("told", "Somebody told", "message-circle"),
        ActButton("check", "Safe-and-well check", "circle-check"),
        ActButton("interview", "Return interview"),
        ActButton("review", "Review"),
        ActButton("strategy", "Strategy meeting"),
        ActButton("missing", "Missing again"),
    )

    def ask_new(self) -> None:
        """Ask who is missing and where the child was last seen."""
        self._ask_missing(None)

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Ask for what the act needs."""
        assert file.pupil is not None
        pupil_id, name = file.pupil.id, file.pupil.known_as
        if act_id == "missing":
            self._ask_missing(pupil_id)
        elif act_id == "found":
            found = FoundDialog(self.context.theme, now=self.now, parent=self)
            self.ask(found, lambda: found.recording(pupil_id), said=f"Found: saved for {name}")
        elif act_id == "told":
            told = ToldDialog(self.context.theme, today=self.now.date(), parent=self)
            self.ask(told, lambda: told.recording(pupil_id), said=f"Saved for {name}")
        else:
            kind, title, hint = _FOLLOW_UPS[act_id]
            follow = FollowUpDialog(self.context.theme, title=title, hint=hint, today=self.now.date(), parent=self)
            self.ask(follow, lambda: follow.recording(pupil_id, kind), said=f"Saved for {name}")

    def _ask_missing(self, chosen: PupilId | None) -> None:
        assert self.book is not None
        pupils = named_pupils(self.book.desk.roll.living)
        dialog = MissingDialog(self.context.theme, pupils, now=self.now, chosen=chosen, parent=self)

        def act() -> UseCase:
            assert dialog.pupil_id is not None
            return partial(
                missing.report_missing, pupil_id=dialog.pupil_id, on=dialog.on, at=dialog.at,
                last_seen=dialog.last_seen, words=dialog.words,
            )  # fmt: skip

        self.ask(dialog, act, said="Reported missing", show=lambda: dialog.pupil_id)
