"""A recovery key on screen: to print, save or copy, and tested at once by typing a piece of the print."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLineEdit, QWidget

from cme_desktop.ui.kept_paper import KeptPaper
from cme_desktop.ui.widgets.field import Field

if TYPE_CHECKING:
    from cme_desktop.ui.style.theme import Theme

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "last")


class RecoveryKeyPaper(KeptPaper):
    """The key, three ways to keep it, and two proofs of it: a box that says so, and a group typed from the print."""

    kept_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.key = QLineEdit()
        self.key.setReadOnly(True)
        self.key.setAccessibleName("Recovery key")
        self.key.setFont(_key_font(theme))
        super().__init__(
            theme, self.key, name="recovery key", file_name="recovery-key.txt",
            kept="It is printed or saved, and is going into the safe", parent=parent,
        )  # fmt: skip
        self.asked = 0
        self.group = Field(theme, "Type the first group of four", QLineEdit(), hint="From the print, not the screen.")
        self.group.setMaximumWidth(theme.scaled(380))
        self.body.addWidget(self.group)
        self.confirmed.toggled.connect(lambda _: self.kept_changed.emit())
        self.group.control.textEdited.connect(lambda _: self.kept_changed.emit())

    def show_key(self, recovery_key: str) -> None:
        """Show the key just made, and ask for one of its groups."""
        self.key.setText(recovery_key)
        self.asked = secrets.randbelow(len(_ORDINALS))
        self.group.set_label(f"Type the {_ORDINALS[self.asked]} group of four")

    @property
    def asked_group(self) -> str:
        """The group that is asked for."""
        groups = self.key.text().split("-")
        return groups[self.asked % len(groups)]

    @property
    def is_kept(self) -> bool:
        """Whether it is said to be kept, and the group asked for was typed."""
        return self.confirmed.isChecked() and _tidy(self.group.control.text()) == _tidy(self.asked_group)

    def check(self) -> bool:
        """Whether it is kept; where the group is wrong, the field says so."""
        typed = _tidy(self.group.control.text())
        wrong = "This group differs. Compare the print with the screen." if typed else "Type four letters or digits."
        self.group.set_error("" if typed == _tidy(self.asked_group) else wrong)
        return self.is_kept

    def words(self) -> str:
        return (
            "CME Desktop: recovery key\n\n"
            f"{self.key.text()}\n\n"
            "It opens the school's records when every password is forgotten. Keep it in the safe, apart from them.\n"
        )

    def words_to_copy(self) -> str:
        return self.key.text()


def _tidy(group: str) -> str:
    return group.strip().upper().translate(str.maketrans("018", "OIB"))


def _key_font(theme: Theme) -> QFont:
    font = theme.font("heading")
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 1.0)
    return font
