"""Open the records with a password, and decide who else may."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime

from sqlalchemy.orm import Session

from cme_desktop.casework.guessing import RECOVERY, note_right, slowed
from cme_desktop.casework.office import Office, SignedInUser
from cme_desktop.casework.removing_people import finish_removals
from cme_desktop.casework.signing_keys import make_signing_key
from cme_desktop.casework.sitting_down import key_setting, sit_down
from cme_desktop.domain.cases import Role
from cme_desktop.domain.changes import Area, Changes
from cme_desktop.domain.errors import CmeError, RefusedError
from cme_desktop.domain.identifiers import UserId
from cme_desktop.paths import Paths
from cme_desktop.storage import vault
from cme_desktop.storage.database import Database, fits, load_libraries, open_database
from cme_desktop.storage.instance_lock import InstanceLock, take_lock
from cme_desktop.storage.journal import list_slot_marks, write_journal
from cme_desktop.storage.key_file import KeySlot, read_key_file
from cme_desktop.storage.school import load_school
from cme_desktop.storage.settings import set_setting
from cme_desktop.storage.users import UserDetails, add_user
from cme_desktop.storage.users import list_users as load_users

__all__ = [
    "UserDetails", "add_person", "change_own_password", "is_password_right", "list_users", "open_office",
    "print_new_recovery_key", "reset_password",
]  # fmt: skip


def get_ready() -> None:
    """Load what ``open_office`` needs while the password is typed; needs no key."""
    load_libraries()


def open_office(
    paths: Paths, *, user_id: UserId, password: str, now: Callable[[], datetime], alone: bool = True
) -> Office:
    """Unlock the records and sit down at the desk; raise ``CmeError`` for a wrong password or records in use.

    ``alone`` refuses a second copy of the program; a command that only reads may look in beside an open window.
    """
    with ExitStack() as undo:
        lock = take_lock(paths.lock) if alone else None
        if lock is not None:
            undo.callback(lock.release)
        with slowed(paths.tries, user_id=user_id, now=now()):
            unlocked = vault.open_slot(paths.keys, user_id=user_id, password=password)
        database = _open_with_either_key(paths, unlocked, lock=lock)
        undo.callback(database.close)
        if not unlocked.is_settled:
            _refuse_replaced(paths, database, unlocked.slot)
        if alone and not unlocked.is_settled:
            with suppress(CmeError):  # both open until it can be written
                _settle_slots(paths, database)
        with database.reading() as db:
            user = _find_user(db, user_id)
        office = Office(database, now, SignedInUser(user.id, user.name, user.role), paths)
        if unlocked.own is None:
            unlocked = vault.give_own_keys(paths.keys, unlocked, password=password)
        sit_down(office, unlocked)
        if alone:
            with suppress(CmeError):  # what a full disk forbids now is done at the next opening
                finish_removals(office)
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


def is_password_right(office: Office, password: str) -> bool:
    """Whether this is the password of whoever sits at the desk: for a locked screen."""
    try:
        return vault.unlock(office.paths.keys, user_id=office.user.id, password=password) == office.database.key
    except vault.WrongPasswordError:
        return False


def list_users(office: Office) -> tuple[UserDetails, ...]:
    """List everybody who works in these records, also those who left."""
    with office.database.reading() as db:
        return load_users(db)


def add_person(office: Office, *, name: str, role: Role, password: str) -> Changes:
    """Let somebody else open the records, with a password and a signing key of their own."""
    vault.refuse_weak_password(password)
    with _settling_slots(office), office.database.transaction() as db:
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


def change_own_password(office: Office, *, old: str, new: str) -> None:
    """Change the password of whoever sits at the desk; the old one must be right."""
    vault.refuse_weak_password(new)
    keys, me = office.paths.keys, office.user
    opened = vault.open_slot(keys, user_id=me.id, password=old)
    slot = vault.make_slot(keys, key=opened.key, user_id=me.id, name=me.name, password=new, own=opened.own)
    _replace_slot(office, slot, act="password_changed", subject=f"user {me.id}")


def reset_password(paths: Paths, *, user_id: UserId, recovery_key: str, new: str, now: datetime) -> None:
    """Give somebody a new password with the printed recovery key, before the records are open."""
    with slowed(paths.tries, user_id=RECOVERY, now=now):
        vault.reset_password(paths.keys, user_id=user_id, recovery_key=recovery_key, new=new)
    note_right(paths.tries, user_id=user_id)


def print_new_recovery_key(office: Office) -> str:
    """Make a new recovery key; the old print opens nothing any more."""
    slot, recovery_key = vault.make_recovery_slot(office.paths.keys, key=office.database.key)
    _replace_slot(office, slot, act="recovery_key_replaced", subject="school", recovery=slot.verify.hex())
    return recovery_key


def _replace_slot(office: Office, slot: KeySlot, *, act: str, subject: str, **details: str) -> None:
    with _settling_slots(office), office.database.transaction() as db:
        write_journal(
            db, at=office.now(), by=office.user.id, act=act, subject=subject, details={"slot": slot.mark, **details}
        )
        vault.put_beside(office.paths.keys, slot)


@contextmanager
def _settling_slots(office: Office) -> Iterator[None]:
    """Put a slot made within in its place where its entry was saved, and take it away where it was not.

    The slot waits on the disk before the entry is saved: the other way round, somebody whom the records name could
    not open them. And the one it replaces stays until after: a key is dead only once the new one is known to be there.
    """
    _settle_slots(office.paths, office.database)  # one that waits already would be lost in favour of the new one
    try:
        yield
    finally:
        # What can't be written now, on a full disk, is settled when the records are opened next; until then both open.
        with suppress(CmeError):
            _settle_slots(office.paths, office.database)


def _settle_slots(paths: Paths, database: Database) -> None:
    if read_key_file(paths.keys).waiting:
        vault.settle(paths.keys, stands=_standing_by(database))


def _refuse_replaced(paths: Paths, database: Database, slot: KeySlot) -> None:
    """Let the records say which of a person's two passwords it is, so that the answer is the same the next time."""
    standing = read_key_file(paths.keys).settled(_standing_by(database)).slot_of(slot.user_id)
    if standing is None or standing.mark != slot.mark:
        raise vault.WrongPasswordError(
            "The password is wrong.",
            detail="A change of it was cut short, and was not saved." if slot.waits else "It was changed.",
            remedy="Use the one from before." if slot.waits else "Use the new one.",
        )


def _standing_by(database: Database) -> Callable[[KeySlot], bool]:
    with database.reading() as db:
        saved = list_slot_marks(db)
    return lambda slot: slot.mark in saved


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
