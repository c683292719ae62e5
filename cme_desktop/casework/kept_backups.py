"""Which automatic backups stay: the newest of each of the last 14 days, 8 weeks and 12 months that have one.

Days, weeks and months without a backup do not count, so that neither six weeks of holiday nor a clock that was wrong
push anything out. Only whole ones of the same records count. What somebody asked for, what is another school's, what is
damaged, and whatever else lies in the folder is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path
from typing import Any, Final

from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.domain.errors import CmeError
from cme_desktop.storage.backup_file import ENDING, AboutBackup, is_whole, read_about

DAYS: Final = 14
WEEKS: Final = 8
MONTHS: Final = 12
LONGEST_LEAP: Final = timedelta(days=35)
"""So far the calendar may have moved since the backup before for anything to be taken away."""

_NAME: Final = re.compile(r"cme-desktop-(\d{4}-\d{2}-\d{2}-\d{6})(?:-\d+)*" + re.escape(ENDING))


@dataclass(frozen=True, slots=True)
class KeptBackup:
    """A file that bears a backup's name and says of itself what it is; ``made_at`` is the office clock."""

    file: Path
    made_at: datetime
    about: AboutBackup


class WhyNothing(Enum):
    """Why nothing was taken away though there was something to: the dates can't be right."""

    FROM_THE_FUTURE = "from the future"
    LEAPT = "leapt"


@dataclass(frozen=True, slots=True)
class ThinnedOut:
    """The names of what was taken away, or why nothing was."""

    gone: tuple[str, ...] = ()
    why_nothing: WhyNothing | None = None


def made_at(name: str) -> datetime | None:
    """When a backup was made, by the office clock, as its name says; None for a file that is none of ours."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y-%m-%d-%H%M%S")  # noqa: DTZ007  the office clock has no zone
    except ValueError:
        return None


def list_kept(folder: Path, *, database_id: str) -> tuple[KeptBackup, ...]:
    """List the backups of these records in a folder, the newest first; raise ``OSError`` where it is away.

    What is cut short is none; whether every byte is right is not looked at, for that reads it all.
    """
    found = []
    for file in folder.iterdir():
        if made_at(file.name) is None:
            continue
        with suppress(CmeError):
            about = read_about(file)
            if about.database_id == database_id:
                local = about.made_at.astimezone(LOCAL_ZONE).replace(tzinfo=None)
                found.append(KeptBackup(file, local, about))
    return tuple(sorted(found, key=lambda one: (one.made_at, one.file.name), reverse=True))


def choose_kept(moments: Iterable[datetime], *, today: date) -> frozenset[datetime]:
    """Choose of the moments of backups those that stay: all of today's, and the newest of each day, week and month."""
    newest_first = sorted(moments, reverse=True)
    kept = {moment for moment in newest_first if moment.date() == today}
    for period, most in ((_day, DAYS), (_week, WEEKS), (_month, MONTHS)):
        newest_of: dict[Any, datetime] = {}
        for moment in newest_first:
            newest_of.setdefault(period(moment), moment)
        kept |= {*list(newest_of.values())[:most]}
    return frozenset(kept)


def last_day_in_backups(day: date) -> date:
    """The last day on which a backup made on a day may still be kept: by month, it is the last to go.

    Each month after it without a backup, as August may be, puts it off by one.
    """
    month = day.year * 12 + day.month - 1 + MONTHS
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def thin_out(folder: Path, *, database_id: str, newest: Path, today: date) -> ThinnedOut:
    """Take away the automatic backups of these records that need not stay; ``newest`` was checked a moment ago.

    Each that counts is read through first, so that one that was spoilt pushes no sound one out. Nothing goes where a
    backup bears a day that has not come, or where the one before is older than 35 days: then a clock may be wrong.
    """
    automatic = [one for one in list_kept(folder, database_id=database_id) if one.about.is_automatic]
    if not _surplus(automatic, newest, today):
        return ThinnedOut()
    whole = [one for one in automatic if one.file == newest or is_whole(one.file)]
    before = max((one.made_at.date() for one in whole if one.file != newest), default=today)
    if any(one.made_at.date() > today for one in whole):
        return ThinnedOut(why_nothing=WhyNothing.FROM_THE_FUTURE)
    if today - before > LONGEST_LEAP:
        return ThinnedOut(why_nothing=WhyNothing.LEAPT)
    gone = []
    for one in _surplus(whole, newest, today):
        with suppress(OSError):  # held by a virus scanner: it goes another day
            one.file.unlink()
            gone.append(one.file.name)
    return ThinnedOut(tuple(sorted(gone)))


def _surplus(backups: list[KeptBackup], newest: Path, today: date) -> list[KeptBackup]:
    kept = choose_kept((one.made_at for one in backups), today=today)
    return [one for one in backups if one.made_at not in kept and one.file != newest]


def _day(moment: datetime) -> date:
    return moment.date()


def _week(moment: datetime) -> date:
    return moment.date() - timedelta(days=moment.weekday())


def _month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month
