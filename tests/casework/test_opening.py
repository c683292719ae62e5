"""Records are set up whole or not at all, opened by those who may, one copy at a time, and brought back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from cme_desktop.casework.backing_up import make_backup
from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import (
    add_person,
    change_own_password,
    is_password_right,
    list_users,
    open_office,
    print_new_recovery_key,
    reset_password,
)
from cme_desktop.casework.people import find_person, has_records, list_people
from cme_desktop.casework.restoring import restore_backup
from cme_desktop.casework.roll import load_school_rulebook
from cme_desktop.casework.setting_up import NewRecords, NewSchool, set_up, warn_about_year
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.documents.school_keys import is_issued_by
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.importers.calendars import load_supplied_calendar
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage.key_file import read_key_file
from cme_desktop.storage.policies import list_adopted_policies
from cme_desktop.storage.school import load_school
from cme_desktop.storage.sqlite_errors import RecordsInUseError
from cme_desktop.storage.tables import JournalRow
from cme_desktop.storage.vault import WrongPasswordError, add_slot
from tests.disk import Disk

PASSWORD = "three odd words"
ME = UserId(1)


def now() -> datetime:
    return datetime(2026, 11, 10, 9, 40, tzinfo=UTC)


def a_school(paths: Paths) -> NewSchool:
    return NewSchool(
        name="Larkfield Primary School", laestab="830/2201", urn="112500", user_name="Pat Mellor", password=PASSWORD,
        years=load_supplied_calendar(paths.resources, "test-2026-27").years, policies=("aspire-academy",),
        authority_name="Derbyshire", authority_email="cme@derbyshire.example", records_begin=date(2026, 9, 3),
    )  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Set a school up once: making its signing keys takes a second."""
    paths = find_paths(tmp_path_factory.mktemp("template") / "data")
    made = set_up(paths, a_school(paths), now=now)
    made.office.database.close()
    return paths.data, made.recovery_key


@pytest.fixture
def paths(tmp_path: Path, template: tuple[Path, str]) -> Paths:
    shutil.copytree(template[0], tmp_path / "data")
    return find_paths(tmp_path / "data")


@pytest.fixture
def office(paths: Paths) -> Iterator[Office]:
    opened = open_office(paths, user_id=ME, password=PASSWORD, now=now)
    yield opened
    opened.database.close()


@pytest.fixture
def empty(tmp_path: Path) -> Paths:
    return find_paths(tmp_path / "empty")


def left_behind(paths: Paths) -> list[str]:
    return sorted(file.name for file in paths.data.iterdir() if file.name != paths.lock.name)


def test_new_records_open_with_the_first_users_password(office: Office) -> None:
    assert (office.user.name, office.user.role) == ("Pat Mellor", Role.OFFICE)
    assert [person.name for person in list_people(office.paths)] == ["Pat Mellor"]
    assert examine_records(office).ok
    assert left_behind(office.paths)[:2] == ["keys.json", "records.cme"]


def test_everybody_gets_a_signing_key_issued_by_the_schools_root(office: Office) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    def der(pem: str) -> bytes:
        return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)

    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password="headteacher words")

    with office.database.reading() as db:
        root = load_school(db).root_certificate
    users = list_users(office)
    assert [user.role for user in users] == [Role.OFFICE, Role.HEAD]
    assert all(is_issued_by(der(user.certificate), issuer=der(root)) for user in users)


def test_an_added_person_opens_the_same_records(office: Office) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password="headteacher words")
    office.database.close()
    head = find_person(office.paths, "dr ann teal")

    theirs = open_office(office.paths, user_id=head.id, password="headteacher words", now=now)

    assert theirs.user.role is Role.HEAD
    theirs.database.close()


def test_a_second_copy_on_the_same_records_is_refused_politely(office: Office) -> None:
    with pytest.raises(RecordsInUseError, match="already open"):
        open_office(office.paths, user_id=ME, password=PASSWORD, now=now)

    open_office(office.paths, user_id=ME, password=PASSWORD, now=now, alone=False).database.close()


def test_a_wrong_password_opens_nothing_and_locks_nobody_out(paths: Paths) -> None:
    with pytest.raises(WrongPasswordError):
        open_office(paths, user_id=ME, password="not this one", now=now)

    open_office(paths, user_id=ME, password=PASSWORD, now=now).database.close()


def test_a_locked_screen_asks_for_the_same_password(office: Office) -> None:
    assert is_password_right(office, PASSWORD)
    assert not is_password_right(office, "not this one")


