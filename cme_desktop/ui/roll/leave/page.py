"""The page of leave: requests that wait, leave granted and the way back, leave refused or told only afterwards."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives import leave_acts
from cme_desktop.casework.lives.leave import LeaveFile
from cme_desktop.casework.lives.leave_matter import LeaveState
from cme_desktop.casework.lives.life import Life, LifeFile
from cme_desktop.casework.naming import named_pupils, siblings_on_roll
from cme_desktop.domain.events import Recipient
from cme_desktop.ui.roll.leave.dialogs import (
    DecideDialog,
    FormDialog,
    JointDialog,
    RisksDialog,
    TripDialog,
    WordsDialog,
)
from cme_desktop.ui.roll.leave.request_dialog import CorrectDialog, LeaveDialog, Said
from cme_desktop.ui.roll.letter_dialog import LetterDialog
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.life_pane import ActButton
from cme_desktop.ui.roll.told_dialog import ToldDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from cme_desktop.casework.lives.leave_matter import LeaveMatter
    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.entry_dialog import EntryDialog

_LETTERS: Final = {
    LeaveState.GRANTED: "Leave is granted. The first and last day, the day of return, and what happens if it passes.",
    LeaveState.REFUSED: "Leave is not granted, with the reason; absence on these days will be unauthorised.",
}


class LeavePage(LifePage):
    """Writes requests down, has them considered and decided, and follows the return."""

    life = Life.LEAVE
    title = "Leave"
    icon = "calendar-clock"
    empty = (
        "Nobody has asked for leave, and nobody is away on leave.",
        "Write leave down when a family asks for it, or when one tells you only afterwards.",
    )
    new_words = "Write leave down"
    acts = (
        ActButton("lead_told", "Lead told of the risk", "shield-check"),
        ActButton("decide", "Decide", "gavel"),
        ActButton("interview", "Interview", "message-circle"),
        ActButton("form", "Form to the head", "file-text"),
        ActButton("risks", "Consider the risks"),
        ActButton("add", "More about the journey", "pencil"),
        ActButton("correct", "Correct the request"),
        ActButton("withdraw", "Request withdrawn"),
        ActButton("ring", "Ring the family", "phone"),
        ActButton("joint", "Joint enquiries", "search"),
        ActButton("told", "Somebody told", "message-circle"),
        ActButton("letter", "Note a letter"),
        ActButton("register", "Open the register", "book-open"),
        ActButton("decide_again", "Decide again"),
    )

    def ask_new(self) -> None:
        """Ask whose leave it is, and what is known of it."""
        self.ask_leave(None)

    def ask_leave(self, chosen: PupilId | None, *, said: Said = Said.BEFORE) -> None:
        """Ask for a leave, of a pupil chosen or to be chosen."""
        assert self.book is not None
        roll = self.book.desk.roll
        dialog = LeaveDialog(
            self.context.theme, named_pupils(roll.living), calendar=self._calendar, today=self.now.date(),
            siblings_of=partial(siblings_on_roll, roll.living, on=self.now.date()), chosen=chosen, said=said,
            parent=self,
        )  # fmt: skip
        self.ask(dialog, dialog.recording, said="Leave written down", show=lambda: dialog.pupil_id)

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Ask for what the act needs, or go where it is done."""
        assert isinstance(file, LeaveFile)
        assert file.matter is not None
        assert file.pupil is not None
        if act_id == "ring":
            self.wants_pupil.emit(int(file.pupil.id))
        elif act_id == "register":
            self.wants_register.emit(int(file.pupil.id))
        else:
            dialog, act = self._dialog_of(act_id, file, file.matter)
            self.ask(dialog, act, said=f"Saved for {file.pupil.known_as}", show=lambda: file.row.key)

    # -- private -----------------------------------------------------------------------------------------------

    @property
    def _calendar(self) -> SchoolCalendar:
        assert self.book is not None
        return self.book.desk.roll.judgement.calendar

    def _dialog_of(
        self, act_id: str, file: LeaveFile, matter: LeaveMatter
    ) -> tuple[EntryDialog, Callable[[], UseCase]]:
        theme, today = self.context.theme, self.now.date()
        if act_id in {"decide", "decide_again"}:
            decide = DecideDialog(
                theme, matter, calendar=self._calendar, today=today, is_evidence_asked=file.is_evidence_asked,
                parent=self,
            )  # fmt: skip
            return decide, decide.recording
        if act_id in {"interview", "risks"}:
            risks = RisksDialog(theme, matter, today=today, is_interview=act_id == "interview", parent=self)
            return risks, risks.recording
        if act_id == "correct":
            correct = CorrectDialog(theme, matter, calendar=self._calendar, today=today, parent=self)
            return correct, correct.recording
        if act_id in _PLAIN:
            plain = _PLAIN[act_id](theme, matter, today=today, parent=self)
            return plain, plain.recording
        return self._words_of(act_id, matter)

    def _words_of(self, act_id: str, matter: LeaveMatter) -> tuple[EntryDialog, Callable[[], UseCase]]:
        theme, today = self.context.theme, self.now.date()
        if act_id == "told":
            who = Recipient.EDUCATION_WELFARE_OFFICER
            if matter.state is LeaveState.GRANTED:
                who = Recipient.AUTHORITY_CME
            told = ToldDialog(theme, today=today, who=who, parent=self)
            return told, lambda: told.recording(matter.pupil_id)
        if act_id == "letter":
            letter = LetterDialog(theme, today=today, says=_LETTERS.get(matter.state, ""), parent=self)
            return letter, lambda: letter.recording(matter.pupil_id)
        if act_id == "withdraw":
            words = WordsDialog(
                theme, title="The family withdraws its request", hint="Who withdrew it, when and how",
                sentence="The request stays in the history, struck out, and is no longer to be decided.",
                error="Say who withdrew it, and how.", parent=self,
            )  # fmt: skip
            return words, lambda: partial(leave_acts.withdraw_request, matter=matter, words=words.words)
        seen = ", ".join(risk.in_words for risk in matter.risks_seen)
        lead = WordsDialog(
            theme, title="The safeguarding lead was told", sentence=f"Seen in this journey: {seen}.",
            hint="Who was told, at what time, and what is done", error="Say what the safeguarding lead said.",
            parent=self,
        )  # fmt: skip
        return lead, lambda: partial(leave_acts.tell_lead_of_risk, matter=matter, words=lead.words)


_PLAIN: Final[dict[str, type[FormDialog | TripDialog | JointDialog]]] = {
    "form": FormDialog, "add": TripDialog, "joint": JointDialog,
}  # fmt: skip
