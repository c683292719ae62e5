"""A new password with the printed recovery key, for somebody who has forgotten theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout

from cme_desktop.ui.password_words import say_fault, say_strength
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.style.theme import Theme


class RecoveryDialog(QDialog):
    """``reset_asked`` carries the recovery key and the new password; answer with ``show_refused`` or ``accept``."""

    reset_asked = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("New password with the recovery key")
        self.setMinimumWidth(theme.scaled(440))
        self.key = Field(
            theme, "Recovery key", QLineEdit(), hint="The printed one: eight groups of four, from the safe."
        )
        self.new = Field(theme, "New password", QLineEdit(), hint="At least ten characters.")
        self.again = Field(theme, "New password again", QLineEdit())
        for field in (self.key, self.new, self.again):
            field.control.textEdited.connect(lambda _, field=field: field.set_error(""))
        for field in (self.new, self.again):
            field.control.setEchoMode(QLineEdit.EchoMode.Password)
        self.new.control.textEdited.connect(lambda typed: self.new.set_hint(say_strength(typed)))
        self._set = PrimaryButton(theme, "Set the password")
        out = SecondaryButton(theme, "Not now")
        self._set.clicked.connect(self._ask)
        out.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(Label(theme, "Forgotten your password?", role="heading"))
        layout.addWidget(Label(theme, "Use the recovery key, or ask somebody who can open the records.", wraps=True))
        for field in (self.key, self.new, self.again):
            layout.addWidget(field)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self._set)
        line.addWidget(out)
        layout.addLayout(line)

    def show_refused(self, problem: CmeError) -> None:
        """Say why it was not done."""
        self._set.setEnabled(True)
        self.key.set_error(" ".join(part for part in (problem.title, problem.remedy) if part))
        self.key.control.setFocus()

    def _ask(self) -> None:
        new = self.new.control.text()
        self.key.set_error("" if self.key.control.text().strip() else "Type the recovery key.")
        self.new.set_error(say_fault(new))
        self.again.set_error("" if new == self.again.control.text() else "The two passwords differ.")
        wrong = next((field for field in (self.key, self.new, self.again) if field.error), None)
        if wrong is not None:
            wrong.control.setFocus()
            return
        self._set.setEnabled(False)
        self.reset_asked.emit(self.key.control.text(), self.new.control.text())
