"""What the records hold that a period runs for: entries of the register, letters, closed cases, files of leavers.

Only what may be over is read: entries of the register are gathered to one record for each pupil, up to a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from cme_desktop.domain.attendance import Half, SchoolSession
from cme_desktop.domain.cases import CaseStatus
from cme_desktop.domain.events import EventKind
from cme_desktop.domain.reports import ReportKind
from cme_desktop.domain.rights import PROTECTED
from cme_desktop.policy.retention import KeptRecord, RecordKind
from cme_desktop.storage.marks import session_no, session_of
from cme_desktop.storage.ready_statements import driver_cursor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LOCAL: Final = ZoneInfo("Europe/London")
"""An entry was made on the day that the office's calendar showed."""

OF_PROTECTION: Final = (
    EventKind.CONCERN_REPORTED, EventKind.PROTECTION_FILE_RECEIVED, EventKind.STRATEGY_MEETING_HELD, EventKind.MISSING,
    EventKind.RETURN_INTERVIEW_HELD, EventKind.SAFE_AND_WELL_CHECK,
)  # fmt: skip
"""Lines of a history that make a file one with safeguarding content, even where they were taken back."""


def read_register_entries(db: Session, *, through: date, still_read: frozenset[int]) -> tuple[KeptRecord, ...]:
    """Gather the marks made on or before a day, by pupil; of pupils still judged without those that are N to this day.

    A mark is made when it came into the records, and never before its own session.
    """
    rows = driver_cursor(db).execute(
        "SELECT m.pupil_id, count(*), min(m.session_no), max(m.session_no), max(b.made_at), sum(m.code = 'N') "  # noqa: S608  our own words
        f"FROM mark m JOIN import_batch b ON b.id = m.batch_id WHERE {MARKS_MADE} GROUP BY m.pupil_id",
        marks_made_by(through),
    )
    found = []
    for pupil, count, first, last, made_at, still_n in rows.fetchall():
        size = count - still_n if pupil in still_read else count
        if size:
            start = max(session_of(last).on, local_day(made_at))
            key = f"pupil:{pupil}"
            found.append(
                KeptRecord(RecordKind.REGISTER_ENTRY, key, start, size, pupil, first_start=session_of(first).on)
            )
    return tuple(found)


def read_corrections(db: Session, *, through: date) -> tuple[KeptRecord, ...]:
    """Gather the corrections made on or before a day, by pupil: each is an entry with a day of its own."""
    rows = driver_cursor(db).execute(
        "SELECT pupil_id, count(*), min(made_at), max(made_at) FROM mark_correction WHERE made_at < ? "
        "GROUP BY pupil_id",
        (moment_after(through),),
    )  # fmt: skip
    return tuple(
        KeptRecord(RecordKind.CORRECTION, f"pupil:{pupil}", local_day(last), count, pupil, first_start=local_day(first))
        for pupil, count, first, last in rows.fetchall()
    )


def read_letters(db: Session, *, protected: frozenset[int]) -> tuple[KeptRecord, ...]:
    """List the letters and papers about leave, those of files with safeguarding content left out."""
    rows = driver_cursor(db).execute(
        "SELECT id, pupil_id, added_at FROM paper WHERE about LIKE 'leave-%' ORDER BY id"
    )  # fmt: skip
    return tuple(
        KeptRecord(RecordKind.ABSENCE_LETTER, f"paper:{paper}", local_day(added_at), pupil_id=pupil)
        for paper, pupil, added_at in rows.fetchall()
        if pupil not in protected
    )


def read_closed_cases(db: Session, *, protected: frozenset[int]) -> tuple[KeptRecord, ...]:
    """List the closed cases, those with safeguarding content left out; one may have no day of closing."""
    rows = driver_cursor(db).execute(
        "SELECT id, pupil_id, closed_on FROM case_file WHERE status = ? ORDER BY id", (CaseStatus.CLOSED.value,)
    )
    return tuple(
        KeptRecord(RecordKind.CASE_FILE, f"case:{case}", _date(closed_on), pupil_id=pupil)
        for case, pupil, closed_on in rows.fetchall()
        if pupil not in protected
    )


