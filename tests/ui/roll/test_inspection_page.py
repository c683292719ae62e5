"""The lists of a register inspection on screen: chosen, printed, hidden."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cme_desktop.casework.lives.life import Life
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.ui.roll.inspection import page as inspection_page
from cme_desktop.ui.roll.life_page import LifePage
from tests.office import LUCJA, STARTED, add_event_to, add_pupil, an_office
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot) -> LifePage:
    office = an_office(tmp_path)
    add_event_to(office, LUCJA, Event(EventKind.PART_TIME_AGREED, date(2026, 11, 2), until=date(2026, 12, 4)))
    pupil_id = add_pupil(office, left_on=date(2026, 11, 6), starting_day=STARTED)
    add_event_to(office, pupil_id, Event(EventKind.REMOVED, date(2026, 11, 6), ground="a"))
    return shown_page(office, qtbot, Life.INSPECTION)


def test_the_lists_stand_one_after_the_other_with_their_period_and_counts(page: LifePage) -> None:
    details = [row.detail.partition(":")[0] for row in page.model.rows]

    assert details == ["Removed without notice", "Part-time timetable"]
    assert "Removed without notice: 1; allocated but not started: 0; part-time timetable: 1" in page.side.note.text()
    assert page.file is not None
    assert nameless_controls(page) == []


def test_the_lists_go_to_the_printer_and_not_while_names_are_hidden(
    page: LifePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []
    monkeypatch.setattr(inspection_page, "print_words", lambda _, words: printed.append(words))

    page.hide_names(hidden=True)
    page.new_button.click()
    page.hide_names(hidden=False)
    page.new_button.click()

    (words,) = printed
    assert words.startswith("Register inspection, Tue 1 Sep to Tue 10 Nov")
