"""Backups that nobody has to think of: one a day in each place that can be reached, and the old ones thinned out."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cme_desktop.casework.backing_up import write_backup
from cme_desktop.casework.backup_places import find_places
from cme_desktop.casework.kept_backups import choose_kept, made_at
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.rights import Right
from cme_desktop.storage.journal import find_newest_act

if TYPE_CHECKING:
    from datetime import date

    from cme_desktop.casework.backing_up import BackupMade
    from cme_desktop.casework.office import Office


@dataclass(frozen=True, slots=True)
class PlaceBackedUp:
    """What came of a place: the backup made there, or why none was."""

    folder: Path
    made: BackupMade | None
    problem: CmeError | None = None


@open_to_all
def back_up_if_due(office: Office) -> tuple[PlaceBackedUp, ...]:
    """Make a backup in each place that is there and has none of today; each is opened and checked."""
    return _back_up(office, is_asked=False)


@needs(Right.BACK_UP)
def back_up_now(office: Office) -> tuple[PlaceBackedUp, ...]:
    """Make a backup in each place that is there."""
    return _back_up(office, is_asked=True)


def say_unmade(places: tuple[PlaceBackedUp, ...]) -> CmeError | None:
    """Say what kept the first backup from being made; None where all were."""
    failed = next((place for place in places if place.problem is not None), None)
    if failed is None or failed.problem is None:
        return None
    return CmeError(
        "Today's backup could not be made.", detail=f"{failed.folder}: {failed.problem.detail or failed.problem.title}",
        remedy="Free some space there or choose another folder, then make it: File, Backups.",
    )  # fmt: skip


@open_to_all
def back_up_on_closing(office: Office) -> tuple[PlaceBackedUp, ...]:
    """Make a backup in each place that is there, unless nothing was written since the last."""
    with office.database.reading() as db:
        act = find_newest_act(db)
    return () if act == "backup_made" else _back_up(office, is_asked=True)


def _back_up(office: Office, *, is_asked: bool) -> tuple[PlaceBackedUp, ...]:
    found = []
    for place in find_places(office.paths, today=office.today):
        is_done = place.newest is not None and place.newest.date() >= office.today
        if not place.is_there or (is_done and not is_asked):
            continue
        try:
            made = write_backup(office, to=None if place.is_own else place.folder)
        except CmeError as problem:
            found.append(PlaceBackedUp(place.folder, None, problem))
            continue
        thin_out(place.folder, today=office.today)
        found.append(PlaceBackedUp(place.folder, made))
    return tuple(found)


def thin_out(folder: Path, *, today: date) -> tuple[str, ...]:
    """Take away the backups that are not to be kept, once a newer one was checked; give their names."""
    try:
        names = [file.name for file in folder.iterdir() if made_at(file.name) is not None]
    except OSError:
        return ()
    gone = sorted(set(names) - choose_kept(names, today=today))
    for name in gone:
        with suppress(OSError):  # a scanner that holds it, a stick just pulled out: it goes the next time
            (folder / name).unlink(missing_ok=True)
    return tuple(gone)
