"""The next school year's dates from a file of terms: iCalendar, CSV or a workbook."""

from __future__ import annotations

from pathlib import Path

from cme_desktop.casework.imports import open_import
from cme_desktop.casework.in_words import count_of
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.calendar import SchoolYear
from cme_desktop.domain.errors import BadInputError
from cme_desktop.domain.rights import Right
from cme_desktop.importers.dates import DateOrder
from cme_desktop.importers.fields import FileKind
from cme_desktop.importers.terms import read_terms, settle_term_dates

HALF_TERMS = 6
_REMEDY = "Choose another file, or type the half terms."


@needs(Right.SET_UP)
def read_year_file(office: Office, path: Path, *, first_year: int) -> SchoolYear:
    """Read the school year that begins in a calendar year from a file; writes nothing.

    Raises ``BadInputError`` naming what is wrong: no such year, rows that can't be read, or terms that are no halves.
    """
    opened = open_import(office, path, kind=FileKind.CALENDAR)
    if missing := opened.mapping.missing:
        raise BadInputError(
            "This is no file of term dates.", detail=f"No column holds: {'; '.join(missing)}.", remedy=_REMEDY
        )
    order = settle_term_dates(opened.sheet, opened.mapping) or DateOrder.DAY_FIRST
    read = read_terms(opened.sheet, opened.mapping, order=order)
    if read.rejected:
        raise BadInputError(
            f"{count_of(len(read.rejected), 'row')} of the file could not be read.",
            detail=f"The first is in line {read.rejected[0].line}: {read.rejected[0].expected} was expected.",
            remedy="Correct the file, or type the half terms.",
        )
    year = next((one for one in read.years if one.first_day.year == first_year), None)
    if year is None:
        held = ", ".join(one.name for one in read.years) or "no term at all"
        raise BadInputError(
            f"The file does not hold the school year {first_year}/{(first_year + 1) % 100:02d}.",
            detail=f"It holds {held}.",
            remedy=_REMEDY,
        )
    if len(year.terms) != HALF_TERMS:
        raise BadInputError(
            f"The file gives {count_of(len(year.terms), 'term')}, where six half terms are needed.",
            detail="Between two half terms there is a holiday, and no deadline may count it.",
            remedy="Type the six half terms instead.",
        )
    return year
