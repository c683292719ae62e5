"""Drive the real window through the whole main job on a made-up school, and leave a picture of every screen.

Keys go where the focus is, as a user's would; every wait ends when the worker is idle, or fails after a while.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from cme_desktop.casework.cases import list_cases, open_case
from cme_desktop.casework.enquiries import EnquiryWord, record_enquiry
from cme_desktop.casework.outcomes import record_home_visit
from cme_desktop.casework.people import list_people
from cme_desktop.casework.records import export_pdf, prepare_record, sign_record
from cme_desktop.casework.roll import load_roll
from cme_desktop.casework.today.screen import load_today
from cme_desktop.domain.enquiries import EnquiryState
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.events import VisitOutcome
from cme_desktop.domain.identifiers import CaseId, DocumentId, PupilId
from cme_desktop.ui.documents.preview_dialog import RecordPreviewDialog
from cme_desktop.ui.imports.dialog import ImportDialog
from cme_desktop.ui.roll.pages import PAGES
from cme_desktop.ui.roll.tab import RollTab
from cme_desktop.ui.start import Program, Services, make_application
from cme_desktop.ui.style.theme import LookChoice
from cme_desktop.ui.tour_of_the_roll import write_lives

if TYPE_CHECKING:
    from collections.abc import Callable

    from cme_desktop.casework.office import Office
    from cme_desktop.ui.background import Background
    from cme_desktop.ui.main_window import MainWindow
    from cme_desktop.ui.tab import Tab, TabContext

SIZE: Final = QSize(1366, 688)
"""The room left on a 1366×768 screen by a title bar and a taskbar."""

_PATIENCE_SECONDS: Final = 30.0
_TODAY, _REGISTER, _CASES, _CONTACTS, _ROLL = range(5)
T = TypeVar("T")


@dataclass(slots=True)
class _Report:
    """What the tour has left so far."""

    out: Path
    steps: list[dict[str, str]] = field(default_factory=list)

    def picture(self, widget: QWidget, name: str, *, about: str) -> None:
        """Keep a picture of a widget under the next number."""
        file = f"{len(self.steps) + 1:02d}-{name}.png"
        widget.grab().save(str(self.out / file))
        self.steps.append({"picture": file, "about": about})


def drive_tour(services: Services, out: Path, *, password: str) -> None:
    """Run the tour on made-up records; leave pictures, ``record.pdf`` and ``tour.json`` in ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    make_application()
    tour = _Tour(services, _Report(out), password)
    tour.run()


