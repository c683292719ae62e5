"""A whole day with the marked child, in a process of its own: the command line and the real window, log and all.

Run as ``python -m tests.journeys.marked_day FOLDER``, with every folder of the user's in there too. What was seen of
windows, printers and save dialogs goes to ``seen.json`` beside it; a fault is provoked twice and written down.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from cme_desktop import app
from cme_desktop.casework.office import Office
from cme_desktop.cli.arguments import read_arguments
from cme_desktop.cli.main import run_command
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.events import EventKind, VisitOutcome
from cme_desktop.paths import Paths, find_paths
from cme_desktop.ui.cases.add_to_history_dialog import AddToHistoryDialog
from cme_desktop.ui.cases.enquiry_dialog import EnquiryDialog
from cme_desktop.ui.cases.open_case_dialog import OpenCaseDialog
from cme_desktop.ui.cases.tab import CasesTab
from cme_desktop.ui.documents.preview_dialog import RecordPreviewDialog
from cme_desktop.ui.main_window import MainWindow
from cme_desktop.ui.printing import new_printer
from cme_desktop.ui.school.journal_dialog import JournalDialog
from cme_desktop.ui.start import Program, make_application
from cme_desktop.ui.today import questions
from cme_desktop.ui.today.tab import TodayTab
from tests.journeys import marked_child as child

DATA: Final = Path(__file__).parents[1] / "data"
NOW: Final = datetime(2026, 11, 13, 15, 30, tzinfo=UTC)
PASSWORD: Final = "brown paper parcel string"
SCHOOL: Final = """
calendar = "test-2026-27"
policies = ["aspire-academy"]
[school]
name = "Larkfield Primary School"
laestab = "8302201"
urn = "112500"
address = ["School Lane", "Larkfield", "DE4 3AG"]
head = "Dr Ann Teal"
safeguarding_lead = "Sam Rook"
[authority]
name = "Derbyshire"
cme_email = "cme@derbyshire.example"
cme_phone = "01632 960110"
[user]
name = "Sam Rook"
role = "lead"
"""
_OF_NIAMH: Final = (
    ("Niamh", child.FORENAME), ("O'Brien", child.SURNAME), ("Helen", child.MOTHER), ("30/11/2017", child.BORN),
    ("9 Chapel Walk", child.ADDRESS), ("07700 900103", child.PHONE), ("Q830220124003", child.UPN),
)  # fmt: skip
TODAY, CASES = 0, 2


@dataclass
class Seen:
    """What stood where the system or a passer-by could read it."""

    titles: set[str] = field(default_factory=set)
    proposed: list[str] = field(default_factory=list)
    printed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Services:
    """What the program is started with."""

    paths: Paths
    now: Callable[[], datetime] = field(default=lambda: NOW)
    demo_password: str | None = None


class Day:
    """The day under somebody's hands."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.saved = folder / "saved"
        self.paths = find_paths(folder / "data")
        self.seen = Seen()
        self.program: Program | None = None

    def run(self) -> None:
        """Live the day from the first command to the last."""
        self.begin()
        self.bring_in()
        self.open_window()
        self.call_and_decide()
        case = self.work_on_case()
        self.record_and_print(case)
        self.look_about()
        self.break_down()
        self.end()

    # -- the command line --------------------------------------------------------------------------------------

    def command(self, *words: str) -> None:
        """Run a command; what it says goes to standard output, and is looked through as well."""
        status = run_command(read_arguments(words), paths=self.paths, now=lambda: NOW)
        print("status", status, words[0])
        assert status != 2 or words[0] == "record", words

    def begin(self) -> None:
        """Begin the log at its most detailed, with the hooks of the program itself, and make the records."""
        self.saved.mkdir()
        app._hook_faults(self.paths)
        app._settle(self.paths)
        logging.getLogger().setLevel(logging.DEBUG)
        os.environ["CME_DESKTOP_PASSWORD"] = PASSWORD
        school = self.folder / "brought" / "school.toml"
        school.parent.mkdir()
        school.write_text(SCHOOL, "utf-8")
        self.command("init", "--school", str(school))

    def bring_in(self) -> None:
        """Import the pupils, one of them marked, and the register; ask what is flagged."""
        for name in ("bromcom-pupils-contacts.csv", "bromcom-marks.csv"):
            text = (DATA / name).read_text("utf-8-sig")
            for before, after in _OF_NIAMH:
                text = text.replace(before, after)
            file = self.folder / "brought" / name
            file.write_text(text, "utf-8")
            self.command("import", "--accept", "--json", str(file))
        with (self.saved / "flags.json").open("w", encoding="utf-8") as out, redirect_stdout(out):
            self.command("flags", "--json")
        for words in (("flags",), ("check",), ("backup",), ("case", "list", "--json")):
            self.command(*words)

    # -- the window --------------------------------------------------------------------------------------------

    @property
    def window(self) -> MainWindow:
        """The main window."""
        assert self.program is not None
        assert self.program.main_window is not None
        return self.program.main_window

    def note(self) -> None:
        """Note what every window is called now."""
        self.seen.titles |= {widget.windowTitle() for widget in QApplication.topLevelWidgets()}
        self.seen.titles |= {window.title() for window in QGuiApplication.allWindows()}
        self.seen.titles.add(QGuiApplication.applicationDisplayName())

    def settle(self) -> None:
        """Wait until the worker has nothing more to do."""
        assert self.program is not None
        until = time.monotonic() + 30
        for _ in range(3):
            QApplication.processEvents()
            while (door := self.program.background) is not None and door.is_busy and time.monotonic() < until:
                QTest.qWait(5)
        QApplication.processEvents()
        self.note()

    def wait_for(self, what: Callable[[], Any]) -> Any:
        """Wait for something to be there."""
        until = time.monotonic() + 30
        while not (found := what()):
            assert time.monotonic() < until
            QTest.qWait(10)
        self.settle()
        return found

    def unlock(self) -> None:
        """Type the password."""
        assert self.program is not None
        unlock = self.program.unlock_window
        assert unlock is not None
        QTest.keyClicks(unlock.password.control, PASSWORD)
        QTest.keyClick(unlock.password.control, Qt.Key.Key_Return)
        program = self.program
        self.wait_for(lambda: program.main_window is not None and program.main_window.isVisible())

    def open_window(self) -> None:
        """Start the program as the school does."""
        make_application()
        self.program = Program(Services(self.paths))
        self.program.begin()
        self.program.settle()
        self.note()
        self.unlock()

    def call_and_decide(self) -> None:
        """Ring the family, write a visit, a note and a decision, each with the child's name in it."""
        tab = self.window.show_tab(TODAY)
        assert isinstance(tab, TodayTab)
        self.settle()
        tab.turn_list()
        self.settle()
        pupil = self.marked_pupil()
        tab.show_pupil(pupil)
        self.settle()
        assert tab.card.card is not None
        assert child.SURNAME in tab.card.card.name
        tab.press_outcome("N")
        self.settle()
        for question in (questions.VISIT, questions.NOTE):
            tab.show_pupil(pupil)
            self.settle()
            tab._ask(question)
            form = tab.card.form
            self.settle()
            assert form.words is not None
            QTest.keyClicks(form.words, child.SAID)
            if form.keys:
                form.keys[2].click()
            form.save()
            self.settle()
        tab.turn_list()
        self.settle()
        tab.show_pupil(pupil)
        self.settle()
        QTest.keyClicks(tab.review.reason, child.SAID)
        tab.review.choose("G")
        self.settle()
        self.window.find_field.setText(child.SURNAME)
        self.window.find_field.textEdited.emit(child.SURNAME)
        QTest.qWait(200)
        self.settle()

    def marked_pupil(self) -> int:
        """The number of the marked child."""
        from cme_desktop.storage.pupils import list_all_pupils

        def find(office: Office) -> int:
            with office.database.reading() as db:
                return next(int(one.id) for one in list_all_pupils(db) if one.legal_surname == child.SURNAME)

        return int(self.read(find))

    def read(self, op: Callable[[Office], Any]) -> Any:
        """Read something of the records on the worker."""
        found: list[Any] = []
        assert self.program is not None
        assert self.program.background is not None
        self.program.background.run(op, done=found.append)
        self.settle()
        return found[0]

    @property
    def cases(self) -> CasesTab:
        """The Cases tab."""
        tab = self.window.show_tab(CASES)
        assert isinstance(tab, CasesTab)
        self.settle()
        return tab

    def work_on_case(self) -> CasesTab:
        """Open a case, an enquiry and a visit, each in its dialog; leave a note half typed."""
        tab = self.cases
        tab.open_button.click()
        opening: OpenCaseDialog = self.wait_for(lambda: shown(tab, OpenCaseDialog))
        QTest.keyClicks(opening.finder.control, child.FORENAME[:4])
        QTest.keyClicks(opening.why.control, child.SAID)
        opening.accept_button.click()
        self.settle()
        enquiries = tab.pane.enquiry_list
        enquiries.setCurrentIndex(enquiries.model().index(4, 0))
        QTest.keyClick(enquiries, Qt.Key.Key_Return)
        enquiry: EnquiryDialog = self.wait_for(lambda: shown(tab, EnquiryDialog))
        enquiry.state.control.choose(EnquiryState.DONE)
        QTest.keyClicks(enquiry.outcome.control, child.SAID)
        enquiry.accept_button.click()
        self.settle()
        tab.pane.add.click()
        visit: AddToHistoryDialog = self.wait_for(lambda: shown(tab, AddToHistoryDialog))
        visit.kind.control.choose(EventKind.HOME_VISIT)
        visit.visit.control.choose(VisitOutcome.NO_REPLY)
        QTest.keyClicks(visit.words_field.control, child.SAID)
        visit.accept_button.click()
        self.settle()
        return tab

    def record_and_print(self, tab: CasesTab) -> None:
        """Prepare the record, sign it, save it where a dialog proposes, print it."""
        tab.pane.prepare.click()
        preview: RecordPreviewDialog = self.wait_for(lambda: shown(tab, RecordPreviewDialog))
        preview.sign.click()
        assert preview.dialog is not None
        self.note()
        preview.dialog.accept_button.click()
        self.settle()

        def propose(_parent: object, _title: str, proposed: str, *_: object) -> tuple[str, str]:
            self.seen.proposed += [proposed, _title]
            return str(self.saved / "record.pdf"), ""

        QFileDialog.getSaveFileName = propose  # type: ignore[method-assign, assignment]  # the system's own dialog
        preview.choose_file()
        self.settle()
        printer = new_printer()
        printer.setOutputFileName(str(self.saved / "printed.pdf"))
        self.seen.printed.append(printer.docName())
        preview.print_on(printer)
        self.wait_for(preview.print.isEnabled)
        preview.close_button.click()
        self.settle()

    def look_about(self) -> None:
        """Go through every tab and the journal; hide names, show initials; copy the child's name."""
        for index in range(5):
            tab = self.window.show_tab(index)
            tab.show_pupil(self.marked_pupil())
            self.settle()
            if (dialog := getattr(tab, "dialog", None)) is not None:
                dialog.reject()
        journal = JournalDialog(self.window.tab(TODAY).context, self.window)
        journal.open()
        self.settle()
        journal.words.control.setText(child.SURNAME)
        journal.read()
        self.settle()
        journal.accept()
        self.window.toggle_names()
        self.settle()
        self.window.toggle_names()
        self.window._toggle_reception()
        self.settle()
        self.window._toggle_reception()
        QGuiApplication.clipboard().setText(child.SAID)
        self.settle()

    def break_down(self) -> None:
        """Provoke a fault in the window and one on the worker, each with the name in its message."""

        def fall() -> None:
            raise RuntimeError(child.SAID)

        def fall_at_work(_: Office) -> None:
            raise ValueError(child.PHONE) from KeyError(child.UPN)

        assert self.program is not None
        door = self.program.background
        assert door is not None
        application = QApplication.instance()
        assert application is not None
        QTimer.singleShot(0, fall)
        QTimer.singleShot(100, lambda: door.run(fall_at_work))
        QTimer.singleShot(1000, application.quit)
        application.exec()  # as the program runs: a fault goes to the hook, and the window stays
        self.settle()
        logging.getLogger("cme_desktop").debug("the day goes on")

    def end(self) -> None:
        """Leave a note half typed, lock, unlock, and end; then the commands of the evening."""
        tab = self.cases
        tab.pane.add.click()
        note: AddToHistoryDialog = self.wait_for(lambda: shown(tab, AddToHistoryDialog))
        QTest.keyClicks(note.words_field.control, child.SAID)
        assert self.program is not None
        self.program.lock()
        self.note()
        print("clipboard after the lock:", QGuiApplication.clipboard().text())
        assert not note.isVisible()
        self.unlock()
        assert note.isVisible()
        assert note.words == child.SAID
        self.window.close()
        self.program.end()
        self.note()
        self.command("record", "CME-26-001", "--out", str(self.saved / "again.pdf"))
        self.command("check", "--json")
        self.command("backup", "--json")


def shown(tab: CasesTab, kind: type[Any]) -> Any:
    """The dialog of a kind that the tab shows, once it is there."""
    dialog = tab.dialog
    return dialog if isinstance(dialog, kind) and dialog.isVisible() else None


def main() -> None:
    """Live the day in the folder named on the command line."""
    day = Day(Path(sys.argv[1]))
    day.run()
    seen = {"titles": sorted(day.seen.titles), "proposed": day.seen.proposed, "printed": day.seen.printed}
    (day.folder / "seen.json").write_text(json.dumps(seen, ensure_ascii=False), "utf-8")
    print("the day is over")


if __name__ == "__main__":
    main()
