"""Read a school year's terms, INSET days and closures from rows of name, first day and last day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from cme_desktop.domain.calendar import EARLIEST_YEAR, LATEST_YEAR, LONGEST_YEAR, Closure, SchoolYear, Term
from cme_desktop.importers.dates import DateOrder, parse_date, settle_order
from cme_desktop.importers.fields import Field
from cme_desktop.importers.mapping import Mapping
from cme_desktop.importers.sheet import Rejected, Sheet


class _RowKind(Enum):
    TERM = "term"
    INSET = "inset"
    CLOSED = "closed"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class TermsIn:
    """The school years a file describes, the rows read, and those that could not be."""

    years: tuple[SchoolYear, ...]
    rows: int
    ignored: int
    rejected: tuple[Rejected, ...]


def settle_term_dates(sheet: Sheet, mapping: Mapping) -> DateOrder | None:
    """Say in which order the file's dates are written; None where somebody must be asked."""
    columns = [at for what in (Field.FIRST_DAY, Field.LAST_DAY) if (at := mapping.column(what)) is not None]
    texts = [row[at] for row in sheet.rows[mapping.header_row + 1 :] for at in columns if at < len(row)]
    return settle_order(texts, plausible=lambda _: True)


def read_terms(sheet: Sheet, mapping: Mapping, *, order: DateOrder) -> TermsIn:
    """Read terms into school years, each from 1 September or its first term to its last day."""
    read: list[tuple[_RowKind, date, date]] = []
    rejected: list[Rejected] = []
    start = mapping.header_row + 1
    for line, row in zip(sheet.lines[start:], sheet.rows[start:], strict=True):
        if not any(cell.strip() for cell in row):
            continue
        found = _read_row(line, row, mapping, order)
        if isinstance(found, Rejected):
            rejected.append(found)
        else:
            read.append(found)
    ignored = sum(1 for kind, _, _ in read if kind is _RowKind.IGNORED)
    return TermsIn(_years_of(read), len(read) + len(rejected), ignored, tuple(rejected))


def _read_row(line: int, row: list[str], mapping: Mapping, order: DateOrder) -> tuple[_RowKind, date, date] | Rejected:
    days: list[date] = []
    for what in (Field.FIRST_DAY, Field.LAST_DAY):
        at = mapping.column(what)
        text = row[at].strip() if at is not None and at < len(row) else ""
        day = parse_date(text, order=order) if text or not days else days[0]
        if day is None:
            header = next((use.header for use in mapping.columns if use.index == at), "")
            return Rejected(line, header, text, "a date such as 03/09/2026")
        if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
            return Rejected(line, "", text, f"a date from {EARLIEST_YEAR} to {LATEST_YEAR}, such as 03/09/2026")
        days.append(day)
    if days[1] < days[0]:
        return Rejected(line, "", f"{days[0]:%d/%m/%Y} to {days[1]:%d/%m/%Y}", "a last day after the first")
    if (days[1] - days[0]).days > LONGEST_YEAR:
        return Rejected(line, "", f"{days[0]:%d/%m/%Y} to {days[1]:%d/%m/%Y}", "a last day in the same school year")
    name_at = mapping.column(Field.TERM_NAME)
    name = row[name_at] if name_at is not None and name_at < len(row) else ""
    return _kind_of(name, days[0], days[1]), days[0], days[1]


def _kind_of(name: str, first: date, last: date) -> _RowKind:
    words = name.lower()
    if "inset" in words or "training" in words or "staff day" in words:
        return _RowKind.INSET
    if "clos" in words and (last - first).days < 10:
        return _RowKind.CLOSED
    if "holiday" in words or "break" in words or (last - first).days < 5:
        return _RowKind.IGNORED
    return _RowKind.TERM


def _years_of(rows: list[tuple[_RowKind, date, date]]) -> tuple[SchoolYear, ...]:
    starts = sorted({_september(first) for kind, first, _ in rows if kind is _RowKind.TERM})
    return tuple(_year(start, [row for row in rows if _september(row[1]) == start]) for start in starts)


def _year(start: int, rows: list[tuple[_RowKind, date, date]]) -> SchoolYear:
    terms = tuple(Term(first, last) for kind, first, last in sorted(rows, key=lambda row: row[1])
                  if kind is _RowKind.TERM)  # fmt: skip
    inset = frozenset(day for kind, first, last in rows if kind is _RowKind.INSET for day in _days(first, last))
    closed = tuple(Closure(day) for kind, first, last in rows if kind is _RowKind.CLOSED for day in _days(first, last))
    first_day = min(date(start, 9, 1), terms[0].first_day)
    return SchoolYear(first_day, terms[-1].last_day, terms, inset, closed)


def _september(day: date) -> int:
    return day.year if day.month >= 8 else day.year - 1


def _days(first: date, last: date) -> list[date]:
    return [day for offset in range((last - first).days + 1) if (day := first + timedelta(days=offset)).weekday() < 5]
