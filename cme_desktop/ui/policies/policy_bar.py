"""What stands above a policy's parts: which version it is, what is to be corrected, the acts, what was just done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from cme_desktop.casework.in_words import count_of
from cme_desktop.casework.own_policy import ONLY_THEY_ADOPT
from cme_desktop.policy.wording import say_day
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import LinkButton, PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.casework.own_policy import PolicyDesk
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.style.theme import Theme

_IN_A_NARROW_LINE: Final = 4


class PolicyBar(QWidget):
    """Title, state, acts and a banner. ``export_asked`` carries the ending of the file asked for."""

    export_asked = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._is_narrow = False
        self._has_draft = False
        self.state = Label(theme, token="text2", wraps=True)  # noqa: S106  a colour token
        self.to_correct = LinkButton(theme, "", icon="circle-alert")
        self.close_button = SecondaryButton(theme, "Close")
        self.adopt = PrimaryButton(theme, "Adopt…")
        self.compare = SecondaryButton(theme, "Compare…")
        self.simulate = SecondaryButton(theme, "Simulate…")
        self.versions = SecondaryButton(theme, "Versions…")
        self.export = SecondaryButton(theme, "Export")
        self.load = SecondaryButton(theme, "Load…")
        self.start = SecondaryButton(theme, "Start again…")
        self.authority = SecondaryButton(theme, "Authority’s policy…")
        self.banner = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True, parent=self)
        self._acts = QGridLayout()
        self._build(theme)

    def say_state(self, desk: PolicyDesk, *, is_changed: bool, faults: int) -> None:
        """Say which version there is, and whether what is shown is another."""
        self.to_correct.setText(f"{count_of(faults, 'thing')} to correct")
        self.to_correct.setVisible(faults > 0)
        self.state.setText(_say_state(desk, is_changed=is_changed))

    def show_problem(self, problem: CmeError) -> None:
        """Say what stands in the way of an act."""
        self._say("triangle-alert", ChipKind.TODAY, problem.title, f"{problem.detail} {problem.remedy}".strip())

    def warn(self, sentence: str) -> None:
        """Say why an act is not begun."""
        self._say("triangle-alert", ChipKind.TODAY, sentence)

    def tell(self, sentence: str) -> None:
        """Say what was done."""
        self._say("circle-check", ChipKind.OK, sentence)

    def show_acts(self, *, has_draft: bool) -> None:
        """Offer what can be done: with nothing on the screen there is nothing to adopt, compare or export."""
        self._has_draft = has_draft
        for button in (self.adopt, self.compare, self.simulate, self.export):
            button.setVisible(has_draft)
        self.start.setText("Start again…" if has_draft else "Start…")
        self._flow()

    def take_room(self, *, is_narrow: bool) -> None:
        """Put the acts in one line, or in a narrow window in two."""
        self._is_narrow = is_narrow
        self._flow()

    def _say(self, icon: str, kind: ChipKind, sentence: str, remedy: str = "") -> None:
        self.banner.say(kind=kind, icon=icon, sentence=sentence, remedy=remedy)
        self.banner.show()
        announce(self.banner, f"{sentence} {remedy}".strip())

    def _build(self, theme: Theme) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(8)
        head = QHBoxLayout()
        head.addWidget(Label(theme, "The school’s policy", role="title"))
        head.addStretch(1)
        head.addWidget(self.to_correct)
        head.addWidget(self.close_button)
        outer.addLayout(head)
        outer.addWidget(self.state)
        self._acts.setHorizontalSpacing(8)
        self._acts.setVerticalSpacing(6)
        outer.addLayout(self._acts)
        outer.addWidget(self.banner)
        self.banner.hide()
        self.to_correct.hide()
        menu = QMenu(self.export)
        for words, suffix in (("As a PDF to read…", ".pdf"), ("As a file for another school…", ".toml")):
            action = QAction(words, self)
            action.setData(suffix)
            menu.addAction(action)
        menu.triggered.connect(lambda action: self.export_asked.emit(action.data()))
        self.export.setMenu(menu)

    def _flow(self) -> None:
        on_draft = (self.adopt, self.compare, self.simulate, self.export)
        order: tuple[QPushButton, ...] = (
            self.adopt, self.compare, self.simulate, self.versions, self.export, self.load, self.start, self.authority,
        )  # fmt: skip
        for button in order:
            self._acts.removeWidget(button)
        columns = _IN_A_NARROW_LINE if self._is_narrow else len(order)
        shown = [button for button in order if self._has_draft or button not in on_draft]
        for place, button in enumerate(shown):
            self._acts.addWidget(button, place // columns, place % columns, Qt.AlignmentFlag.AlignLeft)
        for column in range(len(order) + 1):
            self._acts.setColumnStretch(column, 1 if column == columns else 0)


def _say_state(desk: PolicyDesk, *, is_changed: bool) -> str:
    parts = []
    if desk.in_force is not None:
        parts.append(f"Version {desk.in_force.version}, in force since {say_day(desk.in_force.from_day)}.")
    if desk.newest is not None and desk.newest != desk.in_force:
        parts.append(f"Version {desk.newest.version} holds from {say_day(desk.newest.from_day)}.")
    if not parts:
        parts.append("The school has adopted no policy of its own; the law is in force.")
    if desk.authority is not None:
        parts.append(f"Beside it that of {desk.authority.title}, since {say_day(desk.authority.from_day)}.")
    if is_changed:
        parts.append("What you see is changed and not adopted.")
    if not desk.may_adopt:
        parts.append(ONLY_THEY_ADOPT)
    return " ".join(parts)
