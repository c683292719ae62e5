"""What the line at the foot of the window says: how old the register data is, how old the backup, when it locks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cme_desktop.casework.backup_ages import Freshness, load_backup_age
from cme_desktop.casework.backup_places import known_backups
from cme_desktop.casework.clock_doubt import ClockDoubt, find_clock_doubt
from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import open_to_all
from cme_desktop.casework.school_settings import load_school_settings
from cme_desktop.casework.trial_words import say_trial
from cme_desktop.storage.import_batches import find_last_batch_of_marks

_STALE_MINUTES = 60


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """Two sentences for the foot of the window, each with whether somebody should act on it.

    A backup is old once a school day went by without one, and late once three did. ``trial_failed`` is the line of a
    trial restore that failed; empty where the last one did not. ``clock`` says why the computer's clock may be wrong;
    None where nothing speaks against it.
    """

    register: str
    register_is_old: bool
    backup: str
    backup_is_old: bool
    backup_is_late: bool
    locks_after: int
    trial_failed: str = ""
    clock: ClockDoubt | None = None


@open_to_all
def load_desk_facts(office: Office) -> DeskFacts:
    """Read the newest marks' and the newest backup's age, and the minutes until the window locks."""
    now = office.local_now
    with office.database.reading() as db:
        came_in = find_last_batch_of_marks(db)
        doubt = find_clock_doubt(db, now=office.now())
    age, trial = load_backup_age(office), known_backups(office.paths).trial
    return DeskFacts(
        register=_say_register(_local(came_in) if came_in else None, now),
        register_is_old=came_in is None or _minutes_old(_local(came_in), now) > _STALE_MINUTES,
        backup=age.words,
        backup_is_old=age.freshness >= Freshness.AMBER,
        backup_is_late=age.freshness is Freshness.RED,
        trial_failed=say_trial(trial) if trial is not None and not trial.is_whole else "",
        locks_after=load_school_settings(office).locks_after,
        clock=doubt,
    )


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
