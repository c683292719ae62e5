"""The head of a case: whose it is, what is next and how it stands, and what can be done with it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from cme_desktop.casework.cases import CaseFile
from cme_desktop.casework.in_words import count_of, say_day
from cme_desktop.domain.cases import CaseStatus
from cme_desktop.policy.rule import Severity
from cme_desktop.ui.cases.case_list import say_due
from cme_desktop.ui.widgets.avatar import Avatar
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import Chip, ChipKind
from cme_desktop.ui.widgets.elided_label import ElidedLabel

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from cme_desktop.ui.style.theme import Theme

_SEEN: Final = 200
_GAP: Final = 12


class CaseHead(QWidget):
    """Name and number, chips, and the buttons of the acts; whoever holds it connects them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._avatar = Avatar(theme)
        self._names = _NameLine(theme)
        self.name = self._names.name
        self.next_chip = Chip(theme, "")
        self.seen_chip = Chip(theme, "")
        self.state_chip = Chip(theme, "")
        self.held_chip = Chip(theme, "Records held", icon="lock")
        self.more = SecondaryButton(theme, "More")
        self.add = SecondaryButton(theme, "Add to history", icon="plus")
        self.reopen = SecondaryButton(theme, "Open again", icon="folder-open")
        self.prepare = PrimaryButton(theme, "Prepare record", icon="file-signature")
        self._build()

    def show_case(self, file: CaseFile, *, today: date) -> None:
        """Show whose case this is and how it stands on this day."""
        case, pupil = file.case, file.pupil
        self._avatar.set_initials(pupil.initials)
        about = (pupil.class_name, f"case {case.number}", _say_age(file, today=today))
        self._names.say(pupil.known_as, ", ".join(part for part in about if part))
        self._say_next(file, today=today)
        self.seen_chip.set_chip(_say_seen(file, today=today), kind=ChipKind.PLAIN)
        self.seen_chip.setMinimumWidth(min(self.seen_chip.sizeHint().width(), self._theme.scaled(_SEEN)))
        waits = case.status is CaseStatus.WAITING_FOR_AUTHORITY
        said = case.outcome.in_words if case.outcome else "Waiting for the authority"
        self.state_chip.set_chip(said, kind=ChipKind.PLAIN)
        self.state_chip.setVisible(waits or case.outcome is not None)
        self.held_chip.setVisible(file.is_held)
        self.held_chip.setMinimumWidth(self.held_chip.sizeHint().width())
        self.wait_act.setText("Go on without waiting" if waits else "Wait for the authority")
        for button in (self.add, self.more):
            button.setVisible(not case.is_closed)
        self.reopen.setVisible(case.is_closed)

    def set_narrow(self, *, is_narrow: bool) -> None:
        """Put the buttons under the name where there is little room."""
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._layout.setDirection(down if is_narrow else across)

    def _say_next(self, file: CaseFile, *, today: date) -> None:
        first = file.tasks[0] if file.tasks else None
        self.next_chip.setVisible(first is not None)
        if first is None:
            return
        kind = {Severity.NOW: ChipKind.NOW, Severity.TODAY: ChipKind.TODAY}.get(first.severity, ChipKind.PLAIN)
        step = first.text.partition(";")[0].rstrip(".")
        due = say_due(first.due, today=today)
        when = f"Late, due {due}" if first.overdue else f"Next, {due}"
        self.next_chip.set_chip(f"{when}: {step[:1].lower()}{step[1:]}", kind=kind)
        self.next_chip.setToolTip(first.text)

    def _build(self) -> None:
        self.more.setAccessibleName("More acts on this case")
        menu = QMenu(self.more)
        self.close_act = menu.addAction("Close the case")
        self.wait_act = menu.addAction("Wait for the authority")
        self.more.setMenu(menu)
        self.add.setToolTip("Ctrl H")
        self.prepare.setToolTip("Ctrl R")
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(_GAP)
        who = QHBoxLayout()
        who.setSpacing(_GAP)
        who.addWidget(self._avatar)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self._names)
        chips = QHBoxLayout()
        chips.setSpacing(6)
        for chip in (self.next_chip, self.seen_chip, self.state_chip, self.held_chip):
            chips.addWidget(chip)
        chips.addStretch(1)
        words.addLayout(chips)
        who.addLayout(words, 1)
        acts = QHBoxLayout()
        acts.setSpacing(8)
        for button in (self.more, self.add, self.reopen, self.prepare):
            acts.addWidget(button)
        acts.addStretch(1)
        self._layout.addLayout(who, 1)
        self._layout.addLayout(acts)


class _NameLine(QWidget):
    """A name with what is said about it beside it, or below it where the two do not fit on one line."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.name = ElidedLabel(theme, role="title")
        self._about = ElidedLabel(theme, token="text2")  # noqa: S106  a colour token
        self.name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.addWidget(self.name)
        self._layout.addWidget(self._about, 1)
        theme.changed.connect(self._share)

    def say(self, name: str, about: str) -> None:
        """Show these words."""
        self.name.setText(name)
        self._about.setText(about)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def _share(self) -> None:
        wanted = self.name.sizeHint().width() + _GAP + self._about.sizeHint().width()
        fits = wanted <= self.width()
        self._layout.setSpacing(_GAP if fits else 0)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._layout.setDirection(across if fits else down)


def _say_age(file: CaseFile, *, today: date) -> str:
    case = file.case
    if case.is_closed and case.closed_on:
        return f"closed {say_day(case.closed_on)}"
    if file.school_days_open:
        return f"open {count_of(file.school_days_open, 'school day')}"
    return "opened today" if case.opened_on == today else f"opened {say_day(case.opened_on)}"


def _say_seen(file: CaseFile, *, today: date) -> str:
    if file.last_seen is None:
        return "Never seen"
    return "Seen today" if file.last_seen == today else f"Not seen since {say_day(file.last_seen)}"
