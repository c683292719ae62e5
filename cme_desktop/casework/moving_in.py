"""Put records that were made whole into their folder, so that whatever cuts it short, they are not half there.

Keys and records are two files, and no system moves two files at one stroke. So they are made in a room of their own,
which is marked when they are whole; only then are they moved. An error while moving puts everything back as it was;
where the program was killed instead, the move goes on when it is started next. Records that are in the way are moved
aside, file by file: Windows renames no folder in which a file is open, and the program's log lies there.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths
from cme_desktop.storage.disk_errors import say_why
from cme_desktop.storage.durable import flush_folder, put_in_place, take_place

ASIDE: Final = "before-restore"
_WHOLE: Final = "whole"
_BESIDE_RECORDS: Final = ("-wal", "-shm", "-journal")


def holds_records(paths: Paths) -> bool:
    """Whether a folder holds records or the keys of some."""
    return paths.records.exists() or paths.keys.exists()


def make_room(paths: Paths) -> Paths:
    """Give an empty folder to make records in, within their own folder."""
    room = _room(paths)
    with _in_the_offices_words():
        _take_away(room.data)
        room.data.mkdir(parents=True)
    return room


def move_in(paths: Paths, room: Paths, *, at: datetime | None = None) -> Path | None:
    """Put the whole records made in a room where they belong, all or nothing.

    Records that are there already are kept in a folder named after the day and time, ``at``; give that folder, or None.
    """
    aside = _free_aside(paths, at) if at is not None and holds_records(paths) else None
    with _in_the_offices_words():
        _mark_whole(room, aside)
        try:
            if aside is not None:
                aside.mkdir()
            flush_folder(paths.data)
            _carry(room, paths, aside)
        except OSError:
            _carry_back(room, paths, aside)
            raise
    return aside


def finish_moving_in(paths: Paths) -> None:
    """Go on with a move that was cut short, and take away a room whose move had not begun."""
    room = _room(paths)
    if not room.data.exists():
        return
    from cme_desktop.storage.instance_lock import take_lock  # noqa: PLC0415  brings the database in, seldom needed
    from cme_desktop.storage.sqlite_errors import RecordsInUseError  # noqa: PLC0415  as above

    try:
        lock = take_lock(paths.lock)
    except RecordsInUseError:
        return  # another copy of the program is moving in just now
    try:
        with _in_the_offices_words():
            _finish(room, paths)
    finally:
        lock.release()


def clear_rooms(paths: Paths) -> None:
    """Take the room away with whatever is left in it."""
    _take_away(_room(paths).data)


def _take_away(folder: Path) -> None:
    from shutil import rmtree  # noqa: PLC0415  the first window waits for it

    rmtree(folder, ignore_errors=True)


def _room(paths: Paths) -> Paths:
    return replace(paths, data=paths.data / "being-made")


def _free_aside(paths: Paths, at: datetime) -> Path:
    stem = f"{ASIDE}-{at:%Y-%m-%d-%H%M}"
    wanted, number = paths.data / stem, 2
    while wanted.exists():
        wanted, number = paths.data / f"{stem}-{number}", number + 1
    return wanted


def _mark_whole(room: Paths, aside: Path | None) -> None:
    unfinished = room.data / f"{_WHOLE}.new"
    with unfinished.open("w", encoding="utf-8") as mark:
        mark.write(aside.name if aside else "")
    put_in_place(unfinished, room.data / _WHOLE)


def _finish(room: Paths, paths: Paths) -> None:
    mark = room.data / _WHOLE
    if mark.exists():
        name = mark.read_text("utf-8")
        aside = paths.data / name if name else None
        has_begun = aside.exists() if aside else not room.keys.exists() or not holds_records(paths)
        if has_begun:
            _carry(room, paths, aside)
    _take_away(room.data)


def _carry(room: Paths, paths: Paths, aside: Path | None) -> None:
    """Move each file in; where an old one of its name is there, that one aside first. It may be begun again.

    A file that is still in the room has not been moved in, so that what bears its name is an old one.
    """
    paths.data.mkdir(parents=True, exist_ok=True)
    # The keys first: without them the records would look finished, and be shut.
    for source, target in ((room.keys, paths.keys), (room.records, paths.records)):
        if not source.exists():
            continue
        if aside is not None:
            for old in _old_files(target, paths):
                take_place(old, aside / old.name)
            flush_folder(aside)
        take_place(source, target)
    flush_folder(paths.data)
    flush_folder(paths.data.parent)
    _take_away(room.data)


def _carry_back(room: Paths, paths: Paths, aside: Path | None) -> None:
    """Put everything as it was before the move began; cut short, the move goes on from there when started next."""
    for source, target in ((room.records, paths.records), (room.keys, paths.keys)):
        is_moved = not source.exists() and target.exists()
        if is_moved and room.data.exists():
            take_place(target, source)
    if aside is not None and aside.exists():
        for old in sorted(aside.iterdir(), reverse=True):
            take_place(old, paths.data / old.name)
        aside.rmdir()


def _old_files(target: Path, paths: Paths) -> tuple[Path, ...]:
    """A file and, of the records, what SQLite keeps beside them: left behind it would be taken for the new ones'."""
    logs = [target.with_name(target.name + ending) for ending in _BESIDE_RECORDS] if target == paths.records else []
    return tuple(file for file in (*logs, target) if file.exists())


@contextmanager
def _in_the_offices_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CmeError(
            "The folder of the records can't be written.",
            detail=say_why(error),
            remedy="Make sure that you may write to it, and that the disk has free space.",
        ) from None
