"""A made-up school at the turn of 2026/27 into 2027/28, and plans that begin the new year there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from cme_desktop.casework.new_year.desk import NewYearDesk, load_new_year
from cme_desktop.casework.new_year.plan import LeaverPlan, NewYearPlan, Onward, PupilMove
from cme_desktop.casework.office import Office
from cme_desktop.domain.calendar import SchoolYear, Term
from cme_desktop.domain.events import Destination
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import YearGroup
from cme_desktop.storage.calendars import save_school_year
from tests.office import STARTED, add_pupil, an_office

JULY: Final = datetime(2027, 7, 12, 8, 0, tzinfo=UTC)
"""Monday, nine in the morning by the office clock, eight school days before the last one."""

LAST_DAY: Final = date(2027, 7, 21)
FIRST_PUPIL_DAY: Final = date(2027, 9, 3)
NEXT_YEAR: Final = SchoolYear(
    date(2027, 9, 1),
    date(2028, 7, 21),
    (
        Term(date(2027, 9, 1), date(2027, 10, 22)),
        Term(date(2027, 11, 1), date(2027, 12, 17)),
        Term(date(2028, 1, 4), date(2028, 2, 11)),
        Term(date(2028, 2, 21), date(2028, 3, 31)),
        Term(date(2028, 4, 18), date(2028, 5, 26)),
        Term(date(2028, 6, 5), date(2028, 7, 21)),
    ),
    inset=frozenset({date(2027, 9, 1), date(2027, 9, 2), date(2028, 1, 4)}),
)

_TABLES: Final = ("pupil", "circumstance", "session_pattern", "contact", "mark", "school_year", "term",
                  "no_school_day", "case_file", "task", "setting", "flag")  # fmt: skip


def at_the_turn(folder: Path, *, now: datetime = JULY) -> tuple[Office, PupilId, PupilId]:
    """Open the school with two pupils of year 6 in Elm class: the office and both."""
    office = an_office(folder, now=now)
    known = {"year_group": YearGroup.Y6, "class_name": "Elm", "starting_day": STARTED}
    one = add_pupil(office, surname="Ashby", forename="Ned", born=date(2015, 10, 1), **known)  # type: ignore[arg-type]
    two = add_pupil(office, surname="Ball", forename="Ivy", born=date(2016, 2, 1), **known)  # type: ignore[arg-type]
    return office, one, two


def enter_next_year(office: Office) -> None:
    """Enter the next year's dates as an earlier import would have."""
    with office.database.transaction() as db:
        save_school_year(db, NEXT_YEAR)


def usual_plan(
    office: Office,
    *,
    year: SchoolYear | None = NEXT_YEAR,
    leavers: Iterable[LeaverPlan] = (),
    otherwise: Mapping[PupilId, Onward] | None = None,
) -> NewYearPlan:
    """Everybody goes on as usual: Oak to Elm, Beech to Ash; leavers as said, the others without a destination."""
    desk = load_new_year(office)
    moves = tuple(_usual_move(desk, pupil, otherwise or {}) for pupil in (line.id for line in desk.pupils))
    said = {leaver.pupil_id: leaver for leaver in leavers}
    leaving = [move.pupil_id for move in moves if move.onward is Onward.LEAVES]
    return NewYearPlan(year, moves, tuple(said.get(pupil, LeaverPlan(pupil)) for pupil in leaving))


def _usual_move(desk: NewYearDesk, pupil: PupilId, otherwise: Mapping[PupilId, Onward]) -> PupilMove:
    line = next(line for line in desk.pupils if line.id == pupil)
    onward = otherwise.get(pupil, line.usual)
    return PupilMove(pupil, onward, line.class_name if onward is not line.usual else line.next_class or "Ash")


def to_secondary(pupil: PupilId, *, confirmed_by: str = "Mrs Lund, admissions") -> LeaverPlan:
    """A leaver with a place at a named school."""
    return LeaverPlan(pupil, "Larkfield Academy", Destination.KNOWN, confirmed_by)


def rows_of(office: Office) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of what a new year may touch, and the lines of the history that stand."""
    with office.database.reading() as db:
        found = {table: [tuple(row) for row in db.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2"))]
                 for table in _TABLES}  # fmt: skip
        standing = db.execute(text("SELECT * FROM pupil_event WHERE retracted_at IS NULL ORDER BY id"))
        found["pupil_event"] = [tuple(row) for row in standing]
    return found


def without_inset(year: SchoolYear) -> SchoolYear:
    """The same year with its INSET days as school days."""
    return replace(year, inset=frozenset())
