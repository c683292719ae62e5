"""What is asked for before codes are switched on or off, printed anew, or this computer opens the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from cme_desktop.casework.second_factor import PhoneOffer, print_new_codes, switch_off, switch_on
from cme_desktop.casework.second_step import is_about_code
from cme_desktop.casework.this_computer import let_this_computer_open
from cme_desktop.ui.entry_dialog import EntryDialog, words_edit
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.square_code import SquareCode

if TYPE_CHECKING:
    from cme_desktop.domain.changes import Changes
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.style.theme import Theme
    from cme_desktop.ui.tab import TabContext

_EDGES: Final = 6
"""What the thick edges of high contrast take from two lines."""

_SQUARE: Final = 200
_LARGEST_SQUARE: Final = 230
"""Larger letters need no larger picture: a phone reads it."""


class _SignInForm(EntryDialog):
    """A dialog that grows with what it says is wrong, so that its few fields stay in sight."""

    def __init__(self, theme: Theme, *, title: str, sentence: str, accept: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, title=title, sentence=sentence, accept=accept, parent=parent)
        self.accept_button.clicked.connect(self.fit)


class _AsksCode(_SignInForm):
    """A dialog with a code: what is wrong with it is said beside it, and it is ready to be typed again."""

    code: Field[QLineEdit]

    def show_problem(self, problem: CmeError) -> None:
        """Say what stands in the way, beside the code where it is about that."""
        if not is_about_code(problem):
            super().show_problem(problem)
            return
        self.problem.hide()
        self.code.set_error(" ".join(part for part in (problem.title, problem.detail, problem.remedy) if part))
        self.fit()
        self.code.control.setFocus()
        self.code.control.selectAll()
        announce(self.code.control, self.code.error)


class PhoneDialog(_AsksCode):
    """Shows the phone its secret, and switches codes on once it has shown that it makes them."""

    def __init__(self, context: TabContext, offer: PhoneOffer, parent: QWidget | None = None) -> None:
        super().__init__(
            context.theme,
            title="Codes from a phone",
            sentence="Open an app for codes on your phone (an “authenticator”) and let it take this picture, or type "
            "the key into it. Then type the six digits it shows.",
            accept="Ask for codes from now on",
            parent=parent,
        )
        self._context, self._offer = context, offer
        self.codes: tuple[str, ...] = ()
        self.square = SquareCode(offer.square, side=min(context.theme.scaled(_SQUARE), _LARGEST_SQUARE))
        typed = words_edit(lines=2, theme=context.theme)
        typed.setFixedHeight(typed.height() + _EDGES)
        typed.setPlainText(offer.typed)
        typed.setReadOnly(True)
        self.typed = Field(context.theme, "Key, to type instead", typed, hint="By time, six digits, every 30 seconds.")
        self._add_picture()
        self.code = self.add_field("Code on the phone now", QLineEdit())
        self.password = _add_password(self)
        self.submitted.connect(self._save)
        self.fit()
        self.code.control.setFocus()

    def _add_picture(self) -> None:
        """The picture with the key beside it, so that both and the fields below are in sight at once."""
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(16)
        line.addWidget(self.square, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.typed, 1, Qt.AlignmentFlag.AlignTop)
        self.add_widget(both)

    def _save(self) -> None:
        if not (_needs(self.code, "Type the six digits.") & _needs(self.password, "Type your password.")):
            return
        offer, password, code = self._offer, self.password.control.text(), self.code.control.text()
        self._context.background.run(
            lambda office: switch_on(office, offer, password=password, code=code),
            done=self._keep,
            failed=self.show_problem,
        )

    def _keep(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        self.accept()


class NewCodesDialog(_AsksCode):
    """Asks for password and code, and makes ten new printed codes."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context.theme,
            title="New printed codes",
            sentence="The old sheet is worth nothing from then on. Your phone goes on as before; another computer asks "
            "for one of the new codes the next time.",
            accept="Make new codes",
            parent=parent,
        )
        self._context = context
        self.codes: tuple[str, ...] = ()
        self.password = _add_password(self)
        self.code = _add_code(self)
        self.submitted.connect(self._save)
        self.fit()

    def _save(self) -> None:
        if not _is_whole(self.password, self.code):
            return
        password, code = self.password.control.text(), self.code.control.text()
        self._context.background.run(
            lambda office: print_new_codes(office, password=password, code=code),
            done=self._keep,
            failed=self.show_problem,
        )

    def _keep(self, codes: tuple[str, ...]) -> None:
        self.codes = codes
        self.accept()


class SwitchOffDialog(_AsksCode):
    """Asks for password and code, and for no code after that."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context.theme,
            title="Switch codes off",
            sentence="Your password alone opens the records from then on. Phone and sheet are worth nothing any more.",
            accept="Switch them off",
            parent=parent,
        )
        self._context = context
        self.password = _add_password(self)
        self.code = _add_code(self)
        self.submitted.connect(self._save)
        self.fit()

    def _save(self) -> None:
        if not _is_whole(self.password, self.code):
            return
        password, code = self.password.control.text(), self.code.control.text()
        self._context.background.run(
            lambda office: switch_off(office, password=password, code=code), done=self._end, failed=self.show_problem
        )

    def _end(self, _: Changes) -> None:
        self.accept()


class ComputerDialog(_SignInForm):
    """Asks for the password once more, and lets this computer open the records from then on."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(
            context.theme,
            title="Let this computer open the records?",
            sentence="Whoever can use your sign-in to this computer can then open the records in your name. A changed "
            "password, or “Ask for my password again”, ends it. Your password itself is kept nowhere.",
            accept="Let it open them",
            parent=parent,
        )
        self._context = context
        self.password = _add_password(self)
        self.after_lock = QCheckBox("Also after the program locked itself")
        self.after_lock.setFont(context.theme.font("body"))
        self.after_lock.setToolTip("Otherwise only when the program is started.")
        self.add_widget(self.after_lock)
        self.submitted.connect(self._save)
        self.fit()

    def _save(self) -> None:
        if not _needs(self.password, "Type your password."):
            return
        password, after_lock = self.password.control.text(), self.after_lock.isChecked()
        self._context.background.run(
            lambda office: let_this_computer_open(office, password=password, after_lock=after_lock),
            done=self._end,
            failed=self.show_problem,
        )

    def _end(self, _: Changes) -> None:
        self.accept()


def _add_password(dialog: EntryDialog) -> Field[QLineEdit]:
    field = dialog.add_field("Your password", QLineEdit())
    field.control.setEchoMode(QLineEdit.EchoMode.Password)
    return field


def _add_code(dialog: EntryDialog) -> Field[QLineEdit]:
    return dialog.add_field("Code", QLineEdit(), hint="The six digits on your phone, or a printed code.")


def _is_whole(password: Field[QLineEdit], code: Field[QLineEdit]) -> bool:
    return _needs(password, "Type your password.") & _needs(code, "Type the code.")


def _needs(field: Field[QLineEdit], words: str) -> bool:
    field.set_error("" if field.control.text().strip() else words)
    return not field.error
