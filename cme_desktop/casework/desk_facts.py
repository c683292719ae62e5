"""What the line at the foot of the window says: how old the register data is, how old the backup, when it locks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cme_desktop.casework.clock_doubt import ClockDoubt, find_clock_doubt
from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.casework.school_settings import load_school_settings
from cme_desktop.casework.state_of_records import list_backups
from cme_desktop.domain.calendar import SchoolCalendar
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.import_batches import find_last_batch_of_marks
from cme_desktop.storage.journal import find_last_time

_STALE_MINUTES = 60
_OLD, _LATE = 1, 3


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """Two sentences for the foot of the window, each with whether somebody should act on it.

    A backup is old once a school day went by without one, and late once three did. ``clock`` says why the computer's
    clock may be wrong; None where nothing speaks against it.
    """

    register: str
    register_is_old: bool
    backup: str
    backup_is_old: bool
    backup_is_late: bool
    locks_after: int
    clock: ClockDoubt | None = None


@open_to_all
def load_desk_facts(office: Office) -> DeskFacts:
    """Read the newest marks' and the newest backup's age, and the minutes until the window locks."""
    now = office.local_now
    with office.database.reading() as db:
        came_in = find_last_batch_of_marks(db)
        told = find_last_time(db, "backup_made", until=office.now())
        doubt = find_clock_doubt(db, now=office.now())
        calendar = load_calendar(db)
    # The journal knows of those on a stick or a share; the folder, of those the journal was restored without.
    made = [backup.made_at for backup in list_backups(office) if _local(backup.made_at).date() <= now.date()][:1]
    made += [told] if told else []
    backed_up = _local(max(made)) if made else None
    missed = None if backed_up is None else _days_without(calendar, backed_up.date(), today=now.date())
    return DeskFacts(
        register=_say_register(_local(came_in) if came_in else None, now),
        register_is_old=came_in is None or _minutes_old(_local(came_in), now) > _STALE_MINUTES,
        backup=_say_backup(backed_up, now),
        backup_is_old=missed is None or missed >= _OLD,
        backup_is_late=missed is not None and missed >= _LATE,
        locks_after=load_school_settings(office).locks_after,
        clock=doubt,
    )


def _days_without(calendar: SchoolCalendar, backed_up: date, *, today: date) -> int:
    """The school days that went by since, today left out: it is not over."""
    return calendar.count_school_days_after(backed_up, through=today - timedelta(days=1))


def _local(at: datetime) -> datetime:
    return at.astimezone(LOCAL_ZONE).replace(tzinfo=None)


def _minutes_old(at: datetime, now: datetime) -> int:
    return max(0, int((now - at).total_seconds() // 60))


def _say_register(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "No register has come in yet"
    if at.date() != now.date():
        return f"Register data as at {say_day(at.date())}, {say_clock(at)}"
    minutes = _minutes_old(at, now)
    age = f"{minutes} min old" if minutes < 2 * _STALE_MINUTES else f"{minutes // 60} hours old"
    return f"Register data as at {say_clock(at)}, {age}"


def _say_backup(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "No backup yet"
    return f"Backup checked {say_clock(at)}" if at.date() == now.date() else f"Backup of {say_day(at.date())}"
