"""The page of children who leave or have left: where to, who confirmed it, what follows them, and the quiet lines."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from cme_desktop.casework.lives.leaving_hand import LeavingHand, family_of
from cme_desktop.casework.lives.life import Life, LifeFile
from cme_desktop.casework.naming import named_pupils
from cme_desktop.domain.cases import Role
from cme_desktop.ui.roll.leaving.confirming_dialogs import AddressDialog, ArrivalDialog, PlaceDialog
from cme_desktop.ui.roll.leaving.death_dialogs import DeathDialog, PeaceDialog
from cme_desktop.ui.roll.leaving.sending_dialogs import (
    ConsentDialog,
    FormDialog,
    PlanReviewDialog,
    ProtectionFileDialog,
    ReferDialog,
    ReturnDialog,
    TellDialog,
    TransferFileDialog,
)
from cme_desktop.ui.roll.leaving.word_dialogs import CallOffDialog, LeavingDialog, NoticeDialog
from cme_desktop.ui.roll.letter_dialog import LetterDialog
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.life_pane import ActButton

if TYPE_CHECKING:
    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.roll.leaving.parts import Named


class LeavingPage(LifePage):
    """Writes a leaving down and follows it, from the first word to the last receipt."""

    life = Life.LEAVING
    title = "Leaving"
    icon = "school"
    empty = (
        "No child is leaving, and nobody who left is still to be followed.",
        "Write a leaving down as soon as somebody speaks of it.",
    )
    new_words = "A child is leaving"
    acts = (
        ActButton("where", "Say where to", "school"),
        ActButton("place", "Place confirmed", "circle-check"),
        ActButton("address", "Address abroad", "house"),
        ActButton("refer", "Referred", "flag"),
        ActButton("arrival", "Arrived there", "circle-check"),
        ActButton("told", "Somebody told", "message-circle"),
        ActButton("file", "Transfer file sent", "file-text"),
        ActButton("protection", "Child-protection file", "shield-check"),
        ActButton("return", "Deletion return sent", "file-text"),
        ActButton("form", "Form sent", "file-text"),
        ActButton("notice", "Home education", "file-signature"),
        ActButton("consent", "The authority’s answer", "gavel"),
        ActButton("review", "Review of the plan", "calendar-clock"),
        ActButton("letter", "Note a letter", "file-text"),
        ActButton("off", "Called off"),
        ActButton("peace", "Leave the family in peace", "house"),
    )

    def also(self) -> tuple[tuple[str, str], ...]:
        """A notice of home education; for the head, a death."""
        assert self.book is not None
        acts = (("notice", "Home education: a notice, or only said"),)
        is_head = self.book.desk.office.user.role is Role.HEAD
        return (*acts, ("died", "A child has died")) if is_head else acts

    def ask_new(self) -> None:
        """Ask who leaves, and where to."""
        self._ask_leaving(None, None)

    def ask_also(self, act_id: str) -> None:
        """Ask for a notice, or for what is written of a death."""
        if act_id == "notice":
            self._ask_notice(None)
        else:
            self._ask_death()

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Ask for what the act needs."""
        assert file.pupil is not None
        assert isinstance(file.hand, LeavingHand)
        pupil_id = file.pupil.id
        if act_id == "where":
            self._ask_leaving(pupil_id, file.hand)
        elif act_id == "notice":
            self._ask_notice(pupil_id)
        elif act_id in {"place", "arrival", "address"}:
            self._ask_confirmation(act_id, pupil_id, file.hand)
        elif act_id in {"told", "refer", "off"}:
            self._ask_of_family(act_id, pupil_id, file.hand)
        elif act_id in {"consent", "review", "letter", "peace"}:
            self._ask_word(act_id, pupil_id, file.hand)
        else:
            self._ask_sent(act_id, pupil_id, file.hand)

    # -- private -----------------------------------------------------------------------------------------------

    @property
    def _today(self) -> date:
        return self.now.date()

    def _family(self, pupil_id: PupilId) -> Named:
        assert self.book is not None
        return family_of(self.book.desk, pupil_id)

    def _family_here(self, pupil_id: PupilId) -> Named:
        """The brothers and sisters who are on this list as well: one act may be about them too."""
        listed = {row.pupil_id for row in self.model.rows if not row.is_quiet}
        return tuple(each for each in self._family(pupil_id) if each[0] in listed)

    def _pupils(self) -> Named:
        assert self.book is not None
        return named_pupils(self.book.desk.roll.living)

    def _ask_leaving(self, chosen: PupilId | None, hand: LeavingHand | None) -> None:
        dialog = LeavingDialog(
            self.context.theme, self._pupils(), self._family, today=self._today, chosen=chosen,
            last_day=hand.last_day if hand is not None else None, parent=self,
        )  # fmt: skip
        self.ask(dialog, dialog.telling, said="The leaving is written down", show=lambda: dialog.pupil_id)

    def _ask_notice(self, chosen: PupilId | None) -> None:
        dialog = NoticeDialog(
            self.context.theme, self._pupils(), self._family, today=self._today, chosen=chosen, parent=self
        )
        self.ask(dialog, dialog.noting, said="Written down", show=lambda: dialog.pupil_id)

    def _ask_death(self) -> None:
        dialog = DeathDialog(self.context.theme, self._pupils(), today=self._today, parent=self)
        self.ask(dialog, dialog.recording, said="Written down", show=lambda: dialog.pupil_id)

    def _ask_confirmation(self, act_id: str, pupil_id: PupilId, hand: LeavingHand) -> None:
        theme, today, family = self.context.theme, self._today, self._family_here(pupil_id)
        if act_id == "place":
            place = PlaceDialog(theme, family, today=today, school=hand.school, starts_on=hand.starts_on, parent=self)
            self.ask(place, lambda: place.confirming(pupil_id), said="The place is confirmed")
        elif act_id == "arrival":
            arrival = ArrivalDialog(theme, family, today=today, parent=self)
            self.ask(arrival, lambda: arrival.confirming(pupil_id), said="The arrival is confirmed")
        else:
            address = AddressDialog(theme, family, today=today, address=hand.address, parent=self)
            self.ask(address, lambda: address.noting(pupil_id), said="The address is written down")

    def _ask_of_family(self, act_id: str, pupil_id: PupilId, hand: LeavingHand) -> None:
        theme, today, family = self.context.theme, self._today, self._family_here(pupil_id)
        if act_id == "told":
            tell = TellDialog(theme, family, today=today, wanted=hand.recipients, lead=hand.tells_lead, parent=self)
            self.ask(tell, lambda: tell.telling(pupil_id), said="Written down who was told")
        elif act_id == "refer":
            refer = ReferDialog(theme, family, today=today, parent=self)
            self.ask(refer, lambda: refer.referring(pupil_id), said="The referral is written down")
        else:
            off = CallOffDialog(theme, self._family_here, today=today, chosen=pupil_id, parent=self)
            self.ask(off, off.calling_off, said="The leaving is called off")

    def _ask_word(self, act_id: str, pupil_id: PupilId, hand: LeavingHand) -> None:
        theme, today = self.context.theme, self._today
        if act_id == "consent":
            consent = ConsentDialog(theme, today=today, parent=self)
            self.ask(consent, lambda: consent.noting(pupil_id), said="The answer is written down")
        elif act_id == "review":
            review = PlanReviewDialog(theme, today=today, parent=self)
            self.ask(review, lambda: review.noting(pupil_id), said="The review is written down")
        elif act_id == "letter":
            letter = LetterDialog(theme, today=today, parent=self)
            self.ask(letter, lambda: letter.recording(pupil_id), said="The letter is written down")
        else:
            peace = PeaceDialog(theme, until=hand.peace_until or today, parent=self)
            self.ask(peace, lambda: peace.setting(pupil_id), said="Written down")

    def _ask_sent(self, act_id: str, pupil_id: PupilId, hand: LeavingHand) -> None:
        theme, today = self.context.theme, self._today
        if act_id == "file":
            sent = TransferFileDialog(theme, today=today, code=hand.code, parent=self)
            self.ask(sent, lambda: sent.noting(pupil_id), said="The transfer file is written down")
        elif act_id == "protection":
            protection = ProtectionFileDialog(theme, today=today, parent=self)
            self.ask(protection, lambda: protection.noting(pupil_id), said="Written down")
        elif act_id == "return":
            returned = ReturnDialog(theme, today=today, parent=self)
            self.ask(returned, lambda: returned.noting(pupil_id), said="The return is written down")
        else:
            form = FormDialog(theme, today=today, first=hand.form, enters=hand.enters, parent=self)
            self.ask(form, lambda: form.noting(pupil_id), said="The form is written down")
