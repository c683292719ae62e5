"""What is asked before something is held, let go, kept on or removed for good."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QLineEdit

from cme_desktop.casework.in_words import count_of, say_long_day
from cme_desktop.casework.keeping import disposal, holds, looking
from cme_desktop.domain.keeping import HoldGround
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.keeping.holds import HoldChoices
    from cme_desktop.casework.keeping.looking import KeepingRow, StoredDisposal
    from cme_desktop.domain.identifiers import CaseId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

_CHOOSE: Final = "Choose …"
_CHILD, _CASE, _SCHOOL = "child", "case", "school"


class SetHoldDialog(EntryDialog):
    """Asks what is held, on what ground, and why."""

    def __init__(self, theme: Theme, choices: HoldChoices, *, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Hold records", accept="Set the hold", parent=parent,
            sentence="Nothing about this child is disposed of until somebody lifts the hold, whatever its time.",
        )  # fmt: skip
        scopes = [("", _CHOOSE), (_CHILD, "One child"), (_SCHOOL, "The whole school")]
        if choices.cases:
            scopes.insert(2, (_CASE, "One case, and its child"))
        self.scope = self.add_field("Held", choice_box(tuple((words, scope) for scope, words in scopes)))
        self.picker = PupilPicker(self, choices.pupils)
        cases: ChoiceBox[CaseId | None] = choice_box(
            ((_CHOOSE, None), *((words, case) for case, words in choices.cases))
        )
        self.case = self.add_field("Case", cases)
        grounds: ChoiceBox[HoldGround | None] = choice_box(
            ((_CHOOSE, None), *((ground.in_words, ground) for ground in HoldGround))
        )
        self.ground = self.add_field("On what ground", grounds)
        self.reason = self.add_field("Why", words_edit(theme=theme), hint="Read by the head and the lead alone")
        self.scope.control.currentIndexChanged.connect(self._follow)
        self.accept_button.setDefault(False)
        self.scope.control.setFocus()
        self._follow()

    def _follow(self) -> None:
        scope = self.scope.control.chosen
        self.picker.finder.setVisible(scope == _CHILD)
        frame = self.picker.list.parentWidget()
        assert frame is not None
        frame.setVisible(scope == _CHILD)
        self.case.setVisible(scope == _CASE)
        self.say(
            "Nothing of the whole school is disposed of until somebody lifts the hold."
            if scope == _SCHOOL
            else "Nothing about this child is disposed of until somebody lifts the hold, whatever its time."
        )
        self.fit()
        self.resize(self.width(), self.height() + self.theme.scaled(40))

    def check(self) -> bool:
        """Say beside each field what is missing."""
        scope = self.scope.control.chosen
        self.scope.set_error("" if scope else "Say what is held.")
        is_chosen = bool(scope)
        if scope == _CHILD:
            is_chosen = self.picker.check()
        if scope == _CASE:
            is_chosen = self.case.control.chosen is not None
            self.case.set_error("" if is_chosen else "Choose a case.")
        self.ground.set_error("" if self.ground.control.chosen else "Choose a ground.")
        is_said = bool(self.reason.control.toPlainText().strip())
        self.reason.set_error("" if is_said else "Say why.")
        return is_chosen and self.ground.control.chosen is not None and is_said

    def setting(self) -> UseCase:
        """Give the use case that sets the hold."""
        scope, ground = self.scope.control.chosen, self.ground.control.chosen
        assert ground is not None
        return partial(
            holds.set_hold, ground=ground, reason=self.reason.control.toPlainText(),
            pupil_id=self.picker.pupil_id if scope == _CHILD else None,
            case_id=self.case.control.chosen if scope == _CASE else None,
        )  # fmt: skip


class DecideDialog(EntryDialog):
    """Asks whether a record whose time is over may go, or is kept on, and why."""

    def __init__(self, theme: Theme, row: KeepingRow, *, today: date, parent: QWidget | None = None) -> None:
        whose = f"{row.name}: " if row.name else ""
        super().__init__(
            theme, title="Look at this record", accept="Save", parent=parent,
            sentence=f"{whose}{row.judged.period.title}. {row.judged.why} What may go is put on the next list; it is "
            "removed when the headteacher signs that.",
        )  # fmt: skip
        self._row = row
        choices: ChoiceBox[bool | None] = choice_box(((_CHOOSE, None), ("It may go", True), ("It is kept on", False)))
        self.may_go = self.add_field("After looking at it", choices)
        self.until = self.add_field(
            "Kept on until", day_edit(today.replace(year=today.year + 1, day=min(today.day, 28)))
        )
        self.reason = self.add_field("Why", words_edit(theme=theme))
        self.may_go.control.currentIndexChanged.connect(self._follow)
        self.accept_button.setDefault(False)
        self.may_go.control.setFocus()
        self._follow()

    def _follow(self) -> None:
        self.until.setVisible(self.may_go.control.chosen is False)
        self.fit()
        self.resize(self.width(), self.height() + self.theme.scaled(60))

    def check(self) -> bool:
        """Say beside each field what is missing."""
        is_decided, is_said = self.may_go.control.chosen is not None, bool(self.reason.control.toPlainText().strip())
        self.may_go.set_error("" if is_decided else "Say whether it may go.")
        self.reason.set_error("" if is_said else "Say why.")
        return is_decided and is_said

    def deciding(self) -> UseCase:
        """Give the use case that writes the decision down."""
        may_go = bool(self.may_go.control.chosen)
        return partial(
            looking.decide_on_record, row=self._row, may_go=may_go, reason=self.reason.control.toPlainText(),
            until_day=None if may_go else day_in(self.until.control),
        )  # fmt: skip


class SignDisposalDialog(EntryDialog):
    """Says what signing means, and asks the headteacher for the password; Enter signs nothing, a lock closes it."""

    def __init__(
        self, theme: Theme, drawn: StoredDisposal, *, gone_after: date, parent: QWidget | None = None
    ) -> None:  # fmt: skip
        count = count_of(len(drawn.lines), "record")
        gone = f"{say_long_day(gone_after)} {gone_after.year}"
        super().__init__(
            theme, title="Sign, and remove for good", accept="Sign and remove", parent=parent,
            sentence=f"You sign that you have read list {int(drawn.id)} with its {count}. What stands on it is removed "
            "at once and for good: nobody can bring it back, and there is no undo. Backups made until now still "
            f"hold it; the last that the program takes away by itself goes after {gone}, later where a month had none. "
            "Copies made by hand, and what was put aside when a backup was brought back, are yours to destroy.",
        )  # fmt: skip
        self._drawn = drawn
        edit = QLineEdit()
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.password = self.add_field("Your password", edit)
        for button in (self.accept_button, self.reject_button):
            button.setDefault(False)
            button.setAutoDefault(False)
        edit.setFocus()
        self.fit()
        self.resize(self.width(), self.height() + theme.scaled(72))

    @property
    def can_be_kept(self) -> bool:
        """Never: no password stays typed behind a lock."""
        return False

    def check(self) -> bool:
        """Say that the password is missing; True when it is there."""
        is_typed = bool(self.password.control.text())
        self.password.set_error("" if is_typed else "Type your password.")
        return is_typed

    def signing(self) -> UseCase:
        """Give the use case that signs and removes."""
        return partial(
            disposal.sign_disposal, disposal_id=self._drawn.id, fingerprint=self._drawn.fingerprint,
            password=self.password.control.text(),
        )  # fmt: skip
