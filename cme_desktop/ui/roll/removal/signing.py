"""Signing a removal, carrying it out, and undoing it: who, with which password, and what it means."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.in_words import say_long_day
from cme_desktop.casework.lives import removal_acts
from cme_desktop.casework.lives.removal_desk import MAY_SIGN, OpenedRemoval, Signer, signed_so_far
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, choice_box, words_edit
from cme_desktop.ui.roll.removal.fields import needs

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import UserId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field


class _SigningDialog(EntryDialog):
    """A dialog in which people sign: each chooses the name and types the password that is theirs alone."""

    def add_signer(self, opened: OpenedRemoval, *, who: str, chosen: UserId | None) -> _SignerFields:
        """Add the two fields of one person, side by side."""
        people = tuple(
            (f"{each.name}, {each.role.in_words}", each.user_id) for each in opened.signatories if each.role in MAY_SIGN
        )
        name = self.add_field(who, choice_box(people, chosen=chosen))
        edit = QLineEdit()
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        password = self.add_field("Password", edit)
        edit.setAccessibleName(f"{who}: password")
        self.add_side_by_side(name, password)
        return _SignerFields(name, password)


class _SignerFields:
    """The fields of one person who signs."""

    def __init__(self, name: Field[ChoiceBox[UserId]], password: Field[QLineEdit]) -> None:
        self.name = name
        self.password = password

    def check(self) -> bool:
        """Say that the password is missing; True when it is there."""
        return needs(self.password, "Type the password.")

    @property
    def signer(self) -> Signer:
        """Who signs."""
        return Signer(self.name.control.chosen, self.password.control.text())


class SignRemovalDialog(_SigningDialog):
    """Asks who signs what stands in the removal."""

    def __init__(
        self, theme: Theme, opened: OpenedRemoval, *, me: UserId, parent: QWidget | None = None
    ) -> None:  # fmt: skip
        removal = opened.removal
        day = f"{say_long_day(removal.day)} {removal.day.year}"
        super().__init__(
            theme, title="Sign this removal", accept="Sign", parent=parent,
            sentence=f"You sign that the name may go on {day} under {opened.ground.name_on(removal.day)}, and that you "
            "have seen what proves it. Two people sign, one of them the headteacher or a senior leader.",
        )  # fmt: skip
        self._removal_id = removal.id
        signed = {each.user_id for each in signed_so_far(removal)}
        others = [each.user_id for each in opened.signatories if each.role in MAY_SIGN and each.user_id not in signed]
        self.fields = self.add_signer(opened, who="Who signs", chosen=me if me in others else next(iter(others), me))
        self.fields.password.control.setFocus()
        self.fit()
        self.resize(self.width(), self.height() + theme.scaled(44))

    def check(self) -> bool:
        """Say what is missing."""
        return self.fields.check()

    def signing(self) -> UseCase:
        """Give the use case that signs."""
        return partial(removal_acts.sign_removal, removal_id=self._removal_id, signer=self.fields.signer)


class CarryOutDialog(EntryDialog):
    """Says what removing the name means, and asks why where somebody is still to be told."""

    def __init__(self, theme: Theme, opened: OpenedRemoval, *, parent: QWidget | None = None) -> None:
        after = (
            "Nothing more is asked of the family by this program."
            if opened.is_of_death
            else "It can only be undone by a new entry with two signatures."
        )
        super().__init__(
            theme, title="Remove the name from the register", accept="Remove the name", parent=parent,
            sentence=f"Today, {say_long_day(opened.today)}, becomes the last day on the register, under "
            f"{opened.ground.name_on(opened.today)}. Every condition is tested once more. {after}",
        )  # fmt: skip
        self._removal_id = opened.removal.id
        answer = opened.answer
        owed = () if answer is None or answer.is_return_owed else answer.owed
        self.why = self.add_field(
            "Why the name goes before that", words_edit(theme=theme), hint=f"Still owed: {' '.join(owed)}"
        )
        self._asks_why = bool(owed)
        self.why.setVisible(self._asks_why)
        self.accept_button.setDefault(False)
        self.reject_button.setDefault(True)
        (self.why.control if self._asks_why else self.reject_button).setFocus()
        self.fit()
        self.resize(self.width(), self.height() + theme.scaled(44))

    def check(self) -> bool:
        """Say what is missing."""
        is_said = not self._asks_why or bool(self.why.control.toPlainText().strip())
        self.why.set_error("" if is_said else "Do it and note it first, or say why not.")
        return is_said

    def carrying_out(self) -> UseCase:
        """Give the use case that removes the name."""
        return partial(
            removal_acts.carry_out_removal, removal_id=self._removal_id,
            not_told_because=self.why.control.toPlainText(),
        )  # fmt: skip


class UndoRemovalDialog(_SigningDialog):
    """Asks why a removal is undone, and two people for their signatures."""

    def __init__(
        self, theme: Theme, opened: OpenedRemoval, *, me: UserId, parent: QWidget | None = None
    ) -> None:  # fmt: skip
        super().__init__(
            theme, title="Undo this removal", accept="Undo the removal", parent=parent,
            sentence="The name stands on the register again from today. Marks made before stay as they are; days "
            "without a mark since then are asked about. The history keeps both entries.",
        )  # fmt: skip
        self._removal_id = opened.removal.id
        self.reason = self.add_field("Reason", words_edit(theme=theme))
        self.first = self.add_signer(opened, who="First to sign", chosen=me)
        second = next((each.user_id for each in opened.signatories if each.user_id != me and each.role in MAY_SIGN), me)
        self.second = self.add_signer(opened, who="Second to sign", chosen=second)
        self.reason.control.setFocus()
        self.fit()
        self.resize(self.width(), self.height() + theme.scaled(60))

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        self.reason.set_error("" if self.reason.control.toPlainText().strip() else "Say why it is undone.")
        return all((not self.reason.error, self.first.check(), self.second.check()))

    def undoing(self) -> UseCase:
        """Give the use case that lets the name stand again."""
        return partial(
            removal_acts.undo_removal, removal_id=self._removal_id, reason=self.reason.control.toPlainText(),
            signers=(self.first.signer, self.second.signer),
        )  # fmt: skip
