"""A person's password opens the records; nobody else's does, and a printed key helps where it is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cme_desktop.domain.errors import BadInputError, CmeError, RefusedError
from cme_desktop.storage import vault
from cme_desktop.storage.key_file import KdfCost
from cme_desktop.storage.vault import NewVault, WrongPasswordError

CHEAP = KdfCost(memory_kib=64, passes=1, lanes=1)
PASSWORD = "three odd words"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


@pytest.fixture
def made(keys: Path) -> NewVault:
    return vault.create_vault(keys, user_id=1, name="Pat Mellor", password=PASSWORD, cost=CHEAP)


def test_the_right_password_gives_the_key_of_the_records(keys: Path, made: NewVault) -> None:
    assert vault.unlock(keys, user_id=1, password=PASSWORD) == made.key
    assert len(made.key) == 32


def test_the_same_password_typed_with_composed_letters_opens_too(keys: Path) -> None:
    made = vault.create_vault(keys, user_id=1, name="Pat", password="cafe\u0301 au lait", cost=CHEAP)

    assert vault.unlock(keys, user_id=1, password="caf\u00e9 au lait") == made.key


@pytest.mark.usefixtures("made")
def test_a_wrong_password_is_told_with_what_to_do(keys: Path) -> None:
    with pytest.raises(WrongPasswordError) as error:
        vault.unlock(keys, user_id=1, password="three odd wards")

    assert "recovery key" in error.value.remedy


def test_neither_password_nor_key_stands_in_the_file(keys: Path, made: NewVault) -> None:
    text = keys.read_text("utf-8")

    assert PASSWORD not in text
    assert made.key.hex() not in text
    assert made.recovery_key not in text


def test_the_usual_cost_of_a_guess_is_64_mebibytes_and_three_passes() -> None:
    assert KdfCost() == KdfCost(memory_kib=65536, passes=3, lanes=4)


def test_the_recovery_key_is_eight_groups_of_four_and_forgives_how_it_is_typed(keys: Path, made: NewVault) -> None:
    groups = made.recovery_key.split("-")

    assert [len(group) for group in groups] == [4] * 8
    assert vault.unlock_with_recovery_key(keys, " ".join(groups).lower()) == made.key


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("typed", ["", "ABCD", "AAAA-" * 8, "not a key at all"])
def test_a_wrong_recovery_key_is_told(keys: Path, typed: str) -> None:
    with pytest.raises(WrongPasswordError, match="recovery key"):
        vault.unlock_with_recovery_key(keys, typed)


def test_a_lost_password_is_replaced_with_the_recovery_key(keys: Path, made: NewVault) -> None:
    vault.reset_password(keys, user_id=1, recovery_key=made.recovery_key, new="quite other words")

    assert vault.unlock(keys, user_id=1, password="quite other words") == made.key
    with pytest.raises(WrongPasswordError):
        vault.unlock(keys, user_id=1, password=PASSWORD)


def test_each_person_has_a_slot_and_removing_one_leaves_the_other(keys: Path, made: NewVault) -> None:
    vault.add_slot(keys, key=made.key, user_id=2, name="Dr Teal", password="headteacher words", cost=CHEAP)

    vault.remove_slot(keys, user_id=1)

    assert vault.unlock(keys, user_id=2, password="headteacher words") == made.key
    with pytest.raises(WrongPasswordError, match="can't open"):
        vault.unlock(keys, user_id=1, password=PASSWORD)
    with pytest.raises(RefusedError, match="last person"):
        vault.remove_slot(keys, user_id=2)


def test_a_slot_can_not_be_passed_off_as_somebody_elses(keys: Path, made: NewVault) -> None:
    vault.add_slot(keys, key=made.key, user_id=2, name="Dr Teal", password="headteacher words", cost=CHEAP)
    document = json.loads(keys.read_text("utf-8"))
    people = [slot for slot in document["slots"] if slot["kind"] == "password"]
    people[0]["user"], people[1]["user"] = people[1]["user"], people[0]["user"]
    keys.write_text(json.dumps(document), "utf-8")

    with pytest.raises(WrongPasswordError):
        vault.unlock(keys, user_id=2, password=PASSWORD)


def test_a_new_password_waits_beside_the_old_one_until_it_is_settled(keys: Path, made: NewVault) -> None:
    new = vault.make_slot(keys, key=made.key, user_id=1, name="Pat Mellor", password="quite other words", cost=CHEAP)

    vault.put_beside(keys, new)

    assert vault.unlock(keys, user_id=1, password=PASSWORD) == made.key
    opened = vault.open_slot(keys, user_id=1, password="quite other words")
    assert (opened.key, opened.slot.waits, opened.is_settled) == (made.key, True, False)

    vault.settle(keys, stands=lambda slot: slot.mark == new.mark)

    assert vault.unlock(keys, user_id=1, password="quite other words") == made.key
    with pytest.raises(WrongPasswordError):
        vault.unlock(keys, user_id=1, password=PASSWORD)


def test_a_waiting_password_that_does_not_stand_is_taken_away(keys: Path, made: NewVault) -> None:
    new = vault.make_slot(keys, key=made.key, user_id=1, name="Pat Mellor", password="quite other words", cost=CHEAP)
    vault.put_beside(keys, new)

    vault.settle(keys, stands=lambda _: False)

    assert vault.open_slot(keys, user_id=1, password=PASSWORD).is_settled
    with pytest.raises(WrongPasswordError):
        vault.unlock(keys, user_id=1, password="quite other words")


def test_a_new_recovery_key_makes_the_old_print_worthless_once_it_is_settled(keys: Path, made: NewVault) -> None:
    slot, printed = vault.make_recovery_slot(keys, key=made.key, cost=CHEAP)
    vault.put_beside(keys, slot)
    assert vault.unlock_with_recovery_key(keys, made.recovery_key) == made.key

    vault.settle(keys, stands=lambda _: True)

    assert vault.unlock_with_recovery_key(keys, printed) == made.key
    with pytest.raises(WrongPasswordError):
        vault.unlock_with_recovery_key(keys, made.recovery_key)


def test_a_short_password_is_refused_before_anything_is_written(keys: Path) -> None:
    with pytest.raises(BadInputError, match="too short"):
        vault.create_vault(keys, user_id=1, name="Pat", password="short", cost=CHEAP)

    assert not keys.exists()


@pytest.mark.usefixtures("made")
def test_a_key_file_that_is_there_is_never_written_over(keys: Path) -> None:
    before = keys.read_bytes()

    with pytest.raises(RefusedError):
        vault.create_vault(keys, user_id=1, name="Pat", password=PASSWORD, cost=CHEAP)

    assert keys.read_bytes() == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": 1}', '{"format": 1, "database": "x", "slots": [{}]}'])
def test_a_damaged_key_file_is_told_in_words(keys: Path, text: str) -> None:
    keys.write_text(text)

    with pytest.raises(CmeError, match="key file can't be read"):
        vault.unlock(keys, user_id=1, password=PASSWORD)


def test_a_missing_or_newer_key_file_is_told_in_words(keys: Path) -> None:
    with pytest.raises(CmeError, match="not there"):
        vault.unlock(keys, user_id=1, password=PASSWORD)

    keys.write_text('{"format": 99, "database": "x", "slots": []}')
    with pytest.raises(CmeError, match="newer version"):
        vault.unlock(keys, user_id=1, password=PASSWORD)
