"""A school's policy from the menu to a new version: edited, tried on last half term, adopted, and the old one cited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from cme_desktop.casework.office import Office
from cme_desktop.casework.roll import load_roll
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.policy.review import review_pupil
from cme_desktop.policy.rule import Flag
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.policies.adopt_dialogs import AdoptDialog
from cme_desktop.ui.policies.policy_dialog import PolicyDialog
from cme_desktop.ui.policies.simulate_dialog import SimulateDialog
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import HEAD, LUCJA, TODAY, TOMASZ, YESTERDAY, add_marks, an_office

VISIT = "aspire-academy.day-2-visit"
LAST_HALF_TERM = date(2026, 10, 9)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = an_office(tmp_path, user=HEAD)
    add_marks(opened, LUCJA, "O", date(2026, 10, 8), LAST_HALF_TERM)
    add_marks(opened, TOMASZ, "O", YESTERDAY, TODAY)
    yield opened
    opened.database.close()


@pytest.fixture
def window(office: Office, qtbot: QtBot) -> MainWindow:
    notifier, theme = ChangeNotifier(), Theme(office.paths.resources)
    made = MainWindow(TabContext(ImmediateBackground(office, notifier), notifier, theme), office.paths.resources)
    qtbot.addWidget(made)
    made.resize(1366, 688)
    made.show()
    return made


def menu_act(window: MainWindow, words: str) -> QAction:
    acts = (act for menu in window.findChildren(QMenu) for act in menu.actions())
    return next(act for act in acts if act.text().replace("&", "") == words)


def judged(office: Office, pupil_id: PupilId, at: datetime | None = None) -> dict[str, Flag]:
    roll = load_roll(office, at=at)
    record = next(record for record in roll.records if record.pupil.id == pupil_id)
    return {flag.rule_id: flag for flag in review_pupil(record, roll.judgement, roll.rulebook)}


def test_a_policy_is_edited_simulated_and_adopted_and_last_half_term_still_cites_the_old_one(
    window: MainWindow, office: Office, qtbot: QtBot
) -> None:
    assert VISIT in judged(office, TOMASZ)
    menu_act(window, "The school's policy…").trigger()
    dialog = window.findChild(PolicyDialog)
    assert isinstance(dialog, PolicyDialog)

    # edited: the visit of day 2 moves to day 4, and its clause gets the governors' number
    titles = [dialog.list.item(row).text() for row in range(dialog.list.count())]
    dialog.list.setCurrentRow(titles.index("Visit the home on day 2"))
    assert dialog.form is not None
    dialog.form.fields["n"].control.setValue(4)

    # simulated: over the school year so far, Łucja would no longer have been flagged
    dialog.check_now()
    dialog.bar.simulate.click()
    simulation = dialog.asker.dialog
    assert isinstance(simulation, SimulateDialog)
    simulation.accept_button.click()
    qtbot.waitUntil(lambda: not simulation.found.isHidden() or not simulation.problem.isHidden())
    assert simulation.problem.isHidden(), simulation.problem.accessibleName()
    shown = simulation.found.flags
    changes = {(shown.index(row, 1).data(), shown.index(row, 4).data()) for row in range(shown.rowCount())}
    assert changes == {("Łucja Wiśniewska, Oak", "no longer flagged")}
    simulation.reject()

    # adopted from today, with who and why
    dialog.bar.adopt.click()
    question = dialog.asker.dialog
    assert isinstance(question, AdoptDialog)
    question.why.control.setPlainText("Governors, 9 November 2026")
    with qtbot.waitSignal(dialog.adopted):
        question.accept_button.click()
    assert dialog.bar.state.text() == "Version 2, in force since 10 November 2026."

    # today is judged by the new version, last half term by the old, and each says which
    assert VISIT not in judged(office, TOMASZ)
    assert judged(office, TOMASZ)["aspire-academy.day-1-contact"].policy_version == 2
    then = judged(office, LUCJA, datetime.combine(LAST_HALF_TERM, time.max))[VISIT]
    assert then.policy_version == 1
    assert [used.value for used in then.finding.parameters if used.name == f"{VISIT}.n"] == [2]