def test_a_changed_password_is_the_one_that_opens(office: Office) -> None:
    change_own_password(office, old=PASSWORD, new="quite other words")

    assert is_password_right(office, "quite other words")
    assert not is_password_right(office, PASSWORD)


def test_a_lost_password_is_replaced_with_the_printed_key(paths: Paths, template: tuple[Path, str]) -> None:
    reset_password(paths, user_id=ME, recovery_key=template[1], new="quite other words", now=now())

    opened = open_office(paths, user_id=ME, password="quite other words", now=now)
    printed = print_new_recovery_key(opened)
    with pytest.raises(WrongPasswordError):
        reset_password(paths, user_id=ME, recovery_key=template[1], new="once more other", now=now())
    reset_password(paths, user_id=ME, recovery_key=printed, new="once more other", now=now())
    opened.database.close()


def test_a_password_is_changed_only_with_the_old_one(office: Office) -> None:
    with pytest.raises(WrongPasswordError):
        change_own_password(office, old="not this one", new="quite other words")

    assert is_password_right(office, PASSWORD)


class PowerCut(BaseException):
    """Nothing of the program runs on."""


CHANGES: dict[str, Callable[[Office], object]] = {
    "a new person": lambda office: add_person(office, name="Ann Teal", role=Role.HEAD, password="headteacher words"),
    "a new password": lambda office: change_own_password(office, old=PASSWORD, new="quite other words"),
    "a new recovery key": print_new_recovery_key,
}
EACH_CHANGE = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
STEPS = {"a new person": 3, "a new password": 6, "a new recovery key": 6}
"""How many things each puts on the disk: the waiting slot, the journal, the slot; then the records' new key, sealed to
everybody, the records under it, and the old key forgotten."""

EACH_STEP = pytest.mark.parametrize(
    ("change", "lasts"), [(CHANGES[name], at) for name, steps in STEPS.items() for at in range(steps)],
    ids=[f"{name}, {at}" for name, steps in STEPS.items() for at in range(steps)],
)  # fmt: skip


class Power:
    """Runs until the given number of things were put on the disk: a file renamed, or a transaction saved."""

    def __init__(
        self, office: Office | None, patched: pytest.MonkeyPatch, *, lasts: float, during: str = "before"
    ) -> None:
        self.used, self._lasts, self._when = 0, lasts, during
        rename = Path.replace
        patched.setattr(Path, "replace", lambda file, to: self._do(lambda: rename(file, to)))
        if office is None:  # the records are not open yet: only files are counted
            return
        dialect = office.database._engine.dialect
        commit = dialect.do_commit
        patched.setattr(dialect, "do_commit", lambda connection: self._do(lambda: commit(connection)))

    def _do(self, act: Callable[[], object]) -> object:
        if self.used > self._lasts or (self.used == self._lasts and self._when == "before"):
            self.used += 1
            raise PowerCut
        self.used += 1
        done = act()
        if self.used > self._lasts:
            raise PowerCut
        return done


@EACH_STEP
@pytest.mark.parametrize("during", ["before", "after"])
def test_a_change_of_keys_cut_short_anywhere_shuts_nobody_out(
    office: Office,
    template: tuple[Path, str],
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Office], object],
    lasts: int,
    during: str,
) -> None:
    old_key = office.database.key
    with monkeypatch.context() as patched:
        Power(office, patched, lasts=lasts, during=during)
        with pytest.raises(PowerCut):
            change(office)
    office.database.close()

    opening = [word for word in (PASSWORD, "quite other words") if opens(office.paths, word)]
    again = open_office(office.paths, user_id=ME, password=opening[0], now=now)

    written = {entry for entry in ("person_added", "password_changed") if entry in acts(again)}
    assert opening == (["quite other words"] if "password_changed" in written else [PASSWORD])
    assert [user.name for user in list_users(again)] == [person.name for person in list_people(again.paths)]
    assert ("Ann Teal" in [person.name for person in list_people(again.paths)]) == ("person_added" in written)
    assert not read_key_file(again.paths.keys).waiting
    assert not any(slot.sealed_next for slot in read_key_file(again.paths.keys).slots)
    assert (again.database.key == old_key) is not bool({"password_changed", "recovery_key_replaced"} & set(acts(again)))
    assert examine_records(again).ok
    if "recovery_key_replaced" not in acts(again):
        reset_password(again.paths, user_id=ME, recovery_key=template[1], new="the old print opens", now=now())
    again.database.close()


