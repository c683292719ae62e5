"""A computer may open the records for one person without the password, as long as they want it to and no longer."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backends.fail import Keyring as NoStore
from keyring.errors import KeyringError, KeyringLocked

from cme_desktop.casework.office import Office
from cme_desktop.casework.opening import add_person, change_own_password, open_office, reset_password
from cme_desktop.casework.people import list_people
from cme_desktop.casework.removing_people import remove_person
from cme_desktop.casework.second_factor import offer_phone, switch_on
from cme_desktop.casework.second_step import CodeNeededError
from cme_desktop.casework.state_of_records import examine_records
from cme_desktop.casework.this_computer import (
    forget_this_computer,
    let_this_computer_open,
    load_this_computer,
    open_office_here,
)
from cme_desktop.domain.cases import Role
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import Paths
from cme_desktop.storage import vault
from cme_desktop.storage.credential_store import NoStoreError
from cme_desktop.storage.key_file import read_key_file, write_key_file
from cme_desktop.storage.vault import WrongPasswordError
from tests.casework.test_opening import ME, PASSWORD, Power, PowerCut, template
from tests.casework.test_second_factor import NEW, Clock, Phone, acts, clock, elsewhere, office, paths, shared_paths
from tests.credential_store import MemoryStore, credential_store

__all__ = ["clock", "office", "paths", "shared_paths", "template"]  # fixtures


@pytest.fixture
def store() -> Iterator[MemoryStore]:
    with credential_store() as found:
        yield found


def opens_here(paths: Paths, clock: Clock, *, user_id: UserId = ME) -> bool:
    try:
        open_office_here(paths, user_id=user_id, now=clock).database.close()
    except WrongPasswordError:
        return False
    return True


@pytest.fixture
def kept(office: Office, store: MemoryStore) -> MemoryStore:
    """This computer opens the records for Pat, and the program is open."""
    let_this_computer_open(office, password=PASSWORD)
    return store


def test_nothing_is_kept_anywhere_until_somebody_asks_for_it(office: Office, paths: Paths, store: MemoryStore) -> None:
    assert not load_this_computer(office).opens
    assert not store.held
    assert [person.computers for person in list_people(paths)] == [()]


def test_a_computer_opens_without_the_password_and_the_journal_says_who_let_it(
    office: Office, paths: Paths, clock: Clock, kept: MemoryStore
) -> None:
    assert load_this_computer(office).opens
    office.database.close()

    opened = open_office_here(paths, user_id=ME, now=clock)

    assert opened.user.name == "Pat Mellor"
    assert "computer_opens" in acts(opened)
    assert examine_records(opened).ok
    opened.database.close()
    open_office(paths, user_id=ME, password=PASSWORD, now=clock).database.close()


def test_what_the_store_holds_is_neither_the_password_nor_a_key_of_the_records(
    office: Office, kept: MemoryStore
) -> None:
    (secret,) = kept.held.values()
    files = office.paths.keys.read_text("utf-8") + office.paths.this_pc.read_text("utf-8")

    assert PASSWORD not in secret
    assert secret not in files
    assert office.database.key.hex() not in secret + files


def test_only_the_right_password_lets_a_computer_open(office: Office, store: MemoryStore) -> None:
    with pytest.raises(WrongPasswordError):
        let_this_computer_open(office, password="not the password")

    assert not store.held
    assert not load_this_computer(office).opens


def test_the_secret_is_worth_nothing_with_the_files_of_another_school_or_person(
    office: Office, paths: Paths, clock: Clock, kept: MemoryStore
) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password="headteacher words")
    office.database.close()
    keys = read_key_file(paths.keys)
    theirs = keys.slot_of(2)
    assert theirs is not None
    forged = tuple(replace(one, user_id=2, beside=theirs.mark) for one in keys.devices)
    write_key_file(paths.keys, replace(keys, devices=forged))

    assert not opens_here(paths, clock, user_id=UserId(2))
    assert not opens_here(paths, clock)


# -- what makes it worthless ---------------------------------------------------------------------------------------


def test_a_changed_password_makes_it_worthless(office: Office, paths: Paths, clock: Clock, kept: MemoryStore) -> None:
    change_own_password(office, old=PASSWORD, new=NEW)
    office.database.close()

    assert kept.held
    assert not read_key_file(paths.keys).devices
    assert not opens_here(paths, clock)


def test_forgetting_it_makes_it_worthless_also_where_the_store_does_not_let_go(
    office: Office, paths: Paths, clock: Clock, kept: MemoryStore
) -> None:
    before = dict(kept.held)
    kept.refuses = KeyringLocked("locked")
    forget_this_computer(office)
    kept.refuses = None
    office.database.close()

    assert kept.held == before
    assert not opens_here(paths, clock)


def test_forgetting_it_takes_it_out_of_the_store_too(office: Office, kept: MemoryStore) -> None:
    forget_this_computer(office)

    assert not kept.held
    assert not load_this_computer(office).opens
    with pytest.raises(RefusedError):
        forget_this_computer(office)


def test_choosing_again_leaves_one_slot_and_one_secret(office: Office, kept: MemoryStore) -> None:
    let_this_computer_open(office, password=PASSWORD, after_lock=True)

    assert len(kept.held) == len(read_key_file(office.paths.keys).devices) == 1
    assert load_this_computer(office).after_lock


def test_a_person_who_is_removed_opens_nothing_and_who_stays_goes_on(
    office: Office, paths: Paths, clock: Clock, kept: MemoryStore
) -> None:
    add_person(office, name="Dr Ann Teal", role=Role.HEAD, password="headteacher words")
    office.database.close()
    head = open_office(paths, user_id=UserId(2), password="headteacher words", now=clock)
    let_this_computer_open(head, password="headteacher words")
    assert len(kept.held) == 2

    remove_person(head, ME)
    head.database.close()

    assert not opens_here(paths, clock)
    assert opens_here(paths, clock, user_id=UserId(2)), "the new key of the records is sealed to who stays"


def test_a_password_made_with_the_recovery_key_makes_it_worthless(
    office: Office, paths: Paths, clock: Clock, kept: MemoryStore, template: tuple[Path, str]
) -> None:
    office.database.close()
    reset_password(paths, user_id=ME, recovery_key=template[1], new=NEW, now=clock())

    assert not opens_here(paths, clock)


def test_on_another_computer_or_without_what_this_one_keeps_the_password_is_asked_for(
    office: Office, paths: Paths, clock: Clock, kept: MemoryStore, tmp_path: Path
) -> None:
    office.database.close()

    assert not opens_here(elsewhere(paths, tmp_path), clock)
    paths.this_pc.unlink()
    assert not opens_here(paths, clock)


def test_a_changed_slot_opens_nothing(office: Office, paths: Paths, clock: Clock, kept: MemoryStore) -> None:
    office.database.close()
    document = json.loads(paths.keys.read_text("utf-8"))
    document["devices"][0]["after_lock"] = True
    paths.keys.write_text(json.dumps(document), "utf-8")

    assert not opens_here(paths, clock)


def test_with_codes_on_the_code_is_still_asked_for(
    office: Office, paths: Paths, clock: Clock, store: MemoryStore
) -> None:
    offer = offer_phone(office)
    phone = Phone(offer, clock)
    switch_on(office, offer, password=PASSWORD, code=phone.code)
    let_this_computer_open(office, password=PASSWORD)
    office.database.close()
    clock.forward()

    with pytest.raises(CodeNeededError):
        open_office_here(paths, user_id=ME, now=clock)
    open_office_here(paths, user_id=ME, now=clock, code=phone.code).database.close()


# -- a store that is not there, locked, or refuses -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (KeyringLocked("user said no"), "locked"),
        (KeyringError("a fault"), "did not answer"),
        (RuntimeError("the bus is gone"), "did not answer"),
    ],
)
def test_a_store_that_refuses_is_told_in_a_sentence_and_changes_nothing(
    office: Office, paths: Paths, clock: Clock, kept: MemoryStore, answer: Exception, said: str
) -> None:
    forget_this_computer(office)
    kept.refuses = answer

    with pytest.raises(NoStoreError, match=said) as told:
        let_this_computer_open(office, password=PASSWORD)

    assert "password" in told.value.remedy
    assert not read_key_file(paths.keys).devices
    office.database.close()
    open_office(paths, user_id=ME, password=PASSWORD, now=clock).database.close()


def test_a_store_that_is_locked_later_leaves_the_password(
    office: Office, paths: Paths, clock: Clock, kept: MemoryStore
) -> None:
    office.database.close()
    kept.refuses = KeyringLocked("locked")

    with pytest.raises(NoStoreError):
        open_office_here(paths, user_id=ME, now=clock)
    open_office(paths, user_id=ME, password=PASSWORD, now=clock).database.close()


@pytest.mark.usefixtures("store")
def test_a_computer_without_a_store_says_so(office: Office) -> None:
    keyring.set_keyring(NoStore())  # type: ignore[no-untyped-call]  # the library's own

    with pytest.raises(NoStoreError, match="no place to keep a key") as told:
        let_this_computer_open(office, password=PASSWORD)

    assert told.value.remedy


def test_a_full_disk_leaves_nothing_behind_in_the_store(
    office: Office, store: MemoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CmeError, match="can't be"):
        let_this_computer_open(office, password=PASSWORD)

    assert not store.held
    assert not read_key_file(office.paths.keys).devices


@pytest.mark.parametrize("during", ["before", "after"])
@pytest.mark.parametrize("lasts", range(3))
def test_cut_short_anywhere_the_password_opens(
    office: Office, paths: Paths, clock: Clock, store: MemoryStore, monkeypatch: pytest.MonkeyPatch, lasts: int,
    during: str,
) -> None:  # fmt: skip
    with monkeypatch.context() as patched:
        Power(office, patched, lasts=lasts, during=during)
        with pytest.raises(PowerCut):
            let_this_computer_open(office, password=PASSWORD)
    office.database.close()

    again = open_office(paths, user_id=ME, password=PASSWORD, now=clock)
    assert examine_records(again).ok
    let_this_computer_open(again, password=PASSWORD)
    again.database.close()
    assert opens_here(paths, clock)


def test_the_library_is_loaded_on_first_use_only() -> None:
    from subprocess import run

    program = "import sys, cme_desktop.casework.this_computer; print('keyring' in sys.modules)"

    assert run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"


def test_the_key_of_the_records_is_never_wrapped_for_a_computer(office: Office, kept: MemoryStore) -> None:
    opened = vault.open_slot(office.paths.keys, user_id=ME, password=PASSWORD)
    (device,) = read_key_file(office.paths.keys).devices

    assert opened.own is not None
    assert len(device.wrapped) == len(opened.own.packed) + 16
