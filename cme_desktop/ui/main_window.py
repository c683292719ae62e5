"""The main window: it assembles tabs, menus and bars, and knows nothing of what the tabs show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QDialog, QGridLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from cme_desktop.casework.clock_doubt import confirm_clock
from cme_desktop.casework.desk_facts import DeskFacts, load_desk_facts
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right, may
from cme_desktop.ui.app_bar import AppBar
from cme_desktop.ui.desk_keys import DeskKeys
from cme_desktop.ui.drafting import Drafting
from cme_desktop.ui.find_field import FindField
from cme_desktop.ui.help import AboutPage, HelpPage
from cme_desktop.ui.idle_watch import IdleWatch
from cme_desktop.ui.kept_dialog import KeptDialog
from cme_desktop.ui.menus import Entry, add_menu, fill_menu, fill_privacy_menu, fill_view_menu
from cme_desktop.ui.name_covers import NameCovers
from cme_desktop.ui.rail import Rail
from cme_desktop.ui.screen_watch import ScreenWatch
from cme_desktop.ui.sharing_guard import SharingGuard
from cme_desktop.ui.status_line import StatusLine
from cme_desktop.ui.tab import Tab
from cme_desktop.ui.unsaved_banner import UnsavedBanner
from cme_desktop.ui.widgets.banner import Banner
from cme_desktop.ui.widgets.buttons import FlatButton
from cme_desktop.ui.widgets.chip import ChipKind
from cme_desktop.ui.widgets.dialog import tell_problem

if TYPE_CHECKING:
    from PySide6.QtGui import QAction, QCloseEvent

    from cme_desktop.casework.office import Office, SignedInUser
    from cme_desktop.domain.cases import Role
    from cme_desktop.domain.drafts import DraftKey
    from cme_desktop.domain.errors import CmeError
    from cme_desktop.ui.tab import TabContext


@dataclass(frozen=True, slots=True)
class TabEntry:
    """One tab of the rail; its module is imported when it is first shown. ``menu`` is its name with a menu's letter."""

    name: str
    menu: str
    icon: str
    path: str


TABS: Final = (
    TabEntry("Today", "&Today", "sun", "cme_desktop.ui.today.tab.TodayTab"),
    TabEntry("Register", "&Register", "calendar-days", "cme_desktop.ui.register.tab.RegisterTab"),
    TabEntry("Cases", "&Cases", "folder-open", "cme_desktop.ui.cases.tab.CasesTab"),
    TabEntry("Contacts", "C&ontacts", "contact", "cme_desktop.ui.contacts.tab.ContactsTab"),
    TabEntry("Roll", "Ro&ll", "users", "cme_desktop.ui.roll.tab.RollTab"),
)
NUMBERS: Final = (TabEntry("Numbers", "&Numbers", "list", "cme_desktop.ui.numbers.tab.NumbersTab"),)
UPKEEP: Final = (TabEntry("Upkeep", "&Upkeep", "hard-drive", "cme_desktop.ui.upkeep.tab.UpkeepTab"),)
_TODAY, _REGISTER, _CASES, _ROLL = 0, 1, 2, 4
HIDDEN_SECONDS: Final = 60
_IDLE_MINUTES: Final = 3
"""Until the school's own setting has been read."""

_FACTS_EVERY_MS: Final = 60_000
_FACTS_AFTER_MS: Final = 300
_BACKUP_AFTER_MS: Final = 20_000


def tabs_for(role: Role) -> tuple[TabEntry, ...]:
    """Say which tabs a role works with: who sees no names has one page that shows none."""
    if may(role, Right.SEE_NAMES):
        return TABS
    return NUMBERS if may(role, Right.SEE_COUNTS) else UPKEEP


