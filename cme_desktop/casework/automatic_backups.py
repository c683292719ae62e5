"""Backups that nobody has to think of: made beside the records, then taken to every place that is there.

Making one needs the open records, and waits for this computer's own disk alone. Taking it elsewhere needs none: it
waits for sticks and shares, so that it is done apart from the worker that somebody at the desk waits for.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cme_desktop.casework.backing_up import clear_unfinished, write_backup
from cme_desktop.casework.backup_places import change_known, is_there, known_backups, with_what_lies_there
from cme_desktop.casework.kept_backups import list_kept, thin_out
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.rights import Right
from cme_desktop.storage.backup_file import copy_backup_file, is_whole, mark_of_key, read_about
from cme_desktop.storage.backup_places import Place, PlaceKind
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.journal import newest_entry
from cme_desktop.storage.key_file import read_key_file

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.casework.kept_backups import KeptBackup
    from cme_desktop.paths import Paths
    from cme_desktop.storage.backup import RecordsCount

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A backup beside the records, opened and checked, to be taken elsewhere; ``is_new``: made a moment ago."""

    file: Path
    database_id: str
    held: RecordsCount
    is_new: bool


@dataclass(frozen=True, slots=True)
class PlaceBackedUp:
    """What came of a place where a backup was wanted: it lies there whole, or why not."""

    folder: Path
    file: Path | None
    problem: CmeError | None = None


# -- made beside the records ---------------------------------------------------------------------------------------


@open_to_all
def prepare_if_due(office: Office) -> Prepared:
    """Make the day's backup where there is none of today; give the newest automatic one.

    One that somebody asked for is not the day's: it is theirs to delete.
    """
    newest = _newest(office)
    if newest is not None and newest.made_at.date() == office.today and _is_of_this_key(office, newest):
        return Prepared(newest.file, newest.about.database_id, newest.about.held, is_new=False)
    return _prepare(office, is_automatic=True)


@open_to_all
def prepare_on_closing(office: Office) -> Prepared:
    """Make a backup unless nothing was written since the last automatic one; give the newest."""
    newest = _newest(office)
    with office.database.reading() as db:
        has_changed = newest_entry(db)[0] != known_backups(office.paths).reaches_entry
    if newest is not None and not has_changed:
        return Prepared(newest.file, newest.about.database_id, newest.about.held, is_new=False)
    return _prepare(office, is_automatic=True)


@needs(Right.BACK_UP)
def prepare_now(office: Office) -> Prepared:
    """Make a backup for whoever asks; it is kept until somebody deletes it."""
    return _prepare(office, is_automatic=False)


def _prepare(office: Office, *, is_automatic: bool) -> Prepared:
    try:
        made = write_backup(office, is_automatic=is_automatic)
    except CmeError as error:
        why = error.title
        with suppress(CmeError):
            change_known(office.paths, lambda known: replace(known, failed=why))
        raise
    database_id = read_key_file(office.paths.keys).database_id
    with office.database.reading() as db:
        reaches = newest_entry(db)[0]
    with suppress(CmeError, OSError):  # it is made, whatever can be written down of it
        own = with_what_lies_there(known_backups(office.paths).own, database_id, at=office.now())
        change_known(
            office.paths,
            lambda known: replace(
                known.with_place(own), failed="", reaches_entry=reaches if is_automatic else known.reaches_entry
            ),
        )
    return Prepared(made.file, database_id, made.held, is_new=True)


def _newest(office: Office) -> KeptBackup | None:
    """The newest whole automatic backup beside the records; one of a day to come is none, for a clock was wrong."""
    database_id = read_key_file(office.paths.keys).database_id
    with suppress(OSError):
        for one in list_kept(office.paths.backups, database_id=database_id):
            if one.about.is_automatic and one.made_at.date() <= office.today and is_whole(one.file):
                return one
    return None


def _is_of_this_key(office: Office, backup: KeptBackup) -> bool:
    # The records get a new key when somebody leaves, who could still open what was made before.
    return backup.about.key_mark == mark_of_key(office.database.key)


# -- taken elsewhere -----------------------------------------------------------------------------------------------


def deliver(paths: Paths, prepared: Prepared, *, now: Callable[[], datetime]) -> tuple[PlaceBackedUp, ...]:
    """Take a backup to every place that is there and does not hold it yet, and thin out the older ones everywhere.

    Says what came of each place where something was wanted. One that is away, or full, stops nothing.
    """
    came = (deliver_to(paths, prepared, place.folder, now=now) for place in known_backups(paths).places)
    return tuple(one for one in came if one is not None)


