"""The dialogs of the File menu: the school's morning, people and passwords."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog

from cme_desktop.casework.opening import add_person, list_users, open_office
from cme_desktop.casework.school_settings import load_school_settings
from cme_desktop.casework.setting_up import NewSchool, set_up
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.importers.calendars import load_supplied_calendar
from cme_desktop.paths import find_paths
from cme_desktop.storage.vault import WrongPasswordError, unlock_with_recovery_key
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.school.people_dialog import (
    AddPersonDialog,
    ChangePasswordDialog,
    PeopleDialog,
    RecoveryKeyDialog,
)
from cme_desktop.ui.school.settings_dialog import SettingsDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import NOW, PASSWORD
from tests.ui.accessibility import nameless_controls

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from cme_desktop.casework.office import Office

NEW = "four words nobody knows"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Records set up as a school would, with a key file."""
    paths = find_paths(tmp_path / "school")
    calendar = load_supplied_calendar(paths.resources, "test-2026-27")
    new = NewSchool(
        name="Larkfield Primary School", laestab="8302201", urn="112500", years=calendar.years,
        user_name="Pat Mellor", user_role=Role.HEAD, password=PASSWORD,
    )  # fmt: skip
    made = set_up(paths, new, now=lambda: NOW).office
    yield made
    made.database.close()


@pytest.fixture
def context(office: Office, qapp: object) -> TabContext:
    notifier = ChangeNotifier()
    return TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))


def test_a_clock_time_is_moved_by_typing_it(context: TabContext, office: Office, qtbot: QtBot) -> None:
    dialog = SettingsDialog(context)
    qtbot.addWidget(dialog)
    assert dialog.times["first_calls"].control.text() == "9:15"

    dialog.times["first_calls"].control.setText("0925")
    dialog.minutes.control.choose(3)
    dialog.accept_button.click()

    assert dialog.result() == QDialog.DialogCode.Accepted
    settings = load_school_settings(office)
    assert (settings.clock.first_calls, settings.locks_after) == (time(9, 25), 3)


@pytest.mark.parametrize("typed", ["", "nine", "25:00"])
def test_what_is_no_time_is_said_in_its_field_and_nothing_is_saved(
    context: TabContext, office: Office, qtbot: QtBot, typed: str
) -> None:
    dialog = SettingsDialog(context)
    qtbot.addWidget(dialog)

    dialog.times["lead_told"].control.setText(typed)
    dialog.accept_button.click()

    assert dialog.times["lead_told"].error.startswith("Type a time like 9:40")
    assert load_school_settings(office).clock.lead_told == time(10, 0)


def test_a_morning_out_of_order_stays_open_with_its_remedy(context: TabContext, qtbot: QtBot) -> None:
    dialog = SettingsDialog(context)
    qtbot.addWidget(dialog)

    dialog.times["lead_told"].control.setText("9:00")
    dialog.accept_button.click()

    assert not dialog.problem.isHidden()
    assert dialog.result() != QDialog.DialogCode.Accepted


def test_somebody_added_opens_the_records_with_their_own_password(
    context: TabContext, office: Office, qtbot: QtBot
) -> None:
    dialog = AddPersonDialog(context)
    qtbot.addWidget(dialog)

    dialog.person.control.setText("Dr Ann Teal")
    dialog.role.control.choose(Role.HEAD)
    for field in dialog.passwords.fields:
        field.control.setText(NEW)
    dialog.accept_button.click()

    assert dialog.result() == QDialog.DialogCode.Accepted
    added = list_users(office)[-1]
    assert (added.name, added.role) == ("Dr Ann Teal", Role.HEAD)
    office.database.close()
    opened = open_office(office.paths, user_id=added.id, password=NEW, now=office.now)
    assert opened.user.role is Role.HEAD
    opened.database.close()


