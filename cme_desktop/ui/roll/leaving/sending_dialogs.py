"""The dialogs in which it is written down who was told of a leaving, and what was sent."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QCheckBox, QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.lives import home_education
from cme_desktop.casework.lives.leaving_sent import (
    note_form,
    note_protection_file,
    note_return,
    note_transfer_file,
    refer,
    tell_people,
)
from cme_desktop.domain.events import Form, Recipient
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.roll.leaving.parts import FamilyBoxes, Named, needs
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

_TOLD: Final = (
    Recipient.AUTHORITY_HOME_EDUCATION, Recipient.AUTHORITY_CME, Recipient.SOCIAL_WORKER,
    Recipient.EDUCATION_WELFARE_OFFICER, Recipient.SOCIAL_CARE, Recipient.VIRTUAL_SCHOOL_HEAD,
)  # fmt: skip
_OTHER_FORMS: Final = (("Form SR2a", Form.SR2A), ("Off-roll form", Form.OFF_ROLL), ("Form SR1a", Form.SR1A))


class TellDialog(EntryDialog):
    """Asks who was told of the leaving: several at once, the safeguarding lead first."""

    def __init__(
        self, theme: Theme, family: Named, *, today: date, wanted: tuple[Recipient, ...] = (), lead: bool = False,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(theme, title="Who was told?", accept="Save", parent=parent)
        self.family = FamilyBoxes(theme, "Told of whom else?")
        self.family.offer(family)
        self.add_widget(self.family)
        self.lead = QCheckBox("Safeguarding lead")
        self.lead.setChecked(lead)
        self.boxes = {who: QCheckBox(capital(who.in_words)) for who in _TOLD}
        for box in (self.lead, *self.boxes.values()):
            box.setFont(theme.font("body"))
            self.add_widget(box)
        for who in wanted:
            self.boxes[who].setChecked(True)
        self._nobody = Label(theme, "", role="small-strong", token="now", wraps=True)  # noqa: S106  a colour token
        self.add_widget(self._nobody)
        self._nobody.hide()
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.reference = self.add_field("Reference", QLineEdit(), hint="Empty if none")
        self.add_side_by_side(self.day, self.reference)
        self.said = self.add_field("Words", words_edit(theme=theme), hint="What was said, and by whom")
        self.lead.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say that nobody is chosen; True when somebody is."""
        is_told = self.lead.isChecked() or any(box.isChecked() for box in self.boxes.values())
        self._nobody.setText("" if is_told else "Tick who was told.")
        self._nobody.setVisible(not is_told)
        return is_told

    def telling(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            tell_people, pupils=(pupil_id, *self.family.chosen), on=day_in(self.day.control),
            recipients=tuple(who for who, box in self.boxes.items() if box.isChecked()), lead=self.lead.isChecked(),
            reference=self.reference.control.text(), words=self.said.control.toPlainText(),
        )  # fmt: skip


class ReferDialog(EntryDialog):
    """Asks when the child was referred to the authority, and under which reference."""

    def __init__(self, theme: Theme, family: Named, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Referred to the authority", accept="Save", parent=parent,
            sentence="The children missing education officer. Send it the authority’s own way, and write it down here.",
        )  # fmt: skip
        self.family = FamilyBoxes(theme, "Who else is referred?")
        self.family.offer(family)
        self.add_widget(self.family)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.reference = self.add_field("Reference", QLineEdit(), hint="Empty if none")
        self.add_side_by_side(self.day, self.reference)
        self.said = self.add_field("Words", words_edit(theme=theme), hint="To whom, how, and what was asked")
        self.reference.control.setFocus()
        self.fit()

    def referring(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            refer, pupils=(pupil_id, *self.family.chosen), on=day_in(self.day.control),
            reference=self.reference.control.text(), words=self.said.control.toPlainText(),
        )  # fmt: skip


