"""The window around the tabs: rail, search, hiding, locking, unlocking, and the first run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from cme_desktop.casework.desk_facts import load_desk_facts
from cme_desktop.casework.opening import add_person
from cme_desktop.casework.policy_offers import offer_policies
from cme_desktop.casework.self_test import SelfTest, Silent
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.paths import Paths, find_paths
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.first_run.password_pages import PasswordPage
from cme_desktop.ui.first_run.school_pages import AuthorityPage, PeoplePage, PolicyPage, SchoolPage
from cme_desktop.ui.first_run.wizard import Wizard
from cme_desktop.ui.first_run.year_page import YearPage
from cme_desktop.ui.help import AboutPage, HelpPage
from cme_desktop.ui.main_window import HIDDEN_SECONDS, MainWindow, TabEntry
from cme_desktop.ui.password_words import say_strength
from cme_desktop.ui.recovery_dialog import RecoveryDialog
from cme_desktop.ui.school.people_dialog import AddPersonDialog
from cme_desktop.ui.start import Program
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import Tab, TabContext
from cme_desktop.ui.today.why_not_view import WhyNotDialog
from tests.office import HEAD, LUCJA, NOW, an_office
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
    TabEntry(name, name, icon, f"{__name__}.QuietTab")
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
    shown = MainWindow(context, office.paths.resources, tabs=QUIET)
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


@pytest.mark.parametrize(("size", "scale"), [((1366, 688), 1.0), ((1366, 688), 2.0), ((800, 500), 2.0)])
def test_every_tab_is_in_sight_however_large_the_text(
    size: tuple[int, int], scale: float, tmp_path: Path, qtbot: QtBot
) -> None:
    office = an_office(tmp_path)
    notifier, theme = ChangeNotifier(), Theme(office.paths.resources)
    shown = MainWindow(
        TabContext(ImmediateBackground(office, notifier), notifier, theme),
        office.paths.resources,
        tabs=QUIET + QUIET[:2],
    )
    qtbot.addWidget(shown)
    shown.resize(*size)
    theme.set_text_scale(scale)
    shown.show()

    rail = shown.rail
    tabs = [rail.tabRect(index) for index in range(rail.count())]
    assert len(tabs) == 5
    assert min(rect.top() for rect in tabs) >= 0
    assert max(rect.bottom() for rect in tabs) <= rail.height()


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


def test_only_the_tab_in_sight_is_built(window: MainWindow) -> None:
    assert window.pages.count() == 1

    window.show_tab(2)

    assert window.pages.count() == 2
    assert window.pages.currentWidget() is window.tab(2)


def test_a_tab_built_late_hides_names_as_the_others_do(window: MainWindow) -> None:
    window.toggle_names()

    assert quiet(window.tab(1)).hidden


def test_the_foot_says_who_sits_at_the_desk(window: MainWindow) -> None:
    window.begin(HEAD)

    assert "Dr Ann Teal, headteacher" in {label.text() for label in window.status.findChildren(QLabel)}


def test_why_not_is_asked_of_the_pupil_in_sight_and_of_nobody_while_names_are_hidden(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.show_tab(1).pupil_shown.emit(LUCJA)
    window.tab(0).pupil_shown.emit(LUCJA + 1)  # read again out of sight

    def ask() -> list[WhyNotDialog]:
        menu = next(menu for menu in window.findChildren(QMenu) if menu.title() == "&Pupil")
        next(act for act in menu.actions() if "not flagged" in act.text()).trigger()
        return window.findChildren(WhyNotDialog)

    window.toggle_names()
    assert ask() == []
    window.toggle_names()
    (dialog,) = ask()
    assert "Łucja" in dialog.screen_shown.title
    dialog.close()


def test_why_not_is_asked_of_the_pupil_in_sight_again_after_a_look_at_another_tab(window: MainWindow) -> None:
    window.tab(0).pupil_shown.emit(LUCJA)
    window.show_tab(1).pupil_shown.emit(LUCJA + 1)

    window.show_tab(0)
    menu = next(menu for menu in window.findChildren(QMenu) if menu.title() == "&Pupil")
    next(act for act in menu.actions() if "not flagged" in act.text()).trigger()

    (dialog,) = window.findChildren(WhyNotDialog)
    assert "Łucja" in dialog.screen_shown.title
    dialog.close()


def test_each_letter_by_which_a_menu_is_worked_stands_once_in_it(window: MainWindow) -> None:
    for menu in window.findChildren(QMenu):
        letters = [text[text.index("&") + 1].lower() for act in menu.actions() if "&" in (text := act.text())]
        assert sorted(letters) == sorted(set(letters)), menu.title()


def test_a_trial_that_failed_waits_while_something_worse_is_said(window: MainWindow) -> None:
    window.show()
    window._show_trial("The backup of Mon 9 Nov is NOT whole.")
    assert window.trial_banner.isVisible()

    window._show_trouble(CmeError("The records can’t be written to."))
    assert window.trouble.isVisible()
    assert not window.trial_banner.isVisible()

    office = window._context.background.office
    assert office is not None
    window._show_facts(replace(load_desk_facts(office), clock=None, trial_failed="The backup is NOT whole."))
    assert not window.trouble.isVisible()
    assert window.trial_banner.isVisible()


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
    program.wizard.recovery.group.control.setText(program.wizard.recovery.paper.asked_group)
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


def a_wizard(program: Program, step: int = 0) -> Wizard:
    program.begin()
    assert program.wizard is not None
    if step:
        fill(program.wizard)
    for _ in range(step):
        program.wizard.go_on()
    assert program.wizard.step == step
    return program.wizard


def a_year_page(program: Program) -> YearPage:
    page = a_wizard(program, 3).pages[3]
    assert isinstance(page, YearPage)
    return page


def test_the_keyboard_is_in_the_first_field_of_every_page(program: Program) -> None:
    wizard = a_wizard(program)
    fill(wizard)
    spoken = []
    for _ in range(7):
        control = wizard.focusWidget()
        assert control is not None
        spoken.append(control.accessibleName() or control.property("text"))
        wizard.go_on()

    assert spoken == [
        "Name of the school", "Headteacher", "Name of the authority", "Autumn 1, first day", "Your school's own policy",
        "Your name", "Print",
    ]  # fmt: skip
    wizard.recovery.confirmed.click()
    QTest.keyClicks(wizard.recovery.group.control, wizard.recovery.paper.asked_group)
    wizard.close()


def test_enter_leaves_a_page_and_goes_to_what_is_wrong_where_it_may_not(program: Program) -> None:
    wizard = a_wizard(program)
    first = wizard.pages[0]
    assert isinstance(first, SchoolPage)
    fill(wizard)
    first.urn.control.setText("1125")

    QTest.keyClick(first.school.control, Qt.Key.Key_Return)
    assert wizard.step == 0
    assert wizard.focusWidget() is first.urn.control
    assert first.urn.error

    QTest.keyClicks(first.urn.control, "112500")
    assert not first.urn.error
    QTest.keyClick(first.urn.control, Qt.Key.Key_Return)
    assert wizard.step == 1


def test_a_file_that_is_no_picture_is_no_logo(program: Program, tmp_path: Path) -> None:
    first = a_wizard(program).pages[0]
    assert isinstance(first, SchoolPage)
    fake = tmp_path / "logo.png"
    fake.write_bytes(b"not a picture at all")

    first.take_logo(fake)
    assert first.answers()["logo"] is None
    assert "PNG or JPEG" in first.logo_words.text()

    first.take_logo(tmp_path / "gone.png")
    assert first.answers()["logo"] is None

    QImage(8, 8, QImage.Format.Format_RGB32).save(str(fake))
    first.take_logo(fake)
    assert first.answers()["logo"] == fake.read_bytes()
    assert first.logo_words.text() == "logo.png"


def test_enter_walks_the_dates_before_it_leaves_the_year(program: Program) -> None:
    page = a_year_page(program)
    for first, last, _ in page.terms:
        first.clear()
        last.clear()
    page.terms[0][0].setFocus()
    for typed in ("3/9/26", "23/10/26"):
        QTest.keyClicks(page.focusWidget(), typed)
        QTest.keyClick(page.focusWidget(), Qt.Key.Key_Return)

    assert page.terms[0][0].text() == "03/09/2026"
    assert page.focusWidget() is page.terms[1][0]
    page.count()
    assert page.terms[0][2].text() == "37, Thu to Fri"


def test_a_date_corrected_is_no_longer_marked_wrong(program: Program) -> None:
    page = a_year_page(program)
    last = page.terms[5][1]
    last.setText("31/02/2027")

    assert not page.check()
    assert last.property("wrong")
    QTest.keyClick(last, Qt.Key.Key_Backspace)

    assert not last.property("wrong")


def test_an_inset_day_that_is_the_first_day_of_a_half_term_is_settled_by_one_button(program: Program) -> None:
    page = a_year_page(program)
    page.terms[1][0].setText("02/11/2026")
    page.inset.add().setText("02/11/2026")

    page.count()
    assert page.clash.accessibleName().startswith("Mon 2 Nov is both an INSET day and the first day of Autumn 2")
    page.clash.button.click()

    assert page.terms[1][0].text() == "03/11/2026"
    assert page.clash.isHidden()
    year = page.year()
    assert year is not None
    assert year.terms[1].first_day == date(2026, 11, 2)


def test_a_day_added_by_mistake_is_taken_out_and_tab_goes_on_from_it(program: Program) -> None:
    page = a_year_page(program)
    first, second = page.inset.add(), page.inset.add()
    first.setText("04/01/2027")
    second.setText("22/07/2027")

    remove = first.nextInFocusChain()
    assert isinstance(remove, QPushButton)
    assert remove.accessibleName() == "Take out INSET day 1"
    remove.click()

    assert page.inset.days() == (date(2027, 7, 22),)


def test_an_inset_day_apart_from_every_half_term_says_what_to_do(program: Program) -> None:
    page = a_year_page(program)
    page.inset.add().setText("01/09/2026")

    page.count()

    assert "Enter the other INSET days that join it" in page.total.accessibleName()


def test_the_records_begin_within_the_year(program: Program) -> None:
    page = a_year_page(program)

    assert page.check()
    assert page.answers()["records_begin"] is None

    page.begin.setText("01/01/2026")
    assert not page.check()
    assert "Thu 3 Sep" in page.begin_field.error

    page.begin.setText("03/11/2026")
    assert page.check()
    assert page.answers()["records_begin"] == date(2026, 11, 3)


def test_the_window_is_not_closed_by_mistake_before_the_recovery_key_is_kept(program: Program) -> None:
    wizard = a_wizard(program, 6)

    wizard.close()
    assert wizard.isVisible()

    wizard.close()
    assert not wizard.isVisible()


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
    program.wizard.recovery.confirmed.setChecked(True)
    program.wizard.recovery.group.control.setText(program.wizard.recovery.paper.asked_group)
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


def main_windows() -> set[MainWindow]:
    return {one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)}


def test_a_window_built_while_the_key_is_derived_is_seen_only_with_the_right_password(
    program: Program, qtbot: QtBot, tmp_path: Path
) -> None:
    set_up(program)
    program.lock()
    again = Program(SomeServices(find_paths(tmp_path / "data"), lambda: NOW))
    again.begin()
    unlock = again.unlock_window
    assert unlock is not None

    before = main_windows()
    QTest.keyClicks(unlock.password.control, "something else entirely")
    qtbot.waitUntil(lambda: again.is_loaded, timeout=20_000)

    QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(unlock.password.error), timeout=20_000)
    (built,) = main_windows() - before
    assert not built.isVisible()

    unlock.password.control.setText(PASSWORD)
    QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: again.main_window is not None, timeout=20_000)
    window = again.main_window
    assert window is built
    assert window.isVisible()
    assert not unlock.isVisible()
    assert again.background is not None
    qtbot.waitUntil(lambda: again.background is not None and not again.background.is_busy, timeout=20_000)
    again.end()
    window.deleteLater()
    unlock.deleteLater()


def test_somebody_added_since_the_last_lock_is_offered_at_the_next(program: Program, qtbot: QtBot) -> None:
    set_up(program)
    program.lock()
    assert program.unlock_window is not None
    QTest.keyClicks(program.unlock_window.password.control, PASSWORD)
    QTest.keyClick(program.unlock_window.password.control, Qt.Key.Key_Return)
    assert program.background is not None
    office = program.background.office
    assert office is not None
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password=PASSWORD)

    program.lock()

    offered = program.unlock_window.who.control
    assert [offered.itemText(row) for row in range(offered.count())] == ["Pat Mellor", "Dr Ann Teal"]


def test_nothing_is_unlocked_without_a_password(program: Program, qtbot: QtBot) -> None:
    set_up(program)
    program.lock()
    unlock = program.unlock_window
    assert unlock is not None

    QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)

    assert unlock.password.error == "Type your password."


def test_a_long_password_is_called_strong_and_a_short_one_too_short() -> None:
    assert say_strength("abc").startswith("Too short: 3")
    assert say_strength("aaaaaaaaaaaaaaaa").startswith("Too easy")
    assert say_strength("Password2026!").startswith("Too easy")
    assert say_strength("lamp rivers").startswith("Weak")
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


# -- a password forgotten ------------------------------------------------------------------------------------------


def a_recovery_dialog(program: Program, qtbot: QtBot) -> tuple[RecoveryDialog, list[tuple[str, str]]]:
    dialog = RecoveryDialog(program.theme)
    qtbot.addWidget(dialog)
    dialog.show()
    asked: list[tuple[str, str]] = []
    dialog.reset_asked.connect(lambda key, new: asked.append((key, new)))
    return dialog, asked


def test_a_new_password_too_short_is_told_beside_it_and_not_beside_the_key(program: Program, qtbot: QtBot) -> None:
    dialog, asked = a_recovery_dialog(program, qtbot)
    QTest.keyClicks(dialog.key.control, "ABCD-EFGH")
    QTest.keyClicks(dialog.new.control, "short")
    QTest.keyClicks(dialog.again.control, "short")

    QTest.keyClick(dialog.again.control, Qt.Key.Key_Return)

    assert asked == []
    assert dialog.new.error == "Too short: 5 of at least 10 characters."
    assert dialog.key.error == ""
    assert dialog.focusWidget() is dialog.new.control


def test_a_recovery_key_with_two_equal_passwords_asks_for_the_reset(program: Program, qtbot: QtBot) -> None:
    dialog, asked = a_recovery_dialog(program, qtbot)
    QTest.keyClicks(dialog.key.control, "ABCD-EFGH")
    QTest.keyClicks(dialog.new.control, PASSWORD)
    QTest.keyClicks(dialog.again.control, PASSWORD)

    QTest.keyClick(dialog.again.control, Qt.Key.Key_Return)

    assert asked == [("ABCD-EFGH", PASSWORD)]


def test_a_school_that_adopts_its_authoritys_policy_brings_it_along(qtbot: QtBot, tmp_path: Path) -> None:
    paths = find_paths(tmp_path)
    page = PolicyPage(Theme(paths.resources), offer_policies(paths))
    qtbot.addWidget(page)
    adopting = next(policy for policy in offer_policies(paths) if policy.brings)

    page.own.box.choose(adopting)
    assert page.answers() == {"policies": (adopting.id, *adopting.brings)}
    assert not page.authority.box.isEnabled()

    page.own.box.choose(None)
    assert page.answers() == {"policies": ()}
    assert page.authority.box.isEnabled()


def test_the_foot_says_when_the_rules_last_answered(window: MainWindow) -> None:
    at = datetime.combine(date(2026, 11, 10), time(8, 21))

    quiet(window.tab(0)).rules_tested.emit(SelfTest(at.date(), passed_at=at))

    assert window.status._rules.isVisible()
    assert window.status._rules.words.text() == "Rules self-test passed 8:21"

    silent = Silent("england.not-seen", "Child not seen", "It is not in the rulebook.")
    quiet(window.tab(0)).rules_tested.emit(SelfTest(at.date(), passed_at=None, failures=(silent,)))

    assert window.status._rules.words.text() == "Rules self-test failed: 1 rule"


def test_what_was_being_typed_is_there_again_after_the_lock(window: MainWindow) -> None:
    dialog = AddPersonDialog(window.tab(0).context, window)
    dialog.open()
    dialog.person.control.setText("Dr Ann Te")

    window.hide_everything()
    assert not dialog.isVisible()

    window.show()
    window.resume()
    assert dialog.isVisible()
    assert dialog.person.control.text() == "Dr Ann Te"
    dialog.reject()
