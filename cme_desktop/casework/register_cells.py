"""One cell of the register: the code that stands, or why there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from sqlalchemy.orm import Session

from cme_desktop.casework.judged_sessions import JudgedSessions, load_judged_sessions
from cme_desktop.casework.office import Office
from cme_desktop.casework.today.state import judged_at
from cme_desktop.domain.attendance import CODE_OF_LETTER, AttendanceCode, Half, SchoolSession
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.marks import MarkCorrection, list_corrections, load_marks, session_of
from cme_desktop.storage.pupils import PupilDetails
from cme_desktop.storage.settings import ClockTimes, load_clock_times


class CellState(Enum):
    """What a cell of the register shows; ``UNKNOWN`` is neither present nor absent."""

    MARKED = "marked"
    UNKNOWN = "unknown"
    OUTSIDE = "outside"
    NO_SCHOOL = "no school"
    TO_COME = "to come"


@dataclass(frozen=True, slots=True)
class RegisterCell:
    """One session of one pupil. ``corrections`` say what stood before, oldest first."""

    session: SchoolSession
    state: CellState
    code: AttendanceCode | None = None
    corrections: tuple[MarkCorrection, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterGround:
    """What decides a cell without a mark: the calendar, who is judged when, and the clock on the wall."""

    calendar: SchoolCalendar
    judged: JudgedSessions
    clock: ClockTimes
    now: datetime

    def cells_of(
        self,
        pupil: PupilDetails,
        sessions: Iterable[SchoolSession],
        *,
        codes: dict[SchoolSession, AttendanceCode],
        corrections: Iterable[MarkCorrection],
    ) -> tuple[RegisterCell, ...]:
        """Give a pupil's cell for each session."""
        stood: dict[SchoolSession, list[MarkCorrection]] = defaultdict(list)
        for correction in corrections:
            stood[correction.session].append(correction)
        return tuple(
            RegisterCell(
                session,
                CellState.MARKED if session in codes else self._state_without_mark(pupil, session),
                codes.get(session),
                tuple(stood.get(session, ())),
            )
            for session in sessions
        )

    def _state_without_mark(self, pupil: PupilDetails, session: SchoolSession) -> CellState:
        if not self.calendar.holds(session):
            return CellState.NO_SCHOOL
        if not self.judged.holds(pupil, session):
            return CellState.OUTSIDE
        return CellState.UNKNOWN if self.is_due(session) else CellState.TO_COME

    def is_due(self, session: SchoolSession) -> bool:
        """Whether the session's mark should be there by now, as Today says it: from when registers should be in."""
        moment = judged_at(self.now, self.clock)
        if session.on != moment.date():
            return session.on < moment.date()
        due_from = self.clock.register_close if session.half is Half.AM else self.clock.afternoon
        return moment.time() >= due_from


def load_ground(db: Session, office: Office) -> RegisterGround:
    """Read what decides the cells without a mark."""
    clock = load_clock_times(db, on=office.today)
    return RegisterGround(load_calendar(db), load_judged_sessions(db), clock, office.local_now)


def load_codes(
    db: Session, *, first: date, last: date, pupil_id: PupilId | None = None
) -> dict[PupilId, dict[SchoolSession, AttendanceCode]]:
    """Read the codes that stand between two days, both included, by pupil and session."""
    codes: dict[PupilId, dict[SchoolSession, AttendanceCode]] = defaultdict(dict)
    for number, pupil, letter in load_marks(db, first=first, last=last, pupil_id=pupil_id):
        codes[PupilId(pupil)][session_of(number)] = CODE_OF_LETTER[letter]
    return codes


def cells_of_pupil(
    db: Session, ground: RegisterGround, pupil: PupilDetails, sessions: Iterable[SchoolSession], *,
    codes: dict[SchoolSession, AttendanceCode],
) -> tuple[RegisterCell, ...]:  # fmt: skip
    """Give a pupil's cells with the corrections behind them."""
    return ground.cells_of(pupil, sessions, codes=codes, corrections=list_corrections(db, pupil.id))
