"""The dialogs that prepare a removal: proposing it, its evidence, the enquiries of both sides, changes and ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QLineEdit

from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import capital
from cme_desktop.casework.lives import removal_acts, removal_return
from cme_desktop.casework.lives.removal_acts import DATED, SIDES
from cme_desktop.casework.lives.removal_desk import OF_DEATH, OpenedRemoval
from cme_desktop.domain.events import EnquiryResult, Event, EventKind
from cme_desktop.policy.removal import conditions_of
from cme_desktop.policy.removal_conditions import OF_EVERY_GROUND, say_condition
from cme_desktop.policy.removal_evidence import Claim, Evidence, Proof
from cme_desktop.policy.removal_grounds import Ground
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.pupil_picker import PupilPicker
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import PupilId, RemovalId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field

GroundsFor = Callable[["PupilId", date], tuple[Ground, ...]]
_UNCHECKED: Final = "The letter or the conditions are from memory: check the regulation."

_NOTHING_YET: Final = "Nothing is removed yet. Every condition has to be shown, and two people sign."
_AFTER_A_DEATH: Final = (
    "From the moment this is saved, nobody is asked to ring or write to the family. Only the authority is still told."
)


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
        """The ground chosen; None where none can be."""
        return self.ground.control.chosen if self.ground.control.count() else None

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_picked = self.picker.check()
        no_ground = "No ground fits: the date of birth is not recorded." if is_picked else "Choose the pupil first."
        self.ground.set_error("" if self.chosen is not None else no_ground)
        return is_picked and not self.ground.error

    def proposing(self) -> UseCase:
        """Give the use case that writes the proposal down."""
        assert self.picker.pupil_id is not None
        assert self.chosen is not None
        return partial(
            removal_acts.propose_removal, pupil_id=self.picker.pupil_id, ground_id=self.chosen.id,
            day=day_in(self.day.control), evidence=Evidence({}, self.reason.control.toPlainText().strip()),
        )  # fmt: skip

    def _follow_pupil(self) -> None:
        pupil_id, day = self.picker.pupil_id, day_in(self.day.control)
        grounds = self._grounds_for(pupil_id, day) if pupil_id is not None else ()
        offered: tuple[tuple[str, Ground | None], ...] = tuple((_say_ground(each, day), each) for each in grounds)
        self.ground.control.offer(offered or _NO_GROUND)
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


_NO_GROUND: Final[tuple[tuple[str, Ground | None], ...]] = (("Choose the pupil first", None),)


class EvidenceDialog(EntryDialog):
    """Asks for the proof of one claim: what proves it, who says so, when, and from when or for how long."""

    def __init__(
        self,
        theme: Theme,
        opened: OpenedRemoval,
        *,
        today: date,
        claim: Claim | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            theme, title="Bring evidence", accept="Save", parent=parent,
            sentence="What the records can’t say, somebody states and something proves. A change voids signatures.",
        )  # fmt: skip
        self._proofs = opened.removal.evidence.proofs
        self._removal_id = opened.removal.id
        claims = tuple((_short(claim), claim) for claim in opened.claims if claim not in SIDES)
        self.claim = self.add_field("What is claimed", choice_box(claims, chosen=claim))
        self.said = Label(theme, "", token="text2", wraps=True)  # noqa: S106  a colour token
        self.add_widget(self.said)
        self.what = self.add_field("What proves it", QLineEdit(), hint="A letter, a form, a message, the minutes")
        self.by = self.add_field("Who says so", QLineEdit(), hint="Name, and school or office")
        self.on = self.add_field("On which day", day_edit(today, latest=today))
        self.holds_from = self.add_field("It holds from", day_edit(today), hint="The first day at the new school, or "
                                         "the day the review ended")  # fmt: skip
        self.months = self.add_field("Months", QLineEdit(), hint="The length of the sentence, in whole months")
        self.claim.control.currentIndexChanged.connect(self._follow_claim)
        self._follow_claim()
        self.what.control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        is_shown = needs(self.what, "Say what proves it.")
        is_named = needs(self.by, "Say who states it.")
        months = self.months.control.text().strip()
        wrong = "Type whole months, such as 6." if self._asks_months and not months.isdecimal() else ""
        self.months.set_error(wrong)
        return is_shown and is_named and not wrong

    def bringing(self) -> UseCase:
        """Give the use case that keeps the proof."""
        claim = self.claim.control.chosen
        proof = Proof(
            self.what.control.text().strip(),
            self.by.control.text().strip(),
            day_in(self.on.control),
            day_in(self.holds_from.control) if claim in DATED else None,
            int(self.months.control.text()) if self._asks_months else None,
        )
        return partial(removal_acts.bring_evidence, removal_id=self._removal_id, claim=claim, proof=proof)

    @property
    def _asks_months(self) -> bool:
        return self.claim.control.chosen is Claim.SENTENCED

    def _follow_claim(self) -> None:
        claim = self.claim.control.chosen
        proof = self._proofs.get(claim)
        self.said.setText(f"{capital(claim.in_words)}.")
        self.what.control.setText(proof.what if proof is not None else "")
        self.by.control.setText(proof.by if proof is not None else "")
        if proof is not None:
            set_day(self.on.control, proof.on)
        if proof is not None and proof.holds_from is not None:
            set_day(self.holds_from.control, proof.holds_from)
        self.months.control.setText(str(proof.months) if proof is not None and proof.months is not None else "")
        self.holds_from.setVisible(claim in DATED)
        self.months.setVisible(self._asks_months)


class SidesDialog(EntryDialog):
    """Shows both sides of the joint enquiries, and asks who signed for each, when, and on which paper."""

    def __init__(self, theme: Theme, opened: OpenedRemoval, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title="Both sides sign the enquiries off", accept="Save", parent=parent,
            sentence="One person signs for the school and another for the authority, once the outcome is known.",
        )  # fmt: skip
        self._removal_id = opened.removal.id
        self.by: list[Field[QLineEdit]] = []
        self.on: list[Field[QDateEdit]] = []
        self.what: list[Field[QLineEdit]] = []
        for claim, side in zip(SIDES, ("For the school", "For the authority"), strict=True):
            self.add_widget(SectionHeading(theme, side))
            proof = opened.removal.evidence.proofs.get(claim)
            by = self.add_field("Who signed", QLineEdit(proof.by if proof else ""))
            by.control.setAccessibleName(f"{side}: who signed")
            on = self.add_field("On", day_edit(proof.on if proof else today, latest=today))
            on.control.setAccessibleName(f"{side}: on which day")
            self.add_side_by_side(by, on)
            what = self.add_field("On which paper", QLineEdit(proof.what if proof else ""))
            what.control.setAccessibleName(f"{side}: on which paper")
            self.by.append(by)
            self.on.append(on)
            self.what.append(what)
        self.by[0].control.setFocus()
        self.fit()

    def check(self) -> bool:
        """Say beside each field what is missing; True when nothing is."""
        named = [needs(field, "Say who signed.") for field in self.by]
        shown = [needs(field, "Say which paper bears the signature.") for field in self.what]
        hands = [field.control.text().strip().casefold() for field in self.by]
        if all(named) and hands[0] == hands[1]:
            self.by[1].set_error("Somebody else signs for the authority.")
            return False
        return all((*named, *shown))

    def signing_off(self) -> UseCase:
        """Give the use case that keeps both."""
        school, authority = (
            Proof(what.control.text().strip(), by.control.text().strip(), day_in(on.control))
            for what, by, on in zip(self.what, self.by, self.on, strict=True)
        )
        return partial(removal_acts.sign_off_enquiries, removal_id=self._removal_id, school=school, authority=authority)


class EnquiriesDialog(EntryDialog):
    """Asks how far the joint enquiries of school and authority have come."""

    def __init__(self, theme: Theme, *, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title="Joint enquiries with the authority", accept="Save", parent=parent)
        results = tuple(
            (title_of(Event(EventKind.JOINT_ENQUIRIES, today, outcome=each)), each) for each in EnquiryResult
        )
        self.outcome = self.add_field("How far they are", choice_box(results))
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme), hint="Who asked whom, and what was learned")
        self.outcome.control.setFocus()
        self.fit()

    def recording(self, removal_id: RemovalId) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            removal_return.record_joint_enquiries, removal_id=removal_id, outcome=self.outcome.control.chosen,
            on=day_in(self.day.control), words=self.said.control.toPlainText(),
        )  # fmt: skip


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


class FollowingDialog(EntryDialog):
    """Asks for the day and the words of what follows a removal: the file sent, the receipt, the arrival."""

    def __init__(self, theme: Theme, *, title: str, hint: str, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, title=title, accept="Save", parent=parent)
        self.day = self.add_field("Day", day_edit(today, latest=today))
        self.said = self.add_field("Words", words_edit(theme=theme), hint=hint)
        self.said.control.setFocus()
        self.fit()

    def recording(self, removal_id: RemovalId, kind: EventKind) -> UseCase:
        """Give the use case that writes it down."""
        return partial(
            removal_return.record_following, removal_id=removal_id, kind=kind, on=day_in(self.day.control),
            words=self.said.control.toPlainText(),
        )  # fmt: skip


# -- private and shared ----------------------------------------------------------------------------------------


def first_day_edit(today: date, *, day: date | None = None) -> QDateEdit:
    """Build a field for a day that is today or later."""
    edit = day_edit(max(today, day or today))
    edit.setMinimumDate(QDate(today.year, today.month, today.day))
    return edit


def set_day(edit: QDateEdit, day: date) -> None:
    """Show a day in its field."""
    edit.setDate(QDate(day.year, day.month, day.day))


def needs(field: Field[QLineEdit], error: str) -> bool:
    """Say in a field what is missing where it is empty; True where it is not."""
    field.set_error("" if field.control.text().strip() else error)
    return not field.error


def _say_ground(ground: Ground, day: date) -> str:
    letter = ground.letter_on(day)
    return f"{ground.title} ({letter})" if letter else ground.title


def _short(claim: Claim) -> str:
    return capital(claim.value.replace("-", " "))
