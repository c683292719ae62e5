"""The Numbers tab: what a governor reads, counts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout

from cme_desktop.casework.numbers import SchoolNumbers, load_numbers
from cme_desktop.ui.plain_page import PlainPage
from cme_desktop.ui.tab import Tab
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.tab import TabContext

_ABOUT = (
    "Numbers only: no child can be opened or found here. A number of children under five is not given, because in a "
    "small school it could point at one of them."
)


class NumbersTab(Tab):
    """A heading, the moment, and groups of numbers."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        theme = context.theme
        self.as_at = Label(theme, "", token="text2")  # noqa: S106  a colour token
        self.page = PlainPage(theme, name="The school in numbers")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 0)
        layout.setSpacing(6)
        layout.addWidget(Label(theme, "The school in numbers", role="title"))
        layout.addWidget(self.as_at)
        layout.addWidget(Label(theme, _ABOUT, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addWidget(self.page, 1)
        self.reload()

    def take_focus(self) -> None:
        """Put the keyboard on the numbers, which the arrow keys scroll."""
        self.page.setFocus()

    def reload(self) -> None:
        """Count again."""
        self.context.background.run(load_numbers, done=self._show)

    def _show(self, numbers: SchoolNumbers) -> None:
        self.as_at.setText(f"As at {numbers.as_at}")
        self.page.show_groups(
            (group.title, [(line.label, line.value) for line in group.lines]) for group in numbers.groups
        )
