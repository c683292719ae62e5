"""Reading the roll, saving one outcome and importing a register, on encrypted files."""

from __future__ import annotations

import itertools
import time
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import delete

from cme_desktop.casework.imports import accept_import, open_import, prepare_import
from cme_desktop.casework.office import Office
from cme_desktop.casework.outcomes import record_contact_attempt
from cme_desktop.casework.roll import load_roll, reload_record
from cme_desktop.casework.today.round import begin_day, go_on
from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.events import AttemptOutcome
from cme_desktop.domain.identifiers import ContactId, PupilId
from cme_desktop.policy.review import review_pupil
from cme_desktop.storage import database
from cme_desktop.storage.contacts import load_contacts_by_pupil
from cme_desktop.storage.database import connect
from cme_desktop.storage.journal import begin_entries
from cme_desktop.storage.marks import session_no
from cme_desktop.storage.tables import MarkRow
from tests.performance.figure import Figure, median_seconds, medians_by_turns

SAVES = 200
READS = 9


def reading(one_year: Office, seven_years: Office) -> list[Figure]:
    """Read the roll of 420 pupils after one year and after seven, and one pupil again."""
    short, long = medians_by_turns(lambda: load_roll(one_year), lambda: load_roll(seven_years), runs=READS)
    roll = load_roll(seven_years)
    pupil = roll.records[len(roll.records) // 2].pupil.id

    def change() -> None:
        again = reload_record(seven_years, roll, pupil)
        record = next(one for one in again.records if one.pupil.id == pupil)
        review_pupil(record, again.judgement, again.rulebook)

    return [
        Figure("Read the roll: 7 years against 1 year", long / short, 2.0, "x",
               about=f"{short * 1000:.0f} ms and {long * 1000:.0f} ms; near flat is asked"),
        Figure("One pupil read again from the file and re-judged", median_seconds(change, runs=20) * 1000, 5.0, "ms",
               about="reading included"),
    ]  # fmt: skip


def saving(office: Office) -> Figure:
    """Save outcomes of calls to a contact beside a bare commit of one row with the same pragmas.

    Both begin with an empty write-ahead log, as the records do in the morning: each commit then lengthens it.
    """
    pupil, contact = _somebody_to_ring(office)

    def save() -> None:
        record_contact_attempt(office, pupils=(pupil,), contact_id=contact, outcome=AttemptOutcome.NO_ANSWER)

    bare_file = office.paths.data / "bare.db"
    bare = connect(bare_file, office.database.key, create=True)
    bare.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, words TEXT)")
    numbers = itertools.count()

    def commit() -> None:
        bare.execute("BEGIN IMMEDIATE")
        bare.execute("INSERT INTO one (words) VALUES (?)", (f"row {next(numbers)}",))
        bare.execute("COMMIT")

    ours, theirs = medians_by_turns(save, commit, runs=SAVES)
    bare.close()
    return Figure("Save one outcome", ours / theirs, 2.0, "x",
                  about=f"{ours * 1000:.2f} ms against a bare commit's {theirs * 1000:.2f} ms")  # fmt: skip


def journalling(office: Office) -> Figure:
    """Save outcomes with every entry signed and every row sealed, beside saving them with plain entries."""
    pupil, contact = _somebody_to_ring(office)
    author = office.database.author

    def save() -> None:
        office.database.author = author
        record_contact_attempt(office, pupils=(pupil,), contact_id=contact, outcome=AttemptOutcome.NO_ANSWER)

    def save_plain() -> None:
        office.database.author = None
        record_contact_attempt(office, pupils=(pupil,), contact_id=contact, outcome=AttemptOutcome.NO_ANSWER)

    signed, plain = medians_by_turns(save, save_plain, runs=SAVES)
    office.database.author = author
    return Figure("An outcome signed and sealed against a plain entry", signed / plain, 1.2, "x",
                  about=f"{signed * 1000:.2f} ms against {plain * 1000:.2f} ms")  # fmt: skip


def journalling_for_whoever_waits(office: Office) -> Figure:
    """Save outcomes as Today does, the pupil judged again and the list made, beside the same without any journal."""
    pupil, contact = _somebody_to_ring(office)
    begun = begin_day(office)
    ring = partial(record_contact_attempt, pupils=(pupil,), contact_id=contact, outcome=AttemptOutcome.NO_ANSWER)

    def save() -> None:
        go_on(office, begun.state, begun.screen, act=ring, pupils=(pupil,))

    def save_unwritten() -> None:
        module: Any = database
        written = module.write_entries
        module.write_entries = lambda db, _: begin_entries(db)  # what no journal at all would cost
        try:
            save()
        finally:
            module.write_entries = written

    written, unwritten = medians_by_turns(save, save_unwritten, runs=SAVES)
    return Figure("An outcome saved on Today, signed and sealed, against no journal", written / unwritten, 1.2, "x",
                  about=f"{written * 1000:.2f} ms against {unwritten * 1000:.2f} ms")  # fmt: skip


def _somebody_to_ring(office: Office) -> tuple[PupilId, ContactId]:
    with office.database.reading() as db:
        contacts = load_contacts_by_pupil(db)
    return next((pupil, theirs[0].id) for pupil, theirs in contacts.items() if len(theirs) > 1 and theirs[0].works)


def importing(office: Office, folder: Path) -> list[Figure]:
    """Import 40,000 marks, warm: a register nobody had taken, then as CSV and as a workbook one that changes all of it.

    A correction costs more than a new mark, since what stood before is kept.
    """
    _import_once(office, _write_csv(office, folder / "warm.csv", code="I"))
    _forget_marks(office)
    new = _import_once(office, _write_csv(office, folder / "new.csv", code="M"))
    changed = _import_once(office, _write_csv(office, folder / "changed.csv", code="R"))
    workbook = _import_once(office, _write_workbook(office, folder / "changed.xlsx", code="I"))
    return [
        Figure("Import a register from CSV, every mark new", new, 25_000, "rows/s", at_least=True),
        Figure("Import a register from CSV, every mark a correction", changed, 25_000, "rows/s", at_least=True),
        Figure("Import a register from a workbook, likewise", workbook, changed / 3, "rows/s", at_least=True),
    ]


def _forget_marks(office: Office) -> None:
    with office.database.transaction() as db:
        db.execute(delete(MarkRow).where(MarkRow.session_no >= session_no(SchoolSession(_days(office)[0], Half.AM))))


def _import_once(office: Office, file: Path) -> float:
    begun = time.perf_counter()
    prepared = prepare_import(office, open_import(office, file))
    counts = accept_import(office, prepared).counts
    return counts.rows / (time.perf_counter() - begun)


def _rows(office: Office, code: str) -> list[tuple[str, str, str, str]]:
    roll = load_roll(office)
    upns = [pupil.upn for pupil in roll.pupils.values() if pupil.upn]
    return [(str(upn), f"{day:%d/%m/%Y}", code, code) for day in _days(office) for upn in upns]


def _days(office: Office) -> list[date]:
    return [day for day in load_roll(office).judgement.calendar.school_days if day < office.today][-48:]


def _write_csv(office: Office, file: Path, *, code: str) -> Path:
    lines = ["UPN,Date,AM,PM", *(",".join(row) for row in _rows(office, code))]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _write_workbook(office: Office, file: Path, *, code: str) -> Path:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Marks")
    sheet.append(["UPN", "Date", "AM", "PM"])
    for row in _rows(office, code):
        sheet.append(list(row))
    book.save(file)
    return file