@pytest.mark.parametrize("name", STEPS)
def test_a_change_of_keys_can_be_cut_short_at_each_thing_it_puts_on_the_disk(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    power = Power(office, monkeypatch, lasts=99)

    CHANGES[name](office)

    assert power.used == STEPS[name]


def opens(paths: Paths, password: str) -> bool:
    try:
        open_office(paths, user_id=ME, password=password, now=now).database.close()
    except WrongPasswordError:
        return False
    return True


def acts(office: Office) -> list[str]:
    with office.database.reading() as db:
        return list(db.scalars(select(JournalRow.act)))


@EACH_CHANGE
def test_a_change_of_keys_on_a_full_disk_is_told_and_leaves_all_as_it_was(
    small_disk: Disk, template: tuple[Path, str], change: Callable[[Office], object]
) -> None:
    shutil.copytree(template[0], small_disk.folder / "data")
    office = open_office(find_paths(small_disk.folder / "data"), user_id=ME, password=PASSWORD, now=now)
    people, written, keys = list_people(office.paths), acts(office), office.paths.keys.read_bytes()

    with small_disk.full(), pytest.raises(CmeError) as told:
        change(office)

    assert told.value.remedy
    assert (list_people(office.paths), acts(office), office.paths.keys.read_bytes()) == (people, written, keys)
    office.database.close()
    assert opens(office.paths, PASSWORD)
    again = open_office(office.paths, user_id=ME, password=PASSWORD, now=now)
    change(again)
    again.database.close()


def test_a_user_the_records_do_not_know_is_told_and_the_records_are_let_go(
    paths: Paths, office: Office, template: tuple[Path, str]
) -> None:
    add_slot(paths.keys, key=office.database.key, user_id=9, name="Nobody", password="nobody at all")
    office.database.close()

    with pytest.raises(CmeError, match="not in the records") as told:
        open_office(paths, user_id=UserId(9), password="nobody at all", now=now)

    assert told.value.remedy
    assert opens(paths, PASSWORD)


def test_where_several_may_open_a_name_is_needed(office: Office) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password="headteacher words")

    with pytest.raises(CmeError, match="Pat Mellor, Dr Ann Teal"):
        find_person(office.paths, None)


def test_existing_records_are_never_set_up_over(paths: Paths) -> None:
    before = paths.records.read_bytes()

    with pytest.raises(RefusedError, match="already"):
        set_up(paths, a_school(paths), now=now)

    assert paths.records.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"laestab": "83"}, "LAESTAB"),
        ({"urn": "x"}, "URN"),
        ({"policies": ("aspire-acadmy",)}, "aspire-acadmy"),
        ({"policies": ("aspire-academy", "randal-cremer")}, "one policy of its own"),
        ({"policies": ("derbyshire", "east-sussex")}, "one policy of a local authority"),
        ({"policies": ("derbyshire", "kings-academy-ringmer")}, "adopted by a chosen one"),
        ({"years": ()}, "school year"),
        ({"name": " "}, "name"),
        ({"password": "short"}, "too short"),
    ],
)
def test_a_set_up_that_can_not_be_done_says_why_and_leaves_nothing(
    empty: Paths, change: dict[str, object], words: str
) -> None:
    wrong: NewSchool = replace(a_school(empty), **change)  # type: ignore[arg-type]  # a table of wrong values

    with pytest.raises(CmeError, match=words):
        set_up(empty, wrong, now=now)

    assert not has_records(empty)
    assert not empty.data.exists() or left_behind(empty) == []


@pytest.mark.parametrize(
    ("chosen", "adopted"),
    [
        (("kings-academy-ringmer",), ["east-sussex", "kings-academy-ringmer"]),
        (("kings-academy-ringmer", "east-sussex"), ["east-sussex", "kings-academy-ringmer"]),
        (("derbyshire", "all-saints"), ["derbyshire", "all-saints"]),
        ((), []),
    ],
)
def test_a_school_adopts_an_authoritys_policy_and_its_own_and_what_that_adopts(
    empty: Paths, chosen: tuple[str, ...], adopted: list[str]
) -> None:
    made = set_up(empty, replace(a_school(empty), policies=chosen), now=now)

    with made.office.database.reading() as db:
        kept = [policy.policy_id for policy in list_adopted_policies(db, on=date(2026, 11, 10))]
    rulebook = load_school_rulebook(made.office, on=date(2026, 11, 10))
    made.office.database.close()

    assert kept == adopted
    assert rulebook.policies == tuple(adopted)


