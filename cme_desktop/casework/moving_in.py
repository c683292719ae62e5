"""Put records that were made whole beside into their folder, so that whatever cuts it short, they are not half there.

Keys and records are two files, and no system moves two files at one stroke. So they are made in a room of their own,
which is marked when they are whole; only then are they moved. An error while moving puts everything back as it was;
where the program was killed instead, the move goes on when it is started next.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.durable import flush_folder, take_place

_WHOLE: Final = "whole"


def holds_records(paths: Paths) -> bool:
    """Whether a folder holds records or the keys of some."""
    return paths.records.exists() or paths.keys.exists()


def make_room(paths: Paths, *, beside: bool = False) -> Paths:
    """Give an empty folder to make records in: within their own folder, or ``beside`` it to take its place."""
    inside, outside = _rooms(_real(paths))
    room = outside if beside else inside
    with _in_the_offices_words():
        shutil.rmtree(room.data, ignore_errors=True)
        room.data.mkdir(parents=True)
    return room


def move_in(paths: Paths, room: Paths) -> Path | None:
    """Put the whole records made in a room where they belong, all or nothing; existing ones are kept beside.

    Gives the folder in which those are kept now; None where there were none.
    """
    paths = _real(paths)
    with _in_the_offices_words():
        (room.data / _WHOLE).touch()
        flush_folder(room.data)
        aside = _put_aside(paths) if holds_records(paths) else None
        try:
            _carry(room, paths)
        except OSError:
            if aside is None:
                paths.keys.unlink(missing_ok=True)
                paths.records.unlink(missing_ok=True)
            else:
                shutil.rmtree(paths.data, ignore_errors=True)
                aside.rename(paths.data)
            raise
    return aside


def finish_moving_in(paths: Paths) -> None:
    """Go on with a move that was cut short; nothing happens where there was none, or it had not begun."""
    paths = _real(paths)
    for room in _rooms(paths):
        has_begun = not room.keys.exists() or not holds_records(paths)
        if has_begun and (room.data / _WHOLE).exists():
            with _in_the_offices_words():
                _carry(room, paths)


def clear_rooms(paths: Paths) -> None:
    """Take the rooms away with whatever is left in them."""
    for room in _rooms(_real(paths)):
        shutil.rmtree(room.data, ignore_errors=True)


def _real(paths: Paths) -> Paths:
    # A folder given as “.”, or by a link, has no name to put another beside.
    return replace(paths, data=paths.data.resolve())


def _rooms(paths: Paths) -> tuple[Paths, Paths]:
    beside = paths.data.with_name(paths.data.name + ".restoring")
    return replace(paths, data=paths.data / "being-made"), replace(paths, data=beside)


def _put_aside(paths: Paths) -> Path:
    wanted, number = paths.data.with_name(f"{paths.data.name}.before-restore"), 2
    while wanted.exists():
        wanted, number = paths.data.with_name(f"{paths.data.name}.before-restore-{number}"), number + 1
    return paths.data.rename(wanted)


def _carry(room: Paths, paths: Paths) -> None:
    paths.data.mkdir(parents=True, exist_ok=True)
    # The keys first: without them the records would look finished, and be shut.
    for source, target in ((room.keys, paths.keys), (room.records, paths.records)):
        if source.exists():
            take_place(source, target)
    flush_folder(paths.data)
    flush_folder(paths.data.parent)
    shutil.rmtree(room.data, ignore_errors=True)


@contextmanager
def _in_the_offices_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CmeError(
            "The folder of the records can't be written.",
            detail=say_why(error),
            remedy="Make sure that you may write to it and to the one above, and that the disk has free space.",
        ) from None
