"""One backup a day in each place that can be reached, opened and checked; a place is known again by its mark."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cme_desktop.casework.automatic_backups import (
    back_up_if_due,
    back_up_now,
    back_up_on_closing,
    deliver,
    prepare_if_due,
    say_unmade,
)
from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.backup_places import (
    MOST,
    Place,
    PlaceKind,
    add_place,
    is_there,
    known_backups,
    list_folders,
    look_at_places,
    take_off_place,
)
from cme_desktop.casework.journal_reading import load_journal
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.removing_people import change_key
from cme_desktop.casework.setting_up import set_up
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, RefusedError
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage import local_disk
from cme_desktop.storage.backup_file import is_whole
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.key_file import read_key_file
from tests.casework.test_opening import ME, PASSWORD, a_school, now, paths, template
from tests.disk import Disk
from tests.office import HEAD, MANAGER, NOW, at, seen_by

__all__ = ["paths", "template"]  # fixtures

KEYS = '{"format": 2, "database": "x", "slots": []}'


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return a_folder(tmp_path / "stick")


def a_folder(path: Path) -> Path:
    path.mkdir()
    return path


def backups_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.glob("*.cmebackup"))


def look(office: Office) -> tuple[Place, ...]:
    return look_at_places(office.paths, now=office.now)


@pytest.fixture
def school(paths: Paths) -> Iterator[Office]:
    """Records with their own key file, open."""
    office = open_office(paths, user_id=ME, password=PASSWORD, now=now)
    yield office
    office.database.close()


# -- one a day in each place -----------------------------------------------------------------------------------------


def test_each_place_that_is_there_gets_one_a_day_and_one_that_is_away_stops_nothing(
    paths: Paths, school: Office, stick: Path
) -> None:
    share = a_folder(stick.parent / "share")
    add_place(school, stick)
    add_place(school, share)
    shutil.rmtree(share)

    first = back_up_if_due(school)
    assert [(one.folder, one.file is not None) for one in first] == [(paths.backups, True), (stick, True)]
    assert back_up_if_due(school) == ()
    assert [place.count for place in look(school)] == [1, 1, 0]
    assert [place.is_away for place in look(school)] == [False, False, True]
    assert not share.exists()
    assert len(back_up_now(school)) == 2

    assert len(back_up_if_due(at(school, NOW + timedelta(days=1)))) == 2


def test_a_stick_that_comes_back_gets_at_the_next_opening_what_was_made_meanwhile(school: Office, stick: Path) -> None:
    add_place(school, stick)
    away = stick.rename(stick.with_name("in a bag"))
    assert [one.folder for one in back_up_if_due(school)] == [school.paths.backups]
    away.rename(stick)

    (taken,) = back_up_if_due(at(school, NOW + timedelta(hours=2)))

    assert taken.folder == stick
    assert backups_in(stick) == backups_in(school.paths.backups)


def test_what_is_taken_elsewhere_is_byte_for_byte_what_was_opened_and_checked(school: Office, stick: Path) -> None:
    add_place(school, stick)

    own, other = back_up_if_due(school)

    assert own.file is not None
    assert other.file is not None
    assert own.file.read_bytes() == other.file.read_bytes()
    assert is_whole(other.file)


@pytest.mark.parametrize("role", [Role.GOVERNOR, Role.SENIOR])
def test_the_days_backup_is_made_whoever_opened_and_closed(office: Office, role: Role) -> None:
    office.paths.keys.write_text(KEYS)
    theirs = seen_by(office, replace(MANAGER, role=role))

    (first,) = back_up_if_due(theirs)
    assert first.file is not None
    add_place(office, office.paths.data.parent)
    assert len(back_up_on_closing(theirs)) == 2


def test_a_place_that_is_full_is_told_and_what_was_begun_there_is_gone(school: Office, small_disk: Disk) -> None:
    full = a_folder(small_disk.folder / "full")
    add_place(school, full)
    prepared = prepare_if_due(school)

    with small_disk.full():
        own, other = deliver(school.paths, prepared, now=now)

    assert own.file is not None
    assert other.file is None
    assert other.problem is not None
    assert other.problem.title == "There is no room left there."
    assert backups_in(full) == []
    assert list(full.glob("*.new")) == []


def test_what_kept_the_backup_from_a_place_is_told_in_words_and_what_kept_it_from_being_made(
    school: Office, small_disk: Disk
) -> None:
    full = a_folder(small_disk.folder / "full")
    add_place(school, full)
    own = school.paths.backups
    prepared = prepare_if_due(school)

    with small_disk.full():
        came = deliver(school.paths, prepared, now=now)
    unmade = say_unmade(came, own=own)

    assert unmade is not None
    assert unmade.title == "Today's backup is not in every place yet."
    assert unmade.detail in {f"{full}: The disk is full.", f"{full}: The disk takes no file as large as this."}
    assert "File, Backups" in unmade.remedy
    assert say_unmade(came[:1], own=own) is None
    here = say_unmade((replace(came[1], folder=own),), own=own)
    assert here is not None
    assert here.title == "Today's backup could not be made."


def test_a_stick_that_can_not_be_written_is_told_in_words_and_gets_no_half_mark(
    school: Office, small_disk: Disk
) -> None:
    stick = a_folder(small_disk.folder / "stick")

    with small_disk.full(), pytest.raises(BadInputError, match=r"disk is full|takes no file"):
        add_place(school, stick)

    assert list(stick.iterdir()) == []


@pytest.mark.skipif(
    not hasattr(local_disk, "_LINUX_TABLE"), reason="the table is injected where it is a file: on Linux"
)
def test_a_place_on_a_share_is_called_one_and_may_well_be_kept(
    school: Office, stick: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = tmp_path / "mounts"
    table.write_text(f"/dev/sda2 / ext4 rw 0 0\nserver:/x {stick.resolve()} nfs4 rw 0 0\n")
    monkeypatch.setattr(local_disk, "_LINUX_TABLE", table)

    add_place(school, stick)

    assert known_backups(school.paths).others[0].kind is PlaceKind.SHARE
    assert len(back_up_if_due(school)) == 2


@pytest.mark.parametrize("how", ["cut short", "flipped"])
def test_one_of_today_that_was_spoilt_since_does_not_stand_for_the_days_and_is_taken_nowhere(
    how: str, school: Office, stick: Path
) -> None:
    (own,) = back_up_if_due(school)
    assert own.file is not None
    data = bytearray(own.file.read_bytes())
    data[5000] ^= 1
    own.file.write_bytes(data[:9000] if how == "cut short" else data)
    add_place(school, stick)

    made = back_up_if_due(at(school, NOW + timedelta(hours=1)))

    assert len(made) == 2
    (there,) = stick.glob("*.cmebackup")
    assert is_whole(there)
    assert there.name != own.file.name


def test_on_closing_one_is_made_only_where_something_was_written_since_the_last(school: Office) -> None:
    assert len(back_up_on_closing(school)) == 1
    assert back_up_on_closing(school) == ()

    set_mark_of_somebody(school)

    assert len(back_up_on_closing(school)) == 1


# -- what somebody asked for -----------------------------------------------------------------------------------------


def test_one_that_somebody_asked_for_is_not_the_days(school: Office) -> None:
    """It is theirs to delete at any moment: the day's own is made all the same."""
    make_backup(school)

    (own,) = back_up_if_due(school)

    assert own.file is not None
    assert len(backups_in(school.paths.backups)) == 2


