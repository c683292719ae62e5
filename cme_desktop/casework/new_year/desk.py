"""What stands on the desk when a school year is to be begun: this year, the next, and every pupil of the roll."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from cme_desktop.casework.new_year.plan import (
    FIRST_MONTH,
    LeaverPlan,
    Onward,
    suggest_class,
    usual_onward,
    year_group_on,
)
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.calendar import SchoolCalendar, SchoolYear
from cme_desktop.domain.events import Destination, EventKind
from cme_desktop.domain.identifiers import PupilId
from cme_desktop.domain.pupils import YearGroup, year_group_of
from cme_desktop.domain.rights import Right
from cme_desktop.importers.calendars import list_supplied_calendars, load_supplied_calendar
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.events import WrittenEvent, list_events, load_deaths
from cme_desktop.storage.new_years import NewYearAct, list_new_years
from cme_desktop.storage.pupils import PupilDetails, list_all_pupils

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class Turn(Enum):
    """Whether a school year may be begun now."""

    READY = "ready"
    TOO_EARLY = "too early"
    NO_YEAR_BEFORE = "no year before"
    IN_PLACE = "in place"
    """The new year runs, and the roll stands in it already: nobody is left to move up, as after an import."""

    DONE = "done"


@dataclass(frozen=True, slots=True)
class PupilLine:
    """One pupil of the old year, and where a pupil like this usually goes on.

    ``year_group`` is worked out from the date of birth where none is noted (``noted_group``).
    """

    id: PupilId
    name: str
    class_name: str
    year_group: YearGroup | None
    noted_group: YearGroup | None
    usual: Onward
    next_class: str
    leaver: LeaverPlan


@dataclass(frozen=True, slots=True)
class NewYearDesk:
    """The desk. ``old`` is the year that ends, ``known`` the next one where the calendar holds it already.

    ``supplied`` are the calendars of the program that hold the next year; ``act`` is what was done for it and stands.
    ``pupils`` are those on roll at the end of the old year; a child who has died is not among them.
    """

    turn: Turn
    on: date
    first_year: int
    old: SchoolYear | None
    last_day: date | None
    known: SchoolYear | None
    supplied: tuple[tuple[str, SchoolYear], ...]
    pupils: tuple[PupilLine, ...]
    act: NewYearAct | None

    @property
    def name(self) -> str:
        """The next school year as people write it: 2027/28."""
        return f"{self.first_year}/{(self.first_year + 1) % 100:02d}"


@needs(Right.SET_UP)
def load_new_year(office: Office) -> NewYearDesk:
    """Read what a new school year is begun from."""
    with office.database.reading() as db:
        calendar, acts = load_calendar(db), list_new_years(db)
        desk = _desk(office.today, calendar, acts)
        if desk.turn is not Turn.READY or desk.last_day is None:
            return desk
        dead = load_deaths(db)
        roll = [one for one in list_all_pupils(db) if one.is_on_roll(desk.last_day) and one.id not in dead]
        if _stands_already(roll, desk):
            return replace(desk, turn=Turn.IN_PLACE)
        pupils = _lines(db, roll, desk)
    return replace(desk, pupils=pupils, supplied=_list_supplied(office, desk.first_year))


def _desk(on: date, calendar: SchoolCalendar, acts: tuple[NewYearAct, ...]) -> NewYearDesk:
    by_first = {year.first_day.year: year for year in calendar.years}
    old, known = by_first.get(on.year - 1), by_first.get(on.year)
    act = next((act for act in acts if act.undone_at is None and act.note.first_day.year == on.year), None)
    last_day = None
    if old is not None:
        last_day = max(calendar.school_days_between(old.first_day, old.last_day), default=old.last_day)
    if act is not None:
        turn = Turn.DONE
    elif on.month < FIRST_MONTH:
        turn = Turn.TOO_EARLY
    else:
        turn = Turn.READY if old is not None else Turn.NO_YEAR_BEFORE
    return NewYearDesk(turn, on, on.year, old, last_day, known, (), (), act)


def _list_supplied(office: Office, first_year: int) -> tuple[tuple[str, SchoolYear], ...]:
    resources = office.paths.resources
    found = []
    for supplied in list_supplied_calendars(resources):
        calendar = load_supplied_calendar(resources, supplied.id)
        found += [(supplied.title, year) for year in calendar.years if year.first_day.year == first_year]
    return tuple(found)


# -- pupils ------------------------------------------------------------------------------------------------------


def _stands_already(roll: list[PupilDetails], desk: NewYearDesk) -> bool:
    """Whether every class still here is in the new year's groups already, but for the few who go another way."""
    fits: defaultdict[str, list[bool]] = defaultdict(list)
    for pupil in roll:
        if pupil.is_on_roll(desk.on):
            fits[pupil.class_name].append(_fits_new_year(pupil, desk))
    return bool(fits) and all(2 * sum(held) > len(held) for held in fits.values())


