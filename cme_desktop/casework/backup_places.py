"""Where backups are kept: up to three places, the program's own folder first, each known again by its mark.

Looking at a place may take long where it is a share that hangs; what does it needs no open records, so that it is done
apart from the worker that somebody at the desk waits for.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from cme_desktop.casework.kept_backups import list_kept
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.permissions import needs
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.rights import Right
from cme_desktop.paths import Paths
from cme_desktop.storage.backup_places import (
    BackupsKnown,
    Place,
    PlaceKind,
    change_backups_known,
    guess_kind,
    mark_place,
    marker_in,
    read_backups_known,
)
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.local_disk import is_on_share

__all__ = [
    "MOST", "Place", "PlaceKind", "add_place", "change_known", "is_there", "known_backups", "list_folders",
    "look_at_place", "look_at_places", "mark_new_place", "note_place", "take_off_place", "with_what_lies_there",
]  # fmt: skip

MOST: Final = 3


def known_backups(paths: Paths) -> BackupsKnown:
    """Read what is known of the backups; needs no open records, and no place is looked at."""
    return read_backups_known(paths.backup_places, own=paths.backups)


def change_known(paths: Paths, change: Callable[[BackupsKnown], BackupsKnown]) -> BackupsKnown:
    """Write down what is known of the backups."""
    return change_backups_known(paths.backup_places, own=paths.backups, change=change)


def list_folders(paths: Paths) -> tuple[Path, ...]:
    """List the folders, the program's own first; read before anything is unlocked."""
    return tuple(place.folder for place in known_backups(paths).places[:MOST])


def look_at_places(paths: Paths, *, now: Callable[[], datetime]) -> tuple[Place, ...]:
    """Look at each place: whether it is there, and what lies in it; may take long where a share hangs."""
    for folder in list_folders(paths):
        look_at_place(paths, folder, now=now)
    return known_backups(paths).places


def look_at_place(paths: Paths, folder: Path, *, now: Callable[[], datetime]) -> None:
    """Look at one place, and write down what is known of it."""
    place = next((one for one in known_backups(paths).places if one.folder == folder), None)
    if place is not None:
        seen = _look(place, read_key_file(paths.keys).database_id, at=now())
        change_known(paths, lambda known: known.with_place(seen))


def is_there(place: Place, database_id: str) -> bool:
    """Whether a place is the one that was added: its mark lies in it. The program's own folder always is."""
    if place.kind is PlaceKind.COMPUTER:
        return True
    with suppress(OSError):
        if marker_in(place.folder, database_id).is_file():
            return True
        if not place.is_marked and list_kept(place.folder, database_id=database_id):
            mark_place(place.folder, database_id)  # added before places were marked, and it holds what was made there
            return True
    return False


def with_what_lies_there(place: Place, database_id: str, *, at: datetime) -> Place:
    """Say of a place that is there what lies in it; raise ``OSError`` where it can't be read."""
    kept = list_kept(place.folder, database_id=database_id) if place.folder.exists() else ()
    today = at.astimezone(LOCAL_ZONE).date()
    return replace(
        place, count=len(kept), reached_at=at, is_away=False, is_marked=True,
        newest_at=next((one.about.made_at for one in kept if one.about.made_at <= at), None),
        is_odd=any(one.about.is_automatic and one.made_at.date() > today for one in kept),
    )  # fmt: skip


@needs(Right.BACK_UP)
def add_place(office: Office, folder: Path) -> None:
    """Keep backups in one more folder."""
    note_place(office, mark_new_place(office.paths, folder, now=office.now))


def mark_new_place(paths: Paths, folder: Path, *, now: Callable[[], datetime]) -> Place:
    """See that a folder is fit to keep backups in, and put the mark there by which it is known again."""
    known = known_backups(paths).places
    if len(known) >= MOST:
        raise RefusedError(f"Backups are kept in {MOST} places at most.", remedy="Take one off first.")
    if not folder.is_dir():
        raise BadInputError("This folder is not there.", remedy="Put the stick in, or choose another folder.")
    folder = folder.resolve()
    if folder in {one.folder.resolve() for one in known} or folder.is_relative_to(paths.data.resolve()):
        raise RefusedError("Backups are kept there already.", remedy="Choose a folder elsewhere, best on another disk.")
    database_id = read_key_file(paths.keys).database_id
    try:
        mark_place(folder, database_id)
        kind = PlaceKind.SHARE if is_on_share(folder) else guess_kind(folder)
        return with_what_lies_there(Place(kind, folder), database_id, at=now())
    except OSError as error:
        raise BadInputError(
            "Nothing can be written in this folder.",
            detail=say_why(error),
            remedy="Choose a folder in which you may write.",
        ) from None


@needs(Right.BACK_UP)
def note_place(office: Office, place: Place) -> None:
    """Keep backups from now on in a place that was marked."""
    _save(office, lambda others: (*others, place)[: MOST - 1], act="backup place added")


@needs(Right.BACK_UP)
def take_off_place(office: Office, folder: Path) -> None:
    """Keep no more backups in a folder; those that lie there stay."""
    if folder == office.paths.backups:
        raise RefusedError(
            "The program's own folder stays.", remedy="It costs nothing, and is there when a stick is not."
        )
    _save(
        office,
        lambda others: tuple(one for one in others if one.folder != folder),
        act="backup place taken off",
    )


def _save(office: Office, change: Callable[[tuple[Place, ...]], tuple[Place, ...]], *, act: str) -> None:
    with office.database.transaction() as db:
        known = change_known(
            office.paths, lambda now: replace(now, places=(now.own, *change(now.others)))
        )  # fmt: skip
        # not which folder: its name may bear somebody's
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject="school", details={"places": len(known.places)}
        )


def _look(place: Place, database_id: str, *, at: datetime) -> Place:
    try:
        if is_there(place, database_id):
            return with_what_lies_there(place, database_id, at=at)
    except (OSError, CmeError):
        pass
    return replace(place, is_away=place.kind is not PlaceKind.COMPUTER)