def test_a_set_up_that_fails_half_way_leaves_nothing_and_can_be_done_again(
    empty: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as failing:
        failing.setattr("cme_desktop.casework.setting_up.adopt_policy", fail)
        with pytest.raises(OSError, match="power"):
            set_up(empty, a_school(empty), now=now)
    left = left_behind(empty)

    made: NewRecords = set_up(empty, a_school(empty), now=now)

    assert left == []
    made.office.database.close()


def test_a_year_of_195_days_passes_and_another_is_told() -> None:
    year = load_supplied_calendar(find_paths(Path()).resources, "test-2026-27").years[0]
    shorter = replace(year, inset=frozenset(), terms=year.terms[:-1])

    assert warn_about_year(year) == ()
    assert "195 are usual" in warn_about_year(shorter)[0]


def test_a_backup_is_one_file_that_opens_elsewhere_with_a_password_alone(office: Office, empty: Paths) -> None:
    made = make_backup(office, to=office.paths.data.parent / "stick")

    held = restore_backup(empty, made.file, user_name=None, password=PASSWORD, now=now)

    assert [file.name for file in made.file.parent.iterdir()] == [made.file.name]
    assert (held.held, held.aside) == (made.held, None)
    again = open_office(empty, user_id=ME, password=PASSWORD, now=now)
    assert examine_records(again).ok
    again.database.close()


def test_a_backup_clears_away_what_one_killed_on_another_day_left(office: Office) -> None:
    office.paths.backups.mkdir()
    names = ("cme-desktop-2026-11-09-160000.cmebackup.copy", "cme-desktop-2026-11-09-160000.cmebackup.new")
    for name in (*names, "cme-desktop-2026-11-09-150000.cmebackup", "cme-desktop-2026-11-10-093000.cmebackup.copy"):
        (office.paths.backups / name).touch()

    made = make_backup(office)

    left = {file.name for file in office.paths.backups.iterdir()}
    assert left == {
        made.file.name, "cme-desktop-2026-11-09-150000.cmebackup", "cme-desktop-2026-11-10-093000.cmebackup.copy",
    }  # fmt: skip


def test_a_backup_holds_no_readable_name(office: Office) -> None:
    assert b"Larkfield" not in make_backup(office).file.read_bytes()


def test_a_backup_never_goes_over_records_unless_asked_and_then_keeps_them(office: Office) -> None:
    made = make_backup(office, to=office.paths.data.parent / "stick")
    office.database.close()

    with pytest.raises(RefusedError, match="already"):
        restore_backup(office.paths, made.file, user_name=None, password=PASSWORD, now=now)
    restore_backup(office.paths, made.file, user_name=None, password=PASSWORD, now=now, replacing=True)

    kept = office.paths.data / "before-restore-2026-11-10-0940"
    assert (kept / "records.cme").exists()
    assert (kept / "keys.json").exists()
    assert left_behind(office.paths) == ["before-restore-2026-11-10-0940", "keys.json", "records.cme"]


@pytest.mark.parametrize("content", [b"", b"not a zip at all", b"PK\x03\x04 half a file"])
def test_a_file_that_is_no_backup_is_told_and_changes_nothing(empty: Paths, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "some.cmebackup"
    file.write_bytes(content)

    with pytest.raises(BadInputError, match="no backup"):
        restore_backup(empty, file, user_name=None, password=PASSWORD, now=now)

    assert not has_records(empty)


def test_a_backup_does_not_open_with_a_wrong_password(office: Office, empty: Paths) -> None:
    made = make_backup(office)

    with pytest.raises(WrongPasswordError):
        restore_backup(empty, made.file, user_name=None, password="not this one", now=now)

    assert not has_records(empty)


def test_records_in_use_are_not_replaced_under_somebodys_hands(office: Office) -> None:
    made = make_backup(office)

    with pytest.raises(RecordsInUseError):
        restore_backup(office.paths, made.file, user_name=None, password=PASSWORD, now=now, replacing=True)


def test_a_missing_or_old_backup_wants_attention_but_the_records_are_sound(office: Office) -> None:
    without = examine_records(office)

    make_backup(office)

    assert without.ok
    assert "no backup" in without.attention[0]
    assert len(examine_records(office).backups) == 1