def _lines(db: Session, pupils: list[PupilDetails], desk: NewYearDesk) -> tuple[PupilLine, ...]:
    last_day = desk.last_day
    assert last_day is not None
    groups = {pupil.id: year_group_on(pupil.year_group, pupil.born, on=last_day) for pupil in pupils}
    classes = _classes_of_one_year(pupils, groups)
    return tuple(_line(db, pupil, groups[pupil.id], desk, classes) for pupil in pupils)


def _line(
    db: Session, pupil: PupilDetails, group: YearGroup | None, desk: NewYearDesk, classes: dict[str, YearGroup]
) -> PupilLine:
    assert desk.last_day is not None
    usual = usual_onward(group, fits_new_year=_fits_new_year(pupil, desk))
    if pupil.left_on is not None and pupil.left_on == desk.last_day:
        usual = Onward.LEAVES
    return PupilLine(
        pupil.id, pupil.known_as, pupil.class_name, group, pupil.year_group, usual,
        suggest_class(pupil.class_name, group, usual, classes),
        _known_leaving(list_events(db, pupil_id=pupil.id), pupil),
    )  # fmt: skip


def _fits_new_year(pupil: PupilDetails, desk: NewYearDesk) -> bool:
    """Whether an import has brought the new year's group already: only once that year has begun."""
    begun = desk.known.first_day if desk.known is not None else date(desk.first_year, 9, 1)
    if desk.on < begun or pupil.born is None or pupil.year_group is None:
        return False
    return pupil.year_group is year_group_of(pupil.born, on=max(begun, date(desk.first_year, 9, 1)))


def _classes_of_one_year(
    pupils: Iterable[PupilDetails], groups: dict[PupilId, YearGroup | None]
) -> dict[str, YearGroup]:
    found: defaultdict[str, set[YearGroup | None]] = defaultdict(set)
    for pupil in pupils:
        found[pupil.class_name].add(groups[pupil.id])
    single = ((name, next(iter(years))) for name, years in found.items() if len(years) == 1)
    return {name: group for name, group in single if name and group is not None}


def _known_leaving(events: tuple[WrittenEvent, ...], pupil: PupilDetails) -> LeaverPlan:
    """What is written already of where the pupil goes; the latest word counts, the school named last stands."""
    school, leaving = "", None
    for written in events:
        if written.retracted_at is None and written.event.kind is EventKind.LEAVING and _is_of_stay(written, pupil):
            leaving = written
            school = written.details.get("school", "") or school
    if leaving is None:
        return LeaverPlan(pupil.id)
    return LeaverPlan(
        pupil.id, school, leaving.event.destination or Destination.UNKNOWN, leaving.details.get("confirmed_by", "")
        or ("the school" if leaving.event.confirmed else ""),
    )  # fmt: skip


def _is_of_stay(written: WrittenEvent, pupil: PupilDetails) -> bool:
    return pupil.starting_day is None or written.event.on >= pupil.starting_day