def test_one_that_somebody_asked_for_stays_though_the_day_had_others_and_is_long_over(
    school: Office, stick: Path
) -> None:
    add_place(school, stick)
    (asked, *_) = back_up_now(school)
    assert asked.file is not None
    for day in range(40):
        back_up_if_due(at(school, NOW + timedelta(days=day, hours=1)))

    assert asked.file.name in backups_in(school.paths.backups)
    assert asked.file.name in backups_in(stick)
    assert len(backups_in(stick)) < 30


def test_two_schools_that_share_a_folder_take_nothing_of_each_other(
    school: Office, stick: Path, tmp_path: Path
) -> None:
    theirs = open_office(another_school(tmp_path), user_id=ME, password=PASSWORD, now=now)
    add_place(school, stick)
    add_place(theirs, stick)
    back_up_if_due(at(theirs, NOW - timedelta(days=1)))
    before = backups_in(stick)

    for day in range(40):
        back_up_if_due(at(school, NOW + timedelta(days=day, hours=1)))

    assert set(before) <= set(backups_in(stick))
    assert [place.count for place in look_at_places(theirs.paths, now=now)] == [1, 1]
    theirs.database.close()


# -- a clock that was wrong ------------------------------------------------------------------------------------------


def test_after_the_clock_was_once_years_ahead_every_day_has_its_backup_again(school: Office) -> None:
    back_up_if_due(at(school, NOW + timedelta(days=3 * 365)))

    made = [bool(back_up_if_due(at(school, NOW + timedelta(days=day)))) for day in range(1, 6)]

    assert made == [True] * 5


