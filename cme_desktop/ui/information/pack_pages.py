"""The pages of a pack: read here, then printed, or saved as a file that is locked or, where somebody says so, open."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QButtonGroup, QLineEdit, QRadioButton, QVBoxLayout

from cme_desktop.casework.held.pages import (
    print_pack,
    propose_name,
    refuse_short_password,
    save_pack,
    set_pack,
)
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.information.pages import RecordPagesDialog
from cme_desktop.ui.widgets.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.identifiers import RequestId
    from cme_desktop.ui.tab import TabContext

_SENTENCE: Final = (
    "Read every page before you give it. Printing and saving are written in the journal; papers come only with the "
    "saved file."
)


class PackPagesDialog(RecordPagesDialog):
    """The pages, and the choice how a file of them is saved; neither way is chosen beforehand."""

    def __init__(self, context: TabContext, request_id: RequestId, parent: QWidget | None = None) -> None:
        theme = context.theme
        self.locked = QRadioButton("With a password")
        self.unlocked = QRadioButton("Without: anybody reads it")
        self.unlocked.setToolTip("Whoever finds the file can read it.")
        self.group = QButtonGroup()
        self.password = Field(theme, "Password", QLineEdit(), hint="Tell it by telephone, not in the same message")
        self.again = Field(theme, "Once more", QLineEdit())
        super().__init__(
            context, title="What is held", sentence=_SENTENCE, name=propose_name(request_id),
            pages=partial(set_pack, request_id=request_id), give=partial(print_pack, request_id=request_id),
            write=partial(save_pack, request_id=request_id), parent=parent,
        )  # fmt: skip
        self.locked.toggled.connect(self._offer_password)

    def side(self) -> QVBoxLayout:
        """Lay out the choice above the buttons."""
        column = super().side()
        self.group.addButton(self.locked)
        self.group.addButton(self.unlocked)
        at = column.indexOf(self.save)
        for choice in (self.locked, self.unlocked):
            choice.setFont(self.context.theme.font("body"))
        for field in (self.password, self.again):
            field.control.setEchoMode(QLineEdit.EchoMode.Password)
            field.hide()
        for offset, widget in enumerate((self.locked, self.unlocked, self.password, self.again)):
            column.insertWidget(at + offset, widget)
        return column

    def choose_file(self) -> None:
        """Ask where to, once it is said how the file is kept."""
        if self.may_save():
            super().choose_file()

    def may_save(self) -> bool:
        """Whether it is said how the file is kept; say what is missing where it is not."""
        if not self.locked.isChecked() and not self.unlocked.isChecked():
            self.state.setText("Say first whether the file is saved with a password or without.")
            self.locked.setFocus()
            return False
        if self.unlocked.isChecked():
            return True
        return self._is_password_right()

    def write_pages(self, to: Path) -> Callable[[Office], Path]:
        password = self.password.control.text() if self.locked.isChecked() else None
        return partial(self._write, to=to, password=password)

    def _is_password_right(self) -> bool:
        password = self.password.control.text()
        try:
            refuse_short_password(password)
        except CmeError as problem:
            self.password.set_error(f"{problem.title} {problem.remedy}")
            self.password.control.setFocus()
            return False
        same = password == self.again.control.text()
        self.again.set_error("" if same else "This is not the same as above.")
        return same

    def _offer_password(self) -> None:
        for field in (self.password, self.again):
            field.setVisible(self.locked.isChecked())
