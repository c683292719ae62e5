"""The first user with a password, and the recovery key to keep in the safe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtGui import QFont, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from cme_desktop.domain.cases import Role
from cme_desktop.ui.first_run.page import Page, need
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

SHORTEST: Final = 10
_FAIR: Final = 14
_STRONG: Final = 20


def say_strength(password: str) -> str:
    """How strong a password is, in words."""
    if not password:
        return "Three or four words that do not belong together are easy to remember and hard to guess."
    if len(password) < SHORTEST:
        return f"Too short: {len(password)} of at least {SHORTEST} characters."
    different = len(set(password.casefold()))
    if different < SHORTEST // 2 or len(password) < _FAIR:
        return "Weak: make it longer, or of more different letters."
    return "Good." if len(password) < _STRONG else "Strong."


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
        self.key = QLineEdit()
        self.key.setReadOnly(True)
        self.key.setAccessibleName("Recovery key")
        self.key.setFont(_key_font(theme))
        self.confirmed = QCheckBox("It is printed or saved, and is going into the safe")
        self.confirmed.setFont(theme.font("body"))
        self.confirmed.toggled.connect(self.edited)
        self._note = Label(theme, "", role="small", token="text2", wraps=True)  # noqa: S106  a colour token
        self._missing = Banner(
            theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="Say first that the key is kept", wraps=True
        )
        self._missing.hide()
        self._build()

    def show_key(self, recovery_key: str) -> None:
        """Show the key just made."""
        self.key.setText(recovery_key)

    def check(self) -> bool:
        self._missing.setVisible(not self.confirmed.isChecked())
        return self.confirmed.isChecked()

    def save_to(self, path: Path) -> None:
        """Write the key to a file."""
        try:
            path.write_text(_paper(self.key.text()), encoding="utf-8")
        except OSError as error:
            self._note.setText(f"It could not be saved there: {error.strerror}. Choose another place.")
            return
        self._note.setText("Saved. Move the file to a place apart from this computer.")

    def _build(self) -> None:
        frame = QFrame()
        frame.setProperty("look", "sunken")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(16, 16, 16, 16)
        inside.addWidget(self.key)
        line = QHBoxLayout()
        for words, icon, act in (
            ("Print", "printer", self._print),
            ("Save to a file", "save", self._save),
            ("Copy", "copy", self._copy),
        ):
            button = SecondaryButton(self.theme, words, icon=icon)
            button.clicked.connect(act)
            line.addWidget(button)
        line.addStretch(1)
        inside.addLayout(line)
        inside.addWidget(self._note)
        self.body.addWidget(frame)
        self.body.addWidget(self.confirmed)
        self.body.addWidget(self._missing)
        self.end()

    def _print(self) -> None:
        from PySide6.QtGui import QTextDocument  # noqa: PLC0415  printing is seldom
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415  as above

        printer = QPrinter()
        printer.setDocName("CME Desktop")
        if QPrintDialog(printer, self).exec():
            document = QTextDocument()
            document.setPlainText(_paper(self.key.text()))
            document.print_(printer)
            self._note.setText("Sent to the printer.")

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save the recovery key", "recovery-key.txt", "Text (*.txt)")
        if name:
            self.save_to(Path(name))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.key.text())
        self._note.setText("Copied. Paste it into your password manager, then copy something else.")


def _paper(recovery_key: str) -> str:
    return (
        "CME Desktop: recovery key\n\n"
        f"{recovery_key}\n\n"
        "It opens the school's records when every password is forgotten. Keep it in the safe, apart from them.\n"
    )


def _key_font(theme: Theme) -> QFont:
    font = theme.font("heading")
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.0)
    return font
