"""The page of children who are expected, started this half term, or never came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives import starting_acts as acts
from cme_desktop.casework.lives.life import Life, LifeFile
from cme_desktop.casework.lives.new_pupil import PupilEntered
from cme_desktop.casework.lives.starting import DID_NOT_START
from cme_desktop.casework.lives.starting_acts import MissingFact
from cme_desktop.domain.events import EventKind, Recipient
from cme_desktop.ui.roll.letter_dialog import LetterDialog
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.life_pane import ActButton
from cme_desktop.ui.roll.starting import dialogs
from cme_desktop.ui.roll.starting.new_pupil_dialog import NewPupilDialog
from cme_desktop.ui.roll.told_dialog import ToldDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cme_desktop.casework.contacts import PupilDetails
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.entry_dialog import EntryDialog

    _Asked = tuple[EntryDialog, Callable[[PupilId], UseCase]]

_ORDERS: Final = {
    "order": (EventKind.ORDER_MADE, "Attendance order names this school", "Which authority, and its reference"),
    "revoked": (EventKind.ORDER_REVOKED, "The order is revoked", "Who said so, and why"),
    "consent": (EventKind.ORDER_CONSENT, "The parent agrees to the place", "Who agreed, and how"),
}
_DECISIONS: Final = {
    "police": dialogs.Question(
        title="Police welfare check",
        sentence="Considered each time a child does not come and nobody was met, and written down either way.",
        choices=(
            "The police are asked to check on the child",
            "No police check: the child is known to be safe",
            "No police check for now, for the reason below",
        ),
    ),
    "decide": dialogs.Question(
        title="How to go on",
        sentence="The name stays on the register; this ends the daily asking for a child who never started.",
        choices=("The authority takes it on", "Another way, as said below"),
    ),
}
_FACTS: Final = {"born": MissingFact.BORN, "starting_day": MissingFact.STARTING_DAY}
_Simple = (
    dialogs.BookMeetingDialog
    | dialogs.MissedDialog
    | dialogs.ArrivalDialog
    | dialogs.VisitDialog
    | dialogs.ReturnDialog
    | dialogs.JoinerDialog
)
_SIMPLE: Final[dict[str, type[_Simple]]] = {
    "meeting": dialogs.BookMeetingDialog,
    "missed": dialogs.MissedDialog,
    "arrival": dialogs.ArrivalDialog,
    "visit": dialogs.VisitDialog,
    "return": dialogs.ReturnDialog,
    "joiner": dialogs.JoinerDialog,
}


class StartingPage(LifePage):
    """Enters new pupils, keeps their starting days, and follows those who never come."""

    life = Life.STARTING
    title = "Starting"
    icon = "user-plus"
    empty = (
        "Nobody is expected, and nobody started this half term.",
        "Enter a new pupil as soon as a starting day is agreed, or an attendance order names this school.",
    )
    new_words = "New pupil"
    acts = (
        ActButton("born", "Supply date of birth", "pencil"),
        ActButton("starting_day", "Supply starting day", "pencil"),
        ActButton("agree", "Agree start", "calendar-days"),
        ActButton("change", "Change start", "calendar-clock"),
        ActButton("meeting", "Book meeting", "calendar-days"),
        ActButton("held", "Meeting held"),
        ActButton("missed", "Meeting missed"),
        ActButton("consent", "Parent agrees to the place"),
        ActButton("revoked", "Order revoked"),
        ActButton("order", "Attendance order"),
        ActButton("give_up", "Place not taken up"),
        ActButton("arrival", "Place confirmed", "circle-check"),
        ActButton("visit", "Home visit", "house"),
        ActButton("police", "Police check decided", "shield-check"),
        ActButton("decide", "Decide how to go on"),
        ActButton("return", "Return sent", "upload"),
        ActButton("joiner", "Joiner entered"),
        ActButton("told", "Somebody told", "message-circle"),
        ActButton("letter", "Note a letter"),
    )

    def ask_new(self) -> None:
        """Ask for a new pupil."""
        dialog = NewPupilDialog(self.context.theme, today=self._today, by=self._signed_in, parent=self)
        self.asker.ask(dialog, dialog.entering, said="The new pupil is entered", then=self._choose_entered)

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Ask for what the act needs."""
        assert file.pupil is not None
        pupil_id = file.pupil.id
        dialog, recording = self._dialog_of(act_id, file.pupil)
        self.ask(
            dialog, lambda: recording(pupil_id), said=f"Saved for {file.pupil.known_as}", show=lambda: pupil_id
        )  # fmt: skip

    # -- private -----------------------------------------------------------------------------------------------

    @property
    def _today(self) -> date:
        return self.now.date()

    @property
    def _signed_in(self) -> str:
        assert self.book is not None
        return self.book.desk.office.user.name

    def _choose_entered(self, entered: PupilEntered) -> None:
        self.show_key(str(entered.pupil_id))

    def _dialog_of(self, act_id: str, pupil: PupilDetails) -> _Asked:
        if act_id in _ORDERS:
            kind, title, hint = _ORDERS[act_id]
            order = dialogs.OrderDialog(
                self.context.theme, kind=kind, title=title, hint=hint, today=self._today, parent=self
            )
            return order, order.recording
        if act_id in {"agree", "change"}:
            agree = dialogs.AgreeDialog(
                self.context.theme, today=self._today, by=self._signed_in, day=pupil.starting_day, parent=self
            )
            return agree, agree.recording
        if act_id in _DECISIONS:
            decision = dialogs.DecisionDialog(
                self.context.theme, question=_DECISIONS[act_id], about=self._rule_of(act_id), parent=self
            )
            return decision, decision.recording
        if act_id in _FACTS:
            fact = dialogs.FactDialog(self.context.theme, fact=_FACTS[act_id], today=self._today, parent=self)
            return fact, fact.recording
        return self._other_dialog(act_id)

    def _rule_of(self, act_id: str) -> str:
        """The rule that a decision settles: of a check by the police, that of the policy which asks for it."""
        flags = self.file.flags if self.file is not None and act_id == "police" else ()
        asked = (flag.rule_id for flag in flags if flag.rule_id.endswith(f".{DID_NOT_START}"))
        return next(asked, acts.NEVER_STARTED)

    def _other_dialog(self, act_id: str) -> _Asked:
        theme, today = self.context.theme, self._today
        match act_id:
            case "give_up":
                give_up = dialogs.GiveUpDialog(theme, parent=self)
                return give_up, give_up.recording
            case "held":
                held = dialogs.HeldDialog(theme, today=today, by=self._signed_in, parent=self)
                return held, held.recording
            case "told":
                told = ToldDialog(theme, today=today, who=Recipient.AUTHORITY_CME, parent=self)
                return told, told.recording
            case "letter":
                letter = LetterDialog(theme, today=today, parent=self)
                return letter, letter.recording
        simple = _SIMPLE[act_id](theme, today=today, parent=self)
        return simple, simple.recording
