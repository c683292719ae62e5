"""Which backups are kept: by day, by week and by month, the newest of each, and never fewer than the newest of all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

DAYS: Final = 14
WEEKS: Final = 8
MONTHS: Final = 12
_NAME: Final = re.compile(r"^cme-desktop-(\d{4}-\d{2}-\d{2}-\d{6})(?:-\d+)?\.cmebackup$")


def made_at(name: str) -> datetime | None:
    """When a backup was made, by the office clock, as its name says; None for a file that is none of ours."""
    found = _NAME.match(name)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], "%Y-%m-%d-%H%M%S")  # noqa: DTZ007  the office clock has no zone
    except ValueError:
        return None


def choose_kept(names: Iterable[str], *, today: date) -> frozenset[str]:
    """Choose what to keep: all of today, the last of each of 14 days, of 8 weeks and of 12 months that have one.

    Days without a backup do not count, so that a clock that jumps ahead takes nothing away. Those dated after today, by
    a clock that ran ahead, are counted by themselves, so that they never push out what was made since.

    A file whose name says no time is always kept: it may be somebody's own.
    """
    names = tuple(names)
    dated = sorted((made, name) for name in names if (made := made_at(name)) is not None)
    kept = {name for name in names if made_at(name) is None}
    kept |= {name for made, name in dated if made.date() == today}
    past = [(made.date(), name) for made, name in dated if made.date() <= today]
    ahead = [(made.date(), name) for made, name in dated if made.date() > today]
    return frozenset(kept | _last_of_each(past) | _last_of_each(ahead))


def _last_of_each(made: list[tuple[date, str]]) -> set[str]:
    """The last of each of the newest days, weeks and months; what is made, in order."""
    days = {day.toordinal(): name for day, name in made}  # the later takes the place of the earlier
    weeks = {_week(day): name for day, name in made}
    months = {day.year * 12 + day.month: name for day, name in made}
    spans = ((days, DAYS), (weeks, WEEKS), (months, MONTHS))
    return {last_of[span] for last_of, most in spans for span in sorted(last_of)[-most:]}


def last_day_in_backups(day: date) -> date:
    """The last day on which a backup made on a day may still be kept: by month, it is the last to go."""
    month = day.year * 12 + day.month - 1 + MONTHS
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _week(day: date) -> int:
    return (day - timedelta(days=day.weekday())).toordinal() // 7
