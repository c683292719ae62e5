"""Bring the records back from a backup: whose password opens it, what it holds, and putting it in place.

What is brought back is opened and checked first, in a room of its own. Only then does it take the place of the records
that are there, and those are kept. A wrong password counts as one typed at the unlock window.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cme_desktop.casework.guessing import note_wrong, refuse_too_soon
from cme_desktop.casework.moving_in import clear_rooms, finish_moving_in, holds_records, make_room, move_in
from cme_desktop.casework.office import LOCAL_ZONE, Office, SignedInUser
from cme_desktop.casework.permissions import NotYoursError
from cme_desktop.casework.second_step import PartKeys
from cme_desktop.casework.sitting_down import sit_down
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.rights import Right, may
from cme_desktop.paths import Paths
from cme_desktop.storage import vault
from cme_desktop.storage.backup import Contents, RecordsCount, count_records, examine, read_contents, role_in
from cme_desktop.storage.backup_file import read_about, unpack, unpack_keys
from cme_desktop.storage.database import connect, open_database
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.key_file import KeySlot, read_key_file
from cme_desktop.storage.local_disk import refuse_network_share
from cme_desktop.storage.schema import SCHEMA_VERSION, read_version, refuse_newer
from cme_desktop.storage.sqlite_errors import in_the_offices_words
from cme_desktop.storage.users import list_users


@dataclass(frozen=True, slots=True)
class Inside:
    """What a backup holds, and what the records here do; ``present`` is None where its key does not open those.

    ``is_same_school`` is None where there are no records here to compare with. ``noted_here`` is the number of the
    newest entry here that the key file knows.
    """

    held: Contents
    present: Contents | None
    is_same_school: bool | None
    noted_here: int | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """The records are back: what they hold, and the folder in which those are kept that were there; None where none."""

    held: RecordsCount
    aside: Path | None


def restore_backup(
    paths: Paths,
    file: Path,
    *,
    user_name: str | None,
    password: str,
    now: Callable[[], datetime],
    replacing: bool = False,
    code: str = "",
) -> Restored:
    """Bring the records back from a backup, after opening it with the password; existing ones are kept aside.

    Without ``replacing`` a folder that holds records is refused. ``code`` is as in ``look_into``.
    """
    refuse_network_share(paths.data)
    finish_moving_in(paths)
    if holds_records(paths) and not replacing:
        raise RefusedError(
            "There are records here already.",
            detail="Bringing the backup back would put them aside.",
            remedy="Choose an empty folder with --data, or say --replace: those that are here are kept aside.",
        )
    lock = take_lock(paths.lock)
    try:
        room = make_room(paths)
        unpack(file, records=room.records, keys=room.keys)
        unlocked = _check(paths, room, user_name=user_name, password=password, code=code, now=now)
        with in_the_offices_words(), closing(connect(room.records, unlocked.key)) as raw:
            _refuse_role(role_in(raw, unlocked.slot.user_id))
            held = count_records(raw)
        _tell_journal(room, unlocked, file, now=now)
        aside = move_in(paths, room, at=now().astimezone(LOCAL_ZONE))
    finally:
        lock.release()
        clear_rooms(paths)
    return Restored(held, aside)


def look_into(
    paths: Paths, file: Path, *, user_name: str | None, password: str, now: Callable[[], datetime], code: str = ""
) -> Inside:
    """Open a backup with the password in a room of its own, check it whole, and say what it and the records here hold.

    The records here are opened with the key of the backup, and no password is tried on them. ``code`` is a printed one,
    where the backup wants one that this computer does not know.
    """
    refuse_network_share(paths.data)
    room = replace(paths, data=paths.look_inside)
    shutil.rmtree(room.data, ignore_errors=True)  # of a look that was killed
    try:
        _make_folder(room.data)
        unpack(file, records=room.records, keys=room.keys)
        unlocked = _check(paths, room, user_name=user_name, password=password, code=code, now=now)
        with in_the_offices_words(), closing(connect(room.records, unlocked.key)) as raw:
            held = read_contents(raw)
        present = _read_present(paths, unlocked.key)
        return Inside(held, present, is_same_school=_are_alike(paths, room), noted_here=_entries_noted(paths))
    finally:
        shutil.rmtree(room.data, ignore_errors=True)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise CmeError(
            "The copy can't be unpacked to be looked into.",
            detail=say_why(error),
            remedy="Make sure that you may write to the folder of the records and that the disk is not full.",
        ) from None


def list_people_in(file: Path) -> tuple[str, ...]:
    """Whose passwords open a backup; none where it can't be read."""
    with TemporaryDirectory(prefix="cme-desktop-") as folder:
        keys = Path(folder) / "keys.json"
        try:
            unpack_keys(file, keys)
            return tuple(slot.name for slot in read_key_file(keys).people)
        except (OSError, CmeError):
            return ()


