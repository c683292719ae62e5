"""Open the records with a password, and decide who else may."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from cme_desktop.casework.first_person import nobody_manages_people, refuse_role
from cme_desktop.casework.guessing import RECOVERY, note_right, slowed
from cme_desktop.casework.keeping.sweeping import finish_sweep
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.permissions import needs, open_to_all
from cme_desktop.casework.removing_people import ask_for_new_key, finish_removals
from cme_desktop.casework.second_factor import factor_of, parts_known_to
from cme_desktop.casework.second_step import PartKeys, note_passed, require_code
from cme_desktop.casework.signing_keys import make_signing_key
from cme_desktop.casework.sitting_down import key_setting, sit_down
from cme_desktop.casework.slot_changes import refuse_replaced, replace_slot, settle_slots, settling_slots
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.domain.rights import Right
from cme_desktop.paths import Paths
from cme_desktop.storage import vault
from cme_desktop.storage.database import Database, fits, load_libraries, open_database
from cme_desktop.storage.instance_lock import InstanceLock, take_lock
from cme_desktop.storage.journal import write_journal
from cme_desktop.storage.own_keys import with_new_opening
from cme_desktop.storage.school import load_school
from cme_desktop.storage.second_factors import save_factor
from cme_desktop.storage.settings import set_setting
from cme_desktop.storage.users import UserDetails, add_user
from cme_desktop.storage.users import list_users as load_users

__all__ = [
    "UserDetails", "add_person", "change_own_password", "is_password_right", "list_users", "open_office",
    "print_new_recovery_key", "reset_password", "try_recovery_key",
]  # fmt: skip


def get_ready() -> None:
    """Load what ``open_office`` needs while the password is typed; needs no key."""
    load_libraries()


def open_office(
    paths: Paths, *, user_id: UserId, password: str, now: Callable[[], datetime], alone: bool = True, code: str = ""
) -> Office:
    """Unlock the records and sit down at the desk; raise ``CmeError`` for a wrong password or records in use.

    ``alone`` refuses a second copy of the program; a command that only reads may look in beside an open window.
    ``code`` is from the phone or the printed sheet, for who switched that on: without it, ``CodeNeededError``.
    """

    def unlock(parts: PartKeys) -> vault.Unlocked:
        return vault.open_slot(paths.keys, user_id=user_id, password=password, part=parts)

    return open_with(unlock, paths, user_id=user_id, password=password, now=now, alone=alone, code=code)


def open_with(
    unlock: Callable[[PartKeys], vault.Unlocked],
    paths: Paths,
    *,
    user_id: UserId,
    now: Callable[[], datetime],
    alone: bool = True,
    code: str = "",
    password: str | None = None,
) -> Office:
    """Sit down at the desk with whatever ``unlock`` finds: a password's slot, or this computer's."""
    with ExitStack() as undo:
        lock = take_lock(paths.lock) if alone else None
        if lock is not None:
            undo.callback(lock.release)
        # A wrong code counts as a wrong password does; so the count begins anew only once both were right.
        with slowed(paths.tries, user_id=user_id, now=now()):
            parts = PartKeys(paths, code)
            unlocked = unlock(parts)
            database = _open_with_either_key(paths, unlocked, lock=lock)
            undo.callback(database.close)
            if not unlocked.is_settled:
                unlocked = _let_records_say(paths, database, unlocked, again=partial(unlock, parts) if alone else None)
            with database.reading() as db:
                user = _find_user(db, user_id)
                passed = require_code(db, unlocked, code=code, keys=parts, now=now())
        office = Office(database, now, SignedInUser(user.id, user.name, user.role), paths)
        if password is not None:
            unlocked = _bring_up_to_date(office, unlocked, password)
        sit_down(office, unlocked)
        note_passed(office, passed, parts)
        if alone:
            with suppress(CmeError):  # what a full disk forbids now is done at the next opening
                finish_removals(office)
            with suppress(CmeError):  # likewise
                finish_sweep(office)
        undo.pop_all()
    return office


def _open_with_either_key(paths: Paths, unlocked: vault.Unlocked, *, lock: InstanceLock | None) -> Database:
    """Open the records; where a change of their key was cut short, with whichever key is theirs now."""
    if unlocked.next_key is None:
        return open_database(paths.records, unlocked.key, lock=lock)
    is_new = fits(paths.records, unlocked.next_key)
    database = open_database(paths.records, unlocked.next_key if is_new else unlocked.key, lock=lock)
    if lock is not None:
        with suppress(CmeError):  # either opens until it can be written
            vault.settle_key(paths.keys, is_new=is_new)
    return database


def _let_records_say(
    paths: Paths, database: Database, unlocked: vault.Unlocked, *, again: Callable[[], vault.Unlocked] | None
) -> vault.Unlocked:
    """Settle by the journal which of a person's two slots stands; where it is the other, open that one ``again``."""
    try:
        refuse_replaced(paths, database, unlocked.slot)
    except vault.WrongPasswordError as replaced:
        if again is None:
            raise
        settle_slots(paths, database)
        try:
            return again()  # a slot may be replaced by one with the same password
        except vault.WrongPasswordError:
            raise replaced from None
    if again is not None:
        with suppress(CmeError):  # both open until it can be written
            settle_slots(paths, database)
    return unlocked


def _bring_up_to_date(office: Office, unlocked: vault.Unlocked, password: str) -> vault.Unlocked:
    """Give own keys to who has none yet, and drop a second factor that somebody else took off."""
    if unlocked.own is None:
        return vault.give_own_keys(office.paths.keys, unlocked, password=password)
    factor = unlocked.slot.factor
    is_off = factor is not None and factor.released and factor_of(office, office.user.id) is None
    if is_off and office.database.is_alone and unlocked.next_key is None and not unlocked.slot.waits:
        with suppress(CmeError):  # it opens as it is
            return vault.leave_factor_out(office.paths.keys, unlocked, password=password)
    return unlocked


