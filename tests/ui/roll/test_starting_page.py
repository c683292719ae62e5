"""A child is entered, does not come, and is followed up; an order, a place given up, a fact supplied: on screen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives.life import Life, StepState
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.events import Destination, VisitOutcome
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.storage.pupils import list_all_pupils, load_pupil
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.starting import dialogs
from cme_desktop.ui.roll.starting.new_pupil_dialog import NewPupilDialog
from cme_desktop.ui.roll.told_dialog import ToldDialog
from tests.office import FIRST_DAY, YESTERDAY, add_marks, add_pupil, an_office, at
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page, shown_roll

MONDAY = date(2026, 11, 16)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = an_office(tmp_path)
    policy = office.paths.resources / "policies" / "east-sussex.toml"
    with office.database.transaction() as db:
        adopt_policy(
            db, policy_id="east-sussex", document=policy.read_text("utf-8"), adopted_on=date(2026, 9, 1), why="", by=1
        )
    return office


def flags_of(office: Office, pupil_id: PupilId) -> set[str]:
    roll = load_roll(office)
    record = next(record for record in roll.records if record.pupil.id == pupil_id)
    return {flag.rule_id for flag in review_pupil(record, roll.judgement, roll.rulebook)}


def pupil_named(office: Office, surname: str) -> PupilId:
    with office.database.reading() as db:
        return next(pupil.id for pupil in list_all_pupils(db) if pupil.legal_surname == surname)


def steps_of(page: LifePage) -> dict[str, StepState]:
    return {step.text: step.state for step in page.pane.steps.rows}


def ask(page: LifePage, act_id: str) -> None:
    assert page.file is not None
    assert act_id in page.file.acts
    button = page.pane.button(act_id)
    if button is not None:
        button.click()
    else:
        page.pane.act_asked.emit(act_id)


def fill(dialog: NewPupilDialog, qtbot: QtBot, *, day: str = "16/11/2026") -> None:
    qtbot.keyClicks(dialog.forename.control, "Maja")
    qtbot.keyClicks(dialog.surname.control, "Kowal")
    qtbot.keyClicks(dialog.born.control, "4/5/2018")
    qtbot.keyClicks(dialog.class_name.control, "Oak")
    qtbot.keyClicks(dialog.start.day.control, day)
    qtbot.keyClicks(dialog.start.with_.control, "mother")
    qtbot.keyClicks(dialog.contacts[0].number.control, "07700 900456")


def enter(page: LifePage, qtbot: QtBot) -> None:
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, NewPupilDialog)
    fill(dialog, qtbot)
    dialog.accept_button.click()
    assert page.dialog is None


def change_start(page: LifePage, qtbot: QtBot) -> None:
    ask(page, "change")
    change = page.dialog
    assert isinstance(change, dialogs.AgreeDialog)
    qtbot.keyClicks(change.start.with_.control, "mother")
    change.accept_button.click()
    assert change.why.error
    change.start.day.control.setText("17/11/2026")
    qtbot.keyClicks(change.why.control, "The flat is not ready")
    change.accept_button.click()


def send_return(page: LifePage, qtbot: QtBot) -> None:
    ask(page, "return")
    sent = page.dialog
    assert isinstance(sent, dialogs.ReturnDialog)
    qtbot.keyClicks(sent.reference.control, "NP 114")
    sent.accept_button.click()


def test_nobody_is_expected_and_the_way_to_enter_a_pupil_is_shown(tmp_path: Path, qtbot: QtBot) -> None:
    page = shown_page(an_office(tmp_path), qtbot, Life.STARTING)

    assert page.detail.currentWidget() is page.empty_state
    assert page.empty_state.button.text() == "New pupil"


def test_a_start_from_the_entry_to_the_child_seen(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.STARTING)
    page.empty_state.button.click()
    dialog = page.dialog
    assert isinstance(dialog, NewPupilDialog)
    dialog.accept_button.click()
    assert dialog.forename.error
    assert dialog.start.day.error
    assert dialog.contacts[0].number.error
    fill(dialog, qtbot)
    dialog.accept_button.click()
    assert page.dialog is None
    maja = pupil_named(office, "Kowal")
    assert [(row.name, row.detail) for row in page.model.rows] == [("Maja Kowal", "Expected on Mon 16 Nov")]
    assert flags_of(office, maja) == {"england.emergency-contacts"}

    change_start(page, qtbot)
    assert page.model.rows[0].detail == "Expected on Tue 17 Nov"

    add_marks(office, maja, "N", date(2026, 11, 17))
    later = at(office, datetime(2026, 11, 17, 16, tzinfo=UTC))
    assert {"england.never-started", "england.new-pupil-return", "east-sussex.did-not-start"} <= flags_of(later, maja)
    page = shown_page(later, qtbot, Life.STARTING)
    ask(page, "visit")
    visit = page.dialog
    assert isinstance(visit, dialogs.VisitDialog)
    qtbot.keyClicks(visit.said.control, "Nobody opened")
    visit.accept_button.click()
    assert steps_of(page)["Home visit"] is StepState.DONE
    assert "east-sussex.did-not-start" in flags_of(later, maja)

    ask(page, "police")
    police = page.dialog
    assert isinstance(police, dialogs.DecisionDialog)
    police.accept_button.click()
    assert police.choice.error == "Choose what was decided."
    assert police.reason.error
    police.choice.control.setCurrentIndex(1)
    qtbot.keyClicks(police.reason.control, "Not seen, nobody reached; the lead decided")
    police.accept_button.click()
    assert "east-sussex.did-not-start" not in flags_of(later, maja)

    send_return(page, qtbot)
    assert "england.new-pupil-return" not in flags_of(later, maja)
    assert steps_of(page)["New pupil return sent, reference NP 114"] is StepState.DONE

    ask(page, "visit")
    seen = page.dialog
    assert isinstance(seen, dialogs.VisitDialog)
    seen.outcome.control.choose(VisitOutcome.CHILD_SEEN)
    seen.accept_button.click()
    add_marks(later, maja, "/", date(2026, 11, 18))
    assert "england.never-started" not in flags_of(at(office, datetime(2026, 11, 18, 16, tzinfo=UTC)), maja)


def test_a_child_alike_is_offered_before_a_second_entry(office: Office, qtbot: QtBot) -> None:
    gone = add_pupil(office, surname="Kowal", forename="Maja", born=date(2018, 5, 4), left_on=date(2026, 10, 23))
    page = shown_page(office, qtbot, Life.STARTING)
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, NewPupilDialog)
    fill(dialog, qtbot)
    assert dialog.alike.isHidden()

    dialog.accept_button.click()

    assert dialog.isVisible()
    assert not dialog.alike.isHidden()
    assert dialog.alike.control.currentText().startswith("Yes: Maja Kowal, left on 23/10/2026")
    dialog.accept_button.click()
    assert page.dialog is None
    with office.database.reading() as db:
        assert load_pupil(db, gone).starting_day == MONDAY
        assert sum(pupil.legal_surname == "Kowal" for pupil in list_all_pupils(db)) == 1


def test_a_name_corrected_after_the_offer_is_looked_up_again(office: Office, qtbot: QtBot) -> None:
    gone = add_pupil(office, surname="Kowal", forename="Maja", born=date(2018, 5, 4), left_on=date(2026, 10, 23))
    page = shown_page(office, qtbot, Life.STARTING)
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, NewPupilDialog)
    fill(dialog, qtbot)
    dialog.accept_button.click()

    qtbot.keyClicks(dialog.surname.control, "ska")
    assert dialog.alike.isHidden()
    dialog.accept_button.click()

    assert pupil_named(office, "Kowalska") != gone
    with office.database.reading() as db:
        assert load_pupil(db, gone).left_on == date(2026, 10, 23)


def test_another_child_of_the_same_name_is_entered_when_somebody_says_so(office: Office, qtbot: QtBot) -> None:
    add_pupil(office, surname="Kowal", forename="Maja", born=date(2018, 5, 4))
    page = shown_page(office, qtbot, Life.STARTING)
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, NewPupilDialog)
    fill(dialog, qtbot)
    dialog.accept_button.click()

    dialog.alike.control.setCurrentIndex(dialog.alike.control.count() - 1)
    dialog.accept_button.click()

    with office.database.reading() as db:
        assert sum(pupil.legal_surname == "Kowal" for pupil in list_all_pupils(db)) == 2


def test_a_child_under_an_order_goes_from_the_meeting_to_an_agreed_day(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.STARTING)
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, NewPupilDialog)
    fill(dialog, qtbot)
    dialog.agreed.control.setCurrentIndex(2)
    assert dialog.start.day.isHidden()
    dialog.accept_button.click()
    assert dialog.order_on.error
    qtbot.keyClicks(dialog.order_on.control, "9/11/2026")
    dialog.accept_button.click()
    wren = pupil_named(office, "Kowal")
    assert {"east-sussex.place-under-order", "east-sussex.pre-admission-meeting"} <= flags_of(office, wren)

    ask(page, "meeting")
    booked = page.dialog
    assert isinstance(booked, dialogs.BookMeetingDialog)
    qtbot.keyClicks(booked.day.control, "12/11/2026")
    booked.accept_button.click()
    assert "east-sussex.pre-admission-meeting" not in flags_of(office, wren)

    later = at(office, datetime(2026, 11, 12, 16, tzinfo=UTC))
    page = shown_page(later, qtbot, Life.STARTING)
    ask(page, "held")
    held = page.dialog
    assert isinstance(held, dialogs.HeldDialog)
    qtbot.keyClicks(held.said.control, "Mother and head")
    held.consent.setChecked(True)
    held.agreed.setChecked(True)
    held.accept_button.click()
    assert held.start.day.error
    qtbot.keyClicks(held.start.day.control, "16/11/2026")
    qtbot.keyClicks(held.start.with_.control, "mother")
    held.accept_button.click()

    assert page.model.rows[0].detail == "Expected on Mon 16 Nov"
    assert not flags_of(later, wren) & {"east-sussex.place-under-order", "east-sussex.pre-admission-meeting"}


def test_a_missed_meeting_is_told_to_the_authority(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.STARTING)
    enter(page, qtbot)
    maja = pupil_named(office, "Kowal")
    ask(page, "order")
    order = page.dialog
    assert isinstance(order, dialogs.OrderDialog)
    order.accept_button.click()
    ask(page, "missed")
    missed = page.dialog
    assert isinstance(missed, dialogs.MissedDialog)
    missed.accept_button.click()
    assert "east-sussex.pre-admission-meeting" in flags_of(office, maja)

    ask(page, "told")
    told = page.dialog
    assert isinstance(told, ToldDialog)
    told.accept_button.click()

    assert "east-sussex.pre-admission-meeting" not in flags_of(office, maja)


def test_a_place_given_up_stays_until_the_next_school_confirms(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.STARTING)
    enter(page, qtbot)
    maja = pupil_named(office, "Kowal")
    ask(page, "give_up")
    dialog = page.dialog
    assert isinstance(dialog, dialogs.GiveUpDialog)
    dialog.destination.control.choose(Destination.KNOWN)
    dialog.accept_button.click()
    assert dialog.said_by.error
    assert dialog.where.error
    qtbot.keyClicks(dialog.said_by.control, "father")
    qtbot.keyClicks(dialog.where.control, "Hill Top Primary")
    dialog.accept_button.click()
    assert page.model.rows[0].detail == "Place not taken up"
    assert "england.unknown-destination" in flags_of(office, maja)

    ask(page, "arrival")
    arrival = page.dialog
    assert isinstance(arrival, dialogs.ArrivalDialog)
    qtbot.keyClicks(arrival.where.control, "Hill Top Primary")
    qtbot.keyClicks(arrival.by.control, "their office")
    arrival.accept_button.click()

    assert "england.unknown-destination" not in flags_of(office, maja)
    assert page.model.rows == ()


def test_a_missing_birth_date_is_supplied(office: Office, qtbot: QtBot) -> None:
    pupil_id = add_pupil(office, born=None)
    add_marks(office, pupil_id, "/", FIRST_DAY, YESTERDAY)
    page = shown_page(office, qtbot, Life.STARTING)
    ask(page, "born")
    dialog = page.dialog
    assert isinstance(dialog, dialogs.FactDialog)
    qtbot.keyClicks(dialog.day.control, "14/3")
    dialog.accept_button.click()
    assert dialog.day.error
    assert dialog.source.error
    qtbot.keyClicks(dialog.day.control, "/2017")
    qtbot.keyClicks(dialog.source.control, "Birth certificate")

    dialog.accept_button.click()

    assert "england.missing-fact" not in flags_of(office, pupil_id)
    with office.database.reading() as db:
        assert load_pupil(db, pupil_id).born == date(2017, 3, 14)


def test_undo_takes_the_entry_back(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.STARTING)
    enter(page, qtbot)

    page.undo()

    assert page.model.rows == ()


def test_hidden_names_show_nowhere_and_open_no_dialog(office: Office, qtbot: QtBot) -> None:
    add_pupil(office, starting_day=MONDAY)
    tab = shown_roll(office, qtbot)
    tab.show_life(Life.STARTING)

    tab.hide_names(hidden=True)
    tab.page.new_button.click()

    assert tab.page.dialog is None
    assert tab.page.model.index(0, 0).data(Qt.ItemDataRole.DisplayRole) == "Oak"


def test_every_control_has_a_name_and_the_list_is_a_sound_model(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.STARTING)
    enter(page, qtbot)
    assert nameless_controls(page) == []
    ModelTester(None).check(page.model)

    page.new_button.click()

    assert page.dialog is not None
    assert nameless_controls(page.dialog) == []
