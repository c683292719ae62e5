"""The banner that says that rules did not answer for their made-up pupils, and the rules by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cme_desktop.casework.self_test import REMEDY, SelfTest
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.dialog import AskDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme

_NAMED = 8


class RulesBanner(Banner):
    """Stands above everything else on Today while the list can't be trusted; it can't be put away."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(
            theme,
            kind=ChipKind.NOW,
            icon="triangle-alert",
            sentence="",
            remedy=REMEDY,
            button="Which rules?",
            wraps=True,
            parent=parent,
        )
        self._test: SelfTest | None = None
        self.pressed.connect(self.name_rules)
        self.hide()

    def show_test(self, test: SelfTest) -> None:
        """Say what a self-test found; go where every rule answered."""
        was_shown = self.isVisible()
        self._test = test
        self.say(
            kind=ChipKind.NOW, icon="triangle-alert", sentence=test.alarm, remedy=REMEDY, button="Which rules?"
        )  # fmt: skip
        self.setVisible(not test.passed)
        if not test.passed and not was_shown:
            announce(self, f"{test.alarm}. {REMEDY}")

    def name_rules(self) -> None:
        """Name the rules that did not answer, with what went wrong; the rest are counted."""
        dialog = self.dialog()
        if dialog is not None:
            dialog.exec()

    def dialog(self) -> AskDialog | None:
        """Make the window that names them; None while every rule answers."""
        test = self._test
        if test is None or test.passed:
            return None
        points = [f"{one.title} ({one.rule_id}). {one.why}" for one in test.failures[:_NAMED]]
        if len(test.failures) > _NAMED:
            points.append(f"And {len(test.failures) - _NAMED} more.")
        return AskDialog(
            self._theme, title=test.alarm, sentence=REMEDY, points=tuple(points), reject="Close", parent=self.window()
        )
