"""One pupil's school year as a picture: every session, what the codes add up to, and what is still open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.register_cells import CellState, RegisterCell, cells_of_pupil, load_codes, load_ground
from cme_desktop.domain.attendance import AttendanceCode, Half, SchoolSession, StatisticalClass
from cme_desktop.domain.calendar import SchoolCalendar, SchoolYear
from cme_desktop.domain.errors import CalendarError
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.rights import Right
from cme_desktop.storage.pupils import load_pupil

ATTENDED = frozenset({StatisticalClass.ATTENDING, StatisticalClass.APPROVED_ACTIVITY})


@dataclass(frozen=True, slots=True)
class PupilYear:
    """A pupil's sessions of one school year, in order, counted in sessions.

    ``open_n`` are the sessions of an earlier day that are still N: their reason is to be established within five
    school days (SI 2024/208, regulation 10).
    """

    pupil_id: PupilId
    name: str
    class_name: str
    year_name: str
    cells: tuple[RegisterCell, ...]
    present: int
    authorised: int
    unauthorised: int
    unknown: int
    possible: int
    open_n: tuple[SchoolSession, ...]

    @property
    def absence_words(self) -> str:
        """The share of possible sessions absent, rounded for reading only; n/a where none was possible."""
        if not self.possible:
            return "n/a"
        return f"{100 * (self.authorised + self.unauthorised) / self.possible:.1f} %"


@needs(Right.SEE_NAMES)
def load_pupil_year(office: Office, *, pupil_id: PupilId, on: date | None = None) -> PupilYear:
    """Read a pupil's school year, that of the day (today unless said)."""
    day = on or office.today
    with office.database.reading() as db:
        ground = load_ground(db, office)
        year = year_shown(ground.calendar, day)
        pupil = load_pupil(db, pupil_id)
        codes = load_codes(db, first=year.first_day, last=year.last_day, pupil_id=pupil_id)
        sessions = tuple(
            session for session in ground.calendar.sessions if year.first_day <= session.on <= year.last_day
        )
        cells = cells_of_pupil(db, ground, pupil, sessions, codes=codes.get(pupil_id, {}))
    counted = Counter(cell.code.facts.statistical_class for cell in cells if cell.code)
    return PupilYear(
        pupil_id=pupil_id,
        name=pupil.known_as,
        class_name=pupil.class_name,
        year_name=year.name,
        cells=cells,
        present=sum(counted[kind] for kind in ATTENDED),
        authorised=counted[StatisticalClass.AUTHORISED],
        unauthorised=counted[StatisticalClass.UNAUTHORISED],
        unknown=sum(1 for cell in cells if cell.state is CellState.UNKNOWN),
        possible=sum(1 for cell in cells if cell.code and cell.code.facts.possible),
        open_n=tuple(
            cell.session
            for cell in cells
            if cell.code is AttendanceCode.NO_REASON_YET and cell.session.on < office.today
        ),
    )


def year_shown(calendar: SchoolCalendar, day: date) -> SchoolYear:
    """The school year of a day, or the last one that began before it."""
    year = calendar.year_of(day)
    if year is not None:
        return year
    begun = [known for known in calendar.years if known.first_day <= day]
    if not begun:
        raise CalendarError(
            "No school year is known for this day.",
            detail=f"The calendar begins after {day:%d/%m/%Y}.",
            remedy="Enter the school year's term dates.",
        )
    return begun[-1]


def table_twin(year: PupilYear) -> tuple[tuple[date, str, str], ...]:
    """The year as a table: each school day with its morning and its afternoon in words."""
    days: dict[date, dict[Half, str]] = {}
    for cell in year.cells:
        days.setdefault(cell.session.on, {})[cell.session.half] = words_of(cell)
    return tuple(
        (day, halves.get(Half.AM, "no session"), halves.get(Half.PM, "no session")) for day, halves in days.items()
    )


def words_of(cell: RegisterCell) -> str:
    """What a cell says, for the ear: the code and its meaning, or why there is none; earlier codes after it."""
    if cell.code is None:
        said = {
            CellState.UNKNOWN: "Register not taken",
            CellState.OUTSIDE: "Not expected",
            CellState.NO_SCHOOL: "No school",
            CellState.TO_COME: "To come",
        }[cell.state]
    else:
        said = f"{cell.code.letter} {cell.code.facts.meaning}"
    stood = ", ".join(f"was {was.old_code}" for was in cell.corrections if was.old_code)
    return f"{said} ({stood})" if stood else said