def deliver_to(paths: Paths, prepared: Prepared, folder: Path, *, now: Callable[[], datetime]) -> PlaceBackedUp | None:
    """Do so in one place; None where nothing was wanted there, or it is away."""
    place = next((one for one in known_backups(paths).places if one.folder == folder), None)
    if place is None:
        return None  # taken off meanwhile
    seen, came = _deliver_to(place, prepared, at=now())
    with suppress(CmeError):
        change_known(paths, lambda known: known.with_place(seen))
    return came


def _deliver_to(place: Place, prepared: Prepared, *, at: datetime) -> tuple[Place, PlaceBackedUp | None]:
    is_own = place.kind is PlaceKind.COMPUTER
    target = prepared.file
    today = at.astimezone(LOCAL_ZONE).date()
    try:
        if not is_there(place, prepared.database_id):
            return replace(place, is_away=True), None
        is_wanted = prepared.is_new
        if not is_own:
            target, is_wanted = _find_in(place.folder, prepared.file)
        if not is_own and is_wanted:
            clear_unfinished(place.folder, today=today)
            copy_backup_file(prepared.file, target)
        if prepared.is_new or is_wanted:
            _thin_out(place, prepared, target, today=today)
        seen = replace(with_what_lies_there(place, prepared.database_id, at=at), problem="")
    except (OSError, CmeError) as error:
        if not is_there(place, prepared.database_id):  # taken out meanwhile
            return replace(place, is_away=True), None
        problem = error if isinstance(error, CmeError) else _say(error)
        return replace(place, is_away=False, reached_at=at, problem=problem.title), PlaceBackedUp(
            place.folder, None, problem
        )
    return seen, PlaceBackedUp(place.folder, target) if is_wanted else None


def _find_in(folder: Path, file: Path) -> tuple[Path, bool]:
    """Where in a folder a backup is to lie, and whether it is still to be taken there.

    One of the same name may be another school's of the same second, or was cut short.
    """
    about, number = read_about(file), 1
    while True:
        target = folder / (file.name if number == 1 else f"{file.stem}-{number}{file.suffix}")
        if not target.exists():
            return target, True
        with suppress(CmeError):
            if read_about(target) == about:
                return target, False
        number += 1


def _thin_out(place: Place, prepared: Prepared, newest: Path, *, today: date) -> None:
    with suppress(OSError):  # the backup is there: what is old goes another day
        thin_out(place.folder, database_id=prepared.database_id, newest=newest, today=today)


def _say(error: OSError) -> CmeError:
    title = "There is no room left there." if error.errno in _NO_ROOM else "The backup can't be written there."
    return CmeError(
        title,
        detail=say_why(error),
        remedy="Choose a folder on a disk with enough free space in which you may write.",
    )


def say_unmade(places: tuple[PlaceBackedUp, ...], *, own: Path) -> CmeError | None:
    """Say what kept the first backup from being made, or from being taken to a place; None where all is well."""
    failed = next((place for place in places if place.problem is not None), None)
    if failed is None or failed.problem is None:
        return None
    return CmeError(
        "Today's backup could not be made." if failed.folder == own else "Today's backup is not in every place yet.",
        detail=f"{failed.folder}: {failed.problem.detail or failed.problem.title}",
        remedy="Free some space there or choose another folder, then make it: File, Backups.",
    )


# -- both at once, for a command or a test -------------------------------------------------------------------------


@open_to_all
def back_up_if_due(office: Office) -> tuple[PlaceBackedUp, ...]:
    """Make the day's backup where it is due, and take it wherever it is missing."""
    return deliver(office.paths, prepare_if_due(office), now=office.now)


@open_to_all
def back_up_on_closing(office: Office) -> tuple[PlaceBackedUp, ...]:
    """Make a backup unless nothing was written since the last, and take it wherever it is missing."""
    return deliver(office.paths, prepare_on_closing(office), now=office.now)


@needs(Right.BACK_UP)
def back_up_now(office: Office) -> tuple[PlaceBackedUp, ...]:
    """Make a backup for whoever asks, in each place that is there."""
    return deliver(office.paths, prepare_now(office), now=office.now)
