"""Where backups are kept: up to three places, the program's own folder first, each reached or away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from cme_desktop.casework.kept_backups import made_at
from cme_desktop.casework.office import Office
from cme_desktop.casework.permissions import needs
from cme_desktop.casework.whole_file import write_whole_file
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.domain.rights import Right
from cme_desktop.paths import Paths
from cme_desktop.storage.journal import write_journal

MOST: Final = 3


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """A place as it is now: ``newest`` by the office clock, and how many backups lie there.

    One dated after today, by a clock that ran ahead, is not the newest.
    ``is_there`` is False for a stick that is not in, or a share that can't be reached.
    """

    folder: Path
    is_own: bool
    is_there: bool
    newest: datetime | None
    count: int


def list_folders(paths: Paths) -> tuple[Path, ...]:
    """List the folders, the program's own first; read before anything is unlocked."""
    try:
        told = json.loads(_file(paths).read_text("utf-8"))
        others = tuple(Path(folder) for folder in told["folders"])
    except (OSError, ValueError, KeyError, TypeError):
        others = ()
    return (paths.backups, *others[: MOST - 1])


@needs(Right.BACK_UP)
def look_at_places(office: Office) -> tuple[PlaceFound, ...]:
    """Look at each place for whoever keeps the backups."""
    return find_places(office.paths, today=office.today)


def find_places(paths: Paths, *, today: date) -> tuple[PlaceFound, ...]:
    """Look at each place: whether it is there, and what lies in it."""
    return tuple(_look(folder, is_own=folder == paths.backups, today=today) for folder in list_folders(paths))


@needs(Right.BACK_UP)
def add_place(office: Office, folder: Path) -> None:
    """Keep backups in one more folder."""
    known = list_folders(office.paths)
    if len(known) >= MOST:
        raise RefusedError(f"Backups are kept in {MOST} places at most.", remedy="Take one off first.")
    if not folder.is_dir():
        raise BadInputError("This folder is not there.", remedy="Put the stick in, or choose another folder.")
    if folder.resolve() in {one.resolve() for one in known} or folder.resolve() == office.paths.data.resolve():
        raise RefusedError("Backups are kept there already.", remedy="Choose a folder elsewhere, best on another disk.")
    _save(office, (*known[1:], folder), act="backup place added")


@needs(Right.BACK_UP)
def take_off_place(office: Office, folder: Path) -> None:
    """Keep no more backups in a folder; those that lie there stay."""
    if folder == office.paths.backups:
        raise RefusedError(
            "The program's own folder stays.", remedy="It costs nothing, and is there when a stick is not."
        )
    _save(office, tuple(one for one in list_folders(office.paths)[1:] if one != folder), act="backup place taken off")


def _save(office: Office, others: tuple[Path, ...], *, act: str) -> None:
    told = json.dumps({"folders": [str(folder) for folder in others]}, ensure_ascii=False, indent=2)
    with office.database.transaction() as db:
        # not which folder: its name may bear somebody's
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject="school", details={"places": len(others) + 1}
        )
        write_whole_file(_file(office.paths), told.encode("utf-8"))


def _look(folder: Path, *, is_own: bool, today: date) -> PlaceFound:
    try:
        made = [at for file in folder.iterdir() if (at := made_at(file.name)) is not None]
    except OSError:
        return PlaceFound(folder, is_own, is_there=is_own, newest=None, count=0)
    newest = max((at for at in made if at.date() <= today), default=None)
    return PlaceFound(folder, is_own, is_there=True, newest=newest, count=len(made))


def _file(paths: Paths) -> Path:
    return paths.data / "backup-places.json"
