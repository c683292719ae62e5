"""The window from its first paint to its last: unlock or set up, work, lock, unlock again, quit."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Final, Protocol

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from cme_desktop.casework.moving_in import finish_moving_in
from cme_desktop.casework.people import Person, has_records, list_opened_here, list_people
from cme_desktop.domain.errors import CmeError
from cme_desktop.ui.errand import Errand
from cme_desktop.ui.style.remembered_look import recall_look, remember_look
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.unlock_window import UnlockWindow

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from cme_desktop.casework.office import Office
    from cme_desktop.domain.cases import Role
    from cme_desktop.domain.identifiers import UserId
    from cme_desktop.paths import Paths
    from cme_desktop.ui.background import Background
    from cme_desktop.ui.clipboard_watch import ClipboardWatch
    from cme_desktop.ui.closing_window import ClosingWindow
    from cme_desktop.ui.first_run.wizard import Wizard
    from cme_desktop.ui.main_window import MainWindow, TabEntry
    from cme_desktop.ui.recovery_dialog import RecoveryDialog


class Services(Protocol):
    """What the program is started with; ``demo_password`` is shown on the unlock window of made-up records."""

    @property
    def paths(self) -> Paths:
        """Where the records and the resources are."""
        ...

    @property
    def now(self) -> Callable[[], datetime]:
        """The clock: an aware moment."""
        ...

    @property
    def demo_password(self) -> str | None:
        """The password to show, for a made-up school only."""
        ...


_LOADED_AHEAD: Final = (
    "cme_desktop.ui.background",
    "cme_desktop.ui.main_window",
    "cme_desktop.ui.today.tab",
)
"""What is loaded while the password is typed: the database's libraries, and what Today needs."""

CANNOT_BE_DONE: Final = 2

_SETTLED_AFTER: Final = 100
"""Milliseconds: by then the first window is painted, and what it did not need may be loaded."""


def run_window(services: Services, *, when_painted: Callable[[], None] | None = None) -> int:
    """Show the window until it is closed; return the exit status. ``when_painted`` runs once, after the first paint."""
    application = make_application()
    program = Program(services)
    try:
        program.begin()
    except CmeError as problem:
        from cme_desktop.ui.widgets.dialog import tell_problem  # noqa: PLC0415  not needed where all is well

        tell_problem(None, program.theme, problem)
        return CANNOT_BE_DONE
    QTimer.singleShot(_SETTLED_AFTER, program.settle)
    if when_painted is not None:
        QTimer.singleShot(_SETTLED_AFTER, when_painted)
    status = application.exec()
    program.end()
    return status


