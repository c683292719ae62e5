"""A child goes missing, is found, and what follows is done: on screen, by its real controls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives import missing
from cme_desktop.casework.lives.life import Life, StepState
from cme_desktop.casework.office import Office
from cme_desktop.casework.review import dismiss_flags
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.events import EventKind, Recipient
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Severity
from cme_desktop.storage.events import list_events
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.missing.dialogs import FollowUpDialog, FoundDialog, MissingDialog
from cme_desktop.ui.roll.told_dialog import ToldDialog
from tests.office import CALLUM, HEAD, LUCJA, NOW, TODAY, YESTERDAY, an_office, seen_by
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page, shown_roll


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return an_office(tmp_path)


@pytest.fixture
def missing_child(office: Office) -> Office:
    missing.report_missing(office, pupil_id=LUCJA, on=YESTERDAY, at=time(15, 20), last_seen="At the gate, Mrs Hale")
    return office


def flags_of(office: Office) -> set[str]:
    roll = load_roll(office)
    record = next(record for record in roll.records if record.pupil.id == LUCJA)
    return {flag.rule_id for flag in review_pupil(record, roll.judgement, roll.rulebook)}


def standing(office: Office) -> list[EventKind]:
    with office.database.reading() as db:
        return [each.event.kind for each in list_events(db, pupil_id=LUCJA) if each.retracted_at is None]


def steps_of(page: LifePage) -> dict[str, StepState]:
    return {step.text: step.state for step in page.pane.steps.rows}


def press(page: LifePage, act_id: str) -> None:
    button = page.pane.button(act_id)
    assert button is not None
    button.click()


def test_nobody_is_missing_and_the_way_to_report_a_child_is_shown(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.MISSING)

    assert page.detail.currentWidget() is page.empty_state
    assert page.empty_state.button.text() == "Report missing"


def test_the_dialog_offers_the_time_it_is_and_not_that_of_the_list(office: Office, qtbot: QtBot) -> None:
    clock = [NOW]
    page = shown_page(replace(office, now=lambda: clock[0]), qtbot, Life.MISSING)
    clock[0] = NOW + timedelta(minutes=7)

    page.empty_state.button.click()

    assert isinstance(page.dialog, MissingDialog)
    assert page.dialog.at == time(9, 47)


def test_a_child_is_reported_missing_by_name_and_last_sighting(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.MISSING)
    page.empty_state.button.click()
    dialog = page.dialog
    assert isinstance(dialog, MissingDialog)

    dialog.accept_button.click()
    assert dialog.picker.finder.error == "Choose a pupil from the list."
    assert dialog.seen.error
    qtbot.keyClicks(dialog.picker.finder.control, "wi")
    assert dialog.pupil_id is None
    dialog.picker.finder.control.clear()
    qtbot.keyClicks(dialog.picker.finder.control, "lucja")
    qtbot.keyClicks(dialog.seen.control, "At the gate at 3.15, Mrs Hale")
    dialog.accept_button.click()

    assert page.dialog is None
    assert [(row.name, row.severity) for row in page.model.rows] == [("Łucja Wiśniewska", Severity.NOW)]
    assert standing(office) == [EventKind.MISSING]
    assert steps_of(page)["Police told"] is StepState.DUE


def test_the_police_are_told_under_a_reference(missing_child: Office, qtbot: QtBot) -> None:
    page = shown_page(missing_child, qtbot, Life.MISSING)
    press(page, "told")
    dialog = page.dialog
    assert isinstance(dialog, ToldDialog)
    assert dialog.who.control.chosen is Recipient.POLICE

    qtbot.keyClicks(dialog.reference.control, "LOG 55")
    dialog.accept_button.click()

    assert steps_of(page)["Police told, reference LOG 55"] is StepState.DONE


def test_a_found_child_stays_on_the_list_until_the_check_and_the_review_are_written_down(
    missing_child: Office, qtbot: QtBot
) -> None:
    page = shown_page(missing_child, qtbot, Life.MISSING)
    press(page, "found")
    dialog = page.dialog
    assert isinstance(dialog, FoundDialog)
    dialog.accept_button.click()
    assert dialog.where.error
    assert dialog.by.error
    qtbot.keyClicks(dialog.where.control, "Flat of an aunt")
    qtbot.keyClicks(dialog.by.control, "PC Lund")
    dialog.accept_button.click()
    assert "aspire-academy.found" in flags_of(missing_child)

    for act in ("check", "review"):
        button = page.pane.button(act)
        if button is not None:
            button.click()
        else:
            page.ask_act(act, page.file)  # type: ignore[arg-type]  # a file is shown
        follow = page.dialog
        assert isinstance(follow, FollowUpDialog)
        follow.accept_button.click()
        assert follow.said.error
        qtbot.keyClicks(follow.said.control, "Seen and well, at home again.")
        follow.accept_button.click()

    assert "aspire-academy.found" not in flags_of(missing_child)
    assert steps_of(page)["Safe-and-well check"] is StepState.DONE
    assert steps_of(page)["Review of what happened"] is StepState.DONE


@pytest.mark.parametrize(("days_ago", "is_listed"), [(89, True), (90, False)])
def test_a_found_child_leaves_the_list_after_ninety_days(
    tmp_path: Path, qtbot: QtBot, *, days_ago: int, is_listed: bool
) -> None:
    office = an_office(tmp_path)
    on = date.fromordinal(TODAY.toordinal() - days_ago)
    missing.report_missing(office, pupil_id=LUCJA, on=on, at=None, last_seen="At home")
    missing.record_found(office, pupil_id=LUCJA, on=on, at=None, where="At home", by="Father")

    page = shown_page(office, qtbot, Life.MISSING)

    assert bool(page.model.rows) is is_listed


def test_undo_strikes_the_report_out(missing_child: Office, qtbot: QtBot) -> None:
    page = shown_page(missing_child, qtbot, Life.MISSING)

    page.undo()

    assert page.model.rows == ()
    assert standing(missing_child) == []


def test_hidden_names_show_nowhere_and_open_no_dialog(missing_child: Office, qtbot: QtBot) -> None:
    tab = shown_roll(missing_child, qtbot)
    tab.show_life(Life.MISSING)

    tab.hide_names(hidden=True)
    tab.page.new_button.click()

    assert tab.page.dialog is None
    shown = tab.page.model.index(0, 0).data(Qt.ItemDataRole.DisplayRole)
    assert shown == "Oak"
    assert tab.page.detail.currentWidget() is not tab.page.pane


def test_finding_a_pupil_shows_the_page_that_lists_the_child(missing_child: Office, qtbot: QtBot) -> None:
    missing.report_missing(missing_child, pupil_id=CALLUM, on=TODAY, at=None, last_seen="Nobody knows")
    tab = shown_roll(missing_child, qtbot)

    tab.show_pupil(LUCJA)

    assert tab.page.life is Life.MISSING
    assert tab.page.file is not None
    assert tab.page.file.row.pupil_id == LUCJA


def test_every_control_has_a_name_and_the_list_is_a_sound_model(missing_child: Office, qtbot: QtBot) -> None:
    page = shown_page(missing_child, qtbot, Life.MISSING)

    assert nameless_controls(page) == []
    ModelTester(None).check(page.model)


def test_any_flag_is_one_step_from_its_explanation(missing_child: Office, qtbot: QtBot) -> None:
    missing.record_found(missing_child, pupil_id=LUCJA, on=TODAY, at=None, where="At home", by="Father")
    page = shown_page(missing_child, qtbot, Life.MISSING)
    (flag,) = page.pane.flags.rows

    page.pane.flag_list.clicked.emit(page.pane.flags.index(0, 0))

    assert page.explain.isVisible()
    assert flag.finding.sentence in page.explain.words
    qtbot.keyClick(page.explain, Qt.Key.Key_Escape)
    assert not page.explain.isVisible()
    page.take_focus()
    qtbot.keyClick(page.list, Qt.Key.Key_F7)
    assert page.explain.isVisible()
    page.hide_names(hidden=True)
    assert not page.explain.isVisible()


def test_a_flag_that_the_head_dismissed_is_not_to_be_done_here_either(missing_child: Office, qtbot: QtBot) -> None:
    missing.record_found(missing_child, pupil_id=LUCJA, on=TODAY, at=None, where="At home", by="Father")
    page = shown_page(missing_child, qtbot, Life.MISSING)
    (flag,) = page.pane.flags.rows
    dismiss_flags(seen_by(missing_child, HEAD), flags=(flag,), reason="The father was with her all the time.")

    page.reload()

    assert page.pane.flags.rows == ()
    assert [row.severity for row in page.model.rows] == [None]
