"""A school's first morning in the assembled program: from an empty folder to a signed record, closed and open again.

Every step goes through the widgets that a user has before them, over one encrypted file; the clock stands still.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from cme_desktop.casework.cases import list_cases
from cme_desktop.casework.office import Office
from cme_desktop.casework.people import list_people
from cme_desktop.casework.records import list_documents
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.documents.verification import verify_file
from cme_desktop.domain.cases import ClosingOutcome
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.events import EventKind, VisitOutcome
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.flags import list_reviews
from cme_desktop.ui.cases.add_to_history_dialog import AddToHistoryDialog
from cme_desktop.ui.cases.close_case_dialog import CloseCaseDialog
from cme_desktop.ui.cases.enquiry_dialog import EnquiryDialog
from cme_desktop.ui.cases.open_case_dialog import OpenCaseDialog
from cme_desktop.ui.cases.reason_dialog import ReasonDialog
from cme_desktop.ui.cases.tab import CasesTab
from cme_desktop.ui.documents.preview_dialog import RecordPreviewDialog
from cme_desktop.ui.errand import ImmediateErrand
from cme_desktop.ui.first_run.wizard import Wizard
from cme_desktop.ui.first_run.year_page import YearPage
from cme_desktop.ui.imports.dialog import ImportDialog
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.school.people_dialog import AddPersonDialog
from cme_desktop.ui.start import Program
from cme_desktop.ui.tab import Tab
from cme_desktop.ui.today.tab import TodayTab

DATA = Path(__file__).parents[1] / "data"
NOW = datetime(2026, 11, 13, 15, 30, tzinfo=UTC)
"""The last day of the exports, when both its registers are closed; UTC and local time agree in November."""

OFFICE_PASSWORD = "correct horse battery staple"
HEAD_PASSWORD = "brown paper parcel string"
HALF_TERMS = (
    ("03/09/2026", "23/10/2026"),
    ("03/11/2026", "18/12/2026"),
    ("05/01/2027", "12/02/2027"),
    ("22/02/2027", "25/03/2027"),
    ("13/04/2027", "28/05/2027"),
    ("07/06/2027", "21/07/2027"),
)
INSET_DAYS = ("02/11/2026", "01/09/2026", "02/09/2026", "04/01/2027", "22/07/2027")
TODAY, CASES = 0, 2
T = TypeVar("T")
DialogT = TypeVar("DialogT", bound=QDialog)


@dataclass(frozen=True)
class Services:
    paths: Paths
    now: Callable[[], datetime] = field(default=lambda: NOW)
    demo_password: str | None = None


class Desk:
    """The program under somebody's hands."""

    def __init__(self, qtbot: QtBot, paths: Paths) -> None:
        self.qtbot = qtbot
        self.program = Program(Services(paths), errand=ImmediateErrand())
        self.program.begin()

    @property
    def window(self) -> MainWindow:
        assert self.program.main_window is not None
        return self.program.main_window

    @property
    def cases(self) -> CasesTab:
        return self.show(CASES, CasesTab)

    def show(self, index: int, kind: type[T]) -> T:
        QTest.keyClick(self.window, Qt.Key(Qt.Key.Key_1 + index), Qt.KeyboardModifier.ControlModifier)
        tab = self.window.show_tab(index)
        self.settle()
        assert isinstance(tab, Tab)
        assert isinstance(tab, kind)
        return tab

    def settle(self) -> None:
        """Wait until the worker has nothing more to do."""
        background = self.program.background
        for _ in range(2):
            QApplication.processEvents()
            self.qtbot.waitUntil(lambda: background is None or not background.is_busy, timeout=20_000)
        QApplication.processEvents()

    def press(self, window: QWidget, key: Qt.Key) -> None:
        QTest.keyClick(window.focusWidget() or window, key)
        self.settle()

    def dialog(self, kind: type[DialogT]) -> DialogT:
        dialog = self.cases.dialog
        assert isinstance(dialog, kind)
        return dialog

    def read(self, op: Callable[[Office], T]) -> T:
        found: list[T] = []
        assert self.program.background is not None
        self.program.background.run(op, done=found.append)
        self.settle()
        return found[0]

    def unlock(self, person: int, password: str) -> None:
        unlock = self.program.unlock_window
        assert unlock is not None
        unlock.choose(person)
        QTest.keyClicks(unlock.password.control, password)
        QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)
        self.settle()
        assert self.window.isVisible()

    def change_seats(self, person: int, password: str) -> None:
        self.program.lock()
        self.unlock(person, password)


