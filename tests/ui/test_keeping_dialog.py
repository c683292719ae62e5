"""Keeping and disposal on screen: by keyboard, from a hold to a list that is read, signed and carried out."""

from __future__ import annotations

import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from cme_desktop.casework.keeping.looking import load_keeping
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.domain.keeping import DisposalState, HoldGround
from cme_desktop.paths import find_paths
from cme_desktop.policy.retention import RecordKind
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.keeping.asking import DecideDialog, SetHoldDialog, SignDisposalDialog
from cme_desktop.ui.keeping.dialog import KeepingDialog
from cme_desktop.ui.keeping.list_dialog import DisposalListDialog
from cme_desktop.ui.keeping.pages import DUE, HOLDS, KEPT, LISTS, PERIODS, TO_LOOK_AT
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.name_covers import NameCover
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.keeping import HEADS, OFFICE, a_school_with_old_records, add_closed_case, add_long_gone, sit
from tests.ui.accessibility import nameless_controls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from cme_desktop.casework.office import Office
    from cme_desktop.paths import Paths


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    paths = a_school_with_old_records(tmp_path_factory.mktemp("keeping"))
    office = sit(paths)
    add_closed_case(office, add_long_gone(office), closed_on=date(2019, 7, 1))
    leave_desk(office)
    return paths.data


@pytest.fixture
def paths(tmp_path: Path, template: Path) -> Paths:
    shutil.copytree(template, tmp_path / "data")
    return find_paths(tmp_path / "data")


@pytest.fixture
def head(paths: Paths) -> Iterator[Office]:
    office = sit(paths)
    yield office
    leave_desk(office)


def shown(office: Office, qtbot: QtBot) -> KeepingDialog:
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))
    dialog = KeepingDialog(context)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def decide(dialog: KeepingDialog, *, may_go: bool) -> None:
    dialog.show_page(TO_LOOK_AT)
    dialog.lists[TO_LOOK_AT].table.selectRow(0)
    dialog.decide.click()
    asked = dialog.asker.dialog
    assert isinstance(asked, DecideDialog)
    asked.may_go.control.choose(may_go)
    asked.reason.control.setPlainText("Looked through.")
    asked.accept_button.click()


def draw_up(dialog: KeepingDialog) -> DisposalListDialog:
    dialog.show_page(DUE)
    dialog.draw_up.click()
    pages = dialog.asker.dialog
    assert isinstance(pages, DisposalListDialog)
    return pages


def test_it_opens_on_what_is_due_and_says_how_many_stand_on_each_list(head: Office, qtbot: QtBot) -> None:
    dialog = shown(head, qtbot)

    names = [dialog.bar.tabText(place) for place in range(dialog.bar.count())]

    assert names == ["Due 1", "To look at 1", "Kept, because 1", "Holds", "How long", "Lists"]
    assert dialog.page == DUE
    dialog.show_page(PERIODS)
    assert len(dialog.lists[PERIODS].model.rows) == len(RecordKind)
    assert nameless_controls(dialog) == []


def test_the_arrow_keys_walk_the_lists(head: Office, qtbot: QtBot) -> None:
    dialog = shown(head, qtbot)
    dialog.bar.setFocus()

    qtbot.keyClick(dialog.bar, Qt.Key.Key_Right)
    qtbot.keyClick(dialog.bar, Qt.Key.Key_Right)

    assert dialog.page == KEPT


def test_a_hold_is_set_with_nothing_chosen_beforehand_and_lifted_with_a_reason(head: Office, qtbot: QtBot) -> None:
    dialog = shown(head, qtbot)
    dialog.show_page(HOLDS)
    dialog.set_hold.click()
    asked = dialog.asker.dialog
    assert isinstance(asked, SetHoldDialog)
    asked.accept_button.click()
    assert asked.scope.error == "Say what is held."
    assert asked.ground.error
    assert asked.reason.error

    asked.scope.control.choose("child")
    assert not asked.picker.finder.isHidden()
    asked.picker.finder.control.setText("quill")
    asked.ground.control.choose(HoldGround.COMPLAINT)
    asked.reason.control.setPlainText("The family complains.")
    asked.accept_button.click()

    (row,) = load_keeping(head).holds
    assert (row.name, row.hold.ground) == ("Zebedee Quillfeather", HoldGround.COMPLAINT)
    assert dialog.bar.tabText(DUE) == "Due"
    assert not dialog.lift.isEnabled()
    dialog.lists[HOLDS].table.selectRow(0)
    dialog.lift.click()
    dialog.asker.dialog.field.control.setPlainText("Settled.")  # type: ignore[union-attr]
    dialog.asker.dialog.accept_button.click()  # type: ignore[union-attr]
    assert not load_keeping(head).holds[0].hold.stands


