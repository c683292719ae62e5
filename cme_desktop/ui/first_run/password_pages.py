"""The first user with a password, and the recovery key to keep in the safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from cme_desktop.casework.in_words import capital
from cme_desktop.domain.cases import Role
from cme_desktop.ui.first_run.page import WIDEST, Page, need
from cme_desktop.ui.password_words import say_fault, say_strength
from cme_desktop.ui.recovery_key_paper import RecoveryKeyPaper
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_NOT_KEPT: Final = "The recovery key is not kept yet"
_HOW: Final = "Print it or save it, tick the line above, and type the group that is asked for."


class PasswordPage(Page):
    """Who opens the records first; more people can be added later."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="First password",
            title="Your name and password",
            about="The records are encrypted. Only people you add can open them, each with a password of their own. "
            "Add the others afterwards: File, People and passwords.",
        )
        self.user = self.add_text("Your name", hint="As it stands under what you sign.", width=480)
        self.role = Field(theme, "You are the", QComboBox())
        for role in Role:
            self.role.control.addItem(capital(role.in_words), role.value)
        self.password = Field(theme, "Password", QLineEdit(), hint=say_strength(""))
        self.again = Field(theme, "Password again", QLineEdit())
        for field in (self.role, self.password, self.again):
            field.setMaximumWidth(theme.scaled(480))
            self.body.addWidget(field)
        for field in (self.password, self.again):
            self.forgive(field)
        self.shows = QCheckBox("Show password")
        self.shows.setFont(theme.font("body"))
        self.shows.toggled.connect(self._show_password)
        self.body.addWidget(self.shows)
        self._show_password(shown=False)
        self.password.control.textEdited.connect(self._rate)
        self.end()

    def check(self) -> bool:
        named = need(self.user, "Type your name.")
        password = self.password.control.text()
        self.password.set_error(say_fault(password))
        self.again.set_error("" if password == self.again.control.text() else "The two passwords differ.")
        return named and not self.password.error and not self.again.error

    def answers(self) -> dict[str, Any]:
        return {
            "user_name": self.user.control.text().strip(),
            "user_role": Role(self.role.control.currentData()),
            "password": self.password.control.text(),
        }

    def _rate(self, password: str) -> None:
        self.password.set_error("")
        self.password.set_hint(say_strength(password))

    def _show_password(self, shown: bool) -> None:  # noqa: FBT001  the slot of a Qt signal
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        for field in (self.password, self.again):
            field.control.setEchoMode(mode)


class RecoveryPage(Page):
    """The one way in when every password is forgotten: shown once, to print, save or copy."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="Recovery key",
            title="Your recovery key",
            about="If every password is forgotten, this opens the records. It is shown only now. Keep it in the safe.",
        )
        self.paper = RecoveryKeyPaper(theme)
        self.key, self.confirmed = self.paper.key, self.paper.confirmed
        self.group = self.paper.group
        self.paper.kept_changed.connect(self.edited)
        self._missing = Banner(
            theme,
            kind=ChipKind.TODAY,
            icon="triangle-alert",
            sentence=_NOT_KEPT,
            remedy=_HOW,
            wraps=True,
        )
        self._missing.hide()
        for part in (self.paper, self._missing):
            part.setMaximumWidth(theme.scaled(WIDEST))
        self.body.addWidget(self.paper)
        self.body.addWidget(self._missing)
        self.end()

    def show_key(self, recovery_key: str) -> None:
        """Show the key just made."""
        self.paper.show_key(recovery_key)

    def check(self) -> bool:
        is_kept = self.paper.check()
        self._missing.setVisible(not is_kept)
        return is_kept

    def warn_of_leaving(self) -> None:
        """Say what closing the window now would lose."""
        self._missing.say(
            kind=ChipKind.NOW,
            icon="triangle-alert",
            sentence=_NOT_KEPT,
            remedy="It is shown only now. Print it or save it first. Close the window again to leave without it.",
        )
        self._missing.show()
