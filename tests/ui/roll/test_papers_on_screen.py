"""A paper is added to a child's file, looked at, copied out and struck out, by its real controls."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from cme_desktop.casework.lives import missing
from cme_desktop.casework.lives.life import Life
from cme_desktop.casework.office import Office
from cme_desktop.ui.roll.life_page import LifePage
from cme_desktop.ui.roll.paper_dialogs import AddPaperDialog, PaperDialog
from tests.office import LUCJA, YESTERDAY, an_office
from tests.ui.accessibility import nameless_controls
from tests.ui.roll import shown_page


@pytest.fixture
def page(tmp_path: Path, qtbot: QtBot) -> LifePage:
    office: Office = an_office(tmp_path)
    missing.report_missing(office, pupil_id=LUCJA, on=YESTERDAY, at=None, last_seen="At the gate")
    return shown_page(office, qtbot, Life.MISSING)


def a_pdf(words: str, *, pages: int = 1) -> bytes:
    file = BytesIO()
    canvas = Canvas(file)
    for number in range(pages):
        canvas.drawString(100, 700, f"{words} {number + 1}")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def add(page: LifePage, path: Path, title: str, qtbot: QtBot) -> AddPaperDialog:
    page.add_paper(path)
    dialog = page.dialog
    assert isinstance(dialog, AddPaperDialog)
    qtbot.keyClicks(dialog.title.control, title)
    dialog.accept_button.click()
    return dialog


def open_first(page: LifePage) -> PaperDialog:
    page.pane.paper_list.clicked.emit(page.pane.papers.index(0, 0))
    dialog = page.dialog
    assert isinstance(dialog, PaperDialog)
    return dialog


def test_a_paper_is_added_and_its_pages_are_shown(page: LifePage, tmp_path: Path, qtbot: QtBot) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(a_pdf("Police form", pages=2))

    add(page, scan, "Police form", qtbot)

    assert [paper.title for paper in page.pane.papers.rows] == ["Police form"]
    dialog = open_first(page)
    pages = [label for label in dialog.findChildren(QLabel) if not label.pixmap().isNull()]
    assert [label.accessibleName().strip() for label in pages] == ["Police form 1", "Police form 2"]
    assert nameless_controls(dialog) == []


def test_a_file_that_is_no_paper_is_explained_and_the_dialog_stays(
    page: LifePage, tmp_path: Path, qtbot: QtBot
) -> None:
    program = tmp_path / "setup.exe"
    program.write_bytes(b"MZ")

    dialog = add(page, program, "Form", qtbot)

    assert page.dialog is dialog
    assert dialog.problem.isVisible()
    assert page.pane.papers.rows == ()


def test_a_broken_pdf_is_said_to_be_unreadable(page: LifePage, tmp_path: Path, qtbot: QtBot) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")
    add(page, broken, "Letter", qtbot)

    dialog = open_first(page)

    assert any("can’t be read" in label.text() for label in dialog.findChildren(QLabel))


def test_a_copy_is_saved_outside_and_said_to_be_plain(page: LifePage, tmp_path: Path, qtbot: QtBot) -> None:
    scan, copy = tmp_path / "scan.pdf", tmp_path / "copy.pdf"
    scan.write_bytes(a_pdf("Form"))
    add(page, scan, "Form", qtbot)
    dialog = open_first(page)

    dialog.save_copy(copy)

    assert copy.read_bytes() == scan.read_bytes()
    assert "not encrypted" in dialog.about.text()


def test_a_paper_struck_out_stays_on_the_list_and_offers_no_second_strike(
    page: LifePage, tmp_path: Path, qtbot: QtBot
) -> None:
    note = tmp_path / "note.txt"
    note.write_bytes(b"He said so.")
    add(page, note, "Note", qtbot)

    open_first(page).strike.click()

    assert [paper.retracted_at is not None for paper in page.pane.papers.rows] == [True]
    assert open_first(page).strike.isHidden()
