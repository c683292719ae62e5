"""How whoever sits at the desk opens the records: with codes from a phone too, and on this computer without typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.second_factor import (
    PhoneOffer,
    SecondFactorState,
    load_second_factor,
    offer_phone,
    print_new_codes,
    switch_off,
    switch_on,
)
from cme_desktop.casework.second_step import is_about_code
from cme_desktop.casework.this_computer import (
    ThisComputer,
    forget_this_computer,
    let_this_computer_open,
    load_this_computer,
)
from cme_desktop.ui.entry_dialog import EntryDialog, words_edit
from cme_desktop.ui.school.codes_paper import PrintedCodesDialog
from cme_desktop.ui.widgets.announcement import announce
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.field import Field
from cme_desktop.ui.widgets.label import Label
from cme_desktop.ui.widgets.square_code import SquareCode

if TYPE_CHECKING:
    from cme_desktop.domain.changes import Changes
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext

_ABOUT_CODES = (
    "After your password the program asks for six digits that your phone shows. It needs no network. So a password "
    "that somebody saw you type does not open the records here, and a stolen copy of them opens nowhere else."
)
_ABOUT_COMPUTER = (
    "Windows, macOS or Linux can keep a key for you, so that you need not type your password on this computer when you "
    "start the program. Choose it only where nobody else works under your sign-in to the computer."
)
_SQUARE = 200
_LARGEST_SQUARE = 230
"""Larger letters need no larger picture: a phone reads it."""


class SignInDialog(QDialog):
    """Two choices that are each person's own, as they stand, and what can be done about them."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("How you sign in")
        self.codes = Label(theme, "", role="body-strong", wraps=True)
        self.on_button = SecondaryButton(theme, "Ask for codes…", icon="shield-check")
        self.print_button = SecondaryButton(theme, "New printed codes…", icon="printer")
        self.off_button = SecondaryButton(theme, "Switch codes off…", icon="ban")
        self.computer = Label(theme, "", role="body-strong", wraps=True)
        self.keep_button = SecondaryButton(theme, "Let this computer open the records…", icon="key-round")
        self.forget_button = SecondaryButton(theme, "Ask for my password again", icon="lock")
        self.problem = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.close_button = SecondaryButton(theme, "Close")
        self._build()
        self.on_button.clicked.connect(self._ask_to_switch_on)
        self.print_button.clicked.connect(self._ask_for_new_codes)
        self.off_button.clicked.connect(self._ask_to_switch_off)
        self.keep_button.clicked.connect(self._ask_to_keep)
        self.forget_button.clicked.connect(self.forget)
        self.close_button.clicked.connect(self.accept)
        self.read()

    def read(self) -> None:
        """Read how both stand, and show it."""
        self._context.background.run(load_second_factor, done=self._show_codes)
        self._context.background.run(load_this_computer, done=self._show_computer)

    def forget(self) -> None:
        """Let no computer open the records without the password any more."""
        self._context.background.run(forget_this_computer, done=lambda _: self.read(), failed=self._say_problem)

    def _show_codes(self, state: SecondFactorState) -> None:
        self.codes.setText(state.in_words)
        self.on_button.setVisible(not state.is_on)
        for button in (self.print_button, self.off_button):
            button.setVisible(state.is_on)

    def _show_computer(self, here: ThisComputer) -> None:
        self.problem.hide()
        self.computer.setText(here.in_words)
        self.keep_button.setVisible(not here.opens)
        self.forget_button.setVisible(here.opens or here.elsewhere > 0)

    def _ask_to_switch_on(self) -> None:
        self._context.background.run(offer_phone, done=self._show_offer)

    def _show_offer(self, offer: PhoneOffer) -> None:
        self._ask(PhoneDialog(self._context, offer, self))

    def _ask_for_new_codes(self) -> None:
        self._ask(NewCodesDialog(self._context, self))

    def _ask_to_switch_off(self) -> None:
        self._ask(SwitchOffDialog(self._context, self))

    def _ask_to_keep(self) -> None:
        self._ask(ComputerDialog(self._context, self))

    def _ask(self, dialog: EntryDialog) -> None:
        dialog.exec()
        codes = dialog.codes if isinstance(dialog, PhoneDialog | NewCodesDialog) else ()
        self.read()
        if codes:
            PrintedCodesDialog(self._context.theme, codes, self).exec()

    def _say_problem(self, problem: CmeError) -> None:
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.problem.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.problem.show()

    def _build(self) -> None:
        theme = self._context.theme
        self.problem.hide()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(20, 20, 20, 16)
        outer.setSpacing(10)
        outer.addWidget(Label(theme, "How you sign in", role="heading"))
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 8, 0)
        layout.setSpacing(10)
        for title, about, state, buttons in (
            ("Codes from a phone", _ABOUT_CODES, self.codes, (self.on_button, self.print_button, self.off_button)),
            ("This computer", _ABOUT_COMPUTER, self.computer, (self.keep_button, self.forget_button)),
        ):
            layout.addSpacing(4)
            layout.addWidget(Label(theme, title, role="row"))
            layout.addWidget(Label(theme, about, token="text2", wraps=True))  # noqa: S106  a colour token
            layout.addWidget(state)
            layout.addLayout(_in_a_line(*buttons))
        layout.addWidget(self.problem)
        layout.addStretch(1)
        outer.addWidget(_scrolled(content), 1)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(self.close_button)
        outer.addLayout(last)
        behind = self.parent()
        room = behind.window().size() if isinstance(behind, QWidget) else QSize(900, 640)
        self.resize(min(theme.scaled(600), room.width() - 40), min(theme.scaled(440), room.height() - 40))
        self.close_button.setFocus()


class _AsksCode(EntryDialog):
    """A dialog with a code: what is wrong with it is said beside it, and it is ready to be typed again."""

    code: Field[QLineEdit]

    def show_problem(self, problem: CmeError) -> None:
        """Say what stands in the way, beside the code where it is about that."""
        if not is_about_code(problem):
            super().show_problem(problem)
            return
        self.problem.hide()
        self.code.set_error(" ".join(part for part in (problem.title, problem.detail, problem.remedy) if part))
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


class ComputerDialog(EntryDialog):
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


def _in_a_line(*buttons: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    for button in buttons:
        line.addWidget(button)
    line.addStretch(1)
    return line


def _scrolled(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidgetResizable(True)
    area.setWidget(content)
    return area
