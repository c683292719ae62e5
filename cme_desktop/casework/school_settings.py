"""What a school sets for its own morning: the clock times of the strip, and how soon an unattended window locks."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Final

from cme_desktop.casework.in_words import say_clock
from cme_desktop.casework.office import Office
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import BadInputError
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.settings import (
    ClockTimes,
    load_clock_times,
    load_setting,
    save_clock_times,
    set_setting,
)

__all__ = ["ClockTimes", "SchoolSettings", "load_school_settings", "save_school_settings"]

LOCKS_AFTER_MINUTES: Final = 3
LONGEST_UNATTENDED: Final = 30
_IDLE: Final = "idle.minutes"

_STRIP: Final = ("registers_in", "first_calls", "contacts_tried", "lead_told", "police_or_care")
_REGISTERS: Final = ("registers_in", "register_close", "afternoon")


@dataclass(frozen=True, slots=True)
class SchoolSettings:
    """The clock times, local, and the minutes without key or mouse after which the window locks (1 to 30)."""

    clock: ClockTimes = field(default_factory=ClockTimes)
    locks_after: int = LOCKS_AFTER_MINUTES


def load_school_settings(office: Office) -> SchoolSettings:
    """Read what holds today."""
    with office.database.reading() as db:
        minutes = load_setting(db, _IDLE, on=None, default=str(LOCKS_AFTER_MINUTES))
        return SchoolSettings(load_clock_times(db, on=office.today), int(minutes))


def save_school_settings(office: Office, settings: SchoolSettings) -> Changes:
    """Set the times from today on, so that earlier days are judged by the times they had."""
    _refuse_disorder(settings.clock)
    if not 1 <= settings.locks_after <= LONGEST_UNATTENDED:
        raise BadInputError(
            "The window can't wait that long.",
            detail="A screen left open shows children's names to whoever stands at the desk.",
            remedy=f"Choose between 1 and {LONGEST_UNATTENDED} minutes.",
        )
    before = load_school_settings(office)
    with office.database.transaction() as db:
        save_clock_times(db, settings.clock, at=office.now(), by=office.user.id, from_day=office.today)
        set_setting(db, _IDLE, str(settings.locks_after), at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act="settings_changed", subject="school",
            details={"before": _in_short(before), "after": _in_short(settings)},
        )  # fmt: skip
    return Changes.to(Area.SETTINGS)


def _refuse_disorder(clock: ClockTimes) -> None:
    for earlier, later in (*pairwise(_STRIP), *pairwise(_REGISTERS)):
        first, second = getattr(clock, earlier), getattr(clock, later)
        if second < first:
            raise BadInputError(
                "The clock times are out of order.",
                detail=f"{say_clock(second)} follows {say_clock(first)}, which is later.",
                remedy="Each step of the morning comes at or after the one before it.",
            )


def _in_short(settings: SchoolSettings) -> dict[str, str]:
    times = {one.name: say_clock(getattr(settings.clock, one.name)) for one in fields(ClockTimes)}
    return {**times, "locks_after": str(settings.locks_after)}
