"""The page of pupils on a part-time timetable, by agreement or by code C2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.casework.lives.life import Life, LifeFile
from cme_desktop.casework.naming import named_pupils
from cme_desktop.domain.events import Recipient
from cme_desktop.ui.roll.letter_dialog import LetterDialog
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.life_pane import ActButton
from cme_desktop.ui.roll.part_time.dialogs import EndDialog, ReviewDialog, TimetableDialog
from cme_desktop.ui.roll.told_dialog import ToldDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.entry_dialog import EntryDialog


class PartTimePage(LifePage):
    """Agrees, reviews, extends and ends part-time timetables."""

    life = Life.PART_TIME
    title = "Part time"
    icon = "calendar-clock"
    empty = (
        "Nobody is on a part-time timetable.",
        "One is agreed with a parent, for a short time, with its last day. Sessions left out are marked C2.",
    )
    new_words = "Agree a timetable"
    acts = (
        ActButton("agree", "Agree with a parent", "calendar-days"),
        ActButton("review", "Review held", "circle-check"),
        ActButton("extend", "Extend", "calendar-clock"),
        ActButton("told", "Somebody told"),
        ActButton("end", "End it"),
        ActButton("letter", "Note a letter"),
    )

    def ask_new(self) -> None:
        """Ask for a pupil and the timetable agreed."""
        assert self.book is not None
        roll = self.book.desk.roll
        on_roll = {pupil.id: pupil for pupil in roll.on_roll if pupil.id not in roll.dead}
        dialog = TimetableDialog(
            self.context.theme, today=self._today, head=self._head, pupils=named_pupils(on_roll), parent=self
        )
        picker = dialog.picker
        assert picker is not None
        picker.finder.control.setFocus()
        self.ask(dialog, lambda: dialog.recording(None), said="The timetable is agreed", show=lambda: picker.pupil_id)

    def ask_act(self, act_id: str, file: LifeFile) -> None:
        """Ask for what the act needs."""
        assert file.pupil is not None
        pupil_id = file.pupil.id
        dialog, recording = self._dialog_of(act_id)
        self.ask(
            dialog, lambda: recording(pupil_id), said=f"Saved for {file.pupil.known_as}", show=lambda: pupil_id
        )  # fmt: skip

    # -- private -----------------------------------------------------------------------------------------------

    @property
    def _today(self) -> date:
        return self.now.date()

    @property
    def _head(self) -> str:
        assert self.book is not None
        office = self.book.desk.office
        return office.user.name if office.user.role.value == "head" else ""

    def _dialog_of(self, act_id: str) -> tuple[EntryDialog, Callable[[PupilId], UseCase]]:
        theme, today = self.context.theme, self._today
        match act_id:
            case "review":
                review = ReviewDialog(theme, today=today, parent=self)
                return review, review.recording
            case "end":
                end = EndDialog(theme, today=today, parent=self)
                return end, end.recording
            case "told":
                told = ToldDialog(theme, today=today, who=Recipient.AUTHORITY_CME, parent=self)
                return told, told.recording
            case "letter":
                letter = LetterDialog(theme, today=today, parent=self)
                return letter, letter.recording
        timetable = TimetableDialog(theme, today=today, head=self._head, is_new=act_id == "agree", parent=self)
        return timetable, timetable.recording
