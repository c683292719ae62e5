"""Whoever holds the records and their key, and writes SQL, is found out: by entry, by row, by what is missing.

The attacker here has the whole folder and the key of the records, and reckons every hash anew. What the attacker does
not have is anybody's password, and so nobody's private key.
"""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import (
    add_person,
    change_own_password,
    open_office,
    print_new_recovery_key,
    reset_password,
)
from cme_desktop.casework.outcomes import record_contact_attempt
from cme_desktop.casework.people import find_person
from cme_desktop.casework.removing_people import remove_person
from cme_desktop.casework.setting_up import set_up
from cme_desktop.casework.sitting_down import keep_head, leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.events import AttemptOutcome, With
from cme_desktop.domain.identifiers import PupilId, UserId
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage import vault
from cme_desktop.storage.database import connect
from cme_desktop.storage.journal import BEFORE_THE_FIRST, hash_of
from cme_desktop.storage.journal_check import JournalCheck
from cme_desktop.storage.key_file import read_key_file, write_key_file
from cme_desktop.storage.own_keys import OwnKeys, make_own_keys
from cme_desktop.storage.row_seals import Seal, digest_of, read_seals, write_seals
from tests.casework.test_opening import ME, PASSWORD, a_school
from tests.office import add_marks, add_pupil

NOW = datetime(2026, 11, 10, 9, 40, tzinfo=UTC)
HEADS = "headteacher words"


def now() -> datetime:
    return NOW