def type_over(window: QWidget, *texts: str) -> None:
    """Type into the field with the keyboard, then into the ones after it, as Tab leads."""
    for place, text in enumerate(texts):
        if place:
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        QTest.keyClicks(window.focusWidget(), text)


def set_up_school(wizard: Wizard) -> None:
    """Go through the wizard with the keyboard alone; Enter leaves each page."""

    def leave() -> None:
        QTest.keyClick(wizard.focusWidget(), Qt.Key.Key_Return)

    type_over(wizard, "Larkfield Primary School", "School Lane, Larkfield", "830/2201", "112500", "01632 960100")
    leave()
    type_over(wizard, "Dr Ann Teal", "Sam Rook")
    leave()
    type_over(wizard, "Derbyshire")
    leave()
    for text in (day for term in HALF_TERMS for day in term):
        QTest.keyClicks(wizard.focusWidget(), text)
        if text != HALF_TERMS[-1][1]:
            leave()
    year = wizard.pages[wizard.step]
    assert isinstance(year, YearPage)
    year.inset.link.click()
    for text in INSET_DAYS:
        QTest.keyClicks(wizard.focusWidget(), text)
        if text != INSET_DAYS[-1]:
            leave()
    year.begin.setFocus()
    type_over(wizard, "03/11/2026")
    leave()
    leave()
    type_over(wizard, "Pat Mellor", "", OFFICE_PASSWORD, OFFICE_PASSWORD)
    leave()
    wizard.recovery.confirmed.click()
    QTest.keyClicks(wizard.recovery.group.control, wizard.recovery.paper.asked_group)
    wizard.next.click()


def bring_in(desk: Desk, file: Path) -> None:
    """Import a file of a new shape: its columns, what it would do, accepted."""
    shown = ImportDialog(desk.window.tab(TODAY).context, desk.window)
    shown.show()
    desk.settle()
    shown.open_file(file)
    desk.settle()
    desk.press(shown, Qt.Key.Key_Return)
    desk.press(shown, Qt.Key.Key_Return)
    assert shown.title.text() == "Done"
    shown.close()
    desk.settle()


def sign(desk: Desk, preview: RecordPreviewDialog) -> None:
    preview.sign.click()
    assert preview.dialog is not None
    preview.dialog.accept_button.click()
    desk.settle()


def keep_a_call(desk: Desk) -> None:
    """Niamh, nine days without a reason, is the first to ring after a missing mark; one key keeps the call."""
    today = desk.show(TODAY, TodayTab)
    today.take_focus()
    desk.press(today, Qt.Key.Key_Return)
    desk.press(today, Qt.Key.Key_Return)
    assert today.card.card is not None
    assert today.card.card.name == "Niamh O'Brien"
    assert today.card.card.tried == 0
    desk.press(today, Qt.Key.Key_N)
    assert today.card.card.tried == 1


def open_a_case(desk: Desk) -> None:
    """A case, an enquiry and a visit, each in its dialog."""
    desk.cases.open_button.click()
    desk.settle()
    opening = desk.dialog(OpenCaseDialog)
    QTest.keyClicks(opening.finder.control, "nia")
    QTest.keyClicks(opening.why.control, "Nobody has been reached since half term.")
    opening.accept_button.click()
    desk.settle()
    enquiries = desk.cases.pane.enquiry_list
    enquiries.setCurrentIndex(enquiries.model().index(4, 0))
    QTest.keyClick(enquiries, Qt.Key.Key_Return)
    enquiry = desk.dialog(EnquiryDialog)
    enquiry.state.control.choose(EnquiryState.DONE)
    QTest.keyClicks(enquiry.outcome.control, "A friend says they have moved.")
    enquiry.accept_button.click()
    desk.settle()
    desk.cases.pane.add.click()
    visit = desk.dialog(AddToHistoryDialog)
    visit.kind.control.choose(EventKind.HOME_VISIT)
    visit.visit.control.choose(VisitOutcome.NO_REPLY)
    QTest.keyClicks(visit.words_field.control, "Curtains drawn, card left.")
    visit.accept_button.click()
    desk.settle()


def prepare_and_sign_as_office(desk: Desk) -> None:
    """After the office only the head may sign, and the window says how."""
    desk.cases.pane.prepare.click()
    desk.settle()
    preview = desk.dialog(RecordPreviewDialog)
    sign(desk, preview)
    assert not preview.sign.isEnabled()
    assert "unlock as the headteacher" in preview.next_step.text()
    preview.close_button.click()


