"""A worry and a question, from the first act to the last, on screen by their real controls."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework import reports
from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.office import Office
from cme_desktop.casework.reports import Worry
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.reports import ReportAnswer, ReportDecision, ReportSource
from cme_desktop.policy.review import review
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.roll.reports.dialogs import (
    DANGER,
    AnswerDialog,
    DecisionDialog,
    MatchDialog,
    RequestDialog,
    SearchedDialog,
    WorryDialog,
)
from cme_desktop.ui.roll.reports.page import ReportsPage
from cme_desktop.ui.roll.tab import RollTab
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from cme_desktop.ui.today.tab import TodayTab
from tests.office import LEAD, LUCJA, MANAGER, TODAY, an_office, seen_by
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page

RULE = "england.reported-concern"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path, user=LEAD)


def shown(office: Office, qtbot: QtBot) -> ReportsPage:
    page = shown_page(office, qtbot, Life.REPORTS)
    assert isinstance(page, ReportsPage)
    return page


def standing(office: Office) -> tuple[int, int]:
    """How many pupils' flags of the rule stand, and how many of no pupil."""
    roll = load_roll(office)
    flags = review(roll.records, roll.judgement, roll.rulebook)
    unheard = reports.flag_unheard(reports.read_reports(office), roll, flags)
    return sum(flag.rule_id == RULE for flag in flags), len(unheard)


def acts_of(page: ReportsPage) -> tuple[str, ...]:
    assert page.file is not None
    return page.file.acts


def press(page: ReportsPage, act_id: str) -> None:
    QApplication.processEvents()  # a button just made is shown by the next round of events
    button = page.pane.button(act_id)
    assert button is not None
    button.click()