def read_leavers(db: Session, *, protected: frozenset[int]) -> tuple[KeptRecord, ...]:
    """List the files of pupils whose name has left the register; the time runs from the last entry of any kind."""
    rows = driver_cursor(db).execute("SELECT id, left_on FROM pupil WHERE left_on IS NOT NULL ORDER BY id")
    left = {pupil: date.fromisoformat(left_on) for pupil, left_on in rows.fetchall() if pupil not in protected}
    last = _last_entries(db)
    return tuple(
        KeptRecord(RecordKind.PUPIL_FILE, f"pupil:{pupil}", max(left_on, last.get(pupil, left_on)), pupil_id=pupil)
        for pupil, left_on in left.items()
    )


def read_protected_files(db: Session, *, protected: frozenset[int]) -> tuple[KeptRecord, ...]:
    """List the files with safeguarding content, each from the date of birth; and worries about children unknown."""
    born = {
        pupil: _date(day) for pupil, day in driver_cursor(db).execute("SELECT id, born FROM pupil").fetchall()
    }  # fmt: skip
    files = [
        KeptRecord(RecordKind.SAFEGUARDING, f"pupil:{pupil}", born[pupil], pupil_id=pupil)
        for pupil in sorted(protected)
        if pupil in born
    ]
    unknown = driver_cursor(db).execute(
        "SELECT id FROM outside_report WHERE kind = ? AND pupil_id IS NULL ORDER BY id", (ReportKind.WORRY.value,)
    )
    worries = [KeptRecord(RecordKind.SAFEGUARDING, f"report:{report}", None) for (report,) in unknown.fetchall()]
    return (*files, *worries)


def find_protected(db: Session) -> frozenset[int]:
    """The pupils whose file has safeguarding content, now or ever."""
    names, kinds = [each.value for each in PROTECTED], [each.value for each in OF_PROTECTION]
    sql = (
        f"SELECT pupil_id FROM circumstance WHERE name IN ({_places(names)}) "  # noqa: S608  question marks alone
        f"UNION SELECT pupil_id FROM pupil_event WHERE kind IN ({_places(kinds)}) "
        "UNION SELECT pupil_id FROM outside_report WHERE kind = ?"
    )
    rows = driver_cursor(db).execute(sql, (*names, *kinds, ReportKind.WORRY.value)).fetchall()
    return frozenset(pupil for (pupil,) in rows if pupil is not None)


MARKS_MADE: Final = "m.session_no < ? AND b.made_at < ?"
"""Which marks were made on or before a day; takes ``marks_made_by``."""


def marks_made_by(through: date) -> tuple[int, str]:
    """The bounds of what was made on or before a day: the session's number, and the moment of the batch."""
    return session_no(SchoolSession(through + timedelta(days=1), Half.AM)), moment_after(through)


def moment_after(day: date) -> str:
    """The first moment after a day in the office, as moments are stored."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=LOCAL)
    return midnight.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.000000")


def local_day(stored: str) -> date:
    """The office's day of a stored moment."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).astimezone(LOCAL).date()


def _last_entries(db: Session) -> Mapping[int, date]:
    """The day of the last entry of any kind about each pupil."""
    found: defaultdict[int, date] = defaultdict(lambda: date.min)
    for sql in (
        "SELECT pupil_id, max(written_at) FROM pupil_event GROUP BY 1",
        "SELECT pupil_id, max(made_at) FROM mark_correction GROUP BY 1",
        "SELECT pupil_id, max(added_at) FROM paper GROUP BY 1",
        "SELECT pupil_id, max(max(opened_at, coalesce(closed_at, opened_at))) FROM case_file GROUP BY 1",
        "SELECT pupil_id, max(max(made_at, coalesce(ended_at, made_at))) FROM removal GROUP BY 1",
        "SELECT pupil_id, max(max(made_at, coalesce(decided_at, made_at))) FROM outside_report GROUP BY 1",
        "SELECT pupil_id, max(made_at) FROM task GROUP BY 1",
        "SELECT m.pupil_id, max(b.made_at) FROM mark m JOIN import_batch b ON b.id = m.batch_id GROUP BY 1",
    ):
        for pupil, moment in driver_cursor(db).execute(sql).fetchall():
            if pupil is not None and moment is not None:
                found[pupil] = max(found[pupil], local_day(moment))
    return found


def _places(values: list[Any]) -> str:
    return ",".join("?" * len(values))


def _date(stored: str | None) -> date | None:
    return None if stored is None else date.fromisoformat(stored)