def ring(office: Office, pupil: PupilId) -> None:
    record_contact_attempt(
        office, pupils=(pupil,), contact_id=None, with_=With.MOTHER, outcome=AttemptOutcome.NO_ANSWER
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A school with two people and a pupil: a day's marks, and three calls that nobody answered."""
    paths = find_paths(tmp_path_factory.mktemp("signed") / "data")
    made = set_up(paths, a_school(paths), now=now)
    add_person(made.office, name="Dr Ann Teal", role=Role.HEAD, password=HEADS)
    pupil = add_pupil(made.office)
    add_marks(made.office, pupil, "O", date(2026, 11, 9))
    for _ in range(3):
        ring(made.office, pupil)
    leave_desk(made.office)
    return paths.data, made.recovery_key


@pytest.fixture
def paths(tmp_path: Path, template: tuple[Path, str]) -> Paths:
    shutil.copytree(template[0], tmp_path / "data")
    return find_paths(tmp_path / "data")


def sit(paths: Paths, password: str = PASSWORD, user_id: UserId = ME) -> Office:
    return open_office(paths, user_id=user_id, password=password, now=now)


def checked(paths: Paths, password: str = PASSWORD, user_id: UserId = ME) -> JournalCheck:
    office = sit(paths, password, user_id)
    try:
        return examine_records(office).journal
    finally:
        office.database.close()


class Attacker:
    """Has the key of the records, any tool for SQL, and knows how the program reckons."""

    def __init__(self, paths: Paths) -> None:
        self.raw = connect(paths.records, vault.unlock(paths.keys, user_id=ME, password=PASSWORD))

    def sql(self, statement: str, *values: Any) -> list[Any]:
        return list(self.raw.execute(statement, values).fetchall())

    def calls(self) -> list[int]:
        return [row for (row,) in self.sql("SELECT id FROM pupil_event WHERE kind = 'contact_attempt' ORDER BY id")]

    def entry_of(self, table: str, row: int) -> int:
        told = f"%{table} {row} %"
        return int(self.sql("SELECT max(id) FROM journal WHERE rows LIKE ?", told)[0][0])

    def seal_anew(self, table: str, row: int) -> int:
        """Make the seal of a row fit what it says now."""
        cursor = self.raw.execute(f"SELECT * FROM {table} WHERE id = ?", (row,))
        values = cursor.fetchone()
        entry = self.entry_of(table, row)
        fresh = Seal(table, row, digest_of([column[0] for column in cursor.description], values))
        (told,) = self.sql("SELECT rows FROM journal WHERE id = ?", entry)[0]
        seals = (fresh if (seal.table, seal.row) == (table, row) else seal for seal in read_seals(told))
        self.sql("UPDATE journal SET rows = ? WHERE id = ?", write_seals(seals), entry)
        return entry

    def reckon_anew(self, *, sign: OwnKeys | None = None) -> None:
        """Give every entry the hash that fits what it says and the one before; signed with a key of the attacker's."""
        previous = BEFORE_THE_FIRST
        columns = "id, at, by, act, subject, details, role, signed_by, rows"
        for number, at, by, act, subject, details, role, signed_by, rows in self.sql(
            f"SELECT {columns} FROM journal ORDER BY id"
        ):
            digest = hash_of(
                previous, at=datetime.fromisoformat(at).replace(tzinfo=UTC), by=by, act=act, subject=subject,
                details=json.loads(details), role=role, signed_by=signed_by, rows=rows,
            )  # fmt: skip
            self.sql("UPDATE journal SET previous_hash = ?, hash = ? WHERE id = ?", previous, digest, number)
            if sign is not None:
                signature = b64encode(sign.sign(digest.encode())).decode()
                self.sql("UPDATE journal SET signature = ? WHERE id = ?", signature, number)
            previous = digest


@pytest.fixture
def attacker(paths: Paths) -> Attacker:
    return Attacker(paths)


# -- nothing was done ------------------------------------------------------------------------------------------------


def test_what_the_program_itself_writes_holds(paths: Paths, template: tuple[Path, str]) -> None:
    found = checked(paths)
    assert (found.ok, found.signed_from, found.row) == (True, 1, "")

    office = sit(paths)
    change_own_password(office, old=PASSWORD, new="four odd words now")
    recovery_key = print_new_recovery_key(office)
    head = find_person(paths, "Dr Ann Teal").id
    leave_desk(office)
    assert checked(paths, "four odd words now").ok
    reset_password(paths, user_id=head, recovery_key=recovery_key, new="new headteacher words", now=now())
    assert checked(paths, "four odd words now").ok
    office = sit(paths, "new headteacher words", head)
    ring(office, PupilId(1))
    leave_desk(office)
    assert checked(paths, "four odd words now").ok


def test_each_entry_is_signed_by_whoever_sat_at_the_desk_and_says_in_which_role(
    paths: Paths, attacker: Attacker
) -> None:
    office = sit(paths, HEADS, find_person(paths, "Dr Ann Teal").id)
    ring(office, PupilId(1))
    leave_desk(office)

    last = attacker.sql("SELECT by, signed_by, role FROM journal ORDER BY id DESC LIMIT 1")
    first = attacker.sql("SELECT by, signed_by, role FROM journal ORDER BY id LIMIT 1")

    assert (first, last) == ([(1, 1, "office")], [(2, 2, "head")])


def test_what_a_use_case_writes_without_a_word_stands_in_the_journal_all_the_same(attacker: Attacker) -> None:
    told = attacker.sql("SELECT act FROM journal WHERE rows LIKE 'mark %' OR rows LIKE '%\nmark %' ORDER BY id")

    assert told == [("written",)]


# -- rows ------------------------------------------------------------------------------------------------------------


def test_a_calls_outcome_that_was_changed_is_named_with_its_entry(paths: Paths, attacker: Attacker) -> None:
    call = attacker.calls()[1]
    attacker.sql("UPDATE pupil_event SET facts = replace(facts, 'no_answer', 'explained') WHERE id = ?", call)

    found = checked(paths)

    assert (found.ok, found.row) == (False, f"pupil_event {call}")
    assert found.broken_at == attacker.entry_of("pupil_event", call)


def test_a_call_that_was_taken_out_or_put_in_is_named(paths: Paths, attacker: Attacker) -> None:
    call = attacker.calls()[0]
    columns = [name for _, name, *_ in attacker.sql("PRAGMA table_info(pupil_event)") if name != "id"]
    names = ", ".join(f'"{name}"' for name in columns)
    attacker.sql(f"INSERT INTO pupil_event (id, {names}) SELECT 999, {names} FROM pupil_event WHERE id = ?", call)

    assert checked(paths).row == "pupil_event 999"
    attacker.sql("DELETE FROM pupil_event WHERE id IN (?, 999)", call)
    found = checked(paths)
    assert (found.row, found.why) == (f"pupil_event {call}", "It is gone, and no entry of the journal says so.")


def test_a_mark_that_was_changed_is_named_by_its_day(paths: Paths, attacker: Attacker) -> None:
    attacker.sql("UPDATE mark SET code = '/' WHERE session_no = (SELECT min(session_no) FROM mark)")

    found = checked(paths)

    assert found.row.startswith("marks of day ")


def test_who_seals_the_changed_row_anew_is_found_by_its_entry(paths: Paths, attacker: Attacker) -> None:
    call = attacker.calls()[1]
    attacker.sql("UPDATE pupil_event SET facts = replace(facts, 'no_answer', 'explained') WHERE id = ?", call)
    entry = attacker.seal_anew("pupil_event", call)

    assert checked(paths).broken_at == entry
    attacker.reckon_anew()
    found = checked(paths)
    assert (found.broken_at, found.why) == (entry, "The signature is not its author's.")


# -- entries ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hashes", ["left", "reckoned anew"])
def test_an_entry_that_was_changed_taken_out_put_in_or_moved_is_the_first_named(
    hashes: str, paths: Paths, attacker: Attacker
) -> None:
    def first_broken(*statements: str) -> int | None:
        copy = replace_folder(paths)
        other = Attacker(copy)
        for statement in statements:
            other.sql(statement)
        if hashes == "reckoned anew":
            other.reckon_anew()
        return checked(copy).broken_at

    last = int(attacker.sql("SELECT max(id) FROM journal")[0][0])

    assert first_broken("UPDATE journal SET subject = 'user 9' WHERE id = 4") == 4
    assert first_broken('UPDATE journal SET "by" = 2 WHERE id = 4') == 4
    assert first_broken("UPDATE journal SET at = '2026-11-09 09:00:00.000000' WHERE id = 4") == 4
    assert first_broken("DELETE FROM journal WHERE id = 4") == 5
    renumbered = "UPDATE journal SET id = id - 1 WHERE id > 4"
    assert first_broken("DELETE FROM journal WHERE id = 4", renumbered) == 4
    copied = 'previous_hash, hash, at, "by", act, subject, details, role, signed_by, rows, signature'
    put_in = f"INSERT INTO journal (id, {copied}) SELECT {last + 1}, {copied} FROM journal WHERE id = {last}"
    assert first_broken(put_in) == last + 1
    swapped = ("UPDATE journal SET id = 99 WHERE id = 4", "UPDATE journal SET id = 4 WHERE id = 5",
               "UPDATE journal SET id = 5 WHERE id = 99")  # fmt: skip
    assert first_broken(*swapped) == 4


def replace_folder(paths: Paths) -> Paths:
    """Give a fresh copy of the folder, so that each attempt begins with sound records."""
    number = len(list(paths.data.parent.iterdir()))
    to = paths.data.parent / f"attempt-{number}"
    shutil.copytree(paths.data, to)
    return find_paths(to)


def test_entries_cut_off_at_the_end_are_missed_by_the_head_in_the_key_file(paths: Paths, attacker: Attacker) -> None:
    last = int(attacker.sql("SELECT max(id) FROM journal")[0][0])
    (told,) = attacker.sql("SELECT rows FROM journal WHERE id = ?", last)[0]
    for seal in read_seals(told):
        attacker.sql(f"DELETE FROM {seal.table} WHERE id = ?", seal.row)
    attacker.sql("DELETE FROM journal WHERE id = ?", last)

    found = checked(paths)

    assert (found.ok, found.broken_at) == (False, last)
    assert found.why == f"Entries are missing: number {last} was there when the key file last knew."


def test_a_head_that_nobody_signed_is_told(paths: Paths) -> None:
    keys = read_key_file(paths.keys)
    assert keys.head is not None
    write_key_file(paths.keys, keys.with_head(replace(keys.head, at="2026-11-10T09:41:00+00:00")))

    assert checked(paths).why == "The head in the key file is not signed by who is said to have noted it."


def test_a_journal_written_whole_by_the_attacker_is_named_from_its_first_entry(
    paths: Paths, attacker: Attacker
) -> None:
    theirs = make_own_keys()
    attacker.sql("UPDATE journal SET details = json_set(details, '$.key', ?) WHERE id = 1", theirs.verify.hex())
    attacker.sql('UPDATE journal SET signed_by = 1, "by" = 1')
    attacker.reckon_anew(sign=theirs)
    write_key_file(paths.keys, replace(read_key_file(paths.keys), head=None))

    found = checked(paths)

    assert (found.ok, found.broken_at) == (False, 1)
    assert found.why == "It brings in a key that is not person 1's."


def test_keys_that_nobody_vouched_for_bring_nobody_in(paths: Paths, attacker: Attacker) -> None:
    theirs, last = make_own_keys(), int(attacker.sql("SELECT max(id) FROM journal")[0][0])
    for user in (1, 2, 7):
        copy = replace_folder(paths)
        other = Attacker(copy)
        (previous,) = other.sql("SELECT hash FROM journal ORDER BY id DESC LIMIT 1")[0]
        told: dict[str, Any] = {
            "at": NOW, "by": user, "act": "own_keys_made", "subject": f"user {user}",
            "details": {"key": theirs.verify.hex(), "vouched": ""}, "role": "office", "signed_by": user, "rows": "",
        }  # fmt: skip
        digest = hash_of(previous, **told)
        signature = b64encode(theirs.sign(digest.encode())).decode()
        other.sql(
            'INSERT INTO journal (id, at, "by", act, subject, details, role, signed_by, rows, previous_hash, hash, '
            "signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            last + 1, "2026-11-10 09:40:00.000000", user, told["act"], told["subject"], json.dumps(told["details"]),
            "office", user, "", previous, digest, signature,
        )  # fmt: skip

        assert checked(copy).broken_at == last + 1


# -- people who leave --------------------------------------------------------------------------------------------------


def test_who_is_removed_opens_nothing_and_the_old_key_opens_nothing_either(
    paths: Paths, template: tuple[Path, str]
) -> None:
    old_key = vault.unlock(paths.keys, user_id=ME, password=PASSWORD)
    office = sit(paths)
    head = find_person(paths, "Dr Ann Teal").id

    remove_person(office, head)
    ring(office, PupilId(1))
    leave_desk(office)

    with pytest.raises(CmeError, match="can't open"):
        sit(paths, HEADS, head)
    with pytest.raises(Exception, match="not a database"):
        connect(paths.records, old_key)
    assert checked(paths).ok
    key = vault.unlock(paths.keys, user_id=ME, password=PASSWORD)
    assert vault.unlock_with_recovery_key(paths.keys, template[1]) == key != old_key
    assert [path.name for path in paths.data.iterdir() if "new-key" in path.name] == []


def test_nobody_removes_themselves(paths: Paths) -> None:
    office = sit(paths)

    with pytest.raises(RefusedError, match="yourself"):
        remove_person(office, ME)

    office.database.close()


@pytest.mark.parametrize("at", ["before the seals", "before the swap", "after the swap", "before it is told"])
def test_a_new_key_cut_short_anywhere_is_taken_up_again_and_shuts_nobody_out(
    at: str, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    class OffError(Exception):
        pass

    def off(*_: object, **__: object) -> None:
        raise OffError

    old_key = vault.unlock(paths.keys, user_id=ME, password=PASSWORD)
    office, head = sit(paths), find_person(paths, "Dr Ann Teal").id
    with monkeypatch.context() as power:
        if at == "before the seals":
            power.setattr("cme_desktop.storage.vault.seal_new_key", off)
        elif at == "before the swap":
            power.setattr("cme_desktop.storage.database.Database._let_go", off)
        elif at == "after the swap":
            power.setattr("cme_desktop.storage.vault.settle_key", off)
        else:
            power.setattr("cme_desktop.storage.database.flush_folder", off)
        with pytest.raises(OffError):
            remove_person(office, head)
    office.database.close()

    again = sit(paths)
    assert again.database.key != old_key
    assert examine_records(again).journal.ok
    again.database.close()
    with pytest.raises(CmeError):
        sit(paths, HEADS, head)


def test_the_head_is_noted_on_leaving_and_not_by_who_only_looks_in(paths: Paths) -> None:
    office = sit(paths)
    ring(office, PupilId(1))
    before = read_key_file(paths.keys).head
    beside = open_office(paths, user_id=ME, password=PASSWORD, now=now, alone=False)
    keep_head(beside)
    beside.database.close()
    assert read_key_file(paths.keys).head == before

    leave_desk(office)

    after = read_key_file(paths.keys).head
    assert before is not None
    assert after is not None
    assert after.number == before.number + 1
