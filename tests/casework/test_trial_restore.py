"""Once a week a backup is brought back whole and read through, from another place each week, and it is said what of."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pypdf
import pytest

from cme_desktop.casework.automatic_backups import back_up_if_due
from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.backup_ages import Freshness, load_backup_age
from cme_desktop.casework.backup_places import add_place, known_backups
from cme_desktop.casework.day_sheet import set_day_sheet
from cme_desktop.casework.desk_facts import load_desk_facts
from cme_desktop.casework.journal_reading import load_day, load_journal
from cme_desktop.casework.office import LOCAL_ZONE, Office
from cme_desktop.casework.opening import open_office
from cme_desktop.casework.removing_people import change_key
from cme_desktop.casework.trial_restore import (
    OnTrial,
    fetch_for_trial,
    note_trial,
    read_on_trial,
    want_trial,
    want_trial_now,
)
from cme_desktop.casework.trial_words import say_trial
from cme_desktop.domain.errors import CmeError
from cme_desktop.paths import Paths
from cme_desktop.storage.backup_file import read_about, unpack, write_backup_file
from cme_desktop.storage.backup_places import PlaceKind, Trial
from cme_desktop.storage.database import connect
from tests.casework.test_opening import ME, PASSWORD, now, paths, template
from tests.disk import Disk
from tests.office import HEAD, NOW, add_pupil, at, seen_by

__all__ = ["paths", "template"]  # fixtures


@pytest.fixture
def school(paths: Paths) -> Iterator[Office]:
    office = open_office(paths, user_id=ME, password=PASSWORD, now=now)
    add_pupil(office)
    yield office
    office.database.close()


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def try_restored(office: Office, fetched: OnTrial) -> Trial | None:
    return note_trial(office, fetched, read_on_trial(fetched, key=office.database.key, now=office.now))


def run_trial(office: Office) -> Trial | None:
    """Do as the window does: ask whether one is due, fetch a backup, read it through."""
    wanted = want_trial(office)
    if wanted is None:
        return None
    fetched = fetch_for_trial(office.paths, wanted, now=office.now)
    return try_restored(office, fetched) if fetched is not None else None


def day(number: int, hour: int = 8) -> datetime:
    """A day of November 2026, when the 9th, 16th and 23rd are Mondays."""
    return datetime(2026, 11, number, hour, 30, tzinfo=LOCAL_ZONE)


# -- when, and from where --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "is_due"), [(10, False), (15, False), (16, True), (17, True), (23, True)])
def test_a_trial_is_due_at_the_first_opening_of_a_week(on: int, school: Office, *, is_due: bool) -> None:
    """The last one was on Tuesday 10 November."""
    back_up_if_due(school)
    assert run_trial(school) is not None

    assert (want_trial(at(school, day(on, hour=20))) is not None) is is_due


def test_without_a_trial_one_is_due_and_without_a_backup_none_is_made(school: Office) -> None:
    assert want_trial(school) is not None
    assert run_trial(school) is None
    assert known_backups(school.paths).trial is None


def test_another_place_is_tried_each_week_and_one_that_is_away_is_passed_over(school: Office, stick: Path) -> None:
    share = stick.parent / "share"
    share.mkdir()
    add_place(school, stick)
    add_place(school, share)
    tried = []
    for week in range(4):
        monday = at(school, day(9) + timedelta(weeks=week, hours=30))
        if week == 2:
            shutil.rmtree(share)
        back_up_if_due(monday)
        before = {one.folder: one.tried_at for one in known_backups(school.paths).places}
        assert run_trial(monday) is not None
        after = {one.folder: one.tried_at for one in known_backups(school.paths).places}
        tried.append(next(folder for folder in after if after[folder] != before[folder]))

    assert tried == [school.paths.backups, stick, school.paths.backups, stick]


def test_a_place_tried_while_a_clock_ran_ahead_is_tried_again_in_its_turn(school: Office, stick: Path) -> None:
    add_place(school, stick)
    tried = []
    for moment in (NOW + timedelta(days=3 * 365), NOW + timedelta(days=7), NOW + timedelta(days=14)):
        back_up_if_due(at(school, moment))
        assert run_trial(at(school, moment)) is not None
        places = known_backups(school.paths).places
        tried.append(next(one.folder for one in places if one.tried_at == moment))

    assert tried == [school.paths.backups, school.paths.backups, stick]


# -- what is found ---------------------------------------------------------------------------------------------------


def test_a_whole_one_says_what_it_held_in_a_line(school: Office) -> None:
    back_up_if_due(school)

    trial = run_trial(school)

    assert trial is not None
    entries = trial.entries
    assert entries >= 2
    assert say_trial(trial) == (
        f"Trial restore of Tuesday 10 November from this computer: whole: 1 pupil, 0 marks, {entries} entries of the "
        "journal, checked in 1 second"
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (PlaceKind.STICK, "the memory stick"), (PlaceKind.SHARE, "the share"), (PlaceKind.FOLDER, "the folder"),
    ],
)  # fmt: skip
def test_the_line_says_from_which_kind_of_place(kind: PlaceKind, words: str) -> None:
    trial = Trial(NOW, NOW, kind, is_whole=True, pupils=187, marks=20_000, entries=3_112, seconds=4)

    assert say_trial(trial) == (
        f"Trial restore of Tuesday 10 November from {words}: whole: 187 pupils, 20000 marks, 3112 entries of the "
        "journal, checked in 4 seconds"
    )


def test_what_was_unpacked_is_encrypted_while_it_is_there_and_taken_away_after(school: Office) -> None:
    back_up_if_due(school)
    fetched = fetch_for_trial(school.paths, want_trial_now(school), now=now)
    assert fetched is not None
    assert fetched.room is not None
    room = fetched.room
    for file in room.data.iterdir():
        assert b"Larkfield" not in file.read_bytes()
        assert b"Marsden" not in file.read_bytes()

    try_restored(school, fetched)

    assert not school.paths.trial.exists()


def test_a_trial_that_was_killed_leaves_nothing_past_the_next_opening(school: Office) -> None:
    back_up_if_due(school)
    run_trial(school)
    fetch_for_trial(school.paths, want_trial_now(school), now=now)
    assert school.paths.trial.exists()

    assert want_trial(school) is None

    assert not school.paths.trial.exists()


def a_spoilt_one(school: Office) -> OnTrial:
    back_up_if_due(school)
    (file,) = school.paths.backups.glob("*.cmebackup")
    data = bytearray(file.read_bytes())
    data[5000] ^= 1
    file.write_bytes(data)
    fetched = fetch_for_trial(school.paths, want_trial_now(school), now=now)
    assert fetched is not None
    return fetched


def test_a_flipped_byte_is_found_and_said(school: Office) -> None:
    trial = try_restored(school, a_spoilt_one(school))

    assert trial is not None
    assert say_trial(trial) == (
        "Trial restore of Tuesday 10 November from this computer: NOT whole. A part of the file is not as it was "
        "written."
    )


def meddle(school: Office, sql: str) -> None:
    """Change what is in the backup with the key of the records, and pack it again so that every checksum is right."""
    (file,) = school.paths.backups.glob("*.cmebackup")
    about, records, keys = read_about(file), file.with_name("r"), file.with_name("k")
    unpack(file, records=records, keys=keys)
    raw = connect(records, school.database.key)
    raw.execute(sql)
    raw.close()
    write_backup_file(
        file, records=records, keys=keys, made_at=about.made_at, held=about.held, is_automatic=True,
        key_mark=about.key_mark,
    )  # fmt: skip
    records.unlink()
    keys.unlink()


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("DELETE FROM contact_number", "Its journal does not hold at entry "),
        ("UPDATE journal SET details = '{}' WHERE id = 1", "Its journal does not hold at entry 1."),
        ("DELETE FROM journal WHERE id = (SELECT max(id) FROM journal)", "It does not hold what it held"),
    ],
)
def test_what_was_changed_in_a_backup_by_somebody_with_the_key_is_found(sql: str, why: str, school: Office) -> None:
    back_up_if_due(school)
    meddle(school, sql)

    trial = run_trial(school)

    assert trial is not None
    assert not trial.is_whole
    assert trial.why.startswith(why)


def test_a_backup_under_the_key_before_is_nobodys_to_try(school: Office, stick: Path) -> None:
    """Somebody left since: the key in hand does not open it, and that is no fault of the backup."""
    make_backup(school)
    change_key(school)

    assert run_trial(school) is None


def test_a_place_whose_backup_failed_is_tried_again_before_the_others(school: Office, stick: Path) -> None:
    add_place(school, stick)
    back_up_if_due(school)
    assert run_trial(school) is not None  # of this computer
    for file in stick.glob("*.cmebackup"):
        file.write_bytes(file.read_bytes().replace(file.read_bytes()[9000:9040], b"x" * 40))
    monday, tuesday = at(school, day(16)), at(school, day(17))
    first, second = run_trial(monday), run_trial(tuesday)

    assert first is not None
    assert second is not None
    assert [first.is_whole, second.is_whole] == [False, False]
    back_up_if_due(tuesday)
    third = run_trial(at(school, day(18)))
    assert third is not None
    assert third.is_whole
    assert third.made_at.date() == day(17).date()
    assert known_backups(school.paths).others[0].tried_at == third.tried_at


def test_a_damaged_key_file_in_a_backup_is_found(school: Office) -> None:
    """The recovery key's slot was hit on this computer, and that is copied faithfully from then on."""
    told = school.paths.keys.read_text("utf-8")
    salt = told.rindex('"salt": "') + 9
    school.paths.keys.write_text(told[:salt] + ("A" if told[salt] != "A" else "B") + told[salt + 1 :], "utf-8")
    back_up_if_due(school)

    trial = run_trial(school)

    assert trial is not None
    assert (trial.is_whole, trial.why) == (False, "The key file in it is damaged.")


