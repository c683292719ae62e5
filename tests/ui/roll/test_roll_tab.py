"""The Roll tab as a whole, with the real worker."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives import missing
from cme_desktop.casework.lives.life import Life
from cme_desktop.ui.background import Background
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.roll.pages import PAGES
from cme_desktop.ui.roll.tab import RollTab
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import LUCJA, YESTERDAY, an_office


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


def test_every_life_has_a_page_in_the_order_of_a_school_life() -> None:
    assert [entry.life for entry in PAGES] == list(Life)
