"""Read a school's calendar from TOML, and the calendars that come with the program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from cme_desktop.domain.attendance import Half
from cme_desktop.domain.calendar import Closure, SchoolCalendar, SchoolYear, Term
from cme_desktop.domain.errors import BadInputError
from cme_desktop.policy.located_toml import Problem, TomlTable, read_toml, unknown_word

CALENDAR_KEYS: Final = ("first_day", "last_day", "terms", "inset", "closed")


@dataclass(frozen=True, slots=True)
class SuppliedCalendar:
    """A calendar that comes with the program: its name, and what is not known of it."""

    id: str
    title: str
    note: str = ""
    inset_known: bool = True


@dataclass(frozen=True, slots=True)
class CalendarRead:
    """What a calendar's text holds: the calendar, or the problems for which there is none."""

    calendar: SchoolCalendar | None
    problems: tuple[Problem, ...] = ()
    about: SuppliedCalendar | None = None


def list_supplied_calendars(resources: Path) -> tuple[SuppliedCalendar, ...]:
    """List the calendars that come with the program, by id."""
    reads = (read_calendar(path.read_bytes(), calendar_id=path.stem) for path in _supplied_files(resources))
    return tuple(read.about for read in reads if read.about is not None)


def load_supplied_calendar(resources: Path, calendar_id: str) -> SchoolCalendar:
    """Read the supplied calendar with this id; raise ``BadInputError`` naming the nearest where there is none."""
    found = {path.stem: path for path in _supplied_files(resources)}
    if calendar_id not in found:
        raise BadInputError(
            "There is no such calendar.",
            detail=f"{unknown_word('supplied calendar', calendar_id, found)}.".capitalize(),
            remedy=f"Use one of {', '.join(found)}, or write the dates in a [calendar] table.",
        )
    read = _read_supplied(found[calendar_id], found[calendar_id].stat().st_mtime_ns)
    if read.calendar is None:
        raise BadInputError(
            "The supplied calendar can't be read.",
            detail="; ".join(str(problem) for problem in read.problems),
            remedy="Install the program again.",
        )
    return read.calendar


@cache
def _read_supplied(path: Path, changed_at: int) -> CalendarRead:
    """Read a supplied calendar, again only when its file has changed: many situations live in the same year."""
    del changed_at
    return read_calendar(path.read_bytes(), calendar_id=path.stem)


def read_calendar(data: bytes | str, *, calendar_id: str = "") -> CalendarRead:
    """Read a text that holds a [calendar] table; other tables in it are left to their own readers."""
    document = read_toml(data)
    if isinstance(document, Problem):
        return CalendarRead(None, (document,))
    problems: list[Problem] = []
    top = TomlTable(document, problems)
    table = top.table("calendar") if top.need("calendar") else None
    year = read_school_year(table) if table is not None else None
    if year is None or problems:
        return CalendarRead(None, tuple(sorted(problems)))
    about = SuppliedCalendar(
        calendar_id,
        top.text("title", default=calendar_id),
        top.text("note"),
        inset_known=top.truth("inset_known") is not False,
    )
    return CalendarRead(calendar_of(year), about=about)


def read_school_year(table: TomlTable) -> SchoolYear | None:
    """Read one [calendar] table; None where it can't stand, with the reasons among the table's problems."""
    table.keep_to(CALENDAR_KEYS)
    first_day = table.day("first_day") if table.need("first_day") else None
    last_day = table.day("last_day") if table.need("last_day") else None
    terms = _read_terms(table)
    closures = tuple(closure for row in table.tables("closed") if (closure := _read_closure(row)))
    inset = frozenset(table.days("inset"))
    if first_day is None or last_day is None:
        return None
    year = SchoolYear(first_day, last_day, terms, inset, closures)
    wrong = year.problems()
    for sentence in wrong:
        table.say(sentence, key=_key_of(sentence))
    return None if wrong else year


def calendar_of(*years: SchoolYear) -> SchoolCalendar:
    """Join school years into a calendar, with the bank holidays of every calendar year they touch."""
    in_order = tuple(sorted(years, key=lambda year: year.first_day))
    touched = range(in_order[0].first_day.year, in_order[-1].last_day.year + 2)
    return SchoolCalendar(in_order, bank_holidays(touched))


def bank_holidays(years: Iterable[int]) -> frozenset[date]:
    """The weekdays that are bank holidays in England and Wales, substitutes included."""
    return _bank_holidays(tuple(years))


@cache
def _bank_holidays(years: tuple[int, ...]) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415  slow to import, needed only when a calendar is read

    return frozenset(day for day in country_holidays("GB", subdiv="ENG", years=years) if day.weekday() < 5)


def _read_terms(table: TomlTable) -> tuple[Term, ...]:
    table.need("terms")
    terms: list[Term] = []
    for row in table.tables("terms"):
        row.keep_to(("from", "to"))
        first = row.day("from") if row.need("from") else None
        last = row.day("to") if row.need("to") else None
        if first is not None and last is not None:
            terms.append(Term(first, last))
    return tuple(terms)


def _read_closure(row: TomlTable) -> Closure | None:
    row.keep_to(("on", "code", "session"))
    code = row.text("code", default="Y4")
    if code not in {"Y4", "#"}:
        row.say(unknown_word("closure code", code, ("Y4", "#")), key="code")
    half = row.choice("session", Half, what="session")
    on = row.day("on") if row.need("on") else None
    return None if on is None else Closure(on, half, code)


def _key_of(sentence: str) -> str | None:
    """Which key a sentence of ``SchoolYear.problems`` is about, so that its line can be named."""
    words = {"INSET": "inset", "closure": "closed", "term": "terms", "ends before it begins": "last_day"}
    return next((key for word, key in words.items() if word in sentence), None)


def _supplied_files(resources: Path) -> tuple[Path, ...]:
    return tuple(sorted((resources / "calendars").glob("*.toml")))
