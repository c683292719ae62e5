"""Copy the records into one file with all that is needed to open it but a password; opened and checked at once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.casework.sitting_down import keep_head
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.rights import Right
from cme_desktop.storage.backup import RecordsCount, copy_records
from cme_desktop.storage.backup_file import ENDING, hash_of_file, mark_of_key, write_backup_file
from cme_desktop.storage.database import connect, remove_database_files
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.durable import put_in_place
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.sqlite_errors import NotOpenedError, in_the_offices_words

__all__ = ["ENDING", "BackupMade", "RecordsCount", "clear_unfinished", "make_backup", "write_backup"]

_STEM: Final = "cme-desktop"


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was opened and checked."""

    file: Path
    sha256: str
    bytes: int
    held: RecordsCount


@needs(Right.BACK_UP)
def make_backup(office: Office, *, to: Path | None = None) -> BackupMade:
    """Make a backup in a folder (the program's own, unless said) for whoever asked for it; it is theirs to delete."""
    return write_backup(office, to=to, is_automatic=False)


@open_to_all
def write_backup(office: Office, *, to: Path | None = None, is_automatic: bool) -> BackupMade:
    """Write a backup into a folder (the program's own, unless said), open it and compare; the day's, whoever opened."""
    folder = to or office.paths.backups
    file = _free_name(folder, f"{_STEM}-{office.local_now:%Y-%m-%d-%H%M%S}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        clear_unfinished(folder, today=office.today)
        keep_head(office)  # the backup is a witness of how far the journal had come
        held = _write(office, file, is_automatic=is_automatic)
        digest, size = hash_of_file(file), file.stat().st_size
    except (OSError, NotOpenedError) as error:
        raise CmeError(
            "The backup can't be written.",
            detail=say_why(error) if isinstance(error, OSError) else "A file could not be made in the folder.",
            remedy="Choose a folder on a disk with enough free space in which you may write.",
        ) from None
    _tell_journal(office, file, elsewhere=to is not None, is_automatic=is_automatic)
    return BackupMade(file, digest, size, held)


def clear_unfinished(folder: Path, *, today: date) -> None:
    """Take away what a backup that was killed on another day left; today's may be another copy's, at work."""
    for left in folder.glob(f"{_STEM}-*{ENDING}.*"):
        if f"-{today:%Y-%m-%d}-" not in left.name:
            with suppress(OSError):  # it is in nobody's way
                left.unlink(missing_ok=True)


def _tell_journal(office: Office, file: Path, *, elsewhere: bool, is_automatic: bool) -> None:
    # After it was made, so that the journal never tells of a backup that failed; one it can't tell of is not kept.
    try:
        with office.database.transaction() as db:
            write_journal(
                db, at=office.now(), by=office.user.id, act="backup_made", subject="school",
                details={"elsewhere": elsewhere, "automatic": is_automatic},
            )  # fmt: skip
    except BaseException:
        with suppress(OSError):
            file.unlink(missing_ok=True)
        raise


def _write(office: Office, file: Path, *, is_automatic: bool) -> RecordsCount:
    copy, unfinished = file.with_name(file.name + ".copy"), file.with_name(file.name + ".new")
    key = office.database.key
    try:
        copy.touch()  # where nothing can be made there, it is the backup's trouble and not that of the records
        with in_the_offices_words():
            held = copy_records(
                connect=lambda: connect(office.database.path, key), connect_to=lambda path: connect(path, key), to=copy
            )
        write_backup_file(
            unfinished, records=copy, keys=office.paths.keys, made_at=office.now(), held=held,
            is_automatic=is_automatic, key_mark=mark_of_key(key),
        )  # fmt: skip
        put_in_place(unfinished, file)
    finally:
        unfinished.unlink(missing_ok=True)
        remove_database_files(copy)
    return held


def _free_name(folder: Path, stem: str) -> Path:
    wanted, number = folder / f"{stem}{ENDING}", 2
    while wanted.exists():
        wanted, number = folder / f"{stem}-{number}{ENDING}", number + 1
    return wanted
