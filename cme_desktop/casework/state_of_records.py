"""What the records hold, and whether they are sound: counts, integrity, the journal's chain, the age of backups."""

from __future__ import annotations

from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from cme_desktop.casework.kept_backups import made_at
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.domain.rights import Right
from cme_desktop.storage.backup import examine
from cme_desktop.storage.calendars import load_calendar
from cme_desktop.storage.database import connect
from cme_desktop.storage.journal_check import JournalCheck, check_journal
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.marks import count_marks
from cme_desktop.storage.policies import list_adopted_policies
from cme_desktop.storage.pupils import list_pupils
from cme_desktop.storage.school import load_school
from cme_desktop.storage.users import list_users

BACKUP_GROWS_OLD: Final = timedelta(days=7)
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Held:
    """How much the records hold, ``pupils`` those on roll today, and the names of adults and policies in them."""

    school: str
    pupils: int
    marks: int
    school_years: tuple[str, ...]
    policies: tuple[str, ...]
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BackupFound:
    """A backup in the folder the program keeps them in."""

    file_name: str
    bytes: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Examination:
    """What an examination found; ``attention`` says in sentences what somebody should do."""

    integrity: bool
    journal: JournalCheck
    backups: tuple[BackupFound, ...]
    attention: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the records are whole: integrity and journal alone, so that new records are."""
        return self.integrity and self.journal.ok


@needs(Right.CHECK_RECORDS)
def count_held(office: Office) -> Held:
    """Count what the records hold."""
    with office.database.reading() as db:
        return Held(
            school=load_school(db).name,
            pupils=len(list_pupils(db, on=office.today)),
            marks=count_marks(db),
            school_years=tuple(year.name for year in load_calendar(db).years),
            policies=tuple(policy.policy_id for policy in list_adopted_policies(db, on=office.today)),
            users=tuple(user.name for user in list_users(db) if user.active),
        )


@needs(Right.CHECK_RECORDS)
def examine_records(office: Office) -> Examination:
    """Read every page and every journal entry, and look at the backups."""
    with closing(connect(office.database.path, office.database.key)) as raw:
        integrity = examine(raw)
    keys = read_key_file(office.paths.keys) if office.paths.keys.exists() else None
    with office.database.reading() as db:
        journal = check_journal(db, keys)
    backups = list_backups(office)
    attention = _attention(office, integrity=integrity, journal=journal, backups=backups)
    if keys is not None and not keys.is_as_written:
        attention.insert(0, "The key file is damaged. Bring back the latest backup: it holds the key file too.")
    return Examination(integrity, journal, backups, tuple(attention))


@open_to_all
def list_backups(office: Office) -> tuple[BackupFound, ...]:
    """List the backups beside the records, the newest first, as their names say: copying changes a file's own time."""
    found = []
    for file in office.paths.backups.glob("*.cmebackup"):
        at = made_at(file.name)
        with suppress(OSError):  # just taken away
            if at is not None:
                moment = at.replace(tzinfo=LOCAL_ZONE).astimezone(UTC)
                found.append(BackupFound(file.name, file.stat().st_size, moment))
    return tuple(sorted(found, key=lambda backup: backup.made_at, reverse=True))


def _attention(
    office: Office, *, integrity: bool, journal: JournalCheck, backups: tuple[BackupFound, ...]
) -> list[str]:
    said = []
    if not integrity:
        said.append("The records file is damaged. Bring back the latest backup.")
    if not journal.ok:
        said.append(_say_altered(journal))
    # what a clock that ran ahead dated later says nothing of its age
    newest = next((backup for backup in backups if backup.made_at <= office.now() + _A_DAY), None)
    if newest is None:
        said.append("There is no backup yet. Make one: File, Backups, or “cme-desktop backup”.")
    elif office.now() - newest.made_at > BACKUP_GROWS_OLD:
        said.append(f"The newest backup is from {newest.made_at:%d/%m/%Y}. Make one today.")
    return said


def _say_altered(journal: JournalCheck) -> str:
    where = f"{journal.row}, last told of by entry {journal.broken_at}" if journal.row else f"entry {journal.broken_at}"
    return f"The records were altered outside the program: {where}. {journal.why} Compare it with a backup."
