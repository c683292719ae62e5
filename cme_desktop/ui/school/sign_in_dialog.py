"""How whoever sits at the desk opens the records: with codes from a phone too, and on this computer without typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from cme_desktop.casework.second_factor import PhoneOffer, SecondFactorState, load_second_factor, offer_phone
from cme_desktop.casework.this_computer import ThisComputer, forget_this_computer, load_this_computer
from cme_desktop.ui.school.codes_paper import PrintedCodesDialog
from cme_desktop.ui.school.sign_in_forms import ComputerDialog, NewCodesDialog, PhoneDialog, SwitchOffDialog
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.entry_dialog import EntryDialog
    from cme_desktop.ui.tab import TabContext

_ABOUT_CODES = (
    "After your password the program asks for six digits that your phone shows. It needs no network. So a password "
    "that somebody saw you type does not open the records here, and a stolen copy of them opens nowhere else."
)
_ABOUT_COMPUTER = (
    "Windows, macOS or Linux can keep a key for you, so that you need not type your password on this computer when you "
    "start the program. Choose it only where nobody else works under your sign-in to the computer."
)


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
        self.resize(min(theme.scaled(600), room.width() - 40), min(theme.scaled(470), room.height() - 40))
        self.close_button.setFocus()


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
