"""The window around the tabs: rail, search, hiding, locking, unlocking, and the first run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cme_desktop.domain.identifiers import PupilId
from cme_desktop.paths import Paths, find_paths
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.first_run.password_pages import PasswordPage, say_strength
from cme_desktop.ui.first_run.school_pages import AuthorityPage, PeoplePage, SchoolPage
from cme_desktop.ui.first_run.wizard import Wizard
from cme_desktop.ui.first_run.year_page import YearPage
from cme_desktop.ui.help import AboutPage, HelpPage
from cme_desktop.ui.main_window import HIDDEN_SECONDS, MainWindow, TabEntry
from cme_desktop.ui.recovery_dialog import RecoveryDialog
from cme_desktop.ui.start import Program
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import Tab, TabContext
from tests.office import LUCJA, NOW, an_office
from tests.ui.accessibility import nameless_controls

PASSWORD = "correct horse battery staple"
TERMS = (
    ("03/09/2026", "23/10/2026"),
    ("03/11/2026", "18/12/2026"),
    ("05/01/2027", "12/02/2027"),
    ("22/02/2027", "25/03/2027"),
    ("13/04/2027", "28/05/2027"),
    ("07/06/2027", "21/07/2027"),
)


class QuietTab(Tab):
    """A tab that remembers what it was asked."""

    def __init__(self, context: TabContext) -> None:
        super().__init__(context)
        self.pupils: list[int] = []
        self.hidden = False

    def show_pupil(self, pupil_id: int) -> None:
        self.pupils.append(pupil_id)

    def hide_names(self, *, hidden: bool) -> None:
        self.hidden = hidden


QUIET = tuple(
    TabEntry(name, icon, f"{__name__}.QuietTab")
    for name, icon in (("Today", "sun"), ("Register", "calendar-days"), ("Cases", "folder-open"))
)


@dataclass(frozen=True)
class SomeServices:
    paths: Paths
    now: Callable[[], datetime]
    demo_password: str | None = None


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setitem(sys.modules, __name__, sys.modules.get(__name__) or sys.modules[QuietTab.__module__])
    office = an_office(tmp_path)
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))
    shown = MainWindow(context, office, tabs=QUIET)
    qtbot.addWidget(shown)
    shown.show()
    return shown


def quiet(tab: Tab) -> QuietTab:
    assert isinstance(tab, QuietTab)
    return tab


def test_the_rail_is_a_tab_list_with_arrow_keys(window: MainWindow, qtbot: QtBot) -> None:
    QAccessible.setActive(True)
    interface = QAccessible.queryAccessibleInterface(window.rail)
    window.rail.setFocus()

    QTest.keyClick(window.rail, Qt.Key.Key_Down)

    assert interface is not None
    assert interface.role() == QAccessible.Role.PageTabList
    assert window.rail.currentIndex() == 1
    assert window.pages.currentWidget() is window.tab(1)


def test_a_badge_is_spoken_with_its_tab(window: MainWindow) -> None:
    window.tab(0).badge_changed.emit(9)

    assert window.rail.accessibleTabName(0) == "Today, 9 waiting"


def test_the_title_never_holds_a_name(window: MainWindow) -> None:
    assert window.windowTitle() == "CME Desktop"


def test_three_letters_and_enter_show_the_pupil_here(window: MainWindow, qtbot: QtBot) -> None:
    window.find_field.setFocus()
    QTest.keyClicks(window.find_field, "luc")
    qtbot.waitUntil(lambda: window.find_field.results.count() == 1)

    QTest.keyClick(window.find_field, Qt.Key.Key_Return)

    assert quiet(window.tab(0)).pupils == [LUCJA]


def test_a_tab_may_ask_for_the_register(window: MainWindow) -> None:
    window.tab(0).wants_register.emit(PupilId(3))

    assert window.rail.currentIndex() == 1
    assert quiet(window.tab(1)).pupils == [3]


def test_names_hidden_for_a_minute_lock_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.toggle_names()
    assert quiet(window.tab(0)).hidden
    assert not window.find_field.isEnabled()

    with qtbot.waitSignal(window.lock_asked):
        for _ in range(HIDDEN_SECONDS):
            window._second.timeout.emit()


def test_names_shown_again_stop_the_countdown(window: MainWindow) -> None:
    window.toggle_names()
    window.toggle_names()

    assert not quiet(window.tab(0)).hidden
    assert not window._second.isActive()


def test_every_control_of_the_window_has_a_name(window: MainWindow, qtbot: QtBot) -> None:
    assert nameless_controls(window) == []


def test_help_and_about_name_every_control(window: MainWindow, qtbot: QtBot) -> None:
    theme = window._context.theme
    pages = (HelpPage(theme), AboutPage(theme, window._resources), RecoveryDialog(theme))

    for page in pages:
        qtbot.addWidget(page)
        assert nameless_controls(page) == []


# -- first run, unlocking and locking ----------------------------------------------------------------------------


@pytest.fixture
def program(tmp_path: Path, qtbot: QtBot) -> Iterator[Program]:
    made = Program(SomeServices(find_paths(tmp_path / "data"), lambda: NOW), errand=ImmediateErrand())
    yield made
    made.end()
    for window in (made.unlock_window, made.wizard, made.main_window):
        if window is not None:
            window.deleteLater()


def fill(wizard: Wizard) -> None:
    for page in wizard.pages:
        match page:
            case SchoolPage():
                page.school.control.setText("Larkfield Primary School")
                page.laestab.control.setText("830/2201")
                page.urn.control.setText("112500")
            case PeoplePage():
                page.head.control.setText("Dr Ann Teal")
                page.lead.control.setText("Sam Rook")
            case AuthorityPage():
                page.authority.control.setText("Derbyshire")
            case YearPage():
                for (first, last, _), (begins, ends) in zip(page.terms, TERMS, strict=True):
                    first.setText(begins)
                    last.setText(ends)
            case PasswordPage():
                page.user.control.setText("Pat Mellor")
                page.password.control.setText(PASSWORD)
                page.again.control.setText(PASSWORD)
            case _:
                pass


def set_up(program: Program) -> None:
    program.begin()
    assert program.wizard is not None
    fill(program.wizard)
    for _ in range(6):
        program.wizard.go_on()
    program.wizard.recovery.confirmed.setChecked(True)
    program.wizard.go_on()


def test_a_page_is_not_left_with_something_missing(program: Program) -> None:
    program.begin()
    wizard = program.wizard
    assert wizard is not None

    wizard.go_on()

    assert wizard.step == 0
    first = wizard.pages[0]
    assert isinstance(first, SchoolPage)
    assert first.school.error == "Type the school's name."


def test_every_control_of_the_wizard_has_a_name(program: Program) -> None:
    program.begin()
    assert program.wizard is not None

    assert nameless_controls(program.wizard) == []


def test_just_after_midnight_in_summer_the_wizards_today_is_the_new_day(tmp_path: Path, qtbot: QtBot) -> None:
    half_past_midnight = datetime(2026, 8, 31, 23, 30, tzinfo=UTC)  # on 1 September, by the clock on the wall
    paths = find_paths(tmp_path / "data")

    wizard = Wizard(Theme(paths.resources), paths, now=lambda: half_past_midnight, errand=ImmediateErrand())

    qtbot.addWidget(wizard)
    page = wizard.pages[3]
    assert isinstance(page, YearPage)
    page.begin.setText("4/3")
    assert page.begin.day == date(2027, 3, 4)  # the nearest: it is 181 days since the last one


def test_inset_days_are_counted_while_they_are_typed(program: Program) -> None:
    program.begin()
    assert program.wizard is not None
    fill(program.wizard)
    page = program.wizard.pages[3]
    assert isinstance(page, YearPage)
    for day in ("02/11/2026", "02/09/2026", "01/09/2026", "04/01/2027", "22/07/2027"):
        page.inset.add().setText(day)

    page.count()

    assert page.total.accessibleName().startswith("190 school days for pupils, 5 INSET days")
    assert "195 days most schools open" in page.total.accessibleName()


def test_the_recovery_key_must_be_confirmed_before_work_begins(program: Program) -> None:
    program.begin()
    assert program.wizard is not None
    fill(program.wizard)
    for _ in range(7):
        program.wizard.go_on()

    assert program.wizard.step == 6
    assert program.wizard.recovery.key.text().count("-") == 7
    assert program.main_window is None
    program.wizard.close()


def test_a_school_is_set_up_locked_and_unlocked_again(program: Program, qtbot: QtBot) -> None:
    set_up(program)
    window = program.main_window
    assert window is not None
    assert window.isVisible()

    program.lock()
    unlock = program.unlock_window
    assert unlock is not None
    assert not window.isVisible()
    assert unlock.isVisible()
    assert nameless_controls(unlock) == []

    unlock.password.control.setText("something else entirely")
    QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)
    assert unlock.password.error
    assert not window.isVisible()

    unlock.password.control.setText(PASSWORD)
    QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)
    assert program.main_window is window
    assert window.isVisible()
    assert not unlock.isVisible()


def test_nothing_is_unlocked_without_a_password(program: Program, qtbot: QtBot) -> None:
    set_up(program)
    program.lock()
    unlock = program.unlock_window
    assert unlock is not None

    QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)

    assert unlock.password.error == "Type your password."


def test_a_long_password_is_called_strong_and_a_short_one_too_short() -> None:
    assert say_strength("abc").startswith("Too short: 3")
    assert say_strength("aaaaaaaaaaaaaaaa").startswith("Weak")
    assert say_strength(PASSWORD) == "Strong."


def test_nothing_heavy_is_loaded_at_first_paint(tmp_path: Path) -> None:
    heavy = "sqlalchemy alembic cryptography reportlab pyhanko openpyxl holidays phonenumbers pypdfium2 rapidfuzz"
    script = f"""
import sys
from pathlib import Path
from cme_desktop.casework.people import Person
from cme_desktop.paths import find_paths
import cme_desktop.ui.start as start
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.unlock_window import UnlockWindow
application = start.make_application()
theme = Theme(find_paths(Path({str(tmp_path)!r})).resources)
theme.apply()
window = UnlockWindow(theme, (Person(1, "Pat Mellor"),))
window.show()
application.processEvents()
window.grab()
loaded = [name for name in {heavy.split()!r} if name in sys.modules]
raise SystemExit(", ".join(loaded) or 0)
"""

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
