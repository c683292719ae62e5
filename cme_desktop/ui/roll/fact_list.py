"""What is known in a life: labels with their values, and what is still missing said as missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cme_desktop.casework.lives.life import Fact
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLayoutItem

    from cme_desktop.ui.style.theme import Theme


class FactList(QWidget):
    """A label in the second ink over its value; a value that is missing is amber."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)

    def show_facts(self, facts: tuple[Fact, ...]) -> None:
        """Show these facts."""
        while (item := self._layout.takeAt(0)) is not None:
            _drop(item)
        for fact in facts:
            self._layout.addWidget(self._build_fact(fact))

    def _build_fact(self, fact: Fact) -> QWidget:
        box = QWidget()
        box.setAccessibleName(f"{fact.label}: {fact.value}")
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(Label(self._theme, fact.label, role="small", token="text2"))  # noqa: S106  a colour token
        token = "today" if fact.is_missing else "text"
        layout.addWidget(Label(self._theme, fact.value, token=token, wraps=True))
        return box


def _drop(item: QLayoutItem) -> None:
    widget = item.widget()
    if widget is not None:
        widget.hide()
        widget.deleteLater()