def test_a_place_with_a_backup_from_the_future_is_known_to_be_odd_and_its_age_is_another_ones(school: Office) -> None:
    back_up_if_due(at(school, NOW + timedelta(days=3 * 365)))
    back_up_if_due(at(school, NOW + timedelta(minutes=1)))

    (own,) = look_at_places(school.paths, now=lambda: NOW + timedelta(hours=1))

    assert own.is_odd
    assert own.newest_at == NOW + timedelta(minutes=1)


def test_records_with_a_new_key_are_backed_up_again_the_same_day(school: Office) -> None:
    """Somebody left: what was made this morning could still be opened with their password."""
    back_up_if_due(school)
    change_key(school)

    (own,) = back_up_if_due(at(school, NOW + timedelta(hours=1)))

    assert own.file is not None


# -- a place is known again by its mark ------------------------------------------------------------------------------


def test_an_empty_folder_where_the_stick_is_usually_found_is_not_taken_for_it(school: Office, stick: Path) -> None:
    add_place(school, stick)
    stick.rename(stick.with_name("in a bag"))
    a_folder(stick)  # the mount point that is left, or another stick under the same letter

    assert [one.folder for one in back_up_now(school)] == [school.paths.backups]

    assert list(stick.iterdir()) == []
    assert known_backups(school.paths).others[0].is_away


def test_the_mark_holds_no_name_and_tells_two_schools_apart(school: Office, stick: Path, tmp_path: Path) -> None:
    theirs = open_office(another_school(tmp_path), user_id=ME, password=PASSWORD, now=now)
    add_place(school, stick)
    (mark,) = stick.iterdir()

    assert "Larkfield" not in mark.read_text() + mark.name
    assert not is_there(replace(known_backups(school.paths).others[0]), read_key_file(theirs.paths.keys).database_id)
    theirs.database.close()


def test_a_place_from_before_there_were_marks_is_known_by_what_lies_in_it(school: Office, stick: Path) -> None:
    empty = a_folder(stick.parent / "empty")
    make_backup(school, to=stick)
    told = {"folders": [str(stick), str(empty)]}
    (school.paths.data / "backup-places.json").write_text(json.dumps(told), "utf-8")

    back_up_if_due(school)

    assert len(backups_in(stick)) == 2
    assert backups_in(empty) == []
    assert [place.is_away for place in known_backups(school.paths).places] == [False, False, True]


def test_three_places_at_most_each_once_and_the_programs_own_stays(office: Office, tmp_path: Path) -> None:
    office.paths.keys.write_text(KEYS)
    folders = [a_folder(tmp_path / name) for name in ("one", "two", "three")]
    with pytest.raises(BadInputError, match="not there"):
        add_place(office, tmp_path / "nowhere")
    with pytest.raises(RefusedError, match="already"):
        add_place(office, a_folder(office.paths.data / "among the records"))
    add_place(office, folders[0])
    with pytest.raises(RefusedError, match="already"):
        add_place(office, folders[0])
    add_place(office, folders[1])
    with pytest.raises(RefusedError, match=f"{MOST} places"):
        add_place(office, folders[2])
    with pytest.raises(RefusedError, match="stays"):
        take_off_place(office, office.paths.backups)

    take_off_place(office, folders[0])

    assert list_folders(office.paths) == (office.paths.backups, folders[1])
    assert [line.said for line in load_journal(seen_by(office, HEAD)).lines[:2]] == [
        "Backup place taken off",
        "Backup place added",
    ]


@pytest.mark.parametrize("text", ["", "[]", '{"folders": 3}', '{"folders": [3]}', '{"places": [{}]}', '{"places": 1}'])
def test_a_list_of_places_that_was_meddled_with_leaves_the_programs_own(text: str, office: Office) -> None:
    (office.paths.data / "backup-places.json").write_text(text)

    assert list_folders(office.paths) == (office.paths.backups,)


def another_school(folder: Path) -> Paths:
    paths = find_paths(folder / "another")
    new = replace(a_school(paths), name="Moor End Primary School")
    set_up(paths, new, now=now).office.database.close()
    return paths


def set_mark_of_somebody(office: Office) -> None:
    with office.database.transaction() as db:
        write_journal(db, at=office.now(), by=office.user.id, act="written", subject="school", details={})
