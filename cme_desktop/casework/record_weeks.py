"""The attendance extract of a document: whole weeks, from the last attended one to this one, session by session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.office import Office
from cme_desktop.casework.register_cells import CellState, RegisterCell, RegisterGround, load_codes, load_ground
from cme_desktop.documents.contents import MarkCell, MarkLook, Week
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession, StatisticalClass
from cme_desktop.domain.calendar import NoSchool, monday_of
from cme_desktop.storage.pupils import PupilDetails

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_LOOKS: Final = {
    StatisticalClass.ATTENDING: MarkLook.PRESENT,
    StatisticalClass.APPROVED_ACTIVITY: MarkLook.PRESENT,
    StatisticalClass.AUTHORISED: MarkLook.AUTHORISED,
    StatisticalClass.UNAUTHORISED: MarkLook.UNAUTHORISED,
    StatisticalClass.NOT_POSSIBLE: MarkLook.NO_SCHOOL,
    StatisticalClass.ADMINISTRATIVE: MarkLook.NO_SCHOOL,
}
_EMPTY: Final = {
    CellState.UNKNOWN: MarkCell("?", MarkLook.UNKNOWN),
    CellState.TO_COME: MarkCell("", MarkLook.TO_COME),
    CellState.OUTSIDE: MarkCell("", MarkLook.NO_SCHOOL),
    CellState.NO_SCHOOL: MarkCell(AttendanceCode.PLANNED_CLOSURE.letter, MarkLook.NO_SCHOOL),
}
_WHY: Final = {
    NoSchool.HOLIDAY: "holiday, not counted",
    NoSchool.CLOSURE: "closed, not counted",
    NoSchool.INSET: "INSET, not counted",
    NoSchool.OUTSIDE_CALENDAR: "not in the calendar",
}


def lay_out_extract(db: Session, office: Office, pupil: PupilDetails, *, first: date) -> tuple[tuple[Week, ...], int]:
    """Lay out the weeks from the first day's to today's, and count the sessions nobody marked."""
    ground = load_ground(db, office)
    begin, end = monday_of(first), monday_of(office.today)
    codes = load_codes(db, first=begin, last=office.today, pupil_id=pupil.id).get(pupil.id, {})
    weeks = tuple(_week(monday, ground, pupil, codes) for monday in _mondays(begin, end))
    cells = (cell for week in weeks for cell in (*week.mornings, *week.afternoons))
    return weeks, sum(1 for cell in cells if cell.look is MarkLook.UNKNOWN)


def _mondays(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=7)


def _week(
    monday: date, ground: RegisterGround, pupil: PupilDetails, codes: dict[SchoolSession, AttendanceCode]
) -> Week:
    days = [monday + timedelta(days=offset) for offset in range(5)]
    if not any(ground.calendar.is_school_day(day) for day in days):
        reasons = [ground.calendar.why_no_school(day) for day in days]
        said = (_WHY[reason] for reason in reasons if reason in _WHY)
        return Week(monday, skipped=next(said, "no school, not counted"))
    rows = []
    for half in Half:
        sessions = [SchoolSession(day, half) for day in days]
        cells = ground.cells_of(pupil, sessions, codes=codes, corrections=())
        rows.append(tuple(_cell(cell) for cell in cells))
    return Week(monday, rows[0], rows[1])


def _cell(cell: RegisterCell) -> MarkCell:
    if cell.code is None:
        return _EMPTY[cell.state]
    return MarkCell(cell.code.letter, _LOOKS[cell.code.facts.statistical_class])