def make_application() -> QApplication:
    """Make the one application, in the style the look is made for."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        application.setStyle("Fusion")
    else:
        # Named on its command line, the style costs nothing; set later, PySide wraps it with ten enumerations of Qt.
        application = QApplication([*sys.argv[:1], "-style", "Fusion"])
    application.setApplicationName("CME Desktop")
    application.setApplicationDisplayName("CME Desktop")
    application.setQuitOnLastWindowClosed(False)
    return application


class Program(QObject):
    """Holds the windows one after the other; while locked it holds no key and no open records."""

    def __init__(self, services: Services, *, errand: Errand | None = None) -> None:
        super().__init__()
        self._services = services
        self._errand = errand or Errand(self)
        self.theme = Theme(services.paths.resources, self)
        self.unlock_window: UnlockWindow | None = None
        self.wizard: Wizard | None = None
        self.main_window: MainWindow | None = None
        self.closing_window: ClosingWindow | None = None
        self._background: Background | None = None
        self._prepared: tuple[MainWindow, Background] | None = None
        self._user: int | None = None
        self.clipboard: ClipboardWatch | None = None
        self._is_loaded = False
        self._was_locked = False

    @property
    def is_loaded(self) -> bool:
        """Whether what follows the password has been loaded ahead."""
        return self._is_loaded

    @property
    def background(self) -> Background | None:
        """The door to the worker, once records have been opened."""
        return self._background

    def begin(self) -> None:
        """Show the unlock window, or the wizard where there are no records yet."""
        recall_look(self.theme, self._services.paths)
        self.theme.names.switched.connect(self._remember)
        finish_moving_in(self._services.paths)
        if has_records(self._services.paths):
            self._show_unlock()
        else:
            self._show_wizard()

    def settle(self) -> None:
        """Do what the first paint could do without."""
        from cme_desktop.ui.clipboard_watch import ClipboardWatch  # noqa: PLC0415  not needed at first paint

        self.theme.follow_system()
        if self.clipboard is None:
            self.clipboard = ClipboardWatch(self)

    def end(self) -> None:
        """Close the records and keep the look; nothing of theirs stays on the clipboard."""
        self._clear_clipboard()
        remember_look(self.theme, self._services.paths)
        self._close_office(then=None if self.closing_window is not None else _prepare_on_closing)
        if self._background is not None:
            self._background.finish()

    def open(self, office: Office) -> None:
        """Work on unlocked records: go on where the same user left off, else begin afresh."""
        if self.unlock_window is not None:
            self.unlock_window.put_away()
        if self.main_window is not None and self._background is not None and self._user == office.user.id:
            self._background.open_office(office)
            self.main_window.show()
            self.main_window.resume()
            return
        self._begin_work(office)

    def lock(self) -> None:
        """Forget the key, and show the unlock window alone."""
        if self.main_window is None or self._background is None or self._background.office is None:
            return
        at = self._background.office.local_now
        self._was_locked = True
        self.main_window.idle.end()
        self.main_window.hide_everything()
        self._clear_clipboard()
        self._close_office()
        self._show_unlock(f"Locked {at.hour}:{at:%M}. What you were doing is kept.")

    def _clear_clipboard(self) -> None:
        if self.clipboard is not None:
            self.clipboard.clear()

    def _remember(self) -> None:
        remember_look(self.theme, self._services.paths)

    # -- unlocking ---------------------------------------------------------------------------------------------

    def _show_unlock(self, words: str = "") -> None:
        people, problem = self._find_people()
        if self.unlock_window is not None and self.unlock_window.people != people:
            self.unlock_window.deleteLater()
            self.unlock_window = None
        if self.unlock_window is None:
            self.unlock_window = self._make_unlock_window(people)
        if self._user is not None:
            self.unlock_window.choose(self._user)
        self.unlock_window.offer_here(
            list_opened_here(self._services.paths, self.unlock_window.people, after_lock=self._was_locked)
        )
        self.unlock_window.show_locked(words)
        if problem is not None:
            self.unlock_window.show_refused(problem)

    def _find_people(self) -> tuple[tuple[Person, ...], CmeError | None]:
        """Who may unlock; nobody, and why, where the key file is gone or spoilt: a backup can be brought back then."""
        try:
            return list_people(self._services.paths), None
        except CmeError as problem:
            return (), problem

    def _make_unlock_window(self, people: tuple[Person, ...]) -> UnlockWindow:
        password = self._services.demo_password
        hint = f"Made-up school: the password is {password}" if password else ""
        window = UnlockWindow(self.theme, people, hint=hint)
        window.typing_begun.connect(self._load_ahead)
        window.unlock_asked.connect(self._unlock)
        window.here_asked.connect(self._unlock_here)
        window.help_asked.connect(self._show_help)
        window.forgotten.connect(self._ask_recovery)
        window.restore_asked.connect(self._ask_restore)
        window.closed.connect(self._quit)
        return window

    def _load_ahead(self) -> None:
        """Load the database's libraries while the password is typed."""
        self._errand.run(_import_heavy, done=self._take_loaded)

    def _take_loaded(self, _: None) -> None:
        self._is_loaded = True

    def _unlock(self, user_id: int, password: str, code: str) -> None:
        paths, now = self._services.paths, self._services.now
        self._errand.run(
            lambda: _open(paths, user_id=user_id, password=password, code=code, now=now),
            done=self.open,
            failed=self._show_refused,
        )
        # The key is derived on another thread for a while: time to build what will be shown.
        QTimer.singleShot(0, self._prepare)

    def _unlock_here(self, user_id: int, code: str) -> None:
        paths, now = self._services.paths, self._services.now
        self._errand.run(
            lambda: _open_here(paths, user_id=user_id, code=code, now=now), done=self.open, failed=self._show_refused
        )
        QTimer.singleShot(0, self._prepare)

    def _show_refused(self, problem: CmeError) -> None:
        from cme_desktop.casework.second_step import asks_for_code, is_about_code  # noqa: PLC0415  loaded with it

        window = self.unlock_window
        assert window is not None
        if asks_for_code(problem):
            window.ask_code(problem)
        elif window.asks_code and is_about_code(problem):
            window.show_code_refused(problem)
        else:
            window.show_refused(problem)

    def _ask_recovery(self, user_id: int) -> None:
        from cme_desktop.ui.recovery_dialog import RecoveryDialog  # noqa: PLC0415  seldom needed

        dialog = RecoveryDialog(self.theme, self.unlock_window)
        dialog.reset_asked.connect(lambda key, new: self._reset(dialog, user_id, key, new))
        if dialog.exec():
            assert self.unlock_window is not None, "it asked"
            self.unlock_window.show_locked("The new password is set. Type it to unlock.")

    def _reset(self, dialog: RecoveryDialog, user_id: int, recovery_key: str, new: str) -> None:
        paths = self._services.paths
        self._errand.run(
            lambda: _reset(paths, user_id=user_id, recovery_key=recovery_key, new=new, now=self._services.now),
            done=lambda _: dialog.accept(),
            failed=dialog.show_refused,
        )

    def _ask_restore(self) -> None:
        from cme_desktop.ui.restore_dialog import RestoreDialog  # noqa: PLC0415  seldom needed

        dialog = RestoreDialog(
            self.theme, self._services.paths, self._errand, now=self._services.now,
            parent=self.wizard or self.unlock_window,
        )  # fmt: skip
        dialog.brought_back.connect(self._go_on_restored)
        dialog.exec()

    def _lock_and_restore(self) -> None:
        """Nobody can bring a copy back while the records are open: lock first."""
        self.lock()
        self._ask_restore()

    def _go_on_restored(self, aside: Path | None) -> None:
        """What was open belongs to the records put aside: begin afresh with those brought back."""
        self._leave_main_window()
        self._put_wizard_away()
        kept = f" What was here before is kept in the folder {aside.name}, beside the records." if aside else ""
        self._show_unlock(f"The copy is back.{kept}")

    def _show_help(self) -> None:
        from cme_desktop.ui.help import HelpPage  # noqa: PLC0415  not needed at first paint

        HelpPage(self.theme, self.unlock_window).exec()

    # -- setting up --------------------------------------------------------------------------------------------

    def _show_wizard(self) -> None:
        from cme_desktop.ui.first_run.wizard import Wizard  # noqa: PLC0415  shown once in the life of the records

        self.wizard = Wizard(self.theme, self._services.paths, now=self._services.now, errand=self._errand)
        self.wizard.finished.connect(self._leave_wizard)
        self.wizard.restore_asked.connect(self._ask_restore)
        self.wizard.closed.connect(self._quit)
        self.wizard.show()

    def _leave_wizard(self, office: Office) -> None:
        self._put_wizard_away()
        self.open(office)

    def _put_wizard_away(self) -> None:
        wizard, self.wizard = self.wizard, None
        if wizard is not None:
            wizard.hide()
            wizard.deleteLater()

    # -- working -----------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Build the main window, empty and unseen, while the key is derived; never wait here for what it needs."""
        if self._is_loaded and self.main_window is None and self._prepared is None:
            self._prepared = self._make_main_window()
            self._prepared[0].draw_ahead()

    def _make_main_window(self, tabs: tuple[TabEntry, ...] | None = None) -> tuple[MainWindow, Background]:
        from cme_desktop.ui.background import Background  # noqa: PLC0415  not needed at first paint
        from cme_desktop.ui.change_notifier import ChangeNotifier  # noqa: PLC0415  as above
        from cme_desktop.ui.main_window import MainWindow  # noqa: PLC0415  as above
        from cme_desktop.ui.tab import TabContext  # noqa: PLC0415  as above

        notifier = ChangeNotifier(self)
        background = Background(None, notifier, self)
        context, resources = TabContext(background, notifier, self.theme), self._services.paths.resources
        window = MainWindow(context, resources) if tabs is None else MainWindow(context, resources, tabs=tabs)
        window.lock_asked.connect(self.lock)
        window.restore_asked.connect(self._lock_and_restore)
        window.closed.connect(self._quit)
        return window, background

    def _begin_work(self, office: Office) -> None:
        self._leave_main_window()
        self.main_window, self._background = self._take_prepared(office.user.role)
        self._user = office.user.id
        self._background.open_office(office)
        self.main_window.begin(office.user)

    def _take_prepared(self, role: Role) -> tuple[MainWindow, Background]:
        """Give the window built ahead where its tabs are the role's; else one that shows no names."""
        from cme_desktop.ui.main_window import TABS, tabs_for  # noqa: PLC0415  not needed at first paint

        prepared, self._prepared = self._prepared, None
        if tabs_for(role) == TABS:
            return prepared or self._make_main_window()
        if prepared is not None:
            prepared[0].deleteLater()
            prepared[1].finish()
        return self._make_main_window(tabs_for(role))

    def _leave_main_window(self) -> None:
        window, self.main_window = self.main_window, None
        if window is not None:
            window.deleteLater()
        background, self._background = self._background, None
        if background is not None:
            background.finish()

    def _close_office(self, then: Callable[[Office], object] | None = None) -> None:
        if self._background is None:
            return
        office = self._background.close_office()
        if office is not None:
            from cme_desktop.casework.sitting_down import leave_desk  # noqa: PLC0415  loaded with the records

            if then is not None:
                then(office)
            leave_desk(office)

    def _quit(self) -> None:
        background, window = self._background, self.main_window
        if background is None or background.office is None or window is None:
            QTimer.singleShot(0, QApplication.quit)
            return
        if self.closing_window is not None:
            return
        from cme_desktop.ui.backup_errands import back_up_on_closing  # noqa: PLC0415  not needed at first paint
        from cme_desktop.ui.closing_window import ClosingWindow  # noqa: PLC0415  as above

        window.idle.end()
        window.hide()
        self.closing_window = ClosingWindow(self.theme)
        self.closing_window.left.connect(self._quit_now)
        self.closing_window.show_soon()
        back_up_on_closing(background, done=self._quit_now)

    def _quit_now(self) -> None:
        if self.closing_window is not None:
            self.closing_window.put_away()
        QTimer.singleShot(0, QApplication.quit)


