"""Beginning a policy, adopting it from a day on, and the local authority's policy beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate

from cme_desktop.policy.school_policy import PolicyKind
from cme_desktop.policy.wording import say_day
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, choice_box, day_edit, day_in, words_edit

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.own_policy import PolicyDesk, VersionLine
    from cme_desktop.policy.school_policy import SchoolPolicy
    from cme_desktop.ui.style.theme import Theme


class _FromADayDialog(EntryDialog):
    """Something that holds from a day on, today or later, and why."""

    asked_for_reason = "Say why."

    def add_day_and_reason(
        self, theme: Theme, today: date, *, day_label: str, day_hint: str, why_hint: str = ""
    ) -> None:
        """Add the two fields."""
        day = day_edit(today)
        day.setMinimumDate(QDate(today.year, today.month, today.day))
        self.day = self.add_field(day_label, day, hint=day_hint)
        self.why = self.add_field("Why", words_edit(theme=theme), hint=why_hint)

    @property
    def from_day(self) -> date:
        """The first day on which it holds."""
        return day_in(self.day.control)

    @property
    def reason(self) -> str:
        """Why."""
        return self.why.control.toPlainText().strip()

    def check(self) -> bool:
        self.why.set_error("" if self.reason else self.asked_for_reason)
        return not self.why.error


class AdoptDialog(_FromADayDialog):
    """From which day a version holds, and why."""

    asked_for_reason = "Say why: whoever reads the policy later will ask."

    def __init__(self, theme: Theme, desk: PolicyDesk, draft: SchoolPolicy, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, title=f"Adopt “{draft.title}”", sentence=_say_what_happens(desk, draft), accept="Adopt it",
            parent=parent,
        )  # fmt: skip
        self.add_day_and_reason(
            theme, desk.today, day_label="It holds from", day_hint="Today or later. Earlier days keep what held then.",
            why_hint="For example: agreed by the governors on 9 November.",
        )  # fmt: skip
        self.fit()


class StartDialog(EntryDialog):
    """Blank, or as a copy of a policy that comes with the program. ``chosen`` is its id, empty for blank."""

    def __init__(self, theme: Theme, desk: PolicyDesk, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            title="Start the school’s policy",
            sentence="It is a draft until you adopt it. What the school has adopted stays in force until then.",
            accept="Start",
            parent=parent,
        )
        offers = [(f"A copy of {one.policy.title}", one.policy.id) for one in desk.supplied]
        box: ChoiceBox[str] = choice_box([*offers, ("Blank: the law alone", "")])
        self.choice = self.add_field("Start with", box)
        self.abouts = {one.policy.id: one.policy.about for one in desk.supplied}
        box.currentIndexChanged.connect(lambda _: self._tell())
        self._tell()
        self.fit()

    @property
    def chosen(self) -> str:
        """The supplied policy to copy; empty for a blank one."""
        return self.choice.control.chosen

    def _tell(self) -> None:
        self.choice.set_hint(self.abouts.get(self.chosen, "Nothing stands in it yet: add clauses and steps yourself."))


class AuthorityDialog(_FromADayDialog):
    """The local authority's policy beside the school's own: adopt one, or give it up. ``chosen`` None gives it up."""

    def __init__(
        self, theme: Theme, desk: PolicyDesk, loaded: SchoolPolicy | None = None, parent: QWidget | None = None
    ) -> None:
        held = desk.authority
        super().__init__(
            theme, title="The local authority’s policy", sentence=_say_held(held), accept="Save", parent=parent,
        )  # fmt: skip
        offered = [one.policy for one in desk.supplied if one.policy.kind is PolicyKind.AUTHORITY]
        if loaded is not None:
            offered.insert(0, loaded)
        choices: list[tuple[str, SchoolPolicy | None]] = [(f"Adopt that of {one.title}", one) for one in offered]
        if held is not None:
            choices.append((f"Give up that of {held.title}", None))
        box: ChoiceBox[SchoolPolicy | None] = choice_box(choices)
        self.choice = self.add_field("What to do", box)
        self.add_day_and_reason(theme, desk.today, day_label="From", day_hint="Today or later.")
        if not choices:
            self.choice.set_error("No authority’s policy comes with the program. Load one from a file.")
            self.accept_button.disable("There is none to adopt.")
        self.fit()

    @property
    def chosen(self) -> SchoolPolicy | None:
        """The policy to adopt; None to give up the one held."""
        return self.choice.control.chosen


def _say_what_happens(desk: PolicyDesk, draft: SchoolPolicy) -> str:
    newest = desk.newest
    if newest is None:
        return "It becomes the school’s policy, beside the law."
    if newest.policy_id != draft.id:
        return f"It takes the place of {newest.title}, which ends the day before and stays with the records."
    waits = newest != desk.in_force
    more = (
        f" Version {newest.version}, which was to hold from {say_day(newest.from_day)}, gives way to it."
        if waits
        else ""
    )
    return f"It becomes version {newest.version + 1}. The versions before it stay with the records.{more}"


def _say_held(held: VersionLine | None) -> str:
    if held is None:
        return "The school follows none yet. It may follow one, beside its own policy."
    return f"The school follows that of {held.title}, version {held.version}, since {say_day(held.from_day)}."
