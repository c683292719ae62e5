"""The lists of a register inspection on screen: chosen, read as pages, printed, saved, hidden."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QDate
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.office import Office
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.storage.tables import JournalRow
from cme_desktop.ui.documents import pages_dialog
from cme_desktop.ui.roll.inspection.dialogs import InspectionDialog
from cme_desktop.ui.roll.life_page import LifePage
from tests.office import LUCJA, STARTED, add_event_to, add_pupil, an_office
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = an_office(tmp_path)
    add_event_to(office, LUCJA, Event(EventKind.PART_TIME_AGREED, date(2026, 11, 2), until=date(2026, 12, 4)))
    pupil_id = add_pupil(office, left_on=date(2026, 11, 6), starting_day=STARTED)
    add_event_to(office, pupil_id, Event(EventKind.REMOVED, date(2026, 11, 6), ground="a"))
    return office


@pytest.fixture
def page(office: Office, qtbot: QtBot) -> LifePage:
    return shown_page(office, qtbot, Life.INSPECTION)


def opened(page: LifePage) -> InspectionDialog:
    page.new_button.click()
    dialog = page.dialog
    assert isinstance(dialog, InspectionDialog)
    return dialog


def said_to_have_left(office: Office) -> list[str]:
    with office.database.reading() as db:
        return list(db.scalars(select(JournalRow.act).where(JournalRow.act.startswith("inspection"))))


def test_the_lists_stand_one_after_the_other_with_their_period_and_counts(page: LifePage) -> None:
    details = [row.detail.partition(":")[0] for row in page.model.rows]

    assert details == ["Removed without notice", "Part-time timetable"]
    assert "Removed without notice: 1; allocated but not started: 0; part-time timetable: 1" in page.side.note.text()
    assert page.file is not None
    assert nameless_controls(page) == []


def test_no_pages_are_shown_while_names_are_hidden(page: LifePage) -> None:
    page.hide_names(hidden=True)
    page.new_button.click()

    assert page.dialog is None


def test_the_pages_are_read_before_they_go_anywhere(page: LifePage, office: Office) -> None:
    dialog = opened(page)

    assert dialog.windowTitle() == "CME Desktop"
    assert dialog.pages.page_label.text() == "Page 1 of 1"
    assert "Removed without notice: 1" in dialog.pages.picture.accessibleDescription()
    assert nameless_controls(dialog) == []
    assert said_to_have_left(office) == []


def test_other_days_give_other_pages(page: LifePage) -> None:
    dialog = opened(page)

    dialog.first.control.setDate(QDate(2026, 11, 7))

    words = dialog.pages.picture.accessibleDescription()
    assert "Removed without notice: 0" in words
    assert "Part-time timetables: 1" in words


def test_days_the_wrong_way_round_are_said_beside_the_field_and_nothing_can_be_printed(page: LifePage) -> None:
    dialog = opened(page)

    dialog.last.control.setDate(QDate(2026, 8, 31))

    assert dialog.first.error == "The first day comes after the last. Change one of the two days."
    assert not dialog.print.isEnabled()
    assert not dialog.save.isEnabled()
    assert dialog.pages.page_label.text() == ""
    assert dialog.pages.picture.pixmap().isNull()

    dialog.first.control.setDate(QDate(2026, 8, 31))

    assert dialog.first.error == ""
    assert dialog.print.isEnabled()


def test_a_print_dialog_that_is_cancelled_leaves_no_word_in_the_journal(
    page: LifePage, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(page)
    monkeypatch.setattr(pages_dialog, "ask_printer", lambda _parent, *, pages: pages and None)

    dialog.print.click()

    assert said_to_have_left(office) == []
    assert dialog.print.isEnabled()


def test_printed_pages_come_out_and_are_written_down(
    page: LifePage, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = opened(page)
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    monkeypatch.setattr(pages_dialog, "ask_printer", lambda _parent, *, pages: printer if pages else None)

    dialog.print.click()

    assert dialog.state.text() == "1 page sent to the printer."
    assert (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    assert said_to_have_left(office) == ["inspection lists printed"]


def test_saved_pages_are_a_file_named_after_nobody(page: LifePage, office: Office, tmp_path: Path) -> None:
    dialog = opened(page)

    dialog.save_to(tmp_path / "lists.pdf")

    assert dialog.state.text() == f"Saved as lists.pdf in {tmp_path.name}."
    assert said_to_have_left(office) == ["inspection lists saved"]
