"""The sheet of a day's work: what was written down, and how far the journal had come, to be signed and kept.

The newest entry's number and hash stand on it: paper that nobody can change afterwards. ``compare_with_paper`` says
whether the journal still is what the sheet says.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cme_desktop.casework.journal_reading import load_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.sitting_down import keep_head
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.errors import BadInputError
from cme_desktop.storage.journal import find_hash, newest_entry, write_journal
from cme_desktop.storage.school import load_school

if TYPE_CHECKING:
    from cme_desktop.casework.journal_reading import JournalLine


def set_day_sheet(office: Office, *, day: date) -> bytes:
    """Give the pages to be read; nothing left the records yet."""
    return _set(office, day)


def give_for_printing(office: Office, *, day: date) -> bytes:
    """Give the pages for printing, and write down that they left the records."""
    pdf = _set(office, day)
    _write_down(office, day, act="day sheet printed")
    return pdf


def save_day_sheet(office: Office, *, day: date, to: Path) -> Path:
    """Save the pages as a PDF, and write down that they left the records."""
    saved = write_whole_file(to, _set(office, day))
    _write_down(office, day, act="day sheet saved")
    return saved


def propose_name(day: date) -> str:
    """Name the file after the day, and no child."""
    return f"day-sheet-{day.isoformat()}.pdf"


def compare_with_paper(office: Office, text: str) -> bool:
    """Whether the journal still has the entry that a sheet names: its number, then its hash, however it is grouped."""
    number, _, rest = text.strip().partition(" ")
    digest = "".join(rest.split()).casefold()
    if not number.isdigit() or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise BadInputError(
            "This is no number and hash of a day sheet.",
            remedy="Type the number of entries, then the hash below it: 64 letters and digits, with or without spaces.",
        )
    with office.database.reading() as db:
        return find_hash(db, int(number)) == digest


def _set(office: Office, day: date) -> bytes:
    from cme_desktop.documents.day_sheet_document import (  # noqa: PLC0415  a tenth of a second
        DaySheet,
        SheetEntry,
        render_day_sheet,
    )
    from cme_desktop.documents.wording import load_wording  # noqa: PLC0415  as above

    with office.database.reading() as db:
        school, head = load_school(db), newest_entry(db)
    lines = load_day(office, first=_midnight(day), last=_midnight(day + timedelta(days=1)))
    sheet = DaySheet(
        school=school.name, laestab=school.laestab, day=day, by=f"{office.user.name}, {office.user.role.in_words}",
        made_at=office.local_now, head_number=head[0], head_hash=head[1],
        entries=tuple(SheetEntry(line.number, line.at, _who(line), line.said, line.about) for line in lines),
    )  # fmt: skip
    wording = load_wording(office.paths.forms, "day-sheet")
    return render_day_sheet(sheet, wording, fonts=office.paths.resources / "fonts")


def _who(line: JournalLine) -> str:
    return f"{line.by}, {line.role}" if line.role else line.by


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LOCAL_ZONE)


def _write_down(office: Office, day: date, *, act: str) -> None:
    keep_head(office)
    with office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject="day", details={"day": day.isoformat()}
        )  # fmt: skip
