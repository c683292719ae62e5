"""Proposing a removal, changing its day or reason, and giving it up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.in_words import capital
from cme_desktop.casework.lives import removal_acts
from cme_desktop.casework.lives.removal_desk import OF_DEATH, OpenedRemoval
from cme_desktop.policy.removal import conditions_of
from cme_desktop.policy.removal_conditions import OF_EVERY_GROUND, say_condition
from cme_desktop.policy.removal_evidence import Evidence
from cme_desktop.policy.removal_grounds import Ground
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker
from cme_desktop.ui.roll.removal.fields import first_day_edit
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId, RemovalId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme

GroundsFor = Callable[["PupilId", date], tuple[Ground, ...]]
_UNCHECKED: Final = "The letter or the conditions are from memory: check the regulation."

_NOTHING_YET: Final = "Nothing is removed yet. Every condition has to be shown, and two people sign."
_AFTER_A_DEATH: Final = (
    "From the moment this is saved, nobody is asked to ring or write to the family. Only the authority is still told."
)
_NO_GROUND: Final[tuple[tuple[str, Ground | None], ...]] = (("Choose the pupil first", None),)
_TO_CHOOSE: Final[tuple[tuple[str, Ground | None], ...]] = (("Choose…", None),)


class ProposeDialog(EntryDialog):
    """Asks whose name is to go, under which ground of the child's age, on which day; says what the ground asks for."""

    def __init__(
        self,
        theme: Theme,
        pupils: tuple[tuple[PupilId, str], ...],
        *,
        today: date,
        grounds_for: GroundsFor,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, title="Propose a removal from roll", accept="Propose", sentence=_NOTHING_YET, parent=parent
        )
        self._grounds_for = grounds_for
        self.picker = PupilPicker(self, pupils)
        self.day = self.add_field(
            "Last day on the register", first_day_edit(today), hint="Today or later; never a day that has passed"
        )
        self.ground = self.add_field("Ground", choice_box(_NO_GROUND))
        self.law = Label(theme, "", role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self.unchecked = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence=_UNCHECKED, wraps=True)
        self.add_widget(self.unchecked)
        self.add_widget(self.law)
        self.reason = self.add_field("Reason", words_edit(theme=theme), hint="In your own words")
        self.picker.list.currentItemChanged.connect(self._follow_pupil)
        self.day.control.dateChanged.connect(self._follow_pupil)
        self.ground.control.currentIndexChanged.connect(self._follow_ground)
        self._follow_pupil()
        self.picker.finder.control.setFocus()
        self.fit()

    @property
    def chosen(self) -> Ground | None:
        """The ground chosen; None as long as nobody has: the program proposes none."""
        return self.ground.control.chosen if self.ground.control.count() else None

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_picked = self.picker.check()
        self.ground.set_error("" if self.chosen is not None else self._say_no_ground(is_picked=is_picked))
        return is_picked and not self.ground.error

    def proposing(self) -> UseCase:
        """Give the use case that writes the proposal down."""
        assert self.picker.pupil_id is not None
        assert self.chosen is not None
        return partial(
            removal_acts.propose_removal, pupil_id=self.picker.pupil_id, ground_id=self.chosen.id,
            day=day_in(self.day.control), evidence=Evidence({}, self.reason.control.toPlainText().strip()),
        )  # fmt: skip

    def _say_no_ground(self, *, is_picked: bool) -> str:
        if not is_picked:
            return "Choose the pupil first."
        if self.ground.control.count() > 1:
            return "Choose the ground: the program proposes none."
        return "No ground fits: the date of birth is not recorded."

    def _follow_pupil(self) -> None:
        pupil_id, day = self.picker.pupil_id, day_in(self.day.control)
        grounds = self._grounds_for(pupil_id, day) if pupil_id is not None else ()
        offered: tuple[tuple[str, Ground | None], ...] = tuple((_say_ground(each, day), each) for each in grounds)
        self.ground.control.offer(_TO_CHOOSE + offered if offered else _NO_GROUND)
        self._follow_ground()

    def _follow_ground(self) -> None:
        ground = self.chosen
        self.unchecked.setVisible(ground is not None and not ground.verified)
        self.say(_AFTER_A_DEATH if ground is not None and ground.id in OF_DEATH else _NOTHING_YET)
        if ground is None:
            self.law.setText("")
            return
        own = [say_condition(name) for name in conditions_of(ground) if name not in OF_EVERY_GROUND]
        self.law.setText("\n".join((capital(ground.name_on(day_in(self.day.control))), *(f"– {each}" for each in own))))


class ChangeDialog(EntryDialog):
    """Asks for another last day or another reason."""

    def __init__(self, theme: Theme, opened: OpenedRemoval, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Change the day or the reason", accept="Save", parent=parent,
            sentence="Whoever has signed signs again after a change.",
        )  # fmt: skip
        removal = opened.removal
        self._removal_id = removal.id
        self.day = self.add_field("Last day on the register", first_day_edit(today, day=removal.day))
        self.reason = self.add_field("Reason", words_edit(theme=theme))
        self.reason.control.setPlainText(removal.evidence.reason)
        self.day.control.setFocus()
        self.fit()

    def changing(self) -> UseCase:
        """Give the use case that writes it anew."""
        return partial(
            removal_acts.change_removal, removal_id=self._removal_id, day=day_in(self.day.control),
            reason=self.reason.control.toPlainText(),
        )  # fmt: skip


class GiveUpDialog(EntryDialog):
    """Asks why a proposed removal is given up."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Give this removal up", accept="Give up", parent=parent,
            sentence="The name stays on the register. The proposal stays in the history, with your reason.",
        )  # fmt: skip
        self.reason = self.add_field("Reason", words_edit(theme=theme))
        self.reason.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say what is missing."""
        self.reason.set_error("" if self.reason.control.toPlainText().strip() else "Say why it is given up.")
        return not self.reason.error

    def giving_up(self, removal_id: RemovalId) -> UseCase:
        """Give the use case that ends it."""
        return partial(
            removal_acts.give_up_removal, removal_id=removal_id, reason=self.reason.control.toPlainText()
        )  # fmt: skip


def _say_ground(ground: Ground, day: date) -> str:
    letter = ground.letter_on(day)
    return f"{ground.title} ({letter})" if letter else ground.title
