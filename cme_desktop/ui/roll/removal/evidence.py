"""What is brought for a removal: the proof of each claim, and the enquiries of both sides."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDateEdit, QLineEdit

from cme_desktop.casework.history import title_of
from cme_desktop.casework.in_words import capital
from cme_desktop.casework.lives import removal_acts, removal_return
from cme_desktop.casework.lives.removal_desk import OpenedRemoval
from cme_desktop.casework.lives.removal_refusals import DATED, SIDES
from cme_desktop.domain.events import EnquiryResult, Event, EventKind
from cme_desktop.policy.removal_evidence import Claim, Proof
from cme_desktop.ui.entry_dialog import EntryDialog, choice_box, day_edit, day_in, words_edit
from cme_desktop.ui.roll.removal.fields import needs, set_day
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.identifiers import RemovalId
    from cme_desktop.ui.asker import UseCase
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.widgets.field import Field


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
        self.draft_about = claim.value if claim is not None else ""
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


def _short(claim: Claim) -> str:
    return capital(claim.value.replace("-", " "))