class _Tour:
    """The program under way, and what it has left."""

    def __init__(self, services: Services, report: _Report, password: str) -> None:
        self.report = report
        self.services = services
        self.password = password
        self.program = Program(services)
        self.program.begin()

    def run(self) -> None:
        """Go through the morning: office manager, then head, then office manager and head at the record."""
        self.unlock(0)
        self.ring()
        self.take_register()
        case = self.open_case()
        self.show_contacts()
        self.show_roll()
        self.show_import()
        document = self.sign(case, "office")
        self.change_look()
        self.lock()
        self.unlock(1)
        self.review()
        self.sign(case, "head", document)
        self.keep_record(case, document)
        self.program.end()

    # -- the steps ---------------------------------------------------------------------------------------------

    def unlock(self, person: int) -> None:
        """Type the password of the so-manieth person."""
        window = self.program.unlock_window
        assert window is not None
        window.choose(list_people(self.services.paths)[person].id)
        window.resize(SIZE)
        self._settle()
        if person == 0:
            self.report.picture(window, "unlock", about="Unlock: the records are encrypted on this computer")
        typed = window.findChild(QLineEdit)
        assert isinstance(typed, QLineEdit)
        QTest.keyClicks(typed, self.password)
        QTest.keyClick(typed, Qt.Key.Key_Return)
        self._wait_for(lambda: self.program.main_window is not None and self.program.main_window.isVisible())
        self.window.resize(SIZE)
        self._settle()

    def ring(self) -> None:
        """Work the top of the list with outcome keys; ask why; hide the names."""
        self.report.picture(self.window, "today", about="Today: who to ring first, why, and the next number")
        self._press("n")
        self.report.picture(self.window, "no-answer", about="One key saved: no answer, with Undo")
        self._press(Qt.Key.Key_Return)
        self._press("v")
        self._press(Qt.Key.Key_F7)
        self.report.picture(self.window, "why", about="Why a pupil is on the list: sessions, clause, deadline")
        self._press(Qt.Key.Key_Escape)
        self._press(Qt.Key.Key_Return)
        self._press("a")
        self.report.picture(self.window, "reason", about="Answered: the reason and the day expected back")
        self._press(Qt.Key.Key_Escape)
        self.window.toggle_names()
        self._settle()
        self.report.picture(self.window, "names-hidden", about="Names hidden at the hatch")
        self.window.toggle_names()
        self._settle()

    def take_register(self) -> None:
        """Show a class's week."""
        self._show(_REGISTER)
        self.report.picture(self.window, "register", about="Register: a class's week and a pupil's year")

    def open_case(self) -> CaseId:
        """Open a case for the pupil at the head of the list, with a visit and an enquiry."""
        screen = self._on_records(lambda office: load_today(office, at=office.local_now))
        row: PupilId = next(row.pupils[0] for row in screen.rows if row.pupils)
        opened = self._on_records(
            lambda office: open_case(office, pupil_id=row, why="Nobody has been reached, and a visit had no reply.")
        )
        self._on_records(
            lambda office: record_home_visit(
                office, pupils=(row,), outcome=VisitOutcome.NO_REPLY, words="Curtains drawn, no car. Card left."
            )
        )
        self._on_records(
            lambda office: record_enquiry(
                office,
                case_id=opened.case_id,
                item_id="E5",
                word=EnquiryWord(
                    EnquiryState.DONE, office.today, done_by="P. Mellor", outcome="A friend says they moved."
                ),
            )
        )
        tab = self._show(_CASES)
        tab.show_case(opened.case_id)
        tab.reload()
        self._settle()
        self.report.picture(self.window, "case", about="A case: history, enquiries, steps, record")
        return opened.case_id

    def show_contacts(self) -> None:
        """Show the families."""
        self._show(_CONTACTS)
        self.report.picture(self.window, "contacts", about="Contacts: thin lists first, numbers and their quality")

    def show_roll(self) -> None:
        """Show each life of the roll."""
        self._on_records(write_lives)
        tab = self._show(_ROLL)
        assert isinstance(tab, RollTab)
        for entry in PAGES:
            tab.show_life(entry.life)
            self._settle()
            name = entry.life.value.replace("_", "-")
            self.report.picture(self.window, f"roll-{name}", about=f"Roll, {entry.name}")

    def show_import(self) -> None:
        """Show what an import of this morning's register would change."""
        file = self.report.out / "register-export.csv"
        file.write_text(self._on_records(_register_export), encoding="utf-8")
        dialog = ImportDialog(self._context, self.window)
        dialog.show()
        dialog.open_file(file)
        self._settle()
        self.report.picture(dialog, "import", about="Import: how each column is understood")
        dialog.close()
        file.unlink()

    def sign(self, case: CaseId, who: str, document: DocumentId | None = None) -> DocumentId:
        """Prepare the written record where there is none, sign it, and show it."""
        wanted = document or self._on_records(lambda office: prepare_record(office, case)).id
        signed = self._on_records(lambda office: sign_record(office, wanted, typed=office.user.name))
        preview = RecordPreviewDialog(self._context, signed.id, self.window)
        preview.resize(SIZE)
        preview.show()
        self._settle()
        self.report.picture(preview, f"record-signed-by-{who}", about=f"The written record, signed by the {who}")
        preview.close()
        return signed.id

    def review(self) -> None:
        """Show the flagged pupils to the head."""
        self.report.picture(self.window, "review", about="The head's review: agree, change or dismiss")

    def change_look(self) -> None:
        """Show Today in the dark look and with text at 200 %."""
        self._show(_TODAY)
        theme = self.program.theme
        theme.choose(LookChoice.DARK)
        self._settle()
        self.report.picture(self.window, "today-dark", about="Today in the dark look")
        theme.choose(LookChoice.LIGHT)
        theme.set_text_scale(2.0)
        self._settle()
        self.report.picture(self.window, "today-200-percent", about="Today with text at 200 %")
        theme.set_text_scale(1.0)
        self._settle()

    def lock(self) -> None:
        """Lock: the key is forgotten."""
        self.program.lock()
        self._settle()

    def keep_record(self, case: CaseId, document: DocumentId) -> None:
        """Save the signed record and the list of what the tour left."""
        self._on_records(lambda office: export_pdf(office, document, self.report.out / "record.pdf"))
        book = self._on_records(list_cases)
        number = next(row.case.number for row in book.open if row.id == case)
        told = {"steps": self.report.steps, "case": number, "record": "record.pdf"}
        (self.report.out / "tour.json").write_text(json.dumps(told, indent=2, ensure_ascii=False), encoding="utf-8")

    # -- doing -------------------------------------------------------------------------------------------------

    @property
    def window(self) -> MainWindow:
        """The main window."""
        assert self.program.main_window is not None
        return self.program.main_window

    @property
    def _background(self) -> Background:
        assert self.program.background is not None
        return self.program.background

    @property
    def _context(self) -> TabContext:
        return self.window.tab(_TODAY).context

    def _show(self, index: int) -> Tab:
        tab = self.window.show_tab(index)
        self._settle()
        return tab

    def _press(self, key: str | Qt.Key) -> None:
        focus = QApplication.focusWidget() or self.window
        if isinstance(key, str):
            QTest.keyClicks(focus, key)
        else:
            QTest.keyClick(focus, key)
        self._settle()

    def _on_records(self, op: Callable[[Office], T]) -> T:
        results: list[T] = []
        problems: list[CmeError] = []
        self._background.run(op, done=results.append, failed=problems.append)
        self._wait_for(lambda: bool(results or problems))
        if problems:
            raise problems[0]
        self._settle()
        return results[0]

    def _settle(self) -> None:
        background = self.program.background
        self._wait_for(lambda: background is None or not background.is_busy)
        _let_pass(0.12)
        self._wait_for(lambda: background is None or not background.is_busy)

    @staticmethod
    def _wait_for(holds: Callable[[], bool]) -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while not holds():
            if time.monotonic() > until:
                raise CmeError("The tour waited too long for a screen.", remedy="Run it again on a quieter computer.")
            _let_pass(0.02)


def _let_pass(seconds: float) -> None:
    # Qt's own way of waiting keeps the interpreter to itself: what is waited for would hardly get on.
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        QApplication.processEvents()
        time.sleep(0.005)


def _register_export(office: Office) -> str:
    """Make up what a school's system would export for this morning."""
    roll = load_roll(office)
    day = f"{office.today:%d/%m/%Y}"
    lines = [f"{pupil.upn},{pupil.legal_surname},{pupil.legal_forename},{day},/," for pupil in roll.pupils.values()]
    return "\n".join(["UPN,Surname,Forename,Date,AM,PM", *lines]) + "\n"
