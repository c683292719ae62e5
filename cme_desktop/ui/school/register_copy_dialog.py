"""The month's copy of both registers: its days, its password, and where it goes."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDate, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from cme_desktop.casework import register_copy
from cme_desktop.casework.in_words import count_of, say_long_day
from cme_desktop.ui.entry_dialog import EntryDialog, day_edit, day_in
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.casework.register_copy import RegisterCopyDays, RegisterCopyMade
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_SENTENCE: Final = (
    "Lists and pages of who is on roll and of every mark, in one file that only the password you give it here opens. "
    "It needs no CME Desktop: 7-Zip opens it on Windows."
)
_WHERE: Final = (
    "Keep the copy away from this computer, and its password with the recovery key. Nobody can open it without."
)


class RegisterCopyDialog(EntryDialog):
    """Asks for the days and a password; says afterwards what the copy holds and where it is."""

    def __init__(self, context: TabContext, today: date, parent: QWidget | None = None) -> None:
        theme = context.theme
        super().__init__(
            theme, title="Copy of the registers", accept="Make the copy…", sentence=_SENTENCE, parent=parent
        )
        self._context = context
        self.first = Field(theme, "First day", day_edit(today, latest=today))
        self.last = Field(theme, "Last day", day_edit(today, latest=today))
        self.password = Field(theme, "Password of the copy", _password_edit())
        self.again = Field(theme, "The same again", _password_edit())
        self.about = Label(theme, "", role="small", wraps=True)
        self.add_side_by_side(self.first, self.last)
        self.add_widget(self.about)
        self.add_side_by_side(self.password, self.again)
        self.add_widget(Label(theme, _WHERE, token="text2", wraps=True))  # noqa: S106  a colour token
        self.submitted.connect(self._choose_file)
        self.fit()
        context.background.run(register_copy.propose_days, done=self._propose)

    def check(self) -> bool:
        """Say what is wrong with the days or the passwords."""
        self.last.set_error("" if day_in(self.last.control) >= day_in(self.first.control) else "Before the first day")
        short = len(self.password.control.text()) < register_copy.SHORTEST_PASSWORD
        wanted = f"{register_copy.SHORTEST_PASSWORD} letters or more: four words that do not belong together"
        self.password.set_error(wanted if short else "")
        differs = self.password.control.text() != self.again.control.text()
        self.again.set_error("The two are not the same" if differs and not short else "")
        self.fit()
        return not (self.last.error or self.password.error or self.again.error)

    def make(self, to: Path) -> None:
        """Make the copy and save it."""
        making = partial(
            register_copy.make_register_copy, first=day_in(self.first.control), last=day_in(self.last.control),
            password=self.password.control.text(), to=to,
        )  # fmt: skip
        self.accept_button.setEnabled(False)
        self.about.setText("The copy is being made …")
        self._context.background.run(making, done=self._tell, failed=self._fail)

    def _choose_file(self) -> None:
        if not self.check():
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        proposed = str(Path(folder) / register_copy.propose_name(day_in(self.last.control)))
        chosen, _ = QFileDialog.getSaveFileName(self, "Save the copy of the registers", proposed, "Archive (*.zip)")
        if chosen:
            self.make(Path(chosen))

    def _propose(self, days: RegisterCopyDays) -> None:
        self.first.control.setDate(QDate(days.first.year, days.first.month, days.first.day))
        self.last.control.setDate(QDate(days.last.year, days.last.month, days.last.day))
        day = days.last_made
        made = f"The last copy was made on {say_long_day(day)}." if day else "No copy was made yet."
        self.about.setText(made)

    def _tell(self, made: RegisterCopyMade) -> None:
        held = f"{count_of(made.pupils, 'child', 'children')}, {count_of(made.marks, 'mark')}"
        where = made.file.parent.name or made.file.parent
        self.about.setText(f"Saved as {made.file.name} in {where}: {held}, opened again and compared.")
        for field in (self.password, self.again):
            field.control.clear()
        self._context.notifier.changed.emit(made.changes)
        self.accept_button.setEnabled(True)
        self.reject_button.setText("Close")
        self.reject_button.setFocus()

    def _fail(self, problem: CmeError) -> None:
        self.accept_button.setEnabled(True)
        self.about.setText("")
        self.show_problem(problem)


def _password_edit() -> QLineEdit:
    edit = QLineEdit()
    edit.setEchoMode(QLineEdit.EchoMode.Password)
    return edit
