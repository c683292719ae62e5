"""Records and a key file of an older version: opened as ever, and from then on signed, sealed and safe to rekey."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import change_own_password, open_office, print_new_recovery_key
from cme_desktop.casework.removing_people import change_key
from cme_desktop.casework.sitting_down import leave_desk
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.domain.errors import RefusedError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import Paths, find_paths
from cme_desktop.storage import vault
from cme_desktop.storage.database import connect, fits
from cme_desktop.storage.key_file import read_key_file
from tests.office import KEY, PASSWORD

DATABASE = "0123456789abcdef0123456789abcdef"
RECOVERY = "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"
ME = UserId(1)


def now() -> datetime:
    return datetime(2026, 11, 10, 9, 40, tzinfo=UTC)


def slot_of_format_1(kind: str, user: int, name: str, secret: bytes) -> dict[str, object]:
    """A slot as version 1 wrote it: the key of the records itself, under the password."""
    salt, nonce = bytes([user] * 16), bytes(12)
    wrapping = Argon2id(salt=salt, length=32, iterations=1, lanes=1, memory_cost=64).derive(secret)
    bound_to = json.dumps([1, DATABASE, kind, user]).encode()
    wrapped = AESGCM(wrapping).encrypt(nonce, KEY, bound_to)
    cost = {"memory_kib": 64, "passes": 1, "lanes": 1}
    binary = {"salt": salt, "nonce": nonce, "wrapped": wrapped}
    return {"kind": kind, "user": user, "name": name, "cost": cost} | {
        name: b64encode(held).decode() for name, held in binary.items()
    }


@pytest.fixture(params=["0001", "0002", "0003"])
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Paths:
    paths = find_paths(tmp_path / "data")
    paths.data.mkdir(exist_ok=True)
    shutil.copy(Path(__file__).parents[1] / "data" / f"records-{request.param}.cme", paths.records)
    slots = [
        slot_of_format_1("password", 1, "Pat Mellor", PASSWORD.encode()),
        slot_of_format_1("recovery", 0, "", bytes(20)),
    ]
    paths.keys.write_text(json.dumps({"format": 1, "database": DATABASE, "slots": slots}))
    return paths


def sit(paths: Paths) -> Office:
    return open_office(paths, user_id=ME, password=PASSWORD, now=now)


def test_they_open_with_the_same_password_and_are_signed_and_sealed_from_then_on(older: Paths) -> None:
    with closing(connect(older.records, KEY)) as raw:
        (before,) = raw.execute("SELECT count(*) FROM journal").fetchone()

    office = sit(older)
    found = examine_records(office).journal
    leave_desk(office)

    assert (found.ok, found.signed_from) == (True, before + 1)
    assert vault.unlock_with_recovery_key(older.keys, RECOVERY) == KEY
    slot = read_key_file(older.keys).slot_of(ME)
    assert slot is not None
    assert slot.has_own_keys
    again = sit(older)
    assert examine_records(again).journal.entries == found.entries
    leave_desk(again)


def test_what_is_changed_in_them_later_is_named_old_entries_too(older: Paths) -> None:
    leave_desk(sit(older))
    with closing(connect(older.records, KEY)) as raw:
        raw.execute("UPDATE pupil SET legal_forename = 'Robin' WHERE id = 2")

    office = sit(older)
    assert examine_records(office).journal.row == "pupil 2"
    leave_desk(office)
    with closing(connect(older.records, KEY)) as raw:
        raw.execute("UPDATE journal SET subject = 'nothing' WHERE id = 1")
    office = sit(older)
    assert examine_records(office).journal.broken_at == 1
    leave_desk(office)


def test_signed_records_of_an_earlier_schema_keep_their_signatures_and_are_sealed_in_its_tables(tmp_path: Path) -> None:
    """Made by release 0004, signed with the keys that stand beside them."""
    paths, data = find_paths(tmp_path / "data"), Path(__file__).parents[1] / "data"
    paths.data.mkdir()
    shutil.copy(data / "records-0004.cme", paths.records)
    shutil.copy(data / "keys-0004.json", paths.keys)

    office = sit(paths)
    found = examine_records(office)
    leave_desk(office)

    assert (found.journal.ok, found.journal.signed_from) == (True, 2)
    with closing(connect(paths.records, KEY)) as raw:
        assert raw.execute("SELECT words FROM pupil_event").fetchall() == [("written by release 0004",)]
        raw.execute("UPDATE pupil SET legal_forename = 'Robin' WHERE id = 2")
    again = sit(paths)
    assert examine_records(again).journal.row == "pupil 2"
    leave_desk(again)


def test_a_new_key_waits_for_the_older_recovery_key_to_be_replaced(older: Paths) -> None:
    office = sit(older)

    with pytest.raises(RefusedError, match="new key") as refused:
        change_key(office)
    assert "Print a new recovery key" in refused.value.remedy
    recovery_key = print_new_recovery_key(office)
    change_key(office)
    leave_desk(office)

    assert vault.unlock_with_recovery_key(older.keys, recovery_key) != KEY
    office = sit(older)
    assert examine_records(office).journal.ok
    leave_desk(office)


def test_a_changed_password_is_changed_at_once_and_brings_its_new_key_once_it_can_be_sealed_to_everybody(
    older: Paths,
) -> None:
    office = sit(older)
    change_own_password(office, old=PASSWORD, new="quite other words")
    assert fits(older.records, KEY), "the older recovery key has nothing to seal a new one to"

    print_new_recovery_key(office)

    assert not fits(older.records, KEY)
    leave_desk(office)
    office = open_office(older, user_id=ME, password="quite other words", now=now)
    assert examine_records(office).journal.ok
    leave_desk(office)