class ReturnDialog(EntryDialog):
    """Asks when the deletion return went."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Deletion return sent", accept="Save", parent=parent,
            sentence="It names the ground, and goes to the authority before the name is removed or as it is.",
        )  # fmt: skip
        self.day = self.add_field("Sent on", day_edit(today, latest=today))
        self.reference = self.add_field("Reference", QLineEdit(), hint="Empty if none")
        self.add_side_by_side(self.day, self.reference)
        self.reference.control.setFocus()
        self.fit()

    def noting(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            note_return, pupil_id=pupil_id, on=day_in(self.day.control), reference=self.reference.control.text()
        )


class TransferFileDialog(EntryDialog):
    """Asks when the transfer file went, and under which code."""

    def __init__(self, theme: Theme, *, today: date, code: str, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Transfer file sent", accept="Save", parent=parent,
            sentence="Sending the file takes no name off the register.",
        )  # fmt: skip
        self.code = self.add_field(
            "Sent to", QLineEdit(code),
            hint="The next school’s LAESTAB; MMMMMMM abroad or outside the state sector; XXXXXXX for a child whose "
            "next school nobody knows",
        )  # fmt: skip
        self.day = self.add_field("Sent on", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(lines=2, theme=theme))
        self.day.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return needs(self.code, "Type the school’s LAESTAB, or the code.")

    def noting(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            note_transfer_file, pupil_id=pupil_id, on=day_in(self.day.control), code=self.code.control.text(),
            words=self.said.control.toPlainText(),
        )  # fmt: skip


class ProtectionFileDialog(EntryDialog):
    """Asks whether the child-protection file went, or its receipt came back."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Child-protection file", accept="Save", parent=parent,
            sentence="It goes apart from all other papers, from lead to lead. It is settled once the receipt is back.",
        )  # fmt: skip
        self.state = self.add_field("What happened", choice_box((("It was sent", False), ("The receipt came", True))))
        self.by = self.add_field("By whom", QLineEdit(), hint="Who sent it, or who signed for it there")
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.how = self.add_field("How", QLineEdit(), hint="By hand, by registered post, by secure transfer")
        self.add_side_by_side(self.day, self.how)
        self.state.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_by = needs(self.by, "Say who sent it, or who signed for it.")
        return needs(self.how, "Say how it went.") and is_by

    def noting(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            note_protection_file, pupil_id=pupil_id, on=day_in(self.day.control), by=self.by.control.text(),
            how=self.how.control.text(), is_received=self.state.control.chosen,
        )  # fmt: skip


class FormDialog(EntryDialog):
    """Asks which of the authority's forms went; an entry in school2school is one of them."""

    def __init__(
        self, theme: Theme, *, today: date, first: Form | None, enters: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, title="Form sent", accept="Save", parent=parent)
        offered: tuple[tuple[str, Form | None], ...] = _OTHER_FORMS
        if enters:
            offered = (("Entered in school2school", None), *offered)
        self.form = self.add_field("Which", choice_box(offered, chosen=first))
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.reference = self.add_field("Reference", QLineEdit(), hint="Empty if none")
        self.add_side_by_side(self.day, self.reference)
        self.said = self.add_field("Words", words_edit(lines=2, theme=theme))
        self.form.control.setFocus()
        self.fit()

    def noting(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            note_form, pupil_id=pupil_id, on=day_in(self.day.control), form=self.form.control.chosen,
            reference=self.reference.control.text(), words=self.said.control.toPlainText(),
        )  # fmt: skip


class ConsentDialog(EntryDialog):
    """Asks what the authority answered to home education."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="The authority’s answer", accept="Save", parent=parent)
        answers = (("It consents", True), ("It refuses", False))
        self.answer = self.add_field("Answer", choice_box(answers))
        self.by = self.add_field("Who answered", QLineEdit(), hint="Name and post at the authority")
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(lines=2, theme=theme))
        self.answer.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        return needs(self.by, "Say who at the authority answered.")

    def noting(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            home_education.note_consent, pupil_id=pupil_id, on=day_in(self.day.control),
            is_given=self.answer.control.chosen, by=self.by.control.text(), words=self.said.control.toPlainText(),
        )  # fmt: skip


class PlanReviewDialog(EntryDialog):
    """Asks what the review of the child's plan decided."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Review of the plan", accept="Save", parent=parent)
        self.day = self.add_field("Held on", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme), hint="Who held it, and what was decided")
        self.said.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.said.set_error("" if self.said.control.toPlainText().strip() else "Say what was decided.")
        return not self.said.error

    def noting(self, pupil_id: PupilId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            home_education.note_plan_review, pupil_id=pupil_id, on=day_in(self.day.control),
            words=self.said.control.toPlainText(),
        )  # fmt: skip
