"""What a copy holds and how it differs from the records here; and that its journal tells of its being brought back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.copy_words import say_contents, say_difference
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.removing_people import change_key
from cme_desktop.casework.restoring import Inside, look_into, restore_backup
from cme_desktop.casework.setting_up import set_up
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.journal_entries import read_entries
from cme_desktop.storage.key_file import read_key_file
from tests.casework.test_opening import ME, PASSWORD, a_school, now, paths, template
from tests.office import add_pupil

__all__ = ["paths", "template"]  # fixtures

TOMORROW = now() + timedelta(days=1)


def in_three_days() -> datetime:
    return now() + timedelta(days=3)


@pytest.fixture
def backup(paths: Paths, tmp_path: Path) -> Path:
    with_desk = open_office(paths, user_id=ME, password=PASSWORD, now=now)
    add_pupil(with_desk)
    made = make_backup(with_desk, to=tmp_path / "stick").file
    leave_desk(with_desk)
    return made


@pytest.fixture
def later(paths: Paths, backup: Path) -> Iterator[Office]:
    """The same records three days on."""
    assert backup.exists()
    office = open_office(paths, user_id=ME, password=PASSWORD, now=in_three_days)
    yield office
    office.database.close()


def look(paths: Paths, backup: Path) -> Inside:
    return look_into(paths, backup, user_name=None, password=PASSWORD, now=now)


def test_a_copy_names_its_school_and_counts_what_it_holds(paths: Paths, backup: Path) -> None:
    said = say_contents(look(paths, backup).held)

    assert said.startswith("Larkfield Primary School: sound. 1 pupil, 0 marks, 2 contacts, ")
    assert said.endswith("entries of the journal, the newest of Tue 10 Nov 2026, 9:40.")


def test_a_copy_is_older_by_days_and_entries_and_has_fewer_pupils(paths: Paths, backup: Path, later: Office) -> None:
    add_pupil(later, forename="Jo")
    add_pupil(later, forename="Kit")

    inside = look(paths, backup)

    assert inside.present is not None
    entries = inside.present.entries - inside.held.entries
    assert entries >= 2
    assert say_difference(inside) == (
        f"The copy is older by 3 days and {entries} entries than what is on this computer. What was written since is "
        "not in it. It has 2 pupils and 4 contacts fewer."
    )


def test_a_copy_that_is_newer_is_said_to_be(paths: Paths, backup: Path, later: Office, tmp_path: Path) -> None:
    add_pupil(later, forename="Jo")
    newer = make_backup(later, to=tmp_path / "stick").file
    leave_desk(later)
    restore_backup(paths, backup, user_name=None, password=PASSWORD, now=now, replacing=True)

    said = say_difference(look(paths, newer))

    assert said.startswith("The copy is NEWER by 3 days and ")
    assert said.endswith("It has 1 pupil and 2 contacts more.")


def test_a_copy_of_what_is_here_now_is_said_to_be_no_different(paths: Paths, backup: Path) -> None:
    inside = look(paths, backup)
    assert inside.present is not None

    same = replace(inside, present=inside.held)

    assert say_difference(same) == "It holds just what is on this computer now."


def test_another_schools_copy_is_told(paths: Paths, tmp_path: Path) -> None:
    theirs = find_paths(tmp_path / "theirs")
    office = set_up(theirs, replace(a_school(theirs), name="Moor End Primary School"), now=now).office
    copy = make_backup(office, to=tmp_path / "share").file
    office.database.close()

    inside = look(paths, copy)

    assert say_contents(inside.held).startswith("Moor End Primary School: ")
    assert "another school's" in say_difference(inside)
    assert inside.present is None


def test_records_with_another_key_are_not_compared_and_no_password_is_tried_on_them(
    paths: Paths, backup: Path, later: Office
) -> None:
    change_key(later)

    inside = look(paths, backup)

    assert inside.present is None
    assert "no more can be compared" in say_difference(inside)
    assert not paths.tries.exists()


def test_records_with_another_key_are_still_known_to_be_newer_by_their_key_file(
    paths: Paths, backup: Path, later: Office
) -> None:
    add_pupil(later, forename="Jo")
    change_key(later)
    leave_desk(later)

    inside = look(paths, backup)

    head = read_key_file(paths.keys).head
    assert head is not None
    assert say_difference(inside).startswith(
        f"The copy is older by at least {head.number - inside.held.entries} entries: those are not in it. "
    )


def test_without_records_here_nothing_is_compared(backup: Path, tmp_path: Path) -> None:
    empty = find_paths(tmp_path / "empty")
    empty.data.mkdir()

    assert say_difference(look(empty, backup)) == ""


def test_the_journal_that_came_back_tells_of_it_and_holds(paths: Paths, backup: Path, later: Office) -> None:
    leave_desk(later)
    restore_backup(paths, backup, user_name=None, password=PASSWORD, now=in_three_days, replacing=True)

    office = open_office(paths, user_id=ME, password=PASSWORD, now=in_three_days)
    with office.database.reading() as db:
        newest = read_entries(db, most=1)[0]
    assert (newest.act, newest.by, newest.details) == ("records_restored", ME, {"made_on": "2026-11-10"})
    assert newest.at == in_three_days()
    assert examine_records(office).ok
    office.database.close()


def test_backups_and_places_stay_with_the_records_in_use_whatever_comes_back(paths: Paths, backup: Path) -> None:
    paths.backups.mkdir()
    (paths.backups / "a file").write_text("stays")
    paths.backup_places.write_text(json.dumps({"folders": []}))

    restored = restore_backup(paths, backup, user_name=None, password=PASSWORD, now=now, replacing=True)

    assert restored.aside is not None
    assert sorted(file.name for file in restored.aside.iterdir()) == ["keys.json", "records.cme"]
    assert (paths.backups / "a file").read_text() == "stays"
    assert paths.backup_places.exists()
