"""Half-typed work outlasts a crash, a lock and somebody else at the desk, and is only ever its typist's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from cme_desktop.casework.cases import load_case, open_case
from cme_desktop.casework.drafts import keep_draft, list_drafts
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.opening import add_person, open_office
from cme_desktop.casework.people import list_people
from cme_desktop.casework.setting_up import set_up
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.cases import Role
from cme_desktop.domain.drafts import DraftKey
from cme_desktop.domain.identifiers import CaseId, UserId
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.database import open_database
from cme_desktop.ui.asker import Asker, UseCase
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.cases.add_to_history_dialog import AddToHistoryDialog
from cme_desktop.ui.cases.reason_dialog import ReasonDialog
from cme_desktop.ui.cases.tab import CasesTab
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.contacts.contact_dialog import ContactDialog
from cme_desktop.ui.contacts.tab import ContactsTab
from cme_desktop.ui.drafting import Drafting, Drafts
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.main_window import MainWindow, tabs_for
from cme_desktop.ui.roll.reports.dialogs import WorryDialog
from cme_desktop.ui.roll.tab import RollTab
from cme_desktop.ui.start import Program
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.today import questions
from cme_desktop.ui.today.tab import TodayTab
from tests.casework.test_opening import ME, PASSWORD, a_school
from tests.office import (
    HEAD,
    IMANI,
    KEY,
    LEAD,
    LUCJA,
    MANAGER,
    NOW,
    TODAY,
    TOMASZ,
    add_marks,
    add_pupil,
    an_office,
    seen_by,
)
from tests.ui.accessibility import nameless_controls

TODAY_TAB, CASES, CONTACTS, ROLL = 0, 2, 3, 4
WORDS: Final = "A neighbour says they left on Sunday with suitcases"
DialogT = TypeVar("DialogT")


@pytest.fixture
def case_id(office: Office) -> CaseId:
    for pupil in (LUCJA, TOMASZ):
        add_marks(office, pupil, "O", TODAY)
    return open_case(office, pupil_id=LUCJA, why="Nobody answers.").case_id


@pytest.fixture
def open_as(office: Office, qtbot: QtBot, case_id: CaseId) -> Callable[[SignedInUser], MainWindow]:
    """Open the window anew, as somebody; what the old one held in memory is lost, as in a crash."""
    del case_id

    def open_window(user: SignedInUser) -> MainWindow:
        return a_window(seen_by(office, user), qtbot)

    return open_window


def a_window(office: Office, qtbot: QtBot) -> MainWindow:
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))
    window = MainWindow(context, office.paths.resources, tabs=tabs_for(office.user.role))
    qtbot.addWidget(window)
    window.begin(office.user)
    window._read_drafts()
    return window


def pause(window: MainWindow) -> None:
    """Let the hands rest as long as it takes to be kept."""
    window.keep_drafts()


def cases_of(window: MainWindow, case_id: CaseId) -> CasesTab:
    tab = window.show_tab(CASES)
    assert isinstance(tab, CasesTab)
    tab.show_case(case_id)
    return tab


def add_dialog(window: MainWindow, case_id: CaseId) -> AddToHistoryDialog:
    tab = cases_of(window, case_id)
    tab.acts.ask_add()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)
    assert dialog.isVisible()
    return dialog


def type_note(window: MainWindow, case_id: CaseId, words: str = WORDS) -> AddToHistoryDialog:
    dialog = add_dialog(window, case_id)
    QTest.keyClicks(dialog.words_field.control, words)
    pause(window)
    return dialog


# -- a crash -------------------------------------------------------------------------------------------------------


def test_a_note_half_typed_outlasts_a_kill_and_the_first_screen_says_so(tmp_path: Path, qtbot: QtBot) -> None:
    office = an_office(tmp_path)
    case_id = open_case(office, pupil_id=LUCJA, why="Nobody answers.").case_id
    office.database.close()
    program = subprocess.Popen(
        [sys.executable, "-m", "tests.journeys.half_typed", str(office.paths.data), str(case_id), WORDS],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "typed\n"
    program.kill()
    program.wait()
    program.stdout.close()
    assert all(WORDS.encode() not in file.read_bytes() for file in office.paths.data.rglob("*") if file.is_file())

    after = Office(open_database(office.paths.records, KEY), office.now, MANAGER, office.paths)
    window = a_window(after, qtbot)

    assert window.unsaved.isVisible()
    assert window.unsaved.accessibleName() == (
        "What you typed today at 9:40 was not saved It is kept in “Add to history” on Cases: open that again to go on."
    )
    window.unsaved.button.click()
    assert window.rail.currentIndex() == CASES
    assert window.unsaved.isHidden()
    dialog = add_dialog(window, case_id)
    assert dialog.words == WORDS
    assert dialog.draft_line.words.text() == "Typed today at 9:40, not saved"
    dialog.accept_button.click()
    assert list_drafts(after) == ()
    assert sum(WORDS in str(entry) for entry in load_case(after, case_id).history) == 1
    after.database.close()


@pytest.mark.parametrize("who", [HEAD, LEAD])
def test_nobody_else_sees_what_was_typed(
    open_as: Callable[[SignedInUser], MainWindow], case_id: CaseId, who: SignedInUser
) -> None:
    type_note(open_as(MANAGER), case_id)

    theirs = open_as(who)

    assert theirs.unsaved.isHidden()
    assert add_dialog(theirs, case_id).words == ""


def test_what_is_saved_leaves_no_draft(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, case_id: CaseId
) -> None:
    dialog = type_note(open_as(MANAGER), case_id)
    assert len(list_drafts(office)) == 1

    dialog.accept_button.click()

    assert list_drafts(office) == ()
    assert open_as(MANAGER).unsaved.isHidden()


def test_the_banner_goes_once_what_it_speaks_of_was_opened_by_hand_and_saved(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, case_id: CaseId
) -> None:
    type_note(open_as(MANAGER), case_id)
    later = open_as(MANAGER)
    assert later.unsaved.isVisible()

    add_dialog(later, case_id).accept_button.click()

    assert list_drafts(office) == ()
    assert later.unsaved.isHidden()


def test_the_banner_goes_within_a_minute_where_what_it_speaks_of_was_thrown_away(
    open_as: Callable[[SignedInUser], MainWindow], case_id: CaseId
) -> None:
    type_note(open_as(MANAGER), case_id)
    later = open_as(MANAGER)

    add_dialog(later, case_id).draft_line.afresh.emit()
    later._minute.timeout.emit()

    assert later.unsaved.isHidden()


def test_what_could_not_be_saved_stays_a_draft(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, case_id: CaseId
) -> None:
    window = open_as(MANAGER)
    dialog = type_note(window, case_id)
    assert isinstance(dialog, AddToHistoryDialog)
    dialog.day.control.clearMaximumDate()
    dialog.day.control.setDate(dialog.day.control.date().addYears(1))  # a day to come is refused

    dialog.accept_button.click()

    assert dialog.isVisible()
    assert len(list_drafts(office)) == 1


def test_leaving_without_saving_throws_it_away(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, case_id: CaseId
) -> None:
    dialog = type_note(open_as(MANAGER), case_id)

    dialog.leave()
    assert dialog.question is not None
    dialog.question.accept()

    assert list_drafts(office) == ()


def test_start_afresh_empties_the_fields_and_forgets(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, case_id: CaseId
) -> None:
    type_note(open_as(MANAGER), case_id)
    window = open_as(MANAGER)
    dialog = add_dialog(window, case_id)
    has_typed = dialog.has_typed
    assert has_typed
    assert nameless_controls(dialog) == []

    dialog.draft_line.button.click()

    assert dialog.words == ""
    assert dialog.clock.control.text() == "9:40"
    assert dialog.draft_line.isHidden()
    assert not dialog.has_typed
    assert list_drafts(office) == ()


def test_nothing_is_kept_where_nothing_was_typed(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, case_id: CaseId
) -> None:
    window = open_as(MANAGER)
    dialog = add_dialog(window, case_id)

    dialog.kind.control.setCurrentIndex(2)
    dialog.kind.control.activated.emit(2)
    pause(window)

    assert list_drafts(office) == ()


def test_what_was_chosen_besides_comes_back_with_the_words(
    open_as: Callable[[SignedInUser], MainWindow], case_id: CaseId
) -> None:
    window = open_as(MANAGER)
    dialog = add_dialog(window, case_id)
    dialog.kind.control.setCurrentIndex(1)
    dialog.kind.control.activated.emit(1)
    QTest.keyClicks(dialog.words_field.control, WORDS)
    pause(window)
    shown = dialog.kind.control.currentText()

    again = add_dialog(open_as(MANAGER), case_id)

    assert again.kind.control.currentText() == shown


def test_a_pause_of_a_second_is_enough(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, case_id: CaseId, qtbot: QtBot
) -> None:
    dialog = add_dialog(open_as(MANAGER), case_id)

    QTest.keyClicks(dialog.words_field.control, WORDS)

    assert list_drafts(office) == ()
    qtbot.waitUntil(lambda: len(list_drafts(office)) == 1, timeout=4000)


# -- other dialogs -------------------------------------------------------------------------------------------------


def test_a_call_half_typed_on_today_is_in_its_form_again(
    open_as: Callable[[SignedInUser], MainWindow], office: Office
) -> None:
    def form_of(window: MainWindow) -> TodayTab:
        tab = window.show_tab(TODAY_TAB)
        assert isinstance(tab, TodayTab)
        tab.show_pupil(int(LUCJA))
        tab._ask(questions.WHAT_REASON)
        return tab

    window = open_as(MANAGER)
    tab = form_of(window)
    assert tab.card.form.words is not None
    QTest.keyClicks(tab.card.form.words, WORDS)
    pause(window)

    again = form_of(open_as(MANAGER))

    assert again.card.form.words is not None
    assert again.card.form.words.text() == WORDS
    assert again.card.form.draft_line.words.text() == "Typed today at 9:40, not saved"
    assert not any(key.isChecked() for key in again.card.form.keys)
    again.card.form.keys[0].click()
    again.card.form.save()
    assert list_drafts(office) == ()


def test_a_form_on_today_is_still_open_after_the_lock(open_as: Callable[[SignedInUser], MainWindow]) -> None:
    window = open_as(MANAGER)
    tab = window.tab(TODAY_TAB)
    assert isinstance(tab, TodayTab)
    tab.show_pupil(int(LUCJA))
    tab._ask(questions.NOTE)
    assert tab.card.form.words is not None
    QTest.keyClicks(tab.card.form.words, WORDS)

    window.hide_everything()
    window.show()
    window.resume()

    assert tab.card.has_form
    assert tab.card.form.words.text() == WORDS


def test_a_reason_for_a_decision_is_kept_and_the_decision_is_made_afresh(
    open_as: Callable[[SignedInUser], MainWindow], office: Office
) -> None:
    def reviewed(window: MainWindow) -> TodayTab:
        tab = window.tab(TODAY_TAB)
        assert isinstance(tab, TodayTab)
        tab.show_pupil(int(IMANI))
        return tab

    add_marks(office, IMANI, "N", TODAY, half=Half.AM)

    window = open_as(HEAD)
    tab = reviewed(window)
    assert tab.review.reason.isEnabled()
    QTest.keyClicks(tab.review.reason, WORDS)
    pause(window)

    again = reviewed(open_as(HEAD))

    assert again.review.reason.toPlainText() == WORDS
    assert again.review.draft_line.isVisibleTo(again.review)
    assert not any(card.isChecked() for card in again.review.choices.values())
    again.review.choose("X")
    again.review.commit()
    assert list_drafts(seen_by(office, HEAD)) == ()


def test_a_worry_is_in_its_dialog_again(open_as: Callable[[SignedInUser], MainWindow]) -> None:
    def worry(window: MainWindow) -> WorryDialog:
        window._report_worry()
        return window.findChildren(WorryDialog)[-1]

    window = open_as(MANAGER)
    dialog = worry(window)
    QTest.keyClicks(dialog.said.control, WORDS)
    dialog.unnamed.setChecked(True)
    pause(window)

    later = open_as(MANAGER)
    later.unsaved.button.click()

    (again,) = later.findChildren(WorryDialog)
    assert again.said.control.toPlainText() == WORDS
    assert again.unnamed.isChecked()


def test_a_draft_of_one_contact_is_not_put_into_another(open_as: Callable[[SignedInUser], MainWindow]) -> None:
    def contact(window: MainWindow, place: int) -> ContactDialog:
        tab = window.show_tab(CONTACTS)
        assert isinstance(tab, ContactsTab)
        tab.show_pupil(int(LUCJA))
        assert tab._held is not None
        tab.acts.ask_contact(tab._held.lines[place].contact)
        dialog = tab.acts.dialog
        assert isinstance(dialog, ContactDialog)
        return dialog

    window = open_as(MANAGER)
    dialog = contact(window, 0)
    dialog.notes.control.selectAll()
    QTest.keyClicks(dialog.notes.control, WORDS)
    pause(window)

    later = open_as(MANAGER)

    assert contact(later, 1).notes.control.text() == ""
    assert contact(later, 0).notes.control.text() == WORDS


def test_a_password_is_never_kept(open_as: Callable[[SignedInUser], MainWindow]) -> None:
    from cme_desktop.ui.school.people_dialog import AddPersonDialog
    from cme_desktop.ui.typed_fields import TypedFields

    window = open_as(HEAD)
    dialog = AddPersonDialog(window.tab(TODAY_TAB).context, window)

    assert not TypedFields(dialog.content, dialog).can_be_kept


def test_a_choice_that_decides_is_not_put_back(qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

    from cme_desktop.ui.typed_fields import TypedFields

    holder = QWidget()
    qtbot.addWidget(holder)
    layout = QVBoxLayout(holder)
    decision, other, words = QComboBox(), QComboBox(), QLineEdit()
    decision.addItems(["Choose", "Granted", "Refused"])
    other.addItems(["By phone", "By letter"])
    for widget in (decision, other, words):
        layout.addWidget(widget)
    fields = TypedFields(holder, holder)
    decision.setCurrentIndex(1)
    other.setCurrentIndex(1)
    words.setText("Because")
    typed = fields.read()
    for box in (decision, other):
        box.setCurrentIndex(0)
    words.clear()

    fields.put_back(typed)

    assert decision.currentText() == "Choose"
    assert other.currentText() == "By letter"
    assert words.text() == "Because"


def test_the_roll_goes_to_the_life_whose_line_is_begun(
    open_as: Callable[[SignedInUser], MainWindow], office: Office
) -> None:
    key = DraftKey("Roll starting", "NewPupilDialog A new pupil", "")
    keep_draft(office, key=key, title="A new pupil", typed={})

    window = open_as(MANAGER)
    window.unsaved.button.click()

    tab = window.tab(ROLL)
    assert isinstance(tab, RollTab)
    assert tab.page.life.value == "starting"
    assert tab.page.dialog is not None
    assert tab.page.dialog.findChildren(Drafting)


# -- the lock ------------------------------------------------------------------------------------------------------


def test_an_open_dialog_leaves_the_screen_at_the_lock_and_is_there_for_the_same_person(
    open_as: Callable[[SignedInUser], MainWindow], office: Office, case_id: CaseId
) -> None:
    window = open_as(MANAGER)
    dialog = add_dialog(window, case_id)
    QTest.keyClicks(dialog.words_field.control, WORDS)

    window.hide_everything()

    assert not dialog.isVisible()
    assert len(list_drafts(office)) == 1  # before the key is forgotten, whatever the pause
    window.show()
    window.resume()
    assert dialog.isVisible()
    assert dialog.words == WORDS


def test_typing_goes_on_where_it_was_after_somebody_else_was_at_the_desk(
    open_as: Callable[[SignedInUser], MainWindow], case_id: CaseId
) -> None:
    window = open_as(MANAGER)
    dialog = add_dialog(window, case_id)
    QTest.keyClicks(dialog.words_field.control, WORDS)
    window.hide_everything()

    assert add_dialog(open_as(HEAD), case_id).words == ""

    assert add_dialog(open_as(MANAGER), case_id).words == WORDS


def test_a_question_open_over_a_dialog_is_closed_by_the_lock(
    open_as: Callable[[SignedInUser], MainWindow], case_id: CaseId
) -> None:
    window = open_as(MANAGER)
    dialog = add_dialog(window, case_id)
    QTest.keyClicks(dialog.words_field.control, WORDS)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    question = dialog.question
    assert question is not None

    window.hide_everything()

    assert dialog.question is None
    window.resume()
    assert dialog.words == WORDS


@dataclass(frozen=True)
class SomeServices:
    paths: Paths
    now: Callable[[], datetime] = field(default=lambda: NOW)
    demo_password: str | None = None


def test_the_program_locks_with_a_dialog_open_and_shows_it_to_the_same_person_only(
    tmp_path: Path, qtbot: QtBot
) -> None:
    """Through the real worker and the unlock window, with records closed in between."""
    paths = find_paths(tmp_path / "data")
    made = set_up(paths, replace(a_school(paths), user_role=Role.HEAD), now=lambda: NOW)
    add_person(made.office, name="Sam Rook", role=Role.LEAD, password=PASSWORD)
    case_id = open_case(made.office, pupil_id=add_pupil(made.office), why="Nobody answers.").case_id
    leave_desk(made.office)

    def opened_by(user_id: UserId) -> Office:
        return open_office(paths, user_id=user_id, password=PASSWORD, now=lambda: NOW)

    def ask(program: Program) -> AddToHistoryDialog:
        window = program.main_window
        assert window is not None
        tab = cases_of(window, case_id)
        qtbot.waitUntil(lambda: tab.acts.shown is not None, timeout=10_000)
        tab.acts.ask_add()
        qtbot.waitUntil(lambda: tab.dialog is not None and tab.dialog.isVisible(), timeout=10_000)
        assert isinstance(tab.dialog, AddToHistoryDialog)
        return tab.dialog

    program = Program(SomeServices(paths), errand=ImmediateErrand())
    program.open(opened_by(ME))
    dialog = ask(program)
    QTest.keyClicks(dialog.words_field.control, WORDS)
    program.lock()
    assert not dialog.isVisible()
    assert program.background is not None
    assert program.background.office is None

    program.open(opened_by(ME))
    assert dialog.isVisible()
    assert dialog.words == WORDS
    program.lock()

    program.open(opened_by(list_people(paths)[1].id))
    assert ask(program).words == ""
    program.lock()

    program.open(opened_by(ME))
    window = program.main_window
    assert window is not None
    qtbot.waitUntil(window.unsaved.isVisible, timeout=10_000)
    assert ask(program).words == WORDS
    program.end()


def test_a_dialog_asked_for_twice_before_it_could_open_opens_once(office: Office, case_id: CaseId) -> None:
    waiting: list[Callable[[], None]] = []

    def later(op: UseCase, *, done: Callable[[Any], None] | None = None, failed: object = None) -> None:
        del failed
        if done is not None:
            waiting.append(lambda: done(op(office)))

    del case_id
    holder = QObject()
    theme = Theme(office.paths.resources)
    asker = Asker(later, holder, drafts=Drafts(later, "Cases", lambda _: ("", None)))
    first, second = (ReasonDialog(theme, title="Why", accept="Save", label="Why") for _ in range(2))
    for dialog in (first, second):
        asker.ask(dialog, lambda: lambda _: None, said="")

    for done in waiting:
        done()

    assert not first.isVisible()
    assert second.isVisible()
    second.reject()