@open_to_all
def is_password_right(office: Office, password: str) -> bool:
    """Whether this is the password of whoever sits at the desk: for a locked screen."""
    part = parts_known_to(office, office.user.id)
    try:
        opened = vault.open_slot(office.paths.keys, user_id=office.user.id, password=password, part=part)
    except (vault.WrongPasswordError, vault.PartMissingError):
        return False
    return opened.opens(office.database.key)


@open_to_all
def list_users(office: Office) -> tuple[UserDetails, ...]:
    """List everybody who works in these records, also those who left."""
    with office.database.reading() as db:
        return load_users(db)


@needs(Right.MANAGE_PEOPLE, unless=nobody_manages_people)
def add_person(office: Office, *, name: str, role: Role, password: str) -> Changes:
    """Let somebody else open the records, with a password and a signing key of their own."""
    refuse_role(office, role)
    vault.refuse_weak_password(password)
    with settling_slots(office), office.database.transaction() as db:
        certificate, key = make_signing_key(load_school(db), person=name, role=role)
        user_id = add_user(db, name=name, role=role, at=office.now(), certificate=certificate, key=key)
        slot = vault.make_slot(
            office.paths.keys, key=office.database.key, user_id=user_id, name=name, password=password
        )
        set_setting(db, key_setting(user_id), slot.verify.hex(), at=office.now(), by=office.user.id)
        write_journal(
            db, at=office.now(), by=office.user.id, act="person_added", subject=f"user {user_id}",
            details={"role": role.value, "slot": slot.mark, "key": slot.verify.hex()},
        )  # fmt: skip
        vault.put_beside(office.paths.keys, slot)
    return Changes.to(Area.SETTINGS)


@open_to_all
def change_own_password(office: Office, *, old: str, new: str) -> None:
    """Change the password of whoever sits at the desk; the old one must be right.

    Whoever may have the old one, and an old copy of the key file, is to open nothing that is kept from now on: so the
    person gets a new key to open with, and the records a new key, sealed to everybody.
    """
    vault.refuse_weak_password(new)
    keys, me = office.paths.keys, office.user
    part = parts_known_to(office, me.id)
    with slowed(office.paths.tries, user_id=me.id, now=office.now()):
        opened = vault.open_slot(keys, user_id=me.id, password=old, part=part)
    assert opened.own is not None, "who sits at the desk has own keys"
    own, stored = with_new_opening(opened.own), factor_of(office, me.id)
    slot = vault.make_slot(
        keys, key=office.database.key, user_id=me.id, name=me.name, password=new, own=own,
        factor=(opened.slot.factor, stored.key) if stored is not None and opened.slot.factor is not None else None,
    )  # fmt: skip

    def save(db: Session) -> None:
        if stored is not None and opened.own is not None:
            again = stored.sealed_anew(opened.own, to=own, user_id=me.id)
            save_factor(db, me.id, again, at=office.now(), by=me.id)
        ask_for_new_key(db, at=office.now(), by=me.id)

    replace_slot(office, slot, act="password_changed", subject=f"user {me.id}", beside=save)
    _give_new_key(office)


def reset_password(paths: Paths, *, user_id: UserId, recovery_key: str, new: str, now: datetime) -> None:
    """Give somebody a new password with the printed recovery key, before the records are open."""
    with slowed(paths.tries, user_id=RECOVERY, now=now):
        vault.reset_password(paths.keys, user_id=user_id, recovery_key=recovery_key, new=new)
    note_right(paths.tries, user_id=user_id)


@needs(Right.MANAGE_PEOPLE, unless=nobody_manages_people)
def print_new_recovery_key(office: Office) -> str:
    """Make a new recovery key; the old print opens nothing any more."""
    slot, recovery_key = vault.make_recovery_slot(office.paths.keys, key=office.database.key)

    def save(db: Session) -> None:
        ask_for_new_key(db, at=office.now(), by=office.user.id)

    replace_slot(office, slot, act="recovery_key_replaced", subject="school", beside=save, recovery=slot.verify.hex())
    _give_new_key(office)
    return recovery_key


def _give_new_key(office: Office) -> None:
    """Give the records the new key that was asked for; what can't be done now is done at the next opening."""
    with suppress(CmeError):
        finish_removals(office)


@open_to_all
def try_recovery_key(office: Office, typed: str) -> None:
    """Open the records with a printed recovery key, as a trial; raise ``WrongPasswordError`` where it does not."""
    with slowed(office.paths.tries, user_id=RECOVERY, now=office.now()):
        opened = vault.open_recovery_slot(office.paths.keys, typed)
    if not opened.opens(office.database.key):
        raise CmeError(
            "The recovery key opens other records than these.",
            remedy="Make a new recovery key: File, People and passwords.",
        )
    with office.database.transaction() as db:
        write_journal(db, at=office.now(), by=office.user.id, act="recovery_key_tried", subject="school", details={})


def _find_user(db: Session, user_id: UserId) -> UserDetails:
    found = next((user for user in load_users(db) if user.id == user_id), None)
    if found is not None and not found.active:
        raise RefusedError(
            "This person may no longer open the records.", remedy="Ask somebody who works here to add you again."
        )
    if found is None:
        raise CmeError(
            "This person is not in the records.",
            detail="The key file lets them in, but the records do not know them: the two may not belong together.",
            remedy="Let somebody else open the records, or bring back a backup, which holds both.",
        )
    return found
