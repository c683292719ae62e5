"""Records move in file by file: cut short before or after any step, the next start finishes or undoes the move."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Final

import pytest

from cme_desktop.casework.moving_in import clear_rooms, finish_moving_in, make_room, move_in
from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.instance_lock import take_lock

AT: Final = datetime(2026, 11, 10, 9, 40)  # noqa: DTZ001  the office clock
ASIDE: Final = "before-restore-2026-11-10-0940"
OLD: Final = {"keys.json": "old keys", "records.cme": "old records", "records.cme-wal": "old log"}
NEW: Final = {"keys.json": "new keys", "records.cme": "new records"}
STEPS: Final = ((Path, "replace"), (Path, "mkdir"), (Path, "rmdir"), (Path, "unlink"), (shutil, "rmtree"))
"""Whatever changes a folder."""


class PowerCutError(BaseException):
    """The power is cut: nothing after this is done, not even what an error would have undone."""


class Steps:
    """Counts the steps that change a folder, and lets one of them, before or after it is done, be the last."""

    def __init__(self) -> None:
        self.done = 0

    @contextmanager
    def cut(self, at: int, how: Callable[[], BaseException], *, after: bool, once: bool = False) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for owner, name in STEPS:
                patch.setattr(owner, name, self._step(getattr(owner, name), at, how, after=after, once=once))
            yield

    def _step(
        self, real: Callable[..., Any], at: int, how: Callable[[], BaseException], *, after: bool, once: bool
    ) -> Callable[..., Any]:
        def step(*arguments: Any, **more: Any) -> Any:
            self.done += 1
            is_hit = self.done == at if once else self.done >= at
            if is_hit and not after:
                raise how()
            found = real(*arguments, **more)
            if is_hit:
                raise how()
            return found

        return step


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = find_paths(tmp_path / "data")
    (found.backups).mkdir(parents=True)
    (found.backups / "cme-desktop-2026-11-09-160000.cmebackup").write_text("a backup")
    found.log.write_text("what happened")
    for name, text in OLD.items():
        (found.data / name).write_text(text)
    return found


def a_whole_room(paths: Paths) -> Paths:
    room = make_room(paths)
    for name, text in NEW.items():
        (room.data / name).write_text(text)
    return room


def lies_in(folder: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in folder.iterdir() if file.name in OLD}


def assert_one_or_the_other(paths: Paths) -> str:
    """The records are all old ones, or all new ones with the old ones aside; the log and the backups are in place."""
    found, aside = lies_in(paths.data), paths.data / ASIDE
    assert found in (OLD, NEW)
    if found == NEW:
        assert lies_in(aside) == OLD
    else:
        assert not aside.exists()
    assert not (paths.data / "being-made").exists()
    assert (paths.backups / "cme-desktop-2026-11-09-160000.cmebackup").read_text() == "a backup"
    assert paths.log.read_text().startswith("what happened")
    return found["records.cme"]


def count_steps(paths: Paths) -> int:
    steps = Steps()
    with steps.cut(10**6, PowerCutError, after=False):
        move_in(paths, a_whole_room(paths), at=AT)
    return steps.done


def test_what_was_there_is_kept_in_a_folder_with_the_day_in_its_name(paths: Paths) -> None:
    assert move_in(paths, a_whole_room(paths), at=AT) == paths.data / ASIDE

    assert assert_one_or_the_other(paths) == "new records"


def test_a_second_time_in_the_same_minute_has_a_folder_of_its_own(paths: Paths) -> None:
    move_in(paths, a_whole_room(paths), at=AT)

    assert move_in(paths, a_whole_room(paths), at=AT) == paths.data / f"{ASIDE}-2"


def test_records_move_in_though_the_log_beside_them_is_open(paths: Paths) -> None:
    """Windows renames no folder in which a file is open: so the folder stays where it is, and so does the log."""
    handler = RotatingFileHandler(paths.log, encoding="utf-8")
    before = paths.data.stat().st_ino
    try:
        move_in(paths, a_whole_room(paths), at=AT)
        handler.emit(logging.makeLogRecord({"msg": "still here"}))
    finally:
        handler.close()

    assert paths.data.stat().st_ino == before
    assert paths.log.read_text() == "what happenedstill here\n"


@pytest.mark.parametrize("after", [False, True])
def test_cut_at_any_step_the_next_start_finishes_or_undoes_it(tmp_path: Path, paths: Paths, *, after: bool) -> None:
    many = count_steps(find_paths(shutil.copytree(paths.data, tmp_path / "counted")))
    ended = set()
    for at in range(1, many + 1):
        again = find_paths(shutil.copytree(paths.data, tmp_path / f"cut-{at}"))
        room = a_whole_room(again)

        with suppress(PowerCutError), Steps().cut(at, PowerCutError, after=after):
            move_in(again, room, at=AT)
        finish_moving_in(again)

        ended.add(assert_one_or_the_other(again))
    assert many > 6
    assert ended == {"old records", "new records"}


@pytest.mark.parametrize("after", [False, True])
def test_cut_again_while_it_is_finished_the_start_after_that_finishes_it(
    tmp_path: Path, paths: Paths, *, after: bool
) -> None:
    many = count_steps(find_paths(shutil.copytree(paths.data, tmp_path / "counted")))
    for first in range(1, many + 1):
        for second in range(1, many + 1):
            again = find_paths(shutil.copytree(paths.data, tmp_path / f"cut-{first}-{second}"))
            room = a_whole_room(again)
            with suppress(PowerCutError), Steps().cut(first, PowerCutError, after=after):
                move_in(again, room, at=AT)

            with suppress(PowerCutError), Steps().cut(second, PowerCutError, after=after):
                finish_moving_in(again)
            finish_moving_in(again)

            assert_one_or_the_other(again)


def test_an_error_at_any_step_puts_everything_back_as_it_was(tmp_path: Path, paths: Paths) -> None:
    many = count_steps(find_paths(shutil.copytree(paths.data, tmp_path / "counted")))
    refused = 0
    for at in range(1, many + 1):
        again = find_paths(shutil.copytree(paths.data, tmp_path / f"refused-{at}"))
        room = a_whole_room(again)

        with Steps().cut(at, lambda: PermissionError(13, "held by a virus scanner"), after=False, once=True):
            try:
                move_in(again, room, at=AT)
            except CmeError:
                refused += 1
                assert lies_in(again.data) == OLD
        clear_rooms(again)

        assert_one_or_the_other(again)
    assert refused > 4


@pytest.mark.parametrize("after", [False, True])
def test_an_error_and_then_a_cut_while_it_is_put_back_still_ends_whole(
    tmp_path: Path, paths: Paths, *, after: bool
) -> None:
    many = count_steps(find_paths(shutil.copytree(paths.data, tmp_path / "counted")))
    for refused in range(1, many + 1):
        for cut in range(refused + 1, refused + 9):
            again = find_paths(shutil.copytree(paths.data, tmp_path / f"both-{refused}-{cut}"))
            room = a_whole_room(again)

            with (
                suppress(PowerCutError, CmeError),
                Steps().cut(cut, PowerCutError, after=after),
                Steps().cut(refused, lambda: PermissionError(13, "held"), after=False, once=True),
            ):
                move_in(again, room, at=AT)
            finish_moving_in(again)

            assert_one_or_the_other(again)


def test_a_second_window_does_not_finish_what_the_first_is_just_doing(paths: Paths) -> None:
    room = a_whole_room(paths)
    with suppress(PowerCutError), Steps().cut(4, PowerCutError, after=True):
        move_in(paths, room, at=AT)
    before = sorted(file.name for file in paths.data.rglob("*"))
    lock = take_lock(paths.lock)

    finish_moving_in(paths)

    assert sorted(file.name for file in paths.data.rglob("*") if file != paths.lock) == before
    lock.release()
    finish_moving_in(paths)
    assert_one_or_the_other(paths)
