"""The first user with a password, and the recovery key to keep in the safe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit

from cme_desktop.domain.cases import Role
from cme_desktop.ui.first_run.page import Page, need
from cme_desktop.ui.password_words import SHORTEST, say_strength
from cme_desktop.ui.recovery_key_paper import RecoveryKeyPaper
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme


class PasswordPage(Page):
    """Who opens the records first; more people can be added later."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme,
            name="First password",
            title="Your name and password",
            about="The records are encrypted. Only people you add can open them, each with a password of their own.",
        )
        self.user = self.add_text("Your name", hint="As it stands under what you sign.", width=480)
        self.role = Field(theme, "You are the", QComboBox())
        for role in Role:
            self.role.control.addItem(role.in_words, role.value)
        self.password = Field(theme, "Password", QLineEdit(), hint=say_strength(""))
        self.again = Field(theme, "Password again", QLineEdit())
        for field in (self.role, self.password, self.again):
            field.setMaximumWidth(theme.scaled(480))
            self.body.addWidget(field)
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
        self.password.set_error("" if len(password) >= SHORTEST else say_strength(password or "x"))
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
        self.confirmed.toggled.connect(self.edited)
        self._missing = Banner(
            theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="Say first that the key is kept", wraps=True
        )
        self._missing.hide()
        self.body.addWidget(self.paper)
        self.body.addWidget(self._missing)
        self.end()

    def show_key(self, recovery_key: str) -> None:
        """Show the key just made."""
        self.paper.show_key(recovery_key)

    def check(self) -> bool:
        self._missing.setVisible(not self.confirmed.isChecked())
        return self.confirmed.isChecked()
