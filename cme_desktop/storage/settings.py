"""Dated settings: each holds from its day on, and the earlier ones stay."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from cme_desktop.storage.tables import SettingRow


@dataclass(frozen=True, slots=True)
class ClockTimes:
    """The clock times of the school's morning, local time."""

    registers_in: time = time(8, 55)
    first_calls: time = time(9, 15)
    contacts_tried: time = time(9, 45)
    lead_told: time = time(10, 0)
    police_or_care: time = time(11, 0)
    register_close: time = time(9, 30)
    afternoon: time = time(13, 30)


def load_setting(db: Session, name: str, *, on: date | None, default: str) -> str:
    """Read what a setting holds on a day (None: the latest of all), or the default where it was never set."""
    query = select(SettingRow.value).where(SettingRow.name == name)
    if on is not None:
        query = query.where(or_(SettingRow.from_day.is_(None), SettingRow.from_day <= on))
    # A setting without a day sorts first: it holds until one with a day does.
    latest = query.order_by(SettingRow.from_day.desc().nulls_last(), SettingRow.id.desc()).limit(1)
    found = db.scalar(latest)
    return default if found is None else found


def set_setting(
    db: Session, name: str, value: str, *, at: datetime, by: int | None, from_day: date | None = None
) -> None:
    """Set a setting from a day on; None means from the beginning."""
    row = {"name": name, "value": value, "from_day": from_day, "set_at": at, "set_by": by}
    db.execute(insert(SettingRow), row)


def load_clock_times(db: Session, *, on: date | None = None) -> ClockTimes:
    """Read the clock times that hold on a day (None: the latest)."""
    usual = ClockTimes()
    return ClockTimes(
        **{
            field.name: time.fromisoformat(
                load_setting(db, _clock(field.name), on=on, default=getattr(usual, field.name).isoformat("minutes"))
            )
            for field in fields(ClockTimes)
        }
    )


def save_clock_times(
    db: Session, times: ClockTimes, *, at: datetime, by: int | None, from_day: date | None = None
) -> None:
    """Set every clock time from a day on."""
    for field in fields(ClockTimes):
        text = getattr(times, field.name).isoformat("minutes")
        set_setting(db, _clock(field.name), text, at=at, by=by, from_day=from_day)


def _clock(name: str) -> str:
    return f"clock.{name}"