def test_a_disk_here_that_is_full_is_told_and_no_fault_of_the_backup(
    school: Office, small_disk: Disk, stick: Path
) -> None:
    """The backup lies whole on the stick; on this computer there is no room to bring it back."""
    add_place(school, stick)
    back_up_if_due(school)
    full = replace(school.paths, data=small_disk.folder)
    for file in ("keys.json", "backup-places.json"):
        shutil.copy(school.paths.data / file, small_disk.folder / file)

    with small_disk.full(), pytest.raises(CmeError, match=r"disk is full|takes no file") as told:
        fetch_for_trial(full, want_trial_now(school), now=school.now)

    assert "free space" in told.value.remedy or "not full" in told.value.remedy
    assert not full.trial.exists()
    assert known_backups(school.paths).trial is None


# -- who is told -----------------------------------------------------------------------------------------------------


def test_it_stands_in_the_journal_and_on_the_sheet_of_the_day(school: Office) -> None:
    back_up_if_due(school)
    trial = run_trial(school)
    assert trial is not None
    head = seen_by(school, HEAD)
    line = say_trial(trial)

    assert line in [one.said for one in load_journal(head).lines]
    assert line in [one.said for one in load_day(head, first=day(10, 0), last=day(11, 0))]
    pages = pypdf.PdfReader(io.BytesIO(set_day_sheet(head, day=NOW.date()))).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Trial restore of Tuesday 10 November from this computer: whole: 1 pupil, 0 marks" in printed


def test_one_that_failed_is_red_at_the_foot_and_on_the_first_screen_until_one_is_whole(school: Office) -> None:
    try_restored(school, a_spoilt_one(school))
    failed, age = load_desk_facts(school), load_backup_age(school)

    tomorrow = at(school, day(11))
    back_up_if_due(tomorrow)
    assert run_trial(tomorrow) is not None

    assert "NOT whole" in failed.trial_failed
    assert (age.words, age.freshness) == ("Trial restore failed: see File, Backups", Freshness.RED)
    assert load_desk_facts(tomorrow).trial_failed == ""
    assert not load_desk_facts(tomorrow).backup_is_late
