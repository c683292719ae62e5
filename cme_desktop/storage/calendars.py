"""The school's calendar in the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from cme_desktop.domain.attendance import Half
from cme_desktop.domain.calendar import Closure, NoSchool, SchoolCalendar, SchoolYear, Term
from cme_desktop.storage.tables import NoSchoolDayRow, SchoolYearRow, TermRow


def load_calendar(db: Session) -> SchoolCalendar:
    """Read every school year entered, and the bank holidays."""
    terms, days = defaultdict(list), defaultdict(list)
    for term in db.scalars(select(TermRow).order_by(TermRow.first_day)):
        terms[term.school_year_id].append(Term(term.first_day, term.last_day))
    for day in db.scalars(select(NoSchoolDayRow).order_by(NoSchoolDayRow.on, NoSchoolDayRow.id)):
        days[day.school_year_id].append(day)
    years = tuple(
        SchoolYear(
            row.first_day,
            row.last_day,
            tuple(terms[row.id]),
            frozenset(day.on for day in days[row.id] if day.kind == NoSchool.INSET.value),
            tuple(_closure(day) for day in days[row.id] if day.kind == NoSchool.CLOSURE.value),
        )
        for row in db.scalars(select(SchoolYearRow).order_by(SchoolYearRow.first_day))
    )
    return SchoolCalendar(years, frozenset(day.on for day in days[None]))


def save_school_year(db: Session, year: SchoolYear, *, bank_holidays: Iterable[date] = ()) -> None:
    """Write a school year in place of the one of the same name, and add bank holidays not yet known."""
    for known in db.scalars(select(SchoolYearRow)).all():
        if known.first_day.year == year.first_day.year:
            db.execute(delete(TermRow).where(TermRow.school_year_id == known.id))
            db.execute(delete(NoSchoolDayRow).where(NoSchoolDayRow.school_year_id == known.id))
            db.delete(known)
    db.flush()
    row = SchoolYearRow(first_day=year.first_day, last_day=year.last_day)
    db.add(row)
    db.flush()
    db.add_all(TermRow(school_year_id=row.id, first_day=term.first_day, last_day=term.last_day) for term in year.terms)
    db.add_all(NoSchoolDayRow(school_year_id=row.id, on=day, kind=NoSchool.INSET.value) for day in sorted(year.inset))
    db.add_all(
        NoSchoolDayRow(
            school_year_id=row.id,
            on=closure.on,
            half=closure.half.value if closure.half else None,
            kind=NoSchool.CLOSURE.value,
            code=closure.code,
        )
        for closure in year.closures
    )
    _add_bank_holidays(db, bank_holidays)
    db.flush()


def _add_bank_holidays(db: Session, days: Iterable[date]) -> None:
    known = set(db.scalars(select(NoSchoolDayRow.on).where(NoSchoolDayRow.school_year_id.is_(None))))
    db.add_all(NoSchoolDayRow(on=day, kind=NoSchool.BANK_HOLIDAY.value) for day in sorted(set(days) - known))


def _closure(row: NoSchoolDayRow) -> Closure:
    return Closure(row.on, Half(row.half) if row.half else None, row.code)
