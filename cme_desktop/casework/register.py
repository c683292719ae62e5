"""The register on screen: a class's days, and marks typed or amended.

The school's management information system holds the statutory register; this is a working copy. A changed mark keeps
the original, the reason, when and by whom (SI 2024/208, regulation 6).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.register_cells import (
    CellState,
    RegisterCell,
    cells_of_pupil,
    load_codes,
    load_ground,
)
from cme_desktop.domain.attendance import CODE_OF_LETTER, DEAD_CODES, AttendanceCode, Half, SchoolSession
from cme_desktop.domain.calendar import NoSchool, SchoolCalendar, monday_of
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.events import Event, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.events import add_event
from cme_desktop.storage.import_batches import add_batch
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.marks import load_marks, session_no, write_marks
from cme_desktop.storage.pupils import PupilDetails, list_pupils, load_pupil


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One pupil of a class, with a cell for each session shown. ``is_quiet`` greys the name: the child has died."""

    pupil_id: PupilId
    name: str
    class_name: str
    cells: tuple[RegisterCell, ...]
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class RegisterDay:
    """One day shown; ``closed`` says why the school holds no session, None when it does."""

    on: date
    closed: NoSchool | None
    is_today: bool


@dataclass(frozen=True, slots=True)
class RegisterScreen:
    """A class's register over some days, two cells a day. ``not_taken`` are the due sessions nobody was marked for."""

    classes: tuple[str, ...]
    class_name: str
    days: tuple[RegisterDay, ...]
    rows: tuple[RegisterRow, ...]
    not_taken: tuple[SchoolSession, ...]


@needs(Right.SEE_NAMES)
def load_register(office: Office, *, class_name: str, first: date, last: date) -> RegisterScreen:
    """Read a class's register from one day to another, weekends left out; an empty name is the first class."""
    with office.database.reading() as db:
        days = _days(first, last, calendar=load_calendar(db), today=office.today)
        pupils = list_pupils(db, on=last)
        classes = tuple(sorted({pupil.class_name for pupil in pupils if pupil.class_name}))
        shown = class_name if class_name in classes else next(iter(classes), "")
        rows = _rows(db, office, pupils=tuple(pupil for pupil in pupils if pupil.class_name == shown), days=days)
    return RegisterScreen(classes, shown, days, rows, _not_taken(rows))


def days_of_week(on: date, *, weeks: int = 1) -> tuple[date, date]:
    """The Monday and the Friday that frame the day's week; with more weeks, the ones before it too."""
    monday = monday_of(on)
    return monday - timedelta(weeks=weeks - 1), monday + timedelta(days=4)


def read_code(typed: str, *, half: Half) -> AttendanceCode:
    """Read a code as somebody typed it; either slash means present in the half it is typed in."""
    letter = typed.strip().upper()
    if letter in {"/", "\\"}:
        return AttendanceCode.PRESENT_AM if half is Half.AM else AttendanceCode.PRESENT_PM
    if letter in DEAD_CODES:
        instead = ", ".join(DEAD_CODES[letter])
        raise BadInputError(
            f"Code {letter} was withdrawn on 19 August 2024.", remedy=f"Type the code that fits instead: {instead}."
        )
    code = CODE_OF_LETTER.get(letter)
    if code is None:
        raise BadInputError(
            f"{letter or 'An empty cell'} is not an attendance code.",
            remedy="Type a code of the register, such as / for present, I for illness or N for no reason yet.",
        )
    return code


@needs(Right.MARK)
def set_mark(
    office: Office, *, pupil_id: PupilId, session: SchoolSession, code: AttendanceCode, reason: str = ""
) -> Changes:
    """Mark a pupil for a session, or amend a mark; an amendment without a reason is refused."""
    with office.database.transaction() as db:
        _refuse_session(db, office, session)
        before = _code_now(db, pupil_id, session)
        if before is code:
            return Changes()
        if before is not None and not reason.strip():
            raise RefusedError(
                "A change of a mark needs its reason.",
                detail="The law asks that the old code, the new one, the reason, the day and the person stay visible.",
                remedy="Say who told you, and when.",
            )
        _write(db, office, pupil_id=pupil_id, session=session, code=code, before=before, reason=reason.strip())
    return Changes.to(Area.MARKS, Area.EVENTS, Area.FLAGS, pupil=pupil_id)


