"""The buttons: one primary act a screen, quiet others, and links that act."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QPushButton, QSizePolicy

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.ui.style.theme import Theme


_GAP: Final = 4
"""More room between an icon and its words than Qt leaves."""


class _Button(QPushButton):
    """A push button of one look, with an icon that follows the theme; Enter presses it as Space does."""

    look = "secondary"
    role = "body"
    icon_token = "text2"  # noqa: S105  a colour token

    def __init__(self, theme: Theme, text: str, *, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self._theme = theme
        self._icon_name = icon
        self.setProperty("look", self.look)
        self.setAutoDefault(True)
        self.setCursor(QCursor())
        theme.changed.connect(self._take_look)
        self._take_look()

    def disable(self, why: str) -> None:
        """Make it unusable and say why in the tooltip."""
        self.setEnabled(False)
        self.setToolTip(why)

    def enable(self) -> None:
        """Make it usable again."""
        self.setEnabled(True)
        self.setToolTip("")

    def set_icon(self, name: str) -> None:
        """Show another icon before the words."""
        self._icon_name = name
        self._take_look()

    def _take_look(self) -> None:
        self.setFont(self._theme.font(self.role))
        if self._icon_name:
            side, gap = self._theme.scaled(16), self._theme.scaled(_GAP) if self.text() else 0
            self.setIconSize(QSize(side + gap, side))
            self.setIcon(self._theme.icon(self._icon_name, self.icon_token, 16, gap=gap))


class PrimaryButton(_Button):
    """The one act that moves the work on."""

    look = "primary"
    role = "body-strong"
    icon_token = "on_accent"  # noqa: S105  a colour token


class SecondaryButton(_Button):
    """Any other act."""


class DangerButton(_Button):
    """An act where a child may be at risk: crimson border and words."""

    look = "danger"
    role = "body-strong"
    icon_token = "now"  # noqa: S105  a colour token


class FlatButton(_Button):
    """An act of the window's own frame, without a border until it has the focus."""

    look = "flat"

    def set_strong(self, *, strong: bool) -> None:
        """Make the words semibold where this act comes before the others."""
        self.role = "body-strong" if strong else "body"
        self._take_look()


class LinkButton(_Button):
    """Words in the accent colour that act: ``Ask the lead``."""

    look = "text"
    icon_token = "accent"  # noqa: S105  a colour token

    def __init__(self, theme: Theme, text: str, *, icon: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(theme, text, icon=icon, parent=parent)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