def test_two_passwords_that_differ_add_nobody(context: TabContext, office: Office, qtbot: QtBot) -> None:
    dialog = AddPersonDialog(context)
    qtbot.addWidget(dialog)
    dialog.person.control.setText("Dr Ann Teal")
    first, again = dialog.passwords.fields
    first.control.setText(NEW)
    again.control.setText(NEW + "s")

    dialog.accept_button.click()

    assert again.error == "The two passwords differ."
    assert len(list_users(office)) == 1


def test_ones_own_password_changes_only_with_the_old_one(context: TabContext, office: Office, qtbot: QtBot) -> None:
    dialog = ChangePasswordDialog(context)
    qtbot.addWidget(dialog)
    for field in dialog.passwords.fields:
        field.control.setText(NEW)
    dialog.old.control.setText("not the password")

    dialog.accept_button.click()
    assert not dialog.problem.isHidden()

    dialog.old.control.setText(PASSWORD)
    dialog.accept_button.click()
    assert dialog.result() == QDialog.DialogCode.Accepted
    office.database.close()
    open_office(office.paths, user_id=office.user.id, password=NEW, now=office.now).database.close()
    with pytest.raises(WrongPasswordError):
        open_office(office.paths, user_id=office.user.id, password=PASSWORD, now=office.now)


def test_a_new_recovery_key_is_shown_until_it_is_kept(context: TabContext, office: Office, qtbot: QtBot) -> None:
    people = PeopleDialog(context)
    qtbot.addWidget(people)
    shown: list[str] = []
    people.renew_recovery_key(shown.append)
    dialog = RecoveryKeyDialog(context, shown[0])
    qtbot.addWidget(dialog)
    dialog.show()

    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not dialog.close_button.isEnabled()

    dialog.paper.confirmed.setChecked(True)
    assert not dialog.close_button.isEnabled()
    QTest.keyClicks(dialog.paper.group.control, dialog.paper.asked_group.lower())
    dialog.close_button.click()
    assert not dialog.isVisible()
    assert unlock_with_recovery_key(office.paths.keys, shown[0]) == office.database.key


def test_everybody_is_listed_with_what_they_are(context: TabContext, qtbot: QtBot) -> None:
    people = PeopleDialog(context)
    qtbot.addWidget(people)

    assert [(user.name, user.role) for user in people.model.rows] == [("Pat Mellor", Role.HEAD)]


def test_somebody_who_leaves_is_chosen_and_removed_and_opens_nothing(
    context: TabContext, office: Office, qtbot: QtBot
) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password=NEW)
    dialog = PeopleDialog(context)
    qtbot.addWidget(dialog)
    assert not dialog.remove_button.isEnabled()
    dialog.table.selectRow(1)
    assert dialog.remove_button.isEnabled()
    assert dialog.chosen is not None

    dialog.remove(dialog.chosen)

    assert [row[2] for row in rows_of(dialog)] == ["yes", "no longer"]
    dialog.table.selectRow(1)
    assert not dialog.remove_button.isEnabled()
    office.database.close()
    with pytest.raises(CmeError, match="can't open"):
        open_office(office.paths, user_id=UserId(2), password=NEW, now=lambda: NOW)


def test_who_removes_themselves_is_told_why_not(context: TabContext, qtbot: QtBot) -> None:
    dialog = PeopleDialog(context)
    qtbot.addWidget(dialog)
    dialog.table.selectRow(0)
    assert dialog.chosen is not None

    dialog.remove(dialog.chosen)

    assert not dialog.problem.isHidden()
    assert "yourself" in dialog.problem.accessibleName()


def rows_of(dialog: PeopleDialog) -> list[list[str]]:
    model = dialog.model
    return [[model.index(row, column).data() for column in range(4)] for row in range(model.rowCount())]


def test_every_control_has_a_name(context: TabContext, qtbot: QtBot) -> None:
    for dialog in (SettingsDialog(context), PeopleDialog(context), AddPersonDialog(context),
                   ChangePasswordDialog(context), RecoveryKeyDialog(context, "AAAA-BBBB")):  # fmt: skip
        qtbot.addWidget(dialog)
        dialog.show()
        assert nameless_controls(dialog) == []