@needs(Right.MARK)
def mark_rest_present(office: Office, *, class_name: str, session: SchoolSession) -> Changes:
    """Mark every pupil of the class present who has no mark for the session; marks that stand are left alone."""
    code = AttendanceCode.PRESENT_AM if session.half is Half.AM else AttendanceCode.PRESENT_PM
    with office.database.transaction() as db:
        _refuse_session(db, office, session)
        ground = load_ground(db, office)
        codes = load_codes(db, first=session.on, last=session.on)
        waiting = [
            pupil.id
            for pupil in list_pupils(db, on=session.on)
            if pupil.class_name == class_name
            and session not in codes.get(pupil.id, {})
            and ground.judged.holds(pupil, session)
        ]
        batch = add_batch(db, kind="typed", source="typed", at=office.now(), by=office.user.id)
        write_marks(
            db,
            [(session_no(session), pupil_id, code.letter) for pupil_id in waiting],
            batch_id=batch,
            reason="",
            at=office.now(),
            by=office.user.id,
        )
        write_journal(
            db,
            at=office.now(),
            by=office.user.id,
            act="register taken",
            subject=str(session),
            details={"marks": len(waiting), "batch": batch},
        )
    return Changes(frozenset({Area.MARKS, Area.FLAGS}), frozenset(waiting))


def _days(first: date, last: date, *, calendar: SchoolCalendar, today: date) -> tuple[RegisterDay, ...]:
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return tuple(
        RegisterDay(day, calendar.why_no_school(day), is_today=day == today) for day in days if day.weekday() < 5
    )


def _rows(
    db: Session, office: Office, *, pupils: tuple[PupilDetails, ...], days: tuple[RegisterDay, ...]
) -> tuple[RegisterRow, ...]:
    if not days:
        return ()
    ground = load_ground(db, office)
    codes = load_codes(db, first=days[0].on, last=days[-1].on)
    sessions = tuple(SchoolSession(day.on, half) for day in days for half in Half)
    return tuple(
        RegisterRow(
            pupil.id,
            pupil.sort_name,
            pupil.class_name,
            cells_of_pupil(db, ground, pupil, sessions, codes=codes.get(pupil.id, {})),
            is_quiet=pupil.id in ground.judged.deaths,
        )
        for pupil in pupils
    )


def _not_taken(rows: tuple[RegisterRow, ...]) -> tuple[SchoolSession, ...]:
    expected: dict[SchoolSession, list[CellState]] = defaultdict(list)
    for row in rows:
        for cell in row.cells:
            if cell.state in {CellState.MARKED, CellState.UNKNOWN}:
                expected[cell.session].append(cell.state)
    return tuple(
        session for session, states in sorted(expected.items()) if all(state is CellState.UNKNOWN for state in states)
    )


def _code_now(db: Session, pupil_id: PupilId, session: SchoolSession) -> AttendanceCode | None:
    found = load_marks(db, first=session.on, last=session.on, pupil_id=pupil_id)
    return next((CODE_OF_LETTER[letter] for number, _, letter in found if number == session_no(session)), None)


def _refuse_session(db: Session, office: Office, session: SchoolSession) -> None:
    if session.on > office.today:
        raise RefusedError(
            "This session has not been held yet.",
            remedy="Note an expected absence or leave on the pupil instead; mark the session on its day.",
        )
    if not load_calendar(db).holds(session):
        raise RefusedError(
            "The school holds no session then.",
            remedy="If the school was open, correct the calendar first.",
        )


def _write(
    db: Session,
    office: Office,
    *,
    pupil_id: PupilId,
    session: SchoolSession,
    code: AttendanceCode,
    before: AttendanceCode | None,
    reason: str,
) -> None:
    batch = add_batch(db, kind="typed", source="typed", at=office.now(), by=office.user.id)
    write_marks(
        db,
        [(session_no(session), pupil_id, code.letter)],
        batch_id=batch,
        reason=reason,
        at=office.now(),
        by=office.user.id,
    )
    if before is not None:
        add_event(
            db,
            pupil_id=pupil_id,
            event=Event(EventKind.MARK_AMENDED, office.today, office.local_now.time()),
            words=f"{before.letter} changed to {code.letter} for {session}. {reason}",
            written_at=office.now(),
            written_by=office.user.id,
        )
    write_journal(
        db,
        at=office.now(),
        by=office.user.id,
        act="mark amended" if before else "mark typed",
        subject=f"pupil {pupil_id}",
        details={"session": str(session), "old": before.letter if before else None, "new": code.letter},
    )


@needs(Right.SEE_NAMES)
def class_of(office: Office, *, pupil_id: PupilId) -> str:
    """The class a pupil is in."""
    with office.database.reading() as db:
        return load_pupil(db, pupil_id).class_name
