"""The first day back is worked through on screen until everyone is accounted for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.events import AttemptOutcome, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.events import list_events
from cme_desktop.ui.roll.first_back.dialogs import ContactDialog, SeenDialog
from cme_desktop.ui.roll.leave.request_dialog import LeaveDialog, Said
from cme_desktop.ui.roll.life_page import LifePage
from tests.office import IMANI, LUCJA, TOMASZ, add_marks, an_office, at
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page

BACK = date(2026, 11, 3)
RULE = "aspire-academy.first-day-back"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = an_office(tmp_path)
    for pupil_id in (LUCJA, TOMASZ, IMANI):
        add_marks(office, pupil_id, "N", BACK)
    return at(office, datetime(2026, 11, 3, 9, 40, tzinfo=UTC))


def has_flag(office: Office, pupil_id: PupilId) -> bool:
    roll = load_roll(office)
    record = next(record for record in roll.records if record.pupil.id == pupil_id)
    return RULE in {flag.rule_id for flag in review_pupil(record, roll.judgement, roll.rulebook)}


def waiting(page: LifePage) -> list[str]:
    return [row.name for row in page.model.rows if row.severity is not None]


def ask(page: LifePage, act_id: str) -> None:
    assert page.file is not None
    page.ask_act(act_id, page.file)


def test_the_list_is_worked_through_until_everyone_is_accounted_for(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.FIRST_DAY_BACK)
    assert waiting(page) == ["Imani Okafor", "Łucja Wiśniewska", "Tomasz Wiśniewski"]
    assert all(has_flag(office, pupil) for pupil in (LUCJA, TOMASZ, IMANI))
    assert "The next one is Tue 5 Jan." in page.side.note.text()

    page.show_key(str(LUCJA))
    button = page.pane.button("contact")
    assert button is not None
    button.click()
    call = page.dialog
    assert isinstance(call, ContactDialog)
    call.accept_button.click()
    assert call.outcome.error == "Choose what came of the call."
    call.outcome.control.choose(AttemptOutcome.EXPLAINED)
    call.accept_button.click()
    assert call.reason.error == "Choose the reason."
    call.reason.control.setCurrentIndex(1)
    assert [box.text() for box in call.boxes] == ["Also for Tomasz Wiśniewski"]
    call.accept_button.click()
    assert waiting(page) == ["Imani Okafor"]
    assert not has_flag(office, LUCJA)
    assert not has_flag(office, TOMASZ)

    page.show_key(str(IMANI))
    ask(page, "seen")
    seen = page.dialog
    assert isinstance(seen, SeenDialog)
    seen.accept_button.click()
    assert seen.where.error
    qtbot.keyClicks(seen.where.control, "At home, at the door")
    seen.accept_button.click()
    assert waiting(page) == []
    assert not has_flag(office, IMANI)

    tomorrow = at(office, datetime(2026, 11, 4, 9, 40, tzinfo=UTC))
    page = shown_page(tomorrow, qtbot, Life.FIRST_DAY_BACK)
    assert list(page.model.rows) == []
    assert page.detail.currentWidget() is page.empty_state


def test_leave_that_comes_out_on_the_telephone_is_written_down_as_told_afterwards(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.FIRST_DAY_BACK)
    page.show_key(str(LUCJA))
    ask(page, "admitted")
    dialog = page.dialog
    assert isinstance(dialog, LeaveDialog)
    assert dialog.said.control.chosen is Said.AFTERWARDS
    assert dialog.pupil_id == LUCJA
    qtbot.keyClicks(dialog.by.control, "Mother")
    qtbot.keyClicks(dialog.reason.control, "Still in Poland")
    dialog.accept_button.click()

    with office.database.reading() as db:
        assert [each.event.kind for each in list_events(db, pupil_id=LUCJA)] == [EventKind.LEAVE_ADMITTED_AFTERWARDS]


def test_asking_the_class_is_confirmed_and_the_card_and_register_are_one_key_away(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.FIRST_DAY_BACK)
    page.show_key(str(LUCJA))
    ask(page, "checked")
    assert page.dialog is not None
    page.dialog.accept()
    with office.database.reading() as db:
        assert [each.event.kind for each in list_events(db, pupil_id=LUCJA)] == [EventKind.SITE_CHECK]

    page.show_key(str(LUCJA))
    with qtbot.waitSignal(page.wants_pupil) as ringing:
        ask(page, "ring")

    assert ringing.args == [int(LUCJA)]


def test_a_register_not_taken_leads_to_the_register(tmp_path: Path, qtbot: QtBot) -> None:
    office = an_office(tmp_path)
    for pupil in (1, 3, 4, 5, 6, 7):
        add_marks(office, PupilId(pupil), "/", date(2027, 1, 5), half=Half.AM)
    page = shown_page(at(office, datetime(2027, 1, 5, 9, 40, tzinfo=UTC)), qtbot, Life.FIRST_DAY_BACK)
    assert [row.name for row in page.model.rows] == ["Beech"]
    assert page.file is not None
    assert "neither counted as here nor as absent" in page.file.warning

    with qtbot.waitSignal(page.wants_register) as opening:
        ask(page, "register")

    assert opening.args == [8], "Ṣadé, the first of the class by name"


def test_hidden_names_show_nowhere(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.FIRST_DAY_BACK)

    page.hide_names(hidden=True)

    shown = {page.model.index(row, 0).data(Qt.ItemDataRole.DisplayRole) for row in range(3)}
    assert shown == {"Oak", "Beech"}
    assert page.detail.currentWidget() is not page.pane


def test_every_control_has_a_name_and_the_list_is_a_sound_model(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.FIRST_DAY_BACK)
    ask(page, "contact")
    assert isinstance(page.dialog, ContactDialog)
    assert nameless_controls(page.dialog) == []
    page.dialog.reject()

    assert nameless_controls(page) == []
    ModelTester(None).check(page.model)
