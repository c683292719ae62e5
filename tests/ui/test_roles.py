"""What each role is offered, through the real window: nobody meets a refusal by surprise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from cme_desktop.domain.cases import Role
from cme_desktop.domain.pupils import Circumstance
from cme_desktop.storage.pupils import list_all_pupils
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.contacts.tab import ContactsTab
from cme_desktop.ui.main_window import MainWindow, tabs_for
from cme_desktop.ui.numbers.tab import NumbersTab
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.today.tab import TodayTab
from cme_desktop.ui.upkeep.tab import UpkeepTab
from tests.office import HEAD, LEAD, LUCJA, MANAGER, TODAY, add_marks, add_pupil, seen_by
from tests.ui.accessibility import nameless_controls

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from cme_desktop.casework.office import Office, SignedInUser

GOVERNOR: Final = replace(MANAGER, role=Role.GOVERNOR)
CARETAKER: Final = replace(MANAGER, role=Role.CARETAKER)
CONTACTS: Final = 3


@pytest.fixture
def open_as(office: Office, qtbot: QtBot) -> Callable[[SignedInUser], MainWindow]:
    """Open the window as somebody."""

    def open_window(user: SignedInUser) -> MainWindow:
        theirs = seen_by(office, user)
        notifier = ChangeNotifier()
        context = TabContext(ImmediateBackground(theirs, notifier), notifier, Theme(office.paths.resources))
        window = MainWindow(context, office.paths.resources, tabs=tabs_for(user.role))
        qtbot.addWidget(window)
        window.begin(user)
        return window

    return open_window


def offered(window: MainWindow) -> set[str]:
    """The entries of the menus that can be chosen."""
    return {
        action.text().replace("&", "")
        for action in window.findChildren(QAction)
        if action.text() and action.isVisible() and action.isEnabled()
    }


def words_on(window: QWidget) -> str:
    """Every word that is painted or spoken."""
    labels = [label.text() for label in window.findChildren(QLabel) if not label.isHidden()]
    labels += [button.text() for button in window.findChildren(QAbstractButton)]
    spoken = (widget.accessibleName() for widget in window.findChildren(QWidget))
    return "\n".join((*labels, *spoken))


def names_in(office: Office) -> set[str]:
    with office.database.reading() as db:
        return {name for one in list_all_pupils(db) for name in (one.legal_surname, one.legal_forename)}


@pytest.mark.parametrize(
    ("user", "has", "has_not"),
    [
        (MANAGER, {"Import…", "Backups…", "Find…", "The school's policy…"}, {"Journal…"}),
        (LEAD, {"Import…", "Journal…", "Report a worry about a child…"}, set()),
        (
            GOVERNOR,
            {"People and passwords…", "Lock", "Keys"},
            {
                "Import…", "Backups…", "Journal…", "Find…", "Undo your last act", "New school year…",
                "Report a worry about a child…", "Why is this pupil not flagged?", "Show in Numbers",
            },
        ),
        (CARETAKER, {"People and passwords…", "Backups…"}, {"Import…", "Journal…", "Find…", "The school's policy…"}),
    ],
)  # fmt: skip
def test_the_menus_offer_what_the_role_may_do(
    open_as: Callable[[SignedInUser], MainWindow], user: SignedInUser, has: set[str], has_not: set[str]
) -> None:
    entries = offered(open_as(user))

    assert has <= entries
    assert has_not.isdisjoint(entries)


def test_a_governor_has_one_page_of_numbers_and_no_name_anywhere(
    open_as: Callable[[SignedInUser], MainWindow], office: Office
) -> None:
    add_marks(office, LUCJA, "O", TODAY)

    window = open_as(GOVERNOR)

    assert window.rail.count() == 1
    assert isinstance(window.tab(0), NumbersTab)
    assert window.find_field.isHidden()
    assert window.bar.hide_names.isHidden()
    said = words_on(window)
    assert "On roll: 12" in said
    assert "Absent today: fewer than 5" in said
    assert [name for name in names_in(office) if name in said] == []
    assert nameless_controls(window) == []


def test_a_caretaker_has_people_backups_and_the_version_and_no_name(
    open_as: Callable[[SignedInUser], MainWindow], office: Office
) -> None:
    window = open_as(CARETAKER)
    tab = window.tab(0)

    assert isinstance(tab, UpkeepTab)
    said = words_on(window)
    assert f"{HEAD.name}: Headteacher" in said
    assert "Version: " in said
    assert [name for name in names_in(office) if name in said] == []
    assert tab.back_up.isEnabled()
    assert nameless_controls(window) == []


def test_going_on_after_a_lock_shows_a_governor_no_more_than_before(
    open_as: Callable[[SignedInUser], MainWindow],
) -> None:
    window = open_as(GOVERNOR)

    window.hide_everything()
    window.resume()

    assert window.find_field.isHidden()
    assert not window.bar.hide_names.isVisible()


@pytest.mark.parametrize(("user", "sees"), [(MANAGER, False), (HEAD, True), (LEAD, True)])
def test_why_steps_are_faster_is_for_lead_and_head_alone(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, user: SignedInUser, *, sees: bool
) -> None:
    child = add_pupil(office, circumstances=(Circumstance.CHILD_PROTECTION_PLAN,))
    add_marks(office, child, "O", TODAY)
    window = open_as(user)

    contacts = window.show_tab(CONTACTS)
    assert isinstance(contacts, ContactsTab)
    contacts.show_pupil(child)
    today = window.show_tab(0)
    assert isinstance(today, TodayTab)
    today.show_pupil(child)

    said = words_on(window).casefold()
    assert ("child protection plan" in said) is sees
    assert ("social worker to be told" in said or "tell the social worker" in said) is sees
    assert ("faster steps apply" in said) is not sees


@pytest.mark.parametrize(("user", "is_offered"), [(GOVERNOR, False), (CARETAKER, False), (MANAGER, True)])
def test_no_menu_is_empty(
    open_as: Callable[[SignedInUser], MainWindow], user: SignedInUser, *, is_offered: bool
) -> None:
    menus = {action.text().replace("&", ""): action for action in open_as(user).bar.menus.actions()}

    assert menus["School"].isVisible() is is_offered
    assert menus["File"].isVisible()
