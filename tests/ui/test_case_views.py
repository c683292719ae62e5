"""What the child and the family say, on the screen of a case."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cme_desktop.casework.cases import open_case
from cme_desktop.casework.office import Office
from cme_desktop.casework.views import HOW, Voice, record_views
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.cases.close_case_dialog import CloseCaseDialog
from cme_desktop.ui.cases.tab import CasesTab
from cme_desktop.ui.cases.views_dialog import ViewsDialog
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import LUCJA, YESTERDAY, an_office
from tests.ui.accessibility import nameless_controls


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = an_office(tmp_path)
    case_id = open_case(office, pupil_id=LUCJA, why="Nobody answers.").case_id
    record_views(
        office, case_id=case_id, voice=Voice.CHILD, words="The bus frightens me.", on=YESTERDAY, by="Mrs Hale",
        how=HOW[0],
    )  # fmt: skip
    return office


@pytest.fixture
def tab(office: Office, qtbot: QtBot) -> CasesTab:
    notifier = ChangeNotifier()
    tab = CasesTab(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(tab)
    tab.resize(1290, 620)
    tab.show()
    return tab


def test_the_latest_words_stand_with_their_hearer_and_not_asked_is_said_plainly(tab: CasesTab) -> None:
    child, family = (tab.pane.views.boxes[voice] for voice in Voice)

    assert child.words.text() == "“The bus frightens me.”"
    assert child.heard.text() == "Heard by Mrs Hale, Mon 9 Nov, in person"
    assert family.not_yet.isVisibleTo(tab)
    assert not child.not_yet.isVisibleTo(tab)
    assert nameless_controls(tab.pane.views) == []


def test_more_is_added_and_what_was_said_before_stays_in_the_history(tab: CasesTab, qtbot: QtBot) -> None:
    tab.pane.views.boxes[Voice.CHILD].add.click()
    dialog = tab.dialog
    assert isinstance(dialog, ViewsDialog)
    assert nameless_controls(dialog) == []
    dialog.how.control.choose(HOW[-1])
    dialog.accept_button.click()
    assert dialog.said.error
    assert dialog.through.error
    qtbot.keyClicks(dialog.said.control, "I want to come back.")
    qtbot.keyClicks(dialog.through.control, "the aunt")
    dialog.accept_button.click()

    child = tab.pane.views.boxes[Voice.CHILD]
    assert child.words.text() == "“I want to come back.”"
    assert child.heard.text().endswith("1 earlier, in the history")
    said = [entry.detail for entry in tab.acts.shown.file.history] if tab.acts.shown is not None else []
    assert any("The bus frightens me." in detail and "Mrs Hale" in detail for detail in said)


def test_before_closing_it_is_said_that_the_family_was_not_asked(tab: CasesTab) -> None:
    tab.acts.ask_close()

    dialog = tab.dialog
    assert isinstance(dialog, CloseCaseDialog)
    assert "What the family says has not been asked." in dialog.warning.text()
    assert "What the child says" not in dialog.warning.text()