class MainWindow(QMainWindow):
    """Title always ``CME Desktop``. ``lock_asked``: forget the key; ``closed``: the user has closed the window."""

    lock_asked = Signal()
    closed = Signal()
    restore_asked = Signal()

    def __init__(self, context: TabContext, resources: Path, *, tabs: tuple[TabEntry, ...] = TABS) -> None:
        super().__init__()
        self._context = context
        self._entries = tabs
        self._resources = resources
        self._tabs: dict[int, Tab] = {}
        self._hidden_left = 0
        self._pupil: int | None = None
        self._role: Role | None = None
        self._pupils: dict[int, int] = {}
        self._kept_open: list[KeptDialog] = []
        self._policy: QDialog | None = None
        self._new_year: QDialog | None = None
        self._guarded: dict[QAction, Right] = {}
        theme = context.theme
        self.rail = Rail(theme)
        self.find_field = FindField(theme, context.background, self)
        self.bar = AppBar(theme, self.find_field)
        self.status = StatusLine(theme)
        self.banner = Banner(theme, kind=ChipKind.PLAIN, icon="eye-off", sentence="")
        self.trouble = Banner(theme, kind=ChipKind.NOW, icon="triangle-alert", sentence="", wraps=True)
        self.unsaved = UnsavedBanner(theme)
        self.trial_banner = Banner(theme, kind=ChipKind.NOW, icon="triangle-alert", sentence="", wraps=True)
        self.pages = QStackedWidget()
        self._help = FlatButton(theme, "Help", icon="circle-help")
        self._hidden_why = ""
        self._trial_failed = False
        self._sees_names = True
        self._covers = NameCovers(theme, self)
        self._keys = DeskKeys(self)
        self._screens = ScreenWatch(self)
        self._sharing = SharingGuard(self)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._minute = QTimer(self)
        self._minute.setInterval(_FACTS_EVERY_MS)
        self._locks_after = _IDLE_MINUTES
        self._unmade: CmeError | None = None
        self.idle = IdleWatch(minutes=_IDLE_MINUTES, parent=self)
        self._build()
        self._build_menus()
        self._connect()
        self._say_lock()
        self.show_tab(_TODAY)
        self._take_choices()

    # -- what the program asks ---------------------------------------------------------------------------------

    def draw_ahead(self) -> None:
        """Lay everything out and draw it once, unseen, so that it is shown at once when the records are open."""
        self.grab()

    def begin(self, user: SignedInUser) -> None:
        """Show the window to who sits at the desk; what the foot says is read after Today."""
        theme_names = self._context.theme.names
        self.status.show_user(f"{user.name}, {user.role.in_words}")
        self.offer_for(user.role)
        if theme_names.is_on:
            self._read_names()  # before any list is read: the worker does one after the other
        self.show()
        self._screens.follow()
        self.idle.begin()
        QTimer.singleShot(_FACTS_AFTER_MS, self, self._read_facts)
        if may(user.role, Right.SEE_NAMES):
            QTimer.singleShot(_FACTS_AFTER_MS, self, self._read_drafts)
        self._back_up_soon()
        self._minute.start()

    def offer_for(self, role: Role) -> None:
        """Offer what the role may do, and nothing that would be refused."""
        self._role = role
        for action, right in self._guarded.items():
            action.setVisible(may(role, right))
            action.setEnabled(may(role, right))
        sees_names = self._sees_names = may(role, Right.SEE_NAMES)
        self._school_menu.menuAction().setVisible(any(each.isVisible() for each in self._school_menu.actions()))
        self._pupil_menu.menuAction().setVisible(sees_names)
        self.bar.offer_names(offered=sees_names)

    def resume(self) -> None:
        """Go on after an unlock: every tab reads again, names are shown."""
        self._set_hidden(hidden=False)
        for tab in self._tabs.values():
            tab.reload()
        self.idle.begin()
        self._read_facts()
        self._back_up_soon()
        self._minute.start()
        for dialog in self._kept_open:
            dialog.show()
        self._kept_open = []

    def keep_drafts(self) -> None:
        """Keep what is half typed at this moment, wherever it is."""
        for drafting in self.findChildren(Drafting):
            drafting.keep_now()

    def hide_everything(self) -> None:
        """Leave the screen, with every dialog and page that is open; what was being typed is kept."""
        self.keep_drafts()
        _close_popups()
        self._second.stop()
        self._minute.stop()
        self._kept_open = [dialog for dialog in self.findChildren(KeptDialog) if dialog.can_be_kept]
        for dialog in self.findChildren(QDialog):
            if dialog in self._kept_open:
                dialog.hide()
            else:
                dialog.reject()
        self.hide()

    def show_tab(self, index: int) -> Tab:
        """Show a tab, made when it is first shown, and give it the keyboard."""
        tab = self.tab(index)
        self.pages.setCurrentWidget(tab)
        self.rail.setCurrentIndex(index)
        tab.take_focus()
        return tab

    def tab(self, index: int) -> Tab:
        """The tab at a place of the rail."""
        if index not in self._tabs:
            self._tabs[index] = self._make_tab(index)
        return self._tabs[index]

    @property
    def names_are_hidden(self) -> bool:
        """Whether somebody is at the hatch."""
        return self._hidden_left > 0

    def toggle_names(self) -> None:
        """Hide every name, or show them again."""
        if not self._sees_names:
            return  # who sits here sees no names
        self._set_hidden(hidden=not self.names_are_hidden)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep_drafts()
        super().closeEvent(event)
        self.closed.emit()

    # -- building ----------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setWindowTitle("CME Desktop")
        self.setMinimumSize(800, 500)
        self.resize(1366, 688)
        self.banner.hide()
        self.trouble.hide()
        self.unsaved.hide()
        self.trial_banner.hide()
        self._help.setAccessibleName("Help")
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.banner)
        middle.addWidget(self.trouble)
        middle.addWidget(self.trial_banner)
        middle.addWidget(self.unsaved)
        middle.addWidget(self.pages, 1)
        side = QVBoxLayout()
        side.setContentsMargins(0, 8, 0, 8)
        side.addWidget(self.rail)
        side.addStretch(1)
        side.addWidget(self._help)
        window = QWidget()
        window.setObjectName("window")
        grid = QGridLayout(window)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(self.bar, 0, 0, 1, 2)
        grid.addLayout(side, 1, 0)
        grid.addLayout(middle, 1, 1)
        grid.addWidget(self.status, 2, 0, 1, 2)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(1, 1)
        self.setCentralWidget(window)
        for entry in self._entries:
            self.rail.add(entry.name, icon=entry.icon)

    def _build_menus(self) -> None:
        bar, theme = self.bar.menus, self._context.theme
        standard = QKeySequence.StandardKey
        self._guarded |= fill_menu(
            add_menu(bar, "&File"),
            self,
            (
                Entry("&Import…", self._import, "Ctrl+I", Right.IMPORT),
                Entry("&Copy of the registers…", self._show_register_copy, needs=Right.EXPORT_NAMES),
                Entry("&Backups…", self._show_backups, needs=Right.BACK_UP),
                Entry("Brin&g a backup back…", self.restore_asked.emit, needs=Right.BACK_UP),
                None,
                Entry("&People and passwords…", self._show_people),
                Entry("&How you sign in…", self._show_sign_in),
                Entry("&Try the recovery key…", self._try_recovery_key),
                Entry("The school's &morning…", self._show_settings, needs=Right.SET_UP),
                Entry("The day the &records begin…", self._show_beginning, needs=Right.SET_UP),
                Entry("The school's p&olicy…", self._show_policy, needs=Right.SEE_NAMES),
                Entry("New school &year…", self.set_up_year, needs=Right.SET_UP),
                Entry("&Journal…", self._show_journal, needs=Right.READ_JOURNAL),
                Entry("&Day sheet…", self._show_day_sheet, needs=Right.EXPORT_NAMES),
                Entry("&Keeping and disposal…", self._show_keeping, needs=Right.SEE_NAMES),
                None,
                Entry("&Lock", self.lock_asked.emit, "Ctrl+L"),
                Entry("&Quit", self._quit, standard.Quit),
            ),
        )
        self._guarded |= fill_menu(
            add_menu(bar, "&Edit"),
            self,
            (
                Entry("&Undo your last act", self._undo, standard.Undo, Right.CALL),
                Entry("&Read everything again", self._reload, "F5"),
            ),
        )
        self._pupil_menu = add_menu(bar, "&Pupil")
        self._guarded |= fill_menu(
            self._pupil_menu,
            self,
            (
                Entry("&Find…", self._go_find, standard.Find, Right.SEE_NAMES),
                Entry("Report a &worry about a child…", self._report_worry, "Ctrl+Shift+R", Right.ENTER_WORRIES),
                None,
                *(
                    Entry(f"Show in {entry.menu}", partial(self._show_pupil_last_shown, index), needs=Right.SEE_NAMES)
                    for index, entry in enumerate(self._entries)
                ),
                None,
                Entry("Why is this pupil &not flagged?", self._show_why_not, "Shift+F7", Right.SEE_NAMES),
                Entry("&Hide or show names", self.toggle_names, "F9", Right.SEE_NAMES),
            ),
        )
        self._school_menu = add_menu(bar, "&School")
        self._guarded |= fill_menu(
            self._school_menu,
            self,
            (
                Entry("&Requests for information…", self._show_requests, needs=Right.NOTE_REQUESTS),
                Entry("&Sharing log…", self._show_sharing, needs=Right.LOG_SHARING),
                Entry("&Data breach…", self._show_breaches, needs=Right.NOTE_BREACHES),
            ),
        )
        view = add_menu(bar, "&View")
        fill_view_menu(view, self, theme)
        reception = fill_privacy_menu(view, self, theme, may_leave_out=self._sharing.is_offered)
        self._guarded[reception] = Right.SEE_NAMES
        self._reception = reception
        fill_menu(
            add_menu(bar, "&Help"),
            self,
            (Entry("&Keys", self._show_help, "F1"), Entry("&About CME Desktop", self._show_about)),
        )

    def _connect(self) -> None:
        for index in range(len(self._entries)):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{index + 1}"), self)
            shortcut.activated.connect(partial(self.show_tab, index))
        self.rail.currentChanged.connect(self._follow_rail)
        self.find_field.pupil_chosen.connect(self._show_pupil_here)
        self.bar.hide_names.clicked.connect(self.toggle_names)
        self.bar.lock.clicked.connect(self.lock_asked)
        self.bar.reception.clicked.connect(self._toggle_reception)
        self._keys.held.connect(lambda held: self._context.theme.names.hold(held=held))
        self._keys.lock_asked.connect(self.lock_asked)
        self._keys.hide_asked.connect(self.toggle_names)
        self._keys.reception_asked.connect(self._toggle_reception)
        self._screens.seen.connect(self._hide_from_screen)
        self._context.theme.names.switched.connect(self._take_choices)
        self.banner.pressed.connect(self.toggle_names)
        self.trouble.pressed.connect(self._confirm_clock)
        self.unsaved.wanted.connect(self._show_draft)
        self.trial_banner.pressed.connect(self._show_backups)
        self._help.clicked.connect(self._show_help)
        self._second.timeout.connect(self._count_hidden)
        self._minute.timeout.connect(self._read_facts)
        self._minute.timeout.connect(self._settle_drafts)
        self._context.notifier.changed.connect(self._hear)
        self.idle.idle.connect(self.lock_asked)
        self._context.background.busy_changed.connect(self.status.show_busy)
        self._context.background.problem.connect(self._tell)

    def _make_tab(self, index: int) -> Tab:
        module, _, name = self._entries[index].path.rpartition(".")
        tab = getattr(import_module(module), name)(self._context)
        assert isinstance(tab, Tab)
        self.pages.addWidget(tab)
        tab.badge_changed.connect(partial(self.rail.set_badge, index))
        tab.wants_pupil.connect(self._show_pupil_today)
        tab.wants_case.connect(self._show_case)
        tab.wants_register.connect(self._show_in_register)
        tab.wants_import.connect(self._import)
        tab.pupil_shown.connect(partial(self._remember_pupil, index))
        tab.wants_report.connect(self._show_report)
        tab.wants_new_year.connect(self.set_up_year)
        tab.wants_people.connect(self._show_people)
        tab.wants_backup.connect(self._show_backups)
        tab.wants_requests.connect(self._show_requests)
        tab.wants_breaches.connect(self._show_breaches)
        tab.rules_tested.connect(self.status.show_self_test)
        tab.hide_names(hidden=self.names_are_hidden)
        return tab

    # -- going about -------------------------------------------------------------------------------------------

    def _show_pupil_last_shown(self, index: int) -> None:
        self._show_pupil_on(index, self._pupil)

    def _follow_rail(self, index: int) -> None:
        tab = self.tab(index)
        self.pages.setCurrentWidget(tab)
        self._pupil = self._pupils.get(index, self._pupil)
        if not self.rail.hasFocus():
            tab.take_focus()

    def _show_pupil_here(self, pupil_id: int) -> None:
        self._show_pupil_on(self.rail.currentIndex(), pupil_id)

    def _show_pupil_today(self, pupil_id: int) -> None:
        self._show_pupil_on(_TODAY, pupil_id)

    def _show_in_register(self, pupil_id: int) -> None:
        self._show_pupil_on(_REGISTER, pupil_id)

    def _show_pupil_on(self, index: int, pupil_id: int | None) -> None:
        tab = self.show_tab(index)
        if pupil_id is not None:
            self._pupil = pupil_id
            tab.show_pupil(pupil_id)

    def _show_case(self, case_id: int) -> None:
        self.show_tab(_CASES).show_case(case_id)

    def _remember_pupil(self, index: int, pupil_id: int) -> None:
        # a tab out of sight may read again and show somebody else: that counts once it is in sight
        self._pupils[index] = pupil_id
        if index == self.rail.currentIndex():
            self._pupil = pupil_id

    def _show_report(self, report_id: int) -> None:
        from cme_desktop.casework.lives.life import Life  # noqa: PLC0415  not needed until somebody goes there
        from cme_desktop.ui.roll.tab import RollTab  # noqa: PLC0415  as above

        tab = self.show_tab(_ROLL)
        if isinstance(tab, RollTab):
            tab.show_life(Life.REPORTS, key=str(report_id))

    def _report_worry(self) -> None:
        from cme_desktop.ui.roll.reports.worry_desk import open_worry  # noqa: PLC0415  not needed until somebody worries

        open_worry(self._context, self, names_hidden=self.names_are_hidden, done=self._show_report)

    def _show_why_not(self) -> None:
        if self.names_are_hidden:
            return
        if self._pupil is None:
            self._go_find()
            return
        from cme_desktop.ui.today.why_not_view import open_why_not  # noqa: PLC0415  not needed until somebody asks

        open_why_not(self._context, PupilId(self._pupil), self)

    def _go_find(self) -> None:
        self.find_field.setFocus()
        self.find_field.selectAll()

    # -- acts --------------------------------------------------------------------------------------------------

    def _import(self) -> None:
        from cme_desktop.ui.imports.dialog import ImportDialog  # noqa: PLC0415  not needed until somebody imports

        ImportDialog(self._context, parent=self).exec()

    def _show_backups(self) -> None:
        from cme_desktop.ui.school.backups_dialog import BackupsDialog  # noqa: PLC0415  seldom needed

        BackupsDialog(self._context, self).exec()
        self._read_facts()
        if self._unmade is not None:
            self._back_up_if_due()  # what was in the way may be mended

    def _back_up_soon(self) -> None:
        """Look in a while whether the day's backup is due: also where the program was left locked over night."""
        QTimer.singleShot(_BACKUP_AFTER_MS, self, self._back_up_if_due)

    def _back_up_if_due(self) -> None:
        if not self.isVisible():
            return
        from cme_desktop.ui.backup_errands import back_up_if_due  # noqa: PLC0415  once a day

        back_up_if_due(self._context.background, done=self._show_backed_up)

    def _show_backed_up(self, unmade: CmeError | None) -> None:
        self._unmade = unmade
        self._read_facts()

    def _show_people(self) -> None:
        from cme_desktop.ui.school.people_dialog import PeopleDialog  # noqa: PLC0415  seldom needed

        PeopleDialog(self._context, self).exec()

    def _show_sign_in(self) -> None:
        from cme_desktop.ui.school.sign_in_dialog import SignInDialog  # noqa: PLC0415  seldom needed

        SignInDialog(self._context, self).exec()

    def _try_recovery_key(self) -> None:
        from cme_desktop.ui.school.try_key_dialog import TryRecoveryKeyDialog  # noqa: PLC0415  seldom needed

        TryRecoveryKeyDialog(self._context, self).exec()

    def _show_journal(self) -> None:
        from cme_desktop.ui.school.journal_dialog import JournalDialog  # noqa: PLC0415  seldom needed

        JournalDialog(self._context, self).exec()

    def _show_register_copy(self) -> None:
        from cme_desktop.ui.school.register_copy_dialog import RegisterCopyDialog  # noqa: PLC0415  seldom needed

        office = self._context.background.office
        if office is not None:
            RegisterCopyDialog(self._context, office.today, self).exec()

    def _show_day_sheet(self) -> None:
        from cme_desktop.ui.school.day_sheet_dialog import DaySheetDialog  # noqa: PLC0415  seldom needed

        office = self._context.background.office
        if office is not None:
            DaySheetDialog(self._context, office.today, self).exec()

    def _show_keeping(self) -> None:
        from cme_desktop.ui.keeping.dialog import KeepingDialog  # noqa: PLC0415  seldom needed

        dialog = KeepingDialog(self._context, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_requests(self) -> None:
        from cme_desktop.ui.information.requests_dialog import RequestsDialog  # noqa: PLC0415  seldom needed

        RequestsDialog(self._context, self).exec()

    def _show_sharing(self) -> None:
        from cme_desktop.ui.information.sharing_dialog import SharingDialog  # noqa: PLC0415  seldom needed

        SharingDialog(self._context, self).exec()

    def _show_breaches(self) -> None:
        from cme_desktop.ui.information.breaches_dialog import BreachesDialog  # noqa: PLC0415  seldom needed

        BreachesDialog(self._context, self).exec()

    def _show_settings(self) -> None:
        from cme_desktop.ui.school.settings_dialog import SettingsDialog  # noqa: PLC0415  seldom needed

        SettingsDialog(self._context, self).exec()

    def _show_beginning(self) -> None:
        from cme_desktop.ui.school.beginning_dialog import BeginningDialog  # noqa: PLC0415  seldom needed

        BeginningDialog(self._context, self).exec()

    def _show_policy(self) -> None:
        from cme_desktop.ui.policies.policy_dialog import PolicyDialog  # noqa: PLC0415  seldom needed

        # Kept, so that what was typed when the window locked is there again.
        if self._policy is None:
            self._policy = PolicyDialog(self._context, self)
        self._policy.open()

    def set_up_year(self) -> None:
        """Open the wizard of the new school year, where it was left."""
        from cme_desktop.ui.new_year.dialog import NewYearDialog  # noqa: PLC0415  once a year

        if self.names_are_hidden:
            return
        if self._new_year is None:
            self._new_year = NewYearDialog(self._context, self)
            self._new_year.finished.connect(self._forget_new_year)
        self._new_year.open()

    def _forget_new_year(self) -> None:
        if self._new_year is not None:
            self._new_year.deleteLater()
            self._new_year = None

    def _read_drafts(self) -> None:
        from cme_desktop.casework.drafts import list_drafts  # noqa: PLC0415  not needed before the list is painted

        self._context.background.run(list_drafts, done=self.unsaved.show_drafts)

    def _settle_drafts(self) -> None:
        if not self.unsaved.isVisible():
            return
        from cme_desktop.casework.drafts import list_drafts  # noqa: PLC0415  only where something was not saved

        self._context.background.run(list_drafts, done=self.unsaved.leave_out_settled)

    def _show_draft(self, key: DraftKey) -> None:
        place = key.place.partition(" ")[0]
        index = next((index for index, entry in enumerate(self._entries) if entry.name == place), None)
        if index is None:
            self._report_worry()
        else:
            self.show_tab(index).show_draft(key)

    def _read_facts(self) -> None:
        self._context.background.run(load_desk_facts, done=self._show_facts, failed=self._show_trouble)

    def _show_trouble(self, problem: CmeError) -> None:
        """Say above the page, not in a dialog each minute, what is wrong and what to do."""
        words = " ".join(part for part in (problem.detail, problem.remedy) if part)
        self.trouble.say(kind=ChipKind.NOW, icon="triangle-alert", sentence=problem.title, remedy=words)
        self.trouble.show()
        self._settle_trial()

    def _confirm_clock(self) -> None:
        self._context.background.run(confirm_clock, done=lambda _: self._read_facts())

    def _show_facts(self, facts: DeskFacts) -> None:
        self.status.show_facts(facts)
        if facts.clock is not None:
            self.trouble.say(
                kind=ChipKind.TODAY, icon="clock-alert", sentence=facts.clock.sentence, remedy=facts.clock.remedy,
                button="The clock is right",
            )  # fmt: skip
            self.trouble.show()
        elif self._unmade is not None:
            self._show_trouble(self._unmade)
        else:
            self.trouble.hide()
        self._show_trial(facts.trial_failed)
        if facts.locks_after != self._locks_after:
            self._locks_after = facts.locks_after
            self.idle.set_minutes(facts.locks_after)
            self._say_lock()

    def _show_trial(self, failed: str) -> None:
        """Say above everything that a backup could not be brought back, until one was."""
        role = self._role
        if failed:
            keeps = role is not None and may(role, Right.BACK_UP)
            remedy = "Make a backup now, then try again." if keeps else "Tell the office: a backup is to be made now."
            self.trial_banner.say(
                kind=ChipKind.NOW, icon="triangle-alert", sentence=failed, remedy=remedy,
                button="Backups…" if keeps else "",
            )  # fmt: skip
        self._trial_failed = bool(failed)
        self._settle_trial()

    def _settle_trial(self) -> None:
        """Let the trial wait for what is worse: two red lines and a draft would leave large text no list to read."""
        self.trial_banner.setVisible(self._trial_failed and self.trouble.isHidden())

    def _hear(self, changes: Changes) -> None:
        self._settle_drafts()
        if changes.touches(Area.PUPILS, Area.CONTACTS) and self._context.theme.names.is_on:
            self._read_names()
        if changes.touches(Area.MARKS, Area.SETTINGS):
            self._read_facts()

    def _undo(self) -> None:
        if not self.tab(self.rail.currentIndex()).undo():
            self._context.background.run(_undo_last)

    def _reload(self) -> None:
        self.tab(self.rail.currentIndex()).reload()

    def _quit(self) -> None:
        self.close()

    def _show_help(self) -> None:
        HelpPage(self._context.theme, self).exec()

    def _show_about(self) -> None:
        AboutPage(self._context.theme, self._resources, self).exec()

    def _tell(self, problem: CmeError) -> None:
        tell_problem(self, self._context.theme, problem)

    # -- who sees names ----------------------------------------------------------------------------------------

    def _toggle_reception(self) -> None:
        if self._sees_names:
            names = self._context.theme.names
            names.switch(on=not names.is_on)

    def _take_choices(self) -> None:
        names = self._context.theme.names
        self.bar.show_reception(on=names.is_on)
        self._reception.setChecked(names.is_on)
        if names.is_on:
            self._read_names()
        self._sharing.switch(on=names.stays_out_of_sharing)

    def _read_names(self) -> None:
        if self._sees_names:
            self._context.background.run(_list_known_names, done=self._context.theme.names.know)

    def _hide_from_screen(self, why: str) -> None:
        names = self._context.theme.names
        if self.isVisible() and self._sees_names and names.hides_on_second_screen:
            self._set_hidden(hidden=True, why=why)

    # -- names hidden ------------------------------------------------------------------------------------------

    def _set_hidden(self, *, hidden: bool, why: str = "") -> None:
        self._hidden_left = HIDDEN_SECONDS if hidden else 0
        self._hidden_why = why
        self.find_field.close_results()
        self.find_field.setEnabled(not hidden)
        for tab in self._tabs.values():
            tab.hide_names(hidden=hidden)
        self.bar.show_hidden(hidden=hidden)
        self.banner.setVisible(hidden)
        self.unsaved.make_way(is_needed=hidden)
        self._covers.hide_names(hidden=hidden)
        if hidden and not why:
            self._second.start()
        else:
            self._second.stop()
        self._say_lock()

    def _count_hidden(self) -> None:
        self._hidden_left -= 1
        if self._hidden_left > 0:
            self._say_lock()
            return
        self._second.stop()
        self.lock_asked.emit()

    def _say_lock(self) -> None:
        if not self.names_are_hidden:
            self.status.show_lock(f"Locks after {self._locks_after} min")
            return
        if self._hidden_why:
            self.status.show_lock(f"Locks after {self._locks_after} min")
            self.banner.say(
                kind=ChipKind.TODAY,
                icon="eye-off",
                sentence=self._hidden_why,
                remedy="F9 shows them here. View, Hide names when another screen appears, turns this off.",
                button="Show names",
            )
            return
        words = f"Locks in {self._hidden_left} seconds"
        self.status.show_lock(words)
        self.banner.say(
            kind=ChipKind.PLAIN,
            icon="eye-off",
            sentence="Names are hidden",
            remedy=f"{words}. Work is kept.",
            button="Show names",
        )


def _list_known_names(office: Office) -> frozenset[str]:
    from cme_desktop.casework.known_names import list_known_names  # noqa: PLC0415  in reception mode only

    return list_known_names(office)


def _close_popups() -> None:
    """Close menus and lists that hang open over everything."""
    while (popup := QApplication.activePopupWidget()) is not None and popup.close():
        pass


def _undo_last(office: Office) -> Changes:
    from cme_desktop.casework.outcomes import undo_last  # noqa: PLC0415  not needed until somebody takes an act back

    return undo_last(office)
