"""Guessing at a backup is slowed as guessing at the unlock window is, and neither gets round the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.guessing import FREE_TRIES, TooManyTriesError
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.restoring import look_into, restore_backup
from cme_desktop.casework.setting_up import set_up
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.vault import WrongPasswordError
from tests.casework.test_opening import ME, PASSWORD, a_school, now, paths, template

__all__ = ["paths", "template"]  # fixtures


@pytest.fixture
def backup(paths: Paths, tmp_path: Path) -> Path:
    office = open_office(paths, user_id=ME, password=PASSWORD, now=now)
    made = make_backup(office, to=tmp_path / "stick").file
    office.database.close()
    return made


def guess_inside(paths: Paths, backup: Path, times: int) -> None:
    for _ in range(times):
        with pytest.raises(WrongPasswordError):
            look_into(paths, backup, user_name=None, password="not this one", now=now)


def in_half_a_minute() -> datetime:
    return now() + timedelta(seconds=30)


def test_after_a_few_wrong_ones_a_look_inside_has_to_wait_and_so_does_a_restore(paths: Paths, backup: Path) -> None:
    guess_inside(paths, backup, FREE_TRIES + 1)

    with pytest.raises(TooManyTriesError):
        look_into(paths, backup, user_name=None, password=PASSWORD, now=now)
    with pytest.raises(TooManyTriesError):
        restore_backup(paths, backup, user_name=None, password=PASSWORD, now=now, replacing=True)
    assert look_into(paths, backup, user_name=None, password=PASSWORD, now=in_half_a_minute).held.pupils == 0


def test_what_was_guessed_at_a_backup_counts_at_the_unlock_window(paths: Paths, backup: Path) -> None:
    guess_inside(paths, backup, FREE_TRIES + 1)

    with pytest.raises(TooManyTriesError):
        open_office(paths, user_id=ME, password=PASSWORD, now=now)


def test_what_was_guessed_at_the_unlock_window_counts_at_a_backup(paths: Paths, backup: Path) -> None:
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(WrongPasswordError):
            open_office(paths, user_id=ME, password="not this one", now=now)

    with pytest.raises(TooManyTriesError):
        look_into(paths, backup, user_name=None, password=PASSWORD, now=now)


def test_a_copy_of_somebodys_own_making_does_not_begin_the_count_anew(
    paths: Paths, backup: Path, tmp_path: Path
) -> None:
    """Otherwise whoever made records of their own, with a password they know, could guess without an end."""
    theirs = find_paths(tmp_path / "theirs")
    office = set_up(theirs, replace(a_school(theirs), password="one of my own"), now=now).office
    own = make_backup(office, to=tmp_path / "own stick").file
    office.database.close()
    guess_inside(paths, backup, FREE_TRIES)

    look_into(paths, own, user_name=None, password="one of my own", now=now)

    guess_inside(paths, backup, 1)
    with pytest.raises(TooManyTriesError):
        open_office(paths, user_id=ME, password=PASSWORD, now=now)


def test_nothing_of_what_was_unpacked_stays_after_a_wrong_password(paths: Paths, backup: Path) -> None:
    guess_inside(paths, backup, 1)
    with pytest.raises(WrongPasswordError):
        restore_backup(paths, backup, user_name=None, password="not this one", now=now, replacing=True)

    assert not (paths.data / "being-made").exists()
    assert not paths.look_inside.exists()
