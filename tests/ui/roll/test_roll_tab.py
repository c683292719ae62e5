"""The Roll tab as a whole, with the real worker."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from cme_desktop.casework.bereavement import record_death
from cme_desktop.casework.lives import missing
from cme_desktop.casework.lives.leaving_acts import LeavingWord, Way, tell_leaving
from cme_desktop.casework.lives.life import Life
from cme_desktop.domain.events import With
from cme_desktop.ui.background import Background
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.roll.missing.dialogs import MissingDialog
from cme_desktop.ui.roll.pages import PAGES
from cme_desktop.ui.roll.tab import RollTab
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import CALLUM, HEAD, LUCJA, NOW, TODAY, YESTERDAY, an_office, seen_by
from tests.ui.roll import shown_roll


def test_the_keyboard_is_on_the_list_as_soon_as_there_is_one(tmp_path: Path, qtbot: QtBot) -> None:
    office = an_office(tmp_path)
    missing.report_missing(office, pupil_id=LUCJA, on=YESTERDAY, at=None, last_seen="At the gate")
    notifier = ChangeNotifier()
    background = Background(office, notifier)
    tab = RollTab(TabContext(background, notifier, Theme(office.paths.resources)))
    qtbot.addWidget(tab)
    tab.bar.setCurrentIndex([entry.life for entry in PAGES].index(Life.MISSING))
    with qtbot.waitActive(tab):
        tab.show()

    tab.take_focus()
    qtbot.waitUntil(lambda: bool(tab.page.model.rows))

    qtbot.waitUntil(tab.page.list.hasFocus)
    background.close_office()
    background.finish()


def test_a_pupil_asked_for_before_the_lists_are_read_is_shown_once_they_are(tmp_path: Path, qtbot: QtBot) -> None:
    office = an_office(tmp_path)
    missing.report_missing(office, pupil_id=LUCJA, on=YESTERDAY, at=None, last_seen="At the gate")
    notifier = ChangeNotifier()
    background = Background(office, notifier)
    tab = RollTab(TabContext(background, notifier, Theme(office.paths.resources)))
    qtbot.addWidget(tab)
    tab.show()

    tab.show_pupil(LUCJA)

    qtbot.waitUntil(lambda: tab.page.life is Life.MISSING and tab.page.file is not None)
    tab.show_life(Life.LEAVE)
    tab.reload()
    with qtbot.waitSignal(background.busy_changed, check_params_cb=lambda is_busy: not is_busy):
        pass
    assert tab.page.life is Life.LEAVE, "asked for once, not after every reading"
    background.close_office()
    background.finish()


def test_a_list_shows_what_was_saved_though_the_clock_has_gone_on_since_it_was_read(
    tmp_path: Path, qtbot: QtBot
) -> None:
    clock = [NOW]
    tab = shown_roll(replace(an_office(tmp_path), now=lambda: clock[0]), qtbot)
    tab.show_life(Life.LEAVING)
    word = LeavingWord(
        told_on=TODAY, said_by=With.MOTHER, last_day=TODAY, way=Way.SCHOOL_IN_ENGLAND, school="Hillside Primary"
    )

    clock[0] = NOW + timedelta(minutes=7)
    tab.context.background.run(lambda office: tell_leaving(office, pupils=(CALLUM,), word=word))

    assert [row.pupil_id for row in tab.page.model.rows] == [CALLUM]


def test_only_the_page_in_sight_says_which_pupil_is_shown(tmp_path: Path, qtbot: QtBot) -> None:
    office = an_office(tmp_path)
    missing.report_missing(office, pupil_id=LUCJA, on=YESTERDAY, at=None, last_seen="At the gate")
    word = LeavingWord(
        told_on=YESTERDAY, said_by=With.MOTHER, last_day=TODAY, way=Way.SCHOOL_IN_ENGLAND, school="Hillside Primary"
    )
    tell_leaving(office, pupils=(CALLUM,), word=word)
    tab = shown_roll(office, qtbot)
    tab.show_life(Life.MISSING)
    shown: list[int] = []
    tab.pupil_shown.connect(shown.append)

    tab.show_life(Life.LEAVING)
    assert shown == [CALLUM]

    tab.reload()
    assert set(shown) == {CALLUM}, "the page behind is read again when somebody goes there"

    tab.show_life(Life.MISSING)
    assert shown[-1] == LUCJA
    assert tab.page.file is not None
    assert tab.page.file.row.pupil_id == LUCJA

    tab.show_life(Life.LEAVING)
    assert shown[-1] == CALLUM


def test_ctrl_n_writes_down_something_new_from_the_bar_of_lives_too(tmp_path: Path, qtbot: QtBot) -> None:
    tab = shown_roll(an_office(tmp_path), qtbot)
    tab.show_life(Life.MISSING)
    tab.bar.setFocus()

    QTest.keyClick(tab.bar, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)

    assert isinstance(tab.page.dialog, MissingDialog)


@pytest.mark.parametrize("life", [Life.MISSING, Life.LEAVE, Life.PART_TIME, Life.LEAVING])
def test_a_child_who_has_died_is_offered_nowhere(tmp_path: Path, qtbot: QtBot, life: Life) -> None:
    office = an_office(tmp_path)
    record_death(
        seen_by(office, HEAD), pupil_id=CALLUM, on=YESTERDAY, told_by="The family", peace_until_day=date(2026, 11, 24)
    )
    tab = shown_roll(office, qtbot)
    tab.show_life(life)

    tab.page.new_button.click()

    dialog = tab.page.dialog
    assert dialog is not None
    listed = next(each for each in dialog.findChildren(QListWidget) if each.accessibleName() == "Pupils found")
    names = [listed.item(row).text() for row in range(listed.count())]
    assert any("Łucja" in name for name in names)
    assert not any("Callum" in name for name in names)


def test_every_life_has_a_page_in_the_order_of_a_school_life() -> None:
    assert [entry.life for entry in PAGES] == list(Life)
