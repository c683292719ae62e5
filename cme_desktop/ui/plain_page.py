"""A page of headings and lines, each a label with its value: for those who see no child."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.section_heading import SectionHeading

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cme_desktop.ui.style.theme import Theme

_WIDEST = 760


class PlainPage(QScrollArea):
    """Scrolls where it must; the arrow keys move it, and each line is spoken as one."""

    def __init__(self, theme: Theme, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_groups(self, groups: Iterable[tuple[str, Iterable[tuple[str, str]]]]) -> None:
        """Show these headings, each with its lines."""
        inner = QWidget()
        inner.setProperty("look", "pane")
        inner.setMaximumWidth(self._theme.scaled(_WIDEST))
        column = QVBoxLayout(inner)
        column.setContentsMargins(20, 12, 20, 20)
        column.setSpacing(6)
        for heading, lines in groups:
            column.addWidget(SectionHeading(self._theme, heading))
            column.addWidget(self._build_lines(lines))
        column.addStretch(1)
        self.setWidget(inner)

    def _build_lines(self, lines: Iterable[tuple[str, str]]) -> QWidget:
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 10)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(0, 1)
        for row, (label, value) in enumerate(lines):
            said = Label(self._theme, label, wraps=True)
            number = Label(self._theme, value, role="body-strong")
            number.setAccessibleName(f"{label}: {value}")
            grid.addWidget(said, row, 0)
            grid.addWidget(number, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        return box
