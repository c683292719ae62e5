"""The Roll tab, driven by its keys over real records."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.office import Office
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.tab import RollTab
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext

_SHOWN: list[RollTab] = []
"""The tab of the test under way: a page alone would not keep it alive."""


def shown_roll(office: Office, qtbot: QtBot) -> RollTab:
    """Show the Roll tab of an office."""
    notifier = ChangeNotifier()
    tab = RollTab(TabContext(ImmediateBackground(office, notifier), notifier, Theme(office.paths.resources)))
    qtbot.addWidget(tab)
    tab.resize(1290, 620)
    with qtbot.waitActive(tab):
        tab.show()
    _SHOWN[:] = [tab]
    return tab


def shown_page(office: Office, qtbot: QtBot, life: Life) -> LifePage:
    """Show one page of it."""
    tab = shown_roll(office, qtbot)
    tab.show_life(life)
    return tab.page
