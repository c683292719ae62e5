"""Reading and signing a document on screen."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

import pypdf
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from cme_desktop.casework.cases import open_case
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.records import (
    DocumentRowView,
    give_for_printing,
    list_documents,
    load_pdf,
    prepare_record,
    sign_record,
)
from cme_desktop.domain.documents import DocumentState
from cme_desktop.storage.journal_check import check_journal
from cme_desktop.storage.tables import JournalRow
from cme_desktop.ui.background import ImmediateBackground
from cme_desktop.ui.change_notifier import ChangeNotifier
from cme_desktop.ui.documents.page_pictures import picture_page
from cme_desktop.ui.documents.page_printer import PagePrinter
from cme_desktop.ui.documents.preview_dialog import RecordPreviewDialog
from cme_desktop.ui.documents.sign_dialog import SignDialog
from cme_desktop.ui.documents.signature_pad import SignaturePad
from cme_desktop.ui.printing import new_printer
from cme_desktop.ui.style.theme import Theme
from cme_desktop.ui.tab import TabContext
from tests.office import HEAD, LUCJA, MANAGER, TODAY, add_marks, add_pupil, an_office, seen_by
from tests.ui.accessibility import nameless_controls


@pytest.fixture
def office(tmp_path: Path) -> Office:
    made = an_office(tmp_path)
    add_marks(made, LUCJA, "O", date(2026, 11, 2), TODAY)
    return made


@pytest.fixture
def draft(office: Office) -> DocumentRowView:
    case = open_case(office, pupil_id=LUCJA, why="Not seen since 30 October")
    return prepare_record(office, case.case_id)


def _open(qtbot: QtBot, office: Office, draft: DocumentRowView, *, by: SignedInUser = MANAGER) -> RecordPreviewDialog:
    notifier = ChangeNotifier()
    theme = Theme(office.paths.resources)
    context = TabContext(ImmediateBackground(seen_by(office, by), notifier), notifier, theme)
    dialog = RecordPreviewDialog(context, draft.id)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_first_page_is_shown_with_its_number_and_its_words(
    qtbot: QtBot, office: Office, draft: DocumentRowView
) -> None:
    dialog = _open(qtbot, office, draft)

    assert dialog.pages.page_label.text() == f"Page 1 of {draft.pages}"
    assert not dialog.pages.picture.pixmap().isNull()
    assert "Written record of enquiries" in dialog.pages.picture.accessibleDescription()


def test_pages_are_turned_by_keyboard_and_stop_at_the_last(
    qtbot: QtBot, office: Office, draft: DocumentRowView
) -> None:
    dialog = _open(qtbot, office, draft)

    for _ in range(draft.pages + 3):
        dialog.pages.turn(1)

    assert dialog.pages.page_label.text() == f"Page {draft.pages} of {draft.pages}"
    assert not dialog.pages.forward.isEnabled()


def test_larger_makes_the_page_larger_and_fit_brings_it_back(
    qtbot: QtBot, office: Office, draft: DocumentRowView
) -> None:
    dialog = _open(qtbot, office, draft)
    fitted = dialog.pages.picture.pixmap().width()

    dialog.pages.zoom_in.click()
    larger = dialog.pages.picture.pixmap().width()
    dialog.pages.fit()

    assert larger > fitted
    assert dialog.pages.picture.pixmap().width() == fitted


def test_the_title_names_the_case_and_never_the_child(qtbot: QtBot, office: Office, draft: DocumentRowView) -> None:
    dialog = _open(qtbot, office, draft)

    assert dialog.title.text() == "Written record of enquiries 1, CME-26-001"
    assert dialog.windowTitle() == "CME Desktop"


def test_missing_facts_are_listed(qtbot: QtBot, office: Office) -> None:
    pupil = add_pupil(office, born=None, contacts=False)
    case = open_case(office, pupil_id=pupil, why="Never came")

    dialog = _open(qtbot, office, prepare_record(office, case.case_id))

    assert "the pupil’s date of birth" in dialog.missing.text()
    assert dialog.missing.isVisible()


def test_signing_with_a_typed_name_needs_the_keyboard_alone(
    qtbot: QtBot, office: Office, draft: DocumentRowView
) -> None:
    dialog = _open(qtbot, office, draft)
    dialog.sign.click()
    sign = dialog.dialog
    assert isinstance(sign, SignDialog)

    with qtbot.waitSignal(dialog.signed):
        QTest.keyClick(sign.name.control, Qt.Key.Key_Return)

    (kept,) = list_documents(office, draft.case_id)
    assert kept.state is DocumentState.FINAL
    assert "Pat Mellor" in dialog.signatures.text()
    assert not dialog.sign.isEnabled()
    assert dialog.sign.toolTip() == "The headteacher signs next."
    assert dialog.next_step.isVisible()
    assert "unlock as the headteacher" in dialog.next_step.text()


def test_an_empty_box_is_not_signed(qtbot: QtBot, office: Office, draft: DocumentRowView) -> None:
    dialog = _open(qtbot, office, draft)
    dialog.sign.click()
    sign = dialog.dialog
    assert isinstance(sign, SignDialog)
    sign.name.control.clear()

    sign.accept_button.click()

    assert sign.name.error
    assert list_documents(office, draft.case_id)[0].state is DocumentState.DRAFT


def test_the_head_signs_a_record_the_office_has_signed(qtbot: QtBot, office: Office, draft: DocumentRowView) -> None:
    sign_record(office, draft.id, typed="Pat Mellor")
    dialog = _open(qtbot, office, draft, by=HEAD)
    dialog.sign.click()
    assert isinstance(dialog.dialog, SignDialog)

    dialog.dialog.accept_button.click()

    assert [line.by for line in list_documents(office, draft.case_id)[0].signatures] == [MANAGER.name, HEAD.name]


def test_what_is_drawn_becomes_a_picture_and_can_be_taken_back(qtbot: QtBot, office: Office) -> None:
    pad = SignaturePad(Theme(office.paths.resources))
    qtbot.addWidget(pad)
    pad.show()
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 40))
    QTest.mouseMove(pad, QPoint(80, 20))
    QTest.mouseMove(pad, QPoint(140, 60))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(140, 60))

    picture = pad.picture()

    assert picture is not None
    assert QImage.fromData(picture).width() > 100
    pad.undo()
    assert pad.is_empty
    assert pad.picture() is None


def test_a_document_is_saved_byte_for_byte(
    qtbot: QtBot, office: Office, draft: DocumentRowView, tmp_path: Path
) -> None:
    dialog = _open(qtbot, office, draft)

    dialog.save_to(tmp_path / draft.file_name)

    assert (tmp_path / draft.file_name).read_bytes().startswith(b"%PDF")
    assert draft.file_name in dialog.state.text()


def _printed(
    qtbot: QtBot, office: Office, draft: DocumentRowView, printer: QPrinter
) -> tuple[RecordPreviewDialog, pypdf.PdfReader]:
    dialog = _open(qtbot, office, draft)
    dialog.print_on(printer)
    return dialog, pypdf.PdfReader(printer.outputFileName())


def _printer_to(file: Path) -> QPrinter:
    printer = new_printer()
    printer.setOutputFileName(str(file))
    return printer


def _grey(pdf: bytes, number: int) -> bytes:
    """A page as 60 times 85 shades of grey."""
    page = picture_page(pdf, number=number, scale=1)
    picture = QImage(page.pixels, page.width, page.height, page.width * 4, QImage.Format.Format_RGB32)
    small = picture.scaled(60, 85, mode=Qt.TransformationMode.SmoothTransformation)
    return bytes(small.convertToFormat(QImage.Format.Format_Grayscale8).constBits())


def test_every_page_is_printed_as_it_is_shown_and_the_job_names_nobody(
    qtbot: QtBot, office: Office, draft: DocumentRowView, tmp_path: Path
) -> None:
    printer = _printer_to(tmp_path / "paper.pdf")

    dialog, paper = _printed(qtbot, office, draft, printer)

    assert printer.docName() == "CME Desktop"
    assert "Wiśniewska" not in str(paper.metadata)
    assert len(paper.pages) == draft.pages
    assert f"{draft.pages} pages sent to the printer." in dialog.state.text()
    assert dialog.print.isEnabled()
    kept, printed = load_pdf(office, draft.id), (tmp_path / "paper.pdf").read_bytes()
    for number in range(1, draft.pages + 1):
        away = [abs(one - other) for one, other in zip(_grey(kept, number), _grey(printed, number), strict=True)]
        assert sum(away) / len(away) < 2
    assert all(image.image is not None and image.image.width > 2000 for page in paper.pages for image in page.images)


def test_only_the_pages_asked_for_are_printed(
    qtbot: QtBot, office: Office, draft: DocumentRowView, tmp_path: Path
) -> None:
    printer = _printer_to(tmp_path / "paper.pdf")
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 2)

    dialog, paper = _printed(qtbot, office, draft, printer)

    assert len(paper.pages) == 1
    assert "1 page sent to the printer." in dialog.state.text()


def test_what_was_printed_and_saved_is_written_down_without_a_name_or_a_place(
    qtbot: QtBot, office: Office, draft: DocumentRowView, tmp_path: Path
) -> None:
    dialog, _ = _printed(qtbot, office, draft, _printer_to(tmp_path / "paper.pdf"))
    dialog.save_to(tmp_path / "Łucja Wiśniewska.pdf")

    with office.database.reading() as db:
        rows = list(db.scalars(select(JournalRow).order_by(JournalRow.id)))[-2:]
        written = [(row.act, row.subject, row.by, row.details) for row in rows]
        assert check_journal(db).ok
    what = {"document": draft.id, "kind": "record", "version": 1}
    assert written == [
        ("document_printed", "CME-26-001", MANAGER.id, what), ("document_saved", "CME-26-001", MANAGER.id, what),
    ]  # fmt: skip


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_can_not_be_used_is_said(
    qtbot: QtBot, office: Office, draft: DocumentRowView, tmp_path: Path
) -> None:
    dialog = _open(qtbot, office, draft)
    give = partial(give_for_printing, document_id=draft.id)
    job = PagePrinter(dialog.context.background, give, _printer_to(tmp_path / "nowhere" / "paper.pdf"), dialog)

    with qtbot.waitSignal(job.failed) as caught:
        job.start()

    assert caught.args is not None
    assert caught.args[0].title == "The printer can’t be used."


def test_ctrl_p_asks_for_a_printer(
    qtbot: QtBot, office: Office, draft: DocumentRowView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[tuple[int, str]] = []

    def choose_paper(dialog: QPrintDialog) -> int:
        asked.append((dialog.maxPage(), dialog.printer().docName()))
        dialog.printer().setOutputFileName(str(tmp_path / "paper.pdf"))
        return 1

    monkeypatch.setattr(QPrintDialog, "exec", choose_paper)
    dialog = _open(qtbot, office, draft)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)

    QTest.keyClick(dialog, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)

    assert asked == [(draft.pages, "CME Desktop")]
    assert len(pypdf.PdfReader(tmp_path / "paper.pdf").pages) == draft.pages


def test_text_twice_as_large_still_fits_a_small_screen(qtbot: QtBot, office: Office, draft: DocumentRowView) -> None:
    notifier, theme = ChangeNotifier(), Theme(office.paths.resources)
    theme.set_text_scale(2.0)
    theme.apply()
    dialog = RecordPreviewDialog(TabContext(ImmediateBackground(office, notifier), notifier, theme), draft.id)
    qtbot.addWidget(dialog)
    dialog.show()

    assert dialog.minimumSizeHint().width() <= 1366 - 40
    assert dialog.minimumSizeHint().height() <= 688


def test_every_control_has_a_name(qtbot: QtBot, office: Office, draft: DocumentRowView) -> None:
    dialog = _open(qtbot, office, draft)
    dialog.sign.click()

    assert nameless_controls(dialog) == []
    assert dialog.dialog is not None
    assert nameless_controls(dialog.dialog) == []