def _check(
    paths: Paths, room: Paths, *, user_name: str | None, password: str, code: str, now: Callable[[], datetime]
) -> vault.Unlocked:
    unlocked = _open(paths, room, _slot_of(room, user_name), password=password, code=code, at=now())
    with in_the_offices_words():
        refuse_newer(read_version(lambda: connect(room.records, unlocked.key)))
    with in_the_offices_words(), closing(connect(room.records, unlocked.key)) as raw:
        if not examine(raw):
            raise CmeError("The backup is damaged.", remedy="Choose an older backup.")
    return unlocked


def _refuse_role(role: str) -> None:
    """Refuse whoever may not make backups: what is here would be put aside. Looking into one shows counts alone."""
    if role in {one.value for one in Role} and not may(Role(role), Right.BACK_UP):
        raise NotYoursError(Right.BACK_UP)


def _tell_journal(room: Paths, unlocked: vault.Unlocked, file: Path, *, now: Callable[[], datetime]) -> None:
    """Write in the records, before they are in place, that they were brought back, signed by whose password it was.

    Where it can't be, as in an older version's, they are brought back all the same.
    """
    key, own = unlocked.key, unlocked.own
    with in_the_offices_words():
        version = read_version(lambda: connect(room.records, key))
    if own is None or not unlocked.is_settled or version != SCHEMA_VERSION:
        return
    with closing(open_database(room.records, key)) as database, suppress(CmeError):
        with database.reading() as db:
            user = next((one for one in list_users(db) if one.id == unlocked.slot.user_id and one.active), None)
        if user is None:
            return
        office = Office(database, now, SignedInUser(user.id, user.name, user.role), room)
        sit_down(office, unlocked)
        made = read_about(file).made_at.astimezone(LOCAL_ZONE).date()
        with database.transaction() as db:
            write_journal(
                db, at=now(), by=user.id, act="records_restored", subject="records",
                details={"made_on": made.isoformat()},
            )  # fmt: skip


def _read_present(paths: Paths, key: bytes) -> Contents | None:
    if not paths.records.is_file():
        return None
    try:
        with in_the_offices_words(), closing(connect(paths.records, key)) as raw:
            return read_contents(raw)
    except CmeError:
        return None


def _entries_noted(paths: Paths) -> int | None:
    try:
        head = read_key_file(paths.keys).head
    except CmeError:
        return None
    return None if head is None else head.number


def _are_alike(paths: Paths, room: Paths) -> bool | None:
    if not holds_records(paths):
        return None
    try:
        return read_key_file(paths.keys).database_id == read_key_file(room.keys).database_id
    except CmeError:
        return None


def _open(paths: Paths, room: Paths, slot: KeySlot, *, password: str, code: str, at: datetime) -> vault.Unlocked:
    """Try one password, slowed and counted as at the unlock window.

    A right one does not begin the count anew: the copy may be of somebody's own making, with a password they chose.
    """
    refuse_too_soon(paths.tries, user_id=slot.user_id, now=at)
    try:
        return vault.open_slot(room.keys, user_id=slot.user_id, password=password, part=PartKeys(paths, code))
    except vault.WrongPasswordError:
        note_wrong(paths.tries, user_id=slot.user_id, now=at)
        raise


def _slot_of(room: Paths, user_name: str | None) -> KeySlot:
    people = read_key_file(room.keys).people
    fitting = [slot for slot in people if user_name is None or slot.name.casefold() == user_name.casefold()]
    if len(fitting) != 1:
        raise BadInputError(
            "It is not clear whose password opens the backup.",
            detail=f"It can be opened by {', '.join(slot.name for slot in people)}.",
            remedy="Give one of these names with --user.",
        )
    return fitting[0]
