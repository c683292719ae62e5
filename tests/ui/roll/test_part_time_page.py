"""A timetable is agreed, told, reviewed, extended and ended: on screen, by its real controls."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives.life import Life, StepState
from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.attendance import Half
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage.policies import adopt_policy
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.part_time.dialogs import EndDialog, ReviewDialog, TimetableDialog
from cme_desktop.ui.roll.told_dialog import ToldDialog
from tests.office import LUCJA, YESTERDAY, add_marks, an_office, at
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page, shown_roll

MORNINGS = frozenset((day, Half.AM) for day in range(5))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = an_office(tmp_path)
    policy = office.paths.resources / "policies" / "derbyshire.toml"
    with office.database.transaction() as db:
        adopt_policy(
            db, policy_id="derbyshire", document=policy.read_text("utf-8"), adopted_on=date(2026, 9, 1), why="", by=1
        )
    add_marks(office, LUCJA, "C2", date(2026, 11, 5), YESTERDAY, half=Half.PM)
    return office


def flags_of(office: Office) -> set[str]:
    roll = load_roll(office)
    record = next(record for record in roll.records if record.pupil.id == LUCJA)
    raised = review_pupil(record, roll.judgement, roll.rulebook)
    return {flag.rule_id for flag in raised if "part-time" in flag.rule_id}


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


def fill(dialog: TimetableDialog, qtbot: QtBot, *, until: str, review_on: str) -> None:
    dialog.week.tick(MORNINGS)
    qtbot.keyClicks(dialog.until.control, until)
    qtbot.keyClicks(dialog.review_on.control, review_on)
    qtbot.keyClicks(dialog.reason.control, "Coming back after an operation")
    qtbot.keyClicks(dialog.by.control, "Dr Teal")
    qtbot.keyClicks(dialog.parent_.control, "Alex, mother")
    qtbot.keyClicks(dialog.safeguarding.control, "At home with her mother")


def test_nobody_is_part_time_and_the_way_to_agree_a_timetable_is_shown(tmp_path: Path, qtbot: QtBot) -> None:
    page = shown_page(an_office(tmp_path), qtbot, Life.PART_TIME)

    assert page.detail.currentWidget() is page.empty_state
    assert page.empty_state.button.text() == "Agree a timetable"


def test_a_timetable_from_its_first_c2_to_its_end(office: Office, qtbot: QtBot) -> None:
    assert flags_of(office) == {"england.part-time-timetable", "derbyshire.part-time"}
    page = shown_page(office, qtbot, Life.PART_TIME)
    ask(page, "agree")
    dialog = page.dialog
    assert isinstance(dialog, TimetableDialog)
    dialog.accept_button.click()
    assert dialog.sessions.error
    assert dialog.until.error
    assert dialog.safeguarding.error
    fill(dialog, qtbot, until="17/11/2026", review_on="17/11")
    dialog.accept_button.click()
    assert not dialog.isVisible()
    assert flags_of(office) == {"derbyshire.part-time"}

    ask(page, "told")
    told = page.dialog
    assert isinstance(told, ToldDialog)
    qtbot.keyClicks(told.reference.control, "PT 7")
    told.accept_button.click()
    assert flags_of(office) == set()
    assert steps_of(page)["Authority told, PT 7"] is StepState.DONE

    later = at(office, datetime(2026, 11, 17, 16, tzinfo=UTC))
    assert flags_of(later) == {"england.part-time-timetable"}
    page = shown_page(later, qtbot, Life.PART_TIME)
    ask(page, "review")
    review = page.dialog
    assert isinstance(review, ReviewDialog)
    qtbot.keyClicks(review.said.control, "Head and mother: two more weeks")
    review.accept_button.click()
    ask(page, "extend")
    extend = page.dialog
    assert isinstance(extend, TimetableDialog)
    fill(extend, qtbot, until="1/12/2026", review_on="24/11")
    extend.accept_button.click()
    assert flags_of(later) == {"derbyshire.part-time"}

    ask(page, "end")
    end = page.dialog
    assert isinstance(end, EndDialog)
    end.accept_button.click()
    assert end.reason.error
    qtbot.keyClicks(end.reason.control, "Strong again")
    end.accept_button.click()

    assert flags_of(later) == set()
    assert page.file is not None
    assert page.file.chips == ("Ended",)


def test_a_pupil_on_roll_is_chosen_by_name_for_a_new_timetable(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.PART_TIME)
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, TimetableDialog)
    assert dialog.picker is not None
    qtbot.keyClicks(dialog.picker.finder.control, "Callum")
    fill(dialog, qtbot, until="20/11", review_on="20/11")

    dialog.accept_button.click()

    assert page.dialog is None
    assert page.file is not None
    assert page.file.row.name == "Callum Birtles"


def test_hidden_names_show_nowhere(office: Office, qtbot: QtBot) -> None:
    tab = shown_roll(office, qtbot)
    tab.show_life(Life.PART_TIME)

    tab.hide_names(hidden=True)
    tab.page.new_button.click()

    assert tab.page.dialog is None
    assert tab.page.model.index(0, 0).data(Qt.ItemDataRole.DisplayRole) == "Oak"


def test_every_control_of_page_and_dialog_has_a_name(office: Office, qtbot: QtBot) -> None:
    page = shown_page(office, qtbot, Life.PART_TIME)
    assert nameless_controls(page) == []

    page.new_button.click()

    assert page.dialog is not None
    assert nameless_controls(page.dialog) == []
