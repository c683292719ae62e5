"""The backups as the office sees them: each place with its newest backup, and what the last trial restore found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cme_desktop.casework.backup_ages import RED_AFTER, Freshness, count_days_without
from cme_desktop.casework.backup_places import MOST, known_backups
from cme_desktop.casework.in_words import count_of, say_clock, say_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.trial_words import say_trial
from cme_desktop.domain.rights import Right
from cme_desktop.storage.backup_places import Place, PlaceKind
from cme_desktop.storage.calendars import load_calendar

if TYPE_CHECKING:
    from cme_desktop.domain.calendar import SchoolCalendar

_NAMES = {
    PlaceKind.COMPUTER: "This computer",
    PlaceKind.FOLDER: "Folder",
    PlaceKind.STICK: "Memory stick",
    PlaceKind.SHARE: "Share",
}


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place as a line: ``note`` says what is wrong there and how old its newest is; nothing where all is well."""

    folder: Path
    is_own: bool
    name: str
    newest: str
    note: str
    count: int
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class BackupDesk:
    """All places, the program's own folder first, and the line of the last trial restore; empty before the first."""

    lines: tuple[PlaceLine, ...]
    trial: str
    trial_failed: bool

    @property
    def can_add(self) -> bool:
        """Whether another place may be added."""
        return len(self.lines) < MOST

    @property
    def is_all_here(self) -> bool:
        """Whether everything would be lost with this computer."""
        return all(line.is_own for line in self.lines)


@needs(Right.BACK_UP)
def load_backup_desk(office: Office) -> BackupDesk:
    """Read what is known of every place; none is looked at, so that nobody waits for one that is away."""
    known = known_backups(office.paths)
    with office.database.reading() as db:
        calendar = load_calendar(db)
    return BackupDesk(
        tuple(_line(place, calendar, office) for place in known.places),
        say_trial(known.trial) if known.trial else "",
        trial_failed=known.trial is not None and not known.trial.is_whole,
    )


def _line(place: Place, calendar: SchoolCalendar, office: Office) -> PlaceLine:
    is_own, days = place.kind is PlaceKind.COMPUTER, 0
    newest = place.newest_at if place.newest_at is not None and place.newest_at <= office.now() else None
    if newest is not None:
        days = count_days_without(calendar, since=newest.astimezone(LOCAL_ZONE).date(), today=office.today)
    freshness = Freshness.AMBER if days or place.is_away or place.problem or place.is_odd else Freshness.FRESH
    if days >= RED_AFTER or (newest is None and (place.is_away or place.problem)):
        freshness = Freshness.RED
    age = f"{count_of(days, 'school day')} without one" if days else ""
    return PlaceLine(
        place.folder, is_own, _NAMES[place.kind] if is_own else f"{_NAMES[place.kind]} {place.folder}",
        _say_when(newest) if newest else "None yet",
        _note(place) or age, place.count, freshness,
    )  # fmt: skip


def _note(place: Place) -> str:
    if place.is_away:
        if place.kind is PlaceKind.STICK:
            last = f" (last on {_say_day(place.reached_at)})" if place.reached_at else ""
            return f"The stick isn't in{last}"
        return f"Not reached since {_say_day(place.reached_at)}" if place.reached_at else "Never reached yet"
    if place.problem:
        return place.problem
    return "One bears a day to come: no older one goes" if place.is_odd else ""


def _say_day(at: datetime) -> str:
    return say_day(at.astimezone(LOCAL_ZONE).date())


def _say_when(at: datetime) -> str:
    local = at.astimezone(LOCAL_ZONE)
    return f"{say_day(local.date())} {local.year}, {say_clock(local)}"
