"""Who works in the records: add or remove somebody, how one signs in oneself, and the recovery key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cme_desktop.casework.first_person import list_roles_to_give
from cme_desktop.casework.in_words import capital
from cme_desktop.casework.opening import (
    UserDetails,
    add_person,
    change_own_password,
    list_users,
    print_new_recovery_key,
)
from cme_desktop.casework.removing_people import remove_person
from cme_desktop.casework.second_factor import list_with_second_factor, take_off_second_factor
from cme_desktop.domain.cases import Role
from cme_desktop.ui.entry_dialog import ChoiceBox, EntryDialog, choice_box
from cme_desktop.ui.name_covers import DeskDialog
from cme_desktop.ui.password_words import say_fault, say_strength
from cme_desktop.ui.recovery_key_paper import RecoveryKeyPaper
from cme_desktop.ui.row_table_model import ROW_ROLE, Column, RowTableModel
from cme_desktop.ui.school.sign_in_dialog import SignInDialog
from cme_desktop.ui.school.try_key_dialog import TryRecoveryKeyDialog
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import PrimaryButton, SecondaryButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.dialog import ask_dialog
from cme_desktop.ui.widgets.label import Label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QKeyEvent

    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext
    from cme_desktop.ui.widgets.field import Field

_NOT_KEPT = "Say first that the key is kept, and type the group that is asked for."


class PeopleDialog(DeskDialog):
    """Everybody who can open the records, and the acts on who may and how."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._roles: tuple[Role, ...] = ()
        self._with_codes: frozenset[int] = frozenset()
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("People and passwords")
        self.model = RowTableModel[UserDetails](
            (
                Column("Name", lambda user: user.name, tooltip=lambda user: user.name),
                Column("Works as", lambda user: capital(user.role.in_words)),
                Column("Opens the records", lambda user: "yes" if user.active else "no longer"),
                Column("Codes", lambda user: "asked for" if user.id in self._with_codes else ""),
            ),
            self,
        )
        self.table = QTableView()
        self.add_button = PrimaryButton(theme, "Add somebody", icon="user-plus")
        self.password_button = SecondaryButton(theme, "Change my password", icon="key-round")
        self.recovery_button = SecondaryButton(theme, "New recovery key", icon="printer")
        self.sign_in_button = SecondaryButton(theme, "How I sign in…", icon="shield-check")
        self.try_button = SecondaryButton(theme, "Try the recovery key…", icon="circle-check")
        self.remove_button = SecondaryButton(theme, "Remove…", icon="ban")
        self.codes_button = SecondaryButton(theme, "Take codes off…", icon="phone-off")
        self.problem = Banner(theme, kind=ChipKind.TODAY, icon="triangle-alert", sentence="", wraps=True)
        self.problem.hide()
        self.close_button = SecondaryButton(theme, "Close")
        self._build()
        self.add_button.clicked.connect(self._add)
        self.password_button.clicked.connect(self._change_password)
        self.recovery_button.clicked.connect(self._ask_for_new_key)
        self.remove_button.clicked.connect(self._ask_to_remove)
        self.codes_button.clicked.connect(self._ask_to_take_codes_off)
        self.sign_in_button.clicked.connect(self._show_sign_in)
        self.try_button.clicked.connect(self._try_recovery_key)
        self.close_button.clicked.connect(self.accept)
        self._read()

    def _build(self) -> None:
        theme = self._context.theme
        self.table.setModel(self.model)
        self.table.setAccessibleName("People")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.table.setTabKeyNavigation(False)
        acts = QVBoxLayout()
        acts.setSpacing(8)
        for group in (
            (self.add_button, self.remove_button, self.codes_button),
            (self.password_button, self.sign_in_button),
            (self.try_button, self.recovery_button),
        ):
            for button in group:
                acts.addWidget(button)
            acts.addSpacing(8)
        acts.addStretch(1)
        acts.addWidget(self.close_button)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self.table, 1)
        middle.addLayout(acts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "People and passwords", role="heading"))
        about = "Each person opens the records with a password of their own, and signs with a key of their own."
        layout.addWidget(Label(theme, about, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addLayout(middle, 1)
        layout.addWidget(self.problem)
        behind = self.parent()
        room = behind.window().size() if isinstance(behind, QWidget) else QSize(900, 640)
        self.resize(min(theme.scaled(860), room.width() - 40), min(theme.scaled(420), room.height() - 40))
        self.table.selectionModel().currentRowChanged.connect(self._offer_removal)
        self.model.modelReset.connect(self._offer_removal)
        self._offer_removal()

    def _read(self) -> None:
        self._context.background.run(list_with_second_factor, done=self._take_codes)
        self._context.background.run(list_users, done=self.model.set_rows)
        self._context.background.run(list_roles_to_give, done=self._offer)

    @property
    def chosen(self) -> UserDetails | None:
        """Whoever is chosen in the list, and may still open the records."""
        at = self.table.currentIndex()
        user: UserDetails | None = at.data(ROW_ROLE) if at.isValid() else None
        return user if user is not None and user.active else None

    def _offer(self, roles: tuple[Role, ...]) -> None:
        """Offer what is theirs: their own password to everybody, who opens the records to whoever says so."""
        self._roles = roles
        for button in (self.add_button, self.recovery_button, self.remove_button, self.codes_button):
            button.setVisible(bool(roles))

    def _take_codes(self, users: frozenset[int]) -> None:
        self._with_codes = users

    def _offer_removal(self) -> None:
        user = self.chosen
        self.problem.hide()
        if user is None:
            self.remove_button.disable("Choose somebody from the list.")
        else:
            self.remove_button.enable()
        if user is None or user.id not in self._with_codes:
            self.codes_button.disable("Choose somebody whose codes are asked for.")
        else:
            self.codes_button.enable()

    def _ask_to_take_codes_off(self) -> None:
        user = self.chosen
        if user is None:
            return
        is_sure = ask_dialog(
            self,
            self._context.theme,
            title=f"Ask {user.name} for no code any more?",
            sentence="For somebody who lost the phone and the printed codes. Their password alone opens the records "
            "from then on, until they switch codes on again. Make sure that it is they who ask. The journal says who "
            "did it.",
            accept="Take the codes off",
            is_grave=True,
        )
        if is_sure:
            self.take_codes_off(user)

    def take_codes_off(self, user: UserDetails) -> None:
        """Let somebody's password alone open the records."""
        op = partial(take_off_second_factor, user_id=user.id)
        self._context.background.run(op, done=lambda _: self._read(), failed=self._say_problem)

    def _show_sign_in(self) -> None:
        SignInDialog(self._context, self).exec()
        self._read()

    def _try_recovery_key(self) -> None:
        TryRecoveryKeyDialog(self._context, self).exec()

    def _ask_to_remove(self) -> None:
        user = self.chosen
        if user is None:
            return
        is_sure = ask_dialog(
            self,
            self._context.theme,
            title=f"Remove {user.name}?",
            sentence="Their password opens nothing from then on, and the records get a new key. What they wrote stays, "
            "with their name. A copy of the old files that they may have kept still opens with their old password.",
            accept="Remove",
            is_grave=True,
        )
        if is_sure:
            self.remove(user)

    def remove(self, user: UserDetails) -> None:
        """Take somebody out of those who may open the records."""
        op = partial(remove_person, user_id=user.id)
        self._context.background.run(op, done=lambda _: self._read(), failed=self._say_problem)

    def _say_problem(self, problem: CmeError) -> None:
        said = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.problem.say(kind=ChipKind.TODAY, icon="triangle-alert", sentence=problem.title, remedy=said)
        self.problem.show()
        self.problem.setFocus()

    def _add(self) -> None:
        if AddPersonDialog(self._context, self, roles=self._roles).exec():
            self._read()

    def _change_password(self) -> None:
        ChangePasswordDialog(self._context, self).exec()

    def _ask_for_new_key(self) -> None:
        is_sure = ask_dialog(
            self,
            self._context.theme,
            title="Make a new recovery key?",
            sentence="The printed key in the safe opens nothing from then on. Print the new one before you go on.",
            accept="Make a new key",
            is_grave=True,
        )
        if is_sure:
            self.renew_recovery_key(self._show_recovery_key)

    def renew_recovery_key(self, show: Callable[[str], None]) -> None:
        """Make a new recovery key and show it; the old print opens nothing from then on."""
        self._context.background.run(print_new_recovery_key, done=show)

    def _show_recovery_key(self, recovery_key: str) -> None:
        RecoveryKeyDialog(self._context, recovery_key, self).exec()


class AddPersonDialog(EntryDialog):
    """A name, what they are, and a password that they type themselves."""

    def __init__(
        self, context: TabContext, parent: QWidget | None = None, *, roles: tuple[Role, ...] = tuple(Role)
    ) -> None:
        super().__init__(
            context.theme,
            title="Add somebody",
            sentence="Let them type the password themselves: nobody else should know it.",
            accept="Add them",
            parent=parent,
        )
        self._context = context
        self.person = self.add_field("Their name", QLineEdit(), hint="As it stands under what they sign.")
        first = Role.HEAD if Role.HEAD in roles else roles[0]
        choice: ChoiceBox[Role] = choice_box(((capital(role.in_words), role) for role in roles), chosen=first)
        self.role = self.add_field("They are the", choice)
        self.passwords = _TwoPasswords(self, "Password")
        self.submitted.connect(self._save)
        self.fit()

    def _save(self) -> None:
        name = self.person.control.text().strip()
        self.person.set_error("" if name else "Type their name.")
        if not self.passwords.check() or not name:
            return
        role, password = self.role.control.chosen, self.passwords.text
        self._context.background.run(
            lambda office: add_person(office, name=name, role=role, password=password),
            done=lambda _: self.accept(),
            failed=self.show_problem,
        )


class ChangePasswordDialog(EntryDialog):
    """The old password, and the new one twice."""

    def __init__(self, context: TabContext, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, title="Change my password", accept="Change it", parent=parent)
        self._context = context
        self.old = self.add_field("Your password now", QLineEdit())
        self.old.control.setEchoMode(QLineEdit.EchoMode.Password)
        self.passwords = _TwoPasswords(self, "New password")
        self.submitted.connect(self._save)
        self.fit()

    def _save(self) -> None:
        if not self.passwords.check():
            return
        old, new = self.old.control.text(), self.passwords.text
        self._context.background.run(
            lambda office: change_own_password(office, old=old, new=new),
            done=lambda _: self.accept(),
            failed=self.show_problem,
        )


class RecoveryKeyDialog(DeskDialog):
    """Shows a recovery key once, to print, save or copy; closes only when it is said to be kept."""

    def __init__(self, context: TabContext, recovery_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.theme
        self.setWindowTitle("CME Desktop")
        self.setAccessibleName("Your new recovery key")
        self.paper = RecoveryKeyPaper(theme, self)
        self.paper.show_key(recovery_key)
        self.close_button = PrimaryButton(theme, "Close")
        self.close_button.disable(_NOT_KEPT)
        self.paper.kept_changed.connect(self._take_word)
        self.close_button.clicked.connect(self.accept)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(10)
        layout.addWidget(Label(theme, "Your new recovery key", role="heading"))
        about = "If every password is forgotten, this opens the records. It is shown only now. Keep it in the safe."
        layout.addWidget(Label(theme, about, token="text2", wraps=True))  # noqa: S106  a colour token
        layout.addWidget(self.paper)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.close_button)
        layout.addLayout(line)
        self.resize(theme.scaled(560), self.sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Escape would lose a key that nobody has kept; the window's lock still closes it.
        if event.key() != Qt.Key.Key_Escape or self.paper.is_kept:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.paper.is_kept:
            super().closeEvent(event)
        else:
            event.ignore()

    def _take_word(self) -> None:
        if self.paper.is_kept:
            self.close_button.enable()
        else:
            self.close_button.disable(_NOT_KEPT)


class _TwoPasswords:
    """A password and its repetition, rated while it is typed."""

    def __init__(self, dialog: EntryDialog, label: str) -> None:
        self._first: Field[QLineEdit] = dialog.add_field(label, QLineEdit(), hint=say_strength(""))
        self._again: Field[QLineEdit] = dialog.add_field(f"{label} again", QLineEdit())
        for field in (self._first, self._again):
            field.control.setEchoMode(QLineEdit.EchoMode.Password)
        self._first.control.textEdited.connect(self._rate)

    @property
    def fields(self) -> tuple[Field[QLineEdit], Field[QLineEdit]]:
        """The two fields."""
        return self._first, self._again

    @property
    def text(self) -> str:
        """What was typed."""
        return self._first.control.text()

    def check(self) -> bool:
        """Whether it is long enough and typed twice alike; where not, the field says what to do."""
        self._first.set_error(say_fault(self.text))
        self._again.set_error("" if self.text == self._again.control.text() else "The two passwords differ.")
        return not self._first.error and not self._again.error

    def _rate(self, password: str) -> None:
        self._first.set_error("")
        self._first.set_hint(say_strength(password))
