"""What the caretaker of the program looks after: who may open the records, the backups, the version; no child."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from cme_desktop.casework.breaches import load_breach_clocks
from cme_desktop.casework.in_words import say_clock, say_day
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.state_of_records import BackupFound, list_backups
from cme_desktop.domain.rights import Right
from cme_desktop.storage.users import list_users


@dataclass(frozen=True, slots=True)
class Upkeep:
    """People by name and role, the newest backups in words, the version that runs, the hours of a data breach."""

    people: tuple[tuple[str, str], ...]
    backups: tuple[tuple[str, str], ...]
    version: str
    breaches: tuple[str, ...] = ()


SHOWN: Final = 5
"""So many backups are listed, the newest first."""


@needs(Right.CHECK_RECORDS)
def load_upkeep(office: Office) -> Upkeep:
    """Read who opens the records, the newest backups, and which version runs."""
    with office.database.reading() as db:
        users = list_users(db)
    return Upkeep(
        people=tuple((user.name, user.role.in_words) for user in users if user.active),
        backups=tuple((_say_made(one), _say_size(one.bytes)) for one in list_backups(office)[:SHOWN]),
        version=_say_version(),
        breaches=tuple(clock.words for clock in load_breach_clocks(office)),
    )


def _say_made(backup: BackupFound) -> str:
    at = backup.made_at.astimezone(LOCAL_ZONE).replace(tzinfo=None)
    return f"{say_day(at.date())}, {say_clock(at)}"


def _say_version() -> str:
    try:
        return version("cme-desktop")
    except PackageNotFoundError:  # started from its folder, and never installed
        return "not known"


def _say_size(size: int) -> str:
    return f"{max(1, round(size / 1_000_000))} MB"
