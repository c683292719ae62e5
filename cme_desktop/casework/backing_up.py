"""Copy the records into one file with all that is needed to open it but a password, and bring them back from it.

A backup is a zip archive of the encrypted records and the key file, and of what they held, so that it can be checked.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from cme_desktop.casework.moving_in import clear_rooms, finish_moving_in, holds_records, make_room, move_in
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.casework.second_step import PartKeys
from cme_desktop.casework.sitting_down import keep_head
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.rights import Right
from cme_desktop.paths import Paths
from cme_desktop.storage import vault
from cme_desktop.storage.backup import RecordsCount, copy_records, count_records, examine
from cme_desktop.storage.database import connect
from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.key_file import flush_folder, read_key_file
from cme_desktop.storage.schema import read_version, refuse_newer
from cme_desktop.storage.sqlite_errors import in_the_offices_words

__all__ = [
    "ENDING", "BackupMade", "RecordsCount", "list_people_in", "look_into", "make_backup", "restore_backup",
    "write_backup",
]  # fmt: skip

ENDING: Final = ".cmebackup"
_MOST_OF_A_KEY_FILE: Final = 1024 * 1024
_RECORDS, _KEYS, _ABOUT = "records.cme", "keys.json", "about.json"


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was opened and checked."""

    file: Path
    sha256: str
    bytes: int
    held: RecordsCount


@needs(Right.BACK_UP)
def make_backup(office: Office, *, to: Path | None = None) -> BackupMade:
    """Make a backup in a folder (the program's own, unless said) for whoever asked for it."""
    return write_backup(office, to=to)


@open_to_all
def write_backup(office: Office, *, to: Path | None = None) -> BackupMade:
    """Write a backup into a folder (the program's own, unless said), open it and compare; the day's, whoever opened."""
    folder = to or office.paths.backups
    file = _free_name(folder, f"cme-desktop-{office.local_now:%Y-%m-%d-%H%M%S}")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _clear_unfinished(folder, today=office.today)
        keep_head(office)  # the backup is a witness of how far the journal had come
        held = _write(office, file)
    except OSError as error:
        raise CmeError(
            "The backup can't be written.",
            detail=error.strerror or "",
            remedy="Choose a folder on a disk with enough free space in which you may write.",
        ) from None
    _tell_journal(office, file, elsewhere=to is not None)
    return BackupMade(file, _hash(file), file.stat().st_size, held)


def restore_backup(
    paths: Paths, file: Path, *, user_name: str | None, password: str, replacing: bool = False, code: str = ""
) -> RecordsCount:
    """Bring the records back from a backup, after opening it with the password; existing ones are kept beside.

    Without ``replacing`` a folder that holds records is refused. ``code`` is as in ``look_into``.
    """
    finish_moving_in(paths)
    in_place_of_others = holds_records(paths)
    if in_place_of_others and not replacing:
        raise RefusedError(
            "There are records here already.",
            detail="Bringing the backup back would put them aside.",
            remedy="Choose an empty folder with --data, or say --replace: the old folder is kept beside.",
        )
    lock = take_lock(paths.lock)
    try:
        room = make_room(paths, beside=in_place_of_others)
        _unpack(file, room)
        held = _check(room, user_name=user_name, password=password, code=code)
        lock.release()  # some systems rename no folder in which a file is open
        aside = move_in(paths, room)
    finally:
        lock.release()
        clear_rooms(paths)
    if aside is not None:
        _bring_backups(aside, paths)
    return held


def look_into(paths: Paths, file: Path, *, user_name: str | None, password: str, code: str = "") -> RecordsCount:
    """Open a backup with the password in a room of its own, check it whole, and say what it holds.

    ``code`` is a printed one, where the backup wants one that this computer does not know.
    """
    with TemporaryDirectory(prefix="cme-desktop-", dir=paths.data.parent) as folder:
        room = replace(paths, data=Path(folder))
        _unpack(file, room)
        return _check(room, user_name=user_name, password=password, code=code)


def list_people_in(file: Path) -> tuple[str, ...]:
    """Whose passwords open a backup; none where it can't be read."""
    with TemporaryDirectory(prefix="cme-desktop-") as folder:
        keys = Path(folder) / _KEYS
        try:
            with ZipFile(file) as archive, archive.open(_KEYS) as source:
                keys.write_bytes(source.read(_MOST_OF_A_KEY_FILE))
            return tuple(slot.name for slot in read_key_file(keys).people)
        except (BadZipFile, KeyError, OSError, CmeError):
            return ()


