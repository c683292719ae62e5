"""Requests, packs, the sharing log and breaches on screen: worked with the keyboard, and nothing chosen beforehand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPlainTextEdit
from pytestqt.qtbot import QtBot

from cme_desktop.casework.breaches import load_breaches, note_breach
from cme_desktop.casework.held.pack import HeldFile
from cme_desktop.casework.information_requests import NewRequest, load_requests, note_request
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.papers import keep_paper
from cme_desktop.casework.sharing_log import load_sharing
from cme_desktop.domain.cases import Role
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import UserId
from cme_desktop.domain.information import About, Asker, BreachAccount, DataKind, Ending, Risk, Verdict
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.information.breach_entry import BreachDialog
from cme_desktop.ui.information.breaches_dialog import BreachesDialog
from cme_desktop.ui.information.file_dialog import FileDialog
from cme_desktop.ui.information.pack_dialog import PackDialog
from cme_desktop.ui.information.pack_pages import PackPagesDialog
from cme_desktop.ui.information.request_entries import EndDialog, ExtendDialog, IdentityDialog, NewRequestDialog
from cme_desktop.ui.information.requests_dialog import RequestsDialog
from cme_desktop.ui.information.sharing_dialog import NewSharingDialog, SharingDialog
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.upkeep.tab import UpkeepTab
from cme_desktop.ui.widgets.dialog import AskDialog
from cme_desktop.ui.widgets.label import Label
from tests.office import CALLUM, HEAD, LEAD, MANAGER, NOW, TODAY, add_event_to, seen_by
from tests.ui.accessibility import nameless_controls

SECRET = "Jack hit him, says Zadok"


def context_of(office: Office) -> TabContext:
    notifier = ChangeNotifier()
    return TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))


@pytest.fixture
def head(office: Office) -> Office:
    add_event_to(office, CALLUM, Event(EventKind.NOTE, TODAY), words=SECRET)
    note_request(office, new=NewRequest(CALLUM, About.PUPIL, Asker.PARENT, "Gemma Birtles", TODAY))
    return seen_by(office, HEAD)


@pytest.fixture
def shown(qtbot: QtBot) -> Callable[[QDialog], QDialog]:
    def show(dialog: QDialog) -> QDialog:
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return show


def asked_in(dialog: RequestsDialog | SharingDialog | BreachesDialog) -> QDialog:
    asked = dialog.asker.dialog
    assert asked is not None
    return asked


# -- requests ----------------------------------------------------------------------------------------------------


def test_a_request_is_written_down_from_the_first_letters_of_a_name(office: Office, qtbot: QtBot) -> None:
    dialog = RequestsDialog(context_of(office))
    qtbot.addWidget(dialog)
    assert not dialog.none.isHidden()
    dialog.new_button.click()
    asked = asked_in(dialog)
    assert isinstance(asked, NewRequestDialog)

    asked.accept_button.click()
    assert asked.about.error
    assert load_requests(office).lines == ()

    qtbot.keyClicks(asked.picker.finder.control, "callum")
    asked.about.control.choose(About.PUPIL)
    asked.by.control.choose(Asker.PARENT)
    asked.asker.control.setText("Gemma Birtles")
    asked.accept_button.click()

    (line,) = dialog.model.rows
    assert (line.name, line.left) == ("Callum Birtles", "30 days left")
    assert dialog.asker.dialog is None


def test_about_a_parent_one_of_the_childs_contacts_is_chosen(office: Office, qtbot: QtBot) -> None:
    dialog = NewRequestDialog(Theme(office.paths.resources), load_requests(office))
    qtbot.addWidget(dialog)
    qtbot.keyClicks(dialog.picker.finder.control, "callum")
    dialog.about.control.choose(About.CONTACT)
    dialog.by.control.choose(Asker.PARENT)
    dialog.asker.control.setText("Gemma Birtles")

    assert not dialog.check()
    assert dialog.contact.error
    dialog.contact.control.setCurrentIndex(1)

    assert dialog.contact.control.currentText() == "Gemma Birtles, mother"
    assert dialog.check()


def test_the_office_is_told_who_answers(head: Office, office: Office, qtbot: QtBot) -> None:
    dialog = RequestsDialog(context_of(office))
    qtbot.addWidget(dialog)

    assert dialog.identity_button.isEnabled()
    for button in (dialog.pack_button, dialog.end_button, dialog.extend_button):
        assert not button.isEnabled()
        assert "safeguarding lead or the headteacher" in button.toolTip()
    assert load_requests(head).may_answer


def test_longer_by_how_long_and_closed_how_is_never_chosen_beforehand(head: Office, qtbot: QtBot) -> None:
    dialog = RequestsDialog(context_of(head))
    qtbot.addWidget(dialog)
    dialog.extend_button.click()
    longer = asked_in(dialog)
    assert isinstance(longer, ExtendDialog)
    longer.why.control.setPlainText("complex")
    assert longer.months.control.chosen is None
    assert not longer.check()
    longer.months.control.choose(2)
    longer.accept_button.click()
    assert dialog.model.rows[0].due_on.isoformat() == "2027-02-10"

    dialog.end_button.click()
    end = asked_in(dialog)
    assert isinstance(end, EndDialog)
    end.answer.control.setPlainText("The pack, on paper")
    assert end.ending.control.chosen is None
    qtbot.keyClick(end.answer.control, Qt.Key.Key_Return)
    assert not end.accept_button.isDefault()
    assert load_requests(head).lines[0].request.is_open
    end.ending.control.choose(Ending.ANSWERED)
    end.accept_button.click()

    assert dialog.model.rows[0].left == "Answered"
    assert not dialog.pack_button.isEnabled()


def test_who_asks_is_written_down(head: Office, qtbot: QtBot) -> None:
    dialog = RequestsDialog(context_of(head))
    qtbot.addWidget(dialog)
    dialog.identity_button.click()
    asked = asked_in(dialog)
    assert isinstance(asked, IdentityDialog)
    asked.how.control.setText("passport seen")
    asked.accept_button.click()

    assert load_requests(head).lines[0].request.identity == "passport seen"


# -- the pack ----------------------------------------------------------------------------------------------------


@pytest.fixture
def pack(head: Office, qtbot: QtBot) -> PackDialog:
    dialog = PackDialog(context_of(head), load_requests(head).lines[0].request.id)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(dialog: PackDialog, words: str) -> None:
    assert dialog._screen is not None
    at = next(row for row, each in enumerate(dialog._screen.marked) if words in each.item.text)
    dialog.items.setCurrentRow(at)


def test_each_item_says_why_it_waits_and_nothing_is_chosen(pack: PackDialog) -> None:
    choose(pack, SECRET)

    assert "It names another pupil. Found: Jack." in pack.why.accessibleName() + str(
        [label.text() for label in pack.why.findChildren(type(pack.progress))]
    )
    assert pack.verdict is None
    assert not pack.read_button.isEnabled()
    assert not any(button.isDefault() or button.autoDefault() for button in (pack.keep_button, pack.read_button))


def test_without_a_choice_or_a_reason_nothing_is_kept(pack: PackDialog, head: Office) -> None:
    choose(pack, SECRET)
    pack.keep_button.click()
    assert not pack.problem.isHidden()

    pack.verdicts[Verdict.LEAVE_OUT].setChecked(True)
    pack.keep_button.click()
    assert pack.reason.error

    pack.verdicts[Verdict.BLACK_OUT].setChecked(True)
    pack.reason.control.setText("others")
    pack.keep_button.click()
    assert pack.black.error
    assert "Decided about" not in " ".join(line.said for line in load_journal(head).lines)


def test_enter_in_the_reason_decides_nothing(pack: PackDialog, head: Office, qtbot: QtBot) -> None:
    choose(pack, SECRET)
    pack.verdicts[Verdict.INCLUDE].setChecked(True)
    pack.reason.control.setText("they agree")

    qtbot.keyClick(pack.reason.control, Qt.Key.Key_Return)

    assert pack.isVisible()
    assert "Decided about" not in " ".join(line.said for line in load_journal(head).lines)


def test_with_every_item_decided_the_pages_are_read_and_saved_as_somebody_says(
    pack: PackDialog, head: Office, qtbot: QtBot, tmp_path: Path
) -> None:
    assert pack._screen is not None
    for _ in pack._screen.marked:
        pack.verdicts[Verdict.LEAVE_OUT].setChecked(True)
        pack.reason.control.setText("about others")
        pack.keep_button.click()
    assert pack.read_button.isEnabled()
    assert pack.progress.text().startswith("2 of 2 decided")

    pages = PackPagesDialog(context_of(head), load_requests(head).lines[0].request.id)
    qtbot.addWidget(pages)
    assert pages.has_pages
    assert not pages.may_save()
    assert "with a password or without" in pages.state.text()
    pages.locked.setChecked(True)
    pages.password.control.setText("short")
    assert not pages.may_save()
    assert "too short" in pages.password.error
    pages.password.control.setText("three blue horses")
    pages.again.control.setText("three blue horse")
    assert not pages.may_save()
    pages.again.control.setText("three blue horses")
    assert pages.may_save()
    pages.save_to(tmp_path / pages.proposed_name())

    assert "Birtles" not in pages.proposed_name()
    assert b"/Encrypt" in (tmp_path / pages.proposed_name()).read_bytes()


def test_the_words_found_are_put_in_only_when_asked_for(pack: PackDialog) -> None:
    choose(pack, SECRET)
    pack.verdicts[Verdict.BLACK_OUT].setChecked(True)
    assert pack.black.control.toPlainText() == ""

    pack.found_button.click()

    assert pack.black.control.toPlainText().splitlines() == ["Jack", "Zadok", "hit"]


def test_a_file_is_looked_at_before_it_is_decided_and_no_words_in_it_can_be_blacked_out(
    head: Office, qtbot: QtBot
) -> None:
    keep_paper(head, pupil_id=CALLUM, about="leave", title="Letter", file_name="l.txt", content=b"We fly on Sunday")
    dialog = PackDialog(context_of(head), load_requests(head).lines[0].request.id)
    qtbot.addWidget(dialog)
    dialog.show()
    choose(dialog, "Letter")
    assert not dialog.verdicts[Verdict.BLACK_OUT].isEnabled()
    assert dialog.file_button.isVisible()

    dialog.file_button.click()

    (shown,) = dialog.findChildren(FileDialog)
    assert [text.toPlainText() for text in shown.findChildren(QPlainTextEdit)] == ["We fly on Sunday"]
    assert nameless_controls(shown) == []
    assert load_journal(head).lines[0].said == "Looked at a file that somebody asks to see"
    choose(dialog, SECRET)
    assert not dialog.file_button.isVisible()


def test_pages_are_shown_and_of_another_kind_it_is_said_where_to_read_it(head: Office, qtbot: QtBot) -> None:
    for kind, content, said in (
        ("application/msword", b"\xd0\xcf\x11\xe0", "can’t be shown here"),
        ("image/png", b"no picture", "can’t be shown"),
    ):
        dialog = FileDialog(context_of(head), HeldFile(kind, content))
        qtbot.addWidget(dialog)
        assert said in " ".join(label.text() for label in dialog.findChildren(Label))


# -- the sharing log and breaches --------------------------------------------------------------------------------


def test_what_was_given_is_written_down_with_its_ground(office: Office, qtbot: QtBot) -> None:
    dialog = SharingDialog(context_of(office))
    qtbot.addWidget(dialog)
    dialog.new_button.click()
    asked = asked_in(dialog)
    assert isinstance(asked, NewSharingDialog)
    asked.what.control.setText("Attendance of this term")
    asked.to_whom.control.setText("Kay Moss, school nurse")
    asked.why.control.setPlainText("to plan support")
    assert asked.basis.control.chosen is None
    asked.accept_button.click()
    assert asked.basis.error

    asked.basis.control.setCurrentIndex(2)
    assert "article 6(1)(e)" in asked.basis.control.accessibleDescription()
    asked.accept_button.click()

    assert [line.what for line in dialog.model.rows] == ["Attendance of this term"]
    dialog.strike_button.click()
    assert asked_in(dialog) is not None
    assert load_sharing(office).lines[0].struck == ""


def test_a_breach_is_begun_with_what_happened_and_more_is_added_later(office: Office, qtbot: QtBot) -> None:
    dialog = BreachesDialog(context_of(office))
    qtbot.addWidget(dialog)
    dialog.new_button.click()
    asked = asked_in(dialog)
    assert isinstance(asked, BreachDialog)
    asked.accept_button.click()
    assert asked.what.error
    asked.what.control.setPlainText("A register was left on a bus")
    asked.clock.control.setText("8:10")
    asked.accept_button.click()
    (line,) = dialog.model.rows
    assert line.clock.startswith("70 hours 30 minutes left")

    dialog.more_button.click()
    more = asked_in(dialog)
    assert isinstance(more, BreachDialog)
    assert more.what.control.toPlainText() == "A register was left on a bus"
    more.kinds[DataKind.NAMES].setChecked(True)
    more.risks[Risk.LIKELY].setChecked(True)
    more.accept_button.click()
    assert more.risk_why.error
    more.risk_why.control.setPlainText("it lists a class")
    more.told_day.control.setText("10/11/2026")
    more.accept_button.click()
    assert more.told_clock.error
    more.told_clock.control.setText("9:30")
    more.accept_button.click()

    account = dialog.model.rows[0].breach.account
    assert (account.risk, account.kinds) == (Risk.LIKELY, (DataKind.NAMES,))
    assert account.noticed_at.hour == 8
    assert not dialog.end_button.isEnabled()
    assert "headteacher" in dialog.end_button.toolTip()


def test_the_head_is_told_what_is_missing_before_a_note_is_closed(head: Office, qtbot: QtBot) -> None:
    note_breach(head, account=BreachAccount("A letter went astray", NOW - timedelta(hours=1)))
    dialog = BreachesDialog(context_of(head))
    qtbot.addWidget(dialog)
    assert "how the risk is judged" in dialog.end_button.toolTip()

    note_breach(
        head,
        account=BreachAccount(
            "Another", NOW, people=0, kinds=(DataKind.NAMES,), risk=Risk.UNLIKELY, risk_why="came back",
            regulator_why_not="no risk", people_why_not="no risk", done="Talked it over",
        ),
    )  # fmt: skip
    dialog.read()
    dialog.table.selectRow(0)
    dialog.end_button.click()
    question = asked_in(dialog)
    assert isinstance(question, AskDialog)
    question.accept()

    assert not load_breaches(head).lines[0].breach.is_open


def test_the_caretaker_sees_the_hours_and_not_what_happened(office: Office, qtbot: QtBot) -> None:
    note_breach(office, account=BreachAccount("A register was left on a bus", NOW))
    tab = UpkeepTab(context_of(seen_by(office, SignedInUser(UserId(1), "Chris Vale", Role.CARETAKER))))
    qtbot.addWidget(tab)

    said = " ".join(label.text() for label in tab.findChildren(Label))

    assert "72 hours left to tell the regulator" in said
    assert "bus" not in said


# -- the window --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("user", "offered"), [(HEAD, True), (LEAD, True), (MANAGER, True)])
def test_the_school_menu_offers_all_three(office: Office, qtbot: QtBot, user: SignedInUser, *, offered: bool) -> None:
    window = MainWindow(context_of(seen_by(office, user)), office.paths.resources)
    qtbot.addWidget(window)
    window.offer_for(user.role)
    menu = next(action for action in window.bar.menus.actions() if action.text() == "&School").menu()

    said = [action.text() for action in menu.actions() if action.isVisible()]  # type: ignore[attr-defined]  # a QMenu

    assert (said == ["&Requests for information…", "&Sharing log…", "&Data breach…"]) is offered


def test_every_control_has_a_name(head: Office, pack: PackDialog, qtbot: QtBot) -> None:
    context, desk = context_of(head), load_requests(head)
    dialogs: tuple[QDialog, ...] = (
        RequestsDialog(context), SharingDialog(context), BreachesDialog(context), pack,
        NewRequestDialog(context.theme, desk), ExtendDialog(context.theme, desk.lines[0], today=TODAY, months=2),
        EndDialog(context.theme, desk.lines[0], today=TODAY), BreachDialog(context.theme, now=head.local_now),
        NewSharingDialog(context.theme, load_sharing(head), pupil_id=None),
    )  # fmt: skip
    for dialog in dialogs:
        qtbot.addWidget(dialog)
        assert nameless_controls(dialog) == [], type(dialog).__name__


def test_an_empty_list_is_worked_by_enter_alone(office: Office, shown: Callable[[QDialog], QDialog]) -> None:
    dialog = RequestsDialog(context_of(seen_by(office, HEAD)))
    shown(dialog)

    focused = dialog.focusWidget()
    assert focused is dialog.new_button
    QTest.keyClick(focused, Qt.Key.Key_Return)

    assert isinstance(dialog.asker.dialog, NewRequestDialog)
    dialog.asker.dialog.reject()
    dialog.close_button.setFocus()
    QTest.keyClick(dialog.close_button, Qt.Key.Key_Return)
    assert not dialog.isVisible()
