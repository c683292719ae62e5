"""How old the newest backup is, in school days that went by without one; today is not over, and not counted.

Fresh until a whole school day went by without one, amber then, red after three. Weekends, holidays and INSET days do
not count. After the last school year that was entered, Mondays to Fridays from September on count instead. No age comes
from the time of a file, which any copying changes: from the journal, and from what the backups say of themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.backup_places import known_backups
from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.journal import find_last_time

if TYPE_CHECKING:
    from cme_desktop.domain.calendar import SchoolCalendar
    from cme_desktop.storage.backup_places import Place

AMBER_AFTER: Final = 1
RED_AFTER: Final = 3
"""School days that went by without a backup."""


class Freshness(IntEnum):
    """How much somebody should act: not at all, soon, now."""

    FRESH = 0
    AMBER = 1
    RED = 2


@dataclass(frozen=True, slots=True)
class BackupAge:
    """What the foot of the window says of the backups."""

    words: str
    freshness: Freshness


def judge_age(calendar: SchoolCalendar, *, since: date, today: date) -> Freshness:
    """Judge how fresh what was made on a day is today."""
    days = count_days_without(calendar, since=since, today=today)
    if days >= RED_AFTER:
        return Freshness.RED
    return Freshness.AMBER if days >= AMBER_AFTER else Freshness.FRESH


@open_to_all
def load_backup_age(office: Office) -> BackupAge:
    """Say how old the newest backup is, wherever it lies, or what is worse: that one could not be brought back."""
    known, now = known_backups(office.paths), office.now()
    with office.database.reading() as db:
        calendar = load_calendar(db)
        told = find_last_time(db, "backup_made", until=now)
        begun = find_last_time(db, "records_made", until=now)
    newest = _newest([*(place.newest_at for place in known.places), told], now=now)
    if known.trial is not None and not known.trial.is_whole:
        return BackupAge("Trial restore failed: see File, Backups", Freshness.RED)
    if newest is None:
        fresh = Freshness.AMBER if begun is None else judge_age(calendar, since=_day(begun), today=office.today)
        return BackupAge("No backup yet", max(fresh, Freshness.AMBER))
    words, fresh = _say_newest(newest, today=office.today), judge_age(calendar, since=_day(newest), today=office.today)
    if known.failed:
        return BackupAge(f"{words}; the last try failed", max(fresh, Freshness.AMBER))
    behind = next((one for one in known.others if is_behind(calendar, one, today=office.today)), None)
    if behind is not None:
        return BackupAge(f"{words}; {_say_behind(behind)}", max(fresh, Freshness.AMBER))
    return BackupAge(words, fresh)


def count_days_without(calendar: SchoolCalendar, *, since: date, today: date) -> int:
    """Count the school days that went by after one day and before another."""
    through = today - timedelta(days=1)
    days = calendar.count_school_days_after(since, through=through)
    if not calendar.years or calendar.years[-1].last_day > through:
        return days
    entered_until = date(calendar.years[-1].last_day.year, 8, 31)
    return days + max(0, calendar.count_working_days_after(max(since, entered_until), through=through))


def is_behind(calendar: SchoolCalendar, place: Place, *, today: date) -> bool:
    """Whether a place that the school added has had no backup for three school days; one never reached is behind."""
    if place.newest_at is None or _day(place.newest_at) > today:  # or seen while a clock ran ahead
        return place.is_away or bool(place.problem)
    return judge_age(calendar, since=_day(place.newest_at), today=today) is Freshness.RED


def _newest(moments: list[datetime | None], *, now: datetime) -> datetime | None:
    return max((at for at in moments if at is not None and at <= now), default=None)


def _say_behind(place: Place) -> str:
    since = f"not since {say_day(_day(place.newest_at))}" if place.newest_at else "not yet"
    return f"{place.kind.in_words.removeprefix('the ')} {since}"


def _say_newest(at: datetime, *, today: date) -> str:
    local = at.astimezone(LOCAL_ZONE)
    return f"Backup checked {say_clock(local)}" if local.date() == today else f"Backup of {say_day(local.date())}"


def _day(at: datetime) -> date:
    return at.astimezone(LOCAL_ZONE).date()
