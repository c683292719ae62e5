"""Leave from its first word to the child who does not come back: on screen, by its real controls."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDateEdit, QDialog
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives.life import Life, StepState
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.events import EnquiryResult, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.events import list_events
from cme_desktop.ui.roll.leave.dialogs import (
    DecideDialog,
    FormDialog,
    JointDialog,
    RisksDialog,
    TripDialog,
    WordsDialog,
)
from cme_desktop.ui.roll.leave.page import LeavePage
from cme_desktop.ui.roll.leave.request_dialog import CorrectDialog, LeaveDialog, Said
from cme_desktop.ui.roll.life_page import LifePage
from tests.office import HEAD, LUCJA, TODAY, TOMASZ, add_marks, an_office, at, seen_by
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page

DialogT = TypeVar("DialogT", bound=QDialog)
FIRST, LAST = date(2026, 11, 23), date(2026, 11, 27)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


def flags_of(office: Office, pupil_id: PupilId = LUCJA) -> set[str]:
    roll = load_roll(office)
    record = next(record for record in roll.records if record.pupil.id == pupil_id)
    return {flag.rule_id for flag in review_pupil(record, roll.judgement, roll.rulebook)}


def standing(office: Office, pupil_id: PupilId = LUCJA) -> list[EventKind]:
    with office.database.reading() as db:
        return [each.event.kind for each in list_events(db, pupil_id=pupil_id) if each.retracted_at is None]


def steps_of(page: LifePage) -> dict[str, StepState]:
    return {step.text: step.state for step in page.pane.steps.rows}


def press(page: LifePage, act_id: str, kind: type[DialogT]) -> DialogT:
    assert page.file is not None
    assert act_id in page.file.acts
    button = page.pane.button(act_id)
    if button is not None:
        button.click()
    else:
        words = next(act.words for act in page.acts if act.id == act_id)
        next(action for action in page.pane._menu.actions() if action.text() == words).trigger()
    assert isinstance(page.dialog, kind)
    return page.dialog


def set_day(edit: QDateEdit, day: date) -> None:
    edit.setDate(QDate(day.year, day.month, day.day))


def fill_request(qtbot: QtBot, page: LifePage, *, sibling: bool = False) -> None:
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, LeaveDialog)
    qtbot.keyClicks(dialog.picker.finder.control, "ucja")
    qtbot.keyClicks(dialog.by.control, "Alex, mother")
    qtbot.keyClicks(dialog.reason.control, "A funeral")
    set_day(dialog.span.last.control, LAST)
    set_day(dialog.span.first.control, FIRST)
    assert dialog.span.words.text() == "5 school days, back on Mon 30 Nov."
    for box in dialog.siblings.boxes:
        box.setChecked(sibling)
    dialog.accept_button.click()
    assert page.dialog is None


def test_nobody_has_leave_and_the_way_to_write_it_down_is_shown(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)

    assert page.detail.currentWidget() is page.empty_state
    assert page.empty_state.button.text() == "Write leave down"


def test_a_request_says_what_is_missing_and_is_written_for_a_brother_too(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, LeaveDialog)
    dialog.accept_button.click()
    assert dialog.picker.finder.error
    assert dialog.by.error
    assert dialog.reason.error
    dialog.reject()

    fill_request(qtbot, page, sibling=True)

    assert standing(office, TOMASZ) == [EventKind.LEAVE_REQUESTED]
    assert len(page.model.rows) == 2
    assert page.file is not None
    assert page.file.row.pupil_id == LUCJA


def test_leave_is_followed_from_the_request_to_the_joint_enquiries(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    fill_request(qtbot, page)
    assert {"england.leave-request", "aspire-academy.leave-form", "aspire-academy.leave-evidence"} <= flags_of(office)

    press(page, "form", FormDialog).accept_button.click()
    assert "aspire-academy.leave-form" not in flags_of(office)

    risks = press(page, "risks", RisksDialog)
    risks.accept_button.click()
    assert risks.by.error
    assert all(field.error for field in risks.risks.answers.values())
    qtbot.keyClicks(risks.by.control, "Dr Teal")
    for field in risks.risks.answers.values():
        field.control.setCurrentIndex(1)
    risks.accept_button.click()
    assert steps_of(page)["The risks of the journey considered"] is StepState.DONE
    assert not any("arriage" in words for words in steps_of(page))

    trip = press(page, "add", TripDialog)
    qtbot.keyClicks(trip.trip.contact.control, "07700 900555")
    trip.accept_button.click()
    assert page.dialog is None

    page = shown_page(seen_by(office, HEAD), qtbot, Life.LEAVE)
    decide = press(page, "decide", DecideDialog)
    decide.accept_button.click()
    assert decide.choice.error
    assert decide.reason.error
    decide.choice.control.setCurrentIndex(1)
    qtbot.keyClicks(decide.reason.control, "A funeral, shown")
    decide.accept_button.click()
    assert not {flag for flag in flags_of(office) if ".leave-" in flag}
    assert page.model.rows[0].when == "back Mon 30 Nov"

    add_marks(office, LUCJA, "/", date(2026, 11, 11), date(2026, 11, 20))
    add_marks(office, LUCJA, "C", FIRST, LAST)
    add_marks(office, LUCJA, "O", date(2026, 11, 30), date(2026, 12, 11))
    first_day = at(office, datetime(2026, 11, 30, 15, 0, tzinfo=UTC))
    page = shown_page(first_day, qtbot, Life.LEAVE)
    assert page.model.rows[0].detail == "Not back: was due Mon 30 Nov"
    assert "england.leave-not-returned" in flags_of(first_day)

    tenth_day = at(office, datetime(2026, 12, 11, 15, 30, tzinfo=UTC))
    page = shown_page(tenth_day, qtbot, Life.LEAVE)
    assert steps_of(page)["Joint enquiries with the authority"] is StepState.DUE
    joint = press(page, "joint", JointDialog)
    assert joint.outcome.control.chosen is EnquiryResult.BEGUN
    qtbot.keyClicks(joint.said.control, "Agreed with the authority")
    joint.accept_button.click()
    assert steps_of(page)["Joint enquiries with the authority"] is StepState.DONE
    assert "england.leave-not-returned" not in flags_of(tenth_day)


def test_a_risk_unsure_asks_for_the_lead_until_the_lead_is_told(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    fill_request(qtbot, page)
    risks = press(page, "risks", RisksDialog)
    qtbot.keyClicks(risks.by.control, "Dr Teal")
    for field in risks.risks.answers.values():
        field.control.setCurrentIndex(2)
    risks.accept_button.click()
    assert risks.said.error
    qtbot.keyClicks(risks.said.control, "An aunt said something")
    risks.accept_button.click()
    assert page.model.rows[0].when == "tell the lead"

    told = press(page, "lead_told", WordsDialog)
    qtbot.keyClicks(told.said.control, "Told Sam Rook at 9.45")
    told.accept_button.click()

    assert page.model.rows[0].when != "tell the lead"


def test_the_office_is_told_why_it_cannot_decide_and_keeps_what_it_typed(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    fill_request(qtbot, page)
    decide = press(page, "decide", DecideDialog)
    decide.choice.control.setCurrentIndex(2)
    qtbot.keyClicks(decide.reason.control, "Term time")
    decide.accept_button.click()

    assert page.dialog is decide
    assert decide.problem.isVisible()
    assert decide.reason.control.toPlainText() == "Term time"
    assert standing(office) == [EventKind.LEAVE_REQUESTED]


def test_a_request_is_corrected_and_withdrawn(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    fill_request(qtbot, page)
    correct = press(page, "correct", CorrectDialog)
    set_day(correct.span.last.control, date(2026, 11, 24))
    correct.accept_button.click()
    assert page.model.rows[0].detail == "Asked for: Mon 23 Nov to Tue 24 Nov"

    withdraw = press(page, "withdraw", WordsDialog)
    qtbot.keyClicks(withdraw.said.control, "Mother rang")
    withdraw.accept_button.click()

    assert list(page.model.rows) == []
    page.undo()
    assert page.model.rows[0].detail == "Asked for: Mon 23 Nov to Tue 24 Nov"


def test_leave_told_only_afterwards_asks_only_for_what_was_told(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    assert isinstance(page, LeavePage)
    page.ask_leave(LUCJA, said=Said.AFTERWARDS)
    dialog = page.dialog
    assert isinstance(dialog, LeaveDialog)
    assert dialog.trip.flights.isHidden()
    qtbot.keyClicks(dialog.by.control, "Father")
    qtbot.keyClicks(dialog.reason.control, "They were in Spain")
    set_day(dialog.span.first.control, date(2026, 11, 3))
    set_day(dialog.span.last.control, date(2026, 11, 5))
    dialog.accept_button.click()

    assert standing(office) == [EventKind.LEAVE_ADMITTED_AFTERWARDS]
    assert page.model.rows[0].detail == "Told afterwards: Tue 3 Nov to Thu 5 Nov"


def test_the_page_goes_to_the_call_card_and_to_the_register(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    assert isinstance(page, LeavePage)
    page.ask_leave(LUCJA, said=Said.AFTERWARDS)
    assert isinstance(page.dialog, LeaveDialog)
    qtbot.keyClicks(page.dialog.by.control, "Father")
    qtbot.keyClicks(page.dialog.reason.control, "Spain")
    page.dialog.accept_button.click()
    assert page.file is not None

    with qtbot.waitSignal(page.wants_pupil) as ringing:
        page.ask_act("ring", page.file)
    with qtbot.waitSignal(page.wants_register) as opening:
        page.ask_act("register", page.file)

    assert ringing.args == opening.args == [int(LUCJA)]


def test_hidden_names_show_nowhere_and_open_no_dialog(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    fill_request(qtbot, page)

    page.hide_names(hidden=True)
    page.new_button.click()

    assert page.dialog is None
    assert page.model.index(0, 0).data(Qt.ItemDataRole.DisplayRole) == "Oak"
    assert page.detail.currentWidget() is not page.pane


def test_every_control_has_a_name_and_the_list_is_a_sound_model(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.LEAVE)
    fill_request(qtbot, page)
    for act_id, kind in (
        ("risks", RisksDialog),
        ("add", TripDialog),
        ("correct", CorrectDialog),
        ("decide", DecideDialog),
    ):
        dialog = press(page, act_id, kind)
        assert nameless_controls(dialog) == []
        dialog.reject()

    assert nameless_controls(page) == []
    ModelTester(None).check(page.model)
    assert TODAY < FIRST
