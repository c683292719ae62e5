"""The Cases tab, driven by its keys over real records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.case_history import add_to_history
from cme_desktop.casework.cases import list_cases, load_case, open_case
from cme_desktop.casework.closing import Closing, close_case
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.cases import CaseStatus, ClosingOutcome
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.events import AttemptOutcome, Event, EventKind, Method, VisitOutcome, With
from cme_desktop.domain.identifiers import CaseId
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Flag
from cme_desktop.storage.flags import add_flags
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.cases.add_to_history_dialog import AddToHistoryDialog
from cme_desktop.ui.cases.close_case_dialog import CloseCaseDialog
from cme_desktop.ui.cases.enquiry_dialog import EnquiryDialog
from cme_desktop.ui.cases.history_dialog import HistoryDialog
from cme_desktop.ui.cases.history_panel import SortBy
from cme_desktop.ui.cases.open_case_dialog import OpenCaseDialog
from cme_desktop.ui.cases.reason_dialog import ReasonDialog
from cme_desktop.ui.cases.tab import CasesTab
from cme_desktop.ui.cases.task_dialog import TaskDialog
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.documents.preview_dialog import RecordPreviewDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.widgets.dialog import AskDialog
from tests.office import AISHA, LUCJA, TODAY, YESTERDAY, add_event_to, add_marks, an_office
from tests.ui.accessibility import nameless_controls


@pytest.fixture
def office(tmp_path: Path) -> Office:
    opened = an_office(tmp_path)
    add_marks(opened, LUCJA, "O", date(2026, 11, 3), TODAY)
    return opened


@pytest.fixture
def case_id(office: Office) -> CaseId:
    add_event_to(
        office,
        LUCJA,
        Event(
            EventKind.CONTACT_ATTEMPT, date(2026, 11, 6), time(9, 18), with_=With.MOTHER, method=Method.PHONE,
            outcome=AttemptOutcome.NO_ANSWER,
        ),
    )  # fmt: skip
    return open_case(office, pupil_id=LUCJA, why="Nobody answers.").case_id


def shown_tab(office: Office, qtbot: QtBot) -> CasesTab:
    notifier = ChangeNotifier()
    tab = CasesTab(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(tab)
    tab.resize(1290, 620)
    tab.show()
    return tab


@pytest.fixture
def tab(office: Office, case_id: CaseId, qtbot: QtBot) -> CasesTab:
    del case_id
    return shown_tab(office, qtbot)


def test_no_case_is_open_and_the_way_to_one_is_shown(office: Office, qtbot: QtBot) -> None:
    tab = shown_tab(office, qtbot)

    assert tab.detail.currentWidget() is tab.empty
    tab.empty.button.click()

    assert isinstance(tab.dialog, OpenCaseDialog)


def test_a_case_is_opened_by_three_letters_and_a_reason(office: Office, qtbot: QtBot) -> None:
    tab = shown_tab(office, qtbot)
    tab.open_button.click()
    dialog = tab.dialog
    assert isinstance(dialog, OpenCaseDialog)

    qtbot.keyClicks(dialog.finder.control, "aisha")
    dialog.why.control.setPlainText("Seen leaving with suitcases.")
    dialog.accept_button.click()

    assert [row.pupil.id for row in list_cases(office).open] == [AISHA]
    assert tab.pane.name.text() == "Aisha Rahman"


def test_a_case_without_a_pupil_or_reason_is_not_opened_and_says_why(office: Office, qtbot: QtBot) -> None:
    tab = shown_tab(office, qtbot)
    tab.open_button.click()
    dialog = tab.dialog
    assert isinstance(dialog, OpenCaseDialog)

    dialog.accept_button.click()

    assert dialog.finder.error == "Choose a pupil from the list."
    assert dialog.why.error == "Say why the case is opened."


def test_the_list_speaks_who_what_and_when(tab: CasesTab) -> None:
    spoken = tab.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)

    assert spoken.startswith("Łucja Wiśniewska, CME-26-001")
    assert "6 days absent" in spoken


def test_the_badge_counts_the_cases_that_press(tab: CasesTab, qtbot: QtBot) -> None:
    with qtbot.waitSignal(tab.badge_changed) as caught:
        tab.reload()

    assert caught.args == [1]


def test_the_history_sorts_by_what_happened_or_by_when_it_was_written(tab: CasesTab) -> None:
    titles = [entry.title for entry in tab.pane.history.model.rows]
    assert titles == ["Case opened", "Mother: no answer"]

    tab.pane.history.switch.click()

    assert tab.pane.history.sort is SortBy.WRITTEN
    assert [entry.late for entry in tab.pane.history.model.rows] == ["", "4 days later"]


def test_a_note_is_added_to_the_history(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.pane.add.click()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)

    dialog.accept_button.click()
    assert dialog.words_field.error == "Say what happened."
    dialog.words_field.control.setPlainText("A friend says they have moved.")
    dialog.accept_button.click()

    assert load_case(office, case_id).history[0].detail == "A friend says they have moved."
    assert tab.pane.history.model.rows[0].detail == "A friend says they have moved."


def test_a_visit_is_added_with_its_own_facts(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.acts.ask_add()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)
    dialog.kind.control.choose(EventKind.HOME_VISIT)
    dialog.visit.control.choose(VisitOutcome.NO_REPLY)

    assert dialog.visit.isVisible()
    assert not dialog.who.isVisible()
    dialog.accept_button.click()

    assert load_case(office, case_id).history[0].title == "Home visit: no reply"
    visit = next(line for line in tab.pane.enquiries.rows if line.item.id == "E3")
    assert visit.state is EnquiryState.TRIED


def test_a_call_added_later_names_the_contact(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.acts.ask_add()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)
    dialog.kind.control.choose(EventKind.CONTACT_ATTEMPT)
    dialog.outcome.control.choose(AttemptOutcome.NO_ANSWER)
    dialog.accept_button.click()

    written = load_case(office, case_id).events[-1]
    assert written.event.with_ is With.MOTHER
    assert written.contact_id is not None


def test_support_agreed_with_the_family_settles_what_the_school_s_policy_asks_after_a_case(
    office: Office, case_id: CaseId, qtbot: QtBot
) -> None:
    adopt(office, "all-saints")
    next_day = TODAY + timedelta(days=1)
    add_marks(office, LUCJA, "/", next_day)
    later = replace(office, now=lambda: datetime.combine(next_day, time(15, 40), UTC))
    tab = shown_tab(later, qtbot)
    assert rules_raised(later) >= {"all-saints.reintegration"}
    tab.acts.ask_add()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)
    dialog.kind.control.choose(EventKind.SUPPORT_AGREED)
    dialog.accept_button.click()
    assert dialog.words_field.error == "Say what happened."

    dialog.words_field.control.setPlainText("Breakfast club, and a word with Ms Hall each Friday.")
    dialog.accept_button.click()

    assert load_case(later, case_id).history[0].title == "Support agreed"
    assert "all-saints.reintegration" not in rules_raised(later)


def test_a_review_held_can_be_added_to_any_case(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.acts.ask_add()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)
    dialog.kind.control.choose(EventKind.REVIEW_HELD)
    dialog.words_field.control.setPlainText("Attendance looked at with the family; no better yet.")
    dialog.accept_button.click()

    assert load_case(office, case_id).history[0].title == "Review held"


def test_a_time_that_is_none_is_refused_in_the_field(tab: CasesTab) -> None:
    tab.acts.ask_add()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)
    dialog.clock.control.setText("half past")
    dialog.words_field.control.setPlainText("A word.")

    dialog.accept_button.click()

    assert dialog.clock.error == "Type a time like 9:40, or leave it empty."


def test_the_day_of_an_entry_can_be_read(tab: CasesTab) -> None:
    tab.context.theme.apply()  # the program's own style sheet decides how much room the day has
    tab.acts.ask_add()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)

    shown = dialog.day.control.findChild(QLineEdit)

    assert shown is not None
    assert shown.text() == "10/11/2026"
    assert shown.width() > shown.fontMetrics().horizontalAdvance("10/11/2026") + 12


def test_enter_on_an_enquiry_asks_who_when_how_and_what_came_of_it(
    tab: CasesTab, office: Office, case_id: CaseId, qtbot: QtBot
) -> None:
    tab.pane.enquiry_list.setCurrentIndex(tab.pane.enquiries.index(3, 0))
    qtbot.keyClick(tab.pane.enquiry_list, Qt.Key.Key_Return)
    dialog = tab.dialog
    assert isinstance(dialog, EnquiryDialog)

    dialog.state.control.choose(EnquiryState.DONE)
    dialog.accept_button.click()
    assert dialog.outcome.error == "Say what came of it."
    dialog.outcome.control.setPlainText("Brother attends Beech class.")
    dialog.accept_button.click()

    line = next(line for line in load_case(office, case_id).enquiries if line.item.id == "E4")
    assert line.state is EnquiryState.DONE
    assert tab.pane.done_count.text() == "1 of 14 done"


def test_the_authoritys_enquiries_open_and_close(tab: CasesTab) -> None:
    assert tab.pane.enquiry_list.isRowHidden(9)

    tab.pane.others.click()

    assert not tab.pane.enquiry_list.isRowHidden(9)


def test_closing_lists_what_is_missing_and_stays_unusable(tab: CasesTab) -> None:
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)

    dialog.outcome.control.choose(ClosingOutcome.HOME_EDUCATED)

    assert not dialog.accept_button.isEnabled()
    assert dialog.missing.sentences == (
        "Grandmother, Jean Wiśniewska, has not been tried. Ring them, or say why not.",
        "Nobody has seen Łucja Wiśniewska, and no authority has accepted the case.",
        "Say why it can be closed.",
    )


def test_no_outcome_is_chosen_for_somebody_who_closes_a_case(tab: CasesTab) -> None:
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)
    dialog.reason.control.setPlainText("Handed over.")

    assert dialog.chosen is None
    assert dialog.missing.sentences == ("Choose how it ended.",)
    assert dialog.accept_button.toolTip() == "Choose how it ended."
    assert not dialog.accept_button.isEnabled()
    assert not dialog.check()


def test_an_authoritys_name_does_not_bring_a_child_back_to_school_whom_nobody_has_seen(tab: CasesTab) -> None:
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)
    dialog.outcome.control.choose(ClosingOutcome.HOME_EDUCATED)
    dialog.accepted_by.control.setText("CME officer, reference 4411")
    dialog.reason.control.setPlainText("Handed over.")
    for field in dialog.untried.values():
        field.control.setText("Abroad, no number there")
    assert dialog.accept_button.isEnabled()

    dialog.outcome.control.choose(ClosingOutcome.RETURNED)

    assert not dialog.accept_button.isEnabled()
    assert not dialog.accepted_by.isVisible()
    assert dialog.missing.sentences == (
        "Nobody has seen Łucja Wiśniewska, so it can’t end as “returned to school”.",
    )  # fmt: skip


@pytest.mark.parametrize("outcome", list(ClosingOutcome))
def test_what_an_outcome_needs_stands_under_it_with_the_fields_that_count(
    tab: CasesTab, outcome: ClosingOutcome
) -> None:
    excepted = outcome in {ClosingOutcome.DIED, ClosingOutcome.OPENED_IN_ERROR}
    claims_seen = outcome in {ClosingOutcome.RETURNED, ClosingOutcome.FOUND_AND_EXPLAINED}
    elsewhere = outcome is ClosingOutcome.AT_ANOTHER_SCHOOL
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)

    dialog.outcome.control.choose(outcome)

    needs = dialog.outcome.control.accessibleDescription()
    assert ("Only the reason is asked for" in needs) is excepted
    assert ("every contact tried" in needs) is not excepted
    assert all(field.isVisible() is not excepted for field in dialog.untried.values())
    assert dialog.confirmed_by.isVisible() is elsewhere
    assert dialog.accepted_by.isVisible() is not (excepted or claims_seen or elsewhere)


def test_what_stands_in_the_way_is_in_sight(tab: CasesTab) -> None:
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)

    dialog.outcome.control.choose(ClosingOutcome.RETURNED)
    QApplication.processEvents()

    assert len(dialog.missing.sentences) == 3
    assert dialog.missing.visibleRegion().boundingRect().height() == dialog.missing.height()


def test_a_case_closes_once_everything_is_said(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)
    dialog.outcome.control.choose(ClosingOutcome.ACCEPTED_BY_AUTHORITY)
    for field in dialog.untried.values():
        field.control.setText("Abroad, no number there")
    dialog.accepted_by.control.setText("CME officer, reference 4411")
    dialog.reason.control.setPlainText("Handed over.")

    dialog.accept_button.click()

    assert load_case(office, case_id).case.status is CaseStatus.CLOSED
    assert tab.model.rows == ()
    assert tab.detail.currentWidget() is tab.empty


def test_a_closed_case_is_found_again_and_opened_again(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.acts.ask_close()
    closing = tab.dialog
    assert isinstance(closing, CloseCaseDialog)
    closing.outcome.control.choose(ClosingOutcome.OPENED_IN_ERROR)
    closing.reason.control.setPlainText("Wrong child.")
    closing.accept_button.click()

    tab.show_closed.click()
    tab.pane.reopen.click()
    dialog = tab.dialog
    assert isinstance(dialog, ReasonDialog)
    dialog.field.control.setPlainText("It was the right child.")
    dialog.accept_button.click()

    assert load_case(office, case_id).case.status is CaseStatus.OPEN
    assert [row.id for row in tab.model.rows] == [case_id]
    assert not tab.side.shows_closed
    assert tab.detail.currentWidget() is tab.pane


def test_a_closing_taken_back_from_among_the_closed_ones_shows_the_case_open(
    tab: CasesTab, office: Office, case_id: CaseId
) -> None:
    close_case(office, case_id=case_id, closing=Closing(ClosingOutcome.OPENED_IN_ERROR, "Wrong child."))
    tab.reload()
    tab.show_closed.click()
    assert tab.list.accessibleName() == "Closed cases"

    tab.undo()

    assert not tab.side.shows_closed
    assert [row.id for row in tab.model.rows] == [case_id]
    assert tab.detail.currentWidget() is tab.pane


def test_showing_a_pupil_finds_the_open_case_from_among_the_closed_ones(
    tab: CasesTab, office: Office, case_id: CaseId
) -> None:
    other = open_case(office, pupil_id=AISHA, why="Asked for.").case_id
    close_case(office, case_id=other, closing=Closing(ClosingOutcome.OPENED_IN_ERROR, "Wrong child."))
    tab.reload()
    tab.show_closed.click()

    tab.show_pupil(LUCJA)

    assert tab.dialog is None
    assert not tab.side.shows_closed
    assert [row.id for row in tab.model.rows] == [case_id]


def test_going_to_the_contacts_asks_for_the_pupil(tab: CasesTab, qtbot: QtBot) -> None:
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)

    with qtbot.waitSignal(tab.wants_pupil) as caught:
        dialog.contact_button.click()

    assert caught.args == [LUCJA]


def test_going_to_the_contacts_does_not_drop_what_was_typed_without_a_question(tab: CasesTab, qtbot: QtBot) -> None:
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)
    dialog.outcome.control.choose(ClosingOutcome.HOME_EDUCATED)
    qtbot.keyClicks(dialog.reason.control, "The letter came.")

    with qtbot.assertNotEmitted(tab.wants_pupil):
        dialog.contact_button.click()

    assert dialog.question is not None
    assert dialog.isVisible()
    with qtbot.waitSignal(tab.wants_pupil):
        dialog.question.accept()
    assert not dialog.isVisible()


def test_waiting_for_the_authority_is_shown(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.pane.wait_act.trigger()
    dialog = tab.dialog
    assert isinstance(dialog, ReasonDialog)
    dialog.field.control.setPlainText("They check housing.")
    dialog.accept_button.click()

    assert load_case(office, case_id).case.status is CaseStatus.WAITING_FOR_AUTHORITY
    assert tab.pane.state_chip.text() == "Waiting for the authority"


def test_a_task_is_added(tab: CasesTab) -> None:
    tab.pane.add_task.click()
    dialog = tab.dialog
    assert isinstance(dialog, TaskDialog)
    dialog.text.control.setText("Ring the last school")
    dialog.accept_button.click()

    assert "Ring the last school" in [task.text for task in tab.pane.tasks.rows]


def test_a_problem_keeps_the_dialog_open_with_what_was_typed(tab: CasesTab, office: Office) -> None:
    tab.acts.ask_open_case(LUCJA)
    dialog = tab.dialog
    assert isinstance(dialog, OpenCaseDialog)
    dialog.why.control.setPlainText("Again.")

    dialog.accept_button.click()

    assert dialog.isVisible()
    assert dialog.words == "Again."
    assert "There is a case already." in dialog.problem.accessibleName()
    assert len(list_cases(office).open) == 1


def test_a_change_elsewhere_is_shown(tab: CasesTab, office: Office) -> None:
    open_case(office, pupil_id=AISHA, why="Asked for.", happened_on=YESTERDAY)

    tab.reload()

    assert len(tab.model.rows) == 2


def test_hidden_names_are_neither_shown_nor_spoken(tab: CasesTab) -> None:
    tab.hide_names(hidden=True)

    index = tab.model.index(0, 0)
    assert index.data(Qt.ItemDataRole.DisplayRole) == "CME-26-001"
    assert "Wiśniewska" not in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert tab.detail.currentWidget() is tab._hidden


def test_a_narrow_window_shows_the_list_or_the_case(tab: CasesTab, qtbot: QtBot) -> None:
    tab.resize(820, 640)
    assert not tab._main.isVisible()

    qtbot.keyClick(tab.list, Qt.Key.Key_Return)
    assert tab._main.isVisible()
    assert not tab._side.isVisible()

    qtbot.keyClick(tab.pane.history.list, Qt.Key.Key_Escape)
    assert tab._side.isVisible()


def test_showing_a_pupil_shows_the_case_or_offers_to_open_one(tab: CasesTab) -> None:
    tab.show_pupil(LUCJA)
    assert not isinstance(tab.dialog, OpenCaseDialog)

    tab.show_pupil(AISHA)

    dialog = tab.dialog
    assert isinstance(dialog, OpenCaseDialog)
    assert dialog.pupil_id == AISHA


def test_the_record_is_prepared_and_shown_and_stays_in_the_case(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    assert not tab.pane.record.preview.isVisible()

    tab.pane.prepare.click()
    assert isinstance(tab.dialog, RecordPreviewDialog)
    tab.dialog.reject()

    assert len(load_case(office, case_id).documents) == 1
    assert tab.pane.record.preview.isVisible()
    tab.pane.record.preview.click()
    assert isinstance(tab.dialog, RecordPreviewDialog)


def test_what_is_missing_in_the_record_is_listed(tab: CasesTab) -> None:
    tab.records.prepare()
    assert tab.dialog is not None
    tab.dialog.reject()

    tab.pane.record.what_is_missing.click()

    assert isinstance(tab.dialog, AskDialog)


def test_models_behave(tab: CasesTab, qtmodeltester: ModelTester) -> None:
    for model in (tab.model, tab.pane.history.model, tab.pane.enquiries, tab.pane.tasks):
        qtmodeltester.check(model, force_py=True)


def test_every_control_has_a_name(tab: CasesTab) -> None:
    assert nameless_controls(tab) == []
    for ask in (tab.acts.ask_open_case, tab.acts.ask_add, tab.acts.ask_close, tab.acts.ask_task, tab.acts.ask_wait):
        ask()
        assert tab.dialog is not None
        assert nameless_controls(tab.dialog) == []
        tab.dialog.reject()
    tab.acts.ask_enquiry(tab.pane.enquiries.rows[0])
    assert tab.dialog is not None
    assert nameless_controls(tab.dialog) == []


def test_a_narrow_window_without_cases_says_so_and_offers_to_open_one(office: Office, qtbot: QtBot) -> None:
    tab = shown_tab(office, qtbot)

    tab.resize(820, 640)

    assert tab.empty.isVisible()
    assert tab.empty.button.isVisible()


def test_what_was_saved_is_said_and_ctrl_z_takes_it_back(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.acts.ask_add()
    dialog = tab.dialog
    assert isinstance(dialog, AddToHistoryDialog)
    dialog.words_field.control.setPlainText("For the wrong child.")
    dialog.accept_button.click()
    assert tab._toast.isVisible()
    assert tab._toast.words == "Added for Łucja Wiśniewska"

    assert tab.undo()

    note = next(each for each in load_case(office, case_id).history if each.event.kind is EventKind.NOTE)
    assert note.is_retracted
    assert tab.pane.history.model.rows[0].is_retracted
    assert tab._toast.words == "Undone: your last act is struck out"


def test_a_closing_taken_back_shows_the_case_again(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    tab.acts.ask_close()
    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)
    dialog.outcome.control.choose(ClosingOutcome.OPENED_IN_ERROR)
    dialog.reason.control.setPlainText("Wrong child.")
    dialog.accept_button.click()
    assert tab.model.rows == ()

    tab.undo()

    assert [each.id for each in list_cases(office).open] == [case_id]
    assert tab.model.position_of(case_id) == 0
    assert load_case(office, case_id).case.status is CaseStatus.OPEN


def test_no_key_opens_a_dialog_while_names_are_hidden(tab: CasesTab, qtbot: QtBot) -> None:
    tab.hide_names(hidden=True)
    tab.take_focus()

    for key in (Qt.Key.Key_N, Qt.Key.Key_H, Qt.Key.Key_R):
        qtbot.keyClick(tab.list, key, Qt.KeyboardModifier.ControlModifier)
    tab.show_pupil(AISHA)

    assert tab.dialog is None


def test_escape_goes_back_to_the_list(tab: CasesTab, qtbot: QtBot) -> None:
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    qtbot.keyClick(tab.list, Qt.Key.Key_Return)
    assert tab.pane.history.list.hasFocus()

    qtbot.keyClick(tab.pane.history.list, Qt.Key.Key_Escape)

    assert tab.list.hasFocus()


def test_tab_walks_the_case_as_it_is_read(tab: CasesTab, qtbot: QtBot) -> None:
    tab.activateWindow()
    qtbot.waitUntil(tab.isActiveWindow)
    pane = tab.pane
    tab.take_focus()
    walked = []

    for _ in range(10):
        focus = QApplication.focusWidget()
        assert focus is not None
        walked.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)

    assert walked == [
        tab.list, pane.more, pane.add, pane.prepare, pane.history.switch, pane.history.list, pane.enquiry_list,
        pane.others, pane.add_task, pane.task_list,
    ]  # fmt: skip


def adopt(office: Office, policy_id: str) -> None:
    document = (office.paths.resources / "policies" / f"{policy_id}.toml").read_text("utf-8")
    with office.database.transaction() as db:
        adopt_policy(db, policy_id=policy_id, document=document, adopted_on=date(2026, 9, 1), why="", by=1)


def rules_raised(office: Office) -> set[str]:
    roll = load_roll(office)
    record = next(each for each in roll.records if each.pupil.id == LUCJA)
    return {each.rule_id for each in review_pupil(record, roll.judgement, roll.rulebook)}


def flag(rule_id: str, office: Office) -> Flag:
    roll = load_roll(office)
    record = next(each for each in roll.records if each.pupil.id == LUCJA)
    return next(each for each in review_pupil(record, roll.judgement, roll.rulebook) if each.rule_id == rule_id)


def test_what_the_program_flagged_at_one_moment_is_one_line_that_opens_to_all_of_it(
    tab: CasesTab, office: Office, qtbot: QtBot
) -> None:
    flags = (flag("england.unexplained-absence", office), flag("england.penalty-threshold", office))
    with office.database.transaction() as db:
        add_flags(db, flags, at=office.now())
    tab.reload()
    line = next(row for row, each in enumerate(tab.pane.history.model.rows) if each.icon == "flag")
    assert tab.pane.history.model.rows[line].title == "Flagged by 2 rules"

    tab.pane.history.list.setCurrentIndex(tab.pane.history.model.index(line, 0))
    qtbot.keyClick(tab.pane.history.list, Qt.Key.Key_Return)

    assert isinstance(tab.dialog, HistoryDialog)
    said = " ".join(label.text() for label in tab.dialog.findChildren(QLabel))
    assert all(each.finding.sentence.rstrip(".") in said for each in flags)


def test_the_history_can_be_narrowed_to_the_decisions(tab: CasesTab, office: Office, case_id: CaseId) -> None:
    assert not tab.pane.history.decisions.isVisible()
    decision = Event(EventKind.DECISION, TODAY, time(9, 30), choice="refer today", reason="Nobody answers")
    add_to_history(office, case_id=case_id, event=decision)
    tab.reload()

    tab.pane.history.decisions.click()
    only = [entry.title for entry in tab.pane.history.model.rows]
    tab.pane.history.decisions.click()

    assert only == ["Decision: refer today"]
    assert len(tab.pane.history.model.rows) == 3


def test_a_narrow_window_scrolls_the_case_as_one(tab: CasesTab, qtbot: QtBot) -> None:
    tab.resize(820, 640)
    qtbot.keyClick(tab.list, Qt.Key.Key_Return)
    history = tab.pane.history

    rows = sum(history.list.sizeHintForRow(row) for row in range(history.model.rowCount()))

    assert history.list.height() >= rows
    assert not history.list.verticalScrollBar().isVisible()


def test_a_step_that_is_late_is_said_to_be(tab: CasesTab) -> None:
    row = tab.model.rows[0]
    assert row.overdue

    assert tab.pane.head.next_chip.text().startswith("Late, due ")
    assert ", late, due " in tab.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert row.next_step in tab.model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_a_step_that_a_rule_asks_for_is_explained_and_hidden_names_close_it(tab: CasesTab, qtbot: QtBot) -> None:
    task = next(each for each in tab.pane.tasks.rows if each.rule_id)

    tab.pane.task_list.clicked.emit(tab.pane.tasks.index(tab.pane.tasks.rows.index(task), 0))

    assert tab.explain.isVisible()
    assert task.rule_id in tab.explain.words.split("Rule: ")[1]
    tab.hide_names(hidden=True)
    assert not tab.explain.isVisible()
    qtbot.keyClick(tab.list, Qt.Key.Key_F7)
    assert not tab.explain.isVisible()
    tab.hide_names(hidden=False)
    tab.take_focus()
    qtbot.keyClick(tab.list, Qt.Key.Key_F7)
    assert tab.explain.isVisible()
