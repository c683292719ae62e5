"""The page of removals from roll: proposed, ready to sign, waiting, done this school year, given up."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.lives import removal_return
from cme_desktop.casework.lives.life import Check, Life, LifeFile
from cme_desktop.casework.lives.removal_acts import Proposed
from cme_desktop.casework.lives.removal_desk import OpenedRemoval, grounds_for, open_removal, read_grounds
from cme_desktop.casework.lives.removal_refusals import SIDES
from cme_desktop.casework.naming import named_pupils
from cme_desktop.domain.events import EventKind, Recipient
from cme_desktop.domain.identifiers import RemovalId
from cme_desktop.policy.removal_evidence import Claim
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.life_pane import ActButton
from cme_desktop.ui.roll.removal.evidence import EnquiriesDialog, EvidenceDialog, SidesDialog
from cme_desktop.ui.roll.removal.following import FollowingDialog, FormDialog
from cme_desktop.ui.roll.removal.proposing import ChangeDialog, GiveUpDialog, ProposeDialog
from cme_desktop.ui.roll.removal.return_dialog import ReturnDialog
from cme_desktop.ui.roll.removal.signing import CarryOutDialog, SignRemovalDialog, UndoRemovalDialog
from cme_desktop.ui.roll.told_dialog import ToldDialog

if TYPE_CHECKING:
    from cme_desktop.casework.office import Office
    from cme_desktop.policy.removal_grounds import Grounds

_FOLLOWING: Final = {
    "file": (EventKind.TRANSFER_FILE_SENT, "The transfer file is sent", "To which school, and how"),
    "arrived": (EventKind.ARRIVAL_CONFIRMED, "The next school confirms the arrival", "Who said so, and since when"),
    "receipt": (EventKind.PROTECTION_FILE_RECEIVED, "Receipt for the child protection file", "Who signed for it"),
}
_SHOWS_RETURN: Final = "return"
_SAVED: Final = "Saved"
_RETURN_NOTED: Final = "The return is noted as sent"
_TAKEN_BACK: Final = frozenset({_SAVED, _RETURN_NOTED})
"""What is said after an act that Ctrl Z takes back; a step of the removal itself it never does."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """An act that somebody wants, with the removal read afresh for it."""

    act_id: str
    opened: OpenedRemoval
    claim: Claim | None
    words: str


class RemovalPage(LifePage):
    """Takes a removal from proposal to the day the name goes, and back by a new entry; the program proposes none."""

    life = Life.REMOVAL
    title = "Removal"
    icon = "user-round"
    empty = (
        "No removal from roll is proposed, and none was carried out this school year.",
        "The program never proposes one. Propose a removal when a ground of the law may be complete.",
    )
    new_words = "Propose removal"
    acts = (
        ActButton("evidence", "Bring evidence", "file-text"),
        ActButton("sign", "Sign", "signature"),
        ActButton("carry_out", "Remove the name"),
        ActButton("return", "Deletion return", "mail"),
        ActButton("enquiries", "Joint enquiries"),
        ActButton("sides", "Both sides sign off"),
        ActButton("form", "Authority’s form sent"),
        ActButton("told", "Somebody told", "message-circle"),
        ActButton("change", "Change the day or reason"),
        ActButton("give_up", "Give up"),
        ActButton("file", "Transfer file sent", "upload"),
        ActButton("arrived", "Arrival confirmed", "circle-check"),
        ActButton("receipt", "Receipt of the protection file"),
        ActButton("undo", "Undo the removal"),
    )

    def ask_new(self) -> None:
        """Ask whose name is to go, and under which ground."""
        self.context.background.run(_read_grounds, done=self._ask_proposal)

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Read the removal afresh, then ask for what the act needs."""
        self._read_for(act_id, file)

    def ask_check(self, check: Check, file: LifeFile) -> None:
        """Ask for the proof of the condition that was opened, while the removal is open."""
        if check.key and "evidence" in file.acts:
            claim = Claim(check.key)
            self._read_for("sides" if claim in SIDES else "evidence", file, claim=claim)

    # -- private -----------------------------------------------------------------------------------------------

    def _read_for(self, act_id: str, file: LifeFile, *, claim: Claim | None = None) -> None:
        removal_id = RemovalId(int(file.row.key))
        self.context.background.run(
            partial(_read, removal_id=removal_id, act_id=act_id, claim=claim), done=self._ask_for
        )

    def _ask_proposal(self, grounds: Grounds) -> None:
        if self.names_hidden or self.book is None:
            return
        desk = self.book.desk
        pupils = {pupil.id: pupil for pupil in desk.roll.on_roll}
        dialog = ProposeDialog(
            self.context.theme, named_pupils(pupils), today=self.now.date(), parent=self,
            grounds_for=lambda pupil_id, day: grounds_for(
                grounds, pupils[pupil_id], on=day, role=desk.office.user.role
            ),
        )  # fmt: skip
        self.asker.ask(dialog, dialog.proposing, said="The removal is proposed", then=self._choose_proposed)

    def _choose_proposed(self, proposed: Proposed) -> None:
        self._wanted = str(proposed.removal_id)

    def _ask_for(self, asked: _Asked) -> None:
        if self.names_hidden or self.book is None:
            return
        if asked.act_id in _FOLLOWING or asked.act_id == "told":
            self._ask_following(asked)
        elif asked.act_id in {"sign", "carry_out", "undo"}:
            self._ask_signing(asked)
        else:
            self._ask_preparing(asked)

    def _ask_preparing(self, asked: _Asked) -> None:
        theme, today, opened = self.context.theme, self.now.date(), asked.opened
        removal_id, said = opened.removal.id, "The change is saved"
        if asked.act_id == "evidence":
            evidence = EvidenceDialog(theme, opened, today=today, claim=asked.claim, parent=self)
            self.ask(evidence, evidence.bringing, said="The evidence is saved")
        elif asked.act_id == "sides":
            sides = SidesDialog(theme, opened, today=today, parent=self)
            self.ask(sides, sides.signing_off, said=said)
        elif asked.act_id == "enquiries":
            enquiries = EnquiriesDialog(theme, today=today, parent=self)
            self.ask(enquiries, lambda: enquiries.recording(removal_id), said=_SAVED)
        elif asked.act_id == _SHOWS_RETURN:
            shown = ReturnDialog(theme, words=asked.words, today=today, parent=self)
            shown.taken.connect(lambda how: self._note_taken(removal_id, how))
            self.ask(shown, lambda: shown.noting(removal_id), said=_RETURN_NOTED)
        elif asked.act_id == "form":
            form = FormDialog(theme, today=today, parent=self)
            self.ask(form, lambda: form.recording(removal_id), said=_SAVED)
        elif asked.act_id == "change":
            change = ChangeDialog(theme, opened, today=today, parent=self)
            self.ask(change, change.changing, said=said)
        elif asked.act_id == "give_up":
            give_up = GiveUpDialog(theme, parent=self)
            self.ask(give_up, lambda: give_up.giving_up(removal_id), said="The removal is given up")

    def _ask_signing(self, asked: _Asked) -> None:
        assert self.book is not None
        theme, me = self.context.theme, self.book.desk.office.user.id
        if asked.act_id == "sign":
            sign = SignRemovalDialog(theme, asked.opened, me=me, parent=self)
            self.ask(sign, sign.signing, said="Signed")
        elif asked.act_id == "carry_out":
            carry_out = CarryOutDialog(theme, asked.opened, parent=self)
            self.ask(carry_out, carry_out.carrying_out, said="The name is removed from the register")
        else:
            undo = UndoRemovalDialog(theme, asked.opened, me=me, parent=self)
            self.ask(undo, undo.undoing, said="The name stands on the register again")

    def _ask_following(self, asked: _Asked) -> None:
        theme, today, opened = self.context.theme, self.now.date(), asked.opened
        if asked.act_id == "told":
            who = Recipient.SOCIAL_WORKER if opened.removal.is_open else Recipient.AUTHORITY_CME
            told = ToldDialog(theme, today=today, who=who, parent=self)
            self.ask(told, lambda: told.recording(opened.pupil.id), said=_SAVED)
            return
        kind, title, hint = _FOLLOWING[asked.act_id]
        follow = FollowingDialog(theme, title=title, hint=hint, today=today, parent=self)
        self.ask(follow, lambda: follow.recording(opened.removal.id, kind), said=_SAVED)

    def _say_saved(self, words: str) -> None:
        if not self.names_hidden:
            self._toast.show_saved(words, can_undo=words in _TAKEN_BACK)

    def _note_taken(self, removal_id: RemovalId, how: str) -> None:
        self.context.background.run(partial(removal_return.note_return_taken, removal_id=removal_id, how=how))


def _read_grounds(office: Office) -> Grounds:
    return read_grounds(office.paths.resources)


def _read(office: Office, *, removal_id: RemovalId, act_id: str, claim: Claim | None) -> _Asked:
    opened = open_removal(office, removal_id=removal_id)
    words = removal_return.write_return(office, opened) if act_id == _SHOWS_RETURN else ""
    return _Asked(act_id, opened, claim, words)
