"""Plan what a file of term dates would do to the calendar, and do it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from cme_desktop.casework.import_preview import ImportCounts
from cme_desktop.domain.attendance import Half
from cme_desktop.domain.calendar import Closure, SchoolCalendar, SchoolYear, Term
from cme_desktop.importers.calendars import bank_holidays
from cme_desktop.importers.sheet import Rejected
from cme_desktop.importers.terms import TermsIn
from cme_desktop.storage.calendars import load_calendar, save_school_year
from cme_desktop.storage.imports import UndoNote


@dataclass(frozen=True, slots=True)
class CalendarPlan:
    """The school years to write, with the one each stands in place of."""

    years: tuple[tuple[SchoolYear, SchoolYear | None], ...]
    counts: ImportCounts
    rejected: tuple[Rejected, ...]
    warnings: tuple[str, ...]
    stops: tuple[str, ...]


def plan_calendar(db: Session, read: TermsIn) -> CalendarPlan:
    """Work out which school years the file's rows would enter or change."""
    known = {year.first_day.year: year for year in load_calendar(db).years}
    pairs = tuple((year, known.get(year.first_day.year)) for year in read.years)
    differing = tuple((new, old) for new, old in pairs if new != old)
    taken = read.rows - len(read.rejected) - read.ignored
    is_new = any(old is None for _, old in differing)
    counts = ImportCounts(
        new=taken if is_new else 0,
        changed=taken if differing and not is_new else 0,
        unchanged=read.ignored + (0 if differing else taken),
        rejected=len(read.rejected),
    )
    stops = [problem for new, _ in differing for problem in new.problems()]
    if not read.years:
        stops.append(" ".join(("The file holds no term of five days or more.", *_why_not_read(read))))
    return CalendarPlan(differing, counts, read.rejected, _warnings(differing, read), tuple(stops))


def apply_calendar(db: Session, plan: CalendarPlan, *, note: UndoNote) -> None:
    """Write the planned school years, keeping what stood."""
    for new, old in plan.years:
        note.years.append({"year": new.first_day.year, "old": None if old is None else _as_plain(old)})
        save_school_year(db, new, bank_holidays=bank_holidays((new.first_day.year, new.first_day.year + 1)))


def undo_years(db: Session, note: UndoNote) -> None:
    """Put changed school years back; a year that was not known before stays, for deadlines may rest on it."""
    for entry in note.years:
        if entry["old"] is not None:
            save_school_year(db, _from_plain(entry["old"]))


def _why_not_read(read: TermsIn) -> tuple[str, ...]:
    """The first row that could not be read, where there is one: it may be why no term is there."""
    return tuple(
        f"Line {row.line}: found {row.found}, expected {row.expected}. Check the dates." for row in read.rejected[:1]
    )


def _warnings(pairs: tuple[tuple[SchoolYear, SchoolYear | None], ...], read: TermsIn) -> tuple[str, ...]:
    found = [f"{new.name} is entered already: its dates would be replaced." for new, old in pairs if old is not None]
    for new, _ in pairs:
        holidays = bank_holidays((new.first_day.year, new.first_day.year + 1))
        days = len(SchoolCalendar((new,), holidays).school_days) + len(new.inset)
        if days != 195:
            found.append(f"{new.name} holds {days} days with INSET days; a school year has 195. Check the dates.")
    if read.ignored:
        found.append(f"{read.ignored} rows are holidays or single days, and were not taken as terms.")
    return tuple(found)


def _as_plain(year: SchoolYear) -> dict[str, Any]:
    return {
        "first_day": year.first_day.isoformat(),
        "last_day": year.last_day.isoformat(),
        "terms": [[term.first_day.isoformat(), term.last_day.isoformat()] for term in year.terms],
        "inset": [day.isoformat() for day in sorted(year.inset)],
        "closures": [[one.on.isoformat(), one.half.value if one.half else "", one.code] for one in year.closures],
    }


def _from_plain(plain: dict[str, Any]) -> SchoolYear:
    day = date.fromisoformat
    return SchoolYear(
        day(plain["first_day"]),
        day(plain["last_day"]),
        tuple(Term(day(first), day(last)) for first, last in plain["terms"]),
        frozenset(day(one) for one in plain["inset"]),
        tuple(Closure(day(on), Half(half) if half else None, code) for on, half, code in plain["closures"]),
    )
