"""A changed password, or recovery key, is worth nothing with an old copy of the key file either; cut short anywhere.

The person gets a new key to open with, the records a new key that is sealed to everybody: now, or at the next opening.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import (
    add_person,
    change_own_password,
    is_password_right,
    open_office,
    print_new_recovery_key,
    reset_password,
    try_recovery_key,
)
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.database import fits
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.own_keys import OwnKeys
from cme_desktop.storage.vault import Unlocked, open_recovery_slot, open_slot
from tests.casework.test_opening import (
    ME,
    PASSWORD,
    Power,
    PowerCut,
    acts,
    left_behind,
    now,
    office,
    opens,
    paths,
    template,
)
from tests.disk import Disk

__all__ = ["office", "paths", "template"]  # fixtures


@dataclass(frozen=True)
class OldCopy:
    """What somebody has who took a copy of the key file: whatever stands in it, with what opened it then."""

    key: bytes
    own: OwnKeys

    def opens(self, records: Path, keys: Path) -> bool:
        """Whether it opens these records, or any slot of this key file, as they are now."""
        file = read_key_file(keys)
        purpose = json.dumps([2, file.database_id, "key of the records"]).encode("ascii")
        sealed = [held for slot in file.slots for held in (slot.sealed, slot.sealed_next) if held]
        found = [self.own.open(held, bound_to=purpose) for held in sealed]
        assert sealed
        return fits(records, self.key) or any(key is not None and fits(records, key) for key in found)


def taken(paths: Paths, unlocked: Unlocked) -> OldCopy:
    assert unlocked.own is not None
    copy = OldCopy(unlocked.key, unlocked.own)
    assert copy.opens(paths.records, paths.keys), "as long as nothing was changed"
    return copy


def unpacked(backup: Path, to: Path) -> tuple[Path, Path]:
    with ZipFile(backup) as archive:
        archive.extractall(to)
    return to / "records.cme", to / "keys.json"


def test_an_old_password_with_an_old_copy_opens_nothing_that_is_kept_after_it_was_changed(
    office: Office, paths: Paths, tmp_path: Path
) -> None:
    old = taken(paths, open_slot(paths.keys, user_id=ME, password=PASSWORD))

    change_own_password(office, old=PASSWORD, new="quite other words")
    later = make_backup(office, to=tmp_path / "stick")

    assert not old.opens(paths.records, paths.keys)
    assert not old.opens(*unpacked(later.file, tmp_path / "unpacked"))
    slot = read_key_file(paths.keys).slot_of(ME)
    assert slot is not None
    assert old.own.verify == slot.verify, "what was signed before and after is the same person's"
    assert examine_records(office).ok


def test_an_old_print_with_an_old_copy_opens_nothing_that_is_kept_after_there_is_a_new_one(
    office: Office, paths: Paths, tmp_path: Path, template: tuple[Path, str]
) -> None:
    old = taken(paths, open_recovery_slot(paths.keys, template[1]))

    print_new_recovery_key(office)
    later = make_backup(office, to=tmp_path / "stick")

    assert not old.opens(paths.records, paths.keys)
    assert not old.opens(*unpacked(later.file, tmp_path / "unpacked"))


@pytest.mark.parametrize("lasts", [0, 1, 2, 99])
@pytest.mark.parametrize("during", ["before", "after"])
def test_a_lost_password_with_an_old_copy_opens_nothing_once_its_person_sat_down_with_a_new_one(
    paths: Paths, template: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, lasts: int, during: str
) -> None:
    """Cut short at any of the three renamings, the new key comes with the opening after."""
    old = taken(paths, open_slot(paths.keys, user_id=ME, password=PASSWORD))
    reset_password(paths, user_id=ME, recovery_key=template[1], new="quite other words", now=now())
    with monkeypatch.context() as patched, suppress(PowerCut):
        Power(None, patched, lasts=lasts, during=during)
        open_office(paths, user_id=ME, password="quite other words", now=now).database.close()

    again = open_office(paths, user_id=ME, password="quite other words", now=now)

    assert not old.opens(paths.records, paths.keys)
    assert examine_records(again).ok
    again.database.close()


@pytest.mark.parametrize("lasts", [2, 3, 4, 5])
def test_whoever_opens_the_records_first_finishes_what_a_colleagues_new_password_began(
    office: Office, paths: Paths, monkeypatch: pytest.MonkeyPatch, lasts: int
) -> None:
    add_person(office, name="Ann Teal", role=Role.HEAD, password="headteacher words")
    old = taken(paths, open_slot(paths.keys, user_id=ME, password=PASSWORD))
    with monkeypatch.context() as patched:
        Power(office, patched, lasts=lasts)
        with pytest.raises(PowerCut):
            change_own_password(office, old=PASSWORD, new="quite other words")
    office.database.close()

    hers = open_office(paths, user_id=UserId(2), password="headteacher words", now=now)

    assert not old.opens(paths.records, paths.keys)
    assert acts(hers).count("key_changed") == 1
    assert examine_records(hers).ok
    hers.database.close()
    assert opens(paths, "quite other words")
    assert not opens(paths, PASSWORD)


def test_where_the_disk_holds_no_second_copy_the_password_is_changed_and_the_new_key_follows_later(
    small_disk: Disk, template: tuple[Path, str]
) -> None:
    shutil.copytree(template[0], small_disk.folder / "data")
    paths = find_paths(small_disk.folder / "data")
    office = open_office(paths, user_id=ME, password=PASSWORD, now=now)
    old = taken(paths, open_slot(paths.keys, user_id=ME, password=PASSWORD))

    with small_disk.full(but=200_000):
        change_own_password(office, old=PASSWORD, new="quite other words")
        assert is_password_right(office, "quite other words")
        office.database.close()
        assert opens(paths, "quite other words")
        assert not opens(paths, PASSWORD)
        assert old.opens(paths.records, paths.keys)
    assert opens(paths, "quite other words")

    assert not old.opens(paths.records, paths.keys)
    assert left_behind(paths) == ["keys.json", "records.cme", "tries.json"]


def test_while_a_command_has_the_records_open_beside_the_window_the_new_key_waits_and_what_it_writes_stays(
    office: Office, paths: Paths, template: tuple[Path, str]
) -> None:
    """The file that it writes to must not be taken from under it."""
    add_person(office, name="Ann Teal", role=Role.HEAD, password="headteacher words")
    old = taken(paths, open_slot(paths.keys, user_id=ME, password=PASSWORD))
    beside = open_office(paths, user_id=UserId(2), password="headteacher words", now=now, alone=False)
    assert examine_records(beside).ok

    change_own_password(office, old=PASSWORD, new="quite other words")
    try_recovery_key(beside, template[1])
    beside.database.close()
    office.database.close()

    again = open_office(paths, user_id=ME, password="quite other words", now=now)
    assert "recovery_key_tried" in acts(again)
    assert examine_records(again).ok
    assert not old.opens(paths.records, paths.keys)
    again.database.close()


class Scanner:
    """A virus scanner that holds one file just when it is to take its place: the one that comes after ``spares``."""

    def __init__(self, patched: pytest.MonkeyPatch, *, spares: int) -> None:
        self.met, self._spares = 0, spares
        rename = Path.replace
        patched.setattr(Path, "replace", lambda file, to: self._do(lambda: rename(file, to)))

    def _do(self, act: Callable[[], object]) -> object:
        self.met += 1
        if self.met == self._spares + 1:
            raise PermissionError(13, "Permission denied")
        return act()


RENAMED = 5
"""How many files take their place in a change of password: the slot that waits, the slot, the new key sealed to
everybody, the records, and the key file without the old key."""


@pytest.mark.parametrize("lasts", [2, 3, 4, 5])
@pytest.mark.parametrize("spares", range(RENAMED))
def test_a_file_that_is_held_for_a_moment_and_a_power_cut_in_what_is_done_next_shut_nobody_out(
    office: Office, paths: Paths, monkeypatch: pytest.MonkeyPatch, spares: int, lasts: int
) -> None:
    """Two keys may be left by the first: what comes next must not put a third in the place of the one that opens."""
    add_person(office, name="Ann Teal", role=Role.HEAD, password="headteacher words")
    with monkeypatch.context() as patched, suppress(CmeError):
        Scanner(patched, spares=spares)
        change_own_password(office, old=PASSWORD, new="quite other words")
    mine = "quite other words" if "password_changed" in acts(office) else PASSWORD
    assert is_password_right(office, mine)
    with monkeypatch.context() as patched, suppress(PowerCut):
        Power(office, patched, lasts=lasts)
        change_own_password(office, old=mine, new="a third of the kind")
    office.database.close()

    hers = open_office(paths, user_id=UserId(2), password="headteacher words", now=now)
    assert examine_records(hers).ok
    hers.database.close()
    opening = [word for word in (PASSWORD, "quite other words", "a third of the kind") if opens(paths, word)]
    assert len(opening) == 1
    again = open_office(paths, user_id=ME, password=opening[0], now=now)
    assert not any(slot.sealed_next for slot in read_key_file(paths.keys).slots)
    again.database.close()


@pytest.mark.parametrize("spares", range(RENAMED))
def test_after_a_file_was_held_for_a_moment_everything_that_makes_a_slot_makes_one_that_opens(
    office: Office, paths: Paths, monkeypatch: pytest.MonkeyPatch, spares: int
) -> None:
    with monkeypatch.context() as patched, suppress(CmeError):
        Scanner(patched, spares=spares)
        change_own_password(office, old=PASSWORD, new="quite other words")
    mine = "quite other words" if "password_changed" in acts(office) else PASSWORD

    printed = print_new_recovery_key(office)
    try_recovery_key(office, printed)
    add_person(office, name="Ann Teal", role=Role.HEAD, password="headteacher words")
    office.database.close()

    assert opens(paths, mine)
    open_office(paths, user_id=UserId(2), password="headteacher words", now=now).database.close()
    reset_password(paths, user_id=ME, recovery_key=printed, new="a third of the kind", now=now())
    assert opens(paths, "a third of the kind")