def _bring_backups(aside: Path, paths: Paths) -> None:
    """The backups are no part of what was put aside: they stay with the records that are in use."""
    for name in (paths.backups.name, "backup-places.json"):
        with suppress(OSError):  # they are whole where they are
            if (aside / name).exists() and not (paths.data / name).exists():
                (aside / name).rename(paths.data / name)


def _clear_unfinished(folder: Path, *, today: date) -> None:
    # A backup that was killed leaves its parts; today's may be another copy of the program's, at work.
    for left in folder.glob(f"cme-desktop-*{ENDING}.*"):
        if f"-{today:%Y-%m-%d}-" not in left.name:
            left.unlink(missing_ok=True)


def _tell_journal(office: Office, file: Path, *, elsewhere: bool) -> None:
    # After it was made, so that the journal never tells of a backup that failed; one it can't tell of is not kept.
    try:
        with office.database.transaction() as db:
            write_journal(
                db, at=office.now(), by=office.user.id, act="backup_made", subject="school",
                details={"elsewhere": elsewhere},
            )  # fmt: skip
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def _write(office: Office, file: Path) -> RecordsCount:
    copy, unfinished = file.with_name(file.name + ".copy"), file.with_name(file.name + ".new")
    key = office.database.key
    try:
        with in_the_offices_words():
            held = copy_records(
                connect=lambda: connect(office.database.path, key), connect_to=lambda path: connect(path, key), to=copy
            )
        with ZipFile(unfinished, "w", ZIP_STORED) as archive:
            archive.write(copy, _RECORDS)
            archive.write(office.paths.keys, _KEYS)
            archive.writestr(_ABOUT, json.dumps({"format": 1, "made_at": office.now().isoformat(), **asdict(held)}))
        with ZipFile(unfinished) as archive:
            if archive.testzip() is not None:
                raise CmeError("The backup is not sound.", remedy="Check the disk, and make it again.")
        _flush(unfinished)
        unfinished.replace(file)
        flush_folder(file.parent)
    finally:
        for left in (copy, unfinished, *(copy.with_name(copy.name + end) for end in ("-wal", "-shm"))):
            left.unlink(missing_ok=True)
    return held


def _unpack(file: Path, to: Paths) -> None:
    try:
        with ZipFile(file) as archive:
            for name, path in ((_RECORDS, to.records), (_KEYS, to.keys)):
                _refuse_packed(archive.getinfo(name))
                with archive.open(name) as source, path.open("wb") as target:
                    shutil.copyfileobj(source, target)
                    target.flush()
                    os.fsync(target.fileno())
    except (BadZipFile, KeyError, ValueError, EOFError, RuntimeError):
        raise BadInputError(
            "This file is no backup of this program.",
            detail="It is damaged, or was made by something else.",
            remedy=f"Choose a file that ends in {ENDING}.",
        ) from None
    except OSError as error:
        raise CmeError(
            "The backup can't be read or unpacked.",
            detail=error.strerror or "",
            remedy="Check that the file is there, and that the disk has free space.",
        ) from None


def _refuse_packed(part: ZipInfo) -> None:
    # Ours are stored as they are. A packed one could unpack to far more than the disk holds.
    if part.compress_type != ZIP_STORED or part.file_size != part.compress_size:
        raise BadZipFile("a part is packed")


def _check(paths: Paths, *, user_name: str | None, password: str, code: str) -> RecordsCount:
    people = read_key_file(paths.keys).people
    fitting = [slot for slot in people if user_name is None or slot.name.casefold() == user_name.casefold()]
    if len(fitting) != 1:
        raise BadInputError(
            "It is not clear whose password opens the backup.",
            detail=f"It can be opened by {', '.join(slot.name for slot in people)}.",
            remedy="Give one of these names with --user.",
        )
    part = PartKeys(paths, code)
    key = vault.unlock(paths.keys, user_id=fitting[0].user_id, password=password, part=part)
    with in_the_offices_words():
        refuse_newer(read_version(lambda: connect(paths.records, key)))
    with in_the_offices_words(), closing(connect(paths.records, key)) as raw:
        if not examine(raw):
            raise CmeError("The backup is damaged.", remedy="Choose an older backup.")
        return count_records(raw)


def _free_name(folder: Path, stem: str, *, ending: str = ENDING) -> Path:
    wanted, number = folder / f"{stem}{ending}", 2
    while wanted.exists():
        wanted, number = folder / f"{stem}-{number}{ending}", number + 1
    return wanted


def _flush(file: Path) -> None:
    with file.open("rb+") as opened:
        os.fsync(opened.fileno())


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