def add_the_head(desk: Desk) -> None:
    """She types her own password, twice."""
    shown = AddPersonDialog(desk.window.tab(TODAY).context, desk.window)
    shown.show()
    QTest.keyClicks(shown.person.control, "Dr Ann Teal")
    for password in shown.passwords.fields:
        QTest.keyClicks(password.control, HEAD_PASSWORD)
    shown.accept_button.click()
    desk.settle()
    assert not shown.isVisible()


def review_and_sign_as_head(desk: Desk, record: Path) -> None:
    """The head agrees with what is flagged, signs with a password of her own, and saves the record."""
    review = desk.show(TODAY, TodayTab)
    review.take_focus()
    for _ in ("Robin Marsden", "Niamh O'Brien"):
        desk.press(review, Qt.Key.Key_G)
    desk.cases.pane.record.preview.click()
    desk.settle()
    preview = desk.dialog(RecordPreviewDialog)
    sign(desk, preview)
    preview.save_to(record)
    desk.settle()
    assert preview.state.text().startswith("Final, signed by both. Saved as record.pdf")
    preview.close_button.click()


def close_the_case(desk: Desk) -> None:
    """It is refused while a contact is untried and nobody has the child, then done with reasons."""
    desk.cases.pane.close_act.trigger()
    closing = desk.dialog(CloseCaseDialog)
    closing.outcome.control.choose(ClosingOutcome.ACCEPTED_BY_AUTHORITY)
    assert not closing.accept_button.isEnabled()
    assert any("Grandfather" in sentence for sentence in closing.missing.sentences)
    QTest.keyClicks(closing.reason.control, "The authority goes on with it.")
    QTest.keyClicks(closing.accepted_by.control, "Jo Finch, DCC-123")
    assert not closing.accept_button.isEnabled()
    for untried in closing.untried.values():
        QTest.keyClicks(untried.control, "The number belongs to somebody else.")
    closing.accept_button.click()
    desk.settle()


def reopen_the_case(desk: Desk) -> None:
    desk.cases.pane.reopen.click()
    reopening = desk.dialog(ReasonDialog)
    QTest.keyClicks(reopening.field.control, "Seen by a neighbour.")
    reopening.accept_button.click()
    desk.settle()


def list_decisions(office: Office, pupil: PupilId) -> list[tuple[str, str]]:
    with office.database.reading() as db:
        return [(review.verdict.value, review.made_by_name) for review in list_reviews(db, pupil_id=pupil)]


def test_a_first_morning_from_an_empty_folder_to_a_signed_record_closed_and_opened_again(
    qtbot: QtBot, tmp_path: Path
) -> None:
    paths, record = find_paths(tmp_path / "data"), tmp_path / "record.pdf"
    desk = Desk(qtbot, paths)
    assert desk.program.wizard is not None
    set_up_school(desk.program.wizard)
    desk.settle()
    bring_in(desk, DATA / "bromcom-pupils-contacts.csv")
    bring_in(desk, DATA / "bromcom-marks.csv")
    keep_a_call(desk)
    open_a_case(desk)
    prepare_and_sign_as_office(desk)
    add_the_head(desk)
    desk.change_seats(list_people(paths)[1].id, HEAD_PASSWORD)
    review_and_sign_as_head(desk, record)
    verdict = verify_file(record)
    assert verdict.ok
    assert [(each.by, each.role) for each in verdict.signatures] == [
        ("Pat Mellor", "office manager"),
        ("Dr Ann Teal", "headteacher"),
    ]
    close_the_case(desk)
    desk.program.end()
    assert [file.suffix for file in paths.backups.iterdir()] == [".cmebackup"]

    again = Desk(qtbot, paths)
    again.unlock(list_people(paths)[0].id, OFFICE_PASSWORD)
    cases = again.cases
    cases.show_closed.click()
    again.settle()

    assert cases.pane.name.text() == "Niamh O'Brien"
    titles = [entry.title for entry in cases.pane.history.model.rows]
    assert {"Case opened", "Mother: no answer", "Home visit: no reply"} <= set(titles)
    assert any(title.startswith("Case closed") for title in titles)
    (row,) = again.read(list_cases).closed
    (document,) = again.read(lambda office: list_documents(office, row.id))
    assert len(document.signatures) == 2
    assert again.read(lambda office: list_decisions(office, row.pupil.id)) == [("agree", "Dr Ann Teal")]
    examined = again.read(examine_records)
    assert (examined.journal.ok, examined.journal.signed_from) == (True, 1)
    reopen_the_case(again)
    book = again.read(list_cases)
    assert ([each.id for each in book.open], book.closed) == ([row.id], ())
    again.program.end()
