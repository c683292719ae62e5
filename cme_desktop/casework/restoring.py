"""Bring the records back from a backup: whose password opens it, what it holds, and putting it in place.

What is brought back is opened and checked first, in a room of its own. Only then does it take the place of the records
that are there, and those are kept. A wrong password counts as one typed at the unlock window.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cme_desktop.casework.guessing import note_wrong, refuse_too_soon
from cme_desktop.casework.moving_in import clear_rooms, finish_moving_in, holds_records, make_room, move_in
from cme_desktop.casework.office import LOCAL_ZONE
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.paths import Paths
from cme_desktop.storage import vault
from cme_desktop.storage.backup import RecordsCount, count_records, examine
from cme_desktop.storage.backup_file import unpack, unpack_keys
from cme_desktop.storage.database import connect
from cme_desktop.storage.instance_lock import take_lock
from cme_desktop.storage.key_file import KeySlot, read_key_file
from cme_desktop.storage.schema import read_version, refuse_newer
from cme_desktop.storage.sqlite_errors import in_the_offices_words


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
) -> Restored:
    """Bring the records back from a backup, after opening it with the password; existing ones are kept aside.

    Without ``replacing`` a folder that holds records is refused.
    """
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
        held = _check(paths, room, user_name=user_name, password=password, now=now)
        aside = move_in(paths, room, at=now().astimezone(LOCAL_ZONE))
    finally:
        lock.release()
        clear_rooms(paths)
    return Restored(held, aside)


def look_into(
    paths: Paths, file: Path, *, user_name: str | None, password: str, now: Callable[[], datetime]
) -> RecordsCount:
    """Open a backup with the password in a room of its own, check it whole, and say what it holds."""
    with TemporaryDirectory(prefix="cme-desktop-", dir=paths.data.parent) as folder:
        room = replace(paths, data=Path(folder))
        unpack(file, records=room.records, keys=room.keys)
        return _check(paths, room, user_name=user_name, password=password, now=now)


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
    paths: Paths, room: Paths, *, user_name: str | None, password: str, now: Callable[[], datetime]
) -> RecordsCount:
    key = _open(paths, room, _slot_of(room, user_name), password=password, at=now())
    with in_the_offices_words():
        refuse_newer(read_version(lambda: connect(room.records, key)))
    with in_the_offices_words(), closing(connect(room.records, key)) as raw:
        if not examine(raw):
            raise CmeError("The backup is damaged.", remedy="Choose an older backup.")
        return count_records(raw)


def _open(paths: Paths, room: Paths, slot: KeySlot, *, password: str, at: datetime) -> bytes:
    """Try one password, slowed and counted as at the unlock window.

    A right one does not begin the count anew: the copy may be of somebody's own making, with a password they chose.
    """
    refuse_too_soon(paths.tries, user_id=slot.user_id, now=at)
    try:
        return vault.unlock(room.keys, user_id=slot.user_id, password=password)
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