def _prepare_on_closing(office: Office) -> None:
    """Make the backup beside the records where the window was not closed but ended, as by the system."""
    from cme_desktop.casework.automatic_backups import prepare_on_closing  # noqa: PLC0415  not needed at first paint

    with suppress(CmeError):  # what could not be written is told at the next opening: by the age at the foot
        prepare_on_closing(office)


def _open(paths: Paths, *, user_id: int, password: str, code: str, now: Callable[[], datetime]) -> Office:
    from cme_desktop.casework.opening import open_office  # noqa: PLC0415  brings SQLAlchemy in: not at first paint

    return open_office(paths, user_id=_user(user_id), password=password, now=now, code=code)


def _open_here(paths: Paths, *, user_id: int, code: str, now: Callable[[], datetime]) -> Office:
    from cme_desktop.casework.this_computer import open_office_here  # noqa: PLC0415  as above

    return open_office_here(paths, user_id=_user(user_id), now=now, code=code)


def _reset(paths: Paths, *, user_id: int, recovery_key: str, new: str, now: Callable[[], datetime]) -> None:
    from cme_desktop.casework.opening import reset_password  # noqa: PLC0415  as above

    reset_password(paths, user_id=_user(user_id), recovery_key=recovery_key, new=new, now=now())


def _user(user_id: int) -> UserId:
    from cme_desktop.domain.identifiers import UserId  # noqa: PLC0415  as above

    return UserId(user_id)


def _import_heavy() -> None:
    from cme_desktop.casework.opening import get_ready  # noqa: PLC0415  as above

    for module in _LOADED_AHEAD:
        import_module(module)
    get_ready()
    gc.collect()
    gc.freeze()  # what has been loaded stays: it need not be looked through again at each collection
