"""The page of the first day back: everybody absent on it, until each is accounted for."""

from __future__ import annotations

from functools import partial

from cme_desktop.casework.lives.first_back import FirstBackFile
from cme_desktop.casework.lives.life import Life, LifeFile
from cme_desktop.casework.naming import named_pupils, siblings_on_roll
from cme_desktop.casework.outcomes import record_class_check
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.ui.roll.first_back.dialogs import ContactDialog, SeenDialog
from cme_desktop.ui.roll.leave.request_dialog import LeaveDialog, Said
from cme_desktop.ui.roll.letter_dialog import LetterDialog
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.life_pane import ActButton
from cme_desktop.ui.widgets.dialog import AskDialog


class FirstBackPage(LifePage):
    """Shows whom to ring first on the first day after a holiday, and who is accounted for."""

    life = Life.FIRST_DAY_BACK
    title = "First day back"
    icon = "circle-check"
    empty = ("Everybody absent on the last first day back is accounted for.", "")
    acts = (
        ActButton("contact", "What came of the call", "message-circle"),
        ActButton("ring", "Ring the family", "phone"),
        ActButton("seen", "Child seen", "eye"),
        ActButton("checked", "Class asked: not here"),
        ActButton("admitted", "Told of leave afterwards"),
        ActButton("letter", "Note a letter"),
        ActButton("register", "Open the register", "book-open"),
    )

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Ask for what the act needs, or go where it is done."""
        assert isinstance(file, FirstBackFile)
        if act_id == "register":
            pupil = file.pupil.id if file.pupil is not None else file.any_pupil
            assert pupil is not None
            self.wants_register.emit(int(pupil))
            return
        assert file.pupil is not None
        pupil_id, name = file.pupil.id, file.pupil.known_as
        if act_id == "ring":
            self.wants_pupil.emit(int(pupil_id))
        elif act_id == "contact":
            self._ask_contact(file, pupil_id, name)
        elif act_id == "seen":
            seen = SeenDialog(self.context.theme, parent=self)
            self.ask(seen, lambda: seen.recording(pupil_id), said=f"Saved for {name}")
        elif act_id == "checked":
            ask = AskDialog(
                self.context.theme, title="Was the class asked?", accept="The child is not in class", reject="Not now",
                sentence="Written down is that the class was asked and the child is not there.", parent=self,
            )  # fmt: skip
            self.asker.confirm(ask, partial(record_class_check, pupils=(pupil_id,)), said=f"Saved for {name}")
        elif act_id == "admitted":
            self._ask_leave(pupil_id)
        else:
            letter = LetterDialog(self.context.theme, today=self.now.date(), parent=self)
            self.ask(letter, lambda: letter.recording(pupil_id), said=f"Saved for {name}")

    def _ask_contact(self, file: FirstBackFile, pupil_id: PupilId, name: str) -> None:
        dialog = ContactDialog(
            self.context.theme, file.to_ring, siblings=file.siblings, today=self.now.date(), parent=self
        )
        self.ask(dialog, lambda: dialog.recording(pupil_id), said=f"Saved for {name}")

    def _ask_leave(self, pupil_id: PupilId) -> None:
        assert self.book is not None
        roll, today = self.book.desk.roll, self.now.date()
        dialog = LeaveDialog(
            self.context.theme, named_pupils(roll.living), calendar=roll.judgement.calendar, today=today,
            siblings_of=partial(siblings_on_roll, roll.living, on=today), chosen=pupil_id, said=Said.AFTERWARDS,
            parent=self,
        )  # fmt: skip
        self.ask(dialog, dialog.recording, said="Leave written down")