def test_a_record_is_decided_on_only_by_choosing(head: Office, qtbot: QtBot) -> None:
    dialog = shown(head, qtbot)
    dialog.show_page(TO_LOOK_AT)
    assert not dialog.decide.isEnabled()
    dialog.lists[TO_LOOK_AT].table.selectRow(0)
    dialog.decide.click()
    asked = dialog.asker.dialog
    assert isinstance(asked, DecideDialog)
    asked.reason.control.setPlainText("Looked through.")
    asked.accept_button.click()

    assert asked.may_go.error == "Say whether it may go."
    assert asked.until.isHidden()
    asked.may_go.control.choose(False)  # noqa: FBT003  the value of a choice
    assert not asked.until.isHidden()
    asked.accept_button.click()
    assert dialog.bar.tabText(TO_LOOK_AT) == "To look at"


def test_the_list_is_read_then_signed_with_the_password_and_everything_is_gone(head: Office, qtbot: QtBot) -> None:
    dialog = shown(head, qtbot)
    decide(dialog, may_go=True)
    decide(dialog, may_go=True)  # the child's file, once the case may go
    pages = draw_up(dialog)
    assert pages.has_pages
    pages.sign.click()
    asked = pages.asker.dialog
    assert isinstance(asked, SignDisposalDialog)

    asked.password.control.setText("not the words")
    qtbot.keyClick(asked.password.control, Qt.Key.Key_Return)
    assert load_keeping(head).disposals[0].state is DisposalState.DRAWN_UP  # Enter signs nothing
    assert asked.isVisible()
    asked.accept_button.click()
    assert not asked.problem.isHidden()
    asked.password.control.setText(HEADS)
    asked.accept_button.click()

    assert load_keeping(head).disposals[0].state is DisposalState.CARRIED_OUT
    assert "removed for good" in pages.sentence.text()
    assert pages.sign.isHidden()
    assert dialog.bar.tabText(DUE) == "Due"
    assert dialog.bar.tabText(LISTS) == "Lists 1"


def test_the_office_draws_up_and_sees_that_the_head_signs(paths: Paths, qtbot: QtBot) -> None:
    office = sit(paths, OFFICE)
    dialog = shown(office, qtbot)
    pages = draw_up(dialog)

    assert not pages.sign.isEnabled()
    assert pages.state.text() == "Only the headteacher signs a disposal list, at their own desk."
    dialog.show_page(HOLDS)
    assert dialog.set_hold.isHidden()
    pages.ask_to_give_up()
    pages.asker.dialog.accept()  # type: ignore[union-attr]
    assert load_keeping(office).disposals[0].state is DisposalState.GIVEN_UP
    leave_desk(office)


def test_the_pages_are_saved_without_a_name_in_the_file_s(head: Office, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = shown(head, qtbot)
    pages = draw_up(dialog)

    assert pages.proposed_name() == "disposal-list-1.pdf"
    pages.save_to(tmp_path / pages.proposed_name())
    assert (tmp_path / "disposal-list-1.pdf").read_bytes().startswith(b"%PDF")
    assert nameless_controls(pages) == []


def test_a_lock_keeps_what_was_being_typed_and_no_password(head: Office, qtbot: QtBot) -> None:
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(head, notifier), notifier, Theme(head.paths.resources))
    window = MainWindow(context, head.paths.resources)
    qtbot.addWidget(window)
    window.begin(head.user)
    window.toggle_names()
    window._show_keeping()
    dialog = window.findChild(KeepingDialog)
    assert dialog is not None
    assert dialog.findChild(NameCover) is not None  # names are hidden
    window.toggle_names()
    assert dialog.findChild(NameCover) is None
    dialog.show_page(HOLDS)
    dialog.set_hold.click()
    asked = dialog.asker.dialog
    assert isinstance(asked, SetHoldDialog)
    asked.reason.control.setPlainText("The family")

    window.hide_everything()
    assert not asked.isVisible()
    assert not dialog.isVisible()
    window.resume()
    assert asked.isVisible()
    assert asked.reason.control.toPlainText() == "The family"
    asked.reject()

    pages = draw_up(dialog)
    pages.sign.click()
    signing = pages.asker.dialog
    assert isinstance(signing, SignDisposalDialog)
    signing.password.control.setText(HEADS)
    window.hide_everything()
    window.resume()
    assert pages.asker.dialog is None
    assert dialog.isVisible()
    dialog.accept()