def test_a_worry_from_the_first_word_to_the_leads_decision(office: Office, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    page.empty_state.button.click()
    worry = page.dialog
    assert isinstance(worry, WorryDialog)
    assert DANGER in [label.text() for label in worry.danger.findChildren(QLabel)]
    worry.accept_button.click()
    assert worry.said.error
    qtbot.keyClicks(worry.said.control, "Seen at the market at eleven.")
    qtbot.keyClicks(worry.child.control, "Lucja W")
    assert worry.likely.list.count() == 2
    assert worry.likely.pupil_id is None
    worry.accept_button.click()
    assert [row.name for row in page.model.rows] == ["Lucja W"]
    assert standing(office) == (0, 1)

    press(page, "match")
    match = page.dialog
    assert isinstance(match, MatchDialog)
    assert "may be" in match.picker.list.item(0).text()
    match.accept_button.click()
    assert match.picker.finder.error
    qtbot.keyClicks(match.picker.finder.control, "ucja")
    match.accept_button.click()
    assert standing(office) == (1, 0)

    press(page, "decide")
    decide = page.dialog
    assert isinstance(decide, DecisionDialog)
    decide.accept_button.click()
    assert decide.decision.error
    assert decide.reason.error
    decide.decision.control.choose(ReportDecision.REFERRED)
    qtbot.keyClicks(decide.fact.control, "CME-77")
    qtbot.keyClicks(decide.reason.control, "Not in school, nobody answers.")
    decide.accept_button.click()
    assert standing(office) == (0, 0)
    assert acts_of(page) == ()


def test_a_question_is_searched_and_answered(office: Office, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    page.request_button.click()
    asked = page.dialog
    assert isinstance(asked, RequestDialog)
    asked.accept_button.click()
    assert asked.child.error
    assert asked.asked_by.error
    qtbot.keyClicks(asked.child.control, "Ondrej Novak")
    qtbot.keyClicks(asked.born.control, "31/31/2020")
    qtbot.keyClicks(asked.asked_by.control, "Ms Ash, Northfield Council")
    qtbot.keyClicks(asked.answer_to.control, "cme@northfield.example")
    asked.accept_button.click()
    assert asked.born.error
    asked.born.control.clear()
    asked.accept_button.click()
    assert acts_of(page) == ("searched", "answer")

    press(page, "searched")
    searched = page.dialog
    assert isinstance(searched, SearchedDialog)
    for box in searched.boxes.values():
        box.click()
    searched.accept_button.click()

    press(page, "answer")
    answer = page.dialog
    assert isinstance(answer, AnswerDialog)
    answer.accept_button.click()
    assert answer.answer.error
    answer.answer.control.choose(ReportAnswer.NO)
    assert answer.reply.control.toPlainText().startswith("No:")
    answer.accept_button.click()
    assert acts_of(page) == ()
    assert page.model.rows[0].severity is None


def test_the_office_may_report_and_is_offered_no_decision(office: Office, qtbot: QtBot) -> None:
    reports.report_worry(office, worry=Worry(ReportSource.STAFF, TODAY, "Seen.", child="Dani Quill"))

    page = shown(seen_by(office, MANAGER), qtbot)

    assert [row.name for row in page.model.rows] == ["A child reported"]
    assert page.file is not None
    assert page.file.acts == ()


def test_hidden_names_show_nowhere_and_open_no_dialog(office: Office, qtbot: QtBot) -> None:
    reports.report_worry(office, worry=Worry(ReportSource.STAFF, TODAY, "Seen.", child="Dani Quill"))
    page = shown(office, qtbot)

    page.hide_names(hidden=True)
    page.new_button.click()
    page.request_button.click()

    assert page.dialog is None
    assert page.model.index(0, 0).data(Qt.ItemDataRole.DisplayRole) == "A report from outside"
    assert page.detail.currentWidget() is not page.pane


def test_every_control_has_a_name_and_the_list_is_a_sound_model(office: Office, qtbot: QtBot) -> None:
    reports.report_worry(office, worry=Worry(ReportSource.STAFF, TODAY, "Seen."))
    page = shown(office, qtbot)
    assert nameless_controls(page) == []
    ModelTester(None).check(page.model)

    for ask in (page.new_button.click, page.request_button.click):
        ask()
        assert page.dialog is not None
        assert nameless_controls(page.dialog) == []
        page.dialog.reject()


# -- the door in the menu, and the row on Today ------------------------------------------------------------------


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> MainWindow:
    notifier = ChangeNotifier()
    context = TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources))
    window = MainWindow(context, office.paths.resources)
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_worry_is_reported_from_the_menu_and_shown_on_the_roll_tab(window: MainWindow, qtbot: QtBot) -> None:
    action = next(action for action in window.findChildren(QAction) if "worry" in action.text())
    assert action.shortcut().toString() == "Ctrl+Shift+R"
    action.trigger()
    (dialog,) = window.findChildren(WorryDialog)

    qtbot.keyClicks(dialog.said.control, "A boy is alone each morning.")
    qtbot.keyClicks(dialog.child.control, "Dani")
    dialog.accept_button.click()

    tab = window.pages.currentWidget()
    assert isinstance(tab, RollTab)
    assert tab.page.life is Life.REPORTS
    assert [row.name for row in tab.page.model.rows] == ["Dani"]


def test_while_names_are_hidden_a_worry_can_be_written_down_and_no_pupil_is_offered(
    window: MainWindow, office: Office, qtbot: QtBot
) -> None:
    window.toggle_names()
    next(action for action in window.findChildren(QAction) if "worry" in action.text()).trigger()
    (dialog,) = window.findChildren(WorryDialog)

    qtbot.keyClicks(dialog.child.control, "Lucja")
    assert dialog.likely.list.count() == 1
    qtbot.keyClicks(dialog.said.control, "Seen at the market.")
    dialog.accept_button.click()

    assert len(reports.read_reports(office)) == 1


def test_the_row_on_today_opens_the_report(window: MainWindow, office: Office) -> None:
    reports.report_worry(office, worry=Worry(ReportSource.STAFF, TODAY, "Seen.", child="Dani Quill"))
    reports.report_worry(office, worry=Worry(ReportSource.STAFF, TODAY, "Seen."), pupil_id=LUCJA)
    today = window.tab(0)
    assert isinstance(today, TodayTab)
    today.reload()
    QApplication.processEvents()
    row = next(row for row in today.list.model.rows if row.key.startswith("report:"))
    assert row.name == "Dani Quill"

    today.list.choose(row.key)
    QApplication.processEvents()
    assert today.empty.button.text() == "Open the report"
    today.empty.button.click()

    tab = window.pages.currentWidget()
    assert isinstance(tab, RollTab)
    assert tab.page.file is not None
    assert tab.page.file.row.name == "Dani Quill"
